"""A set of two person tables and their truth, as written to a folder: left.parquet, right.parquet, truth.parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

PERSON = (
    "person_id", "family_id", "household_id", "role", "forename", "middle_names", "known_as", "surname", "former_surname",
    "birth_date", "sex", "address", "postcode", "uprn", "valid_from", "valid_to", "as_at", "n_dependants", "dependant_ages",
)  # fmt: skip
TRUTH = ("left_person_id", "right_person_id", "household_id")


@dataclass(frozen=True, slots=True)
class Made:
    """left and right: columns of PERSON, those that there are. truth: one row per left child and right record of it; empty where none.

    `who` in left and right says whose record a row is and never leaves `write`; `home` in right is the household it belongs to.
    """

    left: pd.DataFrame
    right: pd.DataFrame
    truth: pd.DataFrame
    says: str


def write(made: Made, folder: Path, seed: int) -> None:
    """Shuffle the rows of both tables and write them as text, nothing but the columns of a person table."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, table) in enumerate((("left", made.left), ("right", made.right), ("truth", made.truth))):
        known = [column for column in (TRUTH if name == "truth" else PERSON) if column in table.columns]
        shuffled = table[known].sample(frac=1.0, random_state=seed + number).reset_index(drop=True)
        as_text(shuffled).to_parquet(folder / f"{name}.parquet", index=False)
    (folder / "says.txt").write_text(made.says + "\n", encoding="utf-8")


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Every value as text; nothing said is empty."""
    plain = table.astype(object).where(table.notna(), None)
    return plain.map(lambda value: None if value is None or str(value).strip() == "" else str(value).strip())


def numbered(values: pd.Series, prefix: str, seed: int) -> pd.Series:
    """New ids in an order of their own, so that an id tells nothing about its record."""
    distinct = np.array(sorted(set(values.dropna())))
    drawn = np.random.default_rng(seed).permutation(len(distinct))
    return values.map(dict(zip(distinct, (f"{prefix}{number:06d}" for number in drawn), strict=True)))


def joined(table: pd.DataFrame, columns: list[str], between: str = " ") -> pd.Series:
    """Columns put into one line, leaving out what is empty."""
    parts = as_text(table[columns])
    return parts.apply(lambda row: between.join(part for part in row if part), axis=1)


def truth_of(
    children: pd.DataFrame,
    right: pd.DataFrame,
    home_of: pd.Series | None = None,
) -> pd.DataFrame:
    """What is so: for each child its record or records on the right, and its household there though it may not be listed.

    children: person_id, who. right: person_id, who, household_id. home_of: the right household of each `who` that has one.
    """
    listed = right[["who", "person_id", "household_id"]].rename(columns={"person_id": "right_person_id"})
    found = children[["person_id", "who"]].merge(listed.drop_duplicates(), on="who", how="left")
    if home_of is not None:
        found["household_id"] = found["household_id"].fillna(found["who"].map(home_of))
    return found.rename(columns={"person_id": "left_person_id"})[list(TRUTH)]

"""A child known by another surname, from the case system's table of aliases to the link."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

from hearthlink.engine import open_engine
from hearthlink.linkage import agreement, estimate, link
from hearthlink.sources import receive, source_files
from hearthlink.standardise import people
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import synthesise

WHO = Settings(
    children=150, households=330, months=1, error_scale=0.0, layouts=("cin", "identifiers", "shbe", "cts", "geography")
)
RENAMED = 12
Row = dict[str, str]


def change(path: Path, act: Callable[[list[Row]], list[Row]]) -> None:
    """The rows of a CSV, changed in place."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        held, names = list(reader), list(reader.fieldnames or ())
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(act(held))


def linked(extracts: Path) -> dict[str, tuple[str | None, float, float]]:
    """For each child the household that is likeliest, how likely that is, and how likely that it is the member named."""

    def quiet(_words: str, _share: float) -> None:
        return None

    with open_engine(threads=1) as engine:
        tables = receive(engine, source_files(extracts), year="2019-20", new_key=range)
        tables |= people(engine, tables)
        tables |= agreement(engine, tables, progress=quiet)
        tables["parameter"] = estimate(tables["agreement_pattern"])
        found = link(tables, draws=2, cut=0.5)["link"].to_pylist()
    return {row["child_id"]: (row["household_id"], row["p_household"], row["p_person"] or 0.0) for row in found}


def test_a_child_known_by_another_surname_links(tmp_path: Path) -> None:
    """Children renamed since they were claimed for link by their former surname, where it is held.

    Of them the case system holds no address, no adult and no day of birth. Without the former surname their links are in doubt.
    """
    synthesise(tmp_path, WHO)
    extracts, layout = tmp_path / "in", tmp_path / "in" / "identifiers"
    before = linked(extracts)
    sure = sorted(child for child, (_, _, listed) in before.items() if listed > 0.99)
    renamed = random.Random(1).sample(sure, RENAMED)
    persons: dict[str, Row] = {}

    def rename(rows: list[Row]) -> list[Row]:
        persons.update({row["person_id"]: dict(row) for row in rows if row["child_id"] in renamed})
        return [row | (other(row) if row["child_id"] in renamed else {}) for row in rows]

    def other(row: Row) -> Row:
        return {"surname": "QUZZYX", "dob": f"15{row['dob'][2:]}", "dob_estimated": "Y"}

    def without(rows: list[Row]) -> list[Row]:
        return [row for row in rows if row["person_id"] not in persons]

    change(layout / "child_person.csv", rename)
    for name in ("child_address.csv", "child_adult.csv"):
        change(layout / name, without)
    unknown = linked(extracts)

    def known(rows: list[Row]) -> list[Row]:
        return rows + [{"person_id": one, "forename": "", "surname": row["surname"]} for one, row in persons.items()]

    change(layout / "child_alias.csv", known)
    after = linked(extracts)
    assert all(after[child][0] == before[child][0] for child in renamed)
    doubts = [sum(1 - found[child][1] for child in renamed) for found in (unknown, after)]
    assert doubts[0] > 0.05 * RENAMED
    assert doubts[1] < 0.1 * doubts[0]

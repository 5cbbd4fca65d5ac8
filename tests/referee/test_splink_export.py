"""Our model given to Splink as a settings file: it opens in Splink 5 and 4.0.16, and they put every pair where we put it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from made_persons import compared, tables, town
from weighed_by_splink import OLDER, weighed

from hearthlink.engine import open_engine
from hearthlink.errors import WrongUse
from hearthlink.linkage import estimate
from hearthlink.linkage.comparisons import PERSON_FIELDS
from hearthlink.linkage.model import SAME_PERSON, UNRELATED, Model, from_table
from hearthlink.linkage.splink_export import exported
from hearthlink.linkage.splink_json import read, written
from hearthlink.linkage.splink_score import score

SAME = 1e-9


SAID = tuple(field for field in PERSON_FIELDS if field.of != "middle")
"""The fields that Splink has words for; further forenames are no column of `person`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A small authority compared by us, its model, and the model's settings file."""

    seen: Mapping[str, pa.Table]
    model: Model
    text: str

    @property
    def files(self) -> tuple[pa.Table, pa.Table]:
        """Children and dependants, as `person` has them."""
        person = self.seen["person"]
        left, right = (person.filter(pc.equal(person.column("role"), role)) for role in ("child", "dependant"))
        return left, right


@pytest.fixture(scope="module")
def given() -> Given:
    """A town with brothers and sisters, some former surnames and birth dates that are no dates."""
    made = town(5, families=200, households=240, share=0.6, error=0.15)
    rows = [dict(row) for row in made.records.persons]
    for place, row in enumerate(rows):
        if place % 17 == 0:
            row |= {"birth_date": None, "birth_text": f"SPRING 20{place % 10:02d}"}
        for every, column in ((23, "forename"), (29, "surname"), (19, "sex")):
            row[column] = None if place % every == 0 else row[column]
        if row["side"] == "child" and place % 7 == 0 and row["forename"] is not None:
            row["forename"] = f"{row['forename']}QXZ"
        if place % 13 == 0 and row["surname"] is not None:
            row |= {"surnames": f"{row['surname']} FORMER"}
    seen = compared(tables(replace(made.records, persons=rows)))
    model = from_table(estimate(seen["agreement_pattern"]))
    return Given(seen, model, written(exported(model).settings))


def levels_by_number(of: str) -> dict[int, int]:
    """Our number of a level, by Splink's."""
    field = next(field for field in PERSON_FIELDS if field.of == of)
    strongest_last = [number for number in range(len(field.levels)) if number != field.missing][::-1]
    return dict(enumerate(strongest_last)) | {-1: field.missing}


@pytest.mark.parametrize("older", [False, True], ids=["splink-5", "splink-4"])
def test_splink_puts_every_pair_in_our_level_and_gives_it_our_weight(given: Given, older: bool, tmp_path: Path) -> None:
    """Each pair that both form has the same level of every field, and weighs log2 of our m over our u in each."""
    if older and not OLDER.is_dir():
        pytest.skip(
            "Splink 4.0.16 is not laid beside the environment; `python3 dev.py test` does so, and needs a network once"
        )
    for side, table in zip(("left", "right"), given.files, strict=True):
        pq.write_table(table.drop_columns(["referral_date", "start_date", "end_date"]), tmp_path / f"{side}.parquet")
    (tmp_path / "ours.json").write_text(given.text, encoding="utf-8")
    weighed(tmp_path, older=older)
    theirs = {(r["person_no_l"], r["person_no_r"]): r for r in pq.read_table(tmp_path / "ours.parquet").to_pylist()}
    shared = [row for row in given.seen["candidate_pair"].to_pylist() if (row["child_no"], row["member_no"]) in theirs]
    assert len(shared) > 100
    for field in SAID:
        number = levels_by_number(field.of)
        m, u = (given.model.shares[of][field.of] for of in (SAME_PERSON, UNRELATED))
        for row in shared:
            their = theirs[row["child_no"], row["member_no"]]
            ours = row[f"{field.of}_level"]
            assert number[their[f"gamma_{field.of}"]] == ours, field.of
            weight = np.log2(their[f"bf_{field.of}"]) if older else their[f"mw_{field.of}"]
            assert weight == pytest.approx(np.log2(m[ours] / u[ours]), abs=SAME)


def test_we_read_our_own_file_and_weigh_by_it(given: Given) -> None:
    """The file is understood as it was meant, and every candidate pair of ours has its own levels by it."""
    settings = read(given.text).required("ours")
    assert settings == exported(given.model).settings
    left, right = given.files
    pair = given.seen["candidate_pair"]
    pair = pair.filter(pc.is_in(pair.column("member_no"), right.column("person_no").combine_chunks()))
    ids = pair.select(["child_no", "member_no"]).rename_columns(["person_no_l", "person_no_r"])
    with open_engine(threads=2) as engine:
        found = {(r["person_no_l"], r["person_no_r"]): r for r in score(engine, settings, left, right, ids).to_pylist()}
    assert len(found) == pair.num_rows
    reached = {field.of: set[int]() for field in SAID}
    for row in pair.to_pylist():
        for field in SAID:
            level = levels_by_number(field.of)[found[row["child_no"], row["member_no"]][f"gamma_{field.of}"]]
            assert level == row[f"{field.of}_level"], field.of
            reached[field.of].add(level)
    assert {of: len(levels) for of, levels in reached.items()} == {f.of: len(f.levels) for f in SAID}


def test_what_is_lost_is_named(given: Given) -> None:
    """Further forenames, address, carer and ages are left out by name and with what their loss means, and so is all that Splink cannot weigh."""
    export = exported(given.model)
    assert [comparison.of for comparison in export.settings.comparisons] == [field.of for field in SAID]
    where = [refusal.where for refusal in export.lost]
    assert [place.split(",")[0] for place in where[:4]] == ["middle", "address", "carer", "ages"]
    assert {"brothers and sisters", "the family", "in no household on file", "candidate pairs"} <= set(where)
    assert all(refusal.what and refusal.sentence.endswith(".") for refusal in export.lost)
    assert [c["output_column_name"] for c in json.loads(given.text)["comparisons"]] == [f.of for f in SAID]


def test_a_model_without_matches_is_not_written(given: Given) -> None:
    """Where no prior was learnt there is nothing for Splink to start from, and that is said."""
    with pytest.raises(WrongUse, match="no prior"):
        exported(replace(given.model, prior=np.array([0.0, 0.0, 1.0])))

"""Linking as at an earlier day: who is asked about, by which address, and what reviewers' answers say there; the links of the day stay as they are."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from hearthlink.engine import open_engine
from hearthlink.linkage import agreement, decided, estimate, link
from hearthlink.linkage.earlier import DAYS_BEFORE, as_at
from hearthlink.sources import receive, source_files
from hearthlink.standardise import people
from hearthlink.study.steps import STEPS
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import synthesise
from hearthlink.tables.identity import (  # fmt: skip
    CANDIDATE_POSTERIOR,
    CORRECTION,
    DECISION,
    LINK_DRAW,
    LINK_TABLE,
    LINKED_BEFORE,
    OVER_TIME,
    PERSON,
    PLACE,
)
from hearthlink.tables.spec import TableSpec

DAY = date(2019, 9, 10)
Row = Mapping[str, object]


def table(spec: TableSpec, *rows: Row) -> pa.Table:
    """Rows as a table of the specification; what a row leaves out is empty."""
    return pa.Table.from_pylist([{name: row.get(name) for name in spec.names} for row in rows], schema=spec.schema)


def then(
    *, person: tuple[Row, ...], place: tuple[Row, ...] = (), days: int = 365
) -> dict[str, list[dict[str, object]]]:
    """People and places as at so many days before."""
    made = as_at({"person": table(PERSON, *person), "place": table(PLACE, *place)}, days)
    return {name: rows.to_pylist() for name, rows in made.items()}


def child(number: int, born: date | None) -> Row:
    return {
        "person_no": number, "side": "child", "group_id": "F", "record_id": f"C{number}", "role": "child",
        "birth_date": born, "birth_date_weak": False, "referral_date": DAY,
    }  # fmt: skip


def home(start: date | None, end: date | None = None, *, owner: str = "C0", postcode: str = "AA11AA") -> Row:
    return {"side": "child", "owner_id": owner, "start_date": start, "end_date": end, "postcode": postcode, "communal": False}  # fmt: skip


def test_who_was_not_born_is_left_out_and_the_rest_are_numbered_anew() -> None:
    """A child born on the very day is asked about, one born after it is not, and one whose birth is not known is."""
    day = DAY - timedelta(365)
    member = {"person_no": 4, "side": "member", "group_id": "H", "record_id": "H|1", "role": "dependant", "birth_date": DAY, "birth_date_weak": False}  # fmt: skip
    rows = then(
        person=(child(0, day), child(1, day + timedelta(1)), child(2, None), child(3, date(2010, 1, 2)), member)
    )["person"]
    assert [row["record_id"] for row in rows] == ["C0", "C2", "C3", "H|1"]
    assert [row["person_no"] for row in rows] == [0, 1, 2, 3]
    assert [row["referral_date"] for row in rows] == [day, day, day, None]


PLACES: tuple[tuple[str, tuple[Row, ...], list[bool]], ...] = (
    ("one that held then stays", (home(date(2018, 1, 1)),), [False]),
    ("one without a start stays", (home(None),), [False]),
    ("one that begins within half a year after is of about the day", (home(date(2019, 3, 12)),), [False]),
    ("the referral's address stands in where there is none before", (home(date(2019, 6, 1)),), [True]),
    ("the first of several stands in", (home(date(2019, 8, 1)), home(date(2019, 6, 1), date(2019, 8, 1))), [False, True]),
    ("none stands in beside one that held then", (home(date(2018, 1, 1), date(2019, 6, 1)), home(date(2019, 6, 1))), [False, False]),
    ("one that had ended long before stands in for nothing", (home(date(2012, 1, 1), date(2013, 1, 1)), home(date(2019, 6, 1))), [False, True]),
    ("another child's address is its own", (home(date(2019, 6, 1), owner="C1"), home(date(2018, 1, 1))), [True, False]),
    ("a household's stays", ({**home(date(2019, 6, 1), owner="C0"), "side": "member"},), [False]),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "opened"), [(rows, opened) for _, rows, opened in PLACES], ids=[one[0] for one in PLACES])  # fmt: skip
def test_the_address_nearest_in_time_is_what_there_is(rows: tuple[Row, ...], opened: list[bool]) -> None:
    """A child that has no address of about the earlier day keeps the first one known, without its start."""
    made = then(person=(child(0, None), child(1, None)), place=rows)["place"]
    assert [row["start_date"] is None and given["start_date"] is not None for row, given in zip(made, rows, strict=True)] == opened  # fmt: skip
    assert [row["postcode"] for row in made] == [given["postcode"] for given in rows]


# --- what people said of a link -----------------------------------------------------------------------------------


def linked() -> dict[str, pa.Table]:
    """A child with two candidates, as likely as being in none."""
    ranks = [n % 3 for n in range(60)]
    return {
        "candidate_posterior": table(CANDIDATE_POSTERIOR, *(
            {"child_id": "C0", "rank": n, "household_id": home, "probability": 1 / 3, "p_member": 0.0}
            for n, home in enumerate((None, "H1", "H2"))
        )),
        "link": table(LINK_TABLE, {"child_id": "C0", "family_id": "F", "outcome": "unlisted", "household_id": "H1", "p_household": 1 / 3, "p_person": 0.0, "p_none": 1 / 3}),
        "link_draw": table(LINK_DRAW, {"child_id": "C0", "ranks": ranks}),
    }  # fmt: skip


def answered(home: str | None, answer: str) -> pa.Table:
    return table(DECISION, {"entry": 1, "child_id": "C0", "household_id": home, "answer": answer, "reviewer": "A", "day": DAY, "chain": ""})  # fmt: skip


def corrected(*said: tuple[str | None, str]) -> pa.Table:
    rows = [
        {"entry": n, "child_id": "C0", "household_id": home, "says": says, "reason": "", "corrected_by": "A", "day": DAY, "chain": ""}
        for n, (home, says) in enumerate(said, 1)
    ]  # fmt: skip
    return table(CORRECTION, *rows)


SAID: tuple[tuple[str, pa.Table, pa.Table, list[float]], ...] = (
    ("match", answered("H2", "match"), corrected(), [0, 1]),
    ("no match", answered("H2", "no_match"), corrected(), [0.5, 0.5]),
    ("match with one not on file then", answered("H9", "match"), corrected(), [1 / 3, 1 / 3, 1 / 3]),
    ("in none on the day of referral", answered(None, "match"), corrected(), [1 / 3, 1 / 3, 1 / 3]),
    ("put right", answered("H1", "match"), corrected(("H2", "household")), [0, 1]),
    ("put right to one not on file then", answered("H2", "match"), corrected(("H2", "household"), ("H9", "household")), [1 / 3, 1 / 3, 1 / 3]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "correction", "expected"), [one[1:] for one in SAID], ids=[one[0] for one in SAID]
)
def test_what_was_said_of_a_pair_holds_on_every_day_it_is_a_candidate(
    decision: pa.Table, correction: pa.Table, expected: list[float]
) -> None:
    """A household that a reviewer named counts where it was on file on the earlier day, and is not made a candidate where it was not."""
    made = decided(linked(), decision, correction, cut=0.5, of_candidates=True)
    assert made["candidate_posterior"].column("probability").to_pylist() == pytest.approx(expected, abs=1e-8)


# --- the links of the day -----------------------------------------------------------------------------------------


OF_THE_DAY = ("standardise", "compare", "estimate", "link", "search", "evaluate")


@pytest.mark.parametrize("step", [step for step in STEPS if step.name in OF_THE_DAY], ids=lambda step: step.name)
def test_no_step_of_the_day_reads_what_other_times_tell(step: object) -> None:
    """What links, and judges links, as at the day of referral has no leave to read the tables of the whole time or of earlier days."""
    reads = {spec.name for one in STEPS if one is step for spec in (*one.reads, *one.may_read)}
    assert reads
    assert not reads & {spec.name for spec in (*OVER_TIME, *LINKED_BEFORE)}


def test_history_leaves_the_links_of_the_day_byte_for_byte(tmp_path: Path) -> None:
    """With the files of the year and the month before alone, and with 36 months, the same links, chances and draws are found."""
    synthesise(
        tmp_path, Settings(children=60, households=150, months=36, layouts=("cin", "identifiers", "shbe", "geography"))
    )
    with_history = _linked(tmp_path / "in")
    year = re.compile(r"2019(0[3-9]|1[0-2])|20200[1-3]")
    for path in (tmp_path / "in" / "shbe").iterdir():
        if not year.search(path.name):
            path.unlink()
    alone = _linked(tmp_path / "in")
    assert with_history["household_member_over_time"].num_rows > alone["household_member_over_time"].num_rows
    for name in ("person", "candidate_pair", "parameter", "candidate_posterior", "link", "link_draw"):
        assert with_history[name].equals(alone[name]), name


def _linked(folder: Path) -> dict[str, pa.Table]:
    with open_engine() as engine:
        tables = dict(receive(engine, source_files(folder), year="2019-20", new_key=lambda n: random.Random(n).sample(range(2**53), n)))  # fmt: skip
        tables |= people(engine, tables)
        tables |= agreement(engine, tables, progress=lambda _words, _share: None)
    tables["parameter"] = estimate(tables["agreement_pattern"])
    return tables | link(tables, draws=20, cut=0.5)


def test_the_days_are_the_first_of_the_windows_that_are_asked_about() -> None:
    """A child referred on the first day of the year is looked at, 24 months before, on the first day of which files tell."""
    assert date(2019, 4, 1) - timedelta(DAYS_BEFORE[24]) == date(2017, 4, 1)
    assert DAYS_BEFORE[12] == 365

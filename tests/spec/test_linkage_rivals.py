"""Children of different families who could be one person on file: who is given it, and when both are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pytest
from made_persons import BORN, Records, Row, child, claimant, linked, lives, member, tables, town

from hearthlink.linkage.rivals import same_children

LATER = date(2012, 3, 9)


def alone(child_id: str, forename: str | None, surname: str, /, **more: object) -> Row:
    """A child whose family nobody knows: a family of its own."""
    return child(child_id, f"F{child_id}", forename, surname, **more)


def links(*extra: Records) -> dict[str, Row]:
    background = town(5, families=60, households=200).records
    made = linked(tables(sum(extra, background)), draws=5)
    return {str(row["child_id"]): row for row in made["link"].to_pylist()}


def home(*people: Row) -> Records:
    """A household of one surname at one address, where the children live too."""
    at = [lives(str(row["record_id"]), "901", "ZZ1 1ZZ") for row in people if row["side"] == "child"]
    return Records([claimant("HZ", "ODRUN", "KELVAN"), *people], [lives("HZ", "901", "ZZ1 1ZZ"), *at])


def test_one_person_on_file_is_one_child() -> None:
    """Of two brothers in families of their own, the one who is listed is given the member; the other lives there unlisted."""
    found = links(
        home(
            member("HZ", 1, "RUBEN", "KELVAN"),
            alone("CZ1", "RUBEN", "KELVAN"),
            alone("CZ2", None, "KELVAN", birth_date=LATER),
        )
    )
    assert (found["CZ1"]["household_id"], found["CZ1"]["member_id"]) == ("HZ", "HZ|1")
    assert found["CZ2"]["member_id"] is None


def test_the_claim_of_another_child_weakens_ones_own() -> None:
    """A child with no forename is the only listed member less surely where another child on file plainly is that member."""
    people = [member("HZ", 1, "RUBEN", "KELVAN"), alone("CZ2", None, "KELVAN", birth_date=None)]
    before = links(home(*people))["CZ2"]
    after = links(home(*people, alone("CZ1", "RUBEN", "KELVAN")))["CZ2"]
    assert before["member_id"] == "HZ|1"
    assert after["member_id"] is None


def test_one_child_in_two_rows_is_found_twice() -> None:
    """Two rows that agree as one child would are both given the member that they are."""
    found = links(
        home(
            member("HZ", 1, "RUBEN", "KELVAN"),
            alone("CZ1", "RUBEN", "KELVAN"),
            alone("CZ2", "RUBEN", "KELVAN"),
        )
    )
    assert {found[name]["member_id"] for name in ("CZ1", "CZ2")} == {"HZ|1"}


CASES: tuple[tuple[str, Mapping[str, object], Mapping[str, object], bool], ...] = (
    ("the same in all", {}, {}, True),
    ("a letter wrong in the forename", {}, {"forename": "RUBEM"}, True),
    ("a digit wrong in the birth date", {}, {"birth_date": date(2010, 6, 15)}, True),
    ("twins", {}, {"forename": "MILOU"}, False),
    ("a brother named alike", {}, {"birth_date": LATER}, False),
    ("no birth date, same surname", {"birth_date": None}, {}, True),
    ("no birth date, another surname", {"birth_date": None}, {"surname": "VEXHOL"}, False),
    ("no forename", {"forename": None}, {}, False),
    ("neither has a forename", {"forename": None}, {"forename": None}, True),
    ("neither has a forename, another birth date", {"forename": None}, {"forename": None, "birth_date": LATER}, False),
)


@pytest.mark.parametrize(("says", "one", "other", "same"), CASES, ids=[case[0] for case in CASES])
def test_when_two_rows_are_one_child(
    says: str, one: Mapping[str, object], other: Mapping[str, object], same: bool
) -> None:
    """Forenames alike and birth dates the same or nearly, or the same surname where a birth date is missing."""
    row: Row = {"forename": "RUBEN", "surname": "KELVAN", "birth_date": BORN}
    strangers = [{"forename": name, "surname": name, "birth_date": LATER} for name in ("AAA", "BBB", "CCC", "DDD")]
    table = pa.Table.from_pylist([row | dict(one), row | dict(other), *strangers])
    found = same_children(table, [[0, 1], [2, 3, 4, 5]])
    assert found == ({1: 0} if same else {}), says


def test_a_file_that_holds_children_several_times_has_no_rivals() -> None:
    """Where most who claim a member together are plainly one child, none of them is a rival."""
    row: Row = {"forename": "RUBEN", "surname": "KELVAN", "birth_date": BORN}
    table = pa.Table.from_pylist([row] * 6)
    assert same_children(table, [[0, 1, 2, 3], [4, 5]]) is None

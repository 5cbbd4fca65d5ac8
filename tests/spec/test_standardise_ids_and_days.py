"""Ids that stand for too many or too few, dates that never meet, and property numbers: what is passed over, and that it is said."""

from __future__ import annotations

import pytest
from made_match import NAMES, table

from hearthlink.standardise import prepared

Row = dict[str, str]
ONE = {"person_id": "1"}


def made(left: list[Row], right: list[Row]) -> dict[str, list[dict[str, object]]]:
    """The comparable tables of some rows, as rows."""
    return {name: t.to_pylist() for name, t in prepared(table(left), table(right)).tables.items()}


def picked(rows: list[dict[str, object]], *columns: str, **where: object) -> list[tuple[object, ...]]:
    return [tuple(row[c] for c in columns) for row in rows if all(row[k] == v for k, v in where.items())]


IDS = [
    ("household_id", "member", 70, True, {"a:"}), ("household_id", "member", 70, False, {"h:"}), ("household_id", "member", 50, True, {"h:"}),
    ("family_id", "child", 70, True, {"a:"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "side", "people", "apart", "kinds"), IDS)
def test_an_id_of_too_many_is_no_household(name: str, side: str, people: int, apart: bool, kinds: set[str]) -> None:
    """An id that more than sixty people at many addresses share is a filler, and it is said; at one address it is a home of many."""
    rows = [
        {"person_id": str(n), name: "0", "surname": NAMES[n // 2], "forename": NAMES[n], "postcode": "LS1 1AB",
         "address": f"{n // 2 + 1 if apart else 1} Elm Road"}
        for n in range(people)
    ]  # fmt: skip
    done = prepared(*(table(rows if which == side else [ONE]) for which in ("child", "member")))
    groups = [group for (group,) in picked(done.tables["person"].to_pylist(), "group_id", side=side)]
    assert {str(group)[:2] for group in groups} == kinds
    assert any(sentence.startswith(f"{name} on the") for sentence in done.said) is (kinds == {"a:"})


def test_family_ids_of_one_person_each_tell_no_families() -> None:
    """Where no two people share a family_id, the address and surname make families, and it is said."""
    rows = [
        {"person_id": str(n), "family_id": f"F{n}", "surname": NAMES[n // 2], "forename": NAMES[n], "address": f"{n // 2 + 1} Elm Road", "postcode": "LS1 1AB"}
        for n in range(40)
    ]  # fmt: skip
    alone = prepared(table(rows), table([ONE]))
    assert len(set(picked(alone.tables["person"].to_pylist(), "group_id", side="child"))) == 20
    assert "family_id on the left: each of one person, so address and surname tell families" in alone.said
    rows[1]["family_id"] = "F0"
    assert len(set(picked(made(rows, [ONE])["person"], "group_id", side="child"))) == 39


def test_family_ids_that_changed_still_tell_families() -> None:
    """Where people have more ids than there are people, each of several of them, the ids are families as given."""
    rows = [
        {"person_id": str(n), "family_id": f"F{n // 2}-{time}", "surname": NAMES[n], "forename": NAMES[n]}
        for n in range(40)
        for time in range(3)
    ]
    done = prepared(table(rows), table([ONE]))
    assert not any("family_id" in sentence for sentence in done.said)
    assert len(set(picked(done.tables["person"].to_pylist(), "group_id", side="child"))) == 20


AWAY = [
    (0, 40, "2025-06-30", True, ""), (20, 40, "2025-06-30", True, "50%"), (40, 40, "2025-06-30", False, "100%"), (40, 40, "2025-03-10", True, ""),
    (40, 40, "2025-01-01", False, "100%"), (6, 6, "2025-06-30", True, "100%"),
]  # fmt: skip


@pytest.mark.parametrize(("many", "homes", "day", "kept", "said"), AWAY)
def test_dates_on_which_nobody_is_linked_are_passed_over(
    many: int, homes: int, day: str, kept: bool, said: str
) -> None:
    """Households on file on no day of linking are told; where nearly all are such, in a file of some size, their dates decide nothing."""
    right = [
        {"person_id": str(n), "household_id": str(n), "valid_from": "2025-03-01", "valid_to": "2025-03-31" if n < many else "2025-12-31"}
        for n in range(homes)
    ]  # fmt: skip
    done = prepared(table([ONE | {"as_at": day}]), table(right))
    starts = picked(done.tables["person"].to_pylist(), "start_date", side="member")
    assert all(start is not None for (start,) in starts) is kept
    words = [sentence for sentence in done.said if sentence.startswith("dates on the right")]
    assert [said in sentence for sentence in words] == ([True] if said else [])


PROPERTIES = ["12", "0012", "12.0", "UPRN 12", "uprn:12", "'12", '"12"']


@pytest.mark.parametrize("written", PROPERTIES)
def test_a_property_number_is_known_however_it_is_written(written: str) -> None:
    """Noughts before it, a point and nought, its name, an apostrophe or quotation marks change nothing."""
    assert picked(made([ONE | {"uprn": written}], [ONE])["place"], "uprn") == [("12",)]


@pytest.mark.parametrize(("written", "read"), [("100,023,336", "100023336"), ("1.00023E+11", None), ("A-12", "A12")])
def test_a_property_number_that_was_rounded_is_none(written: str, read: str | None) -> None:
    """Commas between thousands fall away; a number whose figures a spreadsheet took away is none; a code is compared as it is."""
    assert picked(made([ONE | {"uprn": written}], [ONE])["place"], "uprn") == ([(read,)] if read else [])

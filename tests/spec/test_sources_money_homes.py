"""Homes by number: what is a move, what is only another way to write an address, and that no address is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_money import Row, households, read, rows_of

CASES: tuple[tuple[str, tuple[Row, ...], list[tuple[int, str | None, str | None, bool]]], ...] = (
    ("a move", (("H1", "2018-01-01", "2019-04-30", "1 A STREET", "ZZ1 1AA", None), ("H1", "2019-05-01", None, "9 B ROAD", "ZZ2 2BB", None)),
     [(1, "2018-01-01", "2019-04-30", False), (2, "2019-05-01", None, False)]),
    ("a return", (("H1", "2018-01-01", "2018-05-31", "1 A STREET", "ZZ1 1AA", None), ("H1", "2018-06-01", "2018-12-31", "9 B ROAD", "ZZ2 2BB", None), ("H1", "2019-01-01", None, "1 A STREET", "ZZ1 1AA", None)),
     [(1, "2018-01-01", "2018-05-31", False), (1, "2019-01-01", None, False), (2, "2018-06-01", "2018-12-31", False)]),
    ("another spelling", (("H1", "2018-01-01", "2019-04-30", "FLAT 2, 10 A STREET", "ZZ1 1AA", None), ("H1", "2019-05-01", None, "10 A St. (flat 2)", "zz11aa", None)),
     [(1, "2018-01-01", None, False)]),
    ("one property under two numbers", (("H1", "2018-01-01", "2019-04-30", "ROSE COTTAGE", "ZZ1 1AA", "77"), ("H1", "2019-05-01", "2019-12-31", "4 LANE", "ZZ1 1AA", "077"), ("H1", "2020-01-01", None, "4 LANE", "ZZ1 1AA", None)),
     [(1, "2018-01-01", None, False)]),
    ("next door, or corrected", (("H1", "2018-01-01", "2019-04-30", "1 A STREET", "ZZ1 1AA", None), ("H1", "2019-05-01", None, "11 A STREET", "ZZ1 1AA", None)),
     [(1, "2018-01-01", "2019-04-30", False), (2, "2019-05-01", None, True)]),
    ("two extracts that say the same at once", (("H1", "2018-01-01", "2019-04-30", "1 A STREET", "ZZ1 1AA", "5"), ("H1", "2019-01-01", None, "1 A STREET", "ZZ1 1AA", None)),
     [(1, "2018-01-01", None, False)]),
    ("a gap in one home", (("H1", "2018-01-01", "2018-12-31", "1 A STREET", "ZZ1 1AA", None), ("H1", "2019-06-01", None, "1 A STREET", "ZZ1 1AA", None)),
     [(1, "2018-01-01", "2018-12-31", False), (1, "2019-06-01", None, False)]),
    ("a property number alone", (("H1", None, None, None, None, "77"),), [(1, None, None, False)]),
    ("no address at all", (("H1", "2018-01-01", None, None, None, None),), []),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "stays"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_home_is_told_by_its_property_or_its_door(
    tmp_path: Path, rows: tuple[Row, ...], stays: list[tuple[int, str | None, str | None, bool]]
) -> None:
    """Homes are numbered in order, the same home has the same number, and nothing of where it is comes through."""
    for turn in (rows, rows[::-1]):
        money = read(tmp_path, {}, households=households(residence=turn))
        made = rows_of(money, "household_home")
        assert [(r["home_no"], r.get("start_date"), r.get("end_date"), r["same_postcode"]) for r in made] == stays
        assert money.tables["household_home"].column_names == [
            "household_key",
            "home_no",
            "start_date",
            "end_date",
            "same_postcode",
        ]

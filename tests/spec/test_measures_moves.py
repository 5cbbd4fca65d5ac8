"""Moves: each trap by its name, and a plain version beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from hearthlink.measures import moves
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.months import grid_of

BEGAN = date(2018, 1, 1)


def home(number: int, start: date | None, end: date | None = None, **facts: object) -> Row:
    return {"home_no": number, "start_date": start, "end_date": end, "same_postcode": False, **facts}


def moved(*homes: Row, **more: tuple[Row, ...]) -> list[date]:
    """The days of all moves."""
    return [day for _, day in moved_of(homes, more)]


def moved_of(homes: tuple[Row, ...], more: Mapping[str, tuple[Row, ...]]) -> list[tuple[int, date]]:
    keys = sorted({key for row in homes if isinstance(key := row.get("household_key", 1), int)})
    awards = tuple({"household_key": k, "benefit": "hb", "start_date": BEGAN, "status": "in_payment"} for k in keys)
    tables = example_tables({"award": awards, "household_home": homes, **more})
    rows = moves.events(grid_of(tables, YEAR_START), tables).to_pylist()
    assert {row["kind"] for row in rows} <= {"move"}
    return [(row["household_key"], row["day"]) for row in rows]


MAY, JUNE, SEPTEMBER = date(2019, 5, 20), date(2019, 6, 24), date(2019, 9, 16)


def test_the_first_home_is_no_move() -> None:
    """Who is first seen in a home did not move there that day."""
    assert moved(home(1, MAY)) == []


def test_another_home_is_a_move_on_its_first_day() -> None:
    """The day is the first on which the new home is stated or shown."""
    assert moved(home(1, BEGAN, MAY - timedelta(days=1)), home(2, MAY)) == [MAY]


def test_a_corrected_address_is_no_move() -> None:
    """A home of the same postcode as the one before it is that one, written otherwise; and so is the way back to it."""
    assert moved(home(1, BEGAN, MAY), home(2, MAY, same_postcode=True)) == []
    first, again = home(1, BEGAN, MAY), home(1, SEPTEMBER)
    assert moved(first, home(2, MAY, SEPTEMBER, same_postcode=True), again) == []


def test_a_return_is_a_move() -> None:
    """Out in May and back in September are two moves."""
    assert moved(home(1, BEGAN, MAY), home(2, MAY, SEPTEMBER), home(1, SEPTEMBER)) == [MAY, SEPTEMBER]


def test_two_files_that_hear_of_a_move_on_different_days_tell_of_one() -> None:
    """The old home goes on in one file for weeks after the new one is in the other: one move, on the earlier day."""
    assert moved(home(1, BEGAN, MAY + timedelta(days=70)), home(2, MAY)) == [MAY]


def test_a_short_stay_within_another_is_a_mistake_of_one_file() -> None:
    """A month at another address, while the longer stay goes on, is none; half a year is a move."""
    assert moved(home(1, BEGAN), home(2, MAY, JUNE)) == []
    assert moved(home(1, BEGAN), home(2, MAY, MAY + timedelta(days=180))) == [MAY]


def test_a_home_of_unknown_beginning_is_no_move() -> None:
    """Without a day there is no event, but the next home has one."""
    assert moved(home(1, None, MAY), home(2, JUNE)) == [JUNE]


def test_a_claim_that_goes_on_under_another_reference_does_not_move() -> None:
    """Its homes are numbered anew, so that the first of them is no move; the moves of both belong to the chain."""
    followed: Row = {"household_key": 2, "follows_key": 1, "first_key": 1, "rule": "claimant"}
    homes = (
        home(1, BEGAN, MAY),
        home(2, MAY, JUNE),
        home(1, JUNE, household_key=2),
        home(2, SEPTEMBER, household_key=2),
    )
    assert moved_of(homes, {"household_followed": (followed,)}) == [(1, MAY), (1, SEPTEMBER)]


def test_moves_agree_with_a_plain_version_in_any_order_of_rows() -> None:
    """On random stays that follow on each other, a move is where the number changes, whatever the order of the rows."""
    random = Random(11)
    rows: list[Row] = []
    expected: list[tuple[int, date]] = []
    for key in range(1, 301):
        start, before = BEGAN, 0
        for _ in range(random.randrange(1, 6)):
            end = start + timedelta(days=random.randrange(20, 300))
            number = random.randrange(1, 4)
            if before and number != before:
                expected.append((key, start))
            rows.append(home(number, start, end, household_key=key))
            start, before = end + timedelta(days=1), number
    random.shuffle(rows)
    assert moved_of(tuple(rows), {}) == expected
    assert len(expected) > 300

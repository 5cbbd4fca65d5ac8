"""The calendar and the grid of months: which days are everybody's, which months are seen, and a plain reading of dated rows."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthlink.measures.calendar import POLICY_DATES, in_uprating, month_calendar, uprating_days
from hearthlink.measures.chains import spells_of
from hearthlink.measures.example import YEAR_START, example_tables
from hearthlink.measures.examples_money import BEGAN, award
from hearthlink.measures.months import Grid, at_month_ends, governing, grid_of, summed_at_month_ends
from hearthlink.tables.measures import MONTH_CALENDAR

EPOCH = date(1970, 1, 1)


def grid(*households: int) -> Grid:
    """A grid of some households, each with one claim."""
    rows = tuple({**award(BEGAN), "household_key": key} for key in households or (1,))
    return grid_of(example_tables({"award": rows}), YEAR_START)


def flagged(name: str) -> list[int]:
    """The months in which a column of the calendar is true."""
    return [row["month"] for row in month_calendar(grid()).to_pylist() if row[name]]


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("uprated", [1, 13, 25, 37]),
        ("uplifted", [37]),
        ("allowance_reset", [37]),
        ("evictions_stayed", list(range(36, 49))),
    ],
)
def test_the_calendar_flags_what_befell_everybody(name: str, months: list[int]) -> None:
    """Every April is uprated; April 2020 brought the rise of Universal Credit and new allowances; evictions were stayed from March 2020."""
    assert flagged(name) == months


def test_five_mondays_are_counted_by_the_days_themselves() -> None:
    """A month of five weekly payments is one with five Mondays, so that a year of 53 weeks is nobody's event."""
    told = {row["month"]: row["five_mondays"] for row in month_calendar(grid()).to_pylist()}
    for month in range(1, 49):
        first = date(2017 + (month + 2) // 12, (month + 2) % 12 + 1, 1)
        mondays = sum(
            (first + timedelta(n)).weekday() == 0 and (first + timedelta(n)).month == first.month for n in range(31)
        )
        assert told[month] == (mondays == 5)


def test_seasons_and_years_go_by_the_financial_year() -> None:
    """Season 1 is April to June of each year."""
    rows = month_calendar(grid()).to_pylist()
    assert [row["season"] for row in rows[:12]] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert [row["year_no"] for row in rows[::12]] == [1, 2, 3, 4]


def test_uprating_runs_from_the_first_of_april_to_the_first_monday_from_the_sixth() -> None:
    """The days over which rates change are known for every year, and no other is one of them."""
    assert uprating_days(2019) == (date(2019, 4, 1), date(2019, 4, 6), date(2019, 4, 8))
    assert uprating_days(2018) == (date(2018, 4, 1), date(2018, 4, 2), date(2018, 4, 6), date(2018, 4, 9))
    days = [date(2019, 3, 31), date(2019, 4, 1), date(2019, 4, 8), date(2019, 4, 9)]
    assert in_uprating(np.array([(day - EPOCH).days for day in days])).tolist() == [False, True, True, False]


def test_every_policy_flag_is_a_column_of_the_calendar() -> None:
    """A policy that is flagged has its column, and each says what it does and where it comes from."""
    assert {policy.flag for policy in POLICY_DATES} - {""} <= set(MONTH_CALENDAR.names)
    assert all(
        policy.says and policy.effect and policy.source and policy.first <= policy.last for policy in POLICY_DATES
    )


def test_a_month_without_a_file_is_told_as_such() -> None:
    """A month is covered where a file of Housing Benefit or of council tax support speaks of it."""
    months = [date(2017 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(48)]
    rows = tuple({"month": day, "source": source, "covered": day != date(2018, 6, 1) and (source == "cts" or day.year > 2017)} for day in months for source in ("hb", "cts"))  # fmt: skip
    told = month_calendar(grid_of(example_tables({"award": (award(BEGAN),), "month_covered": rows}), YEAR_START))
    assert [row["month"] for row in told.to_pylist() if not row["covered"]] == [15]


SPANS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-60, 1500), st.integers(-5, 500), st.integers(0, 3)), max_size=12
)
START = date(2017, 4, 1)


@settings(max_examples=60, deadline=None)
@given(SPANS)
def test_what_holds_at_a_months_end_is_the_row_that_began_last(drawn: list[tuple[int, int, int, int]]) -> None:
    """Every helper of the grid agrees with looking at each row on each month's last day, in whatever order the rows come."""
    held = grid(1, 2, 3)
    base = (START - EPOCH).days
    key, start, length, value = (np.array([row[place] for row in drawn], np.int64) for place in range(4))
    start = start + base
    end = start + length
    last = at_month_ends(held, key, start, end, value)
    total = summed_at_month_ends(held, key, start, end, value)
    which = governing(held, key, start, end, (value,))
    turned = at_month_ends(held, key[::-1], start[::-1], end[::-1], value[::-1])
    assert (last == turned).all()
    for row, household in enumerate((1, 2, 3)):
        for month in range(48):
            day = int(held.ends[month])
            there = [
                (int(start[n]), int(value[n]))
                for n in range(len(drawn))
                if key[n] == household and start[n] <= day <= end[n]
            ]
            assert total[row, month] == sum(one for _, one in there)
            if there:
                assert last[row, month] == max(there)[1]
                assert value[which[row, month]] == max(there)[1]
            else:
                assert which[row, month] == -1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 15)), max_size=10), st.integers(0, 6))
def test_spells_are_unbroken_days(drawn: list[tuple[int, int, int]], slack: int) -> None:
    """Spells of one household never lie within `slack` days of one another, and cover every day of the rows they come from."""
    row, start, length = (np.array([one[place] for one in drawn], np.int64) for place in range(3))
    told = spells_of(row, start, start + length, slack=slack)
    spans = list(zip(told.row.tolist(), told.start.tolist(), told.end.tolist(), strict=True))
    assert spans == sorted(spans)
    for (one, _, end), (other, begins, _) in itertools.pairwise(spans):
        assert one != other or begins > end + 1 + slack
    days = {(r, d) for r, s, n in drawn for d in range(s, s + n + 1)}
    inside = {(r, d) for r, s, e in spans for d in range(s, e + 1)}
    assert days <= inside
    assert {(r, s) for r, s, _ in spans} | {(r, e) for r, _, e in spans} <= days


def test_keys_outside_the_grid_have_no_row() -> None:
    """A key that is in no table of claims has the row -1, and its rows are left out."""
    held = grid(5, 9)
    assert held.row_of(np.array([5, 6, 9])).tolist() == [0, -1, 1]
    assert held.row_of(pa.array([None, 9])).tolist() == [-1, 1]

"""Income and low income: what is not known is never nought, and what only looks like a change of income is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.examples_money import BEGAN, FAMILY, award, credit, period, person
from hearthlink.measures.known import Known, known_of
from hearthlink.measures.months import UNKNOWN, grid_of
from hearthlink.measures.people import AFTER_COSTS, BEFORE_COSTS
from hearthlink.measures.poverty import banded, lines, states
from hearthlink.measures.strain import volatile
from hearthlink.measures.worked import lines as made_lines

Rows = Mapping[str, tuple[Row, ...]]
Facts = Mapping[str, Any]
"""Columns of a row, whose values are of any of the types a table holds."""
JULY_2019, OCTOBER_2019 = 27, 30
"""Months 28 and 31, counted from nought."""


def known(rows: Rows) -> Known:
    """What is known of the household of some rows."""
    tables = example_tables(rows)
    return known_of(grid_of(tables, YEAR_START), tables)


def before(rows: Rows, month: int = JULY_2019) -> int | None:
    """Weekly income before housing costs in a month, None where it is not known."""
    value = int(known(rows).income.before[0, month])
    return None if value == UNKNOWN else value


HB: Row = award(BEGAN, pence=12_000)
STANDARD: Facts = MappingProxyType({"earnings": 15_000, "other_income": 8_000})

OWNER: Facts = MappingProxyType({**STANDARD, "tenure": "owner", "rent": 0})


@pytest.mark.parametrize(
    ("says", "rows", "pence"),
    [
        ("earnings, other income and Housing Benefit", {"award": (HB,), "household_period": (period(BEGAN, **STANDARD),)}, 35_000),
        ("a passported claim", {"award": (HB,), "household_period": (period(BEGAN, passported=True),)}, None),
        ("a passported claim with a stray nought", {"award": (HB,), "household_period": (period(BEGAN, passported=True, earnings=0, other_income=0),)}, None),
        ("no line of earnings", {"award": (HB,), "household_period": (period(BEGAN, other_income=8_000),)}, None),
        ("no line of other income", {"award": (HB,), "household_period": (period(BEGAN, earnings=15_000),)}, None),
        ("an award without its amount", {"award": ({**HB, "weekly_pence": None},), "household_period": (period(BEGAN, **STANDARD),)}, None),
        ("a suspended award counts as due", {"award": ({**HB, "status": "suspended"},), "household_period": (period(BEGAN, **STANDARD),)}, 35_000),
        ("a nil award is nought", {"award": ({**HB, "status": "nil"},), "household_period": (period(BEGAN, **STANDARD),)}, 23_000),
        ("council tax support is no income", {"award": (HB, award(BEGAN, benefit="cts", pence=2_000)), "household_period": (period(BEGAN, **STANDARD),)}, 35_000),
        ("Universal Credit that the claim says is in payment, without an amount", {"award": (HB,), "household_period": (period(BEGAN, uc_in_payment=True, **STANDARD),)}, None),
        ("Universal Credit of 520 pounds a month is 120 a week", {"award": (HB,), "household_period": (period(BEGAN, uc_in_payment=True, uc_award=52_000, **STANDARD),)}, 47_000),
        ("of two sources the one that lists more", {"award": (HB,), "household_period": (period(BEGAN, source="shbe", earnings=15_000, other_income=5_000), period(BEGAN, **STANDARD))}, 35_000),
        ("a claim that has ended", {"award": (award(BEGAN, date(2019, 6, 30)),), "household_period": (period(BEGAN, date(2019, 6, 30), **STANDARD),)}, None),
    ],
)  # fmt: skip
def test_income_is_known_or_it_is_not(says: str, rows: Rows, pence: int | None) -> None:
    """Income adds up what is known; where a part of it is not known, nor is the whole."""
    assert before(rows) == pence, says


def test_a_passported_claim_is_not_seen() -> None:
    """No state of income is told of a passported claim, though its Housing Benefit is known."""
    rows = {"award": (HB,), "household_period": (period(BEGAN, passported=True),), "household_person": FAMILY}
    told = states(known(rows), made_lines())
    assert {int(values[0, JULY_2019]) for values in told.values()} == {-1}


def test_a_stale_figure_of_earnings_is_trusted_for_thirteen_months() -> None:
    """Earnings that stand since 1 January 2018 hold to January 2019, and not in February."""
    rows = {"award": (award(date(2018, 1, 1)),), "household_period": (period(date(2018, 1, 1), **STANDARD),)}
    january_2019 = 21
    assert [before(rows, month) for month in (january_2019, january_2019 + 1)] == [35_000, None]


@pytest.mark.parametrize("shifted", ["two_paydays", "no_payday"])
def test_two_paydays_in_an_assessment_period_are_no_change(shifted: str) -> None:
    """A period in which a payday moved is read as the one before it, award and earnings both."""
    first = date(2019, 5, 11)
    spans = [(first + timedelta(30 * n), first + timedelta(30 * n + 29)) for n in range(4)]
    usual = {"earnings": 52_000, "deductions": 0, "advance_recovery": 0}
    odd = {**usual, "earnings": 0 if shifted == "no_payday" else 104_000, "pay_shift": shifted}
    awards = tuple(
        credit(a, b, 20_800 if n == 1 else 52_000, **(odd if n == 1 else usual)) for n, (a, b) in enumerate(spans)
    )
    rows: Rows = {
        "award": (award(BEGAN, benefit="cts", pence=2_000),),
        "household_period": (period(BEGAN, uc_in_payment=True, **STANDARD),),
        "universal_credit": awards,
    }
    # 120 pounds of Universal Credit, 120 earned and 80 of other income, in each month alike.
    assert [before(rows, month) for month in (26, 27)] == [32_000, 32_000]


def test_debts_taken_off_are_income_and_a_sanction_is_none() -> None:
    """What Universal Credit takes off for debts counts as income; what a sanction takes does not."""
    rows: Rows = {
        "award": (award(BEGAN, benefit="cts", pence=2_000),),
        "household_period": (period(BEGAN, uc_in_payment=True, **STANDARD),),
        "universal_credit": (
            credit(date(2019, 7, 11), date(2019, 8, 10), 41_600, earnings=65_000, deductions=5_200, advance_recovery=5_200, sanction=10_400),
        ),
    }  # fmt: skip
    assert before(rows) == 15_000 + 8_000 + 12_000


def test_an_owners_costs_and_an_unstated_rent_are_not_known() -> None:
    """After housing costs nothing is said of an owner, nor where no rent is held; a rent account stands in for a claim's rent."""
    rent = {"tenancy_no": 1, "start_date": BEGAN, "tenancy_start": BEGAN, "rent": 9_000}
    cases: list[tuple[Rows, int]] = [
        ({"award": (HB,), "household_period": (period(BEGAN, rent=14_000, **STANDARD),)}, 21_000),
        ({"award": (HB,), "household_period": (period(BEGAN, **STANDARD),)}, UNKNOWN),
        ({"award": (HB,), "household_period": (period(BEGAN, **STANDARD),), "rent_account": (rent,)}, 26_000),
        ({"award": (HB,), "household_period": (period(BEGAN, **OWNER),)}, UNKNOWN),
    ]
    assert [int(known(rows).income.after[0, JULY_2019]) for rows, _ in cases] == [after for _, after in cases]


def test_a_year_without_a_poverty_line_says_nothing() -> None:
    """Low income is seen in the years for which a line is given, and in no other."""
    told = made_lines()
    given_years = told.filter(pa.array([row["year"] != "2019" for row in told.to_pylist()]))
    grid = known({"award": (HB,)}).grid
    line = lines(grid, given_years, "before")
    assert [int(line[month]) for month in (23, 24, 35, 36)] == [30_000, UNKNOWN, UNKNOWN, 30_000]


@pytest.mark.parametrize(
    ("weekly", "band"), [(20_999, 1), (21_000, 2), (29_999, 2), (30_000, 3), (38_999, 3), (39_000, 4), (-100, 1)]
)
def test_bands_begin_at_seventy_a_hundred_and_a_hundred_and_thirty_hundredths(weekly: int, band: int) -> None:
    """The band of a couple's income is told by the penny."""
    one = np.array([[weekly]])
    assert int(banded(one, np.array([[100]]), np.array([30_000]))[0, 0]) == band


PEOPLE = st.lists(
    st.tuples(st.sampled_from(["claimant", "partner", "dependant", "non_dependant"]), st.integers(0, 290), st.integers(0, 60), st.integers(0, 60)),
    max_size=7,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_size_agrees_with_one_person_after_another(drawn: list[tuple[str, int, int, int]]) -> None:
    """The size of a household on the scales is what adding its people one by one gives, in every month."""
    first = date(2016, 1, 1)
    rows: list[dict[str, Any]] = [
        {"person_no": n, "role": role, "born": _month(date(1995, 1, 1), born), "start_date": _month(first, start), "end_date": _month(first, start + stays)}
        for n, (role, born, start, stays) in enumerate(drawn)
    ]  # fmt: skip
    told = known({"award": (award(date(2015, 1, 5)),), "household_person": tuple(rows)})
    for scale in (BEFORE_COSTS, AFTER_COSTS):
        size = told.people.size(scale)
        for month in range(48):
            end = date(1970, 1, 1) + timedelta(int(told.grid.ends[month]))
            here = [row for row in rows if row["start_date"] <= end <= row["end_date"]]
            adults = min(sum(row["role"] in ("claimant", "partner") for row in here), 2)
            ages = [_age(row["born"], end) for row in here if row["role"] == "dependant"]
            wanted = (
                scale.first
                + scale.further * (adults - 1)
                + sum(scale.further if age >= 14 else scale.younger for age in ages)
            )
            assert int(size[0, month]) == (wanted if adults else UNKNOWN)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 60_000)), min_size=48, max_size=48))
def test_volatility_agrees_with_the_definition(weekly: list[int | None]) -> None:
    """An income is volatile where the standard deviation of twelve known months is more than a quarter of their mean."""
    grid = known({"award": (HB,)}).grid
    level = np.array([[UNKNOWN if one is None else one for one in weekly]])
    told = volatile(grid, level)[0]
    taken_out, steady = 0, []
    for month, one in enumerate(weekly):
        was = weekly[month - 1] if month else None
        if month % 12 == 0 and one is not None and was is not None:
            most = max(was // 10, 2_500) if month == 36 else was // 10
            taken_out += one - was if abs(one - was) <= most else 0
        steady.append(None if one is None else one - taken_out)
    for month in range(48):
        year = steady[max(month - 11, 0) : month + 1]
        if len(year) < 12 or None in year or sum(year) <= 0:
            assert told[month] == -1
        else:
            assert told[month] == (np.std(year) > 0.25 * np.mean(year))


def test_the_uprating_of_april_makes_no_income_volatile() -> None:
    """A rise of a tenth every April, and one of 25 pounds with the rise of Universal Credit, leaves an income steady."""
    level = np.repeat(np.array([20_000, 22_000, 24_200, 26_700]), 12)[None, :]
    told = volatile(known({"award": (HB,)}).grid, level)
    assert set(told[0, 11:].tolist()) == {0}


def test_who_else_lives_there_is_in_neither_income_nor_size() -> None:
    """A grown child who stays on as a non-dependant changes no size."""
    grown = person(9, "non_dependant", date(1998, 1, 1))
    sizes = [
        int(known({"award": (HB,), "household_person": people}).people.size(BEFORE_COSTS)[0, JULY_2019])
        for people in (FAMILY, (*FAMILY, grown))
    ]
    assert sizes == [107, 107]


def _month(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def _age(born: object, day: date) -> int:
    assert isinstance(born, date)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

"""Rent: shortfall, arrears and rises, each trap by its name, and a plain version beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from hearthlink.measures import rent, rises
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.known import Known, known_of
from hearthlink.measures.months import grid_of

BEGAN = date(2018, 1, 1)
JUNE, JULY = 26, 27
CHANGED = date(2019, 8, 5)
APRIL = date(2019, 4, 1)
Rows = Mapping[str, tuple[Row, ...]]
Made = dict[str, object]


def known(rows: Rows) -> Known:
    tables = example_tables(rows)
    return known_of(grid_of(tables, YEAR_START), tables)


def award(start: date = BEGAN, **facts: object) -> Made:
    plain: Made = {"benefit": "hb", "start_date": start, "status": "in_payment", "weekly_pence": 12_000}
    return {**plain, **facts}


def period(start: date = BEGAN, end: date | None = None, **facts: object) -> Made:
    plain: Made = {"source": "cts", "status": "in_payment", "tenure": "private"}
    return {"start_date": start, "end_date": end, **plain, **facts}


def account(start: date = BEGAN, end: date | None = None, **facts: object) -> Made:
    plain: Made = {"tenancy_no": 1, "tenancy_start": BEGAN, "tenure": "council"}
    return {"start_date": start, "end_date": end, **plain, **facts}


def balance(day: date, weeks: float | None, **facts: object) -> Row:
    return {"tenancy_no": 1, "day": day, "balance": 0, "weeks_owed": weeks, **facts}


NO_CREDIT: tuple[Row, ...] = tuple(
    {"source": "universal_credit", "month": date(year, month, 1), "covered": False}
    for year in range(2017, 2022)
    for month in range(1, 13)
)
"""No file of Universal Credit was given."""

# --- shortfall -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pence", "band"), [(12_000, 0), (11_000, 0), (12_049, 0), (12_050, 1), (14_499, 1), (14_500, 2), (17_000, 3)]
)
def test_the_band_is_what_housing_benefit_leaves(pence: int, band: int) -> None:
    """Rent less 120 pounds of Housing Benefit: less than 50 pence is rounding, and steps are at 25 and 50 pounds."""
    made = rent.shortfall(known({"award": (award(),), "household_period": (period(rent=pence),)}))
    assert int(made[0, JUNE]) == band


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param({"household_period": (period(),)}, -1, id="a rent that is not held"),
        pytest.param({"household_period": (period(rent=14_000, tenure="owner"),)}, -1, id="an owner"),
        pytest.param({"award": (award(benefit="cts"),), "household_period": (period(rent=14_000),), "month_covered": NO_CREDIT}, -1, id="universal credit not told of"),
        pytest.param({"award": (award(benefit="cts"),), "household_period": (period(rent=14_000, uc_in_payment=False),)}, 3, id="no universal credit"),
        pytest.param({"award": (award(benefit="cts"),), "household_period": (period(rent=14_000, uc_in_payment=True),)}, -1, id="universal credit of no amount"),
        pytest.param({"award": (award(benefit="cts"),), "household_period": (period(uc_in_payment=False),), "rent_account": (account(rent=2_000),)}, 1, id="the council's own account"),
        pytest.param({"household_period": (period(rent=14_000, dhp=2_000),)}, 0, id="a discretionary payment of the claim"),
        pytest.param({"award": (award(status="nil", weekly_pence=0),), "household_period": (period(rent=2_000),)}, 1, id="a nil award pays nothing"),
    ],
)  # fmt: skip
def test_what_covers_a_rent_and_where_it_is_not_seen(rows: Rows, expected: int) -> None:
    """The rent that no benefit covers, and the reasons for which nothing is said."""
    assert int(rent.shortfall(known({"award": (award(),), **rows}))[0, JUNE]) == expected


# --- arrears -------------------------------------------------------------------------------------------------


def arrears(rows: Rows) -> list[int]:
    held = known({"award": (award(),), **rows})
    return rent.arrears(held, rent.says_no(held.tables["household_period"]))[0].tolist()


def passed(rows: Rows) -> list[tuple[date, str, int]]:
    held = known({"award": (award(),), **rows})
    return [(row["day"], row["basis"], row["dose"]) for row in rent.events(held.grid, held.tables).to_pylist()]


def test_more_than_four_weeks_is_arrears_and_four_are_none() -> None:
    """Four weeks owed are not more than four."""
    day = date(2019, 6, 30)
    assert [arrears({"rent_balance": (balance(day, weeks),)})[JUNE] for weeks in (4.0, 4.1, None)] == [0, 1, -1]


def test_a_balance_speaks_for_two_months() -> None:
    """A balance of 30 June is not asked about the end of August."""
    made = arrears({"rent_balance": (balance(date(2019, 6, 30), 5.0),)})
    assert made[JUNE - 1 : JUNE + 3] == [-1, 1, 1, -1]


def test_a_flag_that_is_only_raised_says_nothing_of_others() -> None:
    """Payment to the landlord makes a state only where the source also says of somebody that there is none."""
    raised = period(arrears_payment=True)
    other = period(arrears_payment=False, household_key=2)
    assert arrears({"household_period": (raised,)})[JUNE] == -1
    assert arrears({"household_period": (raised, other)})[JUNE] == 1


BALANCES = (balance(date(2019, 5, 31), 3.0), balance(date(2019, 6, 30), 5.0))


def test_arrears_begin_where_a_balance_passes_four_weeks() -> None:
    """The first balance over four weeks after one that was not; a first balance on file that is over is none."""
    assert passed({"rent_balance": BALANCES}) == [(date(2019, 6, 30), "seen", 1)]
    assert passed({"rent_balance": BALANCES[1:]}) == []


@pytest.mark.parametrize(("weeks", "dose"), [(7.9, 1), (8.0, 2), (12.5, 3)])
def test_the_dose_of_arrears_is_by_weeks(weeks: float, dose: int) -> None:
    """From eight and from twelve weeks the dose is 2 and 3."""
    assert passed({"rent_balance": (BALANCES[0], balance(date(2019, 6, 30), weeks))}) == [
        (date(2019, 6, 30), "seen", dose)
    ]


def test_a_balance_that_swings_about_four_weeks_is_one_event() -> None:
    """Passing four weeks again within a quarter is the same arrears."""
    swings = [balance(date(2019, 6, 30) + timedelta(days=28 * n), 5.0 if n % 2 else 3.0) for n in range(4)]
    assert len(passed({"rent_balance": tuple(swings)})) == 1


def test_balances_of_two_tenancies_are_not_set_beside_one_another() -> None:
    """A new tenancy that begins with more owed than the old one has not come to owe it."""
    assert passed({"rent_balance": (BALANCES[0], {**BALANCES[1], "tenancy_no": 2})}) == []


def test_a_payment_to_the_landlord_that_begins_is_eight_weeks() -> None:
    """Benefit that comes to be paid to the landlord because of arrears is an event of the second band; one that began with the claim is none."""
    before, after = period(end=CHANGED - timedelta(days=1)), period(CHANGED, arrears_payment=True)
    assert passed({"household_period": (before, after)}) == [(CHANGED, "effective", 2)]
    assert passed({"household_period": (after,)}) == []


# --- rises ---------------------------------------------------------------------------------------------------


def risen(rows: Rows) -> list[tuple[int, date, int]]:
    """Household, day and dose of every rise."""
    claims = {row.get("household_key", 1) for told in rows.values() for row in told}
    held = known({"award": tuple(award(household_key=key) for key in sorted(claims, key=str)), **rows})
    made = rises.rises(rises.changes(held.grid, held.tables)).to_pylist()
    return [(row["household_key"], row["day"], row["dose"]) for row in made]


def went(first: int, second: int, day: date = CHANGED, **facts: object) -> tuple[Made, Made]:
    """Rents of a claim before and from a day."""
    return (
        {**period(end=day - timedelta(days=1), rent=first), **facts},
        {**period(day, rent=second), **facts},
    )


@pytest.mark.parametrize(
    ("second", "expected"),
    [(10_500, []), (10_501, [1]), (10_999, [1]), (11_000, [2]), (12_000, [3]), (9_000, []), (50_100, [])],
)
def test_a_rise_is_more_than_a_twentieth(second: int, expected: list[int]) -> None:
    """Five percent of 100 pounds is none and a penny more is one; doses from 10% and 20%; six times as much is another rent."""
    assert [dose for _, _, dose in risen({"household_period": went(10_000, second)})] == expected


@pytest.mark.parametrize("ratio", [2.0, 4.0, 52 / 12, 26 / 12, 13 / 12])
def test_the_change_of_one_period_to_another_is_no_rise(ratio: float) -> None:
    """A rent that grows exactly as a month is to four weeks, or a fortnight to a week, was read by another period."""
    rent_before = 12_000
    assert risen({"household_period": went(rent_before, round(rent_before * ratio))}) == []
    assert len(risen({"household_period": went(rent_before, round(rent_before * ratio * 1.01))})) == (ratio < 4.9)


def test_a_rent_told_for_another_period_is_no_rise() -> None:
    """In a rent account a rise that comes with another period, or other weeks of charging, is not looked at."""
    told: tuple[Made, ...] = ({"rent_period": "month"}, {"charged_weeks": 48})
    for facts in told:
        first = account(end=CHANGED - timedelta(days=1), rent=10_000)
        assert risen({"rent_account": (first, account(CHANGED, rent=10_833) | facts)}) == []
        assert len(risen({"rent_account": (first | facts, account(CHANGED, rent=10_900) | facts)})) == 1


def test_a_service_charge_is_no_rise() -> None:
    """The account's rent stands without its charges; in a social tenant's claim the eligible rent has to rise with it."""
    first, second = (
        account(end=CHANGED - timedelta(days=1), rent=10_000),
        account(CHANGED, rent=10_000, service_charge=2_000),
    )
    assert risen({"rent_account": (first, second)}) == []
    first, second = went(10_000, 11_200, tenure="housing_association")
    charged = (first | {"eligible_rent": 10_000}, second | {"eligible_rent": 10_100})
    assert risen({"household_period": charged}) == []
    assert len(risen({"household_period": (charged[0], charged[1] | {"eligible_rent": 11_200})})) == 1


def test_a_year_of_53_weeks_is_no_rise() -> None:
    """A rent by 53 weeks of charging over one by 52, and one by 52 over one by 48, are not looked at; nor does 53 to 52 come to five percent."""
    first = account(end=APRIL - timedelta(days=1), rent=10_000)
    assert risen({"rent_account": (first, account(APRIL, rent=10_192))}) == []


@pytest.mark.parametrize(
    "moved",
    [
        {"household_home": ({"home_no": 1, "start_date": BEGAN, "same_postcode": False}, {"home_no": 2, "start_date": CHANGED + timedelta(days=40), "same_postcode": False})},
        {"rent_account": (account(tenancy_start=CHANGED - timedelta(days=10)),)},
    ],
)  # fmt: skip
def test_a_move_to_a_dearer_home_is_no_rise(moved: Rows) -> None:
    """A change of home that the office hears of weeks later, or a tenancy that begins about then, is another home's rent."""
    assert risen({"household_period": went(10_000, 11_000), **moved}) == []


def test_another_number_of_bedrooms_is_another_home() -> None:
    """A rent that rises as bedrooms change is not of the same home."""
    first, second = went(10_000, 11_000)
    assert risen({"household_period": (first | {"bedrooms": 2}, second | {"bedrooms": 3})}) == []


def test_a_rent_that_is_put_back_is_no_rise() -> None:
    """A month at a lower rent was a mistake; a year of it was not."""
    for days, count in ((30, 0), (300, 1)):
        back = CHANGED + timedelta(days=days)
        before, low = went(10_000, 8_000)
        told = (before, low | {"end_date": back - timedelta(days=1)}, period(back, rent=10_000))
        assert len(risen({"household_period": told})) == count


def social_tenants(percent: float, count: int) -> tuple[Row, ...]:
    """Households from 100 on, whose rents all rise by so much in April."""
    return tuple(
        row | {"household_key": 100 + number, "tenure": "council"}
        for number in range(count)
        for row in went(10_000 + 100 * number, round((10_000 + 100 * number) * (1 + percent / 100)), APRIL)
    )


def test_the_yearly_uprating_of_social_rents_is_no_rise() -> None:
    """Seven percent for all council tenants in April is nobody's rise, and twelve for one of them is; in August seven is one."""
    others = social_tenants(7.0, 40)
    assert risen({"household_period": others}) == []
    assert risen({"household_period": (*others, *went(10_000, 11_200, APRIL, tenure="council"))}) == [(1, APRIL, 2)]
    assert risen({"household_period": (*others, *went(10_000, 10_700, tenure="council"))}) == [(1, CHANGED, 1)]


def test_an_uprating_that_too_few_rents_tell_hides_what_rose_in_its_days() -> None:
    """Of a handful of social tenants nobody can say what was the uprating; a private rent is not uprated."""
    assert risen({"household_period": social_tenants(12.0, 5)}) == []
    assert len(risen({"household_period": went(10_000, 11_200, APRIL)})) == 1


def test_one_rise_told_by_two_sources_is_one() -> None:
    """The rent account and the claim tell of the same rise weeks apart."""
    later = CHANGED + timedelta(days=21)
    rows = {
        "household_period": went(10_000, 11_000, later, tenure="council"),
        "rent_account": (account(end=CHANGED - timedelta(days=1), rent=10_000), account(CHANGED, rent=11_000)),
    }
    assert risen(rows) == [(1, CHANGED, 2)]


# --- a plain version -----------------------------------------------------------------------------------------


def test_rises_and_arrears_agree_with_a_plain_version() -> None:
    """On random households of private tenants, and on random balances, the arrays say what reading row by row says."""
    random = Random(3)
    rents: list[Row] = []
    owed: list[Row] = []
    expected: list[tuple[int, date, int]] = []
    passes: list[tuple[int, date]] = []
    for key in range(1, 201):
        start, pence, last = date(2017, 5, 1), 10_000, date.min
        while start < date(2020, 11, 1):
            end = start + timedelta(days=random.randrange(110, 400))
            rents.append(period(start, end, rent=pence, household_key=key))
            start, before, pence = end + timedelta(days=1), pence, pence + random.choice((-700, 300, 511, 1_100, 2_900))
            percent = 100 * (pence - before) / before
            # A rise of exactly one part in twelve is that of a month for four weeks.
            if percent > 5 and abs((1 + percent / 100) / (13 / 12) - 1) > rises.EXACTLY and start < date(2020, 11, 1):
                expected.append((key, start, 1 + (percent >= 10) + (percent >= 20)))
        day, weeks = date(2018, 1, 31), 0.0
        while day < date(2021, 3, 1):
            before_weeks, weeks = weeks, random.uniform(0, 8)
            owed.append(balance(day, weeks, household_key=key))
            if before_weeks <= 4.0 < weeks and day > date(2018, 2, 1) and (day - last).days > rent.SWING:
                passes.append((key, day))
            last = day if before_weeks <= 4.0 < weeks and day > date(2018, 2, 1) else last
            day += timedelta(days=31)
    assert risen({"household_period": tuple(rents)}) == expected
    held = known({"award": tuple(award(household_key=key) for key in range(1, 201)), "rent_balance": tuple(owed)})
    made = rent.events(held.grid, held.tables).to_pylist()
    assert [(row["household_key"], row["day"]) for row in made] == passes
    assert len(expected) > 300
    assert len(passes) > 300
    assert np.all(rent.arrears(held, frozenset())[:, 12] >= 0)

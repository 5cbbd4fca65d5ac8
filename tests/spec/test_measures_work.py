"""Work: who is workless, who is unemployed, and who lost all earnings; each trap by its name, and a plain version beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from hearthlink.measures import work
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.known import Known, known_of
from hearthlink.measures.months import grid_of

BEGAN = date(2019, 1, 7)
JUNE, JULY, AUGUST = 26, 27, 28
CHANGED = date(2019, 7, 8)
Rows = Mapping[str, tuple[Row, ...]]


def known(rows: Rows) -> Known:
    tables = example_tables(rows)
    return known_of(grid_of(tables, YEAR_START), tables)


def award(start: date = BEGAN, end: date | None = None, **facts: object) -> Row:
    return {"benefit": "hb", "start_date": start, "end_date": end, "status": "in_payment", **facts}


def period(start: date = BEGAN, end: date | None = None, source: str = "cts", **facts: object) -> Row:
    return {"start_date": start, "end_date": end, "source": source, "status": "in_payment", **facts}


def credit(start: date, earnings: int, **facts: object) -> Row:
    end = (start + timedelta(days=31)).replace(day=start.day) - timedelta(days=1)
    return {"award_no": 1, "start_date": start, "end_date": end, "award": 50_000, "earnings": earnings, **facts}


def work_of(rows: Rows, month: int = JULY) -> tuple[int, int]:
    """Workless and unemployed of the only household in a month."""
    made = work.states(known({"award": (award(),), **rows}))
    return int(made["workless"][0, month]), int(made["unemployed"][0, month])


def losses(rows: Rows) -> list[tuple[date, str, int]]:
    """Day, basis and dose of every job loss of the only household."""
    made = work.events(known({"award": (award(),), **rows}))
    assert set(made.column("kind").to_pylist()) <= {"job_loss"}
    return [(row["day"], row["basis"], row["dose"]) for row in made.to_pylist()]


SHBE_IDLE = period(source="shbe", earnings=0, jobseeker_benefit=False)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((period(earnings=100),), (0, -1), id="earnings are work"),
        pytest.param((period(earnings=0, claimant_hours=4.0),), (0, -1), id="hours are work"),
        pytest.param((period(earnings=0, partner_hours=4.0),), (0, -1), id="a partner's hours too"),
        pytest.param((period(earnings=0),), (1, -1), id="council tax support alone does not tell who looks for work"),
        pytest.param((period(),), (-1, -1), id="what is not held is not nought"),
        pytest.param((SHBE_IDLE,), (1, 0), id="out of work and not looking"),
        pytest.param((period(source="shbe", earnings=0, jobseeker_benefit=True),), (1, 1), id="looking"),
        pytest.param((period(source="shbe", earnings=900, jobseeker_benefit=True),), (0, 0), id="a jobseeker who works"),
        pytest.param((period(source="shbe", earnings=0, out_of_work_benefit=True, jobseeker_benefit=False),), (1, 0), id="sickness is no unemployment"),
        pytest.param((period(source="shbe", passported=True),), (-1, -1), id="a passport that nobody can read"),
        pytest.param((period(source="shbe", passported=True), period(passported=True, passport_benefit="jobseeker")), (1, 1), id="passported as a jobseeker"),
        pytest.param((period(source="shbe", passported=True), period(passported=True, passport_benefit="sickness")), (1, 0), id="passported by sickness"),
        pytest.param((period(source="shbe", passported=True), period(passported=True, passport_benefit="income_support")), (1, 0), id="passported by income support"),
        pytest.param((period(source="shbe", passported=True), period(passported=True, passport_benefit="pension_credit")), (-1, -1), id="pension credit asks after no hours"),
        pytest.param((period(passported=True, passport_benefit="jobseeker"),), (1, -1), id="whether it is seen does not hang on the answer"),
        pytest.param((period(date(2018, 5, 1), earnings=0),), (-1, -1), id="an old figure is not trusted"),
        pytest.param((period(source="shbe", earnings=0), period(earnings=500)), (0, -1), id="work that one of two sources tells"),
    ],
)  # fmt: skip
def test_who_works_and_who_looks_for_work(rows: tuple[Row, ...], expected: tuple[int, int]) -> None:
    """What claims say of a month comes to workless and unemployed: 1, 0, and -1 for not seen."""
    assert work_of({"household_period": rows}) == expected


@pytest.mark.parametrize(("earnings", "expected"), [(0, 1), (40_000, 0)])
def test_what_employers_report_goes_before_what_a_claim_says(earnings: int, expected: int) -> None:
    """Where Universal Credit tells of earnings, the claim's own figure is not asked."""
    rows = {
        "household_period": (period(earnings=9_000 - earnings // 10),),
        "universal_credit": (credit(CHANGED, earnings),),
    }
    assert work_of(rows)[0] == expected


# --- job loss ------------------------------------------------------------------------------------------------

EARNED = period(end=CHANGED - timedelta(days=1), earnings=15_000)
NOTHING = period(CHANGED, earnings=0)
MOTHER: Row = {"person_no": 1, "role": "claimant", "born": date(1985, 1, 1), "start_date": BEGAN}
FATHER: Row = {"person_no": 2, "role": "partner", "born": date(1985, 1, 1), "start_date": BEGAN}


@pytest.mark.parametrize(("pence", "dose"), [(9_999, 1), (10_000, 2), (20_000, 3)])
def test_the_day_is_the_claims_own_and_the_dose_what_was_earned(pence: int, dose: int) -> None:
    """Earnings that stop on a day are lost on that day, and the more the larger the dose."""
    rows = {"household_period": ({**EARNED, "earnings": pence}, NOTHING)}
    assert losses(rows) == [(CHANGED, "effective", dose)]


def test_earnings_that_only_fall_are_no_job_loss() -> None:
    """Ten pounds a week left are something."""
    assert losses({"household_period": (EARNED, {**NOTHING, "earnings": 1_000})}) == []


def test_a_benefit_that_ends_with_work_says_that_earnings_are_gone() -> None:
    """A claim that comes to be passported as a jobseeker's lost its earnings; by a benefit nobody can read it says nothing."""
    passported = {**NOTHING, "earnings": None, "passported": True}
    assert losses({"household_period": (EARNED, {**passported, "passport_benefit": "jobseeker"})}) == [
        (CHANGED, "effective", 2)
    ]
    assert losses({"household_period": (EARNED, passported)}) == []


def test_a_stale_figure_that_gives_way_is_no_job_loss() -> None:
    """Earnings assessed more than thirteen months before say nothing of last month."""
    old = period(date(2018, 2, 5), date(2019, 7, 7), earnings=15_000)
    rows = {"award": (award(date(2018, 2, 5)),), "household_period": (old, NOTHING)}
    assert losses(rows) == []


def test_another_source_that_speaks_is_no_job_loss() -> None:
    """Earnings of council tax support in June and none in a Housing Benefit extract that begins in July: nobody saw them go."""
    assert losses({"household_period": (EARNED, period(CHANGED, source="shbe", earnings=0))}) == []


def test_the_first_source_of_both_months_is_believed() -> None:
    """The Housing Benefit extract saw earnings go in July, and council tax support heard of it in August: one event, of July."""
    late = date(2019, 8, 5)
    rows = (
        period(end=CHANGED - timedelta(days=1), source="shbe", earnings=15_000),
        period(CHANGED, source="shbe", earnings=0),
        period(end=late - timedelta(days=1), earnings=15_000),
        period(late, earnings=0),
    )
    assert losses({"household_period": rows}) == [(CHANGED, "effective", 2)]


@pytest.mark.parametrize("left", [CHANGED - timedelta(days=1), date(2019, 8, 20)])
def test_an_earner_who_leaves_takes_the_earnings_along(left: date) -> None:
    """Where one of two adults is gone by the month's end, or by the next one's, the couple parted and nobody lost work."""
    rows = {"household_period": (EARNED, NOTHING), "household_person": (MOTHER, {**FATHER, "end_date": left})}
    assert losses(rows) == []
    assert len(losses({**rows, "household_person": (MOTHER, FATHER)})) == 1


def test_a_month_that_is_not_observed_hides_when_earnings_went() -> None:
    """A claim that broke off in June and came back in August without earnings lost them nobody knows when."""
    rows = {
        "award": (award(end=date(2019, 6, 15)), award(date(2019, 7, 15))),
        "household_period": (period(end=date(2019, 6, 15), earnings=15_000), period(date(2019, 7, 15), earnings=0)),
    }
    assert losses(rows) == []


MONTHLY = [date(2019, month, 11) for month in range(3, 11)]


@pytest.mark.parametrize(
    ("earnings", "events"),
    [
        pytest.param((8, 8, 8, 0, 0, 0, 0, 0), [(MONTHLY[3], "effective", 2)], id="no pay for months"),
        pytest.param((8, 8, 8, 0, 8, 8, 8, 8), [], id="one month of universal credit without pay"),
        pytest.param((8, 8, 8, 8, 8, 8, 8, 8), [], id="pay throughout"),
        pytest.param(
            (8, 8, 0, 0, 8, 0, 0, 0), [(MONTHLY[2], "effective", 2)], id="hours that come and go are one loss"
        ),
    ],
)
def test_universal_credit_tells_a_job_loss_by_two_months(
    earnings: tuple[int, ...], events: list[tuple[date, str, int]]
) -> None:
    """One assessment period without pay may be a payday that moved; two are a loss, and a second within a quarter is the first."""
    periods = tuple(credit(start, pence * 10_000) for start, pence in zip(MONTHLY, earnings, strict=True))
    assert losses({"universal_credit": periods}) == events


def test_a_payday_that_moved_is_no_job_loss() -> None:
    """Periods that are known to have lost their payday to the one before are read as that one."""
    periods = [credit(start, 80_000) for start in MONTHLY]
    periods[3] = credit(MONTHLY[3], 0, pay_shift="no_payday")
    periods[4] = credit(MONTHLY[4], 0, pay_shift="no_payday")
    assert losses({"universal_credit": tuple(periods)}) == []


def test_one_earner_of_two_who_stops_is_not_counted() -> None:
    """The measure is of all earnings of the couple: a partner who still earns keeps them from nothing."""
    assert losses({"household_period": (EARNED, {**NOTHING, "earnings": 7_000})}) == []


# --- a plain version -----------------------------------------------------------------------------------------


def drawn(random: Random, key: int) -> list[Row]:
    """Random stretches of a household in two sources, some without earnings, hours, or either."""
    rows: list[Row] = []
    for source in ("shbe", "cts"):
        start = date(2017, 1, 1) + timedelta(days=random.randrange(300))
        while start < date(2021, 3, 1):
            length = random.choice((20, 60, 150, 500))
            passport = random.random() < 0.2
            told: dict[str, object] = (
                {
                    "passported": True,
                    "passport_benefit": random.choice((None, "jobseeker", "sickness", "pension_credit")),
                }
                if passport
                else {
                    "earnings": random.choice((None, 0, 0, 9_000)),
                    "claimant_hours": random.choice((None, 0.0, 16.0)),
                }
            )
            rows.append(period(start, start + timedelta(days=length - 1), source, household_key=key, **told))
            start += timedelta(days=length + random.choice((0, 0, 40)))
    return rows


def plainly(rows: list[Row], day: date) -> int:
    """Whether a household is workless on a day, read off its rows one by one."""
    works = idle = passported = False
    for row in rows:
        start, end = row["start_date"], row["end_date"]
        assert isinstance(start, date)
        assert isinstance(end, date)
        if not start <= day <= end:
            continue
        passported = passported or row.get("passport_benefit") in ("jobseeker", "sickness", "income_support")
        if (day - start).days <= 396:
            earnings, hours = row.get("earnings"), row.get("claimant_hours")
            works = works or (isinstance(earnings, int) and earnings > 0) or (isinstance(hours, float) and hours > 0)
            idle = idle or earnings == 0
    return 0 if works else 1 if idle or passported else -1


def test_workless_agrees_with_a_plain_version() -> None:
    """On random households the arrays say month by month what reading their rows one by one says."""
    random = Random(7)
    households = {key: drawn(random, key) for key in range(1, 201)}
    held = known(
        {
            "award": tuple(award(date(2016, 1, 1), household_key=key) for key in households),
            "household_period": tuple(row for rows in households.values() for row in rows),
        }
    )
    made = work.states(held)["workless"]
    days = [date(1970, 1, 1) + timedelta(days=int(day)) for day in held.grid.ends]
    expected = np.array([[plainly(households[int(key)], day) for day in days] for key in held.grid.chains])
    assert np.array_equal(made, expected)
    assert {-1, 0, 1} == set(np.unique(made).tolist())


def test_the_order_of_rows_is_nothing() -> None:
    """The same rows in another order come to the same states and events."""
    random = Random(8)
    rows = [row for key in range(1, 41) for row in drawn(random, key)]
    awards = tuple(award(date(2016, 1, 1), household_key=key) for key in range(1, 41))
    one, other = (known({"award": awards, "household_period": tuple(told)}) for told in (rows, rows[::-1]))
    for name, values in work.states(one).items():
        assert np.array_equal(values, work.states(other)[name])
    ordered = [
        made.sort_by([("household_key", "ascending"), ("day", "ascending")]) for made in map(work.events, (one, other))
    ]
    assert isinstance(ordered[0], pa.Table)
    assert ordered[0].equals(ordered[1])

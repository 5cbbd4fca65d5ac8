"""Reductions and disruptions: every trap by its name, and a plain reading of days that the arrays agree with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthlink.engine import open_engine
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.examples_money import BEGAN, award, credit, period, person
from hearthlink.measures.measure import measure
from hearthlink.measures.worked import lines

Rows = Mapping[str, tuple[Row, ...]]
Facts = Mapping[str, Any]
"""Columns of a row, whose values are of any of the types a table holds."""
OURS = ("reduction", "suspension", "gap", "claim_end", "cap", "sanction", "recovery", "tax_order")
DAY = timedelta(days=1)
FALL = date(2019, 7, 8)
"""A Monday in month 28 on which something falls."""


def happens(rows: Rows) -> list[tuple[str, int]]:
    """Every event of money that the rows come to, by kind and month."""
    return [(row["kind"], row["month"]) for row in _made(rows)["household_event"].to_pylist() if row["kind"] in OURS]


def _made(rows: Rows) -> dict[str, pa.Table]:
    with open_engine() as engine:
        return measure(engine, example_tables(rows), year_start=YEAR_START, comparator=lines())


def falls(before: int, after: int, day: date = FALL, **facts: object) -> tuple[Row, ...]:
    """Housing Benefit of one amount, and of another from a day."""
    return ({**award(BEGAN, day - DAY, pence=before), **facts}, {**award(day, pence=after), **facts})


# --- reductions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "fell"),
    [(10_000, 9_001, False), (10_000, 9_000, True), (4_000, 3_501, False), (4_000, 3_500, True), (10_000, 12_000, False)],
)  # fmt: skip
def test_a_reduction_is_a_tenth_and_five_pounds(before: int, after: int, fell: bool) -> None:
    """A fall counts from a tenth of the amount before and from five pounds a week, to the penny."""
    assert happens({"award": falls(before, after)}) == ([("reduction", 28)] if fell else [])


@pytest.mark.parametrize("day", [date(2019, 4, 1), date(2019, 4, 6), date(2019, 4, 8)])
def test_uprating_is_no_reduction(day: date) -> None:
    """A fall that is dated in the first days of April, when rates change for everybody, is nobody's; in the week after it is one."""
    assert happens({"award": falls(12_000, 9_000, day)}) == []
    assert happens({"award": falls(12_000, 9_000, date(2019, 4, 15))}) == [("reduction", 25)]


def test_the_uprating_of_universal_credit_is_no_reduction() -> None:
    """A fall in the first assessment period at a year's new rates is nobody's."""
    assert happens(_credit_falls(uprated=True)) == []
    assert happens(_credit_falls(uprated=False)) == [("reduction", 29)]


def test_the_end_of_the_uplift_is_no_reduction() -> None:
    """Twenty pounds a week less of the standard allowance in October 2021 are nobody's reduction."""
    spans = [(date(2021, m, 11), date(2021, m + 1, 10)) for m in range(7, 12)]
    awards = tuple(
        credit(a, b, 41_600 if a < date(2021, 10, 1) else 33_000, standard_allowance=40_989 if a < date(2021, 10, 1) else 32_400)
        for a, b in spans
    )  # fmt: skip
    rows = {"award": (award(BEGAN, benefit="cts", pence=1_000),), "universal_credit": awards}
    with open_engine() as engine:
        made = measure(engine, example_tables(rows), year_start=date(2021, 4, 1), comparator=lines())
    assert made["household_event"].num_rows == 0


def test_migration_to_universal_credit_is_no_reduction_no_gap_and_no_end() -> None:
    """Housing Benefit that falls and ends as Universal Credit begins has migrated: nothing befell the household."""
    housing = (award(BEGAN, date(2019, 6, 30)), award(date(2019, 7, 1), date(2019, 7, 21), pence=6_000))
    monthly = tuple(credit(_month(7 + n), _month(8 + n) - DAY, 110_000) for n in range(8))
    support: Row = award(BEGAN, benefit="cts", pence=2_000)
    assert happens({"award": (*housing, support), "universal_credit": monthly}) == []
    assert ("claim_end", 28) in happens({"award": (*housing, support)})


def test_a_claim_that_says_it_went_over_to_universal_credit_has_not_ended() -> None:
    """Where no award of Universal Credit is on file, the reason that the claim gives is believed."""
    ended: Row = award(BEGAN, date(2019, 7, 21))
    for words, events in (
        ("moved to Universal Credit", []),
        ("HBMIG: UC", []),
        ("income too high", [("claim_end", 28)]),
    ):
        said = period(date(2019, 7, 22), source="shbe", status="ended", end_reason=words)
        assert happens({"award": (ended,), "household_period": (said,)}) == events


@pytest.mark.parametrize("shifted", ["two_paydays", None])
def test_two_paydays_are_no_reduction(shifted: str | None) -> None:
    """An award that falls for one period because two paydays fell in it is no reduction; without the mark it is one."""
    spans = [(_month(5 + n), _month(6 + n) - DAY) for n in range(5)]
    awards = tuple(
        credit(a, b, 30_000 if n == 2 else 90_000, pay_shift=shifted if n == 2 else None)
        for n, (a, b) in enumerate(spans)
    )
    rows = {"award": (award(BEGAN, benefit="cts", pence=2_000),), "universal_credit": awards}
    assert happens(rows) == ([] if shifted else [("reduction", 28)])


def test_a_child_who_left_is_no_reduction() -> None:
    """Benefit that falls in the month in which a child leaves the household fell for that."""
    stays, leaves = person(2, "dependant", date(2010, 1, 1)), person(2, "dependant", date(2010, 1, 1), end=FALL)
    mother = person(1, "claimant", date(1985, 1, 1))
    assert happens({"award": falls(12_000, 9_000), "household_person": (mother, leaves)}) == []
    assert happens({"award": falls(12_000, 9_000), "household_person": (mother, stays)}) == [("reduction", 28)]


@pytest.mark.parametrize(
    ("facts", "fell"),
    [
        ({"children": 2}, True),
        ({"children": 1}, False),
        ({"children": 2, "housing_element": 30_000}, False),
        ({"children": 2, "housing_element": 45_000}, True),
    ],
)
def test_a_child_or_a_rent_that_universal_credit_no_longer_pays_for_is_no_reduction(facts: Facts, fell: bool) -> None:
    """An award that falls by 200 pounds with a child fewer, or with a housing element lower by as much, fell for that."""
    spans = [(_month(5 + n), _month(6 + n) - DAY) for n in range(4)]
    before = {"children": 2, "housing_element": 50_000}
    awards = tuple(
        credit(a, b, 90_000 if n < 2 else 70_000, **(before if n < 2 else {**before, **facts}))
        for n, (a, b) in enumerate(spans)
    )
    rows = {"award": (award(BEGAN, benefit="cts", pence=2_000),), "universal_credit": awards}
    assert happens(rows) == ([("reduction", 28)] if fell else [])


AMOUNTS = st.lists(
    st.tuples(st.integers(20, 120), st.integers(0, 30_000), st.sampled_from(["in_payment", "suspended"])),
    min_size=2,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_reductions_agree_with_a_plain_comparison_of_months(
    hb: list[tuple[int, int, str]], cts: list[tuple[int, int, str]]
) -> None:
    """Reductions of two benefits that change now and then are those that comparing each month's end with the last tells."""
    spans = {"hb": _laid_out(hb), "cts": _laid_out(cts)}
    rows = tuple(
        award(a, b, benefit=benefit, pence=pence, status=status)
        for benefit, told in spans.items()
        for a, b, pence, status in told
    )
    told = [month for kind, month in happens({"award": rows}) if kind == "reduction"]
    ends = [_month(4 + n - 24) - DAY for n in range(1, 49)]
    wanted: list[int] = []
    for month in range(2, 49):
        fall = before = 0
        for several in spans.values():
            was, now = (
                next((one for one in several if one[0] <= day <= one[1]), None) for day in ends[month - 2 : month]
            )
            if was and now:
                sixth = date(now[0].year, 4, 6)
                everybodys = date(now[0].year, 4, 1) <= now[0] <= sixth + timedelta(-sixth.weekday() % 7)
                change = was[2] - now[2]
                fall += 0 if everybodys and change > 0 else change
                before += was[2]
        if fall >= 500 and fall * 10 >= before:
            wanted.append(month)
    assert told == wanted


@pytest.mark.parametrize(
    ("then", "now", "fell"),
    [
        ({"rent": 15_000}, {"rent": 12_000}, False),
        ({"rent": 15_000}, {"rent": 12_100}, True),
        ({"earnings": 10_000, "other_income": 0}, {"earnings": 13_000, "other_income": 0}, False),
        ({"earnings": 10_000, "other_income": 0}, {"earnings": 12_900, "other_income": 0}, True),
        ({"earnings": 10_000, "other_income": 0}, {"earnings": 10_000, "other_income": 3_000}, False),
        ({"passported": True}, {"passported": True}, True),
    ],
)
def test_rent_that_fell_or_earnings_that_rose_by_as_much_are_no_reduction(then: Facts, now: Facts, fell: bool) -> None:
    """A fall of 30 pounds is explained by a rent 30 less, or by income 30 more, and by nothing smaller."""
    said = (period(BEGAN, FALL - DAY, **then), period(FALL, **now))
    assert happens({"award": falls(12_000, 9_000), "household_period": said}) == ([("reduction", 28)] if fell else [])


def test_a_benefit_that_ends_or_is_suspended_is_no_reduction() -> None:
    """Only benefits that run in both months are compared: an end and a suspension are disruptions."""
    support: Row = award(BEGAN, benefit="cts", pence=2_000)
    ended = (award(BEGAN, FALL - DAY), support)
    held = (award(BEGAN, FALL - DAY), award(FALL, status="suspended"), support)
    assert [kind for rows in (ended, held) for kind, _ in happens({"award": rows})] == ["claim_end", "suspension"]


# --- disruptions ---------------------------------------------------------------------------------------------


def test_a_claim_reference_that_changes_makes_no_event() -> None:
    """A claim that goes on under another key, and claimant and partner who change places, break nothing: the household is one."""
    first: Row = award(BEGAN, date(2019, 7, 7))
    later: Row = {**award(date(2019, 7, 8)), "household_key": 2}
    followed: Row = {"household_key": 2, "follows_key": 1, "first_key": 1, "rule": "swap"}
    made = _made({"award": (first, later), "household_followed": (followed,)})
    assert made["household_event"].num_rows == 0
    assert made["household_state"].column("household_key").unique().to_pylist() == [1]
    assert ("claim_end", 28) in happens({"award": (first, later)})


def test_a_suspension_that_a_new_reference_carries_on_is_one() -> None:
    """A suspension that goes on under another key, in both benefits, is one event, of the first day."""
    rows = (
        award(BEGAN, FALL - DAY), award(BEGAN, FALL - DAY, benefit="cts"),
        award(FALL, FALL + 20 * DAY, status="suspended"), award(FALL, FALL + 20 * DAY, status="suspended", benefit="cts"),
        {**award(FALL + 21 * DAY, FALL + 60 * DAY, status="suspended"), "household_key": 2}, {**award(FALL + 61 * DAY), "household_key": 2},
        {**award(FALL + 21 * DAY, benefit="cts"), "household_key": 2},
    )  # fmt: skip
    followed: Row = {"household_key": 2, "follows_key": 1, "first_key": 1, "rule": "reference"}
    assert happens({"award": rows, "household_followed": (followed,)}) == [("suspension", 28)]


def test_a_claim_that_begins_suspended_was_not_suspended() -> None:
    """A suspension is of what was in payment the day before."""
    assert happens({"award": (award(FALL, date(2019, 8, 4), status="suspended"), award(date(2019, 8, 5)))}) == []


@pytest.mark.parametrize(
    ("days", "kinds"), [(6, []), (7, ["gap"]), (91, ["gap"]), (92, ["claim_end"])]
)  # fmt: skip
def test_a_gap_is_from_a_week_to_thirteen(days: int, kinds: list[str]) -> None:
    """A claim that begins again after fewer than seven days never broke off; after more than thirteen weeks it had ended."""
    again = FALL + timedelta(days)
    assert [kind for kind, _ in happens({"award": (award(BEGAN, FALL - DAY), award(again))})] == kinds


def test_a_missing_monthly_file_is_no_gap_and_no_end() -> None:
    """A month that no file speaks of makes neither a gap nor an end, and is not observed; another benefit's files do not stand in."""
    gap = (award(BEGAN, date(2019, 7, 7)), award(date(2019, 8, 12)))
    ended = (award(BEGAN, date(2019, 7, 7)),)
    assert happens({"award": gap, "month_covered": _covered("hb", but=(7,))}) == []
    assert happens({"award": gap, "month_covered": _covered("hb")}) == [("gap", 28)]
    assert happens({"award": ended, "month_covered": _covered("hb", but=(9,))}) == []
    assert happens({"award": ended, "month_covered": _covered("hb")}) == [("claim_end", 28)]
    assert happens({"award": gap, "month_covered": (*_covered("hb", but=(7,)), *_covered("cts"))}) == []
    states = _made({"award": (award(BEGAN),), "month_covered": _covered("hb", but=(7,))})["household_state"].to_pylist()
    assert [(row["first_month"], row["last_month"]) for row in states] == [(22, 27), (29, 48)]


def test_a_nil_award_that_lapses_ends_nothing() -> None:
    """A claim that had been nil for longer than a month takes nothing away when it ends; one that was nil for a week does."""
    for nil, events in ((60, []), (7, ["claim_end"])):
        rows = (award(BEGAN, FALL), award(FALL + DAY, FALL + nil * DAY, pence=0, status="nil"))
        assert [kind for kind, _ in happens({"award": rows}) if kind != "reduction"] == events


def test_an_end_at_the_edge_of_the_files_is_not_told() -> None:
    """Thirteen weeks after an end must be spoken for: who knows whether the claim began again."""
    assert happens({"award": (award(BEGAN, date(2020, 12, 28)),)}) == [("claim_end", 45)]
    assert happens({"award": (award(BEGAN, date(2021, 1, 5)),)}) == []
    early = tuple(row for row in _covered("hb") if str(row["month"]) < "2019-10")
    assert happens({"award": (award(BEGAN, date(2019, 7, 21)),), "month_covered": early}) == []


def test_both_benefits_that_end_together_end_once() -> None:
    """Housing Benefit and council tax support that end within weeks are one end, of the earlier day."""
    rows = (award(BEGAN, date(2019, 7, 21)), award(BEGAN, date(2019, 8, 4), benefit="cts"))
    assert happens({"award": rows}) == [("claim_end", 28)]


# --- what is taken off ---------------------------------------------------------------------------------------


def test_a_cap_that_begins_with_new_rates_is_nobodys() -> None:
    """A cap that begins in the first days of April came with the rates; the state shows it all the same."""
    for day, events in ((date(2019, 4, 1), []), (date(2019, 4, 22), [("cap", 25)])):
        said = (period(BEGAN, day - DAY, benefit_cap=0), period(day, benefit_cap=3_000))
        assert happens({"award": (award(BEGAN),), "household_period": said}) == events


def test_what_a_claim_began_with_did_not_begin() -> None:
    """An advance taken back from the first period on is a state, and no event of the household's later life; nor is what no row before tells."""
    monthly = tuple(
        credit(_month(5 + n), _month(6 + n) - DAY, 90_000, deductions=0, advance_recovery=4_000) for n in range(3)
    )
    rows = {"award": (award(BEGAN, benefit="cts", pence=2_000),), "universal_credit": monthly}
    assert happens(rows) == []
    assert {row["recovery"] for row in _made(rows)["household_state"].to_pylist() if row["universal_credit"]} == {True}


def test_what_two_sources_tell_of_one_recovery_is_one() -> None:
    """An overpayment that two sources begin to show within days is one event."""
    said = tuple(
        one
        for source, day in (("cts", FALL), ("academy", FALL + 5 * DAY))
        for one in (
            period(BEGAN, day - DAY, source=source, overpayment_recovery=0),
            period(day, source=source, overpayment_recovery=1_110),
        )
    )
    assert happens({"award": (award(BEGAN),), "household_period": said}) == [("recovery", 28)]


def test_recovery_that_no_source_holds_is_not_seen() -> None:
    """A Housing Benefit extract holds no recoveries: nothing is said, and that is not no."""
    rows = {"award": (award(BEGAN),), "household_period": (period(BEGAN, source="shbe"),)}
    assert {row["recovery"] for row in _made(rows)["household_state"].to_pylist()} == {None}


# --- a plain reading -----------------------------------------------------------------------------------------

SPANS = st.lists(
    st.tuples(st.integers(0, 1300), st.integers(0, 500), st.sampled_from(["hb", "cts"]), st.sampled_from(["in_payment", "suspended", "nil"])),
    min_size=1, max_size=5,
)  # fmt: skip
START = date(2017, 4, 1)


@settings(max_examples=50, deadline=None)
@given(SPANS)
def test_disruptions_agree_with_a_plain_reading_of_every_day(drawn: list[tuple[int, int, str, str]]) -> None:
    """Suspensions, gaps and ends of any claims are those that a reading day by day tells."""
    rows = [
        award(START + timedelta(a), START + timedelta(a + b), benefit=benefit, status=status)
        for a, b, benefit, status in drawn
    ]
    told = [(kind, month) for kind, month in happens({"award": tuple(rows)}) if kind != "reduction"]
    assert sorted(told) == sorted(_plainly(drawn))


def _plainly(drawn: list[tuple[int, int, str, str]]) -> Iterator[tuple[str, int]]:
    last = (date(2021, 3, 31) - START).days
    days: dict[str, set[int]] = {name: set() for name in ("hb", "cts", "suspended", "in_payment")}
    for a, b, benefit, status in drawn:
        days[benefit] |= set(range(a, a + b + 1))
        if status in days:
            days[status] |= set(range(a, a + b + 1))
    for first, _ in _runs(days["suspended"], 7):
        if first - 1 in days["in_payment"] and 0 <= first <= last:
            yield "suspension", _month_of(first)
    found: dict[str, list[int]] = {"gap": [], "claim_end": []}
    for benefit in ("hb", "cts"):
        for kind, day in _broken(drawn, benefit, _runs(days[benefit], 7), last):
            found[kind].append(day)
    for kind, several in found.items():
        before = -10_000
        for day in sorted(several):
            if day - before > 91:
                yield kind, _month_of(day)
            before = day


def _broken(
    drawn: list[tuple[int, int, str, str]], benefit: str, runs: list[tuple[int, int]], last: int
) -> Iterator[tuple[str, int]]:
    """Gaps and ends of one benefit, by the first day without it."""
    worth = {a + n for a, b, one, status in drawn if one == benefit and status != "nil" for n in range(b + 1)}
    for (_, end), later in zip(runs, [*runs, None][1:], strict=True):
        away = 10_000 if later is None else later[0] - end - 1
        if not worth & set(range(end - 31, end + 1)):
            continue
        if away <= 91 and end + away <= last:
            yield "gap", end + 1
        elif away > 91 and end + 1 + 91 <= last:
            yield "claim_end", end + 1


def _runs(days: set[int], gap: int) -> list[tuple[int, int]]:
    """Runs of days with fewer than `gap` days between."""
    runs: list[tuple[int, int]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] - 1 < gap:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _month_of(day: int) -> int:
    when = START + timedelta(day)
    return (when.year - 2017) * 12 + when.month - 3


def _month(number: int) -> date:
    """The first day of a month of 2019, those after December of 2020."""
    return date(2019 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def _covered(source: str, but: tuple[int, ...] = ()) -> tuple[Row, ...]:
    """Every month of the 48, spoken for by a source but for some months of 2019."""
    months = [date(2017 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(48)]
    return tuple(
        {"month": day, "source": source, "covered": not (day.year == 2019 and day.month in but)} for day in months
    )


def _laid_out(drawn: list[tuple[int, int, str]]) -> list[tuple[date, date, int, str]]:
    """Stretches of a benefit end to end, from 9 January 2017."""
    told: list[tuple[date, date, int, str]] = []
    day = date(2017, 1, 9)
    for length, pence, status in drawn:
        told.append((day, day + timedelta(length), pence, status))
        day += timedelta(length + 1)
    return told


def _credit_falls(*, uprated: bool) -> Rows:
    spans = [(_month(5 + n), _month(6 + n) - DAY) for n in range(6)]
    awards = tuple(
        credit(a, b, 90_000 if n < 3 else 70_000, uprated=uprated and n == 3) for n, (a, b) in enumerate(spans)
    )
    return {"award": (award(BEGAN, benefit="cts", pence=2_000),), "universal_credit": awards}

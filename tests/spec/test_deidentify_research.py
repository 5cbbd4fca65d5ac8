"""What crosses to the research room: six months of follow-up, inferred plans, candidates and draws, households and events, by cases."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_linked import DAY, YEAR, Row, award, crossed, names, table, world

from hearthlink.deidentify import deidentify
from hearthlink.deidentify.stages import settled_by, spans
from hearthlink.engine import open_engine
from hearthlink.tables.research import CROSSED
from hearthlink.tables.spec import Kind


def days(count: int, since: date = DAY) -> date:
    """The day so many days later."""
    return since + timedelta(count)


def child(**changes: tuple[Row, ...]) -> Row:
    """The only row of research_child."""
    (row,) = crossed(world(**changes))["child"]
    return row


OWN = {"child_key": 7, "referral_no": 1}
FOLLOWED = (
    {"census": "year", "start_date": date(2019, 4, 1), "end_date": date(2020, 3, 31), "children": 1},
    {"census": "next_year", "start_date": date(2020, 4, 1), "end_date": date(2021, 3, 31), "children": 1},
    {"census": "previous_year", "start_date": date(2018, 4, 1), "end_date": date(2019, 3, 31), "children": 1},
)
STEPS: tuple[tuple[str, Row, str | None, str], ...] = (
    ("assessment", {**OWN, "start_date": DAY, "factors": []}, "assessment_six_months", "assessment"),
    ("assessment", {**OWN, "start_date": days(183), "factors": []}, "assessment_six_months", "assessment"),
    ("assessment", {**OWN, "start_date": days(184), "factors": []}, None, "referral"),
    ("assessment", {**OWN, "end_date": days(184), "factors": []}, None, "referral"),
    ("assessment", {**OWN, "factors": []}, "assessment_six_months", "assessment"),
    ("assessment", {**OWN, "referral_no": 2, "start_date": DAY, "factors": []}, None, "referral"),
    ("section47", {**OWN, "start_date": days(183)}, "section47_six_months", "section 47"),
    ("section47", {**OWN, "conference_date": days(184)}, None, "referral"),
    ("cin_plan", {"child_key": 7, "start_date": days(183)}, "cin_plan_six_months", "child in need plan"),
    ("cin_plan", {"child_key": 7, "start_date": days(-1)}, None, "referral"),
    ("protection_plan", {**OWN, "start_date": days(183)}, "protection_plan_six_months", "protection plan"),
    ("protection_plan", {**OWN, "start_date": days(184)}, None, "referral"),
    ("looked_after", {"child_key": 7, "start_date": days(183)}, "looked_after_six_months", "looked after"),
    ("looked_after", {"child_key": 7, "start_date": days(184)}, None, "referral"),
)  # fmt: skip
SIX_MONTHS = tuple(
    f"{stage}_six_months" for stage in ("assessment", "section47", "cin_plan", "protection_plan", "looked_after")
)


@pytest.mark.parametrize(("name", "step", "flag", "highest"), STEPS)
def test_a_stage_within_six_months_is_one_that_began_within_183_days(
    name: str, step: Row, flag: str | None, highest: str
) -> None:
    """Each stage is a flag of its own, and the highest of them is told beside."""
    row = child(followed_up=FOLLOWED, **{name: (step,)})
    assert {one for one in SIX_MONTHS if row[one]} == ({flag} if flag else set())
    assert row["stage_six_months"] == highest
    assert not any(row[one] is None for one in SIX_MONTHS)


def referred(day: date, **changes: tuple[Row, ...]) -> Row:
    """The row of the child referred on another day, with a claim throughout."""
    referral = {"child_key": 7, "referral_no": 1, "referral_date": day, "in_year": True}
    others = changes.pop("others", ())
    return child(child_referral=({"child_id": "AAA", "referral_date": day},), referral=(referral, *others), **changes)


FOLLOW: tuple[tuple[date, tuple[Row, ...], bool], ...] = (
    (days(-183, date(2020, 3, 31)), (), True),
    (days(-182, date(2020, 3, 31)), (), False),
    (date(2020, 3, 31), FOLLOWED[:2], True),
    (date(2020, 3, 31), (FOLLOWED[0], FOLLOWED[2]), False),
)


@pytest.mark.parametrize(("day", "censuses", "followed"), FOLLOW)
def test_a_child_whom_no_census_follows_for_six_months_has_none_of_its_stages(
    day: date, censuses: tuple[Row, ...], followed: bool
) -> None:
    """The year's own census follows those referred by 30 September; the next one everybody."""
    plan = {**OWN, "start_date": day}
    row = referred(day, followed_up=censuses, protection_plan=(plan,))
    assert row["stage"] == "protection plan"
    assert row["stage_six_months"] == ("protection plan" if followed else None)
    assert [row[one] for one in SIX_MONTHS] == ([False, False, False, True, False] if followed else [None] * 5)


ENDED = date(2019, 10, 10)
SETTLED = date(2019, 12, 12)
ASSESSED = {**OWN, "start_date": DAY, "end_date": ENDED, "factors": []}
INFERRED: tuple[tuple[Row, dict[str, tuple[Row, ...]], bool], ...] = (
    ({}, {}, True),
    ({"no_further_action": True}, {}, False),
    ({"no_further_action": False}, {}, True),
    ({"closure_reason": "RC8", "closure_date": SETTLED}, {}, False),
    ({"closure_reason": "RC8", "closure_date": days(1, SETTLED)}, {}, True),
    ({"closure_reason": "RC7", "closure_date": ENDED}, {}, True),
    ({}, {"protection_plan": ({**OWN, "start_date": SETTLED},)}, False),
    ({}, {"protection_plan": ({**OWN, "start_date": days(1, SETTLED)},)}, True),
    ({}, {"protection_plan": ({**OWN, "referral_no": 0, "start_date": days(-99), "end_date": days(-1, ENDED)},)}, True),
    ({}, {"looked_after": ({"child_key": 7, "start_date": days(-99), "end_date": ENDED},)}, False),
    ({}, {"looked_after": ({"child_key": 7, "start_date": days(1, SETTLED)},)}, True),
    ({}, {"assessment": ({**ASSESSED, "end_date": None},)}, False),
)


@pytest.mark.parametrize(("referral", "changes", "inferred"), INFERRED)
def test_a_child_in_need_plan_is_inferred_where_no_file_holds_any(
    referral: Row, changes: dict[str, tuple[Row, ...]], inferred: bool
) -> None:
    """An assessment that ended, and a case neither closed as one that needs nothing within 45 working days nor gone further in them."""
    rows = {"assessment": (ASSESSED,)} | changes
    row = referred(DAY, **rows) if not referral else child(
        referral=({**OWN, "referral_date": DAY, "in_year": True, **referral},), **rows
    )  # fmt: skip
    assert (row["cin_plan_proxy"], row["cin_plan_six_months"]) == (True, inferred)
    assert changes or (row["stage"] == "child in need plan") is inferred


def test_a_plan_is_not_inferred_where_files_hold_plans_or_the_census_would() -> None:
    """One plan of any child on file, or a census of 2021-22 or later, and no plan is inferred."""
    other = {"child_key": 8, "start_date": DAY}
    row = child(assessment=(ASSESSED,), cin_plan=(other,))
    assert (row["cin_plan_proxy"], row["cin_plan_six_months"], row["stage"]) == (False, False, "assessment")
    later = {"year_start": date(2021, 4, 1), "year_end": date(2022, 3, 31)}
    (row,) = crossed(world(assessment=(ASSESSED,)), later)["child"]
    assert row["cin_plan_proxy"] is False


def test_forty_five_working_days_leave_out_weekends_and_bank_holidays() -> None:
    """Nine weeks from a Friday, and longer over Easter and May; from a Saturday as from the Friday before."""
    ended = [date(2019, 10, 11), date(2019, 10, 12), date(2019, 4, 12)]
    found = settled_by(pa.table({"end_date": pa.array([*ended, None, ended[0]], pa.date32())})).to_pylist()
    told = {row["end_date"]: row["settled_date"] for row in found}
    assert told == {ended[0]: date(2019, 12, 13), ended[1]: date(2019, 12, 13), ended[2]: date(2019, 6, 20)}


def test_censuses_of_years_that_meet_are_one_span() -> None:
    """Three years in any order are one span; a year between them that is missing parts it in two."""
    years = [(date(y, 4, 1), date(y + 1, 3, 31)) for y in (2020, 2018, 2019)]
    assert spans(years).to_pylist() == [{"start_date": date(2018, 4, 1), "end_date": date(2021, 3, 31)}]
    assert spans(years[:2]).num_rows == 2


AROUND: tuple[tuple[date, tuple[Row, ...], bool | None, bool | None], ...] = (
    (days(-1), FOLLOWED, True, False),
    (days(-365), FOLLOWED, True, False),
    (days(-366), FOLLOWED, False, False),
    (days(1), FOLLOWED, False, True),
    (days(365), FOLLOWED, False, True),
    (days(366), FOLLOWED, False, False),
    (DAY, FOLLOWED, False, False),
    (days(1), FOLLOWED[:2], None, True),
    (days(1), (FOLLOWED[0], FOLLOWED[2]), False, None),
    (days(-1), FOLLOWED[:1], None, None),
)


@pytest.mark.parametrize(("other", "censuses", "before", "again"), AROUND)
def test_another_referral_within_365_days_is_told_where_censuses_speak_of_all_those_days(
    other: date, censuses: tuple[Row, ...], before: bool | None, again: bool | None
) -> None:
    """Empty is not told, which is never no: half a year that a census speaks of tells nothing of the whole."""
    row = referred(
        DAY, others=({**OWN, "referral_no": 2, "referral_date": other, "in_year": True},), followed_up=censuses
    )
    assert (row["referred_before"], row["referred_again"]) == (before, again)


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2019, 4, 1), 25), (date(2019, 4, 30), 25), (date(2019, 12, 31), 33), (date(2020, 1, 1), 34), (date(2020, 3, 31), 36)],
)  # fmt: skip
def test_the_month_of_the_referral_is_numbered_from_25_to_36(day: date, month: int) -> None:
    """25 is the April of the census year."""
    assert referred(day)["index_month"] == month


@pytest.mark.parametrize(
    ("born", "months"),
    [
        (DAY, 0), (date(2019, 6, 11), 0), (date(2019, 6, 10), 3), (date(2018, 9, 11), 9), (date(2018, 9, 10), 12),
        (date(2017, 9, 11), 21), (date(2017, 9, 10), 24), (date(2005, 1, 1), 24), (None, None), (days(1), None),
    ],
)  # fmt: skip
def test_months_of_life_are_told_in_threes_up_to_24(born: date | None, months: int | None) -> None:
    """A month is lived when its day has come; an unborn child has lived none that could be told."""
    (base,) = world()["child_identifier"].to_pylist()
    assert child(child_identifier=(base | {"birth_date": born},))["months_lived"] == months


# --- candidates and draws -----------------------------------------------------------------------------------


def calendar(covered: int) -> tuple[Row, ...]:
    """A calendar of 48 months of which files of claims speak of the first so many."""
    off = ("uprated", "five_mondays", "uplifted", "evictions_stayed", "allowance_reset")
    flags = [column.name for column in CROSSED[-1].columns if column.kind is Kind.FLAG]
    return tuple(
        {"month": n, "season": 1 + (n - 1) % 12 // 3, "year_no": 1 + (n - 1) // 12}
        | {name: name not in off and n <= covered for name in flags}
        for n in range(1, 49)
    )


def candidate(**changes: tuple[Row, ...]) -> Row:
    """The row of the household that the child is linked with."""
    rows = crossed(world(**{"month_calendar": calendar(48)} | changes))["candidate"]
    assert [row["rank"] for row in rows] == [0, 1]
    assert (rows[0]["household_pseudonym"], rows[0]["best"], rows[1]["best"]) == (None, False, True)
    none = ("on_benefit", "on_window", "ever_before_12", "ever_before_24", "ever_after_12")
    assert not any(rows[0][one] for one in none)
    return rows[1]


EVER: tuple[tuple[Row, tuple[bool, bool, bool]], ...] = (
    ({}, (True, True, True)),
    ({"end_date": days(-1)}, (True, True, False)),
    ({"end_date": DAY}, (True, True, True)),
    ({"end_date": days(-365)}, (True, True, False)),
    ({"end_date": days(-366)}, (False, True, False)),
    ({"start_date": date(2015, 4, 1), "end_date": days(-730)}, (False, True, False)),
    ({"start_date": date(2015, 4, 1), "end_date": days(-731)}, (False, False, False)),
    ({"start_date": DAY}, (True, True, True)),
    ({"start_date": days(1)}, (False, False, True)),
    ({"start_date": days(365)}, (False, False, True)),
    ({"start_date": days(366)}, (False, False, False)),
    ({"status": "suspended"}, (False, False, False)),
    ({"status": "nil"}, (False, False, False)),
    ({"weekly_pence": 0}, (False, False, False)),
)


@pytest.mark.parametrize(("changes", "expected"), EVER)
def test_ever_in_payment_is_told_by_effective_dates_over_the_windows(
    changes: Row, expected: tuple[bool, bool, bool]
) -> None:
    """365 and 730 days before the referral and 365 after it, the day itself in each of them."""
    row = candidate(award=(award(**changes),))
    assert (row["ever_before_12"], row["ever_before_24"], row["ever_after_12"]) == expected
    assert row["on_benefit"] <= row["ever_before_12"] <= row["ever_before_24"]


@pytest.mark.parametrize(("covered", "told"), [(48, True), (42, True), (41, False), (0, False)])
def test_the_year_after_is_empty_where_no_file_reaches_its_end(covered: int, told: bool) -> None:
    """September 2020, the month of the last day of the year after, is month 42."""
    row = candidate(month_calendar=calendar(covered))
    assert row["ever_after_12"] is (True if told else None)


CHAIN = ({"household_key": 1, "follows_key": 2, "first_key": 2, "rule": "reference"},)


def test_a_claim_that_another_followed_is_of_the_same_household() -> None:
    """The award of the claim before counts before the referral, and not on its day."""
    old = award(household_key=2, end_date=days(-100))
    row = candidate(award=(old,), household_followed=CHAIN)
    assert (row["on_benefit"], row["ever_before_12"], row["ever_after_12"]) == (False, True, False)
    assert candidate(award=(old,))["ever_before_12"] is False


def test_candidates_that_are_one_household_share_a_pseudonym_and_keep_their_ranks() -> None:
    """Two claims of one chain stand as two candidates of one household, and the best link's name is that of the chain."""
    both = (
        {"child_id": "AAA", "rank": 0, "probability": 0.1, "p_member": 0.0},
        {"child_id": "AAA", "rank": 1, "household_id": "H1", "member_id": "H1-1", "probability": 0.6, "p_member": 0.6},
        {"child_id": "AAA", "rank": 2, "household_id": "H2", "member_id": "H2-1", "probability": 0.3, "p_member": 0.3},
    )
    made = crossed(world(candidate_posterior=both, household_followed=CHAIN))
    names_ = [row["household_pseudonym"] for row in made["candidate"]]
    assert names_[0] is None
    assert names_[1] == names_[2] == made["child"][0]["household_pseudonym"]
    assert [row["best"] for row in made["candidate"]] == [False, True, False]
    apart = crossed(world(candidate_posterior=both))["candidate"]
    assert apart[1]["household_pseudonym"] != apart[2]["household_pseudonym"]


IN_CARE: tuple[tuple[tuple[Row, ...], Row, tuple[bool, bool, bool]], ...] = (
    (({"start_date": days(-100)},), {}, (True, True, False)),
    (({"start_date": days(-100)},), {"start_date": days(-100)}, (False, False, False)),
    (({"start_date": days(-100)},), {"start_date": days(-101)}, (True, True, False)),
    (({"start_date": days(-400)},), {}, (False, True, False)),
    (({"start_date": days(-400), "end_date": days(-50)}, {"start_date": days(-49)}), {}, (False, True, False)),
    (({"start_date": days(-400), "end_date": days(-51)}, {"start_date": days(-49)}), {}, (True, True, False)),
    (({"start_date": days(-800)},), {}, (False, False, False)),
)


@pytest.mark.parametrize(("spells", "changes", "expected"), IN_CARE)
def test_a_child_in_care_counts_with_its_household_until_it_came_into_care(
    spells: tuple[Row, ...], changes: Row, expected: tuple[bool, bool, bool]
) -> None:
    """Spells that meet are one; what the household had while the child lived elsewhere says nothing of the child."""
    row = candidate(looked_after=tuple({"child_key": 7} | one for one in spells), award=(award(**changes),))
    assert (row["ever_before_12"], row["ever_before_24"], row["ever_after_12"]) == expected
    assert row["on_benefit"] is False


def test_a_second_home_counts_in_every_window_for_the_match_alone() -> None:
    """The claim of another household that lists the child on the day counts as it does on the day."""
    member = {
        "person_no": 9, "side": "member", "role": "dependant", "forename": "AAA", "surname": "AAA",
        "birth_date": date(2010, 9, 11), "birth_date_weak": False,
    }  # fmt: skip
    people = tuple(member | {"group_id": home, "record_id": f"{home}-1"} for home in ("H1", "H2"))
    row = candidate(person=(*world()["person"].to_pylist(), *people), award=(award(household_key=2),))
    assert all(row[name] for name in ("on_benefit", "ever_before_12", "ever_before_24", "ever_after_12"))


def test_draws_keep_their_ranks_and_say_what_the_child_has() -> None:
    """The rank in each draw crosses as it is; a child that could not be linked has no row."""
    made = crossed(world())
    assert [row["ranks"] for row in made["draw"]] == [[1, 1, 0]]
    assert made["draw"][0]["child_pseudonym"] == made["child"][0]["child_pseudonym"]
    taken = [made["candidate"][rank]["on_benefit"] for rank in made["draw"][0]["ranks"]]
    assert made["child"][0]["on_draws"] == [int(one) for one in taken]
    assert crossed(world(link=(), candidate_posterior=(), link_draw=()))["draw"] == []


# --- households by month and what befell them ---------------------------------------------------------------

LISTED = {"household_key": 1, "has_dependants": True, "has_partner": False, "credit_only": False}


def stretch(key: int, first: int, last: int, **changes: object) -> Row:
    """A household in payment over some months."""
    return {"household_key": key, "first_month": first, "last_month": last, "status": "in_payment"} | changes


def test_households_with_children_cross_whether_or_not_a_child_of_theirs_was_referred() -> None:
    """One without children crosses only where a child may live in it, and one never observed has no month."""
    facts = tuple(LISTED | {"household_key": key, "has_dependants": key in (1, 3)} for key in (1, 2, 3))
    seen = (stretch(2, 3, 5), stretch(3, 3, 5), stretch(3, 9, 20))
    made = crossed(world(household_fact=facts, household_state=seen))
    assert sorted((row["first_month"], row["last_month"]) for row in made["household"]) == [(0, 0), (3, 20)]
    assert [(row["first_month"], row["last_month"]) for row in made["stretch"]] == [(3, 5), (9, 20)]
    linked = {row["household_pseudonym"]: row["first_month"] for row in made["household"]}
    assert linked[made["child"][0]["household_pseudonym"]] == 0
    candidates = (
        {"child_id": "AAA", "rank": 0, "probability": 0.5, "p_member": 0.0},
        {"child_id": "AAA", "rank": 1, "household_id": "H2", "probability": 0.5, "p_member": 0.0},
    )
    made = crossed(world(household_fact=facts, household_state=seen, candidate_posterior=candidates, link=()))
    assert sorted((row["first_month"], row["last_month"]) for row in made["household"]) == [(3, 5), (3, 20)]


HOMES: tuple[tuple[tuple[Row, ...], int | None], ...] = (
    (({"postcode": "ZZ12ZZ"},), 2),
    (({"postcode": "ZZ12ZZ", "end_date": days(0)}, {"postcode": "ZZ11ZZ"}), 1),
    (({"postcode": "ZZ12ZZ", "start_date": days(1)}, {"postcode": "ZZ11ZZ", "start_date": days(0)}), 2),
    (({"postcode": "ZZ12ZZ"}, {"postcode": None, "start_date": days(1)}), 2),
    (({"postcode": "ZZ19ZZ"},), None),
    ((), None),
)


@pytest.mark.parametrize(("homes", "fifth"), HOMES)
def test_deprivation_is_that_of_the_last_home_in_fifths(homes: tuple[Row, ...], fifth: int | None) -> None:
    """The home that still holds before one that ended, then the one that began last; unknown stays empty."""
    places = tuple({"side": "member", "owner_id": "H1", "communal": False} | one for one in homes)
    areas = tuple(
        {"postcode": code, "lsoa": "E1", "lsoa_edition": 2011, "imd_decile": decile}
        for code, decile in (("ZZ11ZZ", 2), ("ZZ12ZZ", 3))
    )
    (row,) = crossed(world(place=places, postcode_area=areas))["household"]
    assert row["deprivation_fifth"] == fifth


@pytest.mark.parametrize(
    ("elements", "disability"),
    [
        (({"lcwra_element": 34_000, "disabled_child_element": 0},), True),
        (({"lcwra_element": None, "disabled_child_element": 12_000},), True),
        (({"lcwra_element": 0, "disabled_child_element": 0},), False),
        (({"lcwra_element": 0, "disabled_child_element": None},), None),
        (({"lcwra_element": None}, {"lcwra_element": 1}), True),
        ((), None),
    ],
)
def test_a_disability_is_seen_by_elements_that_are_paid_for_it(
    elements: tuple[Row, ...], disability: bool | None
) -> None:
    """Where no element is told it is not seen, which is never no."""
    paid = tuple(
        {"household_key": 1, "award_no": 1, "start_date": DAY, "end_date": DAY, "uprated": False} | one
        for one in elements
    )
    (row,) = crossed(world(universal_credit=paid))["household"]
    assert row["disability"] is disability


def test_a_household_of_which_any_claim_is_on_file_is_not_known_from_universal_credit_alone() -> None:
    """A chain is so only where every household of it is."""
    facts = tuple(LISTED | {"household_key": key, "credit_only": key == 1} for key in (1, 2))
    assert [row["credit_only"] for row in crossed(world(household_fact=facts))["household"]] == [True]
    assert [
        row["credit_only"] for row in crossed(world(household_fact=facts, household_followed=CHAIN))["household"]
    ] == [False]


def event(day: date, key: int = 1, **changes: object) -> Row:
    """A suspension decided on a day."""
    month = 12 * (day.year - 2017) + day.month - 3
    return {
        "household_key": key,
        "kind": "suspension",
        "day": day,
        "month": month,
        "basis": "decided",
        "dose": 2,
    } | changes


WEEKS = ((0, 0), (6, 0), (7, 1), (-1, -1), (-7, -1), (-8, -2), (-735, -105), (-736, None), (377, 53), (378, None))


@pytest.mark.parametrize(("offset", "weeks"), WEEKS)
def test_events_are_told_by_whole_weeks_from_the_referral(offset: int, weeks: int | None) -> None:
    """The week before the referral is -1 and the one that begins with it 0; what lies farther off is not told with a child."""
    made = crossed(world(household_event=(event(days(offset)),)))
    found = [(row["rank"], row["weeks"], row["dose"]) for row in made["child_event"]]
    assert found == ([] if weeks is None else [(1, weeks, 2)])
    assert [(row["kind"], row["basis"]) for row in made["event"]] == [("suspension", "decided")]


def test_an_event_stands_with_every_candidate_whose_household_it_befell() -> None:
    """Of two candidates of one chain both have it; of another household none."""
    both = tuple(
        {"child_id": "AAA", "rank": n, "household_id": home, "probability": 0.3, "p_member": 0.0}
        for n, home in enumerate((None, "H1", "H2"))
    )
    struck = (event(DAY, key=2), event(DAY, key=9))
    chained = crossed(world(candidate_posterior=both, household_followed=CHAIN, household_event=struck))
    assert [row["rank"] for row in chained["child_event"]] == [1, 2]
    apart = crossed(world(candidate_posterior=both, household_event=struck))
    assert [row["rank"] for row in apart["child_event"]] == [2]
    assert len(apart["event"]) == 1


def test_no_date_and_no_id_crosses() -> None:
    """No research table has a column of dates, and no id, key or postcode stands in any."""
    assert not [column.name for spec in CROSSED for column in spec.columns if column.kind is Kind.DATE]
    made = crossed(
        world(household_state=(stretch(1, 1, 48),), household_event=(event(DAY),), month_calendar=calendar(48))
    )
    text = repr(made)
    assert not any(word in text for word in ("AAA", "H1", "F1", "ZZ1", "2019", "2010", "datetime"))


# --- pseudonyms change nothing ------------------------------------------------------------------------------


def settlement(count: int, seed: int) -> dict[str, tuple[Row, ...]]:
    """Some children in families of two, each between two households of three, with stretches and events."""
    children = [f"C{n}" for n in range(count)]
    identifier = {"birth_date_estimated": False, "restricted": False, "unborn": False}
    homes = [f"H{n}" for n in range(1, count + 2)]
    posterior = [
        {"child_id": one, "rank": rank, "household_id": home, "probability": 1 / 3, "p_member": 0.0}
        for n, one in enumerate(children)
        for rank, home in enumerate((None, homes[n], homes[n + 1]))
    ]
    return {
        "child_identifier": tuple({"child_id": one, "child_key": n, **identifier} for n, one in enumerate(children)),
        "child_referral": tuple({"child_id": one, "referral_date": days(7 * n)} for n, one in enumerate(children)),
        "child": tuple({"child_key": n, "disabled": bool(n % 2), "unborn": False} for n in range(count)),
        "referral": (), "person": (), "place": (), "postcode_area": (), "link_quality": (),
        "household_identifier": tuple({"household_id": one, "household_key": n} for n, one in enumerate(homes, 1)),
        "link": tuple(
            {"child_id": one, "family_id": f"F{n // 2}", "outcome": "listed", "household_id": homes[n], "p_household": 1.0,
             "p_person": 1.0, "p_none": 0.0} for n, one in enumerate(children)
        ),
        "candidate_posterior": tuple(posterior),
        "link_draw": tuple({"child_id": one, "ranks": [(n * seed + k) % 3 for k in range(5)]} for n, one in enumerate(children)),
        "award": tuple(award(household_key=n, end_date=days(50 * n)) for n in range(1, count + 2, 2)),
        "household_state": tuple(stretch(n, first, first + 3) for n in range(1, count + 2) for first in (1 + seed % 9, 30)),
        "household_event": tuple(event(days(30 * n - 200), key=n) for n in range(1, count + 2)),
        "month_calendar": calendar(48),
    }  # fmt: skip


def unnamed(made: dict[str, pa.Table]) -> dict[str, list[str]]:
    """Every table with each pseudonym put back to what it was made from, its rows in an order of their own."""
    return {name: sorted(repr(sorted(row.items())) for row in rows.to_pylist()) for name, rows in made.items()}


@settings(max_examples=12, deadline=None)
@given(count=st.integers(1, 7), seed=st.integers(0, 50), turn=st.randoms(use_true_random=False))
def test_pseudonyms_and_the_order_of_rows_change_no_answer(count: int, seed: int, turn: random.Random) -> None:
    """Other pseudonyms in another order, and every table's rows shuffled, give the same rows once names are put back."""
    rows = settlement(count, seed)
    ids: dict[str, str] = {}

    def plain(kind: str, asked: Sequence[str]) -> list[str]:
        return [f"{kind}:{one}" for one in asked]

    def turned(kind: str, asked: Sequence[str]) -> list[str]:
        made = names(f"{seed}")(kind, asked)[::-1]
        ids.update({f"{kind[0]}{name}": f"{kind}:{one}" for name, one in zip(made, asked, strict=True)})
        return [f"{kind[0]}{name}" for name in made]

    shuffled = {name: tuple(turn.sample(held, len(held))) for name, held in rows.items()}
    with open_engine(threads=1) as engine:
        first = deidentify(engine, world(**rows), **YEAR, new_pseudonyms=plain)
        second = deidentify(engine, world(**shuffled), **YEAR, new_pseudonyms=turned)
    back = {name: _put_back(one, ids) for name, one in second.items()}
    assert unnamed(back) == unnamed(first)
    for name, one in second.items():
        named = one.column_names[0]
        if named.endswith("_pseudonym"):
            assert one.column(named).to_pylist() == sorted(one.column(named).to_pylist()), name


def _put_back(made: pa.Table, ids: dict[str, str]) -> pa.Table:
    for place, column in enumerate(made.column_names):
        if column.endswith("_pseudonym"):
            told = [None if one is None else ids[one] for one in made.column(column).to_pylist()]
            made = made.set_column(place, column, pa.array(told, pa.string()))
    return made


def test_each_child_keeps_its_own_rows() -> None:
    """Under turned pseudonyms a child's ranks, candidates and events are still its own."""
    rows = settlement(6, 2)
    forwards = names()
    with open_engine(threads=1) as engine:
        made = deidentify(engine, world(**rows), **YEAR, new_pseudonyms=lambda kind, ids: forwards(kind, ids)[::-1])
    child_, draw = made["research_child"].to_pylist(), made["research_draw"].to_pylist()
    months = [row["index_month"] for row in child_]
    assert months == sorted(months, reverse=True)
    assert [row["ranks"] for row in draw] == [row["ranks"] for row in rows["link_draw"][::-1]]
    assert table("household_event", *rows["household_event"]).num_rows == made["research_event"].num_rows

"""Circumstances of invented households hang together, move nobody, and say of every event whether it raises referral."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from hearthlink.synthetic import Settings
from hearthlink.synthetic.circumstances import Circumstances
from hearthlink.synthetic.money import bedrooms
from hearthlink.synthetic.money.policy_rates import evictions_stayed, mondays, net, upratings_between
from hearthlink.synthetic.ward import make_ward, plan_wards
from hearthlink.synthetic.world import Award, AwardDetail, Claim, Family, TruePerson, Ward
from hearthlink.synthetic.writing import homelessness as write_homelessness
from hearthlink.synthetic.writing import meals as write_meals
from hearthlink.synthetic.writing import universal_credit as write_universal_credit

SETTINGS = Settings(
    children=300, households=800, months=36, following=True, seed=7,
    layouts=("cin", "ssd", "shbe", "cts", "universal_credit", "homelessness", "rent", "council_tax", "school_meals"),
)  # fmt: skip
(PLAN,) = plan_wards(SETTINGS)
FIRST = SETTINGS.month_starts()[0]


@pytest.fixture(scope="module")
def ward() -> Ward:
    return make_ward(SETTINGS, PLAN)


def worked(ward: Ward) -> Iterator[tuple[Claim, Award, AwardDetail]]:
    """Every award that was worked out, with its claim and its working."""
    for claim in ward.claims:
        for award in claim.awards:
            if award.detail is not None:
                yield claim, award, award.detail


def lived(ward: Ward) -> Iterator[tuple[Claim, Family | None, Circumstances]]:
    """The circumstances of every claim, with the claim and its family."""
    claims = {claim.number: claim for claim in ward.claims}
    families = {family.number: family for family in ward.families}
    for one in ward.circumstances:
        if one.claim:
            yield claims[one.claim], families.get(one.family), one


def events(family: Family | None, kind: str, one: Circumstances | None = None) -> list[date]:
    """The days of one kind of event of a family, and of its other home's claim."""
    days = [event.day for event in family.events if event.kind == kind] if family else []
    return days + [trace.day for trace in one.traces if trace.kind == kind] if one else days


# --- nothing moves -------------------------------------------------------------------------------------------


def test_circumstances_move_no_person_error_link_or_payment(ward: Ward) -> None:
    """With and without circumstances, everybody, every record and every day in payment are the same; only money differs."""
    plain = make_ward(SETTINGS, PLAN, circumstances=False)
    assert (ward.families, ward.care_records, ward.truths, ward.following) == (
        plain.families,
        plain.care_records,
        plain.truths,
        plain.following,
    )
    for one, two in zip(ward.claims, plain.claims, strict=True):
        assert replace(one, awards=()) == replace(two, awards=())
        spells = [[(a.start, a.hb_status, a.ctr_status) for a in claim.awards] for claim in (one, two)]
        assert [span for span in spells[1] if span not in spells[0]] == []
        changed = [
            span[1:]
            for span, before in zip(spells[0], [None, *spells[0]], strict=False)
            if not before or span[1:] != before[1:]
        ]
        assert changed == [
            s[1:] for s, before in zip(spells[1], [None, *spells[1]], strict=False) if not before or s[1:] != before[1:]
        ]


def test_layouts_asked_for_change_no_other_household(ward: Ward) -> None:
    """Asking for further layouts changes no claim, record, event or truth."""
    other = make_ward(replace(SETTINGS, layouts=("cin", "ssd", "shbe", "cts")), PLAN)
    assert (other.claims, other.care_records, other.families) == (ward.claims, ward.care_records, ward.families)
    traces = {one.claim: one.traces for one in ward.circumstances}
    assert all(traces[one.claim] == one.traces for one in other.circumstances if one.claim)


# --- awards --------------------------------------------------------------------------------------------------


def test_a_passported_claim_holds_no_line_of_income(ward: Ward) -> None:
    """Passported awards hold no earnings, benefit line, assessed or excess income, and they do occur."""
    found = 0
    for _, award, detail in worked(ward):
        lines = (
            award.claimant_earnings, award.partner_earnings, award.tax_credits, award.child_benefit, award.capital,
            award.disability_benefit, award.state_pension, award.other_income, detail.claimant_net, detail.partner_net,
            detail.carer, detail.care, detail.maintenance, detail.assessed, detail.excess, detail.disregarded,
        )  # fmt: skip
        if award.passport:
            found += 1
            assert not any(line is not None for line in lines)
        else:
            assert detail.excess is not None
    assert found > 100


def test_housing_benefit_is_the_rent_less_its_reductions_and_the_taper(ward: Ward) -> None:
    """What is awarded is eligible rent less reductions, less 65 pence of each pound of excess income, and never under 50 pence."""
    found = 0
    for _, award, detail in worked(ward):
        if award.hb_status not in ("payment", "suspended") or award.hb_weekly is None:
            continue
        found += 1
        reductions = award.size_criteria_reduction + award.non_dependant_deduction
        due = (award.eligible_rent or 0) - reductions - 0.65 * (detail.excess or 0)
        assert abs(award.hb_weekly + award.benefit_cap_reduction - max(due, 50)) <= 1
        assert award.contractual_rent is not None
        assert (award.eligible_rent or 0) <= award.contractual_rent
    assert found > 300


def test_assessed_income_is_the_lines_that_count(ward: Ward) -> None:
    """Assessed income is net earnings less disregards and the benefits that count, and the excess is what of it is over."""
    for _, award, detail in worked(ward):
        if detail.assessed is None or award.passport:
            continue
        earned = (detail.claimant_net or 0) + (detail.partner_net or 0) - (detail.earnings_disregard or 0)
        counted = (
            (award.tax_credits or 0)
            + (award.state_pension or 0)
            + (award.other_income or 0)
            - (detail.maintenance or 0)
        )
        assert detail.assessed == max(earned - (detail.disregarded or 0), 0) + counted
        assert detail.excess == max(detail.assessed - detail.applicable, 0)
        assert detail.claimant_net == net(award.claimant_earnings or 0)


def test_awards_fall_when_earnings_rise(ward: Ward) -> None:
    """Between two awards of one claim that differ in net earnings alone, the one with more earned is not the greater."""
    compared = 0
    for claim in ward.claims:
        for one, two in pairwise(claim.awards):
            if one.detail is None or two.detail is None or one.passport or one.hb_status != "payment":
                continue
            same = (one.eligible_rent, one.size_criteria_reduction, one.non_dependant_deduction, one.benefit_cap_reduction,
                    one.detail.applicable, one.hb_status)  # fmt: skip
            if same != (two.eligible_rent, two.size_criteria_reduction, two.non_dependant_deduction,
                        two.benefit_cap_reduction, two.detail.applicable, two.hb_status):  # fmt: skip
                continue
            excess = (two.detail.excess or 0) - (one.detail.excess or 0)
            if excess:
                compared += 1
                assert ((two.hb_weekly or 0) - (one.hb_weekly or 0)) * excess <= 0
    assert compared > 20


def test_job_loss_is_earnings_to_nil_and_nothing_else_is(ward: Ward) -> None:
    """The main earner's pay goes to nil on the day of a job loss; it reaches nil on no other day of a claim."""
    families = {family.number: family for family in ward.families}
    quiet = {one.claim: [t.day for t in one.traces if t.kind == "job_loss"] for one in ward.circumstances}
    losses = 0
    for claim in ward.claims:
        days = events(families.get(claim.family), "job_loss") + quiet[claim.number]
        for one, two in pairwise(claim.awards):
            if one.detail is None or one.passport or two.passport or one.universal_credit != two.universal_credit:
                continue
            if (one.claimant_earnings or 0) > 0 and two.claimant_earnings == 0:
                losses += 1
                assert two.start in days
    assert losses > 10


@pytest.mark.parametrize("kind", ["council", "housing_association"])
def test_social_rents_change_in_april_and_with_the_home_alone(ward: Ward, kind: str) -> None:
    """A social tenant's rent is another one only from the first Monday of April or from a move."""
    families = {family.number: family for family in ward.families}
    changes = 0
    for claim in ward.claims:
        family = families.get(claim.family)
        moved = {*events(family, "move"), *events(family, "homelessness")}
        for one, two in pairwise(claim.awards):
            if one.detail is None or two.detail is None or one.detail.tenure != kind or one.contractual_rent is None:
                continue
            if one.contractual_rent != two.contractual_rent:
                changes += 1
                assert two.start in moved or upratings_between(two.start - timedelta(days=1), two.start) == 1
    assert changes > 20


def test_the_size_criteria_strike_social_tenants_of_working_age_with_a_room_to_spare(ward: Ward) -> None:
    """A reduction is 14 or 25 per cent of the eligible rent, and only where more bedrooms are held than allowed."""
    found = 0
    for claim, award, detail in worked(ward):
        if award.size_criteria_reduction:
            found += 1
            assert detail.tenure in ("council", "housing_association")
            assert not claim.pensioner
            share = 14 if detail.bedrooms - detail.entitled == 1 else 25
            assert award.size_criteria_reduction == (award.eligible_rent or 0) * share // 100
            assert detail.bedrooms > detail.entitled
    assert found > 10


def test_some_homes_are_overcrowded_and_most_are_not(ward: Ward) -> None:
    """Between one and three homes in ten have fewer bedrooms than the standard asks."""
    short = Counter(detail.bedrooms < detail.needed for claim, _, detail in worked(ward) if claim.has_children)
    assert 0.08 < short[True] / (short[True] + short[False]) < 0.35


# --- rent, council tax, homelessness -------------------------------------------------------------------------


def test_each_rent_balance_is_the_one_before_with_the_charge_and_less_the_payment(ward: Ward) -> None:
    """Balances add up to the penny, rent is charged for each Monday, and nobody pays less than nothing."""
    found = 0
    for _, _, one in lived(ward):
        for tenancy in one.tenancies:
            for before, after in pairwise(tenancy.balances):
                found += 1
                assert after.owed == before.owed + after.charged - after.paid
                assert after.paid >= 0
                weeks = mondays(before.day + timedelta(days=1), after.day)
                assert weeks in (4, 5)
                assert after.charged % weeks == 0
    assert found > 1000


def test_deep_rent_arrears_follow_an_arrears_event_or_precede_an_eviction(ward: Ward) -> None:
    """More than four weeks' rent is owed only from the month of an arrears event, or in the ten months before an eviction."""
    struck = 0
    for _, family, one in lived(ward):
        for tenancy in one.tenancies:
            for balance in tenancy.balances:
                rent = max(step.weekly for step in tenancy.steps if step.start <= balance.day)
                if balance.owed <= 4.2 * rent:
                    continue
                struck += 1
                day = balance.day
                after = any(
                    (day.year, day.month) >= (event.year, event.month) for event in events(family, "arrears", one)
                )
                before = tenancy.evicted is not None and (tenancy.evicted - day).days < 310
                assert after or before
    assert struck > 10


def test_evictions_come_after_notice_order_and_arrears_and_never_in_the_stay(ward: Ward) -> None:
    """Notice, order and eviction are in order, arrears stood before them, the tenancy ends that day, and 2020's stay holds."""
    wards = (ward, *(make_ward(replace(SETTINGS, seed=seed), PLAN) for seed in (8,)))
    found = [
        (one, tenancy) for each in wards for _, _, one in lived(each) for tenancy in one.tenancies if tenancy.evicted
    ]
    assert found
    for one, tenancy in found:
        assert tenancy.notice is not None
        assert tenancy.possession is not None
        assert tenancy.evicted is not None
        assert tenancy.start < tenancy.notice < tenancy.possession < tenancy.evicted
        assert tenancy.end == tenancy.evicted
        assert not evictions_stayed(tenancy.evicted)
        assert all(b.owed > 0 for b in tenancy.balances if b.day > tenancy.notice)
        assert [trace for trace in one.traces if trace.kind == "eviction"]


def test_a_liability_order_follows_an_arrears_event_and_nothing_else(ward: Ward) -> None:
    """Recovery of council tax goes past the summons only from the month of an arrears event on."""
    late = {"liability order", "enforcement agent", "attachment of benefit"}
    found = 0
    for _, family, one in lived(ward):
        for balance in one.tax:
            if balance.stage in late:
                found += 1
                days = events(family, "arrears", one)
                assert any((balance.day.year, balance.day.month) >= (day.year, day.month) for day in days)
            assert balance.owed > 0
    assert found > 50


def test_what_the_claim_says_of_council_tax_is_what_the_account_says(ward: Ward) -> None:
    """An award holds the month's balance and stage of the account."""
    for claim, _, one in lived(ward):
        known = {(b.day.year, b.day.month): (b.owed, b.stage) for b in one.tax}
        for award in claim.awards:
            if award.detail is not None and award.start >= FIRST and award.start >= claim.start:
                assert (award.council_tax_balance, award.recovery_stage) == known.get(
                    (award.start.year, award.start.month), (0, "")
                )


def test_a_homelessness_case_stands_behind_every_loss_of_a_home_since_april_2018(ward: Ward) -> None:
    """Each family that went to temporary accommodation has a case that opened by then and gives the room's dates."""
    cases = {(one.family, case.temporary_start): case for _, _, one in lived(ward) for case in one.cases}
    claims = {claim.number: claim for claim in ward.claims}
    found = 0
    for family in ward.families:
        running = [
            claims[n] for n in family.claims if n in claims and claims[n].end is None and claims[n].start < FIRST
        ]
        for day in events(family, "homelessness"):
            if running and day > date(2018, 7, 1) and family.stays[0].start < day:
                case = cases[family.number, day]
                assert case.opened <= day
                assert case.loss_reason
                found += 1
    assert found
    made = write_homelessness.part(ward, SETTINGS)[write_homelessness.PEOPLE].body.decode().splitlines()
    assert {line.split(",")[1] for line in made} >= {"applicant", "child"}


# --- Universal Credit and school meals ------------------------------------------------------------------------


def test_a_universal_credit_award_is_its_parts_less_what_is_taken_off(ward: Ward) -> None:
    """Periods follow one another, an award never passes its parts, and what is taken off never makes it less than nothing."""
    for one in ward.circumstances:
        for before, after in pairwise(one.credit):
            assert after.start == before.end + timedelta(days=1)
        for month in one.credit:
            parts = (
                month.standard
                + month.child
                + month.disabled_child
                + month.limited_capability
                + month.carer
                + month.housing
            )
            taken = month.deductions + month.sanction + month.advance + month.cap
            assert 0 <= month.award <= parts - taken if taken else 0 <= month.award <= parts
            assert month.earnings or month.award + taken == parts - month.other_income


def test_two_paydays_make_an_award_fall_though_nothing_has_changed(ward: Ward) -> None:
    """Some earners have a period with twice the pay of the periods beside it, and a smaller award in it."""
    doubled = 0
    for one in ward.circumstances:
        for before, month, after in zip(one.credit, one.credit[1:], one.credit[2:], strict=False):
            if before.earnings == after.earnings > 0 and month.earnings == 2 * before.earnings:
                kept = [(m.standard, m.child, m.housing, m.deductions, m.sanction, m.advance) for m in (before, month)]
                if kept[0] == kept[1]:
                    doubled += 1
                    assert month.award <= before.award
    assert doubled > 5


def test_the_rise_of_april_2020_reaches_everybody(ward: Ward) -> None:
    """Each single or couple rate is about twenty pounds a week more from April 2020 on."""
    rates = {
        (period >= date(2020, 4, 1), amount)
        for one in ward.circumstances
        for month in one.credit
        for period, amount in ((month.start, month.standard),)
    }
    assert rates == {(False, 31782), (False, 49889), (True, 40989), (True, 59404)}


def test_the_data_share_names_no_child_and_tells_of_families_with_no_claim(ward: Ward) -> None:
    """Its columns hold claimant and partner alone, and some awards have no claim reference."""
    assert not [
        name
        for name in write_universal_credit.COLUMNS
        if "child" in name and "element" not in name and name != "children"
    ]
    lines = write_universal_credit.part(ward, SETTINGS)[write_universal_credit.FILE].body.decode().splitlines()
    blank = sum(line.startswith(",") for line in lines)
    assert 0 < blank < len(lines) / 2
    alone = [one for one in ward.circumstances if not one.claim and one.credit]
    absent = {truth.number: truth.absent for truth in (*ward.truths, *ward.following)}
    children = {family.number: [absent.get(child.number) for child in family.children] for family in ward.families}
    assert alone
    assert all("universal_credit_only" in children[one.family] for one in alone)


def test_school_meals_are_for_pupils_and_stay_open_since_april_2018(ward: Ward) -> None:
    """No spell begins before school, and one that ran in April 2018 or began after has no end while the pupil is at school."""
    text = write_meals.part(ward, SETTINGS)[write_meals.FILE].body.decode().splitlines()
    rows = [dict(zip(write_meals.COLUMNS, line.split(","), strict=True)) for line in text]
    assert len(rows) > 200
    held = {record.upn for record in ward.care_records if record.upn}
    assert sum(row["upn"] in held for row in rows) > 20
    for row in rows:
        if row["fsmstartdate"] >= "2018-04-01" and row["fsmenddate"]:
            assert row["fsmenddate"][5:] == "07-20"


# --- the truth of events ---------------------------------------------------------------------------------------


def test_traces_lie_in_the_window_and_are_of_every_kind(ward: Ward) -> None:
    """What is noted lies in the days watched, and each kind that raises nothing does occur."""
    kinds = Counter(trace.kind for one in ward.circumstances for trace in one.traces)
    assert {
        "overpayment_recovery",
        "housing_payment",
        "sanction",
        "earnings_change",
        "pay_rise",
        "prevention_case",
    } <= set(kinds)
    assert all(
        FIRST - timedelta(days=62) <= trace.day <= SETTINGS.watched_until
        for one in ward.circumstances
        for trace in one.traces
    )


def born(number: int, sex: str, year: int) -> TruePerson:
    return TruePerson(
        number, "AAA", "", "SMITH", "", date(year, 1, 1), False, "M" if sex == "M" else "F", "WBRI", "", ()
    )


@pytest.mark.parametrize(
    ("couple", "adults", "children", "needed", "entitled"),
    [
        (False, 1, [], 1, 1),
        (True, 2, [], 1, 1),
        (True, 3, [], 2, 2),
        (False, 1, [("F", 2018), ("M", 2016)], 2, 2),
        (False, 1, [("F", 2008), ("M", 2007)], 3, 3),
        (False, 1, [("F", 2008), ("F", 2007)], 2, 2),
        (False, 1, [("F", 2008), ("F", 2016)], 2, 2),
        (False, 1, [("F", 2008), ("M", 2016)], 3, 3),
        (True, 2, [("F", 2002), ("F", 2007)], 2, 3),
        (True, 2, [("M", 2016), ("M", 2015), ("M", 2014)], 3, 3),
    ],
)
def test_bedrooms_by_both_rules(
    couple: bool, adults: int, children: list[tuple[str, int]], needed: int, entitled: int
) -> None:
    """The bedroom standard lets two of one sex share until 21, the rule of Housing Benefit until 16."""
    people = [born(place, sex, year) for place, (sex, year) in enumerate(children)]
    day = date(2020, 1, 1)
    assert bedrooms.needed(couple, adults, people, day) == needed
    assert bedrooms.entitled(couple, adults, people, day) == entitled

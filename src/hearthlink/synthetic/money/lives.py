"""The circumstances of every claim of a ward, put together: what is drawn for each, in which order, and what it leaves behind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.circumstances import Circumstances, CreditMonth, HomelessCase, TenureKind, Trace
from hearthlink.synthetic.claims import OpenClaim
from hearthlink.synthetic.families import Household, Period
from hearthlink.synthetic.money.credit_months import CreditState, credit_months
from hearthlink.synthetic.money.homeless_cases import homeless_cases
from hearthlink.synthetic.money.household_means import CREDIT_HOUSING, SUSPENSIONS, Fixed, detailed, draw_rooms
from hearthlink.synthetic.money.income_lines import draw_sources
from hearthlink.synthetic.money.life import Life
from hearthlink.synthetic.money.policy_rates import net
from hearthlink.synthetic.money.spells import draw_spells
from hearthlink.synthetic.money.tax_balances import tax_balances
from hearthlink.synthetic.money.tenancies import tenancies
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import AbsentReason, Award, Claim, EventKind, Settings

MONEY_LAYOUTS = frozenset(
    {"universal_credit", "homelessness", "rent", "housing_payments", "council_tax", "school_meals"}
)
MIGRATED = "moved to universal credit"
UNKNOWN_TO_COUNCIL = 0.65
"""How many of the Universal Credit families with no local claim never told DWP that they want council tax support."""
_DAY = timedelta(days=1)


def live(
    settings: Settings, ward: int, period: Period, opened: Iterable[OpenClaim], recorded: dict[int, Claim]
) -> tuple[Circumstances, ...]:
    """The circumstances of each claim, in the order of the claims.

    In ``recorded`` each claim with children is given its detailed awards. Those of no family are left in outline, and lived
    through only where a layout of `MONEY_LAYOUTS` is asked for, as Universal Credit awards and rent balances are made only then.
    """
    # One seed for the ward and one generator for each claim: what is drawn for one stirs no other.
    seed = stream(settings, ward, "circumstances").getrandbits(128)
    whole = not MONEY_LAYOUTS.isdisjoint(settings.layouts)
    made: list[Circumstances] = []
    tenures: dict[int, TenureKind] = {}
    for one in opened:
        claim = recorded[one.number]
        if one.household is None and not whole:
            continue
        random = Random(seed + one.number)
        tenures[one.number] = tenure = _tenure(random, one, claim)
        people = {listing.person.number: listing.person for listing in one.listings}
        life = Life(claim, one, people, _happened(one, claim, period), period, random, tenure)
        life.taken_over = one.replaces is not None and tenures.get(one.replaces) == "council"
        if one.quiet_events:
            life.traces += [Trace(event.day, event.kind) for event in one.quiet_events if event.day >= period.first]
        lived, circumstances = _circumstances(life, seed + (one.number << 40), whole=whole)
        made.append(circumstances)
        if claim.has_children:
            recorded[one.number] = lived
    return tuple(made)


def live_without_claim(
    settings: Settings, ward: int, period: Period, households: Iterable[Household], reasons: Mapping[int, AbsentReason]
) -> tuple[Circumstances, ...]:
    """What befell the families that never had a local claim: homelessness cases, and Universal Credit where DWP told of it."""
    seed = stream(settings, ward, "circumstances").getrandbits(128)
    made: list[Circumstances] = []
    for household in households:
        if household.claims:
            continue
        random = Random(seed + household.number)
        struck = tuple(event.day for event in household.events if event.kind == "homelessness")
        renting = random.random() < 0.6
        cases = homeless_cases(
            random, household.number, period, household.stays, struck, (), (), renting_privately=renting
        )
        claimed, credit = None, ()
        if reasons.get(household.number) == "universal_credit_only" and random.random() > UNKNOWN_TO_COUNCIL:
            claimed, credit = _credit_only(random, household, period)
        if cases or credit:
            tenure: TenureKind = "private" if renting else "housing_association"
            made.append(
                Circumstances(
                    0, household.number, tenure, (), cases, (), (), (), claimed, credit, False, (), (),
                    tuple(household.adults), (*household.adults, *household.children), tuple(household.stays),
                )
            )  # fmt: skip
    return tuple(made)


def _tenure(random: Random, opened: OpenClaim, claim: Claim) -> TenureKind:
    """The true tenure; of a claim for council tax alone the office's code says no more than whether the home is owned."""
    known: dict[int, TenureKind] = {
        1: "council", 3: "private", 4: "housing_association", 5: "owner", 6: "private", 8: "council_temporary", 9: "private",
    }  # fmt: skip
    if claim.tenure in known:
        return known[claim.tenure]
    if opened.means.social_rent:
        return "council" if random.random() < 0.6 else "housing_association"
    return "private"


def _happened(opened: OpenClaim, claim: Claim, period: Period) -> dict[EventKind, tuple[date, ...]]:
    """The days of the family's events that fell in the claim, by kind; of another home's claim its own."""
    found: dict[EventKind, list[date]] = {}
    last = period.until if claim.end is None else claim.end + _DAY
    main = opened.household if opened.main_home else None
    for event in opened.quiet_events if main is None else main.events:
        if claim.start <= event.day <= last:
            found.setdefault(event.kind, []).append(event.day)
    return {kind: tuple(sorted(days)) for kind, days in found.items()}


def _homeless(life: Life) -> tuple[date, ...]:
    """The days on which the family lost its home, those before and after its claims too, each with one claim."""
    opened, household = life.opened, life.opened.household
    return tuple(
        event.day
        for event in (household.events if household is not None else ())
        if event.kind == "homelessness"
        and (opened.start <= event.day or opened.replaces is None)
        and (opened.end is None or event.day <= opened.end or opened.replaced_by is None)
    )


def _circumstances(life: Life, seed: int, *, whole: bool) -> tuple[Claim, Circumstances]:
    random = life.random
    sources, rooms, reason = draw_sources(life), draw_rooms(life), random.choice(SUSPENSIONS)
    draw_spells(life)
    fixed = Fixed(sources, rooms, tax_balances(life), reason)
    awards = detailed(life, fixed)
    claim = replace(life.claim, awards=awards)
    homes = tenancies(Random(seed), life, awards, fixed.rooms, whole=whole)
    cases: tuple[HomelessCase, ...] = ()
    if life.opened.household is not None and life.opened.main_home:
        cases = homeless_cases(
            random, claim.number, life.period, life.opened.stays, _homeless(life), life.days("arrears"),
            homes, renting_privately=life.tenure == "private",
        )  # fmt: skip
        for case in cases:
            if case.temporary_start is None:
                life.trace(case.opened, "prevention_case")
    claimed, credit = _credit(Random(seed + 1), life, fixed, awards) if whole else (None, ())
    adults = life.living(life.first, "claimant", "partner")
    everyone = life.living(life.first, "claimant", "partner", "dependant", "non_dependant")
    return claim, Circumstances(
        claim.number, claim.family, life.tenure, homes, cases, tuple(life.payments), tuple(life.recoveries),
        tuple(life.sanctions), claimed, credit, random.random() < 0.85, fixed.tax,
        tuple(sorted(life.traces, key=lambda trace: (trace.day, trace.kind))), tuple(adults), tuple(everyone), tuple(life.opened.stays),
    )  # fmt: skip


# --- Universal Credit -----------------------------------------------------------------------------------


def _credit(
    random: Random, life: Life, fixed: Fixed, awards: tuple[Award, ...]
) -> tuple[date | None, tuple[CreditMonth, ...]]:
    """The awards of a household that had Universal Credit beside its claim, or went over to it when the claim ended."""
    on = [award for award in awards if award.universal_credit]
    claim = life.claim
    if on:
        claimed, until = on[0].start, min(on[-1].end or life.period.until, life.period.until)
    elif (
        claim.end_reason == MIGRATED
        and claim.end is not None
        and claim.end < life.period.until
        and random.random() < 0.7
    ):
        claimed, until = claim.end + _DAY, life.period.until
    else:
        return None, ()
    starts = [award.start for award in awards]

    def state_on(day: date) -> CreditState:
        award = awards[max(bisect_right(starts, day) - 1, 0)]
        inside = day if claim.end is None else min(day, claim.end)
        rent = 0 if award.detail is None or life.tenure == "owner" else award.detail.rent
        return CreditState(
            len(life.living(inside, "claimant", "partner")) > 1, life.living(inside, "dependant"),
            rent if life.tenure != "private" else int(rent * CREDIT_HOUSING),
            net(award.claimant_earnings or 0) + net(award.partner_earnings or 0), fixed.sources.disabled_child, fixed.sources.support,
            fixed.sources.carer, award.benefit_cap_reduction, award.capital or 0,
        )  # fmt: skip

    return claimed, credit_months(random, claimed, until, state_on, life.period.first, life.sanctions)


def _credit_only(random: Random, household: Household, period: Period) -> tuple[date, tuple[CreditMonth, ...]]:
    span = (period.until - period.first).days
    claimed = period.first + timedelta(days=random.randrange(-400, max(span - 90, 1)))
    earnings = 0 if random.random() < 0.5 else random.randrange(6000, 24000)
    rent = random.randrange(9000, 19000) if random.random() < 0.85 else 0

    def state_on(day: date) -> CreditState:
        children = [
            child for child in household.children if child.birth_date <= day < child.birth_date + timedelta(days=6940)
        ]
        return CreditState(len(household.adults) > 1, children, rent, earnings, False, False, False, 0, 0)

    return claimed, credit_months(random, claimed, period.until, state_on, period.first)

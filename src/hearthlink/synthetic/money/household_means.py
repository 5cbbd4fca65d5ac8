"""What a claim's household was awarded: the outline of `awards` worked out line by line.

An outline award says when Housing Benefit and council tax support were in payment, nil or suspended, which `referrals` has
acted on; so the excess income drawn here is kept within what leaves it so, and a line of income or a disregard makes up the
difference, as a real one would.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from typing import TypeAlias

from hearthlink.synthetic.award_details import AwardDetail
from hearthlink.synthetic.circumstances import TaxBalance
from hearthlink.synthetic.money import bedrooms
from hearthlink.synthetic.money.credit_amounts import credit_parts, monthly
from hearthlink.synthetic.money.income_lines import Income, Now, Sources, household_on, income_of
from hearthlink.synthetic.money.life import Life, weekly_on
from hearthlink.synthetic.money.policy_rates import upratings_between
from hearthlink.synthetic.money.tax_balances import charge_on, tax_on
from hearthlink.synthetic.world import Award

TAPER, COUNCIL_TAX_TAPER, LEAST = 0.65, 0.20, 50
MOST_TAX_DEDUCTION = 400
SIXTEEN = 5844
"""Days in sixteen years."""
CREDIT_HOUSING = 0.88
"""How much of a private rent the housing element covers."""
SUSPENSIONS = (
    "information requested",
    "change not confirmed",
    "evidence outstanding",
    "landlord query",
    "returned post",
)
LIVE = frozenset({"payment", "suspended"})
_DAY = timedelta(days=1)
_Line: TypeAlias = int | None
_Lines: TypeAlias = tuple[_Line, _Line, _Line, _Line, _Line, _Line, _Line, _Line, _Line]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a claim's awards rest on besides the outline. ``rooms`` are the bedrooms of the home from each move on."""

    sources: Sources
    rooms: tuple[tuple[date, int], ...]
    tax: tuple[TaxBalance, ...]
    suspension_reason: str


@dataclass(slots=True)
class Home:
    """The home on a day. Amounts are weekly; ``eligible`` is None where there is no Housing Benefit to be eligible for."""

    rent: int
    eligible: int | None
    allowance: int | None
    rooms: int
    entitled: int
    needed: int
    charge: int
    size: int = 0
    deduction: int = 0


def draw_rooms(life: Life) -> tuple[tuple[date, int], ...]:
    """Bedrooms of the home from each move on: most as needed, some one too few, social homes now and then one over."""
    random, claim = life.random, life.claim
    social = life.tenure in ("council", "housing_association")
    found: list[tuple[date, int]] = []
    for stay in life.opened.stays:
        if stay.start > life.last or (stay.end is not None and stay.end < life.first):
            continue
        day = max(stay.start, claim.start)
        now = household_on(life, day)
        need = bedrooms.needed(now.couple, now.adults, now.children, day)
        chance = random.random()
        if stay.address.kind in ("temporary", "hostel", "refuge", "hmo"):
            rooms = need - (chance < 0.67)
        else:
            rooms = (
                need - 1 if chance < 0.08 else need if chance < 0.72 else need + (2 if social and chance > 0.97 else 1)
            )
        found.append((day, max(rooms, 1)))
    return tuple(found) or ((claim.start, claim.bedrooms),)


def detailed(life: Life, fixed: Fixed) -> tuple[Award, ...]:
    """The claim's awards with their working, parted wherever anything changed that they rest on."""
    outline = life.claim.awards
    starts = [award.start for award in outline]
    days = sorted(_changes(life, fixed).union(starts))
    ends = [day - _DAY for day in days[1:]]
    return tuple(
        _award(life, fixed, outline[bisect_right(starts, start) - 1], start, end)
        for start, end in zip(days, (*ends, outline[-1].end), strict=True)
    )


def _changes(life: Life, fixed: Fixed) -> set[date]:
    """Days on which something changes, within the claim and what is watched."""
    days: set[date] = {when[0] for when in (*fixed.sources.swings, *fixed.rooms)}
    for spell in (*life.payments, *life.recoveries, *life.sanctions):
        days |= {spell.start, spell.end + _DAY}
    for member in life.claim.members:
        days.add(member.start)
        if member.end is not None:
            days.add(member.end + _DAY)
    first, last = life.first, life.last
    return {day for day in days if first < day <= last and day > life.claim.start}


def _award(life: Life, fixed: Fixed, base: Award, start: date, end: date | None) -> Award:
    """One award, worked out."""
    now = household_on(life, max(start, life.first))
    home = _home(life, fixed, base, now)
    income = income_of(life, fixed.sources, base, now)
    premiums = _premiums(fixed.sources, now, life.claim.pensioner)
    applicable = _applicable(now, life.claim.pensioner) + premiums[2] + premiums[4] + premiums[5]
    excess = _excess(life, base, income, applicable, home)
    hb, ctr, cap = _amounts(base, life, excess, home)
    credit = _credit(life, fixed.sources, base, now, home, income) if base.universal_credit else None
    owed, stage = tax_on(fixed.tax, now.day)
    known = not base.passport
    partner = known and now.couple
    standard, disregarded, jobseeker, support, carer, care, mobility, maintenance, occupational = _held(income, known)
    other = income.other + income.occupational_pension + income.maintenance + income.carer
    return Award(
        start, end, base.hb_status, base.ctr_status, hb, ctr, base.contractual_rent, home.eligible, cap, home.size,
        home.deduction, weekly_on(life.payments, now.day) if hb else 0, base.passport, base.universal_credit,
        None if credit is None else credit * 12 // 52, income.claimant if known else None,
        income.partner if partner else None, base.self_employed and income.claimant > 0, income.claimant_hours,
        income.partner_hours, income.tax_credits if known else None, income.child_benefit if known else None,
        income.care + income.mobility if known else None, income.state_pension if known else None,
        other + income.jobseeker + income.support if known else None, base.capital, owed, stage, base.rent_arrears,
        base.direct_to_landlord,
        AwardDetail(
            life.tenure, len(now.children), now.counted, len(now.lodgers), home.rent, home.allowance, home.rooms,
            home.entitled, home.needed, income.claimant_net if known else None, income.partner_net if partner else None,
            standard, disregarded, jobseeker, support, carer, care, mobility, maintenance, occupational, applicable, income.assessed if known else None, excess if known else None, premiums,
            weekly_on(life.recoveries, now.day), home.charge, credit,
            fixed.suspension_reason if "suspended" in (base.hb_status, base.ctr_status) else "",
            weekly_on(life.sanctions, now.day) > 0,
        ),
    )  # fmt: skip


def _held(income: Income, known: bool) -> _Lines:
    """The lines of income that a claim holds, in the order of `AwardDetail`; none of them where it is passported."""
    if not known:
        return None, None, None, None, None, None, None, None, None
    return (
        income.standard, income.disregarded, income.jobseeker, income.support, income.carer, income.care, income.mobility,
        income.maintenance, income.occupational_pension,
    )  # fmt: skip


# --- the home ----------------------------------------------------------------------------------------------


def _home(life: Life, fixed: Fixed, base: Award, now: Now) -> Home:
    rooms = fixed.rooms[0][1]
    for day, count in fixed.rooms[1:]:
        rooms = count if day <= now.day else rooms
    entitled = needed = bedrooms.needed(now.couple, now.adults, now.children, now.day)
    # The two rules part only over who is 16 or more.
    if any((now.day - child.birth_date).days >= SIXTEEN for child in now.children):
        entitled = bedrooms.entitled(now.couple, now.adults, now.children, now.day)
    rent = base.contractual_rent if base.contractual_rent is not None else _unstated_rent(life, now.day)
    eligible, allowance = base.eligible_rent, None
    if eligible is not None and life.tenure == "private":
        allowance = int(eligible * now.rate.housing_allowance)
        eligible = min(rent, allowance)
        entitled = min(entitled, 4)
    home = Home(rent, eligible, allowance, rooms, entitled, needed, charge_on(life, now.day))
    spare = rooms - entitled
    if (
        eligible is not None
        and spare > 0
        and not life.claim.pensioner
        and life.tenure in ("council", "housing_association")
    ):
        home.size = eligible * (14 if spare == 1 else 25) // 100
    # A household with care or mobility payments has no deduction for those who live with it.
    if now.lodgers and not fixed.sources.care and not fixed.sources.mobility:
        rate = now.rate
        home.deduction = sum(
            rate.non_dependant_working if one.number % 3 else rate.non_dependant for one in now.lodgers
        )
    if base.hb_status in LIVE and (eligible or 0) - LEAST < home.size + home.deduction:
        home.size = home.deduction = 0
    return home


def _unstated_rent(life: Life, day: date) -> int:
    """The rent of a household whose claim is for council tax alone, so that the office never asked."""
    if life.tenure == "owner":
        return 0
    rent = life.opened.means.rent
    return rent if life.tenure == "private" else int(rent / 0.99 ** upratings_between(day, life.last))


def _credit(life: Life, sources: Sources, base: Award, now: Now, home: Home, income: Income) -> int:
    """A month's Universal Credit, before anything is taken off for debts."""
    rent = home.rent if life.tenure != "private" else int(home.rent * CREDIT_HOUSING)
    return credit_parts(
        now.rate, couple=now.couple, children=now.children, disabled_child=sources.disabled_child,
        limited_capability=sources.support, carer=sources.carer, housing=0 if life.tenure == "owner" else monthly(rent),
        earnings=monthly(income.claimant_net + income.partner_net), other_income=0,
        cap=monthly(base.benefit_cap_reduction),
    ).award  # fmt: skip


# --- the awards --------------------------------------------------------------------------------------------


def _applicable(now: Now, pensioner: bool) -> int:
    rate = now.rate
    if pensioner:
        return rate.pension + (9300 if now.couple else 600)
    return (rate.couple if now.couple else rate.single) + rate.child * now.counted + (rate.family if now.counted else 0)


def _premiums(sources: Sources, now: Now, pensioner: bool) -> tuple[int, ...]:
    """In the order of SHBE's fields 115 to 121. That of a family is part of the applicable amount already."""
    disability = (4700 if now.couple else 3300) if sources.care and not pensioner else 0
    child = 6200 if sources.disabled_child and now.children else 0
    return now.rate.family if now.children else 0, 0, disability, 0, child, 3600 if sources.carer else 0, 0


def _excess(life: Life, base: Award, income: Income, applicable: int, home: Home) -> int:
    """Excess income that leaves each benefit as the outline has it.

    Where the drawn income would not do, another line of income or a disregard is entered into ``income``.
    """
    if base.passport:
        return 0
    least, most = 0.0, inf
    support = _liable(life, home) - min(home.deduction, MOST_TAX_DEDUCTION)
    worth = (home.eligible or 0) - home.size - home.deduction
    for status, amount, taper in ((base.ctr_status, support, COUNCIL_TAX_TAPER), (base.hb_status, worth, TAPER)):
        if status in LIVE:
            most = min(most, max((amount - LEAST) / taper, 0.0))
        elif status == "nil":
            least = (amount - LEAST) / taper + 2
    assessed = income.assessed
    drawn = max(assessed - applicable, 0)
    excess = int(max(min(drawn, most), least))
    if excess > drawn:
        income.other += applicable + excess - assessed
    elif excess < drawn:
        income.lower(assessed - applicable - excess)
    return excess


def _liable(life: Life, home: Home) -> int:
    """The council tax that support may cover: all of it for pensioners, four fifths for others."""
    return home.charge if life.claim.pensioner else home.charge * 4 // 5


def _amounts(base: Award, life: Life, excess: int, home: Home) -> tuple[int | None, int | None, int]:
    """Weekly Housing Benefit, council tax support, and the cap's reduction; None where the outline has none."""
    hb: int | None = None
    cap = 0
    if base.hb_status in LIVE:
        entitlement = max(int((home.eligible or 0) - home.size - home.deduction - TAPER * excess), LEAST)
        cap = min(base.benefit_cap_reduction, entitlement - LEAST)
        hb = entitlement - cap
    elif base.hb_status == "nil":
        hb = 0
    ctr: int | None = None
    if base.ctr_status in LIVE:
        support = _liable(life, home) - min(home.deduction, MOST_TAX_DEDUCTION)
        ctr = max(int(support - COUNCIL_TAX_TAPER * excess), LEAST)
    elif base.ctr_status == "nil":
        ctr = 0
    return hb, ctr, cap

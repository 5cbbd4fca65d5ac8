"""Spells that come and go beside a claim's awards: recovered overpayments, sanctions, discretionary housing payments."""

from __future__ import annotations

from datetime import date, timedelta

from hearthlink.synthetic.circumstances import Spell
from hearthlink.synthetic.money.life import Life
from hearthlink.synthetic.money.policy_rates import rates
from hearthlink.synthetic.world import Award

RECOVERY = (1110, 1110, 1110, 1665, 500)
JOBSEEKER = "income-based jobseeker's allowance"


def draw_spells(life: Life) -> None:
    """Draw the spells of a claim and note them."""
    if life.last - life.first < timedelta(days=60):
        return
    _recovery(life)
    _sanction(life)
    _housing_payments(life)


def _spell(life: Life, start: date, weeks: int, weekly: int, reason: str) -> Spell | None:
    end = min(start + timedelta(weeks=weeks) - timedelta(days=1), life.last)
    return Spell(start, end, weekly, reason) if life.first < start <= end else None


def _some_day(life: Life) -> date:
    return life.first + timedelta(days=life.random.randrange(20, (life.last - life.first).days))


def _award_on(life: Life, day: date) -> Award:
    return next(
        (a for a in life.claim.awards if a.start <= day and (a.end is None or day <= a.end)), life.claim.awards[-1]
    )


def _recovery(life: Life) -> None:
    random = life.random
    if life.claim.hb_reference is None or random.random() > 0.12:
        return
    day = _some_day(life)
    if _award_on(life, day).hb_status == "payment":
        found = _spell(life, day, random.randrange(13, 80), random.choice(RECOVERY), "overpayment")
        if found is not None:
            life.recoveries.append(found)
            life.trace(day, "overpayment_recovery")


def _sanction(life: Life) -> None:
    random = life.random
    if life.claim.pensioner or random.random() > 0.06:
        return
    day = _some_day(life)
    award = _award_on(life, day)
    idle = award.universal_credit and not award.claimant_earnings
    if award.passport == JOBSEEKER or idle:
        weeks = random.choice((4, 4, 4, 13))
        found = _spell(life, day, weeks, rates(day).single, "failed to attend")
        if found is not None:
            life.sanctions.append(found)
            life.trace(day, "sanction")


def _housing_payments(life: Life) -> None:
    """A payment for some of those whose cap or rent came first, and for a few others."""
    random = life.random
    if life.claim.hb_reference is None:
        return
    causes = [(day, "benefit cap", 0.5) for day in life.days("benefit_cap")]
    causes += [(day, "LHA shortfall", 0.3) for day in life.days("rent_rise")]
    if random.random() < 0.04:
        causes.append((_some_day(life), "size criteria" if life.tenure != "private" else "LHA shortfall", 1.0))
    for day, reason, chance in causes:
        if random.random() > chance:
            continue
        start = day + timedelta(days=random.randrange(14, 70))
        found = _spell(life, start, random.choice((13, 26, 26, 52)), random.randrange(8, 45) * 100, reason)
        if found is not None and _award_on(life, start).hb_status == "payment" and not life.payments:
            life.payments.append(found)
            life.trace(start, "housing_payment")

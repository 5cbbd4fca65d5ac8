"""Tenancies of the council: rent and its rises, what was charged and paid month by month, notice, possession and eviction."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.circumstances import Balance, RentStep, Tenancy
from hearthlink.synthetic.money.life import Life
from hearthlink.synthetic.money.policy_rates import evictions_stayed, mondays
from hearthlink.synthetic.money.tax_balances import month_ends
from hearthlink.synthetic.world import Award, Stay

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Possession:
    """How a tenancy was lost to arrears."""

    notice: date
    order: date
    evicted: date


def tenancies(
    random: Random, life: Life, awards: tuple[Award, ...], rooms: Sequence[tuple[date, int]], *, whole: bool
) -> tuple[Tenancy, ...]:
    """The tenancies of a council tenant over the claim, one for each home; a claim that took over another's has none besides.

    Without ``whole`` they have no balances.
    """
    if life.tenure != "council" or life.taken_over:
        return ()
    found: list[Tenancy] = []
    stays = life.opened.stays
    # All are drawn before any balance is, so that they are the same where none is.
    losses = [
        _possession(random, life, stay, following) for stay, following in zip(stays, [*stays[1:], None], strict=True)
    ]
    for place, (stay, lost) in enumerate(zip(stays, losses, strict=True)):
        end = stay.end if stay.end is not None and stay.end < life.period.until else None
        if stay.address.kind != "home" or stay.start > life.last or (end is not None and end < life.first):
            continue
        steps = _steps(awards, stay.start, end)
        reason = "" if end is None else "evicted" if lost else "tenant gave notice"
        number = bisect_right([day for day, _ in rooms], max(stay.start, life.claim.start)) - 1
        found.append(
            Tenancy(
                f"T{life.claim.number:08d}{place + 1:02d}", stay.address, stay.start, end, reason, steps,
                rooms[max(number, 0)][1], lost.notice if lost else None, lost.order if lost else None,
                lost.evicted if lost else None, _balances(random, life, stay, end, steps, lost) if whole else (),
            )
        )  # fmt: skip
    return tuple(found)


def _steps(awards: tuple[Award, ...], start: date, end: date | None) -> tuple[RentStep, ...]:
    """The rent from the tenancy's first day, and from each later day on which it changed."""
    steps: list[RentStep] = []
    for award in awards:
        if award.detail is None or (end is not None and award.start > end):
            continue
        if award.end is not None and award.end < start:
            continue
        day = start if not steps else award.start
        if not steps or steps[-1].weekly != award.detail.rent:
            steps.append(RentStep(day, award.detail.rent))
    return tuple(steps)


def _possession(random: Random, life: Life, stay: Stay, following: Stay | None) -> Possession | None:
    """Some council tenants who became homeless had been evicted: never in the stay of 2020 and 2021, nor from a new home."""
    if following is None or stay.end is None or stay.address.kind != "home":
        return None
    if following.start not in life.days("homelessness"):
        return None
    day = following.start
    if (day - stay.start).days < 330 or evictions_stayed(day) or random.random() > 0.5:
        return None
    notice, order = (
        day - timedelta(days=random.randrange(120, 200)),
        day - timedelta(days=random.randrange(30, 80)),
    )
    life.trace(day, "eviction")
    # In the ninth month before it the ramp of `_balances` passes four weeks' rent.
    place = stay.end.year * 12 + stay.end.month - 1 - 8
    life.trace(date(place // 12, place % 12 + 1, 28), "arrears_before_eviction")
    return Possession(notice, order, stay.end)


def _balances(
    random: Random, life: Life, stay: Stay, end: date | None, steps: tuple[RentStep, ...], lost: Possession | None
) -> tuple[Balance, ...]:
    """Month by month what was charged, paid and owed, so that each balance is the one before, with the charge, less the payment.

    More than four weeks' rent is owed after an arrears event, or before an eviction, and at no other time.
    """
    struck = [day for day in life.days("arrears") if stay.start <= day and (end is None or day <= end)]
    peak, weeks = random.uniform(5.0, 14.0), random.uniform(-1.0, 1.5)
    first = max(stay.start, life.period.first)
    found: list[Balance] = []
    owed: int | None = None
    before = first - _DAY
    for day in month_ends(first, min(end or life.period.until, life.period.until)):
        weeks = min(max(0.8 * weeks + random.gauss(0.05, 0.4), -2.0), 3.2)
        level = weeks
        if struck:
            level = _after_arrears(weeks, day, struck[0], peak)
        if lost is not None:
            months = (lost.evicted.year - day.year) * 12 + lost.evicted.month - day.month
            level = max(level, min((11 - months) * 1.7, 18.0)) if months <= 10 else level
        rent = _rent_on(steps, day)
        charged = rent * mondays(before + _DAY, day)
        if owed is None:
            owed = int(rent * level) - charged
        paid = max(owed + charged - int(rent * level), 0)
        owed = owed + charged - paid
        found.append(Balance(day, charged, paid, owed))
        before = day
    return tuple(found)


def _after_arrears(weeks: float, day: date, struck: date, peak: float) -> float:
    """Weeks of rent owed around an arrears event: rising for two months, at their peak in its month, then paid down slowly."""
    months = (day.year - struck.year) * 12 + day.month - struck.month
    if months >= 0:
        return max(peak * 0.96**months, weeks)
    return max(weeks, 3.4 + 0.8 * months) if months >= -2 else weeks


def _rent_on(steps: tuple[RentStep, ...], day: date) -> int:
    return steps[max(bisect_right([step.start for step in steps], day) - 1, 0)].weekly if steps else 0

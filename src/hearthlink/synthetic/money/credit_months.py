"""Universal Credit month by month: assessment periods, earnings with two paydays in a month, advances, deductions and sanctions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.circumstances import CreditMonth, Spell
from hearthlink.synthetic.money.credit_amounts import credit_parts, monthly
from hearthlink.synthetic.money.policy_rates import rates
from hearthlink.synthetic.world import TruePerson

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CreditState:
    """What an award rests on, on a day. ``housing`` and ``net_earnings`` are weekly pence."""

    couple: bool
    children: list[TruePerson]
    housing: int
    net_earnings: int
    disabled_child: bool
    limited_capability: bool
    carer: bool
    cap: int
    capital: int


def credit_months(
    random: Random,
    claimed: date,
    until: date,
    state_on: Callable[[date], CreditState],
    first: date,
    sanctions: Sequence[Spell] = (),
) -> tuple[CreditMonth, ...]:
    """The assessment periods that end between ``first`` and ``until``, of an award claimed on a day.

    Earners paid every four weeks have two paydays in one period of the year: the award falls, though nothing has changed.
    """
    four_weekly = random.random() < 0.35
    payday = claimed - timedelta(days=random.randrange(28))
    advance = random.choice((0, 0, 0.5, 1.0))
    debt = random.choice((0.0, 0.0, 0.0, 0.05, 0.15, 0.2))
    debt_from = claimed + timedelta(days=random.randrange(30, 600))
    found: list[CreditMonth] = []
    stated = claimed.replace(day=min(claimed.day, 28))
    number = max((first.year - claimed.year) * 12 + first.month - claimed.month - 2, 0)
    while True:
        start = _later(stated, number)
        end = _later(stated, number + 1) - _DAY
        if end > until:
            return tuple(found)
        number += 1
        if end < first:
            continue
        found.append(
            _month(start, end, number, state_on(start), sanctions, not found, four_weekly, payday, advance,
                   debt if start >= debt_from else 0.0, stop=_later(stated, number + 1) - _DAY > until)
        )  # fmt: skip


def _later(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, day.day)


def _month(
    start: date, end: date, number: int, state: CreditState, sanctions: Sequence[Spell], opening: bool,
    four_weekly: bool, payday: date, advance: float, debt: float, *, stop: bool,
) -> CreditMonth:  # fmt: skip
    rate = rates(start)
    earnings = monthly(state.net_earnings)
    if four_weekly and state.net_earnings:
        paydays = (end - payday).days // 28 - (start - _DAY - payday).days // 28
        earnings = paydays * 4 * state.net_earnings
    parts = credit_parts(
        rate, couple=state.couple, children=state.children, disabled_child=state.disabled_child,
        limited_capability=state.limited_capability, carer=state.carer, housing=monthly(state.housing),
        earnings=earnings, other_income=0, cap=monthly(state.cap),
    )  # fmt: skip
    left = parts.award
    sanction = min(left, sum(_share(spell, start, end) * rate.uc_single // 30 for spell in sanctions))
    left -= sanction
    taken_back = min(left, int(parts.standard * advance) // 12 if number <= 12 else 0)
    left -= taken_back
    deductions = min(left, int(parts.standard * debt))
    left -= deductions
    notice = "new" if number == 1 and opening else "stop" if stop else "change"
    return CreditMonth(
        start, end, left, parts.standard, parts.child, parts.disabled_child, parts.limited_capability, parts.carer, 0,
        parts.housing, earnings, 0, state.capital, deductions, sanction, taken_back, parts.cap, len(state.children), notice,
    )  # fmt: skip


def _share(spell: Spell, start: date, end: date) -> int:
    """How many days of a period, at most thirty, lie within a sanction."""
    return min(max((min(spell.end, end) - max(spell.start, start)).days + 1, 0), 30)

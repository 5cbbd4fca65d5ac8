"""What Universal Credit comes to in one assessment period, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.synthetic.money.policy_rates import TWO_CHILDREN_FROM, UC_TAPER, Rates
from hearthlink.synthetic.world import TruePerson


@dataclass(frozen=True, slots=True)
class CreditParts:
    """The parts of an award, in pence for the period, and the award before anything is taken off for debts."""

    standard: int
    child: int
    disabled_child: int
    limited_capability: int
    carer: int
    housing: int
    cap: int
    award: int


def credit_parts(
    rate: Rates,
    *,
    couple: bool,
    children: list[TruePerson],
    disabled_child: bool,
    limited_capability: bool,
    carer: bool,
    housing: int,
    earnings: int,
    other_income: int,
    cap: int,
) -> CreditParts:
    """The award of a period: the parts that apply, less income above the work allowance, less the cap where nobody earns."""
    standard = rate.uc_couple if couple else rate.uc_single
    eldest_first = sorted(children, key=lambda child: (child.birth_date, child.number))
    child = 0
    for place, one in enumerate(eldest_first):
        early = one.birth_date < TWO_CHILDREN_FROM
        if place < 2 or early:
            child += rate.uc_first_child if place == 0 and early else rate.uc_child
    disabled = rate.uc_disabled_child if disabled_child and children else 0
    limited = rate.uc_limited_capability if limited_capability else 0
    carers = rate.uc_carer if carer else 0
    most = standard + child + disabled + limited + carers + housing
    allowance = 0
    if children or limited_capability:
        allowance = rate.uc_allowance if housing else rate.uc_allowance_no_housing
    award = max(most - int(UC_TAPER * max(earnings - allowance, 0)) - other_income, 0)
    taken = min(cap, award) if not earnings else 0
    return CreditParts(standard, child, disabled, limited, carers, housing, taken, award - taken)


def monthly(weekly: int) -> int:
    """A week's amount as a month's: by 52 and 12."""
    return weekly * 52 // 12

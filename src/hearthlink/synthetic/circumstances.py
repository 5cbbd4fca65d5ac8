"""A household's circumstances, month by month: what they are, and where a claim's are put together.

They are drawn after everybody is named, claimed for and referred, from streams of their own: nothing here moves a person, an
error, a link, a referral or whether an award is in payment. What raises the hazard of referral is drawn before, with the claims
(`awards`, `claims`); here each such event is given its causes and its traces: a job loss its earnings, arrears their balances,
homelessness its case. Whatever is drawn here besides has no effect on referral, and the truth says of every event which it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hearthlink.synthetic.inhabitants import Address, EventKind, Stay, TruePerson

TenureKind = Literal["council", "council_temporary", "housing_association", "private", "owner"]
TraceKind = Literal[
    "overpayment_recovery",
    "housing_payment",
    "sanction",
    "earnings_change",
    "pay_rise",
    "arrears_before_eviction",
    "eviction",
    "prevention_case",
]


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that befell a household and that raises no hazard: a placebo for whoever studies what came before referrals.

    Its kind is that of an event where it befell a household whose events raise nobody's hazard, as the children's other home.
    """

    day: date
    kind: TraceKind | EventKind


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on which something of a weekly amount held, and why. Both days are inside it."""

    start: date
    end: date
    weekly: int
    reason: str


@dataclass(frozen=True, slots=True)
class RentStep:
    """A weekly rent from a day on."""

    start: date
    weekly: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What a council tenant was charged and paid in a month up to its last day, and owed at its end."""

    day: date
    charged: int
    paid: int
    owed: int


@dataclass(frozen=True, slots=True)
class Tenancy:
    """A tenancy of the council at one address. Dates of possession are None where none was sought."""

    reference: str
    address: Address
    start: date
    end: date | None
    end_reason: str
    steps: tuple[RentStep, ...]
    bedrooms: int
    notice: date | None
    possession: date | None
    evicted: date | None
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class HomelessCase:
    """A homelessness case: opened on a day, with temporary accommodation where the household was put there."""

    reference: str
    opened: date
    assessed: date
    duty: str
    loss_reason: str
    loss_subreason: str
    address: Address
    temporary_start: date | None
    temporary_end: date | None
    temporary_kind: str
    closed: date | None
    outcome: str


@dataclass(frozen=True, slots=True)
class CreditMonth:
    """A Universal Credit award for one assessment period; amounts are pence for the period."""

    start: date
    end: date
    award: int
    standard: int
    child: int
    disabled_child: int
    limited_capability: int
    carer: int
    childcare: int
    housing: int
    earnings: int
    other_income: int
    capital: int
    deductions: int
    sanction: int
    advance: int
    cap: int
    children: int
    notice: str


@dataclass(frozen=True, slots=True)
class TaxBalance:
    """What was owed in council tax at a month's end, and how far recovery had gone."""

    day: date
    owed: int
    stage: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What befell one claim's household besides its awards. ``claim`` is its number, or 0 where there never was a claim.

    ``credit_known_by_claim`` is false where the Universal Credit office does not hold the council's reference. ``adults`` and
    ``people`` are those of the first day watched, and ``stays`` where they truly lived.
    """

    claim: int
    family: int
    tenure: TenureKind
    tenancies: tuple[Tenancy, ...]
    cases: tuple[HomelessCase, ...]
    payments: tuple[Spell, ...]
    recoveries: tuple[Spell, ...]
    sanctions: tuple[Spell, ...]
    credit_claimed: date | None
    credit: tuple[CreditMonth, ...]
    credit_known_by_claim: bool
    tax: tuple[TaxBalance, ...]
    traces: tuple[Trace, ...]
    adults: tuple[TruePerson, ...]
    people: tuple[TruePerson, ...]
    stays: tuple[Stay, ...]

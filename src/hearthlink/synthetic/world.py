"""What one ward of the invented authority holds: the truth, and what each system recorded of it.

Conventions that every writer relies on:

- A date span has a ``start`` and an ``end``; both days are inside it, and ``end`` is None while it runs.
- Money is whole pence a week; None is *not held* and is never the same as nought.
- Recorded text is what the system holds, letter for letter and in its own case: a writer copies it and mends nothing.
- A household is one claim, named in files by ``Claim.household_reference``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hearthlink.synthetic.award_details import AwardDetail
from hearthlink.synthetic.casework import (
    Assessment,
    CareRecord,
    CinPlan,
    LookedAfterEpisode,
    ProtectionPlan,
    Referral,
    RelatedAdult,
    Section47,
)
from hearthlink.synthetic.circumstances import Circumstances
from hearthlink.synthetic.inhabitants import (
    Address,
    Arrangement,
    Event,
    EventKind,
    Family,
    Postcode,
    Sex,
    SmallArea,
    Stay,
    TruePerson,
)
from hearthlink.synthetic.recorded import AddressKind, RecordedAddress, RecordedPerson, address_lines
from hearthlink.synthetic.settings import Settings

__all__ = [
    "AUTHORITY_CODE",
    "AUTHORITY_NAME",
    "DFE_NUMBER",
    "AbsentReason",
    "Address",
    "AddressKind",
    "Arrangement",
    "Assessment",
    "Award",
    "AwardDetail",
    "AwardStatus",
    "CareRecord",
    "Change",
    "CinPlan",
    "Claim",
    "Event",
    "EventKind",
    "Family",
    "LinkTruth",
    "LookedAfterEpisode",
    "Member",
    "Postcode",
    "ProtectionPlan",
    "RecordedAddress",
    "RecordedPerson",
    "Referral",
    "RelatedAdult",
    "Role",
    "Section47",
    "Settings",
    "Sex",
    "SmallArea",
    "Stay",
    "TrueHousehold",
    "TruePerson",
    "Ward",
    "address_lines",
]

AUTHORITY_NAME = "Ashmere"
AUTHORITY_CODE = "E06000999"
DFE_NUMBER = "999"

Role = Literal["claimant", "partner", "dependant", "non_dependant"]
AwardStatus = Literal["none", "payment", "suspended", "nil", "ended"]
AbsentReason = Literal[
    "no_claim",
    "universal_credit_only",
    "looked_after",
    "moved_away",
    "unborn",
    "unaccompanied",
    "own_home",
]


# --- benefits -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One person's time in one role of a claim. Swapped roles are two members with the same ``reference``."""

    reference: str
    role: Role
    person: RecordedPerson
    start: date
    end: date | None
    hours: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class Award:
    """A stretch of a claim over which nothing changed.

    Earnings are gross and weekly, None on passported claims. ``passport`` is empty or one of "income support",
    "income-based jobseeker's allowance", "income-related employment and support allowance", "guarantee pension credit".
    ``hours`` sit with the members; ``council_tax_balance`` and ``rent_arrears`` are whole pence owed on the first day.
    ``detail`` is the working behind it, None where only the outline is made.
    """

    start: date
    end: date | None
    hb_status: AwardStatus
    ctr_status: AwardStatus
    hb_weekly: int | None
    ctr_weekly: int | None
    contractual_rent: int | None
    eligible_rent: int | None
    benefit_cap_reduction: int
    size_criteria_reduction: int
    non_dependant_deduction: int
    discretionary_payment: int
    passport: str
    universal_credit: bool
    universal_credit_weekly: int | None
    claimant_earnings: int | None
    partner_earnings: int | None
    self_employed: bool
    claimant_hours: int
    partner_hours: int
    tax_credits: int | None
    child_benefit: int | None
    disability_benefit: int | None
    state_pension: int | None
    other_income: int | None
    capital: int | None
    council_tax_balance: int
    recovery_stage: str
    rent_arrears: int
    direct_to_landlord: bool
    detail: AwardDetail | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim group as the benefits system holds it.

    ``tenure`` is the SHBE tenancy code 1-9, or 5/7 where there is only council tax. ``hb_reference`` or ``ctr_reference``
    is None where that benefit was never claimed. ``replaced_by`` names the claim number that follows after a parting.
    ``received`` and ``decided`` are administrative days; ``start`` and ``end`` are effective. ``members`` and ``awards``
    and ``addresses`` are in date order; awards do not overlap and together span start to end.
    """

    number: int
    hb_reference: str | None
    ctr_reference: str | None
    family: int
    members: tuple[Member, ...]
    addresses: tuple[RecordedAddress, ...]
    awards: tuple[Award, ...]
    start: date
    end: date | None
    received: date
    decided: date
    end_reason: str
    tenure: int
    local_housing_allowance: int | None
    bedrooms: int
    bedrooms_entitled: int
    council_tax_account: str
    ethnic_code: int
    has_children: bool
    pensioner: bool
    replaced_by: int | None

    @property
    def household_reference(self) -> str:
        """The name of this household in every file: the council tax reference, else the Housing Benefit one."""
        return self.ctr_reference or self.hb_reference or ""


# --- the truth of the link -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrueHousehold:
    """A claim in whose household the child truly lived on the day; ``member`` is None where the claim does not list them.

    ``role`` is the child's role in the claim that day (a young person may be a non-dependant or the claimant).
    """

    claim: int
    household_reference: str
    member: str | None
    role: Role | None
    in_payment: bool
    main_home: bool
    member_errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkTruth:
    """Where one referred child truly was on the day of their first referral in the year.

    ``absent`` says why when ``households`` is empty, and is None otherwise. ``covered`` is true where any household had a
    claim in payment that day; ``covered_main`` where the main home had.
    """

    number: int
    person_id: str
    legacy_id: str
    referral_day: date
    born: bool
    households: tuple[TrueHousehold, ...]
    absent: AbsentReason | None
    covered: bool
    covered_main: bool
    community: str
    care_errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A record that a round of corrections added, changed or withdrew. ``about`` says what of it, as name or award."""

    refresh: int
    system: str
    record: str
    what: str
    about: str


# --- the ward --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ward:
    """One ward: made alone from its own random stream, and written alone, so that memory is bounded.

    ``truths`` has one row per child referred in the year, and ``following`` one per child first referred in the year after;
    ``care_records`` also hold children whose episodes began earlier.
    """

    number: int
    small_areas: tuple[SmallArea, ...]
    postcodes: tuple[Postcode, ...]
    addresses: tuple[Address, ...]
    families: tuple[Family, ...]
    claims: tuple[Claim, ...]
    care_records: tuple[CareRecord, ...]
    truths: tuple[LinkTruth, ...]
    following: tuple[LinkTruth, ...] = ()
    circumstances: tuple[Circumstances, ...] = ()
    changes: tuple[Change, ...] = ()

"""What one ward of the invented authority holds: the truth, and what each system recorded of it.

Conventions that every writer relies on:

- A date span has a ``start`` and an ``end``; both days are inside it, and ``end`` is None while it runs.
- Money is whole pence a week; None is *not held* and is never the same as nought.
- Recorded text is what the system holds, letter for letter and in its own case: a writer copies it and mends nothing.
- A household is one claim, named in files by ``Claim.household_reference``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

AUTHORITY_NAME = "Ashmere"
AUTHORITY_CODE = "E06000999"
DFE_NUMBER = "999"
WORLD_VERSION = "1"

Sex = Literal["M", "F"]
AddressKind = Literal["home", "temporary", "hostel", "refuge", "placement", "hmo", "out_of_area"]
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
Arrangement = Literal[
    "lone",
    "couple",
    "step",
    "kinship",
    "grandparent",
    "two_homes",
    "childless",
    "pensioner",
]
EventKind = Literal[
    "award_start",
    "award_end",
    "suspension",
    "job_loss",
    "rent_rise",
    "benefit_cap",
    "arrears",
    "move",
    "homelessness",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of the invented authority.

    ``share`` is the share of born referred children who truly live, on the day of their first referral of the year, in a
    household with a claim in payment. ``error_scale`` multiplies every error rate (0: perfect records); with
    ``unequal_errors`` false all communities share one rate. ``event_log_rate_ratio`` is the log of the factor by which a
    family's referral hazard is raised in the month of an event and the ``event_months`` after it; 0 means no effect.
    """

    children: int = 2200
    households: int = 5000
    share: float = 0.48
    year: str = "2019-20"
    months: int = 24
    seed: int = 1
    error_scale: float = 1.0
    unequal_errors: bool = True
    event_log_rate_ratio: float = 0.7
    event_months: int = 2
    version: str = WORLD_VERSION

    @property
    def year_start(self) -> date:
        """1 April on which the census year begins."""
        return date(int(self.year[:4]), 4, 1)

    @property
    def year_end(self) -> date:
        """31 March on which the census year ends: the reference date."""
        return date(int(self.year[:4]) + 1, 3, 31)

    def month_starts(self) -> tuple[date, ...]:
        """First days of the ``months`` calendar months up to the year end, oldest first."""
        last = self.year_end.year * 12 + self.year_end.month - 1
        return tuple(date(m // 12, m % 12 + 1, 1) for m in range(last - self.months + 1, last + 1))


# --- the area -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SmallArea:
    """An LSOA; ``deprivation`` and ``child_poverty`` are national percentiles, 0 the most deprived, 1 the least."""

    code: str
    name: str
    middle_area: str
    ward_code: str
    deprivation: float
    child_poverty: float
    population: int


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode of the area, with its single space, its LSOA code and National Grid position in metres."""

    text: str
    small_area: str
    easting: int
    northing: int


@dataclass(frozen=True, slots=True)
class Address:
    """A real dwelling or institution of the area, or (``kind`` out_of_area) beyond it. Empty text where a part is none."""

    uprn: int
    flat: str
    house_number: str
    house_name: str
    street: str
    town: str
    postcode: str
    small_area: str
    kind: AddressKind


# --- people and families: the truth -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TruePerson:
    """A person as they are. ``birth_date`` of an unborn child is the expected day and ``unborn`` is true (at year end)."""

    number: int
    forename: str
    middle_name: str
    surname: str
    known_as: str
    birth_date: date
    unborn: bool
    sex: Sex
    ethnicity: str
    community: str
    disabilities: tuple[str, ...]
    death_date: date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Time at an address."""

    address: Address
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that befell a household on a day, as the world knows it."""

    day: date
    kind: EventKind


@dataclass(frozen=True, slots=True)
class Family:
    """A true family: adults (first the main carer), children, where they lived, and what befell them.

    ``other_parent`` and ``other_home`` belong to children in two homes. ``claims`` are the ``Claim.number`` of its claims.
    """

    number: int
    arrangement: Arrangement
    adults: tuple[TruePerson, ...]
    children: tuple[TruePerson, ...]
    stays: tuple[Stay, ...]
    events: tuple[Event, ...]
    claims: tuple[int, ...]
    other_parent: TruePerson | None = None
    other_home: tuple[Stay, ...] = ()


# --- what a system recorded ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordedPerson:
    """A person as one system holds them. Empty text and None are missing; ``errors`` names the processes that struck."""

    number: int
    title: str
    forename: str
    middle_name: str
    surname: str
    known_as: str
    birth_date: date | None
    sex: str
    national_insurance_number: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedAddress:
    """An address as one system holds it, with its dates. ``uprn`` None is missing; all text empty is a withheld address."""

    flat: str
    house_number: str
    house_name: str
    street: str
    town: str
    postcode: str
    uprn: int | None
    kind: AddressKind
    start: date
    end: date | None
    errors: tuple[str, ...]


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


# --- children's services ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assessment:
    """A child and family assessment; ``authorised`` is its end, and factors exist only when it has one."""

    identifier: str
    start: date
    authorised: date | None
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section47:
    """A section 47 enquiry. ``end`` is when the enquiry concluded; ``conference`` the initial conference where held."""

    identifier: str
    start: date
    end: date | None
    conference_target: date | None
    conference: date | None
    conference_not_required: bool


@dataclass(frozen=True, slots=True)
class ProtectionPlan:
    """A child protection plan, with the days of its reviews."""

    identifier: str
    start: date
    end: date | None
    initial_category: str
    latest_category: str
    previous_plans: int
    reviews: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CinPlan:
    """A child in need plan; the census of 2019-20 does not carry it, the case system does."""

    identifier: str
    referral: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class LookedAfterEpisode:
    """An episode of being looked after. Codes are the SSDA903's (reason S, legal status C2 ..., placement U1 ...)."""

    identifier: str
    referral: str
    start: date
    start_reason: str
    need: str
    legal_status: str
    placement_type: str
    placement_postcode: str
    ceased: date | None
    ceased_reason: str


@dataclass(frozen=True, slots=True)
class Referral:
    """One episode of the census: a referral and what followed. ``primary_need`` None only where ``no_further_action``."""

    identifier: str
    day: date
    source: str
    primary_need: str | None
    no_further_action: bool
    closed: date | None
    closure_reason: str
    other_conference: date | None
    assessments: tuple[Assessment, ...]
    enquiries: tuple[Section47, ...]
    plans: tuple[ProtectionPlan, ...]


@dataclass(frozen=True, slots=True)
class RelatedAdult:
    """An adult the case system ties to a child: mother, father, step-parent, grandparent, aunt, uncle, carer."""

    identifier: str
    relationship: str
    person: RecordedPerson
    lives_with: bool


@dataclass(frozen=True, slots=True)
class CareRecord:
    """A child as children's services hold them; ``legacy_id`` is the LAchildID of the census.

    ``birth_date_estimated`` records keep their date in ``person.birth_date``; the extract moves it to the expected column.
    ``expected_birth_date`` is set for the unborn alone. ``sex`` of the unborn is empty. ``restricted`` records are locked:
    a writer leaves their addresses and adults as given here, some of them withheld already.
    """

    person_id: str
    legacy_id: str
    family_reference: str
    person: RecordedPerson
    expected_birth_date: date | None
    death_date: date | None
    birth_date_estimated: bool
    ethnicity: str
    disabilities: tuple[str, ...]
    restricted: bool
    unaccompanied: bool
    upn: str
    former_upn: str
    upn_unknown: str
    nhs_number: str
    addresses: tuple[RecordedAddress, ...]
    adults: tuple[RelatedAdult, ...]
    mother_id: str
    referrals: tuple[Referral, ...]
    cin_plans: tuple[CinPlan, ...]
    looked_after: tuple[LookedAfterEpisode, ...]


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


# --- the ward --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ward:
    """One ward: made alone from its own random stream, and written alone, so that memory is bounded.

    ``truths`` has one row per child referred in the year; ``care_records`` also hold children whose episodes began earlier.
    """

    number: int
    small_areas: tuple[SmallArea, ...]
    postcodes: tuple[Postcode, ...]
    addresses: tuple[Address, ...]
    families: tuple[Family, ...]
    claims: tuple[Claim, ...]
    care_records: tuple[CareRecord, ...]
    truths: tuple[LinkTruth, ...]


def address_lines(address: RecordedAddress) -> Iterator[str]:
    """The filled lines of a recorded address, in order, without its postcode."""
    yield from (
        line
        for line in (
            address.flat,
            address.house_name,
            f"{address.house_number} {address.street}".strip(),
            address.town,
        )
        if line
    )

"""What children's services record: the child, its homes and adults, and what followed each referral.

A date span has a ``start`` and an ``end``; both days are inside it, and ``end`` is None while it runs.
"""

from dataclasses import dataclass
from datetime import date

from hearthlink.synthetic.recorded import RecordedAddress, RecordedPerson


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

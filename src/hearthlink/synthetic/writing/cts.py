"""The council tax support extract: a household-period table and a person-period table (``domain.md`` 2.4).

In the shape of an Academy database: any change of circumstances starts a new household period, names were cut by the
system that holds them, and what still runs ends on 31 December 2099. Money is pounds a week. A person has a row for
each unbroken time in one role. Columns this authority does not hold are there and blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from hearthlink.synthetic.world import Award, Claim, Member, RecordedAddress, Settings, Ward, address_lines
from hearthlink.synthetic.writing.text import Part, in_force, pounds, rows, slashed

HOUSEHOLDS = "in/cts/household_period.csv"
PERSONS = "in/cts/person_period.csv"
OPEN = date(2099, 12, 31)
ACTIVE = frozenset({"payment", "suspended", "nil"})
TENURES = {
    1: "council tenant",
    2: "private tenant",
    3: "private tenant",
    4: "housing association tenant",
    5: "owner occupier",
    6: "private tenant",
    7: "not owner",
    8: "council tenant non HRA",
    9: "private tenant",
}

HOUSEHOLD_COLUMNS = (
    "claim_ref",
    "ct_account_ref",
    "uprn",
    "address_1",
    "address_2",
    "address_3",
    "address_4",
    "postcode",
    "from_date",
    "to_date",
    "claim_type",
    "status",
    "suspension_date",
    "suspension_reason",
    "end_reason",
    "tenure",
    "contractual_rent",
    "rent_period",
    "eligible_rent",
    "bedrooms",
    "household_size",
    "lha_rate",
    "hb_weekly_award",
    "ctr_weekly_award",
    "dhp_weekly_award",
    "benefit_cap_reduction",
    "size_criteria_reduction",
    "non_dependant_deductions",
    "overpayment_recovery",
    "passport_benefit",
    "uc_in_payment",
    "uc_award",
    "earnings",
    "other_income",
    "capital",
    "excess_income",
    "council_tax_balance",
    "recovery_stage",
)

TENURE_WORDS = {
    "council": "council tenant",
    "council_temporary": "council tenant non HRA",
    "housing_association": "housing association tenant",
    "private": "private tenant",
    "owner": "owner occupier",
}

PERSON_COLUMNS = (
    "claim_ref",
    "person_ref",
    "role",
    "title",
    "forename",
    "other_names",
    "surname",
    "dob",
    "sex",
    "nino",
    "from_date",
    "to_date",
    "employment",
    "hours",
    "sanction",
    "disability",
)


def begin(settings: Settings) -> dict[str, bytes]:
    """Both files with their header rows."""
    return {HOUSEHOLDS: rows([HOUSEHOLD_COLUMNS]), PERSONS: rows([PERSON_COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The council tax support claims of one ward that ran within the months asked for."""
    first, last = settings.month_starts()[0], settings.extracted
    claims = [
        claim
        for claim in ward.claims
        if claim.ctr_reference and claim.start <= last and (claim.end is None or claim.end >= first)
    ]
    households = (row for claim in claims for row in _households(claim, first, last))
    persons = (row for claim in claims for row in _persons(claim, first, last))
    return {HOUSEHOLDS: Part(rows(households)), PERSONS: Part(rows(persons))}


def _households(claim: Claim, first: date, last: date) -> Iterator[tuple[object, ...]]:
    suspended: date | None = None
    for start, end in _periods(claim, last):
        award = _award(claim, start)
        suspended = (suspended or start) if _status(award) == "suspended" else None
        if end is None or end >= first:
            final = end is not None and end == claim.end
            yield _household(claim, award, _address(claim, start), start, end, suspended, final)


def _periods(claim: Claim, last: date) -> Iterator[tuple[date, date | None]]:
    """The stretches between changes of award, address or household, up to what is known on the last day."""
    after = timedelta(1)
    changes = {award.start for award in claim.awards} | {address.start for address in claim.addresses}
    for member in claim.members:
        changes.add(member.start)
        if member.end:
            changes.add(member.end + after)
    until = claim.end if claim.end and claim.end <= last else None
    within = sorted(day for day in changes if claim.start < day <= (until or last))
    for start, following in pairwise((claim.start, *within, None)):
        if start is not None:
            yield start, following - after if following else until


def _household(
    claim: Claim,
    award: Award,
    address: RecordedAddress | None,
    start: date,
    end: date | None,
    suspended: date | None,
    final: bool,
) -> tuple[object, ...]:
    detail = award.detail
    return (
        claim.ctr_reference,
        claim.council_tax_account,
        "" if address is None or address.uprn is None else address.uprn,
        *_lines(address),
        "" if address is None else address.postcode,
        slashed(start),
        slashed(end or OPEN),
        _claim_type(award),
        _status(award),
        slashed(suspended),
        (detail.suspension_reason if detail else "awaiting information") if suspended else "",
        claim.end_reason if final else "",
        TENURES.get(claim.tenure, "") if detail is None else TENURE_WORDS[detail.tenure],
        pounds(award.contractual_rent),
        "weekly" if award.contractual_rent is not None else "",
        pounds(award.eligible_rent),
        claim.bedrooms if detail is None else detail.bedrooms,
        len({m.reference for m in claim.members if in_force(m.start, m.end, start)}),
        pounds(claim.local_housing_allowance if detail is None else detail.local_housing_allowance),
        pounds(award.hb_weekly),
        pounds(award.ctr_weekly),
        pounds(award.discretionary_payment),
        pounds(award.benefit_cap_reduction),
        pounds(award.size_criteria_reduction),
        pounds(award.non_dependant_deduction),
        pounds(detail.recovery) if detail else "",
        award.passport,
        "Y" if award.universal_credit else "N",
        pounds(award.universal_credit_weekly if detail is None else detail.universal_credit_monthly),
        pounds(_earnings(award)),
        pounds(
            _total(
                award.tax_credits,
                award.child_benefit,
                award.disability_benefit,
                award.state_pension,
                award.other_income,
            )
        ),
        pounds(award.capital),
        pounds(detail.excess) if detail else "",
        pounds(award.council_tax_balance),
        award.recovery_stage,
    )


def _lines(address: RecordedAddress | None) -> tuple[str, ...]:
    lines = () if address is None else tuple(address_lines(address))
    return (*lines, "", "", "", "")[:4]


def _award(claim: Claim, day: date) -> Award:
    """The award in force on the day: the last to have begun, or the first of all."""
    chosen = claim.awards[0]
    for award in claim.awards:
        if award.start > day:
            break
        chosen = award
    return chosen


def _address(claim: Claim, day: date) -> RecordedAddress | None:
    begun = [address for address in claim.addresses if address.start <= day]
    return begun[-1] if begun else next(iter(claim.addresses), None)


def _claim_type(award: Award) -> str:
    housing, council_tax = award.hb_status in ACTIVE, award.ctr_status in ACTIVE
    if housing and council_tax:
        return "both"
    return "HB only" if housing else "CTR only"


def _status(award: Award) -> str:
    """The status of the council tax side; of the Housing Benefit side where that alone runs."""
    status = award.ctr_status if award.ctr_status in ACTIVE or award.hb_status not in ACTIVE else award.hb_status
    if status == "suspended":
        return "suspended"
    return "live" if status in ACTIVE else "ended"


def _earnings(award: Award) -> int | None:
    """Net earnings of both, where they are held."""
    if award.detail is None:
        return _total(award.claimant_earnings, award.partner_earnings)
    return _total(award.detail.claimant_net, award.detail.partner_net)


def _total(*amounts: int | None) -> int | None:
    held = [amount for amount in amounts if amount is not None]
    return sum(held) if held else None


def _persons(claim: Claim, first: date, last: date) -> Iterator[tuple[object, ...]]:
    for member in claim.members:
        end = _earliest(member.end, claim.end)
        if end is not None and (end < first or end < member.start):
            continue
        if member.start <= last:
            yield _person(claim, member, end if end and end <= last else None)


def _earliest(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days) if days else None


def _person(claim: Claim, member: Member, end: date | None) -> tuple[object, ...]:
    person = member.person
    adult = member.role in ("claimant", "partner")
    return (
        claim.ctr_reference,
        member.reference,
        member.role.replace("_", "-"),
        person.title,
        person.forename,
        person.middle_name,
        person.surname,
        slashed(person.birth_date),
        person.sex,
        person.national_insurance_number,
        slashed(member.start),
        slashed(end or OPEN),
        _employment(claim, member, end) if adult else "",
        _hours(claim, member, end) if adult else "",
        ("Y" if _sanctioned(claim, member, end) else "N") if adult else "",
        "Y" if member.disabled else "N",
    )


def _last_award(claim: Claim, end: date | None) -> Award:
    """The award in force when a member was last in a role, or the latest."""
    return _award(claim, end) if end else claim.awards[-1]


def _hours(claim: Claim, member: Member, end: date | None) -> int | str:
    """Hours when last in the role; a passported claim holds none."""
    award = _last_award(claim, end)
    if award.detail is None:
        return member.hours
    if award.passport:
        return ""
    return award.claimant_hours if member.role == "claimant" else award.partner_hours


def _sanctioned(claim: Claim, member: Member, end: date | None) -> bool:
    """Whether the claimant was under a sanction when last in the role."""
    detail = _last_award(claim, end).detail
    return member.role == "claimant" and detail is not None and detail.sanctioned


def _employment(claim: Claim, member: Member, end: date | None) -> str:
    """How the adult worked when last in this role."""
    award = _last_award(claim, end)
    hours = member.hours if award.detail is None else _hours(claim, member, end)
    if member.role == "claimant" and award.self_employed:
        return "self-employed"
    return "employed" if hours else "not working"

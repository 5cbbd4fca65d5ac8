"""The Universal Credit data share: a row for each assessment period of each award the council was told of (``domain.md`` 2.5).

DWP keyed the names and the home for itself. It names no child. Most rows hold the council's claim reference; families that told
DWP they want council tax support and never had it have none. Amounts are pounds for the period.
"""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.circumstances import Circumstances, CreditMonth
from hearthlink.synthetic.claim_records import invented_nino
from hearthlink.synthetic.money.other_offices import Counter, counter, lines, stay_on
from hearthlink.synthetic.world import RecordedPerson, Settings, Ward
from hearthlink.synthetic.writing.text import Part, iso, pounds, rows

FILE = "in/universal_credit/uc_award.csv"
COLUMNS = (
    "claim_ref",
    "uc_claim_id",
    "nino",
    "claimant_forename",
    "claimant_surname",
    "claimant_birth_date",
    "claimant_sex",
    "partner_nino",
    "partner_forename",
    "partner_surname",
    "partner_birth_date",
    "partner_sex",
    "uprn",
    "address_1",
    "address_2",
    "address_3",
    "postcode",
    "uc_claim_date",
    "assessment_period_start",
    "assessment_period_end",
    "award",
    "standard_allowance",
    "child_element",
    "disabled_child_element",
    "lcwra_element",
    "carer_element",
    "childcare_element",
    "housing_element",
    "earnings",
    "other_income",
    "capital",
    "deductions",
    "sanction",
    "advance_recovery",
    "benefit_cap",
    "children",
    "notice",
)


def begin(settings: Settings) -> dict[str, bytes]:
    """The header row."""
    return {FILE: rows([COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The awards of one ward."""
    office = counter(ward, settings, "universal_credit")
    return {FILE: Part(rows(row for one in ward.circumstances if one.credit for row in _award(office, one)))}


def _award(office: Counter, one: Circumstances) -> Iterator[tuple[object, ...]]:
    reference = office.claim_reference(one, 1.0) if one.credit_known_by_claim else ""
    adults = [(office.person(adult), _nino(office, one, adult.number)) for adult in one.adults[:2]]
    people = [cell for person, nino in adults for cell in _person(person, nino)]
    people += [""] * (10 - len(people))
    community = one.adults[0].community if one.adults else "white_british"
    homes = {
        (stay.address.uprn, stay.start): office.address(stay.address, community, stay.start)
        for stay in {
            stay_on(one.stays, month.start).start: stay_on(one.stays, month.start) for month in one.credit
        }.values()
    }
    for month in one.credit:
        if month.end > office.settings.extracted:
            break
        stay = stay_on(one.stays, month.start)
        home = homes[stay.address.uprn, stay.start]
        yield (
            reference, f"UC{one.claim or one.family:010d}", *people, home.uprn or "", *lines(home), home.postcode,
            iso(one.credit_claimed), *_amounts(month),
        )  # fmt: skip


def _person(person: RecordedPerson, nino: str) -> tuple[str, ...]:
    return nino, person.forename, person.surname, iso(person.birth_date), person.sex


def _nino(office: Counter, one: Circumstances, number: int) -> str:
    """The number that the council holds too, since DWP gave it to both; one of its own where there is no claim."""
    claim = office.claims.get(one.claim)
    held = (m.person.national_insurance_number for m in claim.members if m.person.number == number) if claim else ()
    return next((nino for nino in held if nino), "") or invented_nino(office.office.random)


def _amounts(month: CreditMonth) -> tuple[object, ...]:
    return (
        iso(month.start), iso(month.end), pounds(month.award), pounds(month.standard), pounds(month.child),
        pounds(month.disabled_child), pounds(month.limited_capability), pounds(month.carer), pounds(month.childcare),
        pounds(month.housing), pounds(month.earnings), pounds(month.other_income), pounds(month.capital),
        pounds(month.deductions), pounds(month.sanction), pounds(month.advance), pounds(month.cap), month.children,
        month.notice,
    )  # fmt: skip

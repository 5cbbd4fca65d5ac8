"""Homelessness cases and the people in them, after H-CLIC (``domain.md`` 2.7). The housing team keyed everybody for itself."""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.circumstances import Circumstances, HomelessCase
from hearthlink.synthetic.money.other_offices import Counter, counter, lines
from hearthlink.synthetic.world import Settings, TruePerson, Ward
from hearthlink.synthetic.writing.text import Part, iso, rows

CASES = "in/homelessness/homelessness_case.csv"
PEOPLE = "in/homelessness/homelessness_person.csv"
CASE_COLUMNS = (
    "case_ref",
    "claim_ref",
    "uprn",
    "address_1",
    "address_2",
    "address_3",
    "postcode",
    "application_date",
    "assessment_date",
    "duty",
    "reason_for_loss",
    "ast_reason",
    "ta_start",
    "ta_end",
    "ta_type",
    "date_closed",
    "case_outcome",
)
PERSON_COLUMNS = ("case_ref", "relationship", "forename", "surname", "date_of_birth", "sex")
GROWN = 6574


def begin(settings: Settings) -> dict[str, bytes]:
    """Both header rows."""
    return {CASES: rows([CASE_COLUMNS]), PEOPLE: rows([PERSON_COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The cases of one ward that had been opened when the extract was taken."""
    office = counter(ward, settings, "homelessness")
    known = [(one, case) for one in ward.circumstances for case in one.cases if office.known(case.opened)]
    return {
        CASES: Part(rows(_case(office, one, case) for one, case in known)),
        PEOPLE: Part(rows(row for one, case in known for row in _people(office, one, case))),
    }


def _case(office: Counter, one: Circumstances, case: HomelessCase) -> tuple[object, ...]:
    community = one.adults[0].community if one.adults else "white_british"
    home = office.address(case.address, community, case.opened)
    closed = office.known(case.closed)
    return (
        case.reference, office.claim_reference(one, 0.35), home.uprn or "", *lines(home), home.postcode, iso(case.opened),
        iso(office.known(case.assessed)), case.duty, case.loss_reason, case.loss_subreason,
        iso(office.known(case.temporary_start)), iso(office.known(case.temporary_end)),
        case.temporary_kind if office.known(case.temporary_start) else "", iso(closed), case.outcome if closed else "",
    )  # fmt: skip


def _people(office: Counter, one: Circumstances, case: HomelessCase) -> Iterator[tuple[object, ...]]:
    grown = {adult.number for adult in one.adults}
    for place, true in enumerate(person for person in one.people if person.birth_date <= case.opened):
        person = office.person(true)
        yield (
            case.reference, _relationship(true, place, grown, case), person.forename, person.surname,
            iso(person.birth_date), person.sex,
        )  # fmt: skip


def _relationship(true: TruePerson, place: int, grown: set[int], case: HomelessCase) -> str:
    if true.number in grown:
        return "applicant" if place == 0 else "partner"
    return "child" if (case.opened - true.birth_date).days < GROWN else "other adult"

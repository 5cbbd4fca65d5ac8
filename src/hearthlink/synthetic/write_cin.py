"""The children in need census of 2019-20 as its XML, in the order of the schema (``domain.md`` 1.2).

The year's rules: no child in need plan dates, ``GenderCurrent`` rather than ``Sex``. A child is in the file for every
referral of the year, and for every episode begun earlier that was still open when the year began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from hearthlink.synthetic.world import (
    DFE_NUMBER,
    Assessment,
    CareRecord,
    ProtectionPlan,
    Referral,
    Section47,
    Settings,
    Ward,
)
from hearthlink.synthetic.write_text import Part, iso

GENDER = {"M": "1", "F": "2", "U": "0", "": "0"}


def file_name(settings: Settings) -> str:
    """The census file of the year, relative to the out folder."""
    return f"in/cin_{settings.year.replace('-', '_')}.xml"


def begin(settings: Settings) -> dict[str, bytes]:
    """The declaration, the header, and the opening of the children."""
    end = settings.year_end
    lines = (
        '<?xml version="1.0" encoding="utf-8"?>',
        "<Message>",
        "  <Header>",
        "    <CollectionDetails>",
        "      <Collection>CIN</Collection>",
        f"      <Year>{end.year}</Year>",
        f"      <ReferenceDate>{iso(end)}</ReferenceDate>",
        "    </CollectionDetails>",
        "    <Source>",
        "      <SourceLevel>L</SourceLevel>",
        f"      <LEA>{DFE_NUMBER}</LEA>",
        "      <SoftwareCode>Hearthlink made-up data</SoftwareCode>",
        f"      <Release>{escape(settings.version)}</Release>",
        "      <SerialNo>001</SerialNo>",
        f"      <DateTime>{end.year}-06-30T12:00:00</DateTime>",
        "    </Source>",
        "    <Content>",
        "      <CBDSLevels>",
        "        <CBDSLevel>Child</CBDSLevel>",
        "      </CBDSLevels>",
        "    </Content>",
        "  </Header>",
        "  <Children>",
    )
    return {file_name(settings): ("\n".join(lines) + "\n").encode()}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward, in the ward's order."""
    lines: list[str] = []
    for record in ward.care_records:
        episodes = [referral for referral in record.referrals if in_year(referral, settings)]
        if episodes:
            lines += _child(record, episodes, settings.year_end)
    body = "\n".join(lines) + "\n" if lines else ""
    return {file_name(settings): Part(body.encode())}


def end(settings: Settings, counts: Mapping[str, tuple[int, ...]]) -> dict[str, bytes]:
    """The close of the children and of the message."""
    return {file_name(settings): b"  </Children>\n</Message>\n"}


def in_year(referral: Referral, settings: Settings) -> bool:
    """Whether the census of the year carries the episode: referred in it, or begun before and open when it began."""
    if referral.day >= settings.year_start:
        return referral.day <= settings.year_end
    if referral.no_further_action:
        return False
    return referral.closed is None or referral.closed >= settings.year_start


@lru_cache(maxsize=1 << 17)
def _element(indent: int, name: str, text: str) -> str:
    return f"{' ' * indent}<{name}>{text}</{name}>"


def _optional(indent: int, name: str, text: str | None) -> Iterator[str]:
    if text:
        yield _element(indent, name, text)


def _by(day: date | None, last: date) -> str:
    """A day the return can know, because it lies on or before the reference date."""
    return iso(day) if day is not None and day <= last else ""


def _child(record: CareRecord, episodes: list[Referral], last: date) -> Iterator[str]:
    unborn = record.expected_birth_date is not None
    yield "    <Child>"
    yield "      <ChildIdentifiers>"
    yield f"        <LAchildID>{escape(record.legacy_id)}</LAchildID>"
    for name, text in (
        ("UPN", record.upn),
        ("FormerUPN", record.former_upn),
        ("UPNunknown", record.upn_unknown),
        ("PersonBirthDate", "" if unborn else iso(record.person.birth_date)),
        ("ExpectedPersonBirthDate", iso(record.expected_birth_date)),
    ):
        if text:
            yield f"        <{name}>{escape(text)}</{name}>"
    yield _element(8, "GenderCurrent", GENDER.get(record.person.sex, "9"))
    yield from _optional(8, "PersonDeathDate", _by(record.death_date, last))
    yield "      </ChildIdentifiers>"
    yield "      <ChildCharacteristics>"
    yield _element(8, "Ethnicity", record.ethnicity)
    went_further = any(not referral.no_further_action for referral in record.referrals)
    codes = record.disabilities or (("NONE",) if went_further and record.expected_birth_date is None else ())
    if codes:
        yield "        <Disabilities>"
        for code in codes:
            yield _element(10, "Disability", code)
        yield "        </Disabilities>"
    yield "      </ChildCharacteristics>"
    for episode in episodes:
        yield from _details(episode, last)
    yield "    </Child>"


def _details(episode: Referral, last: date) -> Iterator[str]:
    closed = _by(episode.closed, last)
    yield "      <CINdetails>"
    yield _element(8, "CINreferralDate", iso(episode.day))
    yield from _optional(8, "ReferralSource", episode.source)
    yield from _optional(8, "PrimaryNeedCode", episode.primary_need)
    yield from _optional(8, "CINclosureDate", closed)
    yield from _optional(8, "ReasonForClosure", episode.closure_reason if closed else "")
    yield from _optional(8, "DateOfInitialCPC", _by(episode.other_conference, last))
    for assessment in episode.assessments:
        if assessment.start <= last:
            yield from _assessment(assessment, last)
    for enquiry in episode.enquiries:
        if enquiry.start <= last:
            yield from _enquiry(enquiry, last)
    yield _element(8, "ReferralNFA", "true" if episode.no_further_action else "false")
    for plan in episode.plans:
        if plan.start <= last:
            yield from _plan(plan, last)
    yield "      </CINdetails>"


def _assessment(assessment: Assessment, last: date) -> Iterator[str]:
    authorised = _by(assessment.authorised, last)
    yield "        <Assessments>"
    yield _element(10, "AssessmentActualStartDate", iso(assessment.start))
    yield from _optional(10, "AssessmentAuthorisationDate", authorised)
    if authorised and assessment.factors:
        yield "          <FactorsIdentifiedAtAssessment>"
        for factor in assessment.factors:
            yield _element(12, "AssessmentFactors", factor)
        yield "          </FactorsIdentifiedAtAssessment>"
    yield "        </Assessments>"


def _enquiry(enquiry: Section47, last: date) -> Iterator[str]:
    yield "        <Section47>"
    yield _element(10, "S47ActualStartDate", iso(enquiry.start))
    yield from _optional(10, "InitialCPCtarget", iso(enquiry.conference_target))
    yield from _optional(10, "DateOfInitialCPC", _by(enquiry.conference, last))
    yield _element(10, "ICPCnotRequired", "true" if enquiry.conference_not_required else "false")
    yield "        </Section47>"


def _plan(plan: ProtectionPlan, last: date) -> Iterator[str]:
    reviews = [day for day in plan.reviews if day <= last]
    yield "        <ChildProtectionPlans>"
    yield _element(10, "CPPstartDate", iso(plan.start))
    yield from _optional(10, "CPPendDate", _by(plan.end, last))
    yield _element(10, "InitialCategoryOfAbuse", plan.initial_category)
    yield _element(10, "LatestCategoryOfAbuse", plan.latest_category)
    yield _element(10, "NumberOfPreviousCPP", str(plan.previous_plans))
    if reviews:
        yield "          <Reviews>"
        for day in reviews:
            yield _element(12, "CPPreviewDate", iso(day))
        yield "          </Reviews>"
    yield "        </ChildProtectionPlans>"

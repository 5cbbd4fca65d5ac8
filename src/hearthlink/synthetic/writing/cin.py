"""The children in need census of any year from 2016-17 to 2026-27 as its XML, in the order of the schema (``domain.md`` 1.2).

The year's elements and codes are those of `census_years`. A child is in the file for every referral of the year, and for every
episode begun earlier that was still open when the year began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from hearthlink.synthetic.census_years import (
    by,
    cin_plans_of,
    closure_reason_of,
    disabilities_of,
    episodes_of,
    factors_of,
    proceedings_of,
    sex_of,
    source_of,
)
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
from hearthlink.synthetic.writing.text import Part, iso


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
        episodes = episodes_of(record, settings)
        if episodes:
            lines += _child(record, episodes, settings.year_end)
    body = "\n".join(lines) + "\n" if lines else ""
    return {file_name(settings): Part(body.encode())}


def end(settings: Settings, counts: Mapping[str, tuple[int, ...]]) -> dict[str, bytes]:
    """The close of the children and of the message."""
    return {file_name(settings): b"  </Children>\n</Message>\n"}


@lru_cache(maxsize=1 << 17)
def _element(indent: int, name: str, text: str) -> str:
    return f"{' ' * indent}<{name}>{text}</{name}>"


def _optional(indent: int, name: str, text: str | None) -> Iterator[str]:
    if text:
        yield _element(indent, name, text)


def _by(day: date | None, last: date) -> str:
    """A day the return can know, as it spells it."""
    return iso(by(day, last))


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
    yield _element(8, *sex_of(record, last.year))
    yield from _optional(8, "PersonDeathDate", _by(record.death_date, last))
    yield "      </ChildIdentifiers>"
    yield "      <ChildCharacteristics>"
    yield _element(8, "Ethnicity", record.ethnicity)
    if codes := disabilities_of(record):
        yield "        <Disabilities>"
        for code in codes:
            yield _element(10, "Disability", code)
        yield "        </Disabilities>"
    yield "      </ChildCharacteristics>"
    for episode in episodes:
        yield from _details(record, episode, last)
    yield "    </Child>"


def _details(record: CareRecord, episode: Referral, last: date) -> Iterator[str]:
    closed = _by(episode.closed, last)
    yield "      <CINdetails>"
    yield _element(8, "CINreferralDate", iso(episode.day))
    yield from _optional(8, "ReferralSource", source_of(episode, last.year))
    yield from _optional(8, "PrimaryNeedCode", episode.primary_need)
    yield from _optional(8, "CINclosureDate", closed)
    yield from _optional(8, "ReasonForClosure", closure_reason_of(episode, last.year) if closed else "")
    yield from _optional(8, "DateOfInitialCPC", _by(episode.other_conference, last))
    for assessment in episode.assessments:
        if assessment.start <= last:
            yield from _assessment(assessment, last)
    for need_plan in cin_plans_of(record, episode, last.year, last):
        yield "        <CINPlanDates>"
        yield _element(10, "CINPlanStartDate", iso(need_plan.start))
        yield from _optional(10, "CINPlanEndDate", _by(need_plan.end, last))
        yield "        </CINPlanDates>"
    for enquiry in episode.enquiries:
        if enquiry.start <= last:
            yield from _enquiry(enquiry, last)
    yield _element(8, "ReferralNFA", "true" if episode.no_further_action else "false")
    for plan in episode.plans:
        if plan.start <= last:
            yield from _plan(plan, last)
    for plan in episode.plans:
        for block in proceedings_of(plan, last.year, last):
            yield "        <PreProceedingsandFGDM>"
            for name, text in block.cells:
                yield _element(10, name, text)
            yield "        </PreProceedingsandFGDM>"
    yield "      </CINdetails>"


def _assessment(assessment: Assessment, last: date) -> Iterator[str]:
    authorised = _by(assessment.authorised, last)
    yield "        <Assessments>"
    yield _element(10, "AssessmentActualStartDate", iso(assessment.start))
    yield from _optional(10, "AssessmentAuthorisationDate", authorised)
    if authorised and assessment.factors:
        yield "          <FactorsIdentifiedAtAssessment>"
        for factor in factors_of(assessment, last.year):
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

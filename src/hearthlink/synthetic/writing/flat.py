"""The census of the year flattened to tables, as the tools of councils write it (``domain.md`` 1.2, point 13): ``in/cin_csv``.

Each file begins with an unnamed column that numbers its rows, dates are spelt 05/04/2019, and rows are tied by ordinals within the child.
It tells the same as the census in XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

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
from hearthlink.synthetic.world import DFE_NUMBER, CareRecord, Referral, Settings, Ward
from hearthlink.synthetic.writing.text import Part, rows, slashed

FOLDER = "in/cin_csv"
_IN_CHILD = ("LAchildID", "CINdetailsID")
COLUMNS: dict[str, tuple[str, ...]] = {
    "Header": ("Collection", "Year", "ReferenceDate", "SourceLevel", "LEA", "SoftwareCode", "Release", "SerialNo", "DateTime"),
    "ChildIdentifiers": (
        "LAchildID", "UPN", "FormerUPN", "UPNunknown", "PersonBirthDate", "ExpectedPersonBirthDate", "GenderCurrent", "Sex",
        "PersonDeathDate",
    ),
    "ChildCharacteristics": ("LAchildID", "Ethnicity"),
    "Disabilities": ("LAchildID", "Disability"),
    "CINdetails": (
        *_IN_CHILD, "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate", "ReasonForClosure",
        "DateOfInitialCPC", "ReferralNFA",
    ),
    "Assessments": (
        *_IN_CHILD, "AssessmentsID", "AssessmentActualStartDate", "AssessmentInternalReviewDate", "AssessmentAuthorisationDate",
        "AssessmentFactors",
    ),
    "CINplanDates": (*_IN_CHILD, "CINPlanStartDate", "CINPlanEndDate"),
    "Section47": (*_IN_CHILD, "S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired"),
    "ChildProtectionPlans": (
        *_IN_CHILD, "CPPID", "CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse",
        "NumberOfPreviousCPP",
    ),
    "Reviews": (*_IN_CHILD, "CPPID", "CPPreviewDate"),
    "PreProceedings": (
        *_IN_CHILD, "PPStartDate", "LBPSentDate", "FGDMMeetingOffer", "FGDMMeetingFac", "InitialPPMeetingDate",
        "ReviewMeetingsCount", "StepDecisionDate", "PPOutcome", "CourtAppDate", "LetterInitCPDate",
    ),
}  # fmt: skip

Row = tuple[str, ...]
Told = tuple[str, Row]


def begin(settings: Settings) -> dict[str, bytes]:
    """The headers, and the one row of the table Header."""
    last = settings.year_end
    header = (
        "0", "CIN", str(last.year), slashed(last), "L", DFE_NUMBER, "Hearthlink made-up data", settings.version, "001",
        f"{last.year}-06-30T12:00:00",
    )  # fmt: skip
    more: dict[str, list[Row]] = {"Header": [header]}
    return {f"{FOLDER}/{table}.csv": rows([("", *columns), *more.get(table, [])]) for table, columns in COLUMNS.items()}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward, in the ward's order."""
    made: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    for record in ward.care_records:
        episodes = episodes_of(record, settings)
        if episodes:
            for table, row in _child(record, episodes, settings.year_end):
                made[table].append((str(len(made[table])), *row))
    return {f"{FOLDER}/{table}.csv": Part(rows(lines)) for table, lines in made.items() if table != "Header"}


def _child(record: CareRecord, episodes: list[Referral], last: date) -> Iterator[Told]:
    child = record.legacy_id
    expected = record.expected_birth_date
    element, sex = sex_of(record, last.year)
    yield (
        "ChildIdentifiers",
        (
            child, record.upn, record.former_upn, record.upn_unknown,
            slashed(None if expected is not None else record.person.birth_date), slashed(expected),
            sex if element == "GenderCurrent" else "", sex if element == "Sex" else "", slashed(by(record.death_date, last)),
        ),
    )  # fmt: skip
    yield "ChildCharacteristics", (child, record.ethnicity)
    for code in disabilities_of(record):
        yield "Disabilities", (child, code)
    plan_number = 0
    for number, episode in enumerate(episodes, 1):
        key = (child, str(number))
        yield from _episode(record, episode, key, last)
        for plan in (plan for plan in episode.plans if plan.start <= last):
            plan_number += 1
            yield (
                "ChildProtectionPlans",
                (
                    *key, str(plan_number), slashed(plan.start), slashed(by(plan.end, last)), plan.initial_category,
                    plan.latest_category, str(plan.previous_plans),
                ),
            )  # fmt: skip
            for day in (day for day in plan.reviews if day <= last):
                yield "Reviews", (*key, str(plan_number), slashed(day))
            for block in proceedings_of(plan, last.year, last):
                held = dict(block.cells)
                cells = (held.get(name, "") for name in COLUMNS["PreProceedings"][2:])
                yield "PreProceedings", (*key, *cells)


def _episode(record: CareRecord, episode: Referral, key: tuple[str, str], last: date) -> Iterator[Told]:
    closed = by(episode.closed, last)
    yield (
        "CINdetails",
        (
            *key, slashed(episode.day), source_of(episode, last.year), episode.primary_need or "", slashed(closed),
            closure_reason_of(episode, last.year) if closed else "", slashed(by(episode.other_conference, last)),
            _flag(episode.no_further_action),
        ),
    )  # fmt: skip
    for number, assessment in enumerate((one for one in episode.assessments if one.start <= last), 1):
        authorised = by(assessment.authorised, last)
        factors = factors_of(assessment, last.year) if authorised else ()
        for factor in factors or ("",):
            yield "Assessments", (*key, str(number), slashed(assessment.start), "", slashed(authorised), factor)
    for plan in cin_plans_of(record, episode, last.year, last):
        yield "CINplanDates", (*key, slashed(plan.start), slashed(by(plan.end, last)))
    for enquiry in (one for one in episode.enquiries if one.start <= last):
        days = (enquiry.start, enquiry.conference_target, by(enquiry.conference, last))
        yield "Section47", (*key, *map(slashed, days), _flag(enquiry.conference_not_required))


def _flag(said: bool) -> str:
    return "true" if said else "false"

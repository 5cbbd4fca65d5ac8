"""The children in need census flattened: one table for each block of its XML, each cell a text as it was written.

The layout is that of the tools councils already use (``domain.md`` 1.2, point 13), with the element names of the Department for
Education. It is what the census's own rules are checked against, before anything is typed, merged or left out; it rests in no room.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

WHERE = ("child_no", "line")
"""The first columns of every table: which Child block of the file, from 1, and the line (of a CSV its row) where the record begins."""

FLAT: dict[str, tuple[str, ...]] = {
    "Header": (
        "Collection", "Year", "ReferenceDate", "SourceLevel", "LEA", "SoftwareCode", "Release", "SerialNo", "DateTime",
    ),
    "ChildIdentifiers": (
        "LAchildID", "UPN", "FormerUPN", "UPNunknown", "PersonBirthDate", "ExpectedPersonBirthDate", "GenderCurrent", "Sex",
        "PersonDeathDate",
    ),
    "ChildCharacteristics": ("LAchildID", "Ethnicity"),
    "Disabilities": ("LAchildID", "Disability"),
    "CINdetails": (
        "LAchildID", "CINdetailsID", "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate", "ReasonForClosure",
        "DateOfInitialCPC", "ReferralNFA",
    ),
    "Assessments": (
        "LAchildID", "CINdetailsID", "AssessmentID", "AssessmentActualStartDate", "AssessmentInternalReviewDate",
        "AssessmentAuthorisationDate",
    ),
    "AssessmentFactors": ("LAchildID", "CINdetailsID", "AssessmentID", "AssessmentFactor"),
    "CINplanDates": ("LAchildID", "CINdetailsID", "CINPlanStartDate", "CINPlanEndDate"),
    "Section47": (
        "LAchildID", "CINdetailsID", "S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired",
    ),
    "ChildProtectionPlans": (
        "LAchildID", "CINdetailsID", "CPPID", "CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse",
        "NumberOfPreviousCPP",
    ),
    "Reviews": ("LAchildID", "CINdetailsID", "CPPID", "CPPreviewDate"),
    "PreProceedings": (
        "LAchildID", "CINdetailsID", "PPStartDate", "LBPSentDate", "FGDMMeetingOffer", "FGDMMeetingFac", "InitialPPMeetingDate",
        "ReviewMeetingsCount", "StepDecisionDate", "PPOutcome", "CourtAppDate", "LetterInitCPDate",
    ),
}  # fmt: skip
"""The tables and their columns, after those of ``WHERE``. Every cell is text, trimmed, empty where nothing was written."""

TABLES_SAY: dict[str, str] = {
    "Header": "What the return says of itself: one row at most; its child_no is 0.",
    "ChildIdentifiers": "Who each child is said to be: a row for every Child block, even one that holds no identifiers.",
    "ChildCharacteristics": "A row for every Child block, even one that holds no characteristics.",
    "Disabilities": "Each disability code written for a child.",
    "CINdetails": "Each episode: a referral and how it closed.",
    "Assessments": "Each assessment within an episode.",
    "AssessmentFactors": "Each factor written for an assessment.",
    "CINplanDates": "Each child in need plan within an episode (from 2021-22).",
    "Section47": "Each section 47 enquiry within an episode.",
    "ChildProtectionPlans": "Each child protection plan within an episode.",
    "Reviews": "Each review of a protection plan.",
    "PreProceedings": "Each block of pre-proceedings and family group decision-making within an episode (from 2026-27).",
}

COLUMNS_SAY: dict[str, str] = {
    "child_no": "which Child block of the file the row belongs to, from 1; 0 for the header",
    "line": "line of the file, or row of the CSV, where the record begins",
    "Collection": "which return it is: CIN",
    "Year": "the year the collection ends in, as the header says; the reference date is trusted over it",
    "ReferenceDate": "31 March on which the census year ends",
    "SourceLevel": "L, a local authority",
    "LEA": "the Department's three digits for the authority",
    "SoftwareCode": "the system that made the file",
    "Release": "the release of that system",
    "SerialNo": "number of the submission; the highest counts",
    "DateTime": "when the file was made",
    "LAchildID": "the authority's own id of the child",
    "UPN": "unique pupil number",
    "FormerUPN": "unique pupil number held before",
    "UPNunknown": "why there is no unique pupil number: UN1 to UN7",
    "PersonBirthDate": "date of birth; absent for the unborn",
    "ExpectedPersonBirthDate": "expected date of birth, of the unborn and the never born alone",
    "GenderCurrent": "1 male, 2 female, 0 not recorded or unborn, 9 indeterminate (to 2023-24)",
    "Sex": "M, F or U (from 2024-25)",
    "PersonDeathDate": "date of death",
    "Ethnicity": "ethnicity code",
    "Disability": "disability code; NONE where there is none",
    "CINdetailsID": "which episode of the child, in the order of the file, from 1",
    "CINreferralDate": "day of the referral",
    "ReferralSource": "who referred",
    "PrimaryNeedCode": "the need that counts most: N0 to N9",
    "CINclosureDate": "day the episode closed",
    "ReasonForClosure": "why it closed: RC1 to RC9",
    "DateOfInitialCPC": "day of the initial child protection conference",
    "ReferralNFA": "whether the referral led to no further action",
    "AssessmentID": "which assessment of the episode, in the order of the file, from 1",
    "AssessmentActualStartDate": "day the assessment began",
    "AssessmentInternalReviewDate": "day it was reviewed within",
    "AssessmentAuthorisationDate": "day it was authorised, which is its end",
    "AssessmentFactor": "factor found at the end of the assessment",
    "CINPlanStartDate": "day the child in need plan began",
    "CINPlanEndDate": "day it ended",
    "S47ActualStartDate": "day the enquiry began",
    "InitialCPCtarget": "day by which the conference was due",
    "ICPCnotRequired": "whether no conference was needed",
    "CPPID": "which protection plan of the episode, in the order of the file, from 1",
    "CPPstartDate": "day the protection plan began",
    "CPPendDate": "day it ended",
    "InitialCategoryOfAbuse": "category of abuse at its start",
    "LatestCategoryOfAbuse": "category of abuse last recorded",
    "NumberOfPreviousCPP": "how many protection plans the child had before",
    "CPPreviewDate": "day of the review",
    "PPStartDate": "day pre-proceedings began",
    "LBPSentDate": "day the letter before proceedings was sent",
    "FGDMMeetingOffer": "whether a family group decision-making meeting was offered",
    "FGDMMeetingFac": "whether one was facilitated",
    "InitialPPMeetingDate": "day of the first pre-proceedings meeting",
    "ReviewMeetingsCount": "how many review meetings there were",
    "StepDecisionDate": "day of the decision to step up or down",
    "PPOutcome": "outcome of pre-proceedings",
    "CourtAppDate": "day of the application to court",
    "LetterInitCPDate": "day of the letter that began child protection",
}


def flat_schema(table: str) -> pa.Schema:
    """The Arrow schema of a flat table: two whole numbers (int64), then texts."""
    places = [pa.field(name, pa.int64(), nullable=False) for name in WHERE]
    return pa.schema([*places, *(pa.field(name, pa.string()) for name in FLAT[table])])


FIRST_YEAR, LAST_YEAR = 2017, 2027
"""The census years that are known, by the year they end in: 2016-17 to 2026-27."""

ELEMENT_YEARS: Mapping[str, tuple[int, int]] = {
    "GenderCurrent": (FIRST_YEAR, 2024),
    "Sex": (2025, LAST_YEAR),
    "CINPlanStartDate": (2022, LAST_YEAR),
    "CINPlanEndDate": (2022, LAST_YEAR),
    **dict.fromkeys(FLAT["PreProceedings"][2:], (2027, LAST_YEAR)),
}
"""The first and last census year, by the year it ends in, of elements that did not belong to every one (``domain.md`` 1.3)."""


def _every_year(codes: str) -> dict[str, tuple[int, int]]:
    return dict.fromkeys(codes.split(), (FIRST_YEAR, LAST_YEAR))


def _from_year(first: int, codes: str) -> dict[str, tuple[int, int]]:
    return dict.fromkeys(codes.split(), (first, LAST_YEAR))


CODE_YEARS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "UPNunknown": _every_year("UN1 UN2 UN3 UN4 UN5 UN6 UN7"),
    "GenderCurrent": _every_year("1 2 0 9"),
    "Sex": _every_year("M F U"),
    "Ethnicity": _every_year(
        "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT"
    ),
    "Disability": _every_year("NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA"),
    "ReferralSource": _every_year("1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 6 7 8 9 10") | _from_year(2023, "5D"),
    "PrimaryNeedCode": _every_year("N0 N1 N2 N3 N4 N5 N6 N7 N8 N9"),
    "ReasonForClosure": _every_year("RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8") | _from_year(2023, "RC9"),
    "AssessmentFactor": _every_year(
        "1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8B 8C 8D 8E 8F 9A 10A 11A 12A 13A 14A 15A 16A 17A"
        " 18A 18B 18C 19A 19B 19C 20 21 22A 23A"
    )
    | _from_year(2022, "24A"),
    "InitialCategoryOfAbuse": _every_year("NEG PHY SAB EMO MUL"),
    "LatestCategoryOfAbuse": _every_year("NEG PHY SAB EMO MUL"),
}
"""The code set of each coded element, with the first and last census year in which a code is accepted. 18A and 19A, which were
split in 2020-21, and the codes they were split into are accepted in every year, because councils went on sending them."""

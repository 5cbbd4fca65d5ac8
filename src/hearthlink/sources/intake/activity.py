"""Intake tables of activity: who was referred, and what followed, for a council whose system sends no census that can be read as it is.

Each is one block of the children in need census (domain.md 1.2): what a supplier's columns are turned into is put together to a census as
its flat tables are. Child in need plans are the table `cin_plan`, which stands with the spells of care.
"""

from __future__ import annotations

from collections.abc import Mapping

from hearthlink.sources.intake.declared import (
    CODE,
    DATE,
    END,
    FLAG,
    TEXT,
    WHOLE,
    IntakeColumn,
    IntakeTable,
    identifying,
    plain,
)
from hearthlink.tables.census import CODE_YEARS

SOURCE = "activity"
SEX = {
    "m": "M", "male": "M", "1": "M", "f": "F", "female": "F", "2": "F",
    **dict.fromkeys(("u", "0", "9", "i", "n", "unknown", "indeterminate", "not_recorded", "not_stated", "unborn"), "U"),
}  # fmt: skip
GENDER = {
    said: {"M": "1", "F": "2"}.get(sex, "9" if said in {"9", "i", "indeterminate"} else "0")
    for said, sex in SEX.items()
}


def _codes(element: str) -> Mapping[str, str]:
    """The code set of an element, over all years."""
    return {code.lower(): code for code in CODE_YEARS[element]}


def _table(name: str, says: str, stems: tuple[str, ...], *columns: IntakeColumn, bare: bool = True) -> IntakeTable:
    return IntakeTable(name, says, SOURCE, (name, *stems), columns, may_be_bare=bare)


def _child(*, required: bool = True) -> IntakeColumn:
    says = (
        "the child, by one id in all of these tables"
        if required
        else "the child; not needed where the id beside tells it"
    )
    return identifying(
        "child_id",
        says,
        "LAchildID",
        "la_child_id",
        "child_unique_id",
        "person_id",
        "client_id",
        "case_id",
        "mosaic_id",
        required=required,
    )


_REFERRAL = identifying(
    "referral_id",
    "the referral; without it the child's latest begun by then",
    "CINdetailsID",
    "CINdetailID",
    "episode_id",
)

CIN_CHILD = _table(
    "cin_child", "A child who was referred.", ("ChildIdentifiers", "cin_children", "children"),
    _child(),
    identifying("upn", "unique pupil number; used only to join, in memory", "unique_pupil_number"),
    plain("upn_unknown", CODE, "why there is none: UN1 to UN7", "UPNunknown", codes=_codes("UPNunknown")),
    identifying("birth_date", "birth date", "PersonBirthDate", "dob", "date_of_birth", kind=DATE, needed=True),
    plain("expected_birth_date", DATE, "expected date of birth, of the unborn", "ExpectedPersonBirthDate", "expected_dob", "edd"),
    plain("sex", CODE, "M, F or U", "Sex", "gender", codes=SEX),
    plain("gender_current", CODE, "1, 2, 0 or 9, as returns to 2023-24 say the sex; where there is no other column of it", "GenderCurrent", codes=GENDER),
    plain("ethnicity", CODE, "ethnicity, by its code in the census; here or in child_ethnicity", codes=_codes("Ethnicity")),
    plain("disabilities", TEXT, "disabilities by their codes, several parted by commas; here or in child_disability", "Disability"),
    bare=False,
)  # fmt: skip
CHILD_ETHNICITY = _table(
    "child_ethnicity", "The ethnicity of a child who was referred, where it has a table of its own.", ("ChildCharacteristics",),
    _child(), plain("ethnicity", CODE, "ethnicity, by its code in the census", codes=_codes("Ethnicity"), needed=True),
)  # fmt: skip
CHILD_DISABILITY = _table(
    "child_disability", "A disability of a child who was referred, one in a row.", ("Disabilities",),
    _child(), plain("disability", CODE, "disability, by its code in the census", codes=_codes("Disability"), needed=True),
)  # fmt: skip
REFERRAL = _table(
    "referral", "A referral of a child, and how it closed.", ("CINdetails", "referrals", "cin_episodes"),
    _child(), _REFERRAL,
    plain("referral_date", DATE, "day of the referral", "CINreferralDate", "referral_start_date", needed=True),
    plain("referral_source", CODE, "who referred, by its code in the census", "ReferralSource", "referral_source_code", codes=_codes("ReferralSource")),
    plain("primary_need", CODE, "the need that counts most: N0 to N9", "PrimaryNeedCode", "primary_need_code", codes=_codes("PrimaryNeedCode")),
    plain("closure_date", END, "day the case closed", "CINclosureDate", "case_closure_date"),
    plain("closure_reason", CODE, "why it closed: RC1 to RC9", "ReasonForClosure", "reason_closed", codes=_codes("ReasonForClosure")),
    plain("no_further_action", FLAG, "the referral led to no further action", "ReferralNFA", "nfa"),
    plain("first_conference_date", DATE, "day of an initial conference that stands with no enquiry", "DateOfInitialCPC"),
    bare=False,
)  # fmt: skip
ASSESSMENT = _table(
    "assessment", "An assessment after a referral.", ("Assessments",),
    _child(), _REFERRAL,
    identifying("assessment_id", "the assessment, as its factors name it", "AssessmentID", "AssessmentsID"),
    plain("assessment_start_date", DATE, "day it began", "AssessmentActualStartDate", "assessment_start", needed=True),
    plain("assessment_end_date", END, "day it was authorised", "AssessmentAuthorisationDate", "assessment_auth_date", "assessment_end"),
    plain("factors", TEXT, "factors found, by their codes, several parted by commas; here or in assessment_factor", "AssessmentFactors"),
)  # fmt: skip
ASSESSMENT_FACTOR = _table(
    "assessment_factor", "A factor found by an assessment, one in a row.", ("AssessmentFactors", "FactorsIdentifiedAtAssessment"),
    _child(required=False), _REFERRAL,
    identifying("assessment_id", "the assessment", "AssessmentID", "AssessmentsID", needed=True),
    plain("assessment_factor", TEXT, "the factor, by its code in the census", "AssessmentFactor", "factor", required=True),
)  # fmt: skip
SECTION47 = _table(
    "section47", "An enquiry under section 47, and the conference it led to.", ("section_47", "s47_enquiry", "s47_enquiries"),
    _child(), _REFERRAL,
    plain("enquiry_start_date", DATE, "day the enquiry began", "S47ActualStartDate", "s47_start_date", needed=True),
    plain("conference_due", DATE, "day by which a conference was due", "InitialCPCtarget"),
    plain("first_conference_date", DATE, "day of the initial conference", "DateOfInitialCPC", "icpc_date"),
    plain("conference_not_required", FLAG, "no conference was needed", "ICPCnotRequired"),
)  # fmt: skip
PROTECTION_PLAN = _table(
    "protection_plan", "A child protection plan.", ("ChildProtectionPlans", "cp_plans"),
    _child(), _REFERRAL,
    identifying("protection_plan_id", "the plan, as its reviews name it", "CPPID", "ChildProtectionPlansID", "cp_plan_id"),
    plain("protection_start_date", DATE, "day it began", "CPPstartDate", "cp_plan_start_date", needed=True),
    plain("protection_end_date", END, "day it ended", "CPPendDate", "cp_plan_end_date"),
    plain("first_category", CODE, "category of abuse at its start", "InitialCategoryOfAbuse", "initial_category", codes=_codes("InitialCategoryOfAbuse")),
    plain("latest_category", CODE, "category of abuse last recorded", "LatestCategoryOfAbuse", codes=_codes("LatestCategoryOfAbuse")),
    plain("earlier_plans", WHOLE, "protection plans that the child had before", "NumberOfPreviousCPP"),
)  # fmt: skip
PROTECTION_REVIEW = _table(
    "protection_review", "A review of a child protection plan.", ("Reviews", "cp_reviews"),
    _child(required=False), _REFERRAL,
    identifying("protection_plan_id", "the plan", "CPPID", "ChildProtectionPlansID", "cp_plan_id", needed=True),
    plain("review_date", DATE, "day of the review", "CPPreviewDate", "cp_review_date", required=True),
)  # fmt: skip
PRE_PROCEEDINGS = _table(
    "pre_proceedings", "Work before care proceedings, and family group decision-making.", ("PreProceedingsandFGDM",),
    _child(), _REFERRAL,
    plain("pre_proceedings_start_date", DATE, "day it began", "PPStartDate"),
    plain("letter_sent_date", DATE, "day the letter before proceedings was sent", "LBPSentDate"),
    plain("meeting_offered", FLAG, "a family group decision-making meeting was offered", "FGDMMeetingOffer"),
    plain("meeting_held", FLAG, "one was facilitated", "FGDMMeetingFac"),
    plain("first_meeting_date", DATE, "day of the first pre-proceedings meeting", "InitialPPMeetingDate"),
    plain("review_meetings", WHOLE, "how many review meetings there were", "ReviewMeetingsCount"),
    plain("step_decision_date", DATE, "day of the decision to step up or down", "StepDecisionDate"),
    plain("pre_proceedings_outcome", TEXT, "its outcome, by its code in the census", "PPOutcome"),
    plain("court_application_date", DATE, "day of the application to court", "CourtAppDate"),
    plain("protection_letter_date", DATE, "day of the letter that began child protection", "LetterInitCPDate"),
)  # fmt: skip

ACTIVITY_TABLES = (
    CIN_CHILD, CHILD_ETHNICITY, CHILD_DISABILITY, REFERRAL, ASSESSMENT, ASSESSMENT_FACTOR, SECTION47, PROTECTION_PLAN, PROTECTION_REVIEW,
    PRE_PROCEEDINGS,
)  # fmt: skip

_TIES = {"child_id": "LAchildID", "referral_id": "CINdetailsID"}
ELEMENTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "cin_child": ("ChildIdentifiers", {
        "child_id": "LAchildID", "upn": "UPN", "upn_unknown": "UPNunknown", "birth_date": "PersonBirthDate",
        "expected_birth_date": "ExpectedPersonBirthDate", "sex": "Sex", "gender_current": "GenderCurrent",
    }),
    "child_ethnicity": ("ChildCharacteristics", {"child_id": "LAchildID", "ethnicity": "Ethnicity"}),
    "child_disability": ("Disabilities", {"child_id": "LAchildID", "disability": "Disability"}),
    "referral": ("CINdetails", {
        **_TIES, "referral_date": "CINreferralDate", "referral_source": "ReferralSource", "primary_need": "PrimaryNeedCode",
        "closure_date": "CINclosureDate", "closure_reason": "ReasonForClosure", "no_further_action": "ReferralNFA",
        "first_conference_date": "DateOfInitialCPC",
    }),
    "assessment": ("Assessments", {
        **_TIES, "assessment_id": "AssessmentID", "assessment_start_date": "AssessmentActualStartDate",
        "assessment_end_date": "AssessmentAuthorisationDate", "factors": "AssessmentFactor",
    }),
    "assessment_factor": ("AssessmentFactors", {**_TIES, "assessment_id": "AssessmentID", "assessment_factor": "AssessmentFactor"}),
    "section47": ("Section47", {
        **_TIES, "enquiry_start_date": "S47ActualStartDate", "conference_due": "InitialCPCtarget", "first_conference_date": "DateOfInitialCPC",
        "conference_not_required": "ICPCnotRequired",
    }),
    "protection_plan": ("ChildProtectionPlans", {
        **_TIES, "protection_plan_id": "CPPID", "protection_start_date": "CPPstartDate", "protection_end_date": "CPPendDate",
        "first_category": "InitialCategoryOfAbuse", "latest_category": "LatestCategoryOfAbuse", "earlier_plans": "NumberOfPreviousCPP",
    }),
    "protection_review": ("Reviews", {**_TIES, "protection_plan_id": "CPPID", "review_date": "CPPreviewDate"}),
    "pre_proceedings": ("PreProceedings", {
        **_TIES, "pre_proceedings_start_date": "PPStartDate", "letter_sent_date": "LBPSentDate", "meeting_offered": "FGDMMeetingOffer",
        "meeting_held": "FGDMMeetingFac", "first_meeting_date": "InitialPPMeetingDate", "review_meetings": "ReviewMeetingsCount",
        "step_decision_date": "StepDecisionDate", "pre_proceedings_outcome": "PPOutcome", "court_application_date": "CourtAppDate",
        "protection_letter_date": "LetterInitCPDate",
    }),
}  # fmt: skip
"""For each table the flat table of the census that it becomes part of, and for each column the element."""

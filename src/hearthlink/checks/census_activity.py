"""Census rules that hold an episode against what was recorded in it: after it closed, or where it is said to have led no further."""

from __future__ import annotations

from collections.abc import Sequence

from hearthlink.checks.census_card import CensusCard, alone_where, pairs_where, view

_CLOSED, _WHY, _NFA = "CINdetails.CINclosureDate", "CINdetails.ReasonForClosure", "CINdetails.ReferralNFA"
_CONFERENCE, _CONFERENCE_47 = "CINdetails.DateOfInitialCPC", "Section47.DateOfInitialCPC"
_BEGAN, _AUTHORISED = "Assessments.AssessmentActualStartDate", "Assessments.AssessmentAuthorisationDate"
_ENQUIRY, _PLAN_ID = "Section47.S47ActualStartDate", "ChildProtectionPlans.CPPID"
_CIN_BEGAN, _CIN_ENDED = "CINplanDates.CINPlanStartDate", "CINplanDates.CINPlanEndDate"
_PLAN_ENDED = "ChildProtectionPlans.CPPendDate"


def _activity(places: Sequence[str], where_episode: str, fault: str, there: str | None = None) -> str:
    """A query for episodes ``e`` like `where_episode` with any of the things at `places`; the first place is the episode's own.

    At each further place `fault` must hold of the column, or in a table named in `there` of any row at all.
    """
    numbered = list(enumerate(places, start=1))
    parts: list[str] = []
    for k, place in numbered[1:]:
        table, column = place.split(".")
        own = table == "CINdetails"
        rows = ", ".join(
            f"e.row_no AS row_{n}" if n == 1 or (n == k and own) else f"o.row_no AS row_{n}" if n == k
            else f"CAST(NULL AS BIGINT) AS row_{n}"
            for n, _ in numbered
        )  # fmt: skip
        holds = "TRUE" if there and table in there else fault.format(column=f"{'e' if own else 'o'}.{column}")
        joined = "" if own else f"JOIN {view(place)} AS o ON o.child = e.child AND o.episode = e.episode"
        parts.append(f"SELECT {rows} FROM census_episode AS e {joined} WHERE ({where_episode}) AND {holds}")
    return " UNION ALL ".join(parts)


_AFTER = (_CLOSED, _CONFERENCE, _BEGAN, _AUTHORISED, _ENQUIRY, _CONFERENCE_47, _PLAN_ENDED, _CIN_BEGAN, _CIN_ENDED)

ACTIVITY_AFTER_CLOSING = CensusCard(
    code="8565",
    kind="error",
    says="Something dated after the episode closed",
    places=_AFTER,
    sql=_activity(_AFTER, "e.CINclosureDate IS NOT NULL", "{column} > e.CINclosureDate"),
    use="Stages use the dates as they are given.",
    passing={
        "CINdetails": ({"CINclosureDate": "2024-06-03"},),
        "Assessments": ({"AssessmentAuthorisationDate": "2024-06-03"},),
    },
    failing={
        "CINdetails": ({"CINclosureDate": "2024-06-03"},),
        "Assessments": ({"AssessmentAuthorisationDate": "2024-06-04"},),
    },
)

_FURTHER = (_NFA, _CONFERENCE, _BEGAN, _AUTHORISED, _ENQUIRY, _CONFERENCE_47)

NFA_WITH_ACTIVITY = CensusCard(
    code="8831",
    kind="error",
    says="Referral said to have led no further, with an assessment, an enquiry or a conference",
    places=_FURTHER,
    sql=_activity(_FURTHER, "e.ReferralNFA", "{column} IS NOT NULL"),
    use="The stage is that of the furthest activity.",
    passing={"CINdetails": ({"ReferralNFA": "1"},), "Assessments": ({"AssessmentActualStartDate": None},)},
    failing={"CINdetails": ({"ReferralNFA": "1"},), "Assessments": ({"AssessmentActualStartDate": "2024-06-03"},)},
)

NFA_WITH_PROTECTION_PLAN = CensusCard(
    code="8832",
    kind="error",
    says="Referral said to have led no further, with a protection plan",
    places=(_NFA, _PLAN_ID),
    sql=pairs_where(_NFA, _PLAN_ID, "a.ReferralNFA"),
    use="The stage is that of the furthest activity.",
    passing={"CINdetails": ({"ReferralNFA": "1"},), "ChildProtectionPlans": ()},
    failing={"CINdetails": ({"ReferralNFA": "1"},), "ChildProtectionPlans": ({},)},
)

_RECORDED = (_WHY, _CONFERENCE, _ENQUIRY, _CIN_BEGAN, _PLAN_ID)

ASSESSED_ONLY_WITH_ACTIVITY = CensusCard(
    code="2990",
    kind="error",
    says="Episode closed after assessment (RC8 or RC9), with an enquiry, a conference or a plan",
    places=_RECORDED,
    sql=_activity(
        _RECORDED,
        "e.ReasonForClosure IN ('RC8', 'RC9')",
        "{column} IS NOT NULL",
        there="Section47 CINplanDates ChildProtectionPlans",
    ),
    use="The stage is that of the furthest activity.",
    passing={"CINdetails": ({"ReasonForClosure": "RC8"},), "Section47": ()},
    failing={"CINdetails": ({"ReasonForClosure": "RC8"},), "Section47": ({},)},
)

ASSESSED_WITHOUT_ASSESSMENT = CensusCard(
    code="8825Q",
    kind="query",
    says="Episode closed after assessment (RC8 or RC9), without an assessment",
    places=(_WHY,),
    also=("Assessments.AssessmentID",),
    sql=alone_where(_WHY, _BEGAN, "t.ReasonForClosure IN ('RC8', 'RC9')"),
    use="The episode is kept; the assessment is not invented.",
    passing={"CINdetails": ({"ReasonForClosure": "RC8"},), "Assessments": ({},)},
    failing={"CINdetails": ({"ReasonForClosure": "RC8"},), "Assessments": ()},
    needs=("Assessments.LAchildID",),
)

ENQUIRY_WITHOUT_ASSESSMENT = CensusCard(
    code="2991Q",
    kind="query",
    says="Section 47 enquiry in an episode without an assessment",
    places=("Section47.CINdetailsID",),
    also=("Assessments.AssessmentID",),
    sql=alone_where(_ENQUIRY, _BEGAN, "TRUE"),
    use="The enquiry is kept.",
    passing={"Section47": ({},), "Assessments": ({},)},
    failing={"Section47": ({},), "Assessments": ()},
    needs=("Assessments.LAchildID",),
)

CARDS = (
    ACTIVITY_AFTER_CLOSING, NFA_WITH_ACTIVITY, NFA_WITH_PROTECTION_PLAN, ASSESSED_ONLY_WITH_ACTIVITY,
    ASSESSED_WITHOUT_ASSESSMENT, ENQUIRY_WITHOUT_ASSESSMENT,
)  # fmt: skip

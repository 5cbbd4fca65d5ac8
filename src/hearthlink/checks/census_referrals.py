"""Census rules about episodes: when a child was referred, why, what followed, and how the episode closed."""

from __future__ import annotations

from hearthlink.checks.census_card import (
    CensusCard,
    FlatRows,
    not_a_code,
    outside_year,
    pairs_where,
    rows_where,
    several_where,
    view,
)

_REFERRED, _CLOSED, _WHY = "CINdetails.CINreferralDate", "CINdetails.CINclosureDate", "CINdetails.ReasonForClosure"
_NFA, _NEED, _SOURCE = "CINdetails.ReferralNFA", "CINdetails.PrimaryNeedCode", "CINdetails.ReferralSource"
_CONFERENCE, _CONFERENCE_47 = "CINdetails.DateOfInitialCPC", "Section47.DateOfInitialCPC"
_BORN, _DUE = "ChildIdentifiers.PersonBirthDate", "ChildIdentifiers.ExpectedPersonBirthDate"
_DIED = "ChildIdentifiers.PersonDeathDate"
_BEGAN, _AUTHORISED = "Assessments.AssessmentActualStartDate", "Assessments.AssessmentAuthorisationDate"
_ENQUIRY, _PLAN_ID = "Section47.S47ActualStartDate", "ChildProtectionPlans.CPPID"
_CIN_BEGAN, _CIN_ENDED = "CINplanDates.CINPlanStartDate", "CINplanDates.CINPlanEndDate"
_PLAN_ENDED = "ChildProtectionPlans.CPPendDate"


def _episode(**cells: str | None) -> FlatRows:
    return {"CINdetails": (cells,)}


def _episodes(*episodes: dict[str, str | None]) -> FlatRows:
    return {"CINdetails": tuple({"CINdetailsID": str(n), **cells} for n, cells in enumerate(episodes, start=1))}


REFERRAL_DATE = CensusCard(
    code="8600",
    kind="error",
    says="Referral date that is missing or after the reference date",
    places=(_REFERRED,),
    sql=f"""
        SELECT t.row_no AS row_1 FROM {view(_REFERRED)} AS t LEFT JOIN census_period AS p ON TRUE
        WHERE t.CINreferralDate IS NULL OR t.CINreferralDate > p.end_date
    """,
    use="The referral cannot be placed in time: it is counted and left out.",
    passing=_episode(CINreferralDate="2025-03-31"),
    failing=_episode(CINreferralDate="2025-04-01"),
)

REFERRED_LONG_BEFORE_BIRTH = CensusCard(
    code="8606",
    kind="error",
    says="Referral more than 280 days before the birth or the expected birth",
    places=(_REFERRED, _BORN),
    also=(_DUE,),
    sql=pairs_where(
        _REFERRED,
        _BORN,
        "date_diff('day', a.CINreferralDate, b.PersonBirthDate) > 280"
        " OR date_diff('day', a.CINreferralDate, b.ExpectedPersonBirthDate) > 280",
        within="child",
    ),
    use="Both dates are kept as they are; our own check referred_long_before_birth counts the children of the study.",
    passing={
        "CINdetails": ({"CINreferralDate": "2024-06-01"},),
        "ChildIdentifiers": ({"PersonBirthDate": "2025-03-08"},),
    },
    failing={
        "CINdetails": ({"CINreferralDate": "2024-06-01"},),
        "ChildIdentifiers": ({"PersonBirthDate": "2025-03-09"},),
    },
)

NFA_UNSAID = CensusCard(
    code="8568",
    kind="error",
    says="Not said, or not as true or false, whether the referral led to no further action",
    places=(_NFA,),
    sql=rows_where(_NFA, "t.ReferralNFA IS NULL"),
    use="Kept as not said; the stage is that of the furthest activity.",
    passing=_episode(ReferralNFA="FALSE"),
    failing=_episode(ReferralNFA="2"),
)

NFA_CARRIED_OVER = CensusCard(
    code="8569Q",
    kind="query",
    says="Referral from before the last working day ahead of the census year that is not said to have led further",
    places=(_REFERRED, _NFA),
    sql="""
        SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_episode AS t CROSS JOIN census_period AS p
        WHERE t.CINreferralDate < p.working_day_before AND (t.ReferralNFA IS NULL OR t.ReferralNFA)
    """,
    use="A referral of an earlier year is never counted as one of this.",
    passing=_episode(CINreferralDate="2024-03-28", ReferralNFA="true"),
    failing=_episode(CINreferralDate="2024-03-27", ReferralNFA="true"),
    needs=(_NFA,),
)

NEED_MISSING = CensusCard(
    code="8610",
    kind="error",
    says="Primary need missing from a referral that went further",
    places=(_NEED,),
    also=(_NFA,),
    sql=rows_where(_NEED, "t.PrimaryNeedCode IS NULL AND NOT t.ReferralNFA"),
    use="Counts as not known.",
    passing=_episode(ReferralNFA="1", PrimaryNeedCode=None),
    failing=_episode(ReferralNFA="0", PrimaryNeedCode=None),
)

NEED_UNKNOWN = CensusCard(
    code="8650",
    kind="error",
    says="Primary need that is not in the code set",
    places=(_NEED,),
    sql=rows_where(_NEED, not_a_code("PrimaryNeedCode", "t.PrimaryNeedCode")),
    use="Counts as not known.",
    passing=_episode(PrimaryNeedCode="N0"),
    failing=_episode(PrimaryNeedCode="NS"),
)

SOURCE_UNKNOWN = CensusCard(
    code="8866",
    kind="error",
    says="Source of a referral since April 2013 that is missing or not in the code set",
    places=(_SOURCE,),
    also=(_REFERRED,),
    sql=rows_where(
        _SOURCE,
        "t.CINreferralDate >= DATE '2013-04-01' AND (t.ReferralSource IS NULL OR"
        f" {not_a_code('ReferralSource', 't.ReferralSource')})",
    ),
    use="Counts as not known.",
    passing=_episode(CINreferralDate="2024-06-03", ReferralSource="5D"),
    failing=_episode(CINreferralDate="2024-06-03", ReferralSource="5E"),
    needs=(_REFERRED,),
)

CLOSED_OUTSIDE_YEAR = CensusCard(
    code="8620",
    kind="error",
    says="Closing date outside the census year",
    places=(_CLOSED,),
    sql=rows_where(_CLOSED, outside_year("t.CINclosureDate")),
    use="The date is kept as it is.",
    passing=_episode(CINclosureDate="2024-04-01"),
    failing=_episode(CINclosureDate="2024-03-31"),
)

CLOSED_BEFORE_REFERRED = CensusCard(
    code="8630",
    kind="error",
    says="Episode that closed before its referral",
    places=(_CLOSED, _REFERRED),
    sql="SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_episode AS t WHERE t.CINclosureDate < t.CINreferralDate",
    use="The closing date is not used.",
    passing=_episode(CINreferralDate="2024-06-03", CINclosureDate="2024-06-03"),
    failing=_episode(CINreferralDate="2024-06-03", CINclosureDate="2024-06-02"),
)

REASON_UNKNOWN = CensusCard(
    code="8640",
    kind="error",
    says="Reason for closing that is not in the code set",
    places=(_WHY,),
    sql=rows_where(_WHY, not_a_code("ReasonForClosure", "t.ReasonForClosure")),
    use="Counts as not known.",
    passing=_episode(ReasonForClosure="RC9"),
    failing=_episode(ReasonForClosure="RC10"),
)

REASON_MISSING = CensusCard(
    code="8805",
    kind="error",
    says="Closing date without a reason",
    places=(_WHY, _CLOSED),
    sql=(
        "SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_episode AS t"
        " WHERE t.CINclosureDate IS NOT NULL AND t.ReasonForClosure IS NULL"
    ),
    use="The date is kept.",
    passing=_episode(CINclosureDate="2024-06-03", ReasonForClosure="RC7"),
    failing=_episode(CINclosureDate="2024-06-03", ReasonForClosure=None),
)

CLOSURE_MISSING = CensusCard(
    code="8810",
    kind="error",
    says="Reason for closing without a date",
    places=(_CLOSED, _WHY),
    sql=(
        "SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_episode AS t"
        " WHERE t.CINclosureDate IS NULL AND t.ReasonForClosure IS NOT NULL"
    ),
    use="The episode counts as open.",
    passing=_episode(CINclosureDate="2024-06-03", ReasonForClosure="RC7"),
    failing=_episode(CINclosureDate=None, ReasonForClosure="RC7"),
)

DIED_WITHOUT_DATE = CensusCard(
    code="8585Q",
    kind="query",
    says="Episode closed because the child died (RC2), and no date of death",
    places=(_WHY, _DIED),
    sql=pairs_where(_WHY, _DIED, "a.ReasonForClosure = 'RC2' AND b.PersonDeathDate IS NULL", within="child"),
    use="The referral is kept.",
    passing={
        "CINdetails": ({"ReasonForClosure": "RC2"},),
        "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},),
    },
    failing={"CINdetails": ({"ReasonForClosure": "RC2"},), "ChildIdentifiers": ({"PersonDeathDate": None},)},
    needs=(_DIED,),
)

REFERRED_AFTER_DEATH = CensusCard(
    code="8555Q",
    kind="query",
    says="Referral after the date of death",
    places=(_REFERRED, _DIED),
    sql=pairs_where(_REFERRED, _DIED, "a.CINreferralDate > b.PersonDeathDate", within="child"),
    use="The referral is kept; the date of death is not used.",
    passing={
        "CINdetails": ({"CINreferralDate": "2024-06-03"},),
        "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},),
    },
    failing={
        "CINdetails": ({"CINreferralDate": "2024-06-03"},),
        "ChildIdentifiers": ({"PersonDeathDate": "2024-06-02"},),
    },
)

_OPEN_1: dict[str, str | None] = {"CINreferralDate": "2024-05-01", "ReferralNFA": "false", "CINclosureDate": None}
_OPEN_2 = {**_OPEN_1, "CINreferralDate": "2024-06-03"}

TWO_OPEN = CensusCard(
    code="8815",
    kind="error",
    says="Child with more than one open episode whose referral went further",
    places=(_CLOSED,),
    also=(_NFA, _REFERRED),
    sql=several_where(
        _CLOSED, "t.CINclosureDate IS NULL AND NOT t.ReferralNFA AND t.child IS NOT NULL", within="t.child"
    ),
    use="The first referral of the year counts, once for each child.",
    passing=_episodes({**_OPEN_1, "CINclosureDate": "2024-06-03"}, _OPEN_2),
    failing=_episodes(_OPEN_1, _OPEN_2),
)

OPEN_BUT_NOT_LATEST = CensusCard(
    code="8816",
    kind="error",
    says="Open episode whose referral went further, and which is not the child's latest",
    places=(_REFERRED,),
    also=(_CLOSED, _NFA),
    sql=rows_where(
        _REFERRED,
        "t.CINclosureDate IS NULL AND NOT t.ReferralNFA AND EXISTS (SELECT 1 FROM census_episode AS o"
        " WHERE o.child = t.child AND o.CINreferralDate > t.CINreferralDate)",
    ),
    use="The first referral of the year counts, once for each child.",
    passing=_episodes({**_OPEN_1, "CINclosureDate": "2024-05-20"}, _OPEN_2),
    failing=_episodes(_OPEN_1, {**_OPEN_2, "CINclosureDate": "2024-06-20"}),
)

EPISODES_OVERLAP = CensusCard(
    code="8820",
    kind="error",
    says="Referral while another episode of the child was open",
    places=(_REFERRED,),
    also=(_CLOSED, _NFA),
    sql=f"""
        SELECT a.row_no AS row_1
        FROM {view(_REFERRED)} AS a JOIN {view(_CLOSED)} AS b ON b.child = a.child AND b.row_no <> a.row_no
        LEFT JOIN census_period AS p ON TRUE
        WHERE a.CINreferralDate >= b.CINreferralDate
          AND (a.CINreferralDate < b.CINclosureDate
               OR (b.CINclosureDate IS NULL AND NOT b.ReferralNFA AND a.CINreferralDate <= p.end_date))
    """,
    use="The first referral of the year counts, once for each child.",
    passing=_episodes({**_OPEN_1, "CINclosureDate": "2024-06-03"}, _OPEN_2),
    failing=_episodes({**_OPEN_1, "CINclosureDate": "2024-06-04"}, _OPEN_2),
)

CARDS = (
    REFERRAL_DATE, REFERRED_LONG_BEFORE_BIRTH, NFA_UNSAID, NFA_CARRIED_OVER, NEED_MISSING, NEED_UNKNOWN, SOURCE_UNKNOWN,
    CLOSED_OUTSIDE_YEAR, CLOSED_BEFORE_REFERRED, REASON_UNKNOWN, REASON_MISSING, CLOSURE_MISSING, DIED_WITHOUT_DATE,
    REFERRED_AFTER_DEATH, TWO_OPEN, OPEN_BUT_NOT_LATEST, EPISODES_OVERLAP,
)  # fmt: skip

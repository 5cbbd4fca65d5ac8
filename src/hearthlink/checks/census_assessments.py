"""Census rules about assessments and the factors found by them."""

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
from hearthlink.tables.census import LAST_YEAR

_BEGAN, _AUTHORISED = "Assessments.AssessmentActualStartDate", "Assessments.AssessmentAuthorisationDate"
_FACTOR, _ID = "AssessmentFactors.AssessmentFactor", "Assessments.AssessmentID"
_REFERRED, _CLOSED, _WHY = "CINdetails.CINreferralDate", "CINdetails.CINclosureDate", "CINdetails.ReasonForClosure"
_SAME = "f.child = t.child AND f.episode = t.episode AND f.AssessmentID = t.AssessmentID"


def _assessed(*assessments: dict[str, str | None]) -> FlatRows:
    return {"Assessments": tuple({"AssessmentID": str(n), **cells} for n, cells in enumerate(assessments, start=1))}


def _factors(*codes: str, authorised: str | None = "2024-06-03", **other: str | None) -> FlatRows:
    return {
        "Assessments": (
            {"AssessmentActualStartDate": "2024-05-01", "AssessmentAuthorisationDate": authorised, **other},
        ),
        "AssessmentFactors": tuple({"AssessmentFactor": code} for code in codes),
    }


BEFORE_REFERRAL = CensusCard(
    code="1103",
    kind="error",
    says="Assessment that begins before the referral",
    places=(_BEGAN, _REFERRED),
    sql=pairs_where(_BEGAN, _REFERRED, "a.AssessmentActualStartDate < b.CINreferralDate"),
    use="Kept with its dates.",
    passing={
        "Assessments": ({"AssessmentActualStartDate": "2024-06-03"},),
        "CINdetails": ({"CINreferralDate": "2024-06-03"},),
    },
    failing={
        "Assessments": ({"AssessmentActualStartDate": "2024-06-02"},),
        "CINdetails": ({"CINreferralDate": "2024-06-03"},),
    },
)

ENDS_BEFORE_START = CensusCard(
    code="8608",
    kind="error",
    says="Assessment that ends before it begins",
    places=(_AUTHORISED, _BEGAN),
    sql=(
        "SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_assessment AS t"
        " WHERE t.AssessmentAuthorisationDate < t.AssessmentActualStartDate"
    ),
    use="The end counts as missing.",
    passing=_assessed({"AssessmentActualStartDate": "2024-06-03", "AssessmentAuthorisationDate": "2024-06-03"}),
    failing=_assessed({"AssessmentActualStartDate": "2024-06-03", "AssessmentAuthorisationDate": "2024-06-02"}),
)

ENDS_OUTSIDE_YEAR = CensusCard(
    code="8696",
    kind="error",
    says="Assessment that ends outside the census year",
    places=(_AUTHORISED,),
    sql=rows_where(_AUTHORISED, outside_year("t.AssessmentAuthorisationDate")),
    use="Kept with its dates.",
    passing=_assessed({"AssessmentAuthorisationDate": "2025-03-31"}),
    failing=_assessed({"AssessmentAuthorisationDate": "2025-04-01"}),
)

OPEN_SINCE_EARLIER_YEAR = CensusCard(
    code="8736",
    kind="error",
    says="Assessment without an end that began outside the census year",
    places=(_BEGAN,),
    also=(_AUTHORISED,),
    sql=rows_where(_BEGAN, f"t.AssessmentAuthorisationDate IS NULL AND {outside_year('t.AssessmentActualStartDate')}"),
    use="It counts by the day it began.",
    passing=_assessed({"AssessmentActualStartDate": "2024-04-01", "AssessmentAuthorisationDate": None}),
    failing=_assessed({"AssessmentActualStartDate": "2024-03-31", "AssessmentAuthorisationDate": None}),
    needs=(_AUTHORISED,),
)

OPEN_TOO_LONG = CensusCard(
    code="8670Q",
    kind="query",
    says="Assessment without an end that began more than 45 working days before the reference date",
    places=(_BEGAN, _AUTHORISED),
    sql=(
        "SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_assessment AS t CROSS JOIN census_period AS p"
        " WHERE t.AssessmentAuthorisationDate IS NULL AND t.AssessmentActualStartDate < p.working_days_45"
    ),
    use="It counts by the day it began.",
    passing=_assessed({"AssessmentActualStartDate": "2025-01-27", "AssessmentAuthorisationDate": None}),
    failing=_assessed({"AssessmentActualStartDate": "2025-01-26", "AssessmentAuthorisationDate": None}),
    needs=(_AUTHORISED,),
)

BEGINS_IN_ANOTHER = CensusCard(
    code="8863Q",
    kind="query",
    says="Assessment that begins while another of the episode is under way",
    places=(_BEGAN,),
    also=(_AUTHORISED,),
    sql=f"""
        SELECT a.row_no AS row_1
        FROM {view(_BEGAN)} AS a
        JOIN {view(_BEGAN)} AS b ON b.child = a.child AND b.episode = a.episode AND b.row_no <> a.row_no
        LEFT JOIN census_period AS p ON TRUE
        WHERE (a.AssessmentID = '' OR a.AssessmentID <> b.AssessmentID)
          AND a.AssessmentActualStartDate >= b.AssessmentActualStartDate
          AND (a.AssessmentActualStartDate <= b.AssessmentAuthorisationDate
               OR (b.AssessmentAuthorisationDate IS NULL AND a.AssessmentActualStartDate <= p.end_date))
    """,
    use="Both are kept.",
    passing=_assessed(
        {"AssessmentActualStartDate": "2024-05-01", "AssessmentAuthorisationDate": "2024-06-02"},
        {"AssessmentActualStartDate": "2024-06-03", "AssessmentAuthorisationDate": "2024-07-01"},
    ),
    failing=_assessed(
        {"AssessmentActualStartDate": "2024-05-01", "AssessmentAuthorisationDate": "2024-06-03"},
        {"AssessmentActualStartDate": "2024-06-03", "AssessmentAuthorisationDate": "2024-07-01"},
    ),
)

TWO_OPEN = CensusCard(
    code="8896",
    kind="error",
    says="Episode with more than one assessment that has no end",
    places=(_AUTHORISED,),
    sql=several_where(_AUTHORISED, "t.AssessmentAuthorisationDate IS NULL AND t.child IS NOT NULL"),
    use="The episode counts once at its stage.",
    passing=_assessed({"AssessmentAuthorisationDate": None}, {"AssessmentAuthorisationDate": "2024-06-03"}),
    failing=_assessed({"AssessmentAuthorisationDate": None}, {"AssessmentAuthorisationDate": None}),
)

OPEN_THOUGH_CLOSED = CensusCard(
    code="8867",
    kind="error",
    says="Episode closed, and an assessment in it has no end",
    places=(_AUTHORISED, _CLOSED),
    sql=pairs_where(_AUTHORISED, _CLOSED, "a.AssessmentAuthorisationDate IS NULL AND b.CINclosureDate IS NOT NULL"),
    use="The assessment counts as not completed.",
    passing={
        "Assessments": ({"AssessmentAuthorisationDate": "2024-06-03"},),
        "CINdetails": ({"CINclosureDate": "2024-06-03"},),
    },
    failing={
        "Assessments": ({"AssessmentAuthorisationDate": None},),
        "CINdetails": ({"CINclosureDate": "2024-06-03"},),
    },
)

FACTORS_WITHOUT_END = CensusCard(
    code="8614",
    kind="error",
    says="Factors of an assessment that has no end",
    places=(_AUTHORISED, _FACTOR),
    sql=f"""
        SELECT t.row_no AS row_1, f.row_no AS row_2
        FROM {view(_BEGAN)} AS t JOIN {view(_FACTOR)} AS f ON {_SAME}
        WHERE t.AssessmentAuthorisationDate IS NULL AND f.AssessmentFactor IS NOT NULL
    """,
    use="Factors of assessments that are not completed are not used.",
    passing=_factors("1A"),
    failing=_factors("1A", authorised=None),
)

FACTORS_MISSING = CensusCard(
    code="8897Q",
    kind="query",
    says="Completed assessment without factors, or with one that is not in the code set",
    places=(_AUTHORISED, _FACTOR),
    sql=f"""
        SELECT t.row_no AS row_1, f.row_no AS row_2
        FROM {view(_BEGAN)} AS t CROSS JOIN census_period AS p LEFT JOIN {view(_FACTOR)} AS f ON {_SAME}
        WHERE t.AssessmentAuthorisationDate >= p.start_date
          AND (f.AssessmentFactor IS NULL OR {not_a_code("AssessmentFactor", "f.AssessmentFactor")})
    """,
    use="It counts as an assessment in which no factor is known.",
    passing=_factors("24A"),
    failing=_factors("RB"),
    needs=(_FACTOR,),
)

FACTOR_TWICE = CensusCard(
    code="8898",
    kind="error",
    says="Factor recorded twice for one assessment",
    places=(_FACTOR,),
    sql=several_where(
        _FACTOR,
        "t.AssessmentFactor IS NOT NULL AND t.child IS NOT NULL",
        within="t.child, t.episode, t.AssessmentID, t.AssessmentFactor",
    ),
    use="Counts once.",
    passing=_factors("1A", "1B"),
    failing=_factors("1A", "1A"),
)

NO_FACTOR_AND_OTHERS = CensusCard(
    code="8869",
    kind="error",
    says="Factor recorded beside 21, which says that none was found",
    places=(_FACTOR,),
    sql=f"""
        SELECT t.row_no AS row_1 FROM {view(_FACTOR)} AS t
        WHERE t.AssessmentFactor <> '21'
          AND EXISTS (SELECT 1 FROM {view(_FACTOR)} AS f WHERE {_SAME} AND f.AssessmentFactor = '21')
    """,
    use="The assessment counts under each of them.",
    passing=_factors("1A", "1B"),
    failing=_factors("1A", "21"),
)

NO_FACTOR_BUT_LED_FURTHER = CensusCard(
    code="8873Q",
    kind="query",
    says="The episode's only assessment found no factor (21), and the episode is not closed as RC8 or RC9",
    places=(_WHY, _FACTOR),
    also=(_ID,),
    sql=f"""
        SELECT e.row_no AS row_1, f.row_no AS row_2
        FROM census_episode AS e
        JOIN (SELECT child, episode FROM {view(_BEGAN)} GROUP BY child, episode HAVING count(*) = 1) AS o
          ON o.child = e.child AND o.episode = e.episode
        JOIN {view(_FACTOR)} AS f ON f.child = e.child AND f.episode = e.episode AND f.AssessmentFactor = '21'
        WHERE e.ReasonForClosure IS NULL OR e.ReasonForClosure NOT IN ('RC8', 'RC9')
    """,
    use="Kept as it is.",
    passing={**_factors("21"), "CINdetails": ({"ReasonForClosure": "RC9"},)},
    failing={**_factors("21"), "CINdetails": ({"ReasonForClosure": "RC7"},)},
    needs=(_FACTOR,),
)


def _old_factor(code: str, factor: str, says: str) -> CensusCard:
    return CensusCard(
        code=code,
        kind="query",
        says=f"{says} recorded as {factor}, which was split into {factor[:2]}B and {factor[:2]}C",
        places=(_FACTOR,),
        sql=rows_where(_FACTOR, f"t.AssessmentFactor = '{factor}'"),
        use=f"Taken together with {factor[:2]}B and {factor[:2]}C, so that years compare.",
        passing=_factors(f"{factor[:2]}B"),
        failing=_factors(factor),
        years=(2025, LAST_YEAR),
    )


PHYSICAL_ABUSE_AS_BEFORE = _old_factor("8945Q", "18A", "Physical abuse")
SEXUAL_ABUSE_AS_BEFORE = _old_factor("8950Q", "19A", "Sexual abuse")

CARDS = (
    BEFORE_REFERRAL, ENDS_BEFORE_START, ENDS_OUTSIDE_YEAR, OPEN_SINCE_EARLIER_YEAR, OPEN_TOO_LONG, BEGINS_IN_ANOTHER, TWO_OPEN,
    OPEN_THOUGH_CLOSED, FACTORS_WITHOUT_END, FACTORS_MISSING, FACTOR_TWICE, NO_FACTOR_AND_OTHERS, NO_FACTOR_BUT_LED_FURTHER,
    PHYSICAL_ABUSE_AS_BEFORE, SEXUAL_ABUSE_AS_BEFORE,
)  # fmt: skip

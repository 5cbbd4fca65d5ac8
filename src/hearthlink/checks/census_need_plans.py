"""Census rules about child in need plans, which the census has had since 2021-22."""

from __future__ import annotations

from hearthlink.checks.census_card import (
    CensusCard,
    FlatRows,
    outside_year,
    pairs_where,
    rows_where,
    several_where,
    view,
)
from hearthlink.tables.census import LAST_YEAR

_BEGAN, _ENDED = "CINplanDates.CINPlanStartDate", "CINplanDates.CINPlanEndDate"
_REFERRED, _NFA, _DIED = "CINdetails.CINreferralDate", "CINdetails.ReferralNFA", "ChildIdentifiers.PersonDeathDate"
_CP_BEGAN, _CP_ENDED, _REVIEW = (
    "ChildProtectionPlans.CPPstartDate", "ChildProtectionPlans.CPPendDate", "Reviews.CPPreviewDate",
)  # fmt: skip
_YEARS = (2022, LAST_YEAR)


def _plan(began: str | None, ended: str | None = None) -> dict[str, str | None]:
    return {"CINPlanStartDate": began, "CINPlanEndDate": ended}


def _plans(*plans: dict[str, str | None]) -> FlatRows:
    return {"CINplanDates": plans}


def _protected(began: str, ended: str | None = None) -> FlatRows:
    return {"ChildProtectionPlans": ({"CPPstartDate": began, "CPPendDate": ended},)}


def _begins_within(first: str, second: str, *, strictly: bool) -> str:
    """A query for plans ``a`` that begin while a plan ``b`` of the child runs, or on its last day unless `strictly`."""
    (_, began), (_, other) = first.split("."), second.split(".")
    ended = "CPPendDate" if second.startswith("ChildProtection") else "CINPlanEndDate"
    before_end = "<" if strictly else "<="
    of_two = "a.row_no AS row_1, b.row_no AS row_2" if first != second else "a.row_no AS row_1"
    return f"""
        SELECT {of_two}
        FROM {view(first)} AS a JOIN {view(second)} AS b ON b.child = a.child LEFT JOIN census_period AS p ON TRUE
        WHERE a.{began} >= b.{other} AND {"TRUE" if first != second else "a.row_no <> b.row_no"}
          AND (a.{began} {before_end} b.{ended} OR (b.{ended} IS NULL AND a.{began} <= p.end_date))
    """


PLAN_THOUGH_NFA = CensusCard(
    code="4000",
    kind="error",
    says="Child in need plan in an episode whose referral is said to have led no further",
    places=(_NFA, "CINplanDates.CINdetailsID"),
    sql=pairs_where(_NFA, _BEGAN, "a.ReferralNFA"),
    use="The stage is that of the furthest activity.",
    passing={**_plans(_plan("2024-06-03")), "CINdetails": ({"ReferralNFA": "0"},)},
    failing={**_plans(_plan("2024-06-03")), "CINdetails": ({"ReferralNFA": "1"},)},
    years=_YEARS,
)

BOTH_PLANS_OPEN = CensusCard(
    code="4001",
    kind="error",
    says="Episode with an open child in need plan and an open protection plan",
    places=(_ENDED, _CP_ENDED),
    sql=pairs_where(_ENDED, _CP_ENDED, "a.CINPlanEndDate IS NULL AND b.CPPendDate IS NULL"),
    use="The protection plan counts.",
    passing={**_plans(_plan("2024-05-01", "2024-06-03")), **_protected("2024-06-03")},
    failing={**_plans(_plan("2024-05-01")), **_protected("2024-06-03")},
    years=_YEARS,
    needs=(_CP_ENDED,),
)

REVIEW_DURING_PLAN = CensusCard(
    code="4003",
    kind="error",
    says="Review of a protection plan during a child in need plan, and not on the day the protection plan ended",
    places=(_REVIEW, _BEGAN),
    also=(_ENDED, _CP_ENDED),
    sql=f"""
        SELECT r.row_no AS row_1, n.row_no AS row_2
        FROM {view(_REVIEW)} AS r
        JOIN {view(_BEGAN)} AS n ON n.child = r.child AND n.episode = r.episode
        LEFT JOIN {view(_CP_BEGAN)} AS c
               ON c.child = r.child AND c.episode = r.episode AND c.CPPID = r.CPPID AND c.CPPendDate = r.CPPreviewDate
        WHERE r.CPPreviewDate >= n.CINPlanStartDate AND (n.CINPlanEndDate IS NULL OR r.CPPreviewDate < n.CINPlanEndDate)
          AND c.row_no IS NULL
    """,
    use="Reviews are not used.",
    passing={
        **_plans(_plan("2024-06-03")), **_protected("2024-05-01", "2024-06-03"),
        "Reviews": ({"CPPreviewDate": "2024-06-03"},),
    },
    failing={
        **_plans(_plan("2024-06-03")), **_protected("2024-05-01", "2024-06-03"),
        "Reviews": ({"CPPreviewDate": "2024-06-04"},),
    },
    years=_YEARS,
)  # fmt: skip

TWO_OPEN = CensusCard(
    code="4004",
    kind="error",
    says="Episode with more than one open child in need plan",
    places=(_ENDED,),
    sql=several_where(_ENDED, "t.CINPlanEndDate IS NULL AND t.child IS NOT NULL"),
    use="A child counts once at a stage.",
    passing=_plans(_plan("2024-05-01", "2024-06-03"), _plan("2024-06-04")),
    failing=_plans(_plan("2024-05-01", None), _plan("2024-06-04")),
    years=_YEARS,
)

BEGINS_AFTER_DEATH = CensusCard(
    code="4008",
    kind="error",
    says="Child in need plan that begins after the date of death",
    places=(_BEGAN, _DIED),
    sql=pairs_where(_BEGAN, _DIED, "a.CINPlanStartDate > b.PersonDeathDate", within="child"),
    use="Only said.",
    passing={**_plans(_plan("2024-06-03")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
    failing={**_plans(_plan("2024-06-04")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
    years=_YEARS,
)

ENDS_AFTER_DEATH = CensusCard(
    code="4009Q",
    kind="query",
    says="Child in need plan that ends after the date of death",
    places=(_ENDED, _DIED),
    sql=pairs_where(_ENDED, _DIED, "a.CINPlanEndDate > b.PersonDeathDate", within="child"),
    use="Only said.",
    passing={**_plans(_plan("2024-05-01", "2024-06-03")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
    failing={**_plans(_plan("2024-05-01", "2024-06-04")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
    years=_YEARS,
)

START_MISSING = CensusCard(
    code="4010",
    kind="error",
    says="Child in need plan whose start is missing or after the reference date",
    places=(_BEGAN,),
    sql=f"""
        SELECT t.row_no AS row_1 FROM {view(_BEGAN)} AS t LEFT JOIN census_period AS p ON TRUE
        WHERE t.CINPlanStartDate IS NULL OR t.CINPlanStartDate > p.end_date
    """,
    use="A plan without a start is left out; one that begins after the year counts in none.",
    passing=_plans(_plan("2025-03-31")),
    failing=_plans(_plan("2025-04-01")),
    years=_YEARS,
)

ENDS_BEFORE_START = CensusCard(
    code="4011",
    kind="error",
    says="Child in need plan that ends before it begins",
    places=(_ENDED, _BEGAN),
    sql="SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_cin_plan AS t WHERE t.CINPlanEndDate < t.CINPlanStartDate",
    use="The plan is left out.",
    passing=_plans(_plan("2024-06-03", "2024-06-04")),
    failing=_plans(_plan("2024-06-03", "2024-06-02")),
    years=_YEARS,
)

ONE_DAY = CensusCard(
    code="4012Q",
    kind="query",
    says="Child in need plan that begins and ends on one day",
    places=(_ENDED, _BEGAN),
    sql="SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_cin_plan AS t WHERE t.CINPlanEndDate = t.CINPlanStartDate",
    use="Kept.",
    passing=_plans(_plan("2024-06-03", "2024-06-04")),
    failing=_plans(_plan("2024-06-03", "2024-06-03")),
    years=_YEARS,
)

ENDS_OUTSIDE_YEAR = CensusCard(
    code="4013",
    kind="error",
    says="Child in need plan that ends outside the census year",
    places=(_ENDED,),
    sql=rows_where(_ENDED, outside_year("t.CINPlanEndDate")),
    use="Kept with its dates.",
    passing=_plans(_plan("2024-03-01", "2024-04-01")),
    failing=_plans(_plan("2024-03-01", "2024-03-31")),
    years=_YEARS,
)

OVERLAP = CensusCard(
    code="4014",
    kind="error",
    says="Child in need plan that begins while another of the child runs",
    places=(_BEGAN,),
    also=(_ENDED,),
    sql=_begins_within(_BEGAN, _BEGAN, strictly=False),
    use="A child counts once at a stage.",
    passing=_plans(_plan("2024-05-01", "2024-06-02"), _plan("2024-06-03")),
    failing=_plans(_plan("2024-05-01", "2024-06-03"), _plan("2024-06-03")),
    years=_YEARS,
)

BEFORE_REFERRAL = CensusCard(
    code="4015",
    kind="error",
    says="Child in need plan that begins before the referral",
    places=(_BEGAN, _REFERRED),
    sql=pairs_where(_BEGAN, _REFERRED, "a.CINPlanStartDate < b.CINreferralDate"),
    use="Kept with its dates.",
    passing={**_plans(_plan("2024-06-03")), "CINdetails": ({"CINreferralDate": "2024-06-03"},)},
    failing={**_plans(_plan("2024-06-02")), "CINdetails": ({"CINreferralDate": "2024-06-03"},)},
    years=_YEARS,
)

DURING_PROTECTION = CensusCard(
    code="4016",
    kind="error",
    says="Child in need plan that begins while a protection plan runs",
    places=(_BEGAN, _CP_BEGAN),
    also=(_CP_ENDED,),
    sql=_begins_within(_BEGAN, _CP_BEGAN, strictly=True),
    use="The protection plan counts.",
    passing={**_plans(_plan("2024-06-03")), **_protected("2024-05-01", "2024-06-03")},
    failing={**_plans(_plan("2024-06-03")), **_protected("2024-05-01", "2024-06-04")},
    years=_YEARS,
)

PROTECTION_DURING = CensusCard(
    code="4017",
    kind="error",
    says="Protection plan that begins while a child in need plan runs",
    places=(_CP_BEGAN, _BEGAN),
    also=(_ENDED,),
    sql=_begins_within(_CP_BEGAN, _BEGAN, strictly=True),
    use="The protection plan counts.",
    passing={**_plans(_plan("2024-05-01", "2024-06-03")), **_protected("2024-06-03")},
    failing={**_plans(_plan("2024-05-01", "2024-06-04")), **_protected("2024-06-03")},
    years=_YEARS,
)

CARDS = (
    PLAN_THOUGH_NFA, BOTH_PLANS_OPEN, REVIEW_DURING_PLAN, TWO_OPEN, BEGINS_AFTER_DEATH, ENDS_AFTER_DEATH, START_MISSING,
    ENDS_BEFORE_START, ONE_DAY, ENDS_OUTSIDE_YEAR, OVERLAP, BEFORE_REFERRAL, DURING_PROTECTION, PROTECTION_DURING,
)  # fmt: skip

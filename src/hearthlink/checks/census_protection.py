"""Census rules about child protection plans and their reviews."""

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

_BEGAN, _ENDED = "ChildProtectionPlans.CPPstartDate", "ChildProtectionPlans.CPPendDate"
_FIRST, _LATEST = "ChildProtectionPlans.InitialCategoryOfAbuse", "ChildProtectionPlans.LatestCategoryOfAbuse"
_BEFORE, _ID = "ChildProtectionPlans.NumberOfPreviousCPP", "ChildProtectionPlans.CPPID"
_REVIEW, _REFERRED, _DIED = "Reviews.CPPreviewDate", "CINdetails.CINreferralDate", "ChildIdentifiers.PersonDeathDate"
_CONFERENCE_47, _CONFERENCE = "Section47.DateOfInitialCPC", "CINdetails.DateOfInitialCPC"


def _plans(*plans: dict[str, str | None]) -> FlatRows:
    return {"ChildProtectionPlans": tuple({"CPPID": str(n), **cells} for n, cells in enumerate(plans, start=1))}


def _plan(began: str | None, ended: str | None = None) -> dict[str, str | None]:
    return {"CPPstartDate": began, "CPPendDate": ended}


BEFORE_REFERRAL = CensusCard(
    code="1105",
    kind="error",
    says="Protection plan that begins before the referral",
    places=(_BEGAN, _REFERRED),
    sql=pairs_where(_BEGAN, _REFERRED, "a.CPPstartDate < b.CINreferralDate"),
    use="Kept with its dates.",
    passing={**_plans(_plan("2024-06-03")), "CINdetails": ({"CINreferralDate": "2024-06-03"},)},
    failing={**_plans(_plan("2024-06-02")), "CINdetails": ({"CINreferralDate": "2024-06-03"},)},
)

NOT_ON_CONFERENCE = CensusCard(
    code="2885",
    kind="error",
    says="Protection plan begun in the year on another day than an initial conference of the episode",
    places=(_BEGAN, _CONFERENCE_47, _CONFERENCE),
    sql=f"""
        WITH met AS (
            SELECT DISTINCT t.child, t.episode
            FROM {view(_BEGAN)} AS t
            JOIN {view(_CONFERENCE_47)} AS s
              ON s.child = t.child AND s.episode = t.episode AND s.DateOfInitialCPC = t.CPPstartDate
        )
        SELECT t.row_no AS row_1, CASE WHEN m.child IS NULL THEN s.row_no END AS row_2,
               CASE WHEN s.row_no IS NULL THEN e.row_no END AS row_3
        FROM {view(_BEGAN)} AS t CROSS JOIN census_period AS p
        LEFT JOIN met AS m ON m.child = t.child AND m.episode = t.episode
        LEFT JOIN {view(_CONFERENCE_47)} AS s ON s.child = t.child AND s.episode = t.episode
        LEFT JOIN {view(_CONFERENCE)} AS e ON e.child = t.child AND e.episode = t.episode
        WHERE t.CPPstartDate BETWEEN p.start_date AND p.end_date
          AND NOT EXISTS (SELECT 1 FROM {view(_CONFERENCE_47)} AS o
                          WHERE o.child = t.child AND o.episode = t.episode AND o.DateOfInitialCPC = t.CPPstartDate)
          AND (s.row_no IS NOT NULL OR e.DateOfInitialCPC IS NULL OR e.DateOfInitialCPC <> t.CPPstartDate)
    """,
    use="Kept: plans that come from another authority do so.",
    passing={**_plans(_plan("2024-06-03")), "Section47": ({"DateOfInitialCPC": "2024-06-03"},), "CINdetails": ({},)},
    failing={**_plans(_plan("2024-06-04")), "Section47": ({"DateOfInitialCPC": "2024-06-03"},), "CINdetails": ({},)},
    needs=(_CONFERENCE_47, _CONFERENCE),
)

START_MISSING = CensusCard(
    code="8720",
    kind="error",
    says="Protection plan whose start is missing or after the reference date",
    places=(_BEGAN,),
    sql=f"""
        SELECT t.row_no AS row_1 FROM {view(_BEGAN)} AS t LEFT JOIN census_period AS p ON TRUE
        WHERE t.CPPID IS NOT NULL AND (t.CPPstartDate IS NULL OR t.CPPstartDate > p.end_date)
    """,
    use="A plan without a start is left out; one that begins after the year counts in none.",
    passing=_plans(_plan("2025-03-31")),
    failing=_plans(_plan("2025-04-01")),
)

EARLIER_PLANS_UNSAID = CensusCard(
    code="8730",
    kind="error",
    says="Number of earlier protection plans missing, or no whole number of nought or more",
    places=(_BEFORE,),
    sql=rows_where(
        _BEFORE, "t.NumberOfPreviousCPP IS NULL OR translate(t.NumberOfPreviousCPP, '0123456789', '') NOT IN ('', '.')"
    ),
    use="The number of earlier plans is not used.",
    passing=_plans({"NumberOfPreviousCPP": "0"}),
    failing=_plans({"NumberOfPreviousCPP": "-1"}),
)

ONE_DAY = CensusCard(
    code="8840",
    kind="error",
    says="Protection plan that begins and ends on one day",
    places=(_ENDED, _BEGAN),
    sql="SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_cp_plan AS t WHERE t.CPPendDate = t.CPPstartDate",
    use="Kept with its dates.",
    passing=_plans(_plan("2024-06-03", "2024-06-04")),
    failing=_plans(_plan("2024-06-03", "2024-06-03")),
)

ENDS_BEFORE_START = CensusCard(
    code="8925",
    kind="error",
    says="Protection plan that ends before it begins",
    places=(_ENDED, _BEGAN),
    sql="SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_cp_plan AS t WHERE t.CPPendDate < t.CPPstartDate",
    use="The end counts as missing.",
    passing=_plans(_plan("2024-06-03", "2024-06-04")),
    failing=_plans(_plan("2024-06-03", "2024-06-02")),
)

ENDS_OUTSIDE_YEAR = CensusCard(
    code="8930",
    kind="error",
    says="Protection plan that ends outside the census year",
    places=(_ENDED,),
    sql=rows_where(_ENDED, outside_year("t.CPPendDate")),
    use="Kept with its dates.",
    passing=_plans(_plan("2024-03-01", "2024-04-01")),
    failing=_plans(_plan("2024-03-01", "2024-03-31")),
)

TWO_OPEN = CensusCard(
    code="8935",
    kind="error",
    says="Child with more than one open protection plan",
    places=(_ENDED,),
    sql=several_where(_ENDED, "t.CPPendDate IS NULL AND t.child IS NOT NULL", within="t.child"),
    use="A child counts once at a stage.",
    passing=_plans(_plan("2024-05-01", "2024-06-03"), _plan("2024-06-04")),
    failing=_plans(_plan("2024-05-01", None), _plan("2024-06-04")),
)

OVERLAP = CensusCard(
    code="8940",
    kind="error",
    says="Protection plan that begins while another of the child runs",
    places=(_BEGAN,),
    also=(_ENDED,),
    sql=f"""
        SELECT a.row_no AS row_1
        FROM {view(_BEGAN)} AS a JOIN {view(_BEGAN)} AS b ON b.child = a.child AND b.row_no <> a.row_no
        LEFT JOIN census_period AS p ON TRUE
        WHERE a.CPPstartDate >= b.CPPstartDate
          AND (a.CPPstartDate <= b.CPPendDate OR (b.CPPendDate IS NULL AND a.CPPstartDate <= p.end_date))
    """,
    use="A child counts once at a stage.",
    passing=_plans(_plan("2024-05-01", "2024-06-02"), _plan("2024-06-03")),
    failing=_plans(_plan("2024-05-01", "2024-06-03"), _plan("2024-06-03")),
)

REVIEW_TOO_EARLY = CensusCard(
    code="8841",
    kind="error",
    says="Review on the day the protection plan begins, or before it",
    places=(_REVIEW, _BEGAN),
    sql=f"""
        SELECT r.row_no AS row_1, t.row_no AS row_2
        FROM {view(_REVIEW)} AS r JOIN {view(_BEGAN)} AS t ON t.child = r.child AND t.episode = r.episode AND t.CPPID = r.CPPID
        WHERE r.CPPreviewDate <= t.CPPstartDate
    """,
    use="Reviews are not used.",
    passing={**_plans(_plan("2024-06-03")), "Reviews": ({"CPPreviewDate": "2024-06-04"},)},
    failing={**_plans(_plan("2024-06-03")), "Reviews": ({"CPPreviewDate": "2024-06-03"},)},
)

REVIEW_UNDATED = CensusCard(
    code="8842Q",
    kind="query",
    says="Review without a date",
    places=(_REVIEW,),
    sql=rows_where(_REVIEW, "t.CPPreviewDate IS NULL"),
    use="Reviews are not used.",
    passing={"Reviews": ({"CPPreviewDate": "2024-06-04"},)},
    failing={"Reviews": ({"CPPreviewDate": None},)},
)


def _category(code: str, place: str, which: str) -> CensusCard:
    name = place.split(".")[1]
    return CensusCard(
        code=code,
        kind="error",
        says=f"{which} category of abuse that is missing or not in the code set",
        places=(place,),
        sql=rows_where(place, f"t.{name} IS NULL OR {not_a_code(name, f't.{name}')}"),
        use="Counts as not known.",
        passing=_plans({name: "NEG"}),
        failing=_plans({name: None}),
    )


FIRST_CATEGORY = _category("8905", _FIRST, "First")
LATEST_CATEGORY = _category("8910", _LATEST, "Latest")

BEGINS_AFTER_DEATH = CensusCard(
    code="8915",
    kind="error",
    says="Protection plan that begins after the date of death",
    places=(_BEGAN, _DIED),
    sql=pairs_where(_BEGAN, _DIED, "a.CPPstartDate > b.PersonDeathDate", within="child"),
    use="Only said.",
    passing={**_plans(_plan("2024-06-03")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
    failing={**_plans(_plan("2024-06-04")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
)

ENDS_AFTER_DEATH = CensusCard(
    code="8920",
    kind="error",
    says="Protection plan that ends after the date of death",
    places=(_ENDED, _DIED),
    sql=pairs_where(_ENDED, _DIED, "a.CPPendDate > b.PersonDeathDate", within="child"),
    use="Only said.",
    passing={**_plans(_plan("2024-05-01", "2024-06-03")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
    failing={**_plans(_plan("2024-05-01", "2024-06-04")), "ChildIdentifiers": ({"PersonDeathDate": "2024-06-03"},)},
)

CARDS = (
    BEFORE_REFERRAL, NOT_ON_CONFERENCE, START_MISSING, EARLIER_PLANS_UNSAID, ONE_DAY, ENDS_BEFORE_START, ENDS_OUTSIDE_YEAR,
    TWO_OPEN, OVERLAP, REVIEW_TOO_EARLY, REVIEW_UNDATED, FIRST_CATEGORY, LATEST_CATEGORY, BEGINS_AFTER_DEATH, ENDS_AFTER_DEATH,
)  # fmt: skip

"""Census rules about section 47 enquiries and the conferences that follow them."""

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

_BEGAN, _CONFERENCE = "Section47.S47ActualStartDate", "Section47.DateOfInitialCPC"
_TARGET, _NOT_REQUIRED = "Section47.InitialCPCtarget", "Section47.ICPCnotRequired"
_REFERRED, _CLOSED, _CONFERENCE_ALONE = (
    "CINdetails.CINreferralDate",
    "CINdetails.CINclosureDate",
    "CINdetails.DateOfInitialCPC",
)
_UNCONCLUDED = "t.DateOfInitialCPC IS NULL AND (t.ICPCnotRequired IS NULL OR NOT t.ICPCnotRequired)"


def _enquiries(*enquiries: dict[str, str | None]) -> FlatRows:
    return {"Section47": enquiries}


def _weekend(column: str) -> str:
    """That a day is a Saturday or a Sunday: 1 January 1900 was a Monday."""
    return f"date_diff('day', DATE '1900-01-01', {column}) % 7 >= 5"


BEFORE_REFERRAL = CensusCard(
    code="2889",
    kind="error",
    says="Section 47 enquiry that begins before the referral",
    places=(_BEGAN, _REFERRED),
    sql=pairs_where(_BEGAN, _REFERRED, "a.S47ActualStartDate < b.CINreferralDate"),
    use="Kept with its dates.",
    passing={
        **_enquiries({"S47ActualStartDate": "2024-06-03"}),
        "CINdetails": ({"CINreferralDate": "2024-06-03"},),
    },
    failing={
        **_enquiries({"S47ActualStartDate": "2024-06-02"}),
        "CINdetails": ({"CINreferralDate": "2024-06-03"},),
    },
)

CONFERENCE_BEFORE_REFERRAL = CensusCard(
    code="1104",
    kind="error",
    says="Initial conference before the referral",
    places=(_CONFERENCE, _REFERRED),
    sql=pairs_where(_CONFERENCE, _REFERRED, "a.DateOfInitialCPC < b.CINreferralDate"),
    use="Kept with its dates.",
    passing={**_enquiries({"DateOfInitialCPC": "2024-06-03"}), "CINdetails": ({"CINreferralDate": "2024-06-03"},)},
    failing={**_enquiries({"DateOfInitialCPC": "2024-05-31"}), "CINdetails": ({"CINreferralDate": "2024-06-03"},)},
)

CONFERENCE_BEFORE_START = CensusCard(
    code="8615",
    kind="error",
    says="Initial conference of an enquiry that has no start, or starts later",
    places=(_BEGAN, _CONFERENCE),
    sql=(
        "SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_section47 AS t"
        " WHERE t.DateOfInitialCPC IS NOT NULL AND (t.S47ActualStartDate IS NULL OR t.S47ActualStartDate > t.DateOfInitialCPC)"
    ),
    use="Only said; the conference counts.",
    passing=_enquiries({"S47ActualStartDate": "2024-06-03", "DateOfInitialCPC": "2024-06-03"}),
    failing=_enquiries({"S47ActualStartDate": "2024-06-04", "DateOfInitialCPC": "2024-06-03"}),
    needs=(_CONFERENCE,),
)

OPEN_TOO_LONG = CensusCard(
    code="8675Q",
    kind="query",
    says="Enquiry that began more than 15 working days before the reference date, with no conference though one was required",
    places=(_BEGAN, _CONFERENCE),
    also=(_NOT_REQUIRED,),
    sql=(
        "SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_section47 AS t CROSS JOIN census_period AS p"
        " WHERE t.DateOfInitialCPC IS NULL AND NOT t.ICPCnotRequired AND t.S47ActualStartDate < p.working_days_15"
    ),
    use="It counts by the day it began.",
    passing=_enquiries({"S47ActualStartDate": "2025-03-10", "ICPCnotRequired": "0"}),
    failing=_enquiries({"S47ActualStartDate": "2025-03-09", "ICPCnotRequired": "0"}),
    needs=(_CONFERENCE,),
)

CONFERENCE_OUTSIDE_YEAR = CensusCard(
    code="8715",
    kind="error",
    says="Initial conference outside the census year",
    places=(_CONFERENCE,),
    sql=rows_where(_CONFERENCE, outside_year("t.DateOfInitialCPC")),
    use="Kept with its date.",
    passing=_enquiries({"DateOfInitialCPC": "2025-03-31"}),
    failing=_enquiries({"DateOfInitialCPC": "2025-04-01"}),
)

OPEN_SINCE_EARLIER_YEAR = CensusCard(
    code="8740",
    kind="error",
    says="Enquiry with no conference though one was required, begun outside the census year",
    places=(_BEGAN,),
    also=(_CONFERENCE, _NOT_REQUIRED),
    sql=rows_where(
        _BEGAN, f"t.DateOfInitialCPC IS NULL AND NOT t.ICPCnotRequired AND {outside_year('t.S47ActualStartDate')}"
    ),
    use="Kept with its date.",
    passing=_enquiries({"S47ActualStartDate": "2024-04-01", "ICPCnotRequired": "false"}),
    failing=_enquiries({"S47ActualStartDate": "2024-03-31", "ICPCnotRequired": "false"}),
    needs=(_CONFERENCE,),
)

TWO_OPEN = CensusCard(
    code="8839",
    kind="error",
    says="Episode with more than one enquiry that has neither a conference nor the word that none was required",
    places=(_CONFERENCE,),
    also=(_NOT_REQUIRED,),
    sql=several_where(_CONFERENCE, f"{_UNCONCLUDED} AND t.child IS NOT NULL"),
    use="A child counts once at a stage.",
    passing=_enquiries({"ICPCnotRequired": "0"}, {"ICPCnotRequired": "1"}),
    failing=_enquiries({"ICPCnotRequired": "0"}, {"ICPCnotRequired": None}),
)

OVERLAP = CensusCard(
    code="8890",
    kind="error",
    says="Enquiry that begins while another of the episode is under way",
    places=(_BEGAN,),
    also=(_CONFERENCE, _NOT_REQUIRED),
    sql=f"""
        SELECT a.row_no AS row_1
        FROM {view(_BEGAN)} AS a
        JOIN {view(_BEGAN)} AS t ON t.child = a.child AND t.episode = a.episode AND t.row_no <> a.row_no
        LEFT JOIN census_period AS p ON TRUE
        WHERE a.S47ActualStartDate >= t.S47ActualStartDate
          AND (a.S47ActualStartDate <= t.DateOfInitialCPC OR ({_UNCONCLUDED} AND a.S47ActualStartDate <= p.end_date))
    """,
    use="A child counts once at a stage.",
    passing=_enquiries(
        {"S47ActualStartDate": "2024-05-01", "DateOfInitialCPC": "2024-05-20"},
        {"S47ActualStartDate": "2024-05-21", "DateOfInitialCPC": "2024-06-03"},
    ),
    failing=_enquiries(
        {"S47ActualStartDate": "2024-05-01", "DateOfInitialCPC": "2024-05-21"},
        {"S47ActualStartDate": "2024-05-21", "DateOfInitialCPC": "2024-06-03"},
    ),
)

OPEN_THOUGH_CLOSED = CensusCard(
    code="8868",
    kind="error",
    says="Episode closed, and an enquiry in it has neither a conference nor the word that none was required, or has both",
    places=(_CONFERENCE, _CLOSED),
    also=(_NOT_REQUIRED,),
    sql=pairs_where(
        _CONFERENCE,
        _CLOSED,
        "b.CINclosureDate IS NOT NULL"
        " AND (a.DateOfInitialCPC IS NULL) = (a.ICPCnotRequired IS NULL OR NOT a.ICPCnotRequired)",
    ),
    use="Only said; the enquiry counts.",
    passing={**_enquiries({"ICPCnotRequired": "true"}), "CINdetails": ({"CINclosureDate": "2024-06-03"},)},
    failing={**_enquiries({"ICPCnotRequired": "false"}), "CINdetails": ({"CINclosureDate": "2024-06-03"},)},
    needs=(_NOT_REQUIRED,),
)

TARGET_AT_WEEKEND = CensusCard(
    code="8870Q",
    kind="query",
    says="Conference due on a Saturday or a Sunday",
    places=(_TARGET,),
    sql=rows_where(_TARGET, _weekend("t.InitialCPCtarget")),
    use="Nothing.",
    passing=_enquiries({"InitialCPCtarget": "2024-06-03"}),
    failing=_enquiries({"InitialCPCtarget": "2024-06-02"}),
)

CONFERENCE_AT_WEEKEND = CensusCard(
    code="8875",
    kind="error",
    says="Initial conference on a Saturday or a Sunday",
    places=(_CONFERENCE,),
    sql=rows_where(_CONFERENCE, _weekend("t.DateOfInitialCPC")),
    use="Nothing.",
    passing=_enquiries({"DateOfInitialCPC": "2024-05-31"}),
    failing=_enquiries({"DateOfInitialCPC": "2024-06-01"}),
)

CONFERENCE_TWICE = CensusCard(
    code="2884",
    kind="error",
    says="Initial conference recorded both with an enquiry of the child and with an episode",
    places=(_CONFERENCE, _CONFERENCE_ALONE),
    sql=pairs_where(_CONFERENCE, _CONFERENCE_ALONE, "a.DateOfInitialCPC = b.DateOfInitialCPC", within="child"),
    use="Within an episode the conference counts once.",
    passing={**_enquiries({"DateOfInitialCPC": "2024-06-03"}), "CINdetails": ({"DateOfInitialCPC": "2024-10-01"},)},
    failing={**_enquiries({"DateOfInitialCPC": "2024-06-03"}), "CINdetails": ({"DateOfInitialCPC": "2024-06-03"},)},
)

CARDS = (
    BEFORE_REFERRAL, CONFERENCE_BEFORE_REFERRAL, CONFERENCE_BEFORE_START, OPEN_TOO_LONG, CONFERENCE_OUTSIDE_YEAR,
    OPEN_SINCE_EARLIER_YEAR, TWO_OPEN, OVERLAP, OPEN_THOUGH_CLOSED, TARGET_AT_WEEKEND, CONFERENCE_AT_WEEKEND, CONFERENCE_TWICE,
)  # fmt: skip

"""The queries that say to which household a row of another file belongs: by a ladder of keys, the first that fits anybody deciding.

`j_row` holds the rows to join (references tidied, days since 1970-01-01), `j_person` the people each names and `j_number` their National
Insurance numbers; `j_member`, `j_home`, `j_span` and the handles `j_claim`, `j_account` and `j_nino` hold the households, by number.
A household that fits by the key and also by its dates goes before one that fits by the key alone. Two that fit alike fit neither.
"""

from __future__ import annotations

from hearthlink.engine import Query

EVER, NEVER = -10_000_000, 10_000_000
"""The days of a span that has no known beginning, or no end."""

RUNGS = {
    1: "joined by claim reference",
    2: "joined by council tax account",
    3: "joined by National Insurance number",
    4: "joined by name, birth date and address",
    5: "joined by names and birth dates of two people",
    6: "joined by name and birth date",
    7: "joined by surname and property, at overlapping dates",
    8: "joined as another row of the same reference",
}
"""The keys, the surest first, in the words of the receipt."""

CLAIM, ACCOUNT, NINO, ADDRESS, TWO_PEOPLE, PERSON, PROPERTY, SAME = RUNGS
LADDER = (CLAIM, ACCOUNT, NINO, ADDRESS)
"""What every file is joined by; rent, council tax and homelessness cases have further keys."""

_OVERLAPS = "{t}.start_day <= r.end_day AND {t}.end_day >= r.start_day"


def _handled(rung: int, table: str, column: str, rows: str = "j_row AS r") -> str:
    in_time = _OVERLAPS.format(t="s")
    return f"""
        SELECT r.row_no, {rung} AS rung, h.household, CASE WHEN {in_time} THEN 1 ELSE 0 END AS in_time
        FROM {rows}
        JOIN {table} AS h ON h.handle = {column}
        JOIN j_span AS s ON s.household = h.household"""


_SAME_PERSON = """
        FROM j_row AS r
        JOIN j_person AS p ON p.row_no = r.row_no
        JOIN j_member AS m ON m.surname = p.surname AND m.forename = p.forename AND m.birth = p.birth"""

PARTS: dict[int, str] = {
    CLAIM: _handled(CLAIM, "j_claim", "r.claim"),
    ACCOUNT: _handled(ACCOUNT, "j_account", "r.account"),
    NINO: _handled(NINO, "j_nino", "n.nino", "j_row AS r JOIN j_number AS n ON n.row_no = r.row_no"),
    ADDRESS: f"""
        SELECT r.row_no, {ADDRESS} AS rung, m.household, CASE WHEN {_OVERLAPS.format(t="m")} THEN 1 ELSE 0 END AS in_time
        {_SAME_PERSON}
        JOIN j_home AS h ON h.household = m.household
        WHERE m.adult AND (h.postcode = r.postcode OR h.uprn = r.uprn)""",
    TWO_PEOPLE: f"""
        SELECT r.row_no, {TWO_PEOPLE} AS rung, m.household, max(CASE WHEN {_OVERLAPS.format(t="m")} THEN 1 ELSE 0 END) AS in_time
        {_SAME_PERSON}
        GROUP BY r.row_no, m.household
        HAVING count(DISTINCT concat(m.forename, CAST(m.birth AS VARCHAR))) > 1""",
    PERSON: f"""
        SELECT r.row_no, {PERSON} AS rung, m.household, CASE WHEN {_OVERLAPS.format(t="m")} THEN 1 ELSE 0 END AS in_time
        {_SAME_PERSON}
        WHERE m.adult""",
    PROPERTY: f"""
        SELECT r.row_no, {PROPERTY} AS rung, m.household, 1 AS in_time
        FROM j_row AS r
        JOIN j_person AS p ON p.row_no = r.row_no
        JOIN j_home AS h ON h.uprn = r.uprn AND {_OVERLAPS.format(t="h")}
        JOIN j_member AS m ON m.household = h.household AND m.surname = p.surname AND m.adult AND {_OVERLAPS.format(t="m")}""",
}


def candidates(rungs: tuple[int, ...]) -> Query:
    """Every household that fits a row by some key, and whether it fits by its dates as well."""
    return Query(
        "j_candidate",
        ("j_row", "j_person", "j_number", "j_member", "j_home", "j_span", "j_claim", "j_account", "j_nino"),
        "SELECT row_no, rung, household, max(in_time) AS in_time FROM ("
        + " UNION ALL ".join(PARTS[rung] for rung in rungs)
        + ") AS every_key GROUP BY row_no, rung, household",
    )


DECIDED = Query(
    "j_decided",
    ("j_candidate",),
    """
    WITH surest AS (SELECT row_no, min(rung) AS rung FROM j_candidate GROUP BY row_no),
    fitting AS (
        SELECT c.row_no, c.rung, count(*) AS fit, count_if(c.in_time = 1) AS fit_now,
            min(c.household) AS household, min(CASE WHEN c.in_time = 1 THEN c.household END) AS household_now
        FROM j_candidate AS c
        JOIN surest AS s ON s.row_no = c.row_no AND s.rung = c.rung
        GROUP BY c.row_no, c.rung
    )
    SELECT row_no, rung,
        CASE WHEN fit_now = 1 THEN household_now WHEN fit_now = 0 AND fit = 1 THEN household END AS household
    FROM fitting
    """,
)
"""One line for each row that some household fits: the household, or none where several fit alike."""

JOINED = Query(
    "j_joined",
    ("j_row", "j_decided"),
    f"""
    WITH told AS (
        SELECT r.reference, min(d.household) AS household
        FROM j_decided AS d JOIN j_row AS r ON r.row_no = d.row_no
        WHERE r.reference IS NOT NULL AND d.household IS NOT NULL
        GROUP BY r.reference
        HAVING count(DISTINCT d.household) = 1
    )
    SELECT r.row_no,
        coalesce(d.household, CASE WHEN d.row_no IS NULL THEN t.household END) AS household,
        CASE WHEN d.household IS NOT NULL THEN d.rung WHEN d.row_no IS NULL AND t.household IS NOT NULL THEN {SAME} END AS rung,
        d.row_no IS NOT NULL AND d.household IS NULL AS in_doubt
    FROM j_row AS r
    LEFT JOIN j_decided AS d ON d.row_no = r.row_no
    LEFT JOIN told AS t ON t.reference = r.reference
    ORDER BY r.row_no
    """,
)
"""A line for each row. One that no key fits goes with the other rows of its own reference, where those agree on a household."""

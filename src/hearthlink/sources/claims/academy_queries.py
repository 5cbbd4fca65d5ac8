"""The queries that turn Academy's tables into claim periods and claim persons.

A split of the household, an assessment of rent or council tax and a suspension each begin on their own day. A claim is cut on every such
day, so that within a piece nothing changes; pieces in which there is no household are none. Days are whole numbers since 1970-01-01.
"""

from __future__ import annotations

from hearthlink.engine import Query
from hearthlink.sources.claims.household_queries import OPEN

SPLIT = Query(
    "c_split",
    ("c_house",),
    f"""
    SELECT row_no, claim_id, house_id, from_day AS start, coalesce(to_day, {OPEN}) AS finish
    FROM c_house WHERE coalesce(to_day, {OPEN}) >= from_day
    """,
)

AWARD = Query(
    "c_award",
    ("c_rent", "c_tax"),
    f"""
    SELECT claim_id, CASE WHEN coalesce(dhp_ind, false) THEN 'dhp' ELSE 'hb' END AS kind, from_day AS start,
        coalesce(to_day, {OPEN}) AS finish, model_amt AS pence
    FROM c_rent
    WHERE coalesce(to_day, {OPEN}) >= from_day AND (coalesce(dhp_ind, false) OR coalesce(type_ind, '1') = '1')
    UNION ALL
    SELECT claim_id, 'cts' AS kind, from_day AS start, coalesce(to_day, {OPEN}) AS finish, model_amt AS pence
    FROM c_tax WHERE coalesce(to_day, {OPEN}) >= from_day AND coalesce(type_ind, '1') = '1'
    """,
)

HOME = Query(
    "c_home",
    ("c_account", "c_stay", "c_property", "c_balance"),
    f"""
    SELECT a.claim_id, s.from_day AS start, coalesce(s.to_day, {OPEN}) AS finish, a.ctax_ref,
        max(p.no_beds) AS bedrooms, max(p.uprn) AS uprn, max(b.balance) AS balance
    FROM c_account AS a
    LEFT JOIN c_stay AS s ON s.account_ref = a.ctax_ref
    LEFT JOIN c_property AS p ON p.property_ref = s.property_ref
    LEFT JOIN c_balance AS b ON b.account_ref = a.ctax_ref
    GROUP BY a.claim_id, s.from_day, s.to_day, a.ctax_ref
    """,
)

PIECE = Query(
    "c_piece",
    ("c_split", "c_award", "c_claim"),
    """
    WITH day AS (
        SELECT claim_id, start AS day FROM c_split
        UNION SELECT claim_id, finish + 1 AS day FROM c_split
        UNION SELECT claim_id, start AS day FROM c_award
        UNION SELECT claim_id, finish + 1 AS day FROM c_award
        UNION SELECT claim_id, hb_suspend_day AS day FROM c_claim WHERE suspended AND hb_suspend_day IS NOT NULL
        UNION SELECT claim_id, ctb_suspend_day AS day FROM c_claim WHERE suspended AND ctb_suspend_day IS NOT NULL
    )
    SELECT claim_id, day AS start, lead(day) OVER (PARTITION BY claim_id ORDER BY day) - 1 AS finish FROM day
    """,
)

PERIOD = Query(
    "c_period",
    ("c_piece", "c_split", "c_award", "c_home", "c_claim"),
    f"""
    WITH held AS (
        SELECT p.claim_id, p.start, p.finish, max(s.row_no) AS row_no
        FROM c_piece AS p
        JOIN c_split AS s ON s.claim_id = p.claim_id AND s.start <= p.start AND s.finish >= p.start
        WHERE p.finish IS NOT NULL
        GROUP BY p.claim_id, p.start, p.finish
    ),
    paid AS (
        SELECT h.claim_id, h.start,
            max(CASE WHEN a.kind = 'hb' THEN a.pence END) AS hb,
            max(CASE WHEN a.kind = 'cts' THEN a.pence END) AS cts,
            max(CASE WHEN a.kind = 'dhp' THEN a.pence END) AS dhp
        FROM held AS h
        JOIN c_award AS a ON a.claim_id = h.claim_id AND a.start <= h.start AND a.finish >= h.start
        GROUP BY h.claim_id, h.start
    ),
    lived AS (
        SELECT h.claim_id, h.start, max(m.bedrooms) AS bedrooms, max(m.uprn) AS uprn, max(m.ctax_ref) AS ctax_ref,
            max(m.balance) AS balance
        FROM held AS h
        JOIN c_home AS m ON m.claim_id = h.claim_id AND coalesce(m.start, h.start) <= h.start AND coalesce(m.finish, h.start) >= h.start
        GROUP BY h.claim_id, h.start
    )
    SELECT h.claim_id, h.row_no, h.start, CASE WHEN h.finish >= {OPEN} THEN NULL ELSE h.finish END AS finish,
        p.hb, p.cts, p.dhp, l.bedrooms, l.uprn, l.ctax_ref, l.balance,
        CASE WHEN c.suspended AND h.start >= CASE WHEN p.hb IS NULL THEN c.ctb_suspend_day ELSE c.hb_suspend_day END
            THEN 1 ELSE 0 END AS stopped
    FROM held AS h
    LEFT JOIN paid AS p ON p.claim_id = h.claim_id AND p.start = h.start
    LEFT JOIN lived AS l ON l.claim_id = h.claim_id AND l.start = h.start
    LEFT JOIN c_claim AS c ON c.claim_id = h.claim_id
    ORDER BY h.claim_id, h.start
    """,
)

QUERIES = (SPLIT, AWARD, HOME, PIECE)

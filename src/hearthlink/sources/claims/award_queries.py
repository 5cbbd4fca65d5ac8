"""The queries that turn monthly states and council tax periods into awards with effective dates.

A monthly file says how a claim stood on its reference date. A state that was seen in one file and another in the next changed
on the day the later file gives for the change, where that lies between the two; else the day after the earlier file. A claim
that appears after it was decided runs from its entitlement start, so that backdating counts. A claim that is gone from a file
without an end date ended on the last day it was seen.
"""

from __future__ import annotations

from hearthlink.engine import Query
from hearthlink.sources.claims.household_queries import OPEN

STATE = Query(
    "a_state",
    ("h_claim", "h_kept"),
    """
    WITH said AS (
        SELECT household, claim_no, file_no, seen_from, seen_to, is_first, is_last, start, "end" AS ended, changed, pence,
            CASE
                WHEN "end" <= seen_to THEN 'ended'
                WHEN status = 2 THEN 'suspended'
                WHEN pence = 0 AND status IS NOT NULL THEN 'nil'
                WHEN status = 1 THEN 'in_payment'
                WHEN status = 0 AND pence IS NULL AND decided IS NULL THEN NULL
                WHEN status = 0 AND pence > 0 THEN 'nil'
                WHEN status = 0 THEN 'ended'
            END AS state
        FROM h_claim
        WHERE claim_no IS NOT NULL AND household IN (SELECT household FROM h_kept)
    ),
    one_a_month AS (
        SELECT *, row_number() OVER (
            PARTITION BY household, claim_no, file_no ORDER BY CASE state WHEN 'in_payment' THEN 0 WHEN 'suspended' THEN 1
            WHEN 'nil' THEN 2 ELSE 3 END, coalesce(pence, -1) DESC, coalesce(start, 0), coalesce(ended, 0), coalesce(changed, 0)
        ) AS place
        FROM said WHERE state IS NOT NULL
    )
    SELECT *, CASE WHEN state = 'ended' THEN NULL ELSE pence END AS stated_pence FROM one_a_month WHERE place = 1
    """,
)
"""How each Housing Benefit claim stood in each month. One not yet decided has no state."""

RUN = Query(
    "a_run",
    ("a_state",),
    """
    WITH before AS (
        SELECT *,
            lag(state) OVER (PARTITION BY household, claim_no ORDER BY file_no) AS state_before,
            lag(stated_pence) OVER (PARTITION BY household, claim_no ORDER BY file_no) AS pence_before,
            lag(seen_to) OVER (PARTITION BY household, claim_no ORDER BY file_no) AS seen_before
        FROM a_state
    ),
    marked AS (
        SELECT *, CASE WHEN state_before = state AND pence_before IS NOT DISTINCT FROM stated_pence THEN 0 ELSE 1 END AS fresh
        FROM before
    ),
    numbered AS (
        SELECT *, sum(fresh) OVER (
            PARTITION BY household, claim_no ORDER BY file_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS run_no
        FROM marked
    )
    SELECT household, claim_no, run_no, min(state) AS state, min(stated_pence) AS stated_pence,
        min(file_no) AS first_file, max(file_no) AS last_file, max(seen_to) AS last_seen, count_if(is_last) > 0 AS to_the_last,
        max(CASE WHEN fresh = 1 THEN pence END) AS pence,
        max(CASE WHEN fresh = 1 THEN changed END) AS changed,
        max(CASE WHEN fresh = 1 THEN start END) AS start,
        max(CASE WHEN fresh = 1 THEN ended END) AS ended,
        max(CASE WHEN fresh = 1 THEN seen_from END) AS seen_from,
        max(CASE WHEN fresh = 1 THEN seen_to END) AS seen_to,
        max(CASE WHEN fresh = 1 THEN seen_before END) AS seen_before,
        count_if(is_first) > 0 AS from_the_first
    FROM numbered
    GROUP BY household, claim_no, run_no
    """,
)
"""Runs of months over which neither state nor amount changed."""

HOUSING = Query(
    "a_housing",
    ("a_run",),
    f"""
    WITH begun AS (
        SELECT *,
            CASE
                WHEN state = 'ended' AND ended IS NOT NULL THEN ended + 1
                WHEN seen_before IS NULL AND from_the_first
                    THEN coalesce(CASE WHEN changed <= seen_to THEN changed END, least(start, seen_to), seen_to)
                WHEN seen_before IS NULL THEN least(coalesce(start, seen_from), seen_to)
                WHEN changed > seen_before AND changed <= seen_to THEN changed
                WHEN start > seen_before AND start <= seen_to THEN start
                ELSE seen_before + 1
            END AS start_day
        FROM a_run
    ),
    beside AS (
        SELECT *,
            lead(start_day) OVER (PARTITION BY household, claim_no ORDER BY run_no) AS next_start,
            lead(first_file) OVER (PARTITION BY household, claim_no ORDER BY run_no) AS next_file
        FROM begun
    ),
    spanned AS (
        SELECT household, 'hb' AS benefit, start_day, state, stated_pence AS weekly_pence,
            CASE
                WHEN next_start IS NULL AND (state = 'ended' OR to_the_last) THEN {OPEN}
                WHEN next_start IS NULL THEN last_seen
                WHEN state <> 'ended' AND next_file > last_file + 1 THEN least(next_start - 1, last_seen)
                ELSE next_start - 1
            END AS end_day
        FROM beside
        UNION ALL
        SELECT household, 'hb' AS benefit,
            coalesce(CASE WHEN from_the_first AND changed <= ended THEN changed END, start) AS start_day,
            'in_payment' AS state, pence AS weekly_pence, ended AS end_day
        FROM begun
        WHERE state = 'ended' AND seen_before IS NULL AND pence > 0 AND start IS NOT NULL AND ended IS NOT NULL
    )
    SELECT * FROM spanned WHERE end_day >= start_day
    """,
)
"""Housing Benefit awards. A claim first seen when it had already ended, with an amount, was in payment until then."""


PERIODS = Query(
    "a_period",
    ("h_period", "h_kept"),
    f"""
    WITH every AS (
        SELECT household, 'cts' AS benefit, start, "end", state, pence FROM h_period WHERE NOT housing_only
        UNION ALL
        SELECT household, 'hb' AS benefit, start, "end", state, hb_pence AS pence FROM h_period WHERE with_housing
    ),
    said AS (
        SELECT household, benefit, start, coalesce("end", {OPEN}) AS finish,
            CASE WHEN state = 'in_payment' AND pence = 0 THEN 'nil' ELSE state END AS state,
            CASE WHEN state = 'ended' THEN NULL ELSE pence END AS pence
        FROM every
        WHERE state IS NOT NULL AND household IN (SELECT household FROM h_kept)
    ),
    before AS (
        SELECT *,
            lag(finish) OVER same AS finish_before, lag(state) OVER same AS state_before, lag(pence) OVER same AS pence_before
        FROM said
        WINDOW same AS (PARTITION BY household, benefit ORDER BY start, finish, state, coalesce(pence, -1))
    ),
    numbered AS (
        SELECT *, sum(CASE
            WHEN state_before = state AND pence_before IS NOT DISTINCT FROM pence AND start <= finish_before + 1 THEN 0 ELSE 1
        END) OVER (
            PARTITION BY household, benefit ORDER BY start, finish, state, coalesce(pence, -1)
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS run_no
        FROM before
    ),
    run AS (
        SELECT household, benefit, min(start) AS start_day, max(finish) AS end_day, min(state) AS state, min(pence) AS weekly_pence
        FROM numbered GROUP BY household, benefit, run_no
    ),
    over AS (
        SELECT household, benefit, max(end_day) AS end_day, count_if(state = 'ended') AS said_ended
        FROM run GROUP BY household, benefit
    )
    SELECT household, benefit, start_day, state, weekly_pence, end_day FROM run
    UNION ALL
    SELECT household, benefit, end_day + 1 AS start_day, 'ended' AS state, CAST(NULL AS BIGINT) AS weekly_pence,
        {OPEN} AS end_day
    FROM over WHERE end_day < {OPEN} AND said_ended = 0
    """,
)
"""Awards told as periods: those that follow on each other unchanged are one. After the last comes the state ended."""

AWARD = Query(
    "a_award",
    ("a_housing", "a_period"),
    """
    SELECT household, benefit, start_day, end_day, state AS status, weekly_pence
    FROM (
        SELECT household, benefit, start_day, end_day, state, weekly_pence FROM a_housing
        UNION ALL SELECT household, benefit, start_day, end_day, state, weekly_pence FROM a_period
    ) AS both_benefits
    ORDER BY household, benefit, start_day, end_day, state, coalesce(weekly_pence, -1)
    """,
)

QUERIES = (STATE, RUN, HOUSING, PERIODS, AWARD)

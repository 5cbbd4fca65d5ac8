"""How far a case went: in the year, and within six months of the referral, which is the same time for every child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Query
from hearthlink.tables.holidays import BANK_HOLIDAYS

SIX_MONTHS = 183
"""Days from the referral within which a stage is looked for where every child is to be followed equally long."""

YEAR_LONG = 365
"""Days before and after the referral within which another referral is looked for."""

PLANS_SINCE = 2021
"""The first year whose census holds child in need plans."""

SETTLED = 45
"""Working days from the end of an assessment within which a case that comes to nothing is closed (handbook: domain 6.2)."""

FLAGS = ("assessment", "section47", "cin_plan", "protection_plan", "looked_after")
"""Names of the stages above a referral, from 1."""


def by_proxy(cin_plan: pa.Table, year_start: date) -> bool:
    """Whether child in need plans are inferred: no file holds any, and the year's census is too old to."""
    return not cin_plan.num_rows and year_start.year < PLANS_SINCE


def settled_by(assessment: pa.Table) -> pa.Table:
    """For each day on which an assessment ended, the day 45 working days later: columns end_date and settled_date."""
    ended = pc.unique(assessment.column("end_date")).drop_null()
    days = ended.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    holidays = np.array(sorted(BANK_HOLIDAYS), "datetime64[D]")
    later = np.busday_offset(days, SETTLED, roll="backward", holidays=holidays)
    return pa.table({"end_date": ended, "settled_date": pa.array(later, pa.date32())})


def spans(held: Iterable[tuple[date, date]]) -> pa.Table:
    """The time that censuses speak of without a break, from their first and last days: columns start_date and end_date."""
    merged: list[tuple[date, date]] = []
    for start, end in sorted(held):
        if merged and start <= merged[-1][1] + timedelta(1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return pa.table(
        {
            "start_date": pa.array([start for start, _ in merged], pa.date32()),
            "end_date": pa.array([end for _, end in merged], pa.date32()),
        }
    )


def need_plan(*, proxy: bool) -> Query:
    """When a child in need plan began: as a file tells it, or inferred.

    Inferred, one began when an assessment of the referral ended, unless the referral came to no further action, was closed after
    assessment (RC8) within 45 working days, or led to a protection plan or care in that time (handbook: domain 6.2).
    """
    if not proxy:
        return Query("need_plan", ("cin_plan",), "SELECT child_key, start_date FROM cin_plan")
    return Query(
        writes="need_plan",
        reads=("first_referral", "referral", "assessment", "settled_by", "protection_plan", "looked_after"),
        sql="""
            SELECT DISTINCT f.child_key, a.end_date AS start_date
            FROM first_referral AS f
            JOIN referral AS r ON r.child_key = f.child_key AND r.referral_no = f.referral_no
            JOIN assessment AS a ON a.child_key = f.child_key AND a.referral_no = f.referral_no
            JOIN settled_by AS s ON s.end_date = a.end_date
            WHERE NOT coalesce(r.no_further_action, FALSE)
                AND NOT coalesce(r.closure_reason = 'RC8' AND r.closure_date <= s.settled_date, FALSE)
                AND NOT EXISTS (
                    SELECT 1 FROM protection_plan AS p
                    WHERE p.child_key = f.child_key AND p.start_date <= s.settled_date
                        AND (p.end_date IS NULL OR p.end_date >= a.end_date)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM looked_after AS p
                    WHERE p.child_key = f.child_key AND p.start_date <= s.settled_date
                        AND (p.end_date IS NULL OR p.end_date >= a.end_date)
                )
        """,
    )


def step_begun() -> Query:
    """Every step that follows from the referral, by its number, and the day it began; empty where no day of it is told.

    An assessment, an enquiry and a protection plan belong to the referral. A child in need plan and care belong to it where they began
    from its day on and before the next referral.
    """
    own = "f.child_key = t.child_key AND f.referral_no = t.referral_no"
    later = (
        "f.child_key = t.child_key AND t.start_date >= f.referral_date "
        "AND (f.next_date IS NULL OR t.start_date < f.next_date)"
    )
    parts = " UNION ALL ".join(
        f"""SELECT f.child_key, f.referral_date, {stage} AS stage, {day} AS began
            FROM first_referral AS f JOIN {table} AS t ON {on}"""
        for stage, table, day, on in (
            (1, "assessment", "coalesce(t.start_date, t.end_date)", own),
            (2, "section47", "coalesce(t.start_date, t.conference_date)", own),
            (3, "need_plan", "t.start_date", later),
            (4, "protection_plan", "t.start_date", own),
            (5, "looked_after", "t.start_date", later),
        )
    )
    return Query(
        writes="step_begun",
        reads=("first_referral", "assessment", "section47", "need_plan", "protection_plan", "looked_after"),
        sql=f"SELECT child_key, referral_date, stage, began FROM ({parts}) AS step",
    )


def stage_reached(year_end: date) -> Query:
    """The highest stage in the year and each stage within six months, by number: 0 a referral, 5 looked after. No row: 0 throughout.

    A step of which no day is told counts, for it belongs to the referral.
    """
    near = f"(began IS NULL OR date_diff('day', referral_date, began) <= {SIX_MONTHS})"
    each = ", ".join(
        f"max(CASE WHEN stage = {number} AND {near} THEN 1 ELSE 0 END) = 1 AS {name}_near"
        for number, name in enumerate(FLAGS, start=1)
    )
    return Query(
        writes="stage_reached",
        reads=("step_begun",),
        sql=f"""
            SELECT
                child_key,
                max(CASE WHEN began IS NULL OR began <= DATE '{year_end.isoformat()}' THEN stage ELSE 0 END) AS stage,
                max(CASE WHEN {near} THEN stage ELSE 0 END) AS stage_near,
                {each}
            FROM step_begun
            GROUP BY child_key
        """,
    )


def referral_around() -> Query:
    """Whether each child was referred in the year before and the year after, and whether the censuses speak of all those days."""
    day = "date_diff('day', f.referral_date, r.referral_date)"
    return Query(
        writes="referral_around",
        reads=("first_referral", "referral", "census_span"),
        sql=f"""
            WITH told AS (
                SELECT f.child_key,
                    max(CASE WHEN date_diff('day', s.start_date, f.referral_date) >= {YEAR_LONG}
                        AND date_diff('day', f.referral_date, s.end_date) >= -1 THEN 1 ELSE 0 END) AS before_told,
                    max(CASE WHEN date_diff('day', s.start_date, f.referral_date) >= -1
                        AND date_diff('day', f.referral_date, s.end_date) >= {YEAR_LONG} THEN 1 ELSE 0 END) AS after_told,
                    max(CASE WHEN s.start_date <= f.referral_date
                        AND date_diff('day', f.referral_date, s.end_date) >= {SIX_MONTHS} THEN 1 ELSE 0 END) AS followed
                FROM first_referral AS f JOIN census_span AS s ON s.start_date <= s.end_date
                GROUP BY f.child_key
            ),
            other AS (
                SELECT f.child_key,
                    max(CASE WHEN {day} BETWEEN -{YEAR_LONG} AND -1 THEN 1 ELSE 0 END) AS earlier,
                    max(CASE WHEN {day} BETWEEN 1 AND {YEAR_LONG} THEN 1 ELSE 0 END) AS later
                FROM first_referral AS f JOIN referral AS r ON r.child_key = f.child_key
                GROUP BY f.child_key
            )
            SELECT
                t.child_key,
                CASE WHEN t.before_told = 1 THEN coalesce(o.earlier, 0) = 1 END AS referred_before,
                CASE WHEN t.after_told = 1 THEN coalesce(o.later, 0) = 1 END AS referred_again,
                t.followed = 1 AS followed
            FROM told AS t LEFT JOIN other AS o ON o.child_key = t.child_key
        """,
    )

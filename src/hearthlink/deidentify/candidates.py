"""The households a child may be in: each one however often its claim reference changed, and whether it had a claim in payment when."""

from __future__ import annotations

from datetime import date

from hearthlink.deidentify.queries import WINDOW
from hearthlink.engine import Query

PAID = "a.status = 'in_payment' AND (a.weekly_pence IS NULL OR a.weekly_pence > 0)"
"""An award in payment: neither suspended, nil nor ended, and of which no nought is stated."""

YEAR, TWO_YEARS = 365, 730
"""Days before and after the referral in the windows of one year and of two."""


def household_chain() -> Query:
    """Each household on file with the key of the first household of its chain: its own where it follows none."""
    return Query(
        writes="household_chain",
        reads=("household_identifier", "household_followed"),
        sql="""
            SELECT h.household_id, h.household_key, coalesce(f.first_key, h.household_key) AS chain_key
            FROM household_identifier AS h LEFT JOIN household_followed AS f ON f.household_key = h.household_key
        """,
    )


def chain_award() -> Query:
    """The awards in payment of every chain."""
    return Query(
        writes="chain_award",
        reads=("award", "household_followed"),
        sql=f"""
            SELECT coalesce(f.first_key, a.household_key) AS chain_key, a.start_date, a.end_date
            FROM award AS a LEFT JOIN household_followed AS f ON f.household_key = a.household_key
            WHERE {PAID}
        """,
    )


def home_until() -> Query:
    """The last day on which each child is taken to live with its household: the day of referral, or the one before it came into care.

    Spells of care that meet or overlap are one: the spell that covers the day began where no other reaches to the day before.
    """
    return Query(
        writes="home_until",
        reads=("first_referral", "in_care", "looked_after"),
        sql="""
            WITH entry AS (
                SELECT c.child_key, c.start_date
                FROM looked_after AS c
                WHERE NOT EXISTS (
                    SELECT 1 FROM looked_after AS o
                    WHERE o.child_key = c.child_key AND o.start_date < c.start_date
                        AND (o.end_date IS NULL OR date_diff('day', o.end_date, c.start_date) <= 1)
                )
            )
            SELECT f.child_id, f.referral_date, k.child_id IS NOT NULL AS in_care,
                CASE WHEN k.child_id IS NULL THEN f.referral_date ELSE date_add(max(e.start_date), -1) END AS home_until
            FROM first_referral AS f
            LEFT JOIN in_care AS k ON k.child_id = f.child_id
            LEFT JOIN entry AS e ON e.child_key = f.child_key AND e.start_date < f.referral_date
            GROUP BY f.child_id, f.referral_date, k.child_id
        """,
    )


def candidate_home() -> Query:
    """The chains that count for each candidate of each child: its own, and that of a second home where it is the child's match."""
    return Query(
        writes="candidate_home",
        reads=("candidate_posterior", "first_referral", "household_chain", "second_home", "link"),
        sql="""
            SELECT c.child_id, c.household_id, h.chain_key
            FROM candidate_posterior AS c
            JOIN first_referral AS f ON f.child_id = c.child_id
            JOIN household_chain AS h ON h.household_id = c.household_id
            UNION
            SELECT l.child_id, l.household_id, h.chain_key
            FROM second_home AS s
            JOIN link AS l ON l.child_id = s.child_id
            JOIN household_chain AS h ON h.household_id = s.household_id
        """,
    )


def candidate_paid() -> Query:
    """Each candidate as at an earlier day, and whether a claim of its household, however often renewed, is in payment on the day of referral.

    Two homes at once are not looked for on an earlier day. A child in care counts nowhere.
    """
    covers = "a.start_date <= c.referral_date AND (a.end_date IS NULL OR a.end_date >= c.referral_date)"
    near = f"""date_diff('day', c.referral_date, a.start_date) <= {WINDOW}
                    AND (a.end_date IS NULL OR date_diff('day', a.end_date, c.referral_date) <= {WINDOW})"""
    return Query(
        writes="candidate_on_day",
        reads=("candidate_posterior", "first_referral", "household_chain", "chain_award"),
        sql=f"""
            WITH asked AS (
                SELECT DISTINCT p.child_id, p.household_id, h.chain_key, f.referral_date
                FROM candidate_posterior AS p
                JOIN first_referral AS f ON f.child_id = p.child_id AND NOT f.in_care
                JOIN household_chain AS h ON h.household_id = p.household_id
            ),
            paid AS (
                SELECT c.child_id, c.household_id,
                    max(CASE WHEN {covers} THEN 1 ELSE 0 END) AS on_day, max(CASE WHEN {near} THEN 1 ELSE 0 END) AS on_window
                FROM asked AS c JOIN chain_award AS a ON a.chain_key = c.chain_key
                GROUP BY c.child_id, c.household_id
            )
            SELECT p.child_id, p."rank", p.household_id, p.probability,
                coalesce(d.on_day, 0) AS on_day, coalesce(d.on_window, 0) AS on_window
            FROM candidate_posterior AS p
            JOIN first_referral AS f ON f.child_id = p.child_id
            LEFT JOIN paid AS d ON d.child_id = p.child_id AND d.household_id = p.household_id
            ORDER BY p.child_id, p."rank"
        """,
    )


def candidate_ever() -> Query:
    """Whether a claim of each candidate's household was in payment on any day before the child's referral, and after it.

    A child in care counts with the household until it came into care, and not after.
    """
    return Query(
        writes="candidate_ever",
        reads=("candidate_home", "home_until", "chain_award"),
        sql=f"""
            WITH asked AS (
                SELECT DISTINCT c.chain_key, u.referral_date, u.home_until, u.in_care
                FROM candidate_home AS c JOIN home_until AS u ON u.child_id = c.child_id
            ),
            paid AS (
                SELECT q.chain_key, q.referral_date, q.home_until, q.in_care,
                    max(CASE WHEN {_paid_since(YEAR)} THEN 1 ELSE 0 END) AS before_12,
                    max(CASE WHEN {_paid_since(TWO_YEARS)} THEN 1 ELSE 0 END) AS before_24,
                    max(CASE WHEN NOT q.in_care AND date_diff('day', q.referral_date, a.start_date) <= {YEAR}
                        AND (a.end_date IS NULL OR a.end_date >= q.referral_date) THEN 1 ELSE 0 END) AS after_12
                FROM asked AS q JOIN chain_award AS a ON a.chain_key = q.chain_key
                GROUP BY q.chain_key, q.referral_date, q.home_until, q.in_care
            )
            SELECT c.child_id, c.household_id,
                max(p.before_12) AS before_12, max(p.before_24) AS before_24, max(p.after_12) AS after_12
            FROM candidate_home AS c
            JOIN home_until AS u ON u.child_id = c.child_id
            JOIN paid AS p
                ON p.chain_key = c.chain_key AND p.referral_date = u.referral_date AND p.home_until = u.home_until
                AND p.in_care = u.in_care
            GROUP BY c.child_id, c.household_id
        """,
    )


def _paid_since(days: int) -> str:
    """An award in payment on a day from so many before the referral to the last at home."""
    return f"""a.start_date <= q.home_until
                        AND date_diff('day', q.home_until, q.referral_date) <= {days}
                        AND (a.end_date IS NULL OR date_diff('day', a.end_date, q.referral_date) <= {days})"""


def candidate_rows(reached: date | None) -> Query:
    """Each candidate of each child, by child and rank, with its chain, what the best link has, and its claims.

    `reached` is the last day that files of claims speak of: what was in payment in the year after is empty where it lies beyond.
    """
    told = "FALSE" if reached is None else f"date_diff('day', f.referral_date, DATE '{reached.isoformat()}') >= {YEAR}"
    return Query(
        writes="candidate_rows",
        reads=("candidate_on_day", "candidate_ever", "first_referral", "household_chain", "link"),
        sql=f"""
            SELECT
                c.child_id, c."rank", f.referral_date, h.chain_key, c.on_day, c.probability,
                coalesce(c.household_id = l.household_id, c.household_id IS NULL AND l.household_id IS NULL) AS best,
                c.on_day = 1 AS on_benefit,
                c.on_window = 1 AS on_window,
                coalesce(e.before_12, 0) = 1 AS ever_before_12,
                coalesce(e.before_24, 0) = 1 AS ever_before_24,
                CASE WHEN {told} THEN coalesce(e.after_12, 0) = 1 END AS ever_after_12
            FROM candidate_on_day AS c
            JOIN first_referral AS f ON f.child_id = c.child_id
            LEFT JOIN link AS l ON l.child_id = c.child_id
            LEFT JOIN household_chain AS h ON h.household_id = c.household_id
            LEFT JOIN candidate_ever AS e ON e.child_id = c.child_id AND e.household_id = c.household_id
            ORDER BY c.child_id, c."rank"
        """,
    )


def chain_fact() -> Query:
    """What is known of each chain of households, under an id that stays over receipts.

    The id is that of the chain's first household, or, where no claim of it is on file any more, the first by its letters. `disability`
    is 2 where an element of Universal Credit for it is paid, 1 where elements are told and none is for it, 0 where nothing is told.
    """
    return Query(
        writes="chain_fact",
        reads=("household_chain", "household_fact", "household_followed", "universal_credit"),
        sql="""
            WITH named AS (
                SELECT chain_key,
                    coalesce(min(CASE WHEN household_key = chain_key THEN household_id END), min(household_id)) AS named
                FROM household_chain GROUP BY chain_key
            ),
            fact AS (
                SELECT coalesce(f.first_key, k.household_key) AS chain_key,
                    max(CASE WHEN k.has_dependants THEN 1 ELSE 0 END) AS with_children,
                    min(CASE WHEN k.credit_only THEN 1 ELSE 0 END) AS credit_only
                FROM household_fact AS k LEFT JOIN household_followed AS f ON f.household_key = k.household_key
                GROUP BY coalesce(f.first_key, k.household_key)
            ),
            element AS (
                SELECT coalesce(f.first_key, u.household_key) AS chain_key,
                    max(CASE
                        WHEN coalesce(u.lcwra_element, 0) > 0 OR coalesce(u.disabled_child_element, 0) > 0 THEN 2
                        WHEN u.lcwra_element IS NOT NULL AND u.disabled_child_element IS NOT NULL THEN 1
                        ELSE 0
                    END) AS disability
                FROM universal_credit AS u LEFT JOIN household_followed AS f ON f.household_key = u.household_key
                GROUP BY coalesce(f.first_key, u.household_key)
            ),
            held AS (
                SELECT chain_key FROM named UNION SELECT chain_key FROM fact
            )
            SELECT h.chain_key, n.named, coalesce(k.with_children, 0) = 1 AS with_children,
                coalesce(k.credit_only, 0) = 1 AS credit_only, coalesce(e.disability, 0) AS disability
            FROM held AS h
            LEFT JOIN named AS n ON n.chain_key = h.chain_key
            LEFT JOIN fact AS k ON k.chain_key = h.chain_key
            LEFT JOIN element AS e ON e.chain_key = h.chain_key
            ORDER BY n.named, h.chain_key
        """,
    )


def chain_fifth() -> Query:
    """How deprived the area of each chain's last home is: fifths of England's small areas, from the most deprived.

    It is not known where that home is withheld, nor of a chain that a child of a locked record is linked with: they live there.
    """
    return Query(
        writes="chain_fifth",
        reads=("household_chain", "place", "postcode_area", "link", "child_identifier"),
        sql="""
            WITH locked AS (
                SELECT DISTINCT h.chain_key
                FROM link AS l
                JOIN child_identifier AS i ON i.child_id = l.child_id AND i.restricted
                JOIN household_chain AS h ON h.household_id = l.household_id
            ),
            home AS (
                SELECT h.chain_key, p.postcode,
                    row_number() OVER (
                        PARTITION BY h.chain_key
                        ORDER BY coalesce(p.end_date, DATE '9999-12-31') DESC, p.start_date DESC NULLS LAST,
                            CASE WHEN p.postcode IS NULL THEN 0 ELSE 1 END, p.postcode
                    ) AS home_no
                FROM household_chain AS h
                JOIN place AS p ON p.side = 'member' AND p.owner_id = h.household_id
                WHERE p.postcode IS NOT NULL OR (p.communal AND p.uprn IS NULL AND p.number IS NULL)
            )
            SELECT h.chain_key, n.imd_decile
            FROM home AS h JOIN postcode_area AS n ON n.postcode = h.postcode
            LEFT JOIN locked AS l ON l.chain_key = h.chain_key
            WHERE h.home_no = 1 AND n.imd_decile IS NOT NULL AND l.chain_key IS NULL
        """,
    )

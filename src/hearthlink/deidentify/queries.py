"""The joins of the custodian: from a child to its case, its candidate households and their awards. One question a query."""

from __future__ import annotations

from hearthlink.engine import Query

WINDOW = 31
"""Days either side of the referral in the window that is shown as a sensitivity."""

NEAR = 183
"""An address that does not cover the day of referral serves if it is no farther from it than this, in days."""


def first_referral() -> Query:
    """The first referral of the year of each child, the day of the next one, and whether the child was looked after on the day.

    A child the council looks after lives in a placement and has left the parents' claim, though a listing may lag behind.
    """
    return Query(
        writes="first_referral",
        reads=("child_referral", "child_identifier", "referral", "looked_after"),
        sql="""
            WITH in_care AS (
                SELECT DISTINCT i.child_id
                FROM child_referral AS c
                JOIN child_identifier AS i ON i.child_id = c.child_id
                JOIN looked_after AS t ON t.child_key = i.child_key
                WHERE t.start_date < c.referral_date AND (t.end_date IS NULL OR t.end_date >= c.referral_date)
            )
            SELECT
                c.child_id, i.child_key, c.referral_date, k.child_id IS NOT NULL AS in_care,
                min(CASE WHEN r.in_year AND r.referral_date = c.referral_date THEN r.referral_no END) AS referral_no,
                min(CASE WHEN r.referral_date > c.referral_date THEN r.referral_date END) AS next_date
            FROM child_referral AS c
            JOIN child_identifier AS i ON i.child_id = c.child_id
            LEFT JOIN referral AS r ON r.child_key = i.child_key
            LEFT JOIN in_care AS k ON k.child_id = c.child_id
            GROUP BY c.child_id, i.child_key, c.referral_date, k.child_id
        """,
    )


def assessed_factors() -> Query:
    """The factor groups found at completed assessments of the referral, and whether 9A is among the codes."""
    return Query(
        writes="assessed_factors",
        reads=("first_referral", "assessment", "factor_group"),
        sql="""
            WITH completed AS (
                SELECT f.child_key, a.factors
                FROM first_referral AS f
                JOIN assessment AS a ON a.child_key = f.child_key AND a.referral_no = f.referral_no
                WHERE a.end_date IS NOT NULL
            ),
            code AS (SELECT child_key, unnest(factors) AS code FROM completed),
            factor AS (
                SELECT DISTINCT c.child_key, g.grouping
                FROM code AS c JOIN factor_group AS g ON g.code = c.code
            ),
            gathered AS (SELECT child_key, list(grouping ORDER BY grouping) AS factors FROM factor GROUP BY child_key),
            unaccompanied AS (SELECT DISTINCT child_key FROM code WHERE code = '9A')
            SELECT DISTINCT c.child_key, g.factors, u.child_key IS NOT NULL AS unaccompanied
            FROM completed AS c
            LEFT JOIN gathered AS g ON g.child_key = c.child_key
            LEFT JOIN unaccompanied AS u ON u.child_key = c.child_key
        """,
    )


def postcode_at_referral() -> Query:
    """The postcode of each child on the day of referral, or the nearest in time, and whether families on file live around it.

    Of a child whose address then is withheld, or whose record is locked, none is known: the address before or after stands for nothing. Such
    an address has its dates, and is marked as saying little, and nothing else.
    """
    return Query(
        writes="postcode_at_referral",
        reads=("first_referral", "child_identifier", "place"),
        sql=f"""
            WITH dated AS (
                SELECT
                    f.child_id, p.postcode, p.start_date,
                    CASE WHEN p.postcode IS NULL THEN 0 ELSE 1 END AS is_known,
                    greatest(
                        coalesce(date_diff('day', f.referral_date, p.start_date), 0),
                        coalesce(date_diff('day', p.end_date, f.referral_date), 0),
                        0
                    ) AS days_off
                FROM first_referral AS f
                JOIN child_identifier AS i ON i.child_id = f.child_id
                JOIN place AS p ON p.side = 'child' AND p.owner_id = f.child_id
                WHERE NOT i.restricted AND (p.postcode IS NOT NULL OR (p.communal AND p.uprn IS NULL AND p.number IS NULL))
            ),
            ranked AS (
                SELECT
                    child_id, postcode,
                    row_number() OVER (
                        PARTITION BY child_id ORDER BY days_off, is_known, start_date DESC NULLS LAST, postcode
                    ) AS place_no
                FROM dated
                WHERE days_off <= {NEAR}
            ),
            around AS (
                SELECT DISTINCT left(postcode, length(postcode) - 3) AS district
                FROM place
                WHERE side = 'member' AND postcode IS NOT NULL
            )
            SELECT r.child_id, r.postcode, a.district IS NOT NULL AS in_area
            FROM ranked AS r
            LEFT JOIN around AS a ON a.district = left(r.postcode, length(r.postcode) - 3)
            WHERE r.place_no = 1 AND r.postcode IS NOT NULL
        """,
    )


def second_home() -> Query:
    """Other households that list, on the day of referral, a person of the same name and birth date as the child's match."""
    return Query(
        writes="second_home",
        reads=("link", "first_referral", "person"),
        sql="""
            SELECT DISTINCT l.child_id, o.group_id AS household_id
            FROM link AS l
            JOIN first_referral AS f ON f.child_id = l.child_id
            JOIN person AS m ON m.side = 'member' AND m.record_id = l.member_id
            JOIN person AS o
                ON o.side = 'member' AND o.forename = m.forename AND o.surname = m.surname
                AND o.birth_date = m.birth_date AND o.group_id <> m.group_id
            WHERE (o.start_date IS NULL OR o.start_date <= f.referral_date)
                AND (o.end_date IS NULL OR o.end_date >= f.referral_date)
        """,
    )


def household_on_day() -> Query:
    """For each household that a child may live in, the state of its awards on the child's day of referral.

    In payment: an award that covers the day by its effective dates, is neither suspended, nil nor ended, and of which no nought
    is stated. A household known from Universal Credit alone has no award, and counts as on no council benefit.
    """
    paid = "a.status = 'in_payment' AND (a.weekly_pence IS NULL OR a.weekly_pence > 0)"
    covers = "a.start_date <= d.referral_date AND (a.end_date IS NULL OR a.end_date >= d.referral_date)"
    near = f"""date_diff('day', d.referral_date, a.start_date) <= {WINDOW}
                    AND (a.end_date IS NULL OR date_diff('day', a.end_date, d.referral_date) <= {WINDOW})"""
    return Query(
        writes="household_on_day",
        reads=(
            "candidate_posterior",
            "second_home",
            "first_referral",
            "household_identifier",
            "household_fact",
            "award",
        ),
        sql=f"""
            WITH asked AS (
                SELECT DISTINCT c.household_id, f.referral_date
                FROM (
                    SELECT child_id, household_id FROM candidate_posterior WHERE household_id IS NOT NULL
                    UNION ALL SELECT child_id, household_id FROM second_home
                ) AS c
                JOIN first_referral AS f ON f.child_id = c.child_id
            ),
            d AS (
                SELECT q.household_id, q.referral_date, h.household_key,
                    (h.first_date IS NULL OR h.first_date <= q.referral_date)
                    AND (h.last_date IS NULL OR h.last_date >= q.referral_date) AS on_file,
                    coalesce(k.credit_only, FALSE) AS credit_only
                FROM asked AS q JOIN household_identifier AS h ON h.household_id = q.household_id
                LEFT JOIN household_fact AS k ON k.household_key = h.household_key
            )
            SELECT
                d.household_id, d.referral_date, d.on_file,
                max(CASE WHEN {paid} AND {covers} THEN 1 ELSE 0 END) AS on_day,
                max(CASE WHEN {paid} AND {near} THEN 1 ELSE 0 END) AS on_window,
                max(CASE
                    WHEN d.credit_only THEN 5
                    WHEN {paid} AND {covers} THEN 4
                    WHEN a.status = 'suspended' AND {covers} THEN 3
                    WHEN a.status IN ('nil', 'in_payment') AND {covers} THEN 2
                    WHEN a.start_date <= d.referral_date THEN 1
                    ELSE 0
                END) AS status
            FROM d LEFT JOIN award AS a ON a.household_key = d.household_key
            GROUP BY d.household_id, d.referral_date, d.on_file
        """,
    )


def in_care() -> Query:
    """Children who were looked after on the day of referral, and from before it: they live in no household on file."""
    return Query(
        writes="in_care",
        reads=("first_referral", "looked_after"),
        sql="""
            SELECT DISTINCT f.child_id
            FROM first_referral AS f JOIN looked_after AS c ON c.child_key = f.child_key
            WHERE c.start_date < f.referral_date AND (c.end_date IS NULL OR c.end_date >= f.referral_date)
        """,
    )


def candidate_on_day() -> Query:
    """Each candidate of each child with the state of its household on the day.

    A child with a second home counts there too in `on_day` and `on_window`, wherever its match holds; in `on_main` it does not.
    A child in care counts nowhere, whatever claim it came from.
    """
    return Query(
        writes="candidate_on_day",
        reads=("candidate_posterior", "first_referral", "link", "second_home", "in_care", "household_on_day"),
        sql="""
            WITH other AS (
                SELECT l.child_id, l.household_id, max(h.on_day) AS on_day, max(h.on_window) AS on_window
                FROM second_home AS s
                JOIN first_referral AS f ON f.child_id = s.child_id
                JOIN link AS l ON l.child_id = s.child_id
                JOIN household_on_day AS h ON h.household_id = s.household_id AND h.referral_date = f.referral_date
                WHERE h.on_file AND NOT EXISTS (SELECT 1 FROM in_care AS k WHERE k.child_id = s.child_id)
                GROUP BY l.child_id, l.household_id
            )
            SELECT
                c.child_id, c."rank", c.household_id, c.probability,
                o.child_id IS NOT NULL AS two_homes,
                greatest(coalesce(h.on_day, 0), coalesce(o.on_day, 0)) AS on_day,
                greatest(coalesce(h.on_window, 0), coalesce(o.on_window, 0)) AS on_window,
                coalesce(h.on_day, 0) AS on_main
            FROM candidate_posterior AS c
            JOIN first_referral AS f ON f.child_id = c.child_id
            LEFT JOIN household_on_day AS h
                ON h.household_id = c.household_id AND h.referral_date = f.referral_date
                AND NOT EXISTS (SELECT 1 FROM in_care AS k WHERE k.child_id = c.child_id)
            LEFT JOIN other AS o ON o.child_id = c.child_id AND o.household_id = c.household_id
            ORDER BY c.child_id, c."rank"
        """,
    )


def best_on_day() -> Query:
    """Whether each child is on benefit by the best link: more likely than not, over all the households it may live in.

    Probabilities are added as millionths, so that their order does not matter.
    """
    parts = "CAST(round(probability * 1000000) AS BIGINT)"
    return Query(
        writes="best_on_day",
        reads=("candidate_on_day",),
        sql=f"""
            SELECT
                child_id,
                sum({parts} * on_day) > 500000 AS on_benefit,
                sum({parts} * on_window) > 500000 AS on_window,
                sum({parts} * on_main) > 500000 AS on_main_home,
                max(CASE WHEN two_homes THEN 1 ELSE 0 END) = 1 AS two_homes
            FROM candidate_on_day
            GROUP BY child_id
        """,
    )


def research_rows() -> Query:
    """A row for each child referred in the year: everything but the draws and the pseudonyms, in the order of the census ids."""
    return Query(
        writes="research_rows",
        reads=(
            "first_referral", "child_identifier", "child", "referral", "person", "link", "link_quality", "ethnic_group",
            "stage_reached", "referral_around", "assessed_factors", "postcode_at_referral", "postcode_area", "household_on_day",
            "best_on_day", "in_care", "household_chain",
        ),
        sql="""
            WITH aged AS (
                SELECT f.child_id, i.restricted, i.birth_date,
                    i.unborn OR (i.birth_date IS NOT NULL AND i.birth_date > f.referral_date) AS unborn,
                    year(f.referral_date) - year(i.birth_date) - CASE
                        WHEN month(f.referral_date) * 100 + day(f.referral_date) < month(i.birth_date) * 100 + day(i.birth_date)
                        THEN 1 ELSE 0
                    END AS age,
                    12 * (year(f.referral_date) - year(i.birth_date)) + month(f.referral_date) - month(i.birth_date)
                        - CASE WHEN day(f.referral_date) < day(i.birth_date) THEN 1 ELSE 0 END AS months_lived,
                    12 * year(f.referral_date) + month(f.referral_date) AS calendar_month
                FROM first_referral AS f JOIN child_identifier AS i ON i.child_id = f.child_id
            )
            SELECT
                f.child_id,
                coalesce(l.family_id, p.group_id, f.child_id) AS family_id,
                v.chain_key,
                NOT g.unborn AS counted,
                CASE WHEN g.unborn THEN 'unborn' END AS left_out,
                CASE
                    WHEN g.unborn OR g.birth_date IS NULL THEN NULL
                    WHEN g.age < 1 THEN 'under 1' WHEN g.age < 5 THEN '1 to 4' WHEN g.age < 10 THEN '5 to 9'
                    WHEN g.age < 16 THEN '10 to 15' WHEN g.age < 18 THEN '16 and 17' ELSE '18 and over'
                END AS age_band,
                CASE c.sex WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' END AS sex,
                e.grouping AS ethnic_group,
                c.disabled,
                r.primary_need,
                a.factors,
                a.child_key IS NOT NULL AS assessed,
                coalesce(s.stage, 0) AS stage_no,
                CASE WHEN w.followed THEN coalesce(s.stage_near, 0) END AS stage_near_no,
                CASE WHEN w.followed THEN coalesce(s.assessment_near, FALSE) END AS assessment_six_months,
                CASE WHEN w.followed THEN coalesce(s.section47_near, FALSE) END AS section47_six_months,
                CASE WHEN w.followed THEN coalesce(s.cin_plan_near, FALSE) END AS cin_plan_six_months,
                CASE WHEN w.followed THEN coalesce(s.protection_plan_near, FALSE) END AS protection_plan_six_months,
                CASE WHEN w.followed THEN coalesce(s.looked_after_near, FALSE) END AS looked_after_six_months,
                w.referred_before,
                w.referred_again,
                g.calendar_month,
                CASE WHEN NOT g.unborn AND g.months_lived >= 0 THEN least(g.months_lived, 24) END AS months_lived,
                n.imd_decile,
                coalesce(a.unaccompanied, FALSE) OR coalesce(r.primary_need = 'N8', FALSE) AS unaccompanied,
                CASE
                    WHEN p.forename IS NULL AND p.surname IS NULL THEN 'no name'
                    WHEN g.restricted AND o.postcode IS NULL THEN 'restricted record'
                    WHEN o.postcode IS NULL THEN 'no address'
                    WHEN NOT o.in_area THEN 'out of area'
                    ELSE 'observable'
                END AS observability,
                coalesce(l.outcome, 'none') AS best_link,
                coalesce(b.on_benefit, FALSE) AS on_benefit,
                coalesce(b.on_window, FALSE) AS on_window,
                coalesce(b.two_homes, FALSE) AS two_homes,
                coalesce(b.on_main_home, FALSE) AS on_main_home,
                k.child_id IS NOT NULL AS in_care,
                CASE WHEN k.child_id IS NULL THEN coalesce(h.status, 0) ELSE 0 END AS status_no,
                coalesce(q.sure, 'no match certain') AS sure,
                coalesce(q.expected_right, 1.0) AS expected_right,
                coalesce(q.expected_on_file, 0.0) AS expected_on_file,
                q.name_group,
                q.household_verdict,
                q.person_verdict
            FROM first_referral AS f
            JOIN aged AS g ON g.child_id = f.child_id
            JOIN child AS c ON c.child_key = f.child_key
            LEFT JOIN referral AS r ON r.child_key = f.child_key AND r.referral_no = f.referral_no
            LEFT JOIN person AS p ON p.side = 'child' AND p.record_id = f.child_id
            LEFT JOIN link AS l ON l.child_id = f.child_id
            LEFT JOIN link_quality AS q ON q.child_id = f.child_id
            LEFT JOIN ethnic_group AS e ON e.code = c.ethnicity
            LEFT JOIN stage_reached AS s ON s.child_key = f.child_key
            LEFT JOIN referral_around AS w ON w.child_key = f.child_key
            LEFT JOIN household_chain AS v ON v.household_id = l.household_id
            LEFT JOIN assessed_factors AS a ON a.child_key = f.child_key
            LEFT JOIN postcode_at_referral AS o ON o.child_id = f.child_id
            LEFT JOIN postcode_area AS n ON n.postcode = o.postcode
            LEFT JOIN household_on_day AS h ON h.household_id = l.household_id AND h.referral_date = f.referral_date
            LEFT JOIN best_on_day AS b ON b.child_id = f.child_id
            LEFT JOIN in_care AS k ON k.child_id = f.child_id
            ORDER BY f.child_id
        """,
    )  # fmt: skip

"""Agreement patterns: how each candidate pair agrees, and how often each pattern occurs.

The engine compares; what leaves here for estimation is a few thousand counts. A similarity is worked out once and binned afterwards.
"""

from __future__ import annotations

import pyarrow as pa

from hearthlink.engine import Engine, Query
from hearthlink.linkage.block import AROUND
from hearthlink.linkage.comparisons import ADDRESS, BIRTH_DATE, CARER, FIELDS, FORENAME, SEX, SURNAME

BABY = 200
"""Days of age within which a newborn may be added to a claim and still be of that household on the day."""

RANDOM_PAIRS = 100_000
"""Pairs of people looked at to learn how often levels agree by chance."""

MOST_SIBLINGS = 50_000
"""Pairs within one household looked at to learn how brothers and sisters agree."""

WORTH_EDITING, SURELY_CLOSE = 0.7, 0.92
"""Jaro-Winkler similarities between which one edit could still make two names close. Names of four letters or more that lie one edit
apart are 0.73 alike or more."""

SIBLING, RANDOM, CANDIDATE = "sibling", "random", "candidate"

PAIRS_OF = {
    CANDIDATE: (
        """
        SELECT DISTINCT c.child_no AS left_no, m.member_no AS right_no
        FROM candidate AS c JOIN member AS m USING (household_no)
        """,
        "child",
        "child_no",
    ),
    SIBLING: (
        f"""
        SELECT l.member_no AS left_no, r.member_no AS right_no
        FROM member AS l JOIN member AS r ON l.household_no = r.household_no AND l.member_no < r.member_no
        WHERE l.role = 'dependant' AND r.role = 'dependant'
          AND coalesce(l.end_date >= r.start_date, TRUE) AND coalesce(r.end_date >= l.start_date, TRUE)
        ORDER BY left_no, right_no LIMIT {MOST_SIBLINGS}
        """,
        "member",
        "member_no",
    ),
    RANDOM: (
        """
        WITH size AS (SELECT count(*) AS members FROM member),
             place AS (SELECT member_no, household_no, row_number() OVER (ORDER BY member_no) - 1 AS seat FROM member),
             drawn AS (
                 SELECT child_no, (child_no * 7919 + step * 104729) % nullif(members, 0) AS seat
                 FROM child CROSS JOIN turn CROSS JOIN size
             )
        SELECT child_no AS left_no, member_no AS right_no
        FROM drawn JOIN place USING (seat)
        WHERE NOT EXISTS (
            SELECT 1 FROM candidate AS c WHERE c.child_no = drawn.child_no AND c.household_no = place.household_no
        )
        """,
        "child",
        "child_no",
    ),
}
"""How pairs of each kind are drawn: the pairs, and the table and key of their left side. The right side is a member.

Random pairs step through the file by large primes, so that they are the same pairs whatever the order of the rows. Candidates are
left out of them: in a small file a child's own household is drawn often enough to pass for chance.
"""


def _similarity(pairs: str, left: str, key: str) -> str:
    """How alike names and birth dates are. The costlier measures are taken only where the cheaper ones leave them open."""
    return f"""
        WITH named AS (
            SELECT left_no, right_no, l.forename AS left_forename, r.forename AS right_forename,
                   l.surname AS left_surname, r.surname AS right_surname,
                   CASE WHEN l.forename = r.forename THEN 1.0 ELSE jaro_winkler_similarity(l.forename, r.forename) END
                       AS forename_similarity,
                   CASE WHEN l.surname = r.surname THEN 1.0 ELSE jaro_winkler_similarity(l.surname, r.surname) END
                       AS surname_similarity,
                   CASE WHEN cast(l.birth_year = r.birth_year AS INTEGER) + cast(l.birth_month = r.birth_month AS INTEGER)
                           + cast(l.birth_day = r.birth_day AS INTEGER) = 2
                        THEN damerau_levenshtein(l.birth_text, r.birth_text) END AS birth_edits
            FROM ({pairs}) AS p JOIN {left} AS l ON l.{key} = left_no JOIN member AS r ON r.member_no = right_no
        )
        SELECT left_no, right_no, forename_similarity, surname_similarity, birth_edits,
               CASE WHEN forename_similarity BETWEEN {WORTH_EDITING} AND {SURELY_CLOSE}
                    THEN damerau_levenshtein(left_forename, right_forename) END AS forename_edits,
               CASE WHEN surname_similarity BETWEEN {WORTH_EDITING} AND {SURELY_CLOSE}
                    THEN damerau_levenshtein(left_surname, right_surname) END AS surname_edits
        FROM named
    """


def _person_levels(kind: str) -> str:
    _, left, key = PAIRS_OF[kind]
    return f"""
        SELECT left_no, right_no,
               {FORENAME.case} AS forename_level, {SURNAME.case} AS surname_level,
               {BIRTH_DATE.case} AS birth_date_level, {SEX.case} AS sex_level
        FROM similarity AS s JOIN {left} AS l ON l.{key} = left_no JOIN member AS r ON r.member_no = right_no
    """


HOMES = Query(
    "home",
    ("candidate", "child", "child_place", "household_place"),
    f"""
    WITH both_places AS (
        SELECT c.child_no, c.household_no, p.communal OR h.communal AS shared,
               coalesce(p.uprn = h.uprn, FALSE) OR coalesce(p.postcode = h.postcode AND p.number = h.number, FALSE) AS same,
               coalesce(p.postcode = h.postcode, FALSE) AS same_postcode
        FROM candidate AS c JOIN child USING (child_no) JOIN child_place AS p USING (child_no)
        JOIN household_place AS h USING (household_no)
        WHERE coalesce(date_diff('day', referral_date, h.start_date) <= {AROUND}, TRUE)
          AND coalesce(date_diff('day', h.end_date, referral_date) <= {AROUND}, TRUE)
          AND (p.uprn IS NOT NULL AND h.uprn IS NOT NULL OR p.postcode IS NOT NULL AND h.postcode IS NOT NULL)
    )
    SELECT child_no, household_no, count_if(same) > 0 AS same_home, count_if(same AND NOT shared) = 0 AS communal,
           count_if(same_postcode) > 0 AS same_postcode
    FROM both_places GROUP BY child_no, household_no
    """,
)

CARERS = Query(
    "carer_agreement",
    ("candidate", "carer", "adult"),
    """
    WITH met AS (
        SELECT c.child_no, c.household_no, l.birth_date IS NULL OR r.birth_date IS NULL AS undated,
               coalesce(l.surname = r.surname, FALSE) AS surname, coalesce(l.birth_date = r.birth_date, FALSE) AS born,
               coalesce(l.forename = r.forename AND l.surname = r.surname, FALSE) AS named,
               l.forename AS left_forename, r.forename AS right_forename, l.birth_date AS left_date, r.birth_date AS right_date
        FROM candidate AS c JOIN carer AS l USING (child_no) JOIN adult AS r USING (household_no)
        WHERE l.forename IS NOT NULL AND r.forename IS NOT NULL
    ), compared AS (
        SELECT child_no, household_no, undated, surname, born, named,
               CASE WHEN born THEN jaro_winkler_similarity(left_forename, right_forename) END AS forename_similarity,
               CASE WHEN named AND NOT undated
                    THEN damerau_levenshtein(cast(left_date AS VARCHAR), cast(right_date AS VARCHAR)) END AS birth_edits,
               coalesce(year(left_date) = year(right_date), FALSE) AS year,
               coalesce(month(left_date) = day(right_date) AND day(left_date) = month(right_date), FALSE) AS swapped
        FROM met
    )
    SELECT child_no, household_no,
           count_if(coalesce(forename_similarity >= 0.85, FALSE)) > 0 AS sure,
           count_if(born AND surname OR named AND (undated OR coalesce(birth_edits = 1, FALSE) OR year AND swapped)) > 0 AS likely,
           count_if(named AND year) > 0 AS names
    FROM compared GROUP BY child_no, household_no
    """,
)


def _frequency(field: str) -> Query:
    return Query(
        f"{field}_frequency",
        ("member",),
        f"""
        SELECT {field}, count(*) / cast(sum(count(*)) OVER () AS DOUBLE) AS frequency
        FROM member WHERE {field} IS NOT NULL GROUP BY {field}
        """,
    )


CANDIDATE_PAIRS = Query(
    "candidate_pair",
    ("candidate", "child", "member", "candidate_level", "home", "carer_agreement"),
    f"""
    SELECT k.unit_no, k.child_no, k.household_no, r.member_no,
           CASE WHEN r.end_date < l.referral_date THEN 0
                WHEN r.start_date > l.referral_date
                     AND coalesce(date_diff('day', r.birth_date, r.start_date) > {BABY}, TRUE) THEN -1
                ELSE 1 END AS listing,
           forename_level, surname_level, birth_date_level, sex_level,
           {ADDRESS.case} AS address_level, {CARER.case} AS carer_level,
           f.frequency AS forename_frequency, g.frequency AS surname_frequency, l.age_in_days
    FROM candidate AS k JOIN child AS l USING (child_no) JOIN member AS r ON k.household_no = r.household_no
    JOIN candidate_level AS s ON s.left_no = k.child_no AND s.right_no = r.member_no
    LEFT JOIN home AS a ON a.child_no = k.child_no AND a.household_no = k.household_no
    LEFT JOIN carer_agreement AS c ON c.child_no = k.child_no AND c.household_no = k.household_no
    LEFT JOIN forename_frequency AS f ON f.forename = l.forename
    LEFT JOIN surname_frequency AS g ON g.surname = l.surname
    ORDER BY k.unit_no, k.child_no, k.household_no, r.member_no
    """,
)

LEVELS = ", ".join(f"{field.of}_level" for field in FIELDS)

NOTHING = ", ".join(f"{field.missing} AS {field.of}_level" for field in FIELDS)

DAY_SIZES = Query(
    "day_size",
    ("child", "live", "member"),
    """
    WITH household_size AS (
        SELECT household_no, first_date, last_date, count(*) AS members
        FROM live JOIN member USING (household_no) GROUP BY household_no, first_date, last_date
    )
    SELECT referral_date, max(children) AS children, count(*) AS households, sum(members) AS members
    FROM (SELECT referral_date, count(*) AS children FROM child GROUP BY referral_date)
    JOIN household_size ON referral_date BETWEEN first_date AND last_date
    GROUP BY referral_date
    """,
)

PATTERNS = Query(
    "agreement_pattern",
    ("candidate_pair", "sibling_level", "random_level", "day_size", "member", "child_place", "household_place"),
    f"""
    SELECT '{CANDIDATE}' AS drawn_from, {LEVELS}, count(*) AS pairs
    FROM candidate_pair WHERE listing = 1 GROUP BY ALL
    UNION ALL
    SELECT drawn_from, forename_level, surname_level, birth_date_level, sex_level,
           {ADDRESS.missing} AS address_level, {CARER.missing} AS carer_level, count(*) AS pairs
    FROM (SELECT '{SIBLING}' AS drawn_from, * FROM sibling_level
          UNION ALL SELECT '{RANDOM}' AS drawn_from, * FROM random_level)
    GROUP BY ALL
    UNION ALL
    SELECT 'household', {NOTHING}, cast(sum(children * households) AS BIGINT)
    FROM day_size
    UNION ALL
    SELECT 'universe', {NOTHING}, cast(sum(children * members) AS BIGINT)
    FROM day_size
    UNION ALL
    SELECT 'child', {NOTHING}, count(*) FROM child
    UNION ALL
    SELECT 'birthday', {NOTHING}, cast(sum(people * (people - 1)) AS BIGINT)
    FROM (SELECT count(*) AS people FROM member WHERE birth_date IS NOT NULL GROUP BY birth_date)
    UNION ALL
    SELECT 'two members', {NOTHING}, count(birth_date) * (count(birth_date) - 1) FROM member
    UNION ALL
    SELECT 'neighbour', {NOTHING}, count(*)
    FROM (SELECT DISTINCT child_no, household_no FROM child_place JOIN household_place USING (postcode))
    ORDER BY ALL
    """,
)


def compare(engine: Engine) -> None:
    """Make `candidate_pair` and `agreement_pattern` from `candidate` and the tables prepared beside it."""
    each = RANDOM_PAIRS // max(engine.count("child"), 1) + 1
    engine.put("turn", pa.table({"step": pa.array(range(1, each + 1), pa.int64())}))
    for kind, (pairs, left, key) in PAIRS_OF.items():
        engine.run(Query("similarity", ("candidate", "child", "member", "turn"), _similarity(pairs, left, key)))
        engine.run(Query(f"{kind}_level", ("similarity", left, "member"), _person_levels(kind)))
    for query in (HOMES, CARERS, _frequency("forename"), _frequency("surname"), CANDIDATE_PAIRS, DAY_SIZES, PATTERNS):
        engine.run(query)

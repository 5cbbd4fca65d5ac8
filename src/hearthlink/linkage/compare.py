"""Agreement patterns: how each candidate pair agrees, and how often each pattern occurs.

The engine compares; what leaves here for estimation is a few thousand counts. A similarity is worked out once and binned afterwards.
"""

from __future__ import annotations

import re

import pyarrow as pa

from hearthlink.engine import Engine, Query
from hearthlink.linkage.comparisons import (
    ADDRESS,
    AGES,
    CARER,
    FIELDS,
    HOME_FIELDS,
    PERSON_FIELDS,
    SURNAME,
)
from hearthlink.linkage.prepare import AROUND
from hearthlink.linkage.rules import ASKED, NOT_FORMED

BABY = 200
"""Days of age within which a newborn may be added to a claim and still be of that household on the day."""

RANDOM_PAIRS = 100_000
"""Pairs of people looked at to learn how often levels agree by chance."""

MOST_SIBLINGS = 50_000
"""Pairs within one household looked at to learn how brothers and sisters agree."""

WORTH_EDITING, SURELY_CLOSE = 0.7, 0.92
"""Jaro-Winkler similarities between which one edit could still make two names close. Names of four letters or more that lie one edit
apart are 0.73 alike or more."""

WHOLE_DATE = 8
"""Letters of a birth date that is written out, though it is no date: one that differs by a letter or two is nearly the same."""

SIBLING, RANDOM, CANDIDATE = "sibling", "random", "candidate"

PAIRS_OF = {
    SIBLING: (
        f"""
        SELECT l.member_no AS left_no, r.member_no AS right_no
        FROM member AS l JOIN member AS r ON l.household_no = r.household_no AND l.member_no < r.member_no
        WHERE l.role IN ('dependant', 'other') AND r.role IN ('dependant', 'other')
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
                 SELECT child_no, (cast(child_no AS BIGINT) * 7919 + step * 104729) % nullif(members, 0) AS seat
                 FROM child CROSS JOIN turn CROSS JOIN size
             )
        SELECT child_no AS left_no, member_no AS right_no
        FROM drawn JOIN place USING (seat)
        """,
        "child",
        "child_no",
    ),
}
"""How pairs of each kind are drawn: the pairs, and the table and key of their left side. The right side is a member.

Random pairs step through the file by large primes, so that they are the same pairs whatever the order of the rows. True matches
fall among them, in a small file often enough to matter; estimation takes them out.
"""


def _edits(left: str, right: str) -> str:
    """SQL for how many edits apart two texts lie, a transposition counting as one: the costlier measure only where it can tell more."""
    return f"CASE WHEN levenshtein({left}, {right}) = 2 THEN damerau_levenshtein({left}, {right}) ELSE levenshtein({left}, {right}) END"


def _carried(columns: str, side: str) -> str:
    return ", ".join(f"{side}.{column} AS {side}_{column}" for column in columns.split())


COMPARED = (
    "forename forenames surname surname_last surnames birth_date birth_year birth_month birth_day birth_key"
    " birth_date_weak sex middle forename_mask surname_mask"
)
"""What is looked at of either person."""


def _flat(condition: str) -> str:
    """A level's condition on `l`, `r` and `s` as one on the columns of a single row."""
    return re.sub(r"\bs\.", "", re.sub(r"\b([lr])\.(\w)", r"\1_\2", condition))


def _likeness(name: str) -> str:
    """SQL for how alike two names are: nought, without measuring, where they share too few letters to come near any level."""
    left, right = f"l_{name}", f"r_{name}"
    return f"CASE WHEN {left} = {right} THEN 1.0 ELSE jaro_winkler_similarity({left}, {right}) END"


def _of_pairs(pairs: str, left: str, key: str) -> str:
    """The pairs of a query as `p`, each with its row of `left` as `l` and its member as `r`."""
    return f"({pairs}) AS p JOIN {left} AS l ON l.{key} = left_no JOIN member AS r ON r.member_no = right_no"


def person_levels(columns: str, pairs: str) -> str:
    """The query for the levels of the person fields, beside some `columns`, of `pairs`: rows of `p`, `l` and `r`.

    How alike names and birth dates are is worked out once and binned afterwards; the costlier measures only where the cheaper ones
    leave them open.
    """
    levels = ", ".join(f"cast({_flat(field.case)} AS TINYINT) AS {field.of}_level" for field in PERSON_FIELDS)
    kept = ", ".join(column.rpartition(" ")[2].rpartition(".")[2] for column in columns.split(";"))
    return f"""
        WITH pair AS (
            SELECT {columns.replace(";", ",")}, {_carried(COMPARED, "l")}, {_carried(COMPARED, "r")} FROM {pairs}
        ), likeness AS (
            SELECT *, {_likeness("forename")} AS forename_similarity, {_likeness("surname")} AS surname_similarity,
                   CASE WHEN cast(l_birth_year = r_birth_year AS INTEGER) + cast(l_birth_month = r_birth_month AS INTEGER)
                           + cast(l_birth_day = r_birth_day AS INTEGER) = 2
                        THEN {_edits("l_birth_key", "r_birth_key")}
                        WHEN (l_birth_date IS NULL OR r_birth_date IS NULL) AND length(l_birth_key) >= {WHOLE_DATE}
                            AND levenshtein(l_birth_key, r_birth_key) <= 2
                        THEN {_edits("l_birth_key", "r_birth_key")} END AS birth_edits
            FROM pair
        ), measured AS (
            SELECT *, CASE WHEN forename_similarity BETWEEN {WORTH_EDITING} AND {SURELY_CLOSE}
                           THEN {_edits("l_forename", "r_forename")} END AS forename_edits,
                   CASE WHEN surname_similarity BETWEEN {WORTH_EDITING} AND {SURELY_CLOSE}
                        THEN {_edits("l_surname", "r_surname")} END AS surname_edits
            FROM likeness
        )
        SELECT {kept}, {levels} FROM measured
    """


STREETS_ALIKE = """(p.street = h.street OR contains(p.street, h.street) OR contains(h.street, p.street)
    OR jaro_winkler_similarity(p.street, h.street) >= 0.92)"""

NOT_ANOTHER_TOWN = "coalesce(p.postcode = h.postcode OR levenshtein(p.postcode, h.postcode) <= 2, TRUE)"

HOMES = Query(
    "home",
    ("candidate", "child", "child_place", "household_place"),
    f"""
    WITH both_places AS (
        SELECT c.child_no, c.household_no, p.communal OR h.communal AS shared,
               coalesce(p.uprn = h.uprn, FALSE) AS same_property, coalesce(p.postcode = h.postcode, FALSE) AS same_postcode,
               coalesce(p.number = h.number, FALSE) AS same_number, p.precise AND h.precise AS precise,
               coalesce(CASE WHEN {STREETS_ALIKE} THEN {NOT_ANOTHER_TOWN} END, FALSE) AS same_street,
               p.street IS NULL OR h.street IS NULL AS streetless
        FROM candidate AS c JOIN child USING (child_no) JOIN child_place AS p USING (child_no)
        JOIN household_place AS h USING (household_no)
        WHERE coalesce(date_diff('day', referral_date, h.start_date) <= {AROUND}, TRUE)
          AND coalesce(date_diff('day', h.end_date, referral_date) <= {AROUND}, TRUE)
          AND (p.uprn IS NOT NULL AND h.uprn IS NOT NULL OR p.postcode IS NOT NULL AND h.postcode IS NOT NULL
               OR p.street IS NOT NULL AND h.street IS NOT NULL)
    ), compared AS (
        SELECT child_no, household_no, shared, same_street, same_postcode,
               same_property OR same_number AND (same_street OR same_postcode AND (precise OR streetless)) AS same
        FROM both_places
    )
    SELECT child_no, household_no, count_if(same) > 0 AS same_home, count_if(same AND NOT shared) = 0 AS communal,
           count_if(same_street) > 0 AS same_street, count_if(same_postcode) > 0 AS same_postcode
    FROM compared GROUP BY child_no, household_no
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


_STATED_ON = "coalesce(h.start_date, l.referral_date)"

AGE_THAT_DAY = f"""
    year({_STATED_ON}) - year(l.birth_date) - CASE WHEN month({_STATED_ON}) * 100 + day({_STATED_ON})
        < month(l.birth_date) * 100 + day(l.birth_date) THEN 1 ELSE 0 END"""
"""Age in whole years on the day for which a household states ages; where it names none, on the day as at which the child is linked."""


STATED_AGES = Query(
    "stated_ages",
    ("candidate", "child", "household", "household_count"),
    f"""
    WITH unit_size AS (SELECT unit_no, count(*) AS children FROM child GROUP BY unit_no),
    met AS (
        SELECT c.child_no, c.household_no, u.children, h.dependants, ' ' || h.ages || ' ' AS ages, {AGE_THAT_DAY} AS age
        FROM candidate AS c JOIN child AS l USING (child_no) JOIN unit_size AS u ON u.unit_no = c.unit_no
        JOIN household AS o ON o.household_no = c.household_no JOIN household_count AS h ON h.household_id = o.household_id
        WHERE coalesce(l.referral_date >= h.start_date, TRUE) AND coalesce(l.referral_date <= h.end_date, TRUE)
    ), compared AS (
        SELECT child_no, household_no, dependants < children AS too_few,
               contains(ages, ' ' || cast(age AS VARCHAR) || ' ') AS same_age,
               contains(ages, ' ' || cast(age - 1 AS VARCHAR) || ' ') OR contains(ages, ' ' || cast(age + 1 AS VARCHAR) || ' ') AS near_age
        FROM met
    )
    SELECT child_no, household_no, count_if(same_age) > 0 AS same_age, count_if(near_age) > 0 AS near_age
    FROM compared WHERE same_age IS NOT NULL OR too_few GROUP BY child_no, household_no
    """,
)

CELLS = Query(
    "cell",
    ("candidate", "home", "carer_agreement", "stated_ages"),
    f"""
    SELECT k.unit_no, k.child_no, k.household_no, cast({ADDRESS.case} AS TINYINT) AS address_level,
           cast({CARER.case} AS TINYINT) AS carer_level, cast({AGES.case} AS TINYINT) AS ages_level
    FROM candidate AS k
    LEFT JOIN home AS a ON a.child_no = k.child_no AND a.household_no = k.household_no
    LEFT JOIN carer_agreement AS c ON c.child_no = k.child_no AND c.household_no = k.household_no
    LEFT JOIN stated_ages AS g ON g.child_no = k.child_no AND g.household_no = k.household_no
    """,
)
"""Each child with each candidate household, and how their homes agree."""

_OF_CELL = "p.unit_no; p.child_no; p.household_no; r.member_no; p.address_level; p.carer_level; p.ages_level"

NAMED = Query(
    "named",
    ("cell", "child", "member"),
    person_levels(
        f"""{_OF_CELL}; cast(CASE WHEN r.end_date < l.referral_date THEN 0
                WHEN r.start_date > l.referral_date
                     AND coalesce(date_diff('day', r.birth_date, r.start_date) > {BABY}, TRUE) THEN -1
                ELSE 1 END AS TINYINT) AS listing""",
        "cell AS p JOIN child AS l ON l.child_no = p.child_no JOIN member AS r ON r.household_no = p.household_no",
    ),
)
"""Each child with each member of a candidate household who may be that child."""

HEADS = Query(
    "unnamed",
    ("cell", "child", "head"),
    person_levels(
        f"{_OF_CELL}; cast(-2 AS TINYINT) AS listing",
        "cell AS p JOIN child AS l ON l.child_no = p.child_no JOIN head AS r ON r.household_no = p.household_no",
    ),
)
"""A household that names none who may be the child is kept by its adults: of them the surname counts, for it is the home's."""

_ALL = ", ".join(f"{field.of}_level" for field in FIELDS)
_SURNAME_ALONE = ", ".join(
    f"{field.of}_level"
    if field not in PERSON_FIELDS or field is SURNAME
    else f"cast({field.missing} AS TINYINT) AS {field.of}_level"
    for field in FIELDS
)

CANDIDATE_PAIRS = Query(
    "candidate_pair",
    ("named", "unnamed"),
    f"""
    SELECT unit_no, child_no, household_no, member_no, listing, {_ALL} FROM named
    UNION ALL
    SELECT unit_no, child_no, household_no, member_no, listing, {_SURNAME_ALONE} FROM unnamed
    ORDER BY unit_no, child_no, household_no, member_no
    """,
)

LEVELS = ", ".join(f"{field.of}_level" for field in FIELDS)

PERSON_LEVELS = ", ".join(f"{field.of}_level" for field in PERSON_FIELDS)

NO_HOME = ", ".join(f"{field.missing} AS {field.of}_level" for field in HOME_FIELDS)

NOTHING = ", ".join(f"{field.missing} AS {field.of}_level" for field in FIELDS)

DAY_SIZES = Query(
    "day_size",
    ("child", "live", "member"),
    """
    WITH household_size AS (
        SELECT household_no, first_date, last_date, count(member_no) AS members
        FROM live LEFT JOIN member USING (household_no) GROUP BY household_no, first_date, last_date
    ), change AS (
        SELECT first_date AS since, count(*) AS households, count(nullif(members, 0)) AS naming, sum(members) AS members
        FROM household_size GROUP BY first_date
        UNION ALL
        SELECT date_add(last_date, 1) AS since, -count(*) AS households, -count(nullif(members, 0)) AS naming, -sum(members) AS members
        FROM household_size WHERE last_date < DATE '9999-12-31' GROUP BY last_date
    ), day AS (SELECT referral_date, count(*) AS children FROM child GROUP BY referral_date)
    SELECT referral_date, children, sum(households) AS households, sum(naming) AS naming, sum(members) AS members
    FROM day JOIN change ON since <= referral_date GROUP BY referral_date, children
    UNION ALL
    SELECT referral_date, children, count(*) AS households, count(nullif(members, 0)) AS naming, sum(members) AS members
    FROM day CROSS JOIN household_size WHERE referral_date IS NULL GROUP BY referral_date, children
    """,
)

PATTERNS = Query(
    "agreement_pattern",
    ("candidate_pair", "sibling_level", "random_level", "day_size", "member", "child_place", "household_place"),
    f"""
    SELECT '{CANDIDATE}' AS drawn_from, {LEVELS}, count(*) AS pairs
    FROM candidate_pair WHERE listing = 1 GROUP BY ALL
    UNION ALL
    SELECT drawn_from, {PERSON_LEVELS}, {NO_HOME}, count(*) AS pairs
    FROM (SELECT '{SIBLING}' AS drawn_from, * FROM sibling_level
          UNION ALL SELECT '{RANDOM}' AS drawn_from, * FROM random_level)
    GROUP BY ALL
    UNION ALL
    SELECT 'household', {NOTHING}, cast(sum(children * households) AS BIGINT)
    FROM day_size
    UNION ALL
    SELECT 'naming household', {NOTHING}, cast(sum(children * naming) AS BIGINT)
    FROM day_size
    UNION ALL
    SELECT 'universe', {NOTHING}, cast(sum(children * members) AS BIGINT)
    FROM day_size
    UNION ALL
    SELECT 'child', {NOTHING}, count(*) FROM child
    UNION ALL
    SELECT 'birthday', {NOTHING}, cast(sum(people * (people - 1)) AS BIGINT)
    FROM (SELECT count(*) AS people FROM member WHERE birth_key IS NOT NULL GROUP BY birth_key)
    UNION ALL
    SELECT 'two members', {NOTHING}, count(birth_key) * (count(birth_key) - 1) FROM member
    UNION ALL
    SELECT 'neighbour', {NOTHING}, cast(coalesce(sum(children * households), 0) AS BIGINT)
    FROM (SELECT postcode, count(DISTINCT child_no) AS children FROM child_place GROUP BY postcode)
    JOIN (SELECT postcode, count(DISTINCT household_no) AS households FROM household_place GROUP BY postcode) USING (postcode)
    UNION ALL
    SELECT '{NOT_FORMED}' || rule, {NOTHING}, pairs FROM capped
    UNION ALL
    SELECT '{ASKED}', {NOTHING}, bits FROM asked WHERE bits > 0
    ORDER BY ALL
    """,
)


def compare(engine: Engine) -> None:
    """Make `candidate_pair` and `agreement_pattern` from `candidate` and the tables prepared beside it."""
    compare_candidates(engine)
    count_patterns(engine)


def compare_candidates(engine: Engine) -> None:
    """Make `candidate_pair` from `candidate`, for the children that stand in the prepared tables."""
    for query in (HOMES, CARERS, STATED_AGES, CELLS, NAMED, HEADS, CANDIDATE_PAIRS):
        engine.run(query)
        engine.drop(*DONE_WITH.get(query.writes, ()))


def count_patterns(engine: Engine) -> None:
    """Make `agreement_pattern`: from `candidate_pair`, from pairs within households, and from pairs at random."""
    each = RANDOM_PAIRS // max(engine.count("child"), 1) + 1
    engine.put("turn", pa.table({"step": pa.array(range(1, each + 1), pa.int64())}))
    for kind, (pairs, left, key) in PAIRS_OF.items():
        levels = person_levels("left_no; right_no", _of_pairs(pairs, left, key))
        engine.run(Query(f"{kind}_level", ("child", "member", "turn"), levels))
    for query in (DAY_SIZES, PATTERNS):
        engine.run(query)


DONE_WITH = {
    "cell": ("home", "carer_agreement", "stated_ages"),
    "unnamed": ("cell",),
    "candidate_pair": ("named", "unnamed"),
}
"""Tables that nothing after the query asks for: what is forgotten takes no memory."""

"""Candidate households: every household on file that some agreement ties to a child of the family, and that is not hopeless.

The rules find people who may be one, homes that may be one, and carers who may be one. What they find is weighed at once with stated
weights in powers of two, a family's children together, so that the expansion to every child and every member of a household, and
the comparing of them, is spent on households that could still be the answer. The more households are on file, the more is asked.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.linkage.prepare import PREPARE
from hearthlink.linkage.rules import CARERS, HOMES, PEOPLE, RULES, Rule

HOPELESS_BITS = 13
"""Powers of two by which the stated weights of a household may lie below the number of households on file before it is dropped:
its odds are then some thousands to one against, and the stated weights are generous."""


def find_candidates(engine: Engine) -> None:
    """Make `candidate`: each child with each household on file on its day that a rule ties to it or to a sibling referred with it.

    Expects the tables of `lay_out` in the engine; leaves the prepared tables there for comparing, and `capped`: for each rule the
    pairs it passed over because too many records share a key.
    """
    for query in (*PREPARE, *FREQUENCIES):
        engine.run(query)
    engine.put("alias", _aliases(engine))
    for query in ALIAS_TABLES:
        engine.run(query)
    for number, rule in enumerate(RULES):
        engine.run(_common(number, rule))
    for query in (CAPPED, PERSON_TIES, HOME_TIES, WEIGHED, _candidates(engine.count("household"))):
        engine.run(query)
    engine.drop("person_tie", "home_tie", "weighed", "child_alias", "member_alias", "alias")
    engine.drop(*(f"common_{number}" for number in range(len(RULES))))


def _aliases(engine: Engine) -> pa.Table:
    """Each further surname of each person, one a row; persons known by one surname have none."""
    several = engine.fetch(
        Query("several", ("person",), "SELECT person_no, surname, surnames FROM person WHERE surnames IS NOT NULL")
    )
    words = pc.utf8_split_whitespace(several.column("surnames"))
    rows = pc.list_parent_indices(words)
    table = pa.table({"person_no": several.column("person_no").take(rows), "surname": pc.list_flatten(words)})
    return table.cast(pa.schema({"person_no": pa.int64(), "surname": pa.string()}))


ALIAS_TABLES = (
    Query(
        "child_alias",
        ("child", "alias"),
        """
        SELECT DISTINCT child_no, p.forename, a.surname FROM child AS p JOIN alias AS a ON a.person_no = child_no
        UNION SELECT child_no, forename, surname FROM child WHERE EXISTS (SELECT 1 FROM alias)
        """,
    ),
    Query(
        "member_alias",
        ("member", "alias"),
        """
        SELECT DISTINCT household_no, member_no, p.forename, a.surname FROM member AS p JOIN alias AS a ON a.person_no = member_no
        UNION SELECT household_no, member_no, forename, surname FROM member WHERE EXISTS (SELECT 1 FROM alias)
        """,
    ),
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


def _bits(frequency: str) -> str:
    """Stated worth of agreeing on a value of that frequency, in whole powers of two."""
    return f"CASE WHEN {frequency} > 0.02 THEN 5 WHEN {frequency} > 0.004 THEN 7 WHEN {frequency} > 0.001 THEN 9 ELSE 11 END"


FREQUENCIES = (
    _frequency("forename"),
    _frequency("surname"),
    Query(
        "child_name",
        ("child", "forename_frequency", "surname_frequency"),
        f"""
        SELECT child_no, f.frequency AS forename_frequency, g.frequency AS surname_frequency,
               {_bits("f.frequency")} AS forename_bits, {_bits("g.frequency")} AS surname_bits
        FROM child AS l LEFT JOIN forename_frequency AS f ON f.forename = l.forename
        LEFT JOIN surname_frequency AS g ON g.surname = l.surname
        """,
    ),
)


def _common(number: int, rule: Rule) -> Query:
    keys = ", ".join(rule.right_keys)
    known = " AND ".join(f"{key} IS NOT NULL" for key in rule.right_keys)
    return Query(
        f"common_{number}",
        (rule.right,),
        f"SELECT {keys}, count(*) AS records FROM {rule.right} WHERE {known} GROUP BY {keys} HAVING count(*) > {rule.most}",
    )


def _found(rule: Rule, columns: str) -> str:
    """The query for what a rule ties together, leaving out what shares a common key. Columns may name the `bits` of the rule."""
    number = RULES.index(rule)
    common = " AND ".join(f"c.{key} = r.{key}" for key in rule.right_keys)
    return f"""
        SELECT {columns.format(bits=rule.bits)} FROM {rule.left} AS l JOIN {rule.right} AS r ON {rule.joined}
        WHERE {rule.where} AND NOT EXISTS (SELECT 1 FROM common_{number} AS c WHERE {common})"""


def _lost(number: int, rule: Rule) -> str:
    keys = " AND ".join(f"c.{right} = l.{left}" for left, right in zip(rule.left_keys, rule.right_keys, strict=True))
    name = rule.name.replace("'", "''")
    return f"""
        SELECT '{name}' AS rule, coalesce(cast(sum(records) AS BIGINT), 0) AS pairs
        FROM {rule.left} AS l JOIN common_{number} AS c ON {keys}"""


CAPPED = Query(
    "capped",
    tuple({rule.left for rule in RULES}),
    " UNION ALL ".join(_lost(number, rule) for number, rule in enumerate(RULES)),
)

PERSON_TIES = Query(
    "person_tie",
    ("child", "member", "child_alias", "member_alias"),
    " UNION ".join(_found(rule, "child_no, household_no, member_no") for rule in PEOPLE),
)

HOME_TIES = Query(
    "home_tie",
    ("child_place", "household_place", "carer", "adult"),
    f"""
    WITH home AS ({" UNION ALL ".join(_found(rule, "child_no, household_no, {bits} AS bits") for rule in HOMES)}),
         carer_met AS ({" UNION ALL ".join(_found(rule, "child_no, household_no, {bits} AS bits") for rule in CARERS)}),
         both_kinds AS (
             SELECT child_no, household_no, max(bits) AS home_bits, 0 AS carer_bits FROM home GROUP BY child_no, household_no
             UNION ALL
             SELECT child_no, household_no, 0 AS home_bits, max(bits) AS carer_bits FROM carer_met GROUP BY child_no, household_no
         )
    SELECT child_no, household_no, max(home_bits) AS home_bits, max(carer_bits) AS carer_bits
    FROM both_kinds GROUP BY child_no, household_no
    """,
)

WEIGHED = Query(
    "weighed",
    ("person_tie", "home_tie", "child", "child_name", "member"),
    """
    WITH pair AS (
        SELECT child_no, household_no, member_no FROM person_tie
        UNION
        SELECT child_no, household_no, member_no FROM home_tie JOIN member USING (household_no)
    ), alike AS (
        SELECT p.child_no, p.household_no,
               jaro_winkler_similarity(l.forename, r.forename) AS forename_similarity,
               jaro_winkler_similarity(l.surname, r.surname) AS surname_similarity,
               l.forename = r.forename AS same_forename, l.surname = r.surname AS same_surname,
               l.forename_sound = r.forename_sound OR l.forename = r.surname AS near_forename,
               l.surname_sound = r.surname_sound OR l.surname_last = r.surname_last OR l.surname = r.forename
                   OR contains(' ' || l.surnames || ' ', ' ' || r.surname || ' ')
                   OR contains(' ' || r.surnames || ' ', ' ' || l.surname || ' ') AS near_surname,
               l.birth_key = r.birth_key AS same_birth,
               cast(l.birth_year = r.birth_year AS INTEGER) + cast(l.birth_month = r.birth_month AS INTEGER)
                   + cast(l.birth_day = r.birth_day AS INTEGER) AS parts,
               l.birth_year = r.birth_year AND l.birth_month = r.birth_day AND l.birth_day = r.birth_month AS swapped,
               b.forename_bits, b.surname_bits
        FROM pair AS p JOIN child AS l USING (child_no) JOIN child_name AS b USING (child_no)
        JOIN member AS r ON r.member_no = p.member_no
    ), weighed_pair AS (
        SELECT child_no, household_no,
               CASE WHEN same_forename THEN forename_bits WHEN near_forename OR forename_similarity >= 0.9 THEN 4
                    WHEN forename_similarity >= 0.8 THEN 2 WHEN same_forename IS NULL THEN 0 ELSE -4 END
               + CASE WHEN same_surname THEN surname_bits WHEN near_surname OR surname_similarity >= 0.9 THEN 4
                      WHEN surname_similarity >= 0.8 THEN 2 WHEN same_surname IS NULL THEN 0 ELSE -3 END
               + CASE WHEN same_birth THEN 11 WHEN parts = 2 OR swapped THEN 6 WHEN same_birth IS NULL OR parts IS NULL THEN 0
                      WHEN parts = 1 THEN -2 ELSE -4 END AS bits
        FROM alike
    ), best AS (
        SELECT child_no, household_no, max(bits) AS bits FROM weighed_pair GROUP BY child_no, household_no
    ), every_tie AS (
        SELECT child_no, household_no, greatest(bits, 0) AS bits, 0 AS home_bits, 0 AS carer_bits FROM best
        UNION ALL
        SELECT child_no, household_no, 0 AS bits, home_bits, carer_bits FROM home_tie
    )
    SELECT child_no, household_no, max(bits) AS bits, max(home_bits) AS home_bits, max(carer_bits) AS carer_bits
    FROM every_tie GROUP BY child_no, household_no
    """,
)


def _candidates(households: int) -> Query:
    """The households worth comparing: a family's children weighed together, against how many households there are to choose from."""
    return Query(
        "candidate",
        ("weighed", "child", "live"),
        f"""
        WITH unit_household AS (
            SELECT unit_no, household_no
            FROM weighed JOIN child USING (child_no) JOIN live USING (household_no)
            WHERE coalesce(referral_date BETWEEN first_date AND last_date, TRUE)
            GROUP BY unit_no, household_no
            HAVING sum(bits) + max(home_bits) + max(carer_bits) >= {households.bit_length() - HOPELESS_BITS}
        )
        SELECT unit_no, child_no, household_no FROM unit_household JOIN child USING (unit_no)
        """,
    )

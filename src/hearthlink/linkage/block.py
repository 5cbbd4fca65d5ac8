"""Candidate households: every household on file that some agreement ties to a child of the family, and that is not hopeless.

The rules find people who may be one, homes that may be one, and carers who may be one. What they find is weighed at once with stated
weights in powers of two, a family's children together, so that the expansion to every child and every member of a household, and
the comparing of them, is spent on households that could still be the answer. The more households are on file, the more is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.linkage.prepare import PREPARE
from hearthlink.linkage.rules import RULES, Rule

SMALL = 13
"""Households, in powers of two, up to which every tie is followed: everything plausible in one authority can be compared."""

PEOPLE = ("member", "member_alias")
"""The tables of people who may be the child."""

MOST_ASKED = 16
"""The most that is asked, however many households there are: that the home is the same is always enough."""


def find_candidates(engine: Engine, rules: Sequence[Rule] = RULES) -> None:
    """Make `candidate`: each child with each household on file on its day that a rule ties to it or to a sibling referred with it.

    Expects the tables of `lay_out` in the engine; leaves the prepared tables there for comparing, and `capped`: for each rule the
    pairs it passed over because too many records share a key.
    """
    prepare(engine, rules)
    propose(engine, rules)
    finish(engine, rules)


def prepare(engine: Engine, rules: Sequence[Rule]) -> None:
    """Make the tables that proposing and comparing ask for, and find the keys that are too common."""
    for query in (*PREPARE, *FREQUENCIES):
        engine.run(query)
    engine.put("alias", _aliases(engine))
    for query in ALIAS_TABLES:
        engine.run(query)
    asked = _asked(engine.count("household"))
    counted: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (len(rule.keys), rule.most_where(asked))):
        engine.run(
            _common(rule, asked, next((part for part in reversed(counted) if _is_part(part, rule, asked)), None))
        )
        counted.append(rule)
    engine.put("asked", pa.table({"bits": pa.array([asked], pa.int64())}))
    engine.run(_capped(rules))


def propose(engine: Engine, rules: Sequence[Rule]) -> None:
    """Make `candidate` for the children that stand in the prepared tables."""
    asked = _asked(engine.count("household"))
    for query in (_home_ties(rules), _ties(rules, asked), _weighed(asked), _candidates(asked)):
        engine.run(query)
        engine.drop(*DONE_WITH.get(query.writes, ()))


def finish(engine: Engine, rules: Sequence[Rule]) -> None:
    """Forget what only proposing asks for."""
    engine.drop("child_alias", "member_alias", "alias", *(_common_name(rule) for rule in rules))


DONE_WITH = {"weighed": ("tie", "home_tie"), "candidate": ("weighed",)}
"""Tables that nothing after the query asks for: what is forgotten takes no memory."""


def _asked(households: int) -> int:
    """Powers of two that must speak for a household: chance ties grow with children and households both, so by two a doubling."""
    return max(min(2 * (households.bit_length() - SMALL) + 1, MOST_ASKED), 0)


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
               {_bits("f.frequency")} AS forename_bits, {_bits("g.frequency")} AS surname_bits, several
        FROM child AS l JOIN (SELECT unit_no, count(*) > 1 AS several FROM child GROUP BY unit_no) USING (unit_no)
        LEFT JOIN forename_frequency AS f ON f.forename = l.forename
        LEFT JOIN surname_frequency AS g ON g.surname = l.surname
        """,
    ),
)


def _common_name(rule: Rule) -> str:
    return "common_" + "".join(letter if letter.isalpha() else "_" for letter in rule.name)


def _is_part(part: Rule, whole: Rule, asked: int) -> bool:
    """Whether the keys of a tight rule hold those of another, of which no fewer are passed over."""
    within = part.right == whole.right and set(part.right_keys) <= set(whole.right_keys)
    return within and not whole.loose and part.most_where(asked) <= whole.most_where(asked)


def _common(rule: Rule, asked: int, part: Rule | None) -> Query:
    """The keys of a rule that more records share than may, and how many do.

    part: another rule, counted before, whose keys are some of this one's. No key is more common than a part of it, so that only records
    whose part is common enough are counted.
    """
    most = rule.most_where(asked)
    keys = ", ".join(rule.right_keys)
    known = [f"{key} IS NOT NULL" for key in rule.right_keys]
    if part:
        same = " AND ".join(f"c.{key} = r.{key}" for key in part.right_keys)
        known.append(f"EXISTS (SELECT 1 FROM {_common_name(part)} AS c WHERE {same} AND c.records > {most})")
    return Query(
        _common_name(rule),
        (rule.right,),
        f"""
        SELECT {keys}, count(*) AS records FROM {rule.right} AS r WHERE {" AND ".join(known)}
        GROUP BY {keys} HAVING count(*) > {most}""",
    )


def _found(rule: Rule, columns: str) -> str:
    """The query for what a rule ties together, leaving out what shares a common key. Columns may name the `bits` of the rule.

    Common keys are left out of the left side, which is the smaller by far.
    """
    return f"""
        SELECT {columns.format(bits=rule.bits)}
        FROM (SELECT * FROM {rule.left} AS l WHERE NOT EXISTS (SELECT 1 FROM {_common_name(rule)} AS c WHERE {_left_is_common(rule)})) AS l
        JOIN {rule.right} AS r ON {rule.joined} WHERE {rule.where}"""


def _left_is_common(rule: Rule) -> str:
    return " AND ".join(f"c.{right} = l.{left}" for left, right in zip(rule.left_keys, rule.right_keys, strict=True))


def _lost(rule: Rule) -> str:
    return f"""
        SELECT '{_quoted(rule)}' AS rule, cast(sum(records) AS BIGINT) AS pairs
        FROM {rule.left} AS l JOIN {_common_name(rule)} AS c ON {_left_is_common(rule)} HAVING count(*) > 0"""


def _quoted(rule: Rule) -> str:
    return rule.name.replace("'", "''")


def _capped(rules: Sequence[Rule]) -> Query:
    """For each rule that is not certain of what it might have formed, the pairs it passed over; none for one that was left out."""
    left_out = [f"SELECT '{_quoted(rule)}' AS rule, cast(0 AS BIGINT) AS pairs" for rule in RULES if rule not in rules]
    reads = tuple(dict.fromkeys(rule.left for rule in rules))
    return Query("capped", reads, " UNION ALL ".join([*(_lost(rule) for rule in rules), *left_out]))


def _ties(rules: Sequence[Rule], asked: int) -> Query:
    """Each child with each person whom a rule ties it to, once, or who is of a household that its home or its carers tie it to.

    A household that home or carers tie firmly enough is compared whoever lives there, and nobody in it need be looked at. Ties are kept
    before they are weighed: what finding them takes is forgotten by then, and weighing begins with whole rows for every thread.
    """
    found = [_found(rule, "child_no, member_no") for rule in rules if rule.right in PEOPLE]
    met = " UNION ALL ".join(found) or "SELECT child_no, 0 AS member_no FROM child WHERE FALSE"
    return Query(
        "tie",
        ("home_tie", "child", "member", "child_alias", "member_alias"),
        f"""
        SELECT child_no, member_no, cast(0 AS TINYINT) AS home_bits, cast(0 AS TINYINT) AS carer_bits
        FROM ({met}) GROUP BY child_no, member_no
        UNION ALL
        SELECT child_no, member_no, home_bits, carer_bits FROM home_tie JOIN member USING (household_no)
        WHERE home_bits + carer_bits < {asked}
        """,
    )


def _home_ties(rules: Sequence[Rule]) -> Query:
    def met(kind: str) -> str:
        found = [_found(rule, "child_no, household_no, {bits} AS bits") for rule in rules if rule.right == kind]
        return " UNION ALL ".join(found) or "SELECT child_no, 0 AS household_no, 0 AS bits FROM child WHERE FALSE"

    return Query(
        "home_tie",
        ("child_place", "household_place", "carer", "adult"),
        f"""
        WITH home AS ({met("household_place")}), carer_met AS ({met("adult")}), both_kinds AS (
            SELECT child_no, household_no, max(bits) AS home_bits, 0 AS carer_bits FROM home GROUP BY child_no, household_no
            UNION ALL
            SELECT child_no, household_no, 0 AS home_bits, max(bits) AS carer_bits FROM carer_met GROUP BY child_no, household_no
        )
        SELECT child_no, household_no, cast(max(home_bits) AS TINYINT) AS home_bits, cast(max(carer_bits) AS TINYINT) AS carer_bits
        FROM both_kinds GROUP BY child_no, household_no
        """,
    )


NEAR = "bit_count(xor(l_{name}_mask, r_{name}_mask)) <= 2 AND abs(l_{name}_letters - r_{name}_letters) <= 1"
"""Holds of two names that lie one edit apart, and of few others: no costlier measure is needed to keep them."""


FAR = "bit_count(xor(l_{name}_mask, r_{name}_mask)) > 6"
"""Holds of names that share too few letters to be alike, but for a few long ones."""


def _settled(name: str, otherwise: int, *near: str) -> str:
    """SQL for what a pair of names is worth where nothing costlier than their letters need be looked at; else missing."""
    conditions = " OR ".join([f"l_{name}_sound = r_{name}_sound", NEAR.format(name=name), *near])
    return f"""
        CASE WHEN l_{name}_no IS NULL OR r_{name}_no IS NULL THEN 0 WHEN l_{name}_no = r_{name}_no THEN {name}_worth WHEN {conditions} THEN 4
             WHEN {FAR.format(name=name)} THEN {otherwise}
             WHEN contains(l_{name}, r_{name}) OR contains(r_{name}, l_{name}) THEN 2 END AS {name}_bits"""


def _at_most(name: str) -> str:
    """SQL for the most that a pair of names can be worth, by whether they are the same alone."""
    return f"CASE WHEN l_{name}_no = r_{name}_no THEN {name}_worth ELSE 4 END"


def _measured(name: str, otherwise: int) -> str:
    """SQL for what a pair of names is worth: by their likeness where that was left open."""
    return f"""
        CASE WHEN {name}_bits IS NOT NULL THEN {name}_bits WHEN {name}_likeness >= 0.9 THEN 4 WHEN {name}_likeness >= 0.8 THEN 2
             ELSE {otherwise} END"""


def _further(name: str, several: str) -> tuple[str, str]:
    """That the name of either is among the others that the other bears; `several`: who bears others at all."""
    return (
        f"{several.format(of='l')} AND contains(' ' || l_{name}s || ' ', ' ' || r_{name} || ' ')",
        f"{several.format(of='r')} AND contains(' ' || r_{name}s || ' ', ' ' || l_{name} || ' ')",
    )


MIDDLE = _further("forename", "{of}_has_more")
FORMER = _further("surname", "{of}_surnames IS NOT NULL")

PARTS = """
    cast(l.birth_year = r.birth_year AS INTEGER) + cast(l.birth_month = r.birth_month AS INTEGER) + cast(l.birth_day = r.birth_day AS INTEGER)
"""

BIRTH = f"""
    CASE WHEN l.birth_key IS NULL OR r.birth_key IS NULL THEN 0 WHEN l.birth_key = r.birth_key THEN 12
         WHEN l.birth_date IS NULL OR r.birth_date IS NULL THEN 0
         WHEN {PARTS} = 2 THEN 6
         WHEN l.birth_year = r.birth_year AND l.birth_month = r.birth_day AND l.birth_day = r.birth_month THEN 6
         WHEN {PARTS} = 1 THEN -2 ELSE -4 END"""

OF_NAMES = (
    *(f"{name}{what}" for name in ("forename", "surname") for what in ("", "s", "_no", "_sound", "_mask", "_letters")),
    "has_more",
    "surname_last",
)
"""What of the names of two people is looked at."""


def _both(columns: Sequence[str]) -> str:
    return ", ".join(f"{side}.{column} AS {side}_{column}" for side in ("l", "r") for column in columns)


def _weighed(asked: int) -> Query:
    """Households by what speaks for them, where it may be enough: of a child alone in its unit it must be so by itself."""
    return Query(
        "weighed",
        ("tie", "home_tie", "child", "child_name", "member"),
        f"""
        WITH met AS (
            SELECT p.child_no, r.household_no, p.home_bits, p.carer_bits, n.several, n.forename_bits AS forename_worth, n.surname_bits AS surname_worth,
                   {_both(OF_NAMES)}, {BIRTH} AS birth_bits
            FROM tie AS p JOIN child AS l USING (child_no) JOIN child_name AS n USING (child_no)
            JOIN member AS r ON r.member_no = p.member_no
        ), looked_at AS (
            SELECT child_no, household_no, home_bits, carer_bits, several, l_forename, r_forename, l_surname, r_surname, birth_bits,
                   {_settled("forename", -4, "l_forename_no = r_surname_no", *MIDDLE)},
                   {_settled("surname", -4, "l_surname_no = r_forename_no", "l_surname_last = r_surname_last", *FORMER)}
            FROM met
            WHERE several OR {_at_most("forename")} + {_at_most("surname")} + birth_bits + home_bits + carer_bits >= {asked}
        ), measured AS (
            SELECT child_no, household_no, home_bits, carer_bits, several, forename_bits, surname_bits, birth_bits,
                   CASE WHEN forename_bits IS NULL THEN jaro_winkler_similarity(l_forename, r_forename) END AS forename_likeness,
                   CASE WHEN surname_bits IS NULL THEN jaro_winkler_similarity(l_surname, r_surname) END AS surname_likeness
            FROM looked_at
        ), worth AS (
            SELECT child_no, household_no, home_bits, carer_bits, several,
                   cast({_measured("forename", -4)} + {_measured("surname", -4)} + birth_bits AS TINYINT) AS bits
            FROM measured
        )
        SELECT child_no, household_no, bits, home_bits, carer_bits
        FROM worth WHERE bits > 0 AND (several OR bits + home_bits + carer_bits >= {asked})
        UNION ALL
        SELECT child_no, household_no, cast(0 AS TINYINT) AS bits, home_bits, carer_bits
        FROM home_tie JOIN child_name USING (child_no) WHERE several OR home_bits + carer_bits >= {asked}
        """,
    )


def _candidates(asked: int) -> Query:
    """The households worth comparing: a family's children weighed together, against how many households there are to choose from."""
    return Query(
        "candidate",
        ("weighed", "child", "live"),
        f"""
        WITH child_household AS (
            SELECT child_no, household_no, max(bits) AS bits, max(home_bits) AS home_bits, max(carer_bits) AS carer_bits
            FROM weighed GROUP BY child_no, household_no
        ), unit_household AS (
            SELECT unit_no, household_no
            FROM child_household JOIN child USING (child_no) JOIN live USING (household_no)
            WHERE coalesce(referral_date BETWEEN first_date AND last_date, TRUE)
            GROUP BY unit_no, household_no
            HAVING sum(child_household.bits) + max(home_bits) + max(carer_bits) >= {asked}
        )
        SELECT unit_no, child_no, household_no FROM unit_household JOIN child USING (unit_no)
        """,
    )

"""The queries that make one member of each person on a claim, over months, roles and both extracts.

A person is told by their reference where the extract gives one, and otherwise by forename and birth date within the household;
so a claimant and a partner who change places stay the same two people. A reference under which both the forename and the
birth date differ has been used for two people, and is then not relied on.
"""

from __future__ import annotations

from hearthlink.engine import Query
from hearthlink.sources.claims.household_queries import OPEN, PACK

SPELL = Query(
    "m_spell",
    ("h_listing", "h_kept"),
    f"""
    WITH listed AS (
        SELECT *, greatest(coalesce(
            "end", closed, CASE WHEN source = 2 OR is_last THEN {OPEN} ELSE seen_to END), 0) AS finish
        FROM h_listing
        WHERE household IN (SELECT household FROM h_kept)
    )
    SELECT household, source, role, reference, forename, middle, surname, forename_key, birth, sex,
        min(coalesce(start, seen_from)) AS start_day,
        CASE WHEN source = 2 THEN max(finish) ELSE max(CAST(file_no AS BIGINT) * {PACK} + finish) % {PACK} END AS end_day,
        max(coalesce(seen_to, finish)) AS last_seen
    FROM listed
    GROUP BY household, source, role, reference, forename, middle, surname, forename_key, birth, sex
    """,
)
"""Everything that one extract says alike of one person in one role, with the first and last day of it."""

USABLE = Query(
    "m_usable",
    ("m_spell",),
    """
    WITH twice AS (
        SELECT household, reference FROM m_spell WHERE reference IS NOT NULL
        GROUP BY household, reference HAVING count(DISTINCT birth) > 1 AND count(DISTINCT forename_key) > 1
    )
    SELECT s.*,
        CASE WHEN t.reference IS NULL THEN s.reference END AS own_reference,
        CASE
            WHEN s.forename_key IS NOT NULL AND s.birth IS NOT NULL THEN concat(s.forename_key, '|', CAST(s.birth AS VARCHAR))
            ELSE concat(s.role, '|', s.forename_key, '|', upper(s.surname), '|', CAST(s.birth AS VARCHAR))
        END AS name_key
    FROM m_spell AS s
    LEFT JOIN twice AS t ON t.household = s.household AND t.reference = s.reference
    """,
)

NAMED = Query(
    "m_named",
    ("m_usable",),
    """
    SELECT household, name_key,
        min(CASE WHEN source = 2 THEN own_reference END) AS council_tax_reference,
        min(own_reference) AS any_reference
    FROM m_usable
    WHERE own_reference IS NOT NULL
    GROUP BY household, name_key
    HAVING count(DISTINCT CASE WHEN source = 1 THEN own_reference END) <= 1
       AND count(DISTINCT CASE WHEN source = 2 THEN own_reference END) <= 1
    """,
)
"""The reference that a forename and birth date stand for within a household, where they stand for one person only."""

SETTLED = Query(
    "m_settled",
    ("m_usable", "m_named"),
    """
    SELECT u.household, u.source, u.own_reference,
        coalesce(min(n.council_tax_reference), u.own_reference) AS settled_reference
    FROM m_usable AS u
    LEFT JOIN m_named AS n ON n.household = u.household AND n.name_key = u.name_key
    WHERE u.own_reference IS NOT NULL
    GROUP BY u.household, u.source, u.own_reference
    """,
)
"""The one reference of a person to whom the two extracts give different ones: that of council tax support."""

KEYED = Query(
    "m_keyed",
    ("m_usable", "m_named", "m_settled"),
    """
    SELECT u.*,
        coalesce(s.settled_reference, n.council_tax_reference, n.any_reference) AS settled_reference,
        CASE
            WHEN coalesce(s.settled_reference, n.council_tax_reference, n.any_reference) IS NULL THEN concat('n', u.name_key)
            ELSE concat('r', coalesce(s.settled_reference, n.council_tax_reference, n.any_reference))
        END AS person_key
    FROM m_usable AS u
    LEFT JOIN m_settled AS s
      ON s.household = u.household AND s.source = u.source AND s.own_reference = u.own_reference
    LEFT JOIN m_named AS n ON n.household = u.household AND n.name_key = u.name_key
    """,
)

MEMBER = Query(
    "m_member",
    ("m_keyed",),
    """
    WITH ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY household, person_key
            ORDER BY CASE WHEN forename IS NULL THEN 1 ELSE 0 END, last_seen DESC, source DESC, start_day DESC,
                role, coalesce(surname, ''), coalesce(forename, ''), coalesce(middle, ''), coalesce(birth, 0), coalesce(sex, '')
        ) AS place
        FROM m_keyed
    ),
    person AS (
        SELECT household, person_key, max(settled_reference) AS reference,
            max(CASE WHEN place = 1 THEN role END) AS last_role,
            count_if(role = 'dependant') AS times_dependant,
            max(CASE WHEN place = 1 THEN forename END) AS forename,
            max(CASE WHEN place = 1 THEN middle END) AS middle,
            max(CASE WHEN place = 1 THEN surname END) AS surname,
            coalesce(max(CASE WHEN place = 1 THEN birth END), max(birth)) AS birth,
            coalesce(max(CASE WHEN place = 1 THEN sex END), max(sex)) AS sex,
            min(start_day) AS start_day, max(end_day) AS end_day
        FROM ranked GROUP BY household, person_key
    ),
    placed AS (
        SELECT *, CASE WHEN times_dependant > 0 THEN 'dependant' ELSE last_role END AS role FROM person
    )
    SELECT household, role, forename, middle, surname, birth, sex, start_day, end_day,
        coalesce(reference, concat(role, CAST(row_number() OVER (
            PARTITION BY household, role, reference IS NULL
            ORDER BY coalesce(birth, 0), coalesce(forename, ''), coalesce(surname, ''), person_key
        ) AS VARCHAR))) AS reference
    FROM placed
    ORDER BY household, reference
    """,
)
"""One row a person. Names and role are the last known; who was ever a dependant is one, as the study asks about children."""

QUERIES = (SPELL, USABLE, NAMED, SETTLED, KEYED, MEMBER)

"""Households followed when their claim ends and another begins: which household goes on as which, and by what sign.

A claim is ended and another begun when a couple part or change places, when a reference is given anew, or when a household claims again
(domain.md 2.2). Each stays a household of its own, with its own people and its own days; what is told here is that one goes on as the
other, so that a new reference is not taken for an end. A wrong following is worse than a missed one: a household that had children goes
on only where at least one of them is listed again, a couple only where both are; where two could be it, neither is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.sources.claims.household_queries import OPEN
from hearthlink.sources.reading.receipts import NOT_READ, Tally

OVERLAP = 31
"""So many days may a claim begin before the one it follows has ended, as monthly files and backdating blur both ends."""
LATEST = 366
"""So many days after its end may a household be found again."""
MANY = 6
"""A National Insurance number on so many households stands for nobody."""

RULES = {
    "reference": "followed by the same claim reference",
    "claimant": "followed by the same National Insurance number of the claimant",
    "swap": "followed by claimant and partner changing places",
    "children": "followed by the children staying, with an adult or the home",
    "name": "followed by an adult's surname and birth date, with the home",
}
UNDECIDED = "not followed, as two households could be the one"

SPAN = Query(
    "f_span",
    ("h_claim", "h_period", "h_identifier"),
    """
    WITH seen AS (
        SELECT household, seen_from AS day FROM h_claim UNION ALL SELECT household, start AS day FROM h_period
    )
    SELECT s.household, min(s.day) AS began, max(i.last_day) AS ended
    FROM seen AS s JOIN h_identifier AS i ON i.household = s.household
    GROUP BY s.household
    """,
)
"""When each household was first seen, and its last day. The start that a claim states is no sign, for a new reference may keep it."""

ADULT = Query(
    "f_adult",
    ("h_listing", "f_span"),
    f"""
    SELECT a.household, a.role, a.nino, concat(upper(a.surname), '|', CAST(a.birth AS VARCHAR)) AS name_key,
        max(coalesce(a."end", a.closed, a.seen_to, {OPEN})) AS last_seen, min(a.seen_from) AS first_seen
    FROM h_listing AS a JOIN f_span AS s ON s.household = a.household
    WHERE a.role IN ('claimant', 'partner')
    GROUP BY a.household, a.role, a.nino, a.surname, a.birth
    """,
)

CHILD = Query(
    "f_child",
    ("m_member", "f_span"),
    f"""
    SELECT DISTINCT m.household, concat(upper(m.forename), '|', CAST(m.birth AS VARCHAR)) AS child_key,
        CASE WHEN m.end_day >= s.ended - {OVERLAP} THEN 1 ELSE 0 END AS at_the_end,
        CASE WHEN m.forename IS NOT NULL AND m.birth IS NOT NULL THEN 1 ELSE 0 END AS told
    FROM m_member AS m JOIN f_span AS s ON s.household = m.household
    WHERE m.role = 'dependant'
    """,
)

PLACE = Query(
    "f_place",
    ("h_claim", "h_period", "h_address"),
    """
    SELECT DISTINCT household, place
    FROM (SELECT household, address_no FROM h_claim UNION ALL SELECT household, address_no FROM h_period) AS every
    JOIN h_address ON h_address.address_no = every.address_no
    WHERE place IS NOT NULL
    """,
)

SIGN = Query(
    "f_sign",
    ("h_claim", "f_adult", "f_child", "f_span"),
    f"""
    WITH claim AS (
        SELECT household, claim_no, min(file_no) AS first_file, max(file_no) AS last_file
        FROM h_claim WHERE claim_no IS NOT NULL GROUP BY household, claim_no
    ),
    several AS (SELECT claim_no FROM claim GROUP BY claim_no HAVING count(*) > 1),
    shared AS (SELECT * FROM claim WHERE claim_no IN (SELECT claim_no FROM several)),
    known AS (
        SELECT nino FROM f_adult WHERE nino IS NOT NULL GROUP BY nino HAVING count(DISTINCT household) BETWEEN 2 AND {MANY}
    ),
    adult AS (SELECT * FROM f_adult WHERE nino IN (SELECT nino FROM known)),
    ending AS (
        SELECT a.* FROM adult AS a JOIN f_span AS s ON s.household = a.household WHERE a.last_seen >= s.ended - {OVERLAP}
    ),
    beginning AS (
        SELECT a.* FROM adult AS a JOIN f_span AS s ON s.household = a.household WHERE a.first_seen <= s.began + {OVERLAP}
    ),
    named AS (SELECT name_key FROM f_adult WHERE contains(name_key, '|') GROUP BY name_key HAVING count(DISTINCT household) BETWEEN 2 AND {MANY}),
    child AS (SELECT * FROM f_child WHERE told = 1)
    SELECT a.household AS earlier, b.household AS later, 'reference' AS sign, CAST(a.claim_no AS VARCHAR) AS which
    FROM shared AS a JOIN shared AS b ON b.claim_no = a.claim_no AND b.first_file > a.last_file AND b.household <> a.household
    UNION ALL
    SELECT a.household AS earlier, b.household AS later,
        CASE WHEN a.role = 'claimant' AND b.role = 'claimant' THEN 'claimant' WHEN a.role <> b.role THEN 'swap' ELSE 'partner' END AS sign,
        CAST(a.nino AS VARCHAR) AS which
    FROM ending AS a JOIN beginning AS b ON b.nino = a.nino AND b.household <> a.household
    UNION ALL
    SELECT a.household AS earlier, b.household AS later, 'child' AS sign, a.child_key AS which
    FROM child AS a JOIN child AS b ON b.child_key = a.child_key AND b.household <> a.household
    WHERE a.at_the_end = 1
    UNION ALL
    SELECT a.household AS earlier, b.household AS later, 'name' AS sign, a.name_key AS which
    FROM f_adult AS a JOIN f_adult AS b ON b.name_key = a.name_key AND b.household <> a.household
    WHERE a.name_key IN (SELECT name_key FROM named)
    """,
)
"""Every sign that one household is another: a reference, an adult's number, a child, an adult's name and birth date."""

PAIR = Query(
    "f_pair",
    ("f_sign", "f_span", "f_place", "f_child", "f_adult"),
    f"""
    WITH pair AS (
        SELECT g.earlier, g.later,
            count_if(g.sign = 'reference') AS by_reference,
            count_if(g.sign = 'claimant') AS by_claimant,
            count_if(g.sign = 'swap') AS by_swap,
            count(DISTINCT CASE WHEN g.sign IN ('claimant', 'swap', 'partner') THEN g.which END) AS adults,
            count(DISTINCT CASE WHEN g.sign = 'child' THEN g.which END) AS children,
            count(DISTINCT CASE WHEN g.sign = 'name' THEN g.which END) AS names
        FROM f_sign AS g
        JOIN f_span AS a ON a.household = g.earlier
        JOIN f_span AS b ON b.household = g.later
        WHERE a.ended < {OPEN} AND b.began > a.began AND b.began >= a.ended - {OVERLAP} AND b.began <= a.ended + {LATEST}
        GROUP BY g.earlier, g.later
    ),
    home AS (
        SELECT p.earlier, p.later, count(*) AS places
        FROM pair AS p JOIN f_place AS x ON x.household = p.earlier JOIN f_place AS y ON y.household = p.later AND y.place = x.place
        GROUP BY p.earlier, p.later
    ),
    before AS (
        SELECT s.household, count(DISTINCT c.child_key) AS children_before, count(DISTINCT a.household) AS coupled
        FROM f_span AS s
        LEFT JOIN f_child AS c ON c.household = s.household AND c.at_the_end = 1
        LEFT JOIN f_adult AS a ON a.household = s.household AND a.role = 'partner' AND a.last_seen >= s.ended - {OVERLAP}
        GROUP BY s.household
    ),
    judged AS (
        SELECT p.*, coalesce(h.places, 0) AS places,
            p.children > 0 OR (b.children_before = 0 AND (b.coupled = 0 OR greatest(p.adults, p.names) > 1)) AS kept
        FROM pair AS p
        JOIN before AS b ON b.household = p.earlier
        LEFT JOIN home AS h ON h.earlier = p.earlier AND h.later = p.later
    )
    SELECT earlier, later, 100 * by_reference + 10 * children + greatest(adults, names) AS score,
        CASE
            WHEN by_reference > 0 THEN 'reference'
            WHEN by_claimant > 0 AND kept THEN 'claimant'
            WHEN by_swap > 0 AND kept THEN 'swap'
            WHEN children > 0 AND (adults > 0 OR names > 0 OR places > 0) THEN 'children'
            WHEN names > 0 AND places > 0 AND kept THEN 'name'
        END AS rule
    FROM judged
    """,
)
"""Pairs of households in which the one may go on as the other, each with the rule by which."""

FOLLOWED = Query(
    "f_followed",
    ("f_pair",),
    """
    WITH every AS (SELECT * FROM f_pair WHERE rule IS NOT NULL),
    linked AS (
        SELECT DISTINCT x.earlier, y.later FROM every AS x JOIN every AS y ON y.earlier = x.later
    ),
    fit AS (
        SELECT e.* FROM every AS e LEFT JOIN linked AS b ON b.earlier = e.earlier AND b.later = e.later
        WHERE b.earlier IS NULL
    ),
    ranked AS (
        SELECT *,
            rank() OVER (PARTITION BY earlier ORDER BY score DESC) AS place_later,
            rank() OVER (PARTITION BY later ORDER BY score DESC) AS place_earlier
        FROM fit
    ),
    best AS (
        SELECT *,
            count(*) OVER (PARTITION BY earlier, place_later) AS ties_later,
            count(*) OVER (PARTITION BY later, place_earlier) AS ties_earlier
        FROM ranked
    )
    SELECT earlier, later, rule,
        CASE WHEN place_later = 1 AND ties_later = 1 AND place_earlier = 1 AND ties_earlier = 1 THEN 1 ELSE 0 END AS alone
    FROM best
    ORDER BY earlier, later
    """,
)
"""The best later household of each earlier one, where it is the only best of both. What a household between them tells is left to it."""

QUERIES = (SPAN, ADULT, CHILD, PLACE, SIGN, PAIR)


@dataclass(frozen=True, slots=True)
class Followed:
    """Which household goes on as which (earlier, later, first of all, rule), by number, and the counts for the receipt."""

    table: pa.Table
    tally: Tally


def follow(engine: Engine) -> Followed:
    """The households that go on as another, from the tables that `assemble` put before the engine. None of these stays there."""
    for query in QUERIES:
        engine.run(query)
    every = engine.fetch(FOLLOWED)
    engine.drop(*(query.writes for query in QUERIES))
    alone = pc.equal(every.column("alone"), 1)
    told = every.filter(alone)
    earlier = told.column("earlier").to_numpy()
    later = told.column("later").to_numpy()
    table = told.select(["earlier", "later", "rule"]).append_column("first", pa.array(_first(earlier, later)))
    counts = {words: int(pc.sum(pc.equal(told.column("rule"), rule)).as_py() or 0) for rule, words in RULES.items()}
    unsure = len(set(every.column("earlier").to_pylist()) - set(earlier.tolist()))
    notes = {words: rows for words, rows in {**counts, UNDECIDED: unsure}.items() if rows}
    return Followed(table, Tally("claims", "all claims together", NOT_READ, 0, {}, notes))


def _first(earlier: np.ndarray, later: np.ndarray) -> np.ndarray:
    """The first household of the chain that each later one belongs to."""
    before = dict(zip(later.tolist(), earlier.tolist(), strict=True))
    first: list[int] = []
    for household in later.tolist():
        seen = [household]
        while (one := before.get(seen[-1])) is not None and one not in seen:
            seen.append(one)
        first.append(seen[-1])
    return np.array(first, np.int64)

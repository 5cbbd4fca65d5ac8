"""The queries that bring monthly claims, council tax periods and the people on both together into households.

Days are whole numbers since 1970-01-01, and a span that still runs ends on the day `OPEN`. `source` is 1 for the Housing Benefit
extract and 2 for council tax support; `file_no` numbers the monthly files in order of time, from 1.
"""

from __future__ import annotations

from hearthlink.engine import Query

OPEN = 10_000_000
PACK = 4_294_967_296
"""A file number times this, plus a day, orders by file first: the largest holds the day as the last file has it."""

ALIAS = Query(
    "src_alias",
    ("src_pair",),
    """
    SELECT hb_ref, min(ctr_ref) AS ctr_ref
    FROM (
        SELECT hb_ref, ctr_ref, last_file, max(last_file) OVER (PARTITION BY hb_ref) AS last_of_all
        FROM src_pair WHERE source = 1 AND hb_ref IS NOT NULL AND ctr_ref IS NOT NULL
    ) AS both_known
    WHERE last_file = last_of_all
    GROUP BY hb_ref
    """,
)
"""The council tax reference that a Housing Benefit reference last went with."""

REFERENCE = Query(
    "src_reference",
    ("src_pair", "src_alias"),
    """
    WITH council_tax AS (SELECT DISTINCT ctr_ref FROM src_pair WHERE source = 1 AND ctr_ref IS NOT NULL)
    SELECT
        pair.source, pair.pair, pair.hb_ref,
        CASE
            WHEN pair.source = 1 AND pair.ctr_ref IS NULL AND own.ctr_ref IS NULL AND same.ctr_ref IS NOT NULL
                THEN concat('hb:', pair.hb_ref)
            WHEN pair.source = 1 THEN coalesce(pair.ctr_ref, own.ctr_ref, pair.hb_ref)
            ELSE coalesce(same.ctr_ref, own.ctr_ref, pair.ctr_ref)
        END AS household_id
    FROM src_pair AS pair
    LEFT JOIN src_alias AS own ON own.hb_ref = CASE WHEN pair.source = 1 THEN pair.hb_ref ELSE pair.ctr_ref END
    LEFT JOIN council_tax AS same ON same.ctr_ref = CASE WHEN pair.source = 1 THEN pair.hb_ref ELSE pair.ctr_ref END
    """,
)
"""The household of each pair of references: the council tax one where there is one, else the Housing Benefit one.

A Housing Benefit reference that happens to be spelt like another household's council tax reference is marked `hb:`.
"""

HOUSEHOLD = Query(
    "src_household",
    ("src_reference",),
    """
    SELECT household_id, row_number() OVER (ORDER BY household_id) AS household
    FROM (SELECT DISTINCT household_id FROM src_reference) AS named
    """,
)

NUMBERED = Query(
    "src_numbered",
    ("src_reference", "src_household"),
    """
    SELECT r.source, r.pair, h.household, CASE WHEN r.hb_ref IS NOT NULL THEN dense_rank() OVER (ORDER BY r.hb_ref) END AS claim_no
    FROM src_reference AS r
    JOIN src_household AS h ON h.household_id = r.household_id
    ORDER BY r.source, r.pair
    """,
)
"""The household of each pair, and its Housing Benefit claim, by number."""


def kept(born_after: int, *, keep_childless: bool) -> Query:
    """Households that stay: those with a dependant, listed or counted, or anybody born after a day."""
    everyone = "UNION SELECT household FROM src_household" if keep_childless else ""
    return Query(
        "h_kept",
        ("h_listing", "h_claim", "h_period", "src_household"),
        f"""
        SELECT household FROM h_listing WHERE role = 'dependant' OR birth > {born_after}
        UNION SELECT household FROM h_claim WHERE dependants > 0
        UNION SELECT household FROM h_period WHERE dependants > 0
        {everyone}
        """,
    )


REMOVED = Query(
    "h_removed",
    ("h_claim", "h_record", "h_period", "h_kept"),
    """
    SELECT source, file_no, sum(records) AS records
    FROM (
        SELECT 1 AS source, file_no, household, 1 AS records FROM h_claim
        UNION ALL SELECT source, file_no, household, records FROM h_record
        UNION ALL SELECT 3 AS source, file_no, household, 1 AS records FROM h_period
    ) AS every
    WHERE household NOT IN (SELECT household FROM h_kept)
    GROUP BY source, file_no
    """,
)
"""Records of households that do not stay, by file. Source 3 is the files of household periods, 2 those of their persons."""

IDENTIFIER = Query(
    "h_identifier",
    ("h_claim", "h_period", "h_kept", "src_household"),
    f"""
    WITH span AS (
        SELECT household, least(coalesce(start, seen_from), seen_to) AS start,
            CAST(file_no AS BIGINT) * {PACK} + greatest(coalesce("end", CASE WHEN is_last THEN {OPEN} ELSE seen_to END), 0) AS packed,
            NULL AS period_end,
            CAST(file_no AS BIGINT) * {PACK} + dependants AS counted, NULL AS stated
        FROM h_claim
        UNION ALL
        SELECT household, start, NULL AS packed, coalesce("end", {OPEN}) AS period_end, NULL AS counted,
            CAST(start + {OPEN} AS BIGINT) * {PACK} + dependants AS stated
        FROM h_period
    )
    SELECT h.household, h.household_id, min(s.start) AS first_day,
        greatest(coalesce(max(s.packed) % {PACK}, 0), coalesce(max(s.period_end), 0)) AS last_day,
        coalesce(max(s.counted), max(s.stated)) % {PACK} AS dependants_stated
    FROM src_household AS h
    JOIN h_kept AS k ON k.household = h.household
    LEFT JOIN span AS s ON s.household = h.household
    GROUP BY h.household, h.household_id
    ORDER BY h.household
    """,
)

FACT = Query(
    "h_fact",
    ("h_claim", "h_period", "h_listing", "h_kept"),
    """
    WITH said AS (
        SELECT household, passported, role FROM (
            SELECT household, passported, NULL AS role FROM h_claim
            UNION ALL SELECT household, passported, NULL AS role FROM h_period
            UNION ALL SELECT household, CAST(NULL AS BOOLEAN) AS passported, role FROM h_listing
        ) AS every
    )
    SELECT k.household,
        coalesce(count_if(s.role = 'dependant'), 0) > 0 AS has_dependants,
        coalesce(count_if(s.role = 'partner'), 0) > 0 AS has_partner,
        CASE WHEN count(s.passported) > 0 THEN count_if(s.passported) > 0 END AS passported
    FROM h_kept AS k
    LEFT JOIN said AS s ON s.household = k.household
    GROUP BY k.household
    ORDER BY k.household
    """,
)

RESIDENCE = Query(
    "h_residence",
    ("h_claim", "h_period", "h_kept", "h_address"),
    f"""
    WITH spell AS (
        SELECT household, address_no, CAST(NULL AS VARCHAR) AS uprn, seen_from AS start,
            CASE
                WHEN "end" IS NOT NULL THEN least(greatest("end", seen_from), seen_to)
                WHEN is_last THEN {OPEN}
                ELSE seen_to
            END AS finish
        FROM h_claim WHERE address_no IS NOT NULL
        UNION ALL
        SELECT household, address_no, uprn, start, coalesce("end", {OPEN}) AS finish
        FROM h_period WHERE address_no IS NOT NULL
    ),
    placed AS (
        SELECT s.household, s.address_no, s.uprn, s.start, s.finish, a.place
        FROM spell AS s JOIN h_address AS a ON a.address_no = s.address_no
        WHERE a.place IS NOT NULL AND s.household IN (SELECT household FROM h_kept)
    ),
    ordered AS (
        SELECT *, max(finish) OVER (
            PARTITION BY household, place ORDER BY start, finish ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
        FROM placed
    ),
    stretch AS (
        SELECT *, sum(CASE WHEN start <= reached + 1 THEN 0 ELSE 1 END) OVER (
            PARTITION BY household, place ORDER BY start, finish ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stretch_no
        FROM ordered
    ),
    spelt AS (
        SELECT household, place, stretch_no, address_no, min(start) AS start_day, max(finish) AS end_day, max(uprn) AS uprn
        FROM stretch GROUP BY household, place, stretch_no, address_no
    )
    SELECT s.household, min(s.start_day) AS start_day, max(s.end_day) AS end_day,
        max(a.address) AS address, max(a.postcode) AS postcode, max(s.uprn) AS uprn
    FROM spelt AS s JOIN h_address AS a ON a.address_no = s.address_no
    GROUP BY s.household, s.place, s.stretch_no
    ORDER BY s.household, start_day, end_day, address, postcode
    """,
)
"""Unbroken stretches at one address, from both extracts; the same address is told by its letters, digits and postcode."""


STATED = Query(
    "h_stated",
    ("h_claim", "h_period", "h_listing", "h_kept"),
    f"""
    WITH unlisted AS (
        SELECT household FROM h_kept
        WHERE household NOT IN (SELECT household FROM h_listing WHERE role = 'dependant')
    ),
    month AS (
        SELECT household, dependants, seen_from, seen_to, is_last,
            file_no - dense_rank() OVER (PARTITION BY household, dependants ORDER BY file_no) AS island
        FROM h_claim WHERE dependants > 0 AND household IN (SELECT household FROM unlisted)
    )
    SELECT household, min(seen_from) AS start_day, max(CASE WHEN is_last THEN {OPEN} ELSE seen_to END) AS end_day,
        dependants, CAST(NULL AS VARCHAR) AS ages
    FROM month GROUP BY household, dependants, island
    UNION ALL
    SELECT household, start AS start_day, coalesce("end", {OPEN}) AS end_day, dependants, ages
    FROM h_period WHERE dependants > 0 AND household IN (SELECT household FROM unlisted)
    ORDER BY household, start_day, end_day, dependants, ages
    """,
)
"""How many dependants a household states over each stretch, where it never lists one by name."""

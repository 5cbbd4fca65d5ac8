"""Where children and households lived, made comparable; homes of many families found from the data and marked."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.standardise.addresses import read_address
from hearthlink.standardise.distinct import each_distinct
from hearthlink.standardise.postcodes import postcode, property_number
from hearthlink.tables.identity import PLACE
from hearthlink.tables.withheld import WITHHELD_KIND

MANY_FAMILIES = 12
"""A dwelling that more families and households than this have used says little about any of them."""

_SHARED_KIND = re.compile(
    r"HOSTEL|HOTEL|B ?& ?B|BED (?:AND|&) BREAKFAST|SHELTER|HOSPITAL|PRISON|CUSTODY|SECURE|RESIDENTIAL|CHILDREN'?S HOME|MOTHER (?:AND|&) BABY"
)
_PLACED_KIND = re.compile(r"PLACEMENT|FOSTER")

_WRITTEN = Query(
    writes="place_written",
    reads=("child_address", "child_identifier", "household_residence"),
    sql="""
        SELECT 'child' AS side, a.child_id AS owner_id, a.start_date, a.end_date, a.address, a.postcode, a.uprn, a.address_kind,
               i.restricted
        FROM child_address AS a JOIN child_identifier AS i ON i.child_id = a.child_id
        UNION ALL
        SELECT 'member', household_id, start_date, end_date, address, postcode, uprn, CAST(NULL AS VARCHAR), FALSE
        FROM household_residence
    """,
)

_BUSY = """
    SELECT {keys}
    FROM place_read AS p LEFT JOIN family_by_adult AS f ON p.side = 'child' AND f.child_id = p.owner_id
    WHERE {present}
    GROUP BY {keys}
    HAVING count(DISTINCT CASE WHEN p.side = 'child' THEN coalesce(f.family_id, p.owner_id) END)
           + count(DISTINCT CASE WHEN p.side = 'member' THEN p.owner_id END) > {many}
           OR count_if(p.shared) > 0
"""
_BUSY_UPRN = Query(
    writes="busy_uprn",
    reads=("place_read", "family_by_adult"),
    sql=_BUSY.format(keys="p.uprn", present="p.uprn IS NOT NULL", many=MANY_FAMILIES),
)
_BUSY_DOOR = Query(
    writes="busy_door",
    reads=("place_read", "family_by_adult"),
    sql=_BUSY.format(
        keys="p.postcode, p.number", present="p.postcode IS NOT NULL AND p.number IS NOT NULL", many=MANY_FAMILIES
    ),
)
_MARKED = Query(
    writes="place",
    reads=("place_read", "busy_uprn", "busy_door", "cohort"),
    sql="""
        SELECT DISTINCT p.side, p.owner_id, p.start_date, p.end_date, p.uprn, p.postcode, p.number, CAST(NULL AS VARCHAR) AS street,
               p.apart OR p.shared OR u.uprn IS NOT NULL OR d.number IS NOT NULL AS communal
        FROM place_read AS p
        LEFT JOIN busy_uprn AS u ON u.uprn = p.uprn
        LEFT JOIN busy_door AS d ON d.postcode = p.postcode AND d.number = p.number
        LEFT JOIN cohort AS c ON p.side = 'child' AND c.child_id = p.owner_id
        WHERE p.side = 'member' OR c.child_id IS NOT NULL
        ORDER BY p.side, p.owner_id, p.start_date NULLS LAST, p.end_date NULLS LAST, p.uprn NULLS LAST, p.postcode NULLS LAST,
                 p.number NULLS LAST, communal
    """,
)


def places(engine: Engine, family_by_adult: Mapping[str, str]) -> pa.Table:
    """Table `place`, from the tables of addresses that lie in the engine beside `cohort`.

    The address of a locked record, a refuge, or a line that says it is confidential keeps its dates alone. Placements are marked
    as communal, since a foster carer's claim does not hold the child; hostels and the like are, with every other row at the same
    door; so is a door that more than `MANY_FAMILIES` families and households share, whatever it is called. `family_by_adult` gives
    the family of each child as far as related adults show it, so that siblings count once.
    """
    engine.put("place_read", _read(engine.fetch(_WRITTEN)))
    tied = {"child_id": list(family_by_adult.keys()), "family_id": list(family_by_adult.values())}
    engine.put("family_by_adult", pa.table(tied, schema=pa.schema(dict.fromkeys(tied, pa.string()))))
    engine.run(_BUSY_UPRN)
    engine.run(_BUSY_DOOR)
    marked = engine.fetch(_MARKED)
    engine.drop("place_read", "family_by_adult", "busy_uprn", "busy_door")
    return PLACE.conform(marked)


def _read(written: pa.Table) -> pa.Table:
    """The addresses as written made comparable: uprn, postcode and number, whether many share it, whether it is set apart."""
    text, flag = pa.string(), pa.bool_()
    number, hidden, communal = each_distinct(written.column("address"), _line, (text, flag, flag))
    hidden_kind, shared_kind, placed_kind = each_distinct(written.column("address_kind"), _kind, (flag, flag, flag))
    (code,) = each_distinct(written.column("postcode"), lambda value: (postcode(value),), (text,))
    (uprn,) = each_distinct(written.column("uprn"), lambda value: (property_number(value),), (text,))
    hidden = _any(written.column("restricted"), hidden, hidden_kind)
    nothing = pa.scalar(None, text)
    return pa.table(
        {
            **{name: written.column(name) for name in ("side", "owner_id", "start_date", "end_date")},
            "uprn": pc.if_else(hidden, nothing, uprn),
            "postcode": pc.if_else(hidden, nothing, code),
            "number": pc.if_else(hidden, nothing, number),
            "shared": pc.and_not(_any(communal, shared_kind), hidden),
            "apart": _any(hidden, placed_kind),
        }
    )


def _line(address: str) -> tuple[str | None, bool, bool]:
    line = read_address(address)
    return line.number, line.hidden, line.communal


def _kind(kind: str) -> tuple[bool, bool, bool]:
    words = kind.upper()
    hidden, shared, placed = (
        pattern.search(words) is not None for pattern in (WITHHELD_KIND, _SHARED_KIND, _PLACED_KIND)
    )
    return hidden, shared, placed


def _any(*flags: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where any flag is true; an empty flag is false."""
    whole = pc.fill_null(flags[0], False)
    for flag in flags[1:]:
        whole = pc.or_(whole, pc.fill_null(flag, False))
    return whole

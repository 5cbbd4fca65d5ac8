"""What of the extracts may be kept: the columns that the protocol lists, and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.governance.protocol import ProtocolLines
from hearthlink.tables import Column, TableSpec
from hearthlink.tables.wanted import Wanted

OVER_TIME = "_over_time"
"""How the names of tables end that tell of the whole time what another tells of the year: what is listed of the one is of both."""

OURS = ("_key", "_no")
"""How the names of columns end that Hearthlink makes itself: they come out of no extract."""


def is_ours(column: str) -> bool:
    """Whether a column is made here, and so needs nobody's leave."""
    return column.endswith(OURS)


def listed_in(protocol: ProtocolLines) -> dict[str, frozenset[str]]:
    """The columns a protocol lists, by table."""
    return {table: frozenset(names) for terms in protocol.sources.values() for table, names in terms.columns.items()}


def only_listed(
    tables: Mapping[str, pa.Table], specs: Sequence[TableSpec], protocol: ProtocolLines | None
) -> dict[str, pa.Table]:
    """The tables with every column emptied that the protocol does not list; a table it does not list has no rows.

    A table of which a column that may not be empty is not listed has no rows either: there is no half of such a row.
    """
    if protocol is None:
        return dict(tables)
    listed = listed_in(protocol)
    by_name = {spec.name: spec for spec in specs}
    return {
        name: _only(table, by_name[name], listed.get(name.removesuffix(OVER_TIME))) if name in by_name else table
        for name, table in tables.items()
    }


def still_there(table: pa.Table, person: pa.Table) -> pa.Table:
    """What was said of children and households by hand, without those who are in the study no more: who objects is brought back by nobody's answer."""
    child = pc.equal(person.column("side"), "child")
    known = {
        "child_id": person.column("record_id").filter(child),
        "household_id": person.column("group_id").filter(pc.invert(child)),
    }
    for name in known.keys() & set(table.column_names):
        there = pc.is_in(table.column(name), value_set=known[name].combine_chunks())
        table = table.filter(pc.or_(there, pc.is_null(table.column(name))))
    return table


def wanted_of(protocol: ProtocolLines | None, specs: Sequence[TableSpec]) -> Wanted:
    """What of the extracts may become a column in memory by a protocol; everything where there is none.

    A table that would be kept with no row is as good as not listed.
    """
    if protocol is None:
        return Wanted()
    listed = listed_in(protocol)
    kept = {spec.name: listed[spec.name] for spec in specs if spec.name in listed and _is_kept(spec, listed[spec.name])}
    window = protocol.cohort
    whole = window.referred_from is not None and window.referred_to is not None
    return Wanted(kept, (window.referred_from, window.referred_to) if whole else None)  # pyright: ignore[reportArgumentType] - whole


def _unlisted(spec: TableSpec, listed: frozenset[str]) -> list[Column]:
    return [column for column in spec.columns if column.name not in listed and not is_ours(column.name)]


def _is_kept(spec: TableSpec, listed: frozenset[str]) -> bool:
    return not any(column.required for column in _unlisted(spec, listed))


def _only(table: pa.Table, spec: TableSpec, listed: frozenset[str] | None) -> pa.Table:
    if listed is None or not _is_kept(spec, listed):
        return spec.empty()
    for column in _unlisted(spec, listed):
        field = table.schema.field(column.name)
        table = table.set_column(table.schema.get_field_index(column.name), field, pa.nulls(table.num_rows, field.type))
    return table

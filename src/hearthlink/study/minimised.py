"""What of the extracts may be kept: the columns that the protocol lists, and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from hearthlink.governance.protocol import ProtocolLines
from hearthlink.tables import TableSpec

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
        name: _only(table, by_name[name], listed.get(name)) if name in by_name else table
        for name, table in tables.items()
    }


def _only(table: pa.Table, spec: TableSpec, listed: frozenset[str] | None) -> pa.Table:
    unlisted = [] if listed is None else [c for c in spec.columns if c.name not in listed and not is_ours(c.name)]
    if listed is None or any(column.required for column in unlisted):
        return spec.empty()
    for column in unlisted:
        field = table.schema.field(column.name)
        table = table.set_column(table.schema.get_field_index(column.name), field, pa.nulls(table.num_rows, field.type))
    return table

"""Flat tables of the census out of rows: what readers of other layouts make them from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pyarrow as pa

from hearthlink.tables.census import FLAT, flat_schema

Row: TypeAlias = "tuple[int | str | None, ...]"
"""child_no, line, then the texts of the table's columns in their order."""


def no_rows() -> dict[str, list[Row]]:
    """A list for the rows of each flat table."""
    return {table: [] for table in FLAT}


def flat_tables(rows: Mapping[str, Sequence[Row]]) -> dict[str, pa.Table]:
    """The flat tables of the census, every one of them."""
    return {table: _table(table, rows.get(table, ())) for table in FLAT}


def _table(table: str, rows: Sequence[Row]) -> pa.Table:
    schema = flat_schema(table)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table([pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)

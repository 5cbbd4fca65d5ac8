"""The flat census as a value, and how readers of other layouts make its tables out of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pyarrow as pa

from hearthlink.tables.census import FLAT, flat_schema

Row: TypeAlias = "tuple[int | str | None, ...]"
"""child_no, line, then the texts of the table's columns in their order."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The flat tables of `hearthlink.tables.census`, whole; the file or folder, its hash, how many children, and what was noted.

    ``others`` are the hashes of further files by name, where there are several: then ``file`` is that of the children. ``told_in`` says
    for each flat table which file its lines are of, where their names do not tell.
    """

    tables: dict[str, pa.Table]
    source: str
    file: str
    sha256: str
    rows_in: int
    notes: Mapping[str, int] = field(default_factory=dict[str, int])
    others: Mapping[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    told_in: Mapping[str, str] = field(default_factory=dict[str, str])


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

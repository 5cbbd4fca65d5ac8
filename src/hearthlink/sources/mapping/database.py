"""The first rows of a database's table, so that a mapping can be guessed from it: its columns are asked for by name, and no more rows than are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.sources.database.query import DIALECTS
from hearthlink.sources.reading.text_columns import Tabular

QueryOpener: TypeAlias = Callable[[str, str, str], Tabular]
ROWS = 5_000
"""Rows of a database that are looked at."""

NAMED = re.compile(r"(?:([A-Za-z_]\w{0,127})\.)?([A-Za-z_][\w$]{0,127})", re.ASCII)
"""A table's name, with or without its schema. Nothing else is ever put into a query."""


def open_table(opener: QueryOpener, database: str, backend: str, table: str, source: str) -> Tabular:
    """The first rows of a table, all columns named. Raises WrongUse where `table` is no name, DataProblem where there is no such table."""
    found = NAMED.fullmatch(table)
    if found is None:
        raise WrongUse(
            "This is not the name of a table.",
            column="--from",
            remedy="Write it as hbmember or dbo.hbmember, or use --query.",
        )
    # Oracle keeps names in capitals unless they were quoted when the table was made.
    schema, name = (part.upper() if part and backend == "oracle" else part for part in found.groups())
    listed = opener(database, _columns_of(backend, schema, name), source).read({"column": 0}).table
    columns: list[str] = [column for column in listed.column("column").to_pylist() if column]
    if not columns:
        raise DataProblem(
            "The database has no such table, or this user may not see it.", file=f"database {database}", column=table
        )
    asked = exp.select(*(exp.column(column, quoted=True) for column in columns)).from_(
        exp.table_(name, db=schema, quoted=True)
    )
    return opener(database, asked.limit(ROWS).sql(dialect=_dialect(backend)), source)


def open_first_rows(opener: QueryOpener, database: str, backend: str, query: str, source: str) -> Tabular:
    """The first rows of a query. Raises WrongUse where it is not understood."""
    try:
        said = sqlglot.parse_one(query, dialect=_dialect(backend))
    except (SqlglotError, RecursionError):
        said = None
    if not isinstance(said, exp.Query):
        raise WrongUse("This is not a query.", column="--query", remedy="Write one query that begins with SELECT.")
    limited = said if said.args.get("limit") or said.args.get("fetch") else said.limit(ROWS)
    return opener(database, limited.sql(dialect=_dialect(backend)), source)


def _dialect(backend: str) -> str | None:
    return DIALECTS.get(backend)


def _columns_of(backend: str, schema: str | None, name: str | None) -> str:
    """The query that lists a table's columns in their order; the names in it were held against `NAMED`."""
    if backend == "sqlite":
        return f"SELECT name FROM pragma_table_info('{name}') ORDER BY cid"
    if backend == "oracle":
        owner = f" AND owner = '{schema}'" if schema else ""
        return f"SELECT column_name FROM all_tab_columns WHERE table_name = '{name}'{owner} ORDER BY column_id"
    within = f" AND table_schema = '{schema}'" if schema else ""
    return f"SELECT column_name FROM information_schema.columns WHERE table_name = '{name}'{within} ORDER BY ordinal_position"

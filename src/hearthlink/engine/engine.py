"""An in-memory DuckDB that reads no file, writes none, and speaks to nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from hearthlink.errors import OurFault


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT with a name: the table it writes and the tables it reads."""

    writes: str
    reads: tuple[str, ...]
    sql: str


class Engine:
    """A connection with a life: tables are put in, queries run, tables taken out, and all of it is forgotten at the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._put: set[str] = set()

    def put(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table visible to queries under a name, in place of any of that name."""
        self.drop(name)
        self._connection.register(name, table)
        self._put.add(name)

    def run(self, query: Query) -> None:
        """Carry out a query and keep its result under the name it writes.

        Raises OurFault without the database's own words, which may quote a value.
        """
        self.drop(query.writes)
        self._execute(f'CREATE TEMP TABLE "{query.writes}" AS {query.sql}', query.writes)

    def fetch(self, query: Query) -> pa.Table:
        """Carry out a query and bring its rows back."""
        try:
            relation = self._connection.sql(query.sql)
            return relation.to_arrow_table()
        except duckdb.Error as fault:
            kind = type(fault).__name__
        raise OurFault(f"The query for {query.writes} failed ({kind}).")

    def take(self, name: str) -> pa.Table:
        """The rows of a table that a query kept."""
        return self.fetch(Query(name, (name,), f'SELECT * FROM "{name}"'))

    def count(self, name: str) -> int:
        """Number of rows of a table."""
        return int(self.fetch(Query(name, (name,), f'SELECT count(*) AS n FROM "{name}"')).column("n")[0].as_py())

    def drop(self, *names: str) -> None:
        """Forget tables, whether put or kept."""
        for name in names:
            if name in self._put:
                self._connection.unregister(name)
                self._put.discard(name)
            else:
                self._execute(f'DROP TABLE IF EXISTS "{name}"', name)

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def _execute(self, sql: str, name: str) -> None:
        try:
            self._connection.execute(sql)
            return
        except duckdb.Error as fault:
            kind = type(fault).__name__
        raise OurFault(f"The query for {name} failed ({kind}).")


@contextmanager
def open_engine(*, threads: int | None = None, memory_gib: float | None = None) -> Iterator[Engine]:
    """An engine that lives as long as the block. It cannot spill to disk: a spill is a plaintext temporary file."""
    connection = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    try:
        connection.execute(f"SET threads = {threads or os.cpu_count() or 1}")
        if memory_gib is not None:
            connection.execute(f"SET memory_limit = '{memory_gib}GiB'")
        connection.execute("SET temp_directory = ''")
        connection.execute("SET preserve_insertion_order = true")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        engine = Engine(connection)
        yield engine
    finally:
        connection.close()

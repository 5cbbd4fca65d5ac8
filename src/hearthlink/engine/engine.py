"""An in-memory DuckDB that reads no file, writes none, and speaks to nobody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
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
    """A database with a life: tables are put in, queries run, tables taken out, and all of it is forgotten at the end.

    It is opened by the first table or query, for many steps need none.
    """

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._put: set[str] = set()
        self._kept: set[str] = set()

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._opened is None:
            self._opened = self._connect()
        return self._opened

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
        self._kept.add(query.writes)

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
            elif name in self._kept:
                self._execute(f'DROP TABLE "{name}"', name)
                self._kept.discard(name)

    def close(self) -> None:
        """Forget everything."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

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

    def connect() -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            ":memory:",
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
        )
        for setting in (
            f"threads = {threads or os.cpu_count() or 1}",
            *([] if memory_gib is None else [f"memory_limit = '{memory_gib}GiB'"]),
            "temp_directory = ''",
            "preserve_insertion_order = true",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        return connection

    engine = Engine(connect)
    try:
        yield engine
    finally:
        engine.close()

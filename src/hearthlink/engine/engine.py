"""A database with a life, whichever answers: tables are put in, queries run, tables taken out, and all of it is forgotten at the end."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import pyarrow as pa

from hearthlink.engine.database import Database, Fault
from hearthlink.errors import OurFault

T = TypeVar("T")

Kind = Literal["duckdb", "spark"]
"""The databases that may answer."""


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT with a name: the table it writes and the tables it reads."""

    writes: str
    reads: tuple[str, ...]
    sql: str


class Engine:
    """Tables by name over a database, which is opened by the first table or query, for many steps need none."""

    def __init__(self, connect: Callable[[], Database]) -> None:
        self._connect = connect
        self._opened: Database | None = None
        self._put: set[str] = set()
        self._kept: set[str] = set()

    @property
    def _database(self) -> Database:
        if self._opened is None:
            self._opened = _started(self._connect)
        return self._opened

    def put(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table visible to queries under a name, in place of any of that name."""
        self.drop(name)
        _told(name, partial(self._database.show, name, table))
        self._put.add(name)

    def run(self, query: Query) -> None:
        """Carry out a query and keep its result under the name it writes.

        Raises OurFault without the database's own words, which may quote a value.
        """
        self.drop(query.writes)
        _told(query.writes, partial(self._database.keep, query.writes, query.sql))
        self._kept.add(query.writes)

    def fetch(self, query: Query) -> pa.Table:
        """Carry out a query and bring its rows back."""
        return _told(query.writes, partial(self._database.answer, query.sql))

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
                self._put.discard(name)
                _told(name, partial(self._database.hide, name))
            elif name in self._kept:
                self._kept.discard(name)
                _told(name, partial(self._database.forget, name))

    def close(self) -> None:
        """Forget everything."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _started(connect: Callable[[], Database]) -> Database:
    """Open a database, and tell of a fault by its kind alone."""
    try:
        return connect()
    except Fault as fault:
        kind = str(fault)
    raise OurFault(
        f"The engine did not start ({kind}).", remedy="If it is Spark: see whether Java starts, with: java -version"
    )


def _told(name: str, act: Callable[[], T]) -> T:
    """Act, and tell of a fault by its kind alone. It is raised outside the handler, so that no chain leads to the database's words."""
    try:
        return act()
    except Fault as fault:
        kind = str(fault)
    raise OurFault(f"The query for {name} failed ({kind}).")


def processors() -> int:
    """How many processors this machine has."""
    return os.cpu_count() or 1


@contextmanager
def open_engine(
    *, kind: Kind = "duckdb", threads: int | None = None, memory_gib: float | None = None
) -> Iterator[Engine]:
    """An engine that lives as long as the block, on every processor of this machine unless `threads` says fewer.

    DuckDB works in memory alone. Spark may spill, under a key that lives as long as it does. Raises WrongUse where Spark is asked for
    and this machine has none.
    """

    def connect() -> Database:
        width = threads or processors()
        if kind == "spark":
            with warnings.catch_warnings():
                # pyspark warns of the pandas that may lie beside it, and which it is not asked to use
                warnings.simplefilter("ignore")
                from hearthlink.engine.spark import SparkDatabase

            return SparkDatabase(threads=width, memory_gib=memory_gib)
        from hearthlink.engine.duck import DuckDatabase

        return DuckDatabase(threads=width, memory_gib=memory_gib)

    require_engine(kind)
    engine = Engine(connect)
    try:
        yield engine
    finally:
        engine.close()


def require_engine(kind: Kind) -> None:
    """Raise WrongUse where this machine lacks what an engine of this kind needs."""
    if kind == "spark":
        from hearthlink.engine.java import require_spark

        require_spark()

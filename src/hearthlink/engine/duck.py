"""An in-memory DuckDB that reads no file, writes none, and speaks to nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import duckdb
import pyarrow as pa

from hearthlink.engine.database import Fault

T = TypeVar("T")


class DuckDatabase:
    """A DuckDB connection. It cannot spill to disk: a spill is a plaintext temporary file."""

    def __init__(self, *, threads: int, memory_gib: float | None = None) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
        )
        for setting in (
            f"threads = {threads}",
            *([] if memory_gib is None else [f"memory_limit = '{memory_gib}GiB'"]),
            "temp_directory = ''",
            "preserve_insertion_order = true",
            # What lives in memory alone need never be gathered for a file: that took half a second between two queries.
            "checkpoint_threshold = '1TB'",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def show(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table visible to queries under a name that is free."""
        self._connection.register(name, table)

    def hide(self, name: str) -> None:
        """Undo `show`."""
        self._connection.unregister(name)

    def keep(self, name: str, sql: str) -> None:
        """Carry out a query and keep its rows under a name that is free."""
        _carried_out(partial(self._connection.execute, f'CREATE TEMP TABLE "{name}" AS {sql}'))

    def forget(self, name: str) -> None:
        """Undo `keep`."""
        _carried_out(partial(self._connection.execute, f'DROP TABLE "{name}"'))

    def answer(self, sql: str) -> pa.Table:
        """Carry out a query and bring its rows back."""
        return _carried_out(lambda: self._connection.sql(sql).to_arrow_table())

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


def _carried_out(act: Callable[[], T]) -> T:
    try:
        return act()
    except duckdb.Error as fault:
        kind = type(fault).__name__
    raise Fault(kind)

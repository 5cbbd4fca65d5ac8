"""What an engine asks of a database, whichever it is."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa


class Fault(Exception):
    """What a database raises in place of its own error, whose words may quote a value: only the kind of fault."""


class Database(Protocol):
    """What an engine asks of a database. Queries come in DuckDB's dialect. A failure is raised as `Fault`."""

    def show(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table visible to queries under a name that is free."""
        ...

    def hide(self, name: str) -> None:
        """Undo `show`."""
        ...

    def keep(self, name: str, sql: str) -> None:
        """Carry out a query and keep its rows under a name that is free."""
        ...

    def forget(self, name: str) -> None:
        """Undo `keep`."""
        ...

    def answer(self, sql: str) -> pa.Table:
        """Carry out a query and bring its rows back."""
        ...

    def close(self) -> None:
        """Forget everything."""
        ...

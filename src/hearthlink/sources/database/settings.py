"""A database that a study names: where it is, who asks, and how the password is come by. Nothing is opened by naming it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hearthlink.governance.network import Tls
from hearthlink.governance.permit import Permit


@dataclass(frozen=True, slots=True)
class Database:
    """A database that a study names: its URL without a password, who asks, and how the password is come by when it is needed.

    `permit` is the leave of the step that asks; without one that names the database's host, none is reached. `secret` is called once, when a connection is made, and what it gives is kept nowhere. A relative path of a SQLite file begins at
    `folder`. `minutes` is the longest that a query may take.
    """

    name: str
    url: str
    user: str | None = None
    secret: Callable[[], str | None] = field(default=lambda: None, repr=False, compare=False)
    tls: Tls = "verified"
    certificate: Path | None = None
    minutes: float = 30.0
    folder: Path | None = None
    permit: Permit | None = None

    @property
    def called(self) -> str:
        """What it is called in messages."""
        return f"database {self.name}"

"""A permit: what one step may read and write, given before it begins and held up at every door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from hearthlink.errors import Refused
from hearthlink.governance.permission import Permission, require
from hearthlink.governance.roles import REACH, Role
from hearthlink.tables import TableSpec

Host: TypeAlias = tuple[str, int]
"""The name of another machine, and a port of it."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave for one step, in one role, to read and write the tables named and no others, and to reach the hosts named and no others.

    Without this leave nothing can open the network: the guard of the network asks for it.
    """

    step: str
    role: Role
    reads: frozenset[str]
    writes: frozenset[str]
    reaches: frozenset[Host] = frozenset()

    def to_read(self, table: TableSpec) -> None:
        """Refuse a table that the permit does not name for reading."""
        if table.name not in self.reads:
            raise Refused(f"The step {self.step} has no leave to read {table.name} ({table.room.value} room).")

    def to_write(self, table: TableSpec) -> None:
        """Refuse a table that the permit does not name for writing."""
        if table.name not in self.writes:
            raise Refused(f"The step {self.step} has no leave to write {table.name} ({table.room.value} room).")

    def to_reach(self, host: str, port: int) -> None:
        """Refuse a host and port that the permit does not name."""
        if (host, port) not in self.reaches:
            raise Refused(
                f"The step {self.step} has no leave to reach another machine.",
                file=host,
                remedy="Only receive may, and only the database that study.toml names.",
            )


def grant(
    permission: Permission,
    *,
    step: str,
    role: Role,
    reads: Iterable[TableSpec],
    writes: Iterable[TableSpec],
    today: date,
    reaches: Iterable[Host] = (),
) -> Permit:
    """The permit for a step, or Refused where the permission does not hold or the role does not reach that far.

    `reaches` are hosts and ports outside this machine's own memory: the custodian alone may have any.
    """
    require(permission, today)
    reads, writes, reaches = tuple(reads), tuple(writes), frozenset(reaches)
    if reaches and role is not Role.CUSTODIAN:
        raise Refused(f"The {role.value} may reach no other machine, which the step {step} asks for.")
    if permission.hosts is not None and not reaches <= permission.hosts:
        raise Refused(
            f"The protocol names no such database, which the step {step} asks for.",
            file="study.toml",
            column="database",
        )
    reach = REACH[role]
    too_far = [t.name for t in reads if t.room not in reach.reads] + [
        t.name for t in writes if t.room not in reach.writes
    ]
    if too_far:
        raise Refused(f"The {role.value} may not touch what the step {step} asks for: {', '.join(too_far)}.")
    return Permit(step, role, frozenset(t.name for t in reads), frozenset(t.name for t in writes), reaches)

"""A permit: what one step may read and write, given before it begins and held up at every door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hearthlink.errors import Refused
from hearthlink.governance.permission import Permission, require
from hearthlink.governance.roles import REACH, Role
from hearthlink.tables import TableSpec


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave for one step, in one role, to read and write the tables named and no others."""

    step: str
    role: Role
    reads: frozenset[str]
    writes: frozenset[str]

    def to_read(self, table: TableSpec) -> None:
        """Refuse a table that the permit does not name for reading."""
        if table.name not in self.reads:
            raise Refused(f"The step {self.step} has no leave to read {table.name} ({table.room.value} room).")

    def to_write(self, table: TableSpec) -> None:
        """Refuse a table that the permit does not name for writing."""
        if table.name not in self.writes:
            raise Refused(f"The step {self.step} has no leave to write {table.name} ({table.room.value} room).")


def grant(
    permission: Permission,
    *,
    step: str,
    role: Role,
    reads: Iterable[TableSpec],
    writes: Iterable[TableSpec],
    today: date,
) -> Permit:
    """The permit for a step, or Refused where the permission does not hold or the role does not reach that far."""
    require(permission, today)
    reads, writes = tuple(reads), tuple(writes)
    reach = REACH[role]
    too_far = [t.name for t in reads if t.room not in reach.reads] + [
        t.name for t in writes if t.room not in reach.writes
    ]
    if too_far:
        raise Refused(f"The {role.value} may not touch what the step {step} asks for: {', '.join(too_far)}.")
    return Permit(step, role, frozenset(t.name for t in reads), frozenset(t.name for t in writes))

"""Who may do what: each role, and the rooms it may read and write. The one table that checks, tests and docs are made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hearthlink.tables import Room


class Role(Enum):
    """A part a person plays in a study. A small council may give one person several; the software keeps them apart."""

    CUSTODIAN = "custodian"
    LINKER = "linker"
    REVIEWER = "reviewer"
    ANALYST = "analyst"
    OUTPUT_CHECKER = "output checker"


@dataclass(frozen=True, slots=True)
class Reach:
    """The rooms a role may read from and write to."""

    reads: frozenset[Room]
    writes: frozenset[Room]


REACH: dict[Role, Reach] = {
    Role.CUSTODIAN: Reach(
        frozenset({Room.IDENTITY, Room.CONTENT, Room.RECORD}),
        frozenset({Room.IDENTITY, Room.CONTENT, Room.RESEARCH, Room.RECORD}),
    ),
    Role.LINKER: Reach(frozenset({Room.IDENTITY, Room.RECORD}), frozenset({Room.IDENTITY, Room.RECORD})),
    Role.REVIEWER: Reach(frozenset({Room.IDENTITY}), frozenset({Room.IDENTITY})),
    Role.ANALYST: Reach(frozenset({Room.RESEARCH, Room.RECORD}), frozenset({Room.RESEARCH})),
    Role.OUTPUT_CHECKER: Reach(frozenset({Room.RESEARCH, Room.RECORD}), frozenset({Room.RESEARCH})),
}

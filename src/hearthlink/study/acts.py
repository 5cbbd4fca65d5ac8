"""What a person does beside the run, as data: a module that knows no stage, so that whoever opens the research room loads none."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.governance import Role
from hearthlink.tables import TableSpec
from hearthlink.tables import record as r
from hearthlink.tables import research as s


@dataclass(frozen=True, slots=True)
class Beside:
    """What a person does beside the run: what it is for, in which role, and the tables it reads and writes."""

    name: str
    says: str
    role: Role
    reads: tuple[TableSpec, ...]
    writes: tuple[TableSpec, ...]
    may_read: tuple[TableSpec, ...] = ()


OPEN_ROOM = Beside(
    "open", "Open the research room in a notebook", Role.ANALYST,
    reads=(*s.CROSSED, r.COMPARATOR), may_read=(s.QUALITY_BY_GROUP, s.POOLED_QUALITY), writes=(),
)  # fmt: skip
RESEARCH = Beside(
    "research", "Write the research room out, with its codebook", Role.ANALYST,
    reads=(*s.CROSSED, r.COMPARATOR), may_read=(s.QUALITY_BY_GROUP, s.POOLED_QUALITY), writes=(),
)  # fmt: skip

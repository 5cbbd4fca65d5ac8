"""What a person does beside the run, as data: a module that knows no stage, so that whoever opens the research room loads none."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.governance import Role
from hearthlink.tables import TableSpec
from hearthlink.tables import record as r
from hearthlink.tables import research as s
from hearthlink.tables.answers import ANSWER_TABLES
from hearthlink.tables.released import RELEASED_FIGURE


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
MERGE = Beside(
    "merge", "Say which groups, counted as one, would let more be shown", Role.OUTPUT_CHECKER, reads=(s.ANSWER,), writes=(),
)  # fmt: skip
RISK = Beside(
    "risk", "Say how easily somebody could be recognised in the research tables", Role.OUTPUT_CHECKER, reads=s.CROSSED, writes=(),
)  # fmt: skip
PREPARE_RELEASE = Beside(
    "release-new", "Make the package of a release from what was cleared, and hand it in", Role.ANALYST, reads=(), writes=(),
)  # fmt: skip
REVIEW_RELEASE = Beside(
    "release-review", "Say whether a release may leave, or that it holds no more", Role.OUTPUT_CHECKER, reads=(), writes=(),
)  # fmt: skip
RELEASE = Beside(
    "release", "Let a release leave, and keep the true figures behind it for the checks of the next", Role.OUTPUT_CHECKER,
    reads=(
        s.ANSWER, s.QUALITY_BY_GROUP, s.POOLED_QUALITY, *ANSWER_TABLES, r.RECEIPT, r.FINDING, r.LINK_SUMMARY, r.CALIBRATION, r.BLOCKING_SUMMARY,
    ),
    may_read=(RELEASED_FIGURE,), writes=(RELEASED_FIGURE,),
)  # fmt: skip

"""The form of a step: what lies before it, what it makes, and what is said of it in the list of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from hearthlink.engine import Engine
from hearthlink.governance import Event, Permit, Role
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before a step: its study, its tables, files cleared earlier, an engine, a way to say how far it is, and its leave."""

    study: Study
    tables: Mapping[str, pa.Table]
    files: Mapping[str, bytes]
    engine: Engine
    progress: Progress
    run_id: str
    permit: Permit | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: tables by name, files for the folder of what may leave, and counts for the ledger alone; `entered` in a line of their own."""

    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    entered: Mapping[Event, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is for, who does it, the tables it reads and writes, the settings it depends on, and the act.

    `may_read` names tables that people write beside the run: each is read as it stands, and has no rows where nobody has. `remembers`
    names tables of its own from the last time, with no rows where there was none: who is in them keeps their key. `asks` says whether a
    study makes it look where nobody can tell beforehand whether something has changed, `reaches` which hosts it has leave to ask then.
    `version` is raised when the same inputs would give another result. `grows` says that its queries grow with pairs of people: the
    study's own engine carries those out, and DuckDB the rest. `by_plan` says that it asks what the plan of analysis asks.
    """

    name: str
    says: str
    role: Role
    reads: tuple[TableSpec, ...]
    writes: tuple[TableSpec, ...]
    act: Callable[[Desk], Made]
    settings: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    reads_files: tuple[str, ...] = ()
    may_read: tuple[TableSpec, ...] = ()
    remembers: tuple[TableSpec, ...] = ()
    asks: Callable[[Study], bool] = lambda study: False
    reaches: Callable[[Study], frozenset[tuple[str, int]]] = lambda study: frozenset()
    version: int = 1
    grows: bool = False
    by_plan: bool = False

"""What a change would do to what was cleared, worked out beside the study: no table is kept and no result changes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

import pyarrow as pa

from hearthlink.disclosure import ClearedTable, unpack
from hearthlink.engine import open_engine
from hearthlink.governance import grant
from hearthlink.study.beside import Clock
from hearthlink.study.permitted import permission_of
from hearthlink.study.steps import CLEARED, STEPS, Desk, Made, Step
from hearthlink.study.store import Store, open_store
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec


def foreseen(study: Study, changed: Mapping[TableSpec, pa.Table], clock: Clock) -> tuple[bytes | None, bytes]:
    """The cleared tables as they stand, or None where there are none, and as they would be with other tables in place.

    Only steps that lean on what has changed are carried out, each with its own permit. Raises what a step raises.
    """
    store = open_store(study)
    tables = {spec.name: table for spec, table in changed.items()}
    files: dict[str, bytes] = {}
    for step in STEPS:
        leans_on = any(spec.name in tables for spec in (*step.reads, *step.may_read))
        if leans_on and not step.reads_files:
            made = _carried_out(study, step, store, tables, clock)
            tables |= made.tables
            files |= made.files
    before = store.file(CLEARED) if store.file_digest(CLEARED) else None
    return before, files.get(CLEARED, before or b"")


def _carried_out(study: Study, step: Step, store: Store, changed: Mapping[str, pa.Table], clock: Clock) -> Made:
    reads = (*step.reads, *step.may_read)
    now = clock()
    permit = grant(permission_of(study, now), step=step.name, role=step.role, reads=reads, writes=(), today=now.date())
    held = {spec.name: store.load(spec, permit) for spec in step.reads if spec.name not in changed}
    held |= {spec.name: store.load_if_there(spec, permit) for spec in step.may_read if spec.name not in changed}
    with open_engine(kind=study.lines.engine if step.grows else "duckdb") as engine:
        return step.act(Desk(study, {**held, **changed}, {}, engine, lambda _words, _share: None, ""))


def figures_changed(before: bytes, after: bytes) -> list[str]:
    """The figures that differ between two sets of cleared tables, each by table, row and column; never a value."""
    one = {table.name: table for table in unpack(before)}
    two = {table.name: table for table in unpack(after)}
    return [words for name in sorted(set(one) | set(two)) for words in _differ(one.get(name), two.get(name))]


def _differ(one: ClearedTable | None, two: ClearedTable | None) -> list[str]:
    table = one or two
    if table is None:
        return []
    if one is None or two is None or one.columns != two.columns:
        return [f"{table.title}: the whole table"]
    plain = [place for place, column in enumerate(table.columns) if column.kind == "text"]
    found: list[str] = []
    for row, (held, now) in enumerate(zip_longest(one.rows, two.rows)):
        if held is None or now is None:
            found.append(f"{table.title}: a row more or fewer")
            continue
        words = ", ".join(one.text(row, place) for place in plain if held[place] == now[place])
        found += [
            f"{table.title}: {words}: {column.words}" if words else f"{table.title}: {column.words}"
            for column, cell, other in zip(table.columns, held, now, strict=True)
            if cell != other
        ]
    return found

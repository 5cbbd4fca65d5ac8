"""Spells that the census does not hold, from whichever source tells of them: child in need plans, and being looked after.

Every reader gives `Spells`, whose children are named by any id that the case system has for them; `children` finds who they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading.columns import Values, count, whole
from hearthlink.sources.reading.receipts import Tally

Stage = Literal["cin_plan", "looked_after"]
STAGES: tuple[Stage, ...] = ("cin_plan", "looked_after")

NOT_A_CHILD = "not a child of the census"
NO_START = "no start date"
BACKWARDS = "an end before its start"
TOLD = "told by another source already"
SPELL = pa.schema({"child_id": pa.string(), "start_date": pa.date32(), "end_date": pa.date32()}.items())


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells of one stage from one file: columns person_id (text), start_date and end_date (dates); and the tally of the file."""

    stage: Stage
    table: pa.Table
    tally: Tally


def spells(stage: Stage, person_id: Values, start: Values, end: Values, tally: Tally) -> Spells:
    """Spells from three columns."""
    return Spells(stage, pa.table({"person_id": person_id, "start_date": start, "end_date": end}), tally)


def usable(read: Spells, child_id: pa.Array) -> Spells:
    """The spells of known children (`child_id` along the rows, empty where it is nobody's) that begin, and do not end before it."""
    start, end = read.table.column("start_date"), read.table.column("end_date")
    ours, begun = pc.is_valid(child_id), pc.is_valid(start)
    backwards = pc.fill_null(pc.less(end, start), False)
    kept = pa.table({"child_id": child_id, "start_date": start, "end_date": end}, schema=SPELL).filter(
        pc.and_(pc.and_(ours, begun), pc.invert(backwards))
    )
    strangers = len(child_id) - count(ours)
    undated = count(pc.and_(ours, pc.invert(begun)))
    counted = read.tally.refusing(NOT_A_CHILD, strangers).refusing(NO_START, undated)
    counted = counted.refusing(BACKWARDS, len(child_id) - strangers - undated - kept.num_rows)
    return Spells(read.stage, kept, counted)


def united(stage: Stage, told: Sequence[Spells]) -> tuple[pa.Table, list[Tally]]:
    """The spells of a stage from all sources, those that an earlier source has told left out; and the tallies.

    A spell is the same where child and start are: a later source only knows another day for its end.
    """
    known: list[pa.Table] = []
    tallies: list[Tally] = []
    for one in (one for one in told if one.stage == stage):
        table = one.table
        if known:
            before = whole(_key(pa.concat_tables(known)))
            table = table.filter(pc.invert(pc.is_in(_key(table), before)))
        tallies.append(one.tally.refusing(TOLD, one.table.num_rows - table.num_rows) if known else one.tally)
        known.append(table)
    held = pa.concat_tables(known) if known else SPELL.empty_table()
    return held.sort_by([(name, "ascending") for name in SPELL.names]), tallies


def _key(table: pa.Table) -> pa.ChunkedArray:
    start = table.column("start_date").cast(pa.int32()).cast(pa.string())
    return pc.binary_join_element_wise(table.column("child_id"), start, "\x1f")

"""The window of a protocol, as a census is read: the children of whom a referral lies in it, and of nobody else anything.

A block of the file all of whose episodes began outside it goes as soon as its dates are read; a child of whom it leaves nothing but blocks
without an episode goes once the whole file is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.columns import Values, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.tables.wanted import NOT_IN_WINDOW

Window: TypeAlias = tuple[date, date]
"""The first and the last day on which a child of the study was referred."""


def blocks_within(tables: Mapping[str, pa.Table], window: Window, counts: Counter[str]) -> dict[str, pa.Table]:
    """The typed tables of some blocks, without those that hold episodes and none begun in the window; these are counted."""
    referral = tables["referral"]
    block = whole(referral.column("child_no"))
    begun = block.filter(_within(referral.column("referral_day"), window))
    outside = block.filter(pc.invert(pc.is_in(block, value_set=begun))).unique()
    counts[NOT_IN_WINDOW] += len(outside)
    return {name: _without(table, "child_no", outside) for name, table in tables.items()}


def children_within(tables: Mapping[str, pa.Table], window: Window, counts: Counter[str]) -> dict[str, pa.Table]:
    """The census's tables without the children who have no referral in the window; these are counted. Raises DataProblem where none is left."""
    referral = tables["referral"]
    within = whole(referral.column("child_id")).filter(_within(referral.column("referral_day"), window))
    child = whole(tables["child"].column("child_id"))
    outside = child.filter(pc.invert(pc.is_in(child, value_set=within)))
    if len(outside) == len(child):
        raise nobody_within()
    counts[NOT_IN_WINDOW] += len(outside)
    return {name: _without(table, "child_id", outside) for name, table in tables.items()}


def nobody_within() -> DataProblem:
    """The words where the window leaves no child."""
    return DataProblem(
        "No child of the census was referred in the window of the protocol.",
        file="protocol.toml",
        column="cohort",
        remedy="Put the census there that the protocol is about.",
    )


def _within(day: Values, window: Window) -> pa.Array:
    first, last = (pa.scalar(day_number(one), pa.int32()) for one in window)
    return whole(pc.fill_null(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)), False))


def _without(table: pa.Table, name: str, gone: pa.Array) -> pa.Table:
    if not len(gone):
        return table
    column = table.column(name)
    return table.filter(pc.invert(pc.is_in(column, value_set=gone.cast(column.type))))

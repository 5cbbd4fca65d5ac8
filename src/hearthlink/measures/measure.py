"""The door: the content tables in, and out every household month by month, what befell it, and the calendar."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.measures import (
    benefits,
    disruptions,
    losing,
    moves,
    people,
    poverty,
    reductions,
    rent,
    rises,
    rooms,
    strain,
    takings,
    tax,
    work,
)
from hearthlink.measures.calendar import everybodys, month_calendar
from hearthlink.measures.happened import joined
from hearthlink.measures.income import TENURES
from hearthlink.measures.known import Known, known_of
from hearthlink.measures.months import Flags, Grid, Whole, grid_of, whole_numbers
from hearthlink.measures.payments import STATUS_WORDS
from hearthlink.tables.measures import HOUSEHOLD_EVENT, HOUSEHOLD_STATE, MONTHS, STATE_COLUMNS
from hearthlink.tables.spec import Kind

Seen = npt.NDArray[np.int8]
AT_ONCE = 4_096
"""Households worked on together: memory is bounded by them, and not by how many there are."""
EVENTS = (disruptions, takings, tax, rent, losing, moves)
"""Modules whose events are told from the tables alone."""
WORDS = {"status": ("", *STATUS_WORDS), "tenure": TENURES}
"""The words that the places of the states of texts stand for."""
ORDER = ("household_key", "day", "kind", "basis", "dose")


def measure(
    engine: Engine, tables: Mapping[str, pa.Table], *, year_start: date, comparator: pa.Table
) -> dict[str, pa.Table]:
    """`household_state`, `household_event` and `month_calendar` from the content tables and the poverty lines.

    No identity table is read. The same rows in any order come to the same bytes.
    """
    del engine
    whole = grid_of(tables, year_start)
    everybody = told_of_all(tables)

    def worked(part: Mapping[str, pa.Table]) -> _Part:
        known = known_of(grid_of(part, year_start), part)
        told = household_states(known, comparator, everybody)
        return _Part(stretches(known.grid, told), household_events(known), rises.changes(known.grid, part))

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        parts = list(pool.map(worked, parts_of(whole, tables)))
    changes = [part.changes for part in parts] or [rises.CHANGES_SCHEMA.empty_table()]
    events = [*(part.events for part in parts), rises.rises(pa.concat_tables(changes))]
    return {
        "household_state": pa.concat_tables(
            [HOUSEHOLD_STATE.empty(), *(part.states for part in parts)]
        ).combine_chunks(),
        "household_event": of_the_calendar(whole, joined(events)).combine_chunks(),
        "month_calendar": month_calendar(whole),
    }


@dataclass(frozen=True, slots=True)
class _Part:
    """What so many households come to; their rents' changes are judged when those of all are known."""

    states: pa.Table
    events: pa.Table
    changes: pa.Table


@dataclass(frozen=True, slots=True)
class OfAll:
    """What the rows of all households together tell of each: which sources say that no arrears are paid, whether the tax office gave a file."""

    says_no: frozenset[str]
    tax_given: bool


def told_of_all(tables: Mapping[str, pa.Table]) -> OfAll:
    """The same, from the content tables before they are parted."""
    return OfAll(rent.says_no(tables["household_period"]), tables["council_tax_arrear"].num_rows > 0)


def household_states(known: Known, comparator: pa.Table, everybody: OfAll) -> dict[str, Seen]:
    """Every state column, [H, 48], -1 where not seen; texts by their place among their words."""
    grid, tables = known.grid, known.tables
    stage = tax.stages(known, given=everybody.tax_given)
    made: dict[str, Seen] = {
        **benefits.states(known),
        **people.states(grid, known.people),
        **poverty.states(known, comparator),
        **tax.states(stage),
    }
    made |= rooms.states(grid, tables, known.claims) | work.states(known) | rent.states(known, everybody.says_no)
    made |= strain.states(known, stage, made["rent_arrears"], made["recovery"])
    return made


def household_events(known: Known) -> pa.Table:
    """Every event of the households of a grid but the rises of rent, before the calendar is laid over them."""
    grid, tables = known.grid, known.tables
    return joined([reductions.events(known), work.events(known), *(one.events(grid, tables) for one in EVENTS)])


def of_the_calendar(grid: Grid, told: pa.Table) -> pa.Table:
    """`household_event`: of events, those of the 48 months that the calendar does not take out, in order of household and day."""
    day = whole_numbers(told.column("day"))
    month = grid.month_of(day)
    kept = (month >= 1) & (month <= MONTHS) & ~everybodys(told.column("kind"), day)
    told = told.append_column("month", pa.array(month)).select(HOUSEHOLD_EVENT.names).filter(pa.array(kept))
    return HOUSEHOLD_EVENT.conform(told.sort_by([(name, "ascending") for name in ORDER]))


def stretches(grid: Grid, states: Mapping[str, Seen]) -> pa.Table:
    """`household_state`: runs of observed months over which no state changed."""
    seen = grid.observed
    fresh = seen.copy()
    fresh[:, 1:] = seen[:, 1:] & (~seen[:, :-1] | _differs(states))
    last = seen.copy()
    last[:, :-1] = seen[:, :-1] & (~seen[:, 1:] | fresh[:, 1:])
    row, first = np.nonzero(fresh)
    columns: dict[str, pa.Array] = {
        "household_key": pa.array(grid.chains[row]),
        "first_month": pa.array(first + 1),
        "last_month": pa.array(np.nonzero(last)[1] + 1),
    }
    for column in STATE_COLUMNS:
        columns[column.name] = _as_column(column.name, column.kind, states[column.name][fresh])
    return HOUSEHOLD_STATE.conform(pa.table(columns))


def parts_of(grid: Grid, tables: Mapping[str, pa.Table]) -> Iterator[dict[str, pa.Table]]:
    """The tables of so many households at once, whole chains together, in order of the chains' keys."""
    count = -(-len(grid.chains) // AT_ONCE)
    parted: dict[str, tuple[pa.Table, Whole]] = {}
    for name, table in tables.items():
        if "household_key" in table.column_names:
            row = grid.row_of(table.column("household_key"))
            order = np.argsort(row, kind="stable")
            parted[name] = (_taken(table, pa.array(order)), np.searchsorted(row[order], AT_ONCE * np.arange(count + 1)))
    for number in range(count):
        mine = {name: held.slice(at[number], at[number + 1] - at[number]) for name, (held, at) in parted.items()}
        yield {**tables, **mine}


def _taken(table: pa.Table, order: pa.Array) -> pa.Table:
    """A table's rows in an order, its columns taken side by side."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        columns = pool.map(lambda column: column.combine_chunks().take(order), table.columns)
        return pa.table(list(columns), schema=table.schema)


# --- within --------------------------------------------------------------------------------------------------


def _differs(states: Mapping[str, Seen]) -> Flags:
    """Whether any state differs from that of the month before."""
    first = next(iter(states.values()))
    differs = np.zeros((first.shape[0], first.shape[1] - 1), bool)
    for values in states.values():
        differs |= values[:, 1:] != values[:, :-1]
    return differs


def _as_column(name: str, kind: Kind, values: Seen) -> pa.Array:
    """The values of one column, empty where not seen."""
    if name in WORDS:
        return pa.array(WORDS[name], pa.string()).take(pa.array(values.astype(np.int64), mask=values < 0))
    told = pa.array(values, mask=values < 0)
    return pc.equal(told, 1) if kind is Kind.FLAG else told.cast(pa.int64())

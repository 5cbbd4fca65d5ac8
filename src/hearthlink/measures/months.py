"""The grid of households by months that every measure stands on: who is one household, which months are seen, what held on their last days.

Month 1 is the April two years before the census year and month 48 the last of the year after it. A household is its whole chain of
claims, and its row in the grid is the place of the chain's first key among all such keys. A month is observed where a claim of the chain
runs on its last day by its effective dates (in payment, suspended or nil) and a file of that benefit speaks of the month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.tables.measures import MONTHS

Whole: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Values: TypeAlias = pa.ChunkedArray | pa.Array

UNKNOWN = -(2**40)
"""Stands in a whole number of the grid for what is not known, which is never nought."""
OPEN = 2**31 - 1
"""The last day of what still runs, in days since 1970-01-01."""
LIVE = ("in_payment", "suspended", "nil")


@dataclass(frozen=True, slots=True)
class Grid:
    """Households by months.

    chains: keys of the first household of each chain, ascending, int64[H]. starts, ends: first and last day of each month as days since
    1970-01-01, int64[48]. covered: for each source, the months a file of it speaks of. observed: bool[H, 48].
    `keys` and `rows` say in which row of the grid each household is, by its own key.
    """

    year_start: date
    chains: Whole
    keys: Whole
    rows: Whole
    starts: Whole
    ends: Whole
    covered: Mapping[str, Flags]
    observed: Flags

    def row_of(self, keys: Values | Whole) -> Whole:
        """The row of each household key, whichever of its chain's it is; -1 where it is not in the grid."""
        asked = whole_numbers(keys, -1)
        if not len(self.keys):
            return np.full(len(asked), -1, np.int64)
        place = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        return np.where(self.keys[place] == asked, self.rows[place], -1)

    def month_of(self, days: Whole) -> Whole:
        """The number of the month that each day lies in; 0 before the first and 49 after the last."""
        month = np.searchsorted(self.starts, days, side="right")
        return np.where(days > self.ends[-1], MONTHS + 1, month).astype(np.int64)

    def speaks(self, source: str) -> Flags:
        """The months that a file of a source speaks of. A source of which nothing is told is taken to speak of all."""
        return self.covered.get(source, np.ones(MONTHS, bool))


def month_starts(year_start: date, count: int = MONTHS + 1) -> Whole:
    """First days of the months, the one after the last included, as days since 1970-01-01."""
    first = np.datetime64(f"{year_start.year - 2:04d}-{year_start.month:02d}", "M")
    return (first + np.arange(count)).astype("datetime64[D]").astype(np.int64)


def whole_numbers(values: Values | Whole, missing: int = UNKNOWN) -> Whole:
    """A column of whole numbers or dates as int64, with a value for what is missing."""
    if isinstance(values, np.ndarray):
        return values.astype(np.int64)
    held = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_date(held.type):
        held = held.cast(pa.int32())
    return pc.fill_null(held.cast(pa.int64()), missing).to_numpy(zero_copy_only=False)


def flags(values: Values) -> npt.NDArray[np.int8]:
    """A column of true or false as 1, 0 and -1 for missing."""
    return pc.fill_null(values.cast(pa.int8()), -1).to_numpy(zero_copy_only=False).astype(np.int8)


def equals(values: Values, *words: str) -> Flags:
    """Where a column of texts is one of some words."""
    return pc.fill_null(pc.is_in(values, pa.array(words)), fill_value=False).to_numpy(zero_copy_only=False)


def grid_of(tables: Mapping[str, pa.Table], year_start: date) -> Grid:
    """The grid of every household on file, from household_fact, award, universal_credit, household_followed and month_covered."""
    bounds = month_starts(year_start)
    keys, rows, chains = _chained(tables)
    covered = _covered(tables.get("month_covered"), bounds[:-1])
    blank = np.zeros((len(chains), MONTHS), bool)
    grid = Grid(year_start, chains, keys, rows, bounds[:-1], bounds[1:] - 1, covered, blank)
    return Grid(year_start, chains, keys, rows, grid.starts, grid.ends, covered, _observed(grid, tables))


def at_month_ends(
    grid: Grid, key: Values | Whole, start: Values | Whole, end: Values | Whole, value: Whole, *, empty: int = UNKNOWN
) -> Whole:
    """What dated rows say on the last day of each month, int64[H, 48]; `empty` where none speaks of it.

    Of several rows on a day the one that began last holds, and of those that began together the one with the largest value, so that the
    order of the rows is nothing. A row without an end runs on; one without a start always ran.
    """
    row, first, last = _spans(grid, key, start, end)
    order = np.lexsort((value, _starts(start)))
    order = order[(row[order] >= 0) & (first[order] <= last[order])]
    made = np.full(len(grid.chains) * MONTHS, empty, np.int64)
    which, cell = _cells(row[order], first[order], last[order])
    made[cell] = value[order][which]
    return made.reshape(-1, MONTHS)


def summed_at_month_ends(
    grid: Grid, key: Values | Whole, start: Values | Whole, end: Values | Whole, value: Whole
) -> Whole:
    """The sum of what dated rows say on the last day of each month, int64[H, 48]; nought where none speaks of it."""
    row, first, last = _spans(grid, key, start, end)
    kept = (row >= 0) & (first <= last)
    which, cell = _cells(row[kept], first[kept], last[kept])
    made = np.zeros(len(grid.chains) * MONTHS, np.int64)
    np.add.at(made, cell, value[kept][which])
    return made.reshape(-1, MONTHS)


def any_at_month_ends(grid: Grid, key: Values | Whole, start: Values | Whole, end: Values | Whole) -> Flags:
    """Whether any dated row covers the last day of each month, bool[H, 48]."""
    row, first, last = _spans(grid, key, start, end)
    kept = (row >= 0) & (first <= last)
    made = np.zeros(len(grid.chains) * MONTHS, bool)
    made[_cells(row[kept], first[kept], last[kept])[1]] = True
    return made.reshape(-1, MONTHS)


def governing(
    grid: Grid, key: Values | Whole, start: Values | Whole, end: Values | Whole, ranks: Sequence[Whole] = ()
) -> npt.NDArray[np.int32]:
    """The row that holds on the last day of each month, int32[H, 48]: the one that began last; -1 where none covers it.

    Rows that began together are told apart by `ranks`, the most telling first, the larger before the smaller.
    """
    row, first, last = _spans(grid, key, start, end)
    order = np.lexsort((*reversed(ranks), _starts(start)))
    order = order[(row[order] >= 0) & (first[order] <= last[order])]
    made = np.full(len(grid.chains) * MONTHS, -1, np.int32)
    which, cell = _cells(row[order], first[order], last[order])
    made[cell] = order[which]
    return made.reshape(-1, MONTHS)


def taken(column: Whole, governed: npt.NDArray[np.int32], empty: int = UNKNOWN) -> Whole:
    """A column at the rows that `governing` told, [H, 48]; `empty` where none holds."""
    if not len(column):
        return np.full(governed.shape, empty, np.int64)
    return np.where(governed >= 0, column[np.maximum(governed, 0)], empty)


# --- within --------------------------------------------------------------------------------------------------


def _starts(start: Values | Whole) -> Whole:
    return start if isinstance(start, np.ndarray) else whole_numbers(start, -OPEN)


def _spans(grid: Grid, key: Values | Whole, start: Values | Whole, end: Values | Whole) -> tuple[Whole, Whole, Whole]:
    """For each row its place in the grid and the first and the last month whose last day it covers, from 0."""
    first = np.searchsorted(grid.ends, _starts(start), side="left")
    finish = end if isinstance(end, np.ndarray) else whole_numbers(end, OPEN)
    last = np.searchsorted(grid.ends, finish, side="right") - 1
    return grid.row_of(key), first.astype(np.int64), last.astype(np.int64)


def _cells(row: Whole, first: Whole, last: Whole) -> tuple[Whole, Whole]:
    """Every month of every span, span by span: which span it is of, and its cell in the grid laid out flat."""
    length = last - first + 1
    which = np.repeat(np.arange(len(row)), length)
    within = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    return which, (row * MONTHS + first)[which] + within


def _chained(tables: Mapping[str, pa.Table]) -> tuple[Whole, Whole, Whole]:
    """Every household key ascending, the row of its chain, and the chains' own keys ascending."""
    held = [
        whole_numbers(tables[name].column("household_key"), -1)
        for name in ("household_fact", "award", "universal_credit")
        if name in tables
    ]
    keys = np.unique(np.concatenate([*held, np.zeros(0, np.int64)]))
    first = keys.copy()
    followed = tables.get("household_followed")
    if followed is not None and followed.num_rows and len(keys):
        later, chain = (whole_numbers(followed.column(name), -1) for name in ("household_key", "first_key"))
        place = np.minimum(np.searchsorted(keys, later), len(keys) - 1)
        known = keys[place] == later
        first[place[known]] = chain[known]
    chains, rows = np.unique(first, return_inverse=True)
    return keys, rows.astype(np.int64), chains


def _covered(table: pa.Table | None, starts: Whole) -> dict[str, Flags]:
    if table is None or not table.num_rows:
        return {}
    day = whole_numbers(table.column("month"), -OPEN)
    month = np.searchsorted(starts, day, side="right") - 1
    inside = (month >= 0) & (day < starts[-1] + 31) & (flags(table.column("covered")) == 1)
    sources = np.array(table.column("source").to_pylist(), object)
    told: dict[str, Flags] = {}
    for source in sorted(set(sources.tolist())):
        told[source] = np.zeros(len(starts), bool)
        told[source][month[inside & (sources == source)]] = True
    return told


def _observed(grid: Grid, tables: Mapping[str, pa.Table]) -> Flags:
    seen = np.zeros((len(grid.chains), MONTHS), bool)
    award = tables["award"]
    live = equals(award.column("status"), *LIVE)
    for benefit in ("hb", "cts"):
        rows = award.filter(pa.array(live & equals(award.column("benefit"), benefit)))
        seen |= spanned(grid, rows) & grid.speaks(benefit)
    credit = tables.get("universal_credit")
    if credit is not None and "household_fact" in tables:
        fact = tables["household_fact"]
        alone = np.zeros(len(grid.chains), bool)
        alone[grid.row_of(fact.column("household_key").filter(fact.column("credit_only")))] = True
        seen |= spanned(grid, credit) & grid.speaks("universal_credit") & alone[:, None]
    return seen


def spanned(grid: Grid, rows: pa.Table) -> Flags:
    """Whether any row of a table with household_key, start_date and end_date covers the last day of each month."""
    return any_at_month_ends(grid, rows.column("household_key"), rows.column("start_date"), rows.column("end_date"))

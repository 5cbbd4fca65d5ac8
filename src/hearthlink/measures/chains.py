"""Households followed through their claims: which claim of a chain speaks in a month, and unbroken spells of it.

A new reference, a claimant and a partner who change places, and a claim begun anew by the same people make no event: dates of every claim
of a chain are laid end to end before anything is told of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.months import LIVE, OPEN, Grid, Values, Whole, equals, governing, whole_numbers
from hearthlink.tables.measures import MONTHS

REACH = 2**32
"""Larger than any difference of two days, so that the days of one household never meet those of the next."""


@dataclass(frozen=True, slots=True)
class Spells:
    """Unbroken spells of households: the row of the grid, the first and the last day, in order of both."""

    row: Whole
    start: Whole
    end: Whole

    def taken(self, which: npt.NDArray[np.bool_]) -> Spells:
        """Those of the spells that are true."""
        return Spells(self.row[which], self.start[which], self.end[which])


def spells_of(row: Whole, start: Whole, end: Whole, *, slack: int = 0) -> Spells:
    """Spells from days that may overlap or follow on each other with up to `slack` days between. Rows outside the grid are left out."""
    kept = (row >= 0) & (start <= end)
    row, start, end = row[kept], start[kept], end[kept]
    order = np.lexsort((end, start, row))
    row, start, end = row[order], start[order], end[order]
    if not len(row):
        return Spells(row, start, end)
    # Each household's days are moved beyond those of the one before it, so that one running maximum serves all.
    reach = np.maximum.accumulate(end + row * REACH) - row * REACH
    fresh = np.r_[True, (row[1:] != row[:-1]) | (start[1:] > reach[:-1] + 1 + slack)]
    first = np.flatnonzero(fresh)
    return Spells(row[first], start[first], np.maximum.reduceat(end, first))


def dated(grid: Grid, rows: pa.Table) -> tuple[Whole, Whole, Whole]:
    """The grid's row, the first and the last day of each row of a table with household_key, start_date and end_date."""
    start = whole_numbers(rows.column("start_date"), -OPEN)
    return grid.row_of(rows.column("household_key")), start, whole_numbers(rows.column("end_date"), OPEN)


def spells(grid: Grid, rows: pa.Table, *, slack: int = 0) -> Spells:
    """The spells that the rows of a table come to."""
    return spells_of(*dated(grid, rows), slack=slack)


def held_by(grid: Grid, tables: Mapping[str, pa.Table]) -> Whole:
    """The household of the chain whose claim speaks on the last day of each month, as its place among `grid.keys`; -1 where none does.

    Of several, the one whose claim began last. A household known from Universal Credit alone speaks where no claim of its chain does.
    """
    award = tables["award"]
    award = award.filter(pa.array(equals(award.column("status"), *LIVE)))
    place = _speaking(grid, award)
    credit = _speaking(grid, tables["universal_credit"])
    return np.where(place >= 0, place, credit)


def placed(grid: Grid, keys: Values) -> Whole:
    """The place of each household among `grid.keys`; -1 where it is not there."""
    asked = whole_numbers(keys, -1)
    if not len(grid.keys):
        return np.full(len(asked), -1, np.int64)
    place = np.minimum(np.searchsorted(grid.keys, asked), len(grid.keys) - 1)
    return np.where(grid.keys[place] == asked, place, -1)


def _speaking(grid: Grid, rows: pa.Table) -> Whole:
    """The household of the row that began last, of those that cover the last day of a month."""
    key, place = rows.column("household_key"), placed(grid, rows.column("household_key"))
    begun = _first_day(place, whole_numbers(rows.column("start_date"), -OPEN), len(grid.keys))
    held = governing(grid, key, rows.column("start_date"), rows.column("end_date"), (begun,))
    if not rows.num_rows:
        return np.full((len(grid.chains), MONTHS), -1, np.int64)
    return np.where(held >= 0, place[np.maximum(held, 0)], -1)


def _first_day(place: Whole, start: Whole, households: int) -> Whole:
    """The first day of the household that each row is of."""
    first = np.full(households, OPEN, np.int64)
    np.minimum.at(first, place[place >= 0], start[place >= 0])
    return np.where(place >= 0, first[place], OPEN) if households else start

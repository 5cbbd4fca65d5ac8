"""What claims say of a household on the last day of each month, from the sources of `household_period` in order of trust.

The Housing Benefit extract is a picture of each month and is taken first; then council tax support, then the benefits system's own tables,
then a council's own by mapping. Of each only what it holds is taken: an empty cell gives way to the next source, and is never nought. A
source says nothing of a month that no file of it speaks of, and an ended claim says nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.months import OPEN, UNKNOWN, Flags, Grid, Whole, equals, flags, governing, whole_numbers

SOURCES = ("shbe", "cts", "academy", "mapped")
BENEFIT = {"shbe": "hb", "cts": "cts"}
"""The benefit by whose files the months of a source are known to be covered."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The rows of `household_period` that hold on the last day of each month: for each source int32[H, 48], -1 where none."""

    period: pa.Table
    governed: Mapping[str, npt.NDArray[np.int32]]
    shape: tuple[int, int]

    def whole(self, name: str, sources: Sequence[str] = SOURCES) -> Whole:
        """A column of whole numbers, int64[H, 48]: of the first source that holds it; `UNKNOWN` where none does."""
        return self._first(whole_numbers(self.period.column(name)), UNKNOWN, sources)

    def flag(self, name: str, sources: Sequence[str] = SOURCES) -> npt.NDArray[np.int8]:
        """A column of true or false, int8[H, 48]: 1, 0 and -1 for not known."""
        return self._first(flags(self.period.column(name)).astype(np.int64), -1, sources).astype(np.int8)

    def code(self, name: str, words: Sequence[str], sources: Sequence[str] = SOURCES) -> npt.NDArray[np.int8]:
        """A column of texts as the place of each among some words, int8[H, 48]; -1 for another word or none."""
        place = pc.index_in(self.period.column(name), value_set=pa.array(words, pa.string()))
        return self._first(whole_numbers(place, -1), -1, sources).astype(np.int8)

    def anywhere(self, true_rows: Flags, sources: Sequence[str] = SOURCES) -> Flags:
        """Whether any source's row is one of those that are true, bool[H, 48]."""
        found = np.zeros(self.shape, bool)
        for governed in self._of(sources):
            found |= (governed >= 0) & true_rows[np.maximum(governed, 0)]
        return found

    def _first(self, column: Whole, missing: int, sources: Sequence[str]) -> Whole:
        made = np.full(self.shape, missing, np.int64)
        for governed in self._of(sources):
            open_cells = (made == missing) & (governed >= 0)
            made[open_cells] = column[governed[open_cells]]
        return made

    def _of(self, sources: Sequence[str]) -> list[npt.NDArray[np.int32]]:
        return [self.governed[name] for name in sources if name in self.governed]


DAYS = {"household_key": -1, "start_date": -(2**31), "end_date": OPEN}


def circumstances(grid: Grid, tables: Mapping[str, pa.Table]) -> Circumstances:
    """The circumstances of every household of the grid, from `household_period`."""
    period = tables["household_period"]
    period = period.filter(pa.array(~equals(period.column("status"), "ended"))).combine_chunks()
    key, start, end = (whole_numbers(period.column(name), missing) for name, missing in DAYS.items())
    said = np.zeros(period.num_rows, np.int64)
    for name in period.column_names:
        said += pc.is_valid(period.column(name)).to_numpy(zero_copy_only=False)
    governed: dict[str, npt.NDArray[np.int32]] = {}
    for source in SOURCES:
        rows = np.flatnonzero(equals(period.column("source"), source))
        if len(rows):
            ranks = (said[rows], _told_apart(period, rows, grid.row_of(key[rows]), start[rows]))
            held = governing(grid, key[rows], start[rows], end[rows], ranks)
            spoken = (held >= 0) & grid.speaks(BENEFIT.get(source, source))
            governed[source] = np.where(spoken, rows[np.maximum(held, 0)], -1).astype(np.int32)
    return Circumstances(period, governed, grid.observed.shape)


def _told_apart(period: pa.Table, rows: Whole, household: Whole, start: Whole) -> Whole:
    """A number for each of some rows that tells those of one household and day apart by all they say, so that the order of rows is nothing."""
    number = np.zeros(len(rows), np.int64)
    order = np.lexsort((start, household))
    same = (np.diff(household[order]) == 0) & (np.diff(start[order]) == 0)
    twins = np.sort(order[np.r_[False, same] | np.r_[same, False]]) if len(rows) else order
    if len(twins):
        held = period.take(pa.array(rows[twins])).drop_columns(["household_key"]).append_column("row", pa.array(twins))
        keys = [(name, "ascending") for name in held.column_names if name != "row"]
        number[held.sort_by(keys).column("row").to_numpy()] = np.arange(1, len(twins) + 1)
    return number

"""Who is in a household on the last day of each month: adults, children, the youngest, and the size that income is measured against.

The people are those of the claim that speaks in the month. A household is the claimant, a partner and their dependants: what others who
live with them earn is not held, so that they are counted neither in its income nor in its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.chains import held_by, placed
from hearthlink.measures.months import OPEN, UNKNOWN, Flags, Grid, Whole, equals, whole_numbers
from hearthlink.tables.measures import MONTHS

GROWN_AT = 14
"""Years of age from which a child counts as a further adult in the scale."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An equivalence scale in hundredths: the first adult, each further adult or child of 14 and more, each younger child."""

    first: int
    further: int
    younger: int


BEFORE_COSTS = Scale(67, 33, 20)
"""Modified OECD scale with a couple as one, for income before housing costs (domain.md 2.2)."""
AFTER_COSTS = Scale(58, 42, 20)
"""The companion scale for income after housing costs, as Households Below Average Income has it."""
MOST_CHILDREN = 5
BANDS = (1, 5, 10, 16)
"""Ages in years at which the next band of the youngest child begins."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is there on the last day of each month; every array is [H, 48].

    adults: 1 or 2, and -1 where not known. children: dependants, -1 where nobody is listed. youngest: first day of the month of birth of
    the youngest dependant, `UNKNOWN` where there is none. older: dependants of 14 and more. unsure: a dependant's birth is not held.
    """

    adults: Whole
    children: Whole
    youngest: Whole
    older: Whole
    unsure: Flags

    def size(self, scale: Scale) -> Whole:
        """The size of the household in hundredths of a couple; `UNKNOWN` where it cannot be told."""
        size = scale.first + (self.adults - 1 + self.older) * scale.further
        size = size + (self.children - self.older) * scale.younger
        return np.where((self.adults > 0) & ~self.unsure, size, UNKNOWN)


def people(grid: Grid, tables: Mapping[str, pa.Table]) -> People:
    """The people of every household, from `household_person`."""
    person = tables["household_person"]
    held = held_by(grid, tables)
    place = placed(grid, person.column("household_key"))
    start, end = whole_numbers(person.column("start_date"), -OPEN), whole_numbers(person.column("end_date"), OPEN)
    born = whole_numbers(person.column("born"))
    row = grid.row_of(person.column("household_key"))
    cells = _Cells(grid, held, place, row)
    adult = equals(person.column("role"), "claimant", "partner")
    child = equals(person.column("role"), "dependant")
    grown = np.maximum(_birthday(born, GROWN_AT), start)
    listed = cells.count(np.ones(len(row), bool), start, end)
    adults = cells.count(adult, start, end)
    children = cells.count(child, start, end)
    nobody = listed == 0
    return People(
        np.where(nobody | (adults == 0), -1, np.minimum(adults, 2)),
        np.where(nobody, -1, children),
        cells.most(child & (born != UNKNOWN), start, end, born),
        cells.count(child & (born != UNKNOWN), grown, end),
        cells.count(child & (born == UNKNOWN), start, end) > 0,
    )


def states(grid: Grid, told: People) -> dict[str, npt.NDArray[np.int8]]:
    """adults, children (5 for 5 and more) and the age band of the youngest; -1 where not known."""
    band = np.zeros(told.youngest.shape, np.int64)
    for age in BANDS:
        band += _birthday(told.youngest, age) <= grid.ends
    youngest = np.where((told.youngest == UNKNOWN) | told.unsure, -1, band)
    return {
        "adults": told.adults.astype(np.int8),
        "children": np.minimum(told.children, MOST_CHILDREN).astype(np.int8),
        "youngest": youngest.astype(np.int8),
    }


class _Cells:
    """Counting people by household and month, those alone whose household speaks in the month."""

    def __init__(self, grid: Grid, held: Whole, place: Whole, row: Whole) -> None:
        self._ends = grid.ends
        self._held = held
        self._place = place
        self._row = row

    def count(self, wanted: Flags, start: Whole, end: Whole) -> Whole:
        """How many of the wanted people are there."""
        _, cell = self._spread(wanted, start, end)
        return np.bincount(cell, minlength=self._held.size).reshape(-1, MONTHS)

    def most(self, wanted: Flags, start: Whole, end: Whole, value: Whole) -> Whole:
        """The largest value among the wanted people; `UNKNOWN` where there are none."""
        made = np.full(self._held.size, UNKNOWN, np.int64)
        which, cell = self._spread(wanted, start, end)
        np.maximum.at(made, cell, value[which])
        return made.reshape(-1, MONTHS)

    def _spread(self, wanted: Flags, start: Whole, end: Whole) -> tuple[Whole, Whole]:
        first = np.searchsorted(self._ends, start, side="left")
        last = np.searchsorted(self._ends, end, side="right") - 1
        kept = np.flatnonzero(wanted & (self._row >= 0) & (first <= last))
        length = (last - first + 1)[kept]
        which = np.repeat(kept, length)
        within = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
        cell = self._row[which] * MONTHS + first[which] + within
        speaks = self._held.reshape(-1)[cell] == self._place[which]
        return which[speaks], cell[speaks]


def _birthday(born: Whole, years: int) -> Whole:
    """The first day of the month in which somebody born in a month comes to an age."""
    month = born.astype("datetime64[D]").astype("datetime64[M]") + 12 * years
    return np.where(born == UNKNOWN, OPEN, month.astype("datetime64[D]").astype(np.int64))

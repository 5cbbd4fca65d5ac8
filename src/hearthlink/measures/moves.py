"""Moves: a household's home is another one than before.

Homes are told apart by property number or by postcode and house number (`household_home`), so another way of writing an address is no move. A home
that follows another in the same postcode may be the same one, corrected, and is none either: a move within a postcode is missed rather than
invented. A return to a home left before is a move. The first home on file is none, and neither is one under a claim that goes on as
another, whose homes are numbered anew: what that household left behind is not seen.

An address is written down when the office hears of it. The day is the first on which a file states or shows it, and a move nobody told the
office of is never seen. An address that one file gives for a while within a longer stay at another, which goes on, is that file's mistake.

Traps, each with a test by its name: a corrected address; a return; the first home; two files that hear of a move on different days; a short stay
within another.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from hearthlink.measures.happened import happened
from hearthlink.measures.months import OPEN, Flags, Grid, Whole, flags, whole_numbers

WITHIN = 62
"""Days that a stay within another may last and be a mistake."""
REACH = 2**32


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `move`, each on the first day of the stay in the new home."""
    homes = tables["household_home"]
    names = ("household_key", "home_no")
    key, number = (whole_numbers(homes.column(name), -1) for name in names)
    start, end = whole_numbers(homes.column("start_date"), -OPEN), whole_numbers(homes.column("end_date"), OPEN)
    corrected = flags(homes.column("same_postcode")) == 1
    order = np.lexsort((number, end, start, key))
    key, number, start, end = (column[order] for column in (key, number, start, end))
    corrected = corrected[order]
    kept = ~_within_another(key, start, end)
    key, number, start, corrected = key[kept], number[kept], start[kept], corrected[kept]
    moved = np.zeros(len(key), bool)
    moved[1:] = (key[1:] == key[:-1]) & (number[1:] != number[:-1]) & ~_same_place(number, corrected)
    row = grid.row_of(key)
    moved &= (row >= 0) & (start > -OPEN)
    return happened(grid, row[moved], "move", start[moved], basis="effective")


def _within_another(key: Whole, start: Whole, end: Whole) -> Flags:
    """Which stays, in order of household and day, are short and lie within one that begins before and goes on after."""
    if not len(key):
        return np.zeros(0, bool)
    _, place = np.unique(key, return_inverse=True)
    reach = np.maximum.accumulate(place * REACH + end)
    longest = np.r_[-1, reach[:-1]] - place * REACH
    return (end - start < WITHIN) & (longest > end) & (np.r_[-1, place[:-1]] == place)


def _same_place(number: Whole, corrected: Flags) -> Flags:
    """Of two homes that follow each other, whether they are neighbours by number and the later is marked as the earlier, corrected."""
    first, second = number[:-1], number[1:]
    up = corrected[1:] & (second == first + 1)
    down = corrected[:-1] & (first == second + 1)
    return up | down

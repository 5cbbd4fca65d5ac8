"""Bedrooms: how many the bedroom standard gives a household, how many it has, and whether it lives in temporary accommodation.

The standard is the *bedroom standard* of the English Housing Survey, as the allocation guidance under the Housing Act 1996 has it: a bedroom
for each couple, for each other person of 21 and over, for each pair aged 10 to 20 of the same sex, and for each pair under 10; one of 10
to 20 left over shares with a child under 10 of the same sex, and whoever is then left over has a room alone. It is not the rule of the local
housing allowance and of the reduction for spare bedrooms (`household_period.lha_rooms`): that one gives a room alone from 16, and the
allowance stops at four bedrooms. Nor is it the legal limit of the Housing Act 1985, which counts living rooms too.

Where it departs from the letter: a claimant or a partner under 21 is taken as an adult, for nobody calls a young mother an adolescent; and
two of those who live there besides (non-dependants) who are a couple are taken as two, for that they are one is not held.

Traps, each with a test by its name: bedrooms are held for few tenures (*not seen*, which is not *enough*); a nought is a blank that a system
filled in; a child whose birth or sex is not held (the sex only where it decides); a claim that lists no child by name; a claim that goes on
under another reference, whose people would else be counted twice; a child who left, or was born, within the month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.chains import held_by, placed
from hearthlink.measures.circumstances import Circumstances, circumstances
from hearthlink.measures.months import (
    OPEN,
    UNKNOWN,
    Flags,
    Grid,
    Whole,
    any_at_month_ends,
    at_month_ends,
    equals,
    whole_numbers,
)
from hearthlink.tables.measures import MONTHS

Counts = npt.NDArray[np.int16]
SHARING_FROM, GROWN = 10, 21
"""Years of age from which sex decides who may share, and from which nobody need share but a couple."""
MOST_BEDROOMS = 15
"""More than this is no count of bedrooms."""
MOST_SHORT = 2
TENURE_TEMPORARY = "council_temporary"


@dataclass(frozen=True, slots=True)
class Sleepers:
    """How many of each kind sleep in each household on the last day of each month; every array is int16[H, 48].

    heads: claimants and partners. grown: others of 21 and over. older: others of 10 to 20, by sex F, M. younger: others under 10, by sex.
    older_unsure, younger_unsure: those whose sex is not held. undated: others whose birth is not held.
    """

    heads: Counts
    grown: Counts
    older: tuple[Counts, Counts]
    younger: tuple[Counts, Counts]
    older_unsure: Counts
    younger_unsure: Counts
    undated: Counts


def states(
    grid: Grid, tables: Mapping[str, pa.Table], told: Circumstances | None = None
) -> dict[str, npt.NDArray[np.int8]]:
    """overcrowded (1, 0), rooms_short (0, 1, 2 for 2 and more) and poor_home (1, 0); -1 where not seen."""
    stated = circumstances(grid, tables) if told is None else told
    needed = bedrooms_needed(sleepers(grid, tables))
    have = bedrooms(grid, tables, stated)
    seen = (needed >= 0) & (have > 0)
    short = np.where(seen, np.clip(needed - have, 0, MOST_SHORT), -1).astype(np.int8)
    return {
        "overcrowded": np.minimum(short, 1),
        "rooms_short": short,
        "poor_home": poor_home(grid, tables, stated),
    }


# --- the standard --------------------------------------------------------------------------------------------


def bedrooms_needed(there: Sleepers) -> npt.NDArray[np.int16]:
    """Bedrooms by the standard, int16[H, 48]; -1 where it cannot be told who sleeps there.

    Where the sex of one person under 21 is not held, both are tried, and the answer stands where it is the same. More than one is too many.
    """
    unsure = there.older_unsure + there.younger_unsure
    answers: list[npt.NDArray[np.int16]] = []
    for sex in (0, 1):
        older, younger = list(there.older), list(there.younger)
        older[sex] = older[sex] + there.older_unsure
        younger[sex] = younger[sex] + there.younger_unsure
        answers.append(_standard(there.heads, there.grown, older, younger))
    told = (unsure <= 1) & (answers[0] == answers[1]) & (there.undated == 0) & (there.heads > 0)
    return np.where(told, answers[0], np.int16(-1))


def _standard(heads: Counts, grown: Counts, older: list[Counts], younger: list[Counts]) -> npt.NDArray[np.int16]:
    """The standard's rooms from counts. Heads are a couple where there are two; a third, whom some systems hold, has a room alone."""
    rooms = np.maximum(heads - 1, np.minimum(heads, 1)) + grown
    left = younger[0] + younger[1]
    for old, young in zip(older, younger, strict=True):
        rooms = rooms + (old + 1) // 2
        left = left - ((old % 2 == 1) & (young > 0))
    return (rooms + (left + 1) // 2).astype(np.int16)


# --- who sleeps there ------------------------------------------------------------------------------------------


def sleepers(grid: Grid, tables: Mapping[str, pa.Table]) -> Sleepers:
    """Who is listed, by the kinds that the standard knows, from `household_person`: the people of the claim that speaks in the month.

    Ages are those of the month's last day, on which everybody born in the month has had their birthday: so the month of birth tells them
    to the year, and no day of birth is needed. A household whose claims never list a dependant
    has no heads either, so that nothing is said of it: its children are stated by number alone, and it would pass for an empty home.
    """
    person = tables["household_person"]
    head = equals(person.column("role"), "claimant", "partner")
    child = equals(person.column("role"), "dependant")
    sexes = [equals(person.column("sex"), sex) for sex in ("F", "M")]
    count = _Listed(grid, tables)
    of_sex = [~head & which for which in sexes]
    unsure = ~head & ~sexes[0] & ~sexes[1]
    lists = _names_children(grid, person, child)
    return Sleepers(
        np.where(lists[:, None], count.of(head), 0).astype(np.int16),
        count.of(~head, GROWN, None),
        (count.of(of_sex[0], SHARING_FROM, GROWN), count.of(of_sex[1], SHARING_FROM, GROWN)),
        (count.of(of_sex[0], 0, SHARING_FROM), count.of(of_sex[1], 0, SHARING_FROM)),
        count.of(unsure, SHARING_FROM, GROWN),
        count.of(unsure, 0, SHARING_FROM),
        count.of(~head & count.undated),
    )


def _names_children(grid: Grid, person: pa.Table, child: Flags) -> Flags:
    """Whether any claim of a household ever lists a dependant, bool[H]."""
    row = grid.row_of(person.column("household_key"))
    named = np.zeros(len(grid.chains), bool)
    named[row[child & (row >= 0)]] = True
    return named


class _Listed:
    """Counting the people listed on the last day of each month, by age. Counted for each claim first, then taken of the one that speaks."""

    def __init__(self, grid: Grid, tables: Mapping[str, pa.Table]) -> None:
        person = tables["household_person"]
        self._held = held_by(grid, tables).astype(np.int32)
        self._households = len(grid.keys)
        self._place = placed(grid, person.column("household_key"))
        start, end = whole_numbers(person.column("start_date"), -OPEN), whole_numbers(person.column("end_date"), OPEN)
        self._first = np.searchsorted(grid.ends, start, side="left")
        self._last = np.searchsorted(grid.ends, end, side="right") - 1
        born = whole_numbers(person.column("born"))
        self.undated: Flags = born == UNKNOWN
        month = np.where(self.undated, 0, born).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        # The month of the grid, from 0, in which each person was born.
        self._born = month - int(grid.starts[0].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))

    def of(self, wanted: Flags, years: int | None = None, before: int | None = None) -> Counts:
        """How many of the wanted people are listed, int16[H, 48]: of `years` and more, and not yet `before`; where years are asked, the dated alone."""
        first, last = self._first, self._last
        kept = wanted & (self._place >= 0)
        if years is not None:
            kept = kept & ~self.undated
            first = np.maximum(first, self._born + 12 * years)
        if before is not None:
            last = np.minimum(last, self._born + 12 * before - 1)
        kept = np.flatnonzero(kept & (first <= last) & (first < MONTHS) & (last >= 0))
        changes = np.zeros((self._households + 1, MONTHS + 1), np.int16)
        np.add.at(changes, (self._place[kept], np.maximum(first[kept], 0)), 1)
        np.add.at(changes, (self._place[kept], np.minimum(last[kept] + 1, MONTHS)), -1)
        counted = np.cumsum(changes[:, :MONTHS], axis=1, dtype=np.int16)
        # The last row counts nobody, and stands for the months in which no claim speaks: -1 takes it.
        return np.take_along_axis(counted, self._held, axis=0)


# --- bedrooms and homes --------------------------------------------------------------------------------------


def bedrooms(grid: Grid, tables: Mapping[str, pa.Table], stated: Circumstances) -> Whole:
    """Bedrooms of the home, int64[H, 48]: as the landlord's own account has them, else as a claim states them; -1 where neither does."""
    account = tables["rent_account"]
    held = whole_numbers(account.column("bedrooms"))
    known = (held > 0) & (held <= MOST_BEDROOMS)
    account = account.filter(pa.array(known))
    landlord = at_month_ends(
        grid, account.column("household_key"), account.column("start_date"), _end_of(account), held[known], empty=-1
    )
    claimed = stated.whole("bedrooms")
    claimed = np.where((claimed > 0) & (claimed <= MOST_BEDROOMS), claimed, -1)
    return np.where(landlord > 0, landlord, claimed)


def _covered(grid: Grid, account: pa.Table) -> Flags:
    return any_at_month_ends(grid, account.column("household_key"), account.column("start_date"), _end_of(account))


def _end_of(account: pa.Table) -> Whole:
    """The day a row of a rent account ends: the tenancy's own end, where that is earlier."""
    ends = (whole_numbers(account.column(name), OPEN) for name in ("end_date", "tenancy_end"))
    return np.minimum(*ends)


def poor_home(grid: Grid, tables: Mapping[str, pa.Table], stated: Circumstances) -> npt.NDArray[np.int8]:
    """Whether the household lives in temporary accommodation, int8[H, 48]: by a spell of it, or by the tenure of its claim or its account.

    A spell covers the hostel, the refuge, bed and breakfast, what is let by the night or leased, and what a council or an association lends.
    -1 where no spell holds and no source states the tenure: a household in temporary accommodation of another council is not seen to be so.
    Damp, cold and disrepair are held nowhere.
    """
    spell = tables["temporary_accommodation"]
    there = any_at_month_ends(grid, spell.column("household_key"), spell.column("start_date"), spell.column("end_date"))
    account = tables["rent_account"]
    lent = equals(account.column("tenure"), TENURE_TEMPORARY)
    there = there | _covered(grid, account.filter(pa.array(lent)))
    let = _covered(grid, account.filter(pa.array(~lent)))
    tenure = stated.code("tenure", (TENURE_TEMPORARY, "council", "private", "housing_association", "owner"))
    there = there | (tenure == 0)
    return np.where(there, 1, np.where((tenure > 0) | let, 0, -1)).astype(np.int8)

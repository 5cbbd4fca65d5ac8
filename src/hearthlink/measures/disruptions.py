"""Disruptions: a benefit suspended, a claim that broke off and began again, a claim that ended and none followed.

Each benefit of the council is followed through the whole chain of claims, so that a new reference or partners who change places make no
event. A gap, or an end, counts only where files speak of every month that it is judged by: a missing file is never a gap. Where Universal
Credit begins, the claim has migrated. What is judged to have ended at the edge of the files is left out, as what followed is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.chains import REACH, Spells, dated, spells, spells_of
from hearthlink.measures.happened import EVENTS_SCHEMA, apart, dosed, happened, joined
from hearthlink.measures.months import LIVE, OPEN, Flags, Grid, Whole, equals, flags, whole_numbers
from hearthlink.tables.measures import MONTHS

WITHIN = 91
"""Thirteen weeks: a claim that begins again within them had a gap, and one that does not had ended."""
SHORTEST = 7
"""Fewer days between two claims are no gap: claims begin on Mondays."""
FOLLOWED_BY_CREDIT = 45
"""Days before an end from which Universal Credit may begin in its place: the two overlap by weeks."""
WORTH_WITHIN = 31
"""Days before an end within which something was in payment or suspended: that a nil award lapses takes nothing from anybody."""
MIGRATED = r"(?i)universal credit|\buc\b|migrat"
"""Words of an end's reason that say it went over to Universal Credit."""
DOSE_WEEKS = (28, 56)
"""Days of a gap from which its dose is 2 and 3: four weeks and eight."""
DOSE_PENCE = (5000, 15000)
"""Pence a week suspended from which the dose is 2 and 3."""
BENEFITS = ("hb", "cts")
RUNS_IN = {"hb": ("shbe", "academy", "mapped", "cts"), "cts": ("cts", "academy", "mapped")}
"""The sources of `household_period` that tell why a benefit ended."""


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `suspension`, `gap` and `claim_end`."""
    made = [_suspensions(grid, tables)]
    gaps: list[pa.Table] = []
    ends: list[pa.Table] = []
    taking_over = credit_spells(grid, tables)
    for benefit in BENEFITS:
        held = spells(grid, _awards(tables, benefit, *LIVE), slack=SHORTEST - 1)
        worth = spells(grid, _awards(tables, benefit, "in_payment", "suspended"))
        something = meets(worth, held.row, held.end - WORTH_WITHIN, held.end)
        gaps.append(_gaps(grid, held, something, taking_over, benefit))
        after = np.minimum(held.end, OPEN - 1) + 1
        stayed = something & ~meets(_migrations(grid, tables, benefit), held.row, after, after)
        ends.append(_ends(grid, held, stayed, taking_over, benefit))
    return joined([*made, _once(grid, gaps), _once(grid, ends)])


def credit_spells(grid: Grid, tables: Mapping[str, pa.Table]) -> Spells:
    """Spells in which Universal Credit is in payment, by its awards or by what claims say."""
    awards = tables["universal_credit"]
    awards = awards.filter(pc.fill_null(pc.greater(awards.column("award"), 0), fill_value=False))
    said = tables["household_period"].select(["household_key", "start_date", "end_date", "uc_in_payment"])
    said = said.filter(pa.array(flags(said.column("uc_in_payment")) == 1))
    parts = [dated(grid, awards), dated(grid, said)]
    row, start, end = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return spells_of(row, start, end, slack=FOLLOWED_BY_CREDIT)


def meets(held: Spells, row: Whole, first: Whole, last: Whole, *, begins: bool = False) -> Flags:
    """Whether any spell of the household lies on any day from `first` to `last`; with `begins`, whether any begins there."""
    at = held.row * REACH + held.start
    upto = np.searchsorted(at, row * REACH + last, side="right")
    if begins:
        return upto > np.searchsorted(at, row * REACH + first, side="left")
    before = np.maximum(upto - 1, 0)
    if not len(at):
        return np.zeros(len(row), bool)
    return (upto > 0) & (held.row[before] == row) & (held.end[before] >= first)


# --- within --------------------------------------------------------------------------------------------------


def _awards(tables: Mapping[str, pa.Table], benefit: str | None, *statuses: str) -> pa.Table:
    award = tables["award"]
    wanted = equals(award.column("status"), *statuses)
    if benefit is not None:
        wanted &= equals(award.column("benefit"), benefit)
    return award.filter(pa.array(wanted))


def _suspensions(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """A benefit was in payment the day before, and is suspended. The dose is by how much a week is held up."""
    rows = _awards(tables, None, "suspended")
    held = spells(grid, rows, slack=SHORTEST - 1)
    paid = spells(grid, _awards(tables, None, "in_payment"))
    began = meets(paid, held.row, held.start - 1, held.start - 1)
    row, start, _ = dated(grid, rows)
    weekly = whole_numbers(rows.column("weekly_pence"), 0)
    # What is held up on the first day: both benefits where both are suspended then.
    place = np.searchsorted(held.row * REACH + held.start, row * REACH + start, side="right") - 1
    amount = np.zeros(len(held.row), np.int64)
    inside = (row >= 0) & (place >= 0)
    first = inside & (start <= held.start[np.maximum(place, 0)] + SHORTEST) if len(held.row) else inside
    np.add.at(amount, place[first], weekly[first])
    return happened(
        grid, held.row[began], "suspension", held.start[began], basis="effective", dose=dosed(amount, DOSE_PENCE)[began]
    )


def _gaps(grid: Grid, held: Spells, something: Flags, credit: Spells, benefit: str) -> pa.Table:
    same = (held.row[1:] == held.row[:-1]) & something[:-1]
    first, last = held.end[:-1] + 1, held.start[1:] - 1
    days = last - first + 1
    counted = same & (days >= SHORTEST) & (days <= WITHIN) & _spoken(grid, benefit, first, last)
    counted &= ~meets(credit, held.row[1:], first, last)
    return happened(
        grid, held.row[1:][counted], "gap", first[counted], basis="effective", dose=dosed(days, DOSE_WEEKS)[counted]
    )


def _ends(grid: Grid, held: Spells, stayed: Flags, credit: Spells, benefit: str) -> pa.Table:
    last = held.end < OPEN
    follows = np.zeros(len(held.row), bool)
    follows[:-1] = (held.row[1:] == held.row[:-1]) & (held.start[1:] - held.end[:-1] - 1 <= WITHIN)
    first = np.where(last, held.end + 1, 0)
    counted = last & stayed & ~follows & _spoken(grid, benefit, first, first + WITHIN)
    counted &= ~meets(credit, held.row, first - FOLLOWED_BY_CREDIT, first + WITHIN, begins=True)
    return happened(grid, held.row[counted], "claim_end", first[counted], basis="effective")


def _migrations(grid: Grid, tables: Mapping[str, pa.Table], benefit: str) -> Spells:
    """Days about an end of which a source says that it went over to Universal Credit."""
    period = tables["household_period"]
    words = pc.fill_null(pc.match_substring_regex(period.column("end_reason"), MIGRATED), fill_value=False)
    told = words.to_numpy(zero_copy_only=False) & equals(period.column("source"), *RUNS_IN[benefit])
    rows = period.select(["household_key", "start_date", "end_date", "status"]).filter(pa.array(told))
    row, start, end = dated(grid, rows)
    # A row of an ended claim begins the day after; of one that is told by periods, the last row holds the reason.
    ended = equals(rows.column("status"), "ended")
    day = np.where(ended, start, np.minimum(end, OPEN - WITHIN) + 1)
    return spells_of(row, day - FOLLOWED_BY_CREDIT, day + FOLLOWED_BY_CREDIT)


def _spoken(grid: Grid, benefit: str, first: Whole, last: Whole) -> Flags:
    """Whether files of a benefit speak of every month from one day to another, all of them within the grid."""
    silent = np.r_[0, np.cumsum(~grid.speaks(benefit))]
    one, other = grid.month_of(first), grid.month_of(last)
    inside = (one >= 1) & (other <= MONTHS) & (last >= first)
    one, other = np.clip(one, 1, MONTHS), np.clip(other, 1, MONTHS)
    return inside & (silent[other] == silent[one - 1])


def _once(grid: Grid, tables: list[pa.Table]) -> pa.Table:
    """What two benefits tell of one household at one time, told once: by the earlier day."""
    told = joined(tables).sort_by([(name, "ascending") for name in EVENTS_SCHEMA.names])
    alone = apart(grid.row_of(told.column("household_key")), whole_numbers(told.column("day")), WITHIN)
    return told.filter(pa.array(alone))

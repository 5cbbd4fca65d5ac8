"""Reductions: benefit income fell between two months in which the same benefits ran, and nothing explains it that is no reduction.

Counted is the fall of Housing Benefit, council tax support and Universal Credit together, by the week, of the benefits that run in both
months. It is a reduction from a tenth of the amount before and from five pounds a week. It is none where

- rates changed for everybody (the first days of April, the first assessment period at new rates, the end of the rise of 20 pounds);
- Universal Credit began or ended in the month or beside it, which is a migration;
- the earnings of Universal Credit moved by a payday;
- a child left the household, by the claim or by Universal Credit, or an adult came or went;
- rent, or the housing element for it, fell by as much, or other income rose by as much.

A claim that ended, broke off or was suspended is a disruption and no reduction. What is left is called a reduction whatever brought it:
the cap, a sanction, spare bedrooms, others who live there, a decision.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.benefits import live
from hearthlink.measures.calendar import flagged, in_uprating
from hearthlink.measures.happened import dosed, happened
from hearthlink.measures.income import other_lines, summed
from hearthlink.measures.known import Known
from hearthlink.measures.months import UNKNOWN, Flags, Whole
from hearthlink.tables.measures import MONTHS

LEAST_PENCE = 500
"""Five pounds a week."""
LEAST_SHARE = 10
"""A tenth: the fall times this is no less than the amount before."""
DOSE_PER_CENT = (20, 40)
"""Shares of the amount before, in hundredths, from which the dose is 2 and 3."""


def events(known: Known) -> pa.Table:
    """The events `reduction`: the day is that from which the amount that fell most has stood."""
    falls, before, since = _falls(known)
    counted = (falls >= LEAST_PENCE) & (falls * LEAST_SHARE >= before)
    counted &= ~_migrated(known.credit.on) & ~_people_changed(known) & ~_explained(known, falls)
    row, month = np.nonzero(counted)
    fell, base = falls[row, month], before[row, month]
    dose = dosed(fell * 100 // np.maximum(base, 1), DOSE_PER_CENT)
    return happened(known.grid, row, "reduction", since[row, month], basis="effective", dose=dose)


def _falls(known: Known) -> tuple[Whole, Whole, Whole]:
    """For each month the fall since the month before, the amount before it, and the day of the benefit that fell most."""
    grid = known.grid
    shape = (len(grid.chains), MONTHS)
    falls, before, largest = (np.zeros(shape, np.int64) for _ in range(3))
    since = np.tile(grid.starts, (shape[0], 1))
    for weekly, runs, begun, everybody in _benefits(known):
        both = runs & (shifted(runs.astype(np.int64), fill=0) == 1)
        change = np.where(both, shifted(weekly, fill=0) - weekly, 0)
        change[everybody & (change > 0)] = 0
        falls += change
        before += np.where(both, shifted(weekly, fill=0), 0)
        most = change > largest
        since = np.where(most & (begun > grid.starts - 1) & (begun <= grid.ends), begun, since)
        largest = np.maximum(largest, change)
    return falls, before, since


def _benefits(known: Known) -> list[tuple[Whole, Flags, Whole, Flags]]:
    """For each benefit its weekly amount, where it runs, since when it stands so, and where a change of it is everybody's."""
    made = [(one.weekly, live(one), one.since, in_uprating(one.since)) for one in (known.housing, known.support)]
    awards = known.credit
    runs = (awards.on == 1) & (awards.weekly != UNKNOWN)
    uplift = flagged(known.grid, "uplifted")
    allowance = awards.amounts["standard_allowance"]
    lower = (uplift | np.r_[False, uplift[:-1]]) & (allowance < shifted(allowance, fill=UNKNOWN))
    made.append((awards.weekly, runs, awards.since, awards.uprated | lower))
    return made


def shifted(values: Whole, *, fill: int) -> Whole:
    """The values of the month before; `fill` in the first."""
    moved = np.full_like(values, fill)
    moved[:, 1:] = values[:, :-1]
    return moved


def _migrated(on: npt.NDArray[np.int8]) -> Flags:
    """Months in which Universal Credit begins or ends, and those beside them."""
    turned = np.zeros(on.shape, bool)
    turned[:, 1:] = (on[:, 1:] == 1) != (on[:, :-1] == 1)
    beside = turned.copy()
    beside[:, 1:] |= turned[:, :-1]
    beside[:, :-1] |= turned[:, 1:]
    return beside


def _people_changed(known: Known) -> Flags:
    """Months in which a child left the household, or an adult came or went."""
    told = known.people
    changed = np.zeros(told.adults.shape, bool)
    now, was = told.children[:, 1:], told.children[:, :-1]
    changed[:, 1:] = (now >= 0) & (was >= 0) & (now < was)
    now, was = told.adults[:, 1:], told.adults[:, :-1]
    changed[:, 1:] |= (now > 0) & (was > 0) & (now != was)
    # Universal Credit lets a child go with its own assessment period, which may be a month beside the claim's.
    return changed | (_change(known.credit.children) < 0)


def _explained(known: Known, falls: Whole) -> Flags:
    """Months in which rent fell, or earnings and other income rose, by as much as benefits fell."""
    claims, money = known.claims, known.income
    explained = np.zeros(falls.shape, bool)
    for rent in (money.rent, claims.whole("eligible_rent"), known.credit.amounts["housing_element"]):
        explained |= -_change(rent) >= falls
    other = summed(money.earnings, other_lines(claims))
    for came in (money.earnings, other):
        explained |= _change(came) >= falls
    return explained


def _change(values: Whole) -> Whole:
    """The change since the month before; nought where either is not known."""
    was = shifted(values, fill=UNKNOWN)
    return np.where((values == UNKNOWN) | (was == UNKNOWN), 0, values - was)

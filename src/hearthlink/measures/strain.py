"""Financial precarity in bands, acute strain, and income that goes up and down. The rules are Hearthlink's own; none is a score of a supplier's.

*Precarity* counts signs, and the band is their number, 3 standing for 3 and more:

- what is left of income after rent, for a couple without children, is under 140 pounds a week (one sign) or under 70 (two);
- more than four weeks' rent is owed;
- council tax recovery has come to a summons or further;
- something is taken back from a benefit, or off it by a sanction;
- a discretionary housing payment is in payment: the council found that the rent cannot be met;
- a benefit is suspended.

A sign that cannot be seen adds nothing, so that a band is *at least* what it says; where what is left is not known the band is not seen unless
the other signs alone come to 3.

*Acute strain* is two of the gravest at once: under 70 pounds left; more than four weeks' rent owed; council tax at a liability order or
further; a benefit suspended; a sanction.

*Volatile* is an income whose standard deviation over twelve months, all of them known, is more than a quarter of its mean. What a change of
rates brings in April is taken out first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.calendar import april, flagged
from hearthlink.measures.income import Income
from hearthlink.measures.known import Known
from hearthlink.measures.months import UNKNOWN, Flags, Grid, Whole, any_at_month_ends, whole_numbers
from hearthlink.measures.payments import SUSPENDED, Credit
from hearthlink.measures.people import AFTER_COSTS
from hearthlink.measures.tax import ORDER, SUMMONS

Seen = npt.NDArray[np.int8]

LITTLE_LEFT, HARDLY_LEFT = 14_000, 7_000
"""Pence a week for a couple without children, after rent: one sign of precarity under the one, two under the other."""
MOST = 3
ACUTE = 2
"""So many of the gravest signs at once are acute strain."""
YEAR = 12
VOLATILE = 4
"""An income is volatile where the standard deviation times this is more than the mean: a coefficient of variation above 0.25."""
RATES_PER_CENT = 10
"""A change in April of up to a tenth is taken to be the change of rates."""
UPLIFT = 2500
"""Pence a week that Universal Credit may move by, with the rise of 20 pounds a week and the year's rates."""


def states(known: Known, stage: Whole, rent_arrears: Seen, recovery: Seen) -> dict[str, Seen]:
    """`precarity`, `strain` and `volatile`; the stage of council tax, rent arrears and what is taken back are worked out before."""
    left = _left(known.income, known.people.size(AFTER_COSTS))
    held_up = (known.housing.status == SUSPENDED) | (known.support.status == SUSPENDED)
    signs = (left != UNKNOWN) & (left < LITTLE_LEFT)
    points = signs.astype(np.int64) + ((left != UNKNOWN) & (left < HARDLY_LEFT))
    for sign in (rent_arrears == 1, stage >= SUMMONS, recovery == 1, helped(known), held_up):
        points += sign
    seen = (left != UNKNOWN) | (points >= MOST)
    grave = _grave(left, rent_arrears, stage, held_up, known.credit)
    return {
        "precarity": np.where(seen, np.minimum(points, MOST), -1).astype(np.int8),
        "strain": np.where(grave >= ACUTE, 1, np.where(left != UNKNOWN, 0, -1)).astype(np.int8),
        "volatile": volatile(known.grid, known.income.before),
    }


def helped(known: Known) -> Flags:
    """Whether a discretionary housing payment is in payment, by its own file or by the claim."""
    payment = known.tables["housing_payment"]
    weekly = payment.filter(pa.array(whole_numbers(payment.column("weekly")) > 0))
    own = any_at_month_ends(
        known.grid, weekly.column("household_key"), weekly.column("start_date"), weekly.column("end_date")
    )
    return own | (known.claims.whole("dhp") > 0)


def _left(known: Income, size: Whole) -> Whole:
    """What is left a week after rent, as for a couple without children; `UNKNOWN` where it is not known."""
    told = (known.after != UNKNOWN) & (size != UNKNOWN)
    return np.where(told, known.after * 100 // np.where(told, size, 1), UNKNOWN)


def _grave(left: Whole, rent_arrears: Seen, stage: Whole, held_up: Flags, awards: Credit) -> Whole:
    """How many of the gravest signs there are at once."""
    hardly = (left != UNKNOWN) & (left < HARDLY_LEFT)
    sanctioned = awards.amounts["sanction"] > 0
    return sum(
        (sign.astype(np.int64) for sign in (hardly, rent_arrears == 1, stage >= ORDER, held_up, sanctioned)),
        start=np.zeros(left.shape, np.int64),
    )


def volatile(grid: Grid, weekly: Whole) -> Seen:
    """Whether income of the twelve months up to each went up and down by much; -1 where one of them is not known."""
    known = weekly != UNKNOWN
    level = _without_uprating(grid, np.where(known, weekly, 0), known)
    counted, total, square = (_over_a_year(part) for part in (known.astype(np.int64), level, level * level))
    # n * sum of squares less the square of the sum is n squared times the variance, by whole numbers alone.
    spread = YEAR * square - total * total
    seen = (counted == YEAR) & (total > 0)
    return np.where(seen, VOLATILE * VOLATILE * spread > total * total, -1).astype(np.int8)


def _over_a_year(values: Whole) -> Whole:
    """The sum of the twelve months up to each; of fewer in the first eleven."""
    total = np.cumsum(values, axis=1)
    total[:, YEAR:] -= total[:, :-YEAR].copy()
    return total


def _without_uprating(grid: Grid, level: Whole, known: Flags) -> Whole:
    """Incomes with what the change of rates brought taken out of every month that follows it."""
    jump = np.zeros_like(level)
    both = known[:, 1:] & known[:, :-1]
    jump[:, 1:] = np.where(both, np.diff(level, axis=1), 0)
    was = np.zeros_like(level)
    was[:, 1:] = level[:, :-1]
    most = was * RATES_PER_CENT // 100
    most = np.where(flagged(grid, "uplifted"), np.maximum(most, UPLIFT), most)
    counted = np.where((april(grid) | flagged(grid, "uplifted")) & (np.abs(jump) <= most), jump, 0)
    return np.where(known, level - np.cumsum(counted, axis=1), 0)

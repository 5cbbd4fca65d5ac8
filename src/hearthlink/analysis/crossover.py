"""The case-crossover design: was there an event before the referral more often than before other times of the same household.

Strata are the same calendar month in the years that were seen: the referents of a referral are the times twelve and twenty-four months
before it. Season is so held fixed by design and the windows lie apart; a trend between years is left, which `case_time_control` takes off
(Maclure 1991; Suissa 1995; Janes, Sheppard and Lumley 2005).

Traps met. *Transient events only*: a state that lasts is not for this design (`matched`). *Referents after the referral* are left out, as
a referral may bring a suspension or a move about, and so are those within months of it: windows that lie over one another, all on one side,
would favour the case. *Claim time*: a window counts where the household was observed when it began; of an event that itself ends
observation, where it was observed when the earliest window of the set began. *Months within season and year*: never days within a month.
*Siblings*: a family is a case at its first referral of the
year, as what that brought about comes before a later one. *Infants*: a time before birth is no time at which a child could have been referred. *Weeks 0 to 4* are shown apart (`weeks_before`); the
month of the referral itself is in no window. *Shocks to everybody*: a window with a spoilt month is not seen (`panel`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hearthlink.analysis.cohort import UNSEEN, Cohort, Small, Whole
from hearthlink.analysis.conditional import Sets, sets_of
from hearthlink.analysis.panel import ENDING, Exposure, lived_as_case, observed_at_start, seen_months
from hearthlink.tables.measures import MONTHS, Measure

YEARS = (12, 24)
"""How many months before a referral its referents lie."""

WEEKS, WEEKS_IN_YEAR = 4, 52


def crossover(cohort: Cohort, exposure: Exposure) -> Sets:
    """A set for each candidate of each child: the window before the referral and the same one in years before; -1 where unusable."""
    months = np.repeat(lived_as_case(cohort), cohort.count)
    at = cohort.index_month[cohort.child] - 1
    return sets_of(*windows(exposure, cohort.panel.observed(), cohort.household, at, months), bands=exposure.bands)


def windows(
    exposure: Exposure, observed: npt.NDArray[np.bool_], household: Whole, at: Whole, lived_months: Whole
) -> tuple[Small, Small]:
    """The band of the window before a month of a household and of the same windows in earlier years, -1 where not seen.

    `household` is a place or -1, `at` the month's column; shapes (n,) and (n, years).
    """
    known = household >= 0
    case = np.full(len(household), UNSEEN, np.int8)
    case[known] = exposure.value[household[known], at[known]]
    case[lived_months < exposure.last] = UNSEEN
    others = np.full((len(household), len(YEARS)), UNSEEN, np.int8)
    start = observed_at_start(observed, exposure.last) if exposure.ending else None
    for place, years in enumerate(YEARS):
        there = known & (at - years >= 0) & (lived_months >= years)
        value = exposure.value[household[there], at[there] - years]
        if start is not None:
            # The household is asked for when the earliest window began and not again: whether it stayed is what is studied.
            value = np.where(start[household[there], at[there] - years], value, UNSEEN)
        others[there, place] = value
    if start is not None:
        _later_windows(exposure, household, at, lived_months, others)
    return case, others


def _later_windows(exposure: Exposure, household: Whole, at: Whole, lived_months: Whole, others: Small) -> None:
    """Fill in the windows between the earliest usable one and the case: they are of the set whatever happened by then."""
    reached = np.zeros(len(household), bool)
    for place in reversed(range(len(YEARS))):
        fill = reached & (others[:, place] < 0) & (lived_months >= YEARS[place])
        others[fill, place] = exposure.value[household[fill], at[fill] - YEARS[place]]
        reached |= others[:, place] >= 0


def weeks_before(cohort: Cohort, measure: Measure) -> Sets:
    """A set for each candidate: an event in the four weeks before the referral, and in the same four weeks a year before.

    Trap met: what is decided in these weeks may follow from what led to the referral, or be dated back from after it.
    """
    kinds = np.isin(np.asarray(cohort.child_events.column("kind").to_pylist(), object), measure.columns)
    weeks = cohort.child_events.column("weeks").to_numpy()
    size = len(cohort.child)
    months = np.repeat(lived_as_case(cohort), cohort.count)
    at = cohort.index_month[cohort.child] - 1
    good = seen_months(cohort.panel, measure.columns)
    observed, ending = cohort.panel.observed(), bool(ENDING & set(measure.columns))
    found: list[Small] = []
    for years in (0, 1):
        last = -years * WEEKS_IN_YEAR
        struck = kinds & (weeks >= last - WEEKS) & (weeks < last)
        value = np.zeros(size, np.int8)
        value[cohort.struck_candidate[struck]] = 1
        # Four weeks lie in the month of the day a year before and in the one before it.
        month = at - 12 * years
        asked = month - 1 if years or not ending else at - 13
        there = (cohort.household >= 0) & (month >= 1) & (month < MONTHS) & (asked >= 0)
        there &= (
            good[np.clip(month, 0, MONTHS - 1)]
            & good[np.clip(month - 1, 0, MONTHS - 1)]
            & (months >= max(12 * years, 1))
        )
        there[there] &= observed[cohort.household[there], asked[there]]
        value[~there] = UNSEEN
        found.append(value)
    return sets_of(found[0], found[1][:, None], bands=1)

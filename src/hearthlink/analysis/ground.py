"""What every measure is read from: for each household the months it was seen in, and for each candidate the months around its referral."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from hearthlink.analysis.cohort import UNSEEN, Cohort, Flags, Small, Whole
from hearthlink.analysis.shares import drawn_candidates
from hearthlink.tables.measures import MONTHS, TOLD_BY

WEEKS = {3: 13, 12: 52, 24: 104}
"""Whole weeks of a window of so many months: all its month ends lie within them, whatever the day of the referral."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A cohort with what measures share: which candidates a draw chose, which months were seen, and what can be asked of whom.

    `observed`, bool by household and month: a claim of the household is on file on the last day of the month. `filed`, by month: a
    file of claims speaks of it. `lived`, for each child: months of life before the referral in threes, -1 where unknown. `in_care`,
    for each child: looked after on the day of referral, so in no household on file.
    """

    cohort: Cohort
    drawn: Flags
    observed: Flags
    filed: Flags
    lived: Whole
    in_care: Flags

    @property
    def lone(self) -> Flags:
        """The candidates that are no household."""
        return self.cohort.household < 0

    @property
    def away(self) -> Flags:
        """The candidates of children who are in care on the day."""
        return self.in_care[self.cohort.child]

    @property
    def aged(self) -> Whole:
        """Months that the child of each candidate has lived, in threes; -1 where unknown."""
        return self.lived[self.cohort.child]

    def state(self, name: str) -> Small:
        """A state by household and month; -1 where it is not seen."""
        return self.cohort.panel.state(name)

    def before(self, by_month: Small | Flags, empty: int = UNSEEN) -> Small:
        """The value for each candidate on the last month end before the referral.

        The end of the month of the referral may lie after it, and what a household did then is no longer what came before.
        """
        return self.cohort.at_offset(by_month, -1, empty=empty)

    def months(self, flags: Flags, reach: Whole) -> Whole:
        """In how many of the `reach` months before the month of the referral a flag by household and month held, for each candidate."""
        sums = np.zeros((len(flags), MONTHS + 1), np.int8)
        np.cumsum(flags, axis=1, out=sums[:, 1:], dtype=np.int8)
        last = self.cohort.index_month[self.cohort.child] - 1
        first = np.maximum(last - reach, 0)
        home = np.maximum(self.cohort.household, 0)
        found = sums[home, last].astype(np.int64) - sums[home, first] if len(flags) else np.zeros(len(home), np.int64)
        return np.where(self.lone, 0, found)

    def calendar_months(self, flags: Flags, reach: Whole) -> Whole:
        """The same of a flag by month, for each candidate."""
        sums = np.concatenate([[0], np.cumsum(flags)])
        last = self.cohort.index_month[self.cohort.child] - 1
        return sums[last] - sums[np.maximum(last - reach, 0)]

    def told(self, kinds: tuple[str, ...]) -> Flags:
        """The months in which an event of each of these kinds would be told of: no event in another month is not none.

        One calendar serves every question, so that a missing file is nobody's gap.
        """
        result = np.ones(MONTHS, bool)
        for kind in kinds:
            result &= np.logical_or.reduce([_flag(self.cohort, name) for name in TOLD_BY.get(kind, ("covered",))])
        return result


def ground(cohort: Cohort) -> Ground:
    """What the measures of a cohort share."""
    return Ground(
        cohort,
        drawn_candidates(cohort),
        cohort.panel.observed(),
        _flag(cohort, "covered") | _flag(cohort, "credit_covered"),
        pc.fill_null(cohort.children.column("months_lived"), UNSEEN).to_numpy().astype(np.int64),
        np.asarray(cohort.children.column("in_care").to_numpy(), bool),
    )


def _flag(cohort: Cohort, name: str) -> Flags:
    """A flag of the calendar by month; false of a month that it does not hold."""
    result = np.zeros(MONTHS, bool)
    month = cohort.panel.calendar.column("month").to_numpy()
    kept = (month >= 1) & (month <= MONTHS)
    result[month[kept] - 1] = np.asarray(cohort.panel.calendar.column(name).to_numpy(), bool)[kept]
    return result

"""The calendar that serves every question: dates of policy that move everybody's money at once, and months that no file speaks of.

What changes on such a day is nobody's event (analysis.md, "What came before the referral"). The dates stand here once, each with what it
does to the data and where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from hearthlink.measures.months import Flags, Grid, Whole, equals
from hearthlink.tables.measures import MONTH_CALENDAR, MONTHS

SEASON_MONTHS, YEAR_MONTHS = 3, 12
FIVE = 5
MONDAY_OF_EPOCH = 4
"""1970-01-05 was a Monday."""


@dataclass(frozen=True, slots=True)
class PolicyDate:
    """A policy that moved everybody: the column of `month_calendar` it is flagged in (none where it is told of and no more), and its days."""

    flag: str
    first: date
    last: date
    says: str
    effect: str
    source: str


SOURCE = "domain reference 2.11, known to the field and unconfirmed by a page that was opened"
POLICY_DATES: tuple[PolicyDate, ...] = (
    PolicyDate("", date(2016, 4, 1), date(2020, 3, 31), "local housing allowance and most working-age benefits frozen", "shortfall grows", SOURCE),
    PolicyDate("", date(2016, 11, 7), date(2016, 11, 7), "benefit cap lowered to 20,000 pounds a year, 23,000 in London", "more capped", SOURCE),
    PolicyDate("", date(2017, 4, 6), date(2017, 4, 6), "two-child limit for births from this day", "fewer children paid for than there are", SOURCE),
    PolicyDate("uplifted", date(2020, 4, 6), date(2020, 4, 30), "Universal Credit and working tax credit raised by 20 pounds a week", "awards jump: not a household's event", SOURCE),
    PolicyDate("uplifted", date(2021, 10, 1), date(2021, 10, 31), "the rise of 20 pounds a week withdrawn", "awards fall: not a household's event", SOURCE),
    PolicyDate("evictions_stayed", date(2020, 3, 27), date(2021, 5, 31), "possession and eviction stayed", "evictions drop", SOURCE),
    PolicyDate("allowance_reset", date(2020, 4, 1), date(2020, 4, 30), "local housing allowance set anew at the 30th percentile", "awards of private tenants jump", SOURCE),
    PolicyDate("", date(2023, 4, 1), date(2023, 4, 30), "benefit cap raised by a tenth", "fewer capped", SOURCE),
    PolicyDate("allowance_reset", date(2024, 4, 1), date(2024, 4, 30), "local housing allowance set anew at the 30th percentile, then frozen", "awards of private tenants jump", SOURCE),
    PolicyDate("", date(2023, 4, 1), date(2026, 3, 31), "managed migration to Universal Credit", "claims end as migrated: no disruption", SOURCE),
)  # fmt: skip
"""In the order of the domain reference. The uprating of each April is no row of it: `uprating_days` gives its days."""

APRIL = 4
TAX_YEAR_DAY = 6


def uprating_days(year: int) -> tuple[date, ...]:
    """Days of an April on which rates change: the 1st (council tax and its support), the first Monday (Housing Benefit, social rents) and the first Monday from the 6th."""
    first, sixth = date(year, APRIL, 1), date(year, APRIL, TAX_YEAR_DAY)
    return tuple(
        sorted({first, first + timedelta(-first.weekday() % 7), sixth, sixth + timedelta(-sixth.weekday() % 7)})
    )


def in_uprating(days: Whole) -> Flags:
    """Whether each day lies in the days of an April over which rates change for everybody, from the first of them to the last.

    A file that shows a month alone dates a change of these days by any of them, and so all of them are guarded.
    """
    found = np.zeros(days.shape, bool)
    years = np.unique(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)) + 1970
    for year in years[(years > 1900) & (years < 2200)].tolist():
        known = uprating_days(year)
        first, last = (int(np.datetime64(day, "D").astype(np.int64)) for day in (known[0], known[-1]))
        found |= (days >= first) & (days <= last)
    return found


EVERYBODYS = ("cap",)
"""Kinds of event that are nobody's where they come with new rates. A reduction is guarded benefit by benefit, and rent by its tenure."""


def everybodys(kind: pa.ChunkedArray, day: Whole) -> Flags:
    """Whether each event is one that the calendar takes out."""
    return equals(kind, *EVERYBODYS) & in_uprating(day)


def flagged(grid: Grid, flag: str) -> Flags:
    """The months in which a policy of `POLICY_DATES` with a flag holds on any day, bool[48]."""
    found = np.zeros(MONTHS, bool)
    for policy in POLICY_DATES:
        if policy.flag == flag:
            first, last = (int(np.datetime64(day, "D").astype(np.int64)) for day in (policy.first, policy.last))
            found |= (grid.starts <= last) & (grid.ends >= first)
    return found


def april(grid: Grid) -> Flags:
    """The months in which rates change, bool[48]: every April."""
    return (grid.starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % YEAR_MONTHS) + 1 == APRIL


COVERED = {
    "credit_covered": "universal_credit",
    "homelessness_covered": "homelessness",
    "rent_covered": "rent",
    "balance_covered": "rent_balance",
    "tax_covered": "council_tax",
}
"""Flags of the calendar by the source of `month_covered` that they are of."""


def month_calendar(grid: Grid) -> pa.Table:
    """The table `month_calendar`: one row a month."""
    month = np.arange(MONTHS)
    mondays = (grid.ends - MONDAY_OF_EPOCH) // 7 - (grid.starts - 1 - MONDAY_OF_EPOCH) // 7
    columns = {
        "month": month + 1,
        "season": month % YEAR_MONTHS // SEASON_MONTHS + 1,
        "year_no": month // YEAR_MONTHS + 1,
        "covered": grid.speaks("hb") | grid.speaks("cts"),
        "uprated": april(grid),
        "five_mondays": mondays == FIVE,
        **{flag: flagged(grid, flag) for flag in ("uplifted", "evictions_stayed", "allowance_reset")},
        **{flag: grid.speaks(source) for flag, source in COVERED.items()},
    }
    return MONTH_CALENDAR.conform(pa.table({name: pa.array(columns[name]) for name in MONTH_CALENDAR.names}))

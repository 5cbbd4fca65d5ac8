"""Which months the files speak of, source by source: so that a month without a file is not called a gap.

A monthly file says its month. Rows with dates of their own say it by what is in them: an extract that begins on a day holds nothing that
had ended before it, and one that was taken on a day holds nothing that began after it. The year itself is taken to be covered wherever
there is any row, for a file without it would be no file of the study; the checks tell where a month of it is thin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.sources.reading.columns import Values, whole
from hearthlink.sources.reading.years import CensusYear
from hearthlink.tables.money import MONTH_COVERED

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SOURCES = (
    "hb", "cts", "universal_credit", "homelessness", "rent", "rent_balance", "housing_payments", "council_tax", "school_meals",
)  # fmt: skip
FEW = 0.1
"""A month with fewer ends (or new claims) than this share of the usual is no sign that the extract reaches so far: one date may be wrong."""
THIN = 0.25
"""A month with less than this share of the awards that begin in the months beside it has no file of its own."""


@dataclass(frozen=True, slots=True)
class Months:
    """The calendar months looked at, by number from 0, and which of them are the year's own and the month before it."""

    starts: Whole
    ends: Whole
    needed: slice

    def of(self, days: Whole) -> Whole:
        """The month of each day; below 0 and past the last where it lies outside."""
        within = np.searchsorted(self.starts, days, side="right") - 1
        return np.where(days > self.ends[-1], len(self.starts), within)

    def counted(self, days: Whole) -> Whole:
        """How many of the days lie in each month."""
        month = self.of(days)
        return np.bincount(month[(month >= 0) & (month < len(self.starts))], minlength=len(self.starts))


def months_of(year: CensusYear) -> Months:
    """The months from 24 before the year to 12 after it."""
    count = len(year.months)
    first = np.datetime64(f"{year.history_start:%Y-%m}", "M")
    bounds = (first + np.arange(count + 1)).astype("datetime64[D]").astype(np.int64)
    places = [year.months.index((day.year, day.month)) for day in (year.window_start, year.end)]
    return Months(bounds[:-1], bounds[1:] - 1, slice(places[0], places[1] + 1))


def table_of(covered: Mapping[str, Flags], year: CensusYear) -> pa.Table:
    """Table `month_covered`: every month of every source. A source without a file speaks of none."""
    days = [date(y, m, 1) for y, m in year.months]
    none = np.zeros(len(days), np.bool_)
    parts = [
        pa.table(
            {
                "month": pa.array(days, pa.date32()),
                "source": pa.array([source] * len(days)),
                "covered": covered.get(source, none),
            }
        )
        for source in SOURCES
    ]
    return MONTH_COVERED.conform(pa.concat_tables(parts))


def by_files(months: Months, days: Iterable[int]) -> Flags:
    """The months of monthly files, by the day that each tells of."""
    return months.counted(np.array(list(days), np.int64)) > 0


def by_spans(months: Months, starts: Whole, ends: Whole) -> Flags:
    """The months from the first in which anything ends to the last in which anything begins, and the year's own."""
    covered = np.zeros(len(months.starts), np.bool_)
    if not len(starts) and not len(ends):
        return covered
    ended, begun = (np.flatnonzero(_enough(months.counted(days), months.needed)) for days in (ends, starts))
    first = min([months.needed.start, *ended[:1]])
    last = max([months.needed.stop - 1, *begun[-1:]])
    covered[first : last + 1] = True
    return covered


def by_awards(months: Months, starts: Whole, ends: Whole) -> Flags:
    """The months of which awards of about a month each are told: one with hardly any that begin, beside months that have them, has no file."""
    touched = (months.counted(starts) + months.counted(ends)) > 0
    thin = np.ones(len(months.starts), np.bool_)
    for counted in (months.counted(starts), months.counted(ends)):
        beside = np.array([np.delete(counted[max(n - 1, 0) : n + 2], min(n, 1)).mean() for n in range(len(counted))])
        thin &= counted < THIN * beside
    return touched & ~thin


def by_rows(months: Months, source: str, table: pa.Table, times: tuple[str, str]) -> Flags:
    """The months that the rows of an intake table speak of, by its first and last day of each row."""
    starts, ends = (days_of(table.column(name)) for name in times)
    if source == "universal_credit":
        return by_awards(months, starts, ends)
    return by_spans(months, starts, ends)


def _enough(counted: Whole, needed: slice) -> Flags:
    """The months with enough for their number to be a sign, beside the usual number of the year."""
    return counted >= max(1.0, FEW * float(np.median(counted[needed])))


def days_of(column: Values) -> Whole:
    """The dates of a column that are there, as days since 1970-01-01."""
    held = whole(column).drop_null()
    return (
        (held.cast(pa.int32()) if pa.types.is_date(held.type) else held).to_numpy(zero_copy_only=False).astype(np.int64)
    )

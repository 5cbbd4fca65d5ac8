"""Birth dates made comparable: none that cannot be, none that a system filled in, and weak ones marked."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

EARLIEST = date(1900, 1, 3)
"""The first day believed. The days before it are what spreadsheets and databases make of nothing."""

DEFAULTS = (date(1901, 1, 1), date(1911, 11, 11))
"""Later days that systems fill in where a date is not known; 9999-12-31 lies after every reference date."""

HEAPED_DAYS = (1, 15)
"""Days of the month that systems and rules fill in: the first (so 1 January too), and the 15th by the census's own rule."""

TOO_OLD = 26
"""Completed years at referral from which a child's birth date is not believed; care leavers stay in the census to 25."""


def reference_date(referrals: pa.ChunkedArray) -> date:
    """The 31 March on or after the latest referral: the day on which the census year ends. With no referral, the latest day there is."""
    latest: date | None = pc.max(referrals).as_py()
    if latest is None:
        return date.max
    return date(latest.year + (latest.month > 3), 3, 31)


def birth_dates(
    values: pa.ChunkedArray, *, reference: date, referral: pa.ChunkedArray | None = None
) -> pa.ChunkedArray:
    """The dates with the impossible and the filled-in ones empty.

    Args:
        values: dates of birth as recorded.
        reference: nobody on file is born after it.
        referral: the day of referral, row by row, where the rows are children.

    """
    believed = pc.and_(pc.greater_equal(values, EARLIEST), pc.less_equal(values, reference))
    believed = pc.and_(believed, pc.invert(pc.is_in(values, value_set=pa.array(DEFAULTS, pa.date32()))))
    if referral is not None:
        believed = pc.and_(believed, pc.less(_completed_years(values, referral), TOO_OLD))
    return pc.if_else(pc.fill_null(believed, False), values, pa.scalar(None, pa.date32()))


def weak_dates(values: pa.ChunkedArray, estimated: pa.ChunkedArray | None = None) -> pa.ChunkedArray:
    """Whether each date is an estimate or falls on a day that systems fill in; False where there is no date."""
    weak = pc.is_in(pc.day(values), value_set=pa.array(HEAPED_DAYS, pa.int64()))
    if estimated is not None:
        weak = pc.or_(weak, pc.fill_null(estimated, False))
    return pc.and_(weak, pc.is_valid(values))


def _completed_years(born: pa.ChunkedArray, day: pa.ChunkedArray) -> pa.ChunkedArray:
    before_birthday = pc.less(_day_of_year(day), _day_of_year(born))
    return pc.subtract(pc.subtract(pc.year(day), pc.year(born)), pc.cast(before_birthday, pa.int64()))


def _day_of_year(dates: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.add(pc.multiply(pc.month(dates), 100), pc.day(dates))

"""Dates as suppliers write them, read once for each distinct spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading.columns import Values, count, only, whole

OPEN_ENDED = date(2099, 12, 31)
"""Benefits systems write this day, or a later one, for an end that has not come."""

_EPOCH = date(1970, 1, 1).toordinal()
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_TIME = r"(?:[T ](\d\d?):\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?(Z|\+00(?::?00)?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d\d?|[A-Za-z]{3,9})[-/.](\d\d?)" + _TIME)
_DAY_FIRST = re.compile(r"(\d\d?)(?:[-/.](\d\d?)[-/.]|(?:st|nd|rd|th)?[-/ ]([A-Za-z]{3,9})[-/ ])(\d{4})" + _TIME)
_SERIAL = re.compile(r"(\d{5})(?:\.\d{1,12})?")
_MONTHS = "january february march april may june july august september october november december".split()
_EITHER = re.compile(r"\s*(\d\d?)[-/.](\d\d?)[-/.]\d{4}(?:[T ].*)?")
_SWAPPED = r"^\s*(\d\d?)([-/.])(\d\d?)([-/.]\d{4})"
STRONGER = 20
"""How many times as many dates must speak for one order as for the other before the others are taken to be mistakes."""


class Order(Enum):
    """Which of the first two numbers of the dates of a column is the day."""

    DAY = "the day"
    MONTH = "the month"
    UNTOLD = "either: no date of the column tells"
    MIXED = "now the one, now the other"


@dataclass(frozen=True, slots=True)
class Days:
    """Dates as whole days since 1970-01-01 (int32, empty where missing), and which values were there but not readable."""

    days: pa.Array
    unread: pa.Array

    @property
    def unread_count(self) -> int:
        """How many values were there but not readable as a date."""
        return count(self.unread)

    @property
    def dates(self) -> pa.Array:
        """The same as Arrow dates."""
        return self.days.cast(pa.date32())


def order_of(values: Values) -> Order | None:
    """Which number is the day in dates of a column spelt as 01/04/2019, told from all of them; None where none is spelt so.

    A first number past 12 can only be a day, and so can a second. Where both stand in one column, the order is that of by far the most.
    """
    coded = whole(values).value_counts()
    day = month = either = 0
    for text, rows in zip(coded.field("values").to_pylist(), coded.field("counts").to_pylist(), strict=True):
        found = None if text is None else _EITHER.fullmatch(text)
        if found:
            day += rows if int(found[1]) > 12 else 0
            month += rows if int(found[2]) > 12 else 0
            either += rows
    if not either:
        return None
    if not day and not month:
        return Order.UNTOLD
    if day > STRONGER * month:
        return Order.DAY
    return Order.MONTH if month > STRONGER * day else Order.MIXED


def read_days(values: Values, *, ends: bool = False, month_first: bool = False) -> Days:
    """Dates from a column of texts; an end far in the future (`OPEN_ENDED`) is missing where `ends`.

    Understood: ISO, day first with - or / or a dot (the month first where `month_first`; see `order_of`), month names, a time after
    it, and spreadsheet day numbers. Two-digit years are not: a century is never guessed. A summer midnight exported as 23:00 UTC the day before is put right (domain.md 3.3).
    """
    array = whole(values)
    if month_first:
        array = pc.replace_substring_regex(array, _SWAPPED, r"\3\2\1\4")
    latest = day_number(OPEN_ENDED)
    if (quick := _same_shape(array)) is not None:
        return _capped(*quick, latest if ends else None)
    coded = array.dictionary_encode()
    spellings: list[str | None] = coded.dictionary.to_pylist()
    read = [read_day(s) for s in spellings]
    bad = pa.array([d is None and bool(s and s.strip()) for s, d in zip(spellings, read, strict=True)], pa.bool_())
    days = pa.array(read, pa.int32()).take(coded.indices)
    return _capped(days, pc.fill_null(bad.take(coded.indices), fill_value=False), latest if ends else None)


def _capped(days: pa.Array, unread: pa.Array, latest: int | None) -> Days:
    return Days(days if latest is None else only(days, pc.less(days, latest)), unread)


def _same_shape(array: pa.Array) -> tuple[pa.Array, pa.Array] | None:
    """Days, and which values are no date, of a column wholly spelt dd-mm-yyyy or yyyy-mm-dd, whatever the mark between.

    None where any value is spelt otherwise: such a column is read spelling by spelling.
    """
    there = array.drop_null()
    lengths = pc.min_max(pc.binary_length(there)).as_py()
    if not len(there) or lengths["min"] != 10 or lengths["max"] != 10:
        return None
    _, offsets, letters = there.buffers()
    begin = int(np.frombuffer(offsets, np.int32)[there.offset])
    block = np.frombuffer(letters, np.uint8)[begin : begin + 10 * len(there)].reshape(-1, 10)
    marks, order = ((4, 7), (0, 5, 8)) if block[0, 4] in b"-/" else ((2, 5), (6, 3, 0))
    between = block[:, marks]
    if not ((between == ord("-")) | (between == ord("/"))).all():
        return None
    digits = block - ord("0")
    digits[:, marks] = 0
    if (digits > 9).any():
        return None
    digit = [digits[:, n].astype(np.int32) for n in range(10)]
    y, m, d = order
    year = 1000 * digit[y] + 100 * digit[y + 1] + 10 * digit[y + 2] + digit[y + 3]
    month, day = 10 * digit[m] + digit[m + 1], 10 * digit[d] + digit[d + 1]
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days_in_month = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    real = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= days_in_month)
    days = pa.array((first.astype("datetime64[D]").astype(np.int64) + day - 1).astype(np.int32), mask=~real)
    if not array.null_count:
        return days, pa.array(~real)
    place = np.cumsum(array.is_valid().to_numpy(zero_copy_only=False)) - 1
    row = pa.array(place, mask=array.is_null().to_numpy(zero_copy_only=False))
    return days.take(row), pc.fill_null(pa.array(~real).take(row), fill_value=False)


@lru_cache(maxsize=1 << 16)
def read_day(text: str | None) -> int | None:
    """One date as days since 1970-01-01; None where it is missing or not a date."""
    if text is None:
        return None
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, hour, zone = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, number, name, year, hour, zone = found.groups()
        month = number or name
    elif found := _SERIAL.fullmatch(text):
        return int(found[1]) + _EXCEL_EPOCH - _EPOCH
    else:
        return None
    try:
        moment = date(int(year), _month(month), int(day))
    except ValueError:
        return None
    return moment.toordinal() - _EPOCH + (1 if hour == "23" and zone and _summer(moment) else 0)


def _month(text: str) -> int:
    """The number of a month, by its number, its name or the first letters of that; 0 where it is none."""
    if text.isdigit():
        return int(text)
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower())), 0)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The date so many days after 1970-01-01."""
    return date.fromordinal(number + _EPOCH)


def _summer(day: date) -> bool:
    """Whether clocks in the United Kingdom run an hour ahead on the evening of the day."""
    return _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return date.fromordinal(last.toordinal() - (last.weekday() + 1) % 7)

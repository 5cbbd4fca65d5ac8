"""Dates as suppliers write them, read once for each distinct spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.columns import Values, count, whole

OPEN_ENDED = date(2099, 12, 31)
"""Benefits systems write this day, or a later one, for an end that has not come."""

_EPOCH = date(1970, 1, 1).toordinal()
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_TIME = r"(?:[T ](\d\d):\d\d(?::\d\d(?:\.\d+)?)?(Z|\+00(?::?00)?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d\d?|[A-Za-z]{3})[-/](\d\d?)" + _TIME)
_DAY_FIRST = re.compile(r"(\d\d?)[-/](\d\d?|[A-Za-z]{3})[-/](\d{4})" + _TIME)
_SERIAL = re.compile(r"(\d{5})(?:\.0)?")
_MONTHS = {m: n for n, m in enumerate(("jan feb mar apr may jun jul aug sep oct nov dec").split(), 1)}


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


def read_days(values: Values, *, ends: bool = False) -> Days:
    """Dates from a column of texts; an end far in the future (`OPEN_ENDED`) is missing where `ends`.

    Understood: ISO, day first with - or /, month names, a time after it, and spreadsheet day numbers. Two-digit years are
    not: a century is never guessed. A summer midnight exported as 23:00 UTC the day before is put right (domain.md 3.3).
    """
    coded = whole(values).dictionary_encode()
    spellings: list[str | None] = coded.dictionary.to_pylist()
    latest = OPEN_ENDED.toordinal() - _EPOCH
    read = [read_day(s) for s in spellings]
    known = pa.array([None if d is None or (ends and d >= latest) else d for d in read], pa.int32())
    bad = pa.array([d is None and bool(s and s.strip()) for s, d in zip(spellings, read, strict=True)], pa.bool_())
    return Days(known.take(coded.indices), pc.fill_null(bad.take(coded.indices), fill_value=False))


@lru_cache(maxsize=1 << 16)
def read_day(text: str | None) -> int | None:
    """One date as days since 1970-01-01; None where it is missing or not a date."""
    if text is None:
        return None
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, hour, zone = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, zone = found.groups()
    elif found := _SERIAL.fullmatch(text):
        return int(found[1]) + _EXCEL_EPOCH - _EPOCH
    else:
        return None
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        moment = date(int(year), number, int(day))
    except ValueError:
        return None
    return moment.toordinal() - _EPOCH + (1 if hour == "23" and zone and _summer(moment) else 0)


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

"""What every export writer shares: how dates and money are spelt, rows of comma-separated text, and the part of a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path

from hearthlink.synthetic.world import Settings, Ward


@dataclass(frozen=True, slots=True)
class Part:
    """What one ward adds to one file: its bytes, and its record counts where the file's last line states them."""

    body: bytes
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A layout: some files, each the opening bytes, the parts of the wards in ward order, and the closing bytes.

    ``name`` is what `Settings.layouts` calls it, and ``says`` what it is.

    File names are relative to the out folder and always use the forward slash. ``begin`` names every file of the
    layout; ``end`` is given, for each file, the sum over wards of ``Part.counts``, and may leave a file out. ``finish`` is told the
    out folder once every file is closed, for a layout whose files are no texts: it puts others in their place.
    """

    name: str
    says: str
    begin: Callable[[Settings], dict[str, bytes]]
    part: Callable[[Ward, Settings], dict[str, Part]]
    end: Callable[[Settings, Mapping[str, tuple[int, ...]]], dict[str, bytes]]
    finish: Callable[[Path, Settings], None] | None = None


def nothing(settings: Settings, counts: Mapping[str, tuple[int, ...]]) -> dict[str, bytes]:
    """The close of a format whose files simply stop."""
    return {}


@lru_cache(maxsize=1 << 16)
def iso(day: date | None) -> str:
    """2019-04-05, or nothing."""
    return "" if day is None else day.isoformat()


@lru_cache(maxsize=1 << 16)
def midnight(day: date | None) -> str:
    """2019-04-05 00:00:00, as a case system's reporting copy spells a date, or nothing."""
    return "" if day is None else f"{day.isoformat()} 00:00:00"


@lru_cache(maxsize=1 << 16)
def dashed(day: date | None) -> str:
    """05-04-2019, or nothing."""
    return "" if day is None else f"{day.day:02}-{day.month:02}-{day.year:04}"


@lru_cache(maxsize=1 << 16)
def slashed(day: date | None) -> str:
    """05/04/2019, or nothing."""
    return "" if day is None else f"{day.day:02}/{day.month:02}/{day.year:04}"


@lru_cache(maxsize=1 << 16)
def pounds(pence: int | None) -> str:
    """Whole pence as pounds with two decimals, or nothing."""
    if pence is None:
        return ""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02}"


def pence(amount: int | None) -> str:
    """Whole pence, or nothing."""
    return "" if amount is None else str(amount)


def rows(lines: Iterable[Iterable[object]]) -> bytes:
    """Comma-separated UTF-8 text, quoted only where it must be, each line ended by LF."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()


def in_force(start: date, end: date | None, day: date) -> bool:
    """Whether a span, both of whose ends are inside it, covers the day."""
    return start <= day and (end is None or end >= day)

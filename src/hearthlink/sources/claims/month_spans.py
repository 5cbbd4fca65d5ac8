"""The days that each monthly file speaks for, and the part of time it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hearthlink.sources.reading.dates import day_number, day_of
from hearthlink.sources.reading.years import CensusYear

BEFORE, YEAR, AFTER = 0, 1, 2
"""The parts of time that files lie in: before the window that linking looks at, in it, and after it."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days one monthly file speaks for, its place among the files, and the part of time it lies in."""

    file_no: int
    seen_from: int
    seen_to: int
    is_first: bool
    is_last: bool
    part: int = 1


def spans(scans: Sequence[int], year: CensusYear) -> list[Span]:
    """For each monthly file, oldest first, the days that it speaks for: those since the file before.

    The first speaks for its month, or from the day on which the window begins that linking looks at, whichever is earlier.
    """
    window_start, year_end = day_number(year.window_start), day_number(year.end)
    first_month = min((day_number(day_of(scan).replace(day=1)) for scan in scans), default=window_start)
    before = min(window_start, first_month) - 1
    told: list[Span] = []
    for number, scan in enumerate(scans, 1):
        part = BEFORE if scan < window_start else AFTER if scan > year_end else YEAR
        told.append(Span(number, before + 1, scan, number == 1, number == len(scans), part))
        before = scan
    return told

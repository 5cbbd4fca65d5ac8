"""Birth dates of two files side by side: dates where both mostly hold dates, years or bare text where one does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.birth_texts import Dates, read_dates
from hearthlink.standardise.dates import DEFAULTS, EARLIEST, HEAPED_DAYS
from hearthlink.standardise.given import FEW, Given, as_text

MOSTLY = 0.5
"""Share of what is written that must be dates for a column to be one of dates, or years for it to be one of years."""

SOME_YEARS = 4
"""Years whose first day must occur for such days to stand for years, and not for nothing known."""

HEAPED = 0.02
"""Share of all dates on one day from which, were it chance, a file would have to be of very few birthdays."""

TIMES_USUAL = 10
"""How much commoner than the next common day a day must be to be taken for a default."""

ONLY_YEARS = 0.4
"""Share of all dates on a first of January from which a column is one of years: chance gives one in 365."""

WEAK_TIMES = 1.5
"""How much oftener than its share of the calendar a day of the month must occur for systems to be filling it in."""

_EPOCH = date(1970, 1, 1).toordinal()
_FILLED = tuple(day.toordinal() - _EPOCH for day in (*DEFAULTS, date(1970, 1, 1), date(1900, 1, 1), date(1901, 1, 1)))
_BEFORE = EARLIEST.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True)
class Births:
    """Along the rows of a file: the date, the text that stands in where there is none, and whether the date is weak."""

    date: pa.ChunkedArray
    text: pa.ChunkedArray
    weak: pa.ChunkedArray


def births(sides: Sequence[Given], *, latest: int | None) -> tuple[list[Births], list[str]]:
    """The birth dates of both files and what to say of them. `latest` is the last year in which anybody could be born.

    A column that is mostly no dates is compared as text with the other as it is written; one that is mostly years, written alone or
    as their first of January, makes both give their years, as that day. A day that far too many share is a system's default, and
    no date.
    """
    columns = [side.columns.get("birth_date", side.text("birth_date")) for side in sides]
    read = read_dates(columns, latest=latest)
    as_written = any(one.share < MOSTLY and one.share + _texts(one) > 0 and one.years < MOSTLY for one in read)
    only_years = [one.years >= MOSTLY or _first_of_years(one.days) for one in read]
    made: list[Births] = []
    said: list[str] = []
    for side, column, one, years in zip(sides, columns, read, only_years, strict=True):
        days, words = _believed(one.days)
        said += [f"birth dates on the {side.which}: {word}" for word in [*_said(side, one, years=years), *words]]
        text = _whole_text(as_text(column)) if as_written else pa.chunked_array([one.text])
        if any(only_years) and len(sides) > 1:  # a file alone keeps the days it has: the other may have them too
            days, text = _years(days, text)
        weak = pa.chunked_array([pc.or_(one.partial, _weak(days))])
        made.append(Births(pa.chunked_array([days.cast(pa.date32())]), text, weak))
    return made, said


def _first_of_years(days: pa.Array) -> bool:
    """Whether so many of the days are the first of January of one year or another that only the year was known."""
    there = days.drop_null()
    dates = there.cast(pa.date32())
    first = there.filter(pc.and_(pc.equal(pc.month(dates), 1), pc.equal(pc.day(dates), 1)))
    known = first.filter(pc.invert(pc.is_in(first, value_set=pa.array(_FILLED, pa.int32()))))
    return len(known) >= max(ONLY_YEARS * len(there), FEW) and pc.count_distinct(known).as_py() >= SOME_YEARS


def _years(days: pa.Array, text: pa.ChunkedArray) -> tuple[pa.Array, pa.ChunkedArray]:
    """The first of January of each year, written as a date or alone, and the texts that are no years."""
    alone = pc.fill_null(pc.match_substring_regex(text, r"^(1[6-9]|20)\d\d$"), False)
    written = pc.if_else(alone, text, pa.scalar(None, pa.string())).cast(pa.int64())
    year = pc.coalesce(pa.chunked_array([pc.year(days.cast(pa.date32()))]), written)
    # A year's first day, through its spelling: Arrow makes no dates of parts.
    first = pc.binary_join_element_wise(year.cast(pa.string()), "-01-01", "").cast(pa.date32())
    return first.cast(pa.int32()).combine_chunks(), pc.if_else(alone, pa.scalar(None, pa.string()), text)


def last_year(sides: Sequence[Given]) -> int | None:
    """The latest year that the other dates of the files name; None where there are none."""
    columns = [side.columns[name] for side in sides for name in ("as_at", "valid_from") if name in side.columns]
    years = [pc.max(pc.year(one.days.cast(pa.date32()))).as_py() for one in read_dates(columns)]
    return max((year for year in years if year is not None), default=None)


def other_dates(side: Given, name: str) -> pa.ChunkedArray:
    """A column of dates that are no birth dates; what is no date is empty."""
    if name not in side.columns:
        return pa.chunked_array([pa.nulls(side.rows, pa.date32())])
    (read,) = read_dates([side.columns[name]])
    return pa.chunked_array([read.days.cast(pa.date32())])


def _texts(one: Dates) -> int:
    return len(one.text) - one.text.null_count


def _whole_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_upper(column)


def _said(side: Given, one: Dates, *, years: bool) -> list[str]:
    if not side.has("birth_date") or one.share + _texts(one) == 0:
        return ["none"]
    if years:
        return ["mostly years, compared as years"]
    if one.share < MOSTLY:
        return ["mostly no dates, compared as text"]
    lacking = 1 - (len(one.days) - one.days.null_count) / max(side.rows, 1)
    return [f"{lacking:.0%} lacking or no date"] if lacking >= 0.05 else []


def _believed(days: pa.Array) -> tuple[pa.Array, list[str]]:
    """The days without those that systems fill in: known ones, ones before all belief, and a day that far too many share."""
    there = days.drop_null().to_numpy()
    if not len(there):
        return days, []
    value, count = np.unique(there, return_counts=True)
    early = value < _BEFORE
    # A file of people of another century holds many early days; a file of today holds them where nothing was known.
    default = np.isin(value, _FILLED) | (
        early if count[early].sum() < 0.05 * len(there) or len(value[early]) <= 3 else False
    )
    ordered = np.sort(count)[::-1]
    usual = ordered[min(1, len(ordered) - 1)] if len(ordered) > 1 else 0
    heaped = (
        (len(there) >= FEW)
        & (count >= HEAPED * len(there))
        & (count >= TIMES_USUAL * max(usual, 1))
        & (count == ordered[0])
    )
    default = default | heaped
    if not default.any():
        return days, []
    share = count[default].sum() / len(there)
    gone = pc.is_in(days, value_set=pa.array(value[default], pa.int32()))
    words = (
        ["all one value"]
        if len(value) == 1
        else [f"{share:.0%} on days that systems fill in, taken as empty"]
        if share >= 0.005
        else []
    )
    return pc.if_else(gone, pa.scalar(None, pa.int32()), days), words


def _weak(days: pa.Array) -> pa.Array:
    """Whether each date lies on a day of the month that this file gives oftener than the calendar does."""
    dates = days.cast(pa.date32())
    month_day = pc.day(dates)
    there = month_day.drop_null().to_numpy()
    times = np.bincount(there, minlength=32) * 30.44 / max(len(there), 1)
    heaped = [day for day in HEAPED_DAYS if times[day] >= WEAK_TIMES + 3 * np.sqrt(30.44 / max(len(there), 1))]
    return pc.fill_null(pc.is_in(month_day, value_set=pa.array(heaped, pa.int64())), False)

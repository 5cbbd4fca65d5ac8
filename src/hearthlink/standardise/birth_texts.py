"""Birth dates in whatever way a file writes them: the style is told from the whole column, and what is no date stays text.

Dates of any other meaning (an address from, an address until, the day to link as at) are read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.date_spellings import in_known_spelling, month_number

DAY_FIRST, MONTH_FIRST = "day first", "month first"
CENTURY_TURNS = 30
"""Two figures up to this are of the years from 2000, where no date in the files says how late they were made."""

EARLIEST, LATEST = 1600, 2100
_EPOCH = date(1970, 1, 1).toordinal()
_SPREADSHEET = date(1899, 12, 30).toordinal() - _EPOCH

_AFTER = r"(?:[T ,].*)?"
_MARK = r" ?[-/. ] ?"
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}}){_AFTER}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}}){_MARK}(\d{{1,2}}){_MARK}(\d{{4}}|\d{{2}}){_AFTER}")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_COMPACT_LAST = re.compile(r"(\d\d)(\d\d)(\d{4})")
_NAMED_DAY = re.compile(rf"(\d{{1,2}})(?:ST|ND|RD|TH)?[-/., ]*([A-Z]{{3,12}})[-/., ]*(\d{{4}}|\d{{2}}){_AFTER}")
_NAMED_MONTH = re.compile(rf"([A-Z]{{3,12}})[-/., ]*(\d{{1,2}})(?:ST|ND|RD|TH)?[-/., ]+(\d{{4}}|\d{{2}}){_AFTER}")
_NAMED_MIDDLE = re.compile(rf"(\d{{4}}){_MARK}([A-Z]{{3,12}}){_MARK}(\d{{1,2}}){_AFTER}")
_MONTH_LATER = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_BEFORE = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED_ALONE = re.compile(r"([A-Z]{3,12})[-/., ]*(\d{4})")
_SERIAL = re.compile(r"[1-6]\d{4}")
_NEARLY = re.compile(r"([^-/. ]{1,6})[-/.]([^-/. ]{1,4})[-/.]([^-/. ]{1,6})")
_MISREAD = str.maketrans("OILZSGB|!", "011256811")
"""Letters that stand for figures where a date was read or typed badly."""

_NOTHING = re.compile(
    r"[-./ 0?X#]*|N/?A|NAN|NAT|N/?K|NONE|NULL|NIL|UNK(?:NOWN)?|NOT (?:KNOWN|RECORDED)|MISSING|TBC|(?:9999|0000).*"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One spelling: its parts as far as they can be told, year first; `ambiguous` where day and month could change places."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    short: bool = False
    ambiguous: bool = False
    day_number: int | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """A column read: days since 1970-01-01 where it is a date, the text where it is none, and whether day or month was lacking.

    `share` is how much of what is written is a date; `years` how much is a year alone. `style` is None where no spelling tells.
    """

    days: pa.Array
    text: pa.Array
    partial: pa.Array
    share: float
    years: float
    style: str | None


def read_dates(columns: Sequence[pa.ChunkedArray], *, latest: int | None = None) -> list[Dates]:
    """Each column as dates, in the style that its own spellings tell, else the others' style, else day first.

    A column in which more second parts than first ones are past 12 is month first. `latest` is the last year that two figures can
    stand for.
    """
    coded = [_coded(column) for column in columns]
    texts = [in_known_spelling(c.dictionary.to_pylist()) for c in coded]
    spelt = [[_written(text) for text in one] for one in texts]
    told = [_style(one) for one in spelt]
    agreed = next((style for style in told if style), DAY_FIRST)
    turns = CENTURY_TURNS if latest is None else latest % 100
    return [
        _read(c.indices, one, words, told=style, style=style or agreed, turns=turns)
        for c, one, words, style in zip(coded, texts, spelt, told, strict=True)
    ]


def _coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The column as texts, each spelling once: capitals, trimmed, whole numbers without a decimal point."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_timestamp(kind) and kind.tz:
        column = pc.local_timestamp(column)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        text = column.cast(pa.date32()).cast(pa.string())
    else:
        text = column.cast(pa.string())
    # Whole numbers that a table wrote with a decimal point, because others of the column were lacking.
    whole = pc.replace_substring_regex(pc.utf8_upper(pc.utf8_trim_whitespace(text)), r"^(\d+)\.0+$", r"\1")
    encoded = whole.combine_chunks().dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _written(text: str) -> Written:
    """The parts of one spelling."""
    for pattern, read in _SHAPES.items():
        found = pattern.fullmatch(text)
        if found is not None and (parts := read(*found.groups())) is not None:
            return parts
    return Written()


def _named(day: str, month: str, year: str) -> Written | None:
    number = month_number(month)
    return None if number is None else Written(int(year), number, int(day), short=len(year) == 2)


def _compact(year: str, month: str, day: str) -> Written | None:
    parts = Written(int(year), int(month), int(day))
    return (
        parts
        if EARLIEST <= int(year) <= LATEST and _day_number(parts.year, parts.month, parts.day) is not None
        else None
    )


def _month_alone(month: str, year: str) -> Written | None:
    number = month_number(month)
    return None if number is None else Written(int(year), number)


_SHAPES: Mapping[re.Pattern[str], Callable[..., Written | None]] = {
    _YEAR_FIRST: lambda y, m, d: Written(int(y), int(m), int(d)),
    _YEAR_LAST: lambda a, b, y: Written(int(y), int(b), int(a), short=len(y) == 2, ambiguous=True),
    _COMPACT: _compact,
    _COMPACT_LAST: lambda a, b, y: Written(int(y), int(b), int(a), ambiguous=True),
    _NAMED_DAY: _named,
    _NAMED_MONTH: lambda m, d, y: _named(d, m, y),
    _NAMED_MIDDLE: lambda y, m, d: _named(d, m, y),
    _MONTH_LATER: lambda y, m: Written(int(y), int(m)),
    _MONTH_BEFORE: lambda m, y: Written(int(y), int(m)),
    _NAMED_ALONE: _month_alone,
}  # fmt: skip
"""Each way of writing a date, the stricter first."""


def _style(spelt: Sequence[Written]) -> str | None:
    """What the spellings that can be read in one way alone say of the rest."""
    day = sum(w.ambiguous and (w.day or 0) > 12 >= (w.month or 0) for w in spelt)
    month = sum(w.ambiguous and (w.month or 0) > 12 >= (w.day or 0) for w in spelt)
    return None if day == month else DAY_FIRST if day > month else MONTH_FIRST


def _read(
    rows: pa.Array, texts: Sequence[str], spelt: Sequence[Written], *, told: str | None, style: str, turns: int
) -> Dates:
    days: list[int | None] = []
    kept: list[str | None] = []
    partial: list[bool] = []
    for text, written in zip(texts, spelt, strict=True):
        number, plain, part = _one(text, written, style, turns)
        days.append(number)
        kept.append(plain)
        partial.append(part)
    seen = np.bincount(rows.drop_null().to_numpy(), minlength=len(texts)) if len(texts) else np.zeros(0)
    is_date = np.array([n is not None for n in days], dtype=bool)
    is_text = np.array([t is not None for t in kept], dtype=bool)
    is_year = np.array([t is not None and re.fullmatch(r"\d{4}", t) is not None for t in kept], dtype=bool)
    written_at_all = max(float(seen[is_date | is_text].sum()), 1.0)
    return Dates(
        pa.array(days, pa.int32()).take(rows),
        pa.array(kept, pa.string()).take(rows),
        pc.fill_null(pa.array(partial, pa.bool_()).take(rows), False),
        float(seen[is_date].sum()) / written_at_all,
        float(seen[is_year].sum()) / written_at_all,
        told,
    )


def _one(text: str, written: Written, style: str, turns: int) -> tuple[int | None, str | None, bool]:
    """The day number, or the text where there is none; and whether the day of the month is made up."""
    if _NOTHING.fullmatch(text):
        return None, None, False
    if written.year is None or written.month is None:
        return _partless(text, style)
    year = written.year + ((2000 if written.year <= turns else 1900) if written.short else 0)
    month, day = written.month, written.day
    if day is None:
        number = _day_number(year, month, 1)
        return number, None if number is not None else text, number is not None
    if written.ambiguous and style == MONTH_FIRST:
        month, day = day, month
    number = _day_number(year, month, day)
    if number is None and written.ambiguous:
        number = _day_number(year, day, month)
    return number, None if number is not None else f"{year:04}-{month:02}-{day:02}", False


def _partless(text: str, style: str) -> tuple[int | None, str | None, bool]:
    if _SERIAL.fullmatch(text):  # days since the end of 1899, as spreadsheets count
        return int(text) + _SPREADSHEET, None, False
    return None, _in_order(text, style), False


def _in_order(text: str, style: str) -> str:
    """A date with letters or too many figures in it put year first like others, so that a slip or two can be told from another date."""
    found = _NEARLY.fullmatch(text.translate(_MISREAD))
    if found is None:
        return text
    parts = found.groups()
    if len(parts[0]) < len(parts[2]):
        parts = (parts[2], *(parts[:2] if style == MONTH_FIRST else parts[1::-1]))
    return "-".join(parts)


def _day_number(year: int | None, month: int | None, day: int | None) -> int | None:
    if year is None or month is None or day is None or not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None

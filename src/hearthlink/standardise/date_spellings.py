"""Spellings of dates brought to those that `birth_texts` reads: other languages' months, weekdays, quotation marks, short years first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hearthlink.standardise.letters import plain

ENOUGH = 20
"""Spellings from which the figures that occur in a place tell years from days."""

LATE = "27"
"""Figures past this and up to 31 are hardly ever years but soon met among days: without them a place is not seen to hold days."""

_MONTHS = {
    "JAN": 1, "ENE": 1, "GEN": 1, "STY": 1, "FEB": 2, "FEV": 2, "LUT": 2, "MAR": 3, "APR": 4, "ABR": 4, "AVR": 4, "KWI": 4,
    "MAY": 5, "MAI": 5, "MAJ": 5, "MAG": 5, "JUN": 6, "JUIN": 6, "GIU": 6, "CZE": 6, "JUL": 7, "JUIL": 7, "LUG": 7, "LIP": 7,
    "AUG": 8, "AGO": 8, "AOU": 8, "SIE": 8, "SEP": 9, "SET": 9, "WRZ": 9, "OCT": 10, "OKT": 10, "OUT": 10, "OTT": 10, "PAZ": 10,
    "NOV": 11, "LIS": 11, "DEC": 12, "DEZ": 12, "DIC": 12, "GRU": 12,
}  # fmt: skip
"""Beginnings of the months' names in English, French, German, Italian, Polish, Portuguese and Spanish."""

_MARKS = re.compile(r"^['\"]+|['\"]+$")
_WEEKDAY = re.compile(r"(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*[., ]+(?=.*\d)")
_OF = re.compile(r"(?<=[\d ])(?:(?:DE|OF|DI) +|D')(?=[A-Z0-9])")
_SHORT = re.compile(r"(\d\d)([-/.]?)(\d\d)\2(\d\d)(?:[T ].*)?")
_SECONDS = re.compile(r"-?\d{9,13}")
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def month_number(word: str) -> int | None:
    """The month that a word in plain capitals names, by its first three letters, or four where those are two months'."""
    return _MONTHS.get(word[:3]) or _MONTHS.get(word[:4])


def in_known_spelling(texts: Sequence[str]) -> list[str]:
    """Each distinct spelling, in capitals, as one that is read; what no rule knows stays as it is.

    Six figures, with marks or none, hold a year of two figures: whether it comes first or last is told from all of them together.
    """
    bare = [_bare(text) for text in texts]
    found = [_SHORT.fullmatch(text) for text in bare]
    parts = [(match.group(1), match.group(3), match.group(4)) for match in found if match]
    year_first = _year_first(parts)
    month_last = len(parts) >= ENOUGH and all(a in ("19", "20") and "01" <= c <= "12" for a, _, c in parts)
    return [
        text if match is None else _written_out(match, text, year_first=year_first, month_last=month_last)
        for text, match in zip(bare, found, strict=True)
    ]


def _bare(text: str) -> str:
    if _SECONDS.fullmatch(text):
        return _of_seconds(text)
    plainly = plain(_MARKS.sub("", text).strip())
    if plainly.isascii() and not any(letter.isalpha() for letter in plainly):
        return plainly
    return _OF.sub("", _WEEKDAY.sub("", plainly))


def _of_seconds(text: str) -> str:
    """The day so many seconds, or thousandths of one, after 1970 began, as machines count."""
    number = int(text)
    seconds = number // 1000 if abs(number) >= 10**10 else number
    return (_FIRST + timedelta(seconds=seconds)).date().isoformat()


def _year_first(parts: Sequence[tuple[str, str, str]]) -> bool:
    """Whether the first two figures are the year: past 31 oftener than the last two, else of fewer kinds, as years of childhood are.

    Dates that all fall on firsts of the month have still fewer kinds of days than of years: the last two must look like days.
    """
    if 20 * sum(middle > "12" for _, middle, _ in parts) > len(parts):
        return False
    first, last = (sum(part[place] > "31" for part in parts) for place in (0, 2))
    if first != last:
        return first > last
    kinds = [{part[place] for part in parts} for place in (0, 2)]
    return len(parts) >= ENOUGH and len(kinds[0]) < len(kinds[1]) and max(kinds[1]) > LATE


def _written_out(match: re.Match[str], text: str, *, year_first: bool, month_last: bool) -> str:
    one, mark, two, three = match.groups()
    if month_last and not mark:
        return f"{one}{two}-{three}"
    if not mark or year_first:
        return f"{three}/{two}/{one}" if year_first else f"{one}/{two}/{three}"
    return text

"""Dates spelt in an order that a mapping names: a closed list of orders, and a pivot wherever a year has two digits."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

DateFormat: TypeAlias = Literal[
    "yyyy-mm-dd",
    "yyyymmdd",
    "dd/mm/yyyy",
    "ddmmyyyy",
    "dd mon yyyy",
    "mm/dd/yyyy",
    "dd/mm/yy",
    "ddmmyy",
    "yymmdd",
    "dd mon yy",
    "mm/dd/yy",
    "cyymmdd",
]
"""``mon`` is a month's name or its first three letters; ``c`` is 0 for 1900 and 1 for 2000. Any of / - . and a space may part them."""

DATE_FORMATS: tuple[str, ...] = get_args(DateFormat)

_TIME = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?)?"
_PIECES = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<year>\d\d)",
    "c": r"(?P<century>[01])",
    "mon": r"(?P<month>[A-Za-z]{3,9})",
    "mm": r"(?P<month>\d\d)",
    "dd": r"(?P<day>\d\d)",
}
_LOOSE = {"mm": r"(?P<month>\d\d?)", "dd": r"(?P<day>\d\d?)"}
_MONTHS = "january february march april may june july august september october november december".split()
_EPOCH = date(1970, 1, 1).toordinal()


def has_short_year(spelt: DateFormat) -> bool:
    """Whether a year has two digits and no century, so that a pivot is needed."""
    return "yyyy" not in spelt and not spelt.startswith("c")


@lru_cache(maxsize=1 << 16)
def read_spelt(text: str, spelt: DateFormat, pivot: int | None = None) -> int | None:
    """One date as days since 1970-01-01; None where it is not spelt so. Years up to the pivot are 20yy and the others 19yy."""
    found = _pattern(spelt).fullmatch(text.strip())
    if not found:
        return None
    held = found.groupdict()
    year = int(held["year"])
    if "century" in held:
        year += 1900 + 100 * int(held["century"])
    elif len(held["year"]) == 2:
        year += 2000 if pivot is not None and year <= pivot else 1900
    try:
        return date(year, _month(held["month"]), int(held["day"])).toordinal() - _EPOCH
    except ValueError:
        return None


@lru_cache(maxsize=len(DATE_FORMATS))
def _pattern(spelt: DateFormat) -> re.Pattern[str]:
    parts = re.findall(r"yyyy|yy|mon|mm|dd|c|[/ -]", spelt)
    parted = any(part in "/ -" for part in parts)
    pieces = {**_PIECES, **_LOOSE} if parted else _PIECES
    between = r"[/. -]"
    return re.compile("".join(between if part in "/ -" else pieces[part] for part in parts) + _TIME)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower())), 0)

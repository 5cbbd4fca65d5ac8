"""The month of a monthly file, by its name, in the ways that suppliers spell one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath

from hearthlink.sources.reading.dates import day_number

MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NAMES = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_BY_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?:(0[1-9]|[12]\d|3[01])[-_. ]?)?(0[1-9]|1[0-2])[-_. ]?((?:19|20)\d\d)(?!\d)")
_BY_NAME = re.compile(rf"(?i)(?<![a-z])({_NAMES})[-_. ]*((?:19|20)\d\d)(?!\d)")
_NAME_LAST = re.compile(rf"(?i)(?<!\d)((?:19|20)\d\d)[-_. ]*({_NAMES})(?![a-z])")


def month_of(name: str) -> tuple[int, int] | None:
    """Year and month by a file's name, such as SHBE_201904.txt or SHBE April 2019.csv; None where it says none, or two different ones."""
    stem = PurePath(name).stem
    told = {(int(found[1]), int(found[2])) for found in _BY_NUMBER.finditer(stem)}
    told |= {(int(found[2]), MONTHS[found[1][:3].lower()]) for found in _BY_NAME.finditer(stem)}
    told |= {(int(found[1]), MONTHS[found[2][:3].lower()]) for found in _NAME_LAST.finditer(stem)}
    if not told:
        told = {(int(found[3]), int(found[2])) for found in _DAY_FIRST.finditer(stem)}
    return told.pop() if len(told) == 1 else None


def last_day(month: tuple[int, int]) -> int:
    """The last day of a month, as days since 1970-01-01."""
    year, number = month
    return day_number(date(year + number // 12, number % 12 + 1, 1)) - 1

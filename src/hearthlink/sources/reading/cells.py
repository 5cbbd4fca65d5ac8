"""Cells of workbooks and Parquet as texts: dates in ISO form, numbers as plain decimals."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

ODD_DATES = "a date in a column of other values: the spreadsheet may have made it of something else"
SWAPPED = (
    "a date beside others that are spelt as text: a spreadsheet of another country may have exchanged its day and month"
)
ROUNDED = "a number of more than 15 digits: a spreadsheet keeps no more, so its last ones may be lost"
_SPELT = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d\d|\d{4})")
MOST_EXACT = 10**15


def cell_text(cell: object) -> str | None:
    """What stands in a cell, as text; None where nothing does.

    A whole number has no decimal point, and no number an exponent. A date has a time only where that is not midnight.
    """
    match cell:
        case None | "":
            return None
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int():
            return str(cell)
        case float() | Decimal():
            return number_text(cell)
        case datetime():
            return _moment_text(cell)
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return number_text(cell / timedelta(days=1))
        case _:
            return None


def number_text(number: float | Decimal) -> str | None:
    """A number without exponent and without needless zeros; None where it is none."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not exact.is_finite():
        return None
    text = format(exact, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def is_date(cell: object) -> bool:
    """Whether a cell holds a day."""
    return isinstance(cell, date)


def is_spelt_date(cell: object) -> bool:
    """Whether a cell holds, as text, a day spelt in numbers."""
    return isinstance(cell, str) and len(cell) <= 10 and bool(_SPELT.fullmatch(cell))


def is_rounded(cell: object) -> bool:
    """Whether a cell holds a number longer than a spreadsheet keeps."""
    return isinstance(cell, float) and abs(cell) >= MOST_EXACT


def _moment_text(moment: datetime) -> str:
    if moment.tzinfo is None and moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds")

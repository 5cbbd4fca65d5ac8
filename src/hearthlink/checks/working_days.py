"""Working days in England: not a Saturday, a Sunday or a bank holiday."""

from __future__ import annotations

from datetime import date, timedelta

from hearthlink.tables.holidays import BANK_HOLIDAYS


def is_working(day: date) -> bool:
    """Whether people work on a day in England."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def working_days_before(day: date, count: int) -> date:
    """The day that lies so many working days before another."""
    while count:
        day -= timedelta(days=1)
        count -= is_working(day)
    return day

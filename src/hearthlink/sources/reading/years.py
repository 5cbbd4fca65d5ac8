"""The census year asked for, and the window of benefit months that goes with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hearthlink.errors import WrongUse


@dataclass(frozen=True, slots=True)
class CensusYear:
    """1 April to 31 March, written as "2019-20". The window begins one month earlier, so that a state is known on day one."""

    start: date
    end: date

    @property
    def text(self) -> str:
        """The year as councils write it, such as 2019-20."""
        return f"{self.start.year}-{self.end.year % 100:02}"

    @property
    def window_start(self) -> date:
        """First day of the month before the year."""
        return date(self.start.year, self.start.month - 1, 1)


def census_year(text: str) -> CensusYear:
    """The year from its usual spelling. Raises WrongUse where the text is not a year such as 2019-20."""
    if re.fullmatch(r"20\d\d-\d\d", text) and (int(text[:4]) + 1) % 100 == int(text[5:]):
        first = int(text[:4])
        return CensusYear(date(first, 4, 1), date(first + 1, 3, 31))
    raise WrongUse("The year is not a census year.", remedy='Write it as "2019-20".')


def year_holding(day: date) -> str:
    """The census year that a day lies in, as councils write it."""
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"

"""The census year asked for, the window of benefit months that linking needs, and the wider one that the questions need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hearthlink.errors import WrongUse

YEARS_BEFORE, YEARS_AFTER = 2, 1
OUTSIDE = "outside the time from 24 months before the year to 12 after it"


@dataclass(frozen=True, slots=True)
class CensusYear:
    """1 April to 31 March, written as "2019-20".

    Linking looks at the window from one month earlier, so that a state is known on day one. What came before a referral and what
    followed it is looked for from 24 months before the year (`history_start`) to 12 months after it (`follow_end`).
    """

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

    @property
    def history_start(self) -> date:
        """First day of April two years before the year: 24 months before the earliest referral."""
        return self.start.replace(year=self.start.year - YEARS_BEFORE)

    @property
    def follow_end(self) -> date:
        """31 March a year after the year's end: 12 months after the latest referral."""
        return self.end.replace(year=self.end.year + YEARS_AFTER)

    @property
    def following(self) -> CensusYear:
        """The year after."""
        return CensusYear(self.start.replace(year=self.start.year + 1), self.end.replace(year=self.end.year + 1))

    @property
    def preceding(self) -> CensusYear:
        """The year before."""
        return CensusYear(self.start.replace(year=self.start.year - 1), self.end.replace(year=self.end.year - 1))

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """Year and month of every calendar month from `history_start` to `follow_end`, oldest first."""
        first = self.history_start.year * 12 + self.history_start.month - 1
        last = self.follow_end.year * 12 + self.follow_end.month - 1
        return tuple((month // 12, month % 12 + 1) for month in range(first, last + 1))


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

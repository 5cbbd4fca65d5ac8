"""What benefits and rents were worth year by year, as near as made-up data need: weekly pence, and monthly for Universal Credit.

The shape is what matters (`domain.md` 2.11): working-age rates frozen until March 2020, the rise of twenty pounds in Universal
Credit and working tax credit in April 2020, local housing allowance frozen and then reset, social rents down and then up.
Years outside those told take the nearest.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of one tax year. ``uc_`` amounts are pence a month, and the others pence a week."""

    single: int
    couple: int
    child: int
    family: int
    eldest_benefit: int
    other_benefit: int
    credit_family: int
    credit_child: int
    credit_work: int
    care: int
    mobility: int
    carer: int
    jobseeker: int
    pension: int
    non_dependant: int
    non_dependant_working: int
    uc_single: int
    uc_couple: int
    uc_first_child: int
    uc_child: int
    uc_disabled_child: int
    uc_limited_capability: int
    uc_carer: int
    uc_allowance: int
    uc_allowance_no_housing: int
    housing_allowance: float


_YEARS = {
    2017: Rates(7310, 11485, 6690, 1745, 2070, 1370, 1045, 5345, 3770, 5565, 2200, 6270, 7310, 15955, 1480, 3400,
                31782, 49889, 27708, 23167, 12611, 31876, 15189, 19200, 39700, 1.0),
    2018: Rates(7310, 11485, 6690, 1745, 2070, 1370, 1045, 5345, 3770, 5730, 2265, 6460, 7310, 16435, 1525, 3500,
                31782, 49889, 27708, 23167, 12611, 32832, 15645, 19800, 40900, 1.0),
    2019: Rates(7310, 11485, 6690, 1745, 2070, 1370, 1045, 5345, 3770, 5870, 2320, 6615, 7310, 16860, 1560, 3585,
                31782, 49889, 27708, 23167, 12611, 33620, 16020, 28700, 50300, 1.0),
    2020: Rates(7435, 11680, 6827, 1765, 2105, 1395, 1045, 5440, 5845, 5970, 2360, 6725, 7435, 17520, 1585, 3645,
                40989, 59404, 28125, 23583, 12825, 34192, 16292, 29200, 51200, 1.08),
}  # fmt: skip
TWO_CHILDREN_FROM = date(2017, 4, 6)
"""Third and later children born since get no child element (`domain.md` 2.11)."""
CREDIT_THRESHOLD, CREDIT_TAPER = 12350, 0.41
UC_TAPER = 0.63
TAX_FROM, INSURANCE_FROM = 22790, 16200


def rates(day: date) -> Rates:
    """The rates of a day: benefits rise on the first Monday of April or near it; here on the 1st."""
    return _YEARS[min(max(day.year if day.month >= 4 else day.year - 1, 2017), 2020)]


def net(gross: int) -> int:
    """Weekly earnings after income tax and National Insurance, as the two stood about 2018 to 2020."""
    return gross - max(gross - TAX_FROM, 0) * 20 // 100 - max(gross - INSURANCE_FROM, 0) * 12 // 100


UPRATINGS = tuple(date(year, 4, 1) + timedelta(days=-date(year, 4, 1).weekday() % 7) for year in range(1990, 2060))
"""The first Monday of each April, when benefits and social rents change."""


def upratings_between(day: date, last: date) -> int:
    """How many Aprils' upratings lie after a day and no later than another."""
    return max(bisect_right(UPRATINGS, last) - bisect_right(UPRATINGS, day), 0)


def evictions_stayed(day: date) -> bool:
    """Whether possession was stayed (`domain.md` 2.11)."""
    return date(2020, 3, 27) <= day <= date(2021, 5, 31)


def mondays(first: date, last: date) -> int:
    """How many Mondays lie between two days, both of them counted: rent is charged on Mondays."""
    start = first + timedelta(days=-first.weekday() % 7)
    return max((last - start).days // 7 + 1, 0) if last >= start else 0

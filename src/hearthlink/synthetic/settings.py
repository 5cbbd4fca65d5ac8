"""What is asked of the invented authority: its size, its window, its errors, the effect built into it, and the files it writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

WORLD_VERSION = "1"

World = Literal["plain", "seasons", "confounding", "aftermath", "late_claims", "backdated"]
"""Worlds in which an analysis may be fooled, to be asked for with no effect (`docs/explanation/practice-authority.md`).

seasons: events and referrals both come most in autumn. confounding: families under strain have more events and more referrals.
aftermath: a referral is often followed by a suspension. late_claims: families without a claim often claim in the month after.
backdated: they do, and the claim is made to begin before the referral, so that the share on benefits is above the one asked for.
"""

DEFAULT_LAYOUTS = ("cin", "ssd", "shbe", "cts", "geography")
"""The layouts that linking needs; the truth is always written besides."""

MONEY_LAYOUTS = ("universal_credit", "homelessness", "rent", "housing_payments", "council_tax", "comparators")

PRACTICE_LAYOUTS = (*DEFAULT_LAYOUTS[:-1], *MONEY_LAYOUTS, DEFAULT_LAYOUTS[-1])
"""The layouts that a person gets who asks for none: those that linking needs, and those that the study's questions need."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of the invented authority.

    ``share`` is the share of born referred children who truly live, on the day of their first referral of the year, in a
    household with a claim in payment. ``error_scale`` multiplies every error rate (0: perfect records); with
    ``unequal_errors`` false all communities share one rate. ``event_log_rate_ratio`` is the log of the factor by which a
    family's referral hazard is raised in the month of an event and the ``event_months`` after it; 0 means no effect.

    ``months`` counts calendar months up to the end of the census year. With ``following``, the world is watched for a
    further year: benefits run on through it, and the next year's census is written too. ``layouts`` are names of
    `write_formats.LAYOUTS`. ``held_back`` leaves the last so many months of the window unwritten, as an extract taken so
    many months earlier would. ``refresh`` is how many rounds of corrections the same authority's records have been through.
    """

    children: int = 2200
    households: int = 5000
    share: float = 0.48
    year: str = "2019-20"
    months: int = 24
    seed: int = 1
    error_scale: float = 1.0
    unequal_errors: bool = True
    event_log_rate_ratio: float = 0.7
    event_months: int = 2
    version: str = WORLD_VERSION
    layouts: tuple[str, ...] = DEFAULT_LAYOUTS
    following: bool = False
    held_back: int = 0
    refresh: int = 0
    world: World = "plain"

    @property
    def year_start(self) -> date:
        """1 April on which the census year begins."""
        return date(int(self.year[:4]), 4, 1)

    @property
    def year_end(self) -> date:
        """31 March on which the census year ends: the reference date."""
        return date(int(self.year[:4]) + 1, 3, 31)

    @property
    def watched_until(self) -> date:
        """The last day of the world: the year's end, or that of the following year where it is watched."""
        return date(self.year_end.year + self.following, 3, 31)

    @property
    def extracted(self) -> date:
        """The last day that benefits files know of: the last of the world, less the months held back."""
        last = _month(self.watched_until) - self.held_back
        return _first(last + 1) - timedelta(days=1)

    def month_starts(self) -> tuple[date, ...]:
        """First days of the calendar months that are written, oldest first: ``months`` up to the year end, and what follows."""
        first = _month(self.year_end) - self.months + 1
        return tuple(_first(month) for month in range(first, _month(self.extracted) + 1))

    def next_year(self) -> Settings:
        """These settings with the census year that follows, for the writer of the next census."""
        start = int(self.year[:4]) + 1
        return replace(self, year=f"{start}-{(start + 1) % 100:02d}", following=False)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)

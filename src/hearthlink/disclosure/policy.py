"""The rules of the output checks, as data, and the verdicts they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from hearthlink.errors import WrongUse
from hearthlink.tables.profiles import PROFILES, fits


class Verdict(IntEnum):
    """What the checks say of a figure, from the mildest to the strictest."""

    RELEASE = 0
    SUBTRACTION = 1
    FAMILIES = 2
    COMPLEMENT = 3
    SMALL = 4
    UNCHECKED = 5


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The strictest verdict; nothing checked means nothing released."""
    return max(verdicts, default=Verdict.UNCHECKED)


def released(verdict: Verdict) -> bool:
    """Whether a figure with this verdict may leave."""
    match verdict:
        case Verdict.RELEASE:
            return True
        case Verdict.SUBTRACTION | Verdict.FAMILIES | Verdict.COMPLEMENT | Verdict.SMALL | Verdict.UNCHECKED:
            return False
        case _:
            assert_never(verdict)


def reason(verdict: Verdict) -> str:
    """The verdict in plain words."""
    match verdict:
        case Verdict.RELEASE:
            return "released"
        case Verdict.SUBTRACTION:
            return "could be used to work out a figure that is held back"
        case Verdict.FAMILIES:
            return "comes from too few families, or mostly from one"
        case Verdict.COMPLEMENT:
            return "all or nearly all of the group are alike"
        case Verdict.SMALL:
            return "too small a number"
        case Verdict.UNCHECKED:
            return "not checked"
        case _:
            assert_never(verdict)


SHARE_BASE = 30
"""Fewest children for a share."""

ENDS_BASE = 5
"""Ends of ranges are no finer than this, however exact the counts are."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The strictness of the checks.

    `threshold`: a count below it is held back; so is a figure whose complement is below it. `noughts`: that nobody is in a group is
    printed all the same; that nobody of a group has something never is, for it is said of each of them.
    `base`: released counts are rounded to the nearest multiple of it.
    `families`, `largest_family`: fewest families behind a figure, and the greatest share that one of them may have.
    `alike`: the share of a group from which on all of it is taken to be alike.
    `share_base`: fewest children for a share; `decimal_base`: fewest for a share with one decimal.
    `totals_known`: also withstand a reader who knows the exact number of children in each group from elsewhere,
    as the Department for Education publishes some of them for each council.
    """

    profile: str = "strict"
    threshold: int = 10
    base: int = 5
    families: int = 3
    largest_family: float = 0.5
    share_base: int = SHARE_BASE
    decimal_base: int = 1_000
    totals_known: bool = True
    noughts: bool = False
    alike: float = 0.95

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise WrongUse(
                "There is no disclosure profile of this name.",
                remedy=f"Use one of these: {', '.join(PROFILES)}.",
            )
        if not fits(self.threshold, self.base):
            raise WrongUse(
                "The disclosure threshold would be rounded to less than itself.",
                remedy="Make it a multiple of the rounding: for example, threshold = 10 and base = 5.",
            )
        outside = self.families < 1 or not 0 < self.largest_family <= 1 or self.share_base < self.threshold
        if outside or not 0.5 < self.alike <= 1 or (self.noughts and not PROFILES[self.profile].noughts):
            raise WrongUse(
                "A disclosure setting lies outside its range.",
                remedy="See the disclosure page of the docs.",
            )

    @classmethod
    def of(cls, profile: str = "strict", threshold: int | None = None, rounding: int | None = None) -> Policy:
        """The policy of a profile, with a threshold or a rounding of the study's own where it has them.

        Raises WrongUse for a profile of no known name, and for settings that are less strict than it allows.
        """
        rule = PROFILES.get(profile)
        if rule is None:
            return cls(profile=profile)
        least = rule.threshold if threshold is None else threshold
        base = rule.rounding if rounding is None else rounding
        if least < rule.least_threshold or base < rule.least_rounding:
            raise WrongUse(
                f"The threshold or the rounding is less strict than the profile {profile} allows.",
                remedy=f"Use {rule.least_threshold} and {rule.least_rounding} or more.",
            )
        return cls(profile, least, base, share_base=max(SHARE_BASE, least), noughts=rule.noughts)

    @property
    def width(self) -> int:
        """The narrowest range that a reader may work out for a figure that is held back: as wide as from the least it can be to the most."""
        return self.threshold - (2 if self.noughts else 1)

    @property
    def step(self) -> int:
        """The threshold as a number that may be printed: the least multiple of the base that is no less."""
        return -(-self.threshold // self.base) * self.base

    @property
    def least_hidden(self) -> int:
        """The fewest children that a group may have whose number is held back."""
        return 1 if self.noughts else 0

    def rounded(self, count: float) -> int:
        """The count to the nearest multiple of the base, halves upward."""
        return self.base * int((count + self.base / 2) // self.base)

    def stands_for(self, count: float, *, whole: bool) -> tuple[float, float]:
        """The range that a printed count stands for; `whole`: it is known to be a whole number."""
        if self.noughts and count == 0:
            return 0.0, 0.0
        middle = self.rounded(count)
        below, above = (self.base // 2, (self.base - 1) // 2) if whole else (self.base / 2, self.base / 2)
        return max(middle - below, self.threshold), middle + above

    def outward(self, width: float) -> int:
        """A distance to the next multiple of the base, or of five where that is finer, and never nought: that would tell too much."""
        base = max(self.base, ENDS_BASE)
        return base * max(1, -int(-width // base))

    @property
    def small(self) -> str:
        """Which counts are held back, in words."""
        return f"1 to {self.threshold - 1}" if self.noughts else f"under {self.threshold}"

    @property
    def says(self) -> str:
        """The rule in words, for the note beside what was held back."""
        held = (
            f"Counts from {self.small}, and nobody of a group that is there,"
            if self.noughts
            else f"Counts {self.small}, nought included,"
        )
        shares = "shares are made from rounded counts" if self.base > 1 else "shares are made from them"
        others = f"others are rounded to the nearest {self.base}" if self.base > 1 else "others are exact"
        return f"{held} are held back; {others}, and {shares}."


STRICT = Policy()


@dataclass(frozen=True, slots=True)
class Comparator:
    """A figure from elsewhere to set beside the headline, with its source and the different children it is about."""

    share: float
    label: str
    source: str
    base: str

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise WrongUse(
                "The comparator's share must lie between 0 and 1.",
                remedy="Write, for example, share = 0.333.",
            )

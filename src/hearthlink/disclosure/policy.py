"""The rules of the output checks, as data, and the verdicts they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from hearthlink.errors import WrongUse


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


@dataclass(frozen=True, slots=True)
class Policy:
    """The strictness of the checks.

    `threshold`: a count below it, nought included, is held back; so is a figure whose complement is below it.
    `base`: released counts are rounded to the nearest multiple of it.
    `families`, `largest_family`: fewest families behind a figure, and the greatest share that one of them may have.
    `share_base`: fewest children for a share; `decimal_base`: fewest for a share with one decimal.
    `totals_known`: also withstand a reader who knows the exact number of children in each group from elsewhere,
    as the Department for Education publishes some of them for each council.
    """

    profile: str = "strict"
    threshold: int = 10
    base: int = 5
    families: int = 3
    largest_family: float = 0.5
    share_base: int = 30
    decimal_base: int = 1_000
    totals_known: bool = True

    def __post_init__(self) -> None:
        if self.base < 1 or self.threshold < self.base or self.threshold % self.base:
            raise WrongUse(
                "The disclosure threshold must be a multiple of the rounding base.",
                remedy="Use, for example, threshold = 10 and base = 5.",
            )
        if self.families < 1 or not 0 < self.largest_family <= 1 or self.share_base < self.threshold:
            raise WrongUse(
                "A disclosure setting lies outside its range.",
                remedy="See the disclosure page of the docs.",
            )

    @property
    def width(self) -> int:
        """The narrowest range that a reader may work out for a figure that is held back."""
        return self.threshold - 1

    def rounded(self, count: float) -> int:
        """The count to the nearest multiple of the base, halves upward."""
        return self.base * int((count + self.base / 2) // self.base)

    def outward(self, width: float) -> int:
        """A distance to the next multiple of the base, and never nought: an exact nought would tell too much."""
        return self.base * max(1, -int(-width // self.base))


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

"""One share of several authorities or years: each by itself, each leaning on the others, and how far they lie apart.

What an authority's own evidence is worth is read off its interval for the process, which holds chance, families and linkage: as many
independent children as would give an interval of that width. Their shares are then pooled as in `pooling`, and the spread between
them is the moment estimate of DerSimonian and Laird (1986), a standard deviation on the scale of the share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hearthlink.analysis.pooling import pooled

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Part:
    """A share in one authority and year: how many of how many, and the ends of its 95% interval for the process, as shares."""

    having: float
    of: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Leaning:
    """A part's share as it leans on the others, with the ends of its 95% interval, and how much of it is its own evidence."""

    share: float
    low: float
    high: float
    own: float


@dataclass(frozen=True, slots=True)
class Together:
    """All parts: their share when weighed alike, its 95% interval over such authorities, the spread between them, and each one's own."""

    share: float
    low: float
    high: float
    spread: float
    parts: tuple[Leaning | None, ...]


def together(parts: Sequence[Part]) -> Together | None:
    """The parts pooled; None where fewer than two have anybody. A part without an interval has nothing to give, and none of its own."""
    known = [part for part in parts if part.of > 0 and part.high > part.low]
    if len(known) < 2:
        return None
    share = np.array([part.having / part.of for part in known])
    within = np.array([((part.high - part.low) / (2 * Z)) ** 2 for part in known])
    weight = 1 / within
    common = float((weight * share).sum() / weight.sum())
    excess = float((weight * (share - common) ** 2).sum()) - (len(known) - 1)
    between = max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))
    heavy = 1 / (within + between)
    mean, error = float((heavy * share).sum() / heavy.sum()), float(heavy.sum() ** -0.5)
    return Together(mean, max(0.0, mean - Z * error), min(1.0, mean + Z * error), between**0.5, _leaning(parts))


def _leaning(parts: Sequence[Part]) -> tuple[Leaning | None, ...]:
    worth = np.array([_worth(part) for part in parts])
    share = np.array([part.having / part.of if part.of > 0 else 0.0 for part in parts])
    return tuple(
        None if one is None else Leaning(one.share, one.low, one.high, one.own) for one in pooled(share * worth, worth)
    )


def _worth(part: Part) -> float:
    """As many independent children as give an interval of the part's width, and never more than it has."""
    if part.of <= 0 or part.high <= part.low:
        return 0.0
    # A share of nought or one has no variance by itself: half a child each way, as for the logit.
    share = (part.having + 0.5) / (part.of + 1)
    return min(part.of, share * (1 - share) / ((part.high - part.low) / (2 * Z)) ** 2)

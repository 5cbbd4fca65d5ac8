"""What the ends of an interval tell a reader who knows by which method they were made: of how many children a printed number can be."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, stdtrit

from hearthlink.disclosure import Policy
from hearthlink.disclosure.figures import protected_ends

Numbers = npt.NDArray[np.float64]
GRID = 0.05
"""How finely the numbers of children are tried."""


def known_ends(having: Numbers, children: Numbers) -> tuple[Numbers, Numbers]:
    """The ends at 95%, as numbers of children, where each child is a family of its own and no match is in doubt: then nothing else decides them."""
    share = np.clip(having / children, 1e-9, 1 - 1e-9)
    complete = children - 1
    reach = stdtrit((complete + 1) / (complete + 3) * complete, 0.975) * (1 / (complete * share * (1 - share))) ** 0.5
    return children * expit(logit(share) - reach), children * expit(logit(share) + reach)


@cache
def printed_ends(having: float, children: float, policy: Policy) -> tuple[int, int]:
    """The ends that the program prints of a number: whoever has the program can ask it."""
    low, high = known_ends(np.array([having]), np.array([children]))
    ends = protected_ends(having, float(low[0]), float(high[0]), children, policy)
    assert ends is not None
    return ends.low, ends.high


@cache
def narrowed(
    over: int,
    under: int,
    ends: tuple[float | None, float | None],
    limits: tuple[float, float],
    sizes: tuple[float, float],
    policy: Policy,
    decimals: int,
) -> tuple[float, float]:
    """Between what a printed number (`over`) must lie, given the number it is a share of (`under`) and its ends as shares to so many decimals.

    `limits` and `sizes` are what their roundings leave of the two. Every number within them is tried.
    """
    # a mean over draws is no whole number, and comes as near to what would print otherwise as one likes
    many = [*np.arange(sizes[0], sizes[1], 0.5), sizes[1] - 1e-9] if sizes[1] > sizes[0] else [sizes[0]]
    left: list[float] = []
    for having in np.arange(limits[0], limits[1] + GRID / 2, GRID):
        for children in many:
            if (
                children - having < policy.threshold
                or policy.rounded(having) != over
                or policy.rounded(children) != under
            ):
                continue
            made = printed_ends(float(having), float(children), policy)
            said = [(min(end, under) / under, one) for end, one in zip(made, ends, strict=True) if one is not None]
            if all(abs(end - one) <= 0.5 * 10.0 ** -(decimals + 2) + 1e-9 for end, one in said):
                left.append(float(having))
    return (min(left) - GRID, max(left) + GRID) if left else limits

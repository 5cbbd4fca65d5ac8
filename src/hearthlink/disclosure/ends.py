"""How far the ends of an interval stand from a printed number, so that they tell no more of it than its own rounding does."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from hearthlink.disclosure.policy import Policy

Numbers = npt.NDArray[np.float64]
STEPS = 21
BEYOND = 1.001
"""The widest is looked for at so many numbers, and between two of them it is no more than a thousandth wider."""


def room(having: float, children: float, policy: Policy) -> tuple[float, float]:
    """By how much the distances below and above must grow to be those of the number, of all that print as this one does, with the widest.

    The width of an interval follows from the number of children it is of. Rounded outward by itself, it would step up at one of the numbers
    that print alike, and show on which side of it the true one lies. Grown to the widest of them by the method's own formula (logit
    scale, Student's quantile with Barnard and Rubin's degrees of freedom, as if each child were a family of its own), it is the same for
    all of them; what families and doubtful matches add to a width is kept in proportion.
    """
    if min(having, children - having) < policy.threshold:
        return 1.0, 1.0
    low, high = distances(np.array([having]), np.array([children]))
    widest = _widest(policy.rounded(having), policy.rounded(children), policy)
    return max(1.0, widest[0] / float(low[0])), max(1.0, widest[1] / float(high[0]))


def distances(having: Numbers, children: Numbers) -> tuple[Numbers, Numbers]:
    """How far below and above a number of children its ends at 95% stand, where each child is a family of its own and no match is in doubt."""
    # scipy takes a third of a second to load, and only clearing needs it
    from scipy.special import expit, logit, stdtrit

    share, complete = having / children, children - 1
    quantile = stdtrit((complete + 1) / (complete + 3) * complete, 0.975)
    reach = quantile / np.sqrt(complete * share * (1 - share))
    return having - children * expit(logit(share) - reach), children * expit(logit(share) + reach) - having


@lru_cache(maxsize=4096)
def _widest(over: int, under: int, policy: Policy) -> tuple[float, float]:
    """The greatest distances of all numbers that print as these two do, and that may be printed."""
    half = policy.base / 2
    having, children = np.meshgrid(
        np.linspace(max(policy.threshold, over - half), over + half, STEPS),
        np.linspace(under - half, under + half, STEPS),
    )
    may_be = children - having >= policy.threshold
    if not may_be.any():
        return 0.0, 0.0
    low, high = distances(having[may_be], children[may_be])
    return BEYOND * float(low.max()), BEYOND * float(high.max())

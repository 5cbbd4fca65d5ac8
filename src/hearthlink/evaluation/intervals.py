"""Measures of a linkage with their intervals, from counts alone or from draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

Number = npt.NDArray[np.float64]

LEVEL = 0.95
REACH = float(ndtri((1 + LEVEL) / 2))
"""Standard errors either side of a 95% interval of a normal quantity."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1 with its parts and the ends of its 95% interval; the ends are None where nothing was counted."""

    value: float
    numerator: float
    denominator: float
    low: float | None
    high: float | None


def wilson(count: int, of: int) -> tuple[float, float]:
    """Ends of the score interval of a share at the 95% level (Wilson 1927); `of` is above nought."""
    share, square = count / of, REACH**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = REACH * (share * (1 - share) / of + square / (4 * of**2)) ** 0.5 / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def counted_share(count: int, of: int) -> Share | None:
    """A share of counted children with its score interval (Wilson 1927); None where there is nothing to count."""
    if of == 0:
        return None
    low, high = wilson(count, of)
    return Share(count / of, count, of, low, high)


def f1(right: int, wrong: int, missed: int) -> Share | None:
    """F1 with an interval: it rises with J = right / (right + wrong + missed), as 2J / (1 + J), so Wilson's ends carry over."""
    inner = counted_share(right, right + wrong + missed)
    if inner is None or inner.low is None or inner.high is None:
        return None
    below = 2 * right + wrong + missed
    return Share(
        2 * right / below,
        2 * right,
        below,
        2 * inner.low / (1 + inner.low),
        2 * inner.high / (1 + inner.high),
    )


def drawn_share(
    numerator: float,
    denominator: float,
    over: Number,
    under: Number,
    spread: float = 0.0,
) -> Share | None:
    """An expected share with a 95% interval on the logit scale from its draws.

    `over` and `under` have one number for each draw of the linkage, the count above and below the line in that draw; `spread` is
    the variance of `over` within a draw. The total variance is (1 + 1/M) B and that (Rubin 1987, with M draws and B between them);
    where it is nil the ends are those of the draws.
    """
    if denominator <= 0:
        return None
    value = numerator / denominator
    seen = under > 0
    shares = over[seen] / under[seen]
    if shares.size < 2:
        return Share(value, numerator, denominator, None, None)
    within = spread / float(np.mean(under[seen])) ** 2
    variance = (1 + 1 / shares.size) * float(np.var(shares, ddof=1)) + within
    if variance == 0 or not 0 < value < 1:
        return Share(
            value,
            numerator,
            denominator,
            min(float(shares.min()), value),
            max(float(shares.max()), value),
        )
    reach = REACH * variance**0.5 / (value * (1 - value))
    return Share(
        value,
        numerator,
        denominator,
        float(expit(logit(value) - reach)),
        float(expit(logit(value) + reach)),
    )

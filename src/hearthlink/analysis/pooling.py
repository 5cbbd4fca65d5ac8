"""Shares of several groups, each leaning on the others as far as its own evidence is thin (partial pooling).

The share of a group is drawn from a beta distribution common to the groups and its count is binomial: the beta-binomial hierarchy
(Gelman, Carlin, Stern, Dunson, Vehtari and Rubin 2013, chapter 5). Nothing is plugged in for the common mean and strength: they are
integrated over, since intervals that take them as known are too narrow (Morris 1983; Christiansen and Morris 1997). The mean has
Jeffreys's prior and the share of shrinkage is uniform (Daniels 1999), which is proper however few the groups are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, expit, logit, ndtri

Number = npt.NDArray[np.float64]

LEVEL = 0.95
MEANS, STRENGTHS = 61, 41
"""Points of the grid on which the common mean and strength are integrated."""

WIDEST = 12.0
"""Logits of the share of shrinkage at the ends of the grid: beyond, the groups are one, or have nothing to do with each other."""

HALVINGS = 24
"""A quantile is found to within 2 ** -25."""

LINES, NEAR, FAR = 12, 3e-8, 1e-12
"""So many lines are laid at most to come so near a quantile; chances less far than this from nought and one are taken to be so far."""

FAINT = 1e-5
"""Points of the grid that weigh less than this beside the heaviest are left out."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """One group's share with the ends of its 95% interval, and `own`, how much of it is the group's own evidence, from 0 to 1."""

    share: float
    low: float
    high: float
    own: float


def pooled(having: Number, of: Number) -> tuple[Pooled | None, ...]:
    """The pooled share of each group from its numbers having something, `of` so many; both of shape (groups,) and at least nought.

    Numbers need not be whole: a sum of probabilities counts as the children it expects. None for a group with nobody, and for all
    where there is one group alone to learn from.
    """
    some = of > 0
    if int(some.sum()) < 2:
        return (None,) * len(of)
    common = _common(having[some], of[some])
    return tuple(_group(float(k), float(n), common) if n > 0 else None for k, n in zip(having, of, strict=True))


@dataclass(frozen=True, slots=True)
class Common:
    """What the groups may have in common: points of the two beta parameters, and the posterior weight of each, of shape (points,)."""

    yes: Number
    no: Number
    weight: Number


def _common(having: Number, of: Number) -> Common:
    """The beta distributions that the groups may be drawn from."""
    angle, spacing = _angles(float(having.sum()), float(of.sum()))
    logit = np.linspace(-WIDEST, WIDEST, STRENGTHS)
    shrinkage = expit(logit)
    # A share of shrinkage B is that of a group of middling size: B = strength / (strength + size).
    strength = float(np.median(of)) * np.exp(logit)
    yes, no = np.sin(angle)[:, None] ** 2 * strength, np.cos(angle)[:, None] ** 2 * strength
    log = np.log(spacing)[:, None] + np.log(shrinkage * (1 - shrinkage))[None, :]
    for k, n in zip(having, of, strict=True):
        log = log + betaln(yes + k, no + n - k) - betaln(yes, no)
    weight = np.exp(log - log.max())
    kept = weight > FAINT
    return Common(yes[kept], no[kept], weight[kept] / float(weight[kept].sum()))


def _angles(having: float, of: float) -> tuple[Number, Number]:
    """Points of the arcsine of the root of the mean, on which Jeffreys's prior is flat: close together where the data lie."""
    centre = float(np.arcsin(np.sqrt((having + 0.5) / (of + 1))))
    narrow = 0.5 / (of + 1) ** 0.5
    edge = 1e-4
    ends = np.arcsinh((edge - centre) / narrow), np.arcsinh((np.pi / 2 - edge - centre) / narrow)
    steps = np.linspace(float(ends[0]), float(ends[1]), MEANS)
    return centre + narrow * np.sinh(steps), narrow * np.cosh(steps)


def _group(k: float, n: float, common: Common) -> Pooled:
    yes, no, weight = common.yes + k, common.no + n - k, common.weight

    low, high = (_quantile(yes, no, weight, chance) for chance in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    share = float((weight * yes / (yes + no)).sum())
    return Pooled(share, low, high, float((weight * n / (common.yes + common.no + n)).sum()))


def _quantile(yes: Number, no: Number, weight: Number, chance: float) -> float:
    """Below which share the mixture of beta distributions has this chance, by halving.

    Two shares close to it are looked for first, one on each side: halves that end beyond them need not be worked out.
    """

    def below(share: float) -> float:
        return float((weight * betainc(yes, no, share)).sum())

    under, over = _around(below, chance, *_moments(yes, no, weight))
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        less = middle <= under or (middle < over and below(middle) < chance)
        low, high = (middle, high) if less else (low, middle)
    return (low + high) / 2


def _moments(yes: Number, no: Number, weight: Number) -> tuple[float, float]:
    """Mean and standard deviation of the mixture."""
    each = yes / (yes + no)
    mean = float((weight * each).sum())
    return mean, float((weight * (each * (1 - each) / (yes + no + 1) + (each - mean) ** 2)).sum()) ** 0.5


def _around(below: Callable[[float], float], chance: float, mean: float, spread: float) -> tuple[float, float]:
    """Two shares with the quantile between them, as a rule `NEAR` to it: as normal deviates of logits a beta lies nearly on a line."""
    aim, known, low, high = float(ndtri(chance)), 0.0, 0.0, 1.0
    before = float(logit(mean))
    at = before + aim * spread / (mean * (1 - mean))
    for _ in range(LINES):
        share = float(expit(at))
        if not low < share < high:
            break
        there = below(share)
        low, high = (share, high) if there < chance else (low, share)
        seen = float(ndtri(min(max(there, FAR), 1 - FAR)))
        if seen == known:
            break
        before, known, at = at, seen, at + (aim - seen) * (at - before) / (seen - known)
        if abs(float(expit(at)) - share) < NEAR:
            break
    near = float(expit(at))
    for share in (near - NEAR, near + NEAR):
        if low < share < high:
            low, high = (share, high) if below(share) < chance else (low, share)
    return low, high

"""Shares of several groups, each leaning on the others as far as its own evidence is thin (partial pooling).

The share of a group is drawn from a beta distribution common to the groups and its count is binomial: the beta-binomial hierarchy
(Gelman, Carlin, Stern, Dunson, Vehtari and Rubin 2013, chapter 5). Nothing is plugged in for the common mean and strength: they are
integrated over, since intervals that take them as known are too narrow (Morris 1983; Christiansen and Morris 1997). The mean has
Jeffreys's prior and the share of shrinkage is uniform (Daniels 1999), which is proper however few the groups are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, expit

Number = npt.NDArray[np.float64]

LEVEL = 0.95
MEANS, STRENGTHS = 61, 41
"""Points of the grid on which the common mean and strength are integrated."""

WIDEST = 12.0
"""Logits of the share of shrinkage at the ends of the grid: beyond, the groups are one, or have nothing to do with each other."""

HALVINGS = 24
"""A quantile is found to within 2 ** -25."""

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
    """Below which share the mixture of beta distributions has this chance, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = float((weight * betainc(yes, no, middle)).sum())
        low, high = (middle, high) if below < chance else (low, middle)
    return (low + high) / 2

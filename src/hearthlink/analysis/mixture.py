"""The likelihood of matched sets of which it is not known which is the child's, and how far it falls away from its greatest.

Each child has sets it might have, each with a probability; see `corrected` for the likelihood. Its ends are where twice what it falls by
exceeds what chance would: Wald's, an estimate and so many standard errors either side, hold the truth too often where sets are few, as
the error is greatest where the estimate is far out (Hauck and Donner 1977), and the more so the less is known of the links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import copysign

import numpy as np

from hearthlink.analysis.cohort import Whole
from hearthlink.analysis.conditional import BEYOND, Number, Sets, odds
from hearthlink.analysis.intervals import NORMAL

STEPS, CLOSE, HALVINGS = 40, 1e-7, 12
FIRST, STRIDE = 0.5, 0.25
"""Where an end is first looked for, and how far on each time, in the distances at which Wald's would be."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Candidates of children: of each its `pattern`, which speaks of `sets` (-1 for one that tells nothing), whose it is, and its probability.

    The first three have shape (candidates,); `owner` counts from 0 to `children`.
    """

    sets: Sets
    pattern: Whole
    owner: Whole
    prior: Number
    children: int

    def summed(self, values: Number) -> Number:
        """Sums over the candidates of each child, of shape (children,)."""
        return np.bincount(self.owner, weights=values, minlength=self.children).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Told:
    """What coefficients make of a mixture: log likelihood; score of each child, (children, bands); information, and that were all links known."""

    log: float
    score: Number
    information: Number
    complete: Number


def weighed(mixture: Mixture, beta: Number) -> tuple[float, Number]:
    """The log likelihood, and the probability of each candidate once its set is taken into account."""
    likelihood = np.append(np.exp(odds(mixture.sets, beta)[0]), 1.0)
    joint = mixture.prior * likelihood[mixture.pattern]
    total = mixture.summed(joint)
    return float(np.log(total).sum()), joint / total[mixture.owner]


def told(mixture: Mixture, beta: Number) -> Told:
    """The likelihood, its slope and its curvature (Louis 1982) at coefficients of shape (bands,)."""
    bands, sets = mixture.sets.bands, mixture.sets
    log, weight = weighed(mixture, beta)
    _, slope, expected = odds(sets, beta)
    score = np.concatenate([slope, np.zeros((1, bands))])[mixture.pattern]
    own = np.stack([mixture.summed(weight * score[:, band]) for band in range(bands)], axis=1).astype(np.float64)
    known = mixture.pattern >= 0
    counts = np.bincount(mixture.pattern[known], weights=weight[known], minlength=len(sets.case))
    complete = np.diag(np.einsum("p,pa->a", counts, expected)) - np.einsum("p,pa,pb->ab", counts, expected, expected)
    lost = np.einsum("n,na,nb->ab", weight, score, score) - np.einsum("na,nb->ab", own, own)
    return Told(log, own, complete - lost, complete)


def ends(mixture: Mixture, beta: Number, information: Number, covariance: Number) -> tuple[Number, Number]:
    """The ends of each band at 95%, the others following: where twice the fall of the log likelihood is that of chi-squared, and more for families.

    `beta` is where it is greatest, `information` its curvature there. Children of a family are alike, so that the likelihood, which takes
    them one by one, is too steep: it is flattened until its curvature agrees with their `covariance` (Chandler and Bate 2007). An end
    farther out than `BEYOND`, where no estimate would be believed, is put there: what is known is open on that side.
    """
    plain, top = np.linalg.inv(information), weighed(mixture, beta)[0]
    low, high = beta.copy(), beta.copy()
    for band in range(len(beta)):
        fall = NORMAL**2 * float(covariance[band, band] / plain[band, band])
        path, stride = plain[:, band] / plain[band, band], NORMAL * float(covariance[band, band]) ** 0.5
        for found, way in ((low, -stride), (high, stride)):
            found[band] = _end(mixture, beta, path, band, (way, top - fall / 2))
    return low, high


def _end(mixture: Mixture, beta: Number, path: Number, band: int, sought: tuple[float, float]) -> float:
    """The value of a band at which the likelihood, greatest in the others, has fallen to what is sought, the first one on the way."""
    way, least = sought

    def above(part: float) -> float:
        return _greatest(mixture, beta + part * way * path, band) - least

    farthest = (copysign(BEYOND, way) - float(beta[band])) / way
    inner, outer = 0.0, min(FIRST, farthest)
    while above(outer) > 0:
        if outer == farthest:
            return copysign(BEYOND, way)
        inner, outer = outer, min(outer + STRIDE, farthest)
    return float(beta[band]) + way * _crossing(above, inner, outer)


def _crossing(above: Callable[[float], float], inner: float, outer: float) -> float:
    """Where a function that is above nought at the one and not at the other comes to nought: false position (Dowell and Jarratt 1971)."""
    left, right = above(inner), above(outer)
    middle, last = outer, 0.0
    for _ in range(STEPS):
        if outer - inner < CLOSE or right == 0:
            break
        middle = (inner * right - outer * left) / (right - left)
        found = above(middle)
        if abs(found) < CLOSE:
            break
        if found > 0:
            inner, left, right = middle, found, right / 2 if last > 0 else right
        else:
            outer, right, left = middle, found, left / 2 if last < 0 else left
        last = found
    return middle


def _greatest(mixture: Mixture, start: Number, held: int) -> float:
    """The greatest log likelihood with one band held where it is: Newton's method, from a start that is near."""
    free = np.flatnonzero(np.arange(len(start)) != held)
    if not free.size:
        return weighed(mixture, start)[0]
    beta, at = np.clip(start, -BEYOND, BEYOND), told(mixture, np.clip(start, -BEYOND, BEYOND))
    for _ in range(STEPS):
        curvature = at.information[np.ix_(free, free)]
        if np.linalg.eigvalsh(curvature).min() <= 0:
            # The curvature were all links known never leads downward (Lange 1995).
            curvature = at.complete[np.ix_(free, free)]
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(curvature, at.score.sum(axis=0)[free])
        moved = _uphill(mixture, beta, np.clip(step, -1.0, 1.0), at)
        if moved is None:
            break
        beta, at = moved
        if np.abs(step).max() < CLOSE:
            break
    return at.log


def _uphill(mixture: Mixture, beta: Number, step: Number, at: Told) -> tuple[Number, Told] | None:
    """The next coefficients: the step, halved until it leads no lower; None where none does."""
    for _ in range(HALVINGS):
        tried = np.clip(beta + step, -BEYOND, BEYOND)
        found = told(mixture, tried)
        if found.log >= at.log:
            return tried, found
        step = step / 2
    return None

"""Associations with doubt about the links put right: which household is the child's is judged with the outcome in mind.

A draw that gives a child a stranger's household gives it the exposures of a stranger: associations are pulled toward nothing by the
share of wrong links, and joining the draws by Rubin's rules does not mend it. Here each candidate's probability, which is how often the
draws choose it, is weighed by the conditional likelihood of its set under the current coefficients, and both are worked out in turn
until they agree. Of a child c with candidates r the likelihood is

    sum over r of p(c, r) n(c, r) exp(b x(case)) / sum over members j of exp(b x(j)),

n the members of the set; a household that is not the child's, no household, and a set that tells nothing have chance, which is 1. It is the
likelihood of a mixture over true links, that imputes with the outcome as Goldstein, Harron and Wade (2012) do and whose score is the
weighted one of Lahiri and Larsen (2005); with one candidate and a known share of wrong ones it is the correction of Chambers (2009) in
matched form. It is right where the probabilities are: where those that the linkage gives say how often it is right, and depend on nothing
that goes with the timing of events. Children of a family stand each for itself in the likelihood, and together in the variance and the ends,
which are those of the likelihood itself (`mixture`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthlink.analysis.cohort import Cohort, Whole
from hearthlink.analysis.conditional import BEYOND, Number, Sets, clustered, solved
from hearthlink.analysis.mixture import Mixture, ends, told, weighed

ROUNDS, CLOSE = 500, 1e-9


@dataclass(frozen=True, slots=True)
class Corrected:
    """Log odds ratios of each band against none with the ends of their 95% intervals, their covariance clustered by family, and how many families told anything."""

    beta: Number
    low: Number
    high: Number
    covariance: Number
    families: int


def chances(cohort: Cohort) -> Number:
    """How often the draws choose each candidate, shape (candidates,)."""
    linked = np.flatnonzero((cohort.ranks[:, 0] >= 0) if cohort.draws else np.zeros(len(cohort.first), bool))
    places = cohort.first[linked, None] + cohort.ranks[linked]
    return np.bincount(places.ravel(), minlength=len(cohort.child)) / max(cohort.draws, 1)


def corrected(sets: Sets, chance: Number, child: Whole, family: Whole) -> Corrected | None:
    """The coefficients of greatest likelihood given what is not known of the links; None where there is not enough evidence.

    `sets` has a set for each candidate, `chance` its probability, `child` whose it is; `family` is a number for each child.
    """
    tells = np.append(sets.informative(), False)[sets.pattern]
    asked = np.zeros(len(family), bool)
    asked[child[tells & (chance > 0)]] = True
    kept = np.flatnonzero(asked[child] & (chance > 0))
    mixture = Mixture(sets, sets.pattern[kept], np.cumsum(asked)[child[kept]] - 1, chance[kept], int(asked.sum()))
    beta = _greatest(mixture)
    return None if beta is None else _with_ends(mixture, beta, family[asked])


def _greatest(mixture: Mixture) -> Number | None:
    """Coefficients and probabilities of candidates, each worked out from the other until they agree."""
    sets, pattern = mixture.sets, mixture.pattern
    beta, weight = np.zeros((1, sets.bands)), mixture.prior
    for _ in range(ROUNDS):
        counts = np.bincount(pattern[pattern >= 0], weights=weight[pattern >= 0], minlength=len(sets.case))
        found = solved(sets, counts[None, :].astype(np.float64))[0]
        if np.isnan(found).any() or (np.abs(found) > BEYOND).any():
            return None
        step, beta = np.abs(found - beta).max(), found
        weight = weighed(mixture, beta[0])[1]
        if step < CLOSE:
            break
    return beta[0]


def _with_ends(mixture: Mixture, beta: Number, family: Whole) -> Corrected | None:
    """The sandwich, with the information that is lost by not knowing the links taken off (Louis 1982), and the ends."""
    at = told(mixture, beta)
    if np.linalg.eigvalsh(at.information).min() <= 0:
        return None
    filling, _ = clustered(at.score, family, int(family.max(initial=-1)) + 1)
    inverse = np.linalg.inv(at.information)
    covariance, families = inverse @ filling @ inverse, _families(at.score, family)
    low, high = ends(mixture, beta, at.information, covariance)
    return Corrected(beta, low, high, covariance, families)


def _families(score: Number, family: Whole) -> int:
    """How many families tell anything, were they all to tell as much: most candidates that might tell are hardly likely (Kish 1965)."""
    sums = np.abs(np.stack([np.bincount(family, weights=one) for one in score.T], axis=1)).sum(axis=1)
    return int(sums.sum() ** 2 / max(float((sums**2).sum()), 1e-300))

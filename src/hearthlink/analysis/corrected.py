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
that goes with the timing of events. Children of a family stand each for itself in the likelihood, and together in the variance.
"""

from __future__ import annotations

import numpy as np

from hearthlink.analysis.cohort import Cohort, Whole
from hearthlink.analysis.conditional import BEYOND, Estimate, Number, Sets, clustered, odds, solved

ROUNDS, CLOSE = 500, 1e-9


def chances(cohort: Cohort) -> Number:
    """How often the draws choose each candidate, shape (candidates,)."""
    linked = np.flatnonzero((cohort.ranks[:, 0] >= 0) if cohort.draws else np.zeros(len(cohort.first), bool))
    places = cohort.first[linked, None] + cohort.ranks[linked]
    return np.bincount(places.ravel(), minlength=len(cohort.child)) / max(cohort.draws, 1)


def corrected(sets: Sets, chance: Number, child: Whole, family: Whole) -> Estimate | None:
    """The coefficients of greatest likelihood given what is not known of the links; None where there is not enough evidence.

    `sets` has a set for each candidate, `chance` its probability, `child` whose it is; `family` is a number for each child.
    """
    tells = np.append(sets.informative(), False)[sets.pattern]
    asked = np.zeros(len(family), bool)
    asked[child[tells & (chance > 0)]] = True
    kept = np.flatnonzero(asked[child] & (chance > 0))
    pattern, owner, prior = sets.pattern[kept], np.cumsum(asked)[child[kept]] - 1, chance[kept]
    size, beta, information = int(asked.sum()), np.zeros((1, sets.bands)), np.zeros((1, sets.bands, sets.bands))
    weight = prior
    for _ in range(ROUNDS):
        counts = np.bincount(pattern[pattern >= 0], weights=weight[pattern >= 0], minlength=len(sets.case))
        found, information = solved(sets, counts[None, :].astype(np.float64))
        if np.isnan(found).any() or (np.abs(found) > BEYOND).any():
            return None
        step, beta = np.abs(found - beta).max(), found
        weight = _weighed(sets, beta, (pattern, owner, prior), size)
        if step < CLOSE:
            break
    return _with_variance(sets, beta, information, (pattern, owner, weight), family[asked])


def _weighed(sets: Sets, beta: Number, candidates: tuple[Whole, Whole, Number], size: int) -> Number:
    """The probability of each candidate, its set's likelihood taken into account."""
    pattern, owner, prior = candidates
    likelihood = np.append(np.exp(odds(sets, beta)[0][0]), 1.0)
    joint = prior * likelihood[pattern]
    return joint / np.bincount(owner, weights=joint, minlength=size)[owner]


def _with_variance(
    sets: Sets, beta: Number, information: Number, found: tuple[Whole, Whole, Number], family: Whole
) -> Estimate | None:
    """The sandwich, with the information that is lost by not knowing the links taken off (Louis 1982)."""
    pattern, owner, weight = found
    bands, size = sets.bands, len(family)
    score = np.concatenate([odds(sets, beta)[1][0], np.zeros((1, bands))])[pattern]
    own = np.stack(
        [np.bincount(owner, weights=weight * score[:, band], minlength=size) for band in range(bands)], axis=1
    ).astype(np.float64)
    lost = np.einsum("n,na,nb->ab", weight, score, score) - np.einsum("na,nb->ab", own, own)
    bread = information[0] - lost
    if np.linalg.eigvalsh(bread).min() <= 0:
        return None
    filling, _ = clustered(own, family, int(family.max(initial=-1)) + 1)
    inverse = np.linalg.inv(bread)
    return Estimate(beta[0], inverse @ filling @ inverse, _families(own, family))


def _families(score: Number, family: Whole) -> int:
    """How many families tell anything, were they all to tell as much: most candidates that might tell are hardly likely (Kish 1965)."""
    sums = np.abs(np.stack([np.bincount(family, weights=one) for one in score.T], axis=1)).sum(axis=1)
    return int(sums.sum() ** 2 / max(float((sums**2).sum()), 1e-300))

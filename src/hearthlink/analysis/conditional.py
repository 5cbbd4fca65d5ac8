"""Conditional logistic regression of matched sets, by their patterns: exact, for as many draws of the linkage at once as there are.

A set is a case and the times or households it is compared with. All that the conditional likelihood sees of it is its pattern: the
case's band of exposure, and how many members are in each band (Breslow and Day 1980, chapter 7). There are few patterns however many
children there are, so that their counts are enough; only the variance, which is clustered by family, goes back to the children.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hearthlink.errors import OurFault

Number = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]

UNUSABLE = -1
"""The pattern of a set that tells nothing: its case or all it is compared with could not be seen."""

FEWEST_SETS = 10
"""Fewer informative sets than this are not enough evidence."""
FEWEST_EACH_WAY = 3
"""Fewer informative sets than this with the case in a band, or with the case out of it and another member in it, are not enough."""
BEYOND = 6.0
"""A coefficient beyond this is that of sets that separate: it would run away were it let to."""
ROUNDS, CLOSE = 40, 1e-11


@dataclass(frozen=True, slots=True)
class Sets:
    """Matched sets by pattern: for each set its `pattern`, -1 where it is unusable, and of each pattern the case's band and the members.

    `case` has shape (patterns,), `members`, which counts the case too, (patterns, bands + 1); band 0 is not exposed.
    """

    pattern: Whole
    case: Whole
    members: Whole

    @property
    def bands(self) -> int:
        """How many bands of exposure there are besides none."""
        return int(self.members.shape[1]) - 1

    def merged(self) -> Sets:
        """The same sets with every band of exposure taken as one."""
        members = np.stack([self.members[:, 0], self.members[:, 1:].sum(axis=1)], axis=1)
        return Sets(self.pattern, (self.case > 0).astype(np.int64), members)

    def informative(self) -> npt.NDArray[np.bool_]:
        """For each pattern whether its members differ."""
        return (self.members > 0).sum(axis=1) > 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """Log odds ratios of each band against none, their covariance clustered by family, and how many families told anything."""

    beta: Number
    covariance: Number
    families: int


def sets_of(case: Small, others: Small, *, bands: int) -> Sets:
    """Sets from each case's band, shape (sets,), and those of the others in it, shape (sets, others); -1 is not seen.

    A set is unusable where its case was not seen or none of the others was.
    """
    members = np.stack([(others == band).sum(axis=1) for band in range(bands + 1)], axis=1).astype(np.int64)
    return sets_counted(case, members)


def sets_counted(case: Small, others: Whole) -> Sets:
    """Sets from each case's band and how many others there are in each band, shape (sets, bands + 1)."""
    usable = (case >= 0) & (others.sum(axis=1) > 0)
    members = others[usable].copy()
    own = case[usable].astype(np.int64)
    members[np.arange(len(own)), own] += 1
    code, radix = own, int(members.max(initial=0)) + 1
    if (others.shape[1]) * radix ** others.shape[1] >= 2**62:
        raise OurFault("Matched sets are too large to be told apart by their patterns.")
    for band in range(others.shape[1]):
        code = code * radix + members[:, band]
    _, at, number = np.unique(code, return_index=True, return_inverse=True)
    pattern = np.full(len(case), UNUSABLE, np.int64)
    pattern[usable] = number
    return Sets(pattern, own[at], members[at])


def odds(sets: Sets, beta: Number) -> tuple[Number, Number, Number]:
    """Of each pattern under coefficients of shape (..., bands): log likelihood, score and what each band is expected to hold.

    Shapes (..., patterns), (..., patterns, bands) and (..., patterns, bands). The likelihood is against chance, so that it is nought
    with no effect: the members of the set times the probability that the case is the one of them that it is.
    """
    grown = np.concatenate([np.zeros((*beta.shape[:-1], 1)), beta], axis=-1)
    weight = np.exp(grown)[..., None, :] * sets.members
    total = weight.sum(axis=-1)
    expected = weight[..., 1:] / total[..., None]
    own = np.eye(sets.bands + 1)[sets.case][:, 1:]
    likelihood = np.take(grown, sets.case, axis=-1) - np.log(total / sets.members.sum(axis=1))
    return likelihood, own - expected, expected


def solved(sets: Sets, counts: Number) -> tuple[Number, Number]:
    """The coefficients of greatest likelihood for each row of counts of the patterns, and their information: Newton's method.

    `counts` has shape (rows, patterns) and need not be whole. Shapes (rows, bands) and (rows, bands, bands); not a number where the
    sets separate, so that there is no greatest.
    """
    rows, bands = counts.shape[0], sets.bands
    beta = np.zeros((rows, bands))
    information = np.zeros((rows, bands, bands))
    enough = enough_evidence(sets, counts)
    for _ in range(ROUNDS):
        _, score, expected = odds(sets, beta[enough])
        information[enough] = _information(expected, counts[enough])
        slope = np.einsum("rp,rpb->rb", counts[enough], score)
        step = np.linalg.solve(information[enough], slope[..., None])[..., 0] if enough.any() else slope
        beta[enough] += np.clip(step, -1.0, 1.0)
        runaway = enough & (np.abs(beta) > BEYOND).any(axis=1)
        if step.size == 0 or np.abs(step).max() < CLOSE:
            break
        enough &= ~runaway
    beta[~enough], information[~enough] = np.nan, np.nan
    return beta, information


def _information(expected: Number, counts: Number) -> Number:
    outer = np.einsum("rp,rpa,rpb->rab", counts, expected, expected)
    diagonal = np.einsum("rp,rpa->ra", counts, expected)
    return diagonal[..., None] * np.eye(expected.shape[-1]) - outer


def enough_evidence(sets: Sets, counts: Number) -> npt.NDArray[np.bool_]:
    """For each row of counts whether there are sets enough, and in each band cases and others enough, for a ratio to be told."""
    told = counts * sets.informative()
    enough = told.sum(axis=1) >= FEWEST_SETS
    for band in range(1, sets.bands + 1):
        here = sets.case == band
        there = ~here & (sets.members[:, band] > 0)
        enough &= (told @ here >= FEWEST_EACH_WAY) & (told @ there >= FEWEST_EACH_WAY)
    return enough


def counted(sets: Sets, pattern: Whole) -> Number:
    """How many of these sets there are of each pattern, shape (patterns,)."""
    return np.bincount(pattern[pattern >= 0], minlength=len(sets.case)).astype(np.float64)


def clustered(score: Number, family: Whole, size: int) -> tuple[Number, int]:
    """The sum over families of the outer product of their scores, and how many families have one: the sandwich's filling.

    `score` has shape (sets, bands). With F families it is raised by F / (F - 1), as scores sum to nought (Binder 1983).
    """
    bands = score.shape[1]
    added = [np.bincount(family, weights=score[:, band], minlength=size) for band in range(bands)]
    sums = np.stack(added, axis=1).astype(np.float64)
    families = int((sums != 0).any(axis=1).sum())
    # Not a matrix product: those are added up in an order that depends on the machine.
    return np.einsum("fa,fb->ab", sums, sums) * (families / max(families - 1, 1)), families


def fit(sets: Sets, family: Whole) -> Estimate | None:
    """The estimate of one collection of sets, clustered by family (a number for each set); None where there is not enough evidence."""
    beta, information = solved(sets, counted(sets, sets.pattern)[None, :])
    if np.isnan(beta).any():
        return None
    usable = sets.pattern >= 0
    score = odds(sets, beta[0])[1][sets.pattern[usable]]
    filling, families = clustered(score, family[usable], int(family.max(initial=-1)) + 1)
    bread = np.linalg.inv(information[0])
    return Estimate(beta[0], bread @ filling @ bread, families)

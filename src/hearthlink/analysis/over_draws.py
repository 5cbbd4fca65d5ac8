"""Estimates over draws of the linkage, joined by Rubin's rules with the degrees of freedom of Barnard and Rubin.

Draws that ignore the outcome pull associations toward nothing, and no rule for joining them mends it: `corrected` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from hearthlink.analysis.cohort import Cohort, Whole
from hearthlink.analysis.conditional import UNUSABLE, Number, Sets, clustered, counted, odds, solved
from hearthlink.analysis.intervals import LEVEL, NORMAL, rubin_degrees

MANY_CHILDREN = 20_000
ASSOCIATION_DRAWS, DRAWS_OF_MANY = 40, 10
"""Associations take so many of the draws, evenly spaced: what sampling adds to a ratio is far more than what the draws do, and the more so
the more children there are."""

Ranks = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class DrawnSets:
    """What sets each draw gives each child: `pattern`, of shape (children, draws), speaks of the patterns of `sets`; -1 is unusable."""

    sets: Sets
    pattern: Whole


@dataclass(frozen=True, slots=True)
class Estimates:
    """For each draw log odds ratios, shape (draws, bands), their covariance clustered by family, and the fewest families that told anything."""

    beta: Number
    covariance: Number
    families: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A log odds ratio with the ends of its 95% interval and the degrees of freedom that they were made with."""

    log: float
    low: float
    high: float
    degrees: float


def some_draws(ranks: Ranks) -> Ranks:
    """The draws that associations take, evenly spaced: 40, or 10 of more than 20,000 children, or all where there are fewer."""
    wanted = ASSOCIATION_DRAWS if len(ranks) <= MANY_CHILDREN else DRAWS_OF_MANY
    return ranks[:, :: max(1, ranks.shape[1] // wanted)][:, :wanted]


def by_draw(cohort: Cohort, sets: Sets, ranks: Ranks) -> DrawnSets:
    """The set of each child in each draw, from a set for each candidate."""
    pattern = np.full(ranks.shape, UNUSABLE, np.int64)
    if ranks.size:
        linked = ranks[:, 0] >= 0
        pattern[linked] = sets.pattern[cohort.first[linked, None] + ranks[linked]]
    return DrawnSets(sets, pattern)


def by_best(cohort: Cohort, sets: Sets) -> DrawnSets:
    """The set of each child by the best link, as if it were the only draw."""
    pattern = (
        np.where(cohort.best >= 0, sets.pattern[np.maximum(cohort.best, 0)], UNUSABLE)
        if len(sets.pattern)
        else cohort.best
    )
    return DrawnSets(sets, pattern[:, None])


def merged(drawn: DrawnSets) -> DrawnSets:
    """The same with every band of exposure taken as one."""
    return DrawnSets(drawn.sets.merged(), drawn.pattern)


def estimates(drawn: DrawnSets, family: Whole) -> Estimates | None:
    """The estimate of each draw, clustered by family: siblings, and one who is referred again, are one family. None without enough evidence in each draw."""
    sets, draws = drawn.sets, drawn.pattern.shape[1]
    counts = np.stack([counted(sets, drawn.pattern[:, draw]) for draw in range(draws)]) if draws else np.zeros((0, 0))
    if not draws or not counts.size:
        return None
    beta, information = solved(sets, counts)
    if np.isnan(beta).any():
        return None
    score, bread = odds(sets, beta)[1], np.linalg.inv(information)
    tells = np.append(sets.informative(), False)
    covariance, fewest, size = np.zeros(bread.shape), len(family), int(family.max(initial=-1)) + 1
    for draw in range(draws):
        told = np.flatnonzero(tells[drawn.pattern[:, draw]])
        filling, families = clustered(score[draw][drawn.pattern[told, draw]], family[told], size)
        covariance[draw] = bread[draw] @ filling @ bread[draw]
        fewest = min(fewest, families)
    return Estimates(beta, covariance.astype(np.float64), fewest)


def less(one: Estimates, other: Estimates) -> Estimates:
    """The difference of two estimates from different households, draw by draw."""
    return Estimates(one.beta - other.beta, one.covariance + other.covariance, min(one.families, other.families))


def joined(found: Estimates) -> list[Ratio]:
    """The ratio of each band over all draws (Rubin 1987; Barnard and Rubin 1999)."""
    draws = len(found.beta)
    result: list[Ratio] = []
    for band in range(found.beta.shape[1]):
        values = found.beta[:, band].tolist()
        middle = fsum(values) / draws
        within = fsum(found.covariance[:, band, band].tolist()) / draws
        between = fsum((one - middle) ** 2 for one in values) / (draws - 1) if draws > 1 else 0.0
        degrees = (
            rubin_degrees(between, within, max(draws, 2), max(found.families - 1, 1))
            if between
            else float(found.families - 1)
        )
        result.append(ratio(middle, within + (1 + 1 / draws) * between, degrees))
    return result


def ratio(log: float, variance: float, degrees: float) -> Ratio:
    """A ratio with its ends, by Student's distribution."""
    reach = float(stdtrit(max(degrees, 1.0), (1 + LEVEL) / 2)) * variance**0.5
    return Ratio(log, log - reach, log + reach, degrees)


def taken_off(one: Ratio, log: float, variance: float) -> Ratio:
    """The ratio less another, found from other households with this variance.

    Each end is as far from the middle as the root of the squares of both: what is asymmetric stays so (Zou and Donner 2008).
    """
    middle, also = one.log - log, NORMAL**2 * variance
    below, above = ((reach**2 + also) ** 0.5 for reach in (one.log - one.low, one.high - one.log))
    return Ratio(middle, middle - below, middle + above, one.degrees)

"""The case-time-control design: the case-crossover ratio, less the trend of households whose children were not referred (Suissa 1995).

What is commoner in later years for everybody is commoner in the window of the case than in earlier ones, whether or not it has to do with
referral. The same contrast is made of benefit households at the same months that no child of a referral by then is given in the draw; its log ratio is
taken off, and its variance added. A household may be referred later: to leave it out for what came after would be to look ahead.
"""

from __future__ import annotations

import numpy as np

from hearthlink.analysis.cohort import Cohort, Small, Whole
from hearthlink.analysis.conditional import Number, Sets, clustered, odds, sets_of, solved
from hearthlink.analysis.crossover import YEARS, windows
from hearthlink.analysis.over_draws import DrawnSets, Estimates, Ranks
from hearthlink.analysis.panel import Exposure
from hearthlink.tables.measures import YEAR_FIRST, YEAR_LAST

INDEX_MONTHS = np.arange(YEAR_FIRST, YEAR_LAST + 1)
NEVER = YEAR_LAST + 1


def referred_by(cohort: Cohort, ranks: Ranks) -> Small:
    """The month of the first referral that each draw gives each household, shape (households, draws); NEVER where it gives none."""
    result = np.full((cohort.panel.size, ranks.shape[1]), NEVER, np.int8, order="F")
    for draw in range(ranks.shape[1]):
        linked = np.flatnonzero(ranks[:, draw] >= 0)
        place = cohort.household[cohort.first[linked] + ranks[linked, draw]]
        at_home = place >= 0
        np.minimum.at(result[:, draw], place[at_home], cohort.index_month[linked[at_home]].astype(np.int8))
    return result


def control_sets(cohort: Cohort, exposure: Exposure) -> Sets:
    """A set for each household at each month of the year in which a child might have been referred, shape (households * 12,)."""
    size, months = cohort.panel.size, len(INDEX_MONTHS)
    household, at = np.repeat(np.arange(size), months), np.tile(INDEX_MONTHS - 1, size)
    case, others = windows(exposure, cohort.panel.observed(), household, at, np.full(size * months, YEARS[-1]))
    return sets_of(case, others, bands=exposure.bands)


def trend(cohort: Cohort, controls: Sets, cases: DrawnSets, referred: Small) -> Estimates | None:
    """The log ratio of households not referred, of each draw, weighted to the months of that draw's cases; clustered by household.

    None where there is not enough evidence in some draw.
    """
    months, draws = len(INDEX_MONTHS), cases.pattern.shape[1]
    usable = (controls.pattern >= 0).reshape(-1, months)
    tells = np.append(controls.informative(), False)[controls.pattern]
    entry = np.flatnonzero(tells)
    household, month, pattern = entry // months, entry % months, controls.pattern[entry]
    total, study_month = usable.sum(axis=0), INDEX_MONTHS[month].astype(np.int8)
    counts, weights, kept = (
        np.zeros((draws, len(controls.case))),
        np.zeros((draws, months)),
        np.zeros((draws, len(entry)), bool),
    )
    for draw in range(draws):
        there = np.flatnonzero(referred[:, draw] < NEVER)
        gone = usable[there] & (referred[there, draw][:, None] <= INDEX_MONTHS)
        left = total - gone.sum(axis=0)
        of = np.bincount(cohort.index_month[cases.pattern[:, draw] >= 0] - YEAR_FIRST, minlength=months)[:months]
        weights[draw] = np.where(left > 0, of / np.maximum(left, 1), 0.0)
        kept[draw] = study_month < referred[:, draw][household]
        counts[draw] = np.bincount(
            pattern[kept[draw]], weights=weights[draw, month[kept[draw]]], minlength=len(controls.case)
        )
    return _fitted(controls, counts, (household, pattern, kept, weights[:, month]), cohort.panel.size)


def _fitted(
    controls: Sets, counts: Number, entries: tuple[Whole, Whole, np.ndarray, Number], size: int
) -> Estimates | None:
    household, pattern, kept, weight = entries
    plain = np.stack([np.bincount(pattern[one], minlength=len(controls.case)) for one in kept]).astype(np.float64)
    # Evidence is judged by households as they are, and the ratio by their weights.
    if np.isnan(solved(controls, plain)[0]).any():
        return None
    scale = plain.sum(axis=1) / counts.sum(axis=1)
    beta, information = solved(controls, counts * scale[:, None])
    if np.isnan(beta).any():
        return None
    score, covariance, fewest = odds(controls, beta)[1], np.empty_like(information), size
    for draw in range(len(beta)):
        one = kept[draw]
        mine = score[draw][pattern[one]] * (weight[draw, one] * scale[draw])[:, None]
        filling, households = clustered(mine, household[one], size)
        bread = np.linalg.inv(information[draw])
        covariance[draw] = bread @ filling @ bread
        fewest = min(fewest, households)
    return Estimates(beta, covariance, fewest)

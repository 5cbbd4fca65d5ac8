"""The matched comparison: was a household in a state, or struck by an event, before a referral more often than households like it.

Risk-set sampling (Prentice and Breslow 1978): for each referral up to five benefit households that were at risk and observed then, with the
same length of history, as many children, and the youngest of the same age.

Traps met. *A future referral is no reason to be left out*: a control may be referred later. *Survival*: households are asked for when the
exposure window began, not at its end; children and ages are those of the baseline. *A family that controls itself*: no household that the child
might be in is its control. *A missed link turns a referred family into its own control's twin*: controls are taken anew in every draw, without those
referred by then in that draw. *Siblings and repeated referrals* are one family in the variance, and a family
is a case at its first referral of the year. *Infants*: a window that begins before
birth is left out; a state a month before is that of the household the child was born into. What does not change in a family, such as how hard
pressed it is, is not held fixed here as it is in `crossover`: a ratio for events that only this design shows is not to be leaned on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hearthlink.analysis.case_time_control import INDEX_MONTHS
from hearthlink.analysis.cohort import UNSEEN, Cohort, Panel, Small, Whole
from hearthlink.analysis.conditional import Sets, sets_counted
from hearthlink.analysis.over_draws import DrawnSets, Ranks
from hearthlink.analysis.panel import Exposure, lived_as_case, observed_at_start
from hearthlink.tables.measures import MONTHS

CONTROLS, TRIED = 5, 9
"""Controls taken of a case, and how many are looked at to find them."""
HISTORY = (3, 6, 12, 24)
"""Months observed by then at which another band of history begins."""
MOST_CHILDREN = 3
INFANT_WINDOW = 3
"""Exposure windows of so many months or more must lie within the child's life."""
STREAM = 0x48656172
"""The seed of the fixed stream that controls are drawn from, in an order that content gives: the same run, the same controls."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who may be a control when: households in the order of `key` and, within it, of chance; of each key its `start` and `count`.

    `own` and `value`, of shape (households, 12), are the key of each household in each month of the year, -1 where it is not at risk or not
    seen, and its band of exposure; `lived` is the months that each child had lived.
    """

    household: Whole
    start: Whole
    count: Whole
    own: Whole
    value: Small
    lived: Whole


@dataclass(frozen=True, slots=True)
class Matching:
    """What households are matched on by month of the year, shape (households, 12), and those places in order of it and then of chance."""

    key: Whole
    order: Whole


def matching(panel: Panel, baseline: int) -> Matching:
    """Who is like whom, and in what order of chance they are looked at: the same for every measure."""
    key = keys(panel, baseline)
    chance = np.random.default_rng(STREAM).random(key.size)
    return Matching(key, np.lexsort((chance, key.ravel())))


def keys(panel: Panel, baseline: int) -> Whole:
    """What households are matched on, a number for each household and month of the year: shape (households, 12).

    The month, the band of months observed before it, and children and age of the youngest at baseline, or when first observed where later.
    """
    observed = panel.observed()
    history = np.cumsum(observed, axis=1)
    first = np.where(observed.any(axis=1), observed.argmax(axis=1), 0)
    children, youngest = panel.state("children"), panel.state("youngest")
    row, result = np.arange(panel.size), np.empty((panel.size, len(INDEX_MONTHS)), np.int64)
    for place, month in enumerate(INDEX_MONTHS.tolist()):
        at = np.clip(np.maximum(month - 1 - baseline, first), 0, MONTHS - 1)
        band = np.searchsorted(HISTORY, history[:, month - 2], side="right")
        many = np.minimum(children[row, at], MOST_CHILDREN).astype(np.int64) + 1
        result[:, place] = (
            ((place * (len(HISTORY) + 1) + band) * (MOST_CHILDREN + 2) + many) * 8 + youngest[row, at] + 1
        )
    return result


def pool(cohort: Cohort, exposure: Exposure, matching: Matching) -> Pool:
    """The households at risk whose exposure is known, month by month, in the order of chance within what they are matched on."""
    value = exposure.value[:, INDEX_MONTHS - 1]
    able = value >= 0
    if exposure.ending:
        able &= observed_at_start(cohort.panel.observed(), exposure.last)[:, INDEX_MONTHS - 1]
    order = matching.order[able.ravel()[matching.order]]
    count = np.bincount(matching.key.ravel()[order], minlength=int(matching.key.max(initial=0)) + 1)
    own = np.where(able, matching.key, UNSEEN)
    return Pool(order // len(INDEX_MONTHS), np.cumsum(count) - count, count, own, value, lived_as_case(cohort))


def drawn_sets(cohort: Cohort, exposure: Exposure, among: Pool, ranks: Ranks, referred: Small) -> DrawnSets:
    """The set of each child in each draw, with controls taken anew; `referred` is when each draw has each household first referred."""
    size, draws = ranks.shape
    case = np.full((draws, size), UNSEEN, np.int8)
    others = np.zeros((draws, size, exposure.bands + 1), np.int64)
    for draw in range(draws):
        linked = np.flatnonzero(ranks[:, draw] >= 0)
        household = cohort.household[cohort.first[linked] + ranks[linked, draw]]
        found = _controlled(cohort, exposure, among, (linked, household, referred[:, draw]))
        case[draw, linked], others[draw, linked] = found
    sets = sets_counted(case.ravel(), others.reshape(-1, exposure.bands + 1))
    return DrawnSets(sets, sets.pattern.reshape(draws, size).T)


def candidate_sets(cohort: Cohort, exposure: Exposure, among: Pool, referred: Small) -> Sets:
    """A set for each candidate, as if it were the child's household; controls are those not referred by then, as `referred` has it."""
    return sets_counted(*_controlled(cohort, exposure, among, (cohort.child, cohort.household, referred)))


def best_ranks(cohort: Cohort) -> Ranks:
    """The rank that the best link has for each child, as if it were the only draw."""
    return np.where(cohort.best >= 0, cohort.best - cohort.first, -1).astype(np.int16)[:, None]


def _controlled(
    cohort: Cohort, exposure: Exposure, among: Pool, cases: tuple[Whole, Whole, Small]
) -> tuple[Small, Whole]:
    """The band of each case, -1 where it is not seen, and how many of its controls are in each band."""
    child, household, referred = cases
    month = cohort.index_month[child] - INDEX_MONTHS[0]
    known = household >= 0
    known &= among.lived[child] >= (exposure.last if exposure.last >= INFANT_WINDOW else UNSEEN)
    key = np.where(known, among.own[household, month], UNSEEN)
    case = np.where(key >= 0, among.value[household, month], UNSEEN).astype(np.int8)
    others = np.zeros((len(child), exposure.bands + 1), np.int64)
    asked = np.flatnonzero(key >= 0)
    place = _places(child[asked], key[asked], among)
    control = among.household[place]
    fit = np.arange(TRIED) < among.count[key[asked]][:, None]
    fit &= referred[control] > cohort.index_month[child[asked]][:, None]
    fit &= ~_might_be(cohort, child[asked], control)
    fit &= np.cumsum(fit, axis=1) <= CONTROLS
    value = among.value[control, month[asked][:, None]]
    for band in range(exposure.bands + 1):
        others[asked, band] = (fit & (value == band)).sum(axis=1)
    return case, others


def _places(child: Whole, key: Whole, among: Pool) -> Whole:
    """Places in the pool of the controls to be looked at: a block that begins where chance has it for the child; shape (cases, TRIED).

    A child whose household is the same in two draws looks at the same ones, and takes others only where some were referred by then in one
    of them: draws so differ by their links alone, and the chance of who is taken is counted once, in the variance within.
    """
    begins = np.random.default_rng(STREAM + 1).integers(0, 2**31, int(child.max(initial=-1)) + 1)[child]
    step = begins[:, None] + np.arange(TRIED)
    return among.start[key][:, None] + step % np.maximum(among.count[key], 1)[:, None]


def _might_be(cohort: Cohort, child: Whole, control: Whole) -> npt.NDArray[np.bool_]:
    """Whether a control is a household that the child itself might be in, whichever the draw gives it."""
    result = np.zeros(control.shape, bool)
    for rank in range(int(cohort.count[child].max(initial=0))):
        has = cohort.count[child] > rank
        own = cohort.household[np.where(has, cohort.first[child] + rank, 0)]
        result |= (has & (own >= 0))[:, None] & (control == own[:, None])
    return result

"""Precision, recall and the share of children in a household on file, estimated from a reviewed sample.

The value is the stratified estimator: each child counts for as many as its stratum has for every one read (Horvitz and Thompson
1952; Cochran 1977, chapter 5). The interval is that of the finite population's posterior, drawn stratum by stratum, with the age
groups of a band pooled in part, because a stratum in which nobody was found wrong has a bootstrap variance of nought and is not
therefore without doubt. What readers are not sure of, and what a second reader says otherwise, is drawn too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, expit

from hearthlink.review.design import BANDS, CERTAIN, LIKELY, LINKED
from hearthlink.review.verdicts import Judged, Verdict

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.float64]
Stratum = tuple[str, str]

DRAWS = 1_000
STREAM = 19_520_101
"""Names the stream of random numbers from which intervals are drawn: the same decisions give the same interval."""

NEUTRAL = 1 / 3
"""Beta(1/3, 1/3): its posterior median lies near the share observed, whatever that is (Kerman 2011)."""

MEANS = expit(np.linspace(-12.0, 12.0, 193))
LIKENESS = np.array([16.0, 64.0, 256.0])
"""How many children's worth of evidence a band's share is for one of its age groups; each is as likely as the next beforehand."""

CODES = {verdict: code for code, verdict in enumerate(Verdict)}
RIGHT, ELSEWHERE, NOWHERE = (CODES[v] for v in (Verdict.RIGHT, Verdict.ELSEWHERE, Verdict.NOWHERE))
RIGHT_OR_NOT, THERE_OR_NOT = CODES[Verdict.RIGHT_OR_NOT], CODES[Verdict.THERE_OR_NOT]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with the numbers of children above and below its line, and the ends of its 95% interval."""

    value: float
    numerator: float
    denominator: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Answers given with probabilities from `start` to `end`: how many of them the linkage expects to be right, and how many are."""

    start: float
    end: float
    expected: float
    right: Estimate


@dataclass(frozen=True, slots=True)
class Estimates:
    """What the reviewed sample says of the links as they were when it was drawn."""

    precision: Estimate
    recall: Estimate
    share: Estimate
    calibration: tuple[Calibrated, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Numbers of children drawn from the posterior, each (draws, bands): right, in another household; and in any though not linked."""

    right: Number
    elsewhere: Number


def estimates(sizes: Mapping[Stratum, int], judged: Sequence[Judged]) -> Estimates | None:
    """The estimates, or None while some band has nobody read. `sizes` are children by band and age group, of every stratum."""
    read = {band: sum(one.band == band for one in judged) for band in BANDS}
    children = {band: sum(size for (b, _), size in sizes.items() if b == band) for band in BANDS}
    if not judged or any(children[band] and not read[band] for band in BANDS):
        return None
    weight = _weights(sizes, judged)
    right, elsewhere = (_mean_over(judged, weight, shares) for shares in (_right, _elsewhere))
    drawn = _posterior(sizes, judged)
    held = np.array([band in LINKED for band in BANDS])
    linked, everyone = float(sum(children[b] for b in LINKED)), float(sum(children.values()))
    found, present = float(right[held].sum()), float((right + elsewhere).sum())
    found_drawn = drawn.right[:, held].sum(axis=1)
    present_drawn = (drawn.right + drawn.elsewhere).sum(axis=1)
    return Estimates(
        precision=_estimate(found, linked, found_drawn, np.full(DRAWS, linked)),
        recall=_estimate(found, present, found_drawn, present_drawn),
        share=_estimate(present, everyone, present_drawn, np.full(DRAWS, everyone)),
        calibration=tuple(_calibration(children, judged, weight, right=right, elsewhere=elsewhere, drawn=drawn)),
    )


def _calibration(
    children: Mapping[str, int],
    judged: Sequence[Judged],
    weight: Number,
    *,
    right: Number,
    elsewhere: Number,
    drawn: _Drawn,
) -> Iterator[Calibrated]:
    """For each degree of doubt, the answers of that degree, linked or not: an answer of no household is right where there is none."""
    size = np.array([children[band] for band in BANDS], dtype=np.float64)
    held = np.array([band in LINKED for band in BANDS])
    over = np.where(held, right, size - elsewhere)
    over_drawn = np.where(held, drawn.right, size - drawn.elsewhere)
    expected = weight * np.array([one.expected_right for one in judged])
    ends = (1.0, CERTAIN, LIKELY, 0.0)
    for doubt in range(3):
        bands = [doubt, len(BANDS) - 1 - doubt]
        answers = float(size[bands].sum())
        if answers:
            mine = np.array([BANDS.index(one.band) in bands for one in judged])
            share = _estimate(
                float(over[bands].sum()), answers, over_drawn[:, bands].sum(axis=1), np.full(DRAWS, answers)
            )
            yield Calibrated(ends[doubt + 1], ends[doubt], float(expected[mine].sum()), share)


def _estimate(over: float, under: float, over_drawn: Number, under_drawn: Number) -> Estimate:
    value = over / under if under else 0.0
    shares = over_drawn / np.maximum(under_drawn, 1.0)
    low, high = np.quantile(shares, [0.025, 0.975])
    return Estimate(value, over, under, min(float(low), value), max(float(high), value))


def _weights(sizes: Mapping[Stratum, int], judged: Sequence[Judged]) -> Number:
    """For how many children each child read stands: (read,). A stratum of which nobody is read yet is stood for by its band."""
    read: dict[Stratum, int] = {}
    for one in judged:
        read[one.band, one.age_group] = read.get((one.band, one.age_group), 0) + 1
    whole = {band: sum(size for (b, _), size in sizes.items() if b == band) for band in BANDS}
    covered = {band: sum(sizes[stratum] for stratum in read if stratum[0] == band) for band in BANDS}
    return np.array(
        [
            sizes[one.band, one.age_group] / read[one.band, one.age_group] * whole[one.band] / covered[one.band]
            for one in judged
        ]
    )


def _right(verdict: Verdict) -> float:
    return {Verdict.RIGHT: 1.0, Verdict.RIGHT_OR_NOT: 0.5}.get(verdict, 0.0)


def _elsewhere(verdict: Verdict) -> float:
    return {Verdict.ELSEWHERE: 1.0, Verdict.THERE_OR_NOT: 0.5}.get(verdict, 0.0)


def _mean_over(judged: Sequence[Judged], weight: Number, share: Callable[[Verdict], float]) -> Number:
    """The weighted number of children in each band, (bands,), each child the mean of its first two readings."""
    value = np.array([np.mean([share(v) for v in one.verdicts[:2]]) for one in judged])
    band = np.array([BANDS.index(one.band) for one in judged])
    return np.bincount(band, weight * value, len(BANDS)).astype(np.float64)


def _posterior(sizes: Mapping[Stratum, int], judged: Sequence[Judged]) -> _Drawn:
    """Draws of the whole frame: readers' answers first, then the children not read, by the posterior of their stratum."""
    random = np.random.Generator(np.random.PCG64(STREAM))
    strata = sorted(sizes, key=lambda s: (BANDS.index(s[0]), s[1]))
    stratum = np.array([strata.index((one.band, one.age_group)) for one in judged])
    held = np.array([band in LINKED for band, _ in strata])
    band = np.array([BANDS.index(b) for b, _ in strata])
    unread = np.array([sizes[s] for s in strata]) - np.bincount(stratum, minlength=len(strata))
    verdict = _resolved(_verdicts(judged, random), random)
    right, elsewhere, nowhere = (
        _counted(verdict == code, stratum, len(strata)) for code in (RIGHT, ELSEWHERE, NOWHERE)
    )
    # Of the linked, those right; of the others, those that are in some household.
    having = np.where(held, right, elsewhere)
    lacking = np.where(held, elsewhere + nowhere, nowhere)
    more = np.zeros(having.shape, dtype=np.int64)
    for place in np.unique(band):
        here = band == place
        more[:, here] = _unread(having[:, here], lacking[:, here], unread[here], random)
    others = _wrong_but_there(elsewhere[:, held].sum(axis=1), nowhere[:, held].sum(axis=1), random)
    wrong_unread = np.where(held, unread - more, 0)
    found_unread = random.binomial(wrong_unread, others[:, None])
    total_right = np.where(held, right + more, 0)
    total_elsewhere = np.where(held, elsewhere + found_unread, elsewhere + more)
    by_band = np.eye(len(BANDS))[band]
    return _Drawn(total_right @ by_band, total_elsewhere @ by_band)


def _counted(which: npt.NDArray[np.bool_], stratum: Whole, strata: int) -> Whole:
    """How many children of each stratum, (draws, strata)."""
    return which.astype(np.int64) @ np.eye(strata, dtype=np.int64)[stratum]


def _verdicts(judged: Sequence[Judged], random: np.random.Generator) -> Whole:
    """A verdict for each child in each draw, (draws, read): as the first reader has it in half the draws, as a second in the rest.

    Where a child was read once, its second reading is that of a child read twice on which the first reader said the same, taken
    from a bootstrap of these (Rubin and Schenker 1986). So the interval holds what other readers would have said.
    """
    first = np.array([CODES[one.verdicts[0]] for one in judged])
    verdict = np.repeat(first[None, :], DRAWS, axis=0)
    twice = np.array([len(one.verdicts) > 1 for one in judged])
    second = np.array([CODES[one.verdicts[min(1, len(one.verdicts) - 1)]] for one in judged])
    if (first == second).all():
        return verdict
    kind = first + len(CODES) * np.array([one.linked for one in judged])
    for draw in range(1, DRAWS, 2):
        verdict[draw, twice] = second[twice]
        for one in np.unique(kind[~twice]):
            donors = np.flatnonzero(twice & (kind == one))
            if len(donors):
                donors = random.choice(donors, len(donors))
                alike = np.flatnonzero(~twice & (kind == one))
                verdict[draw, alike] = second[random.choice(donors, len(alike))]
    return verdict


def _resolved(verdict: Whole, random: np.random.Generator) -> Whole:
    """The verdicts with nothing left unsure: in each draw some share of the unsure, any as likely as another, is a match."""
    matched = random.random(verdict.shape) < random.random((len(verdict), 1))
    verdict = np.where(verdict == RIGHT_OR_NOT, np.where(matched, RIGHT, NOWHERE), verdict)
    return np.where(verdict == THERE_OR_NOT, np.where(matched, ELSEWHERE, NOWHERE), verdict)


def _wrong_but_there(elsewhere: Whole, nowhere: Whole, random: np.random.Generator) -> Number:
    """P(in another household | linked wrongly) in each draw, all strata taken together: (draws,)."""
    return random.beta(NEUTRAL + elsewhere, NEUTRAL + nowhere)


def _unread(having: Whole, lacking: Whole, unread: Whole, random: np.random.Generator) -> Whole:
    """How many of the children not read have what is counted, by age group of one band: (draws, groups) from counts like it."""
    result = np.zeros(having.shape, dtype=np.int64)
    seen, which = np.unique(np.hstack([having, lacking]), axis=0, return_inverse=True)
    for place, counts in enumerate(seen):
        rows = np.flatnonzero(which.reshape(-1) == place)
        share = pooled_shares(counts[: len(unread)], counts[len(unread) :], len(rows), random)
        result[rows] = random.binomial(unread, share)
    return result


def pooled_shares(having: Whole, lacking: Whole, draws: int, random: np.random.Generator) -> Number:
    """Shares of each group drawn from their posterior, (draws, groups), given counts (groups,).

    Beta-binomial: the groups' shares come from one beta distribution whose mean and firmness are themselves unknown, so that small
    groups lean on their neighbours as far as the groups are alike (Gelman et al., Bayesian Data Analysis, section 5.3).
    """
    alpha = LIKENESS[:, None] * MEANS
    beta = LIKENESS[:, None] * (1 - MEANS)
    seen = (having + lacking) > 0
    log = NEUTRAL * (np.log(MEANS) + np.log1p(-MEANS)) + np.zeros_like(alpha)
    for have, lack in zip(having[seen], lacking[seen], strict=True):
        log = log + betaln(alpha + have, beta + lack) - betaln(alpha, beta)
    mass = np.exp(log - log.max()).reshape(-1)
    cell = random.choice(mass.size, draws, p=mass / mass.sum())
    over, under = alpha.reshape(-1)[cell][:, None] + having, beta.reshape(-1)[cell][:, None] + lacking
    return np.clip(random.beta(over, under), 0.0, 1.0)

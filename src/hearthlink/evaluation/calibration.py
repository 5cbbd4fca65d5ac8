"""Whether probabilities mean what they say: of the answers given a chance of 95%, whether 95 in 100 are right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum, pi

import numpy as np
import numpy.typing as npt

from hearthlink.evaluation.intervals import Number, wilson

Flags = npt.NDArray[np.bool_]

EDGES = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0)
"""Ends of the bands: narrow where linkages put their mass, and no more of them than a study of two thousand children can fill."""


@dataclass(frozen=True, slots=True)
class Band:
    """The answers whose probability lies from `start` to below `end`: how many, how many are expected to be right and how many are.

    `right`, `low` and `high` are None where nothing is known of it; the ends are those of a 95% interval of the share right.
    """

    start: float
    end: float
    answers: int
    expected: float
    right: int | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the shares right lie from the probabilities, over all answers.

    `gap`: the sum over bands of |expected - right|; over `answers` it is the expected calibration error (Naeini, Cooper and
    Hauskrecht 2015). `by_chance`: the gap that perfect probabilities would have on average in this many answers, since a gap is never
    below nought (Bröcker and Smith 2007, whose consistency bars say the same band by band).
    """

    answers: int
    gap: float
    by_chance: float


def curve(probability: Number, right: Flags | None) -> tuple[Band, ...]:
    """The answers by band of their probability; bands without an answer are left out.

    `probability` and `right`, shape (answers,); `right` is None where the truth is not known. Intervals are Wilson's (1927).
    """
    place = _bands(probability)
    return tuple(_band(number, probability[place == number], None if right is None else right[place == number])
                 for number in np.unique(place).tolist())  # fmt: skip


def calibration(probability: Number, right: Flags) -> Calibration | None:
    """The gap between what was expected and what was so; None where there is no answer."""
    if probability.size == 0:
        return None
    place = _bands(probability)
    inside = [place == number for number in np.unique(place).tolist()]
    gaps = [abs(fsum(probability[one].tolist()) - int(right[one].sum())) for one in inside]
    # The mean of |x| is sqrt(2 / pi) standard deviations for a normal x, and a band's count is near enough normal.
    spreads = [fsum((probability[one] * (1 - probability[one])).tolist()) for one in inside]
    return Calibration(int(probability.size), fsum(gaps), fsum((2 * spread / pi) ** 0.5 for spread in spreads))


def _bands(probability: Number) -> npt.NDArray[np.int64]:
    """The band of each probability; 1 falls in the last."""
    return np.minimum(np.searchsorted(np.array(EDGES), probability, side="right") - 1, len(EDGES) - 2)


def _band(number: int, probability: Number, right: Flags | None) -> Band:
    counted = None if right is None else int(right.sum())
    low, high = (None, None) if counted is None else wilson(counted, int(probability.size))
    return Band(EDGES[number], EDGES[number + 1], int(probability.size), fsum(probability.tolist()), counted, low, high)


def rows(basis: str, level: str, bands: tuple[Band, ...]) -> Iterator[dict[str, object]]:
    """The bands as rows of the table `calibration`."""
    for band in bands:
        yield {
            "basis": basis,
            "level": level,
            "start": band.start,
            "end": band.end,
            "answers": float(band.answers),
            "expected": band.expected,
            "right": None if band.right is None else float(band.right),
            "low": band.low,
            "high": band.high,
        }

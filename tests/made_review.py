"""Made links of known rightness, reviewed by made readers, to see how often the intervals of a review hold the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hearthlink.review.design import AGES, BANDS, SECOND_LOOK, allocation
from hearthlink.review.estimate import estimates
from hearthlink.review.verdicts import Judged, Verdict

MEASURES = ("precision", "recall", "share")
RIGHT, ELSEWHERE, NOWHERE = range(3)
VERDICTS = (Verdict.RIGHT, Verdict.ELSEWHERE, Verdict.NOWHERE)
BY_AGE = np.array([0.8, 1.0, 1.2, 1.5])
"""How much oftener than its band an age group errs."""


@dataclass(frozen=True, slots=True)
class Made:
    """A kind of linkage: children and share of error in each band, how often a reader slips, and how many children are read."""

    name: str
    size: tuple[int, ...]
    error: tuple[float, ...]
    slips: float
    budget: int


MADE = (
    Made("good links", (900, 60, 30, 25, 90, 1095), (0.002, 0.08, 0.35, 0.35, 0.10, 0.005), 0.0, 200),
    Made("middling links", (900, 60, 30, 25, 90, 1095), (0.01, 0.1, 0.3, 0.4, 0.15, 0.02), 0.0, 200),
    Made("poor links", (700, 150, 150, 150, 250, 800), (0.05, 0.2, 0.5, 0.5, 0.3, 0.1), 0.0, 300),
    Made("readers who slip", (900, 60, 30, 25, 90, 1095), (0.01, 0.1, 0.3, 0.4, 0.15, 0.02), 0.03, 200),
)


def trial(made: Made, seed: int) -> Mapping[str, tuple[bool, float]]:
    """One sample of one population, both drawn from the seed: whether each interval holds the truth, and how wide it is.

    Where readers slip, the truth is what readers like them would say of every child on average.
    """
    random = np.random.default_rng([seed, len(made.name)])
    band = np.repeat(np.arange(len(BANDS)), made.size)
    age = random.choice(len(AGES), len(band), p=[0.3, 0.33, 0.34, 0.03])
    wrong = random.random(len(band)) < np.clip(np.array(made.error)[band] * BY_AGE[age], 0, 0.95)
    linked = band < 3
    true = np.where(linked, np.where(wrong, np.where(random.random(len(band)) < 0.4, 1, 2), 0), np.where(wrong, 1, 2))
    stratum = band * len(AGES) + age
    size = np.bincount(stratum, minlength=len(BANDS) * len(AGES))
    drawn = allocation(size, np.repeat(np.clip(made.error, 0.02, 0.5), len(AGES)), made.budget)
    read: list[Judged] = []
    for place, several in enumerate(drawn.tolist()):
        for one in random.choice(np.flatnonzero(stratum == place), several, replace=False).tolist():
            times = 2 if len(read) % SECOND_LOOK == 0 else 1
            said = tuple(VERDICTS[_read(int(true[one]), bool(linked[one]), made.slips, random)] for _ in range(times))
            read.append(Judged(f"{one:06}", BANDS[band[one]], AGES[age[one]], int(size[place]), 0.9, said))
    read.sort(key=lambda one: one.child_id)
    strata = {(BANDS[n // len(AGES)], AGES[n % len(AGES)]): int(size[n]) for n in np.flatnonzero(size).tolist()}
    found = estimates(strata, read)
    assert found is not None
    truth = _truth(true, linked, made.slips)
    return {
        name: (one.low - 1e-9 <= truth[name] <= one.high + 1e-9, one.high - one.low)
        for name, one in ((name, getattr(found, name)) for name in MEASURES)
    }


def covered(trials: Sequence[Mapping[str, tuple[bool, float]]]) -> dict[str, float]:
    """In what share of the trials each interval held the truth."""
    return {name: float(np.mean([one[name][0] for one in trials])) for name in MEASURES}


def _read(true: int, linked: bool, slips: float, random: np.random.Generator) -> int:
    if random.random() >= slips:
        return int(true)
    return (NOWHERE if true == RIGHT else RIGHT) if linked else (NOWHERE if true == ELSEWHERE else ELSEWHERE)


def _truth(true: np.ndarray, linked: np.ndarray, slips: float) -> dict[str, float]:
    right = (np.where(true == RIGHT, 1 - slips, slips) * linked).sum()
    other = np.where(true == ELSEWHERE, 1 - slips, np.where(linked, 0.0, slips)).sum()
    return {
        "precision": float(right / linked.sum()),
        "recall": float(right / (right + other)),
        "share": float((right + other) / len(true)),
    }

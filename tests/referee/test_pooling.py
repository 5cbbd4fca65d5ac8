"""Pooled shares against a printed example, against quadrature by other hands, and against what truly happened in made groups."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import betainc
from statsmodels.stats.proportion import proportion_confint

from hearthlink.analysis.pooling import HALVINGS, _common, pooled

RATS = (
    [(0, 20)] * 7 + [(0, 19)] * 4 + [(0, 18)] * 2 + [(0, 17)] + [(1, 20)] * 4 + [(1, 19)] * 2 + [(1, 18)] * 2
    + [(2, 25), (2, 24), (2, 23)] + [(2, 20)] * 6 + [(1, 10), (5, 49), (2, 19), (5, 46), (3, 27), (2, 17), (7, 49), (7, 47)]
    + [(3, 20), (3, 20), (2, 13), (9, 48), (10, 50)] + [(4, 20)] * 7 + [(10, 48), (4, 19), (4, 19), (4, 19), (5, 22)]
    + [(11, 46), (12, 49), (5, 20), (5, 20), (6, 23), (5, 19), (6, 22)] + [(6, 20)] * 3 + [(16, 52), (15, 47), (15, 46), (9, 24), (4, 14)]
)  # fmt: skip
"""Rats with a tumour in 71 groups (Gelman and others 2013, table 5.1)."""


def test_the_printed_example_of_rats_is_met() -> None:
    """The common beta distribution is that of the book, E(alpha) 2.4 and E(beta) 14.3, as near as another prior allows; 4 of 14 shrinks."""
    having, of = (np.array([pair[place] for pair in RATS], dtype=float) for place in (0, 1))
    common = _common(having, of)
    alpha, beta = (float((common.weight * part).sum()) for part in (common.yes, common.no))
    assert (alpha, beta) == (pytest.approx(2.4, rel=0.1), pytest.approx(14.3, rel=0.1))
    last = pooled(having, of)[-1]
    assert last is not None
    assert last.share == pytest.approx((4 + 2.4) / (14 + 2.4 + 14.3), abs=0.005)
    assert 0.4 < last.own < 0.55


CASES = [([38, 20], [40, 40]), ([120, 57, 9], [124, 60, 12]), ([10, 10, 10, 3], [10, 10, 10, 10])]


@pytest.mark.parametrize(("having", "of"), CASES)
def test_the_mean_is_that_of_quadrature(having: list[int], of: list[int]) -> None:
    """The first group's share is the one that adaptive quadrature finds over the same priors, to a thousandth."""
    middle = float(np.median(of))

    def weight(angle: float, shrinkage: float, power: int) -> float:
        mean, strength = np.sin(angle) ** 2, middle * shrinkage / (1 - shrinkage)
        yes, no = mean * strength, (1 - mean) * strength
        likelihood = float(np.prod(stats.betabinom.pmf(having, of, yes, no)))
        return likelihood * ((yes + having[0]) / (strength + of[0])) ** power

    below, above = (
        integrate.dblquad(weight, 1e-5, 1 - 1e-5, 1e-4, np.pi / 2 - 1e-4, args=(power,), epsabs=0, epsrel=1e-4)[0]
        for power in (0, 1)
    )
    found = pooled(np.array(having, dtype=float), np.array(of, dtype=float))[0]
    assert found is not None
    assert found.share == pytest.approx(above / below, abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_the_ends_are_those_of_plain_halving_to_the_last_bit(seed: int) -> None:
    """However few the children, and also where all or none have it, no end differs by a bit from halving alone."""
    rng = np.random.default_rng(seed)
    of = rng.integers(1, (4, 40, 2_000, 100_000)[seed], 6).astype(float)
    having = np.floor(of * rng.beta(5, 1, 6)) * [0.0, 1.0, 1.0, 1.0, 0.5, 1.0]
    having[1] = of[1]
    common = _common(having, of)
    for k, n, found in zip(having, of, pooled(having, of), strict=True):
        assert found is not None
        for end, chance in ((found.low, 0.025), (found.high, 0.975)):
            low, high = 0.0, 1.0
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                less = float((common.weight * betainc(common.yes + k, common.no + n - k, middle)).sum()) < chance
                low, high = (middle, high) if less else (low, middle)
            assert end == (low + high) / 2


def test_groups_that_are_alike_lean_on_each_other_and_one_that_is_large_stands_alone() -> None:
    """Alike groups have narrower ranges than by themselves (statsmodels); a group of a million keeps its own share."""
    alike = pooled(np.array([95.0, 96, 94, 95]), np.array([100.0, 100, 100, 100]))[0]
    assert alike is not None
    low, high = (float(end) for end in np.asarray(proportion_confint(95, 100, method="wilson")))
    assert alike.high - alike.low < high - low
    large = pooled(np.array([600_000.0, 3]), np.array([1_000_000.0, 10]))[0]
    assert large is not None
    assert large.share == pytest.approx(0.6, abs=1e-3)


def test_one_group_has_nothing_to_learn_from_and_an_empty_one_no_share() -> None:
    """Neither is guessed: there is None for them."""
    assert pooled(np.array([3.0]), np.array([4.0])) == (None,)
    assert pooled(np.array([3.0, 0, 5]), np.array([4.0, 0, 6]))[1] is None


def test_all_right_everywhere_is_no_certainty() -> None:
    """Groups without a single error have a range that ends at one and begins below it."""
    found = pooled(np.array([400.0, 25]), np.array([400.0, 25]))[1]
    assert found is not None
    assert found.high > 0.999
    assert 0.9 < found.low < 0.999


def test_ranges_hold_the_truth_as_often_as_they_say() -> None:
    """Over 60 made studies of five groups, errors falling unevenly, 95% ranges hold the true share 91 to 98 times in 100 (Monte Carlo error 1.3)."""
    random = np.random.Generator(np.random.PCG64(7))
    sizes = np.array([600, 250, 120, 60, 25])
    hits: list[bool] = []
    for _ in range(60):
        truth = random.beta(57, 3, 5)
        found = pooled(random.binomial(sizes, truth).astype(float), sizes.astype(float))
        hits += [one is not None and one.low <= share <= one.high for one, share in zip(found, truth, strict=True)]
    assert 0.91 <= np.mean(hits) <= 0.985

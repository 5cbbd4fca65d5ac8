"""The ends of a corrected ratio are those of its likelihood, and hold the truth as often as they say where sets are few."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from scipy.optimize import brentq, minimize
from scipy.stats import binom, chi2, poisson

from hearthlink.analysis.conditional import BEYOND, FEWEST_EACH_WAY, FEWEST_SETS, Sets, sets_of
from hearthlink.analysis.corrected import Corrected, corrected

HALF = float(chi2.ppf(0.95, 1)) / 2


def _pairs(exposed: int, not_exposed: int) -> Corrected:
    """Pairs of which one is exposed, links known: so often the case."""
    case = np.repeat([1, 0], [exposed, not_exposed]).astype(np.int8)
    size = len(case)
    found = corrected(sets_of(case, 1 - case[:, None], bands=1), np.ones(size), np.arange(size), np.arange(size))
    assert found is not None
    return found


@pytest.mark.parametrize(("exposed", "not_exposed"), [(3, 9), (12, 8), (20, 4)])
def test_pairs_have_the_ends_of_a_binomial_likelihood(exposed: int, not_exposed: int) -> None:
    """Of pairs the log ratio is log(b / c), and at its ends b log p + c log(1 - p) has fallen by half of chi-squared."""
    found, pairs = _pairs(exposed, not_exposed), exposed + not_exposed
    # Families of one are told by the sandwich, which is raised by F / (F - 1).
    fall = HALF * pairs / (pairs - 1)

    def short(beta: float) -> float:
        share = 1 / (1 + exp(-beta))
        best = exposed * log(exposed / pairs) + not_exposed * log(not_exposed / pairs)
        return best - exposed * log(share) - not_exposed * log(1 - share) - fall

    middle = log(exposed / not_exposed)
    assert found.beta[0] == pytest.approx(middle)
    assert found.low[0] == pytest.approx(brentq(short, middle - 5, middle), abs=1e-5)
    assert found.high[0] == pytest.approx(brentq(short, middle, middle + 5), abs=1e-5)


def test_families_of_two_alike_tell_as_much_as_one_each() -> None:
    """With every child twice in its family the ends are those of the children once."""
    random = np.random.default_rng(2)
    case, others = (random.random(80) < 0.5).astype(np.int8), (random.random((80, 2)) < 0.3).astype(np.int8)
    one = corrected(sets_of(case, others, bands=1), np.ones(80), np.arange(80), np.arange(80))
    two = corrected(
        sets_of(np.repeat(case, 2), np.repeat(others, 2, axis=0), bands=1), np.ones(160), np.arange(160), np.arange(160) // 2
    )  # fmt: skip
    assert one is not None
    assert two is not None
    assert (two.low[0], two.high[0]) == pytest.approx((one.low[0], one.high[0]), abs=1e-5)


def test_each_band_is_judged_with_the_others_at_their_best() -> None:
    """Of two bands and links in doubt, the end of each is where the mixture, written out and at its greatest in the other, has fallen."""
    random = np.random.default_rng(3)
    case = random.choice(3, 240, p=(0.5, 0.3, 0.2)).astype(np.int8)
    others = random.choice(3, (240, 3), p=(0.65, 0.2, 0.15)).astype(np.int8)
    sets, chance = sets_of(case, others, bands=2), np.tile([0.8, 0.2], 120)
    child = np.arange(240) // 2
    found = corrected(sets, chance, child, np.arange(120))
    assert found is not None
    top = _likelihood(sets, chance, child, found.beta)
    curvature = np.linalg.inv(_curvature(sets, chance, child, found.beta))
    for band in (0, 1):
        fall = HALF * found.covariance[band, band] / curvature[band, band]
        for end in (found.low[band], found.high[band]):
            best = minimize(
                lambda other, band=band, end=end: -_likelihood(sets, chance, child, np.insert(other, band, end)),
                found.beta[1 - band],
                tol=1e-9,
            )
            assert top + best.fun == pytest.approx(fall, abs=2e-3)


def _likelihood(sets: Sets, chance: np.ndarray, child: np.ndarray, beta: np.ndarray) -> float:
    """The mixture's log likelihood, written out set by set."""
    each, grown = np.zeros(child.max() + 1), np.exp(np.concatenate([[0.0], beta]))
    for place, pattern in enumerate(sets.pattern):
        members = sets.members[pattern]
        each[child[place]] += chance[place] * grown[sets.case[pattern]] * members.sum() / (members * grown).sum()
    return float(np.log(each).sum())


def _curvature(sets: Sets, chance: np.ndarray, child: np.ndarray, beta: np.ndarray) -> np.ndarray:
    step, axes = 1e-3, np.eye(len(beta))

    def at(one: np.ndarray) -> float:
        return _likelihood(sets, chance, child, beta + step * one)

    return np.array(
        [[-(at(a + b) - at(a - b) - at(b - a) + at(-a - b)) / (4 * step**2) for b in axes] for a in axes]
    )  # fmt: skip


def test_what_the_likelihood_leaves_open_is_open() -> None:
    """Where a quarter of links are wrong, ten pairs of fifty that speak against an effect may all be wrong ones: that side is open.

    With p the share of pairs in which the case is the exposed one, the likelihood is (1.5 p + 0.25)^40 (1.75 - 1.5 p)^10.
    """
    case = np.repeat([1, 0], [40, 10]).astype(np.int8)
    # Beside its own pair each child has a household of which nothing is known.
    own = np.stack([case, np.full(50, -1)], axis=1).ravel().astype(np.int8)
    other = np.stack([1 - case, np.full(50, -1)], axis=1).ravel().astype(np.int8)
    sets = sets_of(own, other[:, None], bands=1)
    found = corrected(sets, np.tile([0.75, 0.25], 50), np.arange(100) // 2, np.arange(50))
    assert found is not None
    assert found.beta[0] == pytest.approx(log(9), abs=1e-6)
    assert found.high[0] == BEYOND
    assert 0 < found.low[0] < found.beta[0]


CHILDREN, SETS_EACH, WRONG, EFFECT, EXPOSED = 60, 2, 0.2, 0.45, 0.2
AUTHORITIES = 500
EFFECT_OF_TOLD = 0.43


def test_where_sets_are_few_and_links_in_doubt_it_holds_as_often_as_it_says() -> None:
    """Of 500 small authorities with 20% wrong links the ends hold the truth in 93% to 97%; Wald's, from the same variance, are no closer to 95%."""
    random = np.random.default_rng(7)
    held, wald = [], []
    for _ in range(AUTHORITIES):
        found = _small(random)
        if found is not None:
            held.append(found.low[0] <= EFFECT <= found.high[0])
            wald.append(abs(found.beta[0] - EFFECT) <= 1.96 * found.covariance[0, 0] ** 0.5)
    assert len(held) > 0.95 * AUTHORITIES
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.mean(wald) > np.mean(held)


def _small(random: np.random.Generator) -> Corrected | None:
    """A child's own set and a stranger's, the likelier of which is its own as often as that says."""
    odds = EXPOSED / (1 - EXPOSED) * exp(EFFECT)
    wrong = random.random(CHILDREN) < WRONG
    case = np.stack(
        [random.random(CHILDREN) < odds / (1 + odds), random.random(CHILDREN) < EXPOSED], axis=1
    ).astype(np.int8)  # fmt: skip
    others = (random.random((CHILDREN, 2, SETS_EACH)) < EXPOSED).astype(np.int8)
    case[wrong], others[wrong] = case[wrong][:, ::-1], others[wrong][:, ::-1]
    sets = sets_of(case.ravel(), others.reshape(-1, SETS_EACH), bands=1)
    chance = np.tile([1 - WRONG, WRONG], CHILDREN)
    return corrected(sets, chance, np.repeat(np.arange(CHILDREN), 2), np.arange(CHILDREN))


@pytest.mark.parametrize(
    ("expected", "are_told", "of_those_told"), [(14, 0.87, 0.966), (11, 0.63, 0.978), (8, 0.27, 0.988)]
)
def test_of_groups_so_small_that_many_are_not_told_an_exact_interval_holds_too_often(
    expected: int, are_told: float, of_those_told: float
) -> None:
    """An exact mid-p interval that holds 95% of the time over all samples holds more often in those told: they are the balanced ones.

    Sets of a case and two others, one member of three exposed or, in a third of sets, two; so many expected that tell anything.
    """
    all_, told, held, held_told = 0.0, 0.0, 0.0, 0.0
    for size in range(FEWEST_SETS, 2 * expected + 30):
        one, two = (
            exp(EFFECT_OF_TOLD) / (exp(EFFECT_OF_TOLD) + 2),
            2 * exp(EFFECT_OF_TOLD) / (2 * exp(EFFECT_OF_TOLD) + 1),
        )
        few = size // 3
        chance = np.convolve(
            binom.pmf(np.arange(size - few + 1), size - few, one), binom.pmf(np.arange(few + 1), few, two)
        )
        up, down = np.cumsum(chance[::-1])[::-1], np.cumsum(chance)
        holds = np.minimum(up, down) - chance / 2 >= 0.025
        exposed = np.arange(size + 1)
        enough = (exposed >= FEWEST_EACH_WAY) & (size - exposed >= FEWEST_EACH_WAY)
        weight = float(poisson.pmf(size, expected))
        all_, told = all_ + weight, told + weight * float(chance[enough].sum())
        held, held_told = (
            held + weight * float(chance[holds].sum()),
            held_told + weight * float(chance[holds & enough].sum()),
        )
    assert told == pytest.approx(are_told, abs=0.01)
    assert held / all_ == pytest.approx(0.95, abs=0.003)
    assert held_told / told == pytest.approx(of_those_told, abs=0.002)

"""Wrong links pull an odds ratio toward nothing by what theory says, and the correction puts it back."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from hearthlink.analysis.conditional import Sets, fit, sets_of
from hearthlink.analysis.corrected import corrected

CHILDREN = 60_000
EXPOSED, RATIO, CONTROLS = 0.2, 2.0, 4


def _sets(random: np.random.Generator, exposed: float) -> tuple[np.ndarray, np.ndarray]:
    return (random.random(CHILDREN) < exposed).astype(np.int8), (random.random((CHILDREN, CONTROLS)) < EXPOSED).astype(
        np.int8
    )


@pytest.mark.parametrize(("wrong", "lost"), [(0.05, 0.04), (0.10, 0.08), (0.20, 0.16)])
def test_what_wrong_links_lose_and_what_the_correction_gives_back(wrong: float, lost: float) -> None:
    """A log odds ratio of log 2 loses about 4, 8 and 16% at 5, 10 and 20% wrong links; corrected, it is within 5%."""
    random = np.random.default_rng(int(1000 * wrong))
    odds = RATIO * EXPOSED / (1 - EXPOSED)
    own, stranger = _sets(random, odds / (1 + odds)), _sets(random, EXPOSED)
    # The likelier of two is right as often as it says, so that the best link is wrong as often as is asked.
    swapped = random.random(CHILDREN) < wrong
    case = np.stack([np.where(swapped, stranger[0], own[0]), np.where(swapped, own[0], stranger[0])], axis=1)
    others = np.stack(
        [np.where(swapped[:, None], stranger[1], own[1]), np.where(swapped[:, None], own[1], stranger[1])], axis=1
    )
    family = np.arange(CHILDREN)
    known = fit(sets_of(*own, bands=1), family)
    naive = fit(sets_of(case[:, 0], others[:, 0], bands=1), family)
    both = sets_of(case.ravel(), others.reshape(-1, CONTROLS), bands=1)
    mended = corrected(both, np.tile([1 - wrong, wrong], CHILDREN), np.repeat(family, 2), family)
    assert known is not None
    assert naive is not None
    assert mended is not None
    assert known.beta[0] == pytest.approx(log(RATIO), abs=0.04)
    assert 1 - naive.beta[0] / known.beta[0] == pytest.approx(lost, rel=0.45)
    assert mended.beta[0] == pytest.approx(known.beta[0], rel=0.05)
    # What is not known of the links is in its variance.
    assert mended.covariance[0, 0] > known.covariance[0, 0]


def test_with_links_that_are_known_nothing_is_changed() -> None:
    """Where every child has one candidate with chance 1, the correction is the plain estimate, covariance and all."""
    random = np.random.default_rng(8)
    case, others = (random.random(300) < 0.4).astype(np.int8), (random.random((300, 2)) < 0.3).astype(np.int8)
    sets, family = sets_of(case, others, bands=1), np.arange(300) // 2
    plain, mended = fit(sets, family), corrected(sets, np.ones(300), np.arange(300), family)
    assert plain is not None
    assert mended is not None
    assert mended.beta == pytest.approx(plain.beta, abs=1e-8)
    assert mended.covariance == pytest.approx(plain.covariance, rel=1e-6)


def test_it_is_where_the_likelihood_is_greatest() -> None:
    """No coefficient nearby has a greater likelihood, and the variance is by its curvature there."""
    random = np.random.default_rng(9)
    case, others = (random.random(600) < 0.4).astype(np.int8), (random.random((600, 2)) < 0.25).astype(np.int8)
    chance = np.where(np.arange(600) % 2, 0.3, 0.7)
    sets, child = sets_of(case, others, bands=1), np.arange(600) // 2
    found = corrected(sets, chance, child, np.arange(300))
    assert found is not None
    at = [_likelihood(sets, chance, child, found.beta[0] + step) for step in (-0.01, 0.0, 0.01)]
    assert at[1] > max(at[0], at[2])


def _likelihood(sets: Sets, chance: np.ndarray, child: np.ndarray, beta: float) -> float:
    """The mixture's log likelihood, written out set by set."""
    each = np.zeros(child.max() + 1)
    for place, pattern in enumerate(sets.pattern):
        unexposed, exposed = sets.members[pattern]
        share = np.exp(beta * sets.case[pattern]) / (unexposed + exposed * np.exp(beta))
        each[child[place]] += chance[place] * share * (unexposed + exposed)
    return float(np.log(each).sum())

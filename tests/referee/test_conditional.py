"""Conditional logistic regression by patterns, held against statsmodels on the same sets one by one, and against a printed example."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.optimize import root
from statsmodels.discrete.conditional_models import ConditionalLogit

from hearthlink.analysis.conditional import clustered, fit, odds, sets_of, solved

TRIALS = range(6)


def one_by_one(case: np.ndarray, others: np.ndarray, bands: int) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and their covariance by statsmodels, every member of every set a row."""
    usable = np.flatnonzero((case >= 0) & (others >= 0).any(axis=1))
    rows = [
        (place, at == 0, value)
        for place in usable
        for at, value in enumerate((case[place], *others[place]))
        if value >= 0
    ]
    group, is_case, value = (np.array(one) for one in zip(*rows, strict=True))
    exposed = np.stack([value == band for band in range(1, bands + 1)], axis=1).astype(float)
    model = ConditionalLogit(is_case.astype(int), exposed, groups=group)
    # Its own fit stops at a slope of 1e-5: its score is followed to nought from there.
    found = root(model.score, model.fit(disp=False).params, tol=1e-12).x
    return found, np.linalg.inv(-np.asarray(model.hessian(found)))


@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("seed", TRIALS)
def test_random_small_sets_agree_with_statsmodels(bands: int, seed: int) -> None:
    """Coefficients and information of random sets of changing size are those of statsmodels to 1e-6."""
    random = np.random.default_rng(seed)
    case = random.integers(-1, bands + 1, 150).astype(np.int8)
    others = random.integers(-1, bands + 1, (150, 4)).astype(np.int8)
    sets = sets_of(case, others, bands=bands)
    beta, information = solved(
        sets, np.bincount(sets.pattern[sets.pattern >= 0], minlength=len(sets.case))[None, :].astype(float)
    )
    theirs, covariance = one_by_one(case, others, bands)
    assert np.allclose(beta[0], theirs, atol=1e-6)
    assert np.allclose(np.linalg.inv(information[0]), covariance, atol=1e-6)


def test_matched_pairs_of_the_los_angeles_study() -> None:
    """63 pairs of Breslow and Day (1980, section 5.2): 27 both exposed, 29 the case alone, 3 the control alone, 4 neither: 29/3."""
    case = np.repeat([1, 1, 0, 0], [27, 29, 3, 4]).astype(np.int8)
    control = np.repeat([1, 0, 1, 0], [27, 29, 3, 4]).astype(np.int8)
    found = fit(sets_of(case, control[:, None], bands=1), np.arange(63))
    assert found is not None
    assert found.beta[0] == pytest.approx(log(29 / 3), abs=1e-9)
    # The sandwich of independent pairs is the usual 1/29 + 1/3, raised by 32/31 for the informative ones.
    assert found.covariance[0, 0] == pytest.approx((1 / 29 + 1 / 3) * 32 / 31, rel=1e-9)


def test_the_sandwich_is_a_sum_over_families_done_by_hand() -> None:
    """The filling is the sum of squares of the families' summed scores, times F / (F - 1)."""
    random = np.random.default_rng(5)
    case, others = random.integers(0, 2, 90).astype(np.int8), random.integers(0, 2, (90, 3)).astype(np.int8)
    family = np.arange(90) // 3
    sets = sets_of(case, others, bands=1)
    score = odds(sets, np.array([0.4]))[1][sets.pattern]
    filling, families = clustered(score, family, 30)
    sums = [sum(score[place, 0] for place in range(90) if family[place] == one) for one in range(30)]
    told = sum(one != 0 for one in sums)
    assert families == told
    assert filling[0, 0] == pytest.approx(sum(one**2 for one in sums) * told / (told - 1))


@pytest.mark.parametrize(
    ("case", "control"),
    [
        pytest.param([1] * 40, [0] * 40, id="separated"),
        pytest.param([1] * 40 + [0] * 2, [0] * 40 + [1] * 2, id="too few the other way"),
        pytest.param([1] * 4 + [0] * 4, [0] * 4 + [1] * 4, id="too few sets"),
        pytest.param([1] * 50 + [0] * 50, [1] * 50 + [0] * 50, id="none that tells"),
    ],
)
def test_not_enough_evidence_is_an_answer(case: list[int], control: list[int]) -> None:
    """Where sets separate or too few tell anything there is no ratio."""
    sets = sets_of(np.array(case, np.int8), np.array(control, np.int8)[:, None], bands=1)
    assert fit(sets, np.arange(len(case))) is None

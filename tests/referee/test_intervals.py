"""Our intervals against other people's programs: statsmodels, the arithmetic of R's mice, and repeated trials."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import t as student
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from hearthlink.analysis.intervals import cluster_variance, family_sums, process, rubin_degrees, these_children
from hearthlink.evaluation.intervals import wilson

EXACT = 1e-9
"""Two ways to the same closed formula: nothing but the rounding of floating point lies between."""


@pytest.mark.parametrize(("count", "of"), [(0, 10), (1, 10), (10, 10), (7, 30), (980, 1000), (1056, 2200)])
def test_wilson_agrees_with_statsmodels(count: int, of: int) -> None:
    """The score interval is that of statsmodels, at the edges too."""
    assert wilson(count, of) == pytest.approx(proportion_confint(count, of, method="wilson"), abs=EXACT)


def test_the_variance_by_families_is_that_of_a_clustered_regression_on_a_constant() -> None:
    """A regression of 0 and 1 on a constant, with errors clustered by family, has our variance of the share."""
    random = np.random.default_rng(1)
    family = random.integers(0, 40, 130)
    on = (random.random((130, 3)) < 0.2 + 0.6 * (family % 2)[:, None]).astype(np.int8)
    sums = family_sums(on, family.astype(np.int64))
    ours = cluster_variance(on.mean(axis=0), 130, sums)
    for draw in range(3):
        fitted = OLS(on[:, draw].astype(float), np.ones(130)).fit(cov_type="cluster", cov_kwds={"groups": family})
        assert ours[draw] == pytest.approx(fitted.cov_params()[0, 0], abs=EXACT)


def mice_barnard_rubin(m: int, b: float, t: float, dfcom: float) -> float:
    """The degrees of freedom as the R package mice computes them, line by line (`barnard.rubin`)."""
    proportion = (1 + 1 / m) * b / t
    proportion = max(proportion, 1e-4)
    dfold = (m - 1) / proportion**2
    dfobs = (dfcom + 1) / (dfcom + 3) * dfcom * (1 - proportion)
    return dfold * dfobs / (dfold + dfobs)


@pytest.mark.parametrize(
    ("draws", "between", "within", "complete"), [(5, 0.2, 1.0, 24), (20, 1.0, 1.0, 300), (200, 0.01, 2, 900)]
)
def test_degrees_of_freedom_are_those_of_mice(draws: int, between: float, within: float, complete: float) -> None:
    """Barnard and Rubin's degrees of freedom agree with R's mice, and lie below both those of Rubin and the complete data's."""
    whole = within + (1 + 1 / draws) * between
    ours = rubin_degrees(between, within, draws, complete)
    assert ours == pytest.approx(mice_barnard_rubin(draws, between, whole, complete), rel=EXACT)
    assert ours < complete


def test_the_interval_for_these_children_is_rubin_with_nothing_within() -> None:
    """On the logit scale: the mean of the draws, give or take Student's t of M - 1 times the root of (1 + 1/M) B."""
    on = np.array([40, 43, 41, 45, 42], dtype=np.int64)
    scale = np.log(on / (100 - on))
    reach = student.ppf(0.975, 4) * np.sqrt((1 + 1 / 5) * scale.var(ddof=1))
    ends = 100 * expit(scale.mean() - reach), 100 * expit(scale.mean() + reach)
    assert these_children(on, 100) == pytest.approx(ends, abs=EXACT)


EDGES = [
    ([0] * 200, 50, (0.0, 0.0)),
    ([50] * 200, 50, (50.0, 50.0)),
    ([20] * 200, 50, (20.0, 20.0)),
    ([20] * 10, 50, None),
    ([3, 4] * 100, 9, None),
    ([20], 50, None),
]


@pytest.mark.parametrize(("on", "children", "ends"), EDGES)
def test_where_the_draws_agree_or_children_are_few(
    on: list[int], children: int, ends: tuple[float, float] | None
) -> None:
    """Draws that all agree are both ends, if there are enough of them to say so; under ten children there is not enough evidence."""
    assert these_children(np.array(on, dtype=np.int64), children) == ends


def test_nobody_on_benefit_in_any_draw_gives_the_upper_end_of_wilson_with_families_for_trials() -> None:
    """Of 50 children of 40 families, none on benefit: the upper end is statsmodels' for 0 of 40."""
    family = np.concatenate([np.arange(40), np.arange(10)]).astype(np.int64)
    none = np.zeros((50, 100), dtype=np.int8)
    ends = process(none.sum(axis=0, dtype=np.int64), 50, family_sums(none, family))
    assert ends is not None
    assert (ends[0], ends[1] / 50) == pytest.approx(proportion_confint(0, 40, method="wilson"), abs=EXACT)
    full = process((1 - none).sum(axis=0, dtype=np.int64), 50, family_sums(1 - none, family))
    assert full == pytest.approx((50 - ends[1], 50.0), abs=EXACT)


TRIALS = 600


def study(
    random: np.random.Generator, families: int = 150, draws: int = 60
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Families whose children share their fate with chance 0.4, links in doubt for a fifth of the children; draws are proper."""
    sizes = random.integers(1, 5, families)
    family = np.repeat(np.arange(families), sizes)
    true = (random.random(families) < 0.4)[family]
    doubtful = random.random(family.size) < 0.2
    chance = np.where(doubtful, random.beta(2, 2, family.size), true.astype(float))
    truth = np.where(doubtful, random.random(family.size) < chance, true)
    drawn = random.random((family.size, draws)) < chance[:, None]
    return family.astype(np.int64), truth, drawn.astype(np.int8)


def test_both_intervals_cover_what_they_promise_in_repeated_trials() -> None:
    """These children: the realised share in 95% of trials, give or take three Monte Carlo errors; the process: the parameter."""
    random = np.random.default_rng(7)
    these = those = 0
    for _ in range(TRIALS):
        family, truth, drawn = study(random)
        on, children = drawn.sum(axis=0, dtype=np.int64), family.size
        inner, outer = these_children(on, children), process(on, children, family_sums(drawn, family))
        assert inner is not None
        assert outer is not None
        these += inner[0] <= truth.sum() <= inner[1]
        those += outer[0] / children <= 0.8 * 0.4 + 0.2 * 0.5 <= outer[1] / children
        assert outer[0] < inner[0] < inner[1] < outer[1]
    error = 3 * np.sqrt(0.95 * 0.05 / TRIALS)
    assert abs(these / TRIALS - 0.95) < error
    assert abs(those / TRIALS - 0.95) < error

"""The figures of a clerical review against other people's: a printed kappa, every sample there is, and repeated trials."""

from __future__ import annotations

import os
from itertools import combinations, product

import numpy as np
import pytest
from made_review import MADE, Made, covered, trial
from scipy.stats import beta, betabinom
from statsmodels.stats.inter_rater import cohens_kappa

from hearthlink.review.agreement import kappa
from hearthlink.review.design import BANDS
from hearthlink.review.estimate import NEUTRAL, estimates, pooled_shares
from hearthlink.review.verdicts import Judged, Verdict

EXACT = 1e-9
TRIALS = int(os.environ.get("PROVE_COUNT", "40"))

DIAGNOSES = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
"""Two raters' diagnoses of a hundred patients: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, table 18.1."""


def test_kappa_is_as_printed() -> None:
    """On the printed table kappa is 0.68, as the book has it, from 89 in a hundred agreed and 66 expected by chance."""
    found = kappa(DIAGNOSES)
    assert found is not None
    assert (round(found.value, 2), found.agreed, found.of) == (0.68, 89, 100)


@pytest.mark.parametrize(
    "table", [DIAGNOSES, [[20, 5], [10, 15]], [[10, 4, 1], [6, 10, 2], [12, 4, 7]], [[3, 0], [0, 9]]]
)
def test_kappa_and_its_error_agree_with_statsmodels(table: list[list[int]]) -> None:
    """Value, standard error and interval are those of statsmodels, but that no end passes one."""
    found, theirs = kappa(np.array(table)), vars(cohens_kappa(np.array(table)))
    assert found is not None
    assert found.value == pytest.approx(theirs["kappa"], abs=EXACT)
    assert found.standard_error == pytest.approx(theirs["std_kappa"], abs=EXACT)
    assert found.low == pytest.approx(max(theirs["kappa_low"], -1), abs=EXACT)
    assert found.high == pytest.approx(min(theirs["kappa_upp"], 1), abs=EXACT)


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 0], [0, 0]]])
def test_there_is_no_kappa_where_chance_leaves_no_room(table: list[list[int]]) -> None:
    """Without a pair read twice, or with one answer given by all, there is nothing to compare with chance."""
    assert kappa(np.array(table)) is None


POPULATION = {
    ("linked certain", "0 to 4"): (Verdict.RIGHT, Verdict.RIGHT, Verdict.RIGHT, Verdict.ELSEWHERE),
    ("linked doubtful", "0 to 4"): (Verdict.RIGHT, Verdict.NOWHERE, Verdict.ELSEWHERE),
    ("none certain", "0 to 4"): (Verdict.NOWHERE, Verdict.NOWHERE, Verdict.NOWHERE, Verdict.ELSEWHERE, Verdict.NOWHERE),
}
DRAWN = (2, 2, 3)


def test_over_every_sample_there_is_the_estimates_are_right_on_average() -> None:
    """Of all 180 samples of the design the mean precision and the mean share on file are those of the population, to the last digit.

    Recall is a ratio of two estimates and so not quite unbiased; its two parts are.
    """
    sizes = {stratum: len(children) for stratum, children in POPULATION.items()}
    found: list[tuple[float, float, float]] = []
    for chosen in product(*(combinations(range(len(c)), n) for c, n in zip(POPULATION.values(), DRAWN, strict=True))):
        judged = [
            Judged(f"{stratum}/{place}", *stratum, sizes[stratum], 0.5, (POPULATION[stratum][place],))
            for stratum, places in zip(POPULATION, chosen, strict=True)
            for place in places
        ]
        made = estimates(sizes, judged)
        assert made is not None
        found.append((made.precision.value, made.share.value, made.recall.denominator))
    assert len(found) == 180
    assert np.mean(found, axis=0) == pytest.approx([4 / 7, 7 / 12, 7.0], abs=1e-12)


def test_one_group_alone_has_the_posterior_that_closed_form_gives() -> None:
    """With one group read and nothing to lean on, shares drawn have the quantiles of a beta distribution, mixed over how firm a band is."""
    random = np.random.default_rng(5)
    drawn = pooled_shares(np.array([47]), np.array([3]), 40_000, random)[:, 0]
    for at in (0.025, 0.5, 0.975):
        assert np.quantile(drawn, at) == pytest.approx(beta(47 + NEUTRAL, 3 + NEUTRAL).ppf(at), abs=0.012)


def test_groups_lean_on_their_band_as_far_as_they_are_alike() -> None:
    """A group of two is drawn towards a band whose groups agree, and hardly towards one whose groups differ."""
    random = np.random.default_rng(6)
    alike = pooled_shares(np.array([95, 95, 1]), np.array([5, 5, 1]), 4_000, random)[:, 2].mean()
    unlike = pooled_shares(np.array([99, 1, 1]), np.array([1, 99, 1]), 4_000, random)[:, 2].mean()
    assert alike > 0.85
    assert 0.35 < unlike < 0.65


def test_a_whole_stratum_read_leaves_no_doubt() -> None:
    """Where every child was read, value and both ends are the share itself; where half were, the interval is that of the other half."""
    sizes = {("linked certain", "0 to 4"): 40, ("none certain", "0 to 4"): 40}
    read = [
        Judged(f"{band}{n:02}", band, "0 to 4", 40, 0.9, (verdict if n % 4 else Verdict.ELSEWHERE,))
        for band, verdict in (("linked certain", Verdict.RIGHT), ("none certain", Verdict.NOWHERE))
        for n in range(40)
    ]
    whole = estimates(sizes, read)
    assert whole is not None
    assert (whole.precision.low, whole.precision.value, whole.precision.high) == (0.75, 0.75, 0.75)
    assert (whole.share.low, whole.share.high) == (0.625, 0.625)
    half = estimates(sizes, [one for one in read if int(one.child_id[-2:]) < 20])
    assert half is not None
    others = betabinom(20, 15 + NEUTRAL, 5 + NEUTRAL)
    assert 40 * half.precision.low == pytest.approx(15 + others.ppf(0.025), abs=1.01)
    assert 40 * half.precision.high == pytest.approx(15 + others.ppf(0.975), abs=1.01)


def test_no_estimate_while_a_band_is_unread() -> None:
    """Until every score band has somebody read, nothing is said of the whole."""
    sizes = {(band, "0 to 4"): 10 for band in BANDS}
    one = Judged("a", BANDS[0], "0 to 4", 10, 0.9, (Verdict.RIGHT,))
    assert estimates(sizes, [one]) is None
    assert estimates(sizes, []) is None


@pytest.mark.parametrize("made", MADE, ids=lambda m: m.name)
def test_intervals_cover_what_is_true_in_repeated_trials(made: Made) -> None:
    """Over many made samples each interval holds the true figure in 93% to 97% of them, Monte Carlo error allowed for.

    Where the figure is so near an end that few samples meet an error at all, an interval may cover more often, never less.
    """
    shares = covered([trial(made, seed) for seed in range(TRIALS)])
    error = 3 * (0.95 * 0.05 / TRIALS) ** 0.5
    assert min(shares.values()) > 0.93 - error, shares
    assert np.mean(list(shares.values())) < 0.97 + error, shares

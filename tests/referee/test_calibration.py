"""Calibration against counts by hand, against intervals by statsmodels, and against chances that are right by construction."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from hearthlink.evaluation.calibration import EDGES, calibration, curve


def test_a_band_counts_what_lies_in_it() -> None:
    """Answers fall in the band that holds them, an edge in the band above, 1 in the last; each with its sum and its number right."""
    chance = np.array([0.0, 0.049, 0.05, 0.8, 0.94, 0.95, 1.0])
    right = np.array([False, True, False, True, True, False, True])
    found = {(band.start, band.end): (band.answers, band.expected, band.right) for band in curve(chance, right)}
    assert found == {
        (0.0, 0.05): (2, pytest.approx(0.049), 1),
        (0.05, 0.2): (1, pytest.approx(0.05), 0),
        (0.8, 0.95): (2, pytest.approx(1.74), 2),
        (0.95, 0.99): (1, pytest.approx(0.95), 0),
        (0.99, 1.0): (1, pytest.approx(1.0), 1),
    }


def test_ends_are_those_of_statsmodels() -> None:
    """The interval of a band is Wilson's."""
    band = curve(np.full(80, 0.9), np.arange(80) < 70)[0]
    assert (band.low, band.high) == pytest.approx(proportion_confint(70, 80, method="wilson"))


def test_the_gap_is_worked_out_by_hand() -> None:
    """Two bands off by 1 and by 2 of ten answers: a gap of 3, an error of 0.3; where nothing was answered there is none."""
    chance = np.array([0.9] * 5 + [0.6] * 5)
    right = np.array([True] * 5 + [True] * 5)
    found = calibration(chance, right)
    assert found is not None
    assert (found.answers, found.gap) == (10, pytest.approx(0.5 + 2.0))
    assert calibration(np.zeros(0), np.zeros(0, dtype=bool)) is None


def test_without_a_truth_there_is_nothing_to_say_of_right() -> None:
    """The bands have their answers and what they expect, and neither a count nor ends."""
    band = curve(np.array([0.97]), None)[0]
    assert (band.answers, band.right, band.low, band.high) == (1, None, None, None)


def test_right_chances_show_the_gap_that_chance_makes_and_wrong_ones_more() -> None:
    """Over 200 studies whose answers are right as often as stated, the mean gap is that stated for chance; overstated by .05 it is far more."""
    random = np.random.Generator(np.random.PCG64(11))
    chance = random.choice([0.02, 0.3, 0.7, 0.9, 0.97, 0.995], size=2_000)
    honest = [calibration(chance, random.random(chance.size) < chance) for _ in range(200)]
    boastful = calibration(chance, random.random(chance.size) < np.maximum(chance - 0.05, 0))
    assert boastful is not None
    gaps = [one.gap for one in honest if one is not None]
    by_chance = honest[0].by_chance if honest[0] is not None else 0.0
    assert np.mean(gaps) == pytest.approx(by_chance, rel=0.1)
    assert boastful.gap > 2 * by_chance
    assert EDGES[0] == 0.0

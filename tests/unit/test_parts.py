"""Shares of several authorities: what each leans to, and how far they lie apart."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from hearthlink.analysis.parts import Part, Z, together


def part(share: float, of: float, *, wider: float = 1.0) -> Part:
    """An authority whose interval is that of so many independent children, or wider."""
    half = wider * Z * sqrt(share * (1 - share) / of)
    return Part(share * of, of, share - half, share + half)


def test_authorities_that_agree_have_no_spread_and_pool_to_their_share() -> None:
    """Three alike lie no distance apart; together they are surer than one."""
    made = together([part(0.4, 1000)] * 3)
    assert made is not None
    assert (made.spread, made.share) == (0.0, pytest.approx(0.4))
    assert made.high - made.low == pytest.approx((part(0.4, 1000).high - part(0.4, 1000).low) / sqrt(3))


def test_the_spread_is_the_moment_estimate() -> None:
    """Two of equal weight: the variance between them is half their squared distance, less the variance within."""
    first, second = part(0.3, 500), part(0.5, 500)
    made = together([first, second])
    within = [((one.high - one.low) / (2 * Z)) ** 2 for one in (first, second)]
    weight = [1 / one for one in within]
    mean = (0.3 * weight[0] + 0.5 * weight[1]) / sum(weight)
    q = weight[0] * (0.3 - mean) ** 2 + weight[1] * (0.5 - mean) ** 2
    expected = sqrt((q - 1) / (sum(weight) - sum(w * w for w in weight) / sum(weight)))
    assert made is not None
    assert made.spread == pytest.approx(expected)
    assert 0.1 < made.spread < 0.15


def test_the_spread_is_found_again_over_many_authorities() -> None:
    """Of authorities drawn about 40% with a standard deviation of 8 points, the estimate is near it."""
    random = np.random.default_rng(7)
    shares = random.normal(0.4, 0.08, 400)
    seen = [random.binomial(800, share) / 800 for share in np.clip(shares, 0.05, 0.95)]
    made = together([part(float(share), 800) for share in seen])
    assert made is not None
    assert made.spread == pytest.approx(0.08, abs=0.01)
    assert made.share == pytest.approx(0.4, abs=0.015)


def test_a_small_authority_leans_and_a_large_one_stands() -> None:
    """A share of few children is drawn to the others; that of many keeps its own, and an interval twice as wide leans more."""
    others = [part(0.4, 2000), part(0.42, 2000), part(0.38, 2000)]
    small = together([*others, part(0.7, 30)])
    wide = together([*others, part(0.7, 30, wider=2)])
    assert small is not None
    assert wide is not None
    leaning, stands, wider = small.parts[3], small.parts[0], wide.parts[3]
    assert leaning is not None
    assert stands is not None
    assert wider is not None
    assert 0.4 < wider.share < leaning.share < 0.7
    assert abs(stands.share - 0.4) < 0.02
    assert wider.own < leaning.own < stands.own


def test_one_authority_alone_is_not_pooled_and_an_empty_one_gives_nothing() -> None:
    """Nothing is learnt of a spread from one, nor from a part where nobody could be seen."""
    assert together([part(0.4, 1000)]) is None
    assert together([part(0.4, 1000), Part(0.0, 0.0, 0.0, 0.0)]) is None
    made = together([part(0.4, 1000), part(0.5, 1000), Part(0.0, 0.0, 0.0, 0.0)])
    assert made is not None
    assert made.parts[2] is None

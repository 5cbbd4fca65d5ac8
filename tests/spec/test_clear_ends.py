"""The ends of an interval tell no more of a printed number than its rounding does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from attacker_of_ends import known_ends, narrowed, printed_ends

from hearthlink.disclosure import Policy
from hearthlink.disclosure.ends import distances
from hearthlink.disclosure.figures import protected_ends

PROFILES = ("strict", "nhs", "dfe")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("under", [30, 140, 1_000])
def test_every_number_that_prints_alike_has_the_same_ends(profile: str, under: int) -> None:
    """Whole numbers and thirds, over sizes that print alike too: where the printed pair is the same, so are both ends."""
    policy = Policy.of(profile)
    most = min(under - policy.threshold, 400)
    for over in sorted({15, under // 2, most}):
        found: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for children in range(under - policy.base, under + policy.base + 1):
            for third in range(3 * max(policy.threshold, over - policy.base), 3 * (over + policy.base) + 1):
                if children - third / 3 >= policy.threshold:
                    pair = policy.rounded(third / 3), policy.rounded(children)
                    found.setdefault(pair, set()).add(printed_ends(third / 3, float(children), policy))
        assert found
        assert all(len(ends) == 1 for ends in found.values()), over


def test_an_attacker_with_the_program_learns_nothing_from_ends() -> None:
    """Every number within the rounding could have been printed with those ends; a number they could not be of is told by them."""
    policy = Policy.of("strict")
    low, high = printed_ends(24.0, 140.0, policy)
    limits, sizes = (22.5, 27.5), (137.5, 142.5)
    told = narrowed(25, 140, (low / 140, high / 140), limits, sizes, policy, 1)
    assert told[0] <= 22.6
    assert told[1] >= 27.4
    assert narrowed(25, 140, (low / 140 - 0.01, None), limits, sizes, policy, 1) == limits, "no number is left"


@pytest.mark.parametrize("profile", PROFILES)
def test_ends_are_never_nearer_than_the_true_ones(profile: str) -> None:
    """Printed ends hold the true interval, set around the rounded number; families and doubt keep their part of the width."""
    policy = Policy.of(profile)
    for children, having in [(60, 14), (200, 37), (900, 451), (4_000, 12)]:
        low, high = (float(one[0]) for one in known_ends(np.array([having]), np.array([children])))
        widths: list[int] = []
        for wider in (1.0, 1.5, 3.0):
            below, above = wider * (having - low), wider * (high - having)
            ends = protected_ends(having, having - below, having + above, children, policy)
            assert ends is not None
            middle = policy.rounded(having)
            assert ends.low <= max(0.0, middle - below)
            assert ends.high >= min(policy.rounded(children), middle + above)
            widths.append(ends.high - ends.low)
        assert all(one <= other for one, other in pairwise(widths))


def test_the_formula_is_that_of_the_interval_itself() -> None:
    """The widest is looked for by the method's own formula, as somebody else writes it down."""
    having, children = np.array([12.0, 40.0, 300.0]), np.array([50.0, 200.0, 2_000.0])
    low, high = known_ends(having, children)
    below, above = distances(having, children)
    assert having - below == pytest.approx(low, rel=1e-12)
    assert having + above == pytest.approx(high, rel=1e-12)

"""What tokens in common are worth: coincidences counted, a match against its rivals, and a household by its tokens and its children."""

from __future__ import annotations

import numpy as np
import pytest

from hearthlink.linkage.masked import PRIOR_PAIRS, Shared, probabilities, shared, worth
from hearthlink.linkage.masked_households import Families, at_home, likeliest, listed


def pairs(*rows: tuple[int, int, int]) -> Shared:
    """Pairs of a left and a right record and the tokens that they share."""
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return Shared(columns[:, 0], columns[:, 1], columns[:, 2])


def test_tokens_in_common_are_counted() -> None:
    """Each pair that shares a token is there once, with how many it shares, wherever in the rows they stand."""
    left = np.array([["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]], "S1")
    right = np.array([["c", "x", "a"], ["y", "g", "z"]], "S1")
    found = shared(left, right)
    assert list(zip(found.left.tolist(), found.right.tolist(), found.tokens.tolist(), strict=True)) == [
        (0, 0, 2),
        (2, 1, 1),
    ]
    assert len(shared(left, np.array([["1", "2", "3"]], "S1")).left) == 0


def test_what_agrees_beside_a_settled_pair_is_a_coincidence() -> None:
    """Where two records agree best with each other, a lesser agreement of either with another is somebody else; a tie settles nothing."""
    value = worth(pairs((0, 0, 5), (0, 1, 1), (2, 0, 2), (3, 3, 4), (4, 4, 3), (4, 5, 3)), 10, 10)
    assert value.coincidences.tolist() == [0, 1, 1, 0, 0, 0]
    assert value.pairs.tolist() == [0, 0, 0, 2, 1, 1]
    examined = 2 * 18 - 2
    assert value.u[1] == value.u[2] == pytest.approx(1 / examined)
    assert value.u[4] == pytest.approx(0.5**4 / (examined + PRIOR_PAIRS))


def test_the_chance_is_that_of_what_was_learned() -> None:
    """Stated chances come true: of invented pairs of which some at each level are coincidences, as many are matches as is stated."""
    draw = np.random.default_rng(4)
    lefts, rights, same = 3000, 4000, 1500
    rows = [(n, n, int(draw.integers(1, 9))) for n in range(same)]
    chance = {1: 1e-5, 2: 2e-6}
    for tokens, rate in chance.items():
        many = draw.poisson(rate * lefts * rights)
        rows += [(int(draw.integers(lefts)), int(draw.integers(rights)), tokens) for _ in range(many)]
    most = {(left, right): (left, right, tokens) for left, right, tokens in sorted(rows)}
    found = pairs(*most.values())
    value = worth(found, lefts, rights)
    stated = probabilities(found, value, lefts, rights)
    true = found.left == found.right
    assert value.u[1] == pytest.approx(chance[1], rel=0.3)
    for tokens in (1, 2, 3):
        there = found.tokens == tokens
        assert stated[there].sum() == pytest.approx(true[there].sum(), rel=0.12)
    assert np.all(np.bincount(found.left, weights=stated) <= 1 + 1e-9)
    assert np.all(np.bincount(found.right, weights=stated) <= 1 + 1e-9)
    assert np.all(np.diff(value.probability) >= 0)


def test_two_that_agree_alike_are_told_from_neither() -> None:
    """A record that agrees equally with two is neither for more than half; one that agrees with more is likelier."""
    found = pairs((0, 0, 3), (0, 1, 3), (1, 2, 6), (1, 3, 1), (5, 5, 3), (6, 6, 3), (7, 7, 1), (8, 8, 1))
    stated = probabilities(found, worth(found, 100, 100), 100, 100)
    assert stated[0] == stated[1] <= 0.5
    assert stated[2] > 0.95
    assert stated[3] < 0.1


def test_nothing_in_common_is_no_fault() -> None:
    """Files without a token in common give no pairs, and nothing is worth anything."""
    nothing = pairs()
    value = worth(nothing, 5, 7)
    assert value.pairs.tolist() == [0]
    assert len(probabilities(nothing, value, 5, 7)) == 0
    assert np.isnan(value.weight[0])


def test_a_household_is_told_by_its_people_its_tokens_and_brothers_and_sisters() -> None:
    """Of a family of three: one listed, one found by the others alone, and what each says is counted once."""
    direct = listed(pairs((0, 0, 8), (3, 2, 8)), np.array([0.9, 0.6]), np.array([4, 4, 5]))
    assert direct == {0: {4: 0.9}, 3: {5: 0.6}}
    of = np.array([0, 0, 0, 1])
    none = Families(of, pairs(), np.zeros(0))
    told = at_home(direct, none)
    assert told[0] == pytest.approx({4: 0.9})
    assert told[1] == told[2] == pytest.approx({4: 0.9})
    assert told[3] == pytest.approx({5: 0.6})
    tokens = Families(of, pairs((0, 4, 2), (1, 6, 1)), np.array([0.5, 0.5]))
    told = at_home(direct, tokens)
    assert told[0] == pytest.approx({4: 0.9 + 0.1 * 0.5})
    assert told[1] == pytest.approx({4: 1 - 0.5 * 0.1})
    assert told[3] == pytest.approx({5: 0.6, 6: 0.4 * 0.5})
    number, best, total = likeliest(told, 5)
    assert number.tolist() == [4, 4, 4, 5, -1]
    assert best[3] == pytest.approx(0.6)
    assert total[3] == pytest.approx(0.8)

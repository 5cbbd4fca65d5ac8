"""The sum over assignments against counting every one of them."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from hearthlink.linkage.assignment import MOST_CHILDREN, assign, likeliest

EXACT = 1e-12
"""Relative; both add up the same few hundred products."""

Problem = tuple[list[list[float]], list[float], int]
weights = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to three children, up to four listed dependants, and a household that may list more than are weighed."""
    children, places = draw(st.integers(1, 3)), draw(st.integers(0, 4))
    listed = [[draw(weights) for _ in range(places)] for _ in range(children)]
    otherwise = [draw(st.floats(1e-6, 1e6)) for _ in range(children)]
    return listed, otherwise, places + draw(st.integers(0, 2))


def counted(
    listed: list[list[float]], otherwise: list[float], dependants: int, left_over: np.ndarray | None = None
) -> tuple[float, list[list[float]]]:
    """Every way of giving each child a dependant or none, no dependant twice: the total, and each child's share with each dependant."""
    children, places = len(listed), len(listed[0])
    total, member = 0.0, [[0.0] * places for _ in range(children)]
    for given_to in product(range(-1, places), repeat=children):
        taken = [place for place in given_to if place >= 0]
        if len(taken) != len(set(taken)):
            continue
        weight = math.factorial(dependants - len(taken)) / math.factorial(dependants)
        if left_over is not None:
            weight *= left_over[min(dependants, 3), min(dependants - len(taken), 2)]
        for child, place in enumerate(given_to):
            weight *= otherwise[child] if place < 0 else listed[child][place]
        total += weight
        for child, place in enumerate(given_to):
            if place >= 0:
                member[child][place] += weight
    return total, [[part / total for part in row] for row in member]


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_sum_and_its_shares_are_those_of_every_assignment_counted(problem: Problem) -> None:
    """Total and shares agree with brute force for every small problem."""
    listed, otherwise, dependants = problem
    found = assign(np.array([listed]), np.array([otherwise]), np.array([dependants]))
    total, member = counted(listed, otherwise, dependants)
    assert found.total[0] == pytest.approx(total, rel=EXACT)
    np.testing.assert_allclose(found.member[0], np.array(member).reshape(found.member[0].shape), rtol=EXACT, atol=EXACT)


@settings(max_examples=50, deadline=None)
@given(problems(), st.lists(st.floats(0.01, 10.0), min_size=12, max_size=12))
def test_what_those_left_over_are_worth_counts_in_every_assignment(problem: Problem, worth: list[float]) -> None:
    """With a worth for each number of dependants listed and left over, the last standing for more, brute force agrees too."""
    listed, otherwise, dependants = problem
    left_over = np.array(worth).reshape(4, 3)
    found = assign(np.array([listed]), np.array([otherwise]), np.array([dependants]), left_over)
    total, member = counted(listed, otherwise, dependants, left_over)
    assert found.total[0] == pytest.approx(total, rel=EXACT)
    np.testing.assert_allclose(found.member[0], np.array(member).reshape(found.member[0].shape), rtol=EXACT, atol=EXACT)


@settings(max_examples=30, deadline=None)
@given(st.lists(problems(), min_size=2, max_size=6))
def test_families_assigned_together_do_not_meet(several: list[Problem]) -> None:
    """Many families of one shape at once give what each gives alone, whatever stands beside it and however wide the array."""
    shape = (3, 4)
    listed, otherwise = np.zeros((len(several), *shape)), np.ones((len(several), shape[0]))
    for number, (rows, rest, _) in enumerate(several):
        listed[number, : len(rows), : len(rows[0])] = np.array(rows).reshape(len(rows), -1)
        otherwise[number, : len(rest)] = rest
    dependants = np.array([most for *_, most in several]) + shape[0]
    together = assign(listed, otherwise, dependants)
    for number in range(len(several)):
        alone = assign(listed[[number]], otherwise[[number]], dependants[[number]])
        assert together.total[number] == pytest.approx(alone.total[0], rel=EXACT)
        np.testing.assert_allclose(together.member[number], alone.member[0], rtol=EXACT, atol=EXACT)


def test_the_largest_family_is_summed() -> None:
    """Eight children and twelve dependants, all weights one: the number of partial matchings, each as likely as its size says."""
    children, dependants = MOST_CHILDREN, 12
    found = assign(np.ones((1, children, dependants)), np.ones((1, children)), np.array([dependants]))
    assert found.total[0] == pytest.approx(sum(math.comb(children, n) for n in range(children + 1)), rel=EXACT)
    np.testing.assert_allclose(found.member[0], found.member[0, 0, 0])
    assert found.member[0, 0].sum() == pytest.approx(0.5, rel=EXACT)


def test_a_dependant_is_given_once() -> None:
    """Two children that both look like the one dependant share it: together they are it no more than once."""
    found = assign(np.full((1, 2, 1), 1e9), np.ones((1, 2)), np.array([1]))
    assert found.member[0, :, 0].sum() == pytest.approx(1.0, abs=1e-8)
    assert found.member[0, 0, 0] == pytest.approx(0.5, abs=1e-8)


def test_where_nobody_is_listed_nobody_is_given() -> None:
    """A household that lists no dependant on the day leaves the children unlisted, with the product of their weights."""
    found = assign(np.zeros((1, 3, 0)), np.array([[2.0, 3.0, 5.0]]), np.array([0]))
    assert found.total[0] == pytest.approx(30.0)
    assert found.member.shape == (1, 3, 0)


@settings(deadline=None, max_examples=300)
@given(st.integers(1, 6), st.integers(0, 6), st.sampled_from([1, 2, 9]), st.integers(0, 10_000))
def test_likeliest_assignment_is_that_of_scipy_among_equals_too(rows: int, more: int, places: int, stream: int) -> None:
    """The assignment worth the most is scipy's, column for column, also where many are worth the same."""
    worth = np.round(np.random.default_rng(stream).random((rows, rows + more)), places)
    assert likeliest(worth).tolist() == linear_sum_assignment(-worth)[1].tolist()

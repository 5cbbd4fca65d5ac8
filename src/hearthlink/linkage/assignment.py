"""One-to-one assignments of children to a household's listed dependants: the sum over all of them, many families at once, and the likeliest.

A dynamic programme over subsets of the children (at most 8, so 256 of them), one listed dependant after another. The total is the
permanent-like sum that no greedy matching gives, and one sweep forwards and one backwards give every child's share of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.model import Floats, Wholes

MOST_CHILDREN = 8


@dataclass(frozen=True, slots=True)
class Assigned:
    """total: the sum over assignments (blocks,). member: P(child is that dependant | in the household) (blocks, children, dependants)."""

    total: Floats
    member: Floats


def assign(listed: Floats, otherwise: Floats, dependants: Wholes, left_over: Floats | None = None) -> Assigned:
    """Sum over partial one-to-one assignments, each child one of the dependants or none of them.

    listed: weight of child k being dependant j, 0 where impossible, shape (blocks, children, dependants).
    otherwise: weight of child k being none of them, shape (blocks, children).
    dependants: how many dependants the household lists, shape (blocks,).

    left_over: what it is worth that a household of J dependants (rows) lists so many who are no child of the unit (columns), 1 if not
    given. Every way of choosing which n of J dependants the listed children are is as likely as another: (J - n)!/J! each.
    """
    blocks, children, places = listed.shape
    if children == 2:
        return _of_two(listed, otherwise, dependants, left_over)
    weight = np.ascontiguousarray(listed.transpose(1, 2, 0))
    forward = np.zeros((places + 1, 1 << children, blocks))
    forward[0, 0] = 1.0
    for place in range(places):
        forward[place + 1] = forward[place]
        for child in range(children):
            _with(forward[place + 1], child)[:] += _without(forward[place], child) * weight[child, place]
    backward = _ending(otherwise, dependants, left_over)
    total = (forward[places] * backward).sum(axis=0)
    member = np.zeros_like(weight)
    for place in range(places - 1, -1, -1):
        before = backward.copy()
        for child in range(children):
            taken = _with(backward, child) * weight[child, place]
            member[child, place] = (_without(forward[place], child) * taken).sum(axis=(0, 1))
            _without(before, child)[:] += taken
        backward = before
    return Assigned(total, (member / np.maximum(total, 1e-300)).transpose(2, 0, 1))


def _of_two(listed: Floats, otherwise: Floats, dependants: Wholes, left_over: Floats | None) -> Assigned:
    """The same for two children, as most families have: either's dependants against all but that one of the other's.

    All but one are added up from before and from behind it, so that nothing is ever taken away and no figure is lost.
    """
    one, other = np.ascontiguousarray(listed.transpose(1, 2, 0))
    none, single, pair = ways_to_choose(2, int(dependants.max(initial=0)), left_over)[:, dependants]
    share_one = one * (otherwise[:, 1] * single + _all_but_one(other) * pair)
    share_other = other * (otherwise[:, 0] * single + _all_but_one(one) * pair)
    alone = otherwise[:, 0] * (otherwise[:, 1] * none + other.sum(axis=0) * single)
    total = alone + share_one.sum(axis=0)
    member = np.stack([share_one, share_other]) / np.maximum(total, 1e-300)
    return Assigned(total, member.transpose(2, 0, 1))


def _all_but_one(weight: Floats) -> Floats:
    """The sum of all weights along the first axis but the one that stands in each place: the shape of `weight`."""
    rest = np.zeros_like(weight)
    np.cumsum(weight[:-1], axis=0, out=rest[1:])
    rest[:-1] += np.cumsum(weight[:0:-1], axis=0)[::-1]
    return rest


def _without(states: Floats, child: int) -> Floats:
    """A view of the subsets (subsets, blocks) that lack a child, in the order in which `_with` gives those that have it besides."""
    return states.reshape(-1, 2, 1 << child, states.shape[-1])[:, 0]


def _with(states: Floats, child: int) -> Floats:
    return states.reshape(-1, 2, 1 << child, states.shape[-1])[:, 1]


def _ending(otherwise: Floats, dependants: Wholes, left_over: Floats | None) -> Floats:
    """Weight of ending with each subset listed: the rest are not, times what the choice is worth. Shape (subsets, blocks)."""
    blocks, children = otherwise.shape
    ending = np.ones((1 << children, blocks))
    for child in range(children):
        _without(ending, child)[:] *= otherwise[:, child]
    most = int(dependants.max(initial=0))
    ways = ways_to_choose(children, most, left_over)
    chosen = np.array([subset.bit_count() for subset in range(1 << children)])
    return ending * ways[chosen][:, dependants]


def ways_to_choose(children: int, dependants: int, left_over: Floats | None = None) -> Floats:
    """What one way of choosing n of J dependants is worth: shape (n up to children, J up to dependants). 0 where n is more than J."""
    return np.array(
        [
            [_ways(j, n) * (1.0 if left_over is None else _left(left_over, j, j - n)) for j in range(dependants + 1)]
            for n in range(children + 1)
        ]
    )


def _ways(dependants: int, chosen: int) -> float:
    return 0.0 if chosen > dependants else 1.0 / math.perm(dependants, chosen)


def _left(left_over: Floats, dependants: int, left: int) -> float:
    rows, columns = left_over.shape
    return float(left_over[min(dependants, rows - 1), min(max(left, 0), columns - 1)])


SMALL = 2_000
"""Entries of a matrix up to which the likeliest assignment is sought here: loading scipy takes longer."""


def likeliest(worth: Floats) -> Wholes:
    """The column given to each row (rows,), none to two of them, so that what they are worth adds up to the most. Columns are as many or more.

    Shortest augmenting paths (Jonker and Volgenant 1987, as Crouse 2016 has them for rectangles): what scipy's linear_sum_assignment
    does, in the same order and so with the same choice among equals.
    """
    rows, columns = worth.shape
    if rows * columns > SMALL:
        from scipy.optimize import linear_sum_assignment  # takes a fifth of a second to load, and few files need it

        return linear_sum_assignment(-worth)[1]
    cost: list[list[float]] = (-worth).tolist()
    u, v = [0.0] * rows, [0.0] * columns
    column_of, row_of = [-1] * rows, [-1] * columns
    for row in range(rows):
        reached, path, sink, least = _shortest(cost, u, v, row_of, row)
        for other, column in enumerate(column_of):
            if other == row:
                u[row] += least
            elif column >= 0 and column in reached:
                u[other] += least - reached[column]
        for column, distance in reached.items():
            v[column] -= least - distance
        while True:
            other = path[sink]
            row_of[sink] = other
            column_of[other], sink = sink, column_of[other]
            if other == row:
                break
    return np.array(column_of, dtype=np.int64)


def _shortest(
    cost: list[list[float]], u: list[float], v: list[float], row_of: list[int], row: int
) -> tuple[dict[int, float], list[int], int, float]:
    """The shortest way from a row to a column that no row has: the columns passed and how far each was, the row before each, the end, its distance."""
    columns = len(v)
    far, path = [math.inf] * columns, [-1] * columns
    remaining = list(range(columns - 1, -1, -1))
    reached: dict[int, float] = {}
    least = 0.0
    while True:
        index, lowest, own, spent = -1, math.inf, cost[row], u[row]
        for place, column in enumerate(remaining):
            distance = least + own[column] - spent - v[column]
            if distance < far[column]:
                path[column], far[column] = row, distance
            if far[column] < lowest or (far[column] == lowest and row_of[column] < 0):
                index, lowest = place, far[column]
        column, least = remaining[index], lowest
        reached[column] = far[column]
        remaining[index] = remaining[-1]
        remaining.pop()
        if row_of[column] < 0:
            return reached, path, column, least
        row = row_of[column]

"""The sum over all one-to-one assignments of a family's children to a household's listed dependants, exact, many families at once.

A dynamic programme over subsets of the children (at most 8, so 256 of them), one listed dependant after another. The total is the
permanent-like sum that no greedy matching gives, and one sweep forwards and one backwards give every child's share of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.model import Floats

MOST_CHILDREN = 8


@dataclass(frozen=True, slots=True)
class Assigned:
    """total: the sum over assignments (blocks,). member: P(child is that dependant | in the household) (blocks, children, dependants)."""

    total: Floats
    member: Floats


def assign(listed: Floats, otherwise: Floats, dependants: Floats) -> Assigned:
    """Sum over partial one-to-one assignments, each child one of the dependants or none of them.

    listed: weight of child k being dependant j, 0 where impossible, shape (blocks, children, dependants).
    otherwise: weight of child k being none of them, shape (blocks, children).
    dependants: how many dependants the household lists, shape (blocks,).

    Every way of choosing which n of J dependants the listed children are is as likely as another: (J - n)!/J! each.
    """
    blocks, children, places = listed.shape
    masks = 1 << children
    forward = np.zeros((places + 1, blocks, masks))
    forward[0, :, 0] = 1.0
    for place in range(places):
        forward[place + 1] = forward[place]
        for child in range(children):
            without = np.flatnonzero((np.arange(masks) >> child) & 1 == 0)
            forward[place + 1][:, without | (1 << child)] += forward[place][:, without] * listed[:, child, place, None]
    ending = _ending(otherwise, dependants, masks)
    total = np.einsum("bm,bm->b", forward[places], ending)
    member = np.zeros_like(listed)
    backward = ending
    for place in range(places - 1, -1, -1):
        before = backward.copy()
        for child in range(children):
            without = np.flatnonzero((np.arange(masks) >> child) & 1 == 0)
            taken = backward[:, without | (1 << child)] * listed[:, child, place, None]
            member[:, child, place] = np.einsum("bm,bm->b", forward[place][:, without], taken)
            before[:, without] += taken
        backward = before
    return Assigned(total, member / np.maximum(total, 1e-300)[:, None, None])


def _ending(otherwise: Floats, dependants: Floats, masks: int) -> Floats:
    """Weight of ending with each subset listed: the rest are not, times (J - n)!/J!. Shape (blocks, subsets)."""
    blocks, children = otherwise.shape
    ending = np.ones((blocks, masks))
    for mask in range(masks):
        chosen = mask.bit_count()
        for child in range(children):
            if not mask >> child & 1:
                ending[:, mask] *= otherwise[:, child]
        ways = np.array([_ways(int(j), chosen) for j in range(int(dependants.max(initial=0.0)) + 1)])
        ending[:, mask] *= ways[dependants.astype(np.int64)]
    return ending


def _ways(dependants: int, chosen: int) -> float:
    return 0.0 if chosen > dependants else 1.0 / math.perm(dependants, chosen)

"""Blocks of several children in batches of one shape, to be assigned together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.grouping import both, differs, ranges
from hearthlink.linkage.model import Wholes

MOST_STATES = 2_000_000
"""States of the assignment held at a time: blocks x subsets of children x places. Bounds the memory at any number of families."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Blocks alike in their number of children and nearly so in their number of listed members, to be assigned together.

    block: which (blocks,). cell: their cells (blocks, children). dependants: how many members each lists (blocks,).
    pair: their listed pairs (pairs,), and where in an array of shape (blocks, children, places) each stands, flat (pairs,).
    """

    block: Wholes
    cell: Wholes
    dependants: Wholes
    places: int
    pair: Wholes
    stands: Wholes


def batches(
    cell: Wholes, member: Wholes, cell_block: Wholes, first_cell: Wholes, children: Wholes
) -> tuple[Batch, ...]:
    """The blocks of two children or more, in batches of one shape that fit in memory together. One child needs no assignment.

    cell, member: of each listed pair (pairs,). first_cell, children: of each block, its first cell and how many it has (blocks,).
    """
    several = np.flatnonzero((children > 1)[cell_block[cell]])
    block = cell_block[cell[several]]
    place, listed_here = _members_placed(block, member[several], len(first_cell))
    places = _rounded(listed_here, children)
    base = int(places.max(initial=0)) + 1
    made: list[Batch] = []
    size = np.bincount(block, minlength=len(first_cell))
    ends = np.cumsum(size)
    for shape in np.unique((children * base + places)[children > 1]).tolist():
        number, lists = divmod(shape, base)
        alike = np.flatnonzero((children == number) & (places == lists))
        for mine in np.split(alike, range(_at_once(number, lists), len(alike), _at_once(number, lists))):
            found = ranges(ends[mine] - size[mine], ends[mine])
            position = np.repeat(np.arange(len(mine)), size[mine])
            seat = cell[several[found]] - first_cell[block[found]]
            made.append(
                Batch(
                    block=mine,
                    cell=first_cell[mine][:, None] + np.arange(number),
                    dependants=listed_here[mine],
                    places=lists,
                    pair=several[found],
                    stands=(position * number + seat) * lists + place[found],
                )
            )
    return tuple(made)


def _at_once(children: int, places: int) -> int:
    return max(MOST_STATES // ((1 << children) * (places + 1)), 1)


def _rounded(places: Wholes, children: Wholes) -> Wholes:
    """Household sizes brought to few values, so that few shapes are made, the fewer the rarer families of that size are.

    For two children 0 to 4 as they are, then upwards to even numbers; for three to multiples of four, for more to multiples of eight.
    A place that nobody takes adds nothing.
    """
    step = np.select([(children == 2) & (places <= 4), children == 2, children == 3], [1, 2, 4], 8)
    return -(-places // step) * step


def _members_placed(block: Wholes, member: Wholes, blocks: int) -> tuple[Wholes, Wholes]:
    """The place of each pair's member among those its block lists, and how many each block lists."""
    order = np.argsort(both(block, member))  # rows of one member, whose order is open, have one place
    new = differs(block[order], member[order]) if len(order) else np.zeros(0, dtype=bool)
    counts = np.bincount(block[order][new], minlength=blocks)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(new) - 1 - (np.cumsum(counts) - counts)[block[order]]
    return place, counts

"""Rows in groups: sorted, told apart, counted and added up, the same on every run."""

from __future__ import annotations

import numpy as np

from hearthlink.linkage.model import Flags, Floats, Wholes


def both(first: Wholes, second: Wholes) -> Wholes:
    """Pairs of whole numbers, none below nought, as one that sorts as they do: sorting by one takes a small part of the time."""
    return first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second


def differs(*keys: Wholes) -> Flags:
    """Where a row differs from the one before it in any key: shape (rows,). The first row does."""
    result = np.ones(len(keys[0]), dtype=bool)
    result[1:] = np.logical_or.reduce([np.diff(key) != 0 for key in keys])
    return result


def places_within(group: Wholes) -> tuple[Wholes, Wholes]:
    """The place of each row among those of its group, in row order, and the size of each group."""
    order = np.argsort(group, kind="stable")
    size = np.bincount(group)
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - (np.cumsum(size) - size)[group[order]]
    return place, size


def ranges(starts: Wholes, ends: Wholes) -> Wholes:
    """The whole numbers from each start up to its end, one range after another."""
    length = ends - starts
    before = np.cumsum(length) - length
    return np.arange(int(length.sum())) + np.repeat(starts - before, length)


def summed(group: Wholes, value: Floats, groups: int) -> Floats:
    """The sum of the values in each group, added in row order: shape (groups,)."""
    return np.bincount(group, value, groups).astype(np.float64, copy=False)


def distinct(values: Wholes) -> Wholes:
    """The values that occur, in order. Sorted, for numpy's own way with a million whole numbers, by hash, takes many times as long."""
    ordered = np.sort(values)
    return ordered[differs(ordered)] if len(ordered) else ordered

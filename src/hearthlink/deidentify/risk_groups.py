"""Who is alike: rows as numbers, the groups they fall into, and the smallest sets of columns that single a row out.

Arrays alone. A row stands for a child and a column for something that may be known of it; 0 stands for empty, which is alike with empty and
with nothing else. A child whom one looks for is known to be there, so a group's size in the table is its size in the population.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EDGES = (1, 2, 3, 5, 10, 20)
"""Where the sizes of groups are parted when children are counted by them: 1, 2, 3 to 4, 5 to 9, 10 to 19, 20 and over."""
UNDER = (3, 5, 10)


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike rows are: how many rows and groups, how many stand alone, how many are in a group under each size, and rows by size of group."""

    rows: int
    groups: int
    unique: int
    under: Mapping[int, int]
    by_size: tuple[int, ...]
    smallest: int

    def fewer_than(self, k: int) -> int:
        """Rows in groups of fewer than k, for a k that was asked for."""
        return self.under[k]


def coded(values: pa.ChunkedArray | pa.Array) -> Whole:
    """A number for each value of a column in the order of the values, from 1; 0 for empty. A list is one value, whatever it holds."""
    held = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_list(held.type):
        empty = pc.equal(pc.list_value_length(held), 0)
        joined = pc.call_function("binary_join", [held.cast(pa.list_(pa.string())), pa.scalar("\x1f")])
        held = pc.if_else(pc.fill_null(empty, True), pa.scalar(None, pa.string()), joined)
    dictionary = held.dictionary_encode()
    place = np.zeros(len(dictionary.dictionary) + 1, np.int64)
    words = dictionary.dictionary.cast(pa.int8()) if pa.types.is_boolean(held.type) else dictionary.dictionary
    place[pc.call_function("sort_indices", [words]).to_numpy()] = np.arange(1, len(words) + 1)
    return place[pc.fill_null(dictionary.indices, -1).to_numpy(zero_copy_only=False)]


def codes_of(table: pa.Table, columns: Sequence[str]) -> Whole:
    """Rows by columns as numbers."""
    made = [coded(table.column(name)) for name in columns]
    return np.column_stack(made) if made else np.zeros((table.num_rows, 0), np.int64)


def grouped(codes: Whole) -> tuple[Whole, Whole]:
    """The group of each row, numbered in the order of its values, and how many rows each group has."""
    key = np.zeros(len(codes), np.int64)
    count = 1
    for column in codes.T:
        width = int(column.max(initial=0)) + 1
        if count * width > 2**62:
            key = np.unique(key, return_inverse=True)[1].ravel()
            count = len(codes)
        key, count = key * width + column, count * width
    _, group, size = np.unique(key, return_inverse=True, return_counts=True)
    return group.ravel(), size


def sizes(codes: Whole) -> Whole:
    """For each row how many are alike with it, itself among them."""
    group, size = grouped(codes)
    return size[group]


def alike(each: Whole, under: Iterable[int] = UNDER) -> Alike:
    """How alike rows are, from the size of each row's group."""
    place = np.searchsorted(EDGES, each, side="right") - 1
    by_size = np.bincount(place, minlength=len(EDGES)) if len(each) else np.zeros(len(EDGES), np.int64)
    return Alike(
        rows=len(each),
        groups=round(float((1 / each).sum())) if len(each) else 0,
        unique=int((each == 1).sum()),
        under={k: int((each < k).sum()) for k in sorted({*UNDER, *under})},
        by_size=tuple(int(one) for one in by_size),
        smallest=int(each.min()) if len(each) else 0,
    )


def distinct_in(group: Whole, value: Whole) -> Whole:
    """For each row how many different values its group has; empty is a value of its own."""
    count = int(group.max(initial=-1)) + 1
    pairs = np.unique(group * (int(value.max(initial=0)) + 1) + value)
    return np.bincount(pairs // (int(value.max(initial=0)) + 1), minlength=count)[group] if count else group


def bundles(owner: Whole, item: Whole, owners: int) -> Whole:
    """For each of so many owners a number that stands for the bundle of its items, however they lie: the same for the same items.

    `owner` and `item` have a place for each item. Owners without any have the number 0.
    """
    made, base = np.zeros(owners, np.int64), 1
    if not len(owner):
        return made
    order = np.lexsort((item, owner))
    owner, item = owner[order], item[order]
    count = np.bincount(owner, minlength=owners)
    start = np.cumsum(count) - count
    width = int(item.max()) + 1
    place = 0
    active = np.flatnonzero(count > 0)
    while len(active):
        pair = made[active] * width + item[start[active] + place]
        found, number = np.unique(pair, return_inverse=True)
        made[active] = base + number.ravel()
        base += len(found)
        place += 1
        active = active[count[active] > place]
    return made


@dataclass(frozen=True, slots=True)
class Minimal:
    """Rows that a few columns single out: by how many columns it takes at the least, and for each column the rows that it has a part in."""

    by_columns: tuple[int, ...]
    of_column: tuple[int, ...]


def minimal_uniques(codes: Whole, largest: int = 3) -> Minimal:
    """The smallest sets of columns that single rows out, of up to so many columns (special uniques: Elliot, Manning and Ford 2002).

    A set counts for a row where the row is alone in it and in no smaller part of it.
    """
    rows, width = codes.shape
    alone: dict[tuple[int, ...], Flags] = {(): np.full(rows, rows == 1)}
    least, part = np.full(rows, largest + 1), np.zeros((width, rows), bool)
    for number in range(1, min(largest, width) + 1):
        for columns in combinations(range(width), number):
            before = np.zeros(rows, bool)
            for left_out in combinations(columns, number - 1):
                before |= alone[left_out]
            alone[columns] = before | (sizes(codes[:, columns]) == 1)
            new = alone[columns] & ~before
            least[new] = np.minimum(least[new], number)
            part[list(columns)] |= new
    return Minimal(
        tuple(int((least == number).sum()) for number in range(1, largest + 1)),
        tuple(int(one.sum()) for one in part),
    )

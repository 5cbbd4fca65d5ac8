"""Recognition risk against plain counting: groups, variety, sibling sets, the smallest sets that single out, and the fewest cells to blank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthlink.deidentify.risk_gate import Rule, held_back
from hearthlink.deidentify.risk_groups import Whole, alike, bundles, distinct_in, grouped, minimal_uniques, sizes

Rows = list[tuple[int, ...]]


def tables(columns: int, values: int, rows: int) -> st.SearchStrategy[Rows]:
    """Small tables of numbers, 0 for empty among them."""
    return st.lists(st.tuples(*[st.integers(0, values)] * columns), min_size=1, max_size=rows)


def codes(rows: Rows) -> Whole:
    return np.array(rows, np.int64)


@given(tables(3, 3, 30))
def test_sizes_of_groups_are_counted(rows: Rows) -> None:
    """Every row's group is as large as a plain count says, and what is said of all of them is what a plain count says."""
    counted = Counter(rows)
    assert sizes(codes(rows)).tolist() == [counted[row] for row in rows]
    told = alike(sizes(codes(rows)), (4,))
    assert (told.rows, told.groups, told.unique) == (len(rows), len(counted), sum(n == 1 for n in counted.values()))
    assert {k: told.fewer_than(k) for k in (3, 4, 5, 10)} == {
        k: sum(n for n in counted.values() if n < k) for k in (3, 4, 5, 10)
    }
    ends = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 10**9))
    assert told.by_size == tuple(sum(n for n in counted.values() if low <= n <= high) for low, high in ends)
    assert told.smallest == min(counted.values())


@given(tables(2, 2, 25), st.data())
def test_variety_is_counted(rows: Rows, data: st.DataObject) -> None:
    """Each row's group has as many different sensitive values as a plain count says, empty being one of them."""
    sensitive = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    held: dict[tuple[int, ...], set[int]] = {}
    for row, value in zip(rows, sensitive, strict=True):
        held.setdefault(row, set()).add(value)
    found = distinct_in(grouped(codes(rows))[0], np.array(sensitive))
    assert found.tolist() == [len(held[row]) for row in rows]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=25))
def test_bundles_are_the_same_where_their_items_are(pairs: list[tuple[int, int]]) -> None:
    """Two owners have one number exactly where they have the same items, each as often."""
    owner, item = (np.array([pair[n] for pair in pairs], np.int64) for n in (0, 1))
    found = bundles(owner, item, 6)
    plain = [tuple(sorted(i for o, i in pairs if o == one)) for one in range(6)]
    assert all((found[a] == found[b]) == (plain[a] == plain[b]) for a, b in product(range(6), repeat=2))


@given(tables(4, 3, 20))
def test_the_smallest_sets_that_single_out(rows: Rows) -> None:
    """Every set of up to three columns tried by hand: a row is alone in it, and in no smaller part of it."""

    def alone(row: tuple[int, ...], columns: tuple[int, ...]) -> bool:
        return sum(all(other[c] == row[c] for c in columns) for other in rows) == 1

    by_columns, of_column = [0, 0, 0], [0] * 4
    for row in rows:
        minimal = [
            columns
            for number in (1, 2, 3)
            for columns in combinations(range(4), number)
            if alone(row, columns) and not any(alone(row, part) for part in combinations(columns, number - 1))
        ]
        if minimal:
            by_columns[min(map(len, minimal)) - 1] += 1
        for column in {column for columns in minimal for column in columns}:
            of_column[column] += 1
    found = minimal_uniques(codes(rows))
    assert (list(found.by_columns), list(found.of_column)) == (by_columns, of_column)


# --- what is held back --------------------------------------------------------------------------------------------


def fits(rows: Rows, sensitive: list[int], rule: Rule) -> bool:
    """Whether every group is large enough and differs enough."""
    held: dict[tuple[int, ...], list[int]] = {}
    for row, value in zip(rows, sensitive, strict=True):
        held.setdefault(row, []).append(value)
    return all(len(values) >= rule.k and len(set(values)) >= rule.differing for values in held.values())


def ways(row: tuple[int, ...], fixed: int) -> Iterator[tuple[int, ...]]:
    """A row with every choice of cells blanked, beginning with none."""
    free = [place for place in range(fixed, len(row)) if row[place]]
    for number in range(len(free) + 1):
        for places in combinations(free, number):
            yield tuple(0 if place in places else value for place, value in enumerate(row))


def fewest(rows: Rows, sensitive: list[int], rule: Rule) -> int | None:
    """The fewest cells that must be blanked where rows that are alike are blanked alike, every way tried; None where no way is enough."""
    kinds = sorted(set(rows))
    costs = (
        sum(rows.count(kind) * sum(a != b for a, b in zip(kind, made, strict=True)) for kind, made in chosen.items())
        for way in product(*(ways(kind, rule.fixed) for kind in kinds))
        if fits([(chosen := dict(zip(kinds, way, strict=True)))[row] for row in rows], sensitive, rule)
    )
    return min(costs, default=None)


def some(seed: int, kinds: int, columns: int, values: int) -> tuple[Rows, list[int]]:
    """Kinds of children of one to seven each, a value empty now and then."""
    random = np.random.default_rng(seed)
    made = random.integers(1, values + 1, (kinds, columns)) * (random.random((kinds, columns)) > 0.05)
    rows = [tuple(kind) for kind in made.tolist() for _ in range(int(random.integers(1, 8)))]
    return rows, [int(value) for value in random.integers(0, 3, len(rows))]


@pytest.mark.parametrize("rule", [Rule(5, 1), Rule(5, 2), Rule(3, 2)], ids=str)
def test_as_few_cells_as_there_must_be(rule: Rule) -> None:
    """Every way of blanking tried on small tables: what is held back is enough wherever anything is, and within a tenth of the fewest cells."""
    ours, least = 0, 0
    for seed, (kinds, columns, values) in product(range(15), ((6, 2, 3), (6, 2, 2), (4, 3, 2))):
        rows, sensitive = some(seed, kinds, columns, values)
        found = held_back(codes(rows), np.array(sensitive)[:, None], rule)
        best = fewest(rows, sensitive, rule)
        assert fits([tuple(row) for row in found.codes.tolist()], sensitive, rule) == (best is not None)
        assert bool(found.safe.all()) == (best is not None)
        if best is not None:
            assert found.blank.sum() >= best
            ours, least = ours + int(found.blank.sum()), least + best
    assert least > 100
    assert ours <= 1.1 * least


@given(tables(4, 3, 40), st.integers(2, 5), st.integers(1, 2), st.integers(0, 1), st.randoms(use_true_random=False))
def test_what_is_held_back_is_enough_and_hangs_on_no_order(
    rows: Rows, k: int, differing: int, fixed: int, turn: object
) -> None:
    """Every row said to be safe is in a group as the rule asks; fixed columns stay; what stays is as it was; shuffled rows get the same cells."""
    rule, sensitive = Rule(k, differing, fixed), [sum(row) % 3 for row in rows]
    found = held_back(codes(rows), np.array(sensitive)[:, None], rule)
    made = [tuple(row) for row in found.codes.tolist()]
    counted = Counter(made)
    for number, row in enumerate(rows):
        assert all(b == (0 if blank else a) for a, b, blank in zip(row, made[number], found.blank[number], strict=True))
        assert not found.blank[number, :fixed].any()
        variety = {value for other, value in zip(made, sensitive, strict=True) if other == made[number]}
        assert found.safe[number] == (counted[made[number]] >= k and len(variety) >= differing)
    order = list(range(len(rows)))
    turn.shuffle(order)  # type: ignore[attr-defined]
    again = held_back(codes([rows[n] for n in order]), np.array([sensitive[n] for n in order])[:, None], rule)
    assert (again.blank == found.blank[order]).all()


def test_the_last_column_is_blanked_first() -> None:
    """Where any column would do, it is the one that the protocol names last."""
    rows = [(1, 1, 1), (1, 1, 2)] + [(2, 2, 2)] * 3 + [(3, 3, 3), (3, 3, 4)]
    found = held_back(codes(rows), np.zeros((len(rows), 0), np.int64), Rule(2, 1))
    assert found.safe.all()
    assert found.blank.sum(axis=0).tolist() == [0, 0, 4]


def test_a_child_left_over_gets_company_from_the_smallest_group() -> None:
    """One child that is like no other even when all is blank: the smallest group beside it is blanked too, and nobody stands alone."""
    rows = [(1, 1)] * 5 + [(2, 2)] * 3 + [(3, 3)]
    found = held_back(codes(rows), np.zeros((len(rows), 0), np.int64), Rule(3, 1))
    assert found.safe.all()
    assert found.blank.any(axis=1).tolist() == [False] * 5 + [True] * 4

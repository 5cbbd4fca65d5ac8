"""The tables beside the measures in a second release, topics that are cut otherwise, and what two printed numbers tell, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import World, table, world
from made_releases import History, part_of

from hearthlink.disclosure import STRICT, ClearedTable, Marker
from hearthlink.disclosure.attack import Programme, Target, too_narrow, widths
from hearthlink.disclosure.clear import Clearance
from hearthlink.tables import answers as a

ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
KEYS = (("on_benefit", "on_day"),)
INSIDE = np.arange(900) % 3 > 0


def named(cleared: Clearance) -> dict[str, ClearedTable]:
    """The tables by name."""
    return {one.name: one for one in cleared.tables}


def staged(*children: float) -> pa.Table:
    """Who could be linked."""
    rows = [
        {"order": n, "stage": f"stage {n}", "children": one, "fewest": int(one), "most": int(one), "families": int(one), "largest_family": 1}
        for n, one in enumerate(children)
    ]  # fmt: skip
    return table(a.STAGED, rows)


def monthly(*having: tuple[float, float]) -> pa.Table:
    """Half years before the referral: children observed and those with an event."""
    rows = [
        {"measure": "move", "series": "referred", "unit": "half", "order": n, "first": -6 * (n + 1), "last": -6 * n - 1,
         "children": every, "having": one, "fewest": int(one), "most": int(one), "families": int(every), "largest_family": 1,
         "on_families": int(one), "on_largest_family": 1, "off_families": int(every - one), "off_largest_family": 1,
         "low": one - 4, "high": one + 4, "planned": True}
        for n, (every, one) in enumerate(having)
    ]  # fmt: skip
    return table(a.MONTHLY, rows)


def twice(
    first: dict[str, pa.Table], second: dict[str, pa.Table], *, same: bool = False
) -> tuple[dict[str, ClearedTable], ...]:
    """Two releases with tables beside the measures, the second after a third more children came, or of the same."""
    every = world(900, 5, topics=["sex"], keys=KEYS, draws=1)
    history = History(ANY_FAMILY)
    some = part_of(every, INSIDE)
    before = history.release(some, **first)
    after = history.clear(some if same else every, **second)
    assert after.repeats is None
    return named(before), named(after)


STAGES = [
    ((600.0, 400.0), (900.0, 600.0), False),
    ((600.0, 400.0), (900.0, 400.0), False),
    ((600.0, 400.0), (900.0, 404.0), True),
    ((600.0, 404.0), (900.0, 400.0), True),
]


@pytest.mark.parametrize(("first", "second", "again"), STAGES)
def test_a_table_of_which_a_number_changed_by_few_is_printed_as_it_stood(
    first: Sequence[float], second: Sequence[float], again: bool
) -> None:
    """A stage of 400 that is now 404 keeps the whole table as it was, with a note; one that is the same, or 200 more, does not."""
    before, after = twice({"staged": staged(*first)}, {"staged": staged(*second)})
    assert (after["staged"].rows == before["staged"].rows) == again
    assert any("As it stood in release 1" in note for note in after["staged"].notes) == again


CURVES = [
    ([(600.0, 60.0)], [(900.0, 90.0)], False),
    ([(600.0, 60.0)], [(900.0, 64.0)], True),
    ([(600.0, 60.0)], [(630.0, 85.0)], True),
    ([(600.0, 60.0), (580.0, 40.0)], [(900.0, 90.0)], True),
]


@pytest.mark.parametrize(("first", "second", "again"), CURVES)
def test_a_curve_is_printed_anew_only_where_no_number_of_any_span_changed_by_few(
    first: list[tuple[float, float]], second: list[tuple[float, float]], again: bool
) -> None:
    """Those observed, those with an event and those without; and not where it is cut into other spans."""
    before, after = twice({"monthly": monthly(*first)}, {"monthly": monthly(*second)})
    assert (after["curve_move"].rows == before["curve_move"].rows) == again


def test_of_the_same_children_every_table_stands() -> None:
    """Tables beside the measures are the same bytes when the data are the same."""
    more = {"staged": staged(600.0, 400.0), "monthly": monthly((600.0, 60.0))}
    before, after = twice(more, more, same=True)
    assert before == after


def cut(made: World, groups: Sequence[str], into: Sequence[int]) -> World:
    """The same children by other groups of age: each old group goes into one of the new."""
    _, codes = made.labels["age"]
    return replace(made, labels={"age": (tuple(groups), np.array(into)[codes])})


def test_the_same_children_by_wider_groups_do_not_give_the_narrower_ones_away() -> None:
    """Ages in six groups after ages in three: what the three say is what some of the six say together, and no more is told of any."""
    every = world(700, 11, topics=["age"], keys=KEYS, draws=1)
    history = History(ANY_FAMILY)
    history.release(cut(every, ("Under 5", "5 to 9", "10 and over"), (0, 0, 1, 2, 2, 2)))
    after = named(history.clear(every))["on_benefit_by_age"]
    alone = named(History(ANY_FAMILY).clear(every))["on_benefit_by_age"]
    hidden = [sum(cell.marker is Marker.HELD_BACK for row in one.rows for cell in row) for one in (alone, after)]
    assert hidden[1] >= hidden[0]
    assert any(cell.value is not None for row in after.rows[1:] for cell in row[1:])


def test_the_same_children_by_groups_that_cross_those_of_before_are_held_back() -> None:
    """Of under 5s and of under 6s, with numbers for both, the five-year-olds are what lies between: neither is made of whole groups of the other."""
    every = world(700, 12, topics=["age"], keys=KEYS, draws=1)
    history = History(ANY_FAMILY)
    history.release(cut(every, ("Under 5", "5 and over"), (0, 0, 1, 1, 1, 1)))
    after = named(history.clear(cut(every, ("Under 2", "2 to 9", "10 and over"), (0, 1, 1, 2, 2, 2))))[
        "on_benefit_by_age"
    ]
    assert [row[1].value is None for row in after.rows[1:]] == [True, True, True]


def test_other_children_by_other_groups_are_held_back() -> None:
    """Where both the children and the groups changed, no new group is shown; one that kept its name may be."""
    every = world(900, 13, topics=["age"], keys=KEYS, draws=1)
    history = History(ANY_FAMILY)
    history.release(part_of(cut(every, ("Under 5", "5 to 9", "10 and over"), (0, 0, 1, 2, 2, 2)), INSIDE))
    after = named(history.clear(cut(every, ("Under 5", "5 to 12", "13 and over"), (0, 0, 1, 1, 2, 2))))[
        "on_benefit_by_age"
    ]
    shown = {str(row[0].value): row[1].value is not None for row in after.rows[1:]}
    assert shown == {"Under 5": True, "5 to 12": False, "13 and over": False}


SMALL = st.tuples(st.integers(0, 3), st.integers(0, 3))
"""Those of a group in the first release, and in the second."""


@settings(max_examples=40, deadline=None, derandomize=True)
@given(groups=st.lists(st.tuples(SMALL, st.booleans(), st.booleans()), min_size=2, max_size=3), grew=st.booleans())
def test_changes_are_as_wide_as_trying_every_pair_of_tables_says(
    groups: list[tuple[tuple[int, int], bool, bool]], grew: bool
) -> None:
    """Two releases of groups with known sums, printed to one more or less: a change is narrowed just so far as counting through all says."""
    grew = grew and all(new >= old for (old, new), *_ in groups)
    known = Programme()
    pairs: list[tuple[int, int]] = []
    changes: list[int] = []
    for (old, new), first, second in groups:
        limits = [
            (max(0, value - 1), value + 1) if shown else (0, 12) for value, shown in ((old, first), (new, second))
        ]
        pairs.append((known.variable(old, *limits[0]), known.variable(new, *limits[1])))
        changes.append(known.variable(new - old, 0.0 if grew else -12.0, 12.0))
        known.tie([pairs[-1][1]], [pairs[-1][0], changes[-1]])
    for place in (0, 1):
        total = sum(both[place] for both, *_ in groups)
        known.tie([pair[place] for pair in pairs], (), total, total)
    ways = [
        [(old, new) for old, new in product(range(13), repeat=2)
         if (abs(old - both[0]) <= 1 or not first) and (abs(new - both[1]) <= 1 or not second) and (new >= old or not grew)]
        for both, first, second in groups
    ]  # fmt: skip
    sums = [sum(both[place] for both, *_ in groups) for place in (0, 1)]
    ways = [[way for way in one if way[0] <= sums[0] and way[1] <= sums[1]] for one in ways]
    every = [way for way in product(*ways) if [sum(pair[place] for pair in way) for place in (0, 1)] == sums]
    for place, change in enumerate(changes):
        values = [way[place][1] - way[place][0] for way in every]
        spread = max(values) - min(values)
        assert widths(known, [Target((change,), 1, 0, ("x", 0, place))]) == pytest.approx([spread])
        asked = [Target((change,), spread + more, 0, ("x", 0, place)) for more in (0, 0.5)]
        assert [bool(too_narrow(known, [one])) for one in asked] == [False, True]

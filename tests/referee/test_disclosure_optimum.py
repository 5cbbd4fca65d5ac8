"""How near what is held back comes to the fewest figures that must be, found by trying every choice; and ranges found by counting tables."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import combinations, product
from math import inf
from types import SimpleNamespace

import numpy as np
import pytest
from attacker import Attacker, Reading, Rule
from made_answers import PLAN, tables, world

from hearthlink.disclosure import Comparator, Marker, Policy, clear, jointly
from hearthlink.disclosure.attack import Programme, Target, too_narrow
from hearthlink.disclosure.over_time import Page, attacked_beside
from hearthlink.disclosure.policy import Verdict, worst
from hearthlink.disclosure.protect import Group, Held, judge, narrow, settled
from hearthlink.disclosure.state import Shown
from hearthlink.tables.profiles import PROFILES
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import QUALITY_BY_GROUP

TRIALS = int(os.environ.get("PROVE_COUNT", "0"))
TABLES = TRIALS // 20 or 20
"""Small studies to try under each profile."""
NEAR = 1.2
"""How many times the fewest figures may be held back, taken over all."""
Counts = tuple[int, int]


def group_of(counts: Counts) -> Group:
    """A group of which each child is a family of its own."""
    children, on = counts
    return Group(
        children,
        float(on),
        families=(children, on, children - on),
        largest=tuple(min(one, 1) for one in (children, on, children - on)),
    )


def small_study(draw: random.Random) -> list[list[Counts]]:
    """One or two topics of two to four groups over the same children, small groups and those all or none on benefit in plenty."""
    first: list[Counts] = []
    for _ in range(draw.randint(2, 4)):
        children = draw.randint(0, 14) if draw.random() < 0.5 else draw.randint(0, 80)
        first.append((children, draw.choice((draw.randint(0, children), draw.randint(0, children), children, 0))))
    if draw.random() < 0.5:
        return [first]
    share, inside = draw.random(), [0, 0]
    for children, on in first:
        taken = sum(draw.random() < share for _ in range(on))
        inside[0] += taken + sum(draw.random() < share for _ in range(children - on))
        inside[1] += taken
    everybody = sum(n for n, _ in first), sum(on for _, on in first)
    return [first, [(inside[0], inside[1]), (everybody[0] - inside[0], everybody[1] - inside[1])]]


def lost(held: Sequence[Sequence[Held]], topics: Sequence[Sequence[Group]], policy: Policy) -> int:
    """Figures held back: a number of children, or a number of them on benefit."""
    return sum(
        (not one.children_shown) + (not one.having_shown)
        for groups, verdicts in zip(topics, held, strict=True)
        for group, one in zip(groups, verdicts, strict=True)
        if not group.nobody(policy)
    )


def choices(
    topics: Sequence[Sequence[Group]], start: Sequence[Sequence[Held]], policy: Policy
) -> Iterator[list[list[Held]]]:
    """Every way to hold back no less than each figure's own verdict asks, those with the fewest figures held back first."""
    ways: list[list[Held]] = []
    for groups, verdicts in zip(topics, start, strict=True):
        for group, own in zip(groups, verdicts, strict=True):
            less = Held(own.children, worst([own.having, Verdict.SUBTRACTION]))
            none = Held(worst([own.children, Verdict.SUBTRACTION]), less.having)
            ways.append([own] if group.nobody(policy) else list(dict.fromkeys((own, less, none))))
    order = [len(groups) for groups in topics]
    made = []
    for way in product(*ways):
        left = list(way)
        made.append([[left.pop(0) for _ in range(count)] for count in order])
    return iter(sorted(made, key=lambda way: lost(way, topics, policy)))


def fewest(topics: Sequence[Sequence[Group]], whole: Group, policy: Policy, every: Held) -> list[list[Held]] | None:
    """The choice with the fewest figures held back of which none can be worked out; None where there is no such choice."""
    start = [[judge(group, policy) for group in groups] for groups in topics]
    tried = choices(topics, start, policy)
    return next((way for way in tried if not any(narrow(topics, way, whole, every, policy))), None)


def withstands(held: Sequence[Sequence[Held]], study: Sequence[Sequence[Counts]], policy: Policy) -> bool:
    """Whether the attacker of printed tables, who shares no code with the checks, finds every range as wide as the profile asks."""
    rule = Rule(policy.threshold, policy.base, policy.noughts)
    everybody = (sum(n for n, _ in study[0]), sum(on for _, on in study[0]))
    seen = [
        [
            Reading(
                policy.rounded(n) if one.children_shown else None,
                policy.rounded(on) if one.having_shown and n else None,
            )
            for (n, on), one in zip(groups, verdicts, strict=True)
        ]
        for groups, verdicts in zip(study, held, strict=True)
    ]
    attacker = Attacker(rule, Reading(policy.rounded(everybody[0]), policy.rounded(everybody[1])), seen)
    wanted = [dict(terms) for topic, group in attacker.at for terms in attacker.hidden(topic, group)]
    return not attacker.known.narrower([(terms, rule.width) for terms in wanted])


@pytest.mark.parametrize("profile", PROFILES)
def test_little_more_is_held_back_than_must_be(profile: str) -> None:
    """Over many small studies the figures held back are at most 1.2 times the fewest that any choice could hold back and be as safe."""
    draw, ours, best, further, must = random.Random(profile), 0, 0, 0, 0
    tried = 0
    policy = replace(Policy.of(profile), alike=1.0)
    while tried < TABLES:
        study = small_study(draw)
        topics = [[group_of(counts) for counts in groups] for groups in study]
        whole = group_of((sum(n for n, _ in study[0]), sum(on for _, on in study[0])))
        every = judge(whole, policy)
        if not every.having_shown:
            continue
        tried += 1
        made, least = settled(topics, whole, policy, every), fewest(topics, whole, policy, every)
        assert made.sound is (least is not None)
        if least is None:
            continue
        assert withstands(made.held, study, policy)
        assert withstands(least, study, policy)
        own = lost([[judge(group, policy) for group in groups] for groups in topics], topics, policy)
        counts = lost(made.held, topics, policy), lost(least, topics, policy)
        assert counts[0] >= counts[1] >= own
        ours, best = ours + counts[0], best + counts[1]
        further, must = further + counts[0] - own, must + counts[1] - own
    assert best > 0 < must
    assert ours <= NEAR * best
    assert further <= NEAR * must


Figure = tuple[str, object, tuple[str, str]]
"""Which of the three figures, of which question, and of which topic and group."""


def printed_of(shown: Shown) -> set[Figure]:
    """Every figure of the measures that is printed."""
    found: set[Figure] = {("children", None, place) for place in shown.children if shown.shows_children(place)}
    for key, place in shown.observed:
        found |= {("observed", key, place)} if shown.shows_observed(key, place) else set()
        found |= {("having", key, place)} if shown.shows_having(key, place) else set()
    return {figure for figure in found if figure[2] not in shown.noughts}


def without(shown: Shown, figures: Sequence[Figure]) -> Shown:
    """The same with some figures held back besides."""
    made = deepcopy(shown)
    for name, key, place in figures:
        if name == "children":
            made.hold_children(place)
        else:
            (made.hold_observed if name == "observed" else made.hold_having)(key, place)  # type: ignore[arg-type]
    return made


def comes_out(page: Page, shown: Shown, policy: Policy) -> bool:
    """Whether a reader of all tables, or one who knows the sizes too, works out what is held back."""
    return any(too_narrow(*attacked_beside(page, shown, policy, exact=exact)) for exact in (False, True))


def least_further(page: Page, start: Shown, policy: Policy, most: int) -> int:
    """The fewest figures that must be held back besides, found by trying every choice of up to three that costs less than `most`."""
    before = printed_of(start)
    mine = sorted((one for one in before if any(one[2] in places for places in page.on.places)), key=str)
    tried = [
        (len(before - printed_of(without(start, one))), one) for count in (1, 2, 3) for one in combinations(mine, count)
    ]
    ordered = sorted((one for one in tried if one[0] < most), key=lambda one: (one[0], str(one[1])))
    return next((cost for cost, one in ordered if not comes_out(page, without(start, one), policy)), most)


@pytest.mark.parametrize("profile", PROFILES)
def test_of_measures_too_little_more_is_held_back_than_must_be(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over made studies of one topic and a few questions, what is held back for others' sake is at most 1.2 times the fewest figures that would do."""
    policy = replace(Policy.of(profile), families=1, largest_family=1.0)
    further: list[tuple[int, int]] = []
    theirs = jointly._protect

    def watched(page: Page, shown: Shown, *rest: object) -> bool:
        start = deepcopy(shown)
        told = theirs(page, shown, *rest)  # type: ignore[arg-type]
        lost = len(printed_of(start) - printed_of(shown))
        if lost and not comes_out(page, shown, policy):
            further.append((lost, least_further(page, start, policy, lost)))
        return told

    monkeypatch.setattr(jointly, "_protect", watched)
    draw, lost = random.Random(7), 0
    for seed in range(TRIALS // 50 or 10):
        topic = draw.choice(("age", "ethnic_group", "deprivation", "sex"))
        keys = (
            ("on_benefit", "on_day"),
            draw.choice((("overcrowded", "on_day"), ("reduction", "before_12"), ("on_benefit", "before_12"))),
        )
        made = world(draw.choice((80, 120, 200, 300)), seed, topics=[topic], keys=keys, draws=1)
        cleared = clear(
            **tables(made), plan=PLAN, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
            receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=policy, comparator=Comparator(1 / 3, "a", "b", "c"),
        )  # fmt: skip
        named = [one for one in cleared if one.name.startswith(("on_benefit_by", "measured_"))]
        lost += sum(cell.marker is Marker.HELD_BACK for one in named for row in one.rows for cell in row)
    ours, best = sum(one for one, _ in further), sum(one for _, one in further)
    assert lost > 0
    assert ours <= NEAR * best


Grid = list[list[int]]


def grid_of(draw: random.Random) -> tuple[Grid, list[list[bool]]]:
    """A table of up to three by three of at most twelve children, and which cells are printed."""
    rows, columns, children = draw.randint(2, 3), draw.randint(2, 3), draw.randint(0, 12)
    grid = [[0] * columns for _ in range(rows)]
    for _ in range(children):
        grid[draw.randrange(rows)][draw.randrange(columns)] += 1
    return grid, [[draw.random() < 0.4 for _ in range(columns)] for _ in range(rows)]


def every_table(grid: Grid, printed: list[list[bool]]) -> list[tuple[int, ...]]:
    """Every table with the same printed cells and the same sums of rows and columns, by trying them all."""
    size = len(grid[0])
    lines: list[list[tuple[int, ...]]] = []
    for row, shown in zip(grid, printed, strict=True):
        cells = [(value,) if seen else range(sum(row) + 1) for value, seen in zip(row, shown, strict=True)]
        lines.append([line for line in product(*cells) if sum(line) == sum(row)])
    sums = [sum(row[column] for row in grid) for column in range(size)]
    return [
        sum(table, ())
        for table in product(*lines)
        if [sum(line[column] for line in table) for column in range(size)] == sums
    ]


def test_ranges_of_small_tables_are_those_found_by_counting_them() -> None:
    """Of tables up to three by three with at most twelve children, the programme's ranges are those of all tables that could be."""
    draw, hidden = random.Random(12), 0
    for _ in range(TRIALS or 40):
        grid, printed = grid_of(draw)
        known = Programme()
        at = [
            [
                known.variable(value, *((value, value) if seen else (0.0, inf)))
                for value, seen in zip(row, shown, strict=True)
            ]
            for row, shown in zip(grid, printed, strict=True)
        ]
        for row, places in zip(grid, at, strict=True):
            known.tie(places, (), sum(row), sum(row))
        for column in range(len(grid[0])):
            total = sum(row[column] for row in grid)
            known.tie([places[column] for places in at], (), total, total)
        ways = every_table(grid, printed)
        for place, variable in enumerate(one for places in at for one in places):
            values = [way[place] for way in ways]
            spread = max(values) - min(values)
            asked = [Target((variable,), spread + more, 0, ("x", 0, place)) for more in (0, 0.5)]
            assert [bool(too_narrow(known, [one])) for one in asked] == [False, True]
            hidden += not printed[place // len(grid[0])][place % len(grid[0])]
    assert hidden > 30


def test_a_programme_that_is_not_solved_in_time_counts_as_solved_by_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the solver gives up, every figure that was not yet shown to be wide is held to be narrow."""
    known = Programme()
    one, other = known.variable(5, 0.0, 30.0), known.variable(5, 0.0, 30.0)
    known.tie([one, other], (), 10.0, 10.0)
    targets = [Target((one,), 9, 0, ("x", 0, 0)), Target((other,), 9, 0, ("x", 0, 1))]
    assert too_narrow(known, targets) == []
    gave_up = SimpleNamespace(x=np.array([0.0, 10.0]), success=False, status=1, message="Time limit reached")
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: gave_up)
    assert too_narrow(known, targets) == targets

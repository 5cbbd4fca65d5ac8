"""An attacker who reads the cleared tables alone, and tries to work out what they hold back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hearthlink.disclosure import STRICT, ClearedTable, Comparator, Marker, Policy, clear
from hearthlink.disclosure.bounds import Region, total, worked_out
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")
ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
"""The families rule holds more back; without it the attacker has more to go on."""

TRIALS = int(os.environ.get("PROVE_COUNT", "0"))
"""Studies to try, where `dev.py prove` asks for the full count."""

SLACK = 1e-6
Counts = tuple[int, float]


def figures(children: int, on: float) -> dict[str, object]:
    """The columns of the answer for one group, each child a family of its own."""
    return {
        "children": children, "families": children, "largest_family": min(children, 1), "on_benefit": on,
        "fewest_on": int(on), "most_on": int(-(-on // 1)),
        "on_families": round(on), "on_largest_family": 1, "off_families": children - round(on), "off_largest_family": 1,
        "these_low": max(0.0, on - 4), "these_high": min(on + 4, children),
        "process_low": max(0.0, on - 9), "process_high": min(on + 9, children), "overlapping": False,
    }  # fmt: skip


def answer_of(topics: list[list[Counts]]) -> pa.Table:
    """An answer table of additive topics over the same children."""
    everyone = (sum(n for n, _ in topics[0]), sum(on for _, on in topics[0]))
    rows = [{"question": "on_benefit", "topic": "all_children", "group": "all", "order": 0} | figures(*everyone)]
    for place, topic in enumerate(topics):
        for order, counts in enumerate(topic):
            head = {"question": "on_benefit", "topic": f"t{place}", "group": f"g{order}", "order": order}
            rows.append(head | figures(*counts))
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], ANSWER.schema.field(name).type) for name in ANSWER.names}
    )


def published(topics: list[list[Counts]], policy: Policy) -> tuple[ClearedTable, ...]:
    """What leaves."""
    return clear(
        answer=answer_of(topics), quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
        receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=policy, comparator=COMPARATOR,
    )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A row as the attacker sees it: printed numbers, None where there is a marker."""

    children: int | None
    on: int | None


def read(tables: tuple[ClearedTable, ...]) -> tuple[Reading, list[list[Reading]]]:
    """The headline and the groups of each topic, from the printed cells alone."""

    def rows(table: ClearedTable) -> list[Reading]:
        places = [next(i for i, c in enumerate(table.columns) if c.name == name) for name in ("children", "on_benefit")]
        seen: list[Reading] = []
        for row in table.rows:
            cells = [row[place] for place in places]
            assert all(cell.value is not None or cell.marker is Marker.HELD_BACK for cell in cells)
            values = [cell.value if isinstance(cell.value, int) else None for cell in cells]
            seen.append(Reading(values[0], values[1]))
        return seen

    named = {table.name: table for table in tables}
    topics = [rows(table)[1:] for name, table in sorted(named.items()) if name.startswith("on_benefit_by_t")]
    return rows(named["headline"])[0], topics


class Attacker:
    """A linear programme over every group of every topic: variables are those on and those off benefit in each."""

    def __init__(
        self, whole: Reading, topics: list[list[Reading]], exact: list[list[int]] | None, policy: Policy
    ) -> None:
        self.at = {
            (t, g): 2 * i
            for i, (t, g) in enumerate((t, g) for t, topic in enumerate(topics) for g in range(len(topic)))
        }
        self.size = 2 * len(self.at)
        self.over: list[np.ndarray] = []
        self.under: list[float] = []
        self.policy = policy
        for topic, groups in enumerate(topics):
            every = [self.at[topic, group] for group in range(len(groups))]
            known = None if exact is None else sum(exact[0])
            self._know(whole, [(one, 1.0) for one in every], [(one + 1, 1.0) for one in every], known)
            for other in range(topic):
                # Two topics of the same children have the same sums.
                others = [self.at[other, group] for group in range(len(topics[other]))]
                for step in (0, 1):
                    row = self._row([(one + step, 1.0) for one in every] + [(one + step, -1.0) for one in others])
                    self._between(row, 0.0, 0.0)
            for group, reading in enumerate(groups):
                own = None if exact is None else exact[topic][group]
                self._know(reading, [(self.at[topic, group], 1.0)], [(self.at[topic, group] + 1, 1.0)], own)

    def _row(self, terms: list[tuple[int, float]]) -> np.ndarray:
        row = np.zeros(self.size)
        for place, weight in terms:
            row[place] += weight
        return row

    def _between(self, row: np.ndarray, low: float, high: float) -> None:
        self.over += [row, -row]
        self.under += [high, -low]

    def _know(
        self, reading: Reading, on: list[tuple[int, float]], off: list[tuple[int, float]], exact: int | None
    ) -> None:
        """What a printed row says: roundings, the threshold, and that a printed count has a complement at the threshold too."""
        least = self.policy.threshold
        if exact is not None:
            self._between(self._row(on + off), exact, exact)
        elif reading.children is not None:
            self._between(self._row(on + off), max(least, reading.children - 2), reading.children + 2)
        if reading.on is not None:
            self._between(self._row(on), max(least, reading.on - 2.5), reading.on + 2.5)
            self._between(self._row(off), least, 1e6)

    def range(self, terms: list[tuple[int, float]]) -> tuple[float, float]:
        """The least and the most that a sum of variables can be."""
        ends: list[float] = []
        for sign in (1, -1):
            found = linprog(
                sign * self._row(terms), A_ub=np.array(self.over), b_ub=self.under, bounds=(0, 1e5), method="highs"
            )
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends[0], ends[1]


def hidden(reading: Reading, at: int, *, counts: bool) -> Iterator[list[tuple[int, float]]]:
    """The figures of a group that are not printed: all its children, those on benefit, those off."""
    if counts and reading.children is None:
        yield [(at, 1.0), (at + 1, 1.0)]
    if reading.on is None:
        yield [(at, 1.0)]
        yield [(at + 1, 1.0)]


@st.composite
def studies(draw: st.DrawFn) -> list[list[Counts]]:
    """One or two topics over the same children, in whose groups small counts, empty ones and all or none on benefit are common."""
    size = st.one_of(st.integers(0, 14), st.integers(0, 80))
    first: list[Counts] = []
    for _ in range(draw(st.integers(2, 4))):
        children = draw(size)
        on = draw(st.one_of(st.integers(0, children), st.just(children), st.just(0)))
        first.append((children, on + (0.4 if 0 < on < children and draw(st.booleans()) else 0.0)))
    topics = [first]
    if draw(st.booleans()):
        share = draw(st.fractions(0, 1))
        left = [(round(n * share), round(int(on) * share * share)) for n, on in first]
        left = [(n, min(n, on)) for n, on in left]
        one = (sum(n for n, _ in left), sum(on for _, on in left))
        rest = (sum(n for n, _ in first) - one[0], sum(on for _, on in first) - one[1])
        if 0 <= rest[1] <= rest[0]:
            topics.append([one, rest])
    return topics


@pytest.mark.parametrize("policy", [ANY_FAMILY, replace(ANY_FAMILY, totals_known=False)])
@settings(max_examples=TRIALS or 60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(topics=studies())
def test_no_held_back_figure_can_be_worked_out_to_a_range_narrower_than_the_policy_says(
    policy: Policy, topics: list[list[Counts]]
) -> None:
    """Whatever is held back keeps a range of nine or more, and a reader who knows each group's size learns no more than its size."""
    whole, seen = read(published(topics, policy))
    if whole.children is None or whole.on is None:
        assert all(reading == Reading(None, None) for topic in seen for reading in topic)
        return
    sizes = [[n for n, _ in topic] for topic in topics]
    for exact in (None, sizes) if policy.totals_known else (None,):
        attacker = Attacker(whole, seen, exact, policy)
        for topic, groups in enumerate(seen):
            for group, reading in enumerate(groups):
                on, off = topics[topic][group][1], topics[topic][group][0] - topics[topic][group][1]
                if exact is not None and min(int(on), int(off)) >= policy.threshold:
                    continue
                asked = policy.width if exact is None else min(policy.width, sizes[topic][group])
                at = attacker.at[topic, group]
                for terms in hidden(reading, at, counts=exact is None):
                    low, high = attacker.range(terms)
                    truth = {at: topics[topic][group][1], at + 1: topics[topic][group][0] - topics[topic][group][1]}
                    assert low - SLACK <= sum(truth[place] for place, _ in terms) <= high + SLACK
                    assert high - low >= asked - SLACK


@settings(max_examples=TRIALS or 150, deadline=None, derandomize=True)
@given(topics=studies())
def test_the_same_figures_are_printed_the_same_and_every_count_is_protected(topics: list[list[Counts]]) -> None:
    """A count that is printed is a multiple of five and at least ten, and so is its complement before rounding; totals agree."""
    tables = published(topics, ANY_FAMILY)
    whole, seen = read(tables)
    for topic, groups in enumerate(seen):
        for group, reading in enumerate(groups):
            children, on = topics[topic][group]
            assert reading.children is None or (children >= 10 and reading.children == 5 * ((children + 2) // 5))
            assert reading.on is None or (on >= 10 and children - on >= 10 and abs(reading.on - on) <= 2.5)
    firsts = [table.rows[0] for table in tables if table.name.startswith("on_benefit_by_t")]
    assert all(row[1:] == firsts[0][1:] for row in firsts)
    assert whole.children is None or firsts[0][1].value == whole.children


limits = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: (float(min(ends)), float(max(ends))))
regions = st.builds(Region, limits, limits, st.tuples(st.integers(0, 8), st.integers(0, 8)).map(
    lambda ends: (float(min(ends)), float(max(ends)))))  # fmt: skip


def members(region: Region) -> set[tuple[int, int]]:
    """Every pair of whole numbers that a region allows."""
    return {
        (x, y)
        for x, y in product(range(9), range(9))
        if region.having[0] <= x <= region.having[1]
        and region.lacking[0] <= y <= region.lacking[1]
        and region.all[0] <= x + y <= region.all[1]
    }


@settings(max_examples=150, deadline=None, derandomize=True)
@given(groups=st.lists(regions, min_size=2, max_size=3))
def test_ranges_are_those_found_by_trying_every_table(groups: list[Region]) -> None:
    """Counting through all small tables gives exactly the ranges that the regions give."""
    options = [sorted(members(group)) for group in groups]
    if not all(options):
        return
    tight = [group.tight for group in groups]
    span = total(tight)
    whole = Region(
        (span.having[0] + 1, span.having[1]), (span.lacking[0], max(span.lacking[0], span.lacking[1] - 1)), span.all
    )
    tables = [
        table
        for table in product(*options)
        if whole.having[0] <= sum(x for x, _ in table) <= whole.having[1]
        and whole.lacking[0] <= sum(y for _, y in table) <= whole.lacking[1]
    ]
    if not tables:
        return
    for place, region in enumerate(worked_out([tight], whole.tight)[0]):
        ways = {
            "having": [table[place][0] for table in tables],
            "lacking": [table[place][1] for table in tables],
            "all": [sum(table[place]) for table in tables],
        }
        for name, values in ways.items():
            assert getattr(region, name) == (min(values), max(values))

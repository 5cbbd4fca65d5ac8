"""An attacker who reads the cleared tables alone, and tries to work out what they hold back."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pyarrow as pa
import pytest
from attacker import Attacker, Reading, Rule, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearthlink.disclosure import ClearedTable, Comparator, Policy, clear, pack
from hearthlink.disclosure.bounds import Region, total, worked_out
from hearthlink.tables.profiles import PROFILES
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")
KEPT = 500
"""From how many children on the headline stays."""

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


def attacked(topics: list[list[Counts]], policy: Policy) -> None:
    """Whatever is held back of a study keeps the range that the policy asks, for a reader who knows each group's size too."""
    rule, whole, seen = read(pack(published(topics, policy)))
    assert rule == Rule(policy.threshold, policy.base, policy.noughts)
    assert rule.width == policy.width
    if whole.children is None or whole.on is None:
        assert all(reading == Reading(None, None) for topic in seen for reading in topic)
        return
    sizes = [[n for n, _ in topic] for topic in topics]
    for exact in (None, sizes) if policy.totals_known else (None,):
        attacker = Attacker(rule, whole, seen, exact)
        alone = Attacker(rule, whole, seen, exact, alone=True)
        wanted: list[tuple[dict[int, float], float]] = []
        truth: dict[int, float] = {}
        for topic, group in attacker.at:
            children, on = topics[topic][group]
            truth |= {attacker.at[topic, group]: on, attacker.at[topic, group] + 1: children - on}
            if exact is not None and no_small_one(
                topics[topic][group], (sum(sizes[0]), sum(n for _, n in topics[0])), policy
            ):
                continue
            asked = float(rule.width if exact is None else min(rule.width, children))
            wanted += [(dict(terms), asked) for terms in attacker.hidden(topic, group)]
        assert attacker.known.holds(truth)
        for one in attacker.known.narrower(wanted):
            terms, asked = wanted[one.place]
            if exact is not None and sum(sizes[0]) >= KEPT:
                start, end = alone.known.range(terms)
                asked = min(asked, end - start)
            assert one.high - one.low >= asked - SLACK, (topics, terms, one.low, one.high)


def no_small_one(group: Counts, whole: Counts, policy: Policy) -> bool:
    """Whether a figure is held back, if it is, for others' sake alone: neither small, nor leaving few, nor nearly all of its group."""
    (children, on), (everybody, all_on) = group, whole
    alike = int(-(-on // 1)) > policy.alike * children and int(-(-all_on // 1)) <= policy.alike * everybody
    return min(int(on), children - int(-(-on // 1))) >= policy.threshold and not alike


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=TRIALS // 2 or 30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(topics=studies())
def test_no_held_back_figure_can_be_worked_out_to_a_range_narrower_than_the_policy_says(
    profile: str, known: bool, topics: list[list[Counts]]
) -> None:
    """Under each profile a held-back figure keeps the profile's range, and a reader who knows each group's size learns no more than its size."""
    attacked(topics, replace(Policy.of(profile), families=1, largest_family=1.0, totals_known=known))


@pytest.mark.parametrize("profile", PROFILES)
@settings(
    max_examples=TRIALS // 10 or 15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(topics=studies(), more=st.integers(500, 900), share=st.fractions(0, 1))
def test_from_five_hundred_children_the_headline_is_never_held_back_for_others(
    profile: str, topics: list[list[Counts]], more: int, share: Fraction
) -> None:
    """All children, and of them those on benefit, are printed wherever they pass by themselves, however small the groups beside them are."""
    policy = replace(Policy.of(profile), families=1, largest_family=1.0)
    on = round(more * share)
    topics = [[*topic, (more, on)] for topic in topics]
    whole = (sum(n for n, _ in topics[0]), sum(n for _, n in topics[0]))
    passes = whole[1] >= policy.threshold and whole[0] - -(-whole[1] // 1) >= policy.threshold
    _, seen, _ = read(pack(published(topics, policy)))
    assert seen.children is not None
    assert (seen.on is not None) == (passes and int(whole[1]) >= policy.threshold)
    attacked(topics, policy)


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=TRIALS or 40, deadline=None, derandomize=True)
@given(topics=studies())
def test_the_same_figures_are_printed_the_same_and_every_count_is_protected(
    profile: str, topics: list[list[Counts]]
) -> None:
    """A count that is printed is rounded and at the threshold, as is its complement before rounding, or a group of nobody; totals agree."""
    policy = replace(Policy.of(profile), families=1, largest_family=1.0)
    least, base = policy.threshold, policy.base
    tables = published(topics, policy)
    _, whole, seen = read(pack(tables))
    for topic, groups in enumerate(seen):
        for group, reading in enumerate(groups):
            children, on = topics[topic][group]
            if policy.noughts and not children and whole.on is not None:
                assert reading == Reading(0, None)
                continue
            assert reading.children is None or (
                children >= least and reading.children == base * ((children + base // 2) // base)
            )
            assert reading.on is None or (on >= least and children - on >= least and abs(reading.on - on) <= base / 2)
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

"""The door: everything that leaves passes here, and what does not pass is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

import pyarrow as pa

from hearthlink.disclosure.answers import First, Given, Known, answers
from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, Marker, seal
from hearthlink.disclosure.earlier import figures_of, releases_before
from hearthlink.disclosure.figures import words
from hearthlink.disclosure.guards import guard_of
from hearthlink.disclosure.outside import NOTHING, Outside, read_outside
from hearthlink.disclosure.policy import Comparator, Policy, Verdict, reason, released
from hearthlink.disclosure.probabilities import calibration as calibrated
from hearthlink.disclosure.protect import Group, Held, judge, settled
from hearthlink.disclosure.quality import link_quality
from hearthlink.disclosure.quality_groups import quality_tables
from hearthlink.disclosure.records import findings, receipts
from hearthlink.disclosure.remembered import Before, truths
from hearthlink.disclosure.reporting import reporting
from hearthlink.disclosure.said_again import Truths, beside_earlier
from hearthlink.disclosure.shares import (
    FACTOR_BASE,
    WHOLE,
    Row,
    Topic,
    by_topic,
    comparison,
    group_of,
    headline,
    judge_overlapping,
    sensitivity,
    who_was_counted,
)
from hearthlink.disclosure.stages import linkage_stages, lost_before
from hearthlink.errors import DataProblem, OurFault
from hearthlink.tables.plan import Plan

BASE_WORDS = {False: "All children referred and counted", True: "Children with a completed assessment"}


class Optional(TypedDict, total=False):
    """Tables that need not be given, the sealed plan, and what was released before. What is not given is not printed.

    `earlier` are the numbers of earlier releases with the bytes of their cleared tables, `released_figure` the true numbers behind them.
    `outside` are the registered tables of others, by the names of their files.
    """

    calibration: pa.Table | None
    blocking_summary: pa.Table | None
    pooled_quality: pa.Table | None
    measured: pa.Table | None
    unseen: pa.Table | None
    monthly: pa.Table | None
    effect: pa.Table | None
    bound: pa.Table | None
    compared: pa.Table | None
    staged: pa.Table | None
    error_check: pa.Table | None
    plan: Plan | None
    earlier: Sequence[tuple[int, bytes]]
    released_figure: pa.Table | None
    outside: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """How many figures of a table were held back for one reason. For the record of the run: beside the tables it would tell too much."""

    table: str
    reason: str
    figures: int


@dataclass(frozen=True, slots=True)
class Clearance:
    """What may leave, and by counts what may not. `repeats` is the release that is said again, where nothing new may leave.

    `outside` says how registered tables of others stand to this study: for the output checker alone.
    """

    tables: tuple[ClearedTable, ...]
    refusals: tuple[Refusal, ...]
    repeats: int | None = None
    outside: Outside = NOTHING


def clear(
    *,
    answer: pa.Table,
    quality_by_group: pa.Table,
    link_summary: pa.Table,
    receipt: pa.Table,
    finding: pa.Table,
    policy: Policy,
    comparator: Comparator,
    **more: Unpack[Optional],
) -> tuple[ClearedTable, ...]:
    """The tables that may leave. Raises OurFault where there is no figure for all children: nothing checked, nothing released."""
    return clearance(
        answer=answer, quality_by_group=quality_by_group, link_summary=link_summary, receipt=receipt, finding=finding,
        policy=policy, comparator=comparator, **more,
    ).tables  # fmt: skip


def clearance(
    *,
    answer: pa.Table,
    quality_by_group: pa.Table,
    link_summary: pa.Table,
    receipt: pa.Table,
    finding: pa.Table,
    policy: Policy,
    comparator: Comparator,
    **more: Unpack[Optional],
) -> Clearance:
    """The tables that may leave and the list of refusals. A table of the quality of links that is not given is not printed."""
    outside = read_outside(more.get("outside", ()))
    if outside.sizes or outside.crosses:
        policy = replace(policy, totals_known=True)
    rows: list[Row] = answer.to_pylist()
    whole_row = next((row for row in rows if row["question"] == "on_benefit" and row["topic"] == WHOLE), None)
    if whole_row is None:
        raise OurFault("There is no answer for all children, so nothing can be checked and nothing is released.")
    whole = judge(group_of(whole_row), policy, everybody=True)
    topics, sound = _topics(rows, group_of(whole_row), whole, policy)
    if not sound:
        whole = Held(Verdict.SUBTRACTION, Verdict.SUBTRACTION)
        topics, _ = _topics(rows, group_of(whole_row), whole, policy)
    before = releases_before(more.get("earlier", ()), more.get("released_figure"), policy)
    found = answers(
        _given(more), First(whole_row, whole, topics), more.get("plan") or Plan(()), policy, Known(before, outside)
    )
    if found.told:
        return replace(_said_again(before, policy), outside=found.outside)
    topics = found.topics
    counted = [row for row in rows if row["question"] == "who_was_counted"]
    other = [row for row in rows if row["question"] == "sensitivity"]
    held = {(topic.name, str(row["group"])): verdict.children
            for topic in topics for row, verdict in zip(topic.rows, topic.held, strict=True)}  # fmt: skip
    held[WHOLE, str(whole_row["group"])] = whole.children
    tables = [
        headline(whole_row, whole, policy),
        comparison(whole_row, whole, comparator, policy),
        who_was_counted(counted, policy),
        *(_topic_table(topic, whole_row, whole, topics, policy) for topic in topics),
        sensitivity(other, whole_row, whole, policy),
        *found.tables,
        *_of_the_links(
            link_summary.to_pylist(), _rows(more.get("calibration")), _rows(more.get("blocking_summary")), policy
        ),
        *quality_tables(quality_by_group.to_pylist(), _rows(more.get("pooled_quality")), held, policy),
        receipts(receipt.to_pylist(), policy),
        findings(finding.to_pylist(), policy),
    ]
    if before:
        true = Truths(truths(figures_of(0, {"answer": answer, **_counted(more)}).to_pylist()), found.same)
        tables = beside_earlier(tables, true, before, policy)
    tables.append(reporting(tables, link_summary.to_pylist(), policy))
    tables.append(_held_back(tables, policy, _after(before, found.same)))
    for table in tables:
        guard_of(table.name)
    return Clearance(tuple(tables), _refusals(topics, found.refusals), outside=found.outside)


def _counted(more: Optional) -> dict[str, pa.Table]:
    """The tables beside the measures of whose numbers the true ones are kept with a release."""
    given = {"staged": more.get("staged"), "monthly": more.get("monthly")}
    return {name: table for name, table in given.items() if table is not None}


def _after(before: Sequence[Before], same: Collection[int]) -> str:
    """What is said of earlier releases beside what was held back; nothing where all were about the same data."""
    other = [str(one.number) for one in before if one.number not in same]
    numbers = f"release {other[0]}" if len(other) == 1 else f"releases {', '.join(other)}"
    return (
        f"Held back, too, is what beside {numbers} would tell of a few who came, went or were matched otherwise since."
        if other
        else ""
    )


def _said_again(before: Sequence[Before], policy: Policy) -> Clearance:
    """The last release again: too few children changed for any figure to be printed anew."""
    last = before[-1]
    if last.policy.threshold < policy.threshold or last.policy.base < policy.base:
        raise DataProblem(
            f"Too few children have changed since release {last.number} for a new figure, and that release went by milder rules.",
            remedy="Nothing was cleared. Clear again when more have changed.",
        )
    tables = [table for table in last.tables if table.name != "held_back"]
    note = (
        f"These are the figures of release {last.number} again: too few children have changed since for any new figure to be shown. "
        "Release anew when more have changed."
    )
    return Clearance((*tables, _held_back(tables, last.policy, note)), (), repeats=last.number)


def _given(more: Optional) -> Given:
    """The rows of the tables of answers."""
    return Given(
        measured=_rows(more.get("measured")),
        unseen=_rows(more.get("unseen")),
        monthly=_rows(more.get("monthly")),
        effect=_rows(more.get("effect")),
        bound=_rows(more.get("bound")),
        compared=_rows(more.get("compared")),
        staged=_rows(more.get("staged")),
        error_check=_rows(more.get("error_check")),
    )


def _rows(table: pa.Table | None) -> list[Row]:
    return [] if table is None else table.to_pylist()


def _of_the_links(
    summary: Sequence[Row], calibration: Sequence[Row], blocking: Sequence[Row], policy: Policy
) -> list[ClearedTable]:
    """How good the links are over all: their stages, what was lost before them, their measures, and their chances."""
    made = (
        linkage_stages(summary, policy),
        lost_before(blocking, summary, policy),
        link_quality(summary, policy),
        calibrated(calibration, summary, policy),
    )
    return [table for table in made if table is not None]


def _topics(rows: Sequence[Row], whole: Group, whole_held: Held, policy: Policy) -> tuple[tuple[Topic, ...], bool]:
    """Every topic with its verdicts: first each group by itself, then all topics together against subtraction; and whether that did.

    Where the whole is held back, so is every group.
    """
    asked = [row for row in rows if row["question"] == "on_benefit" and row["topic"] != WHOLE]
    names = list(dict.fromkeys(str(row["topic"]) for row in asked))
    parted = {name: tuple(row for row in asked if row["topic"] == name) for name in names}
    additive = [name for name in names if not any(row["overlapping"] for row in parted[name])]
    groups = {name: tuple(group_of(row) for row in parted[name]) for name in names}
    for name in additive:
        if sum(group.children for group in groups[name]) != whole.children:
            raise OurFault(f"The groups of {name} do not add up to all children, so they cannot be checked.")
    verdicts: dict[str, tuple[Held, ...]] = {}
    sound = True
    if released(whole_held.having):
        made = settled([groups[name] for name in additive], whole, policy, whole_held)
        verdicts, sound = dict(zip(additive, made.held, strict=True)), made.sound
    base = _factor_base(parted, groups, verdicts)
    for name in names:
        if name in verdicts:
            continue
        if base is None or name in additive:
            verdicts[name] = tuple(Held(Verdict.UNCHECKED, Verdict.UNCHECKED) for _ in groups[name])
        else:
            verdicts[name] = judge_overlapping(groups[name], *base, policy)
    made_topics = tuple(Topic(name, parted[name], groups[name], verdicts[name], name not in additive) for name in names)
    return made_topics, sound


def _factor_base(
    parted: dict[str, tuple[Row, ...]], groups: dict[str, tuple[Group, ...]], verdicts: dict[str, tuple[Held, ...]]
) -> tuple[Group, Held] | None:
    """The children with a completed assessment: the base of the factors. None where they were not checked."""
    name, wanted = FACTOR_BASE
    for place, row in enumerate(parted.get(name, ())):
        if row["group"] == wanted and name in verdicts:
            return groups[name][place], verdicts[name][place]
    return None


def _topic_table(topic: Topic, whole_row: Row, whole: Held, topics: Sequence[Topic], policy: Policy) -> ClearedTable:
    if not topic.overlapping:
        return by_topic(topic, whole_row, whole, BASE_WORDS[False], policy)
    name, wanted = FACTOR_BASE
    for other in topics:
        for row, held in zip(other.rows, other.held, strict=True):
            if (other.name, row["group"]) == (name, wanted):
                return by_topic(topic, row, held, BASE_WORDS[True], policy)
    return by_topic(topic, whole_row, Held(Verdict.UNCHECKED, Verdict.UNCHECKED), BASE_WORDS[True], policy)


def _refusals(topics: Sequence[Topic], more: Counter[tuple[str, Verdict]]) -> tuple[Refusal, ...]:
    """Figures held back, by table and reason."""
    counts = Counter(more)
    for topic in topics:
        for held in topic.held:
            for verdict in (held.children, held.having):
                if not released(verdict):
                    counts[topic.name, verdict] += 1
    return tuple(Refusal(table, reason(verdict), figures) for (table, verdict), figures in sorted(counts.items()))


def _held_back(tables: Sequence[ClearedTable], policy: Policy, after: str = "") -> ClearedTable:
    """How many figures of each table are held back. Why is not said here: it would tell which are the small ones."""
    lines: list[list[Cell]] = []
    for table in tables:
        figures = [
            cell for row in table.rows for column, cell in zip(table.columns, row, strict=True) if column.kind != "text"
        ]
        held = sum(cell.marker is Marker.HELD_BACK for cell in figures)
        if held:
            lines.append([words(table.title), words(f"{held:,} of {len(figures):,}")])
    note = (
        f"{policy.says} A figure is also held back where nearly all of a group are alike, where it comes "
        f"from fewer than {policy.families} families or mostly from one, and where it would give another away."
    )
    return seal(
        "held_back",
        "What was held back",
        (ClearedColumn("table", "Table", "text"), ClearedColumn("figures", "Figures held back", "text")),
        lines,
        notes=[note, *([after] if after else [])],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )

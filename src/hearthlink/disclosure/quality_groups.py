"""How good the links of each group are, as it may leave: the shares pooled, and set beside those of all children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, Marker, seal
from hearthlink.disclosure.differences import Rounded, matched_or_not
from hearthlink.disclosure.figures import (
    HELD_BACK,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    least_share,
    protected_ends,
    share,
    words,
)
from hearthlink.disclosure.policy import Policy, Verdict, released, worst
from hearthlink.disclosure.protect import Group, Held, judge, protect
from hearthlink.disclosure.quality import POOLED_NOTE, TRUTH_NOTE
from hearthlink.disclosure.shares import TITLES, WHOLE, Row, number

Key = tuple[str, str, str]
"""Topic, group and measure."""

NEAR, WIDE = 0.05, 0.2
"""Within how much a group is much the same as all children; and from which width an interval leaves a share unsaid."""

NO_EVIDENCE = "not enough evidence"
ALL = "All children referred and counted"


@dataclass(frozen=True, slots=True)
class Part:
    """One measure by group: its column, which figures are its base and its part, and its name among the pooled shares if it is one."""

    column: ClearedColumn
    base: str
    part: str
    lenient: bool
    whole: bool
    pooled: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A share with the ends of its interval, and how much of it is the group's own evidence."""

    share: Cell
    low: Cell
    high: Cell
    own: Cell


def _parts(*, known: bool) -> tuple[Part, ...]:
    """The measures, the last two by the truth where it is known and else as the model expects."""
    right, on_file = ("right", "on_file") if known else ("linked_right", "expected_on_file")
    return (
        Part(ClearedColumn("matched", "With a match", "share"), "children", "linked", False, True),
        Part(ClearedColumn("precision", "Right, of the matches", "share"), "linked", right, True, known, "precision"),
        Part(ClearedColumn("recall", "Found, of those on file", "share"), on_file, right, True, known, "recall"),
    )


def quality_tables(
    rows: Sequence[Row], pooled: Sequence[Row], children_held: Mapping[tuple[str, str], Verdict], policy: Policy
) -> tuple[ClearedTable, ...]:
    """Link quality by group; a group whose number of children is held back elsewhere is held back here."""
    # Nobody matched, or nobody on file, is said of every child of a group: such a nought is held back by every profile.
    policy = replace(policy, noughts=False)
    names = list(dict.fromkeys(str(row["topic"]) for row in rows))
    topics = [tuple(row for row in rows if row["topic"] == name) for name in names]
    if not topics or names[0] != "all_children":
        return ()
    known = number(topics[0][0], "right") is not None
    parts = _parts(known=known)
    basis = "truth" if known else "posterior"
    found = {
        (str(one["topic"]), str(one["group"]), str(one["measure"])): one for one in pooled if one["basis"] == basis
    }
    held: list[Verdicts] = []
    for part in parts:
        expected = part.base == "expected_on_file"
        held.append(
            _expected(topics, part, held[0], policy) if expected else _verdicts(topics, part, children_held, policy)
        )
    shown = [_shown(topics, part, verdicts, found, policy) for part, verdicts in zip(parts, held, strict=True)]
    _hide_without_base(shown)
    made = [_table(topics[place], [measure[place] for measure in shown], [measure[0][0] for measure in shown], parts, policy)
            for place in range(1, len(names))]  # fmt: skip
    beside = _beside(topics, names, held[0], policy)
    return (*made, *([beside] if beside else []))


def _table(
    rows: Sequence[Row], shown: Sequence[Sequence[Shown]], whole: Sequence[Shown], parts: Sequence[Part], policy: Policy
) -> ClearedTable:
    lines = [[words(ALL), *_cells(whole, parts), words("")]]
    for group, row in enumerate(rows):
        own = [measure[group] for measure in shown]
        lines.append([words(str(row["group"])), *_cells(own, parts), _beside_all(own[-1], whole[-1])])
    name = str(rows[0]["topic"])
    title = TITLES.get(name, name)
    columns: list[ClearedColumn] = [ClearedColumn("group", title, "text")]
    for part in parts:
        columns.append(part.column)
        if part.pooled:
            of = part.column.words.partition(",")[0]
            columns += [ClearedColumn(f"{part.pooled}_low", f"{of}, from", "share"),
                        ClearedColumn(f"{part.pooled}_high", f"{of}, to", "share")]  # fmt: skip
    columns += [
        ClearedColumn("own", "Own evidence", "share"),
        ClearedColumn("beside", "Found, beside all", "text"),
    ]
    return seal(
        f"link_quality_by_{name}",
        f"How good the matches are: {title[0].lower()}{title[1:]}",
        columns,
        lines,
        notes=[TRUTH_NOTE, POOLED_NOTE],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _cells(shown: Sequence[Shown], parts: Sequence[Part]) -> list[Cell]:
    cells: list[Cell] = []
    for one, part in zip(shown, parts, strict=True):
        cells += [one.share, one.low, one.high] if part.pooled else [one.share]
    return [*cells, shown[-1].own]


def _beside_all(group: Shown, whole: Shown) -> Cell:
    """In words how a group compares with all children, from the printed figures alone."""
    middle, least = _value(whole.share), _value(group.share)
    if group.share.marker is Marker.HELD_BACK or middle is None:
        return HELD_BACK
    low, high = _value(group.low), _value(group.high)
    if group.share.marker is Marker.AT_LEAST and least is not None:
        return words("much the same, or more" if least >= middle - NEAR else NO_EVIDENCE)
    if low is None or high is None:
        return words(NO_EVIDENCE)
    if high < middle:
        return words("fewer")
    if low > middle:
        return words("more")
    return words("much the same" if low >= middle - NEAR and high <= middle + NEAR else NO_EVIDENCE)


def _value(cell: Cell) -> float | None:
    return None if cell.value is None or isinstance(cell.value, str) else float(cell.value)


def _hide_without_base(shown: list[list[list[Shown]]]) -> None:
    """Where the share with a match is held back, so is the share of the matches that are right."""
    for topic, cells in enumerate(shown[0]):
        for group, one in enumerate(cells):
            if one.share == HELD_BACK and shown[1][topic][group].share.value is not None:
                shown[1][topic][group] = _nothing(HELD_BACK)


def _nothing(cell: Cell) -> Shown:
    return Shown(cell, cell, cell, cell)


Verdicts = list[list[tuple[Group, Held] | None]]


def _verdicts(
    topics: Sequence[tuple[Row, ...]], part: Part, children_held: Mapping[tuple[str, str], Verdict], policy: Policy
) -> Verdicts:
    """What may be said of each group of each topic, after the checks of this measure over all topics together."""
    groups = [[_group(row, part) for row in topic] for topic in topics]
    start = [
        [_held(group, row, part, children_held, policy) for group, row in zip(*pair, strict=True)]
        for pair in zip(groups, topics, strict=True)
    ]
    whole, first = groups[0][0], start[0][0]
    # What else is published of these children is known by their groups; how many of a group are matched is published here alone.
    rules = policy if part.base == "children" else replace(policy, totals_known=False)
    made = protect(groups[1:], whole, rules, start=start[1:], everything=first)
    if not made.sound or not (first.having_shown or first.at_least):
        return [[None] * len(topic) for topic in topics]
    return [list(zip(*pair, strict=True)) for pair in zip(groups, ((first,), *made.held), strict=True)]


def _expected(topics: Sequence[tuple[Row, ...]], part: Part, matched: Verdicts, policy: Policy) -> Verdicts:
    """What may be said of a share of children expected: where both the matched and the unmatched of the group may be counted.

    Neither its base nor its part is a count of anybody, so that nothing can be had by subtraction that the matched do not tell.
    """
    made: Verdicts = []
    for topic, held in zip(topics, matched, strict=True):
        line: list[tuple[Group, Held] | None] = []
        for row, verdict in zip(topic, held, strict=True):
            group = _group(row, part)
            if verdict is None or not verdict[1].having_shown:
                line.append(None)
            else:
                line.append((group, judge(group, policy, lenient=part.lenient)))
        made.append(line)
    return made


def _group(row: Row, part: Part) -> Group:
    """Base and part of one group."""
    on_file = (number(row, "right") or 0.0) + (number(row, "missed") or 0.0)
    base = on_file if part.base == "on_file" else number(row, part.base) or 0.0
    # A base that is a sum of chances is taken to the whole child above, so that its part lies within it.
    return Group(int(-(-base // 1)), min(number(row, part.part) or 0.0, base), whole=part.whole)


def _held(group: Group, row: Row, part: Part, children_held: Mapping[tuple[str, str], Verdict], policy: Policy) -> Held:
    own = judge(group, policy, lenient=part.lenient, everybody=row["topic"] == WHOLE)
    # The groups of surnames are in no answer: they are judged here by their own numbers.
    topic = str(row["topic"])
    unasked = Verdict.RELEASE if topic == "name_group" else Verdict.UNCHECKED
    children = children_held.get((topic, str(row["group"])), unasked)
    verdict = worst([own.children, children])
    having = worst([own.having, verdict])
    return Held(verdict, having, own.at_least and verdict is Verdict.RELEASE)


def _shown(
    topics: Sequence[tuple[Row, ...]], part: Part, verdicts: Verdicts, pooled: Mapping[Key, Row], policy: Policy
) -> list[list[Shown]]:
    return [
        [
            _cell(verdict, pooled.get((str(row["topic"]), str(row["group"]), part.pooled)), part, policy)
            for row, verdict in zip(topic, held, strict=True)
        ]
        for topic, held in zip(topics, verdicts, strict=True)
    ]


def _cell(verdict: tuple[Group, Held] | None, pooled: Row | None, part: Part, policy: Policy) -> Shown:
    """The share of a group: as counted, or pooled with what goes with it; rounded as its count would be."""
    if verdict is None or not verdict[1].children_shown or verdict[0].having is None:
        return _nothing(HELD_BACK)
    group, held = verdict
    base = policy.rounded(group.children)
    own = _own(pooled)
    if not held.having_shown:
        return Shown(least_share(base, policy), HELD_BACK, HELD_BACK, own) if held.at_least else _nothing(HELD_BACK)
    if not part.pooled or pooled is None or number(pooled, "pooled") is None:
        bare = share(policy.rounded(group.having or 0.0), base, policy)
        return Shown(bare, NOT_APPLICABLE, NOT_APPLICABLE, own)
    middle, low, high = (number(pooled, name) or 0.0 for name in ("pooled", "low", "high"))
    ends = protected_ends(middle, low, high, group.children, policy)
    if ends is None or base < policy.share_base or (ends.high - ends.low) > WIDE * base:
        return Shown(NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, own)
    at, start, end = (share(min(one, base), base, policy) for one in (policy.rounded(middle), ends.low, ends.high))
    return Shown(at, start, end, own)


def _own(pooled: Row | None) -> Cell:
    """How much of a pooled share is the group's own evidence, to a twentieth: finer would tell its size."""
    own = None if pooled is None else number(pooled, "own")
    return NOT_APPLICABLE if own is None else Cell(round(20 * own) / 20)


def _beside(
    topics: Sequence[tuple[Row, ...]], names: Sequence[str], verdicts: Verdicts, policy: Policy
) -> ClearedTable | None:
    """Those matched beside those not, from the groups of which the share with a match is released."""
    rounded = [[_rounded(verdict, policy) for verdict in topic] for topic in verdicts]
    parted = [
        (name, [(str(row["group"]), one) for row, one in zip(topics[place], rounded[place], strict=True)])
        for place, name in enumerate(names)
        if place
    ]
    return matched_or_not(rounded[0][0], parted, policy)


def _rounded(verdict: tuple[Group, Held] | None, policy: Policy) -> Rounded | None:
    if verdict is None or not released(verdict[1].having) or verdict[0].having is None:
        return None
    children, matched = policy.rounded(verdict[0].children), policy.rounded(verdict[0].having)
    return children, matched

"""How good the links are, as it may leave: overall, and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, seal
from hearthlink.disclosure.figures import (
    HELD_BACK,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    least_share,
    protected_ends,
    share,
    small_or_rounded,
    words,
)
from hearthlink.disclosure.policy import Policy, Verdict, worst
from hearthlink.disclosure.protect import Group, Held, judge, protect
from hearthlink.disclosure.shares import TITLES, Row, number

MEASURES: dict[str, str] = {
    "children": "Children looked for by name",
    "linked": "Children with a match",
    "precision": "Of the matches, how many are right",
    "recall": "Of the children who are on file, how many are matched rightly",
    "f1": "Right and found, taken together (F1)",
    "wrong_sibling": "Of the matches, how many are to another child of the right household",
    "none_right": "Of the children with no match, how many are rightly without",
}
BASES = {"posterior": "As the model expects", "truth": "By the truth"}
LEVELS = {"household": "Household", "person": "Person", "model": "All"}
TRUTH_NOTE = "The truth is known only where the people are made up."


def link_quality(rows: Sequence[Row], policy: Policy) -> ClearedTable:
    """The measures of the linkage: shares from rounded parts, with their intervals."""
    lines = [_measure(row, policy) for row in rows]
    columns = (
        ClearedColumn("basis", "Known from", "text"),
        ClearedColumn("level", "Level", "text"),
        ClearedColumn("measure", "Measure", "text"),
        ClearedColumn("number", "Number of children", "count"),
        ClearedColumn("share", "Share", "share"),
        ClearedColumn("low", "From", "share"),
        ClearedColumn("high", "To", "share"),
    )
    return seal(
        "link_quality",
        "How good the matches are",
        columns,
        lines,
        notes=[TRUTH_NOTE],
        threshold=policy.threshold,
        base=policy.base,
    )


def _measure(row: Row, policy: Policy) -> list[Cell]:
    """One measure: a count, or a share of a rounded count, *at least* where what it lacks is too small to print."""
    basis, level, measure = (str(row[name]) for name in ("basis", "level", "measure"))
    head = [words(BASES.get(basis, basis)), words(LEVELS.get(level, level)), words(MEASURES.get(measure, measure))]
    over, under = number(row, "numerator"), number(row, "denominator")
    if over is None or under is None:
        return [*head, small_or_rounded(number(row, "value") or 0.0, policy), *[NOT_APPLICABLE] * 3]
    if measure == "f1":
        # Twice the right matches over twice and the errors: a child counts double, so the parts are halved.
        over, under = over / 2, under / 2
    base = small_or_rounded(under, policy)
    if not isinstance(base.value, int) or over < policy.threshold:
        return [*head, base, *[HELD_BACK] * 3]
    if under - over < policy.threshold:
        return [*head, base, least_share(base.value, policy), *[HELD_BACK] * 2]
    low, high = number(row, "low"), number(row, "high")
    ends = protected_ends(
        over, None if low is None else low * under, None if high is None else high * under, under, policy
    )
    shown = [share(one, base.value, policy) for one in (ends.low, ends.high)] if ends else [NOT_AVAILABLE] * 2
    return [*head, base, share(policy.rounded(over), base.value, policy), *shown]


@dataclass(frozen=True, slots=True)
class Part:
    """One measure by group: its column, and which figures are its base and its part."""

    column: ClearedColumn
    base: str
    part: str
    lenient: bool
    whole: bool


PARTS = (
    Part(ClearedColumn("matched", "With a match", "share"), "children", "linked", False, True),
    Part(ClearedColumn("expected_right", "Expected to be right", "share"), "children", "expected_right", True, False),
    Part(ClearedColumn("precision", "Matches that are right", "share"), "linked", "right", True, True),
    Part(ClearedColumn("recall", "Children on file matched rightly", "share"), "on_file", "right", True, True),
)


def quality_tables(
    rows: Sequence[Row], children_held: Mapping[tuple[str, str], Verdict], policy: Policy
) -> tuple[ClearedTable, ...]:
    """Link quality by group; a group whose number of children is held back elsewhere is held back here."""
    names = list(dict.fromkeys(str(row["topic"]) for row in rows))
    topics = [tuple(row for row in rows if row["topic"] == name) for name in names]
    if not topics or names[0] != "all_children":
        return ()
    shares = [_shares(topics, part, children_held, policy) for part in PARTS]
    _hide_without_base(shares)
    made: list[ClearedTable] = []
    for place, name in enumerate(names[1:], start=1):
        lines = [
            [words(str(row["group"])), *(column[place][group] for column in shares)]
            for group, row in enumerate(topics[place])
        ]
        lines.insert(0, [words("All children referred and counted"), *(column[0][0] for column in shares)])
        title = TITLES.get(name, name)
        made.append(
            seal(
                f"link_quality_by_{name}",
                f"How good the matches are: {title[0].lower()}{title[1:]}",
                (ClearedColumn("group", title, "text"), *(part.column for part in PARTS)),
                lines,
                notes=[TRUTH_NOTE],
                threshold=policy.threshold,
                base=policy.base,
            )
        )
    return tuple(made)


def _hide_without_base(shares: list[list[list[Cell]]]) -> None:
    """Where the share with a match is held back, so is the share of the matches that are right."""
    matched, precision = (
        next(i for i, part in enumerate(PARTS) if part.column.name == name) for name in ("matched", "precision")
    )
    for topic, cells in enumerate(shares[matched]):
        for group, cell in enumerate(cells):
            if cell == HELD_BACK and shares[precision][topic][group].value is not None:
                shares[precision][topic][group] = HELD_BACK


def _shares(
    topics: Sequence[tuple[Row, ...]], part: Part, children_held: Mapping[tuple[str, str], Verdict], policy: Policy
) -> list[list[Cell]]:
    """A cell for each group of each topic, after the checks of this measure over all topics together."""
    groups = [[_group(row, part) for row in topic] for topic in topics]
    if any(group is None for topic in groups for group in topic):
        return [[NOT_APPLICABLE] * len(topic) for topic in topics]
    known = [[group for group in topic if group is not None] for topic in groups]
    start = [
        [_held(group, row, part, children_held, policy) for group, row in zip(*pair, strict=True)]
        for pair in zip(known, topics, strict=True)
    ]
    whole, first = known[0][0], start[0][0]
    # What else is published of these children is known by their groups; how many of a group are matched is published here alone.
    rules = policy if part.base == "children" else replace(policy, totals_known=False)
    made = protect(known[1:], whole, rules, start=start[1:], everything=first)
    if not made.sound or not (first.having_shown or first.at_least):
        return [[HELD_BACK] * len(topic) for topic in topics]
    return [
        [_cell(group, verdict, policy) for group, verdict in zip(*pair, strict=True)]
        for pair in zip(known, ((first,), *made.held), strict=True)
    ]


def _group(row: Row, part: Part) -> Group | None:
    """Base and part of one group; None where the truth is not known."""
    right, missed = number(row, "right"), number(row, "missed")
    on_file = None if right is None or missed is None else right + missed
    base = on_file if part.base == "on_file" else number(row, part.base)
    having = number(row, part.part)
    return None if base is None or having is None else Group(int(base), min(having, base), whole=part.whole)


def _held(group: Group, row: Row, part: Part, children_held: Mapping[tuple[str, str], Verdict], policy: Policy) -> Held:
    own = judge(group, policy, lenient=part.lenient)
    children = children_held.get((str(row["topic"]), str(row["group"])), Verdict.UNCHECKED)
    verdict = worst([own.children, children])
    having = worst([own.having, verdict])
    return Held(verdict, having, own.at_least and verdict is Verdict.RELEASE)


def _cell(group: Group, held: Held, policy: Policy) -> Cell:
    if not held.children_shown or group.having is None:
        return HELD_BACK
    base = policy.rounded(group.children)
    if held.having_shown:
        return share(policy.rounded(group.having), base, policy)
    return least_share(base, policy) if held.at_least else HELD_BACK

"""The answers: the headline, the comparison, and the share on benefit by group, as they may leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, seal
from hearthlink.disclosure.figures import (
    HELD_BACK,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Ends,
    change,
    count,
    decimals,
    protected_ends,
    share,
    words,
)
from hearthlink.disclosure.policy import Comparator, Policy, Verdict, released, worst
from hearthlink.disclosure.protect import Group, Held, judge

Row = Mapping[str, object]
WHOLE = "all_children"
"""The topic of all children together."""
FACTOR_BASE = ("assessed", "Assessment completed")
"""The topic and the group that factors of assessments are found in."""

TITLES: dict[str, str] = {
    "age": "Age on the day of referral",
    "sex": "Sex",
    "ethnic_group": "Ethnic group",
    "name_group": "Group of the surname",
    "disability": "Disability",
    "primary_need": "Primary need",
    "deprivation": "Deprivation of the area",
    "stage": "Highest stage reached in the year",
    "unaccompanied": "Unaccompanied asylum seekers",
    "observability": "Whether the child could be seen in the benefit records",
    "assessed": "Whether an assessment was completed",
    "assessment_factor": "Factors found at assessment",
    "stage_six_months": "Highest stage reached within six months",
    "assessment_six_months": "Assessment within six months",
    "section47_six_months": "Section 47 enquiry within six months",
    "cin_plan_six_months": "Child in need plan within six months",
    "protection_plan_six_months": "Child protection plan within six months",
    "looked_after_six_months": "Looked after within six months",
    "referred_before": "Referred in the twelve months before",
    "referred_again": "Referred again in the twelve months after",
    "months_observed": "Months in which the household was observed",
}
OVERLAP_NOTE = (
    "A child may be in several rows, so that the rows do not add up. The base is children with a completed assessment."
)
STAGE_NOTE = "Each child is counted once, at the highest stage that followed from the referral by the end of the year."
ENDS_NOTE = (
    "These children: what may be true of these very children, given doubt about the matching. The process: what the same process "
    "might bring with other families. Both at 95%, rounded outward."
)
SENSITIVITY_WORDS: dict[str, str] = {
    "best_link": "The best match of each child alone, in place of all likely ones",
    "window": "Claims in payment within 31 days either side, not on the day alone",
    "main_home": "The main home alone, for children with two homes",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """The rows of one topic in order, and what the checks make of each."""

    name: str
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    held: tuple[Held, ...]
    overlapping: bool


def number(row: Row, name: str) -> float | None:
    """A figure of a row, where it has one."""
    value = row[name]
    return float(value) if isinstance(value, int | float) else None


def group_of(row: Row) -> Group:
    """The figures that the checks need of a row of the answer."""
    on = number(row, "on_benefit")
    parts = ("families", "on_families", "off_families") if on is not None else ("families",)
    largest = ("largest_family", "on_largest_family", "off_largest_family") if on is not None else ("largest_family",)
    return Group(
        children=int(number(row, "children") or 0),
        having=on,
        fewest=number(row, "fewest_on"),
        most=number(row, "most_on"),
        families=tuple(int(number(row, name) or 0) for name in parts),
        largest=tuple(int(number(row, name) or 0) for name in largest),
    )


def rest_of(whole: Group, part: Group, policy: Policy) -> Verdict:
    """Whether what a group leaves of its base is large enough in each figure: the rest can be had by subtraction."""
    children = whole.children - part.children
    on = (whole.having or 0.0) - (part.having or 0.0)
    left = (children, on, children - on)
    return worst([Verdict.RELEASE if one >= policy.threshold else Verdict.COMPLEMENT for one in left])


def judge_overlapping(groups: Sequence[Group], base: Group, base_held: Held, policy: Policy) -> tuple[Held, ...]:
    """Verdicts on groups that share children: each by itself, and by what it leaves of the base."""
    result: list[Held] = []
    for group in groups:
        own = judge(group, policy)
        rest = rest_of(base, group, policy) if base_held.children_shown else Verdict.RELEASE
        small_rest = base.children - group.children < policy.threshold and base_held.children_shown
        children = worst([own.children, Verdict.COMPLEMENT if small_rest else Verdict.RELEASE])
        result.append(Held(children, worst([own.having, rest, children])))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Protected:
    """The figures of a row as they may leave; None where one is held back."""

    children: int | None
    on_benefit: int | None
    these: Ends | None
    process: Ends | None


def protected(row: Row, held: Held, policy: Policy) -> Protected:
    """Rounded parts and ends of a row that passed; nothing of one that did not."""
    children, on = number(row, "children") or 0.0, number(row, "on_benefit")
    shown = policy.rounded(children) if held.children_shown else None
    if on is None or not held.having_shown:
        return Protected(shown, None, None, None)
    these = protected_ends(on, number(row, "these_low"), number(row, "these_high"), children, policy)
    process = protected_ends(on, number(row, "process_low"), number(row, "process_high"), children, policy)
    return Protected(shown, policy.rounded(on), these, process)


def share_cells(figures: Protected, policy: Policy) -> list[Cell]:
    """Children, those on benefit, their share, and the ends of both intervals as shares."""
    children = HELD_BACK if figures.children is None else Cell(figures.children)
    if figures.children is None or figures.on_benefit is None:
        return [children, *[HELD_BACK] * 6]
    under = figures.children
    if not under:
        return [children, *[NOT_APPLICABLE] * 6]
    cells = [children, Cell(figures.on_benefit), share(figures.on_benefit, under, policy)]
    for ends in (figures.these, figures.process):
        if ends is None:
            cells += [NOT_AVAILABLE, NOT_AVAILABLE]
        else:
            cells += [share(ends.low, under, policy), share(ends.high, under, policy)]
    return cells


SHARE_COLUMNS = (
    ClearedColumn("children", "Children", "count"),
    ClearedColumn("on_benefit", "On benefit", "count"),
    ClearedColumn("share", "Share on benefit", "share"),
    ClearedColumn("these_low", "These children, from", "share"),
    ClearedColumn("these_high", "These children, to", "share"),
    ClearedColumn("process_low", "The process, from", "share"),
    ClearedColumn("process_high", "The process, to", "share"),
)


def headline(row: Row, held: Held, policy: Policy) -> ClearedTable:
    """The share of all counted children."""
    cells = [words("All children referred and counted"), *share_cells(protected(row, held, policy), policy)]
    columns = (ClearedColumn("group", "Group", "text"), *SHARE_COLUMNS)
    return seal(
        "headline",
        "Children referred in the year who were on benefit on the day of referral",
        columns,
        [cells],
        notes=[ENDS_NOTE],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def comparison(row: Row, held: Held, comparator: Comparator, policy: Policy) -> ClearedTable:
    """The headline beside a figure from elsewhere: difference in percentage points and ratio, with both intervals."""
    figures = protected(row, held, policy)
    rows: list[list[Cell]] = []
    for name, ends in (("These children", figures.these), ("The process", figures.process)):
        head = [words(name), words(comparator.label), Cell(round(comparator.share, 3), decimals=1)]
        if figures.children is None or figures.on_benefit is None:
            rows.append([*head, *[HELD_BACK] * 6])
            continue
        places = decimals(figures.children, policy)
        known = [figures.on_benefit, *((ends.low, ends.high) if ends else (None, None))]
        shares = [None if one is None else one / figures.children for one in known]
        points = [_figure(None if one is None else 100 * (one - comparator.share), places) for one in shares]
        ratios = [_figure(None if one is None else one / comparator.share, places + 1) for one in shares]
        rows.append([*head, *points, *ratios])
    columns = (
        ClearedColumn("interval", "Interval", "text"),
        ClearedColumn("comparator", "Compared with", "text"),
        ClearedColumn("comparator_share", "Its share", "share"),
        ClearedColumn("difference", "Difference, in percentage points", "points"),
        ClearedColumn("difference_low", "Difference, from", "points"),
        ClearedColumn("difference_high", "Difference, to", "points"),
        ClearedColumn("ratio", "Ratio", "ratio"),
        ClearedColumn("ratio_low", "Ratio, from", "ratio"),
        ClearedColumn("ratio_high", "Ratio, to", "ratio"),
    )
    return seal(
        "comparison",
        f"Compared with {comparator.label}",
        columns,
        rows,
        notes=[f"Source of the comparison: {comparator.source}.", f"Its base differs: {comparator.base}."],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def by_topic(topic: Topic, base_row: Row, base_held: Held, base_words: str, policy: Policy) -> ClearedTable:
    """The share on benefit of each group of a topic, below the base that the groups are part of."""
    rows = [[words(base_words), *share_cells(protected(base_row, base_held, policy), policy)]]
    for row, held in zip(topic.rows, topic.held, strict=True):
        rows.append([words(str(row["group"])), *share_cells(protected(row, held, policy), policy)])
    title = TITLES.get(topic.name, topic.name)
    notes = [
        ENDS_NOTE,
        *([OVERLAP_NOTE] if topic.overlapping else []),
        *([STAGE_NOTE] if topic.name == "stage" else []),
    ]
    return seal(
        f"on_benefit_by_{topic.name}",
        f"Share on benefit: {title[0].lower()}{title[1:]}",
        (ClearedColumn("group", title, "text"), *SHARE_COLUMNS),
        rows,
        notes=notes,
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def sensitivity(rows: Sequence[Row], headline_row: Row, held: Held, policy: Policy) -> ClearedTable:
    """What other definitions would change, at the top level alone: differences, held back where they are small."""
    figures = protected(headline_row, held, policy)
    by_group = {str(row["group"]): number(row, "on_benefit") or 0.0 for row in rows}
    best = by_group.get("best_link", 0.0)
    against = {"best_link": number(headline_row, "on_benefit") or 0.0, "window": best, "main_home": best}
    lines: list[list[Cell]] = []
    for group, label in SENSITIVITY_WORDS.items():
        if group not in by_group:
            continue
        moved = change(by_group[group] - against[group], policy) if released(held.having) else HELD_BACK
        lines.append([words(label), moved, _moved_points(moved, figures.children, policy)])
    small = (
        ""
        if figures.children is None
        else f" So it moves the share by less than {_points(policy, figures.children)} points."
    )
    return seal(
        "sensitivity",
        "What other definitions would change",
        (
            ClearedColumn("definition", "Definition", "text"),
            ClearedColumn("change", "More or fewer children on benefit", "change"),
            ClearedColumn("points", "Change of the share, in percentage points", "points"),
        ),
        lines,
        notes=[f"A change that is held back is of fewer than {policy.threshold} children.{small}"],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _moved_points(moved: Cell, children: int | None, policy: Policy) -> Cell:
    if not isinstance(moved.value, int) or not children:
        return HELD_BACK
    places = decimals(children, policy)
    return Cell(round(100 * moved.value / children, places), decimals=places)


def _points(policy: Policy, children: int) -> str:
    """The threshold as percentage points of the children, rounded up to a tenth."""
    return f"{-(-1000 * policy.threshold // children) / 10:.1f}"


def who_was_counted(rows: Sequence[Row], policy: Policy) -> ClearedTable:
    """Children referred, counted and left out, and some of those counted whom the reader should know of."""
    counts = {(str(row["topic"]), str(row["group"])): group_of(row) for row in rows}
    parts = [group for (topic, _), group in counts.items() if topic == "referred"]
    verdicts = {key: judge(group, policy).children for key, group in counts.items()}
    counted = counts.get(("referred", "Counted"))
    for key, group in counts.items():
        if counted and key[0] != "referred" and counted.children - group.children < policy.threshold:
            verdicts[key] = worst([verdicts[key], Verdict.COMPLEMENT])
    # The sum is printed only beside parts that are: it would give a held-back part away.
    whole = worst([verdicts[key] for key in counts if key[0] == "referred"])
    everyone = sum(group.children for group in parts)
    lines = [[words("All children referred in the year"), count(everyone, whole, policy)]]
    lines += [
        [words(group), count(counts[topic, group].children, verdicts[topic, group], policy)] for topic, group in counts
    ]
    return seal(
        "who_was_counted",
        "Who was counted",
        (ClearedColumn("group", "Children", "text"), ClearedColumn("children", "Number", "count")),
        lines,
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _figure(value: float | None, places: int) -> Cell:
    return NOT_AVAILABLE if value is None else Cell(round(value, places), decimals=places)

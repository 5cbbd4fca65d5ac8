"""The share on benefit from other sides, as it may leave: its bounds, other populations, the way to a match, and other roads to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hearthlink.disclosure.asked import NOBODY
from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, Marker, seal
from hearthlink.disclosure.exploratory import marked
from hearthlink.disclosure.figures import (
    HELD_BACK,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    change,
    decimals,
    least_share,
    protected_ends,
    share,
    words,
)
from hearthlink.disclosure.measured import title_of
from hearthlink.disclosure.policy import Policy, Verdict, released, worst
from hearthlink.disclosure.shares import Row, number

BOUND_NOTE = (
    "Bounds are made from rounded numbers. The ends of their intervals, rounded outward, allow for other families and for doubt about "
    "the matches (Imbens and Manski 2004)."
)
COMPARED_NOTE = (
    "Standardised: what the share would be if children of each age and area had the rates of those compared with."
)
EVERYBODY_NOTE = "Where the comparison speaks of nearly all of the children, theirs are the figures of all of them."
STAGED_NOTE = "At least: so few lie between it and a number that is printed that they are held back."
ROADS_NOTE = (
    "A cross-check at the top level alone. By another road than all likely matches the number is shown as that number more or less a "
    "rounded difference; a difference that is held back is of fewer than {threshold} children."
)


def bounds(rows: Sequence[Row], policy: Policy) -> ClearedTable:
    """Between what the share must lie: bounds as shares of rounded children."""
    ordered = _ordered(rows)
    lines: list[list[Cell]] = []
    for row in ordered:
        children = number(row, "children") or 0.0
        head = [words(str(row[name])) for name in ("name", "assumption", "source")]
        if children < policy.threshold:
            lines.append([*head, *[HELD_BACK] * 5])
            continue
        low, high = (_bound(number(row, name), children, policy, down=name == "low") for name in ("low", "high"))
        low_end = _end(row, "low", low, policy)
        high_end = _end(row, "high", high, policy)
        under = policy.rounded(children)
        ends = [NOT_AVAILABLE if one is None else share(one, under, policy) for one in (low, high, low_end, high_end)]
        lines.append([*head, Cell(under), *ends])
    columns = (
        *(ClearedColumn(name, said, "text") for name, said in
          (("name", "Bound"), ("assumption", "What is assumed"), ("source", "Where its margin comes from"))),
        ClearedColumn("children", "Children", "count"),
        ClearedColumn("low", "At least", "share"),
        ClearedColumn("high", "At most", "share"),
        ClearedColumn("low_end", "At least, with its interval", "share"),
        ClearedColumn("high_end", "At most, with its interval", "share"),
    )  # fmt: skip
    title = "Between what the share on benefit must lie"
    return marked("bounds", title, columns, lines, ordered, notes=[BOUND_NOTE], policy=policy)


def _bound(value: float | None, children: float, policy: Policy, *, down: bool) -> int | None:
    """A bound as a protected number of children: nobody or everybody where few are left beyond it.

    It is rounded as every number is: a number that stands elsewhere too must not be rounded in two ways.
    """
    if value is None:
        return None
    most = policy.rounded(children)
    if down and value < policy.threshold:
        return 0
    return most if children - value < policy.threshold else min(most, policy.rounded(value))


def _end(row: Row, name: str, bound: int | None, policy: Policy) -> int | None:
    """The end of a bound's interval, as far from the protected bound as the true one is from the true, outward."""
    value, end = number(row, name), number(row, f"{name}_end")
    if bound is None or value is None or end is None:
        return None
    apart = policy.outward(abs(end - value))
    most = policy.rounded(number(row, "children") or 0.0)
    return max(0, bound - apart) if name == "low" else min(most, bound + apart)


def _ordered(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: number(row, "order") or 0.0)


Base = Callable[[Row], Row | None]
"""The row whose figures may be printed for one: its own, that of all children where it has nearly all of them, or none."""


def compared(rows: Sequence[Row], base: Base, policy: Policy) -> ClearedTable:
    """The share beside those of other populations: differences and ratios of protected parts."""
    ordered = _ordered(rows)
    lines = [_compared(row, base(row), policy) for row in ordered]
    text = (
        ("comparator", "Compared with"),
        ("source", "Source"),
        ("base", "How its base differs"),
        ("measure", "Measure"),
    )
    columns = (
        *(ClearedColumn(name, said, "text") for name, said in text),
        ClearedColumn("standardised", "Standardised", "text"),
        ClearedColumn("children", "Children", "count"),
        ClearedColumn("having", "Of whom it is true", "count"),
        ClearedColumn("share", "Their share", "share"),
        ClearedColumn("other_share", "The other share", "share"),
        ClearedColumn("difference", "Difference, in percentage points", "points"),
        ClearedColumn("difference_low", "Difference, from", "points"),
        ClearedColumn("difference_high", "Difference, to", "points"),
        ClearedColumn("ratio", "Ratio", "ratio"),
        ClearedColumn("ratio_low", "Ratio, from", "ratio"),
        ClearedColumn("ratio_high", "Ratio, to", "ratio"),
    )
    notes = [
        COMPARED_NOTE,
        EVERYBODY_NOTE,
        "Ranges are those of the process: other families as well as doubt about the matches.",
    ]
    return marked("compared", "Compared with other populations", columns, lines, ordered, notes=notes, policy=policy)


def _compared(row: Row, base: Row | None, policy: Policy) -> list[Cell]:
    head = [words(str(row[name])) for name in ("comparator", "source", "base")]
    head += [words(title_of(str(row["measure"]))), words("yes" if row["standardised"] else "no")]
    if base is None:
        return [*head, *[HELD_BACK] * 10]
    children, having = number(base, "children") or 0.0, number(base, "having") or 0.0
    under = policy.rounded(children)
    over = min(policy.rounded(having), under)
    cells = [Cell(under), Cell(over), share(over, under, policy)]
    other = number(row, "share")
    if other is None or under < policy.share_base:
        return [*head, *cells, *[NOT_AVAILABLE] * 7]
    # The other share is made from our own numbers by age and area where it is standardised: no finer than a rounded number.
    rounded = policy.rounded(other * children) / under if row["standardised"] else other
    places = decimals(under, policy)
    ends = protected_ends(having, number(base, "process_low"), number(base, "process_high"), children, policy)
    values = [over, *((None, None) if ends is None else (ends.low, ends.high))]
    points = [None if one is None else 100 * (one / under - rounded) for one in values]
    ratios = [None if one is None or rounded <= 0 else one / under / rounded for one in values]
    return [
        *head, *cells, Cell(round(rounded, places + 2), decimals=places),
        *(_figure(one, places) for one in points), *(_figure(one, places + 1) for one in ratios),
    ]  # fmt: skip


def _figure(value: float | None, places: int) -> Cell:
    return NOT_AVAILABLE if value is None else Cell(round(value, places) + 0.0, decimals=places)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Numbers of children that other tables print, those that they hold back, and those printed that a stage may hold within it."""

    printed: tuple[float, ...]
    hidden: tuple[float, ...]
    within: tuple[float, ...] = ()


def staged(rows: Sequence[Row], other: Elsewhere, policy: Policy) -> ClearedTable:
    """Who could be linked: how many are left at each stage, *at least* where few lie between it and a number that is printed.

    All children counted and those on benefit are stages that other tables print: they stand as they do there.
    """
    ordered = _ordered(rows)
    cells = [_stage(row, other, policy) for row in ordered]
    counts = [number(row, "children") or 0.0 for row in ordered]
    for place, (count, cell) in enumerate(zip(counts, cells, strict=True)):
        if _printed(count, other) or not isinstance(cell.value, int):
            continue
        after = [one for one in counts[place + 1 :] if _printed(one, other)]
        inner = [one for one in (*after, *other.within) if 0 <= count - one < policy.threshold]
        before = [one for one, shown in zip(counts[:place], cells[:place], strict=True)
                  if isinstance(shown.value, int) and shown.marker is Marker.NONE and 0 <= one - count < policy.threshold]  # fmt: skip
        if inner:
            cells[place] = Cell(policy.rounded(max(inner)), Marker.AT_LEAST)
        elif before:
            least = policy.rounded(min(before)) - policy.step
            cells[place] = Cell(least, Marker.AT_LEAST) if least >= policy.threshold else HELD_BACK
    lines = [[words(str(row["stage"])), cell] for row, cell in zip(ordered, cells, strict=True)]
    columns = (ClearedColumn("stage", "Stage", "text"), ClearedColumn("children", "Children", "count"))
    return seal(
        "staged", "Who could be linked, from referral to claim", columns, lines, notes=[STAGED_NOTE],
        threshold=policy.threshold, base=policy.base, profile=policy.profile,
    )  # fmt: skip


def _printed(count: float, other: Elsewhere) -> bool:
    return any(abs(count - one) < NOBODY for one in other.printed)


def _stage(row: Row, other: Elsewhere, policy: Policy) -> Cell:
    """A stage by itself: small in no draw, from families enough, and no number that is held back elsewhere, nor what leaves one."""
    count, fewest = number(row, "children") or 0.0, number(row, "fewest")
    families, largest = (number(row, name) or 0.0 for name in ("families", "largest_family"))
    told = any(
        abs(count - one) < NOBODY or any(abs(all_ - count - one) < NOBODY for all_ in other.printed)
        for one in other.hidden
    )
    verdict = worst([
        Verdict.RELEASE if min(count, count if fewest is None else fewest) >= policy.threshold else Verdict.SMALL,
        Verdict.RELEASE if families >= policy.families and largest <= policy.largest_family * count else Verdict.FAMILIES,
        Verdict.SUBTRACTION if told and not _printed(count, other) else Verdict.RELEASE,
    ])  # fmt: skip
    return Cell(policy.rounded(count)) if released(verdict) else HELD_BACK


def roads(rows: Sequence[Row], shown: bool, policy: Policy) -> ClearedTable:  # noqa: FBT001
    """The share by other roads: all likely matches as it stands, and others by a rounded difference from it."""
    ordered = _ordered(rows)
    drawn = next((row for row in ordered if row["road"] == "draws"), None)
    lines: list[list[Cell]] = []
    for row in ordered:
        head = [words(str(row["road"]).replace("_", " ")), words(str(row["says"]))]
        children = number(row, "children") or 0.0
        if drawn is None or not shown or children < policy.share_base:
            lines.append([*head, *[HELD_BACK] * 4])
            continue
        under = policy.rounded(children)
        having = _road(row, drawn, policy)
        figure = having.value
        part = share(min(figure, under), under, policy) if isinstance(figure, int) else HELD_BACK
        lines.append(
            [
                *head,
                having,
                part,
                *(_quality(number(row, name), having, under, policy) for name in ("precision", "recall")),
            ]
        )
    columns = (
        ClearedColumn("road", "Road", "text"),
        ClearedColumn("says", "What it is", "text"),
        ClearedColumn("having", "Children on benefit", "count"),
        ClearedColumn("share", "Share on benefit", "share"),
        ClearedColumn("precision", "Matches that are right", "share"),
        ClearedColumn("recall", "Found, of those on file", "share"),
    )
    return seal(
        "roads", "The share by other roads", columns, lines, notes=[ROADS_NOTE.format(threshold=policy.threshold)],
        threshold=policy.threshold, base=policy.base, profile=policy.profile,
    )  # fmt: skip


def _road(row: Row, drawn: Row, policy: Policy) -> Cell:
    ours, theirs = number(drawn, "having") or 0.0, number(row, "having") or 0.0
    if row is drawn:
        return Cell(policy.rounded(ours))
    moved = change(theirs - ours, policy).value
    made = policy.rounded(ours) + moved if isinstance(moved, int) else None
    return HELD_BACK if made is None or made < policy.threshold else Cell(made)


def _quality(value: float | None, having: Cell, under: int, policy: Policy) -> Cell:
    """A measure of the links that a road used, as a share that tells no number finer than a rounded one."""
    if value is None:
        return NOT_APPLICABLE
    over = having.value if isinstance(having.value, int) else under
    if (1 - value) * over < policy.threshold:
        return least_share(over, policy)
    return share(policy.rounded(value * over), over, policy)

"""The measures as they may leave: by theme for all children, by group, and what could not be seen by reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hearthlink.disclosure.asked import ON_DAY, Key, Part
from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, Marker
from hearthlink.disclosure.exploratory import marked
from hearthlink.disclosure.figures import HELD_BACK, NOT_APPLICABLE, NOT_AVAILABLE, protected_ends, share, words
from hearthlink.disclosure.jointly import Checked
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import ENDS_NOTE, TITLES, Row, number
from hearthlink.disclosure.state import TOP, Place, Shown
from hearthlink.disclosure.wholes import OF_FILES
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS

SEEN_NOTE = "Children of whom it could be seen stand beside those counted, and shares are of them. What could not be seen is not counted as no."
NEARLY_NOTE = (
    "At least: of fewer than {few} it could not be seen, for they were too young, so that shares are of all children."
)
OVERLAP_NOTE = "A child may be in several rows, so that the rows do not add up."
WINDOWS: dict[str, str] = {**WINDOW_WORDS}
BASE_WORDS = "All children referred and counted"

FIGURES = (
    ClearedColumn("children", "Children", "count"),
    ClearedColumn("observed", "Of whom it could be seen", "count"),
    ClearedColumn("having", "Of whom it is true", "count"),
    ClearedColumn("share", "Share of those seen", "share"),
    ClearedColumn("these_low", "These children, from", "share"),
    ClearedColumn("these_high", "These children, to", "share"),
    ClearedColumn("process_low", "The process, from", "share"),
    ClearedColumn("process_high", "The process, to", "share"),
)


def slug(text: str) -> str:
    """Words as a name of a table."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def title_of(measure: str) -> str:
    """A measure in plain words."""
    known = MEASURES.get(measure)
    return measure.replace("_", " ").capitalize() if known is None else known.title


def theme_of(measure: str) -> str:
    """The heading that a measure stands under."""
    known = MEASURES.get(measure)
    return "Other measures" if known is None else known.theme


def by_theme(measures: Iterator[str] | Sequence[str]) -> dict[str, list[str]]:
    """Measures by theme, in the order in which they are reported."""
    order = list(MEASURES)
    found: dict[str, list[str]] = {}
    for measure in sorted(set(measures), key=lambda one: (order.index(one) if one in order else len(order), one)):
        found.setdefault(theme_of(measure), []).append(measure)
    return found


def figures(key: Key, part: Part, place: Place, shown: Shown, policy: Policy) -> list[Cell]:
    """The cells of a part: rounded numbers, their share, and ends set around the rounded number."""
    if not shown.shows_children(place):
        return [HELD_BACK] * 8
    cells = [Cell(policy.rounded(part.children))]
    if part.nobody:
        return [*cells, *[NOT_APPLICABLE] * 7]
    if not shown.shows_observed(key, place):
        return [*cells, *[HELD_BACK] * 7]
    if part.nearly:
        return [*cells, *_nearly(key, part, place, shown, policy)]
    under = policy.rounded(part.observed)
    cells.append(Cell(under))
    if not shown.shows_having(key, place):
        return [*cells, *[HELD_BACK] * 6]
    over = min(policy.rounded(part.having), under)
    cells += [Cell(over), share(over, under, policy)]
    for kind in ("these", "process"):
        low, high = number(part.row, f"{kind}_low"), number(part.row, f"{kind}_high")
        ends = protected_ends(part.having, low, high, part.observed, policy)
        one = (
            [NOT_AVAILABLE] * 2
            if ends is None
            else [share(min(end, under), under, policy) for end in (ends.low, ends.high)]
        )
        cells += one
    return cells


def _nearly(key: Key, part: Part, place: Place, shown: Shown, policy: Policy) -> list[Cell]:
    """The cells where so few are not observed that only that is said: *at least* of all but the threshold, and of all children."""
    everybody = policy.rounded(part.children)
    fewest = everybody - policy.step
    cells = [Cell(fewest, Marker.AT_LEAST) if fewest >= policy.threshold else HELD_BACK]
    if not shown.shows_having(key, place):
        return [*cells, *[HELD_BACK] * 6]
    over = min(policy.rounded(part.having), everybody)
    bare = share(over, everybody, policy)
    cells += [Cell(over), bare if bare.value is None else replace(bare, marker=Marker.AT_LEAST)]
    for kind in ("these", "process"):
        low, high = number(part.row, f"{kind}_low"), number(part.row, f"{kind}_high")
        ends = protected_ends(part.having, low, high, part.children, policy)
        if ends is None or fewest < policy.share_base:
            cells += [NOT_AVAILABLE] * 2
        else:
            cells += [share(ends.low, everybody, policy), share(min(ends.high, fewest), fewest, policy)]
    return cells


def measures(checked: Checked, policy: Policy) -> Iterator[ClearedTable]:
    """One table for each theme: every measure and window for all children."""
    windows = list(WINDOWS)
    for theme, names in by_theme([key[0] for key in checked.whole]).items():
        keys = [key for name in names for key in sorted(
            (one for one in checked.whole if one[0] == name), key=lambda one: windows.index(one[1]) if one[1] in windows else 99)]  # fmt: skip
        rows = [
            [words(title_of(key[0])), words(WINDOWS.get(key[1], key[1])), *figures(key, checked.whole[key], TOP, checked.shown, policy)]
            for key in keys
        ]  # fmt: skip
        columns = (ClearedColumn("measure", "Measure", "text"), ClearedColumn("window", "When", "text"), *FIGURES)
        yield marked(
            f"measures_{slug(theme)}", theme, columns, rows, [checked.whole[key].row for key in keys],
            notes=_notes([checked.whole[key] for key in keys], policy, overlapping=False), policy=policy,
        )  # fmt: skip


def by_group(checked: Checked, answered: Mapping[str, object], policy: Policy) -> Iterator[ClearedTable]:
    """One table for each question and topic: the groups below all children. Those of the headline stand in tables of their own."""
    for topic in checked.topics.values():
        for key, parts in topic.parts.items():
            if key == ON_DAY and topic.topic in answered:
                continue
            whole = checked.whole[key]
            rows = [[words(BASE_WORDS), *figures(key, whole, TOP, checked.shown, policy)]]
            rows += [
                [words(group), *figures(key, part, (topic.topic, group), checked.shown, policy)]
                for group, part in parts.items()
            ]
            title = TITLES.get(topic.topic, topic.topic.replace("_", " ").capitalize())
            named = f"{title_of(key[0])} {WINDOWS.get(key[1], key[1])}: {title[:1].lower()}{title[1:]}"
            yield marked(
                f"measured_{key[0]}_{key[1]}_by_{topic.topic}", named,
                (ClearedColumn("group", title, "text"), *FIGURES), rows, [whole.row, *(part.row for part in parts.values())],
                notes=_notes([whole, *parts.values()], policy, overlapping=topic.overlapping), policy=policy,
            )  # fmt: skip


def _notes(parts: Sequence[Part], policy: Policy, *, overlapping: bool) -> list[str]:
    few = "ten" if policy.threshold == 10 else str(policy.threshold)
    nearly = [NEARLY_NOTE.format(few=few)] if any(part.nearly for part in parts) else []
    return [SEEN_NOTE, ENDS_NOTE, *nearly, *([OVERLAP_NOTE] if overlapping else [])]


def unseen(rows: Sequence[Row], shown: Shown, policy: Policy) -> Iterator[ClearedTable]:
    """One table for each theme: of how many children a measure cannot be seen, by reason."""
    for theme, names in by_theme([str(row["measure"]) for row in rows]).items():
        order = {name: place for place, name in enumerate(names)}
        windows = list(WINDOWS)
        asked = sorted(
            (row for row in rows if row["measure"] in order),
            key=lambda row: (order[str(row["measure"])], windows.index(str(row["window"])) if row["window"] in windows else 99,
                             number(row, "order") or 0.0),
        )  # fmt: skip
        lines = [
            [
                words(title_of(str(row["measure"]))),
                words(WINDOWS.get(str(row["window"]), str(row["window"]))),
                words(str(row["reason"])),
                _reason(row, shown, policy),
            ]
            for row in asked
        ]
        columns = (
            ClearedColumn("measure", "Measure", "text"),
            ClearedColumn("window", "When", "text"),
            ClearedColumn("reason", "Why it could not be seen", "text"),
            ClearedColumn("children", "Children", "count"),
        )
        yield marked(
            f"unseen_{slug(theme)}",
            f"{theme}: what could not be seen, and why",
            columns,
            lines,
            asked,
            notes=[],
            policy=policy,
        )


def _reason(row: Row, shown: Shown, policy: Policy) -> Cell:
    children = number(row, "children") or 0.0
    if row["reason"] in OF_FILES and children == 0 and number(row, "most") == 0:
        return NOT_APPLICABLE
    return Cell(policy.rounded(children)) if shown.shows_reason(_of(row), str(row["reason"])) else HELD_BACK


def _of(row: Row) -> Key:
    return str(row["measure"]), str(row["window"])

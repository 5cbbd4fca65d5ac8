"""A section for each theme: of how many children each measure can be seen, of how many it is true, by group, and what it means."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import ClearedTable
from hearthlink.report.charts import Bar, Chart, axis_end
from hearthlink.report.gather import is_exploratory
from hearthlink.report.grid import Grid, Head, Printed, fresh, grid
from hearthlink.report.panels import HEADINGS, Panel, bar, lower, measure_bar, message_of, range_of
from hearthlink.report.reading import Tables, figure, released, shown
from hearthlink.tables.measures import WINDOW_WORDS, Measure

MEASURES, UNSEEN, MEASURED = "measures_", "unseen_", "measured_"
WINDOWS = "|".join(WINDOW_WORDS)
BY_GROUP = re.compile(rf"measured_(?P<measure>.+)_(?P<window>{WINDOWS})_by_(?P<topic>.+)$")
SHARE_THEME = "share_on_benefits"
"""The theme that the section on the share on benefit holds; it has no section of its own."""

HELD, MARKED = "held back", "exploratory"


@dataclass(frozen=True, slots=True)
class Told:
    """One measure over one window in a sentence: what it is, and how many were seen and of how many it is true, in printed figures.

    `anchor` leads to its definition; `exploratory` says that it was not in the sealed plan.
    """

    anchor: str
    title: str
    when: str
    seen: str
    true: str
    exploratory: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """A section of measures: its anchor and heading, what is told of each, charts with tables, and tables that are folded away."""

    name: str
    heading: str
    told: tuple[Told, ...]
    panels: tuple[Panel, ...]
    folded: tuple[tuple[str, tuple[Grid, ...]], ...]


def themes(tables: Sequence[ClearedTable], definitions: Mapping[str, Measure]) -> list[Theme]:
    """The themes of which a table was cleared, in the order of the definitions."""
    order = {_slug(one.theme): place for place, one in enumerate(definitions.values())}
    found = [table for table in tables if table.name.startswith(MEASURES)]
    ordered = sorted(found, key=lambda table: order.get(table.name.removeprefix(MEASURES), len(order)))
    return [_theme(table, tables, definitions) for table in ordered]


def is_placed(name: str) -> bool:
    """Whether the themes print the table."""
    return name.startswith((MEASURES, UNSEEN, MEASURED))


def exploratory(table: ClearedTable, row: int) -> bool:
    """Whether a row was not in the sealed plan: it says so, or all of its table does."""
    state = shown(table, row, "state")
    if state:
        return state == MARKED
    return is_exploratory(table.notes)


def _theme(table: ClearedTable, tables: Sequence[ClearedTable], definitions: Mapping[str, Measure]) -> Theme:
    slug = table.name.removeprefix(MEASURES)
    names = {name: one for name, one in definitions.items() if _slug(one.theme) == slug}
    by_title = {one.title: name for name, one in names.items()}
    main = Panel(
        name=table.name.replace("_", "-"),
        heading="All children",
        says=(),
        grids=(_joined(grid(table)),),
        chart=_chart(table),
    )
    charted, plain = _groups(tables, names)
    unseen = next((one for one in tables if one.name == f"{UNSEEN}{slug}"), None)
    folded: list[tuple[str, tuple[Grid, ...]]] = (
        [("What could not be seen, and why", (grid(unseen),))] if unseen is not None and unseen.rows else []
    )
    if plain:
        above = [one for panel in (main, *charted) for one in panel.grids]
        folded.append(("Other windows by group", tuple(fresh([*above, *plain])[len(above) :])))
    return Theme(
        name=f"theme-{slug.replace('_', '-')}",
        heading=table.title,
        told=tuple(_told(table, row, by_title) for row in range(len(table.rows))),
        panels=(main, *charted),
        folded=tuple(folded),
    )


def _told(table: ClearedTable, row: int, by_title: Mapping[str, str]) -> Told:
    title = shown(table, row, "measure")
    children, observed, having = (
        shown(table, row, name) if released(table, row, name) else "" for name in ("children", "observed", "having")
    )
    seen = f"seen of {observed} of {children} children" if observed and children else f"how many were seen is {HELD}"
    return Told(
        anchor=by_title.get(title, ""),
        title=title,
        when=shown(table, row, "window"),
        seen=seen,
        true=f"true of {having} of them: {_share_said(table, row)}" if having else f"of how many it is true is {HELD}",
        exploratory=exploratory(table, row),
    )


def _share_said(table: ClearedTable, row: int) -> str:
    """The share with its range for the process."""
    spread = range_of(table, row, "process")
    if not released(table, row, "share"):
        return "too few for a share"
    if spread is None:
        return shown(table, row, "share")
    return f"{shown(table, row, 'share')} ({shown(table, row, 'process_low')} to {shown(table, row, 'process_high')})"


def _chart(table: ClearedTable) -> Chart | None:
    """The measures of a theme as a dot plot, each with the number seen beside its name."""
    rows = [row for row in range(len(table.rows)) if released(table, row, "share")]
    if not rows:
        return None
    highest = max(rows, key=lambda row: figure(table, row, "share") or 0.0)
    said = f"\u2018{shown(table, highest, 'measure')}\u2019 {shown(table, highest, 'window')}"
    message = f"{said} is true of {shown(table, highest, 'share')} of the children of whom it could be seen"
    chart = Chart(
        name=table.name.replace("_", "-"),
        message=f"{message}{', the largest share here' if len(rows) > 1 else ''}.",
        bars=tuple(measure_bar(table, row) for row in rows),
    )
    return replace(chart, end=axis_end(chart))


def _joined(one: Grid) -> Grid:
    """A table whose rows are headed by the measure and its window together."""
    heads = (Head(one.heads[0].text, "wordy"), *one.heads[2:])
    rows = tuple((Printed(f"{row[0].text} {row[1].text}"), *row[2:]) for row in one.rows)
    return replace(one, heads=heads, rows=rows)


def _groups(tables: Sequence[ClearedTable], names: Collection[str]) -> tuple[list[Panel], list[Grid]]:
    """Tables by group of these measures: a chart and a table for the first window of each, and plain tables for the others."""
    first: dict[tuple[str, str], str] = {}
    charted: list[Panel] = []
    plain: list[Grid] = []
    order = list(HEADINGS)
    found = [(match, table) for table in tables if (match := BY_GROUP.match(table.name)) and match["measure"] in names]
    found.sort(key=lambda one: (list(names).index(one[0]["measure"]), _at(order, one[0]["topic"])))
    for match, table in found:
        key = match["measure"], match["topic"]
        if first.setdefault(key, match["window"]) == match["window"] and match["measure"] != "on_benefit":
            charted.append(_group_panel(table))
        else:
            plain.append(grid(table))
    return charted, plain


def _at(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _group_panel(table: ClearedTable) -> Panel:
    """Each group against all children, which are the first row of the table."""
    rows = [row for row in range(1, len(table.rows)) if released(table, row, "share")]
    bars: tuple[Bar, ...] = tuple(bar(table, row) for row in rows)
    said, _, topic = table.title.rpartition(": ")
    chart = Chart(
        name=table.name.replace("_", "-"),
        message=message_of(table, f"the share of \u2018{said}\u2019"),
        bars=bars,
        line=figure(table, 0, "share"),
        line_says=f"All {shown(table, 0, 'share')}",
    )
    chart = replace(chart, end=axis_end(chart))
    marked = (f"{table.notes[0]}",) if exploratory(table, 0) else ()
    return Panel(
        name=table.name.replace("_", "-"),
        heading=f"{said}, by {lower(topic)}",
        says=marked,
        grids=(grid(table),),
        chart=chart if len(bars) > 1 else None,
    )


def _slug(theme: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", theme.lower()).strip("_")


def share_theme(found: Sequence[Theme]) -> Theme | None:
    """The theme that the section on the share on benefit holds."""
    return next((one for one in found if one.name == f"theme-{SHARE_THEME.replace('_', '-')}"), None)


def first_told(tables: Tables, theme: str, measure: str) -> str:
    """One measure in a sentence, for the brief; empty where nothing of it was released."""
    table = tables.get(f"{MEASURES}{theme}")
    for row in range(len(table.rows)) if table else ():
        if table and shown(table, row, "measure") == measure and released(table, row, "share", "observed"):
            mark = " Exploratory." if exploratory(table, row) else ""
            return (
                f"\u2018{measure}\u2019 {shown(table, row, 'window')} is true of {_share_said(table, row)} of the "
                f"{shown(table, row, 'observed')} children{_of_all(table, row)} of whom it could be seen.{mark}"
            )
    return ""


def _of_all(table: ClearedTable, row: int) -> str:
    """Of how many children they are, where not all could be seen."""
    if not released(table, row, "children") or shown(table, row, "children") == shown(table, row, "observed"):
        return ""
    return f", of {shown(table, row, 'children')} counted,"

"""A panel: a heading, a chart with its message, and the same figures in a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import ClearedTable
from hearthlink.report.charts import Bar, Chart, Drawing, Range, axis_end, draw
from hearthlink.report.grid import Grid, grid
from hearthlink.report.reading import figure, released, shown

BY_TOPIC = "on_benefit_by_"
HEADINGS: dict[str, str] = {
    "age": "By age",
    "sex": "By sex",
    "ethnic_group": "By ethnic group",
    "disability": "By disability",
    "primary_need": "By primary need",
    "assessment_factor": "By what the assessment found",
    "deprivation": "By deprivation of the area",
    "stage": "By how far the case went",
    "assessed": "By whether an assessment was completed",
    "unaccompanied": "Unaccompanied asylum seekers and other children",
    "observability": "By whether the child could be seen in the benefit records",
}
"""The topics in the order in which they are printed, each with its heading. A topic not named here comes last."""

ASIDES: dict[str, str] = {
    "stage": "A description, no more: how far a case goes depends on the referral and on all that follows it.",
    "deprivation": "Small areas of England in equal parts, ranked by the English Indices of Deprivation. The postcode is "
    "that of the day of referral.",
    "observability": "A child without a name or an address on file, with a restricted record, or living outside the area, "
    "can hardly be found in the council's benefit records.",
    "primary_need": "The need recorded at the first referral of the year.",
}
UNKNOWN = frozenset({"Not known", "Not stated"})


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: its heading, sentences, chart with drawing if there is one, and table."""

    name: str
    heading: str
    says: tuple[str, ...]
    grid: Grid
    chart: Chart | None = None
    drawing: Drawing | None = None
    line_key: str = ""


def share_panels(tables: Sequence[ClearedTable], *, apart: frozenset[str]) -> list[Panel]:
    """A panel for each table of shares by topic, in printed order; those named in `apart` are left for another section."""
    found = {table.name.removeprefix(BY_TOPIC): table for table in tables if table.name.startswith(BY_TOPIC)}
    order = [*(name for name in HEADINGS if name in found), *(name for name in found if name not in HEADINGS)]
    return [share_panel(found[name]) for name in order if name not in apart]


def share_panel(table: ClearedTable) -> Panel:
    """The panel of one topic: each group against the share of the base, which is the first row of its table."""
    topic = table.name.removeprefix(BY_TOPIC)
    base = shown(table, 0, "share")
    bars = tuple(bar(table, row) for row in range(1, len(table.rows)))
    drawn = Chart(
        name=topic.replace("_", "-"),
        message=message(table),
        bars=bars,
        line=figure(table, 0, "share"),
        line_says=f"All {base}",
    )
    worth = sum(one.share is not None for one in bars) > 1
    return Panel(
        name=table.name.replace("_", "-"),
        heading=HEADINGS.get(topic, table.title),
        says=tuple(ASIDES[name] for name in (topic,) if name in ASIDES),
        grid=grid(table),
        chart=drawn if worth else None,
        line_key=f"{lower(shown(table, 0, 'group'))}, {base}",
    )


def bar(table: ClearedTable, row: int) -> Bar:
    """A row of a table of shares as a bar of a chart."""
    return Bar(
        label=shown(table, row, "group"),
        share=figure(table, row, "share"),
        shown=shown(table, row, "share"),
        inner=_range(table, row, "these"),
        outer=_range(table, row, "process"),
    )


def _range(table: ClearedTable, row: int, name: str) -> Range | None:
    low, high = figure(table, row, f"{name}_low"), figure(table, row, f"{name}_high")
    return None if low is None or high is None else (low, high)


def message(table: ClearedTable) -> str:
    """What the chart of a topic shows, in a sentence: the highest and the lowest share, and whether they stand apart."""
    rows = [
        row
        for row in range(1, len(table.rows))
        if released(table, row, "share") and shown(table, row, "group") not in UNKNOWN
    ]
    subject = lower(table.columns[0].words)
    if len(rows) < 2:
        return f"Share on benefit: {subject}."
    low, high = min(rows, key=lambda row: _share(table, row)), max(rows, key=lambda row: _share(table, row))
    if shown(table, low, "share") == shown(table, high, "share"):
        return f"The share on benefit is the same in each group: {shown(table, low, 'share')}."
    said = (
        f"The share on benefit is highest, {shown(table, high, 'share')}, for {quoted(shown(table, high, 'group'))} and "
        f"lowest, {shown(table, low, 'share')}, for {quoted(shown(table, low, 'group'))}"
    )
    top, bottom = _range(table, high, "process"), _range(table, low, "process")
    if top is not None and bottom is not None and top[0] <= bottom[1]:
        return f"{said}; their ranges overlap."
    return f"{said}."


def _share(table: ClearedTable, row: int) -> float:
    return figure(table, row, "share") or 0.0


def lower(words: str) -> str:
    """The words as they stand within a sentence."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def quoted(words: str) -> str:
    """A group's name as it stands within a sentence, in quotation marks."""
    return f"\u2018{words}\u2019"


def with_drawings(panels: Sequence[Panel]) -> list[Panel]:
    """The panels with their charts drawn. Charts of shares end at one place, so that they can be compared by eye."""
    charts = [panel.chart for panel in panels if panel.chart is not None]
    end = max((axis_end(chart) for chart in charts), default=1.0)
    return list(_drawn(panels, draw([replace(chart, end=end) for chart in charts])))


def _drawn(panels: Sequence[Panel], drawings: dict[str, Drawing]) -> Iterator[Panel]:
    for panel in panels:
        yield replace(panel, drawing=drawings[panel.chart.name]) if panel.chart is not None else panel

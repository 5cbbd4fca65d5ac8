"""A panel: a heading, a chart with its message, and the same figures in a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import ClearedTable
from hearthlink.report.charts import Bar, Chart, Drawing, Range, axis_end, draw
from hearthlink.report.grid import Grid, fresh, grid
from hearthlink.report.months import Months, draw_months
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
    "stage_six_months": "By how far the case went within six months",
    "referred_before": "By whether the child had been referred before",
    "referred_again": "By whether the child was referred again",
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
BASES = {"Children with a completed assessment": "All assessed"}
"""What a chart calls a base that is not all children."""

UNKNOWN = frozenset({"Not known", "Not stated"})


NO_BREAK, SHORT = "\N{NO-BREAK SPACE}", 12
"""The space that no line ends at, and how many letters a name may have to be kept on one line by it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: its heading, sentences, chart with drawing if there is one, and tables."""

    name: str
    heading: str
    says: tuple[str, ...]
    grids: tuple[Grid, ...]
    chart: Chart | Months | None = None
    drawing: Drawing | None = None


def share_panels(tables: Sequence[ClearedTable], *, apart: frozenset[str]) -> list[Panel]:
    """A panel for each table of shares by topic, in printed order; those named in `apart` are left for another section."""
    found = {table.name.removeprefix(BY_TOPIC): table for table in tables if table.name.startswith(BY_TOPIC)}
    order = [*(name for name in HEADINGS if name in found), *(name for name in found if name not in HEADINGS)]
    return [share_panel(found[name]) for name in order if name not in apart]


def share_panel(table: ClearedTable) -> Panel:
    """The panel of one topic: each group against the share of the base, which is the first row of its table."""
    topic = table.name.removeprefix(BY_TOPIC)
    base = shown(table, 0, "share")
    bars = tuple(bar(table, row) for row in range(1, len(table.rows)) if released(table, row, "share"))
    drawn = Chart(
        name=topic.replace("_", "-"),
        message=message(table),
        bars=bars,
        line=figure(table, 0, "share"),
        line_says=f"{BASES.get(shown(table, 0, 'group'), 'All')} {base}",
    )
    return Panel(
        name=table.name.replace("_", "-"),
        heading=HEADINGS.get(topic, table.title),
        says=tuple(ASIDES[name] for name in (topic,) if name in ASIDES),
        grids=(grid(table),),
        chart=drawn if len(bars) > 1 else None,
    )


def bar(table: ClearedTable, row: int) -> Bar:
    """A row of a table of shares as a bar of a chart."""
    return _bar(table, row, shown(table, row, "group"))


def measure_bar(table: ClearedTable, row: int) -> Bar:
    """A row of a table of measures as a bar, with the number seen beside its name."""
    seen = f" ({shown(table, row, 'observed')} seen)" if released(table, row, "observed") else ""
    return _bar(table, row, f"{shown(table, row, 'measure')} {shown(table, row, 'window')}{seen}")


def _bar(table: ClearedTable, row: int, label: str) -> Bar:
    return Bar(
        label=label,
        share=figure(table, row, "share"),
        shown=shown(table, row, "share"),
        inner=range_of(table, row, "these"),
        outer=range_of(table, row, "process"),
    )


def range_of(table: ClearedTable, row: int, name: str) -> Range | None:
    """The two ends of a range of a row; None where one of them is not there."""
    low, high = figure(table, row, f"{name}_low"), figure(table, row, f"{name}_high")
    return None if low is None or high is None else (low, high)


def message(table: ClearedTable) -> str:
    """What the chart of a topic shows, in a sentence."""
    return message_of(table, "the share on benefit")


def message_of(table: ClearedTable, what: str) -> str:
    """What a chart by group shows. Groups are named only where the highest and the lowest stand apart. `what` is the share."""
    whole = f"{what[:1].upper()}{what[1:]}"
    rows = [
        row
        for row in range(1, len(table.rows))
        if released(table, row, "share") and shown(table, row, "group") not in UNKNOWN
    ]
    subject = lower(table.columns[0].words)
    if len(rows) < 2:
        return f"{whole}: {subject}."
    low, high = min(rows, key=lambda row: _share(table, row)), max(rows, key=lambda row: _share(table, row))
    if shown(table, low, "share") == shown(table, high, "share"):
        return f"{whole} is the same in each group: {shown(table, low, 'share')}."
    said = (
        f"{whole} is highest, {shown(table, high, 'share')}, for {quoted(shown(table, high, 'group'))} and "
        f"lowest, {shown(table, low, 'share')}, for {quoted(shown(table, low, 'group'))}"
    )
    top, bottom = range_of(table, high, "process"), range_of(table, low, "process")
    if top is not None and bottom is not None and top[0] <= bottom[1]:
        spread = f"{shown(table, low, 'share')} to {shown(table, high, 'share')}"
        beyond = any(
            not _share(table, low) <= _share(table, row) <= _share(table, high)
            for row in range(1, len(table.rows))
            if released(table, row, "share")
        )
        aside = ", not known aside" if beyond else ""
        return f"Shares run from {spread}{aside}; the ranges of the highest and the lowest overlap."
    return f"{said}."


def _share(table: ClearedTable, row: int) -> float:
    return figure(table, row, "share") or 0.0


def lower(words: str) -> str:
    """The words as they stand within a sentence."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def quoted(words: str) -> str:
    """A group's name as it stands within a sentence, in quotation marks; a short one stays on one line."""
    return f"\u2018{words.replace(' ', NO_BREAK) if len(words) <= SHORT else words}\u2019"


def with_drawings(panels: Sequence[Panel]) -> list[Panel]:
    """The panels with their charts drawn. Charts of shares that set no end end at one place, so that they can be compared by eye."""
    charts = [panel.chart for panel in panels if isinstance(panel.chart, Chart)]
    alone = {chart.name for chart in charts if chart.ratios or chart.end is not None}
    end = max((axis_end(chart) for chart in charts if chart.name not in alone), default=1.0)
    bars = draw([chart if chart.name in alone else replace(chart, end=end) for chart in charts])
    months = draw_months([panel.chart for panel in panels if isinstance(panel.chart, Months)])
    return list(_drawn(panels, bars | months))


def _drawn(panels: Sequence[Panel], drawings: dict[str, Drawing]) -> Iterator[Panel]:
    for panel in panels:
        yield replace(panel, drawing=drawings[panel.chart.name]) if panel.chart is not None else panel


def with_fresh_notes(panels: Sequence[Panel]) -> list[Panel]:
    """The panels with each note printed below one table alone."""
    left = iter(fresh([one for panel in panels for one in panel.grids]))
    return [replace(panel, grids=tuple(next(left) for _ in panel.grids)) for panel in panels]

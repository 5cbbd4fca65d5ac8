"""The report on two pages, for who has to decide: the headline, its range, three things to know, what it does not show, two charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import ClearedTable
from hearthlink.report.about import About
from hearthlink.report.before import EFFECTS, before, effects_message, exploratory_at_all, more_often
from hearthlink.report.beside import bounds_panel, compared_panel, compared_said
from hearthlink.report.charts import Chart
from hearthlink.report.minute import Minute, headline_panel, minute
from hearthlink.report.page import TITLE, css, day_in_words, environment, status_of
from hearthlink.report.panels import Panel, share_panels, with_drawings
from hearthlink.report.reading import Tables, by_name, released, shown
from hearthlink.report.themes import first_told

POINTS, CHARTS, BARS = 3, 2, 7
"""How many things to know, and charts; and how many bars a chart may have here."""

TOLD_FIRST = (
    ("low_income", "In low income, after housing costs"),
    ("persistent_poverty", "In low income most of the time, after housing costs"),
    ("work", "Workless"),
    ("precarity_and_strain", "In acute strain"),
    ("housing", "Overcrowded"),
)
"""Measures of which the first that was released is told, by theme and title."""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that the brief prints, besides the facts of the study."""

    title: str
    period: str
    status: str
    run_date: str
    minute: Minute
    comparison: str
    bounds: str
    points: tuple[str, ...]
    charts: tuple[Panel, ...]


def brief(tables: Sequence[ClearedTable], about: About) -> str:
    """The brief as one HTML file of two printed pages, with no script and no call outside."""
    found = by_name(tables)
    said = minute(found)
    bounds = bounds_panel(found)
    page = Brief(
        title=TITLE,
        period=f"{day_in_words(about.year_start)} to {day_in_words(about.year_end)}",
        status=status_of(about),
        run_date=day_in_words(about.run_date) if about.run_date else "",
        minute=said,
        comparison=_comparison(found, said),
        bounds=bounds.chart.message if bounds and bounds.chart else "",
        points=tuple(_points(tables, found)),
        charts=tuple(_charts(tables, found)),
    )
    return environment().get_template("brief.html.j2").render(page=page, about=about, css=css())


def _comparison(tables: Tables, said: Minute) -> str:
    """The comparison that is most like for like."""
    panel = compared_panel(tables)
    if panel is not None and panel.chart is not None:
        return f"{compared_said(tables['compared'])} The two bases differ; the report says how."
    return said.comparison[0] if said.comparison else ""


def _points(tables: Sequence[ClearedTable], found: Tables) -> list[str]:
    """Three things to know, of those that were released: how poor, what came before, and how far the matches can be trusted."""
    poor = next((words for theme, title in TOLD_FIRST if (words := first_told(found, theme, title))), "")
    came = _came_before(tables)
    groups = _apart(tables)
    return [words for words in (poor, came, _trust(found), groups) if words][:POINTS]


def _came_before(tables: Sequence[ClearedTable]) -> str:
    """What came before referrals more often than otherwise, of what was in the plan."""
    effects = [table for table in tables if table.name.startswith(EFFECTS)]
    if not effects:
        return ""
    above = [table for table in effects if more_often(table)]
    if not above:
        return "Of what was asked, nothing is seen to come before referrals more often than at other times or in households like these."
    first = next((table for table in above if not exploratory_at_all(table)), above[0])
    mark = " Exploratory." if exploratory_at_all(first) else ""
    return f"{effects_message(first)} That does not say that it led to them.{mark}"


def _trust(found: Tables) -> str:
    """How many matches are right, and how many of those on file are found, as the model expects."""
    table = found.get("link_quality")
    said: dict[str, str] = {}
    for row in range(len(table.rows)) if table else ():
        if table and released(table, row, "share"):
            said.setdefault(shown(table, row, "measure"), shown(table, row, "share"))
    right, reached = (
        said.get("Of the matches, how many are right"),
        said.get("Of the children who are on file, how many are matched rightly"),
    )
    if right and reached:
        return (
            f"By the chances that the model gave, {right} of the matches are right, and {reached} of the children on file are found; "
            "the ranges allow for both."
        )
    return ""


def _apart(tables: Sequence[ClearedTable]) -> str:
    """A breakdown whose highest and lowest group lie apart."""
    panels = share_panels(tables, apart=frozenset({"observability", "unaccompanied"}))
    return next((one.chart.message for one in panels if one.chart and " is highest" in one.chart.message), "")


def _charts(tables: Sequence[ClearedTable], found: Tables) -> list[Panel]:
    """Two charts: of the share and its bounds, and of what came before, else of a breakdown."""
    came = before(tables)
    above = {table.name.replace("_", "-") for table in tables if table.name.startswith(EFFECTS) and more_often(table)}
    first = [bounds_panel(found), headline_panel(found)]
    effects = sorted(came.effects, key=lambda one: one.name not in above) if came else []
    second = [*effects, *(came.curves if came else ()), *share_panels(tables, apart=frozenset({"observability"}))]
    chosen = [next((one for one in group if one and _fits(one)), None) for group in (first, second)]
    return with_drawings([replace(one, grids=()) for one in chosen if one])[:CHARTS]


def _fits(panel: Panel) -> bool:
    """Whether the panel has a chart, and one that fits on half a page."""
    return panel.chart is not None and (not isinstance(panel.chart, Chart) or len(panel.chart.bars) <= BARS)

"""The report in one minute: the headline, its two ranges and what it is compared with, as sentences of released figures."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.disclosure import ClearedTable
from hearthlink.report.charts import Chart
from hearthlink.report.grid import grid
from hearthlink.report.panels import Panel, bar
from hearthlink.report.reading import Tables, figure, released, shown, unlike


@dataclass(frozen=True, slots=True)
class Spread:
    """A range with its name and what it allows for. The ends are words; both are empty where the range is held back."""

    name: str
    low: str
    high: str
    says: str


@dataclass(frozen=True, slots=True)
class Minute:
    """The headline in words. `share` is empty where it is held back."""

    share: str
    counts: str
    spreads: tuple[Spread, ...]
    comparison: tuple[str, ...]


SPREADS = (
    (
        "these",
        "For these children",
        "Allows for missed matches, wrong matches and a little doubt in the files: where the share for these very children lies.",
    ),
    (
        "process",
        "For the process",
        "Allows for chance as well: how far the share might have differed with other families in a year like this one.",
    ),
)


def minute(tables: Tables) -> Minute:
    """What the headline and the comparison say; nothing where they were not released."""
    headline = tables.get("headline")
    if headline is None or not headline.rows or not released(headline, 0, "share"):
        return Minute("", "", (), ())
    counts = ""
    if released(headline, 0, "children", "on_benefit"):
        counts = f"About {shown(headline, 0, 'on_benefit')} of {shown(headline, 0, 'children')} children."
    return Minute(
        share=shown(headline, 0, "share"),
        counts=counts,
        spreads=tuple(_spread(headline, *spread) for spread in SPREADS),
        comparison=_comparison(tables.get("comparison"), shown(headline, 0, "share")),
    )


def _spread(headline: ClearedTable, column: str, name: str, says: str) -> Spread:
    low, high = f"{column}_low", f"{column}_high"
    if not released(headline, 0, low, high):
        return Spread(name, "", "", says)
    return Spread(name, shown(headline, 0, low), shown(headline, 0, high), says)


def _comparison(table: ClearedTable | None, share: str) -> tuple[str, ...]:
    """The difference and the ratio in words, then the source and the different base, as the cleared table has them."""
    if table is None or not table.rows or not released(table, 0, "comparator_share", "difference", "ratio"):
        return ()
    points = figure(table, 0, "difference") or 0.0
    size = shown(table, 0, "difference").lstrip("+-")
    against = f"the comparator, {shown(table, 0, 'comparator_share')} ({shown(table, 0, 'comparator')})"
    if points == 0:
        first = f"{share} is about the same as {against}."
    else:
        more = "more" if points > 0 else "less"
        rounded = unlike(share, shown(table, 0, "comparator_share"), size)
        ratio = shown(table, 0, "ratio")
        first = f"{share} is {size} percentage points {more} than {against}, or {ratio} times its size{rounded}."
    return (first, *table.notes)


def headline_panel(tables: Tables) -> Panel | None:
    """The headline as a chart against its comparator, with its table."""
    headline, comparison = tables.get("headline"), tables.get("comparison")
    if headline is None or not headline.rows:
        return None
    grids = [grid(headline)]
    line, words = None, ""
    if comparison is not None and comparison.rows and released(comparison, 0, "comparator_share"):
        grids.append(grid(comparison, without="comparator"))
        line, words = figure(comparison, 0, "comparator_share"), shown(comparison, 0, "comparator_share")
    chart = Chart(
        name="headline",
        message=f"{shown(headline, 0, 'share')} of children referred and counted were on benefit on the day of referral"
        + (f"; the comparator is {words}." if words else "."),
        bars=(bar(headline, 0),),
        line=line,
        line_says=f"Comparator {words}",
    )
    return Panel(
        name="headline",
        heading="All children",
        says=(),
        grids=tuple(grids),
        chart=chart if released(headline, 0, "share") else None,
    )

"""The share on benefit from other sides: its bounds, other populations, other roads to it, and who could be linked at all."""

from __future__ import annotations

from hearthlink.disclosure import ClearedTable
from hearthlink.report.charts import Bar, Chart
from hearthlink.report.grid import grid
from hearthlink.report.panels import Panel, lower
from hearthlink.report.reading import Tables, figure, released, shown, unlike
from hearthlink.report.themes import exploratory

BOUNDS, COMPARED, STAGED, ROADS = "bounds", "compared", "staged", "roads"
NAMED = frozenset({BOUNDS, COMPARED, STAGED, ROADS})
"""Tables that sections ask for by name."""


def bounds_panel(tables: Tables) -> Panel | None:
    """Between what the share must lie, from no assumption to the narrowest, as bars."""
    table = tables.get(BOUNDS)
    if table is None or not table.rows:
        return None
    headline = tables.get("headline")
    seen = headline is not None and bool(headline.rows) and released(headline, 0, "share")
    rows = [row for row in range(len(table.rows)) if released(table, row, "low", "high")]
    chart = Chart(
        name=BOUNDS,
        message=bounds_said(table),
        bars=tuple(_bound(table, row) for row in rows),
        line=figure(headline, 0, "share") if headline and seen else None,
        line_says=f"Seen {shown(headline, 0, 'share')}" if headline and seen else "",
        end=1.0,
        keys=("bound", "outer"),
    )
    return Panel(
        name="bounds-of-the-share",
        heading="What the files do not show",
        says=(*_marks(table), *_assumed(table)),
        grids=(grid(table, without={"assumption", "source"}),),
        chart=chart if rows else None,
    )


def bounds_said(table: ClearedTable) -> str:
    """The widest and the narrowest bounds in a sentence; empty where none was released."""
    rows = [row for row in range(len(table.rows)) if released(table, row, "low", "high")]
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    said = f"The share lies {_between(table, first)}"
    return f"{said}." if first == last else f"{said}, and {_between(table, last)}."


def _between(table: ClearedTable, row: int) -> str:
    low, high, name = shown(table, row, "low"), shown(table, row, "high"), lower(shown(table, row, "name"))
    if low != high:
        return f"between {low} and {high} ({name})"
    if not released(table, row, "low_end", "high_end"):
        return f"at {low} ({name})"
    return f"at {low}, its range being {shown(table, row, 'low_end')} to {shown(table, row, 'high_end')} ({name})"


def _bound(table: ClearedTable, row: int) -> Bar:
    low, high = figure(table, row, "low") or 0.0, figure(table, row, "high") or 0.0
    end = figure(table, row, "low_end"), figure(table, row, "high_end")
    outer = None if end[0] is None or end[1] is None else (end[0], end[1])
    ends = dict.fromkeys((shown(table, row, "low"), shown(table, row, "high")))
    said = f"{shown(table, row, 'name')}: {' to '.join(ends)}"
    # Bounds that meet have no width to draw: they are a tick.
    return Bar(said, low if low == high else None, "", inner=(low, high), outer=outer)


def _assumed(table: ClearedTable) -> list[str]:
    """What each bound assumes, and where its margin comes from."""
    made: list[str] = []
    for row in range(len(table.rows)):
        name, assumed, source = (shown(table, row, column).rstrip(".") for column in ("name", "assumption", "source"))
        parts = [
            name,
            *([assumed] if assumed.casefold() != name.casefold() else []),
            *([f"Source: {source}"] if source else []),
        ]
        made.append(". ".join(parts) + ".")
    return made


def _marks(table: ClearedTable) -> list[str]:
    return [table.notes[0]] if table.notes and any(exploratory(table, row) for row in range(len(table.rows))) else []


def compared_panel(tables: Tables) -> Panel | None:
    """The share beside other populations: a sentence for each with its source and how its base differs, and the figures."""
    table = tables.get(COMPARED)
    if table is None or not table.rows:
        return None
    rows = range(len(table.rows))
    bases = dict.fromkeys(shown(table, row, "base") for row in rows)
    says = [
        *(f"{_capital(shown(table, row, 'comparator'))}. Source: {shown(table, row, 'source')}." for row in rows),
        *(f"How the base differs: {lower(base)}." for base in bases),
    ]
    same = {"measure"} if len({shown(table, row, "measure") for row in range(len(table.rows))}) == 1 else set[str]()
    bars = tuple(
        Bar(
            _capital(shown(table, row, "comparator")),
            figure(table, row, "other_share"),
            shown(table, row, "other_share"),
        )
        for row in range(len(table.rows))
        if released(table, row, "other_share")
    )
    shares = {figure(table, row, "share") for row in range(len(table.rows)) if released(table, row, "share")}
    ours = shares.pop() if len(shares) == 1 else None
    chart = Chart(
        name=COMPARED,
        message=compared_said(table),
        bars=bars,
        line=ours,
        line_says="" if ours is None else f"Children referred {shown(table, 0, 'share')}",
        keys=("share",),
    )
    return Panel(
        name="beside-other-populations",
        heading="Beside other populations",
        says=(*_marks(table), *says),
        grids=(grid(table, without={"source", "base", *same}),),
        chart=chart if bars and ours is not None else None,
    )


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def compared_said(table: ClearedTable) -> str:
    """The last comparison, which is the most like for like, in a sentence."""
    rows = [row for row in range(len(table.rows)) if released(table, row, "other_share", "difference", "ratio")]
    if not rows:
        return ""
    row = rows[-1]
    points = shown(table, row, "difference").lstrip("+-")
    rounded = unlike(shown(table, row, "share"), shown(table, row, "other_share"), points)
    more = "more" if (figure(table, row, "difference") or 0.0) > 0 else "less"
    return (
        f"{shown(table, row, 'share')} is {points} percentage points {more} than {shown(table, row, 'other_share')} of "
        f"{lower(shown(table, row, 'comparator'))}, or {shown(table, row, 'ratio')} times that share{rounded}."
    )


def staged_panel(tables: Tables) -> Panel | None:
    """Who could be linked, stage by stage, as bars that grow shorter."""
    table = tables.get(STAGED)
    if table is None or not table.rows:
        return None
    counts = [figure(table, row, "children") for row in range(len(table.rows))]
    whole = counts[0]
    bars = tuple(
        Bar(f"{shown(table, row, 'stage')}: {shown(table, row, 'children')}", None, "",
            inner=None if whole is None or count is None else (0.0, count / whole))
        for row, count in enumerate(counts)
    )  # fmt: skip
    kept = [row for row, count in enumerate(counts) if count is not None]
    said = ""
    if len(kept) > 1:
        said = f"Of {shown(table, kept[0], 'children')} children at the first stage, {shown(table, kept[-1], 'children')} are left at the last."
    chart = Chart(name=STAGED, message=said, bars=bars, end=1.0, keys=("left",))
    says = ("A child who could hardly be looked for counts at each stage all the same where a household was found.",)
    return Panel("who-could-be-linked", "Who could be linked", says, (grid(table),), chart if said else None)


def roads_panel(tables: Tables) -> Panel | None:
    """The share by other roads, as a table."""
    table = tables.get(ROADS)
    if table is None or not table.rows:
        return None
    return Panel("other-roads", "The share by other roads", (), (grid(table, first="says", without="road"),))

"""What came before referrals: rates by month around them, and ratios by theme. The words are *came before*, never *caused*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import MARKER_WORDS, Cell, ClearedTable, Marker
from hearthlink.report.charts import Bar, Chart
from hearthlink.report.grid import Grid, Head, Printed, grid, of_rows
from hearthlink.report.months import Months, Span
from hearthlink.report.panels import Panel, lower, quoted
from hearthlink.report.reading import cell, figure, place, released, shown
from hearthlink.report.themes import exploratory

CURVE, EFFECTS = "curve_", "effects_"
REFERRED, COMPARED = "Children referred", "Children of benefit households who were not referred"
"""Series by their printed words."""

ANY, PLACEBO, BEST_LINK = "Any", "placebo", "The best match alone"
SOME_HELD = "Rows in which every figure is held back are left out here. They stand in the workbook."
ALL_HELD = "every figure is held back."
SHORTER = {
    "Against other months of the same household": "against other months",
    "The same, less the trend of households without a referral": "the same, less the trend",
    "Against households like it without a referral": "against households like it",
}
"""Comparisons as the label of a dot says them."""

CORRECTED, DRAWS = "Corrected for doubt about the matches", "All likely matches"
"""Ways to treat the matches; the first that is released is drawn."""


@dataclass(frozen=True, slots=True)
class Before:
    """The section: a panel for each theme of ratios, and one for each event by month."""

    effects: tuple[Panel, ...]
    curves: tuple[Panel, ...]


def before(tables: Sequence[ClearedTable]) -> Before | None:
    """The section from the cleared tables; None where there is neither a ratio nor a curve."""
    effects = [_effects(table) for table in tables if table.name.startswith(EFFECTS) and table.rows]
    curves = [_curve(table) for table in tables if table.name.startswith(CURVE) and table.rows]
    return Before(tuple(effects), tuple(curves)) if effects or curves else None


def is_placed(name: str) -> bool:
    """Whether this section prints the table."""
    return name.startswith((CURVE, EFFECTS))


def _curve(table: ClearedTable) -> Panel:
    spans = tuple(_span(table, row) for row in range(len(table.rows)))
    drawn = Months(table.name.replace("_", "-"), _curve_message(table), spans)
    title, _, span = table.title.partition(": before and after the referral, ")
    return Panel(
        name=table.name.replace("_", "-"),
        heading=title,
        says=(table.notes[0],) if exploratory(table, 0) else (),
        grids=(_beside(table, f"{title}: around the referral, {span}"),),
        chart=drawn if any(one.rate is not None for one in spans) else None,
    )


def _span(table: ClearedTable, row: int) -> Span:
    series = "compared" if shown(table, row, "series") == COMPARED else "referred"
    first, last = (int(figure(table, row, name) or 0) for name in ("from", "to"))
    low, high = figure(table, row, "low"), figure(table, row, "high")
    return Span(series, first, last, figure(table, row, "rate"), None if low is None or high is None else (low, high))


def _curve_message(table: ClearedTable) -> str:
    """The span that ends with the referral, for those referred and those compared."""
    title = table.title.partition(": ")[0]
    last = [row for row in range(len(table.rows)) if figure(table, row, "to") == -1 and released(table, row, "rate")]
    referred, compared = (
        next((row for row in last if shown(table, row, "series") == series), None) for series in (REFERRED, COMPARED)
    )
    if referred is None:
        return f"\u2018{title}\u2019 by months around the referral; the span just before it is held back."
    first = shown(table, referred, "from")
    when = "the month before a referral" if first == "-1" else f"months {first} to -1 before a referral"
    said = f"\u2018{title}\u2019: {shown(table, referred, 'rate')} in 1,000 children in {when}"
    if compared is None:
        return f"{said}."
    return (
        f"{said}, and {shown(table, compared, 'rate')} in 1,000 of those compared{_overlap(table, referred, compared)}."
    )


def _overlap(table: ClearedTable, one: int, other: int) -> str:
    """Whether two ranges overlap, in words; nothing where one is not known."""
    ends = [figure(table, row, name) for row in (one, other) for name in ("low", "high")]
    low, high, other_low, other_high = ends
    if low is None or high is None or other_low is None or other_high is None:
        return ""
    return "; the ranges overlap" if low <= other_high and other_low <= high else "; the ranges lie apart"


COLUMNS = ("children", "having", "rate", "range")
HEADS = {"children": "children", "having": "with an event", "rate": "per 1,000", "range": "per 1,000, range"}


def _beside(table: ClearedTable, caption: str) -> Grid:
    """Both series beside one another: a row for each span."""
    series = [
        one for one in (REFERRED, COMPARED) if any(shown(table, row, "series") == one for row in range(len(table.rows)))
    ]
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for row in range(len(table.rows)):
        rows.setdefault((shown(table, row, "from"), shown(table, row, "to")), {})[shown(table, row, "series")] = row
    names = {REFERRED: "Referred", COMPARED: "Compared"}
    heads = (Head("Months from the referral", ""), *(
        Head(f"{names[one]}: {HEADS[column]}", "number") for one in series for column in COLUMNS))  # fmt: skip
    return Grid(
        name=table.name,
        caption=caption,
        heads=heads,
        rows=tuple(
            (
                Printed(first if first == last else f"{first} to {last}"),
                *(_printed(table, at.get(one), column) for one in series for column in COLUMNS),
            )
            for (first, last), at in rows.items()
        ),
        notes=tuple(note for note in table.notes),
    )


def _printed(table: ClearedTable, row: int | None, column: str) -> Printed:
    if row is None:
        return Printed(str(Marker.NOT_APPLICABLE), MARKER_WORDS[Marker.NOT_APPLICABLE])
    if column == "range" and released(table, row, "low", "high"):
        return Printed(f"{shown(table, row, 'low')} to {shown(table, row, 'high')}")
    found = cell(table, row, "low" if column == "range" else column)
    if found is None or found.value is None:
        marker = Marker.NOT_AVAILABLE if found is None else found.marker
        return Printed(str(marker), MARKER_WORDS[marker])
    return Printed(shown(table, row, column))


def _effects(table: ClearedTable) -> Panel:
    """The ratios of a theme: a dot plot of each exposure against each comparison, and a table for each exposure."""
    rows = drawn_rows(table)
    theme = table.title.partition(": ")[0]
    chart = Chart(
        name=table.name.replace("_", "-"),
        message=effects_message(table),
        bars=tuple(_dot(table, row, window=len(_windows(table, row)) > 1) for row in rows),
        line=1.0,
        line_says="No difference",
        ratios=True,
        keys=("ratio", "outer"),
    )
    marked = (table.notes[0],) if table.notes and exploratory_at_all(table) else ()
    return Panel(
        name=table.name.replace("_", "-"),
        heading=theme,
        says=marked,
        grids=tuple(_by_measure(table)),
        chart=chart if any(released(table, row, "ratio") for row in rows) else None,
    )


def exploratory_at_all(table: ClearedTable) -> bool:
    """Whether any row of a table was not in the sealed plan."""
    return any(exploratory(table, row) for row in range(len(table.rows)))


def drawn_rows(table: ClearedTable) -> list[int]:
    """One row for each exposure, window and comparison: corrected for doubt about the matches, else as drawn.

    Placebos are in the tables; they are drawn where there is nothing else.
    """
    found: dict[tuple[str, ...], dict[str, int]] = {}
    asked = [row for row in range(len(table.rows)) if shown(table, row, "kind") != PLACEBO]
    for row in asked or range(len(table.rows)):
        if shown(table, row, "term") == ANY and shown(table, row, "treatment") != BEST_LINK:
            key = tuple(shown(table, row, name) for name in ("measure", "window", "design"))
            found.setdefault(key, {})[shown(table, row, "treatment")] = row
    made: list[int] = []
    for ways in found.values():
        given = [ways[way] for way in (CORRECTED, DRAWS) if way in ways]
        made.append(next((row for row in given if released(table, row, "ratio")), given[0]))
    return made


def _windows(table: ClearedTable, row: int) -> set[str]:
    """The windows of an exposure."""
    name = shown(table, row, "measure")
    return {shown(table, at, "window") for at in range(len(table.rows)) if shown(table, at, "measure") == name}


def _dot(table: ClearedTable, row: int, *, window: bool) -> Bar:
    when = f", {shown(table, row, 'window')}" if window else ""
    kind = f" ({PLACEBO})" if shown(table, row, "kind") == PLACEBO else ""
    marked = " (exploratory)" if exploratory(table, row) else ""
    design = SHORTER.get(shown(table, row, "design"), lower(shown(table, row, "design")))
    return Bar(
        label=f"{shown(table, row, 'measure')}{kind}{marked}: {design}{when}",
        share=figure(table, row, "ratio"),
        shown=shown(table, row, "ratio"),
        outer=_ends(table, row),
    )


def _ends(table: ClearedTable, row: int) -> tuple[float, float] | None:
    low, high = figure(table, row, "low"), figure(table, row, "high")
    return None if not low or not high else (low, high)


def more_often(table: ClearedTable) -> list[int]:
    """The drawn rows, placebos apart, whose range lies wholly above no difference."""
    return [
        row
        for row in drawn_rows(table)
        if shown(table, row, "kind") != PLACEBO and (ends := _ends(table, row)) is not None and ends[0] > 1
    ]


def effects_message(table: ClearedTable) -> str:
    """What came before referrals more often than it would have with no difference, by every comparison that was made or by some."""
    rows = [row for row in drawn_rows(table) if shown(table, row, "kind") != PLACEBO]
    above = more_often(table)
    if not above:
        return "No range lies wholly on the side of more often: nothing here is seen to come before referrals more often than otherwise."
    said: list[str] = []
    for name in dict.fromkeys(shown(table, row, "measure") for row in rows):
        mine = [row for row in rows if shown(table, row, "measure") == name]
        over = [row for row in mine if row in above]
        if len(mine) == 1 and over:
            design = shown(table, over[0], "design")
            said.append(f"{quoted(name)} {SHORTER.get(design, lower(design))}")
        elif over:
            said.append(f"{quoted(name)} {'by every comparison' if len(over) == len(mine) else 'by some comparisons'}")
    return f"Came before referrals more often than otherwise: {'; '.join(said)}."


def _figures(table: ClearedTable, row: int) -> list[Cell]:
    return [one for one, column in zip(table.rows[row], table.columns, strict=True) if column.kind != "text"]


def _by_measure(table: ClearedTable) -> list[Grid]:
    """A table for each exposure; what is the same in all its rows is said in its caption."""
    made: list[Grid] = []
    measures = [shown(table, row, "measure") for row in range(len(table.rows))]
    for number, name in enumerate(dict.fromkeys(measures), start=1):
        rows = [row for row, measure in enumerate(measures) if measure == name]
        same = [column for column in ("window", "kind", "state") if place(table, column) is not None
                and len({shown(table, row, column) for row in rows}) == 1]  # fmt: skip
        facts = [
            shown(table, rows[0], column)
            for column in same
            if column != "kind" or shown(table, rows[0], "kind") == PLACEBO
        ]
        whole = grid(table, first="design", without={"measure", *same})
        told = [row for row in rows if any(one.marker is not Marker.HELD_BACK for one in _figures(table, row))]
        caption = ", ".join([name, *facts]) if told else f"{name}: {ALL_HELD}"
        one = of_rows(whole, set(told), name=f"{table.name}-{number}", caption=caption)
        left_out = (SOME_HELD,) if told and len(told) < len(rows) else ()
        made.append(replace(one, notes=(*left_out, *one.notes)))
    return made

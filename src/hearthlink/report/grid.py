"""A cleared table as it stands on the page: plain headings, printed figures, and symbols that a screen reader says."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.disclosure import MARKER_WORDS, Cell, ClearedColumn, ClearedTable, Marker

LONG = 28
"""Letters past which words are given a wider column."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading, and how its cells are set: as figures, as long words, as code, or plainly."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell shows, and, where that is a symbol, what the symbol means."""

    text: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be set: its caption, headings, rows and notes. The first cell of each row heads the row."""

    name: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Printed, ...], ...]
    notes: tuple[str, ...]


def grid(table: ClearedTable, *, without: frozenset[str] = frozenset()) -> Grid:
    """The table without the named columns."""
    places = [place for place, column in enumerate(table.columns) if column.name not in without]
    return Grid(
        name=table.name,
        caption=table.title,
        heads=tuple(_head(table, place) for place in places),
        rows=tuple(tuple(_printed(table, row, place) for place in places) for row in range(len(table.rows))),
        notes=table.notes,
    )


def _head(table: ClearedTable, place: int) -> Head:
    column: ClearedColumn = table.columns[place]
    if column.kind != "text":
        return Head(column.words, "number")
    longest = max((len(table.text(row, place)) for row in range(len(table.rows))), default=0)
    unbroken = max((max(map(len, table.text(row, place).split()), default=0) for row in range(len(table.rows))), default=0)
    if unbroken > 40:
        return Head(column.words, "code")
    return Head(column.words, "wordy" if longest > LONG else "")


def _printed(table: ClearedTable, row: int, place: int) -> Printed:
    cell: Cell = table.rows[row][place]
    if cell.value is None and cell.marker is not Marker.NONE:
        return Printed(str(cell.marker), MARKER_WORDS[cell.marker])
    return Printed(table.text(row, place))

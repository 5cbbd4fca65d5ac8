"""Cleared tables as tidy CSV: one figure to a row, its symbol in a column of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from hearthlink.disclosure import Cell, ClearedTable, Kind

UNITS: dict[Kind, str] = {
    "text": "words",
    "count": "number",
    "change": "difference in number",
    "share": "share of 1",
    "points": "percentage points",
    "ratio": "ratio",
    "rate": "rate per 1,000",
    "months": "months from the referral",
}
"""What a value is measured in, for each kind of column."""

LIST_OF_TABLES = "tables.csv"
_RISKY = ("=", "+", "-", "@")


def tidy(tables: Sequence[ClearedTable]) -> dict[str, bytes]:
    """Each table as CSV under its file name, with a list of the tables and their notes.

    A row holds the table's own words, then `figure`, `value`, `unit` and `symbol`. UTF-8, line feeds, and the same
    bytes for the same tables. Words that a spreadsheet would take for a formula are led by an apostrophe.
    """
    files = {f"{table.name}.csv": written(_long(table)) for table in tables}
    listed = [["file", "title", "note"]]
    for table in tables:
        listed.extend([f"{table.name}.csv", table.title, note] for note in table.notes or ("",))
    files[LIST_OF_TABLES] = written(listed)
    return files


def _long(table: ClearedTable) -> list[list[str]]:
    """The table with a row for each figure. A table of words alone keeps its own shape."""
    words = [place for place, column in enumerate(table.columns) if column.kind == "text"]
    figures = [place for place, column in enumerate(table.columns) if column.kind != "text"]
    names = [table.columns[place].name for place in words]
    if not figures:
        return [names, *([table.text(row, place) for place in words] for row in range(len(table.rows)))]
    lines = [[*names, "figure", "value", "unit", "symbol"]]
    for row, cells in enumerate(table.rows):
        said = [table.text(row, place) for place in words]
        for place in figures:
            column, cell = table.columns[place], cells[place]
            lines.append([*said, column.words, _value(cell, column.kind), UNITS[column.kind], str(cell.marker)])
    return lines


def _value(cell: Cell, kind: Kind) -> str:
    """The figure as a plain number, to the decimals it may be printed to; empty where a symbol stands for it."""
    if cell.value is None or isinstance(cell.value, str):
        return ""
    if kind in ("count", "change", "months"):
        return str(cell.value)
    return f"{cell.value:.{cell.decimals + (2 if kind == 'share' else 0)}f}"


def written(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of words as CSV, none of which a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_safe(word) for word in line] for line in lines)
    return text.getvalue().encode("utf-8")


def _safe(word: str) -> str:
    """Words on one line that no spreadsheet runs: a number stays a number, and a formula becomes plain text."""
    plain = " ".join(word.split())
    if not plain.startswith(_RISKY) or _is_number(plain):
        return plain
    return f"'{plain}"


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True

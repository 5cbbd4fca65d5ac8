"""Looking things up in cleared tables, by the names of their columns. Nothing is worked out here but which is larger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hearthlink.disclosure import Cell, ClearedTable

Tables = Mapping[str, ClearedTable]


def by_name(tables: Sequence[ClearedTable]) -> Tables:
    """The tables by their names."""
    return {table.name: table for table in tables}


def place(table: ClearedTable, column: str) -> int | None:
    """Where a column stands; None where the table has none of that name."""
    return next((number for number, one in enumerate(table.columns) if one.name == column), None)


def cell(table: ClearedTable, row: int, column: str) -> Cell | None:
    """One cell; None where the table has no such column."""
    number = place(table, column)
    return None if number is None else table.rows[row][number]


def figure(table: ClearedTable, row: int, column: str) -> float | None:
    """The figure of a cell; None where it is held back, is words, or is not there."""
    found = cell(table, row, column)
    value = None if found is None else found.value
    return None if value is None or isinstance(value, str) else float(value)


def shown(table: ClearedTable, row: int, column: str) -> str:
    """A cell as it is printed; empty where the table has no such column."""
    number = place(table, column)
    return "" if number is None else table.text(row, number)


def released(table: ClearedTable, row: int, *columns: str) -> bool:
    """Whether every one of these columns has a figure in the row."""
    return all(figure(table, row, column) is not None for column in columns)


def unlike(share: str, other: str, points: str) -> str:
    """A remark where a printed difference is not that of the two printed shares, as it is worked out before they are rounded; else nothing."""
    try:
        apart = abs(float(share.rstrip("%")) - float(other.rstrip("%")))
    except ValueError:  # a share that is printed as at least so much, say
        return ""
    return "" if f"{apart:.{len(points.partition('.')[2])}f}" == points else ", both worked out before rounding"

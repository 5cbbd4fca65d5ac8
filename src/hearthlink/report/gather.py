"""Cleared tables for files: what was asked of several breakdowns is put into one table, with the breakdown in columns of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hearthlink.disclosure import Cell, ClearedColumn, ClearedTable
from hearthlink.report.reading import place

BY = re.compile(r"(?P<question>on_benefit|link_quality|measured_.+)_by_(?P<topic>[a-z0-9_]+?)$")
"""Names of tables of one question by one breakdown."""

TOPIC = ClearedColumn("breakdown_topic", "Breakdown", "text")
GROUP = ClearedColumn("breakdown", "Group", "text")
STATE = ClearedColumn("state", "Asked", "text")
TOTAL = Cell("Total")
EXPLORATORY = "Exploratory"
"""How the first note of a table begins of which some or all was not in the sealed plan."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A table of released cells: one cleared table, or several of one question. `of` names the cleared tables in it."""

    name: str
    title: str
    columns: tuple[ClearedColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    of: tuple[str, ...]


def is_exploratory(notes: Sequence[str]) -> bool:
    """Whether the first note of a table says that some or all of it was not in the sealed plan."""
    return bool(notes) and notes[0].startswith(EXPLORATORY)


def gathered(tables: Sequence[ClearedTable]) -> list[Gathered]:
    """The tables in order, those by breakdown of one question as one table where the first of them stood."""
    made: dict[tuple[str, tuple[str, ...]], list[ClearedTable]] = {}
    for table in tables:
        found = BY.match(table.name)
        key = (f"{found['question']}_by_breakdown", _told(table)) if found else (table.name, ())
        made.setdefault(key, []).append(table)
    return [_together(name, of) if told else _alone(of[0]) for (name, told), of in made.items()]


def _told(table: ClearedTable) -> tuple[str, ...]:
    """The names of the columns beside the groups and the state."""
    return tuple(table.columns[at].name for at in _rest(table))


def _rest(table: ClearedTable) -> list[int]:
    return [at for at, column in enumerate(table.columns) if at > 0 and column.name != STATE.name]


def _alone(table: ClearedTable) -> Gathered:
    """The table as it is; where all of it was not in the sealed plan, each row says so."""
    columns, rows = table.columns, table.rows
    if is_exploratory(table.notes) and place(table, STATE.name) is None:
        texts = sum(column.kind == "text" for column in columns)
        columns = (*columns[:texts], STATE, *columns[texts:])
        rows = tuple((*row[:texts], _state(table, row), *row[texts:]) for row in rows)
    return Gathered(table.name, table.title, columns, rows, table.notes, (table.name,))


def _together(name: str, tables: Sequence[ClearedTable]) -> Gathered:
    """Tables with the same figures below one another. The row of all children is said once; each other base keeps its topic."""
    figures = tuple(tables[0].columns[at] for at in _rest(tables[0]))
    marked = any(is_exploratory(table.notes) for table in tables)
    columns = (TOPIC, GROUP, *((STATE,) if marked else ()), *figures)
    rows: list[tuple[Cell, ...]] = []
    whole: tuple[Cell, ...] | None = None
    for table in tables:
        for number, row in enumerate(table.rows):
            state = (_state(table, row),) if marked else ()
            found = tuple(row[at] for at in _rest(table))
            if number == 0 and found == whole:
                continue
            if number == 0 and whole is None:
                whole = found
                rows.append((TOTAL, row[0], *state, *found))
            else:
                rows.append((Cell(table.columns[0].words), row[0], *state, *found))
    notes = tuple(dict.fromkeys(note for table in tables for note in table.notes))
    return Gathered(name, _title(tables[0]), columns, tuple(rows), notes, tuple(table.name for table in tables))


def _state(table: ClearedTable, row: tuple[Cell, ...]) -> Cell:
    at = place(table, STATE.name)
    if at is not None:
        return row[at]
    return Cell("exploratory" if is_exploratory(table.notes) else "planned")


def _title(table: ClearedTable) -> str:
    """The question without its breakdown."""
    said = table.title.rsplit(": ", 1)[0] if ": " in table.title else table.title.split(" by ")[0]
    return f"{said}, by breakdown"

"""Activity in a supplier's own words, made out of a census: a table for each block, headers and ids of its own, and the mapping of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from hearthlink.sources.intake.activity import ELEMENTS
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.declared import Kind

Grid = list[list[str]]
IDS = {"CINdetailsID": "R", "AssessmentID": "A", "CPPID": "P"}
WORDS = {"1": "Male", "2": "Female", "M": "male", "F": "female"}


def theirs(table: str, column: str) -> str:
    """What the supplier calls a column of ours."""
    return f"{table[:3].upper()} {column.replace('_', ' ')} X"


def grids(flat: Mapping[str, pa.Table]) -> dict[str, Grid]:
    """Each table that has rows, headers first: referrals, assessments and plans under ids that no other child has, days as 01/04/2019."""
    made: dict[str, Grid] = {}
    for table, (name, elements) in ELEMENTS.items():
        rows = flat[name].to_pylist()
        columns = [column for column in INTAKE[table].columns if column.name in elements and _there(column.name, table)]
        if rows:
            made[table] = [[theirs(table, column.name) for column in columns]] + [
                [_cell(row, elements[column.name], column.kind) for column in columns] for row in rows
            ]
    return made


def by_our_names(made: Mapping[str, Grid]) -> dict[str, Grid]:
    """The same tables, their columns called as ours are."""
    return {
        table: [[c.name for c in INTAKE[table].columns if theirs(table, c.name) in grid[0]], *grid[1:]]
        for table, grid in made.items()
    }


def _there(column: str, table: str) -> bool:
    return (table, column) != ("assessment", "factors")


def _cell(row: Mapping[str, str | None], element: str, kind: Kind) -> str:
    value = row.get(element)
    if element == "Sex":
        value = WORDS.get(value or row.get("GenderCurrent") or "", "not known")
    if value is None:
        return ""
    if element in IDS:
        parts = (name for name in IDS if name in {element, "CINdetailsID"})
        return IDS[element] + "/".join(["", str(row["LAchildID"]), *(str(row[name]) for name in parts)])
    return date.fromisoformat(value).strftime("%d/%m/%Y") if kind in {Kind.DATE, Kind.END} else value


def mapping(made: Mapping[str, Grid], *, workbook: bool = False) -> str:
    """The mapping of these tables, each from a file or a sheet of its own name."""
    parts: list[str] = []
    for table, grid in made.items():
        where = f'sheet = "{table}"' if workbook else f'file = "{table}"'
        lines = [
            f'{column.name} = "{theirs(table, column.name)}"'
            for column in INTAKE[table].columns
            if theirs(table, column.name) in grid[0]
        ]
        parts.append("\n".join(["[[table]]", f'fills = "{table}"', where, "[table.columns]", *lines]))
    return "\n\n".join(parts) + "\n"

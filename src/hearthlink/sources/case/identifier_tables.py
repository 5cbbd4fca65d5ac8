"""Names and addresses as the three intake tables, whichever layout they came in; and how a layout of several tables is read.

A layout is a list of tables, each of which may lie in any form of file. What each row tells is kept beside the number of the file that
told it, so that every file is accounted for to the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.children import CHILD_ADDRESS, CHILD_ADULT, CHILD_PERSON
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.intake.typing_of import TYPES
from hearthlink.sources.reading.columns import Values, only, whole
from hearthlink.sources.reading.marked import REASON, is_marked
from hearthlink.sources.reading.receipts import Tally, unread
from hearthlink.sources.reading.tabular import find_tabular, open_tabular
from hearthlink.tables.wanted import EVERYTHING, Wanted

FILE = "file_no"
"""The column that says which file told a row: its place among the tallies."""

ABSENT = "not there; the study goes on without it"
NULL = ("NULL",)
"""What a query window writes for an empty cell when its result is saved as text."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Who the children are, where they lived and which adults they have: tables as the intake declares, and `file_no`.

    tallies: of every file, by `file_no`; what is nobody's is still to be set aside. source: the layout. persons: the file of the persons.
    """

    person: pa.Table
    address: pa.Table
    adult: pa.Table
    tallies: tuple[Tally, ...]
    source: str
    persons: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where the tables of a layout lie: its folder, and those that the study takes from elsewhere (a database, say), by name; what is wanted of them."""

    folder: Path | None = None
    given: Mapping[str, Sequence[Taken]] = field(default_factory=dict[str, "Sequence[Taken]"])
    wanted: Wanted = EVERYTHING


def take_table(where: Where, table: IntakeTable, source: str, *, missing: tuple[str, ...] = NULL) -> Taken | None:
    """A table of a layout, as it is given or under any of the names it goes by in the folder; None where it is not there.

    Raises DataProblem where two files could be it.
    """
    if where.given.get(table.name):
        return _given(where.given[table.name], missing)
    stems = () if where.folder is None else table.stems
    found = [path for stem in stems if (path := find_tabular(where.folder or Path(), stem)) is not None]
    if len(found) > 1:
        raise DataProblem(
            f"{len(found)} files could be the same table: {', '.join(path.name for path in found)}.",
            file=source,
            remedy="Leave the right one there, and move the rest.",
        )
    if not found:
        return None
    tabular = open_tabular(found[0], source)
    spelt = replace(tabular, reader=lambda places, more: tabular.reader(places, (*more, *missing)))
    return take(spelt, table, wanted=where.wanted)


def _given(parts: Sequence[Taken], missing: tuple[str, ...]) -> Taken:
    """A table that is given, its placeholders missing; of several parts one table, counted as the first."""
    held = pa.concat_tables([part.table for part in parts])
    for place, name in enumerate(held.column_names):
        values = held.column(name)
        if pa.types.is_string(values.type):
            held = held.set_column(
                place, name, only(values, pc.invert(pc.is_in(values, pa.array(missing, pa.string()))))
            )
    tally = parts[0].tally
    for other in parts[1:]:
        tally = replace(tally, rows_in=tally.rows_in + other.tally.rows_in)
        for reason, rows in other.tally.refused.items():
            tally = tally.refusing(reason, rows)
    return Taken(held.combine_chunks(), tally)


def needed_table(where: Where, table: IntakeTable, source: str, *, missing: tuple[str, ...] = NULL) -> Taken:
    """The same, of a table without which there is no layout. Raises DataProblem where it is not there."""
    taken = take_table(where, table, source, missing=missing)
    if taken is None:
        raise DataProblem(
            "The table was not found.",
            file=f"{source}/{table.stems[0]}",
            remedy=f"Put it there as CSV, workbook or Parquet. It is: {table.says}",
        )
    return taken


ORDER = ("person_id", "legacy_id", "forename", "surname", "birth_date")


def in_order(person: pa.Table) -> pa.Table:
    """Persons in an order of their own, so that of two records under one id the same is found first, however the file is sorted."""
    rest = (name for name in person.column_names if name not in ORDER)
    return person.sort_by([(name, "ascending") for name in (*ORDER, *rest)])


def without_marked(person: Taken) -> Taken:
    """Persons, those marked in the name as a duplicate or a test set aside."""
    kept = person.table.filter(pc.invert(is_marked(person.table.column("forename"), person.table.column("surname"))))
    return Taken(kept, person.tally.refusing(REASON, person.table.num_rows - kept.num_rows))


def absent(source: str, table: IntakeTable, name: str) -> Taken:
    """What stands for a table of a layout that is not there: an intake table with no row, and a line in the receipt under its name."""
    return Taken(intake(table, {}, 0), unread(source, name, ABSENT))


def intake(table: IntakeTable, columns: Mapping[str, Values], rows: int) -> pa.Table:
    """An intake table out of some of its columns; the others are empty."""
    return pa.table(
        {
            column.name: whole(columns[column.name]) if column.name in columns else pa.nulls(rows, TYPES[column.kind])
            for column in table.columns
        },
        schema=schema(table),
    )


def schema(table: IntakeTable) -> pa.Schema:
    """The types of an intake table."""
    return pa.schema([(column.name, TYPES[column.kind]) for column in table.columns])


def gathered(
    source: str, person: Sequence[Taken], address: Sequence[Taken] = (), adult: Sequence[Taken] = ()
) -> Identifiers:
    """Identifiers out of what one or more files tell of each; the first of `person` is named where they do not join."""
    told = [(CHILD_PERSON, person), (CHILD_ADDRESS, address), (CHILD_ADULT, adult)]
    tables: dict[str, pa.Table] = {}
    tallies: list[Tally] = []
    for table, files in told:
        parts = [schema(table).append(pa.field(FILE, pa.int64())).empty_table()]
        for one in files:
            parts.append(one.table.append_column(FILE, pa.array([len(tallies)] * one.table.num_rows, pa.int64())))
            tallies.append(one.tally)
        tables[table.name] = pa.concat_tables(parts)
    return Identifiers(
        tables[CHILD_PERSON.name],
        tables[CHILD_ADDRESS.name],
        tables[CHILD_ADULT.name],
        tuple(tallies),
        source,
        person[0].tally.file if person else source,
    )

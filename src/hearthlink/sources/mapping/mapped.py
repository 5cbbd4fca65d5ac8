"""Tables of somebody's own, named in study.toml: each read through its mapping, or by the names of its columns, into an intake table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from hearthlink.errors import DataProblem, HearthlinkError, WrongUse
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.rules import Mapping, TableRules
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.mapping.file_names import is_inside
from hearthlink.sources.mapping.layout_tables import table_to_fill
from hearthlink.sources.money.homelessness_xml import open_part
from hearthlink.sources.reading.files import Given
from hearthlink.sources.reading.tabular import find_tabular, open_tabular
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.tables.wanted import EVERYTHING, Wanted

QueryOpener: TypeAlias = Callable[[str, str, str], Tabular]
"""Opens a table of a database: the database's name in the study, the query, and the source it counts as."""


def no_database(name: str, _query: str, _source: str) -> Tabular:
    """What stands where no study names a database. Raises WrongUse always."""
    raise WrongUse(
        "No database may be opened here.", file="study.toml", column="source.database", remedy=f"Add [database.{name}]."
    )


def read_given(given: Iterable[Given], open_query: QueryOpener, wanted: Wanted = EVERYTHING) -> dict[str, list[Taken]]:
    """The intake tables that are given, by name, in the order given. A table filled by several parts of a mapping comes in as many pieces.

    Raises WrongUse where a table or mapping is not one, DataProblem where a file cannot be read; no file or database is opened before
    every mapping has been understood.
    """
    asked = [(one, *_understood(one)) for one in given]
    read: dict[str, list[Taken]] = {}
    for one, table, rules in asked:
        for rule in rules:
            tabular = _open(one, table, rule, open_query)
            held = read.setdefault(table.name, [])
            held.append(_part(take(tabular, table, rule, wanted), held))
    return read


def _part(taken: Taken, earlier: Sequence[Taken]) -> Taken:
    """What was taken, under a name of its own in the receipt where the same file was read before for the same table."""
    file = taken.tally.file
    before = sum(1 for one in earlier if one.tally.file == file or one.tally.file.startswith(f"{file}, part "))
    return replace(taken, tally=replace(taken.tally, file=f"{file}, part {before + 1}")) if before else taken


def _understood(one: Given) -> tuple[IntakeTable, Sequence[TableRules | None]]:
    """The intake table and the parts of the mapping that fill it; one None where the columns go by their own names."""
    # What checks a mapping takes some memory, which a study without any need not spend.
    from hearthlink.sources.mapping.form import meant, open_mapping
    from hearthlink.sources.mapping.shipped import open_shipped

    table = table_to_fill(one.table)
    if table is None:
        raise WrongUse(
            "There is no such table to fill.", file="study.toml", column="table", remedy=meant(one.table, tuple(INTAKE))
        )
    if one.mapping is None:
        return table, (None,)
    mapping = open_shipped(one.mapping) if isinstance(one.mapping, str) else open_mapping(one.mapping)
    return table, rules_for(mapping, one.table, None if one.path is None or one.path.is_dir() else one.path.name)


def rules_for(mapping: Mapping, table: str, name: str | None = None) -> tuple[TableRules, ...]:
    """The parts of a mapping that fill a table; where several do, from several files, those for the file of that name.

    Raises WrongUse where there is none.
    """
    parts = tuple(part for part in mapping.tables if part.fills == table)
    if not parts:
        filled = ", ".join(dict.fromkeys(part.fills for part in mapping.tables))
        raise WrongUse(
            f"The mapping does not fill {table}.", file=mapping.file, column="fills", remedy=f"It fills: {filled}."
        )
    if name is None or len({part.file for part in parts}) == 1:
        return parts
    chosen = tuple(part for part in parts if part.file is None or _is_called(part.file, name))
    if not chosen:
        wanted = ", ".join(dict.fromkeys(str(part.file) for part in parts))
        raise WrongUse(
            f"The mapping fills {table} from several files, and this is called like none of them.",
            file=name,
            remedy=f"It names: {wanted}. Name the folder that holds them instead, or call the file so.",
        )
    return chosen


def _is_called(wanted: str, name: str) -> bool:
    wanted, name = wanted.rpartition("/")[2].lower(), name.lower()
    return name == wanted or Path(name).stem == wanted


def _open(one: Given, table: IntakeTable, rule: TableRules | None, open_query: QueryOpener) -> Tabular:
    if one.path is None:
        return _asked(one, table, open_query)
    path = one.path
    if path.is_dir():
        path = find_within(path, None if rule is None else rule.file, table)
    if path.suffix.lower() == ".xml":
        return open_part(path, table)
    return open_tabular(path, table.source, sheet=one.sheet or (None if rule is None else rule.sheet))


def _asked(one: Given, table: IntakeTable, open_query: QueryOpener) -> Tabular:
    """What a query gives, called by its database and by the table it fills: several queries may be put to one database."""
    try:
        tabular = open_query(one.database or "", one.query or "", table.source)
    except HearthlinkError as stop:
        file = f"{stop.file}, {table.name}" if stop.file == f"database {one.database}" else stop.file
        held = type(stop)(stop.what, file=file, line=stop.line, column=stop.column, remedy=stop.remedy)
    else:
        return replace(tabular, file=f"{tabular.file}, {table.name}")
    raise held


def find_within(folder: Path, name: str | None, table: IntakeTable) -> Path:
    """The file that a mapping names, or that goes by one of the table's own names, within a folder of exports.

    Raises DataProblem where it is not there, and where its way leads out of the folder by a link.
    """
    for stem in table.stems if name is None else (name,):
        if not is_inside(stem):
            break
        within, last = folder.joinpath(*stem.split("/")[:-1]), stem.rpartition("/")[2]
        exact = within / last
        found = exact if exact.is_file() else find_tabular(within, last)
        if found is not None:
            if not found.resolve().is_relative_to(folder.resolve()):
                raise DataProblem(
                    "The file lies outside the folder of the study, by a link.",
                    file=found.name,
                    remedy="Put the file itself there, not a link to it.",
                )
            return found
    wanted = name or " or ".join(table.stems)
    raise DataProblem(
        f"The file for {table.name} was not found.",
        file=f"{folder.name}/{wanted}",
        remedy="Put it there and run again.",
    )

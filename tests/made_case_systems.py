"""Tiny case systems made by hand, for tests of names and addresses in any layout. Nobody in them is anybody: names are letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from made_extracts import table, write

from hearthlink.sources.activity.census import Census, census_of
from hearthlink.sources.activity.flat import Flat
from hearthlink.sources.case.identifier_tables import Identifiers
from hearthlink.sources.case.identifiers import read_identifiers
from hearthlink.sources.census.flat_rows import flat_tables
from hearthlink.sources.children import Children, bring_together
from hearthlink.sources.intake.spells import Spells
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.years import census_year

YEAR = census_year("2019-20")
PERSON = "child_id person_id legacy_id forename middle_names surname known_as former_surname dob sex upn merged_into"


def census(*children: str | tuple[str, str] | tuple[str, str, str], due: str | None = None) -> Census:
    """A census of children by id, birth date (or `due` for those without) and pupil number, each referred once."""
    held = [(child, "2012-05-03", None) if isinstance(child, str) else (*child, None)[:3] for child in children]
    rows = {
        "ChildIdentifiers": [
            (n, n, child, upn, None, None, born or None, None if born else due, None, None, None)
            for n, (child, born, upn) in enumerate(held, 1)
        ],
        "ChildCharacteristics": [(n, n, child, None) for n, (child, _, _) in enumerate(held, 1)],
        "CINdetails": [
            (n, n, child, "1", "2019-06-10", None, "N1", None, None, None, None)
            for n, (child, _, _) in enumerate(held, 1)
        ],
    }
    return census_of(Flat(flat_tables(rows), "cin", "census.csv", "0", len(held)), YEAR)


def plain(persons: Iterable[Sequence[str]], **tables: tuple[str, Iterable[Sequence[str]]]) -> dict[str, bytes]:
    """The plain layout: persons as `PERSON` names their columns, and further tables by name with their headers."""
    made = {"identifiers/child_person.csv": table(PERSON, persons)}
    return made | {f"identifiers/{name}.csv": table(headers, rows) for name, (headers, rows) in tables.items()}


def person(child_id: str, person_id: str = "", **held: str) -> tuple[str, ...]:
    """One row of persons."""
    usual = {"child_id": child_id, "person_id": person_id, "forename": "AAA", "surname": "SMITH", "dob": "2012-05-03"}
    return tuple((usual | held).get(name, "") for name in PERSON.split())


def files(folder: Path) -> SourceFiles:
    """The layouts that lie in a folder, one a folder."""
    return SourceFiles(folder, {place.name: (place,) for place in folder.iterdir() if place.is_dir()})


def read(folder: Path, made: Mapping[str, bytes]) -> Identifiers:
    """Names and addresses out of files by path."""
    return read_identifiers(files(write(folder, made)))


def together(census: Census, identifiers: Identifiers, stages: Sequence[Spells] = ()) -> Children:
    """The children, their keys counting from nought."""
    return bring_together(census, identifiers, stages, YEAR, range)


def rows(made: pa.Table, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of each row."""
    return [tuple(row[column] for column in columns) for row in made.to_pylist()]

"""Two person tables out of files or frames: the columns that are known, by our names, and no others are parsed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.sources.mapping.words import words_of
from hearthlink.sources.reading.delimited import header_row, normal, read_places
from hearthlink.sources.reading.text import Extract, open_extract
from hearthlink.study.matching.unread import unread, who_perhaps
from hearthlink.tables.match import COLUMNS

SIDES = ("left", "right")
DELIMITERS = (",", ";", "\t", "|")
PARQUET = b"PAR1"
HOW = "Write pairs such as  birth_date=dob,left.surname=family_name  or a TOML file of such lines with sections [left] and [right]."

Names = Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Persons:
    """A person file as it was read. table: its known columns, by our names. refused: rows set aside. said: which columns were not read."""

    table: pa.Table
    refused: int
    said: tuple[str, ...]


def read_map(text: str) -> dict[str, str | dict[str, str]]:
    """The names of columns from ``OURS=THEIRS`` pairs between commas, or from a TOML file of them. Raises WrongUse for anything else."""
    path = Path(text)
    if "=" not in text or path.is_file():
        return _map_file(path)
    made: dict[str, str | dict[str, str]] = {}
    for pair in text.split(","):
        ours, mark, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and mark and theirs):
            raise WrongUse("This is no pair of names.", column="--map", remedy=HOW)
        side, dot, name = ours.partition(".")
        if not dot:
            made[ours] = theirs
            continue
        section = made.setdefault(side, {})
        if isinstance(section, dict):
            section[name] = theirs
    return made


def _map_file(path: Path) -> dict[str, str | dict[str, str]]:
    if not path.is_file():
        raise WrongUse("The file of names was not found.", file=path.name, column="--map", remedy=HOW)
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise WrongUse("The file of names is not TOML.", file=path.name, column="--map", remedy=HOW) from None


def names_for(which: str, names: Names | None) -> dict[str, str]:
    """What each of our columns is called on one side, where it goes by another name. Raises WrongUse for names that are not ours."""
    both = {ours: theirs for ours, theirs in (names or {}).items() if ours not in SIDES}
    own = (names or {}).get(which, {})
    chosen = {**both, **(own if isinstance(own, Mapping) else {})}
    strange = sorted(ours for ours, theirs in chosen.items() if ours not in COLUMNS or not isinstance(theirs, str))
    if strange or not isinstance(own, Mapping):
        raise WrongUse(
            "The map names a column that match does not know.",
            column="--map",
            remedy=f"It knows: {', '.join(COLUMNS)}.",
        )
    return {ours: str(theirs) for ours, theirs in chosen.items()}


def wanted(headers: Sequence[str], which: str, names: Names | None, *, file: str) -> dict[str, int]:
    """The place of each of our columns among the headers, as far as it is there.

    Raises DataProblem where person_id is not there or a column stands there twice; WrongUse where the map names one that is not there.
    """
    called = names_for(which, names)
    places: dict[str, int] = {}
    for ours in COLUMNS:
        found = _named(called.get(ours, ours), headers)
        if len(found) > 1:
            raise DataProblem("The column stands in the file more than once.", file=file, column=ours)
        if not found and ours in called:
            other = SIDES[1 - SIDES.index(which)]
            alone = (
                ""
                if ours in (names or {}).get(which, {})
                else f"If of two files the {other} one alone has it, say {other}.{ours}. "
            )
            raise WrongUse(
                "The map names a column that is not in the file.", file=file, column=called[ours], remedy=alone + HOW
            )
        places |= dict.fromkeys([ours], found[0]) if found else {}
    if "person_id" not in places:
        perhaps = who_perhaps(headers, places, which, words=words_of)
        raise DataProblem(
            "The column is missing.",
            file=file,
            column="person_id",
            remedy="The first row must name the columns. If the ids stand under another name, say so: "
            + (perhaps or f"--map {which}.person_id=NAME"),
        )
    return places


def _named(name: str, headers: Sequence[str]) -> list[int]:
    """The places of the headers that are the name: as it stands, else but for case and marks, else but for whether its words are parted."""
    for alike in (str, normal, _run_together):
        found = [n for n, header in enumerate(headers) if alike(header) == alike(name)]
        if found:
            return found
    return []


def _run_together(header: str) -> str:
    return normal(header).replace("_", "")


def read_persons(path: Path, which: str, names: Names | None) -> Persons:
    """The known columns of a CSV or Parquet file, how many rows were set aside for their number of fields, and what was not read.

    Columns of CSV are texts, so that 007 stays so. Raises DataProblem for a file that cannot be read or lacks person_id.
    """
    if not path.is_file():
        raise DataProblem("The file was not found.", file=path.name, remedy="Check the path, and run again.")
    with path.open("rb") as file:
        parquet = file.read(4) == PARQUET
    if parquet:
        return _read_parquet(path, which, names)
    extract = open_extract(path, which)
    delimiter = _delimiter(extract, which, names)
    headers = header_row(extract, delimiter=delimiter)
    places = wanted(headers, which, names, file=path.name)
    sheet = read_places(extract, len(headers), places, delimiter=delimiter)
    if not sheet.table.num_rows:
        raise DataProblem("The file has a header and no rows.", file=path.name)
    return Persons(sheet.table, sum(sheet.refused.values()), not_read(headers, places, which))


def _delimiter(extract: Extract, which: str, names: Names | None) -> str:
    """The mark between columns: the one under which the header names person_id; where none does, the one that parts it most."""
    called = names_for(which, names).get("person_id", "person_id")
    for mark in DELIMITERS:
        if _named(called, header_row(extract, delimiter=mark)):
            return mark
    return max(DELIMITERS, key=lambda mark: len(header_row(extract, delimiter=mark)))


def not_read(headers: Sequence[str], places: Mapping[str, int], which: str) -> tuple[str, ...]:
    """Sentences on the columns of one side that were not read, from the places of those that were."""
    return unread(
        [header for n, header in enumerate(headers) if n not in places.values()], places, which, words=words_of
    )


def _read_parquet(path: Path, which: str, names: Names | None) -> Persons:
    try:
        headers = pq.read_schema(path).names
        places = wanted(headers, which, names, file=path.name)
        table = pq.read_table(path, columns=[headers[place] for place in places.values()])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError):
        raise DataProblem("This Parquet file cannot be read.", file=path.name, remedy="Write it again.") from None
    if not table.num_rows:
        raise DataProblem("The file has no rows.", file=path.name)
    known = table.select([headers[place] for place in places.values()]).rename_columns(list(places))
    return Persons(known, 0, not_read(headers, places, which))

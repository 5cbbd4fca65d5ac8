"""A few hand-made households and pupils, and files of money about them. Nobody in it is anybody: names are letters."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
from made_extracts import table as csv_table
from made_extracts import write

from hearthlink.engine import open_engine
from hearthlink.sources.intake.handles import Handles
from hearthlink.sources.money.received import Money, read_money
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.nino import keyed
from hearthlink.tables.identity import (
    CHILD_ADDRESS,
    CHILD_IDENTIFIER,
    HOUSEHOLD_IDENTIFIER,
    HOUSEHOLD_MEMBER,
    HOUSEHOLD_RESIDENCE,
)
from hearthlink.tables.spec import TableSpec

Row = Sequence[object]
NINO_KEY = (12345, 67890)
KEYS = {"H1": 101, "H2": 102, "H3": 103, "C1": 201, "C2": 202, "C3": 203}
NAMES = {key: name for name, key in KEYS.items()}

IDENTIFIERS: tuple[Row, ...] = (
    ("H1", 101, "2017-01-01", None, 1),
    ("H2", 102, "2017-01-01", "2019-03-31", 1),
    ("H3", 103, "2019-04-01", None, 1),
)
MEMBERS: tuple[Row, ...] = (
    ("H1", "H1|1", "claimant", "Aaa Mid", "SMITH", "1985-02-01", "F", "2017-01-01", None),
    ("H1", "H1|2", "partner", "Bbb", "O'JONES", "1984-03-02", "M", "2017-01-01", None),
    ("H1", "H1|3", "dependant", "Ccc", "SMITH", "2012-05-03", "F", "2017-01-01", None),
    ("H2", "H2|1", "claimant", "Ddd", "BROWN", "1980-06-05", "F", "2017-01-01", "2019-03-31"),
    ("H2", "H2|2", "dependant", "Eee", "BROWN", "2011-08-07", "M", "2017-01-01", "2019-03-31"),
    ("H3", "H3|1", "claimant", "Ddd", "BROWN", "1980-06-05", "F", "2019-04-01", None),
    ("H3", "H3|2", "non_dependant", "Fff", "BROWN", "1999-01-09", "F", "2019-04-01", None),
    ("H3", "H3|3", "dependant", "Eee", "BROWN", "2011-08-07", "M", "2019-04-01", None),
)
RESIDENCES: tuple[Row, ...] = (
    ("H1", "2017-01-01", None, "1 A STREET", "ZZ1 1AA", "1001"),
    ("H2", "2017-01-01", "2019-03-31", "2 A STREET", "ZZ1 1AB", "1002"),
    ("H3", "2019-04-01", None, "2 A STREET", "ZZ1 1AB", "1002"),
)
CHILDREN: tuple[Row, ...] = (
    ("C1", 201, "Ccc", "SMITH", "2012-05-03"),
    ("C2", 202, "Ggg", "GREEN", "2010-01-02"),
    ("C3", 203, "Ggg", "GREEN", "2010-01-02"),
)
HOMES: tuple[Row, ...] = (
    ("C1", "ZZ1 1AA"),
    ("C2", "ZZ2 2BB"),
)


def made(spec: TableSpec, names: str, rows: Iterable[Row]) -> pa.Table:
    """Columns of a table as specified, those named; dates are written as ISO texts."""
    wanted = names.split()
    columns = list(zip(*rows, strict=True)) or [()] * len(wanted)
    fields = [spec.schema.field(name) for name in wanted]
    arrays = [
        pa.array(
            [date.fromisoformat(v) if pa.types.is_date(f.type) and isinstance(v, str) else v for v in column], f.type
        )
        for column, f in zip(columns, fields, strict=True)
    ]
    return pa.table(arrays, names=wanted)


def households(**parts: Iterable[Row]) -> dict[str, pa.Table]:
    """The identity tables of households; `identifier`, `member` or `residence` given by name replaces the usual rows."""
    return {
        "household_identifier": made(
            HOUSEHOLD_IDENTIFIER,
            "household_id household_key first_date last_date dependants_stated",
            parts.get("identifier", IDENTIFIERS),
        ),
        "household_member": made(
            HOUSEHOLD_MEMBER,
            "household_id member_id role forename surname birth_date sex start_date end_date",
            parts.get("member", MEMBERS),
        ),
        "household_residence": made(
            HOUSEHOLD_RESIDENCE,
            "household_id start_date end_date address postcode uprn",
            parts.get("residence", RESIDENCES),
        ),
    }


def children() -> dict[str, pa.Table]:
    return {
        "child_identifier": made(CHILD_IDENTIFIER, "child_id child_key forename surname birth_date", CHILDREN),
        "child_address": made(CHILD_ADDRESS, "child_id postcode", HOMES),
    }


def keys(seed: int = 1) -> Callable[[int], Sequence[int]]:
    return lambda n: random.Random(seed).sample(range(1000, 2**53), n)


def handles(**parts: Iterable[tuple[str, str]]) -> Handles:
    def table(rows: Iterable[tuple[str, str]], whose: str) -> pa.Table:
        pairs = list(rows)
        return pa.table(
            {
                "handle": pa.array([a for a, _ in pairs], pa.string()),
                whose: pa.array([b for _, b in pairs], pa.string()),
            }
        )

    return Handles(
        claim=table(parts.get("claim", ()), "household_id"),
        account=table(parts.get("account", ()), "household_id"),
        nino=_keyed(table(parts.get("nino", ()), "household_id")),
        nino_key=NINO_KEY,
        upn=table(parts.get("upn", ()), "child_id"),
    )


def _keyed(numbers: pa.Table) -> pa.Table:
    return numbers.set_column(0, "handle", keyed(numbers.column("handle"), NINO_KEY))


def a_file(rows: Sequence[Mapping[str, object]]) -> bytes:
    """A CSV of these rows; a column is there where any row has it."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return csv_table(headers, [["" if row.get(h) is None else str(row[h]) for h in headers] for row in rows])


def read(folder: Path, files: Mapping[str, bytes | Sequence[Mapping[str, object]]], **options: object) -> Money:
    """The files in their folders, read and put to the hand-made households."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, {name: data if isinstance(data, bytes) else a_file(data) for name, data in files.items()})
    have = {path.name: (path,) for path in sorted(folder.iterdir()) if path.is_dir()}
    named = options.pop("named", ())
    given = {"households": households(), "children": children(), "new_key": keys(), **options}
    with open_engine(threads=1) as engine:
        return read_money(engine, SourceFiles(folder, have, named), **given)  # type: ignore[arg-type]


def rows_of(money: Money, table: str) -> list[dict[str, object]]:
    """The rows of a content table, with the household or child in place of its key, dates as ISO texts and what is empty left out."""

    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, date) else value

    return [
        {
            ("whose" if name in {"household_key", "child_key"} else name): NAMES.get(value, "own")
            if name.endswith("_key")
            else plain(value)
            for name, value in row.items()
            if value is not None
        }
        for row in money.tables[table].to_pylist()
    ]


def reasons(money: Money) -> dict[str, int]:
    """What every file was set aside for, and what was noted of it, in one count."""
    counted: dict[str, int] = {}
    for tally in money.tallies:
        for word, n in (*tally.refused.items(), *tally.notes.items()):
            if n:
                counted[word] = counted.get(word, 0) + n
    return counted

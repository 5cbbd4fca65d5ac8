"""The field table: of every column there is whether it is collected, from which source and by what power, which steps use it, and until when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache

from hearthlink.governance.protocol import ProtocolLines
from hearthlink.study.acts_inside import BESIDE
from hearthlink.study.minimised import OVER_TIME, is_ours, listed_in
from hearthlink.study.protocols.text import FILLED
from hearthlink.study.steps import STEPS
from hearthlink.tables import Column, Sensitivity, TableSpec
from hearthlink.tables.catalogue import ALL_TABLES

NOT_COLLECTED = "no: not in the protocol, stays empty"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: where it rests and what it is, whether it is collected, who uses it, how long it is kept, and why it may be."""

    room: str
    table: str
    column: str
    what: str
    tells: str
    collected: str
    source: str
    gateway: str
    made_by: str
    used_by: str
    kept_until: str
    why: str


HEADINGS = tuple(one.name.replace("_", " ") for one in fields(Field))

WHY: dict[Sensitivity, str] = {
    Sensitivity.IDENTIFIER: "to tell whether two records are of one person",
    Sensitivity.LINKING: "to hold records of one person or household together",
    Sensitivity.ATTRIBUTE: "to answer what the plan of analysis asks",
    Sensitivity.DISCLOSIVE: "to say how sure a match is",
    Sensitivity.PSEUDONYM: "to hold research rows together without a name",
    Sensitivity.COUNT: "to count and to show what was done",
}
"""What a column is needed for, by how much it tells of a person."""


def field_rows(lines: ProtocolLines) -> list[Field]:
    """Every column of every table, in the order of the dictionary of tables."""
    listed = listed_in(lines)
    kept = "" if lines.dates.destroy_by is None else f"{lines.dates.destroy_by:%d %B %Y}"
    return [_field(lines, spec, column, listed, kept) for spec in ALL_TABLES.values() for column in spec.columns]


def _field(
    lines: ProtocolLines, spec: TableSpec, column: Column, listed: dict[str, frozenset[str]], kept: str
) -> Field:
    origin = spec.name.removesuffix(OVER_TIME)
    received = any(origin in tables for tables in FILLED.values())
    if not received:
        collected = "no: worked out here"
    elif is_ours(column.name):
        collected = "no: made here"
    else:
        collected = "yes" if column.name in listed.get(origin, frozenset()) else NOT_COLLECTED
    sources = sources_of(spec.name)
    return Field(
        room=spec.room.value,
        table=spec.name,
        column=column.name,
        what=column.says,
        tells=column.sensitivity.value,
        collected=collected,
        source=", ".join(sources),
        gateway="; ".join(lines.sources[name].gateway for name in sources if name in lines.sources),
        made_by=", ".join(_makers(spec.name)),
        used_by="" if collected == NOT_COLLECTED else ", ".join(_users(spec.name)),
        kept_until="never held" if collected == NOT_COLLECTED else kept,
        why="" if collected == NOT_COLLECTED else WHY[column.sensitivity],
    )


@cache
def sources_of(table: str) -> tuple[str, ...]:
    """The sources out of which a table comes, by whatever steps."""
    found = {name for made in _behind(table, frozenset()) for name, tables in FILLED.items() if _origin(made) in tables}
    return tuple(name for name in FILLED if name in found)


def _behind(table: str, seen: frozenset[str]) -> frozenset[str]:
    """A table and all that it was made from, as far as the extracts."""
    found = seen | {table}
    if any(_origin(table) in tables for tables in FILLED.values()):
        return found
    for step in (*STEPS, *BESIDE):
        if table in {spec.name for spec in step.writes}:
            for spec in (*step.reads, *step.may_read):
                if spec.name not in found:
                    found = _behind(spec.name, found)
            if step.name == "receive":
                found |= {name for tables in FILLED.values() for name in tables}
    return found


def _origin(table: str) -> str:
    return table.removesuffix(OVER_TIME)


def _makers(table: str) -> Iterator[str]:
    return (step.name for step in (*STEPS, *BESIDE) if table in {spec.name for spec in step.writes})


def _users(table: str) -> Iterator[str]:
    return (step.name for step in (*STEPS, *BESIDE) if table in {spec.name for spec in (*step.reads, *step.may_read)})


def fields_csv(rows: list[Field], foot: tuple[str, ...]) -> bytes:
    """The field table for a spreadsheet; no cell of it can be taken for a formula. What it was made from stands in its last rows."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows([_plain(value) for value in asdict(row).values()] for row in rows)
    writer.writerows([_plain(line)] for line in foot)
    return sink.getvalue().encode("utf-8-sig")


def _plain(value: str) -> str:
    flat = " ".join(value.split())
    return f"'{flat}" if flat.startswith(FORMULA) else flat

"""What a table is: named columns, each with a type, a meaning and a sensitivity, in one room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

from hearthlink.errors import OurFault


class Room(Enum):
    """Where a table rests. No room holds both a name and a need."""

    IDENTITY = "identity"
    CONTENT = "content"
    RESEARCH = "research"
    RECORD = "record"


class Sensitivity(Enum):
    """How much a column tells about a person, and so which rooms may hold it."""

    IDENTIFIER = "identifier"
    LINKING = "linking"
    ATTRIBUTE = "attribute"
    DISCLOSIVE = "disclosive"
    PSEUDONYM = "pseudonym"
    COUNT = "count"


ADMITS: dict[Room, frozenset[Sensitivity]] = {
    Room.IDENTITY: frozenset({Sensitivity.IDENTIFIER, Sensitivity.LINKING, Sensitivity.DISCLOSIVE}),
    Room.CONTENT: frozenset({Sensitivity.LINKING, Sensitivity.ATTRIBUTE, Sensitivity.DISCLOSIVE}),
    Room.RESEARCH: frozenset({Sensitivity.PSEUDONYM, Sensitivity.ATTRIBUTE}),
    Room.RECORD: frozenset({Sensitivity.COUNT}),
}
"""Which sensitivities each room admits. A pseudonym rests in the research room alone, so no crosswalk can be written."""


class Kind(Enum):
    """The type of a column, with one meaning on every engine."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"
    FLAG = "true or false"
    TEXTS = "list of texts"
    WHOLES = "list of whole numbers"


ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.FLAG: pa.bool_(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.WHOLES: pa.list_(pa.int32()),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, what it says, how sensitive it is, and whether it may be empty."""

    name: str
    kind: Kind
    says: str
    sensitivity: Sensitivity
    required: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A named table: the room it rests in, what a row is, its columns and its key."""

    name: str
    room: Room
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unfit = [c.name for c in self.columns if c.sensitivity not in ADMITS[self.room]]
        if unfit:
            raise OurFault(f"Table {self.name} may not rest in the {self.room.value} room: {', '.join(unfit)}.")

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema: column order, types and which may be null."""
        return pa.schema([pa.field(c.name, ARROW[c.kind], nullable=not c.required) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(c.name for c in self.columns)

    def conform(self, table: pa.Table) -> pa.Table:
        """The table with this specification's columns, order and types.

        Raises OurFault where a column is missing, surplus, of another type, or empty where it must not be.
        """
        surplus = sorted(set(table.column_names) ^ set(self.names))
        if surplus:
            raise OurFault(f"Table {self.name} has missing or surplus columns: {', '.join(surplus)}.")
        columns: list[pa.ChunkedArray] = []
        for column in self.columns:
            values = table.column(column.name)
            try:
                values = values.cast(ARROW[column.kind])
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                raise OurFault(f"Table {self.name}: column {column.name} is not a {column.kind.value}.") from None
            if column.required and values.null_count:
                raise OurFault(f"Table {self.name}: column {column.name} has {values.null_count:,} empty values.")
            columns.append(values)
        return pa.table(columns, schema=self.schema)

    def empty(self) -> pa.Table:
        """The table with no rows."""
        return self.schema.empty_table()

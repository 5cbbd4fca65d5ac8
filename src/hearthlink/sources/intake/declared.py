"""Intake tables: the few shapes that every supplier's file is turned into, whoever made it.

They live only while `receive` works: each is parted at once into identity and content, and none of them ever rests on disk. What a
column is called by suppliers, what it holds and which codes it takes is data here, so that a documented layout and a mapping of
somebody's own end in the same table. The engine that fills them is in `taking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a column of a file holds, and what becomes of it."""

    TEXT = "text, trimmed"
    DATE = "a date"
    END = "a date that ends something; one far in the future is empty"
    PENCE = "an amount of pounds, kept as whole pence"
    WHOLE = "a whole number"
    NUMBER = "a number"
    FLAG = "yes or no"
    CODE = "one of a few words; others are empty, and counted"


@dataclass(frozen=True, slots=True)
class IntakeColumn:
    """A column of an intake table: our name, what it holds, what it means, and the other headers that it goes by.

    ``codes`` gives for each spelling (lower case, spaces and hyphens as underscores) the word kept. The column must be in the file where
    ``needed``; a row without a value is set aside where ``required``, which is needed too. ``identifies`` marks what tells who a person is.
    """

    name: str
    kind: Kind
    says: str
    also: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    required: bool = False
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class IntakeTable:
    """An intake table: its name, what a row is, its columns, the source it counts as, and whether having no row may be a fact.

    ``stems`` are the names, without extension, under which a file of it is looked for.
    """

    name: str
    says: str
    source: str
    stems: tuple[str, ...]
    columns: tuple[IntakeColumn, ...]
    may_be_bare: bool = False

    def column(self, name: str) -> IntakeColumn:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


TEXT, DATE, END, PENCE = Kind.TEXT, Kind.DATE, Kind.END, Kind.PENCE
WHOLE, NUMBER, FLAG, CODE = Kind.WHOLE, Kind.NUMBER, Kind.FLAG, Kind.CODE

SEX = {
    "m": "M", "male": "M", "1": "M", "a)_male": "M",
    "f": "F", "female": "F", "2": "F", "b)_female": "F",
}  # fmt: skip
ROLE = {
    "claimant": "claimant", "applicant": "claimant", "customer": "claimant", "partner": "partner", "spouse": "partner",
    "dependant": "dependant", "dependent": "dependant", "child": "dependant",
    "non_dependant": "non_dependant", "non_dependent": "non_dependant", "nondependant": "non_dependant", "boarder": "non_dependant",
}  # fmt: skip


def identifying(
    name: str, says: str, *also: str, kind: Kind = TEXT, needed: bool = False, required: bool = False
) -> IntakeColumn:
    """A column that tells who a person is."""
    return IntakeColumn(name, kind, says, also, needed=needed, required=required, identifies=True)


def plain(
    name: str, kind: Kind, says: str, *also: str, codes: Mapping[str, str] | None = None, needed: bool = False,
    required: bool = False,
) -> IntakeColumn:  # fmt: skip
    """A column that tells something about them."""
    return IntakeColumn(name, kind, says, also, codes or {}, needed=needed, required=required)

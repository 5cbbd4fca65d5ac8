"""What a mapping says, once understood: for each of our columns where it comes from and how it is spelt there."""

from __future__ import annotations

from collections.abc import Mapping as Said
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hearthlink.sources.intake.name_parts import Order, Part
from hearthlink.sources.reading.date_formats import DateFormat

Unit: TypeAlias = Literal["pounds", "pence"]
Per: TypeAlias = Literal["day", "week", "fortnight", "four weeks", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one of our columns is made.

    ``headers`` are the supplier's columns: the first that holds something is taken, or all are joined with ``join`` between. ``constant``
    stands in for them. ``order`` and ``part`` take a part of a name written in one. ``codes`` gives our word for each of theirs; where
    there are any, no other is understood. Amounts are in ``unit`` for every ``per`` and become pence a week. ``invert`` turns yes to no.
    """

    headers: tuple[str, ...] = ()
    join: str | None = None
    constant: str | None = None
    order: Order | None = None
    part: Part | None = None
    date: DateFormat | None = None
    pivot: int | None = None
    codes: Said[str, str] = field(default_factory=dict[str, str])
    unit: Unit = "pounds"
    per: Per | None = None
    missing: tuple[str, ...] = ()
    invert: bool = False


@dataclass(frozen=True, slots=True)
class TableRules:
    """How one intake table is filled from one file: which file and sheet, which rows, and every column that is read.

    ``file`` is a name or a stem within the folder that the study names; ``only`` keeps rows in which a column is one of some values.
    """

    fills: str
    said_in: str = "the mapping"
    file: str | None = None
    sheet: str | None = None
    missing: tuple[str, ...] = ()
    only: Said[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    columns: Said[str, ColumnRule] = field(default_factory=dict[str, ColumnRule])


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file: what it is for, in words, and the tables it fills, in the order written."""

    file: str
    says: str
    tables: tuple[TableRules, ...]

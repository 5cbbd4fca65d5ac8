"""What a check is: a card that says what it looks for, how to count it, what to do, and two examples of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias

Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows of a few tables by table and column. Columns not given hold nothing, or a neutral value where something must stand."""

EXAMPLE_START, EXAMPLE_END = date(2019, 4, 1), date(2020, 3, 31)
"""The census year in which every example lies."""


class Severity(Enum):
    """What a finding means for the run."""

    STOPS = "stops"
    """The answer would be wrong, so nothing is answered."""
    LOOK = "look"
    """Someone should look before the answer is used."""
    NOTE = "note"
    """Worth knowing; expected in some measure."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small case: the rows, and what the check counts in them."""

    rows: Rows
    looked_at: int
    found: int


@dataclass(frozen=True, slots=True)
class Card:
    """One check.

    ``sql`` gives one row with the whole numbers ``looked_at`` and ``found``. It may also read ``census_year`` (start_date, end_date)
    and ``census_month`` (start_date, end_date; twelve rows). ``about`` names the columns it judges, as ``table.column``.
    """

    code: str
    severity: Severity
    says: str
    about: tuple[str, ...]
    sql: str
    remedy: str
    passing: Example
    failing: Example

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the check is about."""
        return tuple(sorted({column.split(".", 1)[0] for column in self.about}))

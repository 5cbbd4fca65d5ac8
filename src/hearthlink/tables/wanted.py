"""What of an extract may become a column in memory: the columns that a protocol lists, the children of its window, the study's months.

One value says it, and every reader is handed the same. A field of a file is passed over by the parser where all the columns of
Hearthlink's own tables that it fills are unlisted (`sources.intake.fills` says which field fills which). A field that fills none is read
only to join or to date what is listed, and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

NOT_IN_WINDOW = "a child not referred in the window of the protocol"
NOT_LISTED = "a row of a table that the protocol does not list"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns listed, by table (all where None); the first and last day of the window in which a child was referred; those of the months looked at."""

    listed: Mapping[str, frozenset[str]] | None = None
    cohort: tuple[date, date] | None = None
    months: tuple[date, date] | None = None

    def unlisted(self, fills: Mapping[str, Collection[str]]) -> frozenset[str]:
        """The fields that fill nothing which is listed. `fills` gives for each field the columns it fills, as "table.column"."""
        if self.listed is None:
            return frozenset()
        held = {f"{table}.{column}" for table, columns in self.listed.items() for column in columns}
        return frozenset(field for field, columns in fills.items() if held.isdisjoint(columns))

    def lists_any(self, tables: Collection[str] | None) -> bool:
        """Whether any of these tables is listed; true where none is named."""
        return self.listed is None or tables is None or not self.listed.keys().isdisjoint(tables)


EVERYTHING = Wanted()
"""No protocol says less."""

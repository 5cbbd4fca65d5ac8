"""A file of rows and columns, whoever made it: its headers at once, and of its columns those that are asked for, as texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from hearthlink.sources.reading.delimited import Sheet

Reader: TypeAlias = Callable[[Mapping[str, int], Sequence[str]], Sheet]
"""Columns by their place, counted from 0, and the spellings that stand for nothing; gives the columns."""


@dataclass(frozen=True, slots=True)
class Tabular:
    """One open table: where it comes from, the hash of its bytes, its headers as they stand, and the sheets of its workbook.

    `note` says how it was read, where that was not as plain UTF-8 text; `first_line` is the line of the first row under the header.
    """

    source: str
    file: str
    sha256: str
    headers: tuple[str, ...]
    reader: Reader = field(repr=False, compare=False)
    sheets: tuple[str, ...] = ()
    note: str | None = None
    first_line: int = 2

    def read(self, places: Mapping[str, int], *, missing: Sequence[str] = ()) -> Sheet:
        """The columns at these places, counted from 0, under the names given. No other column is made.

        Values are trimmed texts; blank ones, and those spelt as in `missing`, are empty. Dates of workbooks and Parquet are ISO texts,
        numbers plain decimal texts. Raises DataProblem where the rows do not fit the header.
        """
        return self.reader(places, missing)

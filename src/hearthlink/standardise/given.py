"""Columns as somebody gave them: each as text or date, and what says nothing found out and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.standardise.distinct import each_distinct
from hearthlink.tables.match import COLUMNS

_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0*)?")
_AGE = re.compile(r"(?<!\d)\d{1,9}(?!\d)")

DATED = ("birth_date", "valid_from", "valid_to", "as_at")

FEW = 20
"""Values below which one that is everywhere may be chance."""

OFTEN = 0.05
"""Share of rows without a value from which that is worth a word."""

FILLED_IN = 0.5
"""Share of all values from which one value is taken for a system's default, where no other comes to a tenth of it."""


@dataclass(frozen=True, slots=True)
class Given:
    """One file's rows: texts and dates by the issue's names, those that were not given left out. `which` is left or right."""

    which: str
    rows: int
    columns: Mapping[str, pa.ChunkedArray]

    def has(self, name: str) -> bool:
        """Whether the column is there and holds anything."""
        return name in self.columns and self.columns[name].null_count < self.rows

    def text(self, name: str) -> pa.ChunkedArray:
        """A column of texts, empty throughout where it was not given."""
        return self.columns.get(name, pa.chunked_array([pa.nulls(self.rows, pa.string())]))


def given(table: pa.Table, which: str) -> Given:
    """The known columns of a person table. Blank texts are empty; ids stay as they are. Rows that are empty throughout are no rows.

    Raises DataProblem where there is no person_id, where it is empty in some row, or where there is no row.
    """
    if "person_id" not in table.column_names:
        raise DataProblem(
            "The column is missing.", file=f"the {which} table", column="person_id",
            remedy="Say which column it is: --map person_id=NAME",
        )  # fmt: skip
    columns = {
        name: _understood(table.column(name), name, which)
        for name in COLUMNS
        if name in table.column_names and not pa.types.is_null(table.column(name).type)
    }
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in columns.values():
        filled |= pc.is_valid(column).to_numpy()
    rows = int(filled.sum())
    if rows < table.num_rows:
        columns = {name: column.filter(pa.array(filled)) for name, column in columns.items()}
    if not rows:
        raise DataProblem("The table has no rows.", file=f"the {which} table")
    empty = columns["person_id"].null_count if "person_id" in columns else rows
    if empty:
        raise DataProblem(
            f"{empty:,} of {rows:,} rows have no person_id.", file=f"the {which} table", column="person_id",
            remedy="Each row must say which person it is of: leave the others out, or give them an id.",
        )  # fmt: skip
    return Given(which, rows, columns)


def _understood(column: pa.ChunkedArray, name: str, which: str) -> pa.ChunkedArray:
    """A column as texts, or as it is where it holds dates or numbers that stand for dates."""
    kind = column.type
    if name in DATED and (pa.types.is_temporal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return column
    try:
        return as_text(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise DataProblem(
            "The column holds no texts, numbers or dates.", file=f"the {which} table", column=name
        ) from None


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as trimmed texts, blank ones empty; whole numbers without a point, lists with blanks between."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        # Each value once, by its place: Arrow casts no dictionary of string views, as polars makes them of categories.
        parts = [as_text(pa.chunked_array([part.dictionary])).take(part.indices) for part in column.chunks]
        return pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        joined = [None if x is None else " ".join(str(y) for y in x if y is not None) for x in column.to_pylist()]
        return pa.chunked_array([pa.array(joined, pa.string())])
    if pa.types.is_floating(kind):
        column = pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def whole_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers, with a point and noughts or without, empty where there is none."""
    (found,) = each_distinct(
        column, lambda text: (int(whole.group(1)) if (whole := _WHOLE.fullmatch(text)) else None,), (pa.int64(),)
    )
    return found


def ages(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The ages named in a text, ascending, joined by a space; a number past nine figures is none."""

    def sorted_ages(text: str) -> tuple[str | None]:
        found = sorted(int(age) for age in _AGE.findall(re.sub(r"(\d)\.\d+", r"\1", text)))
        return (" ".join(map(str, found)) or None,)

    (made,) = each_distinct(column, sorted_ages, (pa.string(),))
    return made


def without_fillers(values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str | None]:
    """The values without one that a system fills in, and words for what was wrong with them, if anything was.

    One value in every row says nothing; neither does one in half the rows where no other is nearly as common.
    """
    there = len(values) - values.null_count
    if there == 0:
        return values, "none"
    counted = pc.value_counts(values.drop_null())
    counts = np.sort(counted.field("counts").to_numpy())[::-1]
    if there < FEW or counts[0] < FILLED_IN * there or (len(counts) > 1 and counts[1] > counts[0] / 10):
        return values, None
    if len(counts) == 1:
        return pa.chunked_array([pa.nulls(len(values), values.type)]), "all one value"
    common = counted.field("values")[int(np.argmax(counted.field("counts").to_numpy()))]
    kept = pc.if_else(pc.equal(values, common), pa.scalar(None, values.type), values)
    return kept, f"{counts[0] / there:.0%} one value that a system fills in, taken as empty"


def lacking(values: pa.ChunkedArray) -> str | None:
    """Words for a column that is empty in many rows."""
    share = values.null_count / max(len(values), 1)
    return "none" if share == 1 else f"{share:.0%} lacking or a placeholder" if share >= OFTEN else None


def coded(column: pa.ChunkedArray, act: Callable[[str], str | None]) -> pa.ChunkedArray:
    """A text for each text, worked out once for each distinct one."""
    (made,) = each_distinct(column, lambda text: (act(text),), (pa.string(),))
    return made

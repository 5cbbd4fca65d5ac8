"""Columns of texts and flags: trimmed, joined, looked through once for each distinct text, counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Values: TypeAlias = pa.Array | pa.ChunkedArray


def whole(column: Values) -> pa.Array:
    """The column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def blank_to_missing(column: Values) -> Values:
    """Texts, those with nothing in them made empty."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def trimmed(column: Values) -> Values:
    """Texts without blanks around them; those that held nothing else are empty."""
    return blank_to_missing(pc.utf8_trim_whitespace(column))


def joined(columns: Sequence[Values], separator: str) -> pa.Array:
    """The texts of each row joined, missing ones left out; empty where all are."""
    first, *others = (whole(column) for column in columns)
    any_there = pc.is_valid(first)
    for other in others:
        any_there = pc.or_(any_there, pc.is_valid(other))
    # Arrow drops a row in which every part is missing, so such a row is given a blank to hold its place.
    held = pc.if_else(any_there, first, "")
    return whole(blank_to_missing(pc.binary_join_element_wise(held, *others, separator, null_handling="skip")))


def matches(column: Values, pattern: str) -> pa.Array:
    """Whether each text holds the pattern, worked out once for each distinct text; false where it is missing."""
    coded = whole(column).dictionary_encode()
    return pc.fill_null(pc.match_substring_regex(coded.dictionary, pattern).take(coded.indices), fill_value=False)


def each(column: Values, of: Callable[[str | None], object], kind: pa.DataType) -> pa.Array:
    """A function of a text, worked out once for each distinct text; empty where the text is missing."""
    coded = whole(column).dictionary_encode()
    return pa.array([of(text) for text in coded.dictionary.to_pylist()], kind).take(coded.indices)


def only(column: Values, mask: Values) -> Values:
    """The values where the mask is true, the others made empty."""
    return pc.if_else(mask, column, pa.scalar(None, column.type))


def found_at(column: Values, among: Values) -> pa.Array:
    """For each value its place among others; empty where it is missing or not there."""
    return pc.index_in(whole(column), value_set=whole(among), skip_nulls=True)


def count(flags: Values) -> int:
    """How many flags are up."""
    return int(pc.sum(flags).as_py() or 0)

"""National Insurance numbers as keyed numbers, by which a household is followed: made in memory, compared, and never kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading.columns import Values, only, whole

SHAPE = r"^[A-Z]{2}\d{6}[A-Z]?$"
FILLER = r"^(TN|XX|ZZ)|000000|111111|222222|333333|444444|555555|666666|777777|888888|999999|123456"
"""Temporary numbers begin TN, and a run of one digit fills a field that must not be blank (domain.md 2.2)."""


def keyed(values: Values, key: Sequence[int]) -> pa.Array:
    """Each number as a whole number that stands for it under two random numbers, ``key``; empty where it is none, or a filler.

    The last letter, which many systems leave out, does not count. Two are equal exactly where the numbers are; nothing else follows
    from them, and no other run has the same.
    """
    column = whole(values)
    if column.null_count == len(column):
        return pa.nulls(len(column), pa.int64())
    bare = pc.replace_substring(pc.ascii_upper(column), " ", "")
    there = pc.and_(pc.match_substring_regex(bare, SHAPE), pc.invert(pc.match_substring_regex(bare, FILLER)))
    there = pc.fill_null(there, fill_value=False)
    eight = pc.if_else(there, pc.utf8_slice_codeunits(bare, 0, 8), "AA000000")
    letters = whole(eight).cast(pa.binary(8)) if len(column) else pa.array([], pa.binary(8))
    _, held = letters.buffers()
    numbers = np.frombuffer(held, np.uint64)[letters.offset : letters.offset + len(letters)].copy()
    with np.errstate(over="ignore"):
        for part, odd in zip(key, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9), strict=True):
            numbers ^= np.uint64(part)
            numbers *= np.uint64((2 * part + odd) | 1)
            numbers ^= numbers >> np.uint64(31)
    return whole(only(pa.array(numbers.view(np.int64)), there))

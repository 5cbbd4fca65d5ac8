"""Do the work once for each distinct value, then put it back in every row: a million rows hold few names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa


def each_distinct(
    values: pa.ChunkedArray, act: Callable[[str], Sequence[object]], types: Sequence[pa.DataType]
) -> tuple[pa.ChunkedArray, ...]:
    """One column for each type: the answers of ``act`` to the row's value, empty where the value is empty."""
    encoded = pa.chunked_array(values.cast(pa.string())).combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    answers = [act(value) for value in encoded.dictionary.to_pylist()]
    return tuple(
        pa.chunked_array([pa.array([answer[place] for answer in answers], kind).take(encoded.indices)])
        for place, kind in enumerate(types)
    )

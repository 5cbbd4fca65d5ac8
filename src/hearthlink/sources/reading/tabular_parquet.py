"""A Parquet file as a table of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.cells import cell_text
from hearthlink.sources.reading.columns import trimmed
from hearthlink.sources.reading.delimited import Sheet
from hearthlink.sources.reading.headers import clean_headers
from hearthlink.sources.reading.text import bytes_of
from hearthlink.sources.reading.text_columns import Tabular

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

PARQUET = b"PAR1"
LOCKED = b"PARE"
MOST_ROWS = 500_000_000
MOST_ROWS_A_BYTE = 1_000
"""A column of one value takes next to no room, so a small file may claim any number of rows."""


def open_parquet(path: Path, source: str) -> Tabular:
    """A Parquet file as a table. Raises DataProblem where it is damaged or locked, or claims more rows than it could hold."""
    # It takes nine megabytes, which a study without such a file need not spend.
    from pyarrow.parquet import ParquetFile

    data, sha256 = bytes_of(path)
    file = path.name
    try:
        held = ParquetFile(pa.BufferReader(data))
        rows, names = held.metadata.num_rows, held.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError):
        raise _damaged(file) from None
    if rows > MOST_ROWS or rows > 1_000_000 + MOST_ROWS_A_BYTE * data.size:
        raise DataProblem(f"The file claims {rows:,} rows.", file=file, remedy="Ask where it came from.")

    def read(places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
        try:
            table = pa.table([_texts(held, place, file, missing) for place in places.values()], names=list(places))
        except (pa.ArrowException, OSError, ValueError):
            raise _damaged(file) from None
        return Sheet(table, rows, {})

    return Tabular(source, file, sha256, clean_headers(names, file), read, first_line=1)


def _damaged(file: str) -> DataProblem:
    return DataProblem("The Parquet file is damaged.", file=file, remedy="Ask the supplier to export it again.")


def _texts(held: ParquetFile, place: int, file: str, missing: Sequence[str]) -> pa.ChunkedArray:
    field = held.schema_arrow.field(place)
    if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
        raise DataProblem(
            "The column holds lists or bytes, not plain values.",
            file=file,
            column=str(place + 1),
            remedy="Ask for it as text, numbers or dates.",
        )
    if held.schema_arrow.names.count(field.name) > 1:
        raise DataProblem("The column stands in the file more than once.", file=file, column=str(place + 1))
    column = held.read(columns=[field.name], use_threads=False).column(0)
    column.validate(full=True)
    if len(column) != held.metadata.num_rows:
        raise _damaged(file)
    texts = _as_texts(column)
    gone = pa.array(list(missing), pa.string())
    blank = pc.is_in(texts, value_set=gone)
    return trimmed(pc.if_else(blank, pa.scalar(None, pa.string()), texts))


def _as_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_date(kind):
        return column.cast(pa.date32()).cast(pa.string())
    coded = column.combine_chunks().dictionary_encode()
    spelt = pa.array([cell_text(value) for value in coded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([spelt.take(coded.indices)], pa.string())

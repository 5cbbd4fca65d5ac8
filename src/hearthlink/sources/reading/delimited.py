"""Comma-separated extracts: named columns alone are read, whatever their order, and every value as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.columns import trimmed
from hearthlink.sources.reading.text import Extract

SYSTEMATIC = 0.05
"""The share of misshapen rows past which the file, and not the rows, is taken to be wrong."""

BLOCK = 1 << 20
LONGEST_ROW = 1 << 26
"""Bytes read at a time. A row longer than the first is read with the second; one longer still is refused."""

NEAR = 70.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The wanted columns as trimmed texts, how many rows the file holds, and those set aside by reason."""

    table: pa.Table
    rows_in: int
    refused: Mapping[str, int]
    notes: Mapping[str, int] = field(default_factory=dict)


def header_row(extract: Extract, *, delimiter: str = ",") -> list[str]:
    """The headers as they stand. They name columns and are no personal data, if the file has a header row at all."""
    return _first_row(extract, delimiter)[0]


def header_size(extract: Extract, delimiter: str) -> tuple[int, int]:
    """How many bytes the header row takes, and how many lines."""
    _, size, lines = _first_row(extract, delimiter)
    return size, lines


def _first_row(extract: Extract, delimiter: str) -> tuple[list[str], int, int]:
    """The first row of a text, its size in bytes and its lines: more than one where a header holds a line end."""
    for most in (1 << 16, 1 << 24):
        head = bytes(extract.text.slice(0, min(extract.text.size, most))).decode("utf-8", "ignore")
        sizes: list[int] = []

        def lines(head: str = head, sizes: list[int] = sizes) -> Iterator[str]:
            for line in io.StringIO(head, newline=""):
                sizes.append(len(line.encode()))
                yield line

        try:
            row = next(csv.reader(lines(), delimiter=delimiter))
        except (csv.Error, StopIteration):
            break
        if sum(sizes) < most:
            return row, sum(sizes), len(sizes)
    raise DataProblem(
        "The first row is not a header.",
        file=extract.file,
        line=1,
        remedy="Ask for the file with a first row that names its columns.",
    ) from None


def normal(header: str) -> str:
    """A header with case, spaces, dots and hyphens made alike."""
    return "_".join(header.replace("\ufeff", "").replace("-", " ").replace(".", " ").replace("_", " ").lower().split())


def read_places(
    extract: Extract, width: int, places: Mapping[str, int], *, missing: Sequence[str] = (), delimiter: str = ","
) -> Sheet:
    """Columns by their place in the row, counted from 0, out of `width`. The first row of the file is its header."""
    size, lines = header_size(extract, delimiter)
    body = replace(extract, text=extract.text.slice(size))
    return read_rows(body, width, places, missing=missing, delimiter=delimiter, first_line=1 + lines)


def read_rows(
    body: Extract,
    width: int,
    places: Mapping[str, int],
    *,
    missing: Sequence[str] = (),
    delimiter: str = ",",
    first_line: int = 1,
) -> Sheet:
    """Columns by their place, of a text without its header that begins at `first_line` of its file."""
    if not body.text.size:
        return Sheet(pa.table({name: pa.array([], pa.string()) for name in places}), 0, {})
    _refuse_open_quote(body, delimiter, first_line)
    misshapen: list[int] = []
    names = [f"c{place}" for place in range(width)]
    wanted = [names[place] for place in dict.fromkeys(places.values())] or names[:1]
    table = _parse(body, names, wanted, missing, misshapen, delimiter=delimiter, first_line=first_line)
    rows_in = table.num_rows + len(misshapen)
    if rows_in and (not table.num_rows or (len(misshapen) >= 3 and len(misshapen) > SYSTEMATIC * rows_in)):
        raise DataProblem(
            f"{len(misshapen):,} rows do not have the {width} fields that the header names.",
            file=body.file,
            line=min(misshapen),
            remedy="Ask the supplier to export it again: commas inside values must stand between quotation marks.",
        )
    refused = (
        {f"another number of fields than the header, first at line {min(misshapen):,}": len(misshapen)}
        if misshapen
        else {}
    )
    columns = [table.column(names[place]) for place in places.values()]
    return Sheet(pa.table(columns, names=list(places)), rows_in, refused)


def _parse(
    body: Extract,
    names: list[str],
    wanted: list[str],
    missing: Sequence[str],
    misshapen: list[int],
    *,
    delimiter: str,
    first_line: int,
) -> pa.Table:
    """The wanted columns; the line of every row of another width goes into `misshapen`."""

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        if row.text.strip():
            misshapen.append((row.number or 1) + first_line - 1)
        return "skip"

    for block in (BLOCK, LONGEST_ROW):
        misshapen.clear()
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(body.text),
                read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=block),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=set_aside
                ),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.string()),
                    strings_can_be_null=True,
                    null_values=["", *missing],
                ),
            )
        except pa.ArrowInvalid as fault:
            if block == BLOCK and "straddl" in str(fault):
                continue
            break
        return pa.table([trimmed(c) for c in table.columns], names=table.column_names)
    raise DataProblem(
        "The file cannot be read as delimited text.", file=body.file, remedy="Ask the supplier to export it again."
    )


def _refuse_open_quote(extract: Extract, delimiter: str, first_line: int) -> None:
    """Raise DataProblem where the quotation marks do not pair, with the line of the first that seems to lack its other."""
    held = np.frombuffer(extract.text, np.uint8)
    marks = np.flatnonzero(held == ord('"'))
    if len(marks) % 2 == 0:
        return
    # Of a pair the second stands at a value's end. Where it does not, it opens a value itself, and the first has none.
    ends = marks[1::2] + 1
    after = held[np.minimum(ends, len(held) - 1)]
    sound = (ends == len(held)) | np.isin(after, np.frombuffer(f'{delimiter}\r\n"'.encode(), np.uint8))
    unsound = np.flatnonzero(~sound)
    at = int(marks[2 * unsound[0]] if len(unsound) else marks[-1])
    before = held[:at]
    lines = max(int((before == ord(end)).sum()) for end in "\r\n")
    raise DataProblem(
        "A quotation mark is opened and never closed, so rows would be swallowed.",
        file=extract.file,
        line=first_line + lines,
        remedy="Ask the supplier to export it again; a quotation mark inside a value is written twice.",
    )

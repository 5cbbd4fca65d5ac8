"""A monthly file's lines: its header and trailer checked, its records of 341 fields kept apart from lines of another shape."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from hearthlink.errors import DataProblem
from hearthlink.sources.columns import whole
from hearthlink.sources.dates import day_of, read_day
from hearthlink.sources.delimited import SYSTEMATIC
from hearthlink.sources.shbe_layout import READ, WIDTH, Field
from hearthlink.sources.text import Extract

Whole: TypeAlias = npt.NDArray[np.int64]

FILE_NAME = re.compile(r"(?i)SHBE_(\d{4})(\d{2})\.txt")
REMEDY = "Ask for the extract as it was sent to the Department for Work and Pensions: 341 fields between pipes."
AGAIN = "Ask the supplier to export the month again."
RECORDS = ("D|", "S|", "D", "S")


@dataclass(frozen=True, slots=True)
class Lines:
    """Records of 341 fields with the line of each, and the lines of records that have another number of fields."""

    table: pa.Table
    line: Whole
    ragged: tuple[int, ...] = ()

    def of_type(self, record_type: str, fields: Iterable[Field]) -> Lines:
        """The records of one type, with the fields that such records hold."""
        mask = whole(pc.fill_null(pc.equal(self.table.column("f1"), record_type), fill_value=False))
        chosen = self.table.select([field.column for field in fields]).filter(mask)
        return Lines(chosen, self.line[mask.to_numpy(zero_copy_only=False)])


def month_of(path: Path) -> tuple[int, int] | None:
    """Year and month by the file's name, or None where the name does not say."""
    found = FILE_NAME.fullmatch(path.name)
    return (int(found[1]), int(found[2])) if found else None


def scan_day(extract: Extract) -> int:
    """The reference date in the header's third field, checked against the month in the file's name."""
    head = bytes(extract.text.slice(0, min(extract.text.size, 4096))).split(b"\n", 1)[0].decode("utf-8", "replace")
    fields = head.strip().split("|")
    day = read_day(fields[2]) if len(fields) > 2 else None
    if fields[0] in ("D", "S") or day is None:
        raise DataProblem(
            "The first line is not the header of a Single Housing Benefit Extract, with its date in the third field.",
            file=extract.file,
            line=1,
            remedy=REMEDY,
        )
    said = day_of(day)
    if month_of(Path(extract.file)) not in (None, (said.year, said.month)):
        raise DataProblem(
            "The month in the file's name is not that of the date in its header.",
            file=extract.file,
            line=1,
            remedy="Find out which is right, and rename the file or put the right one there.",
        )
    return day


def read_lines(extract: Extract) -> Lines:
    """The records between header and trailer; only the fields of the layout are converted."""
    _refuse_cut_off(extract)
    ragged: list[int] = []
    others: list[int] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        (ragged if row.text[:2] in RECORDS else others).append(row.number or 0)
        return "skip"

    wanted = [f"f{number}" for number in READ]
    names = [f"f{number}" for number in range(1, WIDTH + 1)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(extract.text),
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1, block_size=1 << 22),
            parse_options=arrow_csv.ParseOptions(
                delimiter="|",
                quote_char=False,
                escape_char=False,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        table = None
    if table is None:
        raise DataProblem("The file cannot be read as fields between pipes.", file=extract.file, remedy=REMEDY)
    skipped = np.array(sorted(ragged + others), np.int64)
    return Lines(table, _line_numbers(table.num_rows, skipped), tuple(sorted(ragged)))


def refuse_systematic(extract: Extract, records: int, ragged: tuple[int, ...], shifted: Whole) -> None:
    """Refuse a file in which so many records are out of shape that the file itself went wrong."""
    wrong = len(ragged) + len(shifted)
    if wrong and (wrong >= records or (wrong >= 3 and wrong > SYSTEMATIC * records)):
        raise DataProblem(
            f"{wrong:,} of {records:,} records have missing or shifted fields.",
            file=extract.file,
            line=min([*ragged, *shifted.tolist()]),
            remedy=f"{REMEDY} A month that came out wrong must be exported again.",
        )


def _line_numbers(rows: int, skipped: Whole) -> Whole:
    """The line of each row that was kept: the lines from the second on, without those skipped."""
    every = np.arange(2, 2 + rows + len(skipped), dtype=np.int64)
    return np.delete(every, skipped - 2) if len(skipped) else every


def _refuse_cut_off(extract: Extract) -> None:
    tail = bytes(extract.text.slice(max(0, extract.text.size - 65536))).rstrip(b"\r\n ")
    last = tail.rsplit(b"\n", 1)[-1]
    if last[:2] in (b"D|", b"S|") or (b"|" not in last and len(last) > 1):
        raise DataProblem("The file breaks off: its last line is not a trailer.", file=extract.file, remedy=AGAIN)

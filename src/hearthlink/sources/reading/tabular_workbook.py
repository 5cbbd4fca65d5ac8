"""A sheet of a workbook as a table of texts: xlsx, xls and ods. Formulas are never run; the value last seen stands for each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.archives import SAVE_AGAIN, Archive, locked, open_archive, unpack
from hearthlink.sources.reading.cells import ODD_DATES, ROUNDED, SWAPPED, cell_text, is_date, is_rounded, is_spelt_date
from hearthlink.sources.reading.columns import trimmed
from hearthlink.sources.reading.compound import check_chains
from hearthlink.sources.reading.delimited import Sheet
from hearthlink.sources.reading.headers import clean_headers
from hearthlink.sources.reading.layout import SAMPLED, TITLES, TOTALS
from hearthlink.sources.reading.tabular_text import TOTALS_ROW
from hearthlink.sources.reading.text import bytes_of
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.sources.reading.workbook_limits import check_parts

ZIPPED = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES = 512 << 20
LINKED = "read from a workbook that has links to others; the values last seen are taken"
UNWORKED = "a formula of the workbook whose value was never worked out: such a cell is read as missing"
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _Grid:
    """The rows of a sheet, where its header stands and what its columns are called."""

    rows: Callable[[], Iterator[Sequence[object]]]
    header: int
    headers: tuple[str, ...]


def open_workbook(path: Path, source: str, sheet: str | None = None) -> Tabular:
    """A sheet as a table: the one named, or the only one that can be seen and holds anything.

    Raises DataProblem where the file is no workbook, is locked or damaged, could not be opened safely, and where it cannot be told
    which sheet is meant.
    """
    data, sha256 = _bytes_of(path)
    note, unworked = _look_inside(data, path.name)
    book = _told(path.name, lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    name, names = _choose(book, path.name, sheet)
    chosen = _told(path.name, lambda: book.get_sheet_by_name(name))
    grid = _grid_of(chosen, path.name)

    def read(places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
        made = _told(path.name, lambda: _read(grid, places, missing))
        return replace(made, notes={**made.notes, UNWORKED: unworked}) if unworked else made

    return Tabular(source, path.name, sha256, grid.headers, read, names, note, grid.header + 2)


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook that can be seen, in order. Raises DataProblem where it is no workbook, is locked, damaged or unsafe."""
    data, _ = _bytes_of(path)
    _look_inside(data, path.name)
    book = _told(path.name, lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    return tuple(
        each.name
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
    )


def _bytes_of(path: Path) -> tuple[bytes, str]:
    if path.stat().st_size > MOST_BYTES:
        raise DataProblem("The workbook is too large to be opened.", file=path.name, remedy="Export the table as CSV.")
    data, sha256 = bytes_of(path)
    return bytes(data), sha256


def _look_inside(data: bytes, file: str) -> tuple[str | None, int]:
    """What must be said of the workbook and how many formulas have no value, having refused what would harm or cannot be read."""
    if data.startswith(COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise locked(file)
        check_chains(data, file)
        return None, 0
    archive = open_archive(data, file)
    names = {name.lower() for name in archive.names}
    if "xl/workbook.bin" in names:
        raise DataProblem("This is a binary workbook (xlsb).", file=file, remedy="Save it as xlsx or CSV.")
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise DataProblem(
            "This is a zip archive, not a workbook.", file=file, remedy="Unpack it, and put here what it holds."
        )
    unworked = check_parts(archive)
    if "meta-inf/manifest.xml" in names and _is_encrypted(archive):
        raise locked(file)
    return LINKED if any(name.startswith("xl/externallinks/") for name in names) else None, unworked


def _is_encrypted(archive: Archive) -> bool:
    manifest = next(part for part in archive.parts if part.filename.lower() == "meta-inf/manifest.xml")
    return b"encryption-data" in b"".join(unpack(archive, manifest))


def _told(file: str, work: Callable[[], Made]) -> Made:
    """What the reader of workbooks gives, or a DataProblem in place of its own words, which may quote what stands in the file."""
    try:
        return work()
    except PasswordError:
        raise locked(file) from None
    except (CalamineError, ValueError, OverflowError, OSError):
        raise DataProblem("The workbook is damaged.", file=file, remedy=SAVE_AGAIN) from None
    except BaseException as fault:
        # The reader is written in another language, and what it calls a panic is no Exception.
        if type(fault).__name__ != "PanicException":
            raise
        raise DataProblem("The workbook is damaged.", file=file, remedy=SAVE_AGAIN) from None


def _choose(book: CalamineWorkbook, file: str, sheet: str | None) -> tuple[str, tuple[str, ...]]:
    """The sheet that is meant, and the names of all that can be seen."""
    seen = tuple(
        each.name
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
    )
    listed = ", ".join(f'"{name}"' for name in seen[:20])
    if sheet is not None:
        if sheet in book.sheet_names:
            return sheet, seen
        raise DataProblem("The workbook has no sheet of that name.", file=file, remedy=f"Its sheets are: {listed}.")
    filled = [name for name in seen if _told(file, lambda name=name: book.get_sheet_by_name(name)).start is not None]
    if len(filled) == 1:
        return filled[0], seen
    if not filled:
        raise DataProblem("The workbook holds nothing that can be seen.", file=file, remedy="Ask for it again.")
    raise DataProblem(
        f"The workbook has {len(filled)} sheets: {listed}.",
        file=file,
        remedy='Name the one that is meant, as sheet = "…" in study.toml, or leave only that one in the file.',
    )


def _grid_of(sheet: CalamineSheet, file: str) -> _Grid:
    """The rows of a sheet and its header: the first row more than half as full as the fullest of the first rows."""

    def rows() -> Iterator[Sequence[object]]:
        # Row by row the reader drops as many columns on the right as stand empty on the left, so such a sheet is taken whole.
        if sheet.start is not None and sheet.start[1]:
            return iter(sheet.to_python(skip_empty_area=False))
        return iter(sheet.iter_rows())

    first = _told(file, lambda: [row for row, _ in zip(rows(), range(SAMPLED), strict=False)])
    filled = [sum(1 for cell in row if cell_text(cell)) for row in first]
    fullest = max(filled, default=0)
    header = next((n for n, count in enumerate(filled[:TITLES]) if 2 * count > fullest), None)
    if header is None:
        raise DataProblem("The sheet has no header in its first rows.", file=file, line=1)
    cells = [cell_text(cell) or "" for cell in first[header]]
    while cells and not cells[-1]:
        cells.pop()
    return _Grid(rows, header, clean_headers(cells, file, line=header + 1))


def _read(grid: _Grid, places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
    wanted = tuple(dict.fromkeys(places.values()))
    texts: dict[int, list[str | None]] = {place: [] for place in wanted}
    dated, spelt, rounded = (dict.fromkeys(wanted, 0) for _ in range(3))
    rows_in, totals = 0, 0
    for number, row in enumerate(grid.rows()):
        first = next((cell for cell in row if cell not in {"", None}), None)
        if number <= grid.header or first is None:
            continue
        rows_in += 1
        totals = totals + 1 if isinstance(first, str) and TOTALS.fullmatch(first.strip()) else 0
        for place in wanted:
            cell = row[place] if place < len(row) else None
            texts[place].append(cell_text(cell))
            dated[place] += is_date(cell)
            spelt[place] += is_spelt_date(cell)
            rounded[place] += is_rounded(cell)
    kept = rows_in - totals
    made = {place: _column(texts[place][:kept], missing) for place in wanted}
    table = pa.table([made[place] for place in places.values()], names=list(places))
    odd = sum(n for place, n in dated.items() if 2 * n < kept - made[place].null_count and not spelt[place])
    swapped = sum(n for place, n in dated.items() if spelt[place])
    notes = {ODD_DATES: odd, SWAPPED: swapped, ROUNDED: sum(rounded.values())}
    return Sheet(table, rows_in, {TOTALS_ROW: totals} if totals else {}, {note: n for note, n in notes.items() if n})


def _column(texts: list[str | None], missing: Sequence[str]) -> pa.Array:
    gone = set(missing)
    return trimmed(pa.array([None if text in gone else text for text in texts], pa.string()))

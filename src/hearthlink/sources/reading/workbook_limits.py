"""How large the grid of a workbook's sheet is, before a reader makes room for it: one cell at the far corner asks for all between."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.archives import SAVE_AGAIN, Archive, refuse_declarations, unpack

if TYPE_CHECKING:
    from lxml import etree

MOST_CELLS = 40_000_000
"""Cells of the smallest rectangle around everything on a sheet. A full sheet of Excel has a million rows."""

SMALL = 4 << 20
LONGEST_TAG = 64 << 20
NARROW = 78
"""Columns A to BZ: a sheet without wider references is taken to be so wide."""

_ROW = re.compile(rb"<row\b[^>]*?\br=\"(\d{1,9})")
_WIDE = re.compile(rb"\br=\"(?:[A-Z]{3}|[C-Z][A-Z])\d")
_STRANGE = re.compile(rb"<(?:c|row)\b[^>]*?\br=(?!\"(?:[A-Z]{1,3})?[1-9][0-9]{0,6}\")")
_UNWORKED = re.compile(rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,9})")


def check_parts(archive: Archive) -> int:
    """Unpack every part of a workbook, keeping none; give how many formulas have no value, for no program has worked them out yet.

    Raises DataProblem for one that lies about its size, declares a document type, or has a sheet of more than `MOST_CELLS`.
    """
    unworked = 0
    for part in archive.parts:
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml")):
            for _ in unpack(archive, part):
                pass
            continue
        looked = _look_through(archive, part)
        if name.startswith("xl/worksheets/"):
            unworked += looked.unworked
            if not looked.surely_small:
                _check_grid(archive, _each(archive, part, "{*}row"))
        elif name == "content.xml":
            _check_grid(archive, _each(archive, part, "{*}table-row", "{*}table"))
    return unworked


@dataclass(frozen=True, slots=True)
class _Looked:
    """Formulas of a part without a value, and whether its text alone tells that it is a sheet within the limit."""

    unworked: int
    surely_small: bool


def _look_through(archive: Archive, part: zipfile.ZipInfo) -> _Looked:
    """Read the XML of a part once. Raises DataProblem where it is not well-formed: a reader might wait for an end that never comes."""
    parser = expat.ParserCreate(namespace_separator=" ")
    rows, columns, elements, references, unworked, plain = 0, NARROW, 0, 0, 0, part.file_size >= SMALL
    try:
        for number, piece in enumerate(_whole_tags(archive, part)):
            parser.Parse(piece, False)
            plain = (
                plain and b"\0" not in piece and (number > 0 or b"<worksheet" in piece) and not _STRANGE.search(piece)
            )
            unworked += len(_UNWORKED.findall(piece)) if b"<f" in piece else 0
            if plain:
                elements += piece.count(b"<row") + piece.count(b"<c ") + piece.count(b"<c>")
                references += piece.count(b' r="')
                rows = max(rows, *map(int, _ROW.findall(piece)), 0)
                columns = 16_384 if _WIDE.search(piece) else columns
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):  # the last two: an encoding that is none, or is not known
        raise _damaged(archive) from None
    return _Looked(unworked, plain and references >= elements and rows * columns <= MOST_CELLS)


def _whole_tags(archive: Archive, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The XML of a part in pieces that end where a tag begins, so that nothing is parted unseen."""
    kept = b""
    for piece in unpack(archive, part):
        held = kept + piece
        cut = max(held.rfind(b"<"), 0)
        if len(held) - cut > LONGEST_TAG:
            raise DataProblem("A part of the file is one endless text.", file=archive.file, remedy=SAVE_AGAIN)
        refuse_declarations(archive, held[:cut])
        yield held[:cut]
        kept = held[cut:]
    refuse_declarations(archive, kept)
    yield kept


def _damaged(archive: Archive) -> DataProblem:
    return DataProblem("The workbook is damaged.", file=archive.file, remedy=SAVE_AGAIN)


def _each(archive: Archive, part: zipfile.ZipInfo, *tags: str) -> Iterator[etree._Element]:
    """Each element of these names, let go once it has been looked at."""
    from lxml import etree

    parser = etree.XMLPullParser(
        ("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for piece in _whole_tags(archive, part):
            parser.feed(piece)
            for _, element in parser.read_events():
                if element is None or isinstance(element, tuple):
                    continue
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError:
        raise _damaged(archive) from None


def _check_grid(archive: Archive, elements: Iterator[etree._Element]) -> None:
    """Raise DataProblem where the rectangle around all that is filled is too large. An element that is no row ends a table."""
    rows = columns = 0
    for element in elements:
        name = str(element.tag).rpartition("}")[2]
        if name == "table":
            rows = columns = 0
            continue
        told = _row_of_table(element, rows) if name == "table-row" else _row_of_sheet(element, rows)
        if told is None:
            raise _damaged(archive)
        rows, width = told
        columns = max(columns, width)
        if width and rows * columns > MOST_CELLS:
            raise DataProblem(
                f"A sheet spans {rows:,} rows and {columns:,} columns.",
                file=archive.file,
                remedy="Delete what stands far from the table, save it and try again, or export the table as CSV.",
            )


def _row_of_sheet(row: etree._Element, before: int) -> tuple[int, int] | None:
    """The number of a row of an xlsx sheet, and that of its last filled column, 0 where none is; None for what is no reference."""
    number, column, width = _whole(row.get("r"), before + 1), 0, 0
    for cell in row:
        reference = cell.get("r")
        found = None if reference is None else _CELL.fullmatch(reference)
        if number is None or (reference is not None and found is None):
            return None
        column = _column_number(found[1]) if found else column + 1
        number = max(number, int(found[2])) if found else number
        width = max(width, column) if len(cell) else width
    return None if number is None else (number, width)


def _row_of_table(row: etree._Element, before: int) -> tuple[int, int] | None:
    """The same of an ods table, whose rows and cells say how often they are repeated."""
    column = width = 0
    for cell in row:
        times = _whole(_attribute(cell, "number-columns-repeated"), 1)
        if times is None:
            return None
        column += times
        width = column if len(cell) or _attribute(cell, "value-type") else width
    lines = _whole(_attribute(row, "number-rows-repeated"), 1)
    return None if lines is None else (before + lines, width)


def _attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its own name, whatever its namespace: a reader may not look at that either."""
    return next((str(text) for full, text in element.attrib.items() if str(full).rpartition("}")[2] == name), None)


def _whole(text: str | None, otherwise: int) -> int | None:
    """A whole number, or another where nothing is said; None for what is no number."""
    if text is None:
        return otherwise
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number

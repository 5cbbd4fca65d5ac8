"""Every number that is printed in what is to leave, held against the cleared figures and the facts of the study."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import cast

from lxml import etree, html

from hearthlink.disclosure import ClearedTable, cell_text
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
NO_FIGURE = re.compile(r"\b(?:[0-9a-f]{12}|E92000001)\b")
"""What holds digits and is no figure of anybody: the run's own digest, and the code of England."""
SHEET_OR_NOTE = re.compile(r"\[note \d+\]|^\d+(?=: )|^\d+$")
"""How a workbook's words name its sheets and notes by number. Its figures stand in cells of numbers, which are read apart."""
AXES = frozenset(
    [str(percent) for percent in range(0, 101, 5)] + [str(month) for month in range(0, 37, 3)]
    + [f"{size * 10**power / 10:g}".lstrip("0") or "0" for size in range(1, 11) for power in range(5)] + [".25", ".125"]
)  # fmt: skip
"""Places along the axes of drawings: per cent, months, rates per 1,000, and ratios."""
SPOKEN = "//@aria-label | //@title | //@alt | //@*[starts-with(name(), 'data-')]"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_VALUE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value"


def strange_numbers(
    files: Mapping[str, bytes], tables: Sequence[ClearedTable], facts: Iterable[str]
) -> dict[str, list[str]]:
    """By file, numbers printed in it that are neither a cleared figure nor in the words of the study; none is the only good answer.

    Pages are read as a reader, a screen reader and a copier of their text have them, charts included; workbooks by their cells, data files by
    their fields. The paper versions hold word for word what the pages do, which a test of the report shows.
    """
    known = _known(tables, facts)
    found: dict[str, list[str]] = {}
    for name, content in files.items():
        read = READERS.get(PurePosixPath(name).suffix)
        if read is not None:
            said = {number for text in read(content) for number in _numbers(text)} - known
            drawn = {number for text in _drawn(name, content) for number in _numbers(text)} - known - AXES
            strange = sorted(said | drawn)
            if strange:
                found[name] = strange
    return found


def _known(tables: Sequence[ClearedTable], facts: Iterable[str]) -> frozenset[str]:
    words = [text for table in tables for text in _texts(table)]
    words += [str(value) for one in MEASURES.values() for value in asdict(one).values()]
    words += [*WINDOW_WORDS.values(), *facts]
    return frozenset(number for text in words for number in _numbers(text))


def _texts(table: ClearedTable) -> Iterator[str]:
    """Every way in which a table's figures and words are spelt: as printed, and as a bare number of the same digits."""
    yield from (table.name, table.title, *table.notes)
    for column in table.columns:
        yield from (column.name, column.words)
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            yield cell_text(cell, column.kind)
            if isinstance(cell.value, int | float):
                yield f"{cell.value:.{cell.decimals + (2 if column.kind == 'share' else 0)}f}"


def _numbers(text: str) -> Iterator[str]:
    """The numbers in a text, each in one spelling: no commas, no noughts before it or after its point."""
    for found in NUMBER.findall(NO_FIGURE.sub(" ", text)):
        plain = found.replace(",", "")
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        yield plain.lstrip("0") or "0"


def _of_page(content: bytes) -> Iterator[str]:
    document = html.document_fromstring(content)
    for beside in cast("list[html.HtmlElement]", document.xpath("//style | //*[local-name()='svg']")):
        beside.drop_tree()
    yield from (str(text) for text in document.itertext())
    yield from (str(text) for text in cast("list[object]", document.xpath(SPOKEN)))


def _drawn(name: str, content: bytes) -> Iterator[str]:
    """The words in the drawings of a page, their axes and what is spoken of them."""
    if name.endswith(".html"):
        for drawing in cast(
            "list[html.HtmlElement]", html.document_fromstring(content).xpath("//*[local-name()='svg']")
        ):
            yield from (str(text) for text in drawing.itertext())
            yield from (str(text) for text in cast("list[object]", drawing.xpath("." + SPOKEN.replace("| /", "| ./"))))


def _of_data(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8"))):
        yield from row


def _of_open_document(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = etree.fromstring(book.read("content.xml"), _SAFE)
    yield from (SHEET_OR_NOTE.sub(" ", str(text)) for text in root.itertext())
    yield from (_bare(str(value)) for element in root.iter() if (value := element.get(_VALUE)) is not None)


def _of_excel(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            if name == "xl/sharedStrings.xml":
                words = etree.fromstring(book.read(name), _SAFE).itertext()
                yield from (SHEET_OR_NOTE.sub(" ", str(text)) for text in words)
            elif name.startswith("xl/worksheets/sheet"):
                for cell in etree.fromstring(book.read(name), _SAFE).iter(f"{_MAIN}c"):
                    # A text cell holds where its text stands in the list of texts, which is no figure.
                    if cell.get("t") != "s":
                        yield from (_bare(str(text)) for text in cell.itertext())


def _bare(figure: str) -> str:
    """A figure of a workbook without the last bits of its binary form, which mean nothing."""
    try:
        return f"{float(figure):.12g}"
    except ValueError:
        return figure


READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    ".html": _of_page, ".csv": _of_data, ".ods": _of_open_document, ".xlsx": _of_excel,
}  # fmt: skip

"""Workbooks: the rules for accessible spreadsheets, no formula, no figure that was not released, and bytes that never change."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from lxml import etree
from made_report import ABOUT, cleared_whole
from odfdo import Document
from python_calamine import CalamineWorkbook

from hearthlink.disclosure import ClearedTable
from hearthlink.disclosure.cleared import Cell, ClearedColumn, seal
from hearthlink.report.page import TITLE
from hearthlink.report.spreadsheets import Book, book, ods, xlsx
from hearthlink.tables.definitions import MEASURES

MAKERS = {"xlsx": xlsx, "ods": ods}
HOSTILE = ("=1+1", "@SUM(A1)", "+1", "http://a.b/", "mailto:a", "internal:A1", "<b>&", "{=A1}", "1e5", "TRUE")


@cache
def whole() -> Book:
    return book(cleared_whole(), ABOUT, title=TITLE, definitions=MEASURES)


@cache
def content(kind: str) -> bytes:
    return MAKERS[kind](whole())


@cache
def parts(kind: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content(kind))) as held:
        return {name: held.read(name) for name in held.namelist()}


def sheets() -> list[bytes]:
    return [part for name, part in parts("xlsx").items() if name.startswith("xl/worksheets/sheet")]


def test_the_first_sheets_are_a_cover_the_contents_and_the_notes() -> None:
    """Then one sheet for each table, numbered, and the definitions; the contents name every sheet after themselves."""
    tabs = [sheet.tab for sheet in whole().sheets]
    assert tabs[:3] == ["Cover", "Contents", "Notes"]
    assert tabs[-1] == "Definitions"
    assert tabs[3:-1] == [str(number) for number in range(1, len(tabs) - 3)]
    assert [row[0].value for row in whole().sheets[1].rows] == tabs[2:]


def test_every_table_is_whole() -> None:
    """One row of headings, no two alike, as many cells in every row, and no cell without words."""
    for sheet in whole().sheets[1:]:
        assert len({head.casefold() for head in sheet.heads}) == len(sheet.heads) > 0
        assert all(sheet.heads)
        assert {len(row) for row in sheet.rows} == {len(sheet.heads)}
        assert all(str(entry.value).strip() for row in sheet.rows for entry in row)


def test_every_note_that_is_referred_to_is_there() -> None:
    """Notes stand in square brackets in a heading and never in a table; every symbol of a table is explained on the cover."""
    notes = {str(row[0].value) for row in whole().sheets[2].rows}
    cover = " ".join(str(line.value) for line in whole().sheets[0].lines)
    for sheet in whole().sheets[3:]:
        assert set(re.findall(r"\[note \d+\]", sheet.title)) <= notes
        cells = [str(entry.value) for row in sheet.rows for entry in row]
        assert not any("[note" in cell for cell in cells)
        assert all(cell in cover for cell in cells if re.fullmatch(r"\[\w+\]", cell))


def test_a_sheet_of_xlsx_has_nothing_that_a_screen_reader_trips_over() -> None:
    """Nothing merged, frozen, filtered, hidden or run; the cursor is in the first cell."""
    for sheet in sheets():
        for word in (b"<mergeCell", b"<pane", b"<autoFilter", b"hidden=", b"<f>", b"<formula"):
            assert word not in sheet
        for place in re.findall(rb'activeCell="(\w+)"', sheet):
            assert place == b"A1"
    styles = parts("xlsx")["xl/styles.xml"]
    assert set(re.findall(rb'patternType="(\w+)"', styles)) == {b"none", b"gray125"}


def test_each_table_of_xlsx_is_marked_up() -> None:
    """As many tables as sheets, but for the cover; each begins below the lines of its sheet, without buttons and without colours."""
    tables = [part for name, part in parts("xlsx").items() if name.startswith("xl/tables/")]
    assert len(tables) == len(whole().sheets) - 1
    for table in tables:
        assert re.search(rb'ref="A\d+:', table)
        assert b"autoFilter" not in table
        assert b'headerRowCount="0"' not in table
        assert not re.search(rb'tableStyleInfo name="', table)


def test_each_table_of_ods_is_marked_up() -> None:
    """A row of headings that is said to be one, a name for each table, and nothing merged or filtered."""
    text = parts("ods")["content.xml"].decode()
    tables = len(whole().sheets) - 1
    assert text.count("<table:table-header-rows>") == tables
    assert text.count('table:display-filter-buttons="false"') == tables
    for word in ("columns-spanned", "covered-table-cell", "table:formula", "background-color", "visibility"):
        assert word not in text


def test_the_files_tell_their_title_and_language() -> None:
    """Both say what they are and that they are in British English."""
    core, meta = parts("xlsx")["docProps/core.xml"].decode(), parts("ods")["meta.xml"].decode()
    for text in (core, meta):
        assert f"<dc:title>{TITLE}</dc:title>" in text
        assert "<dc:language>en-GB</dc:language>" in text


@pytest.mark.parametrize("kind", MAKERS)
def test_a_workbook_is_the_same_bytes_on_every_run(kind: str) -> None:
    """No clock is read: every part is dated alike."""
    assert MAKERS[kind](whole()) == content(kind)
    with zipfile.ZipFile(io.BytesIO(content(kind))) as held:
        assert {one.date_time for one in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert held.testzip() is None
    assert not re.search(rb"20[2-9]\d-\d\d-\d\dT", b"".join(parts(kind).values()))


@pytest.mark.parametrize("kind", MAKERS)
def test_another_program_reads_what_was_written(kind: str) -> None:
    """A reader of spreadsheets finds every sheet, with the headings and the figures that were meant."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(content(kind)))
    assert read.sheet_names == [sheet.tab for sheet in whole().sheets]
    for sheet in whole().sheets:
        rows = read.get_sheet_by_name(sheet.tab).to_python()
        top = 1 + len(sheet.lines)
        assert rows[0][0] == sheet.title
        if sheet.table:
            assert rows[top] == list(sheet.heads)
            assert [[_plain(cell) for cell in row] for row in rows[top + 1 :]] == [
                [_plain(entry.value) for entry in row] for row in sheet.rows
            ]


def _plain(value: object) -> object:
    return round(float(value), 9) if isinstance(value, int | float) else value


def test_a_library_of_opendocument_reads_the_ods() -> None:
    """Its tables have the names and sizes that were meant."""
    read = Document(io.BytesIO(content("ods")))
    assert [table.name for table in read.body.tables] == [sheet.tab for sheet in whole().sheets]
    assert [len(table.get_values()) for table in read.body.tables] == [
        1 + len(sheet.lines) + (1 + len(sheet.rows) if sheet.table else 0) for sheet in whole().sheets
    ]


def hostile() -> ClearedTable:
    columns = (ClearedColumn("group", "=Group", "text"), ClearedColumn("number", "@Children", "count"))
    rows = [[Cell(words), Cell(20)] for words in HOSTILE]
    return seal("hostile", "=A title", columns, rows, notes=("=note",), threshold=10, base=5)


@pytest.mark.parametrize("kind", MAKERS)
def test_no_words_are_run(kind: str) -> None:
    """Words that look like a formula, an address or a number are words to whoever reads the file."""
    made = MAKERS[kind](book([hostile()], replace(ABOUT, authority="=A&<1>"), title=TITLE, definitions={}))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("1").to_python()
    assert [row[0] for row in rows[4:]] == list(HOSTILE)
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        for name in held.namelist():
            if name.endswith(".xml"):
                root = etree.fromstring(held.read(name))
                assert not [one for one in root.iter() if etree.QName(one).localname == "f"]
                assert not [key for one in root.iter() for key in one.attrib if str(key).endswith("}formula")]


def test_every_figure_was_released() -> None:
    """Each number of a sheet is that of a cell of a cleared table."""
    given = {
        round(float(cell.value), 9)
        for table in cleared_whole()
        for row in table.rows
        for cell in row
        if isinstance(cell.value, int | float)
    }
    found = {round(float(entry.value), 9) for sheet in whole().sheets for row in sheet.rows for entry in row
             if not isinstance(entry.value, str)}  # fmt: skip
    rounded = {round(one, places) for one in given for places in range(6)}
    assert found <= rounded
    assert len(found) > 100

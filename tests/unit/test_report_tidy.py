"""Tidy tables: one figure to a row, its symbol apart, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from made_report import cleared

from hearthlink.disclosure import ClearedTable, Marker
from hearthlink.disclosure.cleared import Cell, ClearedColumn, seal
from hearthlink.report import tidy


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def made(*rows: list[Cell], words: str = "Group") -> ClearedTable:
    columns = (
        ClearedColumn("group", words, "text"),
        ClearedColumn("number", "Children", "count"),
        ClearedColumn("share", "Share", "share"),
        ClearedColumn("points", "Difference", "points"),
    )
    return seal("made", "A title", columns, rows, notes=("A note",), threshold=10, base=5)


def test_each_figure_has_a_row_with_its_symbol_beside_it() -> None:
    """Counts are whole, shares are of 1 to the decimals they may be printed to, and a held-back figure is empty."""
    table = made(
        [Cell("All"), Cell(1250), Cell(0.4834, decimals=1), Cell(-2.0)],
        [Cell("Few"), *[Cell(None, Marker.HELD_BACK)] * 3],
    )
    assert read(tidy([table])["made.csv"]) == [
        ["group", "figure", "value", "unit", "symbol"],
        ["All", "Children", "1250", "number", ""],
        ["All", "Share", "0.483", "share of 1", ""],
        ["All", "Difference", "-2", "percentage points", ""],
        ["Few", "Children", "", "number", "c"],
        ["Few", "Share", "", "share of 1", "c"],
        ["Few", "Difference", "", "percentage points", "c"],
    ]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("=SUM(A1)", "'=SUM(A1)"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-SUM(A1)", "'-SUM(A1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=SUM(A1)", "'=SUM(A1)"),
        ("\r\n=SUM(A1)", "'=SUM(A1)"),
        ("two\nlines", "two lines"),
        ("-5", "-5"),
        ("White", "White"),
    ],
)
def test_no_cell_is_a_formula(words: str, written: str) -> None:
    """Words that a spreadsheet would run are led by an apostrophe; a line break or a tab is a space; a number is left be."""
    table = made([Cell(words), Cell(20), Cell(0.5), Cell(1.0)])
    assert read(tidy([table])["made.csv"])[1][0] == written


def test_the_list_of_tables_holds_titles_and_notes() -> None:
    """One row for each note of each table."""
    assert read(tidy([made()])["tables.csv"]) == [["file", "title", "note"], ["made.csv", "A title", "A note"]]


def test_a_table_of_words_keeps_its_shape() -> None:
    """Where there is no figure there is no row for one."""
    words = seal("w", "W", (ClearedColumn("a", "A", "text"), ClearedColumn("b", "B", "text")), [[Cell("x"), Cell("y")]],
                 threshold=10, base=5)  # fmt: skip
    assert read(tidy([words])["w.csv"]) == [["a", "b"], ["x", "y"]]


def test_files_are_plain_and_the_same_on_every_run() -> None:
    """UTF-8 without a mark, line feeds alone, as many columns in every row, and the same bytes twice."""
    files = tidy(cleared())
    assert files == tidy(cleared())
    assert set(files) == {f"{table.name}.csv" for table in cleared()} | {"tables.csv"}
    for content in files.values():
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        lines = read(content)
        assert {len(line) for line in lines} == {len(lines[0])}
        assert len(set(lines[0])) == len(lines[0])


def test_every_figure_of_every_table_is_there() -> None:
    """As many rows as figures."""
    for table in cleared():
        figures = sum(column.kind != "text" for column in table.columns)
        assert len(read(tidy([table])[f"{table.name}.csv"])) == 1 + len(table.rows) * max(figures, 1)

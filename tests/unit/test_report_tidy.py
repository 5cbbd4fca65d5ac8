"""Data files: the layout of explore education statistics, a symbol where there is no figure, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re

import pytest
from made_report import ABOUT, cleared, cleared_whole

from hearthlink.disclosure import ClearedTable, Marker, unpack
from hearthlink.disclosure import pack as packed
from hearthlink.disclosure.cleared import Cell, ClearedColumn, seal
from hearthlink.report.gather import gathered
from hearthlink.report.tidy import META, STANDARD, data_files

PLACE = ["201920", "Financial year", "Local authority", "E92000001", "England", "x", "x", "Ashmere"]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def made(*rows: list[Cell], name: str = "made", words: str = "Group") -> ClearedTable:
    columns = (
        ClearedColumn("group", words, "text"),
        ClearedColumn("number", "Children", "count"),
        ClearedColumn("share", "Share", "share"),
        ClearedColumn("points", "Difference", "points"),
    )
    return seal(name, "A title", columns, rows, notes=("A note",), threshold=10, base=5)


def test_a_row_holds_its_year_its_place_and_its_figures() -> None:
    """Counts are whole, shares are in per cent to the decimals they may be printed to, and a symbol stands where there is no figure."""
    table = made(
        [Cell("All"), Cell(1250), Cell(0.4834, decimals=1), Cell(-2.0)],
        [Cell("Few"), *[Cell(None, Marker.HELD_BACK)] * 2, Cell(None, Marker.TOO_FEW)],
    )
    assert read(data_files([table], ABOUT)["made.csv"]) == [
        [*STANDARD, "group", "number", "share", "points"],
        [*PLACE, "All", "1250", "48.3", "-2"],
        [*PLACE, "Few", "c", "c", "u"],
    ]


def test_what_is_at_least_so_much_stands_in_a_column_of_its_own() -> None:
    """The exact figure is held back, so that its own column says c."""
    table = made([Cell("All"), Cell(20, Marker.AT_LEAST), Cell(0.5), Cell(1.0)])
    (head, line) = read(data_files([table], ABOUT)["made.csv"])
    found = dict(zip(head, line, strict=True))
    assert (found["number"], found["number_at_least"]) == ("c", "20")
    assert "share_at_least" not in found


def test_the_metadata_tell_filters_from_figures() -> None:
    """A filter of one value needs no row; per cent and percentage points have their unit; decimals are those of the figures."""
    table = made(
        [Cell("All"), Cell(20), Cell(0.5, decimals=1), Cell(1.0)], [Cell("Some"), Cell(15), Cell(0.5), Cell(1.0)]
    )
    assert read(data_files([table], ABOUT)["made.meta.csv"]) == [
        list(META),
        ["group", "Filter", "Group", "", "", "", "", ""],
        ["number", "Indicator", "Children", "", "", "0", "", ""],
        ["share", "Indicator", "Share", "", "%", "1", "", ""],
        ["points", "Indicator", "Difference", "", "pp", "0", "", ""],
    ]


def test_breakdowns_of_one_question_are_one_file() -> None:
    """The row of all children is said once, and each breakdown is grouped by its topic."""
    whole = [Cell("Everyone"), Cell(100), Cell(0.5), Cell(1.0)]
    part = [Cell("A part"), Cell(50), Cell(0.4), Cell(1.0)]
    age = made(whole, part, name="measured_workless_on_day_by_age", words="Age")
    sex = made(whole, part, name="measured_workless_on_day_by_sex", words="Sex")
    files = data_files([age, sex], ABOUT)
    lines = read(files["measured_workless_on_day_by_breakdown.csv"])
    assert [line[len(STANDARD) : len(STANDARD) + 2] for line in lines] == [
        ["breakdown_topic", "breakdown"], ["Total", "Everyone"], ["Age", "A part"], ["Sex", "A part"],
    ]  # fmt: skip
    meta = read(files["measured_workless_on_day_by_breakdown.meta.csv"])
    assert [line[0] for line in meta[1:3]] == ["breakdown", "number"]
    assert meta[1][-1] == "breakdown_topic"


def test_another_base_is_kept_apart() -> None:
    """Where a breakdown has another base than all children, its base stands under its own topic."""
    first = made([Cell("Everyone"), Cell(100), Cell(0.5), Cell(1.0)], name="on_benefit_by_age", words="Age")
    other = made([Cell("Assessed"), Cell(50), Cell(0.4), Cell(1.0)], name="on_benefit_by_factor", words="Factor")
    (together,) = gathered([first, other])
    assert [(row[0].value, row[1].value) for row in together.rows] == [("Total", "Everyone"), ("Factor", "Assessed")]


def test_what_was_not_in_the_plan_says_so_in_its_row() -> None:
    """Of two breakdowns of which one was asked after the plan was sealed, each row says which."""
    columns = (ClearedColumn("group", "Age", "text"), ClearedColumn("number", "Children", "count"))
    planned = seal("measured_workless_on_day_by_age", "T", columns, [[Cell("A"), Cell(20)]], threshold=10, base=5)
    after = seal("measured_workless_on_day_by_sex", "T", columns, [[Cell("B"), Cell(30)]], threshold=10, base=5,
                 notes=("Exploratory: not in the sealed plan.",))  # fmt: skip
    (together,) = gathered([planned, after])
    assert [row[2].value for row in together.rows] == ["planned", "exploratory"]


def test_a_table_that_was_not_in_the_plan_says_so_in_each_row() -> None:
    """So the mark goes wherever the rows go."""
    columns = (ClearedColumn("group", "Age", "text"), ClearedColumn("number", "Children", "count"))
    after = seal("curve_move", "T", columns, [[Cell("B"), Cell(30)]], threshold=10, base=5,
                 notes=("Exploratory: not in the sealed plan.",))  # fmt: skip
    head, line = read(data_files([after], ABOUT)["curve_move.csv"])
    assert dict(zip(head, line, strict=True))["state"] == "exploratory"


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
    assert read(data_files([table], ABOUT)["made.csv"])[1][len(STANDARD)] == written


def test_the_list_of_tables_holds_titles_and_notes() -> None:
    """One row for each note of each table."""
    files = data_files([made([Cell("All"), Cell(20), Cell(0.5), Cell(1.0)])], ABOUT)
    assert read(files["tables.csv"]) == [["file", "title", "note"], ["made.csv", "A title", "A note"]]


def test_a_table_of_words_keeps_its_shape() -> None:
    """Where there is no figure there is nothing to put in the layout, and no metadata."""
    columns = (ClearedColumn("a", "A", "text"), ClearedColumn("b", "B", "text"))
    files = data_files([seal("w", "W", columns, [[Cell("x"), Cell("y")]], threshold=10, base=5)], ABOUT)
    assert read(files["w.csv"]) == [["a", "b"], ["x", "y"]]
    assert "w.meta.csv" not in files


@pytest.mark.parametrize("tables", [cleared, cleared_whole])
def test_files_are_plain_and_the_same_on_every_run(tables: type) -> None:
    """UTF-8 without a mark, line feeds, lower-case names, as many columns in every row, no empty figure, and the same bytes twice."""
    files = data_files(tables(), ABOUT)
    assert files == data_files(unpack(packed(tables())), ABOUT)
    for name, content in files.items():
        assert re.fullmatch(r"[a-z0-9_]+(\.meta)?\.csv", name)
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        lines = read(content)
        assert {len(line) for line in lines} == {len(lines[0])}
        assert len(set(lines[0])) == len(lines[0])
        if f"{name.removesuffix('.csv')}.meta.csv" in files:
            assert all(all(line) for line in lines)


@pytest.mark.parametrize("tables", [cleared, cleared_whole])
def test_every_column_of_figures_has_its_metadata(tables: type) -> None:
    """The columns that the metadata name are in the file, and every column of figures is named."""
    files = data_files(tables(), ABOUT)
    for name, content in files.items():
        if name.endswith(".meta.csv"):
            head = read(files[name.replace(".meta", "")])[0]
            named = [line[0] for line in read(content)[1:]]
            assert set(named) <= set(head)
            assert [one for one in head if one in named and one not in STANDARD] == named


@pytest.mark.parametrize("tables", [cleared, cleared_whole])
def test_every_row_of_every_table_is_in_a_file(tables: type) -> None:
    """No cleared table is left out, and none of its rows but that of all children, which is said once."""
    together = gathered(tables())
    assert sorted(name for one in together for name in one.of) == sorted(table.name for table in tables())
    by_name = {table.name: table for table in tables()}
    for one in together:
        rows = sum(len(by_name[name].rows) for name in one.of)
        assert rows - len(one.of) + 1 <= len(one.rows) <= rows

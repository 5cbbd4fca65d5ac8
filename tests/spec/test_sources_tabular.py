"""Any file of rows and columns as a table of texts: delimited text, workbooks, Parquet."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_workbooks import Cell, archive, made_ods, made_xlsx, sheet_xml, xlsx_parts

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import IntakeColumn, IntakeTable, Kind
from hearthlink.sources.intake.taking import take
from hearthlink.sources.reading.tabular import Tabular, find_tabular, open_tabular
from hearthlink.sources.reading.tabular_text import TOTALS_ROW

TWO = [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
DELIMITED = (
    ("commas", "a,b\n1,2\n3,4\n", TWO, 2),
    ("semicolons, with decimal commas", "a;b\n1,5;2\n3,5;4\n", [{"a": "1,5", "b": "2"}, {"a": "3,5", "b": "4"}], 2),
    ("tabs", "a\tb\n1\t2\n3\t4\n", TWO, 2),
    ("pipes", "a|b\n1|2\n3|4\n", TWO, 2),
    ("a first line that says which", "sep=;\r\na;b\r\n1;2\r\n3;4\r\n", TWO, 3),
    ("blank rows and a title above", "\n\nClaims, all of them\n\na|b\n1|2\n3|4\n", TWO, 6),
    ("a block of titles above", "Report date,01/04/2019,,\nMade by,x,,\n,,,\na,b,c,d\n1,2,,\n3,4,,\n",
     [{"a": "1", "b": "2", "c": None, "d": None}, {"a": "3", "b": "4", "c": None, "d": None}], 5),
    ("titles narrower than the table", "Report date,01/04/2019\nMade by,x\na,b,c\n1,2,9\n3,4,9\n",
     [{"a": "1", "b": "2", "c": "9"}, {"a": "3", "b": "4", "c": "9"}], 4),
    ("a mark too many on every row", "a,b\n1,2,\n3,4,\n", [{"a": "1", "b": "2", "": None}, {"a": "3", "b": "4", "": None}], 2),
    ("a mark too many on the header", "a,b,\n1,2\n3,4\n", TWO, 2),
    ("blank rows at the end", "a,b\n1,2\n3,4\n,\n , \n\n", TWO, 2),
    ("line ends within quotation marks", '"a\nx",b\n"1\r\n",2\n"3",4\n',
     [{"a\nx": "1", "b": "2"}, {"a\nx": "3", "b": "4"}], 3),
    ("lines ended as on old Macs", "a,b\r1,2\r3,4\r", TWO, 2),
    ("mixed line ends", "a,b\r\n1,2\n3,4", TWO, 2),
    ("one column", "a\n1\n3\n", [{"a": "1"}, {"a": "3"}], 2),
    ("a header and no rows", "a,b\n", [], 2),
    ("signs and accents in a header", "\u00b5g,r\u00e9f \u00a3\n1,2\n", [{"\u03bcg": "1", "r\u00e9f \u00a3": "2"}], 2),
    ("marks that cannot be seen in a header", "\ufeffa\u200b,\u00a0b\n1,2\n3,4\n", TWO, 2),
)  # fmt: skip


def table_of(tabular: Tabular) -> list[dict[str, object]]:
    return tabular.read({header: place for place, header in enumerate(tabular.headers)}).table.to_pylist()


def opened(tmp_path: Path, data: bytes, name: str = "x.csv", sheet: str | None = None) -> Tabular:
    path = tmp_path / name
    path.write_bytes(data)
    return open_tabular(path, "cts", sheet=sheet)


@pytest.mark.parametrize(
    ("text", "rows", "line"), [case[1:] for case in DELIMITED], ids=[case[0] for case in DELIMITED]
)
def test_delimited_text_is_read_as_it_is_laid_out(tmp_path: Path, text: str, rows: list[object], line: int) -> None:
    """Whatever mark parts the columns and whatever stands above and below the rows, the table is the same."""
    tabular = opened(tmp_path, text.encode())
    assert table_of(tabular) == rows
    assert tabular.first_line == line
    assert tabular.read({}).rows_in == len(rows)


ENCODINGS = (
    ("utf-8", "utf-8", "JOSÉ;Ž", None),
    ("utf-8 with its mark", "utf-8-sig", "JOSÉ;Ž", None),
    ("UTF-16", "utf-16", "JOSÉ;Ž", "read as UTF-16 text"),
    ("UTF-16 without its mark", "utf-16-le", "JOSÉ;Ž", "read as UTF-16 text"),
    ("UTF-16 without its mark, big end first", "utf-16-be", "JOSÉ;Ž", "read as UTF-16 text"),
    ("Windows-1252", "cp1252", "JOSÉ;O\u2019NEILL", "read as Windows-1252 text"),
    ("Windows-1252, with a capital where it should be small", "cp1252", "JOSé;RENé;ZOë", "read as Windows-1252 text"),
    ("Windows-1252, with an accent for an apostrophe", "cp1252", "O\u00b4Neill;½", "read as Windows-1252 text"),
    ("Latin-9", "iso8859_15", "BLAŠKO;É", "read as Latin-9 (ISO 8859-15) text"),
    ("Mac Roman, with a letter Windows has not", "mac_roman", "Zoë;Renè;François", "read as Mac Roman text"),
    ("Mac Roman, with words of Mac Roman alone", "mac_roman", "JOSÉ;RENÉE;CHLOÉ;Zoé", "read as Mac Roman text"),
)


@pytest.mark.parametrize(
    ("code", "words", "note"), [case[1:] for case in ENCODINGS], ids=[case[0] for case in ENCODINGS]
)
def test_letters_come_out_as_they_were_written(tmp_path: Path, code: str, words: str, note: str | None) -> None:
    """An encoding that can be told for certain is read, with a note where it was not UTF-8."""
    tabular = opened(tmp_path, ("a,b\n" + "".join(f"{word},1\n" for word in words.split(";"))).encode(code))
    assert [row["a"] for row in table_of(tabular)] == words.split(";")
    assert tabular.note == note


def test_totals_are_set_aside_and_counted(tmp_path: Path) -> None:
    """A last row that only sums up is no record; one that begins with the word but holds more is."""
    sheet = opened(tmp_path, b"ref,rent,name\nA,1,x\nTotal,1.00,\nGrand total,,\n\n").read({"ref": 0})
    assert sheet.table.column("ref").to_pylist() == ["A"]
    assert (sheet.rows_in, dict(sheet.refused)) == (3, {TOTALS_ROW: 2})
    kept = opened(tmp_path, b"surname,forename\nTotal,x\n").read({"surname": 0})
    assert (kept.rows_in, dict(kept.refused)) == (1, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b;c,d;e\n", "which mark"),
        ("a,b\n1,2,3\n1\n1,2\n1,2,3\n1\n", "do not have the 2 fields"),
        ('a,b\n"1,2\n', "never closed"),
        ("\n\n \n", "empty"),
    ],
)
def test_a_layout_that_cannot_be_told_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """Two marks that would do as well, rows of other widths, and an open quotation mark are refused, never guessed at."""
    with pytest.raises(DataProblem, match=words):
        opened(tmp_path, text.encode()).read({"a": 0})


DAY = dt.datetime(2019, 4, 1)  # noqa: DTZ001 - a spreadsheet knows no zone
GRID: list[list[Cell]] = [
    ["Claims of a month"],
    [],
    ["ref", "from", "rent", "note"],
    [4111111111111, DAY, 12.5, "A"],
    ["007", DAY.replace(hour=12), 1e-7, True],
    [],
    [None, None, 1e20, " "],
    ["Total", None, 12.5, None],
]
READ = [
    {"ref": "4111111111111", "from": "2019-04-01", "rent": "12.5", "note": "A"},
    {"ref": "007", "from": "2019-04-01T12:00:00", "rent": "0.0000001", "note": "TRUE"},
    {"ref": None, "from": None, "rent": "100000000000000000000", "note": None},
]


@pytest.mark.parametrize("make", [made_xlsx, made_ods])
def test_a_workbook_is_read_as_plain_texts(tmp_path: Path, make: object) -> None:
    """Dates come in ISO form, numbers without exponent, text cells as they are; titles, blank rows and totals are passed over."""
    tabular = opened(tmp_path, make({"Claims": GRID}), "x.bin")  # type: ignore[operator]
    assert (tabular.headers, tabular.sheets, tabular.first_line) == (("ref", "from", "rent", "note"), ("Claims",), 4)
    assert table_of(tabular) == READ
    sheet = tabular.read({"rent": 2}, missing=("12.5",))
    assert sheet.table.column("rent").to_pylist() == [None, "0.0000001", "100000000000000000000"]
    assert (sheet.rows_in, dict(sheet.refused)) == (4, {TOTALS_ROW: 1})
    assert [note.split(":")[0] for note in sheet.notes] == ["a number of more than 15 digits"]


def test_days_counted_from_1904_are_the_days_they_mean(tmp_path: Path) -> None:
    """A workbook made on an old Mac counts its days from 1904, four years and a day later than others: its dates come out right."""
    parts = xlsx_parts({"S": [["born", "x"], [DAY - dt.timedelta(1462), 1]]})
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert table_of(opened(tmp_path, archive(parts), "x.bin"))[0]["born"] == DAY.date().isoformat()


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    """A workbook of before 2007 (xls) is read the same way."""
    tabular = open_tabular(Path(__file__).parents[1] / "files" / "claims.xls", "cts")
    assert table_of(tabular) == [{"ref": "007", "from": "2019-04-01", "rent": "3.5"}]


def test_a_date_among_other_values_is_noted(tmp_path: Path) -> None:
    """A spreadsheet that took an id for a date is suspected where most of the column is no date."""
    grid: list[list[Cell]] = [["id", "x"], ["A", 1], ["B", 1], [DAY, 1]]
    notes = opened(tmp_path, made_xlsx({"S": grid})).read({"id": 0}).notes
    assert list(notes.values()) == [1]
    assert "may have made it" in next(iter(notes))


def test_dates_half_of_which_are_text_are_suspected(tmp_path: Path) -> None:
    """Where some dates of a column are dates and others text, a spreadsheet took for dates those whose day could be a month: that is noted."""
    grid: list[list[Cell]] = [["born", "x"], [DAY, 1], [DAY, 1], ["25/04/2019", 1]]
    (note,) = opened(tmp_path, made_xlsx({"S": grid})).read({"born": 0}).notes.items()
    assert "exchanged its day and month" in note[0]
    assert note[1] == 2
    grid[3][0] = "not known"
    assert not opened(tmp_path, made_xlsx({"S": grid})).read({"born": 0}).notes


def test_an_id_that_a_spreadsheet_has_shortened_is_none(tmp_path: Path) -> None:
    """An id spelt as 4.1E+12 may be that of several, so it is missing, and counted; one with an E that is no exponent is not."""
    wanted = IntakeTable("t", "ids", "cts", (), (IntakeColumn("claim_ref", Kind.TEXT, "an id"),))
    made = take(opened(tmp_path, b"claim_ref,x\n4.1E+12,1\n1e+05,1\nHOUSE+1,1\n"), wanted)
    assert made.table.column("claim_ref").to_pylist() == [None, None, "HOUSE+1"]
    assert [rows for note, rows in made.tally.notes.items() if "shortened" in note] == [2]


def test_the_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    """The only sheet that holds anything and can be seen is meant; among several the one named is, and a wrong name lists them."""
    one: list[list[Cell]] = [["a", "b"], [1, 2], [3, 4]]
    only = made_xlsx({"Hidden": one, "Empty": [], "Claims": one}, hidden=("Hidden",))
    assert table_of(opened(tmp_path, only)) == TWO
    several = made_xlsx({"Notes": [["x", "y"]], "../../Claims": one})
    with pytest.raises(DataProblem, match="2 sheets"):
        opened(tmp_path, several)
    assert table_of(opened(tmp_path, several, sheet="../../Claims")) == TWO
    with pytest.raises(DataProblem, match="no sheet of that name"):
        opened(tmp_path, several, sheet="claims")
    with pytest.raises(DataProblem, match="no sheets"):
        opened(tmp_path, b"a,b\n1,2\n", sheet="claims")


def test_a_table_that_begins_far_in_is_read_whole(tmp_path: Path) -> None:
    """A table that begins in the third column and row loses no column on the right."""
    grid: list[list[Cell]] = [[], [], [None, None, "a", "b"], [None, None, 1, 2], [None, None, 3, 4]]
    tabular = opened(tmp_path, made_xlsx({"S": grid}))
    assert tabular.headers == ("", "", "a", "b")
    assert tabular.read({"a": 2, "b": 3}).table.to_pylist() == TWO


def test_a_formula_gives_its_last_value_and_is_never_run(tmp_path: Path) -> None:
    """The value a program last worked out is read; a formula that no program has worked out is missing and noted."""
    cells = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
    cells += '<row r="2"><c r="A2"><f>1+1</f><v>7</v></c><c r="B2"><f>HYPERLINK("http://192.0.2.1")</f></c></row>'
    tabular = opened(tmp_path, made_xlsx({"S": sheet_xml(cells)}))
    assert table_of(tabular) == [{"a": "7", "b": None}]
    assert any("never worked out" in note for note in tabular.read({"a": 0}).notes)


def test_parquet_is_read_as_plain_texts(tmp_path: Path) -> None:
    """Every plain type of Parquet comes as the text a workbook would give; lists and bytes are refused by their place."""
    made = pa.table(
        {
            "text": pa.array(["A ", "", None]).dictionary_encode(),
            "whole": pa.array([1, 10**17, None], pa.int64()),
            "number": [1.0, 0.5, float("nan")],
            "money": pa.array([Decimal("1.50"), None, None], pa.decimal128(9, 2)),
            "day": pa.array([dt.date(2019, 4, 1), None, None]),
            "moment": pa.array([DAY, DAY.replace(hour=9), None], pa.timestamp("us")),
            "zoned": pa.array([dt.datetime(2019, 6, 30, 23, tzinfo=dt.UTC), None, None], pa.timestamp("us", "UTC")),
            "live": [True, False, None],
            "many": [[1], None, None],
        }
    )
    pq.write_table(made, tmp_path / "x.parquet")
    tabular = open_tabular(tmp_path / "x.parquet", "cts")
    read = tabular.read({name: place for place, name in enumerate(made.column_names[:-1])}, missing=("0.5",))
    assert read.table.to_pydict() == {
        "text": ["A", None, None], "whole": ["1", "100000000000000000", None], "number": ["1", None, None],
        "money": ["1.5", None, None], "day": ["2019-04-01", None, None],
        "moment": ["2019-04-01", "2019-04-01T09:00:00", None], "zoned": ["2019-06-30T23:00:00+00:00", None, None],
        "live": ["TRUE", "FALSE", None],
    }  # fmt: skip
    with pytest.raises(DataProblem, match="lists or bytes") as problem:
        tabular.read({"many": 8})
    assert problem.value.column == "9"


def test_a_table_is_found_by_its_name_whatever_it_ends_in(tmp_path: Path) -> None:
    """A table is found in any case and of any kind; two that could be it are refused, and other files are passed over."""
    assert find_tabular(tmp_path / "absent", "claims") is None
    (tmp_path / "claims.docx").touch()
    assert find_tabular(tmp_path, "claims") is None
    (tmp_path / "Claims.XLSX").touch()
    assert find_tabular(tmp_path, "claims") == tmp_path / "Claims.XLSX"
    (tmp_path / "claims.csv").touch()
    with pytest.raises(DataProblem, match="2 files could be"):
        find_tabular(tmp_path, "claims")


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes of a POSIX system")
def test_only_an_ordinary_file_is_opened(tmp_path: Path) -> None:
    """A link, a folder, a pipe and a device are refused before they are opened, for opening one could wait for ever."""
    (tmp_path / "real.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name, words in (
        ("link", "link"),
        ("folder", "not an ordinary"),
        ("pipe", "not an ordinary"),
        ("gone", "not found"),
    ):
        with pytest.raises(DataProblem, match=words):
            open_tabular(tmp_path / f"{name}.csv", "cts")
    with pytest.raises(DataProblem, match="not an ordinary"):
        open_tabular(Path(os.devnull), "cts")


@pytest.mark.parametrize("name", ["CON", "nul.csv", "Aux.tar.csv", "COM1.xlsx", "lpt\u00b9.txt", "PRN .csv"])
def test_a_name_that_windows_keeps_for_a_device_is_refused(tmp_path: Path, name: str) -> None:
    """A file called as a device is refused on every system, before it is looked at."""
    with pytest.raises(DataProblem, match="keeps this name for a device"):
        open_tabular(tmp_path / name, "cts")


@pytest.mark.parametrize("name", ["a b.csv", "C drive.csv", "console.csv", "\u00c9t\u00e9 (2).csv", "[1]*.csv"])
def test_an_ordinary_name_may_hold_spaces_and_signs(tmp_path: Path, name: str) -> None:
    """Spaces, accents and brackets in a name, and names that only begin as a device's does, are no matter."""
    if os.name == "nt" and "*" in name:
        pytest.skip("Windows lets no file be called so")
    folder = tmp_path / "Housing Benefit - \u00a3 2019"
    folder.mkdir()
    (folder / name).write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert table_of(open_tabular(folder / name, "cts")) == TWO
    assert find_tabular(folder, name.removesuffix(".csv").upper()) == folder / name

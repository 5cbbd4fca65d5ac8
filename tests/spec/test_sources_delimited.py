"""Comma-separated extracts: which headers are accepted, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import TEXT, IntakeTable, plain
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.reading.tabular import open_tabular

WANTED = IntakeTable(
    "claim",
    "A claim.",
    "cts",
    ("x",),
    (
        plain("claim_ref", TEXT, "reference", needed=True),
        plain("from_date", TEXT, "from", "from", needed=True),
        plain("postcode", TEXT, "postcode", needed=True),
        plain("other_names", TEXT, "further names"),
    ),
)


def read(tmp_path: Path, text: str) -> Taken:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return take(open_tabular(path, "cts"), WANTED)


def set_aside(taken: Taken) -> dict[str, int]:
    return {reason: rows for reason, rows in taken.tally.refused.items() if rows}


ACCEPTED = (
    ("as named", "claim_ref,from_date,postcode\nA,B,C\n"),
    ("in another order, among others", "nino,postcode,claim_ref,x,from_date\nCANARY,C,A,CANARY,B\n"),
    ("in another case, with blanks and hyphens", " Claim-Ref ,FROM DATE,PostCode\nA,B,C\n"),
    ("by another known name", "claim_ref,from,postcode\nA,B,C\n"),
    ("with blanks around values", "claim_ref,from_date,postcode\n A ,B , C\n"),
    ("quoted, lines ended in the Windows way", '"claim_ref","from_date","postcode"\r\n"A","B","C"\r\n'),
    ("by its own name, where another known one is there too", "claim_ref,from,from_date,postcode\nA,X,B,C\n"),
    ("separated by semicolons", "claim_ref;from_date;postcode\nA;B;C\n"),
    ("without a last line end", "claim_ref,from_date,postcode\nA,B,C"),
    ("with a column of the same name that is not wanted", "claim_ref,from_date,postcode,x,x\nA,B,C,,\n"),
)


@pytest.mark.parametrize("text", [case[1] for case in ACCEPTED], ids=[case[0] for case in ACCEPTED])
def test_named_columns_are_found(tmp_path: Path, text: str) -> None:
    """Columns are found by name, whatever their order, and no other column is read."""
    sheet = read(tmp_path, text)
    assert sheet.table.to_pylist() == [{"claim_ref": "A", "from_date": "B", "postcode": "C", "other_names": None}]
    assert (sheet.tally.rows_in, set_aside(sheet)) == (1, {})


REFUSED = (
    ("missing", "claim_ref,from_date,x\nA,B,C\n", "postcode", "No header comes close"),
    ("renamed", "claim_ref,from_date,post_codes\nA,B,C\n", "postcode", '"post_codes"'),
    ("twice", "claim_ref,from_date,postcode,Postcode\nA,B,C,D\n", "postcode", "columns 3 and 4"),
    ("no header row", "SMITH,CLAIM_REX,ZZ1 1AA\nA,B,C\n", "claim_ref", "not the header"),
)


@pytest.mark.parametrize(("text", "column", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_header_that_does_not_fit_is_named(tmp_path: Path, text: str, column: str, words: str) -> None:
    """A missing, renamed or repeated column is named; where there is no header row, nothing of the first row is quoted."""
    with pytest.raises(DataProblem) as problem:
        read(tmp_path, text)
    said = str(problem.value)
    assert problem.value.column == column
    assert words in said
    assert not {"SMITH", "CLAIM_REX", "ZZ1"} & set(said.replace(",", " ").replace('"', " ").split())


def test_blanks_are_missing(tmp_path: Path) -> None:
    """A blank and a run of spaces are missing."""
    sheet = read(tmp_path, "claim_ref,from_date,postcode\nA,  ,\n")
    assert sheet.table.to_pylist() == [{"claim_ref": "A", "from_date": None, "postcode": None, "other_names": None}]


def test_a_value_may_hold_commas_quotation_marks_and_line_ends(tmp_path: Path) -> None:
    """What stands between quotation marks is one value."""
    sheet = read(tmp_path, 'claim_ref,from_date,postcode\n"A, ""B""\nC",D,E\n')
    assert sheet.table.column("claim_ref").to_pylist() == ['A, "B"\nC']


def test_a_few_misshapen_rows_are_set_aside_with_their_line(tmp_path: Path) -> None:
    """A row with too many or too few values is set aside and counted, and the line of the first is told."""
    rows = ["A,B,C"] * 50
    rows[10], rows[20] = "A,B", "A,B,C,D"
    sheet = read(tmp_path, "claim_ref,from_date,postcode\n" + "\n".join(rows))
    assert sheet.tally.rows_in == 50
    assert sheet.table.num_rows == 48
    assert set_aside(sheet) == {"another number of fields than the header, first at line 12": 2}


def test_a_file_of_misshapen_rows_is_refused(tmp_path: Path) -> None:
    """Where many rows have another number of values than the header, the file is refused, and no row is quoted."""
    with pytest.raises(DataProblem, match="3 fields") as problem:
        read(tmp_path, "claim_ref,from_date,postcode\n" + "SMITH,B\n" * 5 + "A,B,C\n" * 20)
    assert problem.value.line == 2
    assert "SMITH" not in str(problem.value)


OPEN = (
    ("in the first row", '"A,B,C\nA,B,C\n', 2), ("in the last row", 'A,B,C\nA,B,"C', 3),
    ("between sound values", '"A","B","C"\n"A","B,"C"\n"A","B","C"\n', 3), ("at a value's end", '"A","B","C"\nA",B,C\n"A","B","C"\n', 3),
    ("an inch", '"A","B","C"\n"A ""B""","B","C"\nA,5",C\n"A","B","C"\n', 4), ("a value of two lines before it", '"A\nA","B","C"\n"A,B,C\n', 4),
    ("Windows line ends", '"A","B","C"\r\n"A","B,C\r\n"A","B","C"\r\n', 3),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "line"), [case[1:] for case in OPEN], ids=[case[0] for case in OPEN])
def test_an_open_quotation_mark_is_refused_by_its_line(tmp_path: Path, rows: str, line: int) -> None:
    """A quotation mark that is never closed would swallow rows, so the file is refused, and the line where it stands is named."""
    with pytest.raises(DataProblem, match="quotation mark") as problem:
        read(tmp_path, "claim_ref,from_date,postcode\n" + rows)
    assert problem.value.line == line

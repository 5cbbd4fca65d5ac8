"""Whatever a table holds, it comes back cell for cell, from delimited text of any kind and from workbooks."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st
from made_workbooks import made_ods, made_xlsx

from hearthlink.sources.reading.layout import TOTALS
from hearthlink.sources.reading.tabular import open_tabular

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff")
CELL = st.text(st.one_of(st.sampled_from("aZ0 ,;|\t\"'\n.-/é£"), LETTERS), max_size=12)
GRID = st.integers(2, 5).flatmap(lambda width: st.lists(st.tuples(*[CELL] * width), max_size=12))
CODES = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


def expected(rows: list[tuple[str, ...]]) -> list[list[str | None]]:
    """The cells as they should come: trimmed, blank ones empty."""
    flat = pc.utf8_trim_whitespace(pa.array([cell for row in rows for cell in row], pa.string())).to_pylist()
    width = len(rows[0]) if rows else 1
    return [[cell or None for cell in flat[at : at + width]] for at in range(0, len(flat), width)]


def read(data: bytes, width: int) -> list[list[str | None]]:
    """Every cell of the file, having seen that each row is kept or counted."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "x.dat"
        path.write_bytes(data)
        tabular = open_tabular(path, "cts")
        sheet = tabular.read({f"c{n}": n for n in range(width)})
    assert len(tabular.headers) == width
    assert sheet.rows_in == sheet.table.num_rows + sum(sheet.refused.values())
    return [list(row.values()) for row in sheet.table.to_pylist()]


@settings(max_examples=150)
@given(GRID, st.sampled_from(",;|\t"), st.sampled_from(CODES), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_delimited_text_comes_back_cell_for_cell(
    rows: list[tuple[str, ...]], mark: str, code: str, end: str, quoted: bool
) -> None:
    """Any cells, under any mark, in any Unicode encoding, quoted throughout or only where they must be, are read as they were written."""
    rows = [row for row in rows if any(cell.strip() for cell in row) and not TOTALS.fullmatch(row[0].strip())]
    width = len(rows[0]) if rows else 2
    held = io.StringIO(newline="")
    writer = csv.writer(
        held, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerows([[f"header {n}" for n in range(width)], *rows])
    assert read(held.getvalue().encode(code), width) == expected(rows)


@settings(max_examples=60)
@given(GRID, st.booleans())
def test_a_workbook_comes_back_cell_for_cell(rows: list[tuple[str, ...]], ods: bool) -> None:
    """Any texts in the cells of a workbook are read as they were written; rows of nothing are passed over."""
    rows = [tuple(cell.replace("\n", " ") for cell in row) for row in rows if not TOTALS.fullmatch(row[0].strip())]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    width = len(rows[0]) if rows else 2
    grid = [[f"header {n}" for n in range(width)], *([cell or None for cell in row] for row in rows)]
    make = made_ods if ods else made_xlsx
    assert read(make({"Sheet": grid}), width) == expected(rows)

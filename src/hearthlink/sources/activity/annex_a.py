"""Annex A, the child-level lists made for an inspection: child in need cases (list 6) and children looked after (list 8).

The lists come as sheets of one workbook or as files of their own, and each council heads their columns a little otherwise: a list is
told by its name, and a column by the words in its header (domain.md 1.8.3). Ids and dates alone are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.spells import Spells, Stage, spells
from hearthlink.sources.reading.columns import count, each
from hearthlink.sources.reading.dates import read_days
from hearthlink.sources.reading.folder_tables import Found, tables_in
from hearthlink.sources.reading.receipts import Tally, unread
from hearthlink.sources.reading.tabular import Tabular

SOURCE = "annex_a"
LIST = re.compile(r"list[\s_.-]*0*(\d{1,2})(?!\d)", re.IGNORECASE)
MISSING = ("NULL", "NaN", "nan", "NaT", "N/A", "n/a")

OTHER_LIST = "not a list that tells of plans or of care; left unread"
OTHER_STATUS = "a case that is not on a child in need plan"
NO_ID = "no child id"
BAD_DATE = "a date not understood, taken as missing"
DAY_OF_CASE = "the day the case began, taken for the day the plan did"

CHILD = (r"child.*\bid\b", r"\bid\b.*child", r"\b(unique|person|client).*\bid\b")


@dataclass(frozen=True, slots=True)
class List:
    """One list: what its columns say, by patterns for the words of a header in order of trust, and the stage it tells of."""

    stage: Stage
    columns: Mapping[str, tuple[str, ...]]


LISTS: Mapping[int, List] = {
    6: List(
        "cin_plan",
        {
            "child": CHILD,
            "start": (r"\bcin\b.*start", r"in need.*start", r"start.*(\bcin\b|in need)"),
            "end": (r"\bcin\b.*(clos|end)", r"in need.*(clos|end)", r"(clos|end).*date"),
            "status": (r"case.*status", r"\bstatus\b"),
        },
    ),
    8: List(
        "looked_after",
        {
            "child": CHILD,
            "start": (r"start.*looked after", r"(became|becom).*looked after", r"\b(cla|lac)\b.*start"),
            "end": (r"(ceas|end|stop).*looked after", r"\b(cla|lac)\b.*(ceas|end)"),
        },
    ),
}
IN_NEED = re.compile(r"\bcin\b|in need", re.IGNORECASE)
LETTER = re.compile(r"\s*c\)?\s*", re.IGNORECASE)
"""Case status c of the template is the child in need plan; some lists hold the letter alone."""


def read_annex_a(folder: Path) -> list[Spells]:
    """Spells by the lists of a folder, one for each list. Raises DataProblem where a list lacks a column that it must have."""
    return [_read(found) for found in tables_in(folder)]


def _read(found: Found) -> Spells:
    number = _number(found)
    if number is None or number not in LISTS:
        return _bare(unread(SOURCE, found.file, OTHER_LIST))
    wanted, tabular = LISTS[number], found.open(SOURCE)
    places = {name: _place(tabular, name, patterns, number) for name, patterns in wanted.columns.items()}
    sheet = tabular.read(places, missing=MISSING)
    table = sheet.table
    tally = Tally(SOURCE, found.file, tabular.sha256, sheet.rows_in, dict(sheet.refused))
    named = pc.is_valid(table.column("child"))
    tally = tally.refusing(NO_ID, table.num_rows - count(named))
    table = table.filter(named)
    if "status" in places:
        planned = pc.fill_null(each(table.column("status"), _is_plan, pa.bool_()), False)
        tally = tally.refusing(OTHER_STATUS, table.num_rows - count(planned)).noting(DAY_OF_CASE, count(planned))
        table = table.filter(planned)
    start, end = (read_days(table.column(name)) for name in ("start", "end"))
    tally = tally.noting(BAD_DATE, start.unread_count + end.unread_count)
    return spells(wanted.stage, table.column("child"), start.dates, end.dates, tally)


def _number(found: Found) -> int | None:
    """The number of a list by its sheet, else by its file."""
    said = LIST.search(found.name)
    return int(said[1]) if said else None


def _place(tabular: Tabular, column: str, patterns: tuple[str, ...], number: int) -> int:
    """The first column whose header reads so, by the first pattern that any header fits."""
    for pattern in patterns:
        for place, header in enumerate(tabular.headers):
            if re.search(pattern, " ".join(header.lower().replace("_", " ").split())):
                return place
    raise DataProblem(
        f"List {number} of Annex A has no column for the {column} of the case.",
        file=tabular.file,
        line=tabular.first_line - 1,
        remedy="Head its columns as the template does.",
    )


def _is_plan(status: str | None) -> bool:
    return status is not None and (IN_NEED.search(status) is not None or LETTER.fullmatch(status) is not None)


def _bare(tally: Tally) -> Spells:
    nobody, never = pa.nulls(0, pa.string()), pa.nulls(0, pa.date32())
    return spells("looked_after", nobody, never, never, tally)

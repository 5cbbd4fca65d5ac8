"""The census flattened to tables by the tools that councils use: a file for each table, or a workbook with a sheet for each.

The tables are tied together by the child's id and by ordinals that each tool counts in its own way (domain.md 1.2, point 13); here
they are counted anew from 1, in the order of the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from hearthlink.errors import DataProblem
from hearthlink.sources.census.flat_rows import Flat
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.folder_tables import tables_in
from hearthlink.sources.reading.tabular import Tabular, find_tabular, open_tabular
from hearthlink.tables.census import FLAT, flat_schema

SOURCE = "cin_csv"
WANTED = ("ChildIdentifiers", "CINdetails")
"""Tables without which there is no census."""

ALSO: Mapping[str, tuple[str, ...]] = {
    "CINplanDates": ("CIN_plan_dates",),
    "PreProceedings": ("PreProceedingsandFGDM",),
    "AssessmentFactors": ("FactorsIdentifiedAtAssessment",),
    "AssessmentID": ("AssessmentsID",),
    "AssessmentFactor": ("AssessmentFactors", "Factor"),
    "CINdetailsID": ("CINdetailID",),
    "CPPID": ("ChildProtectionPlansID",),
}
"""Other names that tables and columns go by. Case, blanks and underscores are alike."""

MISSING = ("NaN", "nan", "NaT", "<NA>", "NULL")
NO_ID = "a row without a child id, left out"
STRANGER = "a row of a child that is not among the identifiers"
NO_EPISODE = "a row that names no episode of its child, put to the first"
LIST = re.compile(r"[^\s,;|'\"\[\](){}]+")
REMEDY = "The folder should hold ChildIdentifiers and CINdetails at least, as CSV files or as sheets of one workbook."

Rows = list[dict[str, str | None]]
Cells = dict[str, object]


@dataclass(frozen=True, slots=True)
class Read:
    """One table of the folder: its rows as texts by column, the row of the first, and the file."""

    rows: Rows
    first_line: int
    file: str
    sha256: str


def read_flat_csv(folder: Path) -> Flat:
    """The flat tables of a folder. Raises DataProblem where the children or their episodes are missing or cannot be read."""
    counts: Counter[str] = Counter()
    read = {table: found for table in FLAT if (found := _read(folder, table, counts)) is not None}
    for table in WANTED:
        if table not in read:
            raise DataProblem(f"The table {table} was not found.", file=folder.name, remedy=REMEDY)
    tying = Tying(counts)
    made: dict[str, list[Cells]] = {table: [] for table in FLAT}
    for table in sorted(read, key=list(FLAT).index):
        for number, row in enumerate(read[table].rows):
            tying.add(made, table, row, read[table].first_line + number)
    for table in ("ChildIdentifiers", "ChildCharacteristics"):
        tying.complete(made[table])
    tables = {table: _table(table, rows) for table, rows in made.items()}
    children = read["ChildIdentifiers"]
    others = {each.file: (each.sha256, len(each.rows)) for each in read.values() if each.file != children.file}
    return Flat(tables, SOURCE, children.file, children.sha256, tying.children, dict(counts), others)


def _read(folder: Path, table: str, counts: Counter[str]) -> Read | None:
    tabular = _open(folder, table)
    if tabular is None:
        return None
    wanted = [*FLAT[table], *(["AssessmentFactor"] if table == "Assessments" else [])]
    places: dict[str, int] = {}
    for column in wanted:
        names = {_alike(name) for name in (column, *ALSO.get(column, ()))}
        found = [place for place, header in enumerate(tabular.headers) if _alike(header) in names]
        if len(found) > 1:
            raise DataProblem(
                "The column stands in the file more than once.", file=tabular.file, line=1, column=column,
                remedy="Export it again with the column once.",
            )  # fmt: skip
        places.update((column, place) for place in found)
    if table != "Header" and "LAchildID" not in places:
        raise DataProblem(
            "The column is missing.", file=tabular.file, line=1, column="LAchildID", remedy="Export it again with it."
        )
    sheet = tabular.read(places, missing=MISSING)
    for reason, rows in sheet.refused.items():
        counts[f"{table}: {reason}"] += rows
    return Read(sheet.table.to_pylist(), tabular.first_line, tabular.file, tabular.sha256)


def _open(folder: Path, table: str) -> Tabular | None:
    stems = (table, *ALSO.get(table, ()))
    for stem in stems:
        if path := find_tabular(folder, stem):
            return open_tabular(path, SOURCE)
    names = {_alike(stem) for stem in stems}
    sheets = [found for found in tables_in(folder) if found.sheet is not None and _alike(found.name) in names]
    if len(sheets) > 1:
        raise DataProblem(
            f"{len(sheets)} sheets could be the table {table}.", file=folder.name, remedy="Leave the right one there."
        )
    return sheets[0].open(SOURCE) if sheets else None


def _alike(name: str) -> str:
    return normal(name).replace("_", "")


class Tying:
    """Which child and which episode, assessment or plan each row belongs to, as the tables are gone through from the top."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self.children = 0
        self._child: dict[str, int] = {}
        self._lines: dict[int, tuple[str | None, int]] = {}
        self._known: dict[tuple[object, ...], str] = {}
        self._last: Counter[tuple[object, ...]] = Counter()

    def add(self, made: dict[str, list[Cells]], table: str, row: dict[str, str | None], line: int) -> None:
        """Put a row where it belongs, with its ordinals; several factors in one cell become a row each."""
        if table == "Header":
            made[table].append({"child_no": 0, "line": line, **row})
            return
        child_no = self._child_no(table, row.get("LAchildID"), line)
        if child_no is None:
            self._counts[f"{table}: {NO_ID}"] += 1
            return
        cells: Cells = {**row, "child_no": child_no, "line": line}
        columns = FLAT[table]
        if table == "CINdetails":
            cells["CINdetailsID"] = self._new((child_no, "e"), row.get("CINdetailsID"))
        elif "CINdetailsID" in columns:
            cells["CINdetailsID"] = self._episode(table, child_no, row.get("CINdetailsID"))
        within = (child_no, cells.get("CINdetailsID"))
        if table == "Assessments":
            self._assessment(made, cells, within, row)
            return
        if table == "ChildProtectionPlans":
            cells["CPPID"] = self._new((*within, "p"), row.get("CPPID"))
        elif table == "Reviews":
            cells["CPPID"] = self._known.get((*within, "p", row.get("CPPID")), "1")
        elif table == "AssessmentFactors":
            cells["AssessmentID"] = self._known.get((*within, "a", row.get("AssessmentID")), "1")
            made[table] += ({**cells, "AssessmentFactor": factor} for factor in _listed(row.get("AssessmentFactor")))
            return
        made[table].append(cells)

    def complete(self, rows: list[Cells]) -> None:
        """Give every child a row, and keep the children in their order."""
        there = {row["child_no"] for row in rows}
        for child_no, (child_id, line) in self._lines.items():
            if child_no not in there:
                rows.append({"child_no": child_no, "line": line, "LAchildID": child_id})
        rows.sort(key=lambda row: (row["child_no"], row["line"]))

    def _child_no(self, table: str, child_id: str | None, line: int) -> int | None:
        if table != "ChildIdentifiers":
            if child_id is None:
                return None
            if child_id in self._child:
                return self._child[child_id]
            self._counts[f"{table}: {STRANGER}"] += 1
        self.children += 1
        self._lines[self.children] = (child_id, line)
        if child_id is not None:
            self._child.setdefault(child_id, self.children)
        return self.children

    def _new(self, within: tuple[object, ...], said: str | None) -> str:
        """The next ordinal, and what the file calls it. A row that repeats an ordinal that the file gave is another row all the same."""
        self._last[within] += 1
        number = str(self._last[within])
        self._known.setdefault((*within, said), number)
        return number

    def _episode(self, table: str, child_no: int, said: str | None) -> str | None:
        found = self._known.get((child_no, "e", said))
        if found is None and self._last[child_no, "e"]:
            if self._last[child_no, "e"] > 1:
                self._counts[f"{table}: {NO_EPISODE}"] += 1
            return "1"
        return found

    def _assessment(
        self,
        made: dict[str, list[Cells]],
        cells: Cells,
        within: tuple[object, ...],
        row: dict[str, str | None],
    ) -> None:
        """An assessment, unless the row only adds a factor to one already there."""
        factors = _listed(row.get("AssessmentFactor"))
        said = row.get("AssessmentID")
        dates = tuple(value for name, value in row.items() if name.startswith("Assessment") and name.endswith("Date"))
        same = (*within, "same", said, *dates)
        number = self._known.get(same) if factors else None
        if number is None:
            number = self._new((*within, "a"), said)
            self._known[same] = number
            made["Assessments"].append({**cells, "AssessmentID": number})
        made["AssessmentFactors"] += ({**cells, "AssessmentID": number, "AssessmentFactor": each} for each in factors)


def _listed(text: str | None) -> list[str]:
    """The codes in one cell: alone, with a label after it, or as a list such as ['3B', '4B']."""
    if text is None:
        return []
    if " - " in text or not re.search(r"[,;|\[]", text):
        return [text]
    return LIST.findall(text)


def _table(table: str, rows: Iterable[Mapping[str, object]]) -> pa.Table:
    held = list(rows)
    schema = flat_schema(table)
    return pa.table([pa.array([row.get(cell.name) for row in held], cell.type) for cell in schema], schema=schema)

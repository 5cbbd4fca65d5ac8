"""Rows of the flat census tied together: which child each belongs to, and which episode, assessment or plan, counted anew from 1.

Every tool counts these in its own way (domain.md 1.2, point 13), and a system has ids of its own in their place: either is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from hearthlink.sources.reading.dates import read_day
from hearthlink.tables.census import FLAT, flat_schema

NO_ID = "a row without a child id, left out"
STRANGER = "a row of a child that is not among the identifiers"
NO_EPISODE = "a row that names no episode of its child, put to the latest begun by then or else to the first"
LIST = re.compile(r"[^\s,;|'\"\[\](){}]+")

DAY_OF: Mapping[str, str] = {
    "Assessments": "AssessmentActualStartDate", "CINplanDates": "CINPlanStartDate", "Section47": "S47ActualStartDate",
    "ChildProtectionPlans": "CPPstartDate", "Reviews": "CPPreviewDate", "PreProceedings": "PPStartDate",
}  # fmt: skip
"""The day by which a row that names no episode is put to one."""

WITHIN = {"AssessmentFactors": ("AssessmentID", "a"), "Reviews": ("CPPID", "p")}
"""Tables whose rows belong to an assessment or a plan: the column that names it, and how such are told apart here."""

Row = Mapping[str, "str | None"]
Cells = dict[str, object]


@dataclass(frozen=True, slots=True)
class Read:
    """One flat table as it was read: its rows as texts by column, the line of each, and the file with its hash."""

    rows: Sequence[Row]
    lines: Sequence[int]
    file: str
    sha256: str


def tied(read: Mapping[str, Read], counts: Counter[str]) -> tuple[dict[str, pa.Table], int]:
    """The flat tables of what was read, and how many children they hold. What could not be placed is counted."""
    tying = Tying(counts)
    made: dict[str, list[Cells]] = {table: [] for table in FLAT}
    for table in sorted(read, key=list(FLAT).index):
        for row, line in zip(read[table].rows, read[table].lines, strict=True):
            tying.add(made, table, row, line)
    for table in ("ChildIdentifiers", "ChildCharacteristics"):
        tying.complete(made[table])
    return {table: _table(table, rows) for table, rows in made.items()}, tying.children


class Tying:
    """Which child and which episode, assessment or plan each row belongs to, as the tables are gone through from the top."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self.children = 0
        self._child: dict[str, int] = {}
        self._lines: dict[int, tuple[str | None, int]] = {}
        self._known: dict[tuple[object, ...], str] = {}
        self._last: Counter[tuple[object, ...]] = Counter()
        self._begun: dict[int, list[tuple[str | None, str]]] = {}
        self._of_child: dict[tuple[object, ...], str] = {}

    def add(self, made: dict[str, list[Cells]], table: str, row: Row, line: int) -> None:
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
            self._begun.setdefault(child_no, []).append((row.get("CINreferralDate"), str(cells["CINdetailsID"])))
        elif "CINdetailsID" in columns:
            cells["CINdetailsID"] = self._episode(table, child_no, row)
        within = (child_no, cells.get("CINdetailsID"))
        if table == "Assessments":
            self._assessment(made, cells, within, row)
            return
        if table == "ChildProtectionPlans":
            cells["CPPID"] = self._new((*within, "p"), row.get("CPPID"))
            self._of_child.setdefault((child_no, "p", row.get("CPPID")), str(within[1]))
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

    def _episode(self, table: str, child_no: int, row: Row) -> str | None:
        """The episode that a row names, or that of the assessment or plan it names, or the latest begun by its day, or the first."""
        said = row.get("CINdetailsID")
        found = None if said is None else self._known.get((child_no, "e", said))
        if found is not None or not self._last[child_no, "e"]:
            return found
        column, kind = WITHIN.get(table, ("", ""))
        held = self._of_child.get((child_no, kind, row.get(column))) if row.get(column) else None
        if held is not None or self._last[child_no, "e"] == 1:
            return held or "1"
        self._counts[f"{table}: {NO_EPISODE}"] += 1
        day = read_day(row.get(DAY_OF.get(table, "")))
        begun = sorted((when, number) for text, number in self._begun[child_no] if (when := read_day(text)) is not None)
        place = 0 if day is None else bisect_right([when for when, _ in begun], day)
        return begun[place - 1][1] if place else "1"

    def _assessment(
        self,
        made: dict[str, list[Cells]],
        cells: Cells,
        within: tuple[object, ...],
        row: Row,
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
            self._of_child.setdefault((within[0], "a", said), str(within[1]))
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

"""The homelessness return (H-CLIC) as its XML: nine linked sections, whose elements no public schema gives.

So nothing is taken for granted but what is published: sections by name, one case reference through them all, and people, placements and
duties as records within (domain.md 2.7). Every record becomes a row, every element of it with a text a column under its name in small
letters and underscores; those of the sections on duties with the section's name before it. The intake tables then find what they know,
and a mapping says what a supplier calls the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.parsers import expat

import pyarrow as pa

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.money import HOMELESSNESS_CASE, HOMELESSNESS_PERSON, TEMPORARY_ACCOMMODATION
from hearthlink.sources.reading.columns import trimmed
from hearthlink.sources.reading.delimited import Sheet, normal
from hearthlink.sources.reading.tabular import require_plain
from hearthlink.sources.reading.text import Extract, open_extract
from hearthlink.sources.reading.text_columns import Tabular

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "main": ("main", "case", "cases", "maindetails", "application"),
    "person": ("people", "person", "peopledetails", "householdmember", "householdmembers"),
    "support": ("support", "supportneeds", "supportneed"),
    "prevention": ("prevention", "preventionduty", "preventionactivity"),
    "relief": ("relief", "reliefduty", "reliefactivity"),
    "main_duty": ("finalduties", "finalduty", "final", "mainduty"),
    "assistance": ("assistance",),
    "temporary": ("temporaryaccommodation", "tempaccommodation", "ta", "placement", "placements"),
    "review": ("reviews", "review"),
}
"""The nine sections, each with the ways in which its element may be spelt, without marks and in small letters."""

CASE = tuple(
    dict.fromkeys(normal(n).replace("_", "") for n in ("case_ref", *HOMELESSNESS_CASE.column("case_ref").also))
)
TABLES: Mapping[str, str] = {
    HOMELESSNESS_CASE.name: "main",
    HOMELESSNESS_PERSON.name: "person",
    TEMPORARY_ACCOMMODATION.name: "temporary",
}
DUTY_SECTIONS = ("prevention", "relief", "main_duty")
CASE_COLUMN = "case_ref"
DEEPEST = 32
LONGEST = 1000
MOST_COLUMNS = 500
AGAIN = "Ask for the homelessness return as it was sent to the Department (H-CLIC, XML), or for its sections as tables."


@dataclass(slots=True)
class _Element:
    """An element that is open: its name and text, what its children said, the parts it has that are no section, and whether it has children."""

    name: str
    text: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    inner: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    section: str
    case: str | None
    cells: Mapping[str, str]


def open_return(path: Path, source: str = "homelessness") -> dict[str, Tabular]:
    """The intake tables of homelessness that the return fills, each as a table of texts, by the name of the intake table; only those it has.

    Raises DataProblem where the file is no XML, carries a document type, is nested too deeply, or holds no case.
    """
    require_plain(path)
    extract = open_extract(path, source)
    records = _Reading(extract.file).records(bytes(extract.text))
    if not any(record.section == "main" and record.case for record in records):
        raise DataProblem("No homelessness case was found in this file.", file=extract.file, remedy=AGAIN)
    rows = {name: _rows(records, section) for name, section in TABLES.items()}
    return {name: _tabular(extract, held) for name, held in rows.items() if held}


def open_part(path: Path, table: IntakeTable) -> Tabular:
    """What a return holds for one intake table, for a mapping that knows its elements and codes; a table without rows where it holds none.

    Raises DataProblem as `open_return` does, and where the table is none that a return can fill.
    """
    if table.name not in TABLES:
        raise DataProblem(
            "An XML file cannot fill this table.",
            file=path.name,
            column=table.name,
            remedy=f"A homelessness return (H-CLIC) fills {', '.join(TABLES)}. Ask for the others as tables.",
        )
    found = open_return(path, table.source).get(table.name)
    return found or _tabular(open_extract(path, table.source), [])


class _Reading:
    """One pass over the return. A record is an element with texts of its own below it; a section may be one or hold several."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Element] = []
        self._records: list[_Record] = []

    def records(self, text: bytes) -> list[_Record]:
        """Every record of the file in its order."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._letters
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        try:
            parser.Parse(text, True)
        except expat.ExpatError as fault:
            raise DataProblem(
                "The XML is not well formed, or is cut off.", file=self._file, line=fault.lineno, remedy=AGAIN
            ) from None
        return self._records

    def _refuse_document_type(self, *_: object) -> None:
        raise DataProblem(
            "The file carries a document type, which no return does and which can be used to attack a reader.",
            file=self._file,
            remedy=AGAIN,
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise DataProblem("Elements are nested more deeply than in any return.", file=self._file, remedy=AGAIN)
        if self._open:
            self._open[-1].inner = True
        element = _Element(name.rpartition(":")[2])
        for attribute, text in attributes.items():
            self._hold(element, attribute.rpartition(":")[2], text)
        self._open.append(element)

    def _letters(self, text: str) -> None:
        if self._open and len(self._open[-1].text) < LONGEST:
            self._open[-1].text += text

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if not element.inner and self._open:
            self._hold(self._open[-1], element.name, element.text)
        if _section_of(element.name):
            self._record(element)
        elif self._open:
            self._open[-1].parts += element.parts
            if element.cells and element.inner:
                self._open[-1].parts.append((element.name, element.cells))

    def _record(self, element: _Element) -> None:
        """A section that closes: parts of it that come once belong to it, and of those that come again each is a record of its own."""
        times = Counter(name for name, _ in element.parts)
        for name, cells in element.parts:
            if times[name] == 1:
                for column, text in cells.items():
                    element.cells.setdefault(column, text)
        several = [cells for name, cells in element.parts if times[name] > 1]
        for cells in several or ([element.cells] if element.cells else []):
            section = _section_of(element.name)
            if section:
                self._records.append(_Record(section, self._case(element, cells), cells))

    def _hold(self, element: _Element, name: str, text: str) -> None:
        """A text of an element, under its name; of one that is written twice the first stands."""
        said = text.strip()
        if said and len(element.cells) < MOST_COLUMNS:
            element.cells.setdefault(_snake(name), said[:LONGEST])

    def _case(self, element: _Element, cells: Mapping[str, str]) -> str | None:
        """The case that a record belongs to: its own reference, or that of what stands around it."""
        for held in (cells, element.cells, *(one.cells for one in reversed(self._open))):
            found = next((text for name, text in held.items() if _bare(name) in CASE), None)
            if found:
                return found
        return None


def _section_of(name: str) -> str | None:
    bare = _bare(name)
    return next((section for section, names in SECTIONS.items() if bare in names), None)


def _rows(records: Sequence[_Record], section: str) -> list[dict[str, str]]:
    """The rows of one section; those of the cases with what the sections on duties say of each."""
    made = [
        {CASE_COLUMN: record.case, **_without_case(record.cells)}
        for record in records
        if record.section == section and record.case
    ]
    if section != "main":
        return made
    cases: dict[str, dict[str, str]] = {}
    for row in made:
        held = cases.setdefault(row[CASE_COLUMN], {})
        for name, text in row.items():
            held.setdefault(name, text)
    for record in records:
        if record.section in DUTY_SECTIONS and record.case in cases:
            for name, text in _without_case(record.cells).items():
                cases[record.case].setdefault(_of_duty(record.section, name), text)
    has: dict[str | None, set[str]] = {}
    for record in records:
        has.setdefault(record.case, set()).add(record.section)
    for case, row in cases.items():
        row.setdefault("duty", _furthest(has[case]))
    return [{k: v for k, v in row.items() if v} for row in cases.values()]


def _furthest(sections: set[str]) -> str:
    """The furthest duty of a case by the sections it has; nothing where it has none."""
    return next((duty for duty in ("main_duty", "relief", "prevention") if duty in sections), "")


def _of_duty(section: str, name: str) -> str:
    """The column of a duty: its section's name before it, once."""
    if name in {"start_date", "date", "duty_start_date", "date_duty_owed"}:
        return f"{section.removesuffix('_duty')}_date"
    return name if name.startswith(section) else f"{section}_{name}"


def _without_case(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if _bare(name) not in CASE}


def _tabular(extract: Extract, rows: Sequence[Mapping[str, str]]) -> Tabular:
    headers = tuple(sorted({name for row in rows for name in row} | {CASE_COLUMN}))
    return Tabular(
        extract.source, extract.file, extract.sha256, headers, partial(_read, headers, rows), note=extract.note
    )


def _read(
    headers: Sequence[str], rows: Sequence[Mapping[str, str]], places: Mapping[str, int], missing: Sequence[str]
) -> Sheet:
    def column(name: str) -> pa.Array:
        texts = trimmed(pa.array([row.get(name) for row in rows], pa.string()))
        return pa.array([None if text in missing else text for text in texts.to_pylist()], pa.string())

    made = {name: column(headers[place]) for name, place in places.items()}
    return Sheet(pa.table(made), len(rows), {})


def _snake(name: str) -> str:
    """A name in small letters, its words parted by underscores, however it was spelt: DateOfBirth is date_of_birth."""
    parted = "".join(
        f"_{letter}" if letter.isupper() and n and (name[n - 1].islower() or name[n + 1 : n + 2].islower()) else letter
        for n, letter in enumerate(name)
    )
    bare = "".join(letter if letter.isalnum() else "_" for letter in parted.lower())
    return "_".join(word for word in bare.split("_") if word)


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())

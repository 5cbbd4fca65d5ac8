"""The census flattened to tables by the tools that councils use: a file for each table, or a workbook with a sheet for each.

How their rows are tied together to children and episodes is in `flat_tying`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from hearthlink.errors import DataProblem
from hearthlink.sources.census.flat_rows import Flat
from hearthlink.sources.census.flat_tying import Read, tied
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.folder_tables import tables_in
from hearthlink.sources.reading.tabular import Tabular, find_tabular, open_tabular
from hearthlink.tables.census import FLAT

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
REMEDY = "The folder should hold ChildIdentifiers and CINdetails at least, as CSV files or as sheets of one workbook."


def read_flat_csv(folder: Path, without: frozenset[str] = frozenset()) -> Flat:
    """The flat tables of a folder, elements named in `without` left unread. Raises DataProblem where the children or their episodes are missing or cannot be read."""
    counts: Counter[str] = Counter()
    read = {table: found for table in FLAT if (found := _read(folder, table, counts, without)) is not None}
    for table in WANTED:
        if table not in read:
            raise DataProblem(f"The table {table} was not found.", file=folder.name, remedy=REMEDY)
    tables, held = tied(read, counts)
    children = read["ChildIdentifiers"]
    others = {each.file: (each.sha256, len(each.rows)) for each in read.values() if each.file != children.file}
    return Flat(tables, SOURCE, children.file, children.sha256, held, dict(counts), others)


def _read(folder: Path, table: str, counts: Counter[str], without: frozenset[str]) -> Read | None:
    tabular = _open(folder, table)
    if tabular is None:
        return None
    wanted = [*FLAT[table], *(["AssessmentFactor"] if table == "Assessments" else [])]
    places: dict[str, int] = {}
    for column in (one for one in wanted if one not in without):
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
    rows = sheet.table.to_pylist()
    lines = range(tabular.first_line, tabular.first_line + len(rows))
    return Read(rows, lines, tabular.file, tabular.sha256)


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

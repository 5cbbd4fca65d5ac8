"""The tables of a folder whose files go by any name: every file of rows and columns, and of a workbook every sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hearthlink.sources.reading.tabular import SUFFIXES, Tabular, open_tabular, require_plain
from hearthlink.sources.reading.tabular_workbook import sheet_names

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Found:
    """A table that lies in a folder: the file, and the sheet where it is a workbook's."""

    path: Path
    sheet: str | None = None

    @property
    def name(self) -> str:
        """What the table is called: its sheet, else its file without the ending."""
        return self.path.stem if self.sheet is None else self.sheet

    @property
    def file(self) -> str:
        """The file, and the sheet after it, as the receipt names them."""
        return self.path.name if self.sheet is None else f"{self.path.name}, {self.sheet}"

    def open(self, source: str) -> Tabular:
        """The table. Raises DataProblem where it cannot be read safely."""
        return open_tabular(self.path, source, sheet=self.sheet)


def tables_in(folder: Path) -> Iterator[Found]:
    """Every table of the folder, in order of the names of files, and of a workbook's sheets as they stand."""
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES or path.name.startswith((".", "~$")):
            continue
        require_plain(path)
        if suffix in WORKBOOKS:
            yield from (Found(path, sheet) for sheet in sheet_names(path))
        else:
            yield Found(path)

"""Any file of rows and columns as one table of texts: delimited text, a workbook, Parquet."""

from __future__ import annotations

import stat
from pathlib import Path

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.tabular_parquet import LOCKED, PARQUET, open_parquet
from hearthlink.sources.reading.tabular_text import open_text
from hearthlink.sources.reading.tabular_workbook import COMPOUND, ZIPPED, open_workbook
from hearthlink.sources.reading.text_columns import Tabular

__all__ = ["SUFFIXES", "Tabular", "find_tabular", "open_tabular", "require_plain"]

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet")
"""What a file that holds a table may end in, in any case."""

RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789\u00b9\u00b2\u00b3")}
)
"""Names that on Windows are devices, whatever comes after a dot: to open one could wait for ever."""


def open_tabular(path: Path, source: str, *, sheet: str | None = None) -> Tabular:
    """The table in a file, told by its bytes and not by its name. `sheet` names one of a workbook; without it the only one is meant.

    Nothing but headers is read yet. Raises DataProblem where the file is no such table, cannot be read safely, or is no ordinary file.
    """
    require_plain(path)
    opening = _opening(path)
    if opening.startswith((ZIPPED, COMPOUND)):
        return open_workbook(path, source, sheet)
    if sheet is not None:
        raise DataProblem("The file is no workbook, so it has no sheets.", file=path.name)
    return open_parquet(path, source) if opening.startswith((PARQUET, LOCKED)) else open_text(path, source)


def _opening(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError:
        raise DataProblem(
            "The file cannot be opened.",
            file=path.name,
            remedy="Close it elsewhere (Excel keeps a workbook to itself), or check that you may read it.",
        ) from None


def find_tabular(folder: Path, stem: str) -> Path | None:
    """The table of that name in a folder, whatever it ends in and in any case; None where there is none.

    Raises DataProblem where two files could be it.
    """
    if not folder.is_dir():
        return None
    found = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and path.name[: -len(path.suffix)].lower() == stem.lower()
    )
    if len(found) > 1:
        raise DataProblem(
            f"{len(found)} files could be the table {stem}: {', '.join(path.name for path in found)}.",
            file=f"{folder.name}/{stem}",
            remedy="Leave the right one there, and move the rest.",
        )
    return found[0] if found else None


def require_plain(path: Path) -> None:
    """Raise DataProblem unless the path is an ordinary file: no link to elsewhere, no folder, no pipe, no device."""
    if path.name.partition(".")[0].strip().upper() in RESERVED:
        raise DataProblem(
            "Windows keeps this name for a device.", file=path.name, remedy="Call the file something else."
        )
    try:
        kind = path.lstat().st_mode
    except OSError:
        raise DataProblem("The file was not found.", file=path.name, remedy="Put it there and run again.") from None
    if stat.S_ISLNK(kind):
        raise DataProblem(
            "This is a link to another place.", file=path.name, remedy="Put the file itself there, not a link to it."
        )
    if not stat.S_ISREG(kind):
        raise DataProblem("This is not an ordinary file.", file=path.name, remedy="Put the extract itself there.")

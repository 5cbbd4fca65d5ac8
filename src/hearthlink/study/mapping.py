"""Guess a mapping of a supplier's file: its headers are read, its values looked at for their shapes, and column names alone are written.

The action is declared in `actions.MAP`. A site's policy may forbid it. Where the file lies in a study, the study's permission must hold
and its ledger gets a line; elsewhere there is no study to account to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.governance.network import closed_network
from hearthlink.sources.claims.academy_tables import ACADEMY_TABLES
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.mapping.form import meant
from hearthlink.sources.mapping.guess import ColumnGuess, TableGuess, answered, guess
from hearthlink.sources.mapping.shipped import open_shipped, shipped, shipped_text
from hearthlink.sources.mapping.write import mapping_text
from hearthlink.sources.reading.tabular import SUFFIXES, open_tabular, require_plain
from hearthlink.sources.reading.tabular_workbook import sheet_names
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.study.actions import MAP
from hearthlink.study.acts import Beside
from hearthlink.study.beside import entered
from hearthlink.study.policy import require_allowed
from hearthlink.study.store import write_whole
from hearthlink.study.study import STUDY_FILE, open_study

__all__ = [
    "ColumnGuess",
    "Looked",
    "TableGuess",
    "answered",
    "as_plain",
    "known_mappings",
    "look",
    "shown",
    "write_mapping",
]

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")

ACT = Beside(MAP.name, MAP.says, MAP.role, reads=(), writes=())
"""The permit of the action in a study: it opens no table, for it only looks."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was guessed, a table for each file, and in sentences what was not recognised or could not be read."""

    tables: tuple[TableGuess, ...]
    strange: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The mapping as TOML."""
        return mapping_text(self.tables)


def look(
    path: Path,
    *,
    clock: Callable[[], datetime],
    table: str | None = None,
    sheet: str | None = None,
    progress: Progress = lambda words, share: None,
) -> Looked:
    """Guess the mapping of a file, or of every table in a folder of exports. Nothing but files is looked at.

    Raises Refused where the site or the study's permission forbids it, WrongUse where `table` is none of ours, DataProblem where a file
    cannot be read or nothing in it is recognised.
    """
    if table is not None and table not in INTAKE:
        raise WrongUse("There is no such table to fill.", column="--table", remedy=meant(table, tuple(INTAKE)))
    guesses: list[TableGuess] = []
    strange: list[str] = []
    with _leave(path, clock):
        files = _tables_in(path)
        for n, file in enumerate(files):
            progress("Looking at headers and shapes", n / len(files))
            try:
                guesses += _looked_at(file, table, sheet)
            except DataProblem as problem:
                if len(files) == 1:
                    raise
                strange.append(f"{file.name} cannot be read: {problem.what}")
    own = [one for one in guesses if table is None and _by_its_own_name(one)]
    strange += [f"{one.file} is a table of Academy: it is read by its own name, without a mapping." for one in own]
    guesses = [one for one in guesses if one not in own]
    strange += [f"{_called(one)} was not recognised as one of our tables." for one in guesses if not one.recognised]
    known = tuple(one for one in guesses if one.recognised)
    if not known and own:
        raise DataProblem(
            strange[-1],
            file=path.name,
            remedy="Put it into the folder of its system, or name it as table in study.toml.",
        )
    if not known:
        raise DataProblem(
            "Nothing in it is recognised as one of our tables.",
            file=path.name,
            remedy=f"Say which it fills with --table: {', '.join(INTAKE)}.",
        )
    return Looked(known, tuple(strange))


def _looked_at(file: Path, table: str | None, sheet: str | None) -> list[TableGuess]:
    """The guess of each table in a file."""
    return [guess(opens(), table=table, sheet=named) for opens, named in _sheets(file, sheet)]


def _by_its_own_name(one: TableGuess) -> bool:
    """Whether a file is called as one of Academy's, and no mapping that comes with Hearthlink makes of it what was guessed: that is chance."""
    called = (one.file or "").lower()
    parts = (rules for name in shipped() for rules in open_shipped(name).tables)
    made = {rules.fills for rules in parts if (rules.file or "").lower() == called}
    return called in {table.name for table in ACADEMY_TABLES} and one.table.name not in made


def _called(one: TableGuess) -> str:
    return " ".join(filter(None, (one.file or "A table", one.sheet)))


def _sheets(file: Path, sheet: str | None) -> list[tuple[Callable[[], Tabular], str | None]]:
    """How each table of a file is opened: every sheet of a workbook that has several, unless one is named."""
    require_plain(file)
    if sheet is None and file.suffix.lower() in WORKBOOKS and len(names := sheet_names(file)) > 1:
        return [(partial(open_tabular, file, MAP.name, sheet=name), name) for name in names]
    return [(partial(open_tabular, file, MAP.name, sheet=sheet), sheet)]


def write_mapping(looked: Looked, out: Path) -> None:
    """Write the mapping to a file of its own. Raises WrongUse where there is a file already, or the name is not a mapping's."""
    if out.suffix.lower() != ".toml":
        raise WrongUse("A mapping's name ends in .toml.", file=out.name, column="--out", remedy="Give such a name.")
    if out.exists() or out.is_symlink():
        raise WrongUse(
            "There is a file of that name; it was left as it is.", file=out.name, column="--out", remedy="Give another."
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, looked.text.encode())


def known_mappings() -> Mapping[str, str]:
    """The mappings that come with Hearthlink, and what each says it is for."""
    return {name: open_shipped(name).says for name in shipped()}


def shown(name: str) -> str:
    """One of them as it is written."""
    return shipped_text(name)


def as_plain(looked: Looked) -> list[dict[str, object]]:
    """What was guessed as plain lists and words, for a program to read."""
    return [
        {
            "table": one.table.name,
            "file": one.file,
            "rows": one.rows,
            "other_tables": list(one.other_tables),
            "columns": [_plain_column(column) for column in one.columns],
            "needed_and_not_found": list(one.lacking),
            "not_read": list(one.unread),
        }
        for one in looked.tables
    ]


def _plain_column(one: ColumnGuess) -> dict[str, object]:
    return {
        "column": one.column.name,
        "from": list(one.rule.headers),
        "how_sure": one.sureness.value,
        "fit": round(one.fit, 2),
        "shape": one.shape,
        "look_at": list(one.doubts),
        "others": list(one.others),
    }


def _tables_in(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        return [folder]
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )
    if not files:
        raise DataProblem(
            "The folder holds no table.", file=folder.name, remedy=f"Tables end in: {', '.join(SUFFIXES)}."
        )
    return files


@contextmanager
def _leave(path: Path, clock: Callable[[], datetime]) -> Iterator[None]:
    """Leave to look: the site's, and where the file lies in a study that study's too, with a line in its ledger however it ends."""
    require_allowed(MAP.name)
    home = next((one for one in (path.resolve(), *path.resolve().parents) if (one / STUDY_FILE).is_file()), None)
    if home is None:
        with closed_network():
            yield
        return
    with entered(open_study(home), ACT, clock):
        yield

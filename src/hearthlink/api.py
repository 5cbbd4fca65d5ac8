"""Hearthlink from Python: `hearthlink.match` on Arrow, polars or pandas frames, or on files; `hearthlink.open` on a research room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hearthlink.errors import DataProblem, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable

    from hearthlink.study.matching.person_files import Persons
    from hearthlink.study.research.room import Room
    from hearthlink.study.study import Study

Names = Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Match:
    """links: an Arrow table, one row for each person to link. said: what was learned and what the files lacked, in sentences."""

    links: pa.Table
    said: tuple[str, ...]

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is not needed unless this is called
        """The links as a pandas frame, ids in the type they came in, missing or not."""
        whole = import_module("pandas").Int64Dtype()
        return self.links.to_pandas(types_mapper=lambda kind: whole if pa.types.is_integer(kind) else None)

    def to_polars(self) -> Any:  # noqa: ANN401 - polars is not needed unless this is called
        """The links as a polars frame."""
        return import_module("polars").from_arrow(self.links)


def match(
    left: object,
    right: object,
    *,
    map: Names | None = None,  # noqa: A002 - the word of the command's option
    out: str | PathLike[str] | None = None,
    progress: Callable[[str, float], None] = lambda words, share: None,
) -> Match:
    """Link the people of one table to the people and households of another.

    Args:
        left: who is to be linked: children, or, where no role is given, everybody. An Arrow, polars or pandas frame, or the path of a
            CSV or Parquet file. `docs/how-to/match-two-files.md` names the columns, all optional but person_id.
        right: among whom, as the left.
        map: other names of columns, ours to theirs; ``{"left": {...}, "right": {...}}`` where they differ between the sides.
        out: a file for the links, if they are to be written, with a ledger beside it. Both sides must then be paths.
        progress: told what is being done, in words, and how far it is, from 0 to 1.

    Raises:
        hearthlink.errors.Refused: the site's policy forbids it.
        hearthlink.errors.DataProblem: a table cannot be understood.
        hearthlink.errors.WrongUse: the map or a path is wrong.

    """
    from hearthlink.study.matching import match as action
    from hearthlink.study.policy import require_allowed

    if out is not None:
        if not (isinstance(left, str | PathLike) and isinstance(right, str | PathLike)):
            raise WrongUse(
                "Links are written only for two files.", column="out", remedy="Write the links of frames yourself."
            )
        done = action.match_files(
            Path(left), Path(right), Path(out), clock=lambda: datetime.now(UTC), names=map, progress=progress
        )
        return Match(done.links, done.said)
    require_allowed("match")
    if isinstance(left, str | PathLike) and isinstance(right, str | PathLike):
        masked = action.match_paths(Path(left), Path(right), progress=progress)
        if masked is not None:
            return Match(masked.links, masked.said)
    read = [_read(side, which, map) for side, which in ((left, "left"), (right, "right"))]
    done = action.match_tables(*(one.table for one in read), progress=progress)
    return Match(done.links, (*(sentence for one in read for sentence in one.said), *done.said))


def open(folder: str | PathLike[str] | Sequence[str | PathLike[str]], *, key: str | None = None) -> Room:  # noqa: A001 - the word a researcher looks for
    """Open the research room alone: its tables, draws, shares and link quality. Nothing with a name in it is loaded.

    Args:
        folder: a study's folder, or one that `hearthlink research` wrote, on whatever machine; or several, which are then pooled.
        key: the name of your own key, where the keys of a study's rooms are apart; its passphrase is asked for.

    Raises:
        hearthlink.errors.Refused: the site's policy or the study's permission forbids it.
        hearthlink.errors.DataProblem: the room is not made yet, or a file was changed.
        hearthlink.errors.WrongUse: the folder is neither.

    """
    from hearthlink.study.research.room import open_room

    folders = [folder] if isinstance(folder, str | PathLike) else list(folder)
    return open_room(
        [Path(one) for one in folders], clock=lambda: datetime.now(UTC), by=lambda study: _opened_by(study, key)
    )


def _opened_by(study: Study, key: str | None) -> Study:
    """The study, opened by somebody by the name of their key where one is given; what asks for a passphrase is loaded only then."""
    if key is None:
        return study
    from getpass import getpass

    from hearthlink.study.holder import at_keyboard

    return at_keyboard(study, key, ask=getpass)


def _read(side: object, which: str, names: Names | None) -> Persons:
    """The known columns of a frame or a file, by our names. No other column of a frame is looked at."""
    from hearthlink.study.matching.person_files import Persons, not_read, read_persons, wanted

    if isinstance(side, str | PathLike):
        return read_persons(Path(side), which, names)
    headers = _headers(side, which)
    places = wanted(headers, which, names, file=f"the {which} table")
    held = [headers[place] for place in places.values()]
    return Persons(_arrow(side, held, which).rename_columns(list(places)), 0, not_read(headers, places, which))


def _headers(frame: object, which: str) -> list[str]:
    columns: Iterable[object] | None = None
    if hasattr(frame, "__arrow_c_stream__"):
        columns = getattr(frame, "column_names", None) or getattr(frame, "columns", None)
    if columns is None:
        raise WrongUse(
            f"The {which} side is neither a frame nor a path.",
            remedy="Give an Arrow, polars or pandas frame, or a path.",
        )
    return [str(name) for name in columns]


def _arrow(frame: Any, headers: list[str], which: str) -> pa.Table:  # noqa: ANN401 - any frame that speaks Arrow
    """Columns of a frame as an Arrow table. A column of mixed kinds, as pandas allows, becomes text."""
    if isinstance(frame, pa.Table):
        return frame.select(headers)
    made: list[Any] = []
    for header in headers:
        one = frame[[header]]
        try:
            made.append(pa.table(one).column(header))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            made.append(_mixed(one, header, which))
    return pa.table(made, names=headers)


def _mixed(one: Any, header: str, which: str) -> pa.ChunkedArray:  # noqa: ANN401 - a frame of one column
    values = list(one[header])
    try:
        texts = [None if value is None or value != value else str(value) for value in values]  # noqa: PLR0124 - only nan differs from itself
        return pa.chunked_array([pa.array(texts, pa.string())])
    except (TypeError, ValueError):
        raise DataProblem("The column cannot be read.", file=f"the {which} table", column=header) from None

"""The one type that may leave the research room, and its form in bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import Literal, assert_never

from hearthlink.errors import DataProblem, OurFault
from hearthlink.tables.profiles import PROFILES

Kind = Literal["text", "count", "change", "share", "points", "ratio", "rate", "months"]
"""What a column holds: words; a rounded count; a rounded difference of counts; a share of 1; percentage points; a ratio; a rate per
1,000; whole months from the referral, before it below nought."""

KINDS: tuple[Kind, ...] = ("text", "count", "change", "share", "points", "ratio", "rate", "months")


class Marker(StrEnum):
    """Why a figure is missing, or how it is to be read. The letters are those of the Government Statistical Service."""

    NONE = ""
    HELD_BACK = "c"
    NOT_APPLICABLE = "z"
    NOT_AVAILABLE = "x"
    TOO_FEW = "u"
    AT_LEAST = "ge"


MARKER_WORDS: dict[Marker, str] = {
    Marker.HELD_BACK: "held back, so that nobody can be recognised",
    Marker.NOT_APPLICABLE: "does not apply",
    Marker.NOT_AVAILABLE: "not enough evidence to say",
    Marker.TOO_FEW: "too few children for a share to be reliable",
    Marker.AT_LEAST: "at least this much; the exact figure is held back",
}


@dataclass(frozen=True, slots=True)
class ClearedColumn:
    """A column: its name in files, its plain words, and what it holds."""

    name: str
    words: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure or words; the marker says why it is missing or how to read it; `decimals` are those it may be printed to.

    A share is kept as a share of 1 and printed as a percentage; percentage points are kept as points.
    """

    value: str | int | float | None
    marker: Marker = Marker.NONE
    decimals: int = 0


FORM = 1
"""Which form of bytes `pack` writes."""

_SEAL = object()


@dataclass(frozen=True, slots=True)
class ClearedTable:
    """A table that has passed the output checks. Only this package can make one.

    Every row has one cell for each column. Counts are multiples of `base`; one of less than `threshold` is not here, but for a nought
    where the `profile` prints noughts.
    """

    name: str
    title: str
    columns: tuple[ClearedColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    threshold: int
    base: int
    seal: InitVar[object]
    profile: str = "strict"

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise OurFault("A cleared table can be made by the output checks alone.")
        rule = PROFILES.get(self.profile)
        if rule is None or self.threshold < rule.least_threshold or self.base < rule.least_rounding:
            raise OurFault(f"Cleared table {self.name} keeps to no profile of the output checks.")
        for row in self.rows:
            if len(row) != len(self.columns):
                raise OurFault(f"Cleared table {self.name} has a row of the wrong length.")
            for column, cell in zip(self.columns, row, strict=True):
                _inspect(self, column, cell)

    def text(self, row: int, column: int) -> str:
        """A cell as it is printed: thousands parted by commas, shares in per cent, a marker where there is no figure."""
        return cell_text(self.rows[row][column], self.columns[column].kind)


def cell_text(cell: Cell, kind: Kind) -> str:
    """A cell as it is printed in a column of this kind."""
    value = cell.value
    if value is None:
        return str(cell.marker)
    if isinstance(value, str):
        return value
    prefix = "at least " if cell.marker is Marker.AT_LEAST else ""
    match kind:
        case "text":
            return str(value)
        case "count":
            return f"{prefix}{value:,}"
        case "change":
            return f"{prefix}{value:+,}" if value else f"{prefix}0"
        case "share":
            return f"{prefix}{100 * value:.{cell.decimals}f}%"
        case "points":
            return f"{prefix}{value:+.{cell.decimals}f}"
        case "ratio" | "rate":
            return f"{prefix}{value:,.{cell.decimals}f}"
        case "months":
            return f"{value:d}" if isinstance(value, int) else str(value)
        case _:
            assert_never(kind)


def _inspect(table: ClearedTable, column: ClearedColumn, cell: Cell) -> None:
    """The last look at a cell: a count off its base or under the threshold stops everything."""
    if column.kind not in KINDS:
        raise OurFault(f"Cleared table {table.name}: column {column.name} is of no known kind.")
    value = cell.value
    if value is None:
        if cell.marker in (Marker.NONE, Marker.AT_LEAST):
            raise OurFault(
                f"Cleared table {table.name}: column {column.name} has an empty cell that no marker explains."
            )
        return
    if cell.marker not in (Marker.NONE, Marker.AT_LEAST):
        raise OurFault(f"Cleared table {table.name}: column {column.name} prints a figure that its marker holds back.")
    if isinstance(value, str) is not (column.kind == "text"):
        raise OurFault(f"Cleared table {table.name}: column {column.name} mixes words and figures.")
    if column.kind in ("count", "change") and not _protected(value, column.kind, table):
        raise OurFault(f"Cleared table {table.name}: column {column.name} holds a count that is not protected.")


def _protected(value: str | float, kind: Kind, table: ClearedTable) -> bool:
    if isinstance(value, int) and value == 0:
        return kind == "count" and PROFILES[table.profile].noughts
    return isinstance(value, int) and value % table.base == 0 and abs(value) >= table.threshold


def seal(
    name: str,
    title: str,
    columns: Sequence[ClearedColumn],
    rows: Sequence[Sequence[Cell]],
    *,
    notes: Sequence[str] = (),
    threshold: int,
    base: int,
    profile: str = "strict",
) -> ClearedTable:
    """Make a cleared table. For the modules of this package, after their checks; the package does not offer it to others."""
    return ClearedTable(
        name,
        title,
        tuple(columns),
        tuple(tuple(row) for row in rows),
        tuple(notes),
        threshold,
        base,
        seal=_SEAL,
        profile=profile,
    )


def pack(tables: Sequence[ClearedTable]) -> bytes:
    """Cleared tables as bytes: the same tables always give the same bytes."""
    content = [
        {
            "name": table.name,
            "title": table.title,
            "threshold": table.threshold,
            "base": table.base,
            **({} if table.profile == "strict" else {"profile": table.profile}),
            "columns": [[column.name, column.words, column.kind] for column in table.columns],
            "rows": [[[cell.value, str(cell.marker), cell.decimals] for cell in row] for row in table.rows],
            "notes": list(table.notes),
        }
        for table in tables
    ]
    return json.dumps({"cleared": FORM, "tables": content}, ensure_ascii=False, sort_keys=True, indent=1).encode(
        "utf-8"
    )


def unpack(content: bytes) -> tuple[ClearedTable, ...]:
    """Cleared tables from the bytes that `pack` wrote; each is inspected again.

    Raises DataProblem where the bytes are not such a file.
    """
    try:
        read = json.loads(content.decode("utf-8"))
        tables = {FORM: read["tables"]}[read["cleared"]]
        return tuple(
            seal(
                one["name"],
                one["title"],
                [ClearedColumn(*column) for column in one["columns"]],
                [[Cell(value, Marker(marker), decimals) for value, marker, decimals in row] for row in one["rows"]],
                notes=one["notes"],
                threshold=one["threshold"],
                base=one["base"],
                profile=one.get("profile", "strict"),
            )
            for one in tables
        )
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        pass
    raise DataProblem(
        "The file of cleared tables cannot be read.",
        remedy="Run `hearthlink clear` again to write it anew.",
    )

"""Cleared tables as tidy CSV with metadata, in the layout of *explore education statistics*."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from hearthlink.disclosure import Cell, ClearedTable, Kind, Marker
from hearthlink.report.about import About
from hearthlink.report.gather import GROUP, TOPIC, Gathered, gathered

LIST_OF_TABLES = "tables.csv"
AT_LEAST = "_at_least"
"""How the column is named that holds what a figure is at least, where the exact one is held back."""

NOT_AVAILABLE, ENGLAND, COUNTRY_CODE = "x", "England", "E92000001"
STANDARD = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
META = (
    "col_name", "col_type", "label", "indicator_grouping", "indicator_unit", "indicator_dp", "filter_hint", "filter_grouping_column",
)  # fmt: skip
EES_UNITS: dict[Kind, str] = {"share": "%", "points": "pp"}
FILTERS: frozenset[Kind] = frozenset({"text", "months"})
"""What a row is of, and not a figure of it."""
_RISKY = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", ";=", ",=")
"""What words begin with that a spreadsheet runs: also the wide signs of East Asian type, and a sign after what may part cells."""
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
"""Letters without width, which a sign could hide behind."""


def data_files(tables: Sequence[ClearedTable], about: About) -> dict[str, bytes]:
    """Each table as a data file and a metadata file in the layout of *explore education statistics*, and a list of them all.

    A row of a data file holds its year and place, what it is of, and its figures; per cent are per cent. Where there is no figure its
    symbol stands: c, x, u or z. A figure known to be *at least* so much stands in a column of its own, beside a c. A table of words
    alone has no such layout and keeps its own. UTF-8, line feeds, and the same bytes for the same tables.
    """
    files: dict[str, bytes] = {}
    listed = [["file", "title", "note"]]
    for table in (one for one in gathered(tables) if one.rows):
        name = f"{table.name}.csv"
        if any(column.kind not in FILTERS for column in table.columns):
            files[name] = written(_data(table, about))
            files[f"{table.name}.meta.csv"] = written(_meta(table))
        else:
            head = [column.name for column in table.columns]
            files[name] = written([head, *([_words(cell) for cell in row] for row in table.rows)])
        listed.extend([name, table.title, note] for note in table.notes or ("",))
    files[LIST_OF_TABLES] = written(listed)
    return files


def _data(table: Gathered, about: About) -> list[list[str]]:
    place = [
        f"{about.year_start.year}{about.year_end.year % 100:02d}", "Financial year", "Local authority", COUNTRY_CODE, ENGLAND,
        NOT_AVAILABLE, NOT_AVAILABLE, about.authority,
    ]  # fmt: skip
    filters, indicators = _parted(table)
    least = _with_least(table)
    head: list[str] = [*STANDARD, *(table.columns[at].name for at in filters)]
    for at in indicators:
        head.append(table.columns[at].name)
        if at in least:
            head.append(f"{table.columns[at].name}{AT_LEAST}")
    lines: list[list[str]] = [head]
    for row in table.rows:
        line: list[str] = [*place, *(_words(row[at]) for at in filters)]
        for at in indicators:
            line.append(_figure(row[at], table.columns[at].kind))
            if at in least:
                line.append(_least(row[at], table.columns[at].kind))
        lines.append(line)
    return lines


def _words(cell: Cell) -> str:
    """The words of a filter; a symbol where there are none."""
    if cell.value is None:
        return str(cell.marker)
    return str(cell.value) or str(Marker.NOT_APPLICABLE)


def _meta(table: Gathered) -> list[list[str]]:
    """A row for each filter of two values or more, and for each indicator."""
    filters, indicators = _parted(table)
    least = _with_least(table)
    lines: list[list[str]] = [list(META)]
    for at in filters:
        column = table.columns[at]
        if column.name != TOPIC.name and len({row[at].value for row in table.rows}) > 1:
            grouping = TOPIC.name if column.name == GROUP.name else ""
            lines.append([column.name, "Filter", column.words, "", "", "", "", grouping])
    for at in indicators:
        column = table.columns[at]
        places = max((row[at].decimals for row in table.rows if row[at].value is not None), default=0)
        of = ["", EES_UNITS.get(column.kind, ""), str(places), "", ""]
        lines.append([column.name, "Indicator", column.words, *of])
        if at in least:
            lines.append([f"{column.name}{AT_LEAST}", "Indicator", f"{column.words}, at least", *of])
    return lines


def _parted(table: Gathered) -> tuple[list[int], list[int]]:
    """Where the filters stand, and where the indicators."""
    filters = [at for at, column in enumerate(table.columns) if column.kind in FILTERS]
    return filters, [at for at in range(len(table.columns)) if at not in filters]


def _with_least(table: Gathered) -> set[int]:
    return {at for row in table.rows for at, cell in enumerate(row) if cell.marker is Marker.AT_LEAST}


def _figure(cell: Cell, kind: Kind) -> str:
    """The figure, or the symbol that stands for it; one that is known to be *at least* so much is held back."""
    if cell.marker is Marker.AT_LEAST:
        return str(Marker.HELD_BACK)
    return str(cell.marker) if cell.value is None else _plain(cell, kind)


def _least(cell: Cell, kind: Kind) -> str:
    return _plain(cell, kind) if cell.marker is Marker.AT_LEAST else str(Marker.NOT_APPLICABLE)


def _plain(cell: Cell, kind: Kind) -> str:
    """A figure as a plain number to the decimals it may be printed to, shares in per cent."""
    if isinstance(cell.value, str) or cell.value is None:
        return str(cell.value or "")
    if kind in ("count", "change", "months"):
        return str(cell.value)
    return f"{cell.value * (100 if kind == 'share' else 1):.{cell.decimals}f}"


def written(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of words as CSV, none of which a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_safe(word) for word in line] for line in lines)
    return text.getvalue().encode("utf-8")


def _safe(word: str) -> str:
    """Words on one line that no spreadsheet runs: a number stays a number, and a formula becomes plain text."""
    plain = " ".join(word.translate(_UNSEEN).split())
    if not plain.startswith(_RISKY) or _is_number(plain):
        return plain
    return f"'{plain}"


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True

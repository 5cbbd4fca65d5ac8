"""The curve of calibration as a drawing: for each band of chance, where the share right should lie and where it does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from hearthlink.disclosure import ClearedTable, Marker
from hearthlink.report.reading import cell, figure, released, shown

LABELS, RIGHT, ROW, HEAD = 98, 108, 40, 26
"""Widths of the band's name and of the figure, the height of a row, and of the axis above."""

PLOTS = {"wide": 454, "narrow": 150}
"""Widths of the plot, for a page and for a small screen."""

BOX, INK, LINE, GREY = "#cfdeed", "#0b0c0c", "#12436D", "#c8cdd0"
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Curve:
    """The drawing for a page and for a small screen, and what it shows in words."""

    wide: str
    narrow: str
    message: str


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    start: float
    end: float
    found: float | None
    low: float
    high: float
    said: str


def curve(table: ClearedTable | None) -> Curve | None:
    """The first kind of answers of which two bands or more have a released share right, as a drawing; None where there is none."""
    if table is None:
        return None
    for level in dict.fromkeys(shown(table, row, "level") for row in range(len(table.rows))):
        rows = [_row(table, row) for row in range(len(table.rows))
                if shown(table, row, "level") == level and released(table, row, "right")]  # fmt: skip
        if len(rows) > 1:
            return _curve(level, rows)
    return None


def _curve(level: str, rows: list[_Row]) -> Curve:
    inside = sum(row.low <= row.end + 1e-9 and row.high >= row.start - 1e-9 for row in rows)
    strays = "no band" if inside == len(rows) else f"{len(rows) - inside} of {len(rows)} bands"
    message = f"In {strays} is the share right seen to stray from the chance that the model gave ({level})."
    wide, narrow = (_svg(rows, message, name) for name in PLOTS)
    return Curve(wide, narrow, message)


def _row(table: ClearedTable, row: int) -> _Row:
    ends = [float(one) / 100 for one in re.findall(r"\d+", shown(table, row, "chance"))]
    start, end = (0.0, ends[0]) if len(ends) == 1 else (ends[0], ends[1])
    right, found = cell(table, row, "right"), figure(table, row, "right") or 0.0
    if right is not None and right.marker is Marker.AT_LEAST:
        return _Row(shown(table, row, "chance"), start, end, None, found, 1.0, shown(table, row, "right"))
    low, high = (figure(table, row, name) for name in ("low", "high"))
    return _Row(
        shown(table, row, "chance"), start, end, found, found if low is None else low, found if high is None else high,
        shown(table, row, "right"),
    )  # fmt: skip


def _svg(rows: list[_Row], message: str, name: str) -> str:
    plot, title = PLOTS[name], f"calibration-{name}"
    width, height = LABELS + plot + RIGHT, HEAD + ROW * len(rows) + 6
    parts = [
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{title}" focusable="false">',
        f'<title id="{title}">{escape(message)}</title>',
    ]
    for tick in TICKS:
        at = _x(tick / 100, plot)
        parts += [
            f'<path d="M{at},{HEAD}V{height}" stroke="{GREY}"/>',
            f'<text x="{at}" y="{HEAD - 9}" text-anchor="middle" font-size="15" fill="{INK}">{tick}%</text>',
        ]
    for place, row in enumerate(rows):
        parts += _drawn(row, HEAD + ROW * place + ROW // 2, plot)
    return "".join([*parts, "</svg>"])


def _drawn(row: _Row, y: int, plot: int) -> list[str]:
    """One band: a box where the share should lie, a line where it may, a mark where it does."""
    left, right = _x(row.start, plot), max(_x(row.end, plot), _x(row.start, plot) + 4)
    dashes = ' stroke-dasharray="5 4"' if row.found is None else ""
    bold = 'text-anchor="end" font-size="15" font-weight="bold"'
    parts = [
        f'<text x="0" y="{y + 5}" font-size="15" fill="{INK}">{escape(row.label)}</text>',
        f'<path d="M{left},{y - 14}H{right}V{y + 14}H{left}Z" fill="{BOX}"/>',
        f'<path d="M{_x(row.low, plot)},{y}H{_x(row.high, plot)}" stroke="{LINE}" stroke-width="3"{dashes}/>',
        f'<text x="{LABELS + plot + RIGHT}" y="{y + 5}" {bold} fill="{INK}">{escape(row.said)}</text>',
    ]
    if row.found is not None:
        at = _x(row.found, plot)
        parts.append(f'<path d="M{at},{y - 10}V{y + 10}" stroke="{LINE}" stroke-width="4"/>')
    return parts


def _x(share: float, plot: int) -> float:
    return round(LABELS + plot * share, 1)

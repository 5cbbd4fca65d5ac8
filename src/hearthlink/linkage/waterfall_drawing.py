"""A waterfall drawn as SVG: one bar for each step, from the weight before it to the weight after. No script, and no call outside."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hearthlink.linkage.waterfall import Step

INK, FAINT, GRID = "#1d2433", "#5a6275", "#d9dce3"
FOR, AGAINST, TOTAL = "#12436d", "#801650", "#3d3d3d"
LEFT, PLOT, RIGHT, TOP, BOTTOM = 330, 400, 90, 64, 44
LINE, LETTERS, AIR = 17, 44, 16
BAR = 16
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the drawing: its heading, what stands under it, its bar from one weight to another, its colour and its figure."""

    heading: str
    under: tuple[str, ...]
    start: float
    end: float
    colour: str
    figure: str

    @property
    def height(self) -> int:
        return AIR + LINE * (1 + len(self.under))


def drawn(steps: Sequence[Step], *, title: str) -> str:
    """The steps as one SVG, 820 wide and as high as it has to be. The same steps give the same text."""
    rows = [*(_row(step) for step in steps), _last(steps[-1])]
    low, high, ticks = _axis([0.0, *(x for row in rows for x in (row.start, row.end))])
    height = TOP + sum(row.height for row in rows) + BOTTOM

    def across(bits: float) -> str:
        return _short(LEFT + PLOT * (bits - low) / (high - low))

    marks = [_tick(bits, across(bits), height) for bits in ticks]
    bars: list[str] = []
    y = TOP
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        bars.append(_bar(row, y, across(min(row.start, row.end)), across(max(row.start, row.end))))
        if after is not None:
            end = across(row.end)
            bars.append(
                _line(end, y + row.height / 2 + BAR / 2, end, y + row.height + after.height / 2 - BAR / 2, FAINT)
            )
        y += row.height
    width = LEFT + PLOT + RIGHT
    says = f"{title}. " + "; ".join(f"{row.heading}: {row.figure}" for row in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="waterfall-title waterfall-says" font-family="sans-serif">'
        f'<title id="waterfall-title">{escape(title)}</title><desc id="waterfall-says">{escape(says)}</desc>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        + _text(16, 28, title, size=17, weight="bold")
        + _text(LEFT, 50, "Weight in bits; each bit doubles the odds", size=13, fill=FAINT)
        + "".join(marks)
        + "".join(bars)
        + "</svg>\n"
    )


def _row(step: Step) -> _Row:
    heading = step.of.replace("_", " ")
    nothing = round(abs(step.bits), 1) == 0
    colour = FAINT if step.of == "start" or nothing else FOR if step.bits > 0 else AGAINST
    figure = "0" if nothing else f"{step.bits:+.1f}"
    under = tuple(textwrap.wrap(step.level, LETTERS))
    return _Row(
        heading[0].upper() + heading[1:], under, step.total - step.bits, step.total, colour, figure.replace("-", MINUS)
    )


def _last(step: Step) -> _Row:
    figure = f"{step.total:+.1f}".replace("-", MINUS)
    return _Row(
        "Weight of the pair", (f"probability {_probability(step.probability)}",), 0.0, step.total, TOTAL, figure
    )


def _probability(value: float) -> str:
    """Never 0 nor 1: no finite weight is certain."""
    return "under 0.0001" if value < 0.0001 else "over 0.9999" if value > 0.9999 else f"{value:.4f}"


def _axis(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Where the axis begins and ends, and round places along it, some five to nine."""
    span = max(max(values) - min(values), 1.0)
    step = next(s for s in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, math.inf) if span / s <= 8)
    step = span / 4 if math.isinf(step) else step
    first, last = math.floor(min(values) / step), math.ceil(max(values) / step)
    return first * step, max(last, first + 1) * step, [n * step for n in range(first, max(last, first + 1) + 1)]


def _tick(bits: float, x: str, height: int) -> str:
    label = f"{bits:.0f}".replace("-", MINUS)
    stroke, width = (INK, 1.5) if bits == 0 else (GRID, 1)
    rule = f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{height - BOTTOM}" stroke="{stroke}" stroke-width="{width}"/>'
    return rule + _text(x, height - BOTTOM + 20, label, size=13, anchor="middle", fill=FAINT)


def _bar(row: _Row, y: float, left: str, right: str) -> str:
    middle = y + row.height / 2
    first = middle - LINE * len(row.under) / 2 + 5
    words = _text(16, first, row.heading, size=14, weight="bold")
    words += "".join(
        _text(16, first + LINE * n, line, size=13, fill=FAINT) for n, line in enumerate(row.under, start=1)
    )
    width = _short(max(float(right) - float(left), 2.0))
    bar = f'<rect x="{left}" y="{_short(middle - BAR / 2)}" width="{width}" height="{BAR}" fill="{row.colour}"/>'
    figure = _text(
        LEFT + PLOT + RIGHT - 16, middle + 5, row.figure, size=14, weight="bold", anchor="end", fill=row.colour
    )
    return words + bar + figure


def _line(x1: str, y1: float, x2: str, y2: float, stroke: str) -> str:
    return f'<line x1="{x1}" y1="{_short(y1)}" x2="{x2}" y2="{_short(y2)}" stroke="{stroke}" stroke-dasharray="2 2"/>'


def _text(
    x: float | str, y: float, words: str, *, size: int, weight: str = "normal", anchor: str = "start", fill: str = INK
) -> str:
    return (
        f'<text x="{x}" y="{_short(y)}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">'
        f"{escape(words)}</text>"
    )


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

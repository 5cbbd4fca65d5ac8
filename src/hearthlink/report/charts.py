"""Charts of shares with their ranges, drawn to SVG without a screen and without a call outside.

Each chart is drawn twice, wide and narrow, so that its words stay legible on a desk and on a phone. Nothing in a
drawing is measured from a font: labels are broken by their letters and placed by rule, so the bytes do not depend on
which fonts the machine holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Any

from hearthlink.report.svg import tidy_svg

DARK_BLUE, MID_BLUE, PLUM, INK, GRID = "#12436D", "#2073BC", "#801650", "#0b0c0c", "#d9dcde"
"""Government Analysis colours: dark blue, its middle tint, dark pink; with the ink and the grid of the page."""

Range = tuple[float, float]
Row = dict[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """One group of a chart: its share and ranges from 0 to 1, and the words shown for the share.

    A share of None is held back: its words stand in the place of the mark.
    """

    label: str
    share: float | None
    shown: str
    inner: Range | None = None
    outer: Range | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to draw: its message in words, its bars, a line to compare them with, and where its axis ends if told."""

    name: str
    message: str
    bars: tuple[Bar, ...]
    line: float | None = None
    line_says: str = ""
    end: float | None = None

    @property
    def has_inner(self) -> bool:
        """Whether any bar has an inner range."""
        return any(bar.inner is not None for bar in self.bars)

    @property
    def has_outer(self) -> bool:
        """Whether any bar has an outer range."""
        return any(bar.outer is not None for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart as two pieces of SVG that say the same."""

    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand, in pixels: widths left of, inside and right of the plot; row height; letters to a line."""

    name: str
    left: int
    plot: int
    right: int
    row: int
    letters: int
    label_above: bool

    @property
    def drop(self) -> float:
        """How far below a row's middle its marks stand, to leave room for a label above them."""
        return self.row * 0.22 if self.label_above else 0.0


WIDE = Layout("wide", left=250, plot=470, right=72, row=40, letters=29, label_above=False)
NARROW = Layout("narrow", left=14, plot=262, right=64, row=58, letters=40, label_above=True)
LAYOUTS = (WIDE, NARROW)
TOP, BOTTOM, LINE_HEIGHT = 34, 30, 18


def draw(charts: Sequence[Chart]) -> dict[str, Drawing]:
    """Each chart by its name, as SVG. The drawing library is loaded only here, since it takes a while."""
    return {chart.name: Drawing(wide=_svg(chart, WIDE), narrow=_svg(chart, NARROW)) for chart in charts}


def _svg(chart: Chart, layout: Layout) -> str:
    """One chart in one layout."""
    import vl_convert

    rows = [row for place, bar in enumerate(chart.bars) for row in _rows(place, bar, layout)]
    height = layout.row * len(chart.bars)
    given = {"rows": rows, "line": _line(chart, height)}
    bare = template(layout, axis_end(chart))
    data = [{**one, "values": given[one["name"]]} if one["name"] in given else one for one in bare["data"]]
    drawn = vl_convert.vega_to_svg({**bare, "height": height, "data": data})
    return tidy_svg(drawn, name=f"chart-{chart.name}-{layout.name}", title=chart.message)


def _rows(place: int, bar: Bar, layout: Layout) -> list[Row]:
    """The bar as rows of the drawing's data: one with its figures, and one for each line of its label.

    What is absent is left empty, and the drawing library leaves out a mark that has no place.
    """
    inner, outer = bar.inner or (None, None), bar.outer or (None, None)
    middle = (place + 0.5) * layout.row
    figures: Row = {
        "y": middle + layout.drop,
        "share": bar.share,
        "inner_low": inner[0],
        "inner_high": inner[1],
        "outer_low": outer[0],
        "outer_high": outer[1],
        "shown": bar.shown,
        "label": "",
    }
    lines = wrap(bar.label, layout.letters)
    top = middle - layout.drop - (len(lines) - 1) / 2 * LINE_HEIGHT
    labels: list[Row] = [
        {"y": top + place * LINE_HEIGHT, "label": words, "shown": ""} for place, words in enumerate(lines)
    ]
    return [figures, *labels]


def _line(chart: Chart, height: int) -> list[Row]:
    """The line to compare with, as data; its words go to the side of it that has room."""
    if chart.line is None:
        return []
    late = chart.line > 0.55 * axis_end(chart)
    return [
        {
            "share": chart.line,
            "says_left": chart.line_says if late else "",
            "says_right": "" if late else chart.line_says,
            "head": -6,
            "foot": height,
        }
    ]


@cache
def _templates() -> dict[str, Any]:
    """The Vega template of each layout, as `picture` made it with Altair."""
    return json.loads(files("hearthlink.report").joinpath("templates/charts.json").read_text(encoding="utf-8"))


def template(layout: Layout, end: float) -> dict[str, Any]:
    """A chart without its data: the layout's template with the axis brought to its end."""
    kept = _templates()[layout.name]
    scales = [one | {"domain": [0, end]} if one["name"] == "x" else one for one in kept["scales"]]
    axes = [one | {"values": ticks(end)} if "values" in one else one for one in kept["axes"]]
    return kept | {"scales": scales, "axes": axes}


def axis_end(chart: Chart) -> float:
    """Where the axis ends: as told, else the next tenth past the largest thing shown, and never past 1."""
    if chart.end is not None:
        return chart.end
    ends = [0.1, chart.line or 0.0]
    for bar in chart.bars:
        ends.extend(value for value in (bar.share, *(bar.inner or ()), *(bar.outer or ())) if value is not None)
    return min(1.0, math.ceil(round(max(ends) * 10, 6)) / 10)


def ticks(end: float) -> list[float]:
    """Round places along an axis from 0 to its end: four to six of them."""
    step = 0.25 if end == 1 else 0.2 if end > 0.5 else 0.1 if end > 0.2 else 0.05
    return [round(place * step, 2) for place in range(int(round(end / step, 6)) + 1)]

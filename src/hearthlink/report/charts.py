"""Charts of shares with their ranges, drawn to SVG without a screen and without a call outside.

Each chart is drawn twice, wide and narrow, so that its words stay legible on a desk and on a phone. Nothing in a
drawing is measured from a font: labels are broken by their letters and placed by rule, so the bytes do not depend on
which fonts the machine holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Any, Literal

from hearthlink.report.svg import tidy_svg

DARK_BLUE, MID_BLUE, PLUM, INK, GRID = "#12436D", "#2073BC", "#801650", "#0b0c0c", "#d9dcde"
"""Government Analysis colours: dark blue, its middle tint, dark pink; with the ink and the grid of the page."""

Range = tuple[float, float]
Row = dict[str, float | str | None]
Key = Literal["share", "inner", "outer", "bound", "left", "ratio", "referred", "compared", "apart"]
"""What a mark of a chart stands for, explained beneath it."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of a chart: its ends, the places that are named, how their names are written, and whether it runs by ratios."""

    start: float
    end: float
    places: tuple[float, ...]
    form: str = ".0%"
    ratios: bool = False

    def part(self, value: float) -> float:
        """How far along the axis a value lies, from 0 to 1."""
        if self.ratios:
            return (math.log(value) - math.log(self.start)) / (math.log(self.end) - math.log(self.start))
        return (value - self.start) / (self.end - self.start)


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
    """A chart to draw: its message in words, its bars, a line to compare them with, and where its axis ends if told.

    `ratios` says that the figures are ratios and not shares. `keys` are what its marks stand for; of shares they go without saying.
    """

    name: str
    message: str
    bars: tuple[Bar, ...]
    line: float | None = None
    line_says: str = ""
    end: float | None = None
    ratios: bool = False
    keys: tuple[Key, ...] = ()

    @property
    def marks(self) -> tuple[Key, ...]:
        """What is explained beneath the chart."""
        if self.keys:
            return self.keys
        return ("share", *(("inner",) if self.has_inner else ()), *(("outer",) if self.has_outer else ()))

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

    layout = _roomy(layout, chart)
    rows = [row for place, bar in enumerate(chart.bars) for row in _rows(place, bar, layout)]
    height = layout.row * len(chart.bars)
    given = {"rows": rows, "line": _line(chart, height)}
    bare = template(layout, axis_of(chart))
    data = [{**one, "values": given[one["name"]]} if one["name"] in given else one for one in bare["data"]]
    drawn = vl_convert.vega_to_svg({**bare, "height": height, "data": data})
    return tidy_svg(drawn, name=f"chart-{chart.name}-{layout.name}", title=chart.message)


def _roomy(layout: Layout, chart: Chart) -> Layout:
    """The layout with rows high enough for the longest label."""
    most = max((len(wrap(bar.label, layout.letters)) for bar in chart.bars), default=1)
    return replace(layout, row=layout.row + LINE_HEIGHT * max(0, most - 2))


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
    late = axis_of(chart).part(chart.line) > 0.55
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


def template(layout: Layout, axis: Axis) -> dict[str, Any]:
    """A chart without its data: the layout's template with its axis."""
    kept = _templates()[f"ratios-{layout.name}" if axis.ratios else layout.name]
    ends = {"domain": [axis.start, axis.end]}
    return kept | {
        "scales": [one | ends if one["name"] == "x" else one for one in kept["scales"]],
        "axes": [placed(one, axis) for one in kept["axes"]],
    }


def placed(drawn: dict[str, Any], axis: Axis) -> dict[str, Any]:
    """An axis of a template with its named places and the way they are written."""
    named = drawn | {"values": list(axis.places)} if "values" in drawn else drawn
    return named | {"format": axis.form} if "format" in drawn else named


def axis_of(chart: Chart) -> Axis:
    """The axis of a chart."""
    if chart.ratios:
        return _ratio_axis(chart)
    end = axis_end(chart)
    return Axis(0, end, tuple(ticks(end)))


def _ratio_axis(chart: Chart) -> Axis:
    """From a half to twice, and further by doubling where something lies beyond."""
    given = [value for bar in chart.bars for value in (bar.share, *(bar.outer or ())) if value]
    below = max(1, math.ceil(-math.log2(min([1.0, *given])) - 1e-9))
    above = max(1, math.ceil(math.log2(max([1.0, *given])) - 1e-9))
    step = 2 if below + above > 6 else 1
    places = tuple(2.0**power for power in range(-below, above + 1) if power % step == 0)
    return Axis(2.0**-below, 2.0**above, places, "~g", ratios=True)


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

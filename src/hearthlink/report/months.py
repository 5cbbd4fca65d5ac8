"""Charts of rates by month around the referral: those referred, those compared with them, and the weeks that stand apart."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from hearthlink.report.charts import Axis, Drawing, Key, Range, Row, placed
from hearthlink.report.svg import tidy_svg

PALE = "#e6e9eb"
"""The ground of the weeks that stand apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """The rate of one span of months: first and last month from the referral, the rate per 1,000 and its range; None is held back."""

    series: str
    first: int
    last: int
    rate: float | None
    spread: Range | None

    @property
    def middle(self) -> float:
        """Where the span is drawn. A month begins at its number: -1 runs from -1 to 0."""
        return (self.first + self.last + 1) / 2


@dataclass(frozen=True, slots=True)
class Months:
    """A chart of spans, those referred and those compared, and its message in words."""

    name: str
    message: str
    spans: tuple[Span, ...]

    @property
    def marks(self) -> tuple[Key, ...]:
        """What is explained beneath the chart."""
        series = {span.series for span in self.spans if span.rate is not None}
        return (
            *(("referred",) if "referred" in series else ()),
            *(("compared",) if "compared" in series else ()),
            "apart",
        )


@dataclass(frozen=True, slots=True)
class MonthsLayout:
    """Where things stand, in pixels: widths left of, inside and right of the plot; heights above, of and below it; months between names."""

    name: str
    left: int
    plot: int
    right: int
    top: int
    height: int
    bottom: int
    between: int


MONTHS_LAYOUTS = (
    MonthsLayout("wide", left=52, plot=720, right=20, top=40, height=260, bottom=56, between=3),
    MonthsLayout("narrow", left=44, plot=282, right=14, top=40, height=220, bottom=56, between=6),
)
MONTHS_AXIS = Axis(-24, 12, tuple(float(month) for month in range(-24, 13, 3)), "d")
RATES_AXIS = Axis(0, 100, (0.0, 50.0, 100.0), "~r")


def draw_months(charts: Sequence[Months]) -> dict[str, Drawing]:
    """Each chart by its name, as SVG."""
    return {chart.name: Drawing(*(_svg(chart, layout) for layout in MONTHS_LAYOUTS)) for chart in charts}


def _svg(chart: Months, layout: MonthsLayout) -> str:
    import vl_convert

    months, rates = _months_axis(chart, layout), _rates_axis(chart)
    given = {
        "apart": [{"at": -1, "to": 0, "rate": rates.start, "high": rates.end}],
        "zero": [{"at": 0, "rate": rates.start, "high": rates.end}],
        "lines": _lines(chart),
        "points": _points(chart),
        "title": [
            {"says": "Per 1,000 children", "left": 8 - layout.left, "top": -24},
            {"says": "Months from the referral", "left": 0, "top": layout.height + 44},
        ],
    }
    bare = months_template(layout, months, rates)
    data = [{**one, "values": given[one["name"]]} if one["name"] in given else one for one in bare["data"]]
    drawn = vl_convert.vega_to_svg({**bare, "data": data})
    return tidy_svg(drawn, name=f"chart-{chart.name}-{layout.name}", title=chart.message)


def _points(chart: Months) -> list[Row]:
    return [
        {
            "series": span.series,
            "at": span.middle,
            "rate": span.rate,
            "low": None if span.spread is None else span.spread[0],
            "high": None if span.spread is None else span.spread[1],
        }
        for span in chart.spans
        if span.rate is not None
    ]


def _lines(chart: Months) -> list[Row]:
    """Pieces between neighbours that are both released: a line never crosses what is held back."""
    return [
        {"series": one.series, "at": one.middle, "rate": one.rate, "to": other.middle, "to_rate": other.rate}
        for one, other in pairwise(chart.spans)
        if one.series == other.series
        and one.last + 1 == other.first
        and one.rate is not None
        and other.rate is not None
    ]


def _months_axis(chart: Months, layout: MonthsLayout) -> Axis:
    first, last = min(span.first for span in chart.spans), max(span.last for span in chart.spans) + 1
    last = max(last, 1)
    places = tuple(float(month) for month in range(first, last + 1) if month % layout.between == 0)
    return Axis(first, last, places, "d")


def _rates_axis(chart: Months) -> Axis:
    """From nought to a round number past the largest thing shown, with three to six names."""
    shown = [value for span in chart.spans for value in (span.rate, *(span.spread or ())) if value is not None]
    most = max([1.0, *shown])
    step = next(size * 10.0**power for power in range(-1, 4) for size in (1, 2, 5) if most / (size * 10.0**power) <= 5)
    count = math.ceil(most / step - 1e-9)
    return Axis(0, step * count, tuple(step * number for number in range(count + 1)), "~r")


@cache
def _templates() -> dict[str, Any]:
    return json.loads(files("hearthlink.report").joinpath("templates/charts.json").read_text(encoding="utf-8"))


def months_template(layout: MonthsLayout, months: Axis, rates: Axis) -> dict[str, Any]:
    """A chart without its data: the layout's template with its axes."""
    kept = _templates()[f"months-{layout.name}"]
    axes = {"x": months, "y": rates}
    scales = [
        one | {"domain": [axes[one["name"]].start, axes[one["name"]].end]} if one["name"] in axes else one
        for one in kept["scales"]
    ]
    return kept | {"scales": scales, "axes": [placed(one, axes[one["scale"]]) for one in kept["axes"]]}

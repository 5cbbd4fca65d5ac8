"""The picture of a chart, built with Altair: what `python3 dev.py pages` keeps as templates/charts.json.

Altair and the Vega-Lite compiler take most of a second to load and give the same template for every study, so it is made ahead; a
test holds the kept one to this.
"""

from __future__ import annotations

from typing import Any, Literal

import altair
import vl_convert

from hearthlink.report.charts import (
    BOTTOM,
    DARK_BLUE,
    GRID,
    INK,
    LAYOUTS,
    MID_BLUE,
    PLUM,
    TOP,
    Axis,
    Layout,
    ticks,
)
from hearthlink.report.months import MONTHS_AXIS, MONTHS_LAYOUTS, PALE, RATES_AXIS, MonthsLayout


def templates() -> dict[str, dict[str, Any]]:
    """The Vega template of each layout, with the axis to its full length."""
    shares, ratios = Axis(0, 1.0, tuple(ticks(1.0))), Axis(0.5, 2.0, (0.5, 1.0, 2.0), "~g", ratios=True)
    return {
        **{layout.name: template(layout, shares) for layout in LAYOUTS},
        **{f"ratios-{layout.name}": template(layout, ratios) for layout in LAYOUTS},
        **{f"months-{one.name}": months_template(one, MONTHS_AXIS, RATES_AXIS) for one in MONTHS_LAYOUTS},
    }


def template(layout: Layout, axis: Axis) -> dict[str, Any]:
    """A chart of bars without its data, as a Vega specification with this axis."""
    scale = (
        altair.Scale(type="log", domain=[axis.start, axis.end], nice=False)
        if axis.ratios
        else altair.Scale(domain=[axis.start, axis.end], nice=False, zero=True)
    )
    x = altair.X(
        "share:Q",
        scale=scale,
        axis=altair.Axis(
            values=list(axis.places),
            format=axis.form,
            title=None,
            ticks=False,
            domain=False,
            gridColor=GRID,
            labelColor=INK,
            labelFontSize=15,
            labelPadding=8,
            labelBound=False,
            labelFlush=False,
            labelOverlap=False,
        ),
    )
    picture = (
        altair.layer(*_comparison(x), *_marks(x), *_words(layout))
        .properties(
            width=layout.plot,
            padding={"left": layout.left, "right": layout.right, "top": TOP, "bottom": BOTTOM},
            background="transparent",
        )
        .configure(autosize=altair.AutoSizeParams(type="none"), font="sans-serif")
        .configure_view(stroke=None)
    )
    empty = {"height": 1, "datasets": {"rows": [], "line": []}}
    return vl_convert.vegalite_to_vega({**picture.to_dict(validate=False), **empty})


def _comparison(x: altair.X) -> list[altair.Chart]:
    """The line to compare with, dashed, with its words above it."""
    data = altair.Chart(altair.NamedData("line"))

    def says(column: str, align: Literal["left", "right"], *, shift: int) -> altair.Chart:
        mark = data.mark_text(align=align, dx=shift, baseline="bottom", fontSize=15, fontWeight="bold", color=PLUM)
        return mark.encode(x=x, y=altair.value(-10), text=f"{column}:N")

    return [
        data.mark_rule(strokeWidth=2, strokeDash=[6, 4], color=PLUM).encode(
            x=x, y=altair.Y("head:Q", scale=None, axis=None), y2="foot:Q"
        ),
        says("says_left", "right", shift=4),
        says("says_right", "left", shift=-4),
    ]


def _marks(x: altair.X) -> list[altair.Chart]:
    """The outer range as a thin capped line, the inner one as a thick band, the share as a tall tick upon them."""
    base = altair.Chart(altair.NamedData("rows")).encode(y=altair.Y("y:Q", scale=None, axis=None))
    ends = [
        base.mark_tick(orient="vertical", size=10, thickness=2, color=DARK_BLUE).encode(x=altair.X(f"{end}:Q"))
        for end in ("outer_low", "outer_high")
    ]
    return [
        base.mark_rule(strokeWidth=2, color=DARK_BLUE).encode(x=altair.X("outer_low:Q"), x2="outer_high:Q"),
        *ends,
        base.mark_rule(strokeWidth=10, color=MID_BLUE).encode(x=altair.X("inner_low:Q"), x2="inner_high:Q"),
        base.mark_tick(orient="vertical", size=22, thickness=4, color=DARK_BLUE).encode(x=x),
    ]


def _words(layout: Layout) -> list[altair.Chart]:
    """The group's name and its share, each a text placed by rule."""
    base = altair.Chart(altair.NamedData("rows")).encode(y=altair.Y("y:Q", scale=None, axis=None))
    names = base.mark_text(align="left", baseline="middle", fontSize=16, color=INK).encode(
        text="label:N", x=altair.value(-layout.left)
    )
    shares = base.mark_text(align="right", baseline="middle", fontSize=16, fontWeight="bold", color=INK).encode(
        text="shown:N", x=altair.value(layout.plot + layout.right)
    )
    return [names, shares]


def months_template(layout: MonthsLayout, months: Axis, rates: Axis) -> dict[str, Any]:
    """A chart of rates by month around the referral without its data, as a Vega specification with these axes."""
    x = altair.X("at:Q", scale=_scale(months), axis=_named(months, grid=False))
    y = altair.Y("rate:Q", scale=_scale(rates), axis=_named(rates, grid=True))
    picture = (
        altair.layer(*_ground(x, y), *_lines(x, y), *_points(x, y), *_titles())
        .properties(
            width=layout.plot,
            height=layout.height,
            padding={"left": layout.left, "right": layout.right, "top": layout.top, "bottom": layout.bottom},
            background="transparent",
        )
        .configure(autosize=altair.AutoSizeParams(type="none"), font="sans-serif")
        .configure_view(stroke=None)
    )
    empty = {"datasets": {name: [] for name in ("apart", "zero", "lines", "points", "title")}}
    return vl_convert.vegalite_to_vega({**picture.to_dict(validate=False), **empty})


def _scale(axis: Axis) -> altair.Scale:
    return altair.Scale(domain=[axis.start, axis.end], nice=False, zero=False)


def _named(axis: Axis, *, grid: bool) -> altair.Axis:
    """An axis with names at its places."""
    return altair.Axis(
        values=list(axis.places), format=axis.form, title=None, ticks=False, domain=False, grid=grid, gridColor=GRID,
        labelColor=INK, labelFontSize=15, labelPadding=8, labelBound=False, labelFlush=False, labelOverlap=False,
    )  # fmt: skip


def _ground(x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """The weeks just before the referral, set apart, and the referral itself."""
    apart = altair.Chart(altair.NamedData("apart")).mark_rect(color=PALE).encode(x=x, x2="to:Q", y=y, y2="high:Q")
    zero = altair.Chart(altair.NamedData("zero")).mark_rule(strokeWidth=2, color=INK).encode(x=x, y=y, y2="high:Q")
    return [apart, zero]


def _lines(x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """The line of those referred, and dashed the line of those compared, each as pieces between neighbours."""
    base = altair.Chart(altair.NamedData("lines")).encode(x=x, x2="to:Q", y=y, y2="to_rate:Q")
    referred = base.transform_filter("datum.series == 'referred'").mark_rule(strokeWidth=2.5, color=DARK_BLUE)
    compared = base.transform_filter("datum.series == 'compared'").mark_rule(
        strokeWidth=2.5, strokeDash=[5, 4], color=PLUM
    )
    return [compared, referred]


def _points(x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """A dot for each span of those referred and a square for each of those compared, with their ranges."""
    base = altair.Chart(altair.NamedData("points"))
    made: list[altair.Chart] = []
    for series, shape, colour in (("compared", "square", PLUM), ("referred", "circle", DARK_BLUE)):
        mine = base.transform_filter(f"datum.series == '{series}'")
        made.append(mine.mark_rule(strokeWidth=1.5, color=colour).encode(x=x, y=altair.Y("low:Q"), y2="high:Q"))
        made.append(mine.mark_point(shape=shape, size=34, filled=True, opacity=1, color=colour).encode(x=x, y=y))
    return made


def _titles() -> list[altair.Chart]:
    """What the axes are of, in words placed by rule."""
    base = altair.Chart(altair.NamedData("title"))
    return [
        base.mark_text(align="left", baseline="middle", fontSize=15, color=INK).encode(
            text="says:N", x=altair.X("left:Q", scale=None, axis=None), y=altair.Y("top:Q", scale=None, axis=None)
        )
    ]

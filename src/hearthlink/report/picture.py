"""The picture of a chart, built with Altair: what `python3 dev.py pages` keeps as templates/charts.json.

Altair and the Vega-Lite compiler take most of a second to load and give the same template for every study, so it is made ahead; a
test holds the kept one to this.
"""

from __future__ import annotations

from typing import Any, Literal

import altair
import vl_convert

from hearthlink.report.charts import BOTTOM, DARK_BLUE, GRID, INK, LAYOUTS, MID_BLUE, PLUM, TOP, Layout, ticks


def templates() -> dict[str, dict[str, Any]]:
    """The Vega template of each layout, with the axis to its full length."""
    return {layout.name: template(layout, 1.0) for layout in LAYOUTS}


def template(layout: Layout, end: float) -> dict[str, Any]:
    """A chart without its data, as a Vega specification whose axis runs from 0 to `end`."""
    x = altair.X(
        "share:Q",
        scale=altair.Scale(domain=[0, end], nice=False, zero=True),
        axis=altair.Axis(
            values=ticks(end),
            format=".0%",
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

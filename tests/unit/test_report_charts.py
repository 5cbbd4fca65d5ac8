"""Charts: where things stand, what is left out, and bytes that never change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from hearthlink.report import charts, months, picture
from hearthlink.report.charts import Axis, Bar, Chart, Drawing, axis_end, draw, ticks
from hearthlink.report.months import Span
from hearthlink.report.svg import tidy_svg

CHART = Chart(
    name="a",
    message="The first is larger",
    bars=(
        Bar("First", 0.5, "50%", (0.45, 0.55), (0.4, 0.6)),
        Bar("A name of many words that takes two lines", 0.2, "20%"),
        Bar("Third", None, "c"),
    ),
    line=0.48,
    line_says="All 48%",
)


def drawn(chart: Chart) -> Drawing:
    return draw([chart])[chart.name]


def test_a_drawing_is_the_same_bytes_every_time() -> None:
    """Drawing twice, or among others, changes nothing."""
    assert drawn(CHART) == drawn(CHART) == draw([replace(CHART, name="b", line=None), CHART])["a"]


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_drawing_says_its_words_and_no_others(layout: str) -> None:
    """Names, shares, the line's words and the axis are there as text, and nothing undefined."""
    root = etree.fromstring(getattr(drawn(CHART), layout))
    texts = [element.text for element in root.iter("text")]
    assert {"First", "Third", "50%", "20%", "c", "All 48%", "0%"} <= set(texts)
    assert "A name of many words that takes two lines" in " ".join(str(text) for text in texts)
    assert not [text for text in texts if text is None or "undefined" in text or "NaN" in text or "null" in text]


def test_what_is_absent_is_not_drawn() -> None:
    """One bar has both ranges and one has none: one thick band and one thin line are drawn, and two shares."""
    root = etree.fromstring(drawn(replace(CHART, line=None)).wide)
    lines = [element for element in root.iter("line") if element.get("stroke") in ("#12436D", "#2073BC")]
    assert sorted(element.get("stroke-width") or "" for element in lines) == ["10", "2"]
    shares = [element for element in root.iter("path") if element.get("d", "").endswith("v22h-4Z")]
    assert len(shares) == 2


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_nothing_in_a_drawing_speaks_but_its_title(layout: str) -> None:
    """The library's own labels, addresses and ids are gone; the title is the message."""
    text = getattr(drawn(CHART), layout)
    root = etree.fromstring(text)
    assert "xmlns" not in text
    assert "://" not in text
    assert [root.get("role"), root.find("title").text] == ["img", "The first is larger"]
    assert [element.get("id") for element in root.iter() if element.get("id")] == [f"chart-a-{layout}"]
    assert not [
        name for element in root.iter() if element is not root for name in element.attrib if "aria" in str(name)
    ]


@pytest.mark.parametrize(
    ("shares", "line", "end"),
    [((0.05,), None, 0.1), ((0.31, 0.4), None, 0.4), ((0.31,), 0.55, 0.6), ((0.97,), None, 1.0), ((None,), None, 0.1)],
)
def test_an_axis_ends_past_the_largest_thing_shown(
    shares: tuple[float | None, ...], line: float | None, end: float
) -> None:
    """It ends at the next tenth, and at 1 at the most."""
    bars = tuple(Bar("x", share, "") for share in shares)
    assert axis_end(Chart("a", "", bars, line)) == pytest.approx(end)


@pytest.mark.parametrize("tenths", range(1, 11))
def test_an_axis_has_a_few_round_places(tenths: int) -> None:
    """Between three and six of them, from nought and never past the end."""
    places = ticks(tenths / 10)
    assert 3 <= len(places) <= 6
    assert places[0] == 0
    assert places[-1] <= tenths / 10 + 1e-9


def test_coordinates_are_to_a_tenth_of_a_pixel() -> None:
    """Long fractions are cut, a hidden part and an empty group are dropped, and minus nought is nought."""
    given = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><g><g aria-hidden="true"/>'
        '<path d="M-0.01,2.3499h1" fill="red" display="none"/><path d="M-0.01,2.3499h1" fill="red" aria-label="x"/></g></svg>'
    )
    made = '<svg viewBox="0 0 9 9" role="img" aria-labelledby="n"><title id="n">t</title><g><path d="M0,2.3h1" fill="red"/></g></svg>'
    assert tidy_svg(given, name="n", title="t") == made


AXES = [
    *(Axis(0, place / 10, tuple(ticks(place / 10))) for place in range(1, 11)),
    Axis(0.5, 2.0, (0.5, 1.0, 2.0), "~g", ratios=True),
    Axis(0.125, 8.0, (0.125, 0.5, 2.0, 8.0), "~g", ratios=True),
]


@pytest.mark.parametrize("layout", charts.LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("axis", AXES, ids=lambda axis: f"{axis.start}-{axis.end}")
def test_the_kept_template_is_what_altair_makes(layout: charts.Layout, axis: Axis) -> None:
    """A template with any axis is the very one that Altair and Vega-Lite make for that axis."""
    assert charts.template(layout, axis) == picture.template(layout, axis)


@pytest.mark.parametrize("layout", months.MONTHS_LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("ends", [(-24, 12, 100.0), (-12, 1, 2.5), (-24, 12, 0.5)])
def test_the_kept_template_of_months_is_what_altair_makes(
    layout: months.MonthsLayout, ends: tuple[int, int, float]
) -> None:
    """The same of the chart of months around the referral."""
    across, up = Axis(ends[0], ends[1], (-12.0, 0.0), "d"), Axis(0, ends[2], (0.0, ends[2]), "~r")
    assert months.months_template(layout, across, up) == picture.months_template(layout, across, up)


def spans(**changes: object) -> tuple[Span, ...]:
    made = [
        Span(series, month, month, 30.0, (20.0, 40.0)) for series in ("referred", "compared") for month in range(-3, 1)
    ]
    return tuple(replace(one, **changes) if one.first == -2 and one.series == "referred" else one for one in made)


def rules(chart: months.Months) -> list[str]:
    """The colours of the slanted or level pieces that join spans."""
    root = etree.fromstring(months.draw_months([chart])[chart.name].wide)
    return [str(one.get("stroke")) for one in root.iter("line") if one.get("stroke-width") == "2.5"]


def test_a_line_of_months_does_not_cross_what_is_held_back() -> None:
    """Four spans of each series are joined by three pieces; where one of those referred is held back, by one."""
    whole = rules(months.Months("m", "M", spans()))
    broken = rules(months.Months("m", "M", spans(rate=None, spread=None)))
    assert (whole.count("#12436D"), whole.count("#801650")) == (3, 3)
    assert (broken.count("#12436D"), broken.count("#801650")) == (1, 3)


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_chart_of_months_names_its_axes(layout: str) -> None:
    """What the axes are of is said, the referral is named nought, and nothing is undefined."""
    drawn_ = months.draw_months([months.Months("m", "M", spans(spread=None))])["m"]
    texts = [one.text for one in etree.fromstring(getattr(drawn_, layout)).iter("text")]
    assert {"Per 1,000 children", "Months from the referral", "0"} <= set(texts)
    assert not [text for text in texts if text is None or "undefined" in text or "NaN" in text]


@pytest.mark.parametrize(
    ("ends", "start", "end"),
    [((0.9, 1.2), 0.5, 2.0), ((0.3, 1.2), 0.25, 2.0), ((1.1, 7.0), 0.5, 8.0), ((0.01, 20.0), 2**-7, 32.0)],
)
def test_an_axis_of_ratios_runs_by_doubling(ends: tuple[float, float], start: float, end: float) -> None:
    """From a half to twice at least, and as far as anything shown; no difference is among its named places."""
    axis = charts.axis_of(Chart("a", "", (Bar("x", 1.0, "1.0", outer=ends),), ratios=True))
    assert (axis.start, axis.end) == (start, end)
    assert 1.0 in axis.places
    assert len(axis.places) <= 7


def test_a_row_is_high_enough_for_its_label() -> None:
    """A label of four lines makes every row higher, so that no two labels meet."""
    long = replace(CHART, bars=(Bar(" ".join(["word"] * 22), 0.5, "50%"), Bar("Short", 0.5, "50%")))
    root = etree.fromstring(drawn(long).wide)
    assert float(str(root.get("viewBox")).split()[3]) > float(
        str(etree.fromstring(drawn(replace(long, bars=long.bars[1:] * 2)).wide).get("viewBox")).split()[3]
    )

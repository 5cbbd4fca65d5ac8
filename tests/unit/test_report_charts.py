"""Charts: where things stand, what is left out, and bytes that never change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from hearthlink.report import charts, picture
from hearthlink.report.charts import Bar, Chart, Drawing, axis_end, draw, ticks
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


@pytest.mark.parametrize("layout", charts.LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("end", [place / 10 for place in range(1, 11)])
def test_the_kept_template_is_what_altair_makes(layout: charts.Layout, end: float) -> None:
    """A template with its axis brought to any end is the very one that Altair and Vega-Lite make for that end."""
    assert charts.template(layout, end) == picture.template(layout, end)

"""The report as a file: whole, plain, accessible, and with no figure that was not released."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from lxml import html
from made_report import ABOUT, cleared

from hearthlink.disclosure import ClearedTable
from hearthlink.disclosure.cleared import Cell, ClearedColumn, seal
from hearthlink.report import About, render

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
SAID_BY_US = {
    "31",  # days of the window
    "47",  # section 47 enquiry
    "95",  # times in 100
    "100",
    "1",  # 1 April
    "2",
}
"""Numbers in our own sentences: rules and names, none of them a count of anybody."""


@cache
def page(practice: bool = True) -> str:
    purpose = ABOUT.purpose if practice else "To learn which children live on a low income."
    gateways = ABOUT.gateways if practice else {"cin": "A law", "shbe": "Another law"}
    return render(cleared(), replace(ABOUT, practice=practice, purpose=purpose, gateways=gateways))


@cache
def tree() -> html.HtmlElement:
    return html.document_fromstring(page())


def text_of(document: html.HtmlElement) -> str:
    for style in document.xpath("//style"):
        style.getparent().remove(style)
    return " ".join(document.itertext())


def numbers(texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in NUMBER.findall(text)}


def released(tables: Sequence[ClearedTable], about: About) -> set[str]:
    """Every number in the cleared tables and in the facts of the study."""
    texts = [
        table.text(row, column)
        for table in tables
        for row in range(len(table.rows))
        for column in range(len(table.columns))
    ]
    texts += [words for table in tables for words in (table.title, *table.notes, *(one.words for one in table.columns))]
    facts = [
        about.year,
        about.version,
        about.run_id,
        str(about.threshold),
        str(about.rounding),
        str(about.draws),
        about.purpose,
    ]
    facts += [str(day.day) for day in (about.year_start, about.year_end)] + [str(about.year_end.year)]
    return numbers([*texts, *facts])


def test_every_number_on_the_page_was_released() -> None:
    """No number is printed that is not in a cleared table, a fact of the study, an axis, or a sentence of ours."""
    document = html.document_fromstring(page())
    axes = {str(percent) for percent in range(0, 101, 5)}
    assert numbers([text_of(document)]) <= released(cleared(), ABOUT) | SAID_BY_US | axes


def test_a_number_that_was_not_released_would_be_noticed() -> None:
    """The check above can fail: a figure of another council's tables is not among this one's numbers."""
    document = html.document_fromstring(render(cleared(3000, 7), ABOUT))
    assert not numbers([text_of(document)]) <= released(cleared(), ABOUT) | SAID_BY_US


def test_no_number_hides_in_an_attribute() -> None:
    """What a screen reader or a copier finds in attributes of text holds no number that was not released."""
    spoken = [
        value
        for element in tree().iter()
        for name, value in element.attrib.items()
        if name in ("aria-label", "title", "alt") or name.startswith("data-")
    ]
    assert numbers(spoken) <= released(cleared(), ABOUT)


@pytest.mark.parametrize(
    "word",
    ["http:", "https:", "//", "<script", "javascript:", "@import", "url(", " src=", "<link", "<iframe", "onload"],
)
def test_the_page_calls_nothing_outside_itself(word: str) -> None:
    """There is no address, script, import or embedded file in the page."""
    assert word not in page().lower()


def test_the_page_is_small_and_the_same_on_every_run() -> None:
    """The same tables and facts give the same bytes, well under two megabytes."""
    assert render(cleared(), ABOUT) == page()
    assert len(page().encode()) < 500_000


def test_the_page_has_its_landmarks() -> None:
    """British English, one heading of the first rank, a way past the contents, and the four landmarks."""
    assert tree().get("lang") == "en-GB"
    assert [len(tree().xpath(f"//{name}")) for name in ("h1", "header", "nav", "main", "footer")] == [1] * 5
    assert tree().xpath("//a[@class='skip']/@href") == ["#main"]


def test_links_and_labels_lead_somewhere() -> None:
    """Every id is used once, and every link within the page and every label points to one."""
    ids = tree().xpath("//@id")
    assert len(ids) == len(set(ids))
    wanted = [link[1:] for link in tree().xpath("//a/@href")] + tree().xpath("//@aria-labelledby")
    assert set(wanted) <= set(ids)


def test_headings_are_nested() -> None:
    """No heading skips a rank."""
    ranks = [int(element.tag[1]) for element in tree().iter("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(ranks))


def test_every_table_can_be_read_aloud() -> None:
    """Each table has a caption, headed columns, one header cell a row, and stands in a box that a keyboard can scroll."""
    found = tree().xpath("//table")
    assert len(found) > 20
    for table in found:
        assert "".join(table.find("caption").itertext()).strip()
        columns = table.xpath("./thead/tr/th[@scope='col']")
        for row in table.xpath("./tbody/tr"):
            assert len(row) == len(columns)
            assert [cell.get("scope") for cell in row if cell.tag == "th"] == ["row"]
        box = table.getparent()
        assert (box.get("role"), box.get("tabindex")) == ("region", "0")
        assert box.get("aria-label")


def test_every_chart_says_its_message() -> None:
    """Each drawing is an image named by the sentence above it; the shapes of its key are hidden from a screen reader."""
    figures = tree().xpath("//figure")
    assert len(figures) > 5
    for figure in figures:
        message = figure.find("figcaption").text_content()
        titles = figure.xpath("./div/svg[@role='img']/title")
        assert [title.text for title in titles] == [message, message]
    assert not tree().xpath("//svg[not(@role='img') and not(@aria-hidden='true')]")


def test_a_held_back_figure_is_said_in_words() -> None:
    """A symbol in a table is read out as what it means."""
    cells = tree().xpath("//td[contains(@class, 'held')]")
    assert cells
    assert all(cell.xpath("./span[@class='unseen']")[0].text for cell in cells)


def test_every_topic_has_its_table() -> None:
    """Every cleared table is on the page, or is parted into tables that are, or is a list of terms."""
    ids = tree().xpath("//table/@id | //dl/@id")
    for table in cleared():
        assert any(one.startswith(f"table-{table.name}") for one in ids), table.name


def test_the_headline_is_a_sentence() -> None:
    """The first thing said is the share, of whom, and on what day."""
    headline = tree().xpath("//div[@class='headline']")[0].text_content()
    table = next(one for one in cleared() if one.name == "headline")
    assert table.text(0, 3) in headline
    assert "in payment on the day of referral" in headline


@pytest.mark.parametrize(("practice", "times"), [(True, 1), (False, 0)])
def test_made_up_data_is_said_to_be_made_up(practice: bool, times: int) -> None:
    """A practice report opens with a banner; a real one has none and never calls its data made up."""
    document = html.document_fromstring(page(practice))
    assert document.xpath("count(//div[@class='practice'])") == times
    assert ("made-up" in text_of(document).lower()) is practice


def test_words_from_outside_are_escaped() -> None:
    """A name that looks like markup is printed as it is and does nothing."""
    made = render(cleared(), replace(ABOUT, authority="A<b>&\"'", gateways={"cin": "<script>x</script>"}))
    assert "<script" not in made
    assert "A&lt;b&gt;&amp;" in made


def test_a_date_and_the_ledger_are_printed_where_given() -> None:
    """A run date and the head of the ledger appear when they are passed in, and leave no gap when they are not."""
    made = render(cleared(), replace(ABOUT, run_date=date(2021, 5, 4), ledger_head="9f8e"))
    assert "4 May 2021" in made
    assert "9f8e" in made
    assert "Made on" not in page()


@pytest.mark.parametrize("count", [8, 40, 120])
def test_a_small_council_still_gets_a_report(count: int) -> None:
    """With nearly everything held back the page is whole, and its numbers are still released ones."""
    tables = cleared(count, 3)
    document = html.document_fromstring(render(tables, ABOUT))
    axes = {str(percent) for percent in range(0, 101, 5)}
    assert document.xpath("//main/section[9]")
    assert numbers([text_of(document)]) <= released(tables, ABOUT) | SAID_BY_US | axes


def test_a_share_held_back_is_said_to_be() -> None:
    """Where the headline may not leave, the page says so and draws no chart."""
    document = html.document_fromstring(render(cleared(8, 3), ABOUT))
    assert "cannot be released" in text_of(document)
    assert not document.xpath("//div[@class='headline']")


def test_no_table_at_all_is_still_a_page() -> None:
    """A report of nothing has its sections and no figure."""
    assert html.document_fromstring(render((), ABOUT)).xpath("//main/section[9]")


def test_a_table_that_no_section_knows_is_printed() -> None:
    """What was cleared is shown, even where no section asks for it by name."""
    columns = (ClearedColumn("group", "Group", "text"), ClearedColumn("number", "Number", "count"))
    other = seal("other", "Something else", columns, [[Cell("This"), Cell(20)]], threshold=10, base=5)
    assert "table-other" in render((other,), ABOUT)

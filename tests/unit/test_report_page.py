"""The report as a file: whole, plain, accessible, and with no figure that was not released."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from lxml import html
from made_report import ABOUT, cleared, cleared_whole

from hearthlink.disclosure import ClearedTable
from hearthlink.disclosure.cleared import Cell, ClearedColumn, seal
from hearthlink.report import About, artefacts, brief, render
from hearthlink.report.charts import Chart
from hearthlink.report.panels import UNKNOWN, share_panels
from hearthlink.report.reading import unlike
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS

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
def whole_page() -> str:
    """The page with everything that the study's questions bring."""
    return render(cleared_whole(), ABOUT)


@cache
def tree() -> html.HtmlElement:
    return html.document_fromstring(whole_page())


def text_of(document: html.HtmlElement) -> str:
    for style in document.xpath("//style"):
        style.getparent().remove(style)
    return " ".join(document.itertext())


def drawings(document: html.HtmlElement) -> list[html.HtmlElement]:
    return list(document.xpath("//svg"))


def without_drawings(document: html.HtmlElement) -> html.HtmlElement:
    for drawing in drawings(document):
        drawing.drop_tree()
    return document


def ids_of(document: html.HtmlElement) -> list[str]:
    return list(document.xpath("//table/@id | //dl/@id | //p/@id"))


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
    facts += [str(value) for one in MEASURES.values() for value in asdict(one).values()] + list(WINDOW_WORDS.values())
    facts += [str(day.day) for day in (about.year_start, about.year_end)] + [str(about.year_end.year)]
    return numbers([*texts, *facts])


AXES = {str(percent) for percent in range(0, 101, 5)} | {str(month) for month in range(0, 25, 3)}
RATES = {f"{size * 10**power / 10:g}" for size in range(1, 11) for power in range(4)} | {"0.25", "0.125"}
"""Places along axes: per cent, months, rates per 1,000, and ratios."""


@pytest.mark.parametrize("whole", [False, True])
def test_every_number_on_the_page_was_released(whole: bool) -> None:
    """No number is printed that is not in a cleared table, a fact of the study, an axis, or a sentence of ours."""
    document = html.document_fromstring(whole_page() if whole else page())
    drawn = numbers(words.text or "" for drawing in drawings(document) for words in drawing.iter("text"))
    document = without_drawings(document)
    given = released(cleared_whole() if whole else cleared(), ABOUT)
    assert numbers([text_of(document)]) <= given | SAID_BY_US
    assert drawn <= given | AXES | RATES | {"1,000"}


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
    assert numbers(spoken) <= released(cleared_whole(), ABOUT)


@pytest.mark.parametrize(
    "word",
    ["http:", "https:", "//", "<script", "javascript:", "@import", "url(", " src=", "<link", "<iframe", "onload"],
)
def test_the_page_calls_nothing_outside_itself(word: str) -> None:
    """There is no address, script, import or embedded file in the page."""
    assert word not in whole_page().lower()


def test_the_page_is_small_and_the_same_on_every_run() -> None:
    """The same tables and facts give the same bytes, under two megabytes even with every question."""
    assert render(cleared_whole(), ABOUT) == whole_page()
    assert len(page().encode()) < 500_000
    assert len(whole_page().encode()) < 2_000_000


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
    first = html.document_fromstring(page())
    for table in (*cleared(), *cleared_whole()):
        ids = [*ids_of(tree()), *ids_of(first)]
        assert not table.rows or any(one.startswith(f"table-{table.name}") for one in ids), table.name


def test_the_headline_is_a_sentence() -> None:
    """The first thing said is the share, of whom, and on what day."""
    headline = tree().xpath("//div[@class='headline']")[0].text_content()
    table = next(one for one in cleared_whole() if one.name == "headline")
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


def panel(name: str) -> html.HtmlElement:
    """What stands under a heading of the whole page, as a text."""
    return tree().xpath(f"//*[@id='{name}']/..")[0]


def test_the_number_seen_stands_before_the_number() -> None:
    """Each measure of a theme is told by how many were seen of how many, then of how many it is true, with a link to its definition."""
    found = tree().xpath("//ul[@class='told']/li")
    assert len(found) > 10
    for one in found:
        words = " ".join(one.text_content().split())
        assert re.search(r"(seen of [\d,]+ of [\d,]+ children; (true of [\d,]+ of them|of how many)|held back)", words)
        (link,) = one.xpath(".//a/@href")
        assert tree().xpath(f"//h4[@id='{link[1:]}']")


def test_the_words_are_came_before() -> None:
    """Nothing is said to have been caused, to be an effect or an impact; what came before stands under that heading."""
    words = " ".join(text_of(html.document_fromstring(whole_page())).lower().split())
    words = words.replace("does not say that the one caused the other", "")
    for claim in (
        " caused",
        "effect of",
        "effects of",
        "impact on",
        "impact of",
        "led to a referral",
        "because of benefit",
    ):
        assert claim not in words
    assert "what came before referrals" in words
    assert "does not say that it led to it" in words


def test_every_definition_in_force_is_printed() -> None:
    """The annex holds every measure with all that it says."""
    words = " ".join(" ".join(tree().xpath("//section[@aria-labelledby='definitions']")[0].itertext()).split())
    for one in MEASURES.values():
        for said in (one.title, one.numerator, one.denominator, one.unobservable, one.spoils, one.guard):
            assert " ".join(said.split()) in words


def test_what_was_not_planned_is_marked_wherever_it_is_shown() -> None:
    """The ratios of benefit income were asked after the plan was sealed: their panel says so, and their dots."""
    part = panel("effects-reductions-of-benefits")
    assert part.xpath("./p[@class='exploratory']")
    assert any("(exploratory)" in " ".join(part.xpath(".//svg[1]//text/text()")) for _ in (1,))
    other = panel("effects-disruptions-of-benefits")
    assert not other.xpath("./p[@class='exploratory']")


def test_a_section_without_tables_is_not_there() -> None:
    """Where no question beyond the headline was answered, no theme and no section on what came before is printed."""
    first = html.document_fromstring(page())
    assert not first.xpath("//section[@aria-labelledby='before' or starts-with(@aria-labelledby, 'theme-')]")
    assert len(tree().xpath("//section[starts-with(@aria-labelledby, 'theme-')]")) >= 6
    assert tree().xpath("//section[@aria-labelledby='before']")


def test_both_series_stand_beside_one_another() -> None:
    """The table of a curve has a row for each span, with those referred and those compared."""
    table = next(one for one in cleared_whole() if one.name.startswith("curve_"))
    rows = tree().xpath(f"//table[@id='table-{table.name}']/tbody/tr")
    assert len(rows) == len({(row[1].value, row[2].value) for row in table.rows})
    assert len(tree().xpath(f"//table[@id='table-{table.name}']/thead/tr/th")) == 9


def brief_page(count: int | None = None) -> html.HtmlElement:
    return html.document_fromstring(brief(cleared_whole() if count is None else cleared(count, 3), ABOUT))


def test_the_brief_has_its_parts() -> None:
    """The headline, its range, three points, what it does not show, two charts, and whom to ask; every number in it was released."""
    document = brief_page()
    assert document.xpath("//div[@class='headline']")
    assert len(document.xpath("//section[@aria-labelledby='points']//li")) == 3
    assert document.xpath("//section[@aria-labelledby='caution']")
    assert len(document.xpath("//figure")) == 2
    assert "Contact: data@ashmere.example." in text_of(
        html.document_fromstring(brief(cleared_whole(), replace(ABOUT, contact="data@ashmere.example")))
    )
    assert numbers([text_of(without_drawings(document))]) <= released(cleared_whole(), ABOUT) | SAID_BY_US


@pytest.mark.parametrize("count", [8, 40, 120])
def test_a_small_council_still_gets_a_brief(count: int) -> None:
    """With nearly everything held back the brief is whole, and its numbers are still released ones."""
    document = brief_page(count)
    assert numbers([text_of(without_drawings(document))]) <= released(cleared(count, 3), ABOUT) | SAID_BY_US
    assert document.xpath("//section[@aria-labelledby='caution']")


def test_every_file_of_the_report_is_made() -> None:
    """Pages, papers, workbooks and data files come through one door, alike on every run."""
    files = artefacts(cleared_whole(), ABOUT, definitions=MEASURES)
    named = {name for name in files if "/" not in name}
    assert named == {"report.html", "brief.html", "report.pdf", "brief.pdf", "tables.ods", "tables.xlsx"}
    assert {"tables/headline.csv", "tables/headline.meta.csv", "tables/tables.csv"} <= set(files)
    assert files["report.html"].decode() == whole_page()


DIFFERENCES = (
    # the share, the other, the points between them as printed, whether a reader who subtracts is told why it comes out otherwise
    ("48.4%", "19.0%", "29.4", False),
    ("48.4%", "33.3%", "15.0", True),
    ("49%", "33.3%", "16", False),
    ("at least 99.0%", "33.3%", "66", False),
)


@pytest.mark.parametrize(("share", "other", "points", "told"), DIFFERENCES)
def test_a_difference_that_is_not_that_of_the_printed_shares_says_why(
    share: str, other: str, points: str, told: bool
) -> None:
    """Whoever subtracts one printed share from the other finds the printed difference, or reads why not."""
    assert bool(unlike(share, other, points)) == told


def test_a_group_that_is_not_known_is_said_to_be_aside() -> None:
    """A sentence on how far shares run says that those not known are aside where their share lies beyond the others, and there alone."""
    asides: set[bool] = set()
    for panel in (one for tables in (cleared(), cleared(900, 3)) for one in share_panels(tables, apart=frozenset())):
        if panel.chart is None or not isinstance(panel.chart, Chart) or "Shares run from" not in panel.chart.message:
            continue
        shares = {bar.label: bar.share for bar in panel.chart.bars if bar.share is not None}
        known = [share for label, share in shares.items() if label not in UNKNOWN]
        beyond = any(not min(known) <= share <= max(known) for share in shares.values())
        assert ("not known aside" in panel.chart.message) == beyond
        asides.add(beyond)
    assert asides == {True, False}

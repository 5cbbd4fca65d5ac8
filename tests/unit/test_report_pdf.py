"""The report on paper: PDF/UA-1, the words of the page and no others, and bytes that never change."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from lxml import html
from made_report import ABOUT, cleared_whole

from hearthlink.errors import OurFault
from hearthlink.report import brief, render
from hearthlink.report.pdf import pdf
from hearthlink.report.pdf.typeset import BREAK, typeset


@cache
def page() -> str:
    return render(cleared_whole(), ABOUT)


@cache
def made() -> bytes:
    return pdf(page(), ABOUT)


@cache
def opened() -> bytes:
    """The file with its packed parts unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made(), re.DOTALL)
    return made() + b"".join(part for one in packed if (part := _unpacked(one)) is not None)


def _unpacked(stream: bytes) -> bytes | None:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return None


def test_the_file_says_that_it_is_accessible() -> None:
    """It is tagged, names its title and language, shows the title, and claims PDF/UA-1 in its metadata."""
    for word in (rb"/StructTreeRoot", rb"/Lang ?\(en-GB\)", rb"/DisplayDocTitle true", rb"/Marked true", rb"/Outlines"):
        assert re.search(word, opened()), word
    assert b"<pdfuaid:part>1</pdfuaid:part>" in opened()
    assert b"Children referred to social care and household benefits: Ashmere" in opened()


def test_tables_have_headings_and_drawings_have_words() -> None:
    """Every table has cells that head its columns; every chart has its message as its alternative; headings nest from the first rank."""
    tags = re.findall(rb"/S ?/(\w+)", opened())
    tables = page().count("<table")
    assert tags.count(b"Table") == tables > 40
    assert tags.count(b"TH") >= 2 * tables
    assert tags.count(b"Figure") == page().count("<figure>") > 20
    assert opened().count(b"/Alt") >= tags.count(b"Figure")
    assert {b"H1", b"H2", b"H3"} <= set(tags)
    assert b"Caption" in tags


def test_the_file_is_the_same_bytes_on_every_run() -> None:
    """No clock is read: without a date of the run there is none in the file, and with one there is that day alone."""
    assert pdf(page(), ABOUT) == made()
    assert not re.search(rb"/(CreationDate|ModDate)", opened())
    short = brief(cleared_whole(), replace(ABOUT, run_date=date(2021, 5, 4)))
    dated = pdf(short, replace(ABOUT, run_date=date(2021, 5, 4)), brief=True)
    assert b"2021" in dated
    assert dated == pdf(short, replace(ABOUT, run_date=date(2021, 5, 4)), brief=True)


def test_the_brief_is_two_pages() -> None:
    """With all that the study brings, and with a contact, it fits two pages of A4."""
    about = replace(ABOUT, contact="The data team, data@ashmere.example")
    made_brief = pdf(brief(cleared_whole(), about), about, brief=True)
    assert len(re.findall(rb"/Type ?/Page\b", made_brief)) == 2


WORD = re.compile(r"[\w,.%]+")


def words_of_page() -> list[str]:
    """Every word of the title, the banner and the main part that a reader on paper is to see, sorted."""
    text = _seen(html.document_fromstring(page()))
    return sorted(WORD.findall(re.sub(r"Hearthlink\s+Practice", "Practice", text, count=1)))


def _seen(document: html.HtmlElement) -> str:
    for element in document.xpath("//svg | //*[contains(@class, 'unseen')]"):
        element.drop_tree()
    return " ".join(words for part in document.xpath("//header | //main") for words in part.itertext())


def words_on_paper() -> list[str]:
    """Every quoted string of what is set, but for drawings, their alternatives, and the title of the file."""
    source = re.sub(r'^#set document\(title: "(?:[^"\\]|\\.)*"\)', "", typeset(page()), flags=re.MULTILINE)
    source = re.sub(r'bytes\("(?:[^"\\]|\\.)*"\)', "", source)
    source = re.sub(r'(?<=\], )"(?:[^"\\]|\\.)*"(?=, , \[)', "", source)
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', source)
    return sorted(
        WORD.findall(" ".join(one.replace('\\"', '"').replace("\\\\", "\\").replace(BREAK, "") for one in found))
    )


def test_the_paper_says_what_the_page_says() -> None:
    """Word for word, no more and no less: so every number on paper is a number of the page."""
    assert words_on_paper() == words_of_page()


HOSTILE = 'A"#[b]\\(c) $x$ *y* @z <w> // no /* no */'


def test_words_from_outside_do_nothing() -> None:
    """A name that looks like the setter's own markup is set as it stands."""
    about = replace(ABOUT, authority=HOSTILE)
    text = brief(cleared_whole(), about)
    assert '#"' + HOSTILE.replace("\\", "\\\\").replace('"', '\\"') in typeset(text)
    assert pdf(text, about, brief=True).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "element", ["<form></form>", "<p><button>x</button></p>", "<table><tr><td><video></video></td></tr></table>"]
)
def test_an_element_that_is_not_known_stops_everything(element: str) -> None:
    """Its words would be lost."""
    given = f"<html><body><header><div class='title'><h1>T</h1></div></header><main>{element}</main></body></html>"
    given = given.replace("<tr><td>", "<tbody><tr><td>").replace("</td></tr>", "</td></tr></tbody>")
    with pytest.raises(OurFault, match="no form for"):
        typeset(given)


def test_a_heading_that_skips_a_rank_is_refused() -> None:
    """The compiler refuses what PDF/UA-1 forbids, and we say so in our own words."""
    skipped = re.sub(r'<h2 id="minute">(.*?)</h2>', r'<h4 id="minute">\1</h4>', page())
    assert skipped != page()
    with pytest.raises(OurFault, match="PDF/UA-1"):
        pdf(skipped, ABOUT)

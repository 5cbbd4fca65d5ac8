"""The report's own HTML as Typst: every word as a quoted string, so that nothing in a table can be taken for markup.

One page is written, and set twice: what the browser shows and what the paper shows cannot differ in a word. Only the elements that our
templates use are known; one that is not known stops everything, since its words would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree, html

from hearthlink.errors import OurFault

Element = html.HtmlElement
INLINE = frozenset({"strong", "em", "cite", "span", "a", "br", "code", "b"})
HIDDEN = frozenset({"unseen", "narrow", "skip"})
"""Classes of what the paper leaves out: words for a screen reader that the tags say, and drawings for a small screen."""

MANY = 7
"""Columns past which a table is set smaller."""


def typeset(page: str) -> str:
    """The title block and every section of the page, as Typst. Raises OurFault where it holds an element that is not known."""
    document = html.document_fromstring(page)
    title = document.find(".//header//div[@class='title']")
    main = document.find(".//main")
    if title is None or main is None:
        raise OurFault("The page to be set has no title or no main part.")
    named = document.findtext(".//head/title") or ""
    parts = [f"#set document(title: {quoted(named)})", _opening(document, title)]
    parts += [block for section in main for block in _block(section)]
    return "\n".join(parts)


def quoted(words: str) -> str:
    """Words as a Typst string, white space run together."""
    plain = re.sub(r"[ \t\r\n]+", " ", words)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _opening(document: Element, title: Element) -> str:
    """The title, the banner of made-up data, the particulars, and the contents."""
    status = document.xpath("string(//header/div[@class='top']//p[last()])").strip()
    banner = document.find(".//header/div[@class='practice']")
    facts = "".join(
        f"({_inside(one.find('dt'))}, {_inside(one.find('dd'))}), " for one in title.iterfind("dl[@class='particulars']/div")
    )  # fmt: skip
    warned = "none" if banner is None else _inside(banner.find(".//p"))
    return f"#opening({_inside(title.find('h1'))}, {_inside(title.find('p'))}, {quoted(status)}, {warned}, ({facts}))"


def _block(element: Element) -> Iterator[str]:
    """An element that stands by itself, and all that is in it."""
    if not isinstance(element.tag, str) or HIDDEN & set((element.get("class") or "").split()):
        return
    maker = BLOCKS.get(element.tag)
    if maker is None:
        raise OurFault(f"The page holds <{element.tag}>, which the report on paper has no form for.")
    yield from maker(element)


def _within(element: Element) -> Iterator[str]:
    """What stands in an element that only holds others."""
    if (element.text or "").strip():
        yield _paragraph_of(element.text or "")
    for child in element:
        yield from _block(child)
        if (child.tail or "").strip():
            yield _paragraph_of(child.tail or "")


def _paragraph_of(words: str) -> str:
    return f"#par[#{quoted(words.strip())}]"


def _division(element: Element) -> Iterator[str]:
    """A box: some have a look of their own."""
    look = BOXES.get((element.get("class") or "").split(" ")[0])
    inside = "\n".join(_within(element))
    yield f"#{look}[\n{inside}\n]" if look else inside


def _heading(element: Element) -> Iterator[str]:
    rank = int(element.tag[1]) - 1
    yield f"#heading(level: {rank}, outlined: {'true' if rank <= 2 else 'false'}){_inside(element)}"


def _paragraph(element: Element) -> Iterator[str]:
    look = PARAGRAPHS.get((element.get("class") or "").split(" ")[0], "par")
    yield f"#{look}{_inside(element)}"


def _list(element: Element) -> Iterator[str]:
    kind = "key" if element.get("class") == "key" else "list" if element.tag == "ul" else "enum"
    items = ", ".join(_item(one) for one in element)
    yield f"#{kind}({items})"


def _item(element: Element) -> str:
    """One item of a list: its words, and what lists stand within it."""
    first: list[str] = [_text(element.text)]
    after: list[str] = []
    for child in element:
        if child.tag in INLINE or child.tag == "svg":
            first.append(_inline(child))
        else:
            after += _block(child)
        first.append(_text(child.tail))
    return f"[{''.join(first)}\n{chr(10).join(after)}]" if after else f"[{''.join(first)}]"


def _terms(element: Element) -> Iterator[str]:
    """Words and what they mean. Groups in boxes of their own are read through."""
    pairs: list[tuple[str, list[str]]] = []
    for one in element.iter("dt", "dd"):
        if one.tag == "dt":
            pairs.append((_inside(one), []))
        elif pairs:
            pairs[-1][1].append(_inside(one))
    look = "spans" if element.get("class") == "ranges" else "meanings"
    said = ", ".join(f"({term}, ({''.join(f'{words}, ' for words in meant)}))" for term, meant in pairs)
    yield f"#{look}(({said}{',' if pairs else ''}))"


def _table(element: Element) -> Iterator[str]:
    """A table with its caption, and a row of headings that is said again on every page."""
    caption = element.find("caption")
    heads = element.findall("thead/tr/th")
    rows = element.findall("tbody/tr")
    figures = ["right" if "number" in (head.get("class") or "") else "left" for head in heads]
    columns = ", ".join(f"{_part(number, head)}fr" for number, head in enumerate(heads))
    cells = [f"[{''.join(_children(cell))}]" for row in rows for cell in row]
    yield (
        f"#tabled({'[]' if caption is None else _inside(caption)}, ({columns},), ({', '.join(figures)},), "
        f"({', '.join(_inside(head) for head in heads)},), ({', '.join(cells)}{',' if cells else ''}), "
        f"small: {'true' if len(heads) > MANY else 'false'})"
    )


def _part(number: int, head: Element) -> float:
    """How much of the width a column takes, against the others: words more than figures, and what heads the rows most."""
    kind = head.get("class") or ""
    return 3 if "wordy" in kind else 1.3 if "number" in kind else 2.2 if number == 0 else 1.6


def _figure(element: Element) -> Iterator[str]:
    """A drawing with its message above it and in its tags, and its key below."""
    caption = element.find("figcaption")
    drawing = element.find(".//div[@class='wide']/svg")
    if caption is None or drawing is None:
        raise OurFault("A chart of the page has no message or no drawing.")
    message = " ".join(caption.text_content().split())
    key = [part for part in element.iterfind("ul") for part in _list(part)]
    yield f"#drawn({_inside(caption)}, {quoted(message)}, bytes({quoted(_svg(drawing))}), [{''.join(key)}])"


def _svg(drawing: Element) -> str:
    """A drawing as a file of its own, its words in the font of the page with a white edge where they cross a line."""
    made = etree.fromstring(etree.tostring(drawing, with_tail=False))
    made.tag = "svg"
    # A parser of HTML knows no capitals in the names of attributes but those of SVG that it lists.
    made.set("viewBox", made.attrib.pop("viewbox", made.get("viewBox") or ""))
    for name in ("role", "aria-labelledby", "focusable", "aria-hidden"):
        if name in made.attrib:
            del made.attrib[name]
    for title in made.findall("title"):
        made.remove(title)
    for words in made.iter("text"):
        words.set("font-family", "Libertinus Serif")
        words.attrib.update(
            {"stroke": "#fff", "stroke-width": "3", "stroke-linejoin": "round", "paint-order": "stroke"}
        )
    made.set("xmlns", "http://www.w3.org/2000/svg")
    return etree.tostring(made, encoding="unicode")


def _folded(element: Element) -> Iterator[str]:
    """What the browser folds away is open on paper."""
    summary = element.find("summary")
    if summary is not None:
        yield f"#folded{_inside(summary)}"
    for child in element:
        if child.tag != "summary":
            yield from _block(child)


def _inside(element: Element | None) -> str:
    """What stands in a line, as content."""
    return "[]" if element is None else f"[{''.join(_children(element))}]"


def _children(element: Element) -> Iterator[str]:
    yield _text(element.text)
    for child in element:
        yield _inline(child)
        yield _text(child.tail)


def _inline(element: Element) -> str:
    if not isinstance(element.tag, str) or HIDDEN & set((element.get("class") or "").split()):
        return ""
    if element.tag == "br":
        return "#linebreak()"
    if element.tag == "svg":
        return f"#sign(bytes({quoted(_svg(element))}))"
    if element.tag not in INLINE:
        raise OurFault(f"The page holds <{element.tag}> within a line, which the report on paper has no form for.")
    look = {"strong": "strong", "b": "strong", "em": "emph", "cite": "emph"}.get(element.tag)
    look = SPANS.get((element.get("class") or "").split(" ")[0], look) if element.tag == "span" else look
    return f"#{look}{_inside(element)}" if look else "".join(_children(element))


def _text(words: str | None) -> str:
    plain = re.sub(r"[ \t\r\n]+", " ", words or "")
    # A code such as a check's name is one long word, which would run into the next column.
    return f"#{quoted(plain.replace('_', '_' + BREAK))}" if plain else ""


BREAK = "\u200b"
"""Where a word may be broken: it has no width and is no word."""
Maker = Callable[[Element], Iterator[str]]
BLOCKS: dict[str, Maker] = {
    "section": _within, "div": _division, "p": _paragraph, "ul": _list, "ol": _list, "dl": _terms, "table": _table, "figure": _figure,
    "details": _folded, **dict.fromkeys(("h2", "h3", "h4"), _heading),
}  # fmt: skip
BOXES = {"headline": "headline", "caution": "caution", "notes": "noted", "part": "part", "finding": "part"}
PARAGRAPHS = {"figure": "great", "says": "large", "citation": "cited", "among": "aside", "exploratory": "flagged"}
SPANS = {"count": "counted", "code": "coded", "quiet": "aside"}

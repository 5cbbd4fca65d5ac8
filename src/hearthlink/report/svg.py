"""The drawing library's SVG made fit for a page: smaller, steady, and with one name for a screen reader."""

from __future__ import annotations

import re

from lxml import etree

KEPT = frozenset(
    {
        "d",
        "transform",
        "fill",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-miterlimit",
        "x",
        "y",
        "x2",
        "y2",
        "dx",
        "dy",
        "text-anchor",
        "font-size",
        "font-weight",
        "width",
        "height",
        "viewBox",
    }
)
"""Attributes that draw something. The rest are the library's own labels, which a screen reader would read out."""

_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def tidy_svg(drawn: str, *, name: str, title: str) -> str:
    """The drawing with one title, no namespace address, no empty part, and coordinates to a tenth of a pixel."""
    root = etree.fromstring(drawn.encode("utf-8"), _parser())
    for element in list(root.iter()):
        _bare(element)
    _drop_empty(root)
    for attribute in ("width", "height"):
        if attribute in root.attrib:
            del root.attrib[attribute]
    label = etree.Element("title", id=name)
    label.text = title
    root.insert(0, label)
    root.set("role", "img")
    root.set("aria-labelledby", name)
    return re.sub(r"\s*xmlns(?::\w+)?=\"[^\"]*\"", "", etree.tostring(root, encoding="unicode"))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _bare(element: etree._Element) -> None:
    """Strip the namespace and every attribute that draws nothing."""
    element.tag = etree.QName(element).localname
    hidden = element.get("display") == "none"
    for key, value in dict(element.attrib).items():
        name = str(key)
        if name not in KEPT and not (hidden and name == "display"):
            del element.attrib[key]
        elif name != "viewBox":
            element.set(name, _NUMBER.sub(_tenth, str(value)))


def _tenth(match: re.Match[str]) -> str:
    """A coordinate to a tenth of a pixel."""
    text = f"{float(match.group()):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _drop_empty(root: etree._Element) -> None:
    """Remove hidden paths, paths of no size, and groups and texts with nothing in them, from the leaves up."""
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is None:
            continue
        hidden = element.get("display") == "none" or element.get("d") in ("", "M0,0h0v0h0Z")
        hollow = element.tag in ("g", "text") and len(element) == 0 and not element.text
        invisible = element.tag == "path" and element.get("fill") is None and element.get("stroke") is None
        if hidden or hollow or invisible:
            parent.remove(element)

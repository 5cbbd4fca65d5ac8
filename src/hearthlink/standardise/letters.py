"""Any text as plain capital letters: broken encodings mended, accents taken off, letters that have no plain form spelt out."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = "\u2018\u2019\u201b\u2032\u02bb\u02bc\u02b9\u0060\u00b4\u2bd1"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad"
_QUOTES = "\u201c\u201d\u201e\u00ab\u00bb"

SPELT = str.maketrans(
    {
        "Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Ɖ": "D", "Ħ": "H", "Ŧ": "T", "Æ": "AE", "Œ": "OE", "Þ": "TH",
        "Ŋ": "N", "Ə": "A", "Ɓ": "B", "Ɗ": "D", "Ƙ": "K", "Ƴ": "Y", "Ɛ": "E", "Ɔ": "O", "Ɨ": "I", "Ɫ": "L",
        "ẞ": "SS", "ı": "I", "\u00a0": " ", "\ufeff": " ", "\u200b": "",
        **dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_HYPHENS, "-"), **dict.fromkeys(_QUOTES, '"'),
    }
)  # fmt: skip
"""Letters with no decomposition, and the marks that word processors put in place of plain ones."""

LONGEST = 500
"""Letters of a name or an address line that are looked at. Nobody's is longer; what is, was made to be slow."""

_WINDOWS = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_TAIL = "\u0080-\u00bf" + "".join(map(re.escape, _WINDOWS))
_BROKEN_IN_THREE = re.compile(f"[\u00c1\u00c2\u00e1\u00e2][{_TAIL}]{{2}}")
_BROKEN_IN_TWO = re.compile(f"[\u00c2-\u00c6\u00c8][{_TAIL}]")


def plain(text: str) -> str:
    """The text in capitals without accents, as far as a name or an address goes. Marks such as hyphens, commas and brackets stay."""
    text = text[:LONGEST]
    if text.isascii():
        return text.upper()
    spelt = mend_encoding(text).upper().translate(SPELT)
    if spelt.isascii():
        return spelt
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))


def mend_encoding(text: str) -> str:
    """The text with UTF-8 that was once read as Windows-1252 turned back; any other text unchanged."""
    for broken in (_BROKEN_IN_THREE, _BROKEN_IN_TWO):
        text = broken.sub(lambda found: _turned_back(found.group()), text)
    return text


def _turned_back(broken: str) -> str:
    lead = ord(broken[0])
    rest = bytes(_WINDOWS.get(letter, ord(letter)) for letter in broken[1:])
    # A system that stores capitals has also raised the first of the broken letters: Á for á, Â for â.
    for first in (lead, lead + 0x20):
        try:
            letter = bytes([first, *rest]).decode("utf-8")
        except ValueError:
            continue
        if _expected(letter):
            return letter
    return broken


def _expected(letter: str) -> bool:
    """Whether it is a Latin letter or a mark met in names: anything else was not broken, only unusual."""
    return len(letter) == 1 and (
        "\u00a0" <= letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff" or letter in "\u2018\u2019\u2013"
    )

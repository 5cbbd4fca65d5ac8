"""Postcodes and property numbers made comparable: one spelling, and nothing where what is written cannot be one."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LETTER_FOR = str.maketrans("01", "OI")
_DIGIT_FOR = str.maketrans("OI", "01")

# An inward part never holds C, I, K, M, O or V; no district of two figures begins with 0; none ends in I or O.
_INWARD = re.compile(r"\d[ABD-HJLNP-UW-Z]{2}")
_OUTWARD = re.compile(r"[A-Z]\d|[A-Z][1-9]\d|[A-Z]{2}\d|[A-Z]{2}[1-9]\d|[A-Z]\d[A-HJ-NP-Z]|[A-Z]{2}\d[A-HJ-NP-Z]")
_SHAPES = {2: ("A9",), 3: ("AA9", "A99", "A9A"), 4: ("AA99", "AA9A")}
"""Outward parts by length, the commoner first."""

DUMMIES = frozenset({"AA11AA", "AA99AA", "AA999AA"})
"""Written where a form insists on a postcode."""

NOWHERE = ("ZZ", "XX")
"""Areas that do not exist: the health service's ZZ99 for no fixed abode, unknown or abroad, and fillers."""


def postcode(text: str) -> str | None:
    """A postcode without spaces, or None where it is no postcode, a filler or a pseudo-postcode.

    Where the shape fails, O and 0, and I and 1, are exchanged by position if that alone gives a shape.
    """
    kept = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    if not 5 <= len(kept) <= 7:
        return None
    found = kept if _shaped(kept) else _repaired(kept)
    if found is None or found in DUMMIES or found.startswith(NOWHERE):
        return None
    return found


def _shaped(text: str) -> bool:
    return (_OUTWARD.fullmatch(text[:-3]) is not None and _INWARD.fullmatch(text[-3:]) is not None) or text == "GIR0AA"


def _repaired(text: str) -> str | None:
    """The reading with fewest exchanges that has a shape; of equals, the one of the commoner shape."""
    readings = [read for read in _readings(text) if _shaped(read)]
    return min(readings, key=lambda read: sum(map(str.__ne__, text, read)), default=None)


def _readings(text: str) -> Iterator[str]:
    """The text as each shape of its length would have it."""
    inward = text[-3].translate(_DIGIT_FOR) + text[-2:].translate(_LETTER_FOR)
    for shape in _SHAPES[len(text) - 3]:
        pairs = zip(text, shape, strict=False)
        yield "".join(x.translate(_LETTER_FOR if kind == "A" else _DIGIT_FOR) for x, kind in pairs) + inward


_FLOAT = re.compile(r"(\d+)\.0*")
_NINES = re.compile(r"9{6,}")


def property_number(text: str) -> str | None:
    """A unique property reference number: its digits without leading zeros, or None where it is none.

    A spreadsheet's ``100023336956.0`` is mended. Its ``1.00023E+11`` is not: the digits are gone.
    """
    stripped = text.strip()
    whole = _FLOAT.fullmatch(stripped)
    digits = (whole.group(1) if whole else stripped).lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12 or digits == "1" or _NINES.fullmatch(digits):
        return None
    return digits

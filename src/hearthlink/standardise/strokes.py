"""What a stroke between the two numbers that begin an address stands for: a flat and its house, or a house and its flat.

3/12 HIGH STREET is flat 3 of number 12 in one country and number 3, flat 12 in another. Where the files also write flats in words,
FLAT 3, 12 HIGH STREET, the streets on which both are written tell which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.streets import locate

ENOUGH = 5
"""Addresses with a stroke whose flat must be written in words elsewhere for the stroke to be told."""

CLEARLY = 4
"""How many times oftener they must be told one way than the other."""

MOST_READ = 20_000
"""Addresses of either kind that are read to tell: the first by content."""

_STROKE = re.compile(r"^\s*0*([1-9]\d{0,4}) ?/ ?0*([1-9]\d{0,4})(?=[ ,]+[^\W\d])")
_SPELT_FLAT = r"(?i)\b(?:FLAT|FLT|APARTMENT|APT|UNIT)\b\.? ?\d"


class Stroke(StrEnum):
    """Which of the two numbers is the flat's."""

    FLAT_FIRST = "flat first"
    HOUSE_FIRST = "house first"


def told_stroke(addresses: Sequence[pa.ChunkedArray]) -> Stroke | None:
    """What a stroke stands for in the addresses of both files; None where it is not told."""
    lines = pc.unique(pa.chunked_array([chunk for column in addresses for chunk in column.chunks], pa.string()))
    strokes = [found for line in _first(lines, r"^\s*\d+ ?/ ?\d") if (found := _STROKE.match(line))]
    if len(strokes) < ENOUGH:
        return None
    spelt = {_flat_in_words(line) for line in _first(lines, _SPELT_FLAT) if "/" not in line}
    votes = dict.fromkeys(Stroke, 0)
    for found in strokes:
        street = locate(f"1{found.string[found.end() :]}").street
        one, other = found.groups()
        votes[Stroke.FLAT_FIRST] += (street, f"{other}/{one}") in spelt
        votes[Stroke.HOUSE_FIRST] += (street, f"{one}/{other}") in spelt
    likelier = max(votes, key=lambda stroke: (votes[stroke], stroke))
    rarer = sum(votes.values()) - votes[likelier]
    return likelier if votes[likelier] >= max(ENOUGH, CLEARLY * rarer) else None


def without_stroke(address: str, stroke: Stroke | None) -> str:
    """The address with its flat in words, where what its stroke stands for is told."""
    found = _STROKE.match(address) if stroke else None
    if found is None:
        return address
    flat, house = found.groups() if stroke is Stroke.FLAT_FIRST else reversed(found.groups())
    return f"FLAT {flat}, {house}{address[found.end() :]}"


def _first(lines: pa.Array, pattern: str) -> list[str]:
    """The first lines by content that hold the pattern."""
    return sorted(lines.filter(pc.fill_null(pc.match_substring_regex(lines, pattern), False)).to_pylist())[:MOST_READ]


def _flat_in_words(line: str) -> tuple[str | None, str | None]:
    found = locate(line)
    return found.street, found.number

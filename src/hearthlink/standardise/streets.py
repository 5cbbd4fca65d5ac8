"""An address in one string, of any country and in any order, parted into numbers, street, locality and postcode."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from hearthlink.standardise.addresses import ROAD_WORDS, read_address, without_numbers
from hearthlink.standardise.letters import plain

_BRITISH = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")
_CANADIAN = re.compile(r"\b([A-Z]\d[A-Z]) ?(\d[A-Z]\d)\b")
_LAST_FIGURES = re.compile(r"(?<=[A-Z, ])\b(\d{4,6})(?:-\d{4})?\s*$")
_BOX = re.compile(r"\bP\.? ?O\.? BOX ?#? ?(\d+)")
_FIGURES = re.compile(r"\d")
_HASH = re.compile(r"#\s*(?=[A-Z0-9])")
_BARE_HASH = re.compile(r"(?<!^)(?<!, )(?<!APT )(?<!UNIT )(?<!FLAT )(?<!STE )#(?=[A-Z0-9])")
_KINDS = re.compile(r"\b(STE|TRLR|LOT|SPC|SPACE|DEPT|WHG|WOHNUNG|LGH|APPT|APPARTEMENT|INTERNO|PISO)\b\.?(?= ?#?\d)")
_HOUSE_LAST = re.compile(
    r"^([A-Z][^0-9,/#]*[A-Z.]) 0*([1-9]\d{0,4}) ?(?:([/-]) ?0*([1-9]\d{0,4})|([A-Z]))(?= *(?:,|$))"
)
_NO_STREET = re.compile(r"\b(?:NO|NUMBER|BLOCK|FLAT|FLT|APARTMENT|APT|UNIT|ROOM|RM|PLOT|LOT|BOX)\b\.?$")
_NEIGHBOURS = 10  # two numbers so near with a dash between them are houses next door, as 10-12 is before a street
_POINT = re.compile(r"(?<=\d )([NSEW]|[NS][EW]) (?=[A-Z]{3}|\d+(?:ST|ND|RD|TH)\b)")
_LETTER_ROAD = re.compile(rf"(?<=\d) (?=[A-Z] (?:{ROAD_WORDS})\b)")
_CODE_BEFORE_TOWN = re.compile(r", ?(\d{4,5}) (?=[A-Z]{3})")
_NUMBER_AND_REST = re.compile(r"0*([1-9]\d{0,4})((?: ?,)* [A-Z][^0-9#/]*)")
_CODE = re.compile(r"(?=(?:[^0-9]*\d){3})(?=[^A-Z]*[A-Z])[A-Z0-9+/=_-]{16,}")
_WORDS = re.compile(r"[A-Z0-9]+")

_SPELT = {
    "RD": "ROAD", "STR": "STREET", "LN": "LANE", "AV": "AVENUE", "AVE": "AVENUE", "CL": "CLOSE", "DR": "DRIVE", "DRV": "DRIVE",
    "GDNS": "GARDENS", "GDN": "GARDENS", "TER": "TERRACE", "TERR": "TERRACE", "TCE": "TERRACE", "CRES": "CRESCENT", "CR": "CRESCENT",
    "PL": "PLACE", "GR": "GROVE", "GRV": "GROVE", "SQ": "SQUARE", "CT": "COURT", "CRT": "COURT", "BLVD": "BOULEVARD", "BVD": "BOULEVARD",
    "HWY": "HIGHWAY", "PKWY": "PARKWAY", "CIR": "CIRCLE", "CCT": "CIRCUIT", "PDE": "PARADE", "ESP": "ESPLANADE", "TRL": "TRAIL",
    "PK": "PARK", "HTS": "HEIGHTS", "MT": "MOUNT", "FT": "FORT", "HSE": "HOUSE", "COTT": "COTTAGE", "NTH": "NORTH", "STH": "SOUTH",
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST", "NE": "NORTHEAST", "NW": "NORTHWEST", "SE": "SOUTHEAST", "SW": "SOUTHWEST",
}  # fmt: skip
_ROADS = frozenset(
    (ROAD_WORDS.replace("?", "") + "|ROAD|STREET|COURT|CIRCLE|CIRCUIT|HIGHWAY|PARKWAY|ESPLANADE|TRAIL|BROADWAY").split(
        "|"
    )
)
_COMPASS = frozenset("NORTH SOUTH EAST WEST NORTHEAST NORTHWEST SOUTHEAST SOUTHWEST".split())


@dataclass(frozen=True, slots=True)
class Located:
    """An address parted. Any part may be lacking. `street` and `locality` are words in order, abbreviations spelt out."""

    number: str | None
    street: str | None
    locality: str | None
    postcode: str | None
    hidden: bool
    communal: bool


def locate(address: str) -> Located:
    """The parts of an address: ``APT 4B, 12 MAIN ST, ANYTOWN 12345`` is 12/4B, MAIN STREET, ANYTOWN, 12345.

    The street ends with its word for a road, so that a town with no comma before it is parted from it too. A code that stands in an
    address's place is its street and its number: it is that dwelling or another, and nothing in between.
    """
    text = " ".join(plain(address.replace("\r", "\n").replace("\n", ", ").replace(";", ", ")).split())
    if _CODE.fullmatch(text):
        return Located(text, text, None, None, hidden=False, communal=False)
    text, postcode = _postcode_apart(text)
    found = _NUMBER_AND_REST.fullmatch(text)
    # A street has many houses: it is read once, as its number 1, and each house's own number is put in that one's place.
    first = None if found is None else _first_house(found.group(2))
    if found is not None and first is not None and first.number is not None and first.number.partition("/")[0] == "1":
        return replace(first, number=f"{found.group(1)}{first.number[1:]}", postcode=postcode)
    return replace(_parted(text), postcode=postcode)


@lru_cache(maxsize=1 << 17)
def _first_house(rest: str) -> Located:
    return _parted(f"1{rest}")


def _parted(text: str) -> Located:
    """An address in plain capitals without its postcode, parted. Nothing but that it is hidden is told of a hidden one."""
    box = _BOX.search(text)
    text = _house_first(_LETTER_ROAD.sub(", ", text))
    text = _POINT.sub(lambda found: f"{_SPELT[found.group(1)]} ", text)
    text = _KINDS.sub("UNIT", _BARE_HASH.sub("UNIT ", _HASH.sub("#", text)))
    line = read_address(text)
    if line.hidden:
        return Located(None, None, None, None, hidden=True, communal=line.communal)
    if box is not None and line.number is None:
        return Located(box.group(1), "PO BOX", None, None, hidden=False, communal=line.communal)
    street, locality = _street_and_locality(without_numbers(text), line.number)
    return Located(line.number, street, locality, None, hidden=False, communal=line.communal)


def _house_first(text: str) -> str:
    """A line that puts the house and its flat or letter after the street as one that puts them before: DAMWEG 2-27 has flat 27."""
    found = _HOUSE_LAST.match(text)
    if found is None or _NO_STREET.search(found.group(1)):
        return text
    street, house, mark, flat, letter = found.groups()
    if letter:
        return f"{house}{letter} {street}{text[found.end() :]}"
    if 0 < int(flat) - int(house) <= (_NEIGHBOURS if mark == "-" else 4):
        return f"{house}-{flat} {street}{text[found.end() :]}"
    return f"UNIT {flat}, {house} {street}{text[found.end() :]}"


def _postcode_apart(text: str) -> tuple[str, str | None]:
    """The postcode that stands in a line, and the line without it. Figures count only at the end, after something else."""
    for pattern in (_BRITISH, _CANADIAN):
        found = pattern.search(text)
        if found is not None and (found.start() > 0 or found.end() < len(text)):
            return f"{text[: found.start()]}, {text[found.end() :]}".strip(" ,"), "".join(found.groups())
    found = _LAST_FIGURES.search(text)
    if found is not None and _FIGURES.search(text[: found.start()]):
        return text[: found.start()].strip(" ,"), found.group(1)
    found = _CODE_BEFORE_TOWN.search(text)
    if found is not None and _FIGURES.search(text[: found.start()]):
        return f"{text[: found.start()]}, {text[found.end() :]}", found.group(1)
    return text, None


def _street_and_locality(text: str, number: str | None) -> tuple[str | None, str | None]:
    parts = [words for part in text.split(",") if (words := _spelt_out(_WORDS.findall(part)))]
    if not parts:
        return None, None
    roads = [place for place, words in enumerate(parts) if any(word in _ROADS for word in words[1:])]
    at = roads[0] if roads else 0
    street, rest = _cut(parts[at])
    locality = [*rest, *(word for words in parts[at + 1 :] for word in words)]
    # A house number that follows the street's name stands in the number already.
    house = None if number is None else number.partition("/")[0]
    named = [word for word in street if word != house] or street
    return " ".join(named), " ".join(locality) or None


def _cut(words: list[str]) -> tuple[list[str], list[str]]:
    """A part up to the last of its first run of words for a road, a point of the compass after it included."""
    first = next((n for n, word in enumerate(words) if n and word in _ROADS), None)
    if first is None:
        return words, []
    end = first + 1
    while end < len(words) and (words[end] in _ROADS or words[end] in _COMPASS):
        end += 1
    return words[:end], words[end:]


def _spelt_out(words: list[str]) -> list[str]:
    """The words with abbreviations spelt out; ST is a saint before a name and a street after one."""
    made: list[str] = []
    for place, word in enumerate(words):
        if word == "ST":
            made.append("STREET" if place and (len(made) < 2 or made[-1] != "STREET") else "SAINT")
        else:
            made.append(_SPELT.get(word, word))
    return made

"""House and flat numbers out of an address line, so that one dwelling written in two ways gives one answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hearthlink.standardise.letters import plain
from hearthlink.tables.withheld import WITHHELD_LINE

_NOWHERE = re.compile(
    r"\bNO FIXED (?:ABODE|ADDRESS)\b|\bNFA\b|\bC/O\b|\bCARE OF\b|\bP\.? ?O\.? BOX\b|\bHOMELESS\b|\bSOFA SURFING\b|\bUNKNOWN\b"
    r"|\bNOT KNOWN\b|\bNOT RECORDED\b|\bSSD_PH\b|\bNO TRACE\b"
)
ROAD_WORDS = (
    r"ROAD|RD|STREET|ST|LANE|LN|AVENUE|AVE?|CLOSE|CL|DRIVE|DR|GARDENS|GDNS|TERRACE|TERR?|CRESCENT|CRES|PLACE|PL|GROVE|GR|WAY|HILL"
    r"|WALK|SQUARE|SQ|ROW|MEWS|RISE|VIEW|GREEN|PARK|PARADE|YARD|PATH|PASSAGE|BANK|END|VALE|CIRCUS|BOULEVARD"
)
_STREET = re.compile(rf"\b(?:{ROAD_WORDS}|COURT|CT)\.?$")
_COMMUNAL = re.compile(
    r"\b(?:HOSTEL|NIGHT SHELTER|BED (?:AND|&) BREAKFAST|B ?& ?B|GUEST HOUSE|MOTHER (?:AND|&) BABY UNIT|CHILDREN'?S HOME"
    rf"|HOTEL|HOSPITAL|PRISON)\b(?! (?:{ROAD_WORDS})\b)"
)
_BUILDING = re.compile(
    r"\b(?:HOUSE|COTTAGE|COTTAGES|FARM|FARMHOUSE|LODGE|HALL|VILLA|VILLAS|MANOR|BARN|MILL|RECTORY|VICARAGE|BUNGALOW|MANSIONS?|TOWER"
    r"|TOWERS|HEIGHTS|POINT|COURT|CT|BUILDINGS?|CHAMBERS|WHARF|HOTEL|HOSTEL)\b"
    rf"(?! (?:{ROAD_WORDS})\b)"
)

_FLOORS = {
    "LOWER GROUND": "B", "BASEMENT": "B", "GARDEN": "B", "GROUND": "G", "GRD": "G", "GRND": "G", "GND": "G", "FIRST": "1F", "1ST": "1F",
    "SECOND": "2F", "2ND": "2F", "THIRD": "3F", "3RD": "3F", "FOURTH": "4F", "4TH": "4F", "FIFTH": "5F", "5TH": "5F",
    "UPPER": "TF", "TOP": "TF", "ATTIC": "TF", "MIDDLE": "MF",
    "LGFF": "B", "GFF": "G", "FFF": "1F", "SFF": "2F", "TFF": "TF", "1FF": "1F", "2FF": "2F", "3FF": "3F",
}  # fmt: skip
_FLAT = r"FLAT|FLT|APARTMENT|APPARTMENT|APT|UNIT|STUDIO|MAISONETTE|BEDSIT|PLOT|PITCH|CARAVAN|BERTH|SUITE|ANNEXE?"
_FLOOR = re.compile(
    r"\b(LGFF|GFF|FFF|SFF|TFF|[123]FF)\b"
    r"|\b(LOWER GROUND|BASEMENT|GROUND|GRN?D|GND|FIRST|1ST|SECOND|2ND|THIRD|3RD|FOURTH|4TH|FIFTH|5TH|UPPER|TOP|ATTIC|MIDDLE)"
    rf" (?:FLOOR|FLR)\b(?: (?:FRONT|REAR|BACK|LEFT|RIGHT))?(?: (?:{_FLAT})\b)?"
    r"|\b(BASEMENT|GARDEN|GROUND|UPPER|TOP|ATTIC|MIDDLE) (?:FLAT|FLT)\b"
)
_WORDS = {word: str(n) for n, word in enumerate("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN".split(), 1)}
_UNIT = re.compile(
    rf"\b({_FLAT}|ROOM|RM)(?:\.? ?(?:NO\b\.? ?|NUMBER |#)?(\d+(?:/\d+|[A-Z])?)|\.? (?:NO\b\.? ?)?([A-Z]\d{{0,3}}|{'|'.join(_WORDS)}))"
    r"(?![A-Z0-9])"
)  # groups: kind, a number, or a letter or word
_LEFT_OVER = re.compile(
    rf"\b(?:THE )?(?:{_FLAT})\b(?: (?:ABOVE|OVER|AT|REAR OF))?(?: (?:THE )?SHOP)?|\bBLOCK (?:\d+|[A-Z])\b"
)
_HOUSE = re.compile(
    r"(?:NO\b\.? ?|NUMBER |#)?0*(\d+) ?([A-Z])?(?: ?(-|/) ?0*(\d+|[A-Z])[A-Z]?)?(?= |$)"
)  # groups: number, letter, mark, what follows the mark
_ANYWHERE = re.compile(r"(?<![A-Z0-9])0*(\d+)([A-Z])?(?![A-Z0-9])")
_MARKS = re.compile(r"[^A-Z0-9,/#&' -]+")


@dataclass(frozen=True, slots=True)
class AddressLine:
    """What a line of address says: its numbers (or name), that it must not be known, that many families live there."""

    number: str | None
    hidden: bool
    communal: bool


def read_address(address: str) -> AddressLine:
    """The dwelling's numbers, and whether the line marks a hidden address or a home of many families."""
    text = plain(address)
    hidden = WITHHELD_LINE.search(text) is not None
    number = None if hidden or _NOWHERE.search(text) else _dwelling_number(text)
    return AddressLine(number, hidden, _COMMUNAL.search(text) is not None)


def without_numbers(text: str) -> str:
    """A line in plain capitals, its parts still between commas, without the numbers of houses, flats, floors and rooms."""
    text = " ".join(_MARKS.sub(" ", text.replace("'", "")).split()).replace(" ,", ",")
    text = _FLOOR.sub(" ", text, count=1)
    _, text = _units_apart(text)
    parts = [part for piece in text.split(",") if (part := piece.strip(" -/&#"))]
    return ", ".join(
        bare for part in parts if (bare := _HOUSE.sub("", part, count=1).strip(" -/&#") if _HOUSE.match(part) else part)
    )


def _dwelling_number(text: str) -> str | None:
    """The house number, its letter and the flats and rooms within, joined by ``/``; else the first word of a named house.

    ``FLAT 2, 10 HIGH ST`` is ``10/2``; ``10B HIGH ST`` and ``FLAT B, 10 HIGH ST`` are ``10/B``; ``GFF, 10 HIGH ST`` is ``10/G``;
    ``10-12 HIGH ST`` is ``10``; ``THE OLD RECTORY, CHURCH LANE`` is ``OLD``. A flat in a block without a number stands by its
    own number, since ``FLAT 2, ELM COURT`` is also written ``2 ELM COURT``. None where there is no number and no name.
    """
    text = " ".join(_MARKS.sub(" ", text.replace("'", "")).split()).replace(" ,", ",")
    floor = _FLOOR.search(text)
    units, text = _units_apart(_FLOOR.sub(" ", text, count=1) if floor else text)
    parts = [part for piece in text.split(",") if (part := piece.strip(" -/&#"))]
    houses = [house for part in parts if (house := _house(part))] or _number_anywhere(text)
    if not houses and units:
        houses, units = [_house(units[0]) or (units[0],)], units[1:]
    if not units and len(houses) > 1:
        houses, units = houses[1:], ["".join(houses[0])]
    if not units and floor:
        units = [_FLOORS[next(word for word in floor.groups() if word)]]
    if houses:
        return "/".join([*houses[0], *units])
    name = _house_name(parts)
    return None if name is None else "/".join([name, *units])


def _units_apart(text: str) -> tuple[list[str], str]:
    """Flats before rooms, and the rest of the line with words for a flat that has no number taken out."""
    found = [
        (kind in ("ROOM", "RM"), number.lstrip("0") or _WORDS.get(name, name) or "0")
        for kind, number, name in _UNIT.findall(text)
    ]
    rest = _UNIT.sub(",", text) if found else text
    return [name for _, name in sorted(found, key=lambda unit: unit[0])], _LEFT_OVER.sub(" ", rest)


def _house(part: str) -> tuple[str, ...]:
    """The number that a part of an address begins with, its letter, and a flat written beside it; empty where none."""
    found = _HOUSE.match(part)
    if found is None:
        return ()
    number, letter, mark, after = found.groups()
    whole = (number, letter) if letter else (number,)
    if mark is None or _is_range(int(number), mark, after):
        return whole
    flat_first = mark == "/" and after.isdigit() and int(after) > int(number)
    return (after, *whole) if flat_first else (*whole, after)


def _is_range(number: int, mark: str, after: str) -> bool:
    """Whether 10-12 or 10/12 is two houses, and not flat 12 of number 10: a stroke is one only between near neighbours."""
    if not after.isdigit():
        return mark == "-"
    return int(after) >= number if mark == "-" else int(after) - number in (2, 4)


def _number_anywhere(text: str) -> list[tuple[str, ...]]:
    found = _ANYWHERE.search(text)
    return [tuple(group for group in found.groups() if group)] if found else []


def _house_name(parts: list[str]) -> str | None:
    """The first word of a named house: the first part, if it names a building or a street comes after it."""
    if not parts:
        return None
    first = parts[0]
    building = _BUILDING.search(first)
    named = building is not None and building.start() > 0
    if not named and (_STREET.search(first) or not any(_STREET.search(part) for part in parts[1:])):
        return None
    words = [word for word in first.split() if word != "THE"]
    return words[0] if words else None

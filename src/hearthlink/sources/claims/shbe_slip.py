"""Records whose fields have slipped by one: put right where only one reading fits, and left alone otherwise.

A delimiter too many splits a field in two, or puts an empty one in; one too few loses an empty field. Every place where that can have
happened is tried, and the record that results is held against what the fields must hold. Where exactly one result fits, names, dates and
address among it, the slip is certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from hearthlink.sources.claims.shbe_layout import CLAIM_FIELDS, CTR_REF, HB_REF, PERSON_FIELDS, ROLES, Field, Holds
from hearthlink.sources.reading.dates import read_day

DATE_SHAPED = re.compile(r"\d\d?[-/]\d\d?[-/]\d{4}")
SHAPES = {Holds.PENCE: re.compile(r"-?\d+"), Holds.CODE: re.compile(r"\d\d?"), Holds.COUNT: re.compile(r"\d+")}
POSTCODE = re.compile(r"(?i)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
NOT_A_NAME = re.compile(r"\d")
SHIFTED_AT = 2
"""So many fields that cannot hold what they do, and a record's fields have shifted. A date where none can be counts as two."""

Places = Mapping[int, int]

CLAIM_COMPARED, PERSON_COMPARED = (
    tuple(one.number for one in fields.values() if one.holds is not Holds.KEYED)
    for fields in (CLAIM_FIELDS, PERSON_FIELDS)
)
"""Fields by which two readings of a record are told apart. A National Insurance number out of its place is known by its shape."""


def mended(cells: Sequence[str], width: int, places: Places) -> list[str] | None:
    """The record as it must have been, in ``width`` cells; None where no reading, or more than one, fits."""
    found: dict[tuple[str, ...], list[str]] = {}
    for trial in _trials(cells, width):
        if fits(trial, places):
            compared = CLAIM_COMPARED if trial[places[1]] == "D" else PERSON_COMPARED
            found.setdefault(tuple(trial[places[n]].strip() for n in compared if n in places), trial)
            if len(found) > 1:
                return None
    return next(iter(found.values())) if found else None


def oddities(cells: Sequence[str], places: Places, *, words: bool = True) -> int:
    """How many fields of a record hold what they cannot; a date where none can be counts as two.

    Words in place of a date, such as UNKNOWN, are let pass unless ``words`` is false.
    """
    claim = _at(cells, places, 1) == "D"
    fields = CLAIM_FIELDS if claim else PERSON_FIELDS
    strange = not claim and _at(cells, places, 308) not in ROLES
    return strange + sum(_odd(_at(cells, places, one.number), one, words=words) for one in fields.values())


def _trials(cells: Sequence[str], width: int) -> Iterator[list[str]]:
    """Every record of the right width that one slip can have made into this one."""
    held, surplus = list(cells), len(cells) - width
    if surplus in (0, 1):
        for place in range(1, len(held) - 1):
            together = " ".join(filter(None, (held[place].strip(), held[place + 1].strip())))
            yield [*held[:place], together, *held[place + 2 :], *([""] if surplus == 0 else [])]
    if surplus in (0, -1) and (surplus or not held[-1].strip()):
        for place in range(1, len(held) + (1 if surplus else 0)):
            yield [*held[:place], "", *held[place : len(held) if surplus else -1]]


def fits(cells: Sequence[str], places: Places) -> bool:
    """Whether a record holds all that tells it is whole, each in its place: names, dates, a postcode, and nothing odd."""
    kind = _at(cells, places, 1)
    told = _told(cells, places)
    if kind == "D":
        whole = (
            told(6)
            and told(7)
            and _is_day(told(8))
            and POSTCODE.fullmatch(told(11))
            and not NOT_A_NAME.search(told(6) + told(7))
        )
        whole = whole and bool(told(41)) and bool(told(33))
    elif kind == "S":
        whole = told(313) and told(314) and _is_day(told(315)) and _is_day(told(310)) and told(308) in ROLES
        whole = whole and not NOT_A_NAME.search(told(313) + told(314))
    else:
        return False
    return (
        bool(whole) and bool(told(HB_REF.number) or told(CTR_REF.number)) and oddities(cells, places, words=False) == 0
    )


def _told(cells: Sequence[str], places: Places) -> Callable[[int], str]:
    return lambda number: _at(cells, places, number)


def _at(cells: Sequence[str], places: Places, number: int) -> str:
    place = places.get(number)
    return "" if place is None or place >= len(cells) else cells[place].strip()


def _is_day(text: str) -> bool:
    return bool(text) and read_day(text) is not None


def _odd(text: str, one: Field, *, words: bool) -> int:
    if not text:
        return 0
    if one.holds is Holds.DATE:
        return int(read_day(text) is None and not (words and text.isalpha()))
    if one.holds in (Holds.UNDATED, Holds.AMOUNT):
        return 2 if DATE_SHAPED.search(text) else 0
    if one.holds in SHAPES:
        return 0 if SHAPES[one.holds].fullmatch(text) else 1
    return 0

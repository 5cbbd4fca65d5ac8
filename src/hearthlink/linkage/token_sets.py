"""The sets of fields that become tokens: each nearly one person's alone, and each forgiving another kind of slip. Match keys, as data.

Chosen one after another from some forty combinations, each time the one that found most of those still missed, over invented authorities
and sets made by others, until another found next to none. A set is made only where all its fields are filled: what is missing
is no token. None of them is a name alone, a street alone or a day alone, which many share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product, zip_longest

Fields = Mapping[str, Sequence[str]]
"""Of one record, the values of each field, the first before the others; nothing where the file does not say."""

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenSet:
    """A set of fields: its name, from which its key is derived; what it forgives; and what it makes of a record."""

    name: str
    forgives: str
    of: Callable[[Fields], Iterator[Values]]


CODES = {
    **dict.fromkeys("BFPV", "1"), **dict.fromkeys("CGJKQSXZ", "2"), **dict.fromkeys("DT", "3"), "L": "4", **dict.fromkeys("MN", "5"), "R": "6",
}  # fmt: skip


def sounds_like(name: str) -> str:
    """American Soundex, as the United States National Archives print it: a letter and three figures. Other letters count for nothing."""
    made, before = name[:1], CODES.get(name[:1], "")
    for letter in name[1:]:
        code = CODES.get(letter, "")
        if code and code != before:
            made += code
        if letter not in "HW":
            before = code
    return f"{made}000"[:4]


def _first(fields: Fields, name: str) -> Sequence[str]:
    return fields[name][:1]


def _names(fields: Fields) -> Iterator[Values]:
    yield from product(fields["forename"], fields["surname"], fields["birth_date"])


def _sounds(fields: Fields) -> Iterator[Values]:
    for forename, surname, born in product(_first(fields, "forename"), _first(fields, "surname"), fields["birth_date"]):
        yield (*sorted((sounds_like(forename), sounds_like(surname))), born)


def _beginnings(fields: Fields) -> Iterator[Values]:
    for forename, surname, born in product(_first(fields, "forename"), _first(fields, "surname"), fields["birth_date"]):
        yield forename[:3], surname[:3], born


def _birth_street(fields: Fields) -> Iterator[Values]:
    yield from product(fields["birth_date"], fields["sex"], fields["street"])


def _sounds_door(fields: Fields) -> Iterator[Values]:
    for forename, surname, door in product(_first(fields, "forename"), _first(fields, "surname"), fields["door"]):
        yield sounds_like(forename), sounds_like(surname), door


def _surname_door(fields: Fields) -> Iterator[Values]:
    yield from product(_first(fields, "surname"), fields["birth_date"], fields["door"])


def _forename_district(fields: Fields) -> Iterator[Values]:
    for forename, born, district in product(_first(fields, "forename"), fields["birth_date"], fields["district"]):
        yield sounds_like(forename), born, district


def _surname_district(fields: Fields) -> Iterator[Values]:
    for surname, born, sex, district in product(
        _first(fields, "surname"), fields["birth_date"], fields["sex"], fields["district"]
    ):
        yield sounds_like(surname), born, sex, district


TOKEN_SETS = (
    TokenSet("names and birth date", "a move; a name that is only in one of several places", _names),
    TokenSet("sounds of both names and birth date", "a name spelt by ear; forename and surname exchanged", _sounds),
    TokenSet("beginnings of both names and birth date", "the end of a name", _beginnings),
    TokenSet("birth date, sex and street", "both names", _birth_street),
    TokenSet("sounds of both names and home", "the birth date", _sounds_door),
    TokenSet("surname, birth date and home", "the forename", _surname_door),
    TokenSet("sound of the forename, birth date and district", "the surname; a move nearby", _forename_district),
    TokenSet("sound of the surname, birth date, sex and district", "the forename; a move nearby", _surname_district),
)
"""Street is the postcode, or where there is none the street's name. Home is the number in it. District is the outward part of a postcode."""


def _household_names(fields: Fields) -> Iterator[Values]:
    yield from product(fields["surname"], fields["door"])


def _adults(fields: Fields) -> Iterator[Values]:
    yield from ((one,) for one in fields["adult"])


HOUSEHOLD_SETS = (
    TokenSet("household: surname and home", "who is listed", _household_names),
    TokenSet("household: an adult's names and birth date", "a move", _adults),
)
"""Of a household, where households are asked for: each of its people's surnames with each of its homes, and each of its adults."""


def combinations(fields: Fields, sets: Sequence[TokenSet] = TOKEN_SETS) -> list[tuple[str, Values]]:
    """Every combination of a record with the name of its set, each once; the first of every set before the second of any."""
    made = [[(one.name, values) for values in one.of(fields)] for one in sets]
    return list(dict.fromkeys(each for turn in zip_longest(*made) for each in turn if each is not None))

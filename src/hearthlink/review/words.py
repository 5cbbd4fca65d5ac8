"""The words that stand beside two facts: same, close, swapped, differs or missing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rapidfuzz.distance import JaroWinkler

CLOSE = 0.88
"""Likeness of two names from which they are called close (Jaro-Winkler)."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spell(day: date | None) -> str:
    """A date as a person reads it: 14 Mar 2020."""
    return "date not recorded" if day is None else f"{day.day:02} {MONTHS[day.month - 1]} {day.year}"


def told(row: Mapping[str, Any]) -> str:
    """A name as it was recorded."""
    return " ".join(part for part in (row.get("forename"), row.get("surname")) if part) or "name not recorded"


def joined(*parts: str | None) -> str:
    """An address on one line."""
    return ", ".join(part for part in parts if part) or "not recorded"


def on_day(start: date | None, end: date | None, day: date | None) -> bool:
    """Whether a stretch of time holds on the day; with no day, every one does."""
    return day is None or ((start is None or start <= day) and (end is None or day <= end))


def name_word(one: str | None, other: str | None) -> str:
    """How two names compare, whatever their capitals, accents and punctuation."""
    a, b = _letters(one), _letters(other)
    if not a or not b:
        return "missing"
    if a == b:
        return "same"
    shorter, longer = sorted((a.split(), b.split()), key=len)
    within = bool(shorter) and set(shorter) <= set(longer)
    return "close" if within or JaroWinkler.similarity(a, b) >= CLOSE else "differs"


def birth_word(one: date | None, other: date | None) -> str:
    """How two birth dates compare: swapped where day and month changed places, close where one part of three differs."""
    if one is None or other is None:
        return "missing"
    if one == other:
        return "same"
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return "swapped"
    alike = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return "close" if alike == 2 else "differs"


def sex_word(one: str | None, other: str | None) -> str:
    """How two recorded sexes compare."""
    if not one or not other:
        return "missing"
    return "same" if one == other else "differs"


def place_word(one: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> str:
    """How an address compares with the likest of the other side's, whenever those held."""
    return min((_place_word(one, other) for other in others), key=_PLACES.index, default="missing")


_PLACES = ("same", "same postcode", "differs", "missing")


def _place_word(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    uprn, uprn_of_other = (_digits(row.get("uprn")) for row in (one, other))
    if uprn and uprn == uprn_of_other:
        return "same"
    postcode, postcode_of_other = (_letters(row.get("postcode")).replace(" ", "") for row in (one, other))
    address, address_of_other = (_letters(row.get("address")) for row in (one, other))
    if not (postcode or address) or not (postcode_of_other or address_of_other):
        return "missing"
    numbers = set(re.findall(r"\d+", address)), set(re.findall(r"\d+", address_of_other))
    same_postcode = bool(postcode) and postcode == postcode_of_other
    same_door = bool(numbers[0]) and numbers[0] == numbers[1]
    if same_postcode:
        return "same" if same_door or address == address_of_other else "same postcode"
    return "same" if address and address == address_of_other and not (postcode and postcode_of_other) else "differs"


def _letters(text: str | None) -> str:
    plain = unicodedata.normalize("NFKD", text or "")
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).upper().replace("'", "")
    return " ".join(re.findall(r"[^\W_]+", bare))


def _digits(text: str | None) -> str:
    return re.sub(r"\D", "", text or "").lstrip("0")

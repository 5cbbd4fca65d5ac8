"""Names, numbers and addresses made alike, so that the same person is the same in two files. For joining alone: nothing tidied is kept."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading.columns import Values, each, only
from hearthlink.sources.reading.dates import day_number

NO_NAMES = frozenset({"UNKNOWN", "UNBORN", "BABY", "NOTKNOWN", "NK", "NONE", "XX", "XXX", "SSDPH", "TEST"})
NO_BIRTHS = frozenset(day_number(date(year, 1, 1)) for year in (1900, 1901, 1910, 1970))
NO_UPRNS = frozenset({"", "1"})


def surnames(column: Values) -> pa.Array:
    """Surnames as capital letters alone, without accents; empty where they stand for nobody."""
    return each(column, _letters, pa.string())


def forenames(column: Values) -> pa.Array:
    """First forenames as capital letters alone, without accents; empty where they stand for nobody."""
    return each(column, lambda text: _letters(text.split()[0]) if text and text.split() else None, pa.string())


def births(column: Values) -> pa.Array:
    """Birth dates as days since 1970-01-01; empty where it is a day that systems fill in."""
    days = column.cast(pa.int32())
    return only(days, pc.invert(pc.is_in(days, pa.array(sorted(NO_BIRTHS), pa.int32()))))


def days(column: Values) -> pa.Array:
    """Dates as days since 1970-01-01."""
    return column.cast(pa.int32())


def references(column: Values) -> pa.Array:
    """References in capitals, without blanks or marks, and without noughts before them; a spreadsheet's `.0` is dropped."""
    return each(column, _reference, pa.string())


def pupil_numbers(column: Values) -> pa.Array:
    """Unique pupil numbers in capitals; empty where it has not thirteen letters and digits."""
    return each(column, _pupil_number, pa.string())


def uprns(column: Values) -> pa.Array:
    """Unique property reference numbers as digits without noughts before them; empty where it is none."""
    return each(column, _uprn, pa.string())


def postcodes(column: Values) -> pa.Array:
    """Postcodes in capitals, without blanks; empty where it is too short to be one."""
    return each(column, _postcode, pa.string())


def _letters(text: str | None) -> str | None:
    plain = unicodedata.normalize("NFKD", text or "").upper()
    bare = "".join(letter for letter in plain if letter.isalpha())
    return None if not bare or bare in NO_NAMES else bare


def _bare(text: str | None) -> str:
    return "".join(letter for letter in (text or "").upper() if letter.isalnum())


def _reference(text: str | None) -> str | None:
    bare = _bare(re.sub(r"\.0+$", "", (text or "").strip()))
    return bare.lstrip("0") or None


def _pupil_number(text: str | None) -> str | None:
    bare = _bare(text)
    return bare if len(bare) == 13 else None


def _uprn(text: str | None) -> str | None:
    bare = re.sub(r"\.0+$", "", (text or "").strip()).lstrip("0")
    return bare if re.fullmatch(r"\d{1,12}", bare) and bare not in NO_UPRNS else None


def _postcode(text: str | None) -> str | None:
    bare = _bare(text)
    return bare if 5 <= len(bare) <= 8 else None

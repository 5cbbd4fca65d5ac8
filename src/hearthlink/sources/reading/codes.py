"""The tidying that makes a supplier's spelling of a code one of the census's code sets, and flags and sexes as they are spelt."""

from __future__ import annotations

import re
from functools import lru_cache

from hearthlink.tables.census import CODE_YEARS

SPELT_OTHERWISE = {"CNHE": "CHNE"}
SEX = {"1": "M", "2": "F", "M": "M", "F": "F", "MALE": "M", "FEMALE": "F"}
NO_SEX = frozenset({"0", "9", "U", "I", "N", "UNKNOWN", "INDETERMINATE", "NOT RECORDED", "NOT STATED"})
FLAGS = {"true": True, "1": True, "y": True, "yes": True, "false": False, "0": False, "n": False, "no": False}

_LABEL = re.compile(r"\s*[-:].*", re.DOTALL)
_FLOAT = re.compile(r"(\d+)\.0")


@lru_cache(maxsize=4096)
def code(text: str | None) -> str | None:
    """A code in capitals, without a label after it and without a spreadsheet's `.0`; None where there is none."""
    if text is None:
        return None
    bare = _FLOAT.sub(r"\1", _LABEL.sub("", text).strip().upper())
    return SPELT_OTHERWISE.get(bare, bare) or None


@lru_cache(maxsize=64)
def code_list(element: str) -> tuple[str, ...]:
    """The codes of an element over all years, in the order of their spelling."""
    return tuple(sorted(CODE_YEARS[element]))


@lru_cache(maxsize=4096)
def place(element: str, text: str | None) -> int | None:
    """Where the code that a text spells stands in the list of its element; None where it spells none."""
    found = code(text)
    listed = code_list(element)
    return listed.index(found) if found in CODE_YEARS[element] else None


def sex(text: str | None) -> str | None:
    """F or M; None where not recorded, unknown or indeterminate."""
    return SEX.get(text.strip().upper()) if text else None


def is_sex(text: str | None) -> bool:
    """Whether a text says a sex, or that it is not known or indeterminate."""
    return text is not None and text.strip().upper() in {*SEX, *NO_SEX}


def flag(text: str | None) -> bool | None:
    """True or false however it is spelt; None where it is not said."""
    return FLAGS.get(text.strip().lower()) if text else None

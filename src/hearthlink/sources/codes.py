"""Code sets of the census (domain.md 1.4), and the tidying that makes a supplier's spelling of a code one of them."""

from __future__ import annotations

import re
from functools import lru_cache

ETHNICITY = frozenset(
    "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT".split()
)
PRIMARY_NEED = frozenset("N0 N1 N2 N3 N4 N5 N6 N7 N8 N9".split())
REFERRAL_SOURCE = frozenset("1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10".split())
CLOSURE_REASON = frozenset("RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8 RC9".split())
DISABILITY = frozenset("NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA".split())
ABUSE = frozenset("NEG PHY SAB EMO MUL".split())
FACTORS = frozenset(
    (
        "1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8B 8C 8D 8E 8F 9A 10A 11A 12A 13A 14A 15A 16A 17A"
        " 18A 18B 18C 19A 19B 19C 20 21 22A 23A 24A"
    ).split()
)
SPELT_OTHERWISE = {"CNHE": "CHNE"}
SEX = {"1": "M", "2": "F", "M": "M", "F": "F", "MALE": "M", "FEMALE": "F"}
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


def known(text: str | None, codes: frozenset[str]) -> str | None:
    """The code, where it is one of the set."""
    found = code(text)
    return found if found in codes else None


def sex(text: str | None) -> str | None:
    """F or M; None where not recorded, unknown or indeterminate."""
    return SEX.get(text.strip().upper()) if text else None


def flag(text: str | None) -> bool | None:
    """True or false however it is spelt; None where it is not said."""
    return FLAGS.get(text.strip().lower()) if text else None

"""What says, in an extract, that an address is to be shown to nobody: a word of the address itself, or what kind of address it is.

One meaning for all: who reads extracts, who makes addresses comparable, who shows records, and who draws geography from them.
"""

from __future__ import annotations

import re

WITHHELD = "address withheld"
"""What stands wherever such an address would be shown; nothing finer does."""

WITHHELD_LINE = re.compile(
    r"\bRESTRICTED\b|\bCONFIDENTIAL\b|\bWITHHELD\b|\bNOT (?:TO BE )?DISCLOSED?\b|\bDO NOT DISCLOSE\b|\bPROTECTED ADDRESS\b"
    r"|\bREFUGE\b|\bWOMEN'?S AID\b"
)
"""In capitals, what a line of an address says that is to be kept from everybody."""

WITHHELD_KIND = re.compile(r"REFUGE|CONFIDENTIAL|RESTRICTED|SAFE HOUSE|UNDISCLOSED|WITHHELD")
"""In capitals, what kinds of address are to be kept from everybody."""


def withheld_by(text: str | None) -> str | None:
    """The word by which an address, or what is said of its kind, says that it is to be kept from everybody; None where it does not."""
    found = WITHHELD_LINE.search(text.upper()) or WITHHELD_KIND.search(text.upper()) if text else None
    return found[0] if found else None


def is_withheld(address: str | None, kind: str | None = None) -> bool:
    """Whether an address says of itself, by a word in it or by its kind, that nobody is to be shown it."""
    return bool((address and WITHHELD_LINE.search(address.upper())) or (kind and WITHHELD_KIND.search(kind.upper())))

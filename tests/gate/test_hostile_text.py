"""Text that was made to be slow is made plain in a moment, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from hearthlink.standardise.addresses import read_address, without_numbers
from hearthlink.standardise.letters import plain
from hearthlink.standardise.names import forenames, surname, surname_tokens
from hearthlink.standardise.postcodes import postcode, property_number
from hearthlink.standardise.streets import locate

LONG = 1_000_000
TEXTS = {
    "a and a blank": "a " * (LONG // 2),
    "blanks before a letter": " " * LONG + "a",
    "marks upon a letter": "e" + "\u0301" * LONG,
    "hyphens": "-" * LONG,
    "titles": "Mr " * (LONG // 3),
    "digits": "1" * LONG,
    "numbers with hyphens": "a-1 " * (LONG // 4),
    "flats": "flat " * (LONG // 5),
    "letters that were broken": "\u00c3\u00a9" * (LONG // 2),
    "commas": ", " * (LONG // 2),
    "brackets": "(" * LONG,
}
AT_MOST = 2.0
"""Seconds for one text. Each takes a small part of one; what grows with the square of the length would take hours."""


@pytest.mark.parametrize(
    "act",
    [plain, forenames, surname, surname_tokens, read_address, without_numbers, postcode, property_number, locate],
    ids=lambda act: act.__name__,
)
def test_text_of_a_million_letters_is_made_plain_in_a_moment(act: Callable[[str], object]) -> None:
    """Names, addresses and postcodes of a million letters take time in proportion, of whatever letters they are made."""
    for name, text in TEXTS.items():
        begun = time.process_time()
        act(text)
        assert time.process_time() - begun < AT_MOST, name

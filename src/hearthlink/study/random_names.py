"""Keys and pseudonyms out of the system's own randomness: nothing about whom they stand for can be told from them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence


def random_keys(count: int, *, taken: frozenset[int] = frozenset()) -> list[int]:
    """So many different whole numbers under 2**53, none of them taken, in no order."""
    keys: set[int] = set()
    while len(keys) < count:
        keys |= {secrets.randbelow(2**53)} - taken
    shuffled = list(keys)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def random_pseudonyms(_kind: str, ids: Sequence[str]) -> list[str]:
    """A pseudonym for each id, all different."""
    return [f"{key:011x}" for key in secrets.SystemRandom().sample(range(16**11), len(ids))]

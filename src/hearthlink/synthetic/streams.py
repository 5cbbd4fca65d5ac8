"""Streams of random numbers, one for each ward and purpose, so that one setting does not stir another's people."""

from __future__ import annotations

import hashlib
from random import Random

from hearthlink.synthetic.settings import Settings


def stream(settings: Settings, ward: int, purpose: str) -> Random:
    """The random stream of a ward and a purpose: the same for the same seed, year and version, whatever else is asked."""
    words = f"hearthlink {settings.version} {settings.seed} {settings.year} {ward} {purpose}"
    return Random(int.from_bytes(hashlib.sha256(words.encode()).digest()))

"""Pseudonyms that stay over a study's refreshes: made with a key of the study's own, where the study asks for them."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearthlink.governance.keys import own_key

HEX_DIGITS = 16
"""64 bits: of a million ids, two share a pseudonym once in some forty million studies, and then the study stops."""


def kept_pseudonyms(folder: Path) -> Callable[[str, Sequence[str]], list[str]]:
    """A maker of pseudonyms for ids of one kind: the same id has the same pseudonym for as long as the study's key is kept.

    HMAC-SHA-256 under a key that HKDF derives for each kind (RFC 5869), so that a child, a family and a household of one id share nothing.
    The key is 32 bytes of the operating system's randomness in the study's folder of keys: pseudonyms of two studies never agree, and who
    destroys the key cuts what leads back. Raises Refused where the key is not whole.
    """

    def named(kind: str, ids: Sequence[str]) -> list[str]:
        secret = own_key(folder, "pseudonym", "pseudonyms")
        info = f"hearthlink pseudonym {kind}".encode()
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)
        return [hmac.new(derived, one.encode(), sha256).hexdigest()[:HEX_DIGITS] for one in ids]

    return named

"""Keyed tokens for two parties who may not share names: the key that they hold in common, and what it makes of a set of fields.

A token is HMAC-SHA-256 (RFC 2104) of the fields' exact text under a key of that set alone, cut to 128 bits. The keys of the sets are
derived by HKDF (RFC 5869) from one secret of the exchange. Without the secret a token can be neither made nor tried out; whoever has it
can try any name. A token is personal data.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance.signing import require_own_place

VERSION = 1
"""Of the sets of fields and their spelling. Part of every derived key: tokens of two versions never agree."""

BITS = 128
TOKEN_DIGITS = BITS // 4
SECRET = 32
SAYS = "hearthlink mask key"


@dataclass(frozen=True, slots=True)
class MaskKey:
    """The secret of one exchange, with its random id and salt. Shows nothing of itself when printed."""

    exchange: str
    salt: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """The 32 bytes for one set of fields: HKDF-SHA-256 with the exchange's salt, its id, the set and the version in the info."""
        info = f"{SAYS}|{self.exchange}|{purpose}|{VERSION}".encode()
        return HKDF(algorithm=SHA256(), length=SECRET, salt=self.salt, info=info).derive(self.secret)

    @property
    def fingerprint(self) -> str:
        """What two people read to each other to know that they hold one key: four groups of four letters, that give nothing of it away."""
        digest = hmac.digest(self.derived("fingerprint"), b"fingerprint", "sha256")
        letters = base64.b32encode(digest).decode()[:16]
        return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def tokens(key: MaskKey, made: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """A token for each set of fields, given by its name and its values: lower-case hexadecimal, 128 bits."""
    derived: dict[str, bytes] = {}
    found: list[str] = []
    for name, values in made:
        if name not in derived:
            derived[name] = key.derived(name)
        found.append(hmac.digest(derived[name], length_prefixed(values), "sha256").hex()[:TOKEN_DIGITS])
    return found


def length_prefixed(values: Sequence[str]) -> bytes:
    """The values one after another, each behind its length, so that no two lists of values are the same bytes."""
    encoded = [value.encode() for value in values]
    return b"".join(len(one).to_bytes(4, "big") + one for one in encoded)


def random_token() -> str:
    """What stands where there is no token: from the operating system's randomness, and told from a token by nobody."""
    return secrets.token_hex(BITS // 8)


def new_mask_key(path: Path) -> MaskKey:
    """A new key in a file of its own (mode 0600). Raises WrongUse where there is a file, Refused in a study or a folder copied elsewhere."""
    require_own_place(path, what="mask key")
    if path.exists() or path.is_symlink():
        raise WrongUse(
            "There is a file of that name; it was left as it is.", file=path.name, remedy="Give another name."
        )
    key = MaskKey(secrets.token_hex(16), secrets.token_bytes(SECRET), secrets.token_bytes(SECRET))
    words = {
        "says": SAYS,
        "version": VERSION,
        "exchange": key.exchange,
        "salt": key.salt.hex(),
        "secret": key.secret.hex(),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
        file.write(json.dumps(words, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def open_mask_key(path: Path) -> MaskKey:
    """The key in a file. Raises WrongUse where there is none; Refused for a file that is none, or that others can read."""
    require_own_place(path, what="mask key")
    try:
        status = path.stat()
        text = path.read_bytes()[:4096]
    except OSError:
        raise WrongUse(
            "There is no such mask key.", file=path.name, remedy="Make one with: hearthlink mask-key FILE"
        ) from None
    if os.name == "posix" and status.st_mode & 0o077:
        raise Refused(
            "Others on this machine can read the mask key.",
            file=path.name,
            remedy="Take their rights away (chmod 600).",
        )
    key = _read(text)
    if key is None:
        raise Refused(
            "This is no mask key of this version, or it is not whole.",
            file=path.name,
            remedy="Ask the other party for it again, and compare the fingerprints.",
        )
    return key


def _read(text: bytes) -> MaskKey | None:
    """The key that a file's text spells; None where it spells none of this version."""
    try:
        words = json.loads(text)
        key = MaskKey(str(words["exchange"]), bytes.fromhex(words["salt"]), bytes.fromhex(words["secret"]))
        ours = (words["says"], words["version"]) == (SAYS, VERSION)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return key if ours and len(key.secret) == len(key.salt) == SECRET else None

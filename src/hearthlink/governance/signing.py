"""Signing keys (Ed25519, RFC 8032), what is signed with them, and the key that opens what is sealed to the same person.

A private key never lies in a study. One file holds both: the key that opens (X25519, RFC 7748) is derived from the one that signs.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hearthlink.errors import Refused, WrongUse

REAL, PRACTICE = "ed25519:", "practice-ed25519:"
"""How a public key begins: one for real use, and one that was made to try things out."""

OPENS = "x25519:"
"""How a public key begins to which room keys are sealed."""

OPENING = b"hearthlink opening key 1"
"""For what the key that opens is derived, so that it is of no use for anything else."""

SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud", "owncloud", "sharepoint", "box sync", "sync.com")  # fmt: skip
"""What the name of a folder holds that some service copies elsewhere."""

SHORTEST = 12
"""Characters that a passphrase has at least."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that lies open, and its public key as a protocol spells it. Shows nothing of itself when printed."""

    private: Ed25519PrivateKey = field(repr=False)
    public: str

    def sign(self, said: Mapping[str, object]) -> str:
        """The signature of what is said, however it is spelt, in base64."""
        return base64.b64encode(self.private.sign(canonical(said))).decode()

    @property
    def opening(self) -> X25519PrivateKey:
        """The private key that opens what is sealed to this person: HKDF-SHA256 (RFC 5869) of the signing key's seed."""
        seed = self.private.private_bytes_raw()
        return X25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, salt=None, info=OPENING).derive(seed))

    @property
    def opens(self) -> str:
        """The public key to which room keys are sealed, as a protocol spells it."""
        return OPENS + base64.b64encode(self.opening.public_key().public_bytes_raw()).decode()


def canonical(said: Mapping[str, object]) -> bytes:
    """The one spelling of what is said that is hashed and signed: JSON, names in order, no blanks."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def holds(said: Mapping[str, object], signature: str, public: str) -> bool:
    """Whether a signature was made of this by the private key that belongs to a public one."""
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(_raw(public)).verify(raw, canonical(said))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def is_public(text: str) -> bool:
    """Whether a text is a public key as a protocol spells it."""
    try:
        return text.startswith((REAL, PRACTICE)) and len(_raw(text)) == 32
    except (ValueError, binascii.Error):
        return False


def opening_of(opens: str) -> X25519PublicKey:
    """The public key that a protocol's line `opens` spells. Raises ValueError where it is none."""
    if not opens.startswith(OPENS):
        raise ValueError
    return X25519PublicKey.from_public_bytes(base64.b64decode(opens.removeprefix(OPENS), validate=True))


def is_opening(text: str) -> bool:
    """Whether a text is a public key to which something can be sealed."""
    try:
        opening_of(text)
    except (ValueError, binascii.Error):
        return False
    return True


def is_practice(public: str) -> bool:
    """Whether a public key was made to try things out."""
    return public.startswith(PRACTICE)


def raw_of(public: str) -> bytes:
    """The 32 bytes of a public key, whatever it is marked as: two spellings of one key are one key."""
    return _raw(public)


def fingerprint(public: str) -> str:
    """A public key as two people read it to each other: four groups of four letters of it."""
    letters = base64.b32encode(_raw(public)).decode()[:16]
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _raw(public: str) -> bytes:
    plain = public.removeprefix(PRACTICE).removeprefix(REAL).removeprefix(OPENS)
    return base64.b64decode(plain, validate=True)


def new_key(path: Path, passphrase: str | None) -> SigningKey:
    """A new signing key in a file of its own (mode 0600), enciphered by the passphrase; without one it is a practice key.

    Raises WrongUse where there is a file already or the passphrase is short, Refused inside a study or a folder that is copied elsewhere.
    """
    require_own_place(path)
    if passphrase is not None and len(passphrase) < SHORTEST:
        raise WrongUse(f"The passphrase has fewer than {SHORTEST} characters.", remedy="Take three or four words.")
    if path.exists() or path.is_symlink():
        raise WrongUse(
            "There is a key of that name; it was left as it is.", file=path.name, remedy="Give another name."
        )
    private = Ed25519PrivateKey.generate()
    sealed = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase.encode())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return SigningKey(private, _public(private, practice=passphrase is None))


def is_enciphered(path: Path) -> bool:
    """Whether a key's file needs a passphrase. Raises WrongUse where there is none."""
    return b"ENCRYPTED" in _bytes_of(path)


def open_key(path: Path, passphrase: str | None) -> SigningKey:
    """The signing key in a file. Raises WrongUse where there is none, Refused where the passphrase does not open it.

    A key that lies open is a practice key, whatever its file is called.
    """
    require_own_place(path)
    pem = _bytes_of(path)
    practice = b"ENCRYPTED" not in pem
    try:
        private = load_pem_private_key(pem, None if practice or passphrase is None else passphrase.encode())
    except (ValueError, TypeError):
        raise Refused("The key does not open with this passphrase.", file=path.name) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise WrongUse("This is no signing key of Hearthlink's.", file=path.name)
    return SigningKey(private, _public(private, practice=practice))


def require_own_place(path: Path, *, what: str = "signing key") -> None:
    """Raise Refused for a key inside a study, or in a folder that a service copies elsewhere: others could then use it."""
    place = path.absolute().resolve()
    if any((folder / "study.toml").is_file() for folder in place.parents):
        raise Refused(f"A {what} may not lie in a study.", file=path.name, remedy="Keep it in a folder of your own.")
    if _is_synced(place):
        raise Refused(
            f"A {what} may not lie in a folder that is copied elsewhere.", file=path.name,
            remedy="Keep it on this machine alone, not under OneDrive or the like.",
        )  # fmt: skip


def _is_synced(place: PurePath) -> bool:
    return any(word in part.lower() for part in place.parts for word in SYNCED)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise WrongUse(
            "There is no such signing key.", file=path.name, remedy="Make one with: hearthlink protocol key NAME"
        ) from None


def _public(private: Ed25519PrivateKey, *, practice: bool) -> str:
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return (PRACTICE if practice else REAL) + base64.b64encode(raw).decode()

"""The key of a room, sealed to one person and signed by whoever sealed it: the folder shows who may open which room, and no key."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearthlink.errors import Refused
from hearthlink.governance.keys import NONCE, key_fingerprint
from hearthlink.governance.signing import SigningKey, canonical, fingerprint, holds, opening_of
from hearthlink.tables import Room

SEALING = "hearthlink sealed room key 1"
"""What the signature and the derived key are of: made for another purpose, they never count here."""

SEAL_ANEW = "Somebody who holds this room's key seals it anew: hearthlink rooms STUDY --with NAME"


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A room's key, sealed. `of` is the key's fingerprint, `to` and `by` are public keys, `point` is the ephemeral one; bytes are base64."""

    study: str
    room: str
    of: str
    to: str
    by: str
    point: str
    sealed: str
    signature: str = ""

    @property
    def says(self) -> dict[str, object]:
        """What is signed: all but the signature."""
        return {"for": SEALING, **{name: value for name, value in asdict(self).items() if name != "signature"}}

    @property
    def text(self) -> str:
        """The file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def file_name(room: Room, opens: str) -> str:
    """The name of the file in which a room's key lies sealed to a public key."""
    return f"{room.value}.{fingerprint(opens)}.json"


def seal_key(key: bytes, *, study: str, room: Room, to: str, by: SigningKey) -> SealedKey:
    """Seal a room's key to a public key: an ephemeral X25519 key (RFC 7748), HKDF-SHA256 (RFC 5869), AES-256-GCM; signed with Ed25519."""
    ephemeral, recipient = X25519PrivateKey.generate(), opening_of(to)
    point, nonce = ephemeral.public_key().public_bytes_raw(), os.urandom(NONCE)
    blank = SealedKey(study, room.value, key_fingerprint(key), to, by.public, _text(point), "")
    cipher = AESGCM(_derived(ephemeral.exchange(recipient), point, recipient.public_bytes_raw()))
    made = replace(blank, sealed=_text(nonce + cipher.encrypt(nonce, key, _bound(blank))))
    return replace(made, signature=by.sign(made.says))


def read_sealed(text: str, file: str) -> SealedKey:
    """A sealed key as its file holds it. Raises Refused where it is none, or was changed since it was signed."""
    try:
        one = SealedKey(**json.loads(text))
        sound = all(isinstance(value, str) for value in asdict(one).values()) and holds(one.says, one.signature, one.by)
    except (ValueError, TypeError, RecursionError):
        one, sound = None, False
    if one is None or not sound:
        raise Refused("This sealed key of a room was changed.", file=file, remedy=SEAL_ANEW)
    return one


def open_sealed(one: SealedKey, key: SigningKey, *, study: str, room: Room, file: str) -> bytes:
    """The room's key. Raises Refused where it is sealed to somebody else, or is the key of another room or study."""
    if (one.study, one.room) != (study, room.value):
        raise Refused("This is the sealed key of another room or another study.", file=file, remedy=SEAL_ANEW)
    try:
        raw, point = base64.b64decode(one.sealed, validate=True), base64.b64decode(one.point, validate=True)
        mine = key.opening
        shared = mine.exchange(X25519PublicKey.from_public_bytes(point))
        cipher = AESGCM(_derived(shared, point, mine.public_key().public_bytes_raw()))
        found = cipher.decrypt(raw[:NONCE], raw[NONCE:], _bound(one))
    except (InvalidTag, ValueError, binascii.Error):
        found = b""
    if len(found) != 32 or key_fingerprint(found) != one.of:
        raise Refused("This room's key is sealed to somebody else.", file=file, remedy=SEAL_ANEW)
    return found


def _derived(shared: bytes, point: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=point + recipient, info=SEALING.encode()).derive(shared)


def _bound(one: SealedKey) -> bytes:
    names = ("study", "room", "of", "to", "by", "point")
    return canonical({"for": SEALING, **{name: value for name, value in asdict(one).items() if name in names}})


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

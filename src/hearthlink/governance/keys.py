"""Keys that seal each room apart, and the study they belong to. Practice keys rest in the study's own folder, all together.

Who holds which key is a matter of custody (see `custody`); that every table is sealed under its room's key is not.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearthlink.errors import Refused
from hearthlink.tables import Room

FRAME = 64 * 1024 * 1024
"""Bytes sealed at a time: AES-GCM takes less than 2 GiB at once, and a frame bounds the memory."""

NONCE = 12
TAG = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of rooms that are held, and the study whose they are. Shows nothing of itself when printed.

    The study is authenticated with all that is sealed: what is another's does not open, though the key be the same.
    """

    by_room: Mapping[Room, bytes] = field(repr=False)
    study: str = field(default="", repr=False)

    @property
    def rooms(self) -> frozenset[Room]:
        """The rooms whose keys are held."""
        return frozenset(self.by_room)

    def of(self, rooms: Iterable[Room]) -> Keys:
        """The keys of these rooms and of no other; of those that are not held, none."""
        return Keys({room: self.by_room[room] for room in rooms if room in self.by_room}, self.study)

    def seal(self, room: Room, name: str, plain: bytes) -> bytes:
        """The bytes under the room's key, bound to the study and the table's name: AES-256-GCM in frames, fresh nonces (NIST SP 800-38D)."""
        cipher = AESGCM(self._key(room))
        frames: list[bytes] = []
        view = memoryview(plain)
        starts = range(0, max(len(plain), 1), FRAME)
        for number, start in enumerate(starts):
            nonce = os.urandom(NONCE)
            last = number == len(starts) - 1
            bound = _bound(self.study, name, number, last=last)
            frames.append(nonce + cipher.encrypt(nonce, view[start : start + FRAME], bound))
        return b"".join(frames)

    def open(self, room: Room, name: str, sealed: bytes) -> bytes:
        """The bytes as they were before sealing. Raises Refused for another key, study or name, or a changed byte."""
        cipher = AESGCM(self._key(room))
        size = NONCE + FRAME + TAG
        view = memoryview(sealed)
        starts = range(0, max(len(sealed), 1), size)
        plain: list[bytes] = []
        for number, start in enumerate(starts):
            frame = view[start : start + size]
            last = number == len(starts) - 1
            try:
                bound = _bound(self.study, name, number, last=last)
                plain.append(cipher.decrypt(bytes(frame[:NONCE]), frame[NONCE:], bound))
            except (InvalidTag, ValueError):
                break
        else:
            return b"".join(plain)
        raise Refused(
            f"The table {name} in the {room.value} room does not open with this study's key.",
            remedy="It was changed, cut short or belongs to another study. Delete the rooms folder and run again.",
        )

    def _key(self, room: Room) -> bytes:
        if room not in self.by_room:
            raise Refused(f"There is no key for the {room.value} room.")
        return self.by_room[room]


def _bound(study: str, name: str, number: int, *, last: bool) -> bytes:
    return f"{len(study)}:{study}/{name}/{number}/{'last' if last else 'more'}".encode()


def new_keys(rooms: Iterable[Room], study: str) -> Keys:
    """A new key for each room, out of the operating system's randomness; it is written down nowhere."""
    return Keys({room: AESGCM.generate_key(256) for room in rooms}, study)


def key_fingerprint(key: bytes) -> str:
    """What a key is known by: four groups of four letters of the HMAC of a constant, from which nobody comes back to it."""
    letters = base64.b32encode(hmac.digest(key, b"hearthlink room key 1", sha256)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def practice_keys(folder: Path, study: str = "practice") -> Keys:
    """The keys of a study, one for each room, made from the operating system's randomness where there are none yet."""
    return Keys({room: own_key(folder, room.value, f"{room.value} room") for room in Room}, study)


def own_key(folder: Path, name: str, seals: str, *, under: Keys | None = None) -> bytes:
    """One key of a study, 32 bytes, made from the operating system's randomness where there is none yet; `seals` says of what.

    It lies in the clear, or sealed `under` the key of the content room, which the custodian alone holds. Raises Refused where its file is
    not whole.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / own_key_file(name, under)
    if not path.exists():
        made = folder / f"{path.name}.new"
        key = AESGCM.generate_key(256)
        made.unlink(missing_ok=True)
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key if under is None else under.seal(Room.CONTENT, f"key {name}", key))
        made.replace(path)
    key = path.read_bytes() if under is None else under.open(Room.CONTENT, f"key {name}", path.read_bytes())
    if len(key) != 32:
        raise Refused(
            f"The key of the {seals} is not whole.",
            file=path.name,
            remedy="What it sealed is lost. Delete the rooms and keys folders and run again.",
        )
    return key


def own_key_file(name: str, under: Keys | None) -> str:
    """What the file of a study's own key is called, in the clear or sealed."""
    return f"{name}.key" if under is None else f"{name}.sealed"

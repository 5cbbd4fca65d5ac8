"""People, keys and packages for tests of releases, and whoever is at the keyboard in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made_authority import Done, say

from hearthlink.governance.people import Part
from hearthlink.governance.release import Person, Roster
from hearthlink.governance.signing import SigningKey, new_key

NAMES = ("analyst", "author", "checker one", "checker two", "checker three", "approver", "linker")
PARTS = {
    "analyst": {Part.ANALYST}, "author": {Part.AUTHOR}, "checker one": {Part.OUTPUT_CHECKER},
    "checker two": {Part.OUTPUT_CHECKER, Part.CUSTODIAN}, "checker three": {Part.OUTPUT_CHECKER, Part.APPROVER},
    "approver": {Part.APPROVER}, "linker": {Part.LINKER},
}  # fmt: skip
WHEN = "2026-01-15T12:00:00Z"


@cache
def key_of(name: str) -> SigningKey:
    """A key of somebody's, the same on every run."""
    private = Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b".")[:32])
    import base64

    return SigningKey(private, "ed25519:" + base64.b64encode(private.public_key().public_bytes_raw()).decode())


def person(name: str) -> Person:
    """Somebody of the team."""
    return Person(name, frozenset(PARTS[name]))


@cache
def roster() -> Roster:
    """The team by their keys."""
    return {key_of(name).public: person(name) for name in NAMES}


@dataclass(frozen=True, slots=True)
class People:
    """The folder of practice keys by which commands are given."""

    folder: Path

    def say(self, who: str, *words: object) -> Done:
        """Give a command under somebody's key."""
        return say(*words, "--with", who, "--keys", self.folder)


@cache
def practice_people(folder: Path) -> People:
    """Four practice keys."""
    for name in ("analyst", "first-checker", "second-checker", "third-checker"):
        new_key(folder / f"{name}.pem", None)
    return People(folder)


def now() -> datetime:
    """A fixed time."""
    return datetime(2026, 1, 15, 12, tzinfo=UTC)

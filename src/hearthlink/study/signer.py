"""Who is at the keyboard: somebody whom the protocol names, shown by the signing key that they can open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hearthlink.errors import Refused
from hearthlink.governance.approval import revoked_keys
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import PROTOCOL_FILE
from hearthlink.governance.signing import SigningKey, fingerprint, is_practice, raw_of
from hearthlink.study.permitted import read_signatures
from hearthlink.study.protocols.protocol import opened_key
from hearthlink.study.study import Study

Ask = Callable[[str], str]
"""Asks for a passphrase by the words given."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who takes part: their name, the parts they have in the study, and their key, open."""

    name: str
    parts: frozenset[Part]
    key: SigningKey

    @property
    def fingerprint(self) -> str:
        """Their key as the ledger names it."""
        return fingerprint(self.key.public)

    def require(self, *parts: Part) -> None:
        """Raise Refused where they have none of these parts."""
        if not self.parts & set(parts):
            raise Refused(
                f"This is for the {' or the '.join(part.value for part in parts)}, and {self.name} is not.",
                file=PROTOCOL_FILE,
                remedy="The protocol says who has which part.",
            )


def signer(study: Study, name: str, *, ask: Ask, folder: Path | None = None) -> Signer:
    """Whoever opens the signing key of that name, as the protocol knows them. `folder` is where the keys lie, if not the usual one.

    In a practice study without a protocol whoever has a practice key plays every part, under the key's name. Raises WrongUse where there is
    no such key; Refused where the passphrase does not open it, the protocol names nobody with that key, it was revoked, or a practice key is
    used for real.
    """
    key = opened_key(name, ask, folder)
    practice = study.lines.practice is not None
    if is_practice(key.public) and not practice:
        raise Refused("A practice key signs for practice studies alone.", file=PROTOCOL_FILE)
    if study.protocol is None and practice:
        return Signer(name, frozenset(Part), key)
    people = () if study.protocol is None else study.protocol.person
    person = next((one for one in people if one.key and raw_of(one.key) == raw_of(key.public)), None)
    if person is None:
        raise Refused("The protocol names nobody with this key.", file=PROTOCOL_FILE)
    if raw_of(key.public) in revoked_keys(read_signatures(study.folder)):
        raise Refused("This key was revoked.", file=PROTOCOL_FILE)
    return Signer(person.name, frozenset(person.roles), key)

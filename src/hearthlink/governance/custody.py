"""Who may hold the key of which room: those whose parts reach it by the protocol, as long as nobody has revoked their own."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from hearthlink.errors import Refused
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import PROTOCOL_FILE, PersonLines, ProtocolLines, rooms_reached
from hearthlink.governance.roles import REACH, Role
from hearthlink.governance.sealing import SealedKey
from hearthlink.governance.signing import SigningKey, raw_of
from hearthlink.tables import Room


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at the keyboard: their name, their parts in the study, and their own key, open. Shows nothing of it when printed."""

    name: str
    parts: frozenset[Part]
    key: SigningKey = field(repr=False)

    def plays(self, role: Role) -> bool:
        """Whether a role is one of their parts."""
        return Part(role.value) in self.parts

    def require(self, role: Role, what: str) -> None:
        """Raise Refused where a role is none of their parts; `what` it is that is done in it."""
        if not self.plays(role):
            raise Refused(
                f"{what} is for the {role.value}, and {self.name} is not.", file=PROTOCOL_FILE,
                remedy="Nothing was opened. The protocol says who has which part: hearthlink protocol show STUDY",
            )  # fmt: skip


def rooms_of(role: Role) -> frozenset[Room]:
    """The rooms that a role reaches, whether to read or to write, and so the keys that are handed to whoever acts in it."""
    return REACH[role].reads | REACH[role].writes


@dataclass(frozen=True, slots=True)
class Entitled:
    """Somebody to whom keys of rooms are sealed, and of which rooms."""

    person: PersonLines
    rooms: frozenset[Room]


def entitled(lines: ProtocolLines, revoked: AbstractSet[bytes]) -> tuple[Entitled, ...]:
    """All to whom keys of rooms are sealed, in the order of the protocol."""
    found = (Entitled(one, rooms_reached(one.roles)) for one in lines.person if one.key and one.opens)
    return tuple(one for one in found if one.rooms and raw_of(one.person.key) not in revoked)


def counts(one: SealedKey, people: tuple[Entitled, ...]) -> bool:
    """Whether a sealed key is one to go by: sealed to somebody who is entitled to the room, by somebody who is.

    Whoever may write into the folder could otherwise lay a key of their own under another's name, and read what is sealed with it.
    """
    by = {one.person.key: one.rooms for one in people}
    to = {one.person.opens: one.rooms for one in people}
    rooms = by.get(one.by, frozenset()), to.get(one.to, frozenset())
    return all(Room(one.room) in reached for reached in rooms) if one.room in {r.value for r in Room} else False

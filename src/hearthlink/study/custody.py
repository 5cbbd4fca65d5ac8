"""The keys of a study's rooms where they rest apart: who has which, made once, sealed to each person, and handed on by role.

No key lies in the clear in the study's folder. `keys/` holds one small file for each room and person, which that person's own key opens.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance import Event, Keys, Ledger, Role
from hearthlink.governance.approval import revoked_keys
from hearthlink.governance.custody import Entitled, Holder, counts, entitled, rooms_of
from hearthlink.governance.keys import key_fingerprint, new_keys
from hearthlink.governance.memory import without_core_dumps
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import rooms_reached
from hearthlink.governance.sealing import SEAL_ANEW, SealedKey, file_name, open_sealed, read_sealed, seal_key
from hearthlink.governance.signing import canonical
from hearthlink.study.permitted import read_signatures
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables import Room

ROTATE = "Whoever held a key may have kept it. New keys need a new receipt: hearthlink rooms STUDY --new --with NAME"


@dataclass(frozen=True, slots=True)
class Held:
    """Of one person, each room that their parts reach, and whether its key lies there sealed to them."""

    name: str
    parts: tuple[Part, ...]
    rooms: Mapping[Room, bool]


def keys_for(study: Study, role: Role, what: str) -> Keys:
    """The keys of the rooms that a role reaches and of no other, opened by whoever is at the keyboard; `what` they are wanted for.

    Raises Refused where nobody has said who they are, the role is none of their parts, or a key is not there, was changed or does not count.
    """
    holder = holder_of(study)
    holder.require(role, what)
    without_core_dumps()
    people = people_of(study)
    _require_own_line(holder, people)
    return Keys(
        {room: _opened(study, holder, room, people) for room in sorted(rooms_of(role), key=_order)}, study.bound_to
    )


def holder_of(study: Study) -> Holder:
    """Who is at the keyboard. Raises Refused where nobody has said so."""
    if study.holder is None:
        raise Refused(
            "The keys of this study's rooms are apart, each with its people.", file="protocol.toml",
            remedy="Nothing was opened. Say who you are: --with NAME. hearthlink protocol show STUDY says who has which part.",
        )  # fmt: skip
    return study.holder


def people_of(study: Study) -> tuple[Entitled, ...]:
    """All to whom keys of rooms are sealed by the protocol as it stands; nobody whose key was revoked."""
    if study.protocol is None:
        return ()
    return entitled(study.protocol, revoked_keys(read_signatures(study.folder)))


def ready(study: Study, ledger: Ledger) -> list[str]:
    """See, before anything is opened, that the keys are with whom the protocol names, as far as whoever is at the keyboard can; what was done.

    Whoever reaches all rooms makes the keys where there are none; for anybody else there is then nothing to do. Files of those who take part
    no longer are removed. Raises Refused where sealed tables lie there whose keys are gone, or other keys than were made last.
    """
    holder = holder_of(study)
    _require_no_clear(study)
    if not are_made(study):
        if any(path.suffix == ".sealed" for path in (study.folder / "rooms").rglob("*")):
            raise Refused(
                "There are sealed tables here, and no key of any room.", file="keys",
                remedy="Put the folder of keys back. Without it the tables are lost: hearthlink rooms STUDY --new --with NAME begins anew.",
            )  # fmt: skip
        return make_keys(study, ledger) if _reaches_all(holder) else []
    said = _removed(study, ledger)
    _require_last_made(study, ledger)
    return [*said, *_sealed_to_all(study, holder, ledger, anew=False)]


def make_keys(study: Study, ledger: Ledger) -> list[str]:
    """Make a new key for every room and seal it to all whom the protocol names. What earlier keys had sealed is deleted with them.

    Raises Refused for anybody whose parts do not reach every room.
    """
    holder = holder_of(study)
    if not _reaches_all(holder):
        raise Refused(
            f"The keys of the rooms are made by whoever reaches them all, the custodian, and {holder.name} is not.",
            file="keys", remedy=f"Next: {', '.join(names_of(study, Part.CUSTODIAN)) or 'the custodian'}: hearthlink rooms STUDY --with NAME",
        )  # fmt: skip
    # The tables first: a kill in between leaves keys without tables, and never tables of which somebody believes they can be opened.
    shutil.rmtree(study.folder / "rooms", ignore_errors=True)
    # The key of pseudonyms was sealed under the content room's, and opens no more.
    for path in [*_files(study), *_clear(study), *study.keys.glob("pseudonym.*")]:
        path.unlink(missing_ok=True)
    people = people_of(study)
    made = new_keys(Room, study.bound_to)
    which = _digest({room.value: key_fingerprint(key) for room, key in made.by_room.items()})
    _note(ledger, Event.KEYS_MADE, {"rooms": len(Room)}, about=which)
    count = sum(_seal(study, holder, one, made, room) for one in people for room in one.rooms)
    return [
        f"Made a key for each of the {len(Room)} rooms and sealed them to {len(people)} people, {count} files in all."
    ]


def are_made(study: Study) -> bool:
    """Whether any key of a room lies there sealed."""
    return any(True for _ in _files(study))


def _reaches_all(holder: Holder) -> bool:
    return rooms_reached(holder.parts) >= set(Room)


def seal_anew(study: Study, ledger: Ledger) -> list[str]:
    """Seal every key that whoever is at the keyboard holds to all whom the protocol names, in their own name; what was done."""
    holder = holder_of(study)
    _require_no_clear(study)
    said = _removed(study, ledger)
    _require_last_made(study, ledger)
    return [*said, *_sealed_to_all(study, holder, ledger, anew=True)]


def drop_strangers(study: Study, ledger: Ledger) -> list[str]:
    """Remove the sealed keys of whoever takes part no longer; what was done, in words. Needs no key."""
    return _removed(study, ledger) if study.keys_apart else []


def who_holds(study: Study) -> list[Held]:
    """Of each person whom the protocol names, which rooms they reach and whether the keys are sealed to them. Opens no key."""
    people = people_of(study)
    there = {(one.to, one.room) for _, one in _read(study) if counts(one, people)}
    return [
        Held(
            one.person.name,
            tuple(one.person.roles),
            {room: (one.person.opens, room.value) in there for room in Room if room in one.rooms},
        )
        for one in people
    ]


def names_of(study: Study, part: Part) -> list[str]:
    """The people who have a part by the protocol."""
    return [] if study.protocol is None else [one.name for one in study.protocol.person if part in one.roles]


def _require_own_line(holder: Holder, people: tuple[Entitled, ...]) -> None:
    """Raise Refused where the protocol has another public key for this person to seal to than their own key opens."""
    mine = next((one.person for one in people if one.person.key == holder.key.public), None)
    if mine is not None and mine.opens != holder.key.opens:
        raise Refused(
            f"What is sealed to {holder.name} by the protocol does not open with their key.", file="protocol.toml", column="person.opens",
            remedy=f'A new version says: opens = "{holder.key.opens}"',
        )  # fmt: skip


def _opened(study: Study, holder: Holder, room: Room, people: tuple[Entitled, ...]) -> bytes:
    path = study.keys / file_name(room, holder.key.opens)
    if not path.is_file():
        raise Refused(
            f"The key of the {room.value} room is not sealed to {holder.name} yet.", file="keys", remedy=SEAL_ANEW
        )
    one = read_sealed(_text_of(path), path.name)
    if one.to != holder.key.opens or not counts(one, people):
        raise Refused(
            "This key was sealed by or to somebody who may not have it, or takes part no longer.", file=path.name,
            remedy=f"{SEAL_ANEW} {ROTATE}",
        )  # fmt: skip
    return open_sealed(one, holder.key, study=study.bound_to, room=room, file=path.name)


def _sealed_to_all(study: Study, holder: Holder, ledger: Ledger, *, anew: bool) -> list[str]:
    """Seal what the holder has to whoever lacks it, or `anew` to everybody; what was done, in words."""
    people = people_of(study)
    mine = next((one.rooms for one in people if one.person.key == holder.key.public), frozenset[Room]())
    sound = {(one.to, one.room) for _, one in _read(study) if counts(one, people)}
    wanting = [
        (one, room)
        for one in people
        for room in sorted(one.rooms & mine, key=_order)
        if anew or (one.person.opens, room.value) not in sound
    ]
    # What is not sealed to themselves they cannot hand on.
    rooms = {room for _, room in wanting if (holder.key.opens, room.value) in sound}
    held = Keys({room: _opened(study, holder, room, people) for room in rooms}, study.bound_to)
    names = [one.person.name for one, room in wanting if room in rooms and _seal(study, holder, one, held, room)]
    if not names:
        return []
    _note(ledger, Event.KEYS_SEALED, {"keys": len(names)})
    return [f"Sealed {len(names)} keys of rooms to {', '.join(dict.fromkeys(names))}."]


def _seal(study: Study, holder: Holder, one: Entitled, held: Keys, room: Room) -> bool:
    made = seal_key(held.by_room[room], study=study.bound_to, room=room, to=one.person.opens, by=holder.key)
    write_whole(study.keys / file_name(room, one.person.opens), made.text.encode())
    return True


def _removed(study: Study, ledger: Ledger) -> list[str]:
    entitled_to = {file_name(room, one.person.opens) for one in people_of(study) for room in one.rooms}
    gone = [path for path in _files(study) if path.name not in entitled_to]
    for path in gone:
        path.unlink()
    if not gone:
        return []
    _note(ledger, Event.KEYS_REMOVED, {"keys": len(gone)})
    return [f"Removed {len(gone)} keys of rooms of people who take part no longer. {ROTATE}"]


def _require_last_made(study: Study, ledger: Ledger) -> None:
    """Raise Refused where the sealed keys are not those that the ledger says were made last: earlier ones are somebody's who may have left."""
    people = people_of(study)
    of = {(one.room, one.of) for _, one in _read(study) if counts(one, people)}
    lines = (json.loads(row) for row in ledger.rows())
    last = [str(line["about"]) for line in lines if line["event"] == Event.KEYS_MADE.value][-1:]
    if [_digest(dict(of))] != last or len(of) != len(Room):
        raise Refused(
            "The sealed keys of the rooms are not those that were made last.", file="keys",
            remedy="Put the folder of keys back as it was, or make new ones and receive again: hearthlink rooms STUDY --new --with NAME",
        )  # fmt: skip


def _digest(fingerprints: Mapping[str, str]) -> str:
    return sha256(canonical(fingerprints)).hexdigest()


def _note(ledger: Ledger, event: Event, counted: Mapping[str, int], *, about: str = "") -> None:
    ledger.write(event, step="rooms", role=Part.CUSTODIAN.value, counts=counted, about=about)


def _require_no_clear(study: Study) -> None:
    if _clear(study):
        raise Refused(
            "The keys of this study's rooms have lain together in its folder, in the clear.", file="keys",
            remedy="Make new ones, and receive again: hearthlink rooms STUDY --new --with NAME",
        )  # fmt: skip


def _clear(study: Study) -> list[Path]:
    """Keys that lie in the clear: of rooms, and of pseudonyms that are kept."""
    return [path for name in (*(room.value for room in Room), "pseudonym") for path in study.keys.glob(f"{name}.key")]


def _files(study: Study) -> Iterator[Path]:
    yield from sorted(path for room in Room for path in study.keys.glob(f"{room.value}.*.json"))


def _read(study: Study) -> Iterator[tuple[Path, SealedKey]]:
    """The sealed keys that are whole; whichever was changed counts as not there."""
    for path in _files(study):
        try:
            yield path, read_sealed(_text_of(path), path.name)
        except Refused:
            continue


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _order(room: Room) -> int:
    return list(Room).index(room)


def require_apart(study: Study) -> None:
    """Raise WrongUse where a study's keys rest together, so that there is nothing to seal."""
    if not study.keys_apart:
        raise WrongUse(
            "The keys of this study's rooms rest together, in its own folder.", file="protocol.toml", column="rooms.keys",
            remedy="Whoever runs it needs no --with. To keep them apart, have a protocol signed that says so.",
        )  # fmt: skip

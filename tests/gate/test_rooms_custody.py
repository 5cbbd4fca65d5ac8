"""Who holds the key of which room: sealed to those whose parts reach it, by somebody who may, and to nobody else whatever lies in the folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from made_authority import TODAY, copy_of, events, unpermitted_study
from made_protocol import PASSPHRASE, Team, filled, sign, team, write
from made_rooms import apart_study, opened_by, permit_apart

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance import Role
from hearthlink.governance.custody import Holder, rooms_of
from hearthlink.governance.keys import Keys, key_fingerprint, new_keys, own_key
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import problems, rooms_reached
from hearthlink.governance.sealing import file_name, open_sealed, read_sealed, seal_key
from hearthlink.governance.signing import SigningKey, new_key
from hearthlink.study import STEPS, open_study
from hearthlink.study import run as carry_out
from hearthlink.study.acts_inside import BESIDE
from hearthlink.study.beside import entered, store_for
from hearthlink.study.custody import keys_for
from hearthlink.study.protocols.protocol import revoke_key
from hearthlink.study.rooms import keep_rooms, rooms_held
from hearthlink.study.store import open_store
from hearthlink.tables import Room

REACHED = {
    Part.AUTHOR: "",
    Part.APPROVER: "",
    Part.CUSTODIAN: "identity content research record",
    Part.LINKER: "identity record",
    Part.REVIEWER: "identity",
    Part.ANALYST: "research record",
    Part.OUTPUT_CHECKER: "research record",
}
"""Written out here, and not taken from governance, so that a key more has to be meant twice."""


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """The keys of four people."""
    return team(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory, practice: Path, keys: Team) -> Path:
    """A study whose keys were made by the custodian and sealed to four people; nobody has run it. To be copied."""
    study = apart_study(tmp_path_factory.getbasetemp() / "custody" / "real", practice / "in", keys)
    shutil.rmtree(study / "in" / "ssd")
    keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY)
    return study


@pytest.fixture
def study(tmp_path: Path, sealed: Path) -> Path:
    """A copy of it that may be spoilt."""
    return copy_of(sealed, tmp_path / "real")


def held_by(study: Path, keys: Team, who: str, role: Role) -> Keys:
    return keys_for(opened_by(study, keys, who), role, "A test")


# --- the one table ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", list(Part))
def test_a_part_reaches_the_rooms_it_should(part: Part) -> None:
    """For each part, the keys that are sealed to it are those of the rooms that its role reads or writes, and no other."""
    assert {room.value for room in rooms_reached([part])} == set(REACHED[part].split())
    assert all({room.value for room in rooms_of(role)} == set(REACHED[Part(role.value)].split()) for role in Role)


@pytest.mark.parametrize(
    ("part", "done"), list(product(Part, (*STEPS, *BESIDE))), ids=lambda x: str(getattr(x, "name", x))
)
def test_a_step_or_an_act_is_for_whoever_has_its_part(part: Part, done: Any) -> None:
    """For each part, each step and each act: somebody with that part alone may do exactly what is done in its role."""
    somebody = Holder("somebody", frozenset({part}), key=None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    if part.value == done.role.value:
        somebody.require(done.role, done.name)
    else:
        with pytest.raises(Refused, match=f"{done.name} is for the {done.role.value}, and somebody is not"):
            somebody.require(done.role, done.name)


def test_everything_done_touches_only_rooms_whose_keys_its_role_has() -> None:
    """No step and no act reads or writes a table in a room whose key is not handed to its role."""
    for done in (*STEPS, *BESIDE):
        touched = {table.room for table in (*done.reads, *done.may_read, *done.writes)}
        assert touched <= rooms_of(done.role), done.name


# --- keys made and sealed -----------------------------------------------------------------------------------------


def test_the_custodian_makes_the_keys_and_each_person_opens_theirs(study: Path, keys: Team) -> None:
    """Each opens the rooms of their roles with one and the same key a room, whoever they are; and the folder says who holds which."""
    found = {
        (who, role): held_by(study, keys, who, role)
        for who, role in (
            ("custodian", Role.CUSTODIAN), ("custodian", Role.OUTPUT_CHECKER), ("linker", Role.LINKER), ("linker", Role.REVIEWER),
            ("author", Role.ANALYST), ("officer", Role.OUTPUT_CHECKER),
        )
    }  # fmt: skip
    assert {one: held.rooms for one, held in found.items()} == {one: rooms_of(one[1]) for one in found}
    for room in Room:
        assert len({held.by_room[room] for held in found.values() if room in held.by_room}) == 1
    assert {one.name: {room.value for room, there in one.rooms.items() if there} for one in rooms_held(open_study(study))} == {
        "author": {"research", "record"}, "custodian": {"identity", "content", "research", "record"},
        "linker": {"identity", "record"}, "officer": {"research", "record"},
    }  # fmt: skip


def test_only_whoever_reaches_every_room_makes_keys(practice: Path, tmp_path: Path, keys: Team) -> None:
    """Before the custodian has made the keys, anybody else is told whose turn it is, and none is made."""
    study = apart_study(tmp_path / "real", practice / "in", keys)
    for who in ("linker", "author", "officer"):
        with pytest.raises(Refused, match=f"the custodian, and {who} is not"):
            keep_rooms(opened_by(study, keys, who), clock=lambda: TODAY)
        waits = carry_out(opened_by(study, keys, who), clock=lambda: TODAY)
        assert waits is not None
        assert (waits.step.name, waits.names) == ("receive", ("custodian",))
    assert not list((study / "keys").glob("*.json"))


def test_no_keys_are_made_before_the_protocol_is_signed(practice: Path, tmp_path: Path, keys: Team) -> None:
    """Where the protocol does not hold, no key of a room comes into being."""
    study = unpermitted_study(tmp_path / "real", practice / "in")
    write(study, filled(study, keys) | {"rooms": {"keys": "apart"}})
    with pytest.raises(Refused, match="must sign"):
        keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY)
    assert not list((study / "keys").glob("*.json"))


@pytest.mark.parametrize("line", ["key", "opens"])
def test_apart_needs_a_key_to_seal_to_of_everyone_who_reaches_a_room(study: Path, keys: Team, line: str) -> None:
    """Where keys are apart, a person whose parts reach a room must have both public keys; where they rest together, none need be there."""
    said = filled(study, keys)
    people = [one | {line: ""} if one["name"] == "custodian" else one for one in said["person"]]
    for apart in ("apart", "together"):
        write(study, said | {"person": people, "rooms": {"keys": apart}})
        lines = open_study(study).protocol
        assert lines is not None
        assert [f"{line} is missing" in lack for lack in problems(lines)] == [True] * (apart == "apart")


def test_a_person_who_comes_later_is_sealed_to_by_whoever_holds(study: Path, keys: Team, tmp_path: Path) -> None:
    """A new version that names a second linker: whoever holds a room's key next seals it to them, and they open what they should."""
    later = new_key(keys.folder / f"{tmp_path.name}.pem", PASSPHRASE)
    said = filled(study, keys)
    person = {"name": "later", "roles": ["linker"], "key": later.public, "opens": later.opens}
    permit_apart(study, keys, version=2, person=[*said["person"], person])
    with pytest.raises(Refused, match="is not sealed to later yet"):
        held_by(study, keys, tmp_path.name, Role.LINKER)
    done = keep_rooms(opened_by(study, keys, "linker"), clock=lambda: TODAY)
    assert done == ["Sealed 2 keys of rooms to later."] or "later" in done[0]
    assert (
        held_by(study, keys, tmp_path.name, Role.LINKER).by_room == held_by(study, keys, "linker", Role.LINKER).by_room
    )
    with pytest.raises(Refused, match="and later is not"):
        held_by(study, keys, tmp_path.name, Role.CUSTODIAN)


def test_a_line_that_is_not_the_persons_own_is_said(study: Path, keys: Team) -> None:
    """Where the protocol has somebody else's `opens` under a name, that person is told so, and which line is theirs."""
    said = filled(study, keys)
    people = [one | {"opens": made_key().opens} if one["name"] == "linker" else one for one in said["person"]]
    permit_apart(study, keys, version=2, person=people)
    with pytest.raises(Refused, match="does not open with their key") as stop:
        held_by(study, keys, "linker", Role.LINKER)
    assert keys.keys["linker"].opens in stop.value.sentence


def test_new_keys_are_other_keys_and_what_was_sealed_goes_with_the_old(study: Path, keys: Team) -> None:
    """After `--new` every key is another, the rooms are empty, and an old key that is put back is not taken."""
    before = held_by(study, keys, "custodian", Role.CUSTODIAN)
    old = {path.name: path.read_bytes() for path in (study / "keys").glob("*.json")}
    (study / "rooms" / "identity").mkdir(parents=True)
    (study / "rooms" / "identity" / "person.0123456789abcdef.sealed").write_bytes(b"sealed")
    keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY, new=True)
    after = held_by(study, keys, "custodian", Role.CUSTODIAN)
    assert not set(before.by_room.values()) & set(after.by_room.values())
    assert not (study / "rooms").exists()
    for name, content in old.items():
        (study / "keys" / name).write_bytes(content)
    with pytest.raises(Refused, match="not those that were made last"):
        keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY)


def test_keys_that_have_lain_in_the_clear_are_no_keys(study: Path, keys: Team) -> None:
    """Where a room's key lies open in the folder, everybody is refused until new ones are made; and then it is gone."""
    own_key(study / "keys", "content", "content room")
    with pytest.raises(Refused, match="in the clear"):
        keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY)
    keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY, new=True)
    assert not list((study / "keys").glob("content.key"))


def test_tables_without_keys_are_not_taken_for_a_beginning(study: Path, keys: Team) -> None:
    """Where sealed tables lie there and all keys have gone, no new keys are made beside them."""
    (study / "rooms" / "identity").mkdir(parents=True)
    (study / "rooms" / "identity" / "person.0123456789abcdef.sealed").write_bytes(b"sealed")
    for path in (study / "keys").glob("*.json"):
        path.unlink()
    with pytest.raises(Refused, match="no key of any room"):
        keep_rooms(opened_by(study, keys, "custodian"), clock=lambda: TODAY)


# --- what lies in the folder is not believed ----------------------------------------------------------------------


def of(study: Path, keys: Team, who: str, room: Room) -> Path:
    return study / "keys" / file_name(room, keys.keys[who].opens)


def planted(study: Path, keys: Team) -> None:
    """The linker lays a content key of their own under the custodian's name, to read what is sealed with it."""
    own = new_keys([Room.CONTENT], "R1").by_room[Room.CONTENT]
    made = seal_key(own, study="R1", room=Room.CONTENT, to=keys.keys["custodian"].opens, by=keys.keys["linker"])
    of(study, keys, "custodian", Room.CONTENT).write_text(made.text, encoding="utf-8")


def of_another_room(study: Path, keys: Team) -> None:
    shutil.copy(of(study, keys, "custodian", Room.IDENTITY), of(study, keys, "custodian", Room.CONTENT))


def of_another_person(study: Path, keys: Team) -> None:
    shutil.copy(of(study, keys, "linker", Room.IDENTITY), of(study, keys, "custodian", Room.IDENTITY))


def of_another_study(study: Path, keys: Team) -> None:
    own = new_keys([Room.CONTENT], "R2").by_room[Room.CONTENT]
    made = seal_key(own, study="R2", room=Room.CONTENT, to=keys.keys["custodian"].opens, by=keys.keys["custodian"])
    of(study, keys, "custodian", Room.CONTENT).write_text(made.text, encoding="utf-8")


def a_byte_changed(study: Path, keys: Team) -> None:
    path = of(study, keys, "custodian", Room.CONTENT)
    content = bytearray(path.read_bytes())
    content[content.index(b'"sealed"') + 20] ^= 1
    path.write_bytes(content)


def gone(study: Path, keys: Team) -> None:
    of(study, keys, "custodian", Room.CONTENT).unlink()


def sealer_revoked(study: Path, keys: Team) -> None:
    revoke_key(open_study(study), "custodian", "officer", ask=lambda _: PASSPHRASE, clock=lambda: TODAY, folder=keys.folder)  # fmt: skip


Spoil = Callable[[Path, Team], None]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "planted": (planted, "somebody who may not have it"),
    "of another room": (of_another_room, "another room or another study"),
    "of another person": (of_another_person, "somebody who may not have it"),
    "of another study": (of_another_study, "another room or another study"),
    "a byte changed": (a_byte_changed, "was changed"),
    "gone": (gone, "not sealed to custodian yet"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_key_that_is_not_as_it_was_sealed_is_not_taken(study: Path, keys: Team, case: str) -> None:
    """Each way of laying another file in the place of a sealed key ends in a refusal that says what to do."""
    spoil, words = SPOILT[case]
    spoil(study, keys)
    with pytest.raises(Refused, match=words) as stop:
        held_by(study, keys, "custodian", Role.CUSTODIAN)
    assert "hearthlink rooms STUDY" in stop.value.sentence


def test_what_somebody_revoked_had_sealed_counts_no_more(study: Path, keys: Team) -> None:
    """Once the key of whoever sealed is revoked, nobody goes by what it sealed: new keys are made by whoever may."""
    sealer_revoked(study, keys)
    with pytest.raises(Refused, match="may not have it, or takes part no longer"):
        held_by(study, keys, "linker", Role.LINKER)


def test_every_byte_of_a_sealed_key_counts() -> None:
    """With any one byte of its file changed, a sealed key is refused, or says what it said before."""
    key, (mine, by) = bytes(range(32)), (made_key(), made_key())
    one = seal_key(key, study="R1", room=Room.CONTENT, to=mine.opens, by=by)
    text = one.text.encode()
    taken = 0
    for place in range(len(text)):
        other = bytes([*text[:place], text[place] ^ 1, *text[place + 1 :]]).decode("utf-8", "replace")
        try:
            assert open_sealed(read_sealed(other, "a"), mine, study="R1", room=Room.CONTENT, file="a") == key
            taken += 1
        except Refused:
            continue
    assert taken < 15, "blanks between the parts of JSON are no part of what is signed"
    assert open_sealed(read_sealed(one.text, "a"), mine, study="R1", room=Room.CONTENT, file="a") == key


def test_a_sealed_key_opens_for_one_person_one_room_and_one_study() -> None:
    """Whoever it is not sealed to, and under any other room or study, is refused; no two sealings are alike; it shows no key."""
    key, (mine, other, by) = bytes(range(32)), (made_key(), made_key(), made_key())
    one = seal_key(key, study="R1", room=Room.CONTENT, to=mine.opens, by=by)
    for who, study, room in ((other, "R1", Room.CONTENT), (mine, "R2", Room.CONTENT), (mine, "R1", Room.IDENTITY)):
        with pytest.raises(Refused):
            open_sealed(one, who, study=study, room=room, file="a")
    with pytest.raises(Refused):
        open_sealed(replace(one, study="R2"), mine, study="R2", room=Room.CONTENT, file="a")
    again = seal_key(key, study="R1", room=Room.CONTENT, to=mine.opens, by=by)
    assert (one.sealed != again.sealed, one.point != again.point) == (True, True)
    assert key.hex() not in one.text
    assert one.of == key_fingerprint(key)


def made_key() -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from hearthlink.governance.signing import _public

    private = Ed25519PrivateKey.generate()
    return SigningKey(private, _public(private, practice=False))


def test_content_of_one_project_does_not_open_in_another_under_the_same_key() -> None:
    """The project's id is authenticated with every table: with the very same key, another project's table is refused."""
    key = {Room.CONTENT: bytes(32)}
    table = Keys(key, "A").seal(Room.CONTENT, "child", b"AAA")
    assert Keys(key, "A").open(Room.CONTENT, "child", table) == b"AAA"
    for other in ("B", "", "A/child", "practice"):
        with pytest.raises(Refused, match="another study"):
            Keys(key, other).open(Room.CONTENT, "child", table)


# --- acts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [act for act in BESIDE if act.reads], ids=lambda act: act.name)
def test_an_act_opens_the_rooms_of_its_role_for_whoever_has_it(study: Path, keys: Team, act: Any) -> None:
    """For each act: whoever has its part gets the keys of its role alone; each of the others is refused, and it is entered."""
    parts = {
        "author": "analyst",
        "custodian": "custodian output checker",
        "linker": "linker reviewer",
        "officer": "output checker",
    }
    for who, theirs in parts.items():
        opened = opened_by(study, keys, who)
        if (
            any(part == act.role.value for part in (theirs if " " not in theirs else theirs.split(" ")))
            or act.role.value in theirs
        ):
            assert store_for(opened, act)._keys.rooms == rooms_of(act.role)
        else:
            with pytest.raises(Refused, match=f"{act.name} is for the"), entered(opened, act, lambda: TODAY):
                pytest.fail("it must not be opened")
            assert events(study)[-1]["event"] == "refused"
    with pytest.raises(Refused, match="--with NAME"), entered(open_study(study), act, lambda: TODAY):
        pytest.fail("nobody has said who they are")


def test_nothing_opens_the_rooms_of_such_a_study_by_the_way(study: Path) -> None:
    """Without keys the rooms are not opened, and no key in the clear is made by asking."""
    with pytest.raises(Refused, match="--with NAME"):
        open_store(open_study(study))
    assert not list((study / "keys").glob("content.key"))


def test_together_is_told_that_there_is_nothing_to_seal(practice: Path, tmp_path: Path, keys: Team) -> None:
    """A study whose keys rest together has no use for the command, and is told so."""
    study = unpermitted_study(tmp_path / "real", practice / "in")
    write(study, filled(study, keys))
    sign(study, keys, "linker", "officer", now=TODAY - timedelta(days=1))
    with pytest.raises(WrongUse, match="rest together"):
        rooms_held(open_study(study))


def test_who_holds_which_is_printed(study: Path) -> None:
    """`hearthlink rooms` names each person, their parts and the rooms whose keys are sealed to them, and opens none."""
    from made_authority import say

    done = say("rooms", study)
    assert done.code == 0
    assert "linker (linker, reviewer, approver)\n      holds identity, record" in done.out
    told = json.loads(say("rooms", study, "--json").out)
    assert [one["name"] for one in told["people"]] == ["author", "custodian", "linker", "officer"]
    assert "Next is the custodian, for the step receive" in say("status", study).out


def test_a_key_of_pseudonyms_that_is_kept_lies_sealed_under_the_content_rooms(tmp_path: Path) -> None:
    """Where keys are apart, the key that makes lasting pseudonyms is in no file in the clear, and opens with the custodian's keys alone."""
    held = new_keys(Room, "R1")
    made = own_key(tmp_path, "pseudonym", "pseudonyms", under=held)
    assert own_key(tmp_path, "pseudonym", "pseudonyms", under=held) == made
    assert [path.name for path in tmp_path.iterdir()] == ["pseudonym.sealed"]
    assert made not in (tmp_path / "pseudonym.sealed").read_bytes()
    with pytest.raises(Refused, match="no key for the content room"):
        own_key(tmp_path, "pseudonym", "pseudonyms", under=held.of(rooms_of(Role.LINKER)))
    with pytest.raises(Refused, match="another study"):
        own_key(tmp_path, "pseudonym", "pseudonyms", under=Keys(held.by_room, "R2"))

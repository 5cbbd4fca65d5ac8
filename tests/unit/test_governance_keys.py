"""Keys: what is sealed opens with its own key, under its own name, unchanged, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import hearthlink.governance.keys as keys_module
from hearthlink.errors import Refused
from hearthlink.governance import Keys, practice_keys
from hearthlink.tables import Room


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """A key for each room."""
    return practice_keys(tmp_path / "keys")


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 250])
def test_what_is_sealed_opens_again(keys: Keys, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Bytes of any length, in one frame or several, come back as they were and are not to be read in between."""
    monkeypatch.setattr(keys_module, "FRAME", 100)
    plain = os.urandom(size)
    sealed = keys.seal(Room.IDENTITY, "person", plain)
    assert keys.open(Room.IDENTITY, "person", sealed) == plain
    assert size < 16 or plain not in sealed


def test_no_two_sealings_are_alike(keys: Keys) -> None:
    """The same table sealed twice gives other bytes, so nobody learns that it is the same."""
    assert keys.seal(Room.CONTENT, "child", b"AAA") != keys.seal(Room.CONTENT, "child", b"AAA")


def spoilt(sealed: bytes) -> dict[str, bytes]:
    size = 12 + 100 + 16
    one, two, three = sealed[:size], sealed[size : 2 * size], sealed[2 * size :]
    return {
        "a bit turned": bytes([sealed[0] ^ 1]) + sealed[1:],
        "a byte of the text changed": sealed[:50] + bytes([sealed[50] ^ 128]) + sealed[51:],
        "the end cut off": sealed[:-1],
        "the last frame cut off": one + two,
        "the last frame alone": three,
        "frames swapped": two + one + three,
        "a frame written twice": one + one + two + three,
        "something added": sealed + b"\0",
        "nothing": b"",
    }


@pytest.mark.parametrize("case", spoilt(bytes(400)))
def test_what_was_changed_does_not_open(keys: Keys, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """Any change to what is sealed, however small, is refused, and no part of it is handed out."""
    monkeypatch.setattr(keys_module, "FRAME", 100)
    sealed = keys.seal(Room.IDENTITY, "person", bytes(250))
    with pytest.raises(Refused, match="person"):
        keys.open(Room.IDENTITY, "person", spoilt(sealed)[case])


def test_a_table_opens_under_its_own_name_and_key_alone(keys: Keys, tmp_path: Path) -> None:
    """A table does not open as another table, in another room, or with another study's key."""
    sealed = keys.seal(Room.IDENTITY, "person", b"AAA")
    other = practice_keys(tmp_path / "other")
    for holder, room, name in (
        (keys, Room.IDENTITY, "place"),
        (keys, Room.CONTENT, "person"),
        (other, Room.IDENTITY, "person"),
    ):
        with pytest.raises(Refused):
            holder.open(room, name, sealed)


def test_practice_keys_are_made_once(tmp_path: Path) -> None:
    """The same folder gives the same keys, one for each room and all different, and nobody else may read them."""
    first, second = practice_keys(tmp_path), practice_keys(tmp_path)
    assert first.by_room == second.by_room
    assert len(set(first.by_room.values())) == len(Room)
    assert os.name == "nt" or {p.stat().st_mode & 0o077 for p in tmp_path.iterdir()} == {0}


def test_a_key_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    """A key file that is not whole stops the study with a plain word, and is not replaced."""
    practice_keys(tmp_path)
    path = tmp_path / "content.key"
    path.write_bytes(b"short")
    with pytest.raises(Refused, match="content room"):
        practice_keys(tmp_path)
    assert path.read_bytes() == b"short"


def test_without_a_key_nothing_opens_and_keys_never_show(keys: Keys) -> None:
    """A holder of no key opens nothing, and printing keys shows none of their bytes."""
    sealed = keys.seal(Room.RECORD, "receipt", b"AAA")
    with pytest.raises(Refused, match="no key"):
        Keys({}).open(Room.RECORD, "receipt", sealed)
    assert repr(keys) == "Keys()"

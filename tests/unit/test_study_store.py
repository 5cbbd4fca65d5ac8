"""The store: everything of a step or nothing, each table in its room, and no door without leave."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

import hearthlink.study.store as store_module
from hearthlink.errors import DataProblem, OurFault, Refused
from hearthlink.governance import Permit, Role, practice_keys
from hearthlink.study.store import Store
from hearthlink.tables import Column, Kind, Room, Sensitivity, TableSpec

NAMES = TableSpec("names", Room.IDENTITY, "names", (Column("name", Kind.TEXT, "a name", Sensitivity.IDENTIFIER, True),))
NEEDS = TableSpec("needs", Room.CONTENT, "needs", (Column("need", Kind.TEXT, "a need", Sensitivity.ATTRIBUTE),))
LEAVE = Permit("test", Role.CUSTODIAN, frozenset({"names", "needs"}), frozenset({"names", "needs"}))
WORKED_FROM = ("inputs", "opened")


def names(*values: str | None) -> pa.Table:
    return pa.table({"name": pa.array(values, pa.string())})


def at(folder: Path) -> Store:
    return Store(folder / "rooms", practice_keys(folder / "keys"), folder / "out")


def save(store: Store, *values: str, files: dict[str, bytes] | None = None, leave: Permit = LEAVE) -> None:
    store.save("step", WORKED_FROM, {NAMES: names(*values)}, files or {}, leave)


def below(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_saved_is_there_again_when_the_study_is_opened_next(tmp_path: Path) -> None:
    """A table and a file come back as they were, the record says so, and nothing on disk is in the clear."""
    save(at(tmp_path), "SMITH", files={"a.html": b"<p>"})
    again = at(tmp_path)
    assert again.load(NAMES, LEAVE).to_pydict() == {"name": ["SMITH"]}
    assert again.file("a.html") == b"<p>"
    kept = again.record("step")
    assert kept is not None
    assert (kept.fingerprint, kept.opened) == WORKED_FROM
    assert not [path for path, content in below(tmp_path).items() if b"SMITH" in content]


def test_what_a_kill_left_half_made_goes_though_nothing_is_saved_again(tmp_path: Path) -> None:
    """A step killed while it was done again leaves half a table and half an index: both go, and what counts stays."""
    save(at(tmp_path), "SMITH", files={"a.html": b"<p>"})
    before = below(tmp_path)
    for half in (
        "index.json.new",
        "identity/names.0123456789abcdef.sealed.new",
        "content/needs.0123456789abcdef.sealed.new",
    ):
        (tmp_path / "rooms" / half).parent.mkdir(exist_ok=True)
        (tmp_path / "rooms" / half).write_bytes(b"half")
    (tmp_path / "out").rename(tmp_path / "out.old")
    at(tmp_path).clear_up()
    assert below(tmp_path) == before


def test_half_made_tables_of_a_room_that_is_not_judged_stay(tmp_path: Path) -> None:
    """Whoever cannot tell what is in a room takes nothing out of it."""
    half = tmp_path / "rooms" / "content" / "needs.0123456789abcdef.sealed.new"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    Store(tmp_path / "rooms", practice_keys(tmp_path / "keys"), tmp_path / "out", {Room.IDENTITY}).clear_up()
    assert half.exists()


def test_the_same_content_has_the_same_digest_whatever_its_chunks(tmp_path: Path) -> None:
    """A table's digest is of what it holds, so two runs that find the same can be seen to."""
    one = at(tmp_path / "one")
    save(one, "A", "B")
    two = at(tmp_path / "two")
    two.save("step", WORKED_FROM, {NAMES: pa.concat_tables([names("A"), names("B")])}, {}, LEAVE)
    assert one.digest(NAMES) == two.digest(NAMES) != ""


def test_no_table_is_read_or_written_without_leave(tmp_path: Path) -> None:
    """A permit that does not name a table opens neither door, even for a table that this run has already seen."""
    store = at(tmp_path)
    save(store, "SMITH")
    nothing = Permit("other", Role.ANALYST, frozenset(), frozenset())
    before = below(tmp_path)
    with pytest.raises(Refused, match="names"):
        store.load(NAMES, nothing)
    with pytest.raises(Refused, match="names"):
        save(store, "JONES", leave=nothing)
    assert below(tmp_path) == before


def test_a_step_that_may_write_one_of_two_tables_writes_neither(tmp_path: Path) -> None:
    """Where leave holds for the first table alone, the first counts for nothing either."""
    store = at(tmp_path)
    half = Permit("half", Role.CUSTODIAN, frozenset(), frozenset({"names"}))
    with pytest.raises(Refused, match="needs"):
        store.save("step", WORKED_FROM, {NAMES: names("A"), NEEDS: NEEDS.empty()}, {}, half)
    assert at(tmp_path).record("step") is None


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"other": ["SECRET"]}),
        pa.table({"name": ["SECRET"], "more": ["SECRET"]}),
        pa.table({"name": [["SECRET"]]}),
        names("SECRET", None),
    ],
)
def test_a_table_that_is_not_as_specified_is_not_kept(tmp_path: Path, table: pa.Table) -> None:
    """A column missing, surplus, of another type or empty where it may not be stops the step, with no value in the words."""
    store = at(tmp_path)
    with pytest.raises(OurFault) as stop:
        store.save("step", WORKED_FROM, {NAMES: table}, {}, LEAVE)
    assert "SECRET" not in stop.value.sentence
    assert at(tmp_path).record("step") is None


def test_a_new_result_takes_the_place_of_the_old_and_leaves_none_of_it(tmp_path: Path) -> None:
    """After a step is done anew the old table is gone from the disk, and so is a file that this time did not leave."""
    store = at(tmp_path)
    save(store, "A", files={"tables/old.csv": b"1", "tables/kept.csv": b"1"})
    save(store, "B", files={"tables/kept.csv": b"2"})
    assert len(list((tmp_path / "rooms" / "identity").iterdir())) == 1
    assert below(tmp_path / "out") == {str(Path("tables/kept.csv")): b"2"}


Spoil = Callable[[Path], object]
TAKEN: dict[str, Spoil] = {
    "a table gone": lambda folder: next((folder / "rooms" / "identity").iterdir()).unlink(),
    "a file gone": lambda folder: (folder / "out" / "a.html").unlink(),
    "a file changed": lambda folder: (folder / "out" / "a.html").write_bytes(b"other"),
    "all rooms gone": lambda folder: (folder / "rooms" / "index.json").unlink(),
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_step_counts_as_done_only_while_all_of_it_is_there(tmp_path: Path, case: str) -> None:
    """With a table or a file of it gone or changed, a step is to be done again."""
    save(at(tmp_path), "A", files={"a.html": b"<p>"})
    assert at(tmp_path).record("step")
    TAKEN[case](tmp_path)
    assert at(tmp_path).record("step") is None


def test_a_changed_file_is_not_taken_for_what_was_cleared(tmp_path: Path) -> None:
    """A file among what may leave that was changed by hand is not read again."""
    save(at(tmp_path), "A", files={"cleared.json": b"{}"})
    (tmp_path / "out" / "cleared.json").write_bytes(b"{} ")
    with pytest.raises(DataProblem, match="changed"):
        at(tmp_path).file("cleared.json")


def test_a_table_cannot_be_put_in_the_place_of_another(tmp_path: Path) -> None:
    """A sealed table under another's file name, or one of an earlier day put back, does not open as what the index names."""
    store = at(tmp_path)
    save(store, "A")
    (old,) = (tmp_path / "rooms" / "identity").iterdir()
    earlier = old.read_bytes()
    save(store, "B")
    (new,) = (tmp_path / "rooms" / "identity").iterdir()
    new.write_bytes(earlier)
    with pytest.raises(OurFault, match="names"):
        at(tmp_path).load(NAMES, LEAVE)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"step": 1}', b'{"step": {"fingerprint": "x"}}', b"\xff"])
def test_an_index_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    """A spoilt index stops with a plain message, and is left as it is."""
    save(at(tmp_path), "A")
    path = tmp_path / "rooms" / "index.json"
    path.write_bytes(content)
    with pytest.raises(OurFault, match="Delete the rooms folder"):
        at(tmp_path)
    assert path.read_bytes() == content


@pytest.fixture
def failing_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], list[int]]:
    """Makes the disk refuse one write, counted from 1; gives back a list that grows with each write asked for."""

    def fail(at_write: int, number: int) -> list[int]:
        asked: list[int] = []
        inner = os.fsync

        def fsync(descriptor: int) -> None:
            asked.append(descriptor)
            if len(asked) == at_write:
                raise OSError(number, os.strerror(number))
            inner(descriptor)

        monkeypatch.setattr(store_module.os, "fsync", fsync)
        return asked

    return fail


@pytest.mark.parametrize("at_write", [1, 2, 3, 4])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_any_write_leaves_what_was_there(
    tmp_path: Path, failing_disk: Callable[[int, int], list[int]], at_write: int, number: int
) -> None:
    """Whichever write the disk refuses, the message is plain, and tables, files and index are as they were, with no scrap."""
    save(at(tmp_path), "A", files={"a.html": b"old", "b.csv": b"old"})
    before = below(tmp_path)
    failing_disk(at_write, number)
    with pytest.raises(DataProblem) as stop:
        save(at(tmp_path), "B", files={"a.html": b"new", "b.csv": b"new"})
    assert ("disk is full" in stop.value.what) == (number == errno.ENOSPC)
    assert stop.value.__cause__ is None
    assert below(tmp_path) == before


def test_a_step_with_one_table_and_two_files_is_four_writes(
    tmp_path: Path, failing_disk: Callable[[int, int], list[int]]
) -> None:
    """The test before this one fails each write there is: the table, the two files and the index."""
    asked = failing_disk(0, 0)
    save(at(tmp_path), "A", files={"a.html": b"old", "b.csv": b"old"})
    assert len(asked) == 4


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links of this kind are a Unix matter")
def test_a_link_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    """A link planted where a file will be made does not lead the writing elsewhere."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "a.html").write_bytes(b"precious")
    (tmp_path / "out.new").symlink_to(target)
    with pytest.raises(DataProblem):
        save(at(tmp_path), "A", files={"a.html": b"<p>"})
    assert (target / "a.html").read_bytes() == b"precious"


def test_a_release_changes_places_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the change of places or the index fails, the release of before stands whole; where it goes through, only the new one does."""
    save(at(tmp_path), "A", files={"a.html": b"old", "tables/b.csv": b"old", "tables/c.csv": b"old"})
    (tmp_path / "out" / "note.txt").write_bytes(b"mine")
    before = below(tmp_path / "out")
    rename = Path.rename

    for failing in ("out", "out.new"):

        def refuse(self: Path, target: Path, failing: str = failing) -> Path:
            if self.name == failing and target.name != "out.new":
                raise OSError(errno.EACCES, "held open by another")
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", refuse)
        with pytest.raises(DataProblem):
            save(at(tmp_path), "A", files={"a.html": b"new", "tables/b.csv": b"new"})
        monkeypatch.setattr(Path, "rename", rename)
        assert below(tmp_path / "out") == before
    save(at(tmp_path), "A", files={"a.html": b"new", "tables/b.csv": b"new"})
    assert below(tmp_path / "out") == {"a.html": b"new", str(Path("tables/b.csv")): b"new", "note.txt": b"mine"}
    assert not [p for p in tmp_path.iterdir() if p.name.startswith("out.")]


def test_a_kill_between_the_two_moves_is_mended(tmp_path: Path) -> None:
    """With the old release set aside and the new one not yet in its place, the old one comes back before anything is written."""
    save(at(tmp_path), "A", files={"a.html": b"old"})
    (tmp_path / "out").rename(tmp_path / "out.old")
    (tmp_path / "out.new").mkdir()
    assert at(tmp_path).record("step") is None
    save(at(tmp_path), "A")
    assert below(tmp_path / "out") == {"a.html": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="rights are kept otherwise on Windows")
def test_nobody_else_may_look_into_the_rooms(tmp_path: Path) -> None:
    """Folders and files of the rooms can be read by the one who ran the study alone."""
    save(at(tmp_path), "A")
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "rooms" / "identity").rglob("*")} == {0}

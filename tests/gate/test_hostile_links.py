"""A link laid in a study's own folders leads nothing elsewhere: not a table, not a key, not a line, not a release."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from made_ended import DAY, small_study

from hearthlink.errors import Refused
from hearthlink.governance import Event, Ledger
from hearthlink.study import open_study, places, run, store
from hearthlink.study.places import OWN, require_own
from hearthlink.study.store import write_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="whoever is no administrator lays no links on Windows")


def clock() -> datetime:
    return DAY


def elsewhere(tmp_path: Path) -> Path:
    """A folder of somebody's own, with a file in it."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "precious").write_bytes(b"precious")
    return place


def untouched(place: Path) -> bool:
    return [(path.name, path.read_bytes()) for path in place.iterdir()] == [("precious", b"precious")]


LAID = {
    **dict.fromkeys(OWN, ""),
    "rooms/identity": "",
    "releases/001": "",
    "out/tables": "",
    "out/note.txt": "precious",
    "keys/signs": "nothing",
}
"""Where a link is laid, and what it leads to in a folder of somebody else's."""


@pytest.mark.parametrize("laid", LAID)
def test_a_study_whose_own_folders_lead_elsewhere_is_refused(tmp_path: Path, laid: str) -> None:
    """Whichever folder of the study is a link or holds one, a run is refused with its name, and nothing there is read, written or deleted."""
    study, place = small_study(tmp_path / "study"), elsewhere(tmp_path)
    shutil.rmtree(study / laid, ignore_errors=True)
    (study / laid).symlink_to(place / LAID[laid])
    with pytest.raises(Refused, match="a link") as told:
        run(open_study(study), clock=clock)
    assert str(tmp_path) not in f"{told.value.what} {told.value.file} {told.value.remedy}"
    assert untouched(place)


@pytest.mark.parametrize("how", ["symlink_to", "hardlink_to"])
def test_a_ledger_that_is_another_file_takes_no_line(tmp_path: Path, how: str) -> None:
    """Neither through a link nor by a second name does a line come into a file of somebody else's."""
    place = elsewhere(tmp_path)
    (tmp_path / "study").mkdir()
    getattr(tmp_path / "study" / "ledger.jsonl", how)(place / "precious")
    (place / "precious").write_bytes(b"precious")
    with pytest.raises(Refused, match="a link"):
        Ledger(tmp_path / "study" / "ledger.jsonl", clock).write(Event.BEGUN)
    assert untouched(place) or how == "hardlink_to"
    assert b"begun" not in (place / "precious").read_bytes()


@pytest.mark.parametrize("how", ["symlink_to", "hardlink_to"])
def test_what_waits_to_be_moved_in_is_always_a_new_file(tmp_path: Path, how: str) -> None:
    """A link laid where a file is first written, or at the place it is moved to, is taken away and what it led to stays."""
    place = elsewhere(tmp_path)
    for name in ("a.json.new", "a.json"):
        getattr(tmp_path / name, how)(place / "precious")
        write_whole(tmp_path / "a.json", b"ours")
        assert untouched(place)
        assert (tmp_path / "a.json").read_bytes() == b"ours"
        (tmp_path / "a.json").unlink()


@pytest.mark.parametrize("back", [False, True], ids=["and left", "and taken away again"])
def test_a_link_laid_between_the_look_and_the_writing_leads_no_byte_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    """However quickly a folder changes places with a link, what was opened is looked at once more before anything is written into it."""
    study, place = tmp_path / "study", elsewhere(tmp_path)
    (study / "rooms" / "identity").mkdir(parents=True)
    (study / "study.toml").write_text("", encoding="utf-8")
    require_own(study)
    room, aside, opened = study / "rooms" / "identity", study / "rooms" / "aside", os.open

    def quick(path: Path, *given: int) -> int:
        room.rename(aside)
        room.symlink_to(place)
        descriptor = opened(path, *given)
        if back:
            room.unlink()
            aside.rename(room)
            os.close(opened(room / "a.sealed.new", os.O_CREAT | os.O_WRONLY))
        return descriptor

    monkeypatch.setattr(store.os, "open", quick)
    with pytest.raises(Refused, match="a link"):
        write_whole(room / "a.sealed", b"SECRET")
    monkeypatch.undo()
    assert all(b"SECRET" not in path.read_bytes() for path in place.iterdir())


def test_a_study_that_is_itself_reached_by_a_link_is_used(tmp_path: Path) -> None:
    """The study's folder may be a link, and so may the folder of extracts: those are for its people to say."""
    study = tmp_path / "study"
    (study / "rooms").mkdir(parents=True)
    (study / "study.toml").write_text("", encoding="utf-8")
    (study / "in").symlink_to(elsewhere(tmp_path))
    (tmp_path / "short").symlink_to(study)
    require_own(tmp_path / "short")
    write_whole(tmp_path / "short" / "rooms" / "a.sealed", b"ours")
    assert (study / "rooms" / "a.sealed").read_bytes() == b"ours"
    assert places.study_above(tmp_path / "short" / "rooms" / "a") == tmp_path / "short"

"""Keys and tables that somebody spoilt or took away: refused, or made again with the ledger and the screen saying so; never passed over."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from made_authority import copy_of, events, results, say


def key_gone(study: Path) -> None:
    (study / "keys" / "identity.key").unlink()


def key_changed(study: Path) -> None:
    (study / "keys" / "identity.key").write_bytes(bytes(32))


def key_cut(study: Path) -> None:
    (study / "keys" / "identity.key").write_bytes(bytes(30))


def key_of_another_room(study: Path) -> None:
    shutil.copy(study / "keys" / "content.key", study / "keys" / "identity.key")


KEYS: Mapping[str, Callable[[Path], None]] = {
    one.__name__: one for one in (key_gone, key_changed, key_cut, key_of_another_room)
}


@pytest.mark.parametrize("case", KEYS)
def test_a_spoilt_key_is_refused_and_none_is_made_in_its_place(real: Path, tmp_path: Path, case: str) -> None:
    """With its key gone or changed a room holds what people said and nobody can say again: nothing is done, and it is entered."""
    study = copy_of(real, tmp_path / "study")
    KEYS[case](study)
    before = sorted(path.name for path in (study / "keys").iterdir())
    done = say("run", study)
    assert done.code == 3
    assert "identity.key" in done.err
    assert sorted(path.name for path in (study / "keys").iterdir()) == before
    assert events(study)[-1]["event"] == "refused"


def table_gone(study: Path) -> None:
    next((study / "rooms" / "identity").glob("link.*")).unlink()


def rooms_gone(study: Path) -> None:
    shutil.rmtree(study / "rooms")


def report_edited(study: Path) -> None:
    (study / "out" / "report.html").write_text("x", encoding="utf-8")


LOST: Mapping[str, tuple[Callable[[Path], None], str]] = {
    "a table gone": (table_gone, "link"),
    "all rooms gone": (rooms_gone, "receive"),
    "a report that was edited": (report_edited, "report"),
}


@pytest.mark.parametrize("case", LOST)
def test_what_is_missing_is_made_again_and_it_is_said(real: Path, tmp_path: Path, case: str) -> None:
    """The run comes to the same results with exit code 0; the screen and the ledger tell that what a step wrote was not as it was left."""
    study = copy_of(real, tmp_path / "study")
    before = results(study) if case != "all rooms gone" else {}
    spoil, step = LOST[case]
    spoil(study)
    count = len(events(study))
    done = say("run", study)
    assert (done.code, done.err) == (0, "")
    assert "the ledger says so" in done.out
    told = [one["step"] for one in events(study)[count:] if one["event"] == "step found missing or changed"]
    assert told == [step]
    if before:
        assert set(results(study)) == set(before)
        assert results(study)["report.html"] == before["report.html"]
    again = len(events(study))
    assert "the ledger says so" not in say("run", study).out
    assert not [one for one in events(study)[again:] if one["event"] == "step found missing or changed"]

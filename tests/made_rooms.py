"""A council's study whose keys rest apart, played by four people in turn, with all that passed to the processes of their steps noted."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from made_authority import LAST_DAY, TODAY, Secrets, copy_of, unpermitted_study
from made_protocol import PASSPHRASE, Team, filled, sign, write
from made_text import text_of

from hearthlink.study import Next, Study, open_study
from hearthlink.study import run as carry_out
from hearthlink.study.holder import at_keyboard
from hearthlink.study.processes import handed

ORDER = ("custodian", "linker", "custodian", "author", "officer", "author")
"""Who does their part after whom, by the keys of the smallest team: the author analyses, and the officer clears."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn: what was done and found unchanged, who is next, and every process started with all that it was sent."""

    who: str
    done: tuple[str, ...]
    unchanged: tuple[str, ...]
    waits: Next | None
    started: list[tuple[tuple[str, ...], dict[str, Any], dict[str, str], int]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The orders among what was sent."""
        return [one for one in self.sent if "keys" in one]


@dataclass(frozen=True, slots=True)
class Played:
    """The study after all turns, copies of it as it stood after some, and what was found in its files while it ran."""

    study: Path
    keys: Team
    turns: tuple[Turn, ...]
    after: dict[str, Path]
    seen: dict[str, dict[str, int]]

    @property
    def room_keys(self) -> dict[str, bytes]:
        """The key of each room, as the orders had it."""
        return {
            room: base64.b64decode(key)
            for turn in self.turns
            for one in turn.orders
            for room, key in one["keys"].items()
        }


def apart_study(folder: Path, extracts: Path, keys: Team) -> Path:
    """A study whose protocol has the keys of its rooms apart; nobody has run it yet."""
    study = unpermitted_study(folder, extracts)
    permit_apart(study, keys)
    return study


def permit_apart(study: Path, keys: Team, **more: Any) -> dict[str, Any]:
    """A protocol that keeps the keys apart, signed; what it says is given back."""
    said = filled(study, keys) | {"rooms": {"keys": "apart"}} | more
    said["dates"] |= {"ends": LAST_DAY, "destroy_by": LAST_DAY + timedelta(days=183)}
    write(study, said)
    sign(study, keys, "linker", "officer")
    return said


def opened_by(study: Path, keys: Team, who: str) -> Study:
    """The study with somebody at the keyboard."""
    return at_keyboard(open_study(study), who, ask=lambda _: PASSPHRASE, folder=keys.folder)


def turn_of(study: Path, keys: Team, who: str, *, look: Any = None, **asked: Any) -> Turn:
    """Let somebody run the study; `look` is called while each step's process is still there."""
    done: list[str] = []
    unchanged: list[str] = []

    def tell(news: Any) -> None:
        (done if news.done else unchanged).append(news.step.name)
        if look is not None:
            look()

    with watched() as (started, sent):
        waits = carry_out(opened_by(study, keys, who), clock=lambda: TODAY, tell=tell, **asked)
    return Turn(who, tuple(done), tuple(unchanged), waits, started, sent)


@contextmanager
def watched() -> Iterator[tuple[list[Any], list[Any]]]:
    """Every process that is started for steps, and every message that one is sent."""
    started: list[Any] = []
    sent: list[Any] = []
    inner, begin = handed.send, subprocess.Popen

    def send(pipe: Any, message: Any) -> None:
        sent.append(dict(message))
        inner(pipe, message)

    def start(command: Any, **how: Any) -> Any:
        made = begin(command, **how)
        started.append((tuple(command), how, dict(os.environ), made.pid))
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handed, "send", send)
        patch.setattr(handed.subprocess, "Popen", start)
        yield started, sent


def play(folder: Path, extracts: Path, keys: Team, secrets: Secrets) -> Played:
    """Let four people play a study from start to end, and look through its files and the temporary folder all the while."""
    study = apart_study(folder / "real", extracts, keys)
    temporary = folder / "temporary"
    temporary.mkdir()
    seen: dict[str, dict[str, int]] = {}

    looked: set[tuple[str, int, int]] = set()

    def look() -> None:
        """Look through every file that is new or another since the last look."""
        for path in [*study.rglob("*"), *temporary.rglob("*")]:
            stat = path.stat()
            now = (str(path), stat.st_mtime_ns, stat.st_size)
            if now in looked or not path.is_file() or (study / "in") in path.parents:
                continue
            looked.add(now)
            found = secrets.in_text(text_of(path.name, path.read_bytes()))
            if found:
                seen[path.name] = found

    turns: list[Turn] = []
    after: dict[str, Path] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TMPDIR", "TEMP", "TMP"):
            patch.setenv(name, str(temporary))
        for number, who in enumerate(ORDER):
            turns.append(turn_of(study, keys, who, look=look))
            look()
            if number in {0, 2}:
                after[turns[-1].done[-1]] = copy_of(study, folder / f"after {number}" / "real")
    return Played(study, keys, tuple(turns), after, seen)


def spelt(key: bytes) -> tuple[bytes, ...]:
    """A key as it may be found written: as it is, in hex, and in base64, plain or for addresses."""
    plain = base64.b64encode(key), base64.urlsafe_b64encode(key), base64.b32encode(key), key.hex().encode()
    return key, *(one.rstrip(b"=") for one in plain)

"""The process that does steps of one role: it holds that role's keys and no other, and has only a pipe to whoever started it.

Keys come over the pipe alone. What it has to say goes back as data: a line for the ledger, how far it is, how it stopped. The text of a
fault that is not ours never leaves it, for that may quote a record.
"""

from __future__ import annotations

import base64
import logging
import os
import sys
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import BinaryIO, cast

from hearthlink.errors import HearthlinkError, refused_by_system
from hearthlink.governance import Event, Keys
from hearthlink.governance.memory import without_core_dumps
from hearthlink.governance.network import closed_network
from hearthlink.study.keyboard import answered_by
from hearthlink.study.processes.messages import Message, receive, send
from hearthlink.study.processes.work import Work, carry_out
from hearthlink.study.steps import STEPS
from hearthlink.study.store import open_store
from hearthlink.study.study import open_study
from hearthlink.tables import Room


@dataclass(frozen=True, slots=True)
class _Line:
    """The pipe to whoever started this process: what is said, and what is answered."""

    out: BinaryIO
    answers: SimpleQueue[Message]
    guard: Lock

    def say(self, what: str, **told: object) -> None:
        with self.guard:  # threads of a step may tell at once how far they are
            send(self.out, {"say": what, **told})

    def ask(self, what: str, **told: object) -> Message:
        self.say(what, **told)
        return self.answers.get()

    def write(self, event: Event, *, step: str = "", role: str = "", counts: Mapping[str, int] | None = None) -> None:
        """Have a line entered in the ledger."""
        whole = {name: int(count) for name, count in (counts or {}).items()}
        self.say("entry", event=event.value, step=step, role=role, counts=whole)

    def now(self) -> datetime:
        """The time by the clock of whoever started this process."""
        return datetime.fromisoformat(str(self.ask("now")["now"]))

    def opened(self, name: str) -> Mapping[str, str]:
        """The hashes of the files of a folder outside the rooms."""
        return cast("dict[str, str]", self.ask("opened", name=name)["opened"])

    def progress(self, words: str, share: float) -> None:
        """Say how far a step is."""
        self.say("progress", words=words, share=share)

    def password(self, words: str) -> str:
        """What the person at the keyboard answers; it is asked where a database wants a password."""
        return str(self.ask("password", words=words)["password"])


def main() -> None:
    """Do what is asked over the pipe, and end."""
    line = _alone()
    try:
        order = line.answers.get()
        with closed_network():
            _carry_out(line, order)
        line.say("end")
    except HearthlinkError as stop:
        _say_stop(line, stop)
    except OSError as fault:
        _say_stop(line, refused_by_system(fault))
    except KeyboardInterrupt:
        line.say("interrupted")
    except BaseException as fault:  # noqa: BLE001 - the last door of this process: no word of what comes here may pass
        line.say("fault", kind=type(fault).__name__, at=_place_of(fault))
    # Threads of a driver or an engine do not keep it: what counts is on the disk.
    os._exit(0)


def _carry_out(line: _Line, order: Message) -> None:
    study = open_study(Path(str(order["study"])))
    told = cast("dict[str, str]", order["keys"])
    study.held = Keys({Room(room): base64.b64decode(key) for room, key in told.items()}, study.bound_to)
    names = cast("list[str]", order["steps"])
    work = Work(
        study, open_store(study, study.held), line, line.opened, line.now, line.progress, again=bool(order["again"])
    )
    answered_by(line.password)
    for step in (one for one in STEPS if one.name in names):
        line.say("news", step=step.name, done=carry_out(work, step))


def _alone() -> _Line:
    """The pipe, taken away from whatever else would write or read; no core dump; and an end as soon as the other side has gone."""
    without_core_dumps()
    warnings.simplefilter("ignore")
    logging.disable()
    # Both ends under numbers of their own: a library that prints, or reads what is typed, has the null device.
    ears, mouth = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    answers: SimpleQueue[Message] = SimpleQueue()

    def listen() -> None:
        while (message := receive(ears)) is not None:
            answers.put(message)
        # Whoever started this process has ended, however it ended: nobody would enter what is done here.
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    threading.excepthook = lambda _: None
    sys.unraisablehook = lambda _: None
    return _Line(mouth, answers, Lock())


def _say_stop(line: _Line, stop: HearthlinkError) -> None:
    parts = {name: getattr(stop, name) for name in ("what", "file", "line", "column", "remedy")}
    line.say("stop", kind=type(stop).__name__, parts=parts)


def _place_of(fault: BaseException) -> str:
    """Where a fault lies in our own code, without a word of what it says."""
    place, where = fault.__traceback__, ""
    while place is not None:
        name = str(place.tb_frame.f_globals.get("__name__", ""))
        where = f"{name}, line {place.tb_lineno}" if name.startswith("hearthlink") else where
        place = place.tb_next
    return where

"""The process of a role's steps: it has a pipe and a null device, says nothing of what it read, and does not outlive whoever started it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from made_authority import TODAY, copy_of
from made_rooms import spelt, watched

from hearthlink.errors import DataProblem, OurFault, Refused
from hearthlink.governance import Ledger, Role, practice_keys
from hearthlink.governance.custody import rooms_of
from hearthlink.study import STEPS, open_study
from hearthlink.study import run as carry_out
from hearthlink.study.lock import only_one
from hearthlink.study.processes import handed
from hearthlink.study.processes.handed import Child, carry_out_in, end, start
from hearthlink.study.processes.messages import receive, send
from hearthlink.study.processes.work import Work
from hearthlink.study.store import look

NO_WORK = cast("Work", None)
"""Of a stop it does not matter in what work it came."""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """A process that waits for its order."""
    with only_one(tmp_path) as lock:
        started = start(lock)
        try:
            yield started
        finally:
            end(started)


def all_said(child: Child) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    while (message := receive(child.mouth)) is not None:
        said.append(dict(message))
    return said


def test_a_fault_comes_back_as_its_kind_and_its_place_and_no_word_more(child: Child, practice: Path) -> None:
    """Where a process stops by a fault that quotes what it was given, what comes back says neither; what is raised from it is ours."""
    send(child.ears, {"study": str(practice), "steps": ["receive"], "again": False, "keys": {"SECRET": "AAAA"}})
    (said,) = all_said(child)
    assert (said["say"], said["kind"]) == ("fault", "ValueError"), (
        "a room of that name is told as no room, with its name"
    )
    assert str(said["at"]).startswith("hearthlink.study.processes.child, line ")
    assert "SECRET" not in json.dumps(said)
    told = {"say": "fault", "kind": "ValueError", "at": "hearthlink.study.processes.child, line 1"}
    with pytest.raises(OurFault) as stop:
        handed._heard(child, NO_WORK, (), told, lambda _step, _done: None)
    assert "ValueError at hearthlink.study.processes.child" in stop.value.what


def test_a_stop_is_raised_as_what_it_was(child: Child) -> None:
    """A stop of ours comes back by its parts: its kind, where it was, and what to do."""
    parts = {"what": "A", "file": "b.csv", "line": 3, "column": "c", "remedy": "D"}
    told = {"say": "stop", "kind": "DataProblem", "parts": parts}
    with pytest.raises(DataProblem) as stop:
        handed._heard(child, NO_WORK, (), told, lambda _step, _done: None)
    assert stop.value.sentence == "b.csv, line 3, column c: A\n  D"


def test_a_process_ends_with_whoever_started_it(child: Child) -> None:
    """As soon as the pipe is closed, however the other side ended, the process ends too."""
    child.ears.close()
    assert child.process.wait(30) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process was given can be read off Linux alone")
def test_a_process_is_started_without_a_word_on_what_it_is_for(child: Child) -> None:
    """Its arguments are the same for every role, and it writes no memory to the disk should it crash."""
    place = Path("/proc") / str(child.process.pid)
    until = time.monotonic() + 300
    while core_limit(place) != "0":
        assert time.monotonic() < until, "a crash would write its memory to the disk"
        time.sleep(0.05)
    wanted = [word.encode() for word in handed.COMMAND[1:]]
    while (said := place.joinpath("cmdline").read_bytes().split(b"\0")[1:-1]) != wanted:  # until it has begun
        assert time.monotonic() < until, said
        time.sleep(0.05)


def core_limit(place: Path) -> str:
    """How large a file of its memory a process may ever leave, by what it has asked of the system."""
    limits = place.joinpath("limits").read_text(encoding="utf-8").splitlines()
    return next(line.split()[5] for line in limits if line.startswith("Max core file size"))


def test_with_another_roles_keys_a_step_does_not_open_what_it_reads(tmp_path: Path, practice: Path) -> None:
    """A process that is asked for a step of the custodian's with the linker's keys is refused at the first table of a room it has no key to."""
    study = open_study(copy_of(practice, tmp_path / "study"))
    carry_out(study, clock=lambda: TODAY, upto="receive")
    keys = practice_keys(study.keys, study.bound_to).of(rooms_of(Role.LINKER))
    ledger = Ledger(study.folder / "ledger.jsonl", lambda: TODAY)
    work = Work(study, look(study), ledger, lambda _: {}, lambda: TODAY, lambda _words, _share: None, again=False)
    (measure,) = [step for step in STEPS if step.name == "measure"]
    with only_one(study.folder) as lock, pytest.raises(Refused, match="no key for the content room"):
        carry_out_in(start(lock), work, [measure], keys, lambda _step, _done: None)


def test_practice_keys_are_handed_on_by_role_where_that_is_asked(tmp_path: Path, practice: Path) -> None:
    """`--apart` has the steps of a practice study done by processes that are handed the keys of their role, and nothing else."""
    study = copy_of(practice, tmp_path / "study")
    with watched() as (started, sent):
        assert carry_out(open_study(study), clock=lambda: datetime.now(UTC), upto="standardise", apart=True) is None
    orders = [one for one in sent if "keys" in one]
    assert [(order["steps"], set(order["keys"])) for order in orders] == [
        (["receive", "check"], {"identity", "content", "research", "record"}),
        (["standardise"], {"identity", "record"}),
    ]
    keys = [word for key in practice_keys(study / "keys").by_room.values() for word in spelt(key)]
    said = json.dumps([one[0] for one in started]).encode()
    assert not [word for word in keys if word in said]
    assert len(started) == 2


def test_a_lock_is_held_for_as_long_as_the_process_lives(tmp_path: Path) -> None:
    """Where a run is killed in the middle of a step, nobody else begins before the step's process has ended."""
    from hearthlink.errors import WrongUse

    with only_one(tmp_path) as lock:
        child = start(lock)
    try:
        if sys.platform != "win32":
            with pytest.raises(WrongUse, match="Another run"), only_one(tmp_path):
                pytest.fail("it must wait")
    finally:
        end(child)
    with only_one(tmp_path):
        pass

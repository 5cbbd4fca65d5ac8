"""Steps handed to a process of their own, with the keys of their role and no others; what it says is entered, shown or raised here."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

from hearthlink.errors import DataProblem, HearthlinkError, OurFault, Refused, WrongUse
from hearthlink.governance import Event, Keys
from hearthlink.study.checked import FindingStops
from hearthlink.study.keyboard import ask_person
from hearthlink.study.processes.messages import Message, receive, send
from hearthlink.study.processes.work import Work
from hearthlink.study.step import Step

COMMAND = (sys.executable, "-P", "-c", "from hearthlink.study.processes.child import main; main()")
"""What is started: the same for every role. What it is to do and the keys it does it with come over the pipe."""

STOPS: dict[str, type[HearthlinkError]] = {
    one.__name__: one for one in (DataProblem, WrongUse, Refused, OurFault, FindingStops)
}
ENTERED = frozenset({Event.STEP, Event.UNCHANGED, Event.OBJECTIONS})
"""The events that a process may have entered: those of its own steps."""


@dataclass(slots=True)
class Child:
    """A process that waits for its order. It is started a turn ahead, so that it has loaded everything when its turn comes, and no key."""

    process: subprocess.Popen[bytes]

    @property
    def ears(self) -> BinaryIO:
        """Where it listens."""
        return cast("BinaryIO", self.process.stdin)

    @property
    def mouth(self) -> BinaryIO:
        """Where it speaks."""
        return cast("BinaryIO", self.process.stdout)


def start(lock: int) -> Child:
    """Start a process for steps of one role. It keeps the study's `lock` for as long as it lives, so that nobody writes beside it."""
    keeps = () if sys.platform == "win32" else (lock,)
    return Child(
        subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True, pass_fds=keeps
        )
    )  # fmt: skip


def end(child: Child | None) -> None:
    """See that a process has ended, by whatever it takes."""
    if child is None:
        return
    for pipe in (child.ears, child.mouth):
        with suppress(OSError):
            pipe.close()
    child.process.kill()
    child.process.wait()


def order_for(work: Work, steps: Sequence[Step], keys: Keys) -> Message:
    """What a process is sent: the study, the steps, and the keys. Nothing else ever reaches it but answers to what it asks."""
    return {
        "study": os.fspath(work.study.folder.absolute()),
        "steps": [step.name for step in steps],
        "again": work.again,
        "keys": {room.value: base64.b64encode(key).decode() for room, key in keys.by_room.items()},
    }


def carry_out_in(
    child: Child, work: Work, steps: Sequence[Step], keys: Keys, tell: Callable[[Step, bool], None]
) -> None:
    """Have steps of one role done. Raises what they raise: HearthlinkError by its parts, of any other fault its kind and place alone."""
    try:
        send(child.ears, order_for(work, steps, keys))
        while (message := receive(child.mouth)) is not None:
            if message["say"] == "end":
                return
            _heard(child, work, steps, message, tell)
    except BrokenPipeError:
        pass
    finally:
        end(child)
    raise OurFault(
        "The process of a step ended without a word.",
        remedy="It may have had too little memory. Earlier results are as they were; run again to go on.",
    )


def _heard(
    child: Child, work: Work, steps: Sequence[Step], message: Message, tell: Callable[[Step, bool], None]
) -> None:
    match message["say"]:
        case "now":
            send(child.ears, {"now": work.clock().isoformat()})
        case "opened":
            send(child.ears, {"opened": dict(work.opened(str(message["name"])))})
        case "password":
            send(child.ears, {"password": ask_person(str(message["words"]))})
        case "progress":
            work.progress(str(message["words"]), float(str(message["share"])))
        case "entry":
            _enter(work, steps, message)
        case "news":
            tell(_named(steps, message["step"]), bool(message["done"]))
        case "interrupted":
            raise KeyboardInterrupt
        case "stop":
            parts = cast("dict[str, str]", message["parts"])
            raise STOPS[str(message["kind"])](**parts)  # pyright: ignore[reportArgumentType] - a line is a whole number
        case _:
            raise OurFault(
                f"A step stopped by a fault of its own ({message.get('kind')} at {message.get('at')}).",
                remedy="Earlier results are as they were. Please report this line; it holds nobody's data.",
            )


def _enter(work: Work, steps: Sequence[Step], message: Message) -> None:
    event, step = Event(message["event"]), _named(steps, message["step"])
    if event not in ENTERED or message["role"] != step.role.value:
        raise OurFault("The process of a step wanted a line in the ledger that is not its own.")
    counts = cast("dict[str, int]", message["counts"])
    work.entries.write(event, step=step.name, role=step.role.value, counts=counts)


def _named(steps: Sequence[Step], name: object) -> Step:
    found = next((one for one in steps if one.name == name), None)
    if found is None:
        raise OurFault("The process of a step spoke of another step.")
    return found

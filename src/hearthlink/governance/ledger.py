"""The ledger: one line for every read, step and refusal, by counts alone, each bound to the line before it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from hearthlink.errors import DataProblem, OurFault

START = "0" * 64
BY, ABOUT = re.compile("([A-Z2-7]{4}(-[A-Z2-7]{4}){3})?"), re.compile("([0-9a-f]{64})?")


class Event(Enum):
    """What a line of the ledger stands for."""

    BEGUN = "run begun"
    READ = "source read"
    STEP = "step done"
    UNCHANGED = "step unchanged"
    REFUSED = "refused"
    STOPPED = "stopped"
    FINISHED = "run finished"
    SEALED = "plan sealed"
    SIGNED = "protocol signed"
    REVOKED = "protocol key revoked"
    OBJECTIONS = "objections applied"
    CLASSIFIED = "research tables classified"
    WRITTEN_OUT = "research tables written out"
    CHECKED = "release checked"
    SUBMITTED = "release submitted"
    APPROVED = "release approved"
    RETURNED = "release returned"
    REJECTED = "release rejected"
    RELEASED = "released"
    WITHDRAWN = "release withdrawn"
    PAPERS = "papers written"
    FROZEN = "frozen after an incident"
    LIFTED = "freeze lifted"
    DESTROYING = "destruction agreed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file of JSON lines. `clock` gives the time in UTC."""

    path: Path
    clock: Callable[[], datetime]

    def write(
        self,
        event: Event,
        *,
        step: str = "",
        role: str = "",
        counts: Mapping[str, int] | None = None,
        by: str = "",
        about: str = "",
    ) -> None:
        """Add a line. Only names of steps and roles, whole numbers and digests can be given, so no person's data can enter.

        `by` is the fingerprint of the key of whoever did it, `about` the SHA-256 of what it was done to; each may be empty.
        """
        if not BY.fullmatch(by) or not ABOUT.fullmatch(about):
            raise OurFault("A line of the ledger may hold fingerprints and digests, and no other words.")
        self._drop_torn_line()
        entry: dict[str, object] = {
            "time": self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "event": event.value,
            "step": step,
            "role": role,
            "by": by,
            "about": about,
            "counts": {name: int(count) for name, count in sorted((counts or {}).items())},
            "before": self.head(),
        }
        entry["hash"] = _digest(entry)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def head(self) -> str:
        """The hash of the last whole line, or noughts where there is none."""
        if not self.path.exists():
            return START
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 65536))
            lines = file.read().splitlines()
        for line in reversed(lines):
            try:
                return str(json.loads(line)["hash"])
            except (ValueError, KeyError, TypeError):
                continue
        return START

    def _drop_torn_line(self) -> None:
        # A kill in the middle of a write leaves a line without its end: it was never entered, and what follows must not join it.
        if not self.path.exists():
            return
        with self.path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 65536))
            tail = file.read()
            if tail and not tail.endswith(b"\n"):
                file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)

    def verify(self) -> int:
        """Number of lines, all sound. Raises DataProblem that names the first line that is not.

        A last line without its end was never entered and is passed over; lines cut off the end cannot be missed by what is left.
        """
        before = START
        lines = self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []
        for number, line in enumerate(lines, start=1):
            said = _hash_if_sound(line, before)
            if said is None:
                raise DataProblem(
                    "This line does not follow from the one before it.",
                    file=self.path.name,
                    line=number,
                    remedy="It, or a line before it, was changed, taken out or moved. Keep the file, and tell who holds the study.",
                )
            before = said
        return len(lines)


def _hash_if_sound(line: bytes, before: str) -> str | None:
    """The hash of a line that is spelt as it was written and follows from the one before; None for any other."""
    try:
        entry = json.loads(line)
        spelt = json.dumps(entry, ensure_ascii=False).encode()
        said = entry.pop("hash")
        return said if spelt == line and said == _digest(entry) and entry["before"] == before else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _digest(entry: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

"""The ledger: one line for every read, step and refusal, by counts alone, each bound to the line before it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from hearthlink.errors import DataProblem

START = "0" * 64


class Event(Enum):
    """What a line of the ledger stands for."""

    BEGUN = "run begun"
    READ = "source read"
    STEP = "step done"
    UNCHANGED = "step unchanged"
    REFUSED = "refused"
    STOPPED = "stopped"
    FINISHED = "run finished"


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file of JSON lines. `clock` gives the time in UTC."""

    path: Path
    clock: Callable[[], datetime]

    def write(self, event: Event, *, step: str = "", role: str = "", counts: Mapping[str, int] | None = None) -> None:
        """Add a line. Only names of steps and roles and whole numbers can be given, so no person's data can enter."""
        entry: dict[str, object] = {
            "time": self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "event": event.value,
            "step": step,
            "role": role,
            "counts": {name: int(count) for name, count in sorted((counts or {}).items())},
            "before": self.head(),
        }
        entry["hash"] = _digest(entry)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
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
            except (ValueError, KeyError):
                continue  # a kill in mid-line leaves a torn last line; `verify` names it
        return START

    def verify(self) -> int:
        """Number of lines, all sound. Raises DataProblem that names the first line that is not."""
        before = START
        count = 0
        if not self.path.exists():
            return 0
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                entry = json.loads(line)
                said = entry.pop("hash")
                sound = said == _digest(entry) and entry["before"] == before
            except (ValueError, KeyError, AttributeError):
                sound, said = False, ""
            if not sound:
                raise DataProblem("This line does not follow from the one before it.", file=self.path.name, line=number)
            before = said
            count = number
        return count


def _digest(entry: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

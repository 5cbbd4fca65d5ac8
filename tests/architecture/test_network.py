"""Hearthlink speaks to nobody, and the tests would notice."""

from __future__ import annotations

import ast
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "hearthlink"
SPEAKERS = {
    "socket",
    "ssl",
    "urllib.request",
    "http.client",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
    "asyncio",
    "aiohttp",
}
BY_NAME_ONLY = {"importlib.import_module", "__import__", "exec", "eval"}


@pytest.fixture(scope="module")
def parsed() -> Mapping[Path, tuple[ast.AST, ...]]:
    """Every node of every file of the source, parsed once for all tests of this file."""
    return {file: tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8")))) for file in SOURCE.rglob("*.py")}


def test_no_connection_can_be_made_under_test() -> None:
    """A connection to another machine is refused before it is tried."""
    with socket.socket() as line, pytest.raises(RuntimeError):
        line.connect(("192.0.2.1", 80))


def test_no_name_can_be_looked_up_under_test() -> None:
    """The look-up of another machine's name is refused before it is tried."""
    with pytest.raises(RuntimeError):
        socket.getaddrinfo("example.org", 80)


def test_no_module_imports_a_way_to_speak(parsed: Mapping[Path, tuple[ast.AST, ...]]) -> None:
    """No file of the source imports a library whose work is to reach another machine, but the one that keeps the network closed."""
    found: list[str] = []
    for file, nodes in parsed.items():
        if file.relative_to(SOURCE).as_posix() == "governance/network.py":
            continue
        for node in nodes:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{file.name}: {name}" for name in names if name in SPEAKERS or name.split(".")[0] in SPEAKERS]
    assert found == []


def test_the_network_is_opened_in_one_place(parsed: Mapping[Path, tuple[ast.AST, ...]]) -> None:
    """Only the reading of a database's table asks for the network to be opened; a run closes it, and so does all that is done beside one."""
    named: dict[str, list[str]] = {"network_open_to": [], "closed_network": []}
    for file, nodes in parsed.items():
        words = {n.id for n in nodes if isinstance(n, ast.Name)}
        for name in words & named.keys():
            named[name].append(file.name)
    assert {name: sorted(files) for name, files in named.items()} == {
        "network_open_to": ["connection.py"],
        "closed_network": ["beside.py", "child.py", "mapping.py", "room.py", "run.py"],
    }


def test_nothing_is_imported_by_a_name_put_together_at_run_time(
    parsed: Mapping[Path, tuple[ast.AST, ...]],
) -> None:
    """Import contracts see every import, because none hides behind a text."""
    found: list[str] = []
    for file, nodes in parsed.items():
        calls = [n for n in nodes if isinstance(n, ast.Call)]
        found += [f"{file.name}:{call.lineno}" for call in calls if ast.unparse(call.func) in BY_NAME_ONLY]
    assert found == []

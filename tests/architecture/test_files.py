"""The shape of the source and of what is committed: small files, honest names, nothing of any one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hearthlink"
LONGEST = 420
LISTS = {"synthetic/naming/name_lists_british.py", "synthetic/naming/name_lists_world.py"}
"""Files that hold one long list and no idea."""
KNOWN_LONG: dict[str, int] = {}
"""Files still waiting to be parted, with the length they may not pass. The list may shrink and should not grow."""
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc"}

PLACES = re.compile(
    r"(?<![\w.])/(?:root|home|work|opt|tmp|Users)/\w|[A-Z]:\\Users|pythonhosted|pypi\.org/simple"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host"
)
"""Paths of a machine, and addresses from which packages come."""


def committed() -> list[Path]:
    """Every file under version control that holds text."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        pytest.skip("this copy is not under version control")
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [
        f
        for f in files
        if f.is_file() and f.suffix not in {".png", ".ico", ".woff2", ".xls"} and f != Path(__file__).resolve()
    ]


def lengths() -> dict[str, int]:
    """Lines of every file of the source, but for plain lists."""
    files = {file.relative_to(SOURCE).as_posix(): file for file in SOURCE.rglob("*.py")}
    return {n: len(f.read_text(encoding="utf-8").splitlines()) for n, f in files.items() if n not in LISTS}


def test_no_file_of_the_source_is_two_ideas() -> None:
    """No file is longer than some four hundred lines, but for those known to be."""
    assert {name: lines for name, lines in lengths().items() if lines > KNOWN_LONG.get(name, LONGEST)} == {}


def test_the_list_of_long_files_holds_no_others() -> None:
    """A file that has been parted leaves the list of long files."""
    assert [name for name in KNOWN_LONG if lengths().get(name, 0) <= LONGEST] == []


def test_no_file_is_named_for_nothing() -> None:
    """No folder or module is called by a name that says nothing."""
    assert [p for p in SOURCE.rglob("*") if p.stem.strip("_") in EMPTY_NAMES] == []


def test_nothing_of_a_machine_is_committed() -> None:
    """No committed file holds a path of somebody's machine or the address of a package index."""
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in committed()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if PLACES.search(line)
    ]
    assert found == []


def test_every_test_says_what_is_true() -> None:
    """Each test has a whole sentence of its own."""
    mute: list[str] = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                says = (ast.get_docstring(node) or "").strip()
                if not re.match(r".{12,}[.?!]$", says, re.DOTALL):
                    mute.append(f"{file.relative_to(ROOT)}::{node.name}")
    assert mute == []


def test_every_test_folder_is_a_kind_of_claim() -> None:
    """Tests lie in the folders named in CONTRIBUTING, and nowhere else."""
    kinds = {"spec", "referee", "generative", "gate", "journey", "architecture", "unit"}
    assert {f.relative_to(ROOT / "tests").parts[0] for f in (ROOT / "tests").rglob("test_*.py")} <= kinds

"""The locks: every package pinned, hashed, explained, and enough for what the project says it needs."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+))?", re.MULTILINE | re.IGNORECASE)


def pins(name: str) -> dict[str, str]:
    """Package to version, as a lock pins them."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {canonicalize_name(m["name"]): m["version"] for m in PIN.finditer(text)}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "spark.txt", "splink4.txt", "peers.txt"])
def test_every_line_of_a_lock_is_a_pin_a_hash_or_a_note(name: str) -> None:
    """A lock holds pins, each followed by its hashes, and no option or address."""
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    shapes = [
        bool(PIN.match(x)) or bool(re.match(r"    --hash=sha256:[0-9a-f]{64}( \\)?$", x)) or x.startswith("# ")
        for x in lines
    ]
    assert all(shapes)
    assert all("--hash" in after for line, after in pairwise(lines) if PIN.match(line))


def test_one_version_of_a_package_serves_every_python() -> None:
    """No package is pinned twice, so that figures do not hang on which Python drew them."""
    text = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    names = [m["name"] for m in PIN.finditer(text)]
    assert len(names) == len(set(names))


def test_the_lock_for_work_holds_the_lock_for_running() -> None:
    """What is tested is what is run: the same versions stand in both locks."""
    run, dev = pins("run.txt"), pins("dev.txt")
    assert {name: dev.get(name) for name in run} == run


def test_the_lock_for_spark_holds_nothing_twice() -> None:
    """What the spark extra needs is pinned within its range, and what the lock for running holds is left to that."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    spark = pins("spark.txt")
    assert spark.keys() & pins("run.txt").keys() == set()
    for need in map(Requirement, project["optional-dependencies"]["spark"]):
        assert need.specifier.contains(spark[canonicalize_name(need.name)])


def test_the_lock_meets_every_need_of_the_project() -> None:
    """Each dependency in pyproject.toml is pinned within its range."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = pins("run.txt")
    unmet = [
        str(need)
        for need in map(Requirement, project["dependencies"])
        if not need.specifier.contains(run.get(canonicalize_name(need.name), "0"))
    ]
    assert unmet == []


def test_every_package_is_explained() -> None:
    """The page on dependencies names each locked package."""
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    named = {canonicalize_name(name) for name in re.findall(r"^\| `([^`]+)`", page, re.MULTILINE)}
    assert named == pins("dev.txt").keys() | pins("spark.txt").keys()

"""Bytes that nobody would send: a smoke of `dev.py prove fuzz`, and of its power to find a fault."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from prove.fuzz import judged, made, put_to
from prove.fuzz_targets import CANARY, TARGETS, Target, require

from hearthlink.errors import DataProblem

CASES = 40


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_reader_withstands_strange_bytes(target: Target) -> None:
    """No case crashes a reader, keeps it busy, makes it say a value or miscount its rows; and some good files are read."""
    found = put_to(target, CASES)
    assert found.faults == {}
    assert found.read + found.refused == CASES
    assert found.read


def test_the_same_case_has_the_same_bytes() -> None:
    """A case is repeated by its number alone."""
    for target in TARGETS:
        assert made(target, 7) == made(target, 7)
        assert len({made(target, number) for number in range(30)}) > 10


def tells(_data: bytes, _folder: Path) -> None:
    raise DataProblem(f"It begins with {CANARY}.")


def loses(_data: bytes, _folder: Path) -> None:
    require(False, "1 in, 0 kept")


def breaks(_data: bytes, _folder: Path) -> None:
    raise KeyError


@pytest.mark.parametrize(
    ("fault", "kind"), [(tells, "told a value"), (loses, "rows miscounted"), (breaks, "raised KeyError")]
)
def test_a_fault_is_seen_for_what_it_is(fault: object, kind: str, tmp_path: Path) -> None:
    """A reader that tells a value, loses a row or breaks is found out."""
    target = Target("x", fault, lambda: (b"x",))  # type: ignore[arg-type]
    assert judged(target, b"x", tmp_path)[0] == kind


def test_a_reader_that_never_ends_or_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs or is killed is replaced by another, which goes on with the next case."""
    from prove import fuzz

    monkeypatch.setattr(fuzz, "LIMIT", 0.0)
    target = next(t for t in TARGETS if t.name == "dates")
    monkeypatch.setattr(fuzz.time, "monotonic", lambda inner=time.monotonic: inner() + 1e6)
    found = put_to(target, 2)
    assert sum(len(cases) for cases in found.faults.values()) == 2

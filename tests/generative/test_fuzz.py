"""Bytes that nobody would send: a smoke of `dev.py prove fuzz`, and of its power to find a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from prove import fuzz
from prove.fuzz import judged, made, put_to
from prove.fuzz_targets import CANARY, TARGETS, TRIALS, Target, require

from hearthlink.errors import DataProblem

CASES = 20


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_reader_withstands_strange_bytes(target: Target, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """No case breaks a reader, makes it say a value or miscount its rows; and some good files are read."""
    kinds = [judged(target, made(target, number), tmp_path)[0] for number in range(CASES)]
    assert set(kinds) <= {"read", "refused"}
    assert "read" in kinds
    assert CANARY not in "".join(capfd.readouterr())


def test_cases_are_put_in_a_process_of_their_own() -> None:
    """What a process reports is counted case by case."""
    found = put_to(next(target for target in TARGETS if target.name == "dates"), CASES)
    assert (found.read, found.refused, found.faults) == (CASES, 0, {})


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


@pytest.mark.parametrize(("target", "kind"), [(TRIALS[0], "hung"), (TRIALS[1], "crashed")])
def test_a_reader_that_never_ends_or_dies_is_replaced(
    target: Target, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that hangs or dies is replaced by another, which goes on with the next case."""
    monkeypatch.setattr(fuzz, "LIMIT", 0.3)
    found = put_to(target, 2)
    assert found.faults == {kind: [0, 1]}

"""A long proof goes on where it was broken off."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from prove.kept import trials_of


class AtOnce(Executor):
    """Does what it is given at once, and says what that was."""

    def __init__(self) -> None:
        self.done: list[int] = []

    def submit(self, act: Any, seed: int) -> Future[Any]:  # type: ignore[override]
        """Do it."""
        self.done.append(seed)
        made: Future[Any] = Future()
        made.set_result(act(seed))
        return made


def asked(file: Path, seeds: list[int]) -> tuple[list[int], list[int]]:
    pool = AtOnce()
    found = trials_of(file, seeds, lambda seed: seed * 10, pool, plain=lambda t: [t], again=lambda told: told[0])
    return found, sorted(pool.done)


def test_only_what_is_not_there_is_made(tmp_path: Path) -> None:
    """Trials stand in the order of their seeds; those kept before are read, and a line that was cut off is made again."""
    file = tmp_path / "x" / "plain.jsonl"
    assert asked(file, [3, 1]) == ([30, 10], [1, 3])
    assert asked(file, [1, 2, 3]) == ([10, 20, 30], [2])
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[:-3], encoding="utf-8")
    assert asked(file, [1, 2, 3]) == ([10, 20, 30], [2])
    assert asked(file, [1, 2, 3]) == ([10, 20, 30], [])

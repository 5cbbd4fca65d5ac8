"""What a benchmark of reading needs of each kind of file: how one is made at a size, who reads it, and what is aimed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Aim:
    """No more than so many times the seconds of another reader of the same file, or no more than so many MiB."""

    ours: str
    theirs: str | None
    at_most: float


@dataclass(frozen=True, slots=True)
class Material:
    """One kind of file: what it is, how many records it holds at full size, how it is made, its readers, and the aims.

    ``make(folder, records, within)`` writes the file and gives its path and what it holds, in counts. ``jobs`` are the readers by name: a
    script of this folder and its arguments, after which comes the file's path. Each prints, as its last line, a JSON object with
    ``seconds``, the time of the reading alone, ``peak``, the MiB it held at the most (`own_peak`), and counts of what it read.
    """

    name: str
    says: str
    records: int
    make: Callable[[Path, int, dict[str, str]], tuple[Path, dict[str, int]]]
    jobs: dict[str, tuple[str, ...]]
    aims: tuple[Aim, ...]

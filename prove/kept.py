"""Trials kept as each is done, so that a long proof may be broken off and gone on with: on the same source, the same trials."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path

from prove.evidence import claims, source_hash

Trial = TypeVar("Trial")


def place_of(claim: str, *, without: Sequence[str] = ()) -> Path:
    """The folder in which the trials of a claim are kept: another one for every change of the source that it judges.

    `without` are files of that source that nothing of what is kept is made by.
    """
    judged = next(one for one in claims() if one.name == claim)
    source = source_hash(tuple(one for one in judged.judges if one not in without))
    return user_cache_path("hearthlink", appauthor=False) / "prove" / f"{claim}-{source[:16]}"


def trials_of(
    file: Path,
    seeds: Sequence[int],
    act: Callable[[int], Trial],
    pool: Executor,
    *,
    plain: Callable[[Trial], Any],
    again: Callable[[Any], Trial],
) -> list[Trial]:
    """The trial of every seed, in their order: those that lie in the file are read, and the others made and added to it.

    `plain` turns a trial into what JSON can spell, and `again` turns that back. A line that was cut off is made again.
    """
    done = dict(_read(file))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        waiting = {pool.submit(act, seed): seed for seed in seeds if seed not in done}
        for one in as_completed(waiting):
            done[waiting[one]] = plain(one.result())
            out.write(f"\n{json.dumps([waiting[one], done[waiting[one]]])}")
            out.flush()
    return [again(done[seed]) for seed in seeds]


def _read(file: Path) -> Iterable[tuple[int, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            seed, told = json.loads(line)
        except ValueError:
            continue
        yield int(seed), told

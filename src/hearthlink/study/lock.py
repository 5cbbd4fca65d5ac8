"""One run at a time on a study. The operating system lets the lock go when a process ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hearthlink.errors import WrongUse, refused_by_system

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_one(folder: Path) -> Iterator[int]:
    """Hold the study for the length of the block; gives the descriptor that holds it. Raises WrongUse where another run does."""
    try:
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as fault:
        raise refused_by_system(fault) from None
    try:
        try:
            _take(descriptor)
        except OSError:
            raise WrongUse(
                "Another run is at work on this study.", file=folder.name, remedy="Wait for it to end, then run again."
            ) from None
        yield descriptor
    finally:
        os.close(descriptor)

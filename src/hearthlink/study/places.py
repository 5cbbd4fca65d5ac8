"""The study's own folders are its own: where one of them, or anything in it, is a link to elsewhere, nothing is read or written there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from hearthlink.errors import Refused

OWN = ("rooms", "keys", "out", "out.new", "out.old", "releases", "incidents", "findings", "papers")
"""Folders that Hearthlink writes into. That of the extracts is the council's, and may lie elsewhere."""

JUNCTION = 0xA0000003
"""The reparse tag of a folder that Windows joins to another."""


def require_own(folder: Path) -> None:
    """Let a study go on only where none of its own folders is a link, or holds one. Raises Refused that names the first."""
    for name in OWN:
        found = next(_links(folder / name), None)
        if found is not None:
            raise _refusal(found.relative_to(folder).as_posix())


def require_here(descriptor: int, path: Path, folder: Path) -> None:
    """See that a file that was just opened is the one at its path in the study, before a byte is written to it.

    Whoever laid a link in the way between a look and the opening is found out: by where the path leads, and by which file is there.
    Raises Refused.
    """
    inside = path.parent.relative_to(folder)
    opened, there = os.fstat(descriptor), os.lstat(path)
    led = path.parent.resolve() != folder.resolve().joinpath(*inside.parts)
    if led or (opened.st_dev, opened.st_ino) != (there.st_dev, there.st_ino) or opened.st_nlink != 1:
        raise _refusal((inside / path.name).as_posix().removesuffix(".new"))


def study_above(path: Path) -> Path | None:
    """The folder of the study that a path lies in, if it lies in one."""
    found = next((one for one in path.parents if (one / "study.toml").is_file()), None)
    while found is not None and found.is_symlink() and (found.parent / "study.toml").is_file():
        found = found.parent  # a link within a study, to a folder that was made to look like another
    return found


def _links(path: Path) -> Iterator[Path]:
    """Every link at a path or below it; no link is gone into."""
    try:
        told = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(told.st_mode) or getattr(told, "st_reparse_tag", 0) == JUNCTION:
        yield path
        return
    if stat.S_ISDIR(told.st_mode):
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.is_symlink() or entry.is_dir(follow_symlinks=False):
                    yield from _links(Path(entry.path))


def _refusal(name: str) -> Refused:
    return Refused(
        "This is a link to somewhere else, and the study's own files are to lie in the study.", file=name,
        remedy="Nothing was written there. Find out who laid it, take it away, and run again.",
    )  # fmt: skip

"""On which line of a TOML file a setting stands: the deepest heading or key of it that the text holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.|=|\]|$)""")
_HEADING = re.compile(r"\s*(\[\[?)")


def line_of(text: str, where: Sequence[str | int]) -> int | None:
    """The line, counted from 1, of the setting at a path such as ("table", 1, "columns", "birth_date"); None where nothing of it stands."""
    best, line = 0, None
    heading: tuple[str | int, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(text.splitlines(), start=1):
        if opened := _HEADING.match(row):
            names = _names(row[opened.end() :])
            heading = _numbered(names, counts, new=opened[1] == "[[")
            path = heading
        elif names := _names(row):
            path = (*heading, *names)
        else:
            continue
        alike = _alike(path, where)
        if alike == len(path) and alike > best:
            best, line = alike, number
    return line


def _names(row: str) -> tuple[str, ...]:
    """The parts of a dotted key at the head of a row; none where there is no key."""
    names: list[str] = []
    place = 0
    while found := _KEY.match(row, place):
        name, mark = found[1], found[2]
        names.append(name[1:-1] if name[0] in "\"'" else name)
        if mark != ".":
            return tuple(names) if mark else ()
        place = found.end()
    return ()


def _numbered(names: tuple[str, ...], counts: dict[tuple[str, ...], int], *, new: bool) -> tuple[str | int, ...]:
    """A heading's path, with the place of each table that is one of several."""
    if new:
        counts[names] = counts.get(names, -1) + 1
    path: list[str | int] = []
    for end, name in enumerate(names, start=1):
        path.append(name)
        if names[:end] in counts:
            path.append(counts[names[:end]])
    return tuple(path)


def _alike(path: Sequence[str | int], where: Sequence[str | int]) -> int:
    return next(
        (n for n, (one, other) in enumerate(zip(path, where, strict=False)) if one != other), min(len(path), len(where))
    )

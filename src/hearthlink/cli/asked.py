"""A question put to the person at the keyboard, and the answer; the end of the input, or Enter alone, is no answer."""

from __future__ import annotations

import sys
from collections.abc import Callable

LATER = ""
"""What stands for no answer: whoever gives none has decided nothing."""


def answered(words: str) -> str:
    """What somebody types after these words, in one line, without the blanks around it."""
    print(words, end=" ", flush=True)
    line = "" if sys.stdin is None else sys.stdin.readline()  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
    if not line.endswith("\n") or not _is_typed():
        print(line.strip())
    return line.strip()


def agreed(words: str) -> bool | None:
    """Whether somebody says yes or no; None where they say neither."""
    said = answered(f"{words} [yes/no]").casefold()
    return True if said in ("y", "yes") else False if said in ("n", "no") else None


def remembered(ask: Callable[[str], str]) -> Callable[[str], str]:
    """The same, asked once in a sitting: what was typed is kept in memory until the command ends, and nowhere else."""
    held: dict[str, str] = {}

    def once(words: str) -> str:
        if words not in held:
            held[words] = ask(words)
        return held[words]

    return once


def _is_typed() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()  # pyright: ignore[reportUnnecessaryComparison]

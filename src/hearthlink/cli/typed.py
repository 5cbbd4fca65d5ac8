"""A command as the person at the keyboard would type it, here and now."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path


def typed(command: str, folder: Path, *more: str) -> str:
    """The command with its folder and whatever follows: by the name this program was called by, quoted so that it can be pasted."""
    return " ".join([f"{_called()} {command}", *map(_quoted, (str(folder), *more))])


def _called() -> str:
    """`hearthlink` where the shell finds it under that name; otherwise the Python that has it, from here if it lies below."""
    if Path(sys.argv[0]).stem == "hearthlink":
        return (
            "hearthlink"
            if Path(sys.argv[0]).name == sys.argv[0] or not _below(Path(sys.argv[0]))
            else _below(Path(sys.argv[0]))
        )
    return f"{_below(Path(sys.executable)) or _quoted(sys.executable)} -m hearthlink"


def _below(path: Path) -> str:
    """The path from the folder we stand in, or nothing where it lies elsewhere."""
    try:
        return _quoted(str(path.absolute().relative_to(Path.cwd())))
    except ValueError:
        return ""


def _quoted(text: str) -> str:
    return subprocess.list2cmdline([text]) if sys.platform == "win32" else shlex.quote(text)

"""Single keys from a keyboard, without Enter and without echo; from anything else, its letters one by one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

END = ""
"""What stands for the end of the input."""


def pressed() -> Iterator[str]:
    """Every key pressed, in small letters, and END for ever once the input has ended. Raises KeyboardInterrupt for Ctrl-C."""
    while sys.stdin is not None and sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
        yield _one_key().lower()
    if sys.stdin is not None:  # pyright: ignore[reportUnnecessaryComparison]
        for line in sys.stdin:
            yield from (letter.lower() for letter in line if not letter.isspace())
    while True:
        yield END


if sys.platform == "win32":
    import msvcrt

    def _one_key() -> str:
        while msvcrt.kbhit():
            msvcrt.getwch()  # pressed before the pair was on the screen, so no answer to it
        key = msvcrt.getwch()
        if key in ("\x00", "\xe0"):
            msvcrt.getwch()  # an arrow or a function key comes in two parts, and means nothing here
            return "?"
        if key == "\x03":
            raise KeyboardInterrupt
        return END if key == "\x1a" else key
else:
    import termios
    import tty

    def _one_key() -> str:
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)
        try:
            # What was pressed before the pair was on the screen is no answer to it, and is let go.
            tty.setcbreak(keyboard, termios.TCSAFLUSH)
            keys = os.read(keyboard, 32).decode("utf-8", "replace")
            # An arrow or a function key is an escape and what follows it, and means nothing here.
            return END if keys in ("", "\x04") else "?" if keys[0] == "\x1b" else keys[0]
        finally:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)

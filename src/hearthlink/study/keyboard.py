"""What is asked of the person at the keyboard and never written down: the password of a database."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

from hearthlink.errors import WrongUse
from hearthlink.study.study import STUDY_FILE

Ask = Callable[[str], str]


def _typed(words: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
        raise WrongUse(
            "A database needs a password, and nobody is at the keyboard to give it.",
            file=STUDY_FILE,
            column="database",
            remedy="Keep it in the system's keyring; the page on databases says how.",
        )
    return getpass.getpass(words)


_ANSWERED: list[Ask] = [_typed]


def answered_by(ask: Ask) -> None:
    """Have this process ask elsewhere: one that has no keyboard of its own asks whoever started it."""
    _ANSWERED[:] = [ask]


def ask_person(words: str) -> str:
    """What the person at the keyboard types, unseen. Raises WrongUse where nobody is there."""
    return _ANSWERED[0](words)

"""Options and arguments that several commands take, said once; and the clock that they hand on."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.errors import WrongUse

if TYPE_CHECKING:
    from hearthlink.study import Study

StudyFolder = Annotated[Path, typer.Argument(help="The study's folder, the one with study.toml in it.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but the result.")]
With = Annotated[
    str | None,
    typer.Option("--with", help="Whose key opens the rooms, and so whose parts are played: the name of your own key."),
]
KeyFolder = Annotated[
    Path | None, typer.Option("--keys", help="A folder of your own for keys, instead of the usual one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def opened(folder: Path, name: str | None, keys: Path | None) -> Study:
    """The study in a folder, opened by somebody by the name of their key where one is given."""
    from hearthlink.study import open_study
    from hearthlink.study.holder import at_keyboard

    return at_keyboard(open_study(folder), name, ask=from_keyboard, folder=keys)


@contextmanager
def as_options() -> Iterator[None]:
    """What is wrong with a setting is said of the option that gave it."""
    try:
        yield
    except WrongUse as wrong:
        if wrong.column is None:
            raise
        option = f"--{wrong.column.removeprefix('--').replace('_', '-')}"
        raise WrongUse(wrong.what, file=wrong.file, column=option, remedy=wrong.remedy) from None


def from_keyboard(words: str) -> str:
    """A passphrase, typed unseen. Raises WrongUse where nobody is there to type it."""
    if sys.stdin is None or not sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
        raise WrongUse("A passphrase is needed, and nobody is at the keyboard to give it.")
    return getpass.getpass(words)


def now() -> datetime:
    """The time by this machine's clock, in UTC."""
    return datetime.now(UTC)

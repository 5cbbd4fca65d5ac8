"""The databases that a study names: how each is opened when a step asks, and where its password comes from."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from hearthlink.errors import WrongUse
from hearthlink.sources.database.settings import Database
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.study.study import STUDY_FILE, Study

SERVICE = "hearthlink {name}"
"""Under which a system's keyring keeps the password of a database, beside the name of its user."""

TRUSTED = (
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
)
"""Keyrings that the system itself seals. Others may keep a password in a plain file, so they are not asked."""


def query_opener(study: Study, ask: Callable[[str], str] | None = None) -> Callable[[str, str, str], Tabular]:
    """Opens a query of a database that study.toml names: its name there, the query, and the source it counts as.

    A password comes from the system's keyring, or else from whoever sits at the keyboard (`ask`). Nothing is asked before a query is
    opened. Raises WrongUse for a database that is not named.
    """

    def opened(name: str, query: str, source: str) -> Tabular:
        from hearthlink.sources.database.connection import open_query

        return open_query(_named(study, name, ask or _from_keyboard), query, source)

    return opened


def _named(study: Study, name: str, ask: Callable[[str], str]) -> Database:
    lines = study.lines.database.get(name)
    if lines is None:
        raise WrongUse(
            "A table names a database that is not there.",
            file=STUDY_FILE,
            column="source.database",
            remedy=f"Add [database.{name}] with its url.",
        )

    def secret() -> str | None:
        if lines.user is None:
            return None
        kept = _from_keyring(name, lines.user)
        return kept if kept is not None else ask(f"Password of {lines.user} for the database {name}: ")

    return Database(
        name,
        lines.url,
        lines.user,
        secret,
        lines.tls,
        None if lines.certificate is None else study.folder / Path(lines.certificate),
        lines.minutes,
        study.folder,
    )


def _from_keyring(name: str, user: str) -> str | None:
    """The password that the system keeps, or None where it keeps none or has no keyring that it seals."""
    try:
        asked = [each for each in _keyrings(keyring.get_keyring()) if type(each).__module__ in TRUSTED]
        found = (each.get_password(SERVICE.format(name=name), user) for each in asked)
        return next((password for password in found if password is not None), None)
    except (KeyringError, OSError, RuntimeError):
        return None


def _keyrings(ring: KeyringBackend) -> list[KeyringBackend]:
    """A keyring, or those it asks in turn."""
    return list(getattr(ring, "backends", [ring]))


def _from_keyboard(words: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
        raise WrongUse(
            "A database needs a password, and nobody is at the keyboard to give it.",
            file=STUDY_FILE,
            column="database",
            remedy="Keep it in the system's keyring; the page on databases says how.",
        )
    return getpass.getpass(words)

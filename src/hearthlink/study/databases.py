"""The databases that a study names: how each is opened when a step asks, and where its password comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.governance import Permit
from hearthlink.governance.permit import Host
from hearthlink.sources.database.settings import Database
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.mapping.mapped import QueryOpener
from hearthlink.sources.reading.files import Given
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.study.keyboard import ask_person
from hearthlink.study.policy import require_allowed
from hearthlink.study.store import write_whole
from hearthlink.study.study import STUDY_FILE, Study

DRAFT = ".draft.toml"
SERVICE = "hearthlink {name}"
"""Under which a system's keyring keeps the password of a database, beside the name of its user."""

TRUSTED = (
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
)
"""Keyrings that the system itself seals. Others may keep a password in a plain file, so they are not asked."""


def query_opener(
    study: Study, permit: Permit | None, ask: Callable[[str], str] | None = None
) -> Callable[[str, str, str], Tabular]:
    """Opens a query of a database that study.toml names: its name there, the query, and the source it counts as.

    `permit` is that of the step that asks: no other host is reached than those it names. A password comes from the system's keyring, or else from whoever sits at the keyboard (`ask`). Nothing is asked before a query is
    opened. Raises WrongUse for a database that is not named.
    """

    def opened(name: str, query: str, source: str) -> Tabular:
        from hearthlink.sources.database.connection import open_query

        return open_query(_named(study, name, ask or ask_person, permit), query, source)

    return opened


def asked_once(open_query: QueryOpener) -> QueryOpener:
    """The same, that asks each query once, however often its answer is wanted within a step."""
    held: dict[tuple[str, str], Tabular] = {}

    def opened(name: str, query: str, source: str) -> Tabular:
        if (name, query) not in held:
            held[name, query] = open_query(name, query, source)
        return replace(held[name, query], source=source)

    return opened


def hosts_asked(study: Study) -> frozenset[Host]:
    """The hosts and ports of the databases that the study's tables come from; none where they all come from files."""
    names = sorted({one.database for one in study.lines.source if one.database is not None})
    if not names:
        return frozenset()
    from hearthlink.sources.database.connection import host_of

    found = (host_of(_named(study, name, ask_person, None)) for name in names)
    return frozenset(host for host in found if host is not None)


def require_mappings(given: Sequence[Given], open_query: QueryOpener) -> None:
    """Stop where a query names a mapping that is not there, once a draft of it lies in its place.

    The draft says of each column of the query, by its name and shape, what it seems to hold; it has another name than the mapping, so that
    nothing is read by it before somebody has looked. Raises DataProblem then, and Refused where the site forbids guessing.
    """
    lacking: dict[Path, list[Given]] = {}
    for one in given:
        if one.query is not None and one.table in INTAKE and isinstance(one.mapping, Path) and not one.mapping.exists():
            lacking.setdefault(one.mapping, []).append(one)
    if not lacking:
        return
    require_allowed("map")
    from hearthlink.sources.mapping.draft import draft_text

    for path, asked in lacking.items():
        draft = path.with_suffix(DRAFT)
        if not draft.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(draft, draft_text(asked, open_query).encode())
    first = next(iter(lacking))
    more = f" So it is with {len(lacking) - 1} more." if len(lacking) > 1 else ""
    raise DataProblem(
        "The mapping of the query is not there, so a draft was made of it, by the names of the query's columns and what they look like."
        + more,
        file=f"maps/{first.with_suffix(DRAFT).name}",
        remedy=f"Look at it, mend what is marked in it, call it {first.name}, and run again.",
    )


def _named(study: Study, name: str, ask: Callable[[str], str], permit: Permit | None) -> Database:
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
        permit,
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

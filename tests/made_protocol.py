"""A protocol for tests: filled in, signed by two approvers whose keys are made for the test, and the ways in which it may be spoilt."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from made_authority import TODAY

from hearthlink.governance.narrowing import SWITCHES
from hearthlink.governance.signing import SigningKey, new_key
from hearthlink.study import open_study
from hearthlink.study.databases import hosts_asked
from hearthlink.study.permitted import asked_of
from hearthlink.study.protocols.protocol import sign_protocol
from hearthlink.study.protocols.text import protocol_text
from hearthlink.study.study import StudyLines

PASSPHRASE = "structural passphrase"
PEOPLE = ("author", "custodian", "linker", "officer")


@dataclass(frozen=True, slots=True)
class Team:
    """The folder of the keys of a team, and each key by whose it is."""

    folder: Path
    keys: dict[str, SigningKey]


@cache
def team(folder: Path, *, practice: bool = False) -> Team:
    """Four people's keys, made once."""
    place = folder / ("practice keys" if practice else "keys of a team")
    return Team(place, {who: new_key(place / f"{who}.pem", None if practice else PASSPHRASE) for who in PEOPLE})


def filled(study: Path, keys: Team) -> dict[str, Any]:
    """The protocol that `new` writes for a study, with everything in it that it lacks, as TOML is read."""
    opened = open_study(study)
    said = tomllib.loads(protocol_text(opened.written, asked_of(opened)))
    said["project"] |= {"id": "R1", "title": "A study", "purpose": "a reference"}
    said["law"] = {"article_6": "6(1)(e)", "article_9": "9(2)(j)", "article_84b": "b", "necessary_because": "a reason"}
    for name in ("ethics", "dpia", "agreement"):
        said[name] |= {"body": "a body", "reference": "a reference", "dated": date(2025, 12, 1)}
    said["outputs"]["planned"] = ["the share"]
    said["dates"] = {"starts": date(2026, 1, 1), "ends": date(2027, 3, 31), "destroy_by": date(2027, 9, 30)}
    said["objections"] = {"process": "a list", "contact": "an officer"}
    said["rooms"] = {"keys": "together"}
    for terms in said["sources"].values():
        terms |= {"owner": "an owner", "gateway": "a reference"}
    said["allowed"] |= {name: _asks(opened.written, name) for name in SWITCHES}
    said["allowed"]["databases"] = sorted(f"{host}:{port}" for host, port in hosts_asked(opened))
    for person, who in zip(said["person"], PEOPLE, strict=True):
        person |= {"name": who, "key": keys.keys[who].public, "opens": keys.keys[who].opens}
    return said


def _asks(lines: StudyLines, switch: str) -> bool:
    section, name = SWITCHES[switch].split(".")
    return bool(getattr(getattr(lines, section), name))


def write(study: Path, said: dict[str, Any]) -> None:
    """Write a protocol as TOML, in whatever order it is given."""
    (study / "protocol.toml").write_text("\n".join(_toml(said, "")), encoding="utf-8")


def _toml(said: dict[str, Any], before: str) -> Iterator[str]:
    sections: list[str] = []
    for name, value in said.items():
        where = f"{before}.{json.dumps(name)}" if before else json.dumps(name)
        if isinstance(value, dict):
            sections += [f"[{where}]", *_toml(value, where)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for each in value:
                sections += [f"[[{where}]]", *_toml(each, where)]
        else:
            yield f"{json.dumps(name)} = {value.isoformat() if isinstance(value, date) else json.dumps(value)}"
    yield from sections


def sign(study: Path, keys: Team, *who: str, now: datetime = TODAY) -> None:
    """Sign the protocol of a study as it stands."""
    for each in who:
        sign_protocol(open_study(study), each, ask=lambda _: PASSPHRASE, clock=lambda: now, folder=keys.folder)


def permit(
    study: Path, keys: Team, *, ends: date = date(2027, 3, 31), since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """Give a study a protocol that holds, or a new version of the one it has; what it says is given back.

    Its window is the study's year, unless it begins or ends on another day.
    """
    path = study / "protocol.toml"
    earlier = tomllib.loads(path.read_text("utf-8"))["version"] if path.exists() else 0
    said: dict[str, Any] = {**filled(study, keys), "version": earlier + 1}
    said["dates"] |= {"ends": ends, "destroy_by": ends + timedelta(days=183)}
    said["cohort"] |= {name: day for name, day in (("referred_from", since), ("referred_to", until)) if day}
    write(study, said)
    sign(study, keys, "linker", "officer", now=datetime(2026, 1, 2, tzinfo=UTC))
    return said


def mutations(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way of changing one thing that a protocol says: a word, a figure, a day, a switch, an entry of a list, and leaving it out."""
    for path in _leaves(said, ()):
        value = _at(said, path)
        name = ".".join(map(str, path))
        for number, other in enumerate(_others(value)):
            yield f"{name} changed {number}", _with(said, path, other)
        if not (value in ("", [], False) or (isinstance(path[-1], int) and path[0] != "person")):
            yield f"{name} left out", _without(said, path)


def _leaves(said: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(said, dict) and said:
        for name, value in said.items():
            yield from _leaves(value, (*path, name))
    elif isinstance(said, list) and said and isinstance(said[0], dict):
        for number, value in enumerate(said):
            yield from _leaves(value, (*path, number))
    else:
        yield path


def _others(value: Any) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 5, value - 1]
        case date():
            return [value + timedelta(days=1), value - timedelta(days=1)]
        case str():
            return [value + "x", ""] if value else ["x"]
        case list():
            return [[*value, "x"], *([value[1:]] if value else [])]
        case _:
            return []


def _at(said: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        said = said[part]
    return said


def _with(said: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    other = deepcopy(said)
    _at(other, path[:-1])[path[-1]] = value
    return other


def _without(said: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    other = deepcopy(said)
    del _at(other, path[:-1])[path[-1]]
    return other


# --- what is opened -----------------------------------------------------------------------------------------------

_WATCHED: list[tuple[str, list[str]]] = []
_HOOKED: list[bool] = []


def _note(path: object) -> None:
    if _WATCHED and isinstance(path, str | bytes | os.PathLike):
        real = os.path.realpath(os.fsdecode(path))
        for folder, seen in _WATCHED:
            if real.startswith(folder + os.sep):
                seen.append(real)


@contextmanager
def opened_below(folder: Path) -> Iterator[list[str]]:
    """The files below a folder that are opened within the block, by Python or by Arrow; directories that are listed are none."""
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(lambda event, given: _note(given[0]) if event == "open" else None)
    seen: list[str] = []
    inner = pa.memory_map
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pa, "memory_map", lambda path, *rest, **named: (_note(path), inner(path, *rest, **named))[1])
        _WATCHED.append((os.path.realpath(folder), seen))
        try:
            yield seen
        finally:
            _WATCHED.pop()

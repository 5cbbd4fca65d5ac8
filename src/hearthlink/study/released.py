"""Where releases rest in a study: each in a folder of its own, with its package and the signed history of what was done with it."""

from __future__ import annotations

import base64
import binascii
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance.keys import NONCE, own_key
from hearthlink.governance.protocol import ProtocolLines
from hearthlink.governance.release import SEEN, Entry, Person, Roster, Standing, State, replayed
from hearthlink.study.package import (
    ABOUT,
    ADDED,
    CLEARED,
    MANIFEST,
    NO_ARCHIVE,
    archive_name,
    as_json,
    digest_of,
    unpacked,
)
from hearthlink.study.permitted import read_signatures
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study

FOLDER, STATE_FILE, PACKAGE = "releases", "state.json", "package"
FORM = "hearthlink release state 1"
SEALED = b"the first review of a release"
"""What the first review is sealed as, until the second is given: a reviewer should not come upon what the other said."""
CANNOT_BE_READ = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as it rests: its history, what that comes to, and the fingerprint of the clearing that it was made from."""

    entries: tuple[Entry, ...]
    standing: Standing
    cleared_from: str = ""


def roster_of(study: Study) -> Roster | None:
    """Who has which part by the protocol; None in a practice study without one, in which every key plays every part."""
    return None if study.protocol is None else _people(study.protocol)


def _people(protocol: ProtocolLines) -> Roster:
    return {one.key: Person(one.name, frozenset(one.roles)) for one in protocol.person if one.key}


def place_of(study: Study, number: int) -> Path:
    """The folder of a release."""
    return study.folder / FOLDER / f"{number:03}"


def numbers_in(study: Study) -> list[int]:
    """The numbers of the releases there are."""
    folder = study.folder / FOLDER
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(int(path.name) for path in found if path.name.isdecimal() and (path / STATE_FILE).is_file())


def require_number(study: Study, number: int | None) -> int:
    """The number of a release there is: the one asked for, or the last. Raises WrongUse where there is none."""
    numbers = numbers_in(study)
    if not numbers or (number is not None and number not in numbers):
        raise WrongUse(
            "There is no such release.",
            file="releases",
            remedy="Make one with: hearthlink release new STUDY --with NAME",
        )
    return numbers[-1] if number is None else number


def archive_of(study: Study, number: int) -> Path:
    """Where the archive of a finished release lies."""
    return place_of(study, number) / archive_name(number)


def read_release(study: Study, number: int) -> Kept:
    """A release as it rests. Raises Refused where its history was changed: every move in it is signed, and follows the one before."""
    path = place_of(study, number) / STATE_FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(_entry(_opened(study, one)) for one in said["moves"])
        cleared_from = str(said["cleared_from"])
        ours = (said["release"], said["hearthlink"]) == (number, FORM)
        standing = _replayed(study, number, entries)
    except (*CANNOT_BE_READ, InvalidTag, binascii.Error):
        raise _changed(number, "It cannot be read.") from None
    except Refused as fault:
        raise _changed(number, fault.what) from None
    if not ours:
        raise _changed(number, "It is another release's.")
    return Kept(entries, standing, cleared_from)


def _entry(said: Mapping[str, Any]) -> Entry:
    return Entry(**said)


def protocol_of_package(study: Study, number: int) -> str | None:
    """The digest of the protocol that a package names; nothing where it names none, None where there is no package."""
    path = place_of(study, number) / PACKAGE / ABOUT
    if not path.is_file():
        return None
    return str((json.loads(path.read_text(encoding="utf-8"))["protocol"] or {}).get("digest", ""))


def _replayed(study: Study, number: int, entries: tuple[Entry, ...]) -> Standing:
    """What a history comes to, by the people of the protocol under which its package was made. Raises Refused where it does not hold."""
    faults: list[Refused] = []
    for roster in _rosters_then(study, number):
        try:
            return replayed(entries, Standing(number), roster)
        except Refused as fault:
            faults.append(fault)
    raise faults[0] if faults else Refused("Nobody signed the protocol that its package names.")


def _rosters_then(study: Study, number: int) -> Iterator[Roster | None]:
    """Who had which part when a package was made: somebody may have left since, and what they signed stands.

    The package names its protocol. Where it does not any more, for it was changed or has gone, its archive does; failing that, any version
    that was signed may be meant: the history must hold by one of them, and nothing is let leave by that alone.
    """
    try:
        digest = protocol_of_package(study, number)
    except CANNOT_BE_READ:
        digest = None
    signed = read_signatures(study.folder).signatures
    if digest == "" and study.lines.practice is not None:
        yield None
    elif named := next((one for one in signed if one.digest == digest), None):
        yield _people(ProtocolLines.model_validate(named.protocol))
    elif digest is None or _is_changed(study, number):
        yield roster_of(study)
        yield from (_people(ProtocolLines.model_validate(one.protocol)) for one in reversed(signed))


def _is_changed(study: Study, number: int) -> bool:
    return bool(differing(package_files(place_of(study, number) / PACKAGE)))


def _changed(number: int, what: str) -> Refused:
    return Refused(
        f"The history of release {number} was changed. {what}", file=f"{FOLDER}/{number:03}/{STATE_FILE}",
        remedy="Nothing was done. Put back the file as it was; where nothing of this release has left, its folder may be removed.",
    )  # fmt: skip


def write_release(study: Study, kept: Kept) -> None:
    """Put the history of a release on the disk, whole. What the first reviewer said is sealed until the second has spoken."""
    moves: list[Mapping[str, object]] = [asdict(one) for one in kept.entries]
    if kept.standing.state is State.REVIEWED_ONCE:
        moves[-1] = _sealed(study, moves[-1])
    said = {"hearthlink": FORM, "release": kept.standing.release, "cleared_from": kept.cleared_from, "moves": moves}
    write_whole(place_of(study, kept.standing.release) / STATE_FILE, as_json(said))


def _sealed(study: Study, move: Mapping[str, object]) -> dict[str, object]:
    nonce = os.urandom(NONCE)
    cipher = AESGCM(own_key(study.keys, "release", "first review of a release"))
    return {"sealed": base64.b64encode(nonce + cipher.encrypt(nonce, as_json(move), SEALED)).decode()}


def _opened(study: Study, move: Mapping[str, str]) -> Mapping[str, str]:
    if set(move) != {"sealed"}:
        return move
    sealed = base64.b64decode(move["sealed"], validate=True)
    cipher = AESGCM(own_key(study.keys, "release", "first review of a release"))
    return json.loads(cipher.decrypt(sealed[:NONCE], sealed[NONCE:], SEALED))


# --- the package -----------------------------------------------------------------------------------------------------


def package_files(folder: Path) -> dict[str, bytes]:
    """Every file of a package by its path in it, but for what a kill left half made of the two that the last move adds.

    Raises DataProblem for a link: it would lead out of the package.
    """
    half_made = {folder / f"{name}.new" for name in ADDED}
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise DataProblem("There is a link in the package, which may hold files alone.", file=path.name)
        if path.is_file() and path not in half_made:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def differing(files: Mapping[str, bytes]) -> list[str]:
    """What of a package's files is not as its manifest says, in words; none where all is."""
    try:
        said = json.loads(files[MANIFEST])
        listed: Mapping[str, Mapping[str, object]] = said["files"]
        spelt = as_json(said) == files[MANIFEST]
        sums = {name: str(one["sha256"]) for name, one in listed.items()}
        sizes = {name: one["bytes"] for name, one in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{MANIFEST} is missing, or is no manifest"]
    here = {name: content for name, content in files.items() if name != MANIFEST and name not in ADDED}
    found = [f"{name} is missing" for name in sums.keys() - here.keys()]
    found += [f"{name} was added" for name in here.keys() - sums.keys()]
    found += [
        f"{name} was changed"
        for name in sums.keys() & here.keys()
        if digest_of(here[name]) != sums[name] or len(here[name]) != sizes[name]
    ]
    return sorted(found) if spelt else [f"{MANIFEST} is not spelt as it was written", *sorted(found)]


def put_package(study: Study, number: int, files: Mapping[str, bytes]) -> None:
    """Write a package whole beside its place, and move it in."""
    place = place_of(study, number)
    made, there, old = place / f"{PACKAGE}.new", place / PACKAGE, place / f"{PACKAGE}.old"
    for path in (made, old):
        shutil.rmtree(path, ignore_errors=True)
    for name, content in files.items():
        write_whole(made / name, content)
    if there.exists():
        there.rename(old)
    made.rename(there)
    shutil.rmtree(old, ignore_errors=True)


def released_before(study: Study) -> list[tuple[int, bytes]]:
    """What readers outside have had: the number of every release that left, and its cleared tables; a withdrawn one was still seen.

    Raises Refused where a history was changed, DataProblem where neither a package nor its archive is as it left.
    """
    kept = [read_release(study, number) for number in numbers_in(study)]
    return [
        (one.standing.release, _as_it_left(study, one)[CLEARED]) for one in kept if one.standing.state in SEEN
    ]  # fmt: skip


def _as_it_left(study: Study, kept: Kept) -> dict[str, bytes]:
    """The files of a release to the byte as they left: from its package, or from its archive where that was changed since."""
    number, digest = kept.standing.release, kept.standing.digest
    files = package_files(place_of(study, number) / PACKAGE)
    faults = differing(files)
    if not faults and digest_of(files[MANIFEST]) == digest:
        return files
    path = archive_of(study, number)
    with suppress(OSError, *NO_ARCHIVE):
        packed = unpacked(path.read_bytes())
        if not differing(packed) and digest_of(packed[MANIFEST]) == digest:
            return packed
    raise DataProblem(
        f"The package of release {number} is not as it left ({(faults or [f'{MANIFEST} is of another package'])[0]}), and {path.name} beside it does "
        "not hold either: nothing can be checked against it.",
        file=f"{FOLDER}/{number:03}/{PACKAGE}",
        remedy=f"Put {path.name} back, from whoever it was handed to. The release can still be withdrawn.",
    )


def with_entry(kept: Kept, entry: Entry, standing: Standing) -> Kept:
    """A release with one move more."""
    return replace(kept, entries=(*kept.entries, entry), standing=standing)

"""Where tables rest: sealed, each in its room, and nothing of a step counts until all of it is there.

A table's file is named by the hash of what it holds, and one small index names the files that count. The index is replaced in
one move when a step is done, so a kill or a full disk at any moment leaves the results of before as they were.

What leaves, leaves together: the folder of files is made anew beside its place and the two change places, so that no two releases
ever lie side by side to be subtracted from one another.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from hearthlink.errors import DataProblem, OurFault, Refused, refused_by_system
from hearthlink.governance import Keys, Permit, practice_keys
from hearthlink.governance.keys import own_key_file
from hearthlink.governance.protocol import PROTOCOL_FILE
from hearthlink.study.places import require_here, study_above
from hearthlink.study.study import Study
from hearthlink.tables import Room, TableSpec

INDEX = "index.json"
INSIDE = "rooms/"
"""How the name of a file begins that stays beside the rooms and is no part of what leaves."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What the index keeps of a finished step: what it was worked out from, and the hashes of what it wrote.

    `fingerprint` stands for its tables, settings and version, and `opened` for the files it opened outside the rooms. `rooms` says in
    which room each table rests. `because` has a short hash of each part of the fingerprint that whoever sees this may know, by its name:
    it tells what has changed, and nothing goes by it.
    """

    fingerprint: str
    opened: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    rooms: Mapping[str, str] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)


class Store:
    """The rooms of one study on disk. Every door asks for a permit.

    `judged` are the rooms of which it is judged what is there and what has gone: of any other the index is believed, and nothing is
    deleted, for whoever has not its key cannot tell, and may have a folder without it.
    """

    def __init__(self, folder: Path, keys: Keys, out: Path, judged: Iterable[Room] = Room) -> None:
        self._folder = folder
        self._keys = keys
        self._out = out
        self._judged = frozenset(judged)
        self._steps = _read_index(folder / INDEX)
        self._held: dict[str, pa.Table] = {}

    def record(self, step: str) -> StepRecord | None:
        """What is kept of a step, or None where it is not done or some of what it wrote has gone, as far as that can be judged."""
        kept = self._steps.get(step)
        if kept is None:
            return None
        tables = all(self._there(kept, name) for name in kept.tables)
        files = all(_digest_of(self._at(name)) == digest for name, digest in kept.files.items())
        return kept if tables and files else None

    def indexed(self, step: str) -> StepRecord | None:
        """What the index has of a step, whether or not what it wrote is still there."""
        return self._steps.get(step)

    def digest(self, table: TableSpec) -> str:
        """The hash of a table's content as it stands, or nothing where it is not there."""
        return next((kept.tables[table.name] for kept in self._steps.values() if table.name in kept.tables), "")

    def file_digest(self, name: str) -> str:
        """The hash of a file among what may leave, as the index has it, or nothing where it is not there."""
        return next((kept.files[name] for kept in self._steps.values() if name in kept.files), "")

    def file(self, name: str) -> bytes:
        """A file among what may leave. Raises DataProblem where it is not there or was changed since."""
        path = self._at(name)
        if not path.is_file() or _digest_of(path) != self.file_digest(name):
            raise DataProblem(
                "This file is missing or was changed since it was cleared.",
                file=name,
                remedy="Run: hearthlink clear STUDY",
            )
        return path.read_bytes()

    def load(self, table: TableSpec, permit: Permit) -> pa.Table:
        """A table, opened with its room's key. Raises Refused without leave, DataProblem where it is not there yet."""
        permit.to_read(table)
        if table.name in self._held:
            return self._held[table.name]
        digest = self.digest(table)
        path = self._path(table.room, table.name, digest)
        if digest and not path.is_file():
            raise DataProblem(
                f"The table {table.name} was there, and is missing from the {table.room.value} room.",
                remedy="Put the rooms folder back as it was. What a step wrote is made again by: hearthlink run STUDY",
            )
        if not digest:
            raise DataProblem(
                f"The table {table.name} is not there yet.", remedy="Run the steps before: hearthlink run STUDY"
            )
        plain = self._keys.open(table.room, table.name, path.read_bytes())
        if hashlib.sha256(plain).hexdigest() != digest:
            raise OurFault(
                f"The table {table.name} is not what the index says.", remedy="Delete the rooms folder and run again."
            )
        self._held[table.name] = pa.ipc.open_stream(pa.py_buffer(plain)).read_all()
        return self._held[table.name]

    def load_if_there(self, table: TableSpec, permit: Permit) -> pa.Table:
        """A table as `load` gives it, or one of its kind with no rows where nobody has written it."""
        permit.to_read(table)
        return self.load(table, permit) if self.digest(table) else table.empty()

    def save(
        self,
        step: str,
        worked_from: tuple[str, str],
        tables: Mapping[TableSpec, pa.Table],
        files: Mapping[str, bytes],
        permit: Permit,
        *,
        because: Mapping[str, str] | None = None,
    ) -> None:
        """Keep all that a step wrote, or none of it. `worked_from` is the fingerprint of its inputs, and of the files it opened.

        Raises Refused without leave, OurFault where a table is not as specified, DataProblem where the disk is full.
        """
        digests: dict[str, str] = {}
        fresh: dict[str, pa.Table] = {}
        staged: list[tuple[Path, Path]] = []
        swapped = False
        leaving = {name: content for name, content in files.items() if not name.startswith(INSIDE)}
        try:
            self._mend_swap()
            for spec, table in tables.items():
                permit.to_write(spec)
                conformed = spec.conform(table).combine_chunks()
                plain = _plain_bytes(conformed)
                digests[spec.name] = hashlib.sha256(plain).hexdigest()
                path = self._path(spec.room, spec.name, digests[spec.name])
                write_whole(path, self._keys.seal(spec.room, spec.name, plain))
                fresh[spec.name] = conformed
            inside = sorted(files.keys() - leaving.keys())
            staged.extend((_stage(self._at(name), files[name]), self._at(name)) for name in inside)
            said = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
            rooms = {spec.name: spec.room.value for spec in tables}
            steps = self._steps | {step: StepRecord(*worked_from, digests, said, rooms, because or {})}
            index = self._folder / INDEX
            staged.append((_stage(index, _index_bytes(steps)), index))
            if leaving:
                self._make_release(step, leaving)
                self._swap_release()
                swapped = True
            for made, path in staged:
                made.replace(path)
        except OSError as fault:
            self._put_back(swapped=swapped)
            for made, _ in staged:
                with suppress(OSError):
                    made.unlink()
            self._sweep()
            raise refused_by_system(fault) from None
        shutil.rmtree(self._beside("old"), ignore_errors=True)
        self._steps = steps
        self._held.update(fresh)
        self._sweep()

    def clear_up(self) -> None:
        """Take away what a kill left half made, and put a release back that was changing places; for whoever holds the study's lock.

        A step that saves does so by itself, but after a kill in a step that was done already there may be nothing left to save.
        """
        self._mend_swap()
        for path in self._folder.rglob("*.new"):
            if path.parent == self._folder or path.parent.name in {room.value for room in self._judged}:
                path.unlink(missing_ok=True)

    def _at(self, name: str) -> Path:
        return self._folder / name.removeprefix(INSIDE) if name.startswith(INSIDE) else self._out / name

    def _beside(self, which: str) -> Path:
        return self._out.with_name(f"{self._out.name}.{which}")

    def _make_release(self, step: str, files: Mapping[str, bytes]) -> None:
        """The folder that is to take the place of the one that leaves: the new files, and whatever a person put there besides ours."""
        if self._out.exists() and not self._out.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), self._out.name)
        made = self._beside("new")
        for name, content in files.items():
            write_whole(made / name, content)
        ours = self._steps.get(step, StepRecord("")).files
        for path in sorted(self._out.rglob("*")):
            name = path.relative_to(self._out).as_posix()
            if name not in ours and name not in files and path.is_file() and not path.name.endswith(".new"):
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, made / name, follow_symlinks=False)

    def _swap_release(self) -> None:
        if self._out.exists():
            self._out.rename(self._beside("old"))
        self._beside("new").rename(self._out)

    def _mend_swap(self) -> None:
        """Clear up after a kill in the middle of a change of places: the release of before stands until a new one is whole."""
        if self._beside("old").exists() and not self._out.exists():
            self._beside("old").rename(self._out)
        for which in ("old", "new"):
            if self._beside(which).exists():
                shutil.rmtree(self._beside(which))

    def _put_back(self, *, swapped: bool) -> None:
        with suppress(OSError):
            if swapped:
                self._out.rename(self._beside("new"))
            if self._beside("old").exists() and not self._out.exists():
                self._beside("old").rename(self._out)
        shutil.rmtree(self._beside("new"), ignore_errors=True)

    def _sweep(self) -> None:
        counted = {
            f"{name}.{digest[:16]}.sealed" for kept in self._steps.values() for name, digest in kept.tables.items()
        }
        for room in self._judged:
            for path in (self._folder / room.value).glob("*.sealed*"):
                if path.name not in counted:
                    with suppress(OSError):
                        path.unlink()

    def _path(self, room: Room, name: str, digest: str) -> Path:
        return self._folder / room.value / f"{name}.{digest[:16]}.sealed"

    def _there(self, kept: StepRecord, name: str) -> bool:
        room = Room(kept.rooms[name])
        return room not in self._judged or self._path(room, name, kept.tables[name]).is_file()


def open_store(study: Study, keys: Keys | None = None) -> Store:
    """The rooms of a study with the keys that are held; where they rest together, and none are given, with all of them.

    Only rooms whose key is held are judged. Raises Refused where the keys are apart and none are given.
    """
    if keys is None and study.keys_apart:
        raise Refused(
            "The keys of this study's rooms are apart, each with its people.", file=PROTOCOL_FILE,
            remedy="Nothing was opened. Say who you are: --with NAME. hearthlink protocol show STUDY says who has which part.",
        )  # fmt: skip
    if keys is None:
        _require_none_gone(study)
    held = practice_keys(study.keys, study.bound_to) if keys is None else keys
    if keys is None:
        _require_fit(study, held)
    return Store(study.folder / "rooms", held, study.out, held.rooms)


def _require_none_gone(study: Study) -> None:
    """Raise Refused where something is sealed in a room and its key has gone: another would be made, and what people wrote there be lost unseen."""
    for room in Room:
        if _smallest(study, room) is not None and not (study.keys / own_key_file(room.value, None)).exists():
            raise _keyless(room, "has gone")


def _require_fit(study: Study, keys: Keys) -> None:
    """Raise Refused where the key of a room is not the one that sealed what lies in it, by the smallest table that it holds."""
    for room in keys.rooms:
        path = _smallest(study, room)
        if path is None:
            continue
        try:
            keys.open(room, path.name.split(".")[0], path.read_bytes())
        except Refused:
            raise _keyless(room, f"does not open {path.name.split('.')[0]}: one of the two was changed") from None


def _smallest(study: Study, room: Room) -> Path | None:
    here = (study.folder / "rooms" / room.value).glob("*.sealed")
    return min(here, key=lambda path: (path.stat().st_size, path.name), default=None)


def _keyless(room: Room, what: str) -> Refused:
    return Refused(
        f"The key of the {room.value} room {what}.", file=f"keys/{own_key_file(room.value, None)}",
        remedy="Put the folders keys and rooms back as they were. To begin anew, delete both: what reviewers said and what was accepted goes with them.",
    )  # fmt: skip


def look(study: Study, judged: Iterable[Room] = ()) -> Store:
    """The rooms of a study without any key: what its index says, and of the rooms that are judged what is there. No table opens."""
    return Store(study.folder / "rooms", Keys({}), study.out, judged)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside its place, see it to the disk, and move it in."""
    _stage(path, content).replace(path)


def _stage(path: Path, content: bytes) -> Path:
    """Write the file that is to take a path's place, whole and on the disk, and say where it waits.

    It is always a new file, so that nothing is written into what somebody laid in its place. Raises Refused where a link led it elsewhere.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(made, flags, 0o600)
    study = study_above(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if study is not None:
                require_here(file.fileno(), made, study)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            made.unlink()
        raise
    return made


def _plain_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _read_index(path: Path) -> dict[str, StepRecord]:
    if not path.is_file():
        return {}
    try:
        steps = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: StepRecord(
                kept["fingerprint"],
                kept["opened"],
                kept["tables"],
                kept["files"],
                _rooms_of(kept),
                kept.get("because", {}),
            )
            for name, kept in steps.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OurFault(
            "The study's index cannot be read.", file=path.name, remedy="Delete the rooms folder and run again."
        ) from None


def _rooms_of(kept: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Where each table of a step rests. Raises ValueError or KeyError where the index does not say."""
    return {name: Room(kept["rooms"][name]).value for name in kept["tables"]}


def _index_bytes(steps: Mapping[str, StepRecord]) -> bytes:
    plain = {
        n: {"fingerprint": k.fingerprint, "opened": k.opened, "tables": dict(k.tables), "files": dict(k.files)}
        | {"rooms": dict(k.rooms)}
        | ({"because": dict(k.because)} if k.because else {})
        for n, k in steps.items()
    }
    return json.dumps(plain, indent=1).encode()

"""Erasing the files of a study: what is there, by counts and hashes; what stays; keys first, then the rest, and a look at what is left."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from hearthlink.errors import DataProblem
from hearthlink.governance.keys import key_fingerprint
from hearthlink.governance.ledger import KEY_FILE

STAYS: dict[str, str] = {
    "study.toml": "what the study was to ask",
    "protocol.toml": "on whose authority",
    "protocol.signatures.json": "who signed that",
    "analysis.toml": "the plan",
    "analysis.seals.json": "when it was sealed",
    "classifications.json": "as what the research tables were classified, and by whom",
    "maps/*": "which column was read as which, without a row",
    "ledger.jsonl": "what was done, by counts",
    f"keys/{KEY_FILE}": "signs the ledger, and opens nothing",
    "releases/*/state.json": "what was released when, and by whom",
    "incidents/*": "what was reported of an incident, without identifiers",
    "papers/*": "papers made from the protocol and the ledger",
    "frozen.json": "that the study is frozen, where it is",
    "made-up.json": "that everybody in a practice study is made up",
    "destroying.json": "who agreed to the destruction",
    "destruction.json": "the certificate",
    "destruction.html": "the certificate, to be read",
    ".lock": "an empty file",
}
"""What of a study stays when it is destroyed, and why; everything else in its folder goes, whatever it is. A star is any path below."""

BLOCK = 1024 * 1024


def stays(path: str) -> bool:
    """Whether a file stays, by its path in the study's folder."""
    parts = PurePosixPath(path).parts
    if len(parts) == 1 or parts[0] in {"keys", "releases"}:
        return any(PurePosixPath(path).match(name) and len(PurePosixPath(name).parts) == len(parts) for name in STAYS)
    return f"{parts[0]}/*" in STAYS


def going(folder: Path) -> list[Path]:
    """Every file, link and odd thing below a study's folder that does not stay; what a link leads to is never looked at."""
    return [path for path in _below(folder) if path.is_symlink() or not stays(path.relative_to(folder).as_posix())]


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders.sort()
        linked = [name for name in folders if (here / name).is_symlink()]
        yield from sorted(here / name for name in (*files, *linked))


def inventory(folder: Path) -> dict[str, object]:
    """What is to be destroyed: each key by its fingerprint, and of each part of the folder how many files and bytes, and the hashes of the files.

    No file is named: a name may tell of somebody. What cannot be read is counted all the same.
    """
    found = going(folder)
    keys = [path for path in found if _part(folder, path) == "keys"]
    parts: list[dict[str, object]] = []
    for part in dict.fromkeys(_part(folder, path) for path in found):
        hashed = [_hash(path) for path in found if _part(folder, path) == part]
        parts.append(
            {
                "part": part,
                "files": len(hashed),
                "bytes": sum(size for size, _ in hashed),
                "sha256": sorted(told for _, told in hashed),
            }
        )
    return {"keys": sorted({fingerprint_of(path) for path in keys}), "parts": parts}


def fingerprint_of(path: Path) -> str:
    """What a key's file is known by: a key that lies open by a digest of which nobody comes back to it, a sealed one by that of the file."""
    try:
        raw = path.read_bytes()
    except OSError:
        return "unread"
    return key_fingerprint(raw) if len(raw) == 32 else hashlib.sha256(raw).hexdigest()


def _part(folder: Path, path: Path) -> str:
    """The part of a study's folder that a path lies in, in our own words: a name that somebody gave is told to nobody."""
    parts = path.relative_to(folder).parts
    ours = {"keys", "rooms", "in", "out", "truth", "names", "findings", "objections", "releases", "outside", "tables"}
    if len(parts) == 1:
        return "single files"
    return parts[0] if parts[0] in ours else "other folders"


def _hash(path: Path) -> tuple[int, str]:
    """The size and the hash of a file as it lies there; of what is no file, or cannot be read, a word."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return 0, "link"
        with path.open("rb") as file:
            return path.lstat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return 0, "unread"


def erase(folder: Path, besides: Sequence[Path], progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Erase everything that does not stay, keys first; then `besides`, what lies elsewhere and speaks of the study.

    It may be begun again after it was cut short. Raises DataProblem where something is left.
    """
    found = sorted(going(folder), key=lambda path: (_part(folder, path) != "keys", path))
    for number, path in enumerate((*found, *besides)):
        _erase_file(path)
        progress(number + 1, len(found) + len(besides))
    _remove_empty(folder)
    left = [*going(folder), *(path for path in besides if path.exists())]
    if left:
        raise DataProblem(
            f"{len(left):,} files could not be removed, in: {', '.join(sorted({_part(folder, p) for p in left if p not in besides}))}.",
            remedy="Close whatever has them open, mend their rights, and give the same command again: it goes on to the end.",
        )


def _erase_file(path: Path) -> None:
    """Overwrite a file and take it away; a link or a file that has another name only loses this one."""
    with suppress(FileNotFoundError):
        told = path.lstat()
        if stat.S_ISREG(told.st_mode) and told.st_nlink == 1 and told.st_size:
            with suppress(OSError):
                path.chmod(0o600)
            _overwrite(path, told.st_size)
        path.unlink()


def _overwrite(path: Path, size: int) -> None:
    with path.open("r+b", buffering=0) as file:
        for start in range(0, size, BLOCK):
            file.write(bytes(min(BLOCK, size - start)))
        os.fsync(file.fileno())


def _remove_empty(folder: Path) -> None:
    for place, _, _ in os.walk(folder, topdown=False):
        if Path(place) != folder:
            with suppress(OSError):  # what is not empty holds what stays
                Path(place).rmdir()


def left_outside(folders: Iterable[Path], folder: Path) -> list[Path]:
    """Those of the folders that a study names and that do not lie in it: nothing there is touched."""
    whole = folder.resolve()
    return [each for each in folders if each.exists() and not each.resolve().is_relative_to(whole)]

"""The practice permission: good only for files that `synthesise` makes again, byte for byte, from the stated seed and version.

Making them again takes seconds, so that a set of files once found to be practice files is remembered, by hash, for this machine.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from hearthlink import __version__
from hearthlink.errors import Refused
from hearthlink.study.study import Practice, Study
from hearthlink.synthetic import Settings


def settings_of(practice: Practice, year: str) -> Settings:
    """The settings of the practice authority as study.toml states them."""
    stated = practice.model_dump(exclude={"version"})
    return Settings(**stated, year=year)


def require_reproduced(study: Study, name: str, hashes: Mapping[str, str]) -> None:
    """Let a study with practice permission go on only over practice files. A study with none is let by: it has its own.

    `name` is the folder the hashes are of, `in` or `truth`; a study may do without the truth, but has it whole or not at all.
    Raises Refused where a file is not what `synthesise` makes, or the version that made it is another.
    """
    practice = study.lines.practice
    if practice is None or (name == "truth" and not hashes):
        return
    if practice.version != Settings().version:
        raise Refused(
            "Practice permission is for files made by another version.",
            file="study.toml",
            column="practice.version",
            remedy="Make the practice authority again with: hearthlink synthesise FOLDER",
        )
    if (_memory() / _digest(study, name, hashes)).is_file():
        return
    from hearthlink.synthetic.synthesise import synthesise

    with tempfile.TemporaryDirectory(prefix="hearthlink-practice-") as folder:
        made = Path(folder)
        synthesise(made, settings_of(practice, study.lines.year))
        again = {part: file_hashes(made / part) for part in ("in", "truth")}
    for part, made_again in again.items():
        remember(study, part, made_again)
    strange = sorted(set(hashes.items()) - set(again[name].items()))
    if strange:
        raise Refused(
            "Practice permission does not cover this file: it is not what synthesise makes from the stated seed.",
            file=f"{name}/{strange[0][0]}",
            remedy="Real files need a study of their own with its own permission: hearthlink init FOLDER",
        )
    missing = sorted(set(again[name]) - set(hashes))
    if missing:
        raise Refused(
            "Practice permission covers all the files that synthesise makes, and this one is missing.",
            file=f"{name}/{missing[0]}",
            remedy="Make the practice authority again with: hearthlink synthesise FOLDER",
        )


def remember(study: Study, name: str, hashes: Mapping[str, str]) -> None:
    """Keep, by hash alone, that these files are practice files of this version."""
    path = _memory() / _digest(study, name, hashes)
    with suppress(OSError):  # forgotten, it is only made again
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def remembered_at(study: Study, names: Sequence[str] | None = None) -> list[Path]:
    """Where it is kept, for this machine, that the files of a practice study are practice files: as they lie there, or by names told before."""
    if study.lines.practice is None:
        return []
    if names is None:
        parts = (("in", study.extracts), ("truth", study.truth))
        names = [_digest(study, part, file_hashes(folder)) for part, folder in parts]
    hashes = [name for name in names if re.fullmatch("[0-9a-f]{64}", name)]
    return [path for path in (_memory() / name for name in hashes) if path.is_file()]


def file_hashes(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder, by its path within it."""
    return {path.relative_to(folder).as_posix(): _hash(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _memory() -> Path:
    return user_cache_path("hearthlink", appauthor=False) / "practice"


def _digest(study: Study, name: str, hashes: Mapping[str, str]) -> str:
    practice = study.lines.practice
    stated = practice.model_dump() if practice else {}
    return hashlib.sha256(
        json.dumps([__version__, stated, study.lines.year, name, dict(hashes)], sort_keys=True).encode()
    ).hexdigest()

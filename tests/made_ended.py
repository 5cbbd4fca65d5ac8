"""A small study with a little of everything in it, keys of a few people, and the two signatures that end it; for tests of what comes last."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from made_authority import SMALL

from hearthlink.governance import Event, Ledger
from hearthlink.governance.keys import own_key
from hearthlink.governance.signing import SigningKey, new_key
from hearthlink.study import open_study
from hearthlink.study.ending.destroy import Ending, destroy
from hearthlink.study.template import PRACTICE
from hearthlink.tables import Room

DAY = datetime(2026, 1, 16, 9, tzinfo=UTC)
SECRET = b"AAA BBB 01/02/2003"
"""What stands in every file that has to go; of nobody."""

GOES = (
    "in/a.csv",
    "in/deep/er/b.xml",
    "rooms/identity/person.0123.sealed",
    "rooms/index.json",
    "out/report.html",
    "out.new/report.html",
    "truth/members.csv",
    "names/name_groups.csv",
    "findings/checks.html",
    "objections/list.csv",
    "releases/001/package/cleared.json",
    "releases/001/release-001.zip",
    "keys/pseudonym.key",
    "notes of somebody.txt",
    "a folder of theirs/c.xlsx",
    "destruction.json.new",
)
KEEPS = (
    "maps/claims.toml",
    "releases/001/state.json",
    "incidents/001/report.md",
    "papers/record.md",
)


def nobody(_: str) -> str:
    """A practice key asks for no passphrase."""
    raise AssertionError("a practice key asks nothing")


def small_study(folder: Path) -> Path:
    """A practice study of a few made-up files that was never run: quick to destroy, with something in every place where data may lie."""
    stated = {name: json.dumps(getattr(SMALL, name)).replace("null", "0") for name in SMALL.__slots__}
    stated |= {"year": SMALL.year, "version": SMALL.version, "world": SMALL.world, "authority": "Nowhere"}
    for name in (*GOES, *KEEPS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(SECRET)
    (folder / "study.toml").write_text(PRACTICE.format(**stated), encoding="utf-8")
    for room in Room:
        own_key(folder / "keys", room.value, "a room")
    Ledger(folder / "ledger.jsonl", lambda: DAY).write(Event.BEGUN)
    return folder


def practice_keys_of(folder: Path, *names: str) -> dict[str, SigningKey]:
    """Practice keys by name, in a folder outside every study."""
    return {name: new_key(folder / f"{name}.pem", None) for name in names}


def signed_by(study: Path, name: str, keys: Path, *, now: datetime = DAY, ask: Callable[[str], str] = nobody) -> Ending:
    """One person's signature under the destruction of a study; the second carries it out."""
    return destroy(open_study(study), name, ask=ask, clock=lambda: now, folder=keys)


def left_in(study: Path) -> set[str]:
    """Every file and link of a study, by its path."""
    return {path.relative_to(study).as_posix() for path in study.rglob("*") if path.is_symlink() or not path.is_dir()}

"""The last line of a study's ledger that was seen on this machine, kept outside the study: what is cut off the end is missed by it alone.

It is kept by the place of the study's folder, in this person's own folder of states: two hashes, a public key and a number, and no name.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from platformdirs import user_state_path

from hearthlink.errors import HearthlinkError, OurFault, Refused
from hearthlink.governance import Ledger
from hearthlink.governance.chain import FALSE, Judged, holds
from hearthlink.governance.ledger import STUDY_LEDGER, key_in

PUT_BACK = "No file was opened. Put the ledger back as it was, and tell who holds the study."


@dataclass(frozen=True, slots=True)
class Seen:
    """The public key of the ledger that was seen, how many lines it had, the hash of the last, and the digest of the study's id."""

    ledger: str
    lines: int
    head: str
    study: str


def last_seen(folder: Path) -> Seen | None:
    """What was seen of the ledger in a study's folder, or None where it never was on this machine."""
    try:
        kept = json.loads(_place(folder).read_text(encoding="utf-8"))
        return Seen(str(kept["ledger"]), int(kept["lines"]), str(kept["head"]), str(kept["study"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def missed(seen: Seen | None, judged: Judged, *, study: str, folder: Path) -> str:
    """What of the ledger that was seen is there no more, in words; nothing where it goes on from there.

    `study` is the digest of the study's id, empty for a practice study: one that was made anew in its place may begin a new ledger.
    """
    if seen is None or not seen.lines:
        return ""
    here = key_in(folder)
    if seen.ledger and seen.ledger not in {judged.study_key, "" if here is None else here.public}:
        return "The ledger was taken away: another lies in its place." if study and seen.study == study else ""
    if len(judged.lines) < seen.lines:
        return f"The ledger was cut off after line {len(judged.lines):,}: it had {seen.lines:,} when it was last seen."
    if judged.lines[seen.lines - 1].hash != seen.head:
        return (
            f"The ledger is another from line {seen.lines:,} or before: it does not hold the line that was last seen."
        )
    return ""


def keep_up(folder: Path, *, of: str | None) -> Judged:
    """Look the ledger of a study through, and remember its head. Every line that is new since is checked, its signature too.

    `of` is the study's id in the council's register; None leaves what was remembered of that. Raises Refused where a line was changed, or
    lines that were seen are there no more.
    """
    seen = last_seen(folder)  # before the ledger is read: another process may enter a line and remember it in between
    judged = Ledger(folder / STUDY_LEDGER, _no_clock).judged()
    known = seen.lines if seen is not None else 0
    false = next(
        (no for no, line in enumerate(judged.lines, start=1) if no > known and line.key and not holds(line)), 0
    )
    fault = (false, FALSE) if false else judged.fault
    if fault is not None:
        raise Refused(f"The ledger was changed. {fault[1]}", file=STUDY_LEDGER, line=fault[0], remedy=PUT_BACK)
    study = id_digest(of) if of is not None else "" if seen is None else seen.study
    gone = missed(seen, judged, study=study, folder=folder)
    if gone:
        raise Refused(gone, file=STUDY_LEDGER, remedy=PUT_BACK)
    now_seen = Seen(judged.study_key, len(judged.lines), judged.head, study)
    if judged.lines and now_seen != seen:
        _remember(folder, now_seen)
    return judged


def remember_end(folder: Path) -> None:
    """Remember the head as a command ends, where its beginning was let by; what is wrong by then is for the next beginning to say."""
    if last_seen(folder) is not None:
        with suppress(HearthlinkError, OSError):
            keep_up(folder, of=None)


def _remember(folder: Path, seen: Seen) -> None:
    place = _place(folder)
    with suppress(OSError):  # where nothing can be kept, what is printed on papers and packages still tells
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = place.with_name(f"{place.name}.new")
        made.write_text(json.dumps(asdict(seen)), encoding="utf-8")
        made.replace(place)


def _place(folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return user_state_path("hearthlink", appauthor=False) / "ledgers" / f"{name}.json"


def id_digest(of: str) -> str:
    """What is remembered of a study's id: its digest, or nothing where it has none."""
    return hashlib.sha256(of.encode()).hexdigest() if of else ""


def _no_clock() -> datetime:
    raise OurFault("Nothing is entered in the ledger here.")

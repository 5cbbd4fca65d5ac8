"""Whether a study may still be used: one that is destroyed, frozen or past the day of its destruction opens nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from hearthlink.errors import Refused
from hearthlink.governance import Event
from hearthlink.governance.approval import doubts, read_kept
from hearthlink.governance.chain import Line
from hearthlink.governance.protocol import PROTOCOL_FILE, SIGNATURES_FILE, ProtocolLines
from hearthlink.study.places import require_own
from hearthlink.study.seen import keep_up
from hearthlink.study.study import Study

CERTIFICATE_FILE, AGREED_FILE, FROZEN_FILE = "destruction.json", "destroying.json", "frozen.json"
"""The certificate of destruction; what was agreed and is under way of it; and what says that a study is frozen."""

BY_TWO = 2


def require_open(study: Study, now: datetime, *, for_protocol: bool = False) -> None:
    """Let a study go on only where it is neither destroyed nor frozen, its day of destruction is not past and its ledger is whole.

    What may still be done then asks nothing of this: destroy, incident and ledger. `for_protocol` is for what is done to the protocol alone,
    which may be done though the study is frozen, so that a key can be revoked, and past its day, so that others can be named to destroy it;
    but no version then lengthens what two people signed. Raises Refused before anything is opened.
    """
    require_own(study.folder)
    lines = keep_up(study.folder, of=register_id(study)).lines
    told = {line.said["event"] for line in lines}
    stop = next(_ends(study, now, told, lines, for_protocol=for_protocol), None)
    if stop is not None:
        raise stop


def register_id(study: Study) -> str:
    """The study's id in the council's register, as its protocol has it; empty for a practice study, which may be made anew at any time."""
    return "" if study.protocol is None or study.lines.practice is not None else study.protocol.project.id


def _ends(
    study: Study, now: datetime, told: set[object], lines: Sequence[Line], *, for_protocol: bool
) -> Iterator[Refused]:
    folder = study.folder
    if (folder / CERTIFICATE_FILE).exists() or Event.DESTROYED.value in told:
        yield _refusal(
            "This study was destroyed.", f"{CERTIFICATE_FILE} says what, when and by whom.", CERTIFICATE_FILE
        )
    if under_way(lines):
        yield _refusal(
            "This study is being destroyed.", "To go on to the end: hearthlink destroy STUDY --with NAME", AGREED_FILE
        )
    if is_frozen(folder, lines) and not for_protocol:
        yield _refusal(
            "This study is frozen after an incident.",
            "Two approvers lift that: hearthlink incident lift STUDY --with NAME",
            FROZEN_FILE,
        )
    last = destroy_by(study, as_signed=for_protocol)
    if last is not None and now.date() > last and not (for_protocol and _keeps_to(study, last)):
        yield _refusal(
            f"Everything was to be destroyed by {last:%d %B %Y}.",
            "Destroy it, as the protocol says: hearthlink destroy STUDY --with NAME",
            PROTOCOL_FILE,
        )


def under_way(lines: Sequence[Line]) -> bool:
    """Whether two people have agreed that a study is destroyed, by its ledger: whatever else was taken away, it opens no more."""
    return any(
        line.said["event"] == Event.DESTROYING.value and _counted(line, "signatures") >= BY_TWO for line in lines
    )


def is_frozen(folder: Path, lines: Sequence[Line]) -> bool:
    """Whether a study is frozen: its paper says so, or its ledger does, whichever is there."""
    turns = [line.said["event"] for line in lines if line.said["event"] in {Event.FROZEN.value, Event.LIFTED.value}]
    return (folder / FROZEN_FILE).exists() or (bool(turns) and turns[-1] == Event.FROZEN.value)


def _counted(line: Line, name: str) -> int:
    counts = line.said["counts"]
    found = counts.get(name, 0) if isinstance(counts, dict) else 0
    return found if isinstance(found, int) else 0


def destroy_by(study: Study, *, as_signed: bool = False) -> date | None:
    """The day by which everything is destroyed: the earlier of the protocol's as it stands and of the last version that two people signed."""
    if study.protocol is None:
        return None
    days = [one.dates.destroy_by for one in _approved(study)]
    days += [] if as_signed else [study.protocol.dates.destroy_by]
    return min((day for day in days if day is not None), default=None)


def _keeps_to(study: Study, last: date) -> bool:
    """Whether the protocol as it stands has everything destroyed by a day, or earlier."""
    named = None if study.protocol is None else study.protocol.dates.destroy_by
    return named is not None and named <= last


def _approved(study: Study) -> Iterator[ProtocolLines]:
    path = study.folder / SIGNATURES_FILE
    if not path.is_file():
        return
    kept = read_kept(path.read_text(encoding="utf-8", errors="replace"))
    for one in kept.signatures:
        lines = ProtocolLines.model_validate(one.protocol)
        if not doubts(lines, kept, practice=study.lines.practice is not None):
            yield lines


def _refusal(what: str, remedy: str, file: str) -> Refused:
    return Refused(what, file=file, remedy=f"No file was opened. {remedy}")

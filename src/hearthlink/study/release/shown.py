"""Where releases stand, for whoever asks. No table is opened, and nothing is asked of permission.

What left, and who let it, is wanted most when nothing else may be done: after an incident, past the last day, and when the study has been
destroyed. So these are told though the study is frozen or gone, and it is said that it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from hearthlink.errors import Refused
from hearthlink.governance import Event
from hearthlink.governance.chain import Line
from hearthlink.governance.release import State
from hearthlink.study.ended import CERTIFICATE_FILE, is_frozen, under_way
from hearthlink.study.ledger import ledger_of
from hearthlink.study.release.desk import Told, asked_for, lies, told
from hearthlink.study.released import numbers_in, require_number
from hearthlink.study.study import Study

STATES: Mapping[str, State] = {
    Event.CHECKED.value: State.CHECKED, Event.SUBMITTED.value: State.SUBMITTED, Event.RETURNED.value: State.RETURNED,
    Event.REJECTED.value: State.REJECTED, Event.RELEASED.value: State.RELEASED, Event.WITHDRAWN.value: State.WITHDRAWN,
    Event.APPROVED.value: State.APPROVED,
}  # fmt: skip
"""What a line of the ledger about a release says of its state, where nothing else is left to tell. Votes are entered once both are in."""
GONE = "nothing: this study was destroyed, and the package with it. Whoever has the archive verifies it as before"
FROZEN = "nothing while this study is frozen: two approvers lift that, with: hearthlink incident lift"


def release_told(study: Study, number: int | None = None) -> Told:
    """Where a release stands. Says so where its package was changed, and where the study is frozen or destroyed."""
    lines = ledger_of(study).judged().lines
    if _is_destroyed(study, lines):
        return _of_destroyed(study, require_number(study, number), lines)
    kept = asked_for(study, number)
    faults, _ = lies(study, kept)
    found = told(study, kept, [f"The package was changed: {each}" for each in faults[:5]])
    return replace(found, turn=(), next=FROZEN, commands=()) if is_frozen(study.folder, lines) else found


def releases_told(study: Study) -> list[Told]:
    """Where each release stands, the first first."""
    return [release_told(study, number) for number in numbers_in(study)]


def _is_destroyed(study: Study, lines: tuple[Line, ...]) -> bool:
    ended = any(line.said["event"] == Event.DESTROYED.value for line in lines)
    return ended or under_way(lines) or (study.folder / CERTIFICATE_FILE).exists()


def _of_destroyed(study: Study, number: int, lines: tuple[Line, ...]) -> Told:
    """What is left to tell of a release: its history, which stays; where that opens no more, what the ledger says of it."""
    try:
        found = told(study, asked_for(study, number), [])
    except Refused:  # a single review was sealed under a key that has gone
        found = _by_ledger(number, lines)
    ended = next((str(line.said["time"]) for line in lines if line.said["event"] == Event.DESTROYED.value), "")
    said = f"{ended or 'now'}  the study was destroyed: {CERTIFICATE_FILE} says by whom"
    return replace(found, says=(*found.says, said), turn=(), next=GONE, commands=(), package="destroyed", archive="")


def _by_ledger(number: int, lines: tuple[Line, ...]) -> Told:
    about = [
        line.said
        for line in lines
        if line.said["step"] == "release" and cast("Mapping[str, int]", line.said["counts"]).get("release") == number
    ]
    moves = [said for said in about if said["event"] in STATES]
    state = STATES[str(moves[-1]["event"])] if moves else State.DRAFT
    digest = str(moves[-1]["about"]) if moves else ""
    says = tuple(f"{said['time']}  {said['event']}, by the ledger" for said in moves)
    return Told(number, state, digest, says, (), GONE, (), "")

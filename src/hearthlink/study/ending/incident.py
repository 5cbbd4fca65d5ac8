"""Something went wrong with the data: the study is frozen at once, and a report says what was in scope, without a word about anybody in it.

Nothing of the data is opened for it: it works where the rooms are gone or cannot be read. Two approvers lift the freeze.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hearthlink.errors import HearthlinkError, WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.governance.certificate import digest, is_signed, signed_statement, stamp
from hearthlink.governance.chain import Line
from hearthlink.governance.ledger import STUDY_LEDGER
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import digest_of
from hearthlink.governance.signing import raw_of
from hearthlink.study.ended import FROZEN_FILE, is_frozen
from hearthlink.study.ending.approved import require_approved
from hearthlink.study.ending.incident_report import report_text, scope_of
from hearthlink.study.ledger import attempted, head_of, signs_lines
from hearthlink.study.lock import only_one
from hearthlink.study.signer import Ask, Signer, signer
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study

FREEZING, LIFTING = "hearthlink freeze 1", "hearthlink freeze lifted 1"
"""What a signature is of: one made for another purpose never counts here."""

LONGEST = 4000
"""Characters of what an officer may say in a report."""
MUST_LIFT = 2
PATIENCE = 60.0
"""Seconds for which the step at work is waited for. It is the last one: the next finds the study frozen."""
FOLDER, STEP = "incidents", "incident"

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Reported:
    """Where the report lies, its number, and until when the Commissioner is to be told, if that has to be."""

    number: int
    report: Path
    tell_by: str


def report_incident(
    study: Study,
    name: str,
    what: str,
    *,
    ask: Ask,
    clock: Clock,
    folder: Path | None = None,
    patience: float = PATIENCE,
) -> Reported:
    """Freeze a study and write the report. Whoever the protocol names may do it, and a second one is another report.

    `what` is the officer's own words: they stand in the report and nowhere else, and are looked at for their length alone. Raises WrongUse where
    there are none or too many, or a step is still at work after `patience` seconds: the study is frozen all the same.
    """
    path, words, now = study.folder / STUDY_LEDGER, what.strip(), clock()
    try:
        who = signer(study, name, ask=ask, folder=folder)
        _require_words(words)
    except HearthlinkError:
        with suppress(HearthlinkError), only_one(study.folder), attempted(Ledger(path, clock), STEP):
            raise
        raise
    _freeze(study, who, now)
    with _patiently(study.folder, patience), attempted(Ledger(path, clock), STEP):
        ledger = Ledger(path, clock, signs_lines(study, who.key))
        number = _next_number(study.folder)
        _freeze(study, who, now)  # where it was lifted while the step at work was waited for
        frozen = _standing_paper(study, ledger.judged().lines)["frozen"]
        ledger.write(
            Event.FROZEN,
            step=STEP,
            role=_part(who),
            counts={"incident": number},
            by=who.fingerprint,
            about=digest(frozen),
        )
        place = study.folder / FOLDER / f"{number:03}"
        scope = scope_of(study, who, number, now, ledger)
        write_whole(place / "ledger-slice.jsonl", b"".join(row + b"\n" for row in scope.slice_of_ledger))
        write_whole(place / "report.json", _report_json(scope.said, words, who))
        write_whole(place / "report.md", report_text(scope.said, words).encode())
    return Reported(number, place / "report.md", str(scope.said["tell_the_commissioner_by"]))


def _require_words(words: str) -> None:
    if not words or len(words) > LONGEST:
        raise WrongUse(
            f"Say in up to {LONGEST:,} characters what happened.", column="--what", remedy="Name nobody in it."
        )


def _report_json(said: Mapping[str, object], words: str, who: Signer) -> bytes:
    whole = json.loads(json.dumps({**said, "words": words}))
    return (json.dumps(signed_statement(whole, who.key), indent=1, ensure_ascii=False) + "\n").encode()


def _freeze(study: Study, who: Signer, now: datetime) -> None:
    """Put up the paper that every permission looks for: at once, and whoever is at work."""
    path = study.folder / FROZEN_FILE
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        if is_signed(_paper_on(study.folder)["frozen"]):
            return
    said: dict[str, object] = {
        "for": FREEZING, "study": study.lines.name, "protocol": _protocol_digest(study), "name": who.name,
        "key": who.key.public, "at": stamp(now), "after": head_of(study),
    }  # fmt: skip
    write_whole(path, _paper({"frozen": signed_statement(said, who.key), "lifted": []}))


def lift(study: Study, name: str, *, ask: Ask, clock: Clock, folder: Path | None = None) -> tuple[str, int]:
    """Say as an approver that a freeze may be lifted; with the second approver it is. Gives who said so, and how many have.

    Raises Refused for whoever is no approver by a protocol that holds, WrongUse where nothing is frozen or they have said so already.
    """
    path = study.folder / STUDY_LEDGER
    with only_one(study.folder), attempted(Ledger(path, clock), STEP):
        who = signer(study, name, ask=ask, folder=folder)
        ledger = Ledger(path, clock, who.key)
        who.require(Part.APPROVER)
        require_approved(study, "Nobody is an approver")
        lines = ledger.judged().lines
        if not is_frozen(study.folder, lines):
            raise WrongUse("This study is not frozen.", file=FROZEN_FILE)
        paper = _standing_paper(study, lines)
        before = [one for one in paper["lifted"] if _counts(study, one, paper)]
        if any(one["name"] == who.name or raw_of(str(one["key"])) == raw_of(who.key.public) for one in before):
            raise WrongUse("You have said so already.", file=FROZEN_FILE, remedy="Another approver says so next.")
        said = {
            "for": LIFTING, "of": digest(paper["frozen"]), "name": who.name, "key": who.key.public, "at": stamp(clock()),
        }  # fmt: skip
        lifted = [*before, signed_statement(said, who.key)]
        kept = _paper({**paper, "lifted": lifted})
        write_whole(study.folder / FROZEN_FILE, kept)
        if len(lifted) >= MUST_LIFT:
            write_whole(study.folder / FOLDER / f"lifted-{stamp(clock()).replace(':', '')}.json", kept)
            ledger.write(
                Event.LIFTED, step=STEP, role=Part.APPROVER.value, counts={"signatures": len(lifted)}, about=digest(paper["frozen"])
            )  # fmt: skip
            (study.folder / FROZEN_FILE).unlink()
    return who.name, len(lifted)


def _counts(study: Study, one: Mapping[str, Any], paper: Mapping[str, Any]) -> bool:
    """Whether a signature to lift a freeze counts: it is whole, of this freeze, and an approver's as the protocol names them now."""
    if one.get("for") != LIFTING or one.get("of") != digest(paper["frozen"]) or not is_signed(one):
        return False
    if study.protocol is None:
        return True
    may = {person.key: person.name for person in study.protocol.person if Part.APPROVER in person.roles and person.key}
    return may.get(str(one.get("key"))) == one.get("name")


def _standing_paper(study: Study, lines: Sequence[Line]) -> dict[str, Any]:
    """What says that the study is frozen now. Where it was taken away, changed or is of an earlier freeze, the ledger alone says so.

    What approvers said counts for the freeze that they said it of: another's paper put in its place brings none of that with it.
    """
    turns = [line for line in lines if line.said["event"] in {Event.FROZEN.value, Event.LIFTED.value}]
    ends = [number for number, line in enumerate(turns, start=1) if line.said["event"] == Event.LIFTED.value]
    over = max(ends, default=0)
    earlier, standing = ({str(line.said["about"]) for line in part} for part in (turns[:over], turns[over:]))
    by_ledger: dict[str, Any] = {"frozen": {"for": FREEZING, "line": turns[-1].hash if turns else ""}, "lifted": []}
    try:
        paper = _paper_on(study.folder)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return by_ledger
    told = digest(paper["frozen"])
    not_entered = not standing and told not in earlier and is_signed(paper["frozen"])
    return paper if told in standing or not_entered or paper["frozen"] == by_ledger["frozen"] else by_ledger


def _paper_on(folder: Path) -> dict[str, Any]:
    paper = json.loads((folder / FROZEN_FILE).read_text(encoding="utf-8"))
    if not isinstance(paper["frozen"], dict):
        raise TypeError
    return {"frozen": paper["frozen"], "lifted": [one for one in paper["lifted"] if isinstance(one, dict)]}


def _protocol_digest(study: Study) -> str:
    return "" if study.protocol is None else digest_of(study.protocol)


def _part(who: Signer) -> str:
    return min((part.value for part in who.parts), default="")


def _paper(said: Mapping[str, object]) -> bytes:
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _next_number(folder: Path) -> int:
    place = folder / FOLDER
    found = [int(path.name) for path in place.iterdir() if path.name.isdecimal()] if place.is_dir() else []
    return max(found, default=0) + 1


@contextmanager
def _patiently(folder: Path, patience: float) -> Iterator[None]:
    """The study's lock, waited for while the step at work comes to its end."""
    until = time.monotonic() + patience
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_one(folder))
                break
            except WrongUse:
                if time.monotonic() >= until:
                    raise WrongUse(
                        "The study is frozen, and a step is still at work in it.", file=folder.name,
                        remedy="It is the last one. Give the same command again when it has ended: the report is written then.",
                    ) from None  # fmt: skip
            time.sleep(0.2)
        yield

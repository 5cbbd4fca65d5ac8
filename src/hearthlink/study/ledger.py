"""What may be asked of a study's ledger: whether it is sound, what it tells, whether a head stands in it; and a copy of it for an auditor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from hearthlink.errors import DataProblem, HearthlinkError, OurFault, Refused, WrongUse, refused_by_system
from hearthlink.governance import Event, Ledger
from hearthlink.governance.approval import read_kept
from hearthlink.governance.chain import STUDY_KEY, Judged, Line, judge
from hearthlink.governance.ledger import STUDY_LEDGER, fault_at
from hearthlink.governance.protocol import SIGNATURES_FILE, PersonLines, ProtocolLines
from hearthlink.governance.signing import SigningKey, fingerprint, is_practice, raw_of
from hearthlink.study.ended import register_id
from hearthlink.study.lock import only_one
from hearthlink.study.seen import id_digest, last_seen, missed, remember_end
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study

EXPORT = "hearthlink ledger export 1"
SHORTEST = 16
"""Letters of a head that must at least be given, to find the line that it is the hash of."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Sound:
    """A ledger found sound: its lines, how many were entered before lines were signed, its head, the days of its first and last line."""

    lines: int
    unsigned: int
    head: str
    first: str
    last: str
    by: Mapping[str, int]


def head_of(study: Study) -> str:
    """The hash of the last line of a study's ledger: what is printed on whatever is made once, so that the ledger cannot be cut short unseen."""
    return ledger_of(study).head()


def ledger_of(study: Study, clock: Clock | None = None) -> Ledger:
    """The ledger of a study; without a clock to be read alone."""
    return Ledger(study.folder / STUDY_LEDGER, clock or _no_clock)


def check_ledger(study: Study, *, every: bool = False) -> Sound:
    """Look the ledger of a study through. Raises DataProblem that names the first line that is wrong, and says what is wrong with it.

    `every` checks each signature; else the last of each key is, which vouches for what is before it.
    """
    judged = ledger_of(study).judged(known=who_may_sign(study), every=every)
    gone = "" if judged.fault else _missed(study, judged)
    if gone:
        remedy = "Keep the file as it is, and tell who holds the study."
        raise DataProblem(gone, file=STUDY_LEDGER, line=len(judged.lines) + 1, remedy=remedy)
    return _sound(judged, STUDY_LEDGER)


def _missed(study: Study, judged: Judged) -> str:
    return missed(last_seen(study.folder), judged, study=id_digest(register_id(study)), folder=study.folder)


def check_export(path: Path) -> Sound:
    """Look through what `export_ledger` wrote, with nothing else at hand. Raises DataProblem as `check_ledger` does, WrongUse for another file."""
    try:
        first, *rows = path.read_bytes().split(b"\n")[:-1]
        told = json.loads(first)
        keys = {raw_of(one["key"]) for one in told["keys"]}
        whole = told["lines"], told["head"]
        ours = told["what"] == EXPORT
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        ours, rows, keys, whole = False, [], set[bytes](), (0, "")
    if not ours:
        raise WrongUse("This is no ledger that Hearthlink has written out.", file=path.name)
    judged = judge(rows, known=lambda public: raw_of(public) in keys, every=True)
    if judged.fault is None and (len(judged.lines), judged.head) != whole:
        raise DataProblem(
            "Lines were cut off the end, or put there.", file=path.name, line=len(judged.lines) + 1,
            remedy="Ask for the ledger again.",
        )  # fmt: skip
    return _sound(judged, path.name)


def _sound(judged: Judged, file: str) -> Sound:
    if judged.fault is not None:
        raise fault_at(*judged.fault, file=file)
    lines = judged.lines
    times = [str(line.said["time"]) for line in lines]
    signers = [_whose(line, judged.study_key) for line in lines]
    return Sound(
        len(lines), judged.unsigned, judged.head, times[0] if times else "", times[-1] if times else "",
        {who: signers.count(who) for who in dict.fromkeys(signers)},
    )  # fmt: skip


def _whose(line: Line, study_key: str) -> str:
    if not line.key:
        return "nobody"
    return "the study" if line.key == study_key else fingerprint(line.key)


def find_head(study: Study, head: str) -> tuple[int, str]:
    """The line of which a head is the hash, and when it was entered; the head as it is printed, or its first sixteen letters or more.

    Raises DataProblem where no line has it: the ledger is not the one on which it was printed, or was cut short since.
    """
    asked = head.strip().lower()
    if len(asked) < SHORTEST or set(asked) - set("0123456789abcdef"):
        raise WrongUse(f"A head is written with {SHORTEST} to 64 figures and letters from a to f.", column="--head")
    judged = ledger_of(study).judged()
    for number, line in enumerate(judged.lines, start=1):
        if line.hash.startswith(asked):
            return number, str(line.said["time"])
    raise DataProblem(
        "No line of this ledger has that head.", file=STUDY_LEDGER,
        remedy="It was printed from another ledger, or lines were cut off since. Keep both, and tell who holds the study.",
    )  # fmt: skip


def who_may_sign(study: Study) -> Callable[[str], bool]:
    """Whether a public key is that of somebody whom any version of the protocol names. In a practice study any practice key is."""
    named = {raw_of(one.key) for one in people_of(study) if one.key}
    practice = study.lines.practice is not None
    return lambda public: raw_of(public) in named or (practice and is_practice(public))


def signs_lines(study: Study, key: SigningKey | None) -> SigningKey | None:
    """A person's key where it may sign lines of the ledger: a version of the protocol that somebody signed names it, or it is a practice key.

    A key that only the text as it stands names signs none: were the text put right, its lines would be signed by nobody known.
    """
    if key is None or (study.protocol is None and study.lines.practice is not None):
        return key
    return key if any(one.key and raw_of(one.key) == raw_of(key.public) for one in _people_signed_for(study)) else None


def people_of(study: Study) -> list[PersonLines]:
    """Everybody whom the protocol names, as it stands and as any version of it was signed; the latest first."""
    now = () if study.protocol is None else study.protocol.person
    return [*now, *_people_signed_for(study)]


def _people_signed_for(study: Study) -> list[PersonLines]:
    path = study.folder / SIGNATURES_FILE
    signed: list[ProtocolLines] = []
    if path.is_file():
        with suppress(Refused):  # who signed cannot be read: then only those count whom the protocol itself names
            kept = read_kept(path.read_text(encoding="utf-8", errors="replace"))
            signed = [ProtocolLines.model_validate(one.protocol) for one in kept.signatures]
    return [person for lines in reversed(signed) for person in lines.person]


def told_by_ledger(study: Study, last: int = 0) -> Iterator[str]:
    """The ledger in words, a line each: when, what, in which role, how many of what, and who says so. `last` shows only so many, 0 all."""
    judged = ledger_of(study).judged(known=who_may_sign(study))
    names = {fingerprint(one.key): one.name for one in people_of(study) if one.key}
    for line in judged.lines[-last:] if last else judged.lines:
        said = line.said
        counts = cast("Mapping[str, int]", said["counts"])
        words = [str(said["event"]), str(said["step"]), f"({said['role']})" if said["role"] else ""]
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        signed_by = _whose(line, judged.study_key)
        by = names.get(signed_by, signed_by)
        yield f"{said['time']}  {' '.join(word for word in words if word)}{f': {told}' if told else ''}  [{by}]"
    if judged.fault is not None:
        yield f"Line {judged.fault[0]:,} is not sound, and nothing after it is shown. {judged.fault[1]}"


def export_ledger(study: Study, out: Path) -> int:
    """Write the ledger out for an auditor: a first line with the public keys and what part each has, then every line as it lies there.

    Names of people who take part are left out: a key stands for its owner. Gives the number of lines. Raises WrongUse where there is something
    in its place, DataProblem where the ledger is not sound.
    """
    if out.exists() or out.is_symlink():
        raise WrongUse("There is something here already; it was left as it is.", file=out.name)
    check_ledger(study, every=True)
    judged = ledger_of(study).judged()
    used = {line.key for line in judged.lines if line.key}
    parts = {raw_of(one.key): [part.value for part in one.roles] for one in reversed(people_of(study)) if one.key}
    keys = [
        {"key": key, "fingerprint": fingerprint(key), "parts": ["the study"] if key == judged.study_key else parts.get(raw_of(key), [])}
        for key in sorted(used)
    ]  # fmt: skip
    told = {"what": EXPORT, "lines": len(judged.lines), "head": judged.head, STUDY_KEY: judged.study_key, "keys": keys}
    rows = ledger_of(study).rows()[: len(judged.lines)]
    write_whole(out, b"\n".join([json.dumps(told).encode(), *rows]) + b"\n")
    return len(rows)


@contextmanager
def attempted(ledger: Ledger, step: str, *, role: str = "") -> Iterator[None]:
    """Something attempted that is neither a step nor opens a room: a refusal or a stop within the block leaves its line in the ledger."""
    try:
        yield
    except HearthlinkError as stop:
        _note(ledger, step, role, stop)
        raise
    except OSError as fault:
        stop = refused_by_system(fault)
        _note(ledger, step, role, stop)
        raise stop from None
    finally:
        remember_end(ledger.path.parent)


def enter_refusal(study: Study, step: str, *, now: datetime) -> None:
    """A line for an attempt that was refused before it came to anything; none where somebody else is at work, who holds the ledger."""
    with suppress(HearthlinkError, OSError), only_one(study.folder):
        ledger_of(study, lambda: now).write(Event.REFUSED, step=step)
        remember_end(study.folder)


def _note(ledger: Ledger, step: str, role: str, stop: HearthlinkError) -> None:
    refused = isinstance(stop, Refused)
    with suppress(OSError, HearthlinkError):
        ledger.write(
            Event.REFUSED if refused else Event.STOPPED,
            step=step,
            role=role,
            counts={} if refused else {"exit_code": int(stop.code)},
        )


def _no_clock() -> datetime:
    raise OurFault("Nothing is entered in the ledger here.")

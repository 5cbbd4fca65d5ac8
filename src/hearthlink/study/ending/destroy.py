"""The end of a study: two people agree, its keys and files are erased, and a certificate says what, when and by whom.

Every moment of it can be the last of a process: given again, the same command goes on to the end, and the certificate is there only when
all of it is done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from hearthlink.errors import DataProblem, OurFault, Refused, WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.governance.certificate import (
    AGREED,
    BEGUN,
    DESTROYED,
    LIMITS,
    MAY_SIGN,
    METHOD,
    digest,
    faults_of_agreement,
    is_signed,
    signed_statement,
    stamp,
    verify_certificate,
    written,
)
from hearthlink.governance.ledger import STUDY_LEDGER, study_key
from hearthlink.governance.protocol import digest_of, said_by
from hearthlink.governance.signing import raw_of
from hearthlink.study.ended import AGREED_FILE, CERTIFICATE_FILE, under_way
from hearthlink.study.ending.approved import require_approved
from hearthlink.study.ending.certificate_page import page
from hearthlink.study.ending.erasing import STAYS, erase, inventory, left_outside
from hearthlink.study.ledger import attempted
from hearthlink.study.lock import only_one
from hearthlink.study.permitted import read_signatures
from hearthlink.study.practice import remembered_at
from hearthlink.study.signer import Ask, Signer, signer
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study

LASTS = timedelta(days=30)
"""How long one person's signature waits for the other's."""

PAGE_FILE = "destruction.html"
STEP = "destroy"

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ending:
    """How far it has come: `certificate` where all is done; else until when the first signature waits, and what is to go, part by part."""

    signed_by: str
    until: str
    parts: tuple[tuple[str, int, int], ...]
    outside: tuple[Path, ...]
    certificate: Path | None = None


def destroy(
    study: Study,
    name: str,
    *,
    ask: Ask,
    clock: Clock,
    folder: Path | None = None,
    progress: Callable[[str, float], None] = lambda words, share: None,
) -> Ending:
    """Agree to the destruction of a study as the first of two people, or carry it out as the second. No file of it is opened but to be hashed.

    It may be done whatever else holds the study up. Raises Refused for whoever is neither custodian nor approver by a protocol that two
    approvers signed, WrongUse for whoever has agreed already, and where the study is destroyed; DataProblem where something cannot be erased.
    """
    with _signing(study, name, ask=ask, clock=clock, folder=folder, progress=progress) as at:
        who, kept = at.who, _kept(study)
        if _is_under_way(study, kept):
            return _go_on(at, kept)
        first = kept.get("agreed")
        if first is None or not _waits(at, first):
            return _agree(at)
        if str(first["name"]) == who.name or raw_of(str(first["key"])) == raw_of(who.key.public):
            raise WrongUse(
                f"You have agreed to it already; that waits until {str(first['until'])[:10]}.",
                file=AGREED_FILE,
                remedy="Somebody else, a custodian or an approver, gives the same command with their own key.",
            )
        return _begin(at, first)


def take_back(study: Study, name: str, *, ask: Ask, clock: Clock, folder: Path | None = None) -> str:
    """Take back one's own signature to the destruction of a study, while the second is not given; gives whose it was. Nothing was erased by it.

    Raises Refused as `destroy` does, and where two have signed: what is under way is not halted. WrongUse where no signature of theirs waits.
    """
    with _signing(study, name, ask=ask, clock=clock, folder=folder) as at:
        who, kept = at.who, _kept(study)
        if "begun" in kept or under_way(at.ledger.judged().lines):
            raise Refused(
                "Two people have signed: this study is being destroyed, and some of it may be gone.", file=AGREED_FILE,
                remedy="To go on to the end: hearthlink destroy STUDY --with NAME",
            )  # fmt: skip
        first = kept.get("agreed")
        if first is None or raw_of(str(first.get("key"))) != raw_of(who.key.public):
            raise WrongUse(
                "No signature of yours to the destruction of this study waits.", file=AGREED_FILE,
                remedy="Only whoever signed first takes that back. Without a second signature it runs out by itself, 30 days after.",
            )  # fmt: skip
        # The ledger first: a signature that was taken back and is not known to be would be missed by nobody.
        at.ledger.write(Event.TAKEN_BACK, step=STEP, role=at.role, about=digest(first))
        (study.folder / AGREED_FILE).unlink()
    return who.name


@dataclass(frozen=True, slots=True)
class _Destruction:
    """What stays the same in one call."""

    study: Study
    who: Signer
    ledger: Ledger
    now: datetime
    progress: Callable[[str, float], None]

    @property
    def role(self) -> str:
        return next(part.value for part in MAY_SIGN if part in self.who.parts)

    @property
    def signs(self) -> dict[str, object]:
        """Who signs, when and about which study."""
        return {
            "of": of_study(self.study), "name": self.who.name, "key": self.who.key.public, "at": stamp(self.now),
        }  # fmt: skip


@contextmanager
def _signing(
    study: Study, name: str, *, ask: Ask, clock: Clock, folder: Path | None,
    progress: Callable[[str, float], None] = lambda words, share: None,
) -> Iterator[_Destruction]:  # fmt: skip
    """Whoever may put their name to the end of a study, alone with it, and only while it is not destroyed."""
    path = study.folder / STUDY_LEDGER
    with only_one(study.folder), attempted(Ledger(path, clock), STEP):
        who = signer(study, name, ask=ask, folder=folder)
        who.require(*MAY_SIGN)
        _require_part(study)
        _require_not_done(study)
        yield _Destruction(study, who, Ledger(path, clock, who.key), clock(), progress)


def of_study(study: Study) -> dict[str, object]:
    """Which study a statement is about: its name, its number in the register, the digest of its protocol, and the key of its ledger."""
    protocol = study.protocol
    return {
        "study": study.lines.name,
        "authority": study.lines.authority,
        "project": "" if protocol is None else protocol.project.id,
        "protocol": "" if protocol is None else digest_of(protocol),
        "ledger": study_key(study.folder).public,
    }


def _agree(at: _Destruction) -> Ending:
    until = stamp(at.now + LASTS)
    agreed = signed_statement({"for": AGREED, **at.signs, "until": until}, at.who.key)
    _keep(at.study, {"agreed": agreed})
    at.ledger.write(Event.DESTROYING, step=STEP, role=at.role, counts={"signatures": 1}, about=digest(agreed))
    return Ending(at.who.name, until, tuple(_parts(inventory(at.study.folder))), tuple(_outside(at.study)))


def _begin(at: _Destruction, agreed: Mapping[str, Any]) -> Ending:
    """The second signature: what is there is counted and hashed, both signatures are kept with that, and it is carried out."""
    at.progress("Counting what is there", 0.0)
    found = inventory(at.study.folder)
    besides = [path.name for path in remembered_at(at.study)]
    begun = signed_statement(
        {"for": BEGUN, **at.signs, "agreed": digest(agreed), "inventory": digest(found)}, at.who.key
    )
    kept = {"agreed": dict(agreed), "begun": begun, "inventory": found, "remembered": besides}
    _keep(at.study, kept)
    return _go_on(at, kept)


def _go_on(at: _Destruction, kept: Mapping[str, Any]) -> Ending:
    """Carry out what two people have signed, from wherever it has come to, and write the certificate when all of it is done."""
    study, found = at.study, kept["inventory"]
    fault = next(faults_of_agreement(kept["agreed"], kept["begun"], found), None) or _stranger(study, kept)
    if fault is not None:
        raise Refused(
            f"What was agreed was changed. {fault}", file=AGREED_FILE,
            remedy="Nothing more was erased. Take the file away, and agree anew.",
        )  # fmt: skip
    about, lines = digest(found), at.ledger.judged().lines
    if not under_way(lines):
        at.ledger.write(Event.DESTROYING, step=STEP, role=at.role, counts={"signatures": 2}, about=about)
    besides = remembered_at(study, kept.get("remembered", ()))
    erase(study.folder, besides, lambda done, of: at.progress("Erasing", done / max(of, 1)))
    if not any(line.said["event"] == Event.DESTROYED.value for line in lines):
        counts = {"files": sum(files for _, files, _ in _parts(found)), "keys": len(found["keys"])}
        at.ledger.write(Event.DESTROYED, step=STEP, role=at.role, counts=counts, about=about)
    _certify(at, kept)
    return Ending(at.who.name, "", tuple(_parts(found)), tuple(_outside(study)), study.folder / CERTIFICATE_FILE)


def _certify(at: _Destruction, kept: Mapping[str, Any]) -> None:
    study, protocol = at.study, at.study.protocol
    judged = at.ledger.judged()
    signatures = () if protocol is None else read_signatures(study.folder).signatures
    said = {
        "what": DESTROYED,
        **at.signs,
        "made_up": study.lines.practice is not None,
        "agreed": kept["agreed"],
        "begun": kept["begun"],
        "inventory": kept["inventory"],
        "method": METHOD,
        "limits": LIMITS,
        "outside": len(_outside(study)),
        "stays": STAYS,
        "protocol": None if protocol is None else said_by(protocol),
        "protocol_signatures": [
            {name: value for name, value in asdict(one).items() if name != "protocol"}
            for one in signatures
            if protocol is not None and one.digest == digest_of(protocol)
        ],
        "ledger": {"lines": len(judged.lines), "head": at.ledger.head(), "sound": judged.fault is None},
    }
    text = written(json.loads(json.dumps(said)), at.who.key)
    write_whole(study.folder / PAGE_FILE, page(json.loads(text)).encode())
    write_whole(study.folder / CERTIFICATE_FILE, text.encode())
    try:
        verify_certificate(study.folder / CERTIFICATE_FILE)
    except DataProblem as fault:
        (study.folder / CERTIFICATE_FILE).unlink()
        raise OurFault(f"Everything is erased, and the certificate does not hold: {fault.what}") from None
    (study.folder / AGREED_FILE).unlink(missing_ok=True)


def _require_not_done(study: Study) -> None:
    if (study.folder / CERTIFICATE_FILE).exists():
        (study.folder / AGREED_FILE).unlink(missing_ok=True)  # left by a kill between the two
        raise WrongUse(
            "This study is destroyed already.", file=CERTIFICATE_FILE, remedy="Its certificate says by whom."
        )


def _require_part(study: Study) -> None:
    require_approved(
        study, "Nobody has a part in this study",
        remedy="Nothing was erased. Put back the version that was signed, or have this one signed.",
    )  # fmt: skip


def _stranger(study: Study, kept: Mapping[str, Any]) -> str | None:
    """Why a signature that is kept does not count, by the people whom the protocol names; in a practice study without one, everybody may."""
    if study.protocol is None:
        return None
    may = {one.key: one.name for one in study.protocol.person if one.key and set(one.roles) & set(MAY_SIGN)}
    signed = (kept["agreed"], kept["begun"])
    return None if all(may.get(one["key"]) == one["name"] for one in signed) else "Somebody signed who may not."


def _kept(study: Study) -> dict[str, Any]:
    path = study.folder / AGREED_FILE
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept if isinstance(kept["agreed"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}  # nothing that holds was agreed


def _is_under_way(study: Study, kept: Mapping[str, Any]) -> bool:
    return {"begun", "inventory"} <= set(kept) and kept["agreed"].get("of") == of_study(study)


def _waits(at: _Destruction, first: Mapping[str, Any]) -> bool:
    """Whether the first signature still counts: it is whole, of this study as it stands, by somebody who may, and not run out."""
    return (
        is_signed(first)
        and first.get("for") == AGREED
        and first.get("of") == of_study(at.study)
        and str(first.get("at")) <= stamp(at.now) <= str(first.get("until"))
        and _stranger(at.study, {"agreed": first, "begun": first}) is None
        and not _was_taken_back(at, first)
    )


def _was_taken_back(at: _Destruction, first: Mapping[str, Any]) -> bool:
    """Whether the ledger tells that a signature was taken back: a copy of it that somebody puts in its place counts no more."""
    about = digest(first)
    told = (line.said for line in at.ledger.judged().lines)
    return any(said["event"] == Event.TAKEN_BACK.value and said["about"] == about for said in told)


def _keep(study: Study, kept: Mapping[str, object]) -> None:
    write_whole(study.folder / AGREED_FILE, (json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode())


def _parts(found: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    for part in cast("list[Mapping[str, Any]]", found["parts"]):
        yield str(part["part"]), int(part["files"]), int(part["bytes"])


def _outside(study: Study) -> list[Path]:
    return left_outside((study.extracts,), study.folder)

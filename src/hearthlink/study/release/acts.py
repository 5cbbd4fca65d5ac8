"""What people do with a release once its package is made: hand it in, review it, let it leave, withdraw it; every move signed and entered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.disclosure.earlier import figures_of
from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance import Event
from hearthlink.governance.approval import revoked_keys
from hearthlink.governance.protocol import SIGNATURES_FILE
from hearthlink.governance.release import AUTHORS, CHECKERS, SEEN, Entry, Move, State
from hearthlink.governance.signing import fingerprint, raw_of
from hearthlink.study.acts import PREPARE_RELEASE, RELEASE, REVIEW_RELEASE
from hearthlink.study.package import (
    ABOUT,
    ADDED,
    APPROVALS,
    CRATE,
    PROTOCOL,
    WITHDRAWN,
    archive,
    archive_name,
    as_json,
)
from hearthlink.study.permitted import read_signatures
from hearthlink.study.processes.work import stands
from hearthlink.study.release.again import require_made_again
from hearthlink.study.release.crate import crate
from hearthlink.study.release.desk import REMAKE, Desk, Hand, Told, asked_for, at_work, lies, moved, told
from hearthlink.study.release.make import make, past_releases
from hearthlink.study.release.record import protocol_record
from hearthlink.study.released import (
    PACKAGE,
    Kept,
    archive_of,
    package_files,
    place_of,
    protocol_of_package,
    write_release,
)
from hearthlink.study.steps import STEPS
from hearthlink.study.store import look, write_whole
from hearthlink.study.study import Study
from hearthlink.tables.released import RELEASED_FIGURE

__all__ = [
    "Hand",
    "Move",
    "Told",
    "finish",
    "make",
    "review",
    "submit",
    "withdraw",
]


EVENTS: Mapping[Move, Event] = {
    Move.CHECK: Event.CHECKED, Move.SUBMIT: Event.SUBMITTED, Move.APPROVE: Event.APPROVED, Move.RETURN: Event.RETURNED,
    Move.REJECT: Event.REJECTED, Move.FINISH: Event.RELEASED, Move.WITHDRAW: Event.WITHDRAWN,
}  # fmt: skip
"""The line of the ledger for each move. A first review has none of its own: the line of the act says that one was given, not what it says."""


def submit(study: Study, hand: Hand, number: int | None) -> Told:
    """Hand a checked package in. Whoever does is its author, and may not review it."""
    with at_work(study, PREPARE_RELEASE, hand) as desk:
        desk.who.require(*AUTHORS)
        _require_received(study)
        kept = moved(desk, _as_it_lies(desk, number), Move.SUBMIT)
        desk.enter(Event.SUBMITTED, kept.standing.release, kept.standing.digest)
        write_release(study, kept)
    return told(study, kept, ["Submitted"])


def review(
    study: Study, hand: Hand, number: int | None, move: Move, *, why: str = ""
) -> Told:  # fmt: skip
    """Approve, return or reject what was submitted, as one of two output checkers. What the first says is told once the second has spoken."""
    with at_work(study, REVIEW_RELEASE, hand) as desk:
        desk.who.require(*CHECKERS)
        kept = moved(desk, _as_it_lies(desk, number), move, why=why)
        if kept.standing.state is not State.REVIEWED_ONCE:
            for one in kept.standing.reviews:
                desk.enter(_event(one), kept.standing.release, kept.standing.digest, by=fingerprint(one.key))
        desk.opened.counts.update({"release": kept.standing.release, "reviews": len(kept.standing.reviews)})
        write_release(study, kept)
    return told(study, kept, ["Your review is entered"])


def _event(entry: Entry) -> Event:
    kind = entry.kind
    return EVENTS[Move.APPROVE if kind is None else kind]


def finish(study: Study, hand: Hand, number: int | None, *, say: Callable[[str], None] = lambda words: None) -> Told:
    """Let a release leave that two approved: keep the true figures behind it, describe it, and write its archive.

    `say` is told when it is about to be made once more, which takes a while, and so after whatever can refuse at once.
    """
    with at_work(study, RELEASE, hand) as desk:
        desk.who.require(*CHECKERS)
        _require_not_left(asked_for(study, number))
        kept = _as_it_lies(desk, number)
        moved(
            desk, kept, Move.FINISH, crate="-", ledger="-"
        )  # refused before anything else is asked, and before anything is written
        _require_received(study)
        _require_its_figures(study, kept)
        _require_keys_stand(study, kept)
        number = kept.standing.release
        files = {
            name: content
            for name, content in package_files(place_of(study, number) / PACKAGE).items()
            if name not in ADDED
        }
        say("Made once more from the sealed tables, and compared to the byte before it leaves …")
        require_made_again(study, desk.opened, number, files)
        _remember(desk, number)
        desk.enter(Event.RELEASED, number, kept.standing.digest, {"approvals": len(kept.standing.reviews)})
        kept, added = _described(desk, kept, files)
        for path, content in added.items():
            write_whole(place_of(study, number) / PACKAGE / path, content)
        write_whole(archive_of(study, number), archive(number, {**files, **added}))
        write_release(study, kept)
    return told(study, kept, ["Released"])


def _require_not_left(kept: Kept) -> None:
    """Raise WrongUse for a release that has left already: there is nothing more to let leave of it."""
    left = next((one for one in kept.entries if one.kind is Move.FINISH), None)
    if left is not None:
        gone = ", and was withdrawn since" if kept.standing.state is State.WITHDRAWN else ""
        raise WrongUse(
            f"Release {kept.standing.release} has left already, on {left.at[:10]}{gone}.", file="releases",
            remedy=f"Its archive is releases/{kept.standing.release:03}/{archive_name(kept.standing.release)}. The next is begun with: hearthlink release new",
        )  # fmt: skip


def _require_received(study: Study) -> None:
    """Nobody has objected since the extracts were received, and no setting of theirs has changed."""
    if not stands(study, STEPS[0], look(study)):
        raise Refused(
            "The list of objections or a setting has changed since the extracts were received: what was cleared may hold somebody who objects.",
            file="releases", remedy="Run the study, and make the package again: hearthlink run STUDY",
        )  # fmt: skip


def _require_its_figures(study: Study, kept: Kept) -> None:
    """The tables in the research room are those that the package was cleared from, and no release has left since it was made."""
    record = look(study).record("clear")
    said = json.loads((place_of(study, kept.standing.release) / PACKAGE / ABOUT).read_text(encoding="utf-8"))
    if record is None or record.fingerprint != kept.cleared_from or said["after"] != past_releases(study):
        raise DataProblem(
            "The study was cleared anew since this package was made, or another release has left.", file=PACKAGE,
            remedy=REMAKE,
        )  # fmt: skip


def _require_keys_stand(study: Study, kept: Kept) -> None:
    """No key that approved was revoked since: what it signed counts no more, whatever it was."""
    gone = revoked_keys(read_signatures(study.folder))
    if any(raw_of(one.key) in gone for one in kept.standing.reviews):
        raise Refused("A key that approved this was revoked since.", file=SIGNATURES_FILE, remedy=REMAKE)


def _remember(desk: Desk, number: int) -> None:
    """Keep the true figures behind a release, for the checks of every later one; done again it leaves the same rows."""
    opened = desk.opened
    made = RELEASED_FIGURE.conform(figures_of(number, opened.load_all(RELEASE)))
    before = opened.load_if_there(RELEASED_FIGURE)
    others = before.filter(pc.not_equal(before.column("release"), number))
    table = RELEASED_FIGURE.conform(pa.concat_tables([others, made]))
    opened.store.save(RELEASE.name, ("", ""), {RELEASED_FIGURE: table}, {}, opened.permit)
    opened.counts["rows"] = made.num_rows


def _described(desk: Desk, kept: Kept, files: Mapping[str, bytes]) -> tuple[Kept, dict[str, bytes]]:
    said, protocol = json.loads(files[ABOUT]), json.loads(files[PROTOCOL]) if PROTOCOL in files else None
    mine = _of_this_package(kept.entries)
    described = crate(said, protocol, mine, files, desk.stamp())
    sum_of = hashlib.sha256(described).hexdigest()
    kept = moved(desk, kept, Move.FINISH, crate=sum_of, ledger=desk.ledger.head())
    moves = [asdict(one) for one in _of_this_package(kept.entries)]
    approvals = {
        "hearthlink": "release approvals 1",
        "release": kept.standing.release,
        "digest": kept.standing.digest,
        "moves": moves,
    }
    return kept, {CRATE: described, APPROVALS: as_json(approvals)}


def _of_this_package(entries: tuple[Entry, ...]) -> list[Entry]:
    """The moves of the package that leaves: those since it passed the checks the last time."""
    start = max(place for place, one in enumerate(entries) if one.kind is Move.CHECK)
    return list(entries[start:])


def withdraw(study: Study, hand: Hand, number: int | None, *, why: str) -> Told:
    """Say of a release that it holds no more. What was released stays as it was: this adds a record, signed, beside it.

    It needs the signed history and not the files: a package that was changed since is withdrawn all the same, and that is said.
    """
    with at_work(study, REVIEW_RELEASE, hand) as desk:
        kept = asked_for(study, number)
        faults, _ = lies(study, kept)
        kept = moved(desk, kept, Move.WITHDRAW, why=why)
        desk.enter(Event.WITHDRAWN, kept.standing.release, kept.standing.digest)
        write_release(study, kept)
        write_whole(place_of(study, kept.standing.release) / WITHDRAWN, as_json(asdict(kept.entries[-1])))
    said = ["Withdrawn: tell everybody who has it, and send them withdrawn.json"]
    if faults:
        said.append(f"The package here is not as it left ({faults[0]}): what was withdrawn is the one that left")
    return told(study, kept, said)


def _as_it_lies(desk: Desk, number: int | None) -> Kept:
    """A release whose package is the one that was voted on. One that was changed is taken back to a draft, which is entered and refused."""
    study = desk.study
    kept = asked_for(study, number)
    faults, digest = lies(study, kept)
    if not faults:
        standing = None if study.protocol is None else protocol_of_package(study, kept.standing.release)
        now = protocol_record(study)
        if standing is not None and now is not None and standing != now["digest"] and kept.standing.state not in SEEN:
            raise Refused(
                "The protocol has a new version since this package was made.", file="protocol.toml", remedy=REMAKE
            )
        return kept
    if kept.standing.state in SEEN:
        raise DataProblem(
            f"The package is not as it was released: {faults[0]}.",
            file=PACKAGE,
            remedy="Put it back from the archive beside it. It can be withdrawn as it is: hearthlink release withdraw",
        )
    if kept.standing.state not in (State.DRAFT, State.RETURNED, State.REJECTED):
        kept = moved(desk, kept, Move.CHANGE, digest=digest)
        write_release(study, kept)
    raise Refused(
        f"The package was changed since it was checked: {faults[0]}. It is a draft again, and no vote counts.",
        file=PACKAGE,
        remedy=REMAKE,
    )

"""Who is at work on which release, one signed move, and where a release stands in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from hearthlink.governance import Event, Ledger, Role
from hearthlink.governance.custody import Holder
from hearthlink.governance.release import CHECKERS, NEXT, Move, Person, State, after, same_person, signed_move
from hearthlink.study.acts import Beside
from hearthlink.study.beside import Opened, entered
from hearthlink.study.package import ADDED, MANIFEST, as_json, digest_of
from hearthlink.study.permitted import LEDGER_FILE
from hearthlink.study.released import (
    PACKAGE,
    Kept,
    archive_of,
    differing,
    package_files,
    place_of,
    read_release,
    require_number,
    roster_of,
    with_entry,
)
from hearthlink.study.signer import Ask, Signer, signer
from hearthlink.study.study import Study

Clock = Callable[[], datetime]
COMMANDS: Mapping[State, tuple[str, ...]] = {
    State.CHECKED: ("submit",), State.SUBMITTED: ("approve", "return", "reject"), State.REVIEWED_ONCE: ("approve", "return", "reject"),
    State.APPROVED: ("finish",),
    **dict.fromkeys((State.DRAFT, State.RELEASED, State.RETURNED, State.REJECTED, State.WITHDRAWN), ()),
}  # fmt: skip
"""In each state, the commands that come next; to make a package again is no command about this one."""
REMAKE = "The analyst makes the package again, with: hearthlink release new"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who is at the keyboard, and when: the name of their key, how its passphrase is asked for, the clock, and where keys lie if not as usual."""

    name: str
    ask: Ask
    clock: Clock
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Where a release stands, in words: what was done, what it holds, whose turn it is and what they do."""

    number: int
    state: State
    digest: str
    says: tuple[str, ...]
    turn: tuple[str, ...]
    next: str
    commands: tuple[str, ...]
    package: str
    archive: str = ""

    def as_json(self) -> dict[str, object]:
        """The same for a script."""
        return {**asdict(self), "state": self.state.value}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is at work on which release, with the study open for the one act."""

    study: Study
    who: Signer
    clock: Clock
    opened: Opened
    ledger: Ledger

    def stamp(self) -> str:
        """The time, as moves have it."""
        return self.clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    def enter(
        self, event: Event, number: int, digest: str, counts: Mapping[str, int] | None = None, by: str = ""
    ) -> None:
        """A line in the ledger about a release: its number and digest, and who."""
        self.ledger.write(
            event, step="release", role=self.role.value, counts={"release": number, **(counts or {})},
            by=by or self.who.fingerprint, about=digest,
        )  # fmt: skip

    @property
    def role(self) -> Role:
        """The role of the act."""
        return self.opened.permit.role


@contextmanager
def at_work(study: Study, act: Beside, hand: Hand) -> Iterator[Desk]:
    """The study open for one act on a release by whoever opens the key. Raises as `signer` and `entered` do."""
    who = signer(study, hand.name, ask=hand.ask, folder=hand.folder)
    study.holder = Holder(who.name, who.parts, who.key)
    with entered(study, act, hand.clock) as opened:
        yield Desk(study, who, hand.clock, opened, Ledger(study.folder / LEDGER_FILE, hand.clock, who.key))


def moved(desk: Desk, kept: Kept, move: Move, **said: str) -> Kept:
    """A release with one move more, signed by whoever is at work."""
    person = Person(desk.who.name, desk.who.parts)
    roster = roster_of(desk.study)
    entry = signed_move(kept.standing, move, by=person, key=desk.who.key, at=desk.stamp(), roster=roster, **said)
    return with_entry(kept, entry, after(kept.standing, entry))


def asked_for(study: Study, number: int | None) -> Kept:
    """The release of that number, or the last. Raises WrongUse where there is none."""
    return read_release(study, require_number(study, number))


def lies(study: Study, kept: Kept) -> tuple[list[str], str]:
    """What of a package is not as it was voted on, in words, and the digest of what lies there."""
    files = package_files(place_of(study, kept.standing.release) / PACKAGE)
    faults = differing(files)
    whole = {name: content for name, content in files.items() if name not in ADDED}
    if not faults and digest_of(files[MANIFEST]) != kept.standing.digest:
        faults = [f"{MANIFEST} is of another package"]
    return faults, digest_of(as_json({name: digest_of(content) for name, content in whole.items()}))


def told(study: Study, kept: Kept, said: list[str]) -> Told:
    """A release in words, what was just done first, and whose turn it is."""
    standing = kept.standing
    parts, words = NEXT[standing.state]
    acted = [*standing.authors, *standing.reviews] if parts == CHECKERS and standing.state is not State.APPROVED else []
    turn = [
        one.name
        for key, one in (roster_of(study) or {}).items()
        if set(parts) & one.parts and not any(same_person(each, replace(each, by=one.name, key=key)) for each in acted)
    ]
    path = archive_of(study, standing.release)
    return Told(
        standing.release,
        standing.state,
        standing.digest,
        (*said, *history(kept)),
        tuple(turn),
        words,
        COMMANDS[standing.state],
        str(place_of(study, standing.release) / PACKAGE),
        str(path) if path.is_file() else "",
    )


def history(kept: Kept) -> Iterator[str]:
    """What was done, a line a move. While one review alone is in, it is said that there is one, and not what it says."""
    hidden = kept.standing.state is State.REVIEWED_ONCE
    for entry in kept.entries:
        last = entry is kept.entries[-1]
        move = "reviewed once; what was said is told once the second review is in" if hidden and last else entry.move
        reason = f": {entry.why}" if entry.why and not (hidden and last) else ""
        yield f"{entry.at}  {move}, {'an output checker' if hidden and last else entry.by}{reason}"

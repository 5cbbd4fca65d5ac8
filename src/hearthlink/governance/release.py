"""How a release comes about, as data: its states, the moves between them, who may make each, and what a history of moves comes to.

Nothing here opens a file. Every move is signed over the exact digest of the package, so a vote for one package is none for another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum

from hearthlink.errors import Refused
from hearthlink.governance.people import Part
from hearthlink.governance.signing import SigningKey, canonical, holds, is_public, raw_of

SIGNED_FOR = "hearthlink release 1"
"""What a signature is of: one made for another purpose never counts here."""

REVIEWS = 2
LONGEST_REASON = 500


class State(Enum):
    """Where a release stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    SUBMITTED = "submitted"
    REVIEWED_ONCE = "reviewed once"
    APPROVED = "approved twice"
    RELEASED = "released"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Move(Enum):
    """What somebody does with a release."""

    PACK = "packed"
    CHECK = "passed the automatic checks"
    SUBMIT = "submitted"
    APPROVE = "approved"
    RETURN = "returned"
    REJECT = "rejected"
    FINISH = "released"
    WITHDRAW = "withdrawn"
    CHANGE = "found changed"


AUTHORS = (Part.ANALYST, Part.AUTHOR)
CHECKERS = (Part.OUTPUT_CHECKER,)
OPEN = (State.CHECKED, State.SUBMITTED, State.REVIEWED_ONCE, State.APPROVED)
"""The states that hang on the package being as it was: a changed byte takes each of them back to a draft."""
UNDECIDED = (State.DRAFT, *OPEN, State.RETURNED)
"""The states in which a package may be made again."""
SEEN = (State.RELEASED, State.WITHDRAWN)
"""The states of what somebody outside has: a withdrawn release was still seen."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One move: from which states, by whom, where it leads (nowhere of its own: to what the reviews come to), and what it needs."""

    move: Move
    since: tuple[State, ...]
    by: tuple[Part, ...]
    leads: State | None
    needs: str
    reason: bool = False


RULES: tuple[Rule, ...] = (
    Rule(Move.PACK, UNDECIDED, AUTHORS, State.DRAFT, "what the last clear and report made, byte for byte"),
    Rule(Move.CHECK, (State.DRAFT,), AUTHORS, State.CHECKED, "every automatic check passes"),
    Rule(Move.SUBMIT, (State.CHECKED,), AUTHORS, State.SUBMITTED, "whoever submits is its author, and may not review it"),
    Rule(Move.APPROVE, (State.SUBMITTED, State.REVIEWED_ONCE), CHECKERS, None, "an output checker who is neither its author nor an analyst"),
    Rule(Move.RETURN, (State.SUBMITTED, State.REVIEWED_ONCE), CHECKERS, None, "the same, and a reason", reason=True),
    Rule(Move.REJECT, (State.SUBMITTED, State.REVIEWED_ONCE), CHECKERS, None, "the same, and a reason", reason=True),
    Rule(Move.FINISH, (State.APPROVED,), CHECKERS, State.RELEASED, "two approvals of the exact digest, by two people with two keys"),
    Rule(Move.WITHDRAW, (State.RELEASED,), (*CHECKERS, Part.APPROVER), State.WITHDRAWN, "a reason; what was released stays as it was", reason=True),
    Rule(Move.CHANGE, OPEN, tuple(Part), State.DRAFT, "any byte of the package differs: the votes are void"),
)  # fmt: skip
"""The state machine. The commands, the checks, the tests and the picture in the docs are made from it."""

VOTES = tuple(rule.move for rule in RULES if rule.leads is None)
BY_MOVE: Mapping[Move, Rule] = {rule.move: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the protocol knows them: their name and their parts."""

    name: str
    parts: frozenset[Part]


Roster = Mapping[str, Person]
"""People by their public keys, as a protocol spells them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One move as it was made: of which release and digest, by whom, in which part, when, and after which move before it.

    `crate` is the SHA-256 of the description that is written when a release is finished, and `ledger` the head of the ledger then.
    """

    release: int
    move: str
    digest: str
    by: str
    key: str
    part: str
    at: str
    after: str
    why: str = ""
    crate: str = ""
    ledger: str = ""
    signature: str = ""

    @property
    def says(self) -> dict[str, object]:
        """What was signed."""
        return {"for": SIGNED_FOR, **{name: value for name, value in asdict(self).items() if name != "signature"}}

    @property
    def hash(self) -> str:
        """What the next move names as the one before it."""
        return hashlib.sha256(canonical(asdict(self))).hexdigest()

    @property
    def kind(self) -> Move | None:
        """The move, or None where there is none of that name."""
        return next((one for one in Move if one.value == self.move), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a history of moves comes to: the state, the digest it is of, who made the package, and the reviews so far."""

    release: int
    state: State = State.DRAFT
    digest: str = ""
    last: str = ""
    authors: tuple[Entry, ...] = ()
    reviews: tuple[Entry, ...] = ()


def replayed(entries: Iterable[Entry], start: Standing, roster: Roster | None) -> Standing:
    """What a history comes to, each move asked whether it may follow. Raises Refused, naming the first that may not.

    `roster` is None in a practice study without a protocol, in which every key plays every part.
    """
    standing = start
    for number, entry in enumerate(entries, start=1):
        fault = against(standing, entry, roster) or unsound(entry)
        if fault:
            raise Refused(f"Move {number} of release {start.release} ({entry.move}) does not hold: {fault}.")
        standing = after(standing, entry)
    return standing


def after(standing: Standing, entry: Entry) -> Standing:
    """The standing after a move that may follow."""
    rule = BY_MOVE[_kind(entry)]
    moved = replace(standing, last=entry.hash, digest=entry.digest)
    match rule.move:
        case Move.APPROVE | Move.RETURN | Move.REJECT:
            reviews = (*standing.reviews, entry)
            return replace(moved, reviews=reviews, state=outcome(reviews))
        case Move.PACK:
            return replace(moved, state=State.DRAFT, authors=(entry,), reviews=())
        case Move.CHANGE:
            return replace(moved, state=State.DRAFT, reviews=())
        case Move.SUBMIT:
            return replace(moved, state=State.SUBMITTED, authors=(*standing.authors, entry))
        case Move.CHECK | Move.FINISH | Move.WITHDRAW:
            return replace(moved, state=rule.leads or standing.state)


def outcome(reviews: Sequence[Entry]) -> State:
    """What the reviews come to. Nothing is decided by one alone, so that the second reviewer does not know what the first said."""
    if len(reviews) < REVIEWS:
        return State.REVIEWED_ONCE if reviews else State.SUBMITTED
    moves = {one.move for one in reviews}
    if Move.REJECT.value in moves:
        return State.REJECTED
    return State.APPROVED if moves == {Move.APPROVE.value} else State.RETURNED


def against(standing: Standing, entry: Entry, roster: Roster | None) -> str:
    """Why a move may not follow, in a few words; nothing where it may. Says nothing of its signature."""
    kind = entry.kind
    if kind is None:
        return "there is no such move"
    rule = BY_MOVE[kind]
    if entry.release != standing.release or entry.after != standing.last:
        return "it was not made here: it follows another move"
    if standing.state not in rule.since:
        return f"a release that is {standing.state.value} cannot be {kind.value}"
    if kind is not Move.PACK and not (standing.digest and standing.authors):
        return "nothing was packed yet"
    if kind not in (Move.PACK, Move.CHANGE) and entry.digest != standing.digest:
        return "it is of another package than the one that lies here"
    if rule.reason and not entry.why.strip():
        return "it gives no reason"
    if len(entry.why) > LONGEST_REASON:
        return f"its reason is longer than {LONGEST_REASON} letters"
    if kind is Move.FINISH and not (entry.crate and entry.ledger):
        return "it does not name the description and the ledger"
    return _against_person(entry, rule, roster) or (_against_review(standing, entry) if kind in VOTES else "")


def _against_person(entry: Entry, rule: Rule, roster: Roster | None) -> str:
    if not is_public(entry.key):
        return "its key is no public key"
    if entry.part not in {part.value for part in rule.by}:
        return f"it is for the {' or the '.join(part.value for part in rule.by)}"
    if roster is None:
        return ""
    person = next((one for key, one in roster.items() if raw_of(key) == raw_of(entry.key)), None)
    if person is None or person.name != entry.by:
        return "the protocol names nobody of that name with that key"
    if entry.part not in {part.value for part in person.parts}:
        return f"the protocol does not give {person.name} the part of {entry.part}"
    if rule.move in VOTES and Part.ANALYST in person.parts:
        return "nobody clears their own results, and this is an analyst"
    return ""


def _against_review(standing: Standing, entry: Entry) -> str:
    if any(same_person(one, entry) for one in standing.authors):
        return "nobody reviews what they made or submitted"
    if any(same_person(one, entry) for one in standing.reviews):
        return "one person reviews once"
    return ""


def same_person(one: Entry, other: Entry) -> bool:
    """Whether two moves are one person's: by name or by key, for two names with one key are one person, and so are two keys of one name."""
    return one.by.strip().casefold() == other.by.strip().casefold() or raw_of(one.key) == raw_of(other.key)


def unsound(entry: Entry) -> str:
    """Why the signature of a move does not hold, in a few words; nothing where it does, and is spelt in the one way there is."""
    try:
        plain = base64.b64encode(base64.b64decode(entry.signature, validate=True)).decode() == entry.signature
    except (ValueError, binascii.Error):
        plain = False
    if not plain or not is_public(entry.key) or not holds(entry.says, entry.signature, entry.key):
        return "its signature is not of this"
    return ""


def signed_move(
    standing: Standing,
    move: Move,
    *,
    by: Person,
    key: SigningKey,
    at: str,
    roster: Roster | None,
    digest: str = "",
    why: str = "",
    crate: str = "",
    ledger: str = "",
) -> Entry:
    """A move as it is made and signed. Raises Refused where it may not be made.

    `digest` is given where the move is of a package that lies there newly; every other move is of the one that stands.
    """
    rule = BY_MOVE[move]
    part = next((one for one in rule.by if one in by.parts), rule.by[0])
    blank = Entry(
        standing.release, move.value, digest or standing.digest, by.name, key.public, part.value, at, standing.last,
        why=why.strip(), crate=crate, ledger=ledger,
    )  # fmt: skip
    fault = against(standing, blank, roster)
    if fault:
        raise Refused(f"This cannot be done: {fault}.", remedy=_remedy(standing.state))
    return replace(blank, signature=key.sign(blank.says))


def _remedy(state: State) -> str:
    return f"The release is {state.value}. Next: {NEXT[state][1]}."


NEXT: Mapping[State, tuple[tuple[Part, ...], str]] = {
    State.DRAFT: (AUTHORS, "the analyst makes the package again, with: release new"),
    State.CHECKED: (AUTHORS, "the analyst looks at it and hands it in, with: release submit"),
    State.SUBMITTED: (CHECKERS, "an output checker looks at it and says approve, return or reject"),
    State.REVIEWED_ONCE: (CHECKERS, "another output checker looks at it and says approve, return or reject"),
    State.APPROVED: (CHECKERS, "an output checker lets it leave, with: release finish"),
    State.RELEASED: ((), "nothing; the package may be handed on, and be withdrawn with: release withdraw"),
    State.RETURNED: (AUTHORS, "the analyst mends what was asked for, runs the study and makes the package again, with: release new"),
    State.REJECTED: ((), "nothing; another release is begun with: release new"),
    State.WITHDRAWN: ((), "nothing; whoever has the package is to be told, and another is begun with: release new"),
}  # fmt: skip
"""In each state, whose turn it is and what they do."""


def _kind(entry: Entry) -> Move:
    kind = entry.kind
    if kind is None:
        raise Refused("There is no such move of a release.")
    return kind

"""A sitting of clerical review: the sample drawn once, pair after pair shown, and each answer sealed as soon as it is given."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pyarrow as pa

from hearthlink.errors import WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.review import (
    LATER,
    Answer,
    Card,
    Facts,
    Line,
    added,
    comes_again,
    concerns,
    draw,
    latest,
    long_answered,
    require_whole,
    second_opinions,
    shown_again,
)
from hearthlink.study.acts_inside import DRAW, REVIEW
from hearthlink.study.beside import Clock, key_of, noted, permit_for, store_for
from hearthlink.study.lock import only_one
from hearthlink.study.policy import require_allowed
from hearthlink.study.store import Store, look
from hearthlink.study.study import Study
from hearthlink.tables import identity as i

__all__ = [
    "Answer",
    "Card",
    "Line",
    "Pair",
    "Sitting",
    "begin_sitting",
    "card_of",
    "keep_answer",
    "pairs_to_show",
    "thought_over",
]

CHILDREN = 200
"""Children drawn where nobody says how many: some 600 pairs, an afternoon's work for two."""

LONGEST_NAME = 40
PATIENCE, PAUSE = 10.0, 0.1
"""Seconds to wait for whoever else is writing in this study, and between two tries."""

DecidedPair = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A child and a household to be shown: which child of how many, and whether this reviewer has answered."""

    child_id: str
    household_id: str
    number: int
    of: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one reviewer has before them: the pairs, the records to show, and all decisions so far."""

    study: Study
    reviewer: str
    second: bool
    clock: Clock
    review_pair: pa.Table
    facts: Facts
    decision: pa.Table


def begin_sitting(
    study: Study,
    *,
    reviewer: str,
    clock: Clock,
    children: int | None = None,
    second: bool = False,
    afresh: bool = False,
) -> Sitting:
    """Open a study for review, drawing the sample where there is none, or `afresh`.

    Raises WrongUse where the sample no longer fits the records or another size is asked for, Refused without permission, and
    DataProblem where the study is not linked yet or a decision was tampered with.
    """
    reviewer = reviewer_named(reviewer)
    with _entered(study, clock) as ledger:
        if afresh or not look(study).digest(i.REVIEW_PAIR):
            _draw(study, ledger, clock, children or CHILDREN)
        permit = permit_for(study, REVIEW, clock)
        store = store_for(study, REVIEW)
        _require_current(store, children)
        tables = {spec.name: store.load(spec, permit) for spec in REVIEW.reads}
        decision = store.load_if_there(i.DECISION, permit)
        require_whole(decision)
    pairs = tables["review_pair"].sort_by("place")
    shown = [sorted(set(pairs.column(name).to_pylist())) for name in ("child_id", "household_id")]
    return Sitting(study, reviewer, second, clock, pairs, Facts(tables, *shown), decision)


def pairs_to_show(sitting: Sitting) -> list[Pair]:
    """The pairs that fall to this reviewer, in the order of showing, those answered among them.

    Some stand there twice, unmarked: how far a reader agrees with itself is part of how sure the answers are.

    A first reader is given the children whom nobody else has begun; a second reader those of the second look whom one other has
    finished, and those of whom two others have said different things. What others answered is shown to nobody.
    """
    said = latest(sitting.decision)
    mine = said.get(sitting.reviewer, {})
    others = [answers for reviewer, answers in said.items() if reviewer != sitting.reviewer]
    by_child: dict[str, list[str]] = {}
    twice: set[str] = set()
    for row in sitting.review_pair.to_pylist():
        by_child.setdefault(row["child_id"], []).append(row["household_id"])
        if row["readings"] > 1:
            twice.add(row["child_id"])
    falls_to: list[str] = []
    for child, households in by_child.items():
        began = any((child, one) in mine for one in households)
        begun = [answers for answers in others if any((child, one) in answers for one in households)]
        done = [answers for answers in begun if all((child, one) in answers for one in households)]
        as_second = child in twice and bool(done) and (began or len(begun) == 1 or _split(child, households, done))
        as_first = began or not begun
        if as_second if sitting.second else as_first:
            falls_to.append(child)
    return _in_order(sitting, falls_to, by_child, frozenset(mine))


def _in_order(
    sitting: Sitting, falls_to: Sequence[str], by_child: Mapping[str, Sequence[str]], mine: frozenset[DecidedPair]
) -> list[Pair]:
    """The pairs of the children that fall to a reviewer; a few come up a second time, further on and unmarked.

    Those stand where they are only once an answer on them would be a second opinion, so that none can come up twice in a row.
    """
    again = second_opinions(sitting.decision, sitting.reviewer).keys()
    due = long_answered(sitting.decision, sitting.reviewer)
    turns: list[tuple[str, Sequence[str], bool]] = []
    for place, child in enumerate(falls_to):
        turns.append((child, by_child[child], False))
        earlier = falls_to[place - LATER] if place >= LATER else None
        if earlier is not None and comes_again(earlier):
            turns.append((earlier, [shown_again(earlier, by_child[earlier])], True))
    return [
        Pair(child, household, number, len(turns), (child, household) in (again if second else mine))
        for number, (child, households, second) in enumerate(turns, start=1)
        for household in households
        if not second or (child, household) in due
    ]


def thought_over(sitting: Sitting, seconds: Sequence[float]) -> list[str]:
    """What this reviewer should think over, in sentences. `seconds`: how long each answer of this sitting took."""
    return concerns(sitting.decision, sitting.reviewer, seconds)


def _split(child: str, households: Sequence[str], done: Sequence[Mapping[DecidedPair, Answer]]) -> bool:
    """Whether the two who have finished a child do not say the same of it."""
    return len(done) == 2 and any(done[0][child, one] is not done[1][child, one] for one in households)


def card_of(sitting: Sitting, pair: Pair) -> Card:
    """What the reviewer sees of a pair."""
    return sitting.facts.card(pair.child_id, pair.household_id)


def keep_answer(sitting: Sitting, pair: Pair, answer: Answer) -> Sitting:
    """Seal an answer in the identity room, after whatever others have added meanwhile. The sitting as it is after that.

    Raises Refused where permission has ended or the site forbids reviewing, WrongUse where somebody else goes on writing in the study.
    """
    with _entered(sitting.study, sitting.clock) as ledger:
        permit = permit_for(sitting.study, REVIEW, sitting.clock)
        store = store_for(sitting.study, REVIEW)
        before = store.load_if_there(i.DECISION, permit)
        require_whole(before)
        decision = added(
            before,
            child_id=pair.child_id,
            household_id=pair.household_id,
            answer=answer,
            reviewer=sitting.reviewer,
            day=sitting.clock().date(),
        )
        store.save(REVIEW.name, ("", ""), {i.DECISION: decision}, {}, permit)
        ledger.write(Event.STEP, step=REVIEW.name, role=REVIEW.role.value, counts={"decision": decision.num_rows})
    return replace(sitting, decision=decision)


def _draw(study: Study, ledger: Ledger, clock: Clock, children: int) -> None:
    permit = permit_for(study, DRAW, clock)
    store = store_for(study, DRAW)
    made = draw({spec.name: store.load(spec, permit) for spec in DRAW.reads}, children=children)
    tables = {spec: made[spec.name] for spec in DRAW.writes}
    store.save(DRAW.name, (_drawn_from(store), str(children)), tables, {}, permit)
    counts = {name: table.num_rows for name, table in made.items()}
    ledger.write(Event.STEP, step=DRAW.name, role=DRAW.role.value, counts=counts)


def _require_current(store: Store, children: int | None) -> None:
    """Raise WrongUse where the records have changed since the sample was drawn, or it has another size than is asked for."""
    kept = store.record(DRAW.name)
    if kept is None or kept.fingerprint != _drawn_from(store):
        raise WrongUse(
            "The records have changed since the children were drawn.",
            remedy="Draw again with --afresh. Answers given before are kept, and count where the same pair is shown again.",
        )
    if children is not None and kept.opened != str(children):
        raise WrongUse(
            f"A sample for {kept.opened} children is drawn already.",
            column="--children",
            remedy="Leave the option out to go on with it, or draw another with --afresh.",
        )


def _drawn_from(store: Store) -> str:
    """Stands for the records that a sample is drawn from. Links change as decisions are heeded; records do not."""
    return hashlib.sha256(f"{store.digest(i.PERSON)}/{store.digest(i.PARAMETER)}".encode()).hexdigest()


def reviewer_named(reviewer: str, column: str = "--reviewer") -> str:
    """The reviewer's name or initials, without what could not be read back."""
    named = " ".join("".join(letter if letter.isprintable() else " " for letter in reviewer).split())
    if not named or len(named) > LONGEST_NAME:
        raise WrongUse(f"A reviewer is known by a name or initials of 1 to {LONGEST_NAME} letters.", column=column)
    return named


@contextmanager
def _entered(study: Study, clock: Clock) -> Iterator[Ledger]:
    """The study's ledger while nobody else writes in the study; a refusal or a stop leaves its line."""
    ledger = Ledger(study.folder / "ledger.jsonl", clock, key_of(study))
    with _patiently(study), noted(ledger, REVIEW):
        require_allowed(REVIEW.name)
        yield ledger


@contextmanager
def _patiently(study: Study) -> Iterator[None]:
    """Hold the study as `only_one` does, after waiting for another reviewer to finish a line."""
    until = time.monotonic() + PATIENCE
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_one(study.folder))
                break
            except WrongUse:
                if time.monotonic() > until:
                    raise
            time.sleep(PAUSE)
        yield

"""Whether a reviewer's answers can be leant on: pairs shown twice unmarked, one answer throughout, answers faster than reading."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from statistics import median

import pyarrow as pa

from hearthlink.review.verdicts import Answer, Pair

ONE_IN = 12
"""Of so many children drawn one comes up again for the same reviewer, beside one of its households."""

LATER = 10
"""Children further on it comes up."""

FORGOTTEN = 20
"""Answers of a reviewer after the first on a pair from which another one on it is a second opinion, and not a slip put right."""

ENOUGH, FEW = 30, 4
"""Answers, and pairs shown twice, below which nothing is said of a reviewer."""

ALIKE = 0.8
"""Share of pairs shown twice that should get the same answer: two readers agree on more."""

READING = 2.0
"""Seconds within which nobody reads a card."""

WORDS = {Answer.MATCH: "match", Answer.NO_MATCH: "no match", Answer.NOT_SURE: "not sure"}


def comes_again(child_id: str) -> bool:
    """Whether a child drawn comes up again: by a fixed stream, whatever was found of it."""
    return _stream("again", child_id) % ONE_IN == 0


def shown_again(child_id: str, households: Sequence[str]) -> str:
    """Beside which of the households it is shown once more."""
    return households[_stream("again beside", child_id) % len(households)]


def second_opinions(decision: pa.Table, reviewer: str) -> dict[Pair, tuple[Answer, Answer]]:
    """The pairs a reviewer answered again when the first answer was long given: the answer that stood, and the one that stands."""
    first: dict[Pair, int] = {}
    stood: dict[Pair, Answer] = {}
    found: dict[Pair, tuple[Answer, Answer]] = {}
    for number, (pair, answer) in enumerate(_said(decision, reviewer)):
        if number - first.setdefault(pair, number) < FORGOTTEN:
            stood[pair] = answer
        else:
            found[pair] = stood[pair], answer
    return found


def long_answered(decision: pa.Table, reviewer: str) -> frozenset[Pair]:
    """The pairs on which an answer given now would be a second opinion."""
    said = _said(decision, reviewer)
    return frozenset(pair for pair, _ in said[: max(len(said) - FORGOTTEN + 1, 0)])


def alike(decision: pa.Table, reviewer: str) -> Answer | None:
    """The answer that a reviewer has given throughout, to enough pairs for that to be odd."""
    said = [answer for _, answer in _said(decision, reviewer)]
    return said[0] if len(said) >= ENOUGH and len(set(said)) == 1 else None


def concerns(decision: pa.Table, reviewer: str, seconds: Sequence[float] = ()) -> list[str]:
    """What a reviewer should think over, in sentences; none where all seems well. `seconds`: how long each answer of a sitting took."""
    found: list[str] = []
    throughout = alike(decision, reviewer)
    if throughout is not None:
        found.append(
            f"Every answer you have given is {WORDS[throughout]}. Children with a home on file and children without were both drawn, so hardly all can be."
        )
    twice = second_opinions(decision, reviewer).values()
    same = sum(one is other for one, other in twice)
    if len(twice) >= FEW and same < ALIKE * len(twice):
        found.append(
            f"{len(twice)} pairs came up twice for you, unmarked; you answered {same} of them the same way. The later answers count."
        )
    if len(seconds) >= ENOUGH and median(seconds) < READING:
        found.append(
            f"Half of your answers took less than {READING:.0f} seconds. A card is hardly read in that time, and not sure is an answer too."
        )
    return found


def _said(decision: pa.Table, reviewer: str) -> list[tuple[Pair, Answer]]:
    columns = (decision.column(name).to_pylist() for name in ("reviewer", "child_id", "household_id", "answer"))
    return [
        ((child, household), Answer(answer))
        for who, child, household, answer in zip(*columns, strict=True)
        if who == reviewer
    ]


def _stream(word: str, child_id: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{word}\0{child_id}".encode()).digest()[:8], "big")

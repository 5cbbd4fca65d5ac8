"""An attacker upon masked files: holds the same people in clear, or many of them, and the program; everything but the key.

Nothing of the program's own masking is asked how it hides: the attacker sees records as lists of (column, token) and its own list as
records of (column, value), and looks for an alignment of the two by how often and with whom each stands. Success is an expectation: where
several of the attacker's people fit a record equally well and the right one is among them, it counts one over their number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Record = Sequence[tuple[str, str]]
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class View:
    """What lies before the attacker, and what the judge knows.

    encoded: the records as they left. clear: the attacker's people, in the same columns. truth: of each encoded record its number among
    the attacker's people, or -1 where they are not on the attacker's list. sides: of each record which file it is in, where there are two.
    """

    encoded: Sequence[Record]
    clear: Sequence[Record]
    truth: Sequence[int]
    sides: tuple[Sequence[int], Sequence[int]] | None = None


def success(view: View, candidates: Sequence[Sequence[int]], among: Sequence[int] | None = None) -> float:
    """Share of the encoded records, or of some of them, whose person the attacker names, in expectation, guessing among equals."""
    asked = range(len(view.encoded)) if among is None else among
    right = sum(1 / len(candidates[n]) for n in asked if view.truth[n] in candidates[n])
    return right / max(len(asked), 1)


def sharing(view: View) -> list[int]:
    """The records that have a token in common with another."""
    times = Counter(each for record in view.encoded for each in record)
    return [number for number, record in enumerate(view.encoded) if any(times[each] > 1 for each in record)]


def guessing(view: View) -> float:
    """What is named by guessing at random."""
    return sum(true >= 0 for true in view.truth) / len(view.encoded) / max(len(view.clear), 1)


def by_frequency(view: View) -> list[Sequence[int]]:
    """The commonest token of a column is its commonest value, the next the next: then who has all those values."""
    columns = sorted({column for record in view.encoded for column, _ in record})
    value_of: dict[tuple[str, str], str] = {}
    for column in columns:
        ranked = [_ranked(records, column) for records in (view.encoded, view.clear)]
        value_of |= {(column, token): value for token, value in zip(*ranked, strict=False)}
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, record in enumerate(view.clear):
        for column, value in record:
            holders[column, value].add(number)
    found: list[Sequence[int]] = []
    for record in view.encoded:
        votes = Counter(
            number for column, token in record for number in holders[column, value_of.get((column, token), "")]
        )
        most = max(votes.values(), default=0)
        found.append([n for n, count in votes.items() if count == most] if most else range(len(view.clear)))
    return found


def _ranked(records: Sequence[Record], column: str) -> list[str]:
    times = Counter(token for record in records for where, token in record if where == column)
    alone_left_out = {token: count for token, count in times.items() if count > 1}
    return sorted(alone_left_out, key=lambda token: (-alone_left_out[token], token))


def by_graph(view: View, rounds: Sequence[int] = (1, 2, 3, 8)) -> list[list[Sequence[int]]]:
    """Whose neighbourhood in the graph of records and tokens looks the same: colour refinement (Weisfeiler and Leman 1968), both at once.

    After each of so many rounds: few look at near neighbours alone, and suffer less where the lists differ.
    """
    sides = view.sides or ([0] * len(view.encoded), [0] * len(view.clear))
    seen = [
        _colours(records, side, max(rounds)) for records, side in zip((view.encoded, view.clear), sides, strict=True)
    ]
    made: list[list[Sequence[int]]] = []
    for turn in rounds:
        of_colour: dict[int, list[int]] = defaultdict(list)
        for number, colour in enumerate(seen[1][turn]):
            of_colour[colour].append(number)
        made.append([of_colour.get(colour, range(len(view.clear))) for colour in seen[0][turn]])
    return made


def _colours(records: Sequence[Record], sides: Sequence[int], rounds: int) -> list[list[int]]:
    """The colour of each record before the first round and after every round. A token of one record alone counts, and leads nowhere."""
    times = Counter(each for record in records for each in record)
    leads = [[each for each in record if times[each] > 1] for record in records]
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, record in enumerate(leads):
        for each in record:
            holders[each].append(number)
    lone = [
        tuple(sorted(Counter(column for column, token in record if times[column, token] == 1).items()))
        for record in records
    ]
    colours: list[int] = [hash((side, mine)) for side, mine in zip(sides, lone, strict=True)]
    made = [colours]
    for _ in range(rounds):
        of_token = {each: hash((each[0], tuple(sorted(colours[n] for n in who)))) for each, who in holders.items()}
        colours = [
            hash((colours[number], tuple(sorted(of_token[each] for each in record))))
            for number, record in enumerate(leads)
        ]
        made.append(colours)
    return made


def by_similarity(view: View, rounds: int = 8) -> list[Sequence[int]]:
    """Similarity flooding for lists that overlap in part: records are alike as their tokens are, tokens as their records are.

    Begins from how often each token stands, and sharpens the alignment of records and tokens by turns (Melnik et al. 2002).
    """
    shapes = [_matrices(records) for records in (view.encoded, view.clear)]
    columns = sorted(set(shapes[0]) & set(shapes[1]))
    alike = np.ones((len(view.encoded), len(view.clear)))
    for turn in range(rounds):
        grown = np.zeros_like(alike)
        for column in columns:
            one, other = shapes[0][column], shapes[1][column]
            rate = [np.log(each.sum(axis=0) / each.shape[0]) for each in (one, other)]
            tokens = np.exp(-4 * (rate[0][:, None] - rate[1][None, :]) ** 2)
            if turn:
                tokens *= (one.T @ alike @ other) / np.sqrt(one.sum(axis=0)[:, None] * other.sum(axis=0)[None, :])
            tokens /= np.maximum(np.maximum(tokens.max(axis=1)[:, None], tokens.max(axis=0)[None, :]), 1e-300)
            grown += one @ tokens @ other.T
        if not columns:
            break
        alike = grown**2
        for _ in range(5):
            alike /= np.maximum(alike.sum(axis=1, keepdims=True), 1e-300)
            alike /= np.maximum(alike.sum(axis=0, keepdims=True), 1e-300)
    best = alike.max(axis=1, keepdims=True)
    return [np.flatnonzero(row).tolist() for row in alike >= best * (1 - TOLERANCE)]


def _matrices(records: Sequence[Record]) -> Mapping[str, np.ndarray]:
    """For each column who has which token, 1 or 0; tokens of one record alone say nothing of others, and are left out."""
    times = Counter(each for record in records for each in dict.fromkeys(record))
    common = sorted(each for each, count in times.items() if count > 1)
    place: dict[str, dict[str, int]] = defaultdict(dict)
    for column, token in common:
        place[column][token] = len(place[column])
    made = {column: np.zeros((len(records), len(tokens))) for column, tokens in place.items()}
    for number, record in enumerate(records):
        for column, token in record:
            if token in place[column]:
                made[column][number, place[column][token]] = 1.0
    return made


def by_dictionary(view: View, token_of: Callable[[str, str], str]) -> list[Sequence[int]]:
    """Whoever can make tokens looks everybody up: the share of a record's tokens that a person of the list would have."""
    holders: dict[str, set[int]] = defaultdict(set)
    for number, record in enumerate(view.clear):
        for column, value in record:
            holders[token_of(column, value)].add(number)
    found: list[Sequence[int]] = []
    for record in view.encoded:
        votes = Counter(number for _, token in record for number in holders.get(token, ()))
        most = max(votes.values(), default=0)
        found.append([n for n, count in votes.items() if count == most] if most else range(len(view.clear)))
    return found


def strongest(view: View, *, small: bool = True) -> dict[str, float]:
    """What each attack names, in expectation. The similarity of all pairs is for small lists."""
    found = {"guessing": guessing(view), "frequency": success(view, by_frequency(view))}
    found["graph"] = max(success(view, each) for each in by_graph(view))
    if small:
        found["similarity"] = success(view, by_similarity(view))
    return found

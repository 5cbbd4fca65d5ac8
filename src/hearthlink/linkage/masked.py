"""Masked records linked: how many tokens two of them share, what so many are worth, and who each most likely is.

A masked file does not say which token is of which set of fields, since who agrees on what tells people apart. The evidence is the number
of tokens in agreement. Overlapping sets are anything but independent, so their weights are not added up: *m* and *u* are learned for each
number as a whole. *u* comes from coincidences that are seen: where one record agrees best with another, each by far the other's best,
whatever else agrees with either is somebody else. The rest follows as the closed form of EM with *u* held (Fellegi and Sunter 1969).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

PRIOR_PAIRS = 5e6
"""Pairs of different people among whom one coincidence is taken as seen before any is: of tokens in agreement half at one, a quarter at
two and so on. Invented authorities show from one in ten million pairs to one in a million. Where a file shows more, that stands alone."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs of records with at least one token in common, by their numbers in either file, and how many they share. Shape (pairs,)."""

    left: Wholes
    right: Wholes
    tokens: Wholes


@dataclass(frozen=True, slots=True)
class Worth:
    """What a number of tokens in agreement is worth; shape (most + 1,) each, 0 first.

    m: share of the matches that share any token who share so many. u: the same of all pairs of different people. probability: that a pair
    with no rival is one person. pairs: such pairs seen. coincidences: pairs seen that cannot be matches.
    """

    m: Floats
    u: Floats
    probability: Floats
    pairs: Wholes
    coincidences: Wholes

    @property
    def weight(self) -> Floats:
        """Match weight in bits: log2(m / u); nan where no match shares so many."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.m > 0, np.log2(self.m / self.u), np.nan)


def shared(left: NDArray[Any], right: NDArray[Any]) -> Shared:
    """The pairs that share tokens. left, right: tokens of each record, shape (records, tokens); within a file no token stands twice."""
    _, at_left, at_right = np.intersect1d(left.ravel(), right.ravel(), assume_unique=True, return_indices=True)
    if not len(at_left):
        nothing = np.zeros(0, np.int64)
        return Shared(nothing, nothing, nothing)
    pair = (at_left // left.shape[1]).astype(np.int64) * len(right) + at_right // right.shape[1]
    found, count = np.unique(pair, return_counts=True)
    return Shared(found // len(right), found % len(right), count.astype(np.int64))


def worth(pairs: Shared, lefts: int, rights: int) -> Worth:
    """What agreement is worth in two files of so many records, nobody standing twice in either."""
    most = int(pairs.tokens.max(initial=0))
    settled = np.ones(len(pairs.tokens), bool)
    for owner, owners in ((pairs.left, lefts), (pairs.right, rights)):
        best, second = _best_two(owner, pairs.tokens, owners)
        settled &= (pairs.tokens == best[owner]) & (pairs.tokens > second[owner])
    rows, columns = np.zeros(lefts, bool), np.zeros(rights, bool)
    rows[pairs.left[settled]], columns[pairs.right[settled]] = True, True
    elsewhere = (rows[pairs.left] | columns[pairs.right]) & ~settled
    coincidences = np.bincount(pairs.tokens[elsewhere], minlength=most + 1)
    sure = int(settled.sum())
    examined = sure * (lefts + rights - 2) - sure * (sure - 1)
    prior = 0.5 ** np.arange(most + 1)
    prior[0] = 0.0
    u = np.maximum((coincidences + prior) / (examined + PRIOR_PAIRS), coincidences / max(examined, 1))
    seen = np.bincount(pairs.tokens[~elsewhere], minlength=most + 1)
    by_chance = u * (lefts * rights - examined)
    probability = np.clip(1 - by_chance / np.maximum(seen, 1), 0.0, 1.0)
    probability[seen == 0] = 0.0
    probability = np.maximum.accumulate(probability)
    matches = seen * probability
    m = matches / max(matches.sum(), 1e-300)
    return Worth(m, u, probability, seen.astype(np.int64), coincidences.astype(np.int64))


def _best_two(owner: Wholes, tokens: Wholes, owners: int) -> tuple[Wholes, Wholes]:
    """The most tokens that each record shares with any other, and the next most; the same twice where two share the most."""
    order = np.lexsort((-tokens, owner))
    ordered, counts = owner[order], tokens[order]
    first = np.ones(len(order), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    next_one = np.zeros(len(order), bool)
    next_one[1:] = first[:-1] & ~first[1:]
    best, second = np.zeros(owners, np.int64), np.zeros(owners, np.int64)
    best[ordered[first]], second[ordered[next_one]] = counts[first], counts[next_one]
    return best, second


def probabilities(pairs: Shared, value: Worth, lefts: int, rights: int) -> Floats:
    """Probability of each pair that it is one person, when a record is one person at most in the other file. Shape (pairs,).

    The odds of a pair against those of every other of its row and its column, and against none. Those of a row add to one at most.
    """
    chance = np.minimum(value.probability[pairs.tokens], 1 - 1e-12)
    odds = chance / (1 - chance)
    rows = np.bincount(pairs.left, weights=odds, minlength=lefts)
    columns = np.bincount(pairs.right, weights=odds, minlength=rights)
    return odds / (1 + rows[pairs.left] + columns[pairs.right] - odds)

"""Turns of expectation-maximisation on pattern counts, one after another until they come to rest.

A turn shares the pairs out among the classes and counts them again (Dempster, Laird and Rubin 1977); pairs that blocking did not form
are one more pattern.
"""

from __future__ import annotations

import numpy as np

from hearthlink.linkage.comparisons import FIELDS, HOME_FIELDS, Comparison
from hearthlink.linkage.model import CLASSES, SAME_HOUSEHOLD, SAME_PERSON, STATED, UNRELATED, Floats, Wholes, normalised
from hearthlink.linkage.precision import Seen, Turn, Unformed, weighed

MOST_TURNS = 999
CLOSE_ENOUGH = 1e-6
"""Change of any m share in one turn, and of the log-likelihood relative to its size, below which estimation has come to rest."""

LONGEST_LEAP = 64.0

LEAN, LEAST_LEAN = 4.0, 0.1
"""Made-up matches in the stated proportions, so that no share is nought; and made-up pairs of strangers, for fields of the home."""


def level_counts(level: Wholes, weight: Floats, field: int) -> Floats:
    """How much weight (patterns,) there is at each level of a field, named by its place among them: shape (levels,)."""
    return np.bincount(level[:, field], weights=weight, minlength=len(FIELDS[field].levels)).astype(np.float64)


def to_rest(turn: Turn, seen: Seen, unformed: Unformed) -> tuple[Turn, int, bool]:
    """Turn after turn until shares and likelihood come to rest, how many it took, and whether they did.

    Two turns show where they are heading; a leap that way is kept where it does not lower the likelihood (squared extrapolation:
    Varadhan and Roland 2008). At rest means that a plain turn moves nothing.
    """
    for number in range(1, MOST_TURNS + 1, 3):
        one = em_turn(turn, seen, unformed)
        two = em_turn(one, seen, unformed)
        if _at_rest(turn, one) and _at_rest(one, two):
            return two, number + 1, True
        ahead = _leap(turn, one, two)
        leapt = em_turn(ahead, seen, unformed)
        turn = leapt if leapt.likelihood + leaning(ahead) >= two.likelihood + leaning(one) else two
    return turn, MOST_TURNS, False


def leaning(turn: Turn) -> float:
    """The logarithm of the prior that the made-up pairs of a turn amount to, up to a constant: what turns raise besides the likelihood."""
    total = 0.0
    for of, field in _free():
        strength = LEAST_LEAN if of == UNRELATED else LEAN
        stated = np.where(np.arange(len(field.levels)) == field.missing, 0.0, STATED[field.of])
        total += strength * float((stated / stated.sum() * np.log(np.maximum(turn.shares[of][field.of], 1e-300))).sum())
    return total


def _at_rest(before: Turn, after: Turn) -> bool:
    still = abs(after.likelihood - before.likelihood) <= CLOSE_ENOUGH * abs(after.likelihood)
    return still and _moved(before, after) < CLOSE_ENOUGH


def _leap(zero: Turn, one: Turn, two: Turn) -> Turn:
    """Where two turns are heading, in the logarithms of shares and class sizes."""
    packed = [_packed(turn) for turn in (zero, one, two)]
    first, bend = packed[1] - packed[0], packed[2] - 2 * packed[1] + packed[0]
    step = float(np.clip(np.linalg.norm(first) / max(float(np.linalg.norm(bend)), 1e-300), 1.0, LONGEST_LEAP))
    far = np.exp(np.minimum(packed[0] + 2 * step * first + step * step * bend, 0.0))
    at = 0
    shares = {c: dict(two.shares[c]) for c in CLASSES}
    for of, field in _free():
        size = len(field.levels)
        shares[of][field.of] = normalised(far[at : at + size], field.missing)
        if of == SAME_PERSON and field in HOME_FIELDS:
            shares[SAME_HOUSEHOLD][field.of] = shares[of][field.of]
        at += size
    prior = far[at:] / float(far[at:].sum())
    return Turn(shares, prior, two.likelihood, two.matches)


def _free() -> list[tuple[str, Comparison]]:
    """The shares that turns move: class and field."""
    return [(SAME_PERSON, field) for field in FIELDS] + [(UNRELATED, field) for field in HOME_FIELDS]


def _packed(turn: Turn) -> Floats:
    parts = [turn.shares[of][field.of] for of, field in _free()]
    return np.log(np.maximum(np.concatenate([*parts, turn.prior]), 1e-12))


def _moved(before: Turn, after: Turn) -> float:
    m, n = before.shares[SAME_PERSON], after.shares[SAME_PERSON]
    return max(float(np.abs(m[field.of] - n[field.of]).max()) for field in FIELDS)


def em_turn(turn: Turn, seen: Seen, unformed: Unformed) -> Turn:
    """One turn of expectation-maximisation, with the pairs that blocking did not form as one more pattern.

    `unformed` holds every pattern, shape (patterns, fields), that no blocking rule forms. Person fields of siblings and of unrelated
    pairs stay as they were counted; address and carer are shared by the two household classes.
    """
    weight = weighed(turn, seen, unformed)

    def counted(field: int, *which: int) -> Floats:
        return sum(
            (
                level_counts(seen.level, weight.formed[:, n], field)
                + level_counts(unformed.level, weight.unformed[:, n], field)
                for n in which
            ),
            np.zeros(len(FIELDS[field].levels)),
        )

    shares = {c: dict(turn.shares[c]) for c in CLASSES}
    for number, field in enumerate(FIELDS):
        stated = np.array(STATED[field.of])
        if field in HOME_FIELDS:
            at_home = normalised(counted(number, 0, 1), field.missing, towards=stated, strength=LEAN)
            shares[SAME_PERSON][field.of] = shares[SAME_HOUSEHOLD][field.of] = at_home
            shares[UNRELATED][field.of] = normalised(
                counted(number, 2), field.missing, towards=stated, strength=LEAST_LEAN
            )
        else:
            shares[SAME_PERSON][field.of] = normalised(counted(number, 0), field.missing, towards=stated, strength=LEAN)
    sizes = weight.formed.sum(axis=0) + weight.unformed.sum(axis=0)
    return Turn(shares, sizes / float(sizes.sum()), weight.likelihood, float(sizes[0]))

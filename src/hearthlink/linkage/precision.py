"""How firmly the pairs settle the model: standard errors from the observed information, and whether fields agree independently.

The information is the sum over patterns of the outer product of their scores (Meilijson 1989), so that what the classes leave in
doubt widens the errors, as it must (Louis 1982): a multinomial on the expected matches would take the classes for known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hearthlink.linkage.comparisons import FIELDS, HOME_FIELDS, PERSON_FIELDS, Comparison
from hearthlink.linkage.model import CLASSES, SAME_HOUSEHOLD, SAME_PERSON, UNRELATED, Dependence, Floats, Wholes

ESTIMATED = (
    *((f"{SAME_PERSON} {field.of}", field, (SAME_PERSON,)) for field in PERSON_FIELDS),
    *((f"home {field.of}", field, (SAME_PERSON, SAME_HOUSEHOLD)) for field in HOME_FIELDS),
    *((f"{UNRELATED} {field.of}", field, (UNRELATED,)) for field in HOME_FIELDS),
)
"""Groups of shares that estimation is free to move, each shared by the classes named: name, field and classes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Candidate patterns: level (patterns, fields), pairs (patterns,), and how many pairs there are in all, candidates or not."""

    level: Wholes
    pairs: Floats
    universe: float


@dataclass(frozen=True, slots=True)
class Unformed:
    """Patterns (patterns, fields) that blocking is not certain to form, and how often values are known or missing as in each (patterns,)."""

    level: Wholes
    known: Floats


@dataclass(frozen=True, slots=True)
class Turn:
    """One state of the estimation: shares by class and field, class priors (3,), log-likelihood, expected same-person pairs."""

    shares: dict[str, dict[str, Floats]]
    prior: Floats
    likelihood: float
    matches: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What each class has of the pairs. formed: (patterns, classes). unformed: the same of patterns no rule forms. likelihood: log."""

    formed: Floats
    unformed: Floats
    likelihood: float


def chance(level: Wholes, shares: Mapping[str, Floats]) -> Floats:
    """Probability of each pattern (patterns, fields) in a class, fields being independent within it: shape (patterns,)."""
    result = np.ones(len(level))
    for number, field in enumerate(FIELDS):
        result *= shares[field.of][level[:, number]]
    return result


def weighed(turn: Turn, seen: Seen, unformed: Unformed) -> Weighed:
    """The pairs shared out among the classes, those that blocking did not form as one more pattern."""
    formed_odds = np.stack([turn.prior[n] * chance(seen.level, turn.shares[c]) for n, c in enumerate(CLASSES)], axis=1)
    unformed_chance = np.stack([chance(unformed.level, turn.shares[c]) * unformed.known for c in CLASSES], axis=1)
    left_out = seen.universe - float(seen.pairs.sum())
    left_odds = turn.prior * unformed_chance.sum(axis=0)
    total = np.maximum(formed_odds.sum(axis=1), 1e-300)
    left_weight = left_out * left_odds / max(float(left_odds.sum()), 1e-300)
    return Weighed(
        formed=seen.pairs[:, None] * formed_odds / total[:, None],
        unformed=unformed_chance / np.maximum(unformed_chance.sum(axis=0), 1e-300) * left_weight,
        likelihood=float((seen.pairs * np.log(total)).sum() + left_out * np.log(max(float(left_odds.sum()), 1e-300))),
    )


def standard_errors(
    turn: Turn, seen: Seen, unformed: Unformed, *, lean: float
) -> tuple[dict[str, dict[str, Floats]], Floats]:
    """Standard errors of every share, nan where it was counted and not estimated, and of the classes' sizes in pairs (3,).

    `lean` is how many made-up pairs each share was estimated with; they add to the information.
    """
    weight = weighed(turn, seen, unformed)
    left = weight.unformed.sum(axis=0)
    left_out = max(float(left.sum()), 1e-12)
    rows: list[Floats] = []
    columns: dict[str, slice] = {}
    inside = weight.formed / np.maximum(seen.pairs, 1e-300)[:, None]
    at = 0
    for name, field, classes in ESTIMATED:
        of = [CLASSES.index(c) for c in classes]
        share, number = turn.shares[classes[0]][field.of], FIELDS.index(field)
        columns[name] = slice(at, at + len(share))
        at += len(share)
        mine, levels = inside[:, of].sum(axis=1), np.arange(len(share))
        known = (seen.level[:, number] != field.missing)[:, None]
        score = mine[:, None] * ((seen.level[:, number][:, None] == levels) - _kept(share, field)) * known
        unseen = np.bincount(
            unformed.level[:, number], weights=weight.unformed[:, of].sum(axis=1), minlength=len(share)
        )
        unseen[field.missing] = 0.0
        average = (unseen - unseen.sum() * _kept(share, field)) / left_out
        rows.append(np.vstack([score, average]))
    rows.append(np.vstack([inside - turn.prior, left / left_out - turn.prior]))
    score = np.hstack(rows)
    count = np.append(seen.pairs, left_out)
    information = (score * count[:, None]).T @ score
    for name, field, classes in ESTIMATED:
        share = _kept(turn.shares[classes[0]][field.of], field)
        information[columns[name], columns[name]] += lean * (np.diag(share) - np.outer(share, share))
    covariance = np.asarray(np.linalg.pinv(information, rcond=1e-12, hermitian=True), dtype=np.float64)
    errors = no_errors(turn.shares)
    for name, field, classes in ESTIMATED:
        share = _kept(turn.shares[classes[0]][field.of], field)
        found = _spread(share, covariance[columns[name], columns[name]])
        found[field.missing] = np.nan
        for c in classes:
            errors[c][field.of] = found
    return errors, _spread(turn.prior, covariance[at:, at:]) * seen.universe


def _kept(share: Floats, field: Comparison) -> Floats:
    """The shares with the missing level, which says nothing, at nought."""
    return np.where(np.arange(len(share)) == field.missing, 0.0, share)


def _spread(share: Floats, covariance: Floats) -> Floats:
    """Standard errors of shares from the covariance of their logarithms up to a constant (the delta method)."""
    slope = np.diag(share) - np.outer(share, share)
    return np.sqrt(np.maximum(np.diag(slope @ covariance @ slope), 0.0))


def no_errors(shares: Mapping[str, Mapping[str, Floats]]) -> dict[str, dict[str, Floats]]:
    """A standard error of nan for every share: none of them was estimated."""
    return {c: {name: np.full(len(share), np.nan) for name, share in fields.items()} for c, fields in shares.items()}


def dependence(
    pair_class: str, level: Wholes, weight: Floats, fields: tuple[Comparison, ...]
) -> tuple[Dependence, ...]:
    """How each two fields agree together within a class, by the pairs (patterns, fields) that it has with these weights (patterns,).

    Agreement is the strongest level; pairs in which either field is missing are left out. Within a class that the model describes
    well phi is nought (the residual correlation of latent class models, Uebersax 1999; a log-linear term in Larsen and Rubin 2001).
    """
    found: list[Dependence] = []
    for one, other in combinations(range(len(fields)), 2):
        known = (level[:, one] != fields[one].missing) & (level[:, other] != fields[other].missing)
        w, a, b = weight[known], level[known, one] == 0, level[known, other] == 0
        size = float(w.sum())
        p, q, both = (float((w * x).sum()) / size if size > 0 else 0.0 for x in (a, b, a & b))
        scale = p * (1 - p) * q * (1 - q)
        if size >= 1.0 and scale > 1e-12:
            phi = (both - p * q) / np.sqrt(scale)
            found.append(Dependence(pair_class, (fields[one].of, fields[other].of), float(phi), float(size**-0.5)))
    return tuple(found)

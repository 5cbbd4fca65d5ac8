"""What agreement is worth: m, h and u by expectation-maximisation on pattern counts (Fellegi and Sunter 1969; Dempster, Laird and Rubin 1977).

No database here. u comes from random pairs, h from brothers and sisters already grouped inside the benefit file, and m, with the
classes' sizes, from candidate pairs. Pairs that blocking never formed are not forgotten: they enter as one pattern, "not a
candidate", whose probability in each class follows from the parameters, so that blocking does not inflate the classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.linkage.comparisons import (
    BIRTH_DATE,
    FIELDS,
    FORENAME,
    HOME_FIELDS,
    PERSON_FIELDS,
    SURNAME,
)
from hearthlink.linkage.model import (
    SAME_HOUSEHOLD,
    SAME_PERSON,
    STATED,
    STATED_CHANCE,
    STATED_SIBLING,
    UNRELATED,
    Floats,
    Model,
    Wholes,
    every_pattern,
    normalised,
)  # fmt: skip

STARTS = (1.0, 2.5, 0.4)
"""How far from agreement each start lies: the stated rates of disagreement, and these multiples of them."""

MOST_TURNS = 300
CLOSE_ENOUGH = 1e-4
"""Change of any m share in one turn below which estimation has come to rest; a standard error is some fifty times that."""

FEWEST_SIBLINGS = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """Candidate patterns: level (patterns, fields), pairs (patterns,), and how many pairs there are in all, candidates or not."""

    level: Wholes
    pairs: Floats
    universe: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One state of the estimation: shares by class and field, class priors (3,), log-likelihood, expected same-person pairs."""

    shares: dict[str, dict[str, Floats]]
    prior: Floats
    likelihood: float
    matches: float


def is_candidate(level: Wholes) -> NDArrayBool:
    """Which patterns (patterns, fields) the blocking rules would have formed, by their levels alone: shape (patterns,)."""
    forename, surname, birth, _, address, carer = level.T
    return (
        ((birth == 0) & ((forename <= 2) | (surname <= 1)))
        | (address <= 1)
        | (carer <= 1)
        | ((forename == 0) & (surname == 0) & (birth <= BIRTH_DATE.missing))
        | ((address == 2) & ((forename == 0) | (birth <= 1)))
    )


NDArrayBool = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def fitted(agreement_pattern: pa.Table) -> Model:
    """The model that fits the patterns best, of several starts.

    Where the classes cannot be told apart (no matches to speak of, or matches that disagree more than they agree) the stated rates
    stand in, and `identified` says so.
    """
    unrelated, together = _by_chance(_drawn(agreement_pattern, "random"))
    birthdays, two = (float(_drawn(agreement_pattern, kind)[1].sum()) for kind in ("birthday", "two members"))
    unrelated["birth_date"] = _with_first(
        unrelated["birth_date"], (birthdays + 1.0) / (two + 10_000.0), BIRTH_DATE.missing
    )
    siblings = _siblings(_drawn(agreement_pattern, "sibling"))
    level, pairs = _drawn(agreement_pattern, "candidate")
    sizes = {kind: float(_drawn(agreement_pattern, kind)[1].sum()) for kind in ("universe", "household", "neighbour")}
    children = _children(agreement_pattern)
    use = is_candidate(level)
    seen = Seen(level[use], pairs[use], max(sizes["universe"], float(pairs.sum()) + 1.0))
    turns = [_fit(seen, start, unrelated, siblings, children) for start in STARTS] if len(seen.level) else []
    best = max(turns, key=lambda t: t[0].likelihood, default=None)
    sound = best is not None and _identified(best[0], children)
    shares = best[0].shares if best is not None and sound else _stated(unrelated, siblings)
    matches = best[0].matches if best is not None else 0.0
    return Model(
        shares=shares,
        errors=_errors(shares, matches),
        prior=best[0].prior if best is not None else np.array([0.0, 0.0, 1.0]),
        names_together=together,
        households=max(sizes["household"] / max(children, 1), 1.0),
        neighbours=sizes["neighbour"] / max(children, 1),
        children=children,
        iterations=best[1] if best is not None else 0,
        converged=best is not None and best[1] < MOST_TURNS,
        identified=sound,
    )


def _drawn(table: pa.Table, kind: str) -> tuple[Wholes, Floats]:
    mine = table.filter(pc.equal(table.column("drawn_from"), kind))
    columns = [mine.column(f"{field.of}_level").to_numpy().astype(np.int64) for field in FIELDS]
    return np.stack(columns, axis=1).reshape(-1, len(FIELDS)), mine.column("pairs").to_numpy().astype(np.float64)


def _children(table: pa.Table) -> int:
    return int(_drawn(table, "child")[1].sum())


def _level_counts(level: Wholes, weight: Floats, field: int) -> Floats:
    return np.bincount(level[:, field], weights=weight, minlength=len(FIELDS[field].levels)).astype(np.float64)


def _by_chance(drawn: tuple[Wholes, Floats]) -> tuple[dict[str, Floats], float]:
    """u of each person field from random pairs, and how much oftener both names agree than each alone would have it."""
    level, pairs = drawn
    shares: dict[str, Floats] = {}
    for number, field in enumerate(PERSON_FIELDS):
        flat = np.ones(len(field.levels))
        shares[field.of] = normalised(_level_counts(level, pairs, number), field.missing, towards=flat, strength=1.0)
    named = (level[:, 0] != FORENAME.missing) & (level[:, 1] != SURNAME.missing)
    both = float(pairs[named & (level[:, 0] == 0) & (level[:, 1] == 0)].sum())
    expected = float(pairs[named].sum()) * shares["forename"][0] * shares["surname"][0]
    return shares, float(np.clip((both + 3.0) / (expected + 3.0), 1.0, 50.0))


def _with_first(shares: Floats, first: float, missing: int) -> Floats:
    """The shares with the first set to what an exact count says, the others keeping their proportions."""
    rest = (np.arange(len(shares)) != missing) & (np.arange(len(shares)) != 0)
    result = shares.copy()
    result[rest] *= (1.0 - first) / float(shares[rest].sum())
    result[0] = first
    return result


def _siblings(drawn: tuple[Wholes, Floats]) -> dict[str, Floats]:
    """h of each person field: how two dependants of one household agree, leaning on the stated rates where few are listed."""
    level, pairs = drawn
    return {
        field.of: normalised(
            _level_counts(level, pairs, number),
            field.missing,
            towards=np.array(STATED_SIBLING[field.of]),
            strength=FEWEST_SIBLINGS,
        )
        for number, field in enumerate(PERSON_FIELDS)
    }


def _stated(
    unrelated: dict[str, Floats], siblings: dict[str, Floats], spread: float = 1.0
) -> dict[str, dict[str, Floats]]:
    """Shares to start from: the stated rates with disagreement `spread` times as common."""
    person: dict[str, Floats] = {}
    for field in FIELDS:
        rates = np.array(STATED[field.of])
        rates[1:] *= spread
        person[field.of] = normalised(rates, field.missing)
    home_by_chance = {f.of: normalised(np.array(STATED_CHANCE[f.of]), f.missing) for f in HOME_FIELDS}
    return {
        SAME_PERSON: person,
        SAME_HOUSEHOLD: {**siblings, **{f.of: person[f.of] for f in HOME_FIELDS}},
        UNRELATED: {**unrelated, **home_by_chance},
    }


def _fit(
    seen: Seen, spread: float, unrelated: dict[str, Floats], siblings: dict[str, Floats], children: int
) -> tuple[Turn, int]:
    matches = 0.4 * children / seen.universe
    start = np.array([matches, matches, 1.0 - 2 * matches])
    turn = Turn(_stated(unrelated, siblings, spread), start, -np.inf, 0.0)
    all_patterns = every_pattern()
    unformed = all_patterns[~is_candidate(all_patterns)]
    for number in range(1, MOST_TURNS + 1):
        after = em_turn(turn, seen, unformed)
        if _moved(turn, after) < CLOSE_ENOUGH:
            return after, number
        turn = after
    return turn, MOST_TURNS


def _moved(before: Turn, after: Turn) -> float:
    m, n = before.shares[SAME_PERSON], after.shares[SAME_PERSON]
    return max(float(np.abs(m[field.of] - n[field.of]).max()) for field in FIELDS)


def em_turn(turn: Turn, seen: Seen, unformed: Wholes) -> Turn:
    """One turn of expectation-maximisation, with the pairs that blocking did not form as one more pattern.

    `unformed` holds every pattern, shape (patterns, fields), that no blocking rule forms. Person fields of siblings and of unrelated
    pairs stay as they were counted; address and carer are shared by the two household classes.
    """
    classes = (SAME_PERSON, SAME_HOUSEHOLD, UNRELATED)
    formed_odds = np.stack([turn.prior[n] * chance(seen.level, turn.shares[c]) for n, c in enumerate(classes)], axis=1)
    unformed_chance = np.stack([chance(unformed, turn.shares[c]) for c in classes], axis=1)
    left_out = seen.universe - float(seen.pairs.sum())
    left_odds = turn.prior * unformed_chance.sum(axis=0)
    total = formed_odds.sum(axis=1)
    weight = seen.pairs[:, None] * formed_odds / np.maximum(total, 1e-300)[:, None]
    left_weight = left_out * left_odds / float(left_odds.sum())
    within = unformed_chance / np.maximum(unformed_chance.sum(axis=0), 1e-300) * left_weight
    likelihood = float(
        (seen.pairs * np.log(np.maximum(total, 1e-300))).sum() + left_out * np.log(float(left_odds.sum()))
    )

    def counted(field: int, *which: int) -> Floats:
        return sum(
            (
                _level_counts(seen.level, weight[:, n], field) + _level_counts(unformed, within[:, n], field)
                for n in which
            ),
            np.zeros(len(FIELDS[field].levels)),
        )

    shares = {c: dict(turn.shares[c]) for c in classes}
    for number, field in enumerate(FIELDS):
        stated = np.array(STATED[field.of])
        if field in HOME_FIELDS:
            at_home = normalised(counted(number, 0, 1), field.missing, towards=stated, strength=4.0)
            shares[SAME_PERSON][field.of] = shares[SAME_HOUSEHOLD][field.of] = at_home
            shares[UNRELATED][field.of] = normalised(counted(number, 2), field.missing, towards=stated, strength=0.1)
        else:
            shares[SAME_PERSON][field.of] = normalised(counted(number, 0), field.missing, towards=stated, strength=4.0)
    sizes = weight.sum(axis=0) + left_weight
    return Turn(shares, sizes / float(sizes.sum()), likelihood, float(sizes[0]))


def chance(level: Wholes, shares: dict[str, Floats]) -> Floats:
    """Probability of each pattern (patterns, fields) in a class, fields being independent within it: shape (patterns,)."""
    result = np.ones(len(level))
    for number, field in enumerate(FIELDS):
        result *= shares[field.of][level[:, number]]
    return result


def _identified(turn: Turn, children: int) -> bool:
    m = turn.shares[SAME_PERSON]
    agrees = m["forename"][0] > 0.4 and (m["surname"][0] > 0.3 or m["birth_date"][0] > 0.5)
    return agrees and 0.005 * children < turn.matches < 1.5 * children


def _errors(shares: dict[str, dict[str, Floats]], matches: float) -> dict[str, dict[str, Floats]]:
    """Standard errors of m as of a multinomial on the expected matches; what was counted has none."""
    errors: dict[str, dict[str, Floats]] = {}
    for pair_class, fields in shares.items():
        errors[pair_class] = {}
        for name, share in fields.items():
            known = pair_class == SAME_PERSON and matches > 0
            size = np.sqrt(share * (1 - share) / matches) if known else np.full(len(share), np.nan)
            size[share == 1.0] = np.nan
            errors[pair_class][name] = size
    return errors

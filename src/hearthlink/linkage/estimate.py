"""What agreement is worth: m, h and u by expectation-maximisation on pattern counts (Fellegi and Sunter 1969; Dempster, Laird and Rubin 1977).

No database here. u comes from random pairs, less the true matches that fall among them; h from brothers, sisters and couples already
grouped inside each file; m, with the classes' sizes, from candidate pairs. Pairs that blocking never formed are not forgotten: they
enter as one pattern, "not a candidate", whose probability in each class follows from the parameters, so that blocking does not
inflate the classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.linkage.comparisons import (
    ADDRESS,
    BIRTH_DATE,
    FIELDS,
    FORENAME,
    HOME_FIELDS,
    PERSON_FIELDS,
    SURNAME,
)
from hearthlink.linkage.model import (
    CLASSES,
    MOVED,
    NEIGHBOUR,
    SAME_HOUSEHOLD,
    SAME_PERSON,
    STATED,
    STATED_CHANCE,
    STATED_SIBLING,
    UNRELATED,
    Dependence,
    Floats,
    Model,
    Shares,
    Size,
    Wholes,
    normalised,
)  # fmt: skip
from hearthlink.linkage.precision import Seen, Turn, Unformed, chance, dependence, no_errors, standard_errors, weighed
from hearthlink.linkage.rules import RULES, Limits, formed, limits_of
from hearthlink.linkage.turns import LEAN, level_counts, to_rest

BLOCKED = frozenset(name for rule in RULES for pattern in rule.certain for name in pattern)
"""Fields that decide whether blocking is certain to form a pair."""

NO_LIMITS = Limits()

STARTS = (1.0, 2.5, 0.4)
"""How far from agreement each start lies: the stated rates of disagreement, and these multiples of them."""

MOST_ROUNDS = 6
CHANCE_AT_REST = 1e-5
"""Change of any u share from one round to the next below which chance is taken as settled."""

FEWEST_SIBLINGS = 50
FEWEST_OF_A_CLASS = 1.0
"""Expected pairs below which a class is not supported by the data."""

HARDLY_SEEN = 0.95
"""Share of pairs in which a field is missing from which it tells nothing of whether matches were found."""

ONE_SEX = 0.65
"""Share of matches that agree on sex at the least: of chance pairs half do, of one person's records nearly all."""

AGREES = {
    "forename": 1, "surname": 1, "birth_date": 1, "sex": 1,
    "address": sum(level.home for level in ADDRESS.levels),
}  # fmt: skip
"""Fields by which matches are known, and how many of their levels, from the strongest, are agreement."""

BADLY_WRITTEN = 0.03
"""Stated: the share of addresses of one home, as two files have it, that agree on nothing for all that."""

SIZES = ("universe", "household", "naming household", "neighbour", "child", "birthday", "two members")


@dataclass(frozen=True, slots=True)
class Fit:
    """Where one start came to rest: the last turn, how many there were, whether it is at rest, and names agreeing together by chance."""

    turn: Turn
    turns: int
    at_rest: bool
    together: float


def unformed_patterns(missing: Floats, limits: Limits = NO_LIMITS) -> Unformed:
    """Every pattern that no blocking rule is certain to form, by the fields the rules go by.

    `missing`: the share of pairs in which each field is missing (fields,), in whatever class. `limits`: what kept
    pairs from being formed.
    """
    levels: list[list[int]] = []
    for field, share in zip(FIELDS, missing.tolist(), strict=True):
        known = [n for n in range(len(field.levels)) if n != field.missing]
        levels.append(
            (known if field.of in BLOCKED and share < 1.0 else [])
            + ([field.missing] if field.of not in BLOCKED or share > 0 else [])
        )
    every = np.array(list(product(*levels)), dtype=np.int64)
    left = every[~formed(every, limits)]
    known = np.ones(len(left))
    for number, (field, share) in enumerate(zip(FIELDS, missing.tolist(), strict=True)):
        if field.of in BLOCKED:
            known *= np.where(left[:, number] == field.missing, share, 1.0 - share)
    return Unformed(left, known)


def missing_shares(candidate: tuple[Wholes, Floats], random: tuple[Wholes, Floats]) -> Floats:
    """The share of pairs in which each field is missing (fields,): of the person among random pairs, of the home among candidates."""
    shares: list[float] = []
    for number, field in enumerate(FIELDS):
        level, pairs = candidate if field in HOME_FIELDS else random
        counts = level_counts(level, pairs, number)
        shares.append(float(counts[field.missing] / counts.sum()) if counts.sum() > 0 else 1.0)
    return np.array(shares)


def fitted(agreement_pattern: pa.Table) -> Model:
    """The model that fits the patterns best, of several starts.

    Where the classes cannot be told apart (no matches to speak of, or matches that disagree more than they agree) the stated rates
    stand in, and `identified` says so.
    """
    drawn = {kind: _drawn(agreement_pattern, kind) for kind in ("random", "sibling", "candidate")}
    sizes = {kind: float(_drawn(agreement_pattern, kind)[1].sum()) for kind in SIZES}
    children = int(sizes["child"])
    born_alike = (sizes["birthday"] + 1.0) / (sizes["two members"] + 10_000.0)
    siblings, limits = _siblings(drawn["sibling"]), limits_of(agreement_pattern)
    missing = missing_shares(drawn["candidate"], drawn["random"])
    unformed = unformed_patterns(missing, limits)
    level, pairs = drawn["candidate"]
    use = formed(level, limits)
    seen = Seen(level[use], pairs[use], max(sizes["universe"], float(pairs.sum()) + 1.0))
    begun, together = by_chance(drawn["random"], born_alike)
    starts = [_start(seen, spread, begun, siblings, children) for spread in STARTS] if len(seen.level) else []
    fits = [_fit_with_chance(start, seen, unformed, drawn["random"], born_alike) for start in starts]
    best = max(fits, key=lambda fit: fit.turn.likelihood, default=None)
    sound = best is not None and _identified(best.turn, children, missing)
    shares = best.turn.shares if best is not None and sound else _stated(begun, siblings)
    if best is not None and sound:
        errors, spread = standard_errors(best.turn, seen, unformed, lean=LEAN)
    else:
        errors, spread = no_errors(shares), np.full(len(CLASSES), np.nan)
    return Model(
        shares=shares,
        errors=errors,
        prior=best.turn.prior if best is not None else np.array([0.0, 0.0, 1.0]),
        names_together=best.together if best is not None and sound else together,
        households=max(sizes["household"] / max(children, 1), 1.0),
        naming=sizes["naming household"] / max(children, 1),
        neighbours=sizes["neighbour"] / max(children, 1),
        children=children,
        iterations=best.turns if best is not None else 0,
        converged=best is not None and best.at_rest,
        identified=sound,
        likelihood=best.turn.likelihood if best is not None else 0.0,
        starts_agreeing=sum(fit.turn.likelihood > best.turn.likelihood - 1.0 for fit in fits)
        if best is not None
        else 0,
        sizes=_sizes(shares, best.turn.prior * seen.universe, spread) if best is not None and sound else (),
        dependence=_dependence(best.turn, seen, unformed, drawn) if best is not None and sound else (),
    )


def _drawn(table: pa.Table, kind: str) -> tuple[Wholes, Floats]:
    mine = table.filter(pc.equal(table.column("drawn_from"), kind))
    columns = [mine.column(f"{field.of}_level").to_numpy().astype(np.int64) for field in FIELDS]
    return np.stack(columns, axis=1).reshape(-1, len(FIELDS)), mine.column("pairs").fill_null(0).to_numpy().astype(
        np.float64
    )


def by_chance(
    drawn: tuple[Wholes, Floats], born_alike: float, turn: Turn | None = None
) -> tuple[dict[str, Floats], float]:
    """u of each person field from random pairs, and how much oftener both names agree than each alone would have it.

    Random pairs of a small file hold true matches; by the `turn`, where there is one, they and the siblings are taken out. That
    birth dates agree is set to `born_alike`, an exact count.
    """
    level, pairs = drawn
    if turn is not None:
        people = {c: {**turn.shares[c], **{f.of: np.ones(len(f.levels)) for f in HOME_FIELDS}} for c in CLASSES}
        odds = np.stack([turn.prior[n] * chance(level, people[c]) for n, c in enumerate(CLASSES)], axis=1)
        pairs = pairs * odds[:, CLASSES.index(UNRELATED)] / np.maximum(odds.sum(axis=1), 1e-300)
    shares: dict[str, Floats] = {}
    for number, field in enumerate(PERSON_FIELDS):
        flat = np.ones(len(field.levels))
        shares[field.of] = normalised(level_counts(level, pairs, number), field.missing, towards=flat, strength=1.0)
    shares["birth_date"] = _with_first(shares["birth_date"], born_alike, BIRTH_DATE.missing)
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
    """h of each person field: how two people of one household agree, leaning on the stated rates where few are listed."""
    level, pairs = drawn
    return {
        field.of: normalised(
            level_counts(level, pairs, number),
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


def _start(seen: Seen, spread: float, unrelated: dict[str, Floats], siblings: dict[str, Floats], children: int) -> Turn:
    matches = min(0.4 * children / seen.universe, 0.2)
    return Turn(_stated(unrelated, siblings, spread), np.array([matches, matches, 1.0 - 2 * matches]), -np.inf, 0.0)


def _fit_with_chance(
    start: Turn, seen: Seen, unformed: Unformed, random: tuple[Wholes, Floats], born_alike: float
) -> Fit:
    """Turns to rest, then u again from random pairs less their matches, until neither moves."""
    turn, turns, together, rested = start, 0, 1.0, False
    for _ in range(MOST_ROUNDS):
        turn, more, rested = to_rest(turn, seen, unformed)
        turns += more
        unrelated, together = by_chance(random, born_alike, turn)
        moved = max(float(np.abs(unrelated[f.of] - turn.shares[UNRELATED][f.of]).max()) for f in PERSON_FIELDS)
        if moved < CHANCE_AT_REST:
            break
        turn = replace(turn, shares={**turn.shares, UNRELATED: {**turn.shares[UNRELATED], **unrelated}})
    return Fit(turn, turns, rested, together)


def _identified(turn: Turn, children: int, missing: Floats) -> bool:
    """Whether what was found looks like matches: as many as there can be, of one sex, alike in forename and in something else that is seen.

    `missing`: the share of pairs in which each field is missing (fields,); what is hardly ever seen speaks for nothing.
    """
    agrees = {
        field.of: share < HARDLY_SEEN and float(turn.shares[SAME_PERSON][field.of][: AGREES[field.of]].sum())
        for field, share in zip(FIELDS, missing.tolist(), strict=True)
        if field.of in AGREES
    }
    further = agrees["surname"] > 0.3 or agrees["birth_date"] > 0.5 or agrees["address"] > 0.3
    one_sex = agrees["sex"] is False or agrees["sex"] > ONE_SEX
    return agrees["forename"] > 0.4 and further and one_sex and 0.005 * children < turn.matches < 1.5 * children


def _sizes(shares: Mapping[str, Shares], pairs: Floats, spread: Floats) -> tuple[Size, ...]:
    """How many pairs there are of each kind, the same person moved and the neighbour told apart by their addresses.

    Of matches whose addresses can be compared, those at wholly different ones have moved, but for the stated share whose address is
    badly written. An unrelated pair that agrees on any of the home's levels lives close by.
    """
    different = len(ADDRESS.levels) - 1
    m, u = shares[SAME_PERSON][ADDRESS.of], shares[UNRELATED][ADDRESS.of]
    moved = float(np.clip((m[different] - BADLY_WRITTEN) / (1.0 - BADLY_WRITTEN), 0.0, 1.0))
    near = float(np.clip(1.0 - u[different], 0.0, 1.0))
    kinds = {
        SAME_PERSON: (pairs[0] * (1 - moved), spread[0] * (1 - moved)),
        MOVED: (pairs[0] * moved, spread[0] * moved),
        SAME_HOUSEHOLD: (pairs[1], spread[1]),
        NEIGHBOUR: (pairs[2] * near, spread[2] * near),
        UNRELATED: (pairs[2] * (1 - near), spread[2] * (1 - near)),
    }
    return tuple(
        Size(kind, float(size), float(error), size >= FEWEST_OF_A_CLASS) for kind, (size, error) in kinds.items()
    )


def _dependence(
    turn: Turn, seen: Seen, unformed: Unformed, drawn: Mapping[str, tuple[Wholes, Floats]]
) -> tuple[Dependence, ...]:
    """Whether fields agree independently within each class: matches by their weights, siblings and strangers as drawn."""
    weight = weighed(turn, seen, unformed)
    level = np.concatenate([seen.level, unformed.level])
    matches = np.concatenate([weight.formed[:, 0], weight.unformed[:, 0]])
    return (
        *dependence(SAME_PERSON, level, matches, FIELDS),
        *dependence(SAME_HOUSEHOLD, *drawn["sibling"], PERSON_FIELDS),
        *dependence(UNRELATED, *drawn["random"], PERSON_FIELDS),
    )

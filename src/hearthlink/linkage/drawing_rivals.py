"""Draws of units that are rivals for a member, one after another, so that it is not two children of one draw.

Probabilities alone do not keep two rivals apart: drawn each by itself, both would now and then be the member. The first of a group of
rivals is drawn as its probability says; the next is drawn given that, the claims of those still to come weighing on it as they do in
the probabilities, and so on. Where claims form no circle this draws from the joint distribution (forward sampling after belief
propagation, as for the trees of Williams and Lau 2014); where they do, each draw still gives a member to one of them at most. Claims too
weak to be drawn together but once in a thousand draws are left to their probabilities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from hearthlink.linkage.drawing import Drawn, linkages, persons
from hearthlink.linkage.evidence import Evidence, kept
from hearthlink.linkage.home_model import HomeModel
from hearthlink.linkage.households import Chances, chances, posterior
from hearthlink.linkage.model import Floats, Model, Wholes
from hearthlink.linkage.rivals import Claims, Rivals, against

BOTH = 1e-3
"""Probability that two claims on a member would be drawn together, above which their units are drawn one after the other."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Units of different groups of rivals, drawn at once, and what is known of them alone.

    units, children, blocks, cells: their places among all. claims: the claims they make, and the pair of each among theirs, `pairs`.
    later: how free the member of each claim is by the claims of those whose turn comes later or never (claims,).
    """

    evidence: Evidence
    by_chance: Chances
    units: Wholes
    children: Wholes
    blocks: Wholes
    cells: Wholes
    claims: Wholes
    pairs: Wholes
    later: Floats


def turns_of(evidence: Evidence, model: Model, rivals: Rivals) -> tuple[Turn, ...]:
    """The turns in which units are drawn whose claims would clash. Units without such a claim are in none."""
    place = _places(_clashes(rivals), evidence.units)
    return tuple(_turn(evidence, model, rivals, place, number) for number in range(int(place.max(initial=-1)) + 1))


def _clashes(rivals: Rivals) -> list[tuple[int, int]]:
    """The units, two by two, of which both would be given one member now and then."""
    claims, unit = rivals.claims, rivals.claims.unit
    strength = rivals.odds * rivals.free[claims.pair]
    p = strength / (1.0 + strength)
    by_member = defaultdict[int, list[int]](list)
    for place in np.flatnonzero(p >= BOTH).tolist():
        by_member[int(claims.member[place])].append(place)
    return sorted(
        {
            (min(unit[a], unit[b]), max(unit[a], unit[b]))
            for group in by_member.values()
            for a, b in combinations(group, 2)
            if unit[a] != unit[b] and claims.child[a] != claims.child[b] and p[a] * p[b] >= BOTH
        }
    )


def _places(clashes: Sequence[tuple[int, int]], units: int) -> Wholes:
    """The turn of each unit, -1 for those that clash with none: outwards from the first of a group, units that clash never at once.

    On a tree a unit's turn comes after that of one other it clashes with, which stands between it and all who were drawn before.
    """
    beside = defaultdict[int, set[int]](set)
    for one, other in clashes:
        beside[one].add(other)
        beside[other].add(one)
    place = np.full(units, -1)
    for start in sorted(beside):
        waiting = [start] if place[start] < 0 else []
        while waiting:
            for unit in waiting:
                place[unit] = 1 + max((int(place[other]) for other in beside[unit]), default=-1)
            waiting = sorted({other for unit in waiting for other in beside[unit] if place[other] < 0})
    return place


def _turn(evidence: Evidence, model: Model, rivals: Rivals, place: Wholes, number: int) -> Turn:
    claims, units = rivals.claims, np.flatnonzero(place == number)
    mine = np.flatnonzero(place[claims.unit] == number)
    waiting = (place[claims.unit] >= number) | (place[claims.unit] < 0)
    blocks = np.isin(evidence.block_unit, units)
    cells = blocks[evidence.cell_block]
    some = _alone(evidence, units, kept(evidence, blocks))
    return Turn(
        evidence=some,
        by_chance=chances(some, model),
        units=units,
        children=np.flatnonzero(np.isin(evidence.unit_of_child, units)),
        blocks=np.flatnonzero(blocks),
        cells=np.flatnonzero(cells),
        claims=mine,
        pairs=(np.cumsum(cells[evidence.listed.cell]) - 1)[claims.pair[mine]],
        later=1.0 / (1.0 + against(claims, rivals.odds * waiting)[mine]),
    )


def _alone(evidence: Evidence, units: Wholes, some: Evidence) -> Evidence:
    """The evidence `some` of the blocks of these units with all other units and children left out."""
    children = np.isin(evidence.unit_of_child, units)
    seat = np.cumsum(children) - 1
    return replace(
        some,
        unit_of_child=np.searchsorted(units, evidence.unit_of_child[children]),
        infant=evidence.infant[children],
        place_in_unit=evidence.place_in_unit[children],
        cell_child=seat[some.cell_child],
        block_unit=np.searchsorted(units, some.block_unit),
    )


def in_turn(
    drawn: Drawn, turns: Sequence[Turn], claims: Claims, *, model: Model, home: HomeModel, random: np.random.Generator
) -> Drawn:
    """The linkages drawn with the units of the turns drawn anew, each given who was drawn before it."""
    if not turns:
        return drawn
    block, apart, cell = drawn.block.copy(), drawn.apart.copy(), drawn.cell.copy()
    draws = cell.shape[1]
    held = np.full((int(claims.member.max()) + 1, draws), -1)
    for turn in turns:
        member, child = claims.member[turn.claims], claims.child[turn.claims]
        gone = (held[member] >= 0) & (held[member] != child[:, None])
        patterns, which = np.unique(gone, axis=1, return_inverse=True)
        for number in range(patterns.shape[1]):
            columns = np.flatnonzero(which.reshape(-1) == number)
            free = np.ones(len(turn.evidence.listed.cell))
            free[turn.pairs] = np.where(patterns[:, number], 0.0, turn.later)
            where = posterior(turn.evidence, model, home, free, by_chance=turn.by_chance)
            found = linkages(turn.evidence, where, len(columns), random)
            block[np.ix_(turn.units, columns)] = np.append(turn.blocks, -1)[found.block]
            apart[np.ix_(turn.children, columns)] = found.apart
            cell[np.ix_(turn.children, columns)] = np.append(turn.cells, -1)[found.cell]
            pair, _ = persons(turn.evidence, where, found, random)
            asked = turn.evidence.cell_child[turn.evidence.listed.cell[turn.pairs]]
            claim, draw = np.nonzero(pair[asked] == turn.pairs[:, None])
            held[member[claim], columns[draw]] = child[claim]
    return Drawn(block, apart, cell)

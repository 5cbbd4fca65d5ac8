"""Linkages drawn from a posterior: where each unit's home is, who lives apart from it, who has left, which listed person each child is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.evidence import Evidence
from hearthlink.linkage.households import Posterior
from hearthlink.linkage.model import Flags, Floats, Wholes


@dataclass(frozen=True, slots=True)
class Drawn:
    """Linkages drawn, one a column.

    block: of each unit's home, -1 for one on no file (units, draws). apart: the child lives apart from it (children, draws).
    cell: where the child is, -1 for in no household on file (children, draws).
    """

    block: Wholes
    apart: Flags
    cell: Wholes


def linkages(evidence: Evidence, where: Posterior, draws: int, random: np.random.Generator) -> Drawn:
    """Draw each unit's home, then which of its children live apart from it, then where those live, then who of all has left."""
    units, children = len(where.none), len(evidence.unit_of_child)
    block = _pick(evidence.block_unit, where.block, random.random((units, draws)))
    of_child = block[evidence.unit_of_child]
    home = np.where(of_child >= 0, np.append(evidence.first_cell, 0)[of_child] + evidence.place_in_unit[:, None], -1)
    leaves = np.where(home >= 0, np.append(where.leaves, 0.0)[home], where.leaves_none[:, None])
    apart = random.random((children, draws)) < leaves
    other = _other_than(home, evidence, where, random.random((children, draws)))
    cell = np.where(apart, other, home)
    left = random.random((children, draws)) < np.append(where.gone, 0.0)[cell]
    return Drawn(block, apart, np.where(left, -1, cell))


def persons(evidence: Evidence, where: Posterior, drawn: Drawn, random: np.random.Generator) -> tuple[Wholes, Flags]:
    """Which listed pair each child is in its cell, -1 for none (children, draws); and whether the unit's home hosts it (units, draws).

    Of two children of a household drawn as one person, the later is taken as not listed.
    """
    children, draws = drawn.cell.shape
    hosted = random.random(drawn.block.shape) < np.append(where.hosted, 0.0)[drawn.block]
    block = np.append(evidence.cell_block, -1)[drawn.cell]
    at_home = block == drawn.block[evidence.unit_of_child]
    cell = np.where((drawn.cell >= 0) & ~(at_home & hosted[evidence.unit_of_child]), drawn.cell, -1)
    listing = (1.0 - where.hosted)[evidence.cell_block] * where.cell
    share = where.member / np.maximum(listing[evidence.listed.cell], 1e-300)
    running = np.concatenate([[0.0], np.cumsum(share)])
    size = np.bincount(evidence.listed.cell, minlength=len(where.cell))
    ends = np.append(np.cumsum(size), 0)
    starts = ends - np.append(size, 0)
    pair = np.searchsorted(running, running[starts[cell]] + random.random((children, draws)), side="right") - 1
    pair = np.where((cell >= 0) & (pair < ends[cell]), pair, -1)
    return _once_each(evidence, pair), hosted


def _once_each(evidence: Evidence, pair: Wholes) -> Wholes:
    """The pairs (children, draws) but for those whose member an earlier child of the same unit is, -1 instead."""
    result = pair.copy()
    child, draw = np.nonzero(pair >= 0)
    member = evidence.listed.member[pair[child, draw]]
    unit = evidence.unit_of_child[child]
    order = np.lexsort((child, member, unit, draw))
    same = np.ones(len(order), dtype=bool)
    for key in (draw, unit, member):
        same[1:] &= np.diff(key[order]) == 0
    again = order[1:][same[1:]] if len(order) else order
    result[child[again], draw[again]] = -1
    return result


def _pick(group: Wholes, probability: Floats, uniform: Floats) -> Wholes:
    """For each group and each uniform number (groups, draws) the row it falls on, or -1 past the group's rows. Rows sorted by group."""
    groups = len(uniform)
    running = np.concatenate([[0.0], np.cumsum(probability)])
    size = np.bincount(group, minlength=groups)
    ends = np.cumsum(size)
    found = np.searchsorted(running, running[ends - size][:, None] + uniform, side="right") - 1
    return np.where(found < ends[:, None], found, -1)


def _other_than(home: Wholes, evidence: Evidence, where: Posterior, uniform: Floats) -> Wholes:
    """A cell of each child other than its home, drawn by weight, -1 for none on file: shape (children, draws).

    The uniform number goes along the share of none on file, then along the weights of the child's cells in order, stepping over the home's.
    """
    order = evidence.cells_of_child
    if not len(order):
        return np.full(home.shape, -1)
    seat = np.empty(len(order), dtype=np.int64)
    seat[order] = np.arange(len(order))
    weight = where.alone[order]
    running = np.concatenate([[0.0], np.cumsum(weight)])
    size = np.bincount(evidence.cell_child, minlength=len(home))
    ends = np.cumsum(size)
    base = running[ends - size][:, None]
    own = np.where(home >= 0, seat[home], 0)
    own_weight = np.where(home >= 0, weight[own], 0.0)
    total = np.maximum((running[ends][:, None] - base) - own_weight, 0.0)
    off = np.where(home >= 0, np.append(where.off, 0.0)[home], where.off_none[:, None])
    aim = (uniform - off) / np.maximum(1.0 - off, 1e-300) * total
    aim = aim + np.where((home >= 0) & (aim >= running[own] - base), own_weight, 0.0)
    found = np.searchsorted(running, base + np.maximum(aim, 0.0), side="right") - 1
    inside = (aim >= 0) & (found < ends[:, None])
    return np.where(inside, order[np.minimum(found, len(order) - 1)], -1)

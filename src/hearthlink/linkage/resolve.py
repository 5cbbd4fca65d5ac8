"""Posteriors to links: the best answer for each child, what else it may be, and draws of the whole linkage.

Children and candidates lie in content order and draws step through them in that order, so that the same records give the same links
and draws whatever order they came in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hearthlink.linkage.evidence import Evidence
from hearthlink.linkage.households import Posterior, chances, posterior
from hearthlink.linkage.learn import Counts, drawn_from
from hearthlink.linkage.model import Floats, Model, Wholes

FAINT = 0.0005
"""Candidates below this probability are dropped, and what they had goes to the child's other answers."""

MODELS_DRAWN = 20
Draws = NDArray[np.int16 | np.int32]

STREAM = 20_200_331
"""Names the stream of random numbers from which links are drawn. Draws, unlike keys and pseudonyms, must come out the same again."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Each child's possible answers, best first after rank 0 (none). All arrays lie along the answers.

    cell is -1 for none; member is -1 where not listed is likelier than any one member.
    """

    child: Wholes
    rank: Wholes
    cell: Wholes
    member: Wholes
    probability: Floats
    p_member: Floats


def answers(evidence: Evidence, where: Posterior) -> Answers:
    """Every answer that is not faint, ranked by probability and, where equal, by the household's place in content order."""
    in_cell, none = where.cell, where.child_none
    children = len(none)
    kept = np.flatnonzero(in_cell >= FAINT)
    total = none + np.bincount(evidence.cell_child[kept], in_cell[kept], children)
    member, p_member = _likeliest_member(evidence, where)
    household = evidence.block_household[evidence.cell_block]
    order = kept[np.lexsort((household[kept], -np.round(in_cell[kept], 12), evidence.cell_child[kept]))]
    child = np.concatenate([np.arange(children), evidence.cell_child[order]])
    per_child = np.bincount(evidence.cell_child[order], minlength=children)
    starts = np.concatenate([[0], np.cumsum(per_child)[:-1]])
    rank = np.concatenate(
        [np.zeros(children, dtype=np.int64), np.arange(len(order)) - starts[evidence.cell_child[order]] + 1]
    )
    cell = np.concatenate([np.full(children, -1), order])
    probability = np.concatenate([none, in_cell[order]]) / total[child]
    seen = np.maximum(cell, 0)
    has = cell >= 0
    sort = np.lexsort((rank, child))
    return Answers(
        child[sort],
        rank[sort],
        cell[sort],
        np.where(has, member[seen] if len(member) else -1, -1)[sort],
        probability[sort],
        np.where(has, p_member[seen] / total[child] if len(member) else 0.0, 0.0)[sort],
    )


def tied(candidate_posterior: pa.Table) -> int:
    """How many children have two likeliest households, equally likely: the first in order of content is the one that is named."""
    rows = candidate_posterior.filter(pc.less_equal(candidate_posterior.column("rank"), 2))
    best = {
        rank: rows.filter(pc.equal(rows.column("rank"), rank)).select(["child_id", "probability"]) for rank in (1, 2)
    }
    both = best[1].join(best[2], "child_id", join_type="inner", right_suffix="_second")
    return int(pc.sum(pc.equal(both.column("probability"), both.column("probability_second"))).as_py() or 0)


def _likeliest_member(evidence: Evidence, where: Posterior) -> tuple[Wholes, Floats]:
    """For each cell that is not faint the likeliest member and P(child is that member); -1 where not being listed is likelier."""
    in_cell = where.cell
    some = np.flatnonzero((in_cell >= FAINT)[evidence.listed.cell])  # few of all: nobody asks about the rest
    cell, listed, is_member = evidence.listed.cell[some], evidence.listed.member[some], where.member[some]
    order = np.lexsort((listed, -np.round(is_member, 12), cell))
    first = np.concatenate([[True], np.diff(cell[order]) > 0]) if len(order) else np.zeros(0, dtype=bool)
    best = order[first]
    member, p_member = np.full(len(in_cell), -1), np.zeros(len(in_cell))
    member[cell[best]] = listed[best]
    p_member[cell[best]] = is_member[best]
    unlisted = in_cell - np.bincount(cell, is_member, len(in_cell))
    member = np.where(p_member > unlisted, member, -1)
    return member, np.where(member >= 0, p_member, 0.0)


def draw_links(
    evidence: Evidence, model: Model, counts: Counts, found: Answers, *, draws: int, free: Floats | None = None
) -> Draws:
    """Ranks drawn for each child: shape (children, draws). Parameters are drawn too, families together.

    `free`: P(the member is no child of another unit's) (pairs,), where units have rivals.
    """
    random = np.random.Generator(np.random.PCG64(STREAM))
    most = int(found.rank.max(initial=0))
    rank_of_cell = np.zeros(len(evidence.cell_child) + 1, dtype=np.int16 if most < 2**15 else np.int32)
    has = found.cell >= 0
    rank_of_cell[found.cell[has]] = found.rank[has]
    result = np.zeros((len(evidence.unit_of_child), draws), dtype=rank_of_cell.dtype)
    by_chance = chances(evidence, model)
    for columns in np.array_split(np.arange(draws), min(MODELS_DRAWN, draws)):
        where = posterior(evidence, model, drawn_from(counts, random), free, by_chance=by_chance)
        result[:, columns] = rank_of_cell[_draw(evidence, where, len(columns), random)]
    return result


def _draw(evidence: Evidence, where: Posterior, draws: int, random: np.random.Generator) -> Wholes:
    """Draw each unit's home, then which of its children live apart from it, then where those live, then who of all has left.

    Cells (children, draws), -1 for in no household on file.
    """
    units, children = len(where.none), len(evidence.unit_of_child)
    block = _pick(evidence.block_unit, where.block, random.random((units, draws)))[evidence.unit_of_child]
    home = np.where(block >= 0, np.append(evidence.first_cell, 0)[block] + evidence.place_in_unit[:, None], -1)
    leaves = np.where(home >= 0, np.append(where.leaves, 0.0)[home], where.leaves_none[:, None])
    gone = random.random((children, draws)) < leaves
    other = _other_than(home, evidence, where, random.random((children, draws)))
    cell = np.where(gone, other, home)
    left = random.random((children, draws)) < np.append(where.gone, 0.0)[cell]
    return np.where(left, -1, cell)


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

    The uniform number goes along the weights of none on file, then of the child's cells in order, stepping over the home's.
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
    total = where.nowhere[:, None] + (running[ends][:, None] - base) - own_weight
    aim = uniform * np.maximum(total, 0.0) - where.nowhere[:, None]
    aim = aim + np.where((home >= 0) & (aim >= running[own] - base), own_weight, 0.0)
    found = np.searchsorted(running, base + np.maximum(aim, 0.0), side="right") - 1
    inside = (aim >= 0) & (found < ends[:, None])
    return np.where(inside, order[np.minimum(found, len(order) - 1)], -1)

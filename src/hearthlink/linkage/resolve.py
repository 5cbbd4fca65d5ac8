"""Posteriors to links: the best answer for each child, what else it may be, and draws of the whole linkage.

Children and candidates lie in content order and draws step through them in that order, so that the same records give the same links
and draws whatever order they came in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.households import Evidence, Posterior, posterior
from hearthlink.linkage.learn import Counts, drawn_from
from hearthlink.linkage.model import Floats, Model, Wholes

FAINT = 0.0005
"""Candidates below this probability are dropped, and what they had goes to the child's other answers."""

MODELS_DRAWN = 20
STREAM = 20_200_331
"""Names the stream of random numbers from which links are drawn. Draws, unlike keys and pseudonyms, must come out the same again."""

CellAt = Callable[[Wholes, Wholes], Wholes]


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


def of_each_child(evidence: Evidence, where: Posterior) -> tuple[Floats, Floats]:
    """P(child lives in the cell's household) (cells,) and P(child is in no household on file) (children,)."""
    apart = where.apart[evidence.unit_of_child]
    cell = (1 - apart[evidence.cell_child]) * where.block[evidence.cell_block] + apart[evidence.cell_child] * where.cell_apart
    return cell, (1 - apart) * where.none[evidence.unit_of_child] + apart * where.none_apart


def answers(evidence: Evidence, where: Posterior) -> Answers:
    """Every answer that is not faint, ranked by probability and, where equal, by the household's place in content order."""
    in_cell, none = of_each_child(evidence, where)
    children = len(none)
    kept = np.flatnonzero(in_cell >= FAINT)
    total = none + np.bincount(evidence.cell_child[kept], in_cell[kept], children)
    member, p_member = _likeliest_member(evidence, where, in_cell)
    household = evidence.block_household[evidence.cell_block]
    order = kept[np.lexsort((household[kept], -np.round(in_cell[kept], 12), evidence.cell_child[kept]))]
    child = np.concatenate([np.arange(children), evidence.cell_child[order]])
    per_child = np.bincount(evidence.cell_child[order], minlength=children)
    starts = np.concatenate([[0], np.cumsum(per_child)[:-1]])
    rank = np.concatenate([np.zeros(children, dtype=np.int64), np.arange(len(order)) - starts[evidence.cell_child[order]] + 1])
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


def _likeliest_member(evidence: Evidence, where: Posterior, in_cell: Floats) -> tuple[Wholes, Floats]:
    """For each cell the likeliest member and P(child is that member); -1 where not being listed is likelier."""
    apart = where.apart[evidence.unit_of_child[evidence.cell_child]]
    together = (1 - apart) * where.block[evidence.cell_block]
    alone = apart * where.cell_apart
    is_member = together[evidence.pair_cell] * where.member + alone[evidence.pair_cell] * where.member_apart
    order = np.lexsort((evidence.pair_member, -np.round(is_member, 12), evidence.pair_cell))
    first = np.concatenate([[True], np.diff(evidence.pair_cell[order]) > 0]) if len(order) else np.zeros(0, dtype=bool)
    best = order[first]
    member, p_member = np.full(len(in_cell), -1), np.zeros(len(in_cell))
    member[evidence.pair_cell[best]] = evidence.pair_member[best]
    p_member[evidence.pair_cell[best]] = is_member[best]
    unlisted = in_cell - np.bincount(evidence.pair_cell, is_member, len(in_cell))
    member = np.where(p_member > unlisted, member, -1)
    return member, np.where(member >= 0, p_member, 0.0)


def draw_links(evidence: Evidence, model: Model, counts: Counts, found: Answers, draws: int) -> Wholes:
    """Ranks drawn for each child: shape (children, draws). Parameters are drawn too, families together."""
    random = np.random.Generator(np.random.PCG64(STREAM))
    rank_of_cell = np.zeros(len(evidence.cell_child), dtype=np.int64)
    has = found.cell >= 0
    rank_of_cell[found.cell[has]] = found.rank[has]
    result = np.zeros((len(evidence.unit_of_child), draws), dtype=np.int32)
    each = np.array_split(np.arange(draws), min(MODELS_DRAWN, draws))
    for columns in each:
        where = posterior(evidence, model, drawn_from(counts, model, random))
        result[:, columns] = _draw(evidence, where, rank_of_cell, len(columns), random)
    return result


def _draw(evidence: Evidence, where: Posterior, rank_of_cell: Wholes, draws: int, random: np.random.Generator) -> Wholes:
    units, children = len(where.none), len(evidence.unit_of_child)
    block = _pick(evidence.block_unit, where.block, units, random.random((units, draws)))
    cell_apart = _pick(evidence.cell_child, where.cell_apart, children, random.random((children, draws)))
    apart = random.random((units, draws)) < where.apart[:, None]
    cell_at = _cell_at(evidence)
    together = block[evidence.unit_of_child]
    cell = np.where(together >= 0, cell_at(np.arange(children)[:, None], together), -1)
    cell = np.where(apart[evidence.unit_of_child], cell_apart, cell)
    ranks = np.append(rank_of_cell, 0)
    return ranks[cell]


def _pick(group: Wholes, probability: Floats, groups: int, uniform: Floats) -> Wholes:
    """For each group and each uniform number the row that it falls on, or -1 for none: shape (groups, draws). Rows sorted by group."""
    order = np.argsort(group, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(probability[order])])
    ends = np.cumsum(np.bincount(group, minlength=groups))
    starts = ends - np.bincount(group, minlength=groups)
    aim = running[starts][:, None] + uniform
    found = np.searchsorted(running, aim, side="right") - 1
    inside = found < ends[:, None]
    return np.where(inside, order[np.minimum(found, max(len(order) - 1, 0))] if len(order) else -1, -1)


def _cell_at(evidence: Evidence) -> CellAt:
    """A look-up from (child, block) to cell."""
    blocks = len(evidence.block_unit)
    key = evidence.cell_child * blocks + evidence.cell_block
    order = np.argsort(key, kind="stable")
    ordered = key[order]

    def at(child: Wholes, block: Wholes) -> Wholes:
        wanted = child * blocks + np.maximum(block, 0)
        place = np.minimum(np.searchsorted(ordered, wanted), max(len(ordered) - 1, 0))
        return order[place] if len(order) else np.full(wanted.shape, -1)

    return at

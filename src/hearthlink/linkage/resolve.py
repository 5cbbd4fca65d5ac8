"""Posteriors to links: the best answer for each child, and what else it may be. Children and candidates lie in content order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.linkage.evidence import Evidence
from hearthlink.linkage.households import Posterior
from hearthlink.linkage.model import Floats, Wholes

FAINT = 0.0005
"""Candidates below this probability are dropped, and what they had goes to the child's other answers."""


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

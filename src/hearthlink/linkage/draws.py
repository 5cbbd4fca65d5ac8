"""Draws of the whole linkage: parameters, homes, who lives apart, who has left, and which listed person each child is.

Parameters and links are drawn in turn, each given the other (data augmentation: Tanner and Wong 1987), so that the parameters vary by
what the files leave open about them and not only by what they would if every link were known. The first parameters come from the
expected counts. Children and candidates lie in content order and draws step through them in that order, so that the same records give
the same draws whatever order they came in.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hearthlink.linkage.drawing import Drawn, linkages, persons
from hearthlink.linkage.drawing_rivals import in_turn, turns_of
from hearthlink.linkage.evidence import Evidence
from hearthlink.linkage.households import Posterior, chances, posterior
from hearthlink.linkage.learn import Counts, drawn_from, expected
from hearthlink.linkage.model import Floats, Model, Wholes
from hearthlink.linkage.resolve import Answers
from hearthlink.linkage.rivals import Rivals

MODELS_DRAWN = 20
"""Sets of parameters, each with as many draws of the links as the others, or nearly so."""

Draws = NDArray[np.int16 | np.int32]

STREAM = 20_200_331
"""Names the stream of random numbers from which links are drawn. Draws, unlike keys and pseudonyms, must come out the same again."""


def draw_links(
    evidence: Evidence, model: Model, counts: Counts, found: Answers, *, draws: int, rivals: Rivals | None = None
) -> Draws:
    """Ranks drawn for each child: shape (children, draws). Parameters are drawn too, families together.

    Where units are `rivals` for a member, it is one child in each draw, but for claims too weak to clash (see drawing_rivals).
    """
    random = np.random.Generator(np.random.PCG64(STREAM))
    most = int(found.rank.max(initial=0))
    rank_of_cell = np.zeros(len(evidence.cell_child) + 1, dtype=np.int16 if most < 2**15 else np.int32)
    has = found.cell >= 0
    rank_of_cell[found.cell[has]] = found.rank[has]
    result = np.zeros((len(evidence.unit_of_child), draws), dtype=rank_of_cell.dtype)
    by_chance = chances(evidence, model)
    free = None if rivals is None else rivals.free
    turns = () if rivals is None else turns_of(evidence, model, rivals)
    for columns in np.array_split(np.arange(draws), min(MODELS_DRAWN, draws)):
        home = drawn_from(counts, random)
        where = posterior(evidence, model, home, free, by_chance=by_chance)
        drawn = linkages(evidence, where, len(columns), random)
        drawn = drawn if rivals is None else in_turn(drawn, turns, rivals.claims, model=model, home=home, random=random)
        result[:, columns] = rank_of_cell[drawn.cell]
        if columns[-1] + 1 < draws:
            counts = expected(evidence, model, as_if_known(evidence, where, drawn, random))
    return result


def as_if_known(evidence: Evidence, where: Posterior, drawn: Drawn, random: np.random.Generator) -> Posterior:
    """The first of the linkages drawn as a posterior that has no doubt, for the counts from which parameters are drawn."""
    first = Drawn(drawn.block[:, :1], drawn.apart[:, :1], drawn.cell[:, :1])
    pair, hosted = persons(evidence, where, first, random)
    block, apart, cell = first.block[:, 0], first.apart[:, 0], first.cell[:, 0]
    home = np.where(block >= 0, np.append(evidence.first_cell, 0)[block], -1)[evidence.unit_of_child]
    home = np.where(home >= 0, home + evidence.place_in_unit, -1)
    return replace(
        where,
        block=_ones(block, len(where.block)),
        none=(block < 0).astype(np.float64),
        hosted=_ones(block[hosted[:, 0]], len(where.block)),
        leaves=_ones(home[apart], len(where.cell)),
        leaves_none=(apart & (home < 0)).astype(np.float64),
        off=_ones(home[apart & (cell < 0)], len(where.cell)),
        cell=_ones(cell, len(where.cell)),
        child_none=(cell < 0).astype(np.float64),
        member=_ones(pair[:, 0], len(where.member)),
    )


def _ones(places: Wholes, size: int) -> Floats:
    """1 at each of the places that are not -1, else 0: shape (size,)."""
    result = np.zeros(size)
    result[places[places >= 0]] = 1.0
    return result

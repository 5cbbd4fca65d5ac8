"""Evidence in portions of whole units, so that memory and time per candidate pair stay the same however many there are.

Nothing that is asked of one unit depends on another, so that portions give what the whole would. They are cut by how many candidate pairs
there are, which the records alone decide, so that they are the same for any order of the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa

from hearthlink.linkage.batches import batches
from hearthlink.linkage.evidence import READ, Children, Evidence, Pairs, Portion, along, gather, kept, seats
from hearthlink.linkage.model import Flags, Wholes

LOOKED_AT = 2_000_000
"""Candidate pairs looked at for the first time at once, about."""

WEIGHED = 2_000_000
"""Listed pairs weighed at once, about. Arrays of many more are asked of the system anew each time, and given back to it."""


def promising(pair: pa.Table, children: Children, choose: Callable[[Evidence], Flags]) -> Evidence:
    """The evidence of the blocks that `choose` holds to be worth going over again, chosen a portion at a time, ready to be weighed in portions.

    Raises OurFault where a candidate household was not compared with every child of the unit.
    """
    if pair.num_rows <= LOOKED_AT:
        evidence = gather(pair, children)
        return in_portions(kept(evidence, choose(evidence)))
    pair = pair.select([name for name in pair.column_names if name in READ])
    unit = children.unit[seats(children.number, pair.column("child_no").to_numpy())]
    household = pair.column("household_no").to_numpy()
    homes = int(household.max()) + 1
    worth = np.zeros(len(unit), dtype=bool)
    for first, last in _cuts(np.bincount(unit), LOOKED_AT):
        mine = (unit >= first) & (unit < last)
        evidence = gather(pair.filter(pa.array(mine)), children)
        keep = choose(evidence)
        # Blocks lie in order of unit, then household.
        good = evidence.block_unit[keep] * homes + evidence.block_household[keep]
        code = unit[mine] * homes + household[mine]
        seat = np.searchsorted(good, code)
        worth[mine] = np.append(good, -1)[seat] == code
    del unit, household
    return in_portions(gather(pair.filter(pa.array(worth)), children))


def in_portions(evidence: Evidence) -> Evidence:
    """The same evidence, with its portions beside it where it has more pairs than are weighed at once."""
    if len(evidence.listed.cell) <= WEIGHED:
        return evidence
    pairs = np.bincount(evidence.block_unit[evidence.cell_block[evidence.listed.cell]], minlength=evidence.units)
    found = tuple(_portion(evidence, *cut) for cut in _cuts(pairs, WEIGHED))
    return replace(evidence, portions=found, batches=())


def _cuts(pairs: Wholes, at_once: int) -> list[tuple[int, int]]:
    """Units, from the first to before the last, in portions of about as many pairs each. pairs: of each unit (units,)."""
    running = np.cumsum(pairs)
    whole = int(running[-1])
    count = -(-whole // at_once)
    ends = np.searchsorted(running, np.arange(1, count) * (whole / count), side="right")
    return list(pairwise(np.unique([0, *ends.tolist(), len(pairs)]).tolist()))


def _portion(evidence: Evidence, first: int, last: int) -> Portion:
    """The units from the first to before the last. What lies along blocks, cells and pairs lies there in order of unit already."""
    children = np.flatnonzero((evidence.unit_of_child >= first) & (evidence.unit_of_child < last))
    blocks = _span(evidence.block_unit, first, last)
    cells = _span(evidence.cell_block, blocks.start, blocks.stop)
    pairs, former = (_span(of.cell, cells.start, cells.stop) for of in (evidence.listed, evidence.former))
    place = np.empty(len(evidence.unit_of_child), dtype=np.int64)
    place[children] = np.arange(len(children))
    unit = evidence.unit_of_child[children] - first
    listed, block_unit = _some(evidence.listed, pairs, cells.start), evidence.block_unit[blocks] - first
    cell_block, first_cell = evidence.cell_block[cells] - blocks.start, evidence.first_cell[blocks] - cells.start
    some = along(evidence, blocks, cells) | {
        "unit_of_child": unit,
        "infant": evidence.infant[children],
        "place_in_unit": evidence.place_in_unit[children],
        "cell_child": place[evidence.cell_child[cells]],
        "cell_block": cell_block,
        "block_unit": block_unit,
        "first_cell": first_cell,
        "listed": listed,
        "former": _some(evidence.former, former, cells.start),
        "alike": evidence.alike[pairs],
        "cells_of_child": evidence.cells_of_child[:0],
        "batches": batches(listed.cell, listed.member, cell_block, first_cell, np.bincount(unit)[block_unit]),
    }
    return Portion(replace(evidence, **some), slice(first, last), children, blocks, cells, pairs)


def _span(rising: Wholes, first: int, last: int) -> slice:
    return slice(*np.searchsorted(rising, [first, last]).tolist())


def _some(pairs: Pairs, which: slice, first_cell: int) -> Pairs:
    return Pairs(
        cell=pairs.cell[which] - first_cell,
        member=pairs.member[which],
        pattern=pairs.pattern[which],
        forename_frequency=pairs.forename_frequency[which],
        listing=pairs.listing[which],
        named=pairs.named[_span(pairs.named, which.start, which.stop)] - which.start,
    )

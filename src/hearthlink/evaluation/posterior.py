"""What the linkage expects of itself: the same measures from the posterior and its draws, with no truth in sight."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import OurFault

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.float64]

HOUSEHOLD, RIGHT = 1, 2
"""What a candidate is, seen from the best link: a household at all, and that very household."""

CHUNK = 20_000
PARTS = 1_000_000
"""Probabilities are added up as millionths, so that their order does not matter."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every candidate household of every child, children in the order of the link table and ranks rising within each.

    `first`: place of each child's rank 0, shape (children,). For each candidate, shape (candidates,): `probability`;
    `p_member`, of being its likeliest listed person; `marks`, the sum of the constants above that hold for it;
    `person_parts`, in millionths, how likely the person of the best link is right if this is the household.
    """

    first: Whole
    probability: Number
    p_member: Number
    marks: npt.NDArray[np.uint8]
    person_parts: Whole


@dataclass(frozen=True, slots=True)
class Drawn:
    """Numbers of children in each draw, each of shape (draws,).

    With a household, with that of the best link, and expected to be the person of the best link; `spread` is the variance of the
    last within a draw.
    """

    household: Number
    right_household: Number
    right_person: Number
    spread: float


def candidates(link: pa.Table, candidate_posterior: pa.Table) -> Candidates:
    """The candidates in the order of the link table, each compared with the child's best link.

    Raises OurFault where a child of the link table has no candidate or its ranks are not 0, 1, 2, …
    """
    child = _places(candidate_posterior.column("child_id"), link.column("child_id"))
    linked = candidate_posterior.append_column("place", child).filter(child.is_valid())
    place = linked.column("place").to_numpy()
    order = np.lexsort((linked.column("rank").to_numpy(), place))
    linked, place = linked.take(pa.array(order)), place[order]
    counts = np.bincount(place, minlength=link.num_rows)
    first = np.cumsum(counts) - counts
    if (counts == 0).any() or (linked.column("rank").to_numpy() != np.arange(place.size) - first[place]).any():
        raise OurFault("Candidates of a child are missing, or their ranks are not 0, 1, 2, …")
    best = link.select(["household_id", "p_household", "p_person"]).take(pa.array(place))
    household = linked.column("household_id").is_valid().to_numpy()
    same = pc.call_function("equal", [linked.column("household_id"), best.column("household_id")])
    right = np.asarray(pc.fill_null(same, False).to_numpy(), dtype=bool)
    given = best.column("p_person").to_numpy() / np.maximum(best.column("p_household").to_numpy(), 1e-12)
    return Candidates(
        first=first.astype(np.int64),
        probability=linked.column("probability").to_numpy(),
        p_member=linked.column("p_member").to_numpy(),
        marks=(HOUSEHOLD * household + RIGHT * right).astype(np.uint8),
        person_parts=np.round(PARTS * np.minimum(given, 1.0) * right).astype(np.int64),
    )


def _places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where each value stands in another column; empty where it does not."""
    options = pc.SetLookupOptions(among.combine_chunks())
    return pc.call_function("index_in", [values], options)


def expected(found: Candidates, mark: int) -> float:
    """Expected number of children for whom the mark holds, over the posterior."""
    return fsum(found.probability[(found.marks & mark) > 0].tolist())


def expected_listed(found: Candidates) -> float:
    """Expected number of children who are the likeliest listed person of some household, over the posterior."""
    return fsum(found.p_member.tolist())


def drawn(found: Candidates, link: pa.Table, link_draw: pa.Table) -> Drawn:
    """The numbers of children in each draw. Raises OurFault where a linked child has no draws, or draws of another number."""
    place = _places(link.column("child_id"), link_draw.column("child_id"))
    if place.null_count:
        raise OurFault("A linked child has no draws.")
    ranks = link_draw.column("ranks").take(place).combine_chunks()
    flat = ranks.flatten().to_numpy(zero_copy_only=False)
    if len(flat) % len(ranks):
        raise OurFault("Children have different numbers of draws.")
    matrix = flat.reshape(len(ranks), -1)
    household, right, person = (np.zeros(matrix.shape[1], dtype=np.int64) for _ in range(3))
    spread = 0.0
    for start in range(0, len(ranks), CHUNK):
        stop = start + CHUNK
        at = found.first[start:stop, None] + matrix[start:stop]
        marks, parts = found.marks[at], found.person_parts[at]
        household += np.count_nonzero(marks & HOUSEHOLD, axis=0)
        right += np.count_nonzero(marks & RIGHT, axis=0)
        person += parts.sum(axis=0)
        spread += float((parts * (PARTS - parts)).sum()) / PARTS**2 / max(matrix.shape[1], 1)
    return Drawn(household.astype(float), right.astype(float), person / PARTS, spread)

"""Draws of the linkage: what each says of each child on the day of referral, and the doubt that no draw of links can carry."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import OurFault

RECORDS_IN_DOUBT = 0.002
"""Stated, for no file shows it: how often what the files say of a child's household and its claim on one day is not so, though the
link is right. A monthly file sees a claim once a month, a listing is ended late, and a child on no list may yet live there. The figure
was set so that the range covered as it should over 200 invented authorities, and judged on 200 others (`dev.py prove links`)."""

STREAM = 31_03_2020
"""Names the stream of random numbers for that doubt, so that figures come out the same again."""


def drawn_on_benefit(child_id: pa.ChunkedArray, candidates: pa.Table, link_draw: pa.Table) -> npt.NDArray[np.int32]:
    """1 or 0 for each child and draw, shape (children, draws). A child that was not linked, such as an unborn one, has 0 throughout."""
    draws = link_draw.column("ranks").combine_chunks()
    flat = draws.flatten().to_numpy(zero_copy_only=False)
    number = len(flat) // len(draws) if len(draws) else 0
    if number * len(draws) != len(flat):
        raise OurFault("Children have different numbers of draws.")
    place = places(candidates.column("child_id"), child_id)
    if (np.diff(place) < 0).any() or (place < 0).any():
        candidates, place = _in_order(candidates, place)
    counts = np.bincount(place, minlength=len(child_id))
    first = np.cumsum(counts) - counts
    if (candidates.column("rank").to_numpy() != np.arange(place.size) - first[place]).any():
        raise OurFault("The ranks of a child's candidates are not 0, 1, 2, …")
    on_day = candidates.column("on_day").to_numpy().astype(np.int32)
    row = places(child_id, link_draw.column("child_id"))
    result = np.zeros((len(child_id), number), dtype=np.int32)
    linked = np.flatnonzero((row >= 0) & (counts > 0))
    ranks = flat.reshape(-1, number)[row[linked]] if number else np.empty((linked.size, 0), np.int32)
    if ranks.size and (ranks.min() < 0 or (ranks.max(axis=1) >= counts[linked]).any()):
        raise OurFault("A draw points to a candidate that is not there.")
    result[linked] = on_day[first[linked, None] + ranks]
    return result


def with_records_in_doubt(on_draws: npt.NDArray[np.int32], counted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """The draws (children, draws), in each of which a stated few of the counted children are taken to be the other way.

    Rows come in the order of census ids and the stream is fixed, so the same records give the same draws.
    """
    random = np.random.Generator(np.random.PCG64(STREAM))
    turned = (random.random(on_draws.shape) < RECORDS_IN_DOUBT) & counted[:, None]
    return np.where(turned, 1 - on_draws, on_draws).astype(np.int32)


def places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Where each value stands in another column; -1 where it does not."""
    found = pc.call_function("index_in", [values], pc.SetLookupOptions(among.combine_chunks()))
    return pc.fill_null(found, -1).to_numpy().astype(np.int64)


def _in_order(candidates: pa.Table, place: npt.NDArray[np.int64]) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """The candidates of known children, by child and rank."""
    order = np.lexsort((candidates.column("rank").to_numpy(), place))
    order = order[place[order] >= 0]
    return candidates.take(pa.array(order)), place[order]

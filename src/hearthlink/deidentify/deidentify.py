"""Across the wall: one row for each child, under random names, with nothing in it that names a person or a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.deidentify import queries
from hearthlink.deidentify.codes import ETHNIC_GROUPS, FACTOR_GROUPS, STAGES, STATUSES, code_table
from hearthlink.engine import Engine, Query
from hearthlink.errors import OurFault
from hearthlink.tables.research import RESEARCH_CHILD

READS = (
    "child_identifier", "child_referral", "household_identifier", "person", "place", "link", "link_draw", "link_quality",
    "candidate_posterior", "child", "referral", "assessment", "section47", "protection_plan", "cin_plan", "looked_after",
    "award", "household_fact", "postcode_area",
)  # fmt: skip
"""The tables that are read, by name."""

RECORDS_IN_DOUBT = 0.002
"""Stated, for no file shows it: how often what the files say of a child's household and its claim on one day is not so, though the
link is right. A monthly file sees a claim once a month, a listing is ended late, and a child on no list may yet live there. The figure
was set so that the range covered as it should over 200 invented authorities, and judged on 200 others (`dev.py prove links`)."""

STREAM = 31_03_2020
"""Names the stream of random numbers for that doubt, so that figures come out the same again."""

NewPseudonyms = Callable[[str, Sequence[str]], list[str]]
"""Pseudonyms for ids of one kind: child, family or household. All of one kind differ."""


def deidentify(
    engine: Engine,
    tables: Mapping[str, pa.Table],
    *,
    year_start: date,
    year_end: date,
    new_pseudonyms: NewPseudonyms,
) -> pa.Table:
    """The research table: a row for each child referred in the year, in the order of its pseudonym.

    Pseudonyms are what `new_pseudonyms` gives, and are kept nowhere else. Raises OurFault where a table is missing,
    the draws do not fit the candidates, or pseudonyms are not distinct.
    """
    missing = [name for name in READS if name not in tables]
    if missing:
        raise OurFault(f"De-identification lacks tables: {', '.join(missing)}.")
    if year_end < year_start:
        raise OurFault("The census year ends before it starts.")
    put = {name: tables[name] for name in READS if name != "link_draw"}
    put |= {"ethnic_group": code_table(ETHNIC_GROUPS), "factor_group": code_table(FACTOR_GROUPS)}
    steps = (
        queries.first_referral(),
        queries.stage_reached(year_end),
        queries.assessed_factors(),
        queries.postcode_at_referral(),
        queries.second_home(),
        queries.household_on_day(),
        queries.in_care(),
        queries.candidate_on_day(),
        queries.best_on_day(),
    )
    try:
        for name, table in put.items():
            engine.put(name, table)
        for query in steps:
            engine.run(query)
        rows = engine.fetch(queries.research_rows())
        candidates = engine.fetch(
            Query("candidates", ("candidate_on_day",), 'SELECT child_id, "rank", on_day FROM candidate_on_day')
        )
    finally:
        engine.drop(*put, *(query.writes for query in steps))
    on_draws = drawn_on_benefit(rows.column("child_id"), candidates, tables["link_draw"])
    on_draws = with_records_in_doubt(on_draws, np.asarray(rows.column("counted")))
    return _under_pseudonyms(rows, on_draws, new_pseudonyms)


def drawn_on_benefit(child_id: pa.ChunkedArray, candidates: pa.Table, link_draw: pa.Table) -> npt.NDArray[np.int32]:
    """1 or 0 for each child and draw, shape (children, draws). A child that was not linked, such as an unborn one, has 0 throughout."""
    draws = link_draw.column("ranks").combine_chunks()
    flat = draws.flatten().to_numpy(zero_copy_only=False)
    number = len(flat) // len(draws) if len(draws) else 0
    if number * len(draws) != len(flat):
        raise OurFault("Children have different numbers of draws.")
    place = _places(candidates.column("child_id"), child_id)
    if (np.diff(place) < 0).any() or (place < 0).any():
        candidates, place = _in_order(candidates, place)
    counts = np.bincount(place, minlength=len(child_id))
    first = np.cumsum(counts) - counts
    if (candidates.column("rank").to_numpy() != np.arange(place.size) - first[place]).any():
        raise OurFault("The ranks of a child's candidates are not 0, 1, 2, …")
    on_day = candidates.column("on_day").to_numpy().astype(np.int32)
    row = _places(child_id, link_draw.column("child_id"))
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


def _places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Where each value stands in another column; -1 where it does not."""
    found = pc.call_function("index_in", [values], pc.SetLookupOptions(among.combine_chunks()))
    return pc.fill_null(found, -1).to_numpy().astype(np.int64)


def _in_order(candidates: pa.Table, place: npt.NDArray[np.int64]) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """The candidates of known children, by child and rank."""
    order = np.lexsort((candidates.column("rank").to_numpy(), place))
    order = order[place[order] >= 0]
    return candidates.take(pa.array(order)), place[order]


def _under_pseudonyms(rows: pa.Table, on_draws: npt.NDArray[np.int32], new_pseudonyms: NewPseudonyms) -> pa.Table:
    """The rows with ids replaced by pseudonyms, in the order of the child's: the order of the census ids is lost with them."""
    child = _fresh("child", rows.column("child_id"), new_pseudonyms)
    order = pc.call_function("sort_indices", [child])
    placed = on_draws[order.to_numpy()]
    offsets = np.arange(len(child) + 1, dtype=np.int32) * np.int32(placed.shape[1])
    kept = {name: rows.column(name) for name in RESEARCH_CHILD.names if name in rows.column_names}
    fixed = {
        "child_pseudonym": child,
        "family_pseudonym": _fresh("family", rows.column("family_id"), new_pseudonyms),
        "household_pseudonym": _fresh("household", rows.column("household_id"), new_pseudonyms),
        "stage": pa.array(STAGES).take(rows.column("stage_no").combine_chunks()),
        "household_status": pa.array(STATUSES).take(rows.column("status_no").combine_chunks()),
        "factors": pc.fill_null(rows.column("factors"), pa.scalar([], pa.list_(pa.string()))),
    }
    later = {
        one.name: pa.array(
            [{"index_month": 25, "cin_plan_proxy": False}.get(one.name)] * len(child),
            RESEARCH_CHILD.schema.field(one.name).type,
        )
        for one in RESEARCH_CHILD.columns
        if one.name not in {*kept, *fixed, "on_draws"}
    }
    table = pa.table({**kept, **fixed, **later}).take(order)
    drawn = pa.ListArray.from_arrays(pa.array(offsets), pa.array(placed.ravel()))
    return RESEARCH_CHILD.conform(table.append_column("on_draws", drawn).select(list(RESEARCH_CHILD.names)))


def _fresh(kind: str, ids: pa.ChunkedArray, new_pseudonyms: NewPseudonyms) -> pa.Array:
    """A new pseudonym for each distinct id; empty stays empty."""
    coded = ids.combine_chunks().dictionary_encode()
    names = new_pseudonyms(kind, coded.dictionary.to_pylist())
    if len(set(names)) != len(coded.dictionary):
        raise OurFault("Pseudonyms are not distinct.")
    return pa.array(names, pa.string()).take(coded.indices)

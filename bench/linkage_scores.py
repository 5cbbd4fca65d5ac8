"""How right a job's links are: persons and households, the best link of each child, at the cut that suits the job best."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def scored(links: Path, folder: Path) -> dict[str, Any]:
    """Person and household F1. Ours come as ids and stand as they are; a peer's as record numbers, judged at its best cut."""
    found, truth = pq.read_table(links), pq.read_table(folder / "tables" / "truth.parquet")
    if "child_id" not in found.column_names:
        found = _named(found, folder)
        cut = True
    else:
        cut = False
    lists = truth.filter(pc.not_equal(truth.column("household_id"), ""))
    row = pc.index_in(found.column("child_id"), value_set=lists.column("child_id").combine_chunks())
    figures: dict[str, Any] = {}
    for name, column in (("household", "household_id"), ("person", "member_id")):
        known = lists.filter(pc.not_equal(lists.column(column), ""))
        true = lists.column(column).take(row)
        right = pc.fill_null(pc.equal(found.column(column), true), False).to_numpy(zero_copy_only=False)
        named = pc.is_valid(found.column(column)).to_numpy(zero_copy_only=False)
        chance = found.column("p_household").to_numpy(zero_copy_only=False)
        figures[f"{name}_f1"] = round(_best(right, named, chance, known.num_rows, cut=cut), 4)
    return figures


def _best(right: np.ndarray, named: np.ndarray, chance: np.ndarray, true: int, *, cut: bool) -> float:
    """F1 of the links named, or the best over all cuts of their probability."""
    if not cut:
        return 2 * float(right[named].sum()) / max(float(named.sum()) + true, 1.0)
    order = np.argsort(-chance[named], kind="stable")
    kept = np.arange(1, len(order) + 1)
    return float((2 * np.cumsum(right[named][order]) / (kept + true)).max(initial=0.0))


def _named(found: pa.Table, folder: Path) -> pa.Table:
    """A peer's links by the records' own names."""
    child, member = (
        pq.read_table(folder / f"{side}.parquet", columns=["unique_id", "record", "household"])
        for side in ("child", "member")
    )

    def taken(table: pa.Table, column: str, numbers: pa.ChunkedArray) -> pa.ChunkedArray:
        return table.column(column).take(pc.index_in(numbers, value_set=table.column("unique_id").combine_chunks()))

    return pa.table(
        {
            "child_id": taken(child, "record", found.column("child")),
            "household_id": taken(member, "household", found.column("member")),
            "member_id": taken(member, "record", found.column("member")),
            "p_household": found.column("probability"),
        }
    )

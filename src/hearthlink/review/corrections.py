"""A link put right by hand: rows only added, each bound to the one before, as decisions are."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pyarrow as pa

from hearthlink.review.verdicts import START, chained, require_chain
from hearthlink.tables.identity import CORRECTION

Says = Literal["household", "none", "withdrawn"]


def corrected(
    correction: pa.Table, *, child_id: str, household_id: str | None, says: Says, reason: str, by: str, day: date
) -> pa.Table:
    """The corrections with one more row at the end. Raises DataProblem where an earlier row was changed, taken out or moved."""
    require_chain(correction, "corrections", CORRECTION.name)
    before = correction.column("chain")[-1].as_py() if correction.num_rows else START
    row: dict[str, Any] = {
        "entry": correction.num_rows + 1,
        "child_id": child_id,
        "household_id": household_id,
        "says": says,
        "reason": reason,
        "corrected_by": by,
        "day": day,
    }
    one = pa.Table.from_pylist([row | {"chain": chained(row, before)}], schema=CORRECTION.schema)
    return CORRECTION.conform(pa.concat_tables([correction, one]))

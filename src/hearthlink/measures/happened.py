"""Events as they are told before the calendar is laid over them: one row each, by household of the grid, day, basis and dose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from hearthlink.measures.months import Flags, Grid, Whole

Basis = Literal["decided", "effective", "seen"]
"""Which day it is: of the decision, the one on which it took effect, or the first on which a monthly file shows it."""

EVENTS_SCHEMA = pa.schema(
    [
        pa.field("household_key", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("basis", pa.string(), nullable=False),
        pa.field("dose", pa.int64()),
    ]
)


def happened(
    grid: Grid, row: Whole, kind: str, day: Whole, *, basis: Basis | Sequence[str], dose: Whole | None = None
) -> pa.Table:
    """Events of one kind. row: of the grid; day: days since 1970-01-01; dose: 1 to 3, None where the kind has none."""
    return events_of(grid.chains[row], kind, day, basis=basis, dose=dose)


def events_of(
    chain: Whole, kind: str, day: Whole, *, basis: Basis | Sequence[str], dose: Whole | None = None
) -> pa.Table:
    """The same, by the key of each household's chain."""
    count = len(chain)
    return pa.table(
        [
            pa.array(chain),
            pa.array([kind] * count, pa.string()),
            pa.array(day.astype(np.int32)).cast(pa.date32()),
            pa.array([basis] * count if isinstance(basis, str) else basis, pa.string()),
            pa.nulls(count, pa.int64()) if dose is None else pa.array(dose),
        ],
        schema=EVENTS_SCHEMA,
    )


def apart(row: Whole, day: Whole, days: int) -> Flags:
    """Which events stand alone: true where no other of the same household came in the `days` before it.

    What two sources tell of one event is one event, and so is what comes back before so many days are over.
    """
    order = np.lexsort((day, row))
    alone = np.ones(len(row), bool)
    here, before = order[1:], order[:-1]
    alone[here] = (row[here] != row[before]) | (day[here] - day[before] > days)
    return alone


def dosed(amount: Whole, steps: Sequence[int]) -> Whole:
    """The dose of an amount: 1, and one more for each step that it comes to."""
    return np.ones(len(amount), np.int64) + sum((amount >= step).astype(np.int64) for step in steps)


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Events of several kinds together."""
    return pa.concat_tables([EVENTS_SCHEMA.empty_table(), *tables])

"""What begins to be taken off a benefit: by the cap, by a sanction, or for an overpayment, an advance or a debt.

It begins on the first day of a row that holds an amount, where the row before it, of the same household and source and next to it, held none.
A claim that begins with it is not seen to begin it. Sanctions are told by Universal Credit alone: what was taken off a jobseeker's allowance is
in no file of the council's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthlink.measures.chains import dated
from hearthlink.measures.happened import apart, dosed, happened, joined
from hearthlink.measures.income import summed
from hearthlink.measures.months import Grid, Whole, equals, whole_numbers
from hearthlink.measures.payments import by_week

NEXT = 45
"""Days within which the next row of a household begins; beyond it the two are not beside one another."""
APART = 92
"""Days within which a second beginning of the same is the same one, told by another source or come back."""


@dataclass(frozen=True, slots=True)
class Taking:
    """A kind of event: the column of `household_period` and those of `universal_credit` that hold what is taken, and the steps of its dose in pence a week."""

    kind: str
    of_claim: str
    of_credit: tuple[str, ...]
    steps: tuple[int, int]


TAKINGS = (
    Taking("cap", "benefit_cap", ("benefit_cap",), (2500, 5000)),
    Taking("sanction", "", ("sanction",), (2500, 5000)),
    Taking("recovery", "overpayment_recovery", ("deductions", "advance_recovery"), (1000, 2000)),
)


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `cap`, `sanction` and `recovery`."""
    return joined([_taken(grid, tables, one) for one in TAKINGS])


def _taken(grid: Grid, tables: Mapping[str, pa.Table], taking: Taking) -> pa.Table:
    credit = tables["universal_credit"]
    monthly = by_week(summed(*(whole_numbers(credit.column(name)) for name in taking.of_credit)))
    found = [_begun(grid, credit, monthly)]
    if taking.of_claim:
        period = tables["household_period"].select(
            ["household_key", "start_date", "end_date", "source", taking.of_claim]
        )
        for source in ("shbe", "cts", "academy", "mapped"):
            rows = period.filter(pa.array(equals(period.column("source"), source)))
            found.append(_begun(grid, rows, whole_numbers(rows.column(taking.of_claim))))
    row, day, amount = (np.concatenate([part[place] for part in found]) for place in range(3))
    order = np.lexsort((-amount, day, row))
    row, day, amount = row[order], day[order], amount[order]
    alone = apart(row, day, APART)
    return happened(
        grid, row[alone], taking.kind, day[alone], basis="effective", dose=dosed(amount, taking.steps)[alone]
    )


def _begun(grid: Grid, rows: pa.Table, amount: Whole) -> tuple[Whole, Whole, Whole]:
    """Row of the grid, day and amount of each row in which something is taken and in the one before it nothing was."""
    row, start, end = dated(grid, rows)
    order = np.lexsort((amount, end, start, row))
    row, start, end, amount = row[order], start[order], end[order], amount[order]
    begun = np.zeros(len(row), bool)
    beside = (row[1:] == row[:-1]) & (start[1:] - end[:-1] <= NEXT) & (row[1:] >= 0)
    begun[1:] = beside & (amount[1:] > 0) & (amount[:-1] == 0)
    return row[begun], start[begun], amount[begun]

"""What each benefit pays on the last day of each month: Housing Benefit, council tax support and Universal Credit, by the week.

Universal Credit is told by assessment periods of about a month, and times 12 / 52 it is for a week. A period with two paydays, or with none,
moves an award and changes nothing: it is read as the period before it (domain.md 2.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.circumstances import Circumstances
from hearthlink.measures.months import (
    LIVE,
    OPEN,
    UNKNOWN,
    Flags,
    Grid,
    Whole,
    equals,
    flags,
    governing,
    taken,
    whole_numbers,
)

NONE, IN_PAYMENT, SUSPENDED, NIL = 0, 1, 2, 3
STATUS_WORDS = ("in_payment", "suspended", "nil", "credit_only")
CREDIT_ONLY = 4
PERIODS_APART = 45
"""Days within which the next assessment period of an award begins."""
CREDIT_AMOUNTS = (
    "award", "earnings", "other_income", "deductions", "advance_recovery", "sanction", "benefit_cap", "standard_allowance", "housing_element",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paid:
    """One benefit on the last day of each month, every array [H, 48].

    status: NONE, IN_PAYMENT, SUSPENDED or NIL; -1 where no file speaks of the month and no claim runs through it. weekly: pence a week it
    is worth, 0 where there is none, `UNKNOWN` where it is not stated. since: the day from which it stood so, `UNKNOWN` where none.
    """

    status: npt.NDArray[np.int8]
    weekly: Whole
    since: Whole


@dataclass(frozen=True, slots=True)
class Credit:
    """Universal Credit on the last day of each month, every array [H, 48].

    on: 1 in payment, 0 not, -1 not known. amounts: for a week, by column, `UNKNOWN` where no period tells. since: the day on which the
    period began. uprated: it is the first at a new year's rates. children: whom it is paid for, `UNKNOWN` where no period tells.
    """

    on: npt.NDArray[np.int8]
    amounts: Mapping[str, Whole]
    since: Whole
    uprated: Flags
    children: Whole

    @property
    def weekly(self) -> Whole:
        """What is paid a week: 0 where it is known that none is, `UNKNOWN` where the amount is not told."""
        return np.where(self.on == 0, 0, self.amounts["award"])

    @property
    def before_debts(self) -> Whole:
        """What is paid a week and what is taken off for debts and advances, which is income though it is not seen."""
        debts = sum((np.maximum(self.amounts[name], 0) for name in ("deductions", "advance_recovery")), start=0)
        return np.where(self.weekly == UNKNOWN, UNKNOWN, self.weekly + np.where(self.on == 0, 0, debts))


def paid(grid: Grid, tables: Mapping[str, pa.Table], benefit: str) -> Paid:
    """How a benefit of the council, `hb` or `cts`, stood in every month."""
    award = tables["award"]
    wanted = equals(award.column("benefit"), benefit) & equals(award.column("status"), *LIVE)
    rows = award.filter(pa.array(wanted)).combine_chunks()
    state = whole_numbers(pc.index_in(rows.column("status"), value_set=pa.array(LIVE))) + 1
    pence = np.where(state == NIL, 0, whole_numbers(rows.column("weekly_pence")))
    start = whole_numbers(rows.column("start_date"), -OPEN)
    # Two claims of a chain may overlap by days: what is in payment is told before what is suspended or nil.
    held = governing(grid, rows.column("household_key"), start, rows.column("end_date"), (-state, pence))
    status = taken(state, held, NONE)
    unseen = (held < 0) & ~grid.speaks(benefit)
    return Paid(
        np.where(unseen, -1, status).astype(np.int8),
        np.where(unseen, UNKNOWN, taken(pence, held, 0)),
        taken(start, held),
    )


def credit(grid: Grid, tables: Mapping[str, pa.Table], claims: Circumstances) -> Credit:
    """Universal Credit in every month: by its own awards, and where there are none by what claims say of it."""
    rows = tables["universal_credit"].sort_by(
        [("household_key", "ascending"), ("award_no", "ascending"), ("start_date", "ascending")]
    )
    monthly = smoothed(rows)
    start = whole_numbers(rows.column("start_date"), -OPEN)
    held = governing(grid, rows.column("household_key"), start, rows.column("end_date"), (monthly["award"],))
    amounts = {name: by_week(taken(column, held)) for name, column in monthly.items()}
    said, stated = claims.flag("uc_in_payment"), claims.whole("uc_award")
    row = held >= 0
    absent = grid.speaks("universal_credit") & (said != 1)
    on = np.where(row, np.where(amounts["award"] > 0, 1, 0), np.where(said >= 0, said, np.where(absent, 0, -1)))
    amounts["award"] = np.where(row, amounts["award"], np.where(said == 1, by_week(stated), UNKNOWN))
    uprated = taken(flags(rows.column("uprated")).astype(np.int64), held, 0) == 1
    return Credit(
        on.astype(np.int8), amounts, taken(start, held), uprated, taken(whole_numbers(rows.column("children")), held)
    )


def by_week(monthly: Whole) -> Whole:
    """Amounts of a month as amounts of a week, half a penny rounded up."""
    return np.where(monthly == UNKNOWN, UNKNOWN, (monthly * 24 + 52) // 104)


def smoothed(rows: pa.Table) -> dict[str, Whole]:
    """The amounts of assessment periods in order of award and day, those that a pay shift moved put back to the period before.

    Where no period of the award comes before, the shifted one is left as it stands.
    """
    shifted = pc.is_valid(rows.column("pay_shift")).to_numpy(zero_copy_only=False)
    count = rows.num_rows
    household, number = (whole_numbers(rows.column(name), -1) for name in ("household_key", "award_no"))
    start = whole_numbers(rows.column("start_date"), -OPEN)
    fresh = np.ones(count, bool)
    fresh[1:] = (household[1:] != household[:-1]) | (number[1:] != number[:-1]) | (np.diff(start) > PERIODS_APART)
    first = np.maximum.accumulate(np.where(fresh, np.arange(count), 0)) if count else np.zeros(0, np.int64)
    plain = np.where(shifted, -1, np.arange(count))
    before = np.maximum.accumulate(plain) if count else plain
    source = np.where(shifted & (before >= first), before, np.arange(count))
    return {name: whole_numbers(rows.column(name))[source] for name in CREDIT_AMOUNTS}


def statuses(grid: Grid, housing: Paid, support: Paid) -> npt.NDArray[np.int8]:
    """The status of the claim in every month observed, by its place in `STATUS_WORDS` from 1; 0 where it is not observed."""
    made = np.where(grid.observed, CREDIT_ONLY, 0).astype(np.int8)
    for state in (NIL, SUSPENDED, IN_PAYMENT):
        made[grid.observed & ((housing.status == state) | (support.status == state))] = state
    return made

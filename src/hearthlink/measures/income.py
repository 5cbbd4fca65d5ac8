"""Income of a household by the week, before and after housing costs, as far as it is known. What is not known is never nought.

Before housing costs: net earnings, other income as the claim lists it, Housing Benefit and Universal Credit as they are due, a suspension
left aside and debts not taken off. Council tax and its support are left out on both sides, for the charge is not held; so is what others
who live with the household earn. After housing costs: the same less the contractual rent. Of an owner the costs are not held.

Not known: a passported claim holds no line of income. A figure of earnings stands in a claim until it is assessed anew, and a scheme with
fixed periods may not ask for a year; it is trusted for `TRUSTED_DAYS` from the day the claim last changed, and not beyond. A household known
from Universal Credit alone shows neither child benefit nor what else comes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from hearthlink.measures.circumstances import SOURCES, Circumstances
from hearthlink.measures.months import OPEN, UNKNOWN, Grid, Whole, at_month_ends, whole_numbers
from hearthlink.measures.payments import NONE, Credit, Paid

TRUSTED_DAYS = 396
"""Thirteen months: every claim is looked at with the uprating of each April."""
TENURES = ("council", "council_temporary", "private", "housing_association", "owner", "other")
OWNER = TENURES.index("owner")


@dataclass(frozen=True, slots=True)
class Income:
    """Weekly pence on the last day of each month, [H, 48], `UNKNOWN` where not known: income before and after housing costs, net earnings, rent."""

    before: Whole
    after: Whole
    earnings: Whole
    rent: Whole


def income(grid: Grid, tables: Mapping[str, pa.Table], claims: Circumstances, housing: Paid, awards: Credit) -> Income:
    """The income of every household in every month."""
    on_claim = housing.status > NONE
    fresh = _fresh(grid, claims)
    told = awards.amounts["earnings"]
    earnings = np.where(told != UNKNOWN, told, np.where(fresh, claims.whole("earnings"), UNKNOWN))
    other = np.where(fresh, other_lines(claims), UNKNOWN)
    passported = claims.flag("passported") == 1
    # An extract of Housing Benefit has no field of Universal Credit, and a claim in it has none beside it unless an award says so.
    on_credit = np.where((awards.on < 0) & on_claim, 0, awards.before_debts)
    before = summed(earnings, other, housing.weekly, on_credit)
    before[passported | ~grid.observed] = UNKNOWN
    rent = rents(grid, tables, claims)
    return Income(before, np.where((before == UNKNOWN) | (rent == UNKNOWN), UNKNOWN, before - rent), earnings, rent)


def other_lines(claims: Circumstances) -> Whole:
    """Other income as the source that lists more of it has it: the Housing Benefit extract leaves out what is disregarded, as disability living allowance."""
    parts = [claims.whole("other_income", (source,)) for source in SOURCES]
    return np.maximum.reduce(parts)


def summed(*parts: Whole) -> Whole:
    """The sum of parts, `UNKNOWN` where any of them is."""
    known = np.logical_and.reduce([part != UNKNOWN for part in parts])
    total = np.sum([np.where(part == UNKNOWN, 0, part) for part in parts], axis=0)
    return np.where(known, total, UNKNOWN)


def rents(grid: Grid, tables: Mapping[str, pa.Table], claims: Circumstances) -> Whole:
    """The contractual rent of a week: as the claim states it, else as the council's own rent account does; not known of an owner."""
    account = tables["rent_account"]
    own = at_month_ends(
        grid,
        account.column("household_key"),
        account.column("start_date"),
        account.column("end_date"),
        whole_numbers(account.column("rent")),
    )
    stated = claims.whole("rent")
    rent = np.where(stated != UNKNOWN, stated, own)
    return np.where(claims.code("tenure", TENURES) == OWNER, UNKNOWN, rent)


def _fresh(grid: Grid, claims: Circumstances) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Where the figure of earnings that holds is not older than it may be trusted."""
    start = whole_numbers(claims.period.column("start_date"), -OPEN)
    lines = whole_numbers(claims.period.column("earnings"))
    since = pa.array(np.where(lines == UNKNOWN, 0, start), mask=lines == UNKNOWN)
    told = replace(claims, period=claims.period.append_column("earnings_since", since)).whole("earnings_since")
    return (told != UNKNOWN) & (grid.ends - told <= TRUSTED_DAYS)

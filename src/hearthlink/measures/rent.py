"""Rent: how much of it no benefit covers, whether much of it is owed, when that began, and when it rose in the same home.

*Shortfall*: the contractual rent of a week, less Housing Benefit, the housing element of Universal Credit (never more than is paid of the award)
and discretionary housing payments. What of a rent is for water or heating counts as rent, for the household owes it. Owners pay none and
are not seen; nor is a household whose rent or whose Universal Credit no file tells.

*Arrears*: more than four weeks' rent is owed on the landlord's own account, by the last balance of the past `SPEAKS_FOR` days. A payment of
benefit to the landlord because of arrears (eight weeks of them) says so too; but a flag that is only ever raised says nothing of those for whom
it is not, and to take them for seen, or to take the others alone, would both be wrong. So it makes a state only where a source also says no.

*Rise*: see `rises`.

Traps, each with a test by its name: the yearly uprating of social rents; a year of 53 weeks; a rent told for another period, or charged in other
weeks; a service charge; a move to a dearer home; a rent that is put back where it was; a balance that swings about four weeks.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.chains import dated
from hearthlink.measures.happened import apart, dosed, happened
from hearthlink.measures.known import Known
from hearthlink.measures.months import (
    OPEN,
    UNKNOWN,
    Flags,
    Grid,
    Whole,
    at_month_ends,
    equals,
    flags,
    summed_at_month_ends,
    whole_numbers,
)
from hearthlink.measures.payments import IN_PAYMENT, NONE, by_week

Seen = npt.NDArray[np.int8]
SHORTFALL_STEPS = (50, 2_500, 5_000)
"""Pence a week from which the band of the shortfall is 1, 2 and 3; less than fifty is rounding."""
WEEKS_OWED = 4.0
WEEKS_STEPS = (8, 12)
"""Weeks of rent owed from which the dose of an arrears event is 2 and 3."""
SPEAKS_FOR = 62
"""Days for which a balance holds."""
SWING = 92
"""Days within which arrears that pass four weeks again are the same."""


def says_no(period: pa.Table) -> frozenset[str]:
    """The sources of `household_period`, of all households together, that say of anybody that no arrears are paid to the landlord."""
    no = period.filter(pc.equal(period.column("arrears_payment"), False))
    return frozenset(no.column("source").unique().to_pylist())


def states(known: Known, sources: frozenset[str] = frozenset()) -> dict[str, Seen]:
    """shortfall (0 to 3) and rent_arrears (1, 0); -1 where not seen. `sources` are those that `says_no` tells."""
    return {"shortfall": shortfall(known), "rent_arrears": arrears(known, sources)}


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `rent_arrears`. Those of rents that rose are told by `rises`, of all households together."""
    return _passed(grid, tables)


# --- shortfall -----------------------------------------------------------------------------------------------


def shortfall(known: Known) -> Seen:
    """The band of the rent that no benefit covers, int8[H, 48]."""
    rent, housing, element = known.income.rent, _housing_benefit(known), _housing_element(known)
    seen = (rent != UNKNOWN) & (rent > 0) & (housing != UNKNOWN) & (element != UNKNOWN)
    left = rent - housing - element - _discretionary(known)
    band = sum(((left >= step).astype(np.int8) for step in SHORTFALL_STEPS), np.zeros(rent.shape, np.int8))
    return np.where(seen, band, -1).astype(np.int8)


def _housing_benefit(known: Known) -> Whole:
    paid = known.housing
    return np.where(paid.status == NONE, 0, np.where(paid.status < 0, UNKNOWN, paid.weekly))


def _housing_element(known: Known) -> Whole:
    """What Universal Credit pays of the rent, a week: 0 where there is none, `UNKNOWN` where there is some and no period tells of it."""
    rows = known.tables["universal_credit"]
    element = by_week(_at_ends(known.grid, rows, "housing_element"))
    award = known.credit.amounts["award"]
    told = np.where((element != UNKNOWN) & (award != UNKNOWN), np.minimum(element, np.maximum(award, 0)), UNKNOWN)
    on_claim = known.housing.status >= IN_PAYMENT
    without = (known.credit.on == 0) | ((known.credit.on < 0) & on_claim)
    return np.where(told != UNKNOWN, told, np.where(without, 0, UNKNOWN))


def _discretionary(known: Known) -> Whole:
    """Discretionary housing payments a week, as claims or the office's own list have them; what neither tells is none."""
    rows = known.tables["housing_payment"]
    listed = summed_at_month_ends(
        known.grid,
        rows.column("household_key"),
        rows.column("start_date"),
        rows.column("end_date"),
        whole_numbers(rows.column("weekly"), 0),
    )
    return np.maximum(np.maximum(known.claims.whole("dhp"), 0), listed)


def _at_ends(grid: Grid, rows: pa.Table, name: str) -> Whole:
    key, start, end = (rows.column(column) for column in ("household_key", "start_date", "end_date"))
    return at_month_ends(grid, key, start, end, whole_numbers(rows.column(name)))


# --- arrears -------------------------------------------------------------------------------------------------


def arrears(known: Known, sources: frozenset[str]) -> Seen:
    """Whether more than four weeks' rent is owed, int8[H, 48]."""
    rows, owes = _balances(known.tables)
    day = whole_numbers(rows.column("day"), -OPEN)
    told = at_month_ends(
        known.grid, rows.column("household_key"), day, day + SPEAKS_FOR - 1, owes.astype(np.int64), empty=-1
    )
    paid = np.full(told.shape, -1, np.int64)
    for source in known.claims.governed:
        if source in sources:
            paid = np.where(paid < 0, known.claims.flag("arrears_payment", (source,)), paid)
    return np.where(told >= 0, told, paid).astype(np.int8)


def _balances(tables: Mapping[str, pa.Table]) -> tuple[pa.Table, Flags]:
    """The balances whose weeks are known, in order of household, tenancy and day, and whether each is more than four weeks."""
    rows = tables["rent_balance"]
    rows = rows.filter(rows.column("weeks_owed").is_valid())
    rows = rows.sort_by([(name, "ascending") for name in ("household_key", "tenancy_no", "day", "weeks_owed")])
    return rows, rows.column("weeks_owed").to_numpy() > WEEKS_OWED


def _passed(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `rent_arrears`: a balance over four weeks, the one before it not; or a payment to the landlord that began because of arrears.

    A balance or a claim that begins with arrears is not seen to come to them. The dose is by the weeks owed; a payment is for eight.
    """
    rows, owes = _balances(tables)
    key, tenancy = (whole_numbers(rows.column(name), -1) for name in ("household_key", "tenancy_no"))
    row, day = grid.row_of(key), whole_numbers(rows.column("day"), -OPEN)
    weeks = np.floor(rows.column("weeks_owed").to_numpy()).astype(np.int64)
    passes = np.zeros(len(row), bool)
    beside = (key[1:] == key[:-1]) & (tenancy[1:] == tenancy[:-1]) & (day[1:] - day[:-1] <= SPEAKS_FOR)
    passes[1:] = beside & owes[1:] & ~owes[:-1]
    payment = _payments_begun(grid, tables)
    kept = passes & (row >= 0)
    row, day = np.r_[row[kept], payment[0]], np.r_[day[kept], payment[1]]
    dose = np.r_[dosed(weeks[kept], WEEKS_STEPS), np.full(len(payment[0]), 2)]
    seen = np.r_[np.ones(int(kept.sum()), bool), np.zeros(len(payment[0]), bool)]
    order = np.lexsort((~seen, -dose, day, row))
    row, day, dose, seen = row[order], day[order], dose[order], seen[order]
    alone = apart(row, day, SWING)
    basis = np.where(seen, "seen", "effective")[alone].tolist()
    return happened(grid, row[alone], "rent_arrears", day[alone], basis=basis, dose=dose[alone])


def _payments_begun(grid: Grid, tables: Mapping[str, pa.Table]) -> tuple[Whole, Whole]:
    """Row of the grid and day on which a claim began to be paid to the landlord because of arrears."""
    held = ["household_key", "start_date", "end_date", "source", "status", "arrears_payment"]
    period = tables["household_period"].select(held)
    row, day = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for source in sorted(set(period.column("source").unique().to_pylist())):
        rows = period.filter(
            pa.array(equals(period.column("source"), source) & ~equals(period.column("status"), "ended"))
        )
        place, start, end = dated(grid, rows)
        pays = flags(rows.column("arrears_payment")) == 1
        order = np.lexsort((pays, end, start, place))
        place, start, end, pays = place[order], start[order], end[order], pays[order]
        begun = np.zeros(len(place), bool)
        beside = (place[1:] == place[:-1]) & (place[1:] >= 0) & (start[1:] - end[:-1] <= SPEAKS_FOR)
        begun[1:] = beside & pays[1:] & ~pays[:-1]
        row.append(place[begun])
        day.append(start[begun])
    return np.concatenate(row), np.concatenate(day)

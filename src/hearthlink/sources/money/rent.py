"""Rent accounts of the council: each tenancy as stretches at one weekly rent, and what was owed on each day (domain.md 2.8).

A rent told by the month, or charged in 48 weeks of the year, is made one a week on average over the year, so that a change of the way it is
charged is no rise. The period it was told for stays beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.money import join_queries as q
from hearthlink.sources.money import tidy
from hearthlink.sources.money.files import Heap, latest_of, ordinal
from hearthlink.sources.money.join import IN_DOUBT, NOBODY, join, named_in
from hearthlink.sources.reading.columns import Values, found_at, only, whole
from hearthlink.sources.reading.receipts import Tally

NO_TENANCY = "no such tenancy among those that were joined"
BACKWARDS = "an end before its start"
RUNGS = (q.CLAIM, q.ADDRESS, q.PERSON, q.PROPERTY)
YEAR = 52
WEEKLY = {
    "week": 1.0,
    "fortnight": 1 / 2,
    "four_weeks": 1 / 4,
    "month": 12 / YEAR,
    "quarter": 4 / YEAR,
    "year": 1 / YEAR,
}
TERMS = ("tenure", "rent", "service_charge", "rent_period", "charged_weeks", "bedrooms")
"""What a stretch is told apart by: where none of them changes it goes on."""

ONCE = ("end_reason", "notice_date", "possession_date", "eviction_date")
FAR = 1 << 32


@dataclass(frozen=True, slots=True)
class Rent:
    """The content tables of tenancies and of balances, with `place`, the household's, in place of its key."""

    tables: Mapping[str, pa.Table]
    tallies: tuple[Tally, ...]


def read_rent(engine: Engine, account: Heap, person: Heap, balance: Heap) -> Rent:
    """Tenancies whose tenant is a household on file. Works inside `households_at_hand`."""
    account, person, balance = (
        heap.told_by("tenancy", tidy.references(heap.rows.column("tenancy_ref"))) for heap in (account, person, balance)
    )
    account = account.keeping(_forwards(account.rows, "start_date", "end_date"), BACKWARDS)
    account = account.having("from_date", _since(account.rows))
    account = latest_of(account, ("tenancy", "from_date"))
    tenancy = _tenancies(account.rows)
    row_no = found_at(person.rows.column("tenancy"), tenancy.column("tenancy")).cast(pa.int64())
    others = person.rows.append_column("row_no", row_no).filter(pc.is_valid(row_no))
    of_row = found_at(account.rows.column("tenancy"), tenancy.column("tenancy"))
    tenants = named_in(account.rows, row_no=of_row.cast(pa.int64()))
    found = join(engine, tenancy, people=[tenants, others], start="start_date", end="end_date", rungs=RUNGS)
    account = account.having("place", found.place.take(of_row)).by(found.key.take(of_row))
    in_doubt = found.in_doubt.take(of_row)
    account = account.keeping(pc.invert(in_doubt), IN_DOUBT)
    account = account.keeping(pc.is_valid(account.rows.column("place")), NOBODY)
    tenancy = tenancy.append_column("place", found.place).filter(pc.is_valid(found.place))
    tenancy = tenancy.append_column("tenancy_no", ordinal(tenancy, "place", "tenancy", "start_date"))
    stretches = _stretches(account.rows, tenancy)
    person = person.keeping(pc.is_in(person.rows.column("tenancy"), whole(tenancy.column("tenancy"))), NO_TENANCY)
    balance = latest_of(balance, ("tenancy", "day"))
    balance = balance.keeping(pc.is_in(balance.rows.column("tenancy"), whole(tenancy.column("tenancy"))), NO_TENANCY)
    tables = {
        "rent_account": stretches.drop_columns(["tenancy"]),
        "rent_balance": _balances(balance.rows, tenancy, stretches),
    }
    return Rent(tables, (*account.tallies, *person.tallies, *balance.tallies))


def weekly(amount: Values, period: Values, charged_weeks: Values) -> pa.Array:
    """Pence by some period as whole pence a week, on average over a year of 52 weeks; a week is meant where no period is told."""
    factors = pa.array([WEEKLY[word] for word in WEEKLY], pa.float64())
    factor = factors.take(pc.index_in(whole(pc.fill_null(period, "week")), value_set=pa.array(list(WEEKLY))))
    charged = only(charged_weeks, pc.and_(pc.greater(charged_weeks, 0), pc.less(charged_weeks, YEAR)))
    share = pc.divide(pc.fill_null(charged, YEAR).cast(pa.float64()), float(YEAR))
    return whole(pc.round(pc.multiply(pc.multiply(amount.cast(pa.float64()), factor), share)).cast(pa.int64()))


def _since(rows: pa.Table) -> Values:
    """The day from which a row's rent holds, never before the tenancy."""
    return pc.max_element_wise(
        pc.coalesce(rows.column("rent_from"), rows.column("start_date")), rows.column("start_date")
    )


def _tenancies(rows: pa.Table) -> pa.Table:
    """One row for each tenancy: its dates, how it ended, and the references and home that its rows give it."""
    once = ["end_date", "notice_date", "possession_date", "eviction_date"]
    last = [*("claim_ref", "uprn", "postcode", "end_reason")]
    wanted = [("start_date", "min"), *((name, "max") for name in once)]
    made = rows.group_by("tenancy", use_threads=False).aggregate(wanted).sort_by("tenancy")
    made = made.rename_columns([name.removesuffix("_min").removesuffix("_max") for name in made.column_names])
    for name in last:
        told = rows.filter(pc.is_valid(rows.column(name)))
        told = told.sort_by([("tenancy", "ascending"), ("from_date", "descending")])
        made = made.append_column(
            name, whole(told.column(name)).take(found_at(made.column("tenancy"), told.column("tenancy")))
        )
    return made.combine_chunks()


def _stretches(rows: pa.Table, tenancy: pa.Table) -> pa.Table:
    """Each tenancy as stretches in which none of its terms changed, in order of household, tenancy and date."""
    at = found_at(rows.column("tenancy"), tenancy.column("tenancy"))
    own = ("place", "tenancy_no", "start_date", "end_date", *ONCE)
    held = {name: whole(tenancy.column(name)).take(at) for name in own}
    terms = {name: whole(rows.column(name)) for name in TERMS}
    for name in ("rent", "service_charge"):
        terms[name] = weekly(rows.column(name), rows.column("rent_period"), rows.column("charged_weeks"))
    made = pa.table(
        held
        | terms
        | {
            "tenancy": rows.column("tenancy"),
            "from_date": pc.max_element_wise(rows.column("from_date"), held["start_date"]),
        }
    )
    made = made.sort_by([("place", "ascending"), ("tenancy_no", "ascending"), ("from_date", "ascending")])
    made = made.filter(_fresh(made))
    begins = made.column("from_date").cast(pa.int32()).to_numpy()
    follows = np.asarray(_same(made, ["place", "tenancy_no"]))
    next_day = np.r_[begins[1:] - 1, 0].astype(np.int32) if len(begins) else begins
    ends = pa.array(next_day, mask=~np.r_[follows, False] if len(begins) else None).cast(pa.date32())
    ends = pc.min_element_wise(ends, whole(made.column("end_date")))
    made = made.rename_columns(
        [{"start_date": "tenancy_start", "end_date": "tenancy_end"}.get(n, n) for n in made.column_names]
    )
    made = made.append_column("start_date", made.column("from_date")).append_column("end_date", ends)
    forwards = _forwards(made, "start_date", "end_date")
    return made.drop_columns(["from_date"]).filter(forwards)


def _same(rows: pa.Table, names: list[str]) -> npt.NDArray[np.bool_]:
    """Whether each row but the first is like the one before it in these columns."""
    alike = np.ones(max(rows.num_rows - 1, 0), bool)
    for name in names:
        column = whole(rows.column(name))
        both_missing = pc.and_(pc.is_null(column[1:]), pc.is_null(column[:-1]))
        alike &= np.asarray(pc.or_(pc.fill_null(pc.equal(column[1:], column[:-1]), False), both_missing))
    return alike


def _fresh(rows: pa.Table) -> pa.Array:
    """Whether a row begins a stretch: another tenancy, or other terms."""
    return pa.array(np.r_[True, ~_same(rows, ["place", "tenancy_no", *TERMS])] if rows.num_rows else np.array([], bool))


def _balances(rows: pa.Table, tenancy: pa.Table, stretches: pa.Table) -> pa.Table:
    """Each balance with the weeks of rent that it is, by the rent that held on its day, or the first where it is earlier."""
    at = found_at(rows.column("tenancy"), tenancy.column("tenancy"))
    code = at.cast(pa.int64()).to_numpy(zero_copy_only=False)
    day = rows.column("day").cast(pa.int32()).to_numpy().astype(np.int64)
    of_stretch = found_at(stretches.column("tenancy"), tenancy.column("tenancy")).to_numpy(zero_copy_only=False)
    begins = stretches.column("start_date").cast(pa.int32()).to_numpy().astype(np.int64)
    order = np.lexsort((begins, of_stretch))
    keys = of_stretch[order].astype(np.int64) * FAR + begins[order] + FAR // 2
    found = np.searchsorted(keys, code * FAR + day + FAR // 2, side="right") - 1
    first = np.searchsorted(of_stretch[order], code, side="left")
    place = np.maximum(found, first)
    known = (
        (place < len(order)) & (of_stretch[order][np.minimum(place, len(order) - 1)] == code)
        if len(order)
        else place < 0
    )
    rent = whole(stretches.column("rent")).take(
        pa.array(order[np.where(known, place, 0)] if len(order) else place, mask=~known)
    )
    paid = only(rent, pc.fill_null(pc.greater(rent, 0), False))
    weeks = pc.divide(rows.column("balance").cast(pa.float64()), paid.cast(pa.float64()))
    return pa.table(
        {
            "place": whole(tenancy.column("place")).take(at),
            "tenancy_no": whole(tenancy.column("tenancy_no")).take(at),
            "day": rows.column("day"),
            "balance": rows.column("balance"),
            "weeks_owed": weeks,
        }
    )


def _forwards(rows: pa.Table, start: str, end: str) -> Values:
    return pc.fill_null(pc.greater_equal(rows.column(end), rows.column(start)), True)

"""Universal Credit awards by assessment period: the last word on each, and what in them only looks like a change (domain.md 2.5).

An assessment period is a month. Somebody paid every four weeks has two paydays in one period of the year, and somebody paid early before a
holiday has two in one and none in the next: the award falls and comes back, and nothing has happened. New rates hold from the first period
that begins on or after the first Monday from 6 April.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.money import tidy
from hearthlink.sources.money.files import Heap, latest_of
from hearthlink.sources.money.join import IN_DOUBT, NUMBERS, join, named_in
from hearthlink.sources.reading.columns import each, joined, only, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.nino import keyed

REPLACED = "said again or corrected by a later row for the same assessment period"
UNDATED = "rows for one assessment period differ, and none says when it was sent"
BACKWARDS = "an end before its start"
OTHERS_FIT = "no household on file fits, though other periods of the award fit several"
NO_AWARD = "neither a reference, a National Insurance number nor a whole name, so no award to count it to"
BY_REFERENCE, BY_NUMBER = "r", "n"
"""How the text begins that tells one award from another."""

TWO_PAYDAYS, NO_PAYDAY = "two_paydays", "no_payday"
ALIKE = 0.25
"""Earnings of two periods are alike where they differ by no more than this share of the larger."""

DOUBLE = 1.6
"""Two paydays in a period: earnings at least so many times those of the periods beside it. A fifth weekly payday is 1.25 times."""

NEXT = 45
"""Days within which the next period of an award begins; beyond it there is a gap and the two are not beside one another."""

AMOUNTS = (
    "award", "standard_allowance", "child_element", "disabled_child_element", "lcwra_element", "carer_element",
    "childcare_element", "housing_element", "earnings", "other_income", "capital", "deductions", "sanction",
    "advance_recovery", "benefit_cap", "children", "notice",
)  # fmt: skip


def read_awards(engine: Engine, heap: Heap, nino_key: Sequence[int]) -> Heap:
    """The awards of every file, each period once, put to households. Works inside `households_at_hand`.

    Further columns: `unit` tells one award from another, and `place` is that of the household, empty where none on file fits.
    """
    heap = Heap(_keyed(heap.rows, nino_key), heap.tallies)
    heap = heap.keeping(pc.greater_equal(heap.rows.column("end_date"), heap.rows.column("start_date")), BACKWARDS)
    heap = heap.having("unit", _unit(heap.rows))
    heap = heap.keeping(pc.is_valid(heap.rows.column("unit")), NO_AWARD)
    heap = latest_of(heap, ("unit", "start_date"), replaced=REPLACED, undated=UNDATED)
    units = whole(heap.rows.column("unit"))
    people = [named_in(heap.rows, "claimant_"), named_in(heap.rows, "partner_")]
    found = join(engine, heap.rows, people=people, start="start_date", end="end_date", reference="unit")
    heap = heap.by(found.key).having("place", found.place).keeping(pc.invert(found.in_doubt), IN_DOUBT)
    # An award that is of somebody on file, or of one of several, makes no household of its own.
    of_somebody = pc.or_(pc.is_valid(found.place), found.in_doubt)
    elsewhere = pc.is_in(heap.rows.column("unit"), whole(units.filter(of_somebody)))
    strays = pc.and_(pc.is_null(heap.rows.column("place")), elsewhere)
    return heap.keeping(pc.invert(strays), OTHERS_FIT)


def _keyed(rows: pa.Table, nino_key: Sequence[int]) -> pa.Table:
    """The rows with National Insurance numbers as the whole numbers that stand for them, at once and for good."""
    for name in NUMBERS:
        rows = rows.set_column(rows.column_names.index(name), name, keyed(rows.column(name), nino_key))
    return rows


def content(rows: pa.Table, key: pa.Array, award_no: pa.Array) -> pa.Table:
    """The content table of awards whose households have these keys."""
    held = {name: rows.column(name) for name in ("start_date", "end_date", "claim_date", *AMOUNTS)}
    return pa.table(
        {
            "household_key": key,
            "award_no": award_no,
            **held,
            "pay_shift": pay_shifts(rows),
            "uprated": each(rows.column("start_date").cast(pa.string()), _uprated, pa.bool_()),
        }
    )


def pay_shifts(rows: pa.Table) -> pa.Array:
    """For each period of rows with unit, start_date and earnings: two_paydays, no_payday, or empty.

    Two paydays: the earnings are about double those of the periods either side, which are alike; or about double those before, with nothing in
    the next period and the usual earnings after that, and then the next period is the one without a payday. Rows may come in any order.
    """
    order = pc.sort_indices(rows, sort_keys=[("unit", "ascending"), ("start_date", "ascending")])
    unit = whole(rows.column("unit")).take(order).dictionary_encode().indices.to_numpy()
    start = whole(rows.column("start_date")).take(order).cast(pa.int32()).to_numpy().astype(np.int64)
    earned = whole(rows.column("earnings").cast(pa.float64())).take(order).to_numpy(zero_copy_only=False)

    def beside(step: int) -> npt.NDArray[np.float64]:
        """The earnings so many periods on, unknown where no period follows on."""
        moved = np.full(len(earned), np.nan)
        if abs(step) >= len(earned):
            return moved
        here, there = (slice(None, -step), slice(step, None)) if step > 0 else (slice(-step, None), slice(None, step))
        near = (unit[here] == unit[there]) & (np.abs(start[there] - start[here]) <= abs(step) * NEXT)
        moved[here] = np.where(near, earned[there], np.nan)
        return moved

    before, after, later = beside(-1), beside(1), beside(2)
    usual = _alike(before, after) & (earned >= DOUBLE * np.fmax(before, after))
    early = _alike(before, later) & (earned >= DOUBLE * np.fmax(before, later)) & (after == 0)
    two = usual | early
    none = np.r_[False, early[:-1]] if len(early) else early
    words = np.where(two, 1, np.where(none, 2, 0)).astype(np.int32)
    said = np.empty(len(words), np.int32)
    said[order.to_numpy()] = words
    return pa.array([None, TWO_PAYDAYS, NO_PAYDAY], pa.string()).take(pa.array(said))


def uprating_day(year: int) -> date:
    """The day on which a year's new rates begin to hold: the first Monday from 6 April."""
    sixth = date(year, 4, 6)
    return sixth + timedelta((-sixth.weekday()) % 7)


def _alike(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (one > 0) & (other > 0) & (np.abs(one - other) <= ALIKE * np.fmax(one, other))


def _uprated(day: str | None) -> bool:
    """Whether an assessment period that begins on a day is the first at the new year's rates."""
    if day is None:
        return False
    began = date.fromisoformat(day)
    new = uprating_day(began.year)
    return new <= began < new + timedelta(30)


def _unit(rows: pa.Table) -> pa.Array:
    """What tells one award from another: its reference, else the claimant's name and birth date, else the claimant's number."""
    reference = tidy.references(rows.column("uc_ref"))
    number = whole(rows.column("nino")).cast(pa.string())
    forename, surname = tidy.forenames(rows.column("claimant_forename")), tidy.surnames(rows.column("claimant_surname"))
    birth = tidy.births(rows.column("claimant_birth_date"))
    known = pc.and_(pc.and_(pc.is_valid(forename), pc.is_valid(surname)), pc.is_valid(birth))
    person = only(joined([forename, surname, birth.cast(pa.string())], "|"), known)
    return whole(pc.coalesce(_marked(BY_REFERENCE, reference), _marked("p", person), _marked(BY_NUMBER, number)))


def _marked(mark: str, values: pa.Array) -> pa.Array:
    return only(joined([pc.if_else(pc.is_valid(values), mark, None), values], ":"), pc.is_valid(values))


def last_day(rows: pa.Table) -> int:
    """The last day that any award speaks for, as days since 1970-01-01."""
    found = pc.max(rows.column("end_date")).as_py()
    return day_number(found) if found else 0

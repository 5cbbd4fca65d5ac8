"""Households that are known from Universal Credit alone: no claim of theirs is on file at the council.

They are the study's blind spot, seen. Their awards are kept in the content room under keys of their own, so that the spot has a size. Who
they are goes to the identity room only where the study asks for it: a child whose own household is on file under another spelling would
otherwise have two homes to be linked with, and the share of children on council benefits would change with a file that says nothing of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.money import tidy
from hearthlink.sources.money.universal_credit import BY_NUMBER, BY_REFERENCE
from hearthlink.sources.reading.columns import joined, only, whole

OWN = "kept as a household of Universal Credit alone"
CHILDLESS = "no household on file fits, and it is nobody's household with a child (declared filter)"
RUNS_ON = 45
"""An award whose last period ends within so many days of the last of the file still runs, unless a stop was told."""

PEOPLE = (("claimant", "claimant_"), ("partner", "partner_"))


@dataclass(frozen=True, slots=True)
class Alone:
    """For each row the household it makes, by number from 0 (empty where it makes none), and the id of each, ascending."""

    number: pa.Array
    household_id: pa.Array


def households_alone(rows: pa.Table, *, keep_childless: bool) -> Alone:
    """The households that rows of awards make which no household on file fits: those of one award reference, or of one claimant.

    A household stays where any of its periods counts a child or has a child element, and all stay where `keep_childless`. A row that
    names nobody and has no reference makes none.
    """
    group = _together(rows.column("unit"), _claimants(rows))
    reference = pc.utf8_slice_codeunits(
        only(rows.column("unit"), pc.starts_with(rows.column("unit"), f"{BY_REFERENCE}:")), 2
    )
    told = pa.table(
        {
            "group": group,
            "reference": reference,
            "unit": rows.column("unit"),
            "child": _has_child(rows),
        }
    )
    each = told.group_by("group", use_threads=False).aggregate(
        [("reference", "min"), ("unit", "min"), ("child", "max")]
    )
    each = each.filter(pc.invert(pc.starts_with(each.column("unit_min"), f"{BY_NUMBER}:")))
    if not keep_childless:
        each = each.filter(each.column("child_max"))
    each = each.sort_by([("unit_min", "ascending")])
    unnamed = pc.is_null(each.column("reference_min"))
    running = pc.cumulative_sum(unnamed.cast(pa.int64())).cast(pa.string())
    named = pc.if_else(unnamed, pc.binary_join_element_wise("n", running, ""), each.column("reference_min"))
    household_id = whole(pc.binary_join_element_wise("uc", named, ":"))
    order = pc.sort_indices(household_id)
    place = pc.index_in(group, value_set=whole(each.column("group")).take(order))
    return Alone(whole(place).cast(pa.int64()), household_id.take(order))


def identities(rows: pa.Table, alone: Alone, key: pa.Array, last_day: int) -> dict[str, pa.Table]:
    """The identity tables of those households: who claims, where they lived, from when to when, and how many children they count."""
    here = pc.is_valid(alone.number)
    rows = rows.append_column("number", alone.number).filter(here)
    rows = rows.sort_by([("number", "ascending"), ("start_date", "ascending"), ("unit", "ascending")])
    runs = _running(rows, last_day)
    spans = rows.group_by("number", use_threads=False).aggregate([("start_date", "min"), ("end_date", "max")])
    spans = spans.sort_by("number")
    number = whole(spans.column("number"))
    identifier = pa.table(
        {
            "household_id": alone.household_id.take(number),
            "household_key": key.take(number),
            "first_date": spans.column("start_date_min"),
            "last_date": only(spans.column("end_date_max"), pc.invert(runs.take(number))),
            "dependants_stated": _latest(rows, number, "children"),
        }
    )
    return {
        "household_identifier": identifier,
        "household_member": _members(rows, alone, runs),
        "household_residence": _residences(rows, alone, runs),
    }


def facts(rows: pa.Table, alone: Alone, key: pa.Array) -> pa.Table:
    """The content table of what kind of household each is."""
    rows = rows.append_column("number", alone.number).filter(pc.is_valid(alone.number))
    partner = pc.or_(pc.is_valid(rows.column("partner_surname")), pc.is_valid(rows.column("partner_birth_date")))
    told = pa.table({"number": rows.column("number"), "child": _has_child(rows), "partner": partner})
    each = (
        told.group_by("number", use_threads=False).aggregate([("child", "max"), ("partner", "max")]).sort_by("number")
    )
    return pa.table(
        {
            "household_key": key.take(whole(each.column("number"))),
            "has_dependants": each.column("child_max"),
            "has_partner": each.column("partner_max"),
            "passported": pa.nulls(each.num_rows, pa.bool_()),
            "credit_only": pa.array(np.ones(each.num_rows, bool)),
        }
    )


def _has_child(rows: pa.Table) -> pa.Array:
    counted = pc.fill_null(pc.greater(rows.column("children"), 0), False)
    paid = pc.fill_null(pc.greater(rows.column("child_element"), 0), False)
    return whole(pc.or_(counted, paid))


def _claimants(rows: pa.Table) -> pa.Array:
    forename, surname = tidy.forenames(rows.column("claimant_forename")), tidy.surnames(rows.column("claimant_surname"))
    birth = tidy.births(rows.column("claimant_birth_date"))
    known = pc.and_(pc.and_(pc.is_valid(forename), pc.is_valid(surname)), pc.is_valid(birth))
    return only(joined([forename, surname, birth.cast(pa.string())], "|"), known)


def _together(units: pa.ChunkedArray, claimants: pa.Array) -> pa.Array:
    """Rows in groups: of one award, or of one claimant, or joined by a chain of such."""
    unit, person = (whole(column).dictionary_encode().indices for column in (units, claimants))
    pairs = pa.table({"unit": unit, "person": pc.fill_null(person, -1)})
    pairs = pairs.group_by(["unit", "person"], use_threads=False).aggregate([])
    head = np.arange(pc.count_distinct(unit).as_py() or 0)
    first: dict[int, int] = {}
    for one, who in zip(pairs.column("unit").to_pylist(), pairs.column("person").to_pylist(), strict=True):
        if who < 0:
            continue
        other = _head_of(head, first.setdefault(who, one))
        mine = _head_of(head, one)
        head[max(mine, other)] = min(mine, other)
    settled = np.array([_head_of(head, one) for one in range(len(head))], np.int64)
    return pa.array(settled[unit.to_numpy()]) if len(unit) else pa.array([], pa.int64())


def _head_of(head: npt.NDArray[np.int64], one: int) -> int:
    while head[one] != one:
        one = int(head[one])
    return one


def _running(rows: pa.Table, last_day: int) -> pa.Array:
    """For each household, by number, whether its last award still runs at the end of the file. Rows come by household and date."""
    number = rows.column("number").to_numpy()
    last = np.r_[number[1:] != number[:-1], True] if len(number) else np.array([], bool)
    ends = rows.column("end_date").cast(pa.int32()).to_numpy() >= last_day - RUNS_ON
    stopped = np.asarray(pc.fill_null(pc.equal(rows.column("notice"), "stop"), False))
    runs = np.zeros(int(number.max()) + 1 if len(number) else 0, bool)
    runs[number[last]] = (ends & ~stopped)[last]
    return pa.array(runs)


def _latest(rows: pa.Table, number: pa.Array, name: str) -> pa.Array:
    """The last known value of a column in each household."""
    told = rows.filter(pc.is_valid(rows.column(name)))
    at = told.column("number").to_numpy()
    last = np.flatnonzero(np.r_[at[1:] != at[:-1], True]) if len(at) else np.array([], np.int64)
    held = told.take(pa.array(last))
    return whole(held.column(name)).take(pc.index_in(number, value_set=whole(held.column("number"))))


def _members(rows: pa.Table, alone: Alone, runs: pa.Array) -> pa.Table:
    made = [_member(rows, alone, runs, role, prefix) for role, prefix in PEOPLE]
    return pa.concat_tables(made).sort_by([("household_id", "ascending"), ("member_id", "ascending")])


def _member(rows: pa.Table, alone: Alone, runs: pa.Array, role: str, prefix: str) -> pa.Table:
    there = pc.or_(pc.is_valid(rows.column(f"{prefix}surname")), pc.is_valid(rows.column(f"{prefix}birth_date")))
    told = rows.filter(there)
    spans = told.group_by("number", use_threads=False).aggregate([("start_date", "min"), ("end_date", "max")])
    spans = spans.sort_by("number")
    number = whole(spans.column("number"))
    household_id = alone.household_id.take(number)
    return pa.table(
        {
            "household_id": household_id,
            "member_id": pc.binary_join_element_wise(household_id, role, "|"),
            "role": pa.repeat(pa.scalar(role), len(number)),
            **{name: _latest(told, number, f"{prefix}{name}") for name in ("forename", "surname", "birth_date", "sex")},
            "start_date": spans.column("start_date_min"),
            "end_date": only(spans.column("end_date_max"), pc.invert(runs.take(number))),
        }
    )


def _residences(rows: pa.Table, alone: Alone, runs: pa.Array) -> pa.Table:
    """Unbroken stretches at one address, by what the periods say."""
    address = joined([rows.column(f"address_{n}") for n in (1, 2, 3)], ", ")
    door = joined(
        [tidy.uprns(rows.column("uprn")), tidy.postcodes(rows.column("postcode")), pc.utf8_upper(address)], "|"
    )
    rows = rows.append_column("address", address).append_column("door", door)
    rows = rows.filter(pc.is_valid(rows.column("door")))
    held = ["address", "postcode", "uprn"]
    if not rows.num_rows:
        return pa.table({name: pa.nulls(0, pa.string()) for name in ["household_id", *held]} | _no_dates())
    stretch = _stretches([whole(rows.column("number")), whole(rows.column("door"))])
    rows = rows.append_column("stretch", stretch)
    wanted = [("number", "min"), ("start_date", "min"), ("end_date", "max"), *((name, "max") for name in held)]
    made = rows.group_by("stretch", use_threads=False).aggregate(wanted).sort_by("stretch")
    number = whole(made.column("number_min"))
    final = np.asarray(made.column("stretch")) == _last_stretch(rows)[number.to_numpy()]
    still = pc.and_(runs.take(number), pa.array(final))
    return pa.table(
        {
            "household_id": alone.household_id.take(number),
            **{name: made.column(f"{name}_max") for name in held},
            "start_date": made.column("start_date_min"),
            "end_date": only(made.column("end_date_max"), pc.invert(still)),
        }
    )


def _no_dates() -> dict[str, pa.Array]:
    return {name: pa.nulls(0, pa.date32()) for name in ("start_date", "end_date")}


def _stretches(columns: Sequence[pa.Array]) -> pa.Array:
    """A number that goes up wherever any of the columns changes from one row to the next."""
    fresh = np.zeros(len(columns[0]), bool)
    fresh[0] = True
    for column in columns:
        fresh[1:] |= np.asarray(pc.not_equal(column[1:], column[:-1]))
    return pa.array(np.cumsum(fresh))


def _last_stretch(rows: pa.Table) -> npt.NDArray[np.int64]:
    """The last stretch of each household, by its number."""
    number = rows.column("number").to_numpy()
    last = np.zeros(int(number.max()) + 1, np.int64)
    np.maximum.at(last, number, np.asarray(rows.column("stretch")))
    return last

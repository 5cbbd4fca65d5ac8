"""The tables of the whole census: children in order of their id, their referrals numbered by date, and what followed each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources import codes
from hearthlink.sources.cin_typed import STEP, Numbers, Typed, one_each
from hearthlink.sources.columns import Values, count, found_at, only, whole
from hearthlink.sources.dates import day_number
from hearthlink.sources.years import CensusYear

TEXT, DAY, WHOLE, FLAG = pa.string(), pa.int32(), pa.int64(), pa.bool_()
IN_REFERRAL = {"child_id": TEXT, "referral_no": WHOLE}
SCHEMAS: dict[str, pa.Schema] = {
    name: pa.schema(columns.items())
    for name, columns in {
        "child": {
            "child_id": TEXT, "birth_day": DAY, "expected_day": DAY, "sex": TEXT, "upn": TEXT, "ethnicity": TEXT, "disabled": FLAG,
        },
        "referral": {
            **IN_REFERRAL, "referral_day": DAY, "source": TEXT, "primary_need": TEXT, "no_further_action": FLAG,
            "closure_day": DAY, "closure_reason": TEXT,
        },
        "assessment": {**IN_REFERRAL, "start_day": DAY, "end_day": DAY, "factors": pa.list_(TEXT)},
        "section47": {**IN_REFERRAL, "start_day": DAY, "conference_day": DAY},
        "protection_plan": {
            **IN_REFERRAL, "start_day": DAY, "end_day": DAY, "initial_category": TEXT, "latest_category": TEXT,
        },
        "cin_plan": {"child_id": TEXT, "start_day": DAY, "end_day": DAY},
    }.items()
}  # fmt: skip
CODED = {
    "ethnicity": "Ethnicity",
    "source": "ReferralSource",
    "primary_need": "PrimaryNeedCode",
    "closure_reason": "ReasonForClosure",
    "initial_category": "InitialCategoryOfAbuse",
    "latest_category": "LatestCategoryOfAbuse",
    "factors": "AssessmentFactor",
}

NO_ID = "no child id"
AGAIN = "same child id again, merged"
BIRTH_LATE = "a birth date after the reference date, taken as missing"
NOT_PLACED = "a referral without a date up to the reference date, left out"
NO_START = "a protection plan without a start, left out"
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
NEVER = np.iinfo(np.int32).min
"""Stands for a missing number while rows are put in order, so that missing comes first."""


@dataclass(frozen=True, slots=True)
class Children:
    """The ids of the children in order, and for each Child block of the file the place of its child among them (-1 for none)."""

    ids: pa.Array
    place: Numbers


@dataclass(frozen=True, slots=True)
class Numbered:
    """The episodes that were placed, in order of their block and ordinal, and their numbers within the child."""

    block: Numbers
    number: Numbers


def census_tables(parts: Sequence[Typed], year: CensusYear, counts: Counter[str]) -> dict[str, pa.Table]:
    """The tables of ``SCHEMAS``. Blocks of a child that stands in the file twice become one child (rule 8510).

    The parts are used up: each table is let go of once its final form is made, so that a large census is not held twice.
    """
    blocks = _together(parts, "child")
    counts[NO_ID] += blocks.column("child_id").null_count
    children = _children(blocks)
    counts[AGAIN] += len(blocks) - blocks.column("child_id").null_count - len(children.ids)
    made = {"child": _child(blocks, children, year, counts)}
    del blocks
    referral, numbers = _referrals(_together(parts, "referral"), parts, children, year, counts)
    made["referral"] = referral
    for name, order in (
        ("assessment", ("start_day", "end_day", "factors")),
        ("section47", ("start_day", "conference_day")),
        ("protection_plan", ("start_day", "end_day", "initial_category", "latest_category")),
    ):
        table = _together(parts, name)
        if name == "protection_plan":
            begun = pc.is_valid(table.column("start_day"))
            counts[NO_START] += len(table) - count(begun)
            table = table.filter(begun)
        made[name] = _followed(name, table, order, children, numbers)
    made["cin_plan"] = _cin_plans(_together(parts, "cin_plan"), children)
    return {name: made[name] for name in SCHEMAS}


def _together(parts: Sequence[Typed], name: str) -> pa.Table:
    return pa.concat_tables([part.pop(name) for part in parts]).combine_chunks()


def _children(blocks: pa.Table) -> Children:
    ids = pc.unique(blocks.column("child_id").drop_null())
    ids = whole(ids.take(pc.sort_indices(ids)))
    place = np.full(int(pc.max(blocks.column("child_no")).as_py() or 0) + 1, -1, np.int64)
    found = pc.fill_null(found_at(blocks.column("child_id"), ids), -1)
    place[blocks.column("child_no").to_numpy()] = found.to_numpy(zero_copy_only=False)
    return Children(ids, place)


def _child(blocks: pa.Table, children: Children, year: CensusYear, counts: Counter[str]) -> pa.Table:
    held = blocks.filter(pc.is_valid(blocks.column("child_id"))).drop_columns(["child_no"])
    how = {name: "max" if name == "disabled" else "first" for name in held.column_names if name != "child_id"}
    held = one_each(held, "child_id", how)
    held = held.take(found_at(children.ids, held.column("child_id")))
    born = held.column("birth_day")
    late = pc.fill_null(pc.greater(born, day_number(year.end)), False)
    counts[BIRTH_LATE] += count(late)
    held = held.set_column(held.column_names.index("birth_day"), "birth_day", only(born, pc.invert(late)))
    return _final("child", held)


def _referrals(
    table: pa.Table, parts: Sequence[Typed], children: Children, year: CensusYear, counts: Counter[str]
) -> tuple[pa.Table, Numbered]:
    """Referrals that can be placed in time (rule 8600), numbered by date so that their numbers survive a second export.

    Also the number of every episode that was placed.
    """
    last = day_number(year.end)
    ours = children.place[table.column("child_no").to_numpy()] >= 0
    table = table.filter(pa.array(ours))
    placed = pc.fill_null(pc.less_equal(table.column("referral_day"), last), False)
    counts[NOT_PLACED] += len(table) - count(placed)
    table = table.filter(placed)
    child = children.place[table.column("child_no").to_numpy()]
    block = _block(table)
    keys = [
        child,
        _number(table.column("referral_day")),
        _number(pc.fill_null(table.column("closure_day"), last + 1)),
        *(_number(table.column(name)) for name in ("source", "primary_need", "closure_reason", "no_further_action")),
        *_what_followed(parts, block),
        block,
    ]
    order = np.lexsort(keys[::-1])
    child = child[order]
    starts = np.flatnonzero(np.diff(child, prepend=-1))
    number = np.arange(len(child)) - np.repeat(starts, np.diff(starts, append=len(child))) + 1
    by_block = np.argsort(block[order])
    numbers = Numbered(block[order][by_block], number[by_block])
    table = table.take(pa.array(order)).drop_columns(["child_no", "episode"])
    return _final("referral", table, children.ids.take(pa.array(child)), pa.array(number)), numbers


def _what_followed(parts: Sequence[Typed], block: Numbers) -> list[Numbers]:
    """For each referral how many assessments, enquiries and plans it has, and the first day of each: to tell like from like."""
    keys: list[Numbers] = []
    in_order = np.sort(block)
    back = np.searchsorted(in_order, block)
    for name in ("assessment", "section47", "protection_plan"):
        many = np.zeros(len(block), np.int64)
        first = np.full(len(block), np.iinfo(np.int64).max)
        for part in parts:
            its = _block(part[name])
            place = np.searchsorted(in_order, its)
            there = (
                (place < len(block)) & (in_order[np.minimum(place, len(block) - 1)] == its) if len(block) else its < 0
            )
            np.add.at(many, place[there], 1)
            np.minimum.at(first, place[there], _number(part[name].column("start_day"))[there])
        keys += [many[back], first[back]]
    return keys


def _followed(name: str, table: pa.Table, order: Sequence[str], children: Children, numbers: Numbered) -> pa.Table:
    """The rows of episodes that were placed, in order of child, referral and their own columns, missing ones first."""
    block = _block(table)
    place, there = _found(block, numbers.block)
    table = table.filter(pa.array(there))
    child = children.place[table.column("child_no").to_numpy()]
    number = numbers.number[place[there]]
    keys = [child, number, *(_number(table.column(column)) for column in order)]
    rows = np.lexsort(keys[::-1])
    table = table.take(pa.array(rows)).drop_columns(["child_no", "episode"])
    return _final(name, table, children.ids.take(pa.array(child[rows])), pa.array(number[rows]))


def _cin_plans(table: pa.Table, children: Children) -> pa.Table:
    child = children.place[table.column("child_no").to_numpy()]
    table = table.filter(pa.array(child >= 0))
    child = child[child >= 0]
    rows = np.lexsort([_number(table.column("end_day")), _number(table.column("start_day")), child])
    table = table.take(pa.array(rows)).drop_columns(["child_no"])
    return _final("cin_plan", table, children.ids.take(pa.array(child[rows])))


def _found(wanted: Numbers, in_order: Numbers) -> tuple[Numbers, Flags]:
    """Where each number stands among others that are in order, and whether it does."""
    if not len(in_order):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(in_order, wanted), len(in_order) - 1)
    return place, in_order[place] == wanted


def _block(table: pa.Table) -> Numbers:
    """One number for the episode of a block: in order of blocks and of the episodes within."""
    return table.column("child_no").to_numpy() * STEP + table.column("episode").to_numpy()


def _number(column: Values) -> Numbers:
    """A column as numbers that sort as it should, missing first; lists by their texts joined."""
    array = whole(column)
    if pa.types.is_list(array.type):
        texts = pc.binary_join(_spelt("factors", array), " ")
        array = pc.rank(texts, tiebreaker="dense").cast(pa.int64())
    return pc.fill_null(array.cast(pa.int64()), NEVER).to_numpy(zero_copy_only=False)


def _spelt(name: str, column: Values) -> pa.Array:
    """Places in a code set as the codes themselves."""
    listed = pa.array(codes.code_list(CODED[name]), TEXT)
    array = whole(column)
    if not pa.types.is_list(array.type):
        return listed.take(array)
    return pa.ListArray.from_arrays(array.offsets, listed.take(array.values))


def _final(
    name: str, table: pa.Table, child_id: pa.Array | None = None, referral_no: pa.Array | None = None
) -> pa.Table:
    spell = partial(_spelt)
    held: Mapping[str, Values] = {
        column: spell(column, table.column(column)) if column in CODED else table.column(column)
        for column in table.column_names
    }
    keys = {"child_id": child_id, "referral_no": referral_no}
    found = {**held, **{key: values for key, values in keys.items() if values is not None}}
    schema = SCHEMAS[name]
    return pa.table([found[cell.name] for cell in schema], schema=schema)

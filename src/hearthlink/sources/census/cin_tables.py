"""The tables of the whole census: children in order of their id, their referrals numbered by date, and what followed each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.census.cin_typed import STEP, Numbers, Typed, one_each
from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import Values, count, only, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.years import CensusYear

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
Small = np.ndarray[tuple[int], np.dtype[np.int32]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Keys = list["Numbers | Small"]
NEVER = np.iinfo(np.int32).min
"""Stands for a missing number while rows are put in order, so that missing comes first."""

DAY_BITS = 24
HALF = 1 << (DAY_BITS - 1)
"""Days before and after 1970 that there is room for beside a group in one number: more than the years 1 to 9999 have."""


@dataclass(frozen=True, slots=True)
class Children:
    """The ids of the children in order, for each Child block of the file the place of its child among them, and rows in their order.

    The place is -1 for a block without an id. ``rows`` are those of the blocks that have one, in order of child and of block.
    """

    ids: pa.Array
    place: Numbers
    rows: Numbers


@dataclass(frozen=True, slots=True)
class Placed:
    """The referrals that were placed, by block and ordinal in order, with the place of each among all referrals in their final order.

    And of the referrals in that order, the child of each and its number within the child.
    """

    block: Numbers
    place: Small
    child: Small
    number: Small


def census_tables(parts: Sequence[Typed], year: CensusYear, counts: Counter[str]) -> dict[str, pa.Table]:
    """The tables of ``SCHEMAS``. Blocks of a child that stands in the file twice become one child (rule 8510).

    The parts are used up: each table is let go of once its final form is made, and rows are put in order a column at a time, so that a
    large census is not held twice.
    """
    blocks = _together(parts, "child")
    counts[NO_ID] += blocks.column("child_id").null_count
    children = _children(blocks)
    counts[AGAIN] += len(blocks) - blocks.column("child_id").null_count - len(children.ids)
    made = {"child": _child(blocks, children, year, counts)}
    del blocks
    referral, placed = _referrals(_together(parts, "referral"), parts, children, year, counts)
    made["referral"] = referral
    for name, order in (
        ("assessment", ("start_day", "end_day", "factors")),
        ("section47", ("start_day", "conference_day")),
        ("protection_plan", ("start_day", "end_day", "initial_category", "latest_category")),
    ):
        table = _together(parts, name)
        if name == "protection_plan":
            counts[NO_START] += table.column("start_day").null_count
        made[name] = _followed(name, table, order, children, placed)
    made["cin_plan"] = _cin_plans(_together(parts, "cin_plan"), children)
    return {name: made[name] for name in SCHEMAS}


def _together(parts: Sequence[Typed], name: str) -> pa.Table:
    pa.default_memory_pool().release_unused()
    return pa.concat_tables([part.pop(name) for part in parts])


def _children(blocks: pa.Table) -> Children:
    """The children of the blocks. They are told apart by sorting, for to look each id up would take several times the room."""
    order = pc.sort_indices(blocks, sort_keys=[("child_id", "ascending"), ("child_no", "ascending")])
    ids = whole(blocks.column("child_id").take(order)).drop_null()
    new = np.ones(len(ids), np.bool_)
    new[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    rows = order.to_numpy()[: len(ids)].astype(np.int64)
    block = blocks.column("child_no").to_numpy()
    place = np.full(int(block.max(initial=0)) + 1, -1, np.int64)
    place[block[rows]] = np.cumsum(new) - 1
    return Children(ids.filter(pa.array(new)), place, rows)


def _child(blocks: pa.Table, children: Children, year: CensusYear, counts: Counter[str]) -> pa.Table:
    if len(children.rows) > len(children.ids):
        held = blocks.drop_columns(["child_id"]).take(pa.array(children.rows))
        child = pa.array(children.place[held.column("child_no").to_numpy()])
        how = {name: "max" if name == "disabled" else "first" for name in held.column_names if name != "child_no"}
        made = _final("child", one_each(held.append_column("child", child), "child", how), None, children.ids)
    else:
        made = _final("child", blocks, children.rows, children.ids)
    born = made.column("birth_day")
    late = pc.fill_null(pc.greater(born, day_number(year.end)), False)
    counts[BIRTH_LATE] += count(late)
    return made.set_column(made.column_names.index("birth_day"), "birth_day", only(born, pc.invert(late)))


def _referrals(
    table: pa.Table, parts: Sequence[Typed], children: Children, year: CensusYear, counts: Counter[str]
) -> tuple[pa.Table, Placed]:
    """Referrals that can be placed in time (rule 8600), numbered by date so that their numbers survive a second export."""
    last = day_number(year.end)
    rows, child, day = _in_time(table, children, last, counts)

    def told_apart(tied: Numbers) -> Keys:
        held = table.take(pa.array(rows[tied]))
        block = _block(held)
        return [
            _number(pc.fill_null(held.column("closure_day"), last + 1)),
            *(_number(held.column(name)) for name in ("source", "primary_need", "closure_reason", "no_further_action")),
            *_what_followed(parts, block),
            block,
        ]

    order = _ordered(child, day, told_apart)
    rows, child = rows[order], child[order]
    del order, day
    starts = np.flatnonzero(np.diff(child, prepend=-1)).astype(np.int32)
    many = np.diff(starts, append=len(child))
    number = np.arange(1, len(child) + 1, dtype=np.int32) - np.repeat(starts, many)
    block = _block(table)[rows]
    place = np.argsort(block, kind="stable").astype(np.int32)
    placed = Placed(block[place], place, child, number)
    return _final("referral", table, rows, children.ids, child=child, number=number), placed


def _in_time(table: pa.Table, children: Children, last: int, counts: Counter[str]) -> tuple[Small, Small, Small]:
    """The rows of known children that have a day up to the last, with the child and the day of each."""
    child = children.place[table.column("child_no").to_numpy()].astype(np.int32)
    day = _number(table.column("referral_day"))
    in_time = (day != NEVER) & (day <= last)
    counts[NOT_PLACED] += int(((child >= 0) & ~in_time).sum())
    rows = np.flatnonzero((child >= 0) & in_time).astype(np.int32)
    return rows, child[rows], day[rows]


def _ordered(group: Numbers | Small, day: Small, told_apart: Callable[[Numbers], Keys]) -> Numbers:
    """The order of rows by group and day; rows alike in both are put in order by further columns, which are made for those rows alone."""
    key = (group.astype(np.int64) << DAY_BITS) + np.where(day == NEVER, 0, np.clip(day + HALF, 1, 2 * HALF - 1))
    order = np.argsort(key, kind="stable")
    in_order = key[order]
    alike = np.flatnonzero(in_order[1:] == in_order[:-1])
    del in_order
    if len(alike):
        among = np.union1d(alike, alike + 1)
        tied = order[among]
        order[among] = tied[np.lexsort([*told_apart(tied)[::-1], key[tied]])]
    return order


def _what_followed(parts: Sequence[Typed], block: Numbers) -> Keys:
    """For each referral how many assessments, enquiries and plans it has, and the first day of each: to tell like from like."""
    keys: Keys = []
    in_order = np.sort(block)
    back = np.searchsorted(in_order, block)
    for name in ("assessment", "section47", "protection_plan"):
        many = np.zeros(len(block), np.int64)
        first = np.full(len(block), np.iinfo(np.int64).max)
        for part in parts:
            place, there = _found(_block(part[name]), in_order)
            np.add.at(many, place[there], 1)
            np.minimum.at(first, place[there], _number(part[name].column("start_day"))[there])
        keys += [many[back], first[back]]
    return keys


def _followed(name: str, table: pa.Table, order: Sequence[str], children: Children, placed: Placed) -> pa.Table:
    """The rows of referrals that were placed, in order of child, referral and their own columns, missing ones first."""
    rows, referral = _of_placed(table, placed, begun=name == "protection_plan")

    def told_apart(tied: Numbers) -> Keys:
        held = table.take(pa.array(rows[tied]))
        return [_number(held.column(column)) for column in order[1:]]

    in_order = _ordered(referral, _number(table.column(order[0]))[rows], told_apart)
    rows, referral = rows[in_order], referral[in_order]
    del in_order
    return _final(name, table, rows, children.ids, child=placed.child[referral], number=placed.number[referral])


def _of_placed(table: pa.Table, placed: Placed, *, begun: bool) -> tuple[Small, Small]:
    """The rows of referrals that were placed (that have a start, where they must), and the place of each one's referral."""
    at, there = _found(_block(table), placed.block)
    if begun:
        there &= _number(table.column("start_day")) != NEVER
    rows = np.flatnonzero(there).astype(np.int32)
    return rows, placed.place[at[rows]]


def _cin_plans(table: pa.Table, children: Children) -> pa.Table:
    child = children.place[table.column("child_no").to_numpy()]
    rows = np.flatnonzero(child >= 0)
    child = child[rows]
    start, end = (_number(table.column(name))[rows] for name in ("start_day", "end_day"))
    order = _ordered(child, start, lambda tied: [end[tied]])
    return _final("cin_plan", table, rows[order], children.ids, child=child[order])


def _found(wanted: Numbers, in_order: Numbers) -> tuple[Numbers, Flags]:
    """Where each number stands among others that are in order, and whether it does."""
    if not len(in_order):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(in_order, wanted), len(in_order) - 1)
    return place, in_order[place] == wanted


def _block(table: pa.Table) -> Numbers:
    """One number for the episode of a block: in order of blocks and of the episodes within."""
    return table.column("child_no").to_numpy().astype(np.int64) * STEP + table.column("episode").to_numpy()


def _number(column: Values) -> Small:
    """A column as numbers (int32) that sort as it should, missing first; lists by their texts joined."""
    array = whole(column)
    if pa.types.is_list(array.type):
        texts = pc.binary_join(_spelt("factors", array), " ")
        array = pc.rank(texts, tiebreaker="dense")
    return pc.fill_null(array.cast(pa.int32()), NEVER).to_numpy(zero_copy_only=False)


def _spelt(name: str, column: Values) -> pa.Array:
    """Places in a code set as the codes themselves."""
    listed = pa.array(codes.code_list(CODED[name]), TEXT)
    array = whole(column)
    if not pa.types.is_list(array.type):
        return listed.take(array)
    return pa.ListArray.from_arrays(array.offsets, listed.take(array.values))


def _final(
    name: str,
    table: pa.Table,
    rows: Numbers | Small | None,
    ids: pa.Array,
    *,
    child: Numbers | Small | None = None,
    number: Small | None = None,
) -> pa.Table:
    """A table of ``SCHEMAS``: these rows in this order (all as they stand where None), with the id of each one's child and its number."""
    columns: list[Values] = []
    for cell in SCHEMAS[name]:
        if cell.name == "child_id":
            columns.append(ids if child is None else ids.take(pa.array(child)))
        elif cell.name == "referral_no":
            columns.append(pa.array(number).cast(WHOLE))
        else:
            column = table.column(cell.name) if rows is None else table.column(cell.name).take(pa.array(rows))
            columns.append(_spelt(cell.name, column) if cell.name in CODED else whole(column))
    pa.default_memory_pool().release_unused()
    return pa.table(columns, schema=SCHEMAS[name])

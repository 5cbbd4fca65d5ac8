"""The tables of the whole census: children in order of their id, their referrals numbered by date, and what followed each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.census.cin_typed import STEP, Numbers, Typed, one_each
from hearthlink.sources.census.memory import give_back
from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import Values, count, only, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.years import CensusYear

TEXT, DAY, WHOLE, FLAG = pa.string(), pa.int32(), pa.int32(), pa.bool_()
IN_BLOCK = ["child_no", "episode"]
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

FOLLOWED: dict[str, tuple[str, ...]] = {
    "section47": ("start_day", "conference_day"),
    "protection_plan": ("start_day", "end_day", "initial_category", "latest_category"),
    "assessment": ("start_day", "end_day", "factors"),
}
"""What may follow a referral, and the columns that its rows are put in order by."""

NO_ID = "no child id"
AGAIN = "same child id again, merged"
BIRTH_LATE = "a birth date after the reference date, taken as missing"
NOT_PLACED = "a referral without a date up to the reference date, left out"
NO_START = "a protection plan without a start, left out"
Small = np.ndarray[tuple[int], np.dtype[np.int32]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Keys = list["Numbers | Small"]
Columns = dict[str, pa.ChunkedArray]
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
    place: Small
    rows: Small


@dataclass(frozen=True, slots=True)
class Referrals:
    """The rows of the referrals that were placed, in their final order, the child of each and its number within the child."""

    rows: Small
    child: Small
    number: Small


@dataclass(frozen=True, slots=True)
class Placed:
    """The referrals that were placed, by block and ordinal in order, with the place of each among all referrals in their final order."""

    block: Numbers
    place: Small


@dataclass(frozen=True, slots=True)
class Followed:
    """The rows of what followed referrals that were placed, in their final order, and the place of each one's referral."""

    rows: Small
    referral: Small


def census_tables(parts: Sequence[Typed], year: CensusYear, counts: Counter[str]) -> dict[str, pa.Table]:
    """The tables of ``SCHEMAS``. Blocks of a child that stands in the file twice become one child (rule 8510).

    The parts are used up. All orders are found before the large tables are made, and a table is made a column at a time, each typed column
    let go of once its final form stands: little more is held at any time than the tables themselves.
    """
    children, made = _children_and_plans(parts, year, counts)
    columns = {name: _columns(parts, name) for name in ("referral", *FOLLOWED)}
    referrals, placed = _referrals(columns, children, year, counts)
    ids = children.ids
    del children
    counts[NO_START] += columns["protection_plan"]["start_day"].null_count
    tied: dict[str, tuple[Small, Small]] = {}
    for name in FOLLOWED:
        tied[name] = _of_placed(columns[name], placed, begun=name == "protection_plan")
        give_back()
    del placed
    give_back()
    followed = {name: _followed(name, columns[name], *tied.pop(name)) for name in FOLLOWED}
    made["assessment"] = _tied_by_place(
        "assessment", columns.pop("assessment"), followed.pop("assessment"), referrals, ids
    )
    rows, number = referrals.rows, pa.array(referrals.number)
    child = ids.take(pa.array(referrals.child))
    del referrals, ids
    made["referral"] = _final("referral", columns.pop("referral"), rows, child_id=child, referral_no=number)
    del rows
    for name in ("section47", "protection_plan"):
        made[name] = _tied_to(name, columns.pop(name), followed.pop(name), child, number)
    return {name: made[name] for name in SCHEMAS}


def _children_and_plans(
    parts: Sequence[Typed], year: CensusYear, counts: Counter[str]
) -> tuple[Children, dict[str, pa.Table]]:
    """The children, and the tables that need nothing but them."""
    blocks = _columns(parts, "child")
    missing = blocks["child_id"].null_count
    counts[NO_ID] += missing
    having = len(blocks["child_id"]) - missing
    children = _children(blocks)
    counts[AGAIN] += having - len(children.ids)
    child = _child(blocks, children, year, counts)
    return replace(children, rows=children.rows[:0]), {
        "child": child,
        "cin_plan": _cin_plans(_columns(parts, "cin_plan"), children),
    }


def _columns(parts: Sequence[Typed], name: str) -> Columns:
    """The columns of a table of all parts, which let go of it."""
    table = pa.concat_tables([part.pop(name) for part in parts])
    return {cell: table.column(cell) for cell in table.column_names}


def _children(blocks: Columns) -> Children:
    """The children of the blocks. They are told apart by sorting, for to look each id up would take several times the room."""
    block = blocks["child_no"].to_numpy()
    ids = whole(blocks.pop("child_id"))
    if _is_in_order(ids, block):
        rows = np.arange(len(ids), dtype=np.int32)
    else:
        order = pc.sort_indices(
            pa.table({"child_id": ids, "child_no": block}),
            sort_keys=[("child_id", "ascending"), ("child_no", "ascending")],
        )
        rows = order.to_numpy()[: len(ids) - ids.null_count].astype(np.int32)
        del order
        ids = ids.take(pa.array(rows))
    new = np.ones(len(ids), np.bool_)
    new[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    place = np.full(int(block.max(initial=0)) + 1, -1, np.int32)
    place[block[rows]] = np.cumsum(new, dtype=np.int32) - 1
    return Children(ids if new.all() else ids.filter(pa.array(new)), place, rows)


def _is_in_order(ids: pa.Array, block: Small) -> bool:
    """Whether every block has an id, and they stand in order of it as they are: what most systems write."""
    if ids.null_count or (block[1:] < block[:-1]).any():
        return False
    return count(pc.less(ids[1:], ids[:-1])) == 0


def _child(blocks: Columns, children: Children, year: CensusYear, counts: Counter[str]) -> pa.Table:
    if len(children.rows) > len(children.ids):
        held = pa.table(blocks).take(pa.array(children.rows))
        child = pa.array(children.place[held.column("child_no").to_numpy()])
        how = {name: "max" if name == "disabled" else "first" for name in held.column_names if name != "child_no"}
        merged = one_each(held.append_column("child", child), "child", how)
        made = _final("child", {name: merged.column(name) for name in how}, None, child_id=children.ids)
    else:
        made = _final("child", blocks, children.rows, child_id=children.ids)
    born = made.column("birth_day")
    late = pc.fill_null(pc.greater(born, day_number(year.end)), False)
    counts[BIRTH_LATE] += count(late)
    return made.set_column(made.column_names.index("birth_day"), "birth_day", only(born, pc.invert(late)))


def _cin_plans(plans: Columns, children: Children) -> pa.Table:
    child = children.place[plans["child_no"].to_numpy()]
    rows = np.flatnonzero(child >= 0).astype(np.int32)
    child = child[rows]
    start, end = (_number(plans[name])[rows] for name in ("start_day", "end_day"))
    order = _ordered(child, start, lambda tied: [end[tied]])
    return _final("cin_plan", plans, rows[order], child_id=children.ids.take(pa.array(child[order])))


def _referrals(
    columns: Mapping[str, Columns], children: Children, year: CensusYear, counts: Counter[str]
) -> tuple[Referrals, Placed]:
    """Referrals that can be placed in time (rule 8600), numbered by date so that their numbers survive a second export."""
    last = day_number(year.end)
    referral = columns["referral"]
    rows, child, day = _in_time(referral, children, last, counts)
    give_back()

    def told_apart(tied: Small) -> Keys:
        held = pa.table(referral).take(pa.array(rows[tied]))
        block = _block(held)
        return [
            _number(pc.fill_null(held.column("closure_day"), last + 1)),
            *(_number(held.column(name)) for name in ("source", "primary_need", "closure_reason", "no_further_action")),
            *_what_followed(columns, block),
            block,
        ]

    order = _ordered(child, day, told_apart)
    rows, child = rows[order], child[order]
    del order, day
    give_back()
    starts = np.flatnonzero(np.diff(child, prepend=-1)).astype(np.int32)
    many = np.diff(starts, append=len(child))
    number = np.arange(1, len(child) + 1, dtype=np.int32) - np.repeat(starts, many)
    block = _block(pa.table([referral.pop(name) for name in IN_BLOCK], names=IN_BLOCK))
    give_back()
    return Referrals(rows, child, number), _placed(block, rows)


def _placed(block: Numbers, rows: Small) -> Placed:
    """The blocks of these rows in order, with the place of each row among them; a file in order of its blocks needs no sorting."""
    place = np.full(len(block), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    if len(rows) < len(block):
        kept = place >= 0
        block, place = block[kept], place[kept]
    if (block[1:] < block[:-1]).any():
        order = np.argsort(block, kind="stable").astype(np.int32)
        block, place = block[order], place[order]
    return Placed(block, place)


def _in_time(referral: Columns, children: Children, last: int, counts: Counter[str]) -> tuple[Small, Small, Small]:
    """The rows of known children that have a day up to the last, with the child and the day of each."""
    child = children.place[referral["child_no"].to_numpy()]
    day = _number(referral["referral_day"])
    in_time = (day != NEVER) & (day <= last)
    counts[NOT_PLACED] += int(((child >= 0) & ~in_time).sum())
    rows = np.flatnonzero((child >= 0) & in_time).astype(np.int32)
    return rows, child[rows], day[rows]


def _ordered(group: Small, day: Small, told_apart: Callable[[Small], Keys]) -> Small:
    """The order of rows by group and day; rows alike in both are put in order by further columns, which are made for those rows alone."""
    key = group.astype(np.int64)
    key <<= DAY_BITS
    key += np.where(day == NEVER, 0, np.clip(day + HALF, 1, 2 * HALF - 1))
    if (key[1:] >= key[:-1]).all():
        order = np.arange(len(key), dtype=np.int32)
    else:
        order = np.argsort(key, kind="stable").astype(np.int32)
        key = key[order]
    give_back()
    alike = np.flatnonzero(key[1:] == key[:-1])
    if len(alike):
        among = np.union1d(alike, alike + 1)
        tied, key = order[among], key[among]
        order[among] = tied[np.lexsort([*told_apart(tied)[::-1], key])]
    return order


def _what_followed(columns: Mapping[str, Columns], block: Numbers) -> Keys:
    """For each referral how many assessments, enquiries and plans it has, and the first day of each: to tell like from like."""
    keys: Keys = []
    in_order = np.sort(block)
    back = np.searchsorted(in_order, block)
    for name in ("assessment", "section47", "protection_plan"):
        many = np.zeros(len(block), np.int64)
        first = np.full(len(block), np.iinfo(np.int64).max)
        for batch in pa.table(columns[name]).to_batches():
            place, there = _found(_block(batch), in_order)
            np.add.at(many, place[there], 1)
            np.minimum.at(first, place[there], _number(batch.column("start_day"))[there])
        keys += [many[back], first[back]]
    return keys


def _followed(name: str, columns: Columns, rows: Small, referral: Small) -> Followed:
    """The rows put in order by referral and by their own columns, missing ones first."""
    first, *others = FOLLOWED[name]

    def told_apart(tied: Small) -> Keys:
        return [_number(columns[other].take(pa.array(rows[tied]))) for other in others]

    order = _ordered(referral, _number(columns[first])[rows], told_apart)
    give_back()
    return Followed(rows[order], referral[order])


def _of_placed(columns: Columns, placed: Placed, *, begun: bool) -> tuple[Small, Small]:
    """The rows of referrals that were placed (that have a start, where they must), and the place of each one's referral."""
    rows, referral, passed = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], 0
    cells = [columns.pop("child_no"), columns.pop("episode"), columns["start_day"]]
    batches = pa.table(cells, names=[*IN_BLOCK, "start_day"]).to_batches()[::-1]
    del cells
    while batches:  # each is let go of before the next is looked at
        batch = batches.pop()
        at, there = _found(_block(batch), placed.block)
        if begun:
            there &= _number(batch.column("start_day")) != NEVER
        rows.append((np.flatnonzero(there) + passed).astype(np.int32))
        referral.append(placed.place[at[there]])
        passed += batch.num_rows
        del batch
    held = np.concatenate(rows)
    del rows
    return held, np.concatenate(referral)


def _tied_by_place(name: str, columns: Columns, followed: Followed, referrals: Referrals, ids: pa.Array) -> pa.Table:
    """What followed referrals, each row tied to its own, before there is a table of these."""
    child = ids.take(pa.array(referrals.child[followed.referral]))
    number = pa.array(referrals.number[followed.referral])
    return _final(name, columns, followed.rows, child_id=child, referral_no=number)


def _tied_to(name: str, columns: Columns, followed: Followed, child: pa.Array, number: pa.Array) -> pa.Table:
    """What followed referrals, each row tied to its own, by the child and the number of each referral."""
    of = pa.array(followed.referral)
    return _final(name, columns, followed.rows, child_id=child.take(of), referral_no=number.take(of))


def _found(wanted: Numbers, in_order: Numbers) -> tuple[Numbers, Flags]:
    """Where each number stands among others that are in order, and whether it does."""
    if not len(in_order):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(in_order, wanted), len(in_order) - 1)
    return place, in_order[place] == wanted


def _block(table: pa.Table | pa.RecordBatch) -> Numbers:
    """One number for the episode of a block: in order of blocks and of the episodes within."""
    block = table.column("child_no").to_numpy().astype(np.int64)
    block *= STEP
    block += table.column("episode").to_numpy()
    return block


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


def _final(name: str, columns: Columns, rows: Small | None, **keys: pa.Array) -> pa.Table:
    """A table of ``SCHEMAS``: these rows of the columns in this order (all as they stand where None), and the keys given.

    Each column is let go of once its final form stands, and what the making of it took is given back before the next.
    """
    place = None if rows is None else pa.array(rows)
    made = dict(keys)
    for cell in SCHEMAS[name].names:
        if cell not in keys:
            column = whole(columns.pop(cell))
            give_back()
            column = column if place is None else column.take(place)
            give_back()
            made[cell] = _spelt(cell, column) if cell in CODED else column
            del column
            give_back()
    return pa.table([made[cell] for cell in SCHEMAS[name].names], schema=SCHEMAS[name])

"""Free school meals: spells of entitlement, put to the children of the study, or to the household of a pupil who is none (domain.md 2.9).

A spell that began between April 2018 and the end of protection stays open whatever became of the need, so its end says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.sources.money import tidy
from hearthlink.sources.money.files import Heap, latest_of
from hearthlink.sources.money.join import NOBODY
from hearthlink.sources.money.join_queries import NEVER
from hearthlink.sources.reading.columns import found_at, joined, only, whole
from hearthlink.sources.reading.receipts import Tally

BACKWARDS = "an end before its start"
CHILD_IN_DOUBT = "two children or two households fit alike, so it is joined to neither"
BY_NUMBER = "joined to a child by unique pupil number"
BY_NAME = "joined to a child by name and birth date"
BY_HOUSEHOLD = "joined to the household of a dependant by name and birth date"
NO_SPELL = "a pupil without a spell"
PUPIL_SAYS = ("upn", "forename", "surname", "birth_date", "postcode")
HELD = ("start_date", "end_date", "protected", "category")

PUPIL_CHILD = Query(
    "f_child",
    ("f_pupil", "f_number", "f_child_named", "f_child_home"),
    """
    WITH every AS (
        SELECT p.row_no, 1 AS rung, n.child, 1 AS near FROM f_pupil AS p JOIN f_number AS n ON n.upn = p.upn
        UNION ALL
        SELECT p.row_no, 2 AS rung, c.child, CASE WHEN h.child IS NULL THEN 0 ELSE 1 END AS near
        FROM f_pupil AS p
        JOIN f_child_named AS c ON c.surname = p.surname AND c.forename = p.forename AND c.birth = p.birth
        LEFT JOIN f_child_home AS h ON h.child = c.child AND h.postcode = p.postcode
    ),
    surest AS (SELECT row_no, min(rung) AS rung FROM every GROUP BY row_no),
    fitting AS (
        SELECT e.row_no, e.rung, e.child, max(e.near) AS near
        FROM every AS e JOIN surest AS s ON s.row_no = e.row_no AND s.rung = e.rung
        GROUP BY e.row_no, e.rung, e.child
    )
    SELECT row_no, rung,
        CASE
            WHEN count_if(near = 1) = 1 THEN min(CASE WHEN near = 1 THEN child END)
            WHEN count_if(near = 1) = 0 AND count(*) = 1 THEN min(child)
        END AS child
    FROM fitting GROUP BY row_no, rung
    """,
)
"""The child of the study that a pupil is: by number, else by name and birth date, a postcode of theirs deciding between two."""

PUPIL_HOUSEHOLD = Query(
    "f_household",
    ("f_pupil", "f_child", "j_member"),
    """
    WITH fitting AS (
        SELECT p.row_no, m.household,
            max(CASE WHEN m.start_day <= p.end_day AND m.end_day >= p.start_day THEN 1 ELSE 0 END) AS in_time
        FROM f_pupil AS p
        JOIN j_member AS m ON m.surname = p.surname AND m.forename = p.forename AND m.birth = p.birth
        WHERE NOT m.adult AND p.row_no NOT IN (SELECT row_no FROM f_child)
        GROUP BY p.row_no, m.household
    )
    SELECT row_no, 3 AS rung,
        CASE
            WHEN count_if(in_time = 1) = 1 THEN min(CASE WHEN in_time = 1 THEN household END)
            WHEN count_if(in_time = 1) = 0 AND count(*) = 1 THEN min(household)
        END AS household
    FROM fitting GROUP BY row_no
    """,
)

PUPIL = Query(
    "f_joined",
    ("f_pupil", "f_child", "f_household"),
    """
    SELECT p.row_no, c.child, h.household, coalesce(c.rung, h.rung) AS rung
    FROM f_pupil AS p
    LEFT JOIN f_child AS c ON c.row_no = p.row_no
    LEFT JOIN f_household AS h ON h.row_no = p.row_no
    ORDER BY p.row_no
    """,
)


@dataclass(frozen=True, slots=True)
class Pupils:
    """The children of the study: their identity tables, and the unique pupil numbers they go by, which are used in memory alone."""

    identifier: pa.Table
    address: pa.Table
    upn: pa.Table


@dataclass(frozen=True, slots=True)
class Meals:
    """Spells with `child` and `place`, one of the two filled: the row of the child, or of the household; and the tallies of the files."""

    table: pa.Table
    tallies: tuple[Tally, ...]


def read_meals(engine: Engine, heap: Heap, roll: Heap, pupils: Pupils) -> Meals:
    """The spells of children of the study and of other households' children. Works inside `households_at_hand`.

    `roll` are pupils by their key in the school census, for spells that hold no more than that.
    """
    heap, roll = _with_pupils(heap, roll)
    forwards = pc.greater_equal(heap.rows.column("end_date"), heap.rows.column("start_date"))
    heap = heap.keeping(pc.fill_null(forwards, True), BACKWARDS)
    heap = heap.having("whose", _whose(heap.rows))
    heap = heap.keeping(pc.is_valid(heap.rows.column("whose")), NOBODY)
    heap = latest_of(heap, ("whose", "start_date"))
    found = _joined(engine, heap.rows, pupils)
    child, place, rung = (whole(found.column(name)) for name in ("child", "household", "rung"))
    told = pc.or_(pc.is_valid(child), pc.is_valid(place))
    words = pa.array([None, BY_NUMBER, BY_NAME, BY_HOUSEHOLD], pa.string())
    heap = heap.by(words.take(pc.if_else(told, rung, 0).cast(pa.int32())))
    heap = heap.having("child", child.cast(pa.int64())).having("place", place.cast(pa.int64())).having("rung", rung)
    heap = heap.keeping(pc.or_(told, pc.is_null(rung)), CHILD_IN_DOUBT)
    heap = heap.keeping(pc.is_valid(heap.rows.column("rung")), NOBODY)
    return Meals(heap.rows.select(["child", "place", *HELD]), (*heap.tallies, *roll.tallies))


def _with_pupils(heap: Heap, roll: Heap) -> tuple[Heap, Heap]:
    """Spells with what the roll says of their pupils, where they do not say it themselves; and the pupils who have a spell."""
    key = tidy.references(heap.rows.column("pupil_ref"))
    roll = roll.told_by("pupil", tidy.references(roll.rows.column("pupil_ref")))
    roll = latest_of(roll, ("pupil",))
    at = found_at(key, roll.rows.column("pupil"))
    rows = heap.rows
    said = {name: whole(roll.rows.column(name)).take(at) for name in PUPIL_SAYS}
    said["upn"] = pc.coalesce(said["upn"], whole(roll.rows.column("former_upn")).take(at))
    for name, other in said.items():
        rows = rows.set_column(rows.column_names.index(name), name, pc.coalesce(whole(rows.column(name)), other))
    return Heap(rows, heap.tallies), roll.keeping(pc.is_in(roll.rows.column("pupil"), key), NO_SPELL)


def _joined(engine: Engine, rows: pa.Table, pupils: Pupils) -> pa.Table:
    """The child or the household of each spell, and the key that told it."""
    if not rows.num_rows:
        return pa.table({name: pa.array([], pa.int64()) for name in ("row_no", "child", "household", "rung")})
    put = {"f_pupil": _pupils(rows), **_children(pupils)}
    for name, table in put.items():
        engine.put(name, table)
    engine.run(PUPIL_CHILD)
    engine.run(PUPIL_HOUSEHOLD)
    found = engine.fetch(PUPIL)
    engine.drop(*put, "f_child", "f_household")
    return found


def _pupils(rows: pa.Table) -> pa.Table:
    start = tidy.days(rows.column("start_date"))
    return pa.table(
        {
            "row_no": pa.array(np.arange(rows.num_rows, dtype=np.int64)),
            "upn": tidy.pupil_numbers(rows.column("upn")),
            **_named(rows),
            "postcode": tidy.postcodes(rows.column("postcode")),
            "start_day": start,
            "end_day": pc.max_element_wise(start, pc.fill_null(tidy.days(rows.column("end_date")), NEVER)),
        }
    )


def _children(pupils: Pupils) -> Mapping[str, pa.Table]:
    child_id = whole(pupils.identifier.column("child_id"))
    number = pa.table(
        {
            "upn": tidy.pupil_numbers(pupils.upn.column("handle")),
            "child": found_at(pupils.upn.column("child_id"), child_id),
        }
    )
    named = pa.table({"child": pa.array(np.arange(len(child_id), dtype=np.int64)), **_named(pupils.identifier)})
    home = pa.table(
        {
            "child": found_at(pupils.address.column("child_id"), child_id),
            "postcode": tidy.postcodes(pupils.address.column("postcode")),
        }
    )
    return {
        "f_number": number.filter(pc.and_(pc.is_valid(number.column("upn")), pc.is_valid(number.column("child")))),
        "f_child_named": named,
        "f_child_home": home.group_by(["child", "postcode"], use_threads=False).aggregate([]),
    }


def _named(rows: pa.Table) -> dict[str, pa.Array]:
    return {
        "forename": tidy.forenames(rows.column("forename")),
        "surname": tidy.surnames(rows.column("surname")),
        "birth": tidy.births(rows.column("birth_date")),
    }


def _whose(rows: pa.Table) -> pa.Array:
    """What tells one pupil from another: the number, or else the name and birth date; empty where there is neither."""
    named = list(_named(rows).values())
    person = joined([pc.fill_null(column.cast(pa.string()), "") for column in named], "|")
    anything = pc.or_(pc.or_(pc.is_valid(named[0]), pc.is_valid(named[1])), pc.is_valid(named[2]))
    return whole(pc.coalesce(tidy.pupil_numbers(rows.column("upn")), only(person, anything)))

"""Homelessness cases (H-CLIC): the last word on each, its people, and its spells in temporary accommodation (domain.md 2.7).

A case is told again in every quarter's return until it is closed, so a later return takes the place of an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.money import join_queries as q
from hearthlink.sources.money import tidy
from hearthlink.sources.money.files import Heap, latest_of, ordinal
from hearthlink.sources.money.join import IN_DOUBT, NOBODY, join
from hearthlink.sources.reading.columns import Values, found_at, joined, only, whole
from hearthlink.sources.reading.receipts import Tally

NO_CASE = "no such case among those that were joined"
BACKWARDS = "an end before its start"
ADULT = 18
RUNGS = (q.CLAIM, q.ACCOUNT, q.ADDRESS, q.TWO_PEOPLE)
HELD = (
    "opened_date", "assessed_date", "duty", "prevention_date", "relief_date", "main_date", "loss_reason", "tenancy_reason",
    "closed_date", "outcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Homelessness:
    """The content tables of cases and of spells in temporary accommodation, with `place`, the household's, in place of its key."""

    tables: Mapping[str, pa.Table]
    tallies: tuple[Tally, ...]


def read_homelessness(engine: Engine, case: Heap, person: Heap, temporary: Heap) -> Homelessness:
    """Cases that belong to a household on file. Works inside `households_at_hand`."""
    case, person, temporary = (
        heap.told_by("case", tidy.references(heap.rows.column("case_ref"))) for heap in (case, person, temporary)
    )
    case = latest_of(case, ("case",))
    person = latest_of(person, ("case", "forename", "surname", "birth_date"))
    row_no = found_at(person.rows.column("case"), case.rows.column("case"))
    people = person.rows.append_column("row_no", row_no.cast(pa.int64())).filter(pc.is_valid(row_no))
    found = join(engine, case.rows, people=[people], start="opened_date", end="closed_date", rungs=RUNGS)
    case = _with_people(case, people).having("place", found.place).by(found.key)
    case = case.keeping(pc.invert(found.in_doubt), IN_DOUBT)
    case = case.keeping(pc.is_valid(case.rows.column("place")), NOBODY)
    case = case.having("case_no", ordinal(case.rows, "place", "case", "opened_date"))
    person = person.keeping(pc.is_in(person.rows.column("case"), whole(case.rows.column("case"))), NO_CASE)
    temporary = latest_of(temporary, ("case", "start_date"))
    temporary = temporary.keeping(_forwards(temporary.rows), BACKWARDS)
    temporary = temporary.keeping(pc.is_in(temporary.rows.column("case"), whole(case.rows.column("case"))), NO_CASE)
    tables = {
        "homelessness": case.rows.select(["place", "case_no", *HELD, "people", "children"]),
        "temporary_accommodation": _spells(case.rows, temporary.rows),
    }
    return Homelessness(tables, (*case.tallies, *person.tallies, *temporary.tallies))


def _with_people(case: Heap, people: pa.Table) -> Heap:
    """The cases with how many people each has, and how many of them were under age when it opened."""
    birth = tidy.births(people.column("birth_date"))
    who = joined(
        [tidy.forenames(people.column("forename")), tidy.surnames(people.column("surname")), birth.cast(pa.string())],
        "|",
    )
    opened = case.rows.column("opened_date").take(people.column("row_no"))
    lived = pc.subtract(_calendar(opened), _calendar(only(people.column("birth_date"), pc.is_valid(birth))))
    under_age = pc.fill_null(pc.less(lived, ADULT * 10_000), False)
    told = pa.table({"row_no": people.column("row_no"), "who": who, "child": only(who, under_age)})
    each = told.group_by("row_no", use_threads=False).aggregate(
        [("who", "count_distinct"), ("child", "count_distinct")]
    )
    at = pc.index_in(pa.array(range(case.rows.num_rows), pa.int64()), value_set=whole(each.column("row_no")))
    for name, column in (("people", "who_count_distinct"), ("children", "child_count_distinct")):
        case = case.having(name, whole(each.column(column)).take(at))
    return case


def _calendar(day: Values) -> Values:
    """Dates as whole numbers that go up with them, ten thousand a year."""
    return pc.add(pc.add(pc.multiply(pc.year(day), 10_000), pc.multiply(pc.month(day), 100)), pc.day(day))


def _spells(case: pa.Table, temporary: pa.Table) -> pa.Table:
    """Spells of their own file, and the one spell that a case's own row may tell, where the file does not hold it."""
    own = case.filter(pc.is_valid(case.column("temporary_start")))
    own = pa.table(
        {
            "case": own.column("case"),
            "start_date": own.column("temporary_start"),
            "end_date": own.column("temporary_end"),
            "kind": own.column("temporary_kind"),
            "out_of_area": pa.nulls(own.num_rows, pa.bool_()),
        }
    )
    own = own.filter(_forwards(own))
    own = own.filter(pc.invert(pc.is_in(_spell(own), _spell(temporary))))
    spells = pa.concat_tables([temporary.select(own.column_names), own]).combine_chunks()
    row = found_at(spells.column("case"), case.column("case"))
    household = {name: case.column(name).take(row) for name in ("place", "case_no")}
    return pa.table(household | {name: spells.column(name) for name in own.column_names if name != "case"})


def _spell(rows: pa.Table) -> pa.Array:
    return joined([rows.column("case"), rows.column("start_date").cast(pa.string())], "|")


def _forwards(rows: pa.Table) -> pa.ChunkedArray:
    return pc.fill_null(pc.greater_equal(rows.column("end_date"), rows.column("start_date")), True)

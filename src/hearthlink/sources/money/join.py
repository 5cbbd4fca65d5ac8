"""Rows of another file put to the households they belong to: by reference where there is one, else by who is named and where they live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.intake.handles import Handles
from hearthlink.sources.money import join_queries as q
from hearthlink.sources.money import tidy
from hearthlink.sources.reading.columns import Values, blank_to_missing, found_at, whole

ADULTS = pa.array(["claimant", "partner"])
"""Whose money is the household's. A grown son's own Universal Credit is his, and not that of the parents he lives with."""

IN_DOUBT = "two households fit alike, so it is joined to neither"
NOBODY = "no household on file fits"
NAMES = ("forename", "surname", "birth_date")
NUMBERS = ("nino", "partner_nino")
"""National Insurance numbers, keyed."""


@dataclass(frozen=True, slots=True)
class Joined:
    """For each row its place among the households (empty where it has none), the key that told it, and whether several fitted alike."""

    place: pa.Array
    key: pa.Array
    in_doubt: pa.Array


@contextmanager
def households_at_hand(engine: Engine, tables: Mapping[str, pa.Table], handles: Handles) -> Iterator[None]:
    """The households before the engine, tidied, for as long as the block lasts. `tables` are the identity tables of households.

    National Insurance numbers stand in it, and in the rows that are joined, as whole numbers under `handles.nino_key`.
    """
    made = _households(tables, handles)
    for name, table in made.items():
        engine.put(name, table)
    try:
        yield
    finally:
        engine.drop(*made)


def join(
    engine: Engine,
    rows: pa.Table,
    *,
    people: Sequence[pa.Table],
    start: str,
    end: str | None,
    reference: str | None = None,
    rungs: tuple[int, ...] = q.LADDER,
) -> Joined:
    """Each row of an intake table put to a household. Works inside `households_at_hand`.

    `people` are tables of forename, surname, birth_date and `row_no`, the row of `rows` that names them. `start` and `end` are the columns
    of the row's dates; without `end` it speaks for one day. Rows that share a `reference` help one another.
    """
    if not rows.num_rows:
        return Joined(pa.array([], pa.int64()), pa.array([], pa.string()), pa.array([], pa.bool_()))
    put = {
        "j_row": _rows(rows, start, end, reference),
        "j_person": _people(people),
        "j_number": _numbers(rows),
    }
    for name, table in put.items():
        engine.put(name, table)
    engine.run(q.candidates(rungs))
    engine.run(q.DECIDED)
    joined = engine.fetch(q.JOINED)
    engine.drop(*put, "j_candidate", "j_decided")
    names = pa.array([None, *q.RUNGS.values()], pa.string())
    key = names.take(pc.fill_null(whole(joined.column("rung")), 0).cast(pa.int32()))
    return Joined(whole(joined.column("household")).cast(pa.int64()), key, whole(joined.column("in_doubt")))


def named_in(rows: pa.Table, prefix: str = "", row_no: pa.Array | None = None) -> pa.Table:
    """The people that rows name in their own columns, each with the number of its row."""
    held = {name: rows.column(f"{prefix}{name}") for name in NAMES}
    return pa.table(held | {"row_no": _count_up(rows.num_rows) if row_no is None else row_no})


def _rows(rows: pa.Table, start: str, end: str | None, reference: str | None) -> pa.Table:
    first = tidy.days(rows.column(start))
    last = first if end is None else pc.fill_null(tidy.days(rows.column(end)), q.NEVER)
    return pa.table(
        {
            "row_no": _count_up(rows.num_rows),
            "claim": tidy.references(_column(rows, "claim_ref")),
            "account": tidy.references(_column(rows, "ct_account_ref")),
            "uprn": tidy.uprns(_column(rows, "uprn")),
            "postcode": tidy.postcodes(_column(rows, "postcode")),
            "reference": pa.nulls(rows.num_rows, pa.string())
            if reference is None
            else blank_to_missing(rows.column(reference)),
            "start_day": first,
            "end_day": pc.max_element_wise(first, last),
        }
    )


def _people(people: Sequence[pa.Table]) -> pa.Table:
    told = pa.concat_tables([table.select(["row_no", *NAMES]) for table in people]).combine_chunks()
    return pa.table(
        {
            "row_no": told.column("row_no"),
            "forename": tidy.forenames(told.column("forename")),
            "surname": tidy.surnames(told.column("surname")),
            "birth": tidy.births(told.column("birth_date")),
        }
    )


def _numbers(rows: pa.Table) -> pa.Table:
    columns = [whole(rows.column(name)) for name in NUMBERS if name in rows.column_names]
    numbers = pa.concat_arrays([*columns, pa.array([], pa.int64())])
    made = pa.table({"row_no": np.tile(np.arange(rows.num_rows), len(columns)), "nino": numbers})
    return made.filter(pc.is_valid(made.column("nino")))


def _households(tables: Mapping[str, pa.Table], handles: Handles) -> dict[str, pa.Table]:
    identifier, member, residence = (
        tables[name] for name in ("household_identifier", "household_member", "household_residence")
    )
    household_id = whole(identifier.column("household_id"))
    claim = pa.concat_tables([handles.claim.select(["handle", "household_id"]), _own(household_id)])

    def spans(table: pa.Table, first: str = "start_date", last: str = "end_date") -> dict[str, Values]:
        return {
            "start_day": pc.fill_null(tidy.days(table.column(first)), q.EVER),
            "end_day": pc.fill_null(tidy.days(table.column(last)), q.NEVER),
        }

    people = {
        "household": found_at(member.column("household_id"), household_id),
        "adult": pc.is_in(member.column("role"), ADULTS),
        "forename": tidy.forenames(member.column("forename")),
        "surname": tidy.surnames(member.column("surname")),
        "birth": tidy.births(member.column("birth_date")),
        **spans(member),
    }
    homes = {
        "household": found_at(residence.column("household_id"), household_id),
        "uprn": tidy.uprns(residence.column("uprn")),
        "postcode": tidy.postcodes(residence.column("postcode")),
        **spans(residence),
    }
    return {
        "j_member": pa.table(people),
        "j_home": pa.table(homes),
        "j_span": pa.table({"household": _count_up(len(household_id)), **spans(identifier, "first_date", "last_date")}),
        "j_claim": _handled(claim, household_id, tidy.references(claim.column("handle"))),
        "j_account": _handled(handles.account, household_id, tidy.references(handles.account.column("handle"))),
        "j_nino": _handled(handles.nino, household_id, handles.nino.column("handle")),
    }


def _own(household_id: pa.Array) -> pa.Table:
    """A household's id is one of its claim references, whatever else it goes by."""
    return pa.table({"handle": pc.replace_substring_regex(household_id, "^hb:", ""), "household_id": household_id})


def _handled(handles: pa.Table, household_id: pa.Array, tidied: Values) -> pa.Table:
    made = pa.table({"handle": tidied, "household": found_at(handles.column("household_id"), household_id)})
    made = made.filter(pc.and_(pc.is_valid(made.column("handle")), pc.is_valid(made.column("household"))))
    return made.group_by(["handle", "household"], use_threads=False).aggregate([])


def _column(rows: pa.Table, name: str) -> Values:
    return rows.column(name) if name in rows.column_names else pa.nulls(rows.num_rows, pa.string())


def _count_up(rows: int) -> pa.Array:
    return pa.array(np.arange(rows, dtype=np.int64))

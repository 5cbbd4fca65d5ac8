"""Benefit households: the monthly files and the council tax periods brought together, filtered, and parted into two rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources import award_queries, member_queries
from hearthlink.sources import household_queries as q
from hearthlink.sources.columns import Values, found_at, joined, only
from hearthlink.sources.cts import CouncilTax
from hearthlink.sources.dates import day_number
from hearthlink.sources.receipts import Tally
from hearthlink.sources.shbe import Month
from hearthlink.sources.shbe_layout import PASSPORTED, STANDARD
from hearthlink.sources.years import CensusYear

NO_CHILD = "household without a child (declared filter)"
OUTSIDE = "outside the window"
ADULT = 18

PERSON = ("reference", "role", "forename", "middle", "surname", "forename_key", "birth", "sex", "start", "end")


@dataclass(frozen=True, slots=True)
class Households:
    """Identity and content tables of the households, by name, and the tallies of the files they came from."""

    tables: dict[str, pa.Table]
    tallies: tuple[Tally, ...]


def assemble(
    engine: Engine,
    months: Sequence[Month],
    council_tax: CouncilTax,
    *,
    year: CensusYear,
    new_key: Callable[[int], Sequence[int]],
    keep_childless: bool = False,
) -> Households:
    """Every table about households. Months are given oldest first; content tables carry a random key and no reference."""
    council_tax = _within_window(council_tax, year)
    engine.put("src_claim", _claims(months, year))
    engine.put("src_listing", pa.concat_tables([*_listings(months, year), _council_tax_listing(council_tax)]))
    engine.put("src_period", _periods(council_tax))
    born_after = day_number(year.start.replace(year=year.start.year - ADULT))
    steps = (q.ALIAS, q.REFERENCE, q.HOUSEHOLD, q.CLAIM, q.LISTING, q.PERIOD, q.kept(born_after, keep_childless=keep_childless))
    steps += (*member_queries.QUERIES, *award_queries.QUERIES)
    for query in steps:
        engine.run(query)
    removed = engine.fetch(q.REMOVED)
    identifier = engine.fetch(q.IDENTIFIER)
    named = Named(identifier.column("household"), identifier.column("household_id"), new_key)
    tables = {
        "household_identifier": named.both(_spanned(identifier, "first_date", "last_date", "first_day", "last_day")),
        "household_member": _members(named.identity(_fetch(engine, "m_member"))),
        "household_residence": named.identity(_spanned(engine.fetch(q.RESIDENCE), "start_date", "end_date")),
        "award": named.content(_spanned(_fetch(engine, "a_award"), "start_date", "end_date")),
        "household_fact": named.content(engine.fetch(q.FACT)),
    }
    engine.drop("src_claim", "src_listing", "src_period", "h_kept", *(query.writes for query in steps))
    return Households(tables, _tallies(months, council_tax, removed))


def _fetch(engine: Engine, name: str) -> pa.Table:
    return engine.take(name)


class Named:
    """The reference and the random key of each household, by its running number."""

    def __init__(
        self, number: pa.ChunkedArray, household_id: pa.ChunkedArray, new_key: Callable[[int], Sequence[int]]
    ) -> None:
        self._number = number.combine_chunks()
        self._id = household_id.combine_chunks()
        self._key = pa.array(new_key(len(self._id)), pa.int64())

    def identity(self, table: pa.Table) -> pa.Table:
        """The table with the reference in place of the number."""
        row = found_at(table.column("household").combine_chunks(), self._number)
        return table.drop_columns(["household"]).add_column(0, "household_id", self._id.take(row))

    def content(self, table: pa.Table) -> pa.Table:
        """The table with the key in place of the number."""
        row = found_at(table.column("household").combine_chunks(), self._number)
        return table.drop_columns(["household"]).add_column(0, "household_key", self._key.take(row))

    def both(self, table: pa.Table) -> pa.Table:
        """The table with the key beside the reference it already holds: the one place where the two meet."""
        return table.drop_columns(["household"]).add_column(1, "household_key", self._key)


# --- into the engine ------------------------------------------------------------------------------------


def _claims(months: Sequence[Month], year: CensusYear) -> pa.Table:
    parts: list[pa.Table] = []
    for month, facts in zip(months, _months(months, year), strict=True):
        claim = month.claim
        passport = claim.column("passport")
        told = pc.is_in(passport, pa.array([*PASSPORTED, *STANDARD]))
        passported = only(pc.is_in(passport, pa.array(PASSPORTED)), told)
        part = claim.drop_columns(["passport"]).append_column("passported", passported)
        parts.append(
            _with_month(part, facts).append_column("place", _place(claim.column("address"), claim.column("postcode")))
        )
    return pa.concat_tables(parts)


def _listings(months: Sequence[Month], year: CensusYear) -> list[pa.Table]:
    parts: list[pa.Table] = []
    for month, facts in zip(months, _months(months, year), strict=True):
        person = month.person.append_column("forename_key", _capitals(month.person.column("forename")))
        parts.append(_with_month(person, facts).append_column("source", _same(1, person.num_rows)).select(_LISTING))
    return parts


def _council_tax_listing(council_tax: CouncilTax) -> pa.Table:
    person = council_tax.person
    rows = person.num_rows
    columns = {name: person.column(name) for name in PERSON if name != "forename_key"}
    columns |= {
        "source": _same(2, rows),
        "hb_ref": pa.nulls(rows, pa.string()),
        "ctr_ref": person.column("claim_ref"),
        "forename_key": _capitals(person.column("forename")),
        "record": pa.array(np.ones(rows, bool)),
        "file_no": _same(0, rows),
        "seen_from": person.column("start"),
        "seen_to": pa.nulls(rows, pa.int32()),
        "is_last": pa.array(np.zeros(rows, bool)),
    }
    return pa.table(columns).select(_LISTING)


_LISTING = ["source", "hb_ref", "ctr_ref", *PERSON, "record", "file_no", "seen_from", "seen_to", "is_last"]


def _periods(council_tax: CouncilTax) -> pa.Table:
    period = council_tax.period
    columns = {name: period.column(name) for name in period.column_names if name != "claim_ref"}
    columns["hb_ref"] = pa.nulls(period.num_rows, pa.string())
    columns["ctr_ref"] = period.column("claim_ref")
    columns["place"] = _place(period.column("address"), period.column("postcode"))
    return pa.table(columns)


def _months(months: Sequence[Month], year: CensusYear) -> list[dict[str, int | bool]]:
    """For each file its number, the first and the last day it speaks for, and whether it is the first or the last."""
    before = day_number(year.window_start) - 1
    facts: list[dict[str, int | bool]] = []
    for number, month in enumerate(months, 1):
        first, last = number == 1, number == len(months)
        facts.append(
            {"file_no": number, "seen_from": before + 1, "seen_to": month.scan, "is_first": first, "is_last": last}
        )
        before = month.scan
    return facts


def _with_month(table: pa.Table, facts: dict[str, int | bool]) -> pa.Table:
    for name, value in facts.items():
        column = pa.array(np.full(table.num_rows, value)) if isinstance(value, bool) else _same(value, table.num_rows)
        table = table.append_column(name, column)
    return table


def _same(value: int, rows: int) -> pa.Array:
    return pa.array(np.full(rows, value, np.int32))


def _capitals(names: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_upper(names)


def _place(address: Values, postcode: Values) -> pa.Array:
    """What tells one address from another: its letters and digits and those of the postcode. Empty where there are none."""
    coded = joined([pc.fill_null(address, ""), pc.fill_null(postcode, "")], "|").dictionary_encode()
    bare = pc.replace_substring_regex(pc.utf8_upper(coded.dictionary), r"[^\pL\pN|]", "")
    return only(bare, pc.not_equal(bare, "|")).take(coded.indices)


def _within_window(council_tax: CouncilTax, year: CensusYear) -> CouncilTax:
    """Periods that touch the window; the others are counted."""
    period, period_tally = _touching(council_tax.period, council_tax.period_tally, year)
    person, person_tally = _touching(council_tax.person, council_tax.person_tally, year)
    return CouncilTax(period, person, period_tally, person_tally)


def _touching(table: pa.Table, counted: Tally, year: CensusYear) -> tuple[pa.Table, Tally]:
    begun = pc.fill_null(pc.less_equal(table.column("start"), day_number(year.end)), True)
    lasts = pc.fill_null(pc.greater_equal(table.column("end"), day_number(year.window_start)), True)
    kept = table.filter(pc.and_(begun, lasts))
    return kept, counted.refusing(OUTSIDE, table.num_rows - kept.num_rows)


# --- out of the engine ----------------------------------------------------------------------------------


def _spanned(table: pa.Table, start: str, end: str, start_day: str = "start_day", end_day: str = "end_day") -> pa.Table:
    """The table with dates in place of days; what still runs has no end."""
    days = table.column(end_day)
    known = only(days, pc.less(days, q.OPEN))
    table = table.append_column(start, table.column(start_day).cast(pa.int32()).cast(pa.date32()))
    return table.append_column(end, known.cast(pa.int32()).cast(pa.date32())).drop_columns([start_day, end_day])


def _members(table: pa.Table) -> pa.Table:
    spanned = _spanned(table, "start_date", "end_date")
    member_id = joined([spanned.column("household_id"), spanned.column("reference")], "|")
    forename = joined([spanned.column("forename"), spanned.column("middle")], " ")
    birth = spanned.column("birth").cast(pa.int32()).cast(pa.date32())
    return pa.table(
        {
            "household_id": spanned.column("household_id"),
            "member_id": member_id,
            "role": spanned.column("role"),
            "forename": forename,
            "surname": spanned.column("surname"),
            "birth_date": birth,
            "sex": only(spanned.column("sex"), pc.is_in(spanned.column("sex"), pa.array(["F", "M"]))),
            "start_date": spanned.column("start_date"),
            "end_date": spanned.column("end_date"),
        }
    )


def _tallies(months: Sequence[Month], council_tax: CouncilTax, removed: pa.Table) -> tuple[Tally, ...]:
    gone = {(row["source"], row["file_no"]): row["records"] for row in removed.to_pylist()}
    by_month = [month.tally.refusing(NO_CHILD, gone.get((1, number), 0)) for number, month in enumerate(months, 1)]
    persons = council_tax.person_tally.refusing(NO_CHILD, gone.get((2, 0), 0))
    periods = council_tax.period_tally.refusing(NO_CHILD, gone.get((3, 0), 0))
    return (*by_month, persons, periods)

"""Benefit households: the monthly files and the council tax periods brought together, filtered, and parted into two rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources import award_queries, member_queries
from hearthlink.sources import household_queries as q
from hearthlink.sources.columns import found_at, joined, only, whole
from hearthlink.sources.cts import CouncilTax
from hearthlink.sources.dates import day_number
from hearthlink.sources.household_tables import claims, council_tax_listing, listings, number_households, periods
from hearthlink.sources.receipts import Tally
from hearthlink.sources.shbe import Month
from hearthlink.sources.years import CensusYear

NO_CHILD = "household without a child (declared filter)"
OUTSIDE = "outside the window"
ADULT = 18


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
    numbered = number_households(engine, claims(months, year), listings(months, year), council_tax)
    engine.put("h_claim", numbered.claim)
    engine.put("h_listing", pa.concat_tables([numbered.listing, council_tax_listing(numbered.person)]))
    engine.put("h_period", periods(numbered.period))
    born_after = day_number(year.start.replace(year=year.start.year - ADULT))
    steps = (q.kept(born_after, keep_childless=keep_childless), *member_queries.QUERIES, *award_queries.QUERIES)
    for query in steps:
        engine.run(query)
    identifier = engine.fetch(q.IDENTIFIER)
    named = Named(identifier, new_key)
    removed = engine.fetch(q.REMOVED)
    tables = {
        "household_identifier": named.both(_spanned(identifier, "first_date", "last_date", "first_day", "last_day")),
        "household_member": _members(named.identity(engine.take("m_member"))),
        "household_residence": named.identity(_spanned(engine.fetch(q.RESIDENCE))),
        "award": named.content(_spanned(engine.take("a_award"))),
        "household_fact": named.content(engine.fetch(q.FACT)),
    }
    engine.drop("h_claim", "h_listing", "h_period", "src_household", *(query.writes for query in steps))
    return Households(tables, _tallies(months, council_tax, removed))


class Named:
    """The reference and the random key of each household, by its running number."""

    def __init__(self, identifier: pa.Table, new_key: Callable[[int], Sequence[int]]) -> None:
        self._number = whole(identifier.column("household"))
        self._id = whole(identifier.column("household_id"))
        self._key = pa.array(new_key(len(self._id)), pa.int64())

    def identity(self, table: pa.Table) -> pa.Table:
        """The table with the reference in place of the number."""
        row = found_at(table.column("household"), self._number)
        return table.drop_columns(["household"]).add_column(0, "household_id", self._id.take(row))

    def content(self, table: pa.Table) -> pa.Table:
        """The table with the key in place of the number."""
        row = found_at(table.column("household"), self._number)
        return table.drop_columns(["household"]).add_column(0, "household_key", self._key.take(row))

    def both(self, table: pa.Table) -> pa.Table:
        """The table with the key beside the reference it already holds: the one place where the two meet."""
        return table.drop_columns(["household"]).add_column(1, "household_key", self._key)


def _within_window(council_tax: CouncilTax, year: CensusYear) -> CouncilTax:
    """Periods that touch the window; the others are counted."""
    period, period_tally = _touching(council_tax.period, council_tax.period_tally, year)
    person, person_tally = _touching(council_tax.person, council_tax.person_tally, year)
    return CouncilTax(period, person, period_tally, person_tally)


def _touching(table: pa.Table, counted: Tally, year: CensusYear) -> tuple[pa.Table, Tally]:
    begun = pc.fill_null(pc.less_equal(table.column("start"), day_number(year.end)), fill_value=True)
    lasts = pc.fill_null(pc.greater_equal(table.column("end"), day_number(year.window_start)), fill_value=True)
    kept = table.filter(pc.and_(begun, lasts))
    return kept, counted.refusing(OUTSIDE, table.num_rows - kept.num_rows)


def _spanned(
    table: pa.Table,
    start: str = "start_date",
    end: str = "end_date",
    start_day: str = "start_day",
    end_day: str = "end_day",
) -> pa.Table:
    """The table with dates in place of days; what still runs has no end."""
    days = table.column(end_day)
    known = only(days, pc.less(days, q.OPEN))
    table = table.append_column(start, table.column(start_day).cast(pa.int32()).cast(pa.date32()))
    return table.append_column(end, known.cast(pa.int32()).cast(pa.date32())).drop_columns([start_day, end_day])


def _members(table: pa.Table) -> pa.Table:
    spanned = _spanned(table)
    sex = spanned.column("sex")
    return pa.table(
        {
            "household_id": spanned.column("household_id"),
            "member_id": joined([spanned.column("household_id"), spanned.column("reference")], "|"),
            "role": spanned.column("role"),
            "forename": joined([spanned.column("forename"), spanned.column("middle")], " "),
            "surname": spanned.column("surname"),
            "birth_date": spanned.column("birth").cast(pa.int32()).cast(pa.date32()),
            "sex": only(sex, pc.is_in(sex, pa.array(["F", "M"]))),
            "start_date": spanned.column("start_date"),
            "end_date": spanned.column("end_date"),
        }
    )


def _tallies(months: Sequence[Month], council_tax: CouncilTax, removed: pa.Table) -> tuple[Tally, ...]:
    gone = {(row["source"], row["file_no"]): row["records"] for row in removed.to_pylist()}
    by_month = [month.tally.refusing(NO_CHILD, gone.get((1, number), 0)) for number, month in enumerate(months, 1)]
    persons = council_tax.person_tally.refusing(NO_CHILD, gone.get((2, 0), 0))
    periods_read = council_tax.period_tally.refusing(NO_CHILD, gone.get((3, 0), 0))
    return (*by_month, persons, periods_read)

"""Benefit households: the monthly files and the periods brought together, filtered, followed, and parted into two rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.claims import award_queries, member_queries
from hearthlink.sources.claims import household_queries as q
from hearthlink.sources.claims.cts import Periods
from hearthlink.sources.claims.household_follow import Followed, follow
from hearthlink.sources.claims.household_period import from_months, from_periods, in_order
from hearthlink.sources.claims.household_sources import OUTSIDE, Benefits
from hearthlink.sources.claims.household_tables import Numbered, address_table, number_households, period_table
from hearthlink.sources.intake.handles import Handles
from hearthlink.sources.reading.columns import found_at, joined, only, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.years import CensusYear

__all__ = ["NO_CHILD", "OUTSIDE", "Households", "assemble"]

NO_CHILD = "household without a child (declared filter)"
ADULT = 18


@dataclass(frozen=True, slots=True)
class Households:
    """Identity and content tables of the households, by name, the tallies of the files they came from, and how they are told elsewhere."""

    tables: dict[str, pa.Table]
    tallies: tuple[Tally, ...]
    handles: Handles


def assemble(
    engine: Engine,
    benefits: Benefits,
    *,
    year: CensusYear,
    new_key: Callable[[int], Sequence[int]],
    keep_childless: bool = False,
) -> Households:
    """Every table about households. Content tables carry a random key and no reference."""
    periods = [_within_window(one, year) for one in benefits.periods]
    numbered = number_households(engine, benefits.folded, periods)
    put = {
        "h_claim": numbered.claim,
        "h_listing": numbered.listing,
        "h_record": numbered.record,
        "h_period": period_table(numbered.periods, months=benefits.folded is not None),
        "h_address": address_table(benefits.addresses),
    }
    for name, table in put.items():
        engine.put(name, table)
    born_after = day_number(year.start.replace(year=year.start.year - ADULT))
    kept = q.kept(born_after, keep_childless=keep_childless)
    for queries in ((kept,), member_queries.QUERIES, award_queries.QUERIES, (q.IDENTIFIER,)):
        for query in queries:
            engine.run(query)
        # What led to the last of them is let go at once: each is about as large as all the months together.
        engine.drop(*(query.writes for query in queries[:-1]))
    followed = follow(engine)
    identifier = engine.take(q.IDENTIFIER.writes)
    named = Named(identifier, new_key)
    removed = engine.fetch(q.REMOVED)
    tables = {
        "household_identifier": named.both(_spanned(identifier, "first_date", "last_date", "first_day", "last_day")),
        "household_member": _members(named.identity(engine.take("m_member"))),
        "household_residence": named.identity(_spanned(engine.fetch(q.RESIDENCE))),
        "household_count": named.identity(_spanned(engine.fetch(q.STATED))),
        "award": named.content(_spanned(engine.take("a_award"))),
        "household_fact": named.content(engine.fetch(q.FACT)),
        "household_period": named.content(_spanned(_stretches(engine, benefits, periods, numbered))),
        "household_followed": named.followed(followed),
    }
    handles = named.handles(numbered, benefits.nino_key)
    engine.drop(*put, "src_household", kept.writes, "m_member", "a_award", q.IDENTIFIER.writes)
    return Households(tables, (*_tallies(benefits, periods, removed), followed.tally), handles)


def _stretches(engine: Engine, benefits: Benefits, periods: Sequence[Periods], numbered: Numbered) -> pa.Table:
    """Circumstances of the households that stay, by stretch."""
    kept = engine.take("h_kept").column("household")
    told = [] if benefits.folded is None else [from_months(engine, benefits.folded, numbered.run)]
    for one, period in zip(periods, numbered.periods, strict=True):
        stays = period.filter(pc.is_in(period.column("household"), whole(kept)))
        people = [person for other, person in zip(periods, numbered.persons, strict=True) if other.source == one.source]
        told.append(from_periods(engine, stays, pa.concat_tables(people), one.source))
    return in_order(told)


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

    def handles(self, numbered: Numbered, nino_key: Sequence[int]) -> Handles:
        """How the households are told in other files: for joining those to them in memory, and never kept."""
        accounts = [
            one.select(["ct_account_ref", "household"]).rename_columns(["handle", "household"])
            for one in numbered.periods
        ]
        listed = numbered.listing.select(["nino", "household"]).rename_columns(["handle", "household"])
        empty = pa.table(
            {
                "handle": pa.array([], pa.string()),
                "household": pa.array([], numbered.reference.column("household").type),
            }
        )
        account = pa.concat_tables([*accounts, empty], promote_options="permissive")
        made = (
            self.identity(table.filter(pc.is_valid(table.column("handle"))))
            for table in (numbered.reference, account, listed)
        )
        claim, account, nino = (table.filter(pc.is_valid(table.column("household_id"))) for table in made)
        return Handles(claim=claim, account=account, nino=nino, nino_key=tuple(nino_key))

    def followed(self, told: Followed) -> pa.Table:
        """The households that go on as another, by their keys."""
        keys = {
            name: self._key.take(found_at(told.table.column(name), self._number))
            for name in ("later", "earlier", "first")
        }
        return pa.table(
            {
                "household_key": keys["later"],
                "follows_key": keys["earlier"],
                "first_key": keys["first"],
                "rule": told.table.column("rule"),
            }
        )

    def both(self, table: pa.Table) -> pa.Table:
        """The table with the key beside the reference it already holds: the one place where the two meet."""
        return table.drop_columns(["household"]).add_column(1, "household_key", self._key)


def _within_window(one: Periods, year: CensusYear) -> Periods:
    """Periods that touch the window; the others are counted."""
    period, period_tally = _touching(one.period, one.period_tally, year)
    person, person_tally = _touching(one.person, one.person_tally, year)
    return replace(one, period=period, person=person, period_tally=period_tally, person_tally=person_tally)


def _touching(table: pa.Table, counted: Tally | None, year: CensusYear) -> tuple[pa.Table, Tally | None]:
    begun = pc.fill_null(pc.less_equal(table.column("start"), day_number(year.end)), fill_value=True)
    lasts = pc.fill_null(pc.greater_equal(table.column("end"), day_number(year.window_start)), fill_value=True)
    kept = table.filter(pc.and_(begun, lasts))
    return kept, counted and counted.refusing(OUTSIDE, table.num_rows - kept.num_rows)


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


def _tallies(benefits: Benefits, periods: Sequence[Periods], removed: pa.Table) -> tuple[Tally, ...]:
    gone = {(row["source"], row["file_no"]): int(row["records"]) for row in removed.to_pylist()}
    months = () if benefits.folded is None else benefits.folded.tallies
    tallies = [month.refusing(NO_CHILD, gone.get((1, number), 0)) for number, month in enumerate(months, 1)]
    for number, one in enumerate(periods, 1):
        for source, counted in ((2, one.person_tally), (3, one.period_tally)):
            if counted is not None:
                tallies.append(counted.refusing(NO_CHILD, gone.get((source, number), 0)))
    return tuple(tallies)

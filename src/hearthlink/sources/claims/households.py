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
from hearthlink.sources.claims.household_sources import Benefits
from hearthlink.sources.claims.household_tables import Numbered, address_table, number_households, period_table
from hearthlink.sources.claims.household_window import Window, stays, touching, window_of
from hearthlink.sources.intake.handles import Handles
from hearthlink.sources.reading.columns import found_at, joined, only, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.years import OUTSIDE, CensusYear

__all__ = ["NO_CHILD", "OUTSIDE", "Households", "assemble"]

NO_CHILD = "household without a child (declared filter)"
ADULT = 18
PUT = ("h_claim", "h_listing", "h_period")
"""What the queries read, by the names under which it is put before them."""


@dataclass(frozen=True, slots=True)
class Households:
    """Identity and content tables of the households, by name, the tallies of the files they came from, and how they are told elsewhere.

    `over_time` are the identity tables as the whole time tells them, households in the same order: for linking as at an earlier day, and
    for joining rows of other files in memory. Those of `tables` are as the window tells them, and a household of another time has no person,
    home or count there. `of_the_window` are the ids of the households of the window and of those that go on as one of them, or as which
    one of them goes on.
    """

    tables: dict[str, pa.Table]
    over_time: dict[str, pa.Table]
    of_the_window: pa.Array
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
    periods = [_within_time(one, year) for one in benefits.periods]
    numbered = number_households(engine, benefits.folded, periods)
    period = period_table(numbered.periods, months=benefits.folded is not None)
    month = None if benefits.folded is None else benefits.folded.month
    window = window_of(numbered.claim, numbered.listing, period, month, year)
    engine.put("h_address", address_table(benefits.addresses))
    whole_time = Window(numbered.claim, numbered.listing, period, narrower=False)
    with_child = _with_child(engine, whole_time, year, keep_childless=keep_childless)
    own = _told(engine, window, with_child) if window.narrower else None
    every = _told(engine, whole_time, with_child, leaves=True)
    own = own or every
    followed = follow(engine)
    inside = whole(own["identifier"].column("household"))
    near = stays(inside, *(followed.table.column(name).to_pylist() for name in ("earlier", "later")))
    engine.put("h_record", numbered.record)
    removed = engine.fetch(q.REMOVED)
    for query in award_queries.QUERIES:
        engine.run(query)
    engine.drop(*(query.writes for query in award_queries.QUERIES[:-1]))
    named = Named(every["identifier"], new_key)
    identifier = _identifier(every["identifier"], own["identifier"])
    tables = {
        "household_identifier": named.both(identifier),
        "household_member": _members(named.identity(own["member"])),
        "household_residence": named.identity(_spanned(own["residence"])),
        "household_count": named.identity(_spanned(own["stated"])),
        "award": named.content(_spanned(engine.take("a_award"))),
        "household_fact": named.content(engine.fetch(q.FACT)),
        "household_period": named.content(_spanned(_stretches(engine, benefits, periods, numbered))),
        "household_followed": named.followed(followed),
    }
    over_time = {
        "household_identifier": named.both(_dated(every["identifier"])),
        "household_member": _members(named.identity(every["member"])),
        "household_residence": named.identity(_spanned(every["residence"])),
        "household_count": named.identity(_spanned(every["stated"])),
    }
    handles = named.handles(numbered, benefits.nino_key)
    engine.drop(*PUT, "h_record", "h_address", "src_household", "h_kept", "m_member", q.IDENTIFIER.writes, "a_award")
    of_the_window = named.ids(near)
    return Households(
        tables, over_time, of_the_window, (*_tallies(benefits, periods, removed), followed.tally), handles
    )


def _with_child(engine: Engine, told: Window, year: CensusYear, *, keep_childless: bool) -> pa.Array:
    """The households with a child at any time looked at: one that is listed only after the referral was there before it."""
    _put(engine, told)
    kept = q.kept(day_number(year.start.replace(year=year.start.year - ADULT)), keep_childless=keep_childless)
    households = whole(engine.fetch(kept).column("household"))
    engine.drop(*PUT)
    return households


def _put(engine: Engine, told: Window) -> None:
    for name, table in zip(PUT, (told.claim, told.listing, told.period), strict=True):
        engine.put(name, table)


def _told(engine: Engine, told: Window, with_child: pa.Array, *, leaves: bool = False) -> dict[str, pa.Table]:
    """What some claims, listings and periods tell of the households with a child: identifier, member, residence and stated, by number.

    Where it `leaves` them, the tables that were put, `h_kept`, `h_identifier` and `m_member` are left before the engine.
    """
    _put(engine, told)
    there = pa.concat_tables([table.select(["household"]) for table in (told.claim, told.listing, told.period)])
    engine.put(
        "h_kept", pa.table({"household": with_child.filter(pc.is_in(with_child, whole(there.column("household"))))})
    )
    for query in (*member_queries.QUERIES, q.IDENTIFIER):
        engine.run(query)
    # What led to the members is let go at once: each is about as large as all the months together.
    engine.drop(*(query.writes for query in member_queries.QUERIES[:-1]))
    tables = {
        "identifier": engine.take(q.IDENTIFIER.writes),
        "member": engine.take("m_member"),
        "residence": engine.fetch(q.RESIDENCE),
        "stated": engine.fetch(q.STATED),
    }
    if not leaves:
        engine.drop(*PUT, "h_kept", q.IDENTIFIER.writes, "m_member")
    return tables


def _identifier(every: pa.Table, own: pa.Table) -> pa.Table:
    """The households as the window tells them, and those of other times with their own days and no more."""
    row = found_at(every.column("household"), own.column("household"))
    inside = pc.is_valid(row)
    days = {
        name: pc.if_else(inside, whole(own.column(name)).take(row), whole(every.column(name)))
        for name in ("first_day", "last_day")
    }
    stated = whole(own.column("dependants_stated")).take(row)
    told = pa.table({"household": every.column("household"), "household_id": every.column("household_id"), **days})
    return _dated(told.append_column("dependants_stated", stated))


def _dated(identifier: pa.Table) -> pa.Table:
    dated = _spanned(identifier, "first_date", "last_date", "first_day", "last_day")
    return dated.select(["household", "household_id", "first_date", "last_date", "dependants_stated"])


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

    def ids(self, number: pa.Array) -> pa.Array:
        """The references of households, by their numbers."""
        return self._id.take(found_at(number, self._number))

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
        made = [
            self.identity(table.filter(pc.is_valid(table.column("handle"))))
            for table in (numbered.reference, account, listed)
        ]
        claim, account, nino = (table.filter(pc.is_valid(table.column("household_id"))) for table in made)
        unkept = whole(made[0].filter(pc.is_null(made[0].column("household_id"))).column("handle"))
        return Handles(claim=claim, account=account, nino=nino, nino_key=tuple(nino_key), unkept=unkept)

    def followed(self, told: Followed) -> pa.Table:
        """The households that go on as another, by their keys."""
        table = told.table.filter(pc.is_in(told.table.column("later"), self._number))
        keys = {
            name: self._key.take(found_at(table.column(name), self._number)) for name in ("later", "earlier", "first")
        }
        return pa.table(
            {
                "household_key": keys["later"],
                "follows_key": keys["earlier"],
                "first_key": keys["first"],
                "rule": table.column("rule"),
            }
        )

    def both(self, table: pa.Table) -> pa.Table:
        """The table with the key beside the reference it already holds: the one place where the two meet."""
        return table.drop_columns(["household"]).add_column(1, "household_key", self._key)


def _within_time(one: Periods, year: CensusYear) -> Periods:
    """Periods that touch the time looked at; the others are counted."""
    period, person = (touching(table, year, wide=True) for table in (one.period, one.person))
    gone = (one.period.num_rows - period.num_rows, one.person.num_rows - person.num_rows)
    tallies = (
        counted and counted.refusing(OUTSIDE, rows)
        for counted, rows in zip((one.period_tally, one.person_tally), gone, strict=True)
    )
    period_tally, person_tally = tallies
    return replace(one, period=period, person=person, period_tally=period_tally, person_tally=person_tally)


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

    def without(counted: Tally, place: tuple[int, int]) -> Tally:
        return counted.refusing(NO_CHILD, gone.get(place, 0))

    months = () if benefits.folded is None else benefits.folded.tallies
    tallies = [without(month, (1, number)) for number, month in enumerate(months, 1)]
    for number, one in enumerate(periods, 1):
        for source, counted in ((2, one.person_tally), (3, one.period_tally)):
            if counted is not None:
                tallies.append(without(counted, (source, number)))
    return tuple(tallies)

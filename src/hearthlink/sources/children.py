"""Children: the census and the case system brought together by the council's own id, and parted into two rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.activity.census import Census
from hearthlink.sources.case.children_adults import adults
from hearthlink.sources.case.children_homes import CONFIDENTIAL, addresses, set_aside
from hearthlink.sources.case.children_join import Join, join_persons, ways
from hearthlink.sources.case.children_merged import owner_of, survivors
from hearthlink.sources.case.children_rates import join_rates
from hearthlink.sources.case.identifier_tables import FILE, Identifiers, in_order
from hearthlink.sources.intake.spells import NOT_A_CHILD, STAGES, Spells, united, usable
from hearthlink.sources.other_years import OtherYear, with_other_years
from hearthlink.sources.reading.columns import Values, found_at, matches, whole
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.years import CensusYear

NO_IDENTIFIERS = "no identifiers found"
MERGED = "merged into another record"
WITHHELD = r"(?i)confidential|restricted"


@dataclass(frozen=True, slots=True)
class Children:
    """Identity and content tables of the children, by name; the tallies of the files they came from; and how ids joined.

    `ids` has every id (`handle`) that a child goes by in the census and the case system, pupil numbers too, beside `child_id`; it is used
    in memory alone.
    """

    tables: Mapping[str, pa.Table]
    tallies: tuple[Tally, ...]
    join_rate: pa.Table
    followed_up: pa.Table
    ids: pa.Table


def bring_together(
    census: Census,
    identifiers: Identifiers,
    stages: Sequence[Spells],
    year: CensusYear,
    new_key: Callable[[int], Sequence[int]],
    *,
    others: Sequence[OtherYear] = (),
) -> Children:
    """Every table about children. Content tables carry a random key and no id of the council.

    `others` are censuses of other years: they add to the content tables of these children, and nobody to them.

    Raises DataProblem where the census's children are not among the persons, or where records are merged in a circle.
    """
    child_id = whole(census.child.column("child_id"))
    key = pa.array(new_key(len(child_id)), pa.int64())
    person = in_order(identifiers.person)
    join = join_persons(census.child, person, identifiers.persons)
    survivor = survivors(person, identifiers.persons)
    row = survivor.take(join.row)
    owner = owner_of(child_id, row, person, survivor)
    address, tallies = addresses(identifiers.address, owner, identifiers.tallies)
    adult, tallies = adults(identifiers.adult, owner, tallies)
    address, adult = owner.shared(address), owner.shared(adult)
    tallies = _persons_counted(tallies, person, row, survivor, join)
    first = _first_referrals(census.referral, year)
    beside = with_other_years(census, others, year, first)
    spells = [usable(one, owner.of(one.table.column("person_id"))) for one in (*stages, *beside.plans)]
    told = {stage: united(stage, spells) for stage in STAGES}
    parts = {stage: (owner.shared(table), counted) for stage, (table, counted) in told.items()}
    identifier = _identifiers(census, person.take(row), address, key, year)
    keyed = Keyed(child_id, key)
    tables = {
        "child_identifier": identifier,
        "child_address": address.drop_columns([CONFIDENTIAL]),
        "child_adult": adult,
        "child_referral": first,
        "child": _child(census.child, identifier, key),
        "referral": _referral(keyed.part(beside.referral), year),
        "assessment": _dated(keyed.part(beside.followed["assessment"]), "start", "end"),
        "section47": _dated(keyed.part(beside.followed["section47"]), "start", "conference"),
        "protection_plan": _dated(keyed.part(beside.followed["protection_plan"]), "start", "end"),
        **{stage: keyed.part(table) for stage, (table, _) in parts.items()},
    }
    reached = {
        "referral": first,
        "assessment": census.assessment,
        "section 47": census.section47,
        "plan": pa.concat_tables([t.select(["child_id"]) for t in (census.protection_plan, parts["cin_plan"][0])]),
        "looked after": parts["looked_after"][0],
    }
    masks = {stage: pc.is_in(child_id, whole(table.column("child_id"))) for stage, table in reached.items()}
    rates = join_rates(identifiers.source, join, masks, whole(census.child.column("birth_day")))
    counted = census.tally.noting(NO_IDENTIFIERS, join.row.null_count)
    counts = (counted, *beside.tallies, *tallies, *(t for _, told in parts.values() for t in told))
    return Children(tables, counts, rates, beside.followed_up, _ids(census.child, person.take(row)))


def _ids(child: pa.Table, person: pa.Table) -> pa.Table:
    """Every id that each child goes by."""
    own = whole(child.column("child_id"))
    told = [own, child.column("upn"), *(person.column(name) for name in ("person_id", "child_id", "legacy_id", "upn"))]
    parts = [pa.table({"handle": whole(column), "child_id": own}) for column in told]
    held = pa.concat_tables(parts)
    return held.filter(pc.is_valid(held.column("handle")))


def _persons_counted(
    tallies: Sequence[Tally], person: pa.Table, row: pa.Array, survivor: pa.Array, join: Join
) -> list[Tally]:
    """The tallies, the persons who are nobody of the census set aside, and those by whom children were found noted."""
    own = pa.array(range(person.num_rows), pa.int64())
    used = person.filter(pc.is_in(own, row.drop_null().cast(pa.int64())))
    merged = person.filter(pc.and_(pc.not_equal(survivor, own), pc.is_in(survivor, row.drop_null().cast(pa.int64()))))
    kept = pa.concat_tables([used, merged])
    counted = set_aside(tallies, NOT_A_CHILD, person, kept)
    if not person.num_rows:
        return counted
    first = pc.min(person.column(FILE)).as_py()
    for way, children in ways(join).items():
        counted[first] = counted[first].noting(f"joined by {way}", children)
    counted[first] = counted[first].noting(MERGED, merged.num_rows)
    return counted


@dataclass(frozen=True, slots=True)
class Keyed:
    """The random key of each child."""

    child_id: pa.Array
    key: pa.Array

    def part(self, table: pa.Table) -> pa.Table:
        """The table with the key in place of the id."""
        ids = whole(table.column("child_id"))
        keys = self.key.take(found_at(ids, self.child_id))
        return table.drop_columns(["child_id"]).add_column(0, "child_key", keys)


def _identifiers(census: Census, person: pa.Table, address: pa.Table, key: pa.Array, year: CensusYear) -> pa.Table:
    """Names and birth dates as the case system holds them. A date it keeps as an estimate is used, and marked as one."""
    child = census.child
    in_census = child.column("birth_day").cast(pa.date32())
    held, expected = person.column("birth_date"), person.column("expected_birth_date")
    born = pc.coalesce(held, in_census)
    born = pc.if_else(pc.fill_null(pc.less_equal(born, pa.scalar(year.end)), False), born, pa.scalar(None, pa.date32()))
    unborn = pc.and_(pc.is_null(born), pc.is_valid(child.column("expected_day")))
    said = pc.and_(pc.is_valid(held), pc.fill_null(person.column("birth_date_estimated"), False))
    moved = pc.and_(pc.is_null(held), pc.is_valid(expected))
    birth = pc.if_else(unborn, pa.scalar(None, pa.date32()), pc.coalesce(born, expected))
    return pa.table(
        {
            "child_id": child.column("child_id"),
            "child_key": key,
            "forename": person.column("forename"),
            "surname": person.column("surname"),
            "birth_date": birth,
            "birth_date_estimated": pc.and_(pc.or_(said, moved), pc.invert(unborn)),
            "sex": pc.coalesce(child.column("sex"), person.column("sex")),
            "restricted": _restricted(child.column("child_id"), person, address),
            "unborn": unborn,
            "middle_names": person.column("middle_names"),
            "known_as": person.column("known_as"),
            "former_surname": person.column("former_surname"),
        }
    )


def _restricted(child_id: pa.ChunkedArray, person: pa.Table, address: pa.Table) -> pa.ChunkedArray:
    """Locked records: by the system's own flag where it has one, by what an address is called, or by a note in the name."""
    said = pc.fill_null(person.column("restricted"), False)
    withheld = pc.or_(_says(address.column("address_kind")), _says(address.column("address")))
    withheld = pc.or_(withheld, whole(address.column(CONFIDENTIAL)))
    locked = whole(address.column("child_id").filter(withheld))
    named = pc.or_(_says(person.column("forename")), _says(person.column("surname")))
    return pc.or_(pc.or_(said, named), pc.is_in(child_id, locked))


def _says(column: Values) -> pa.Array:
    return matches(column, WITHHELD)


def _first_referrals(referral: pa.Table, year: CensusYear) -> pa.Table:
    """Each child's first referral in the year, whatever its need or outcome."""
    day = referral.column("referral_day").cast(pa.date32())
    dated = pa.table({"child_id": referral.column("child_id"), "referral_date": day}).filter(_within(day, year))
    first = dated.group_by("child_id").aggregate([("referral_date", "min")])
    return first.rename_columns(["child_id", "referral_date"]).sort_by("child_id")


def _within(day: pa.ChunkedArray, year: CensusYear) -> pa.ChunkedArray:
    return pc.and_(pc.greater_equal(day, _day(year.start)), pc.less_equal(day, _day(year.end)))


def _day(day: date) -> pa.Scalar:
    return pa.scalar(day, pa.date32())


def _child(child: pa.Table, identifier: pa.Table, key: pa.Array) -> pa.Table:
    return pa.table(
        {
            "child_key": key,
            "sex": identifier.column("sex"),
            "ethnicity": child.column("ethnicity"),
            "disabled": child.column("disabled"),
            "unborn": identifier.column("unborn"),
        }
    )


def _referral(table: pa.Table, year: CensusYear) -> pa.Table:
    dated = _dated(table, "referral", "closure")
    return dated.append_column("in_year", _within(dated.column("referral_date"), year))


def _dated(table: pa.Table, *stems: str) -> pa.Table:
    for stem in stems:
        place = table.column_names.index(f"{stem}_day")
        table = table.set_column(place, f"{stem}_date", table.column(place).cast(pa.date32()))
    return table

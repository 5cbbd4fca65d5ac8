"""Children: the census and the case system brought together by the council's own id, and parted into two rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources import codes
from hearthlink.sources.cin import Census
from hearthlink.sources.columns import Values, count, each, found_at, joined, matches, whole
from hearthlink.sources.receipts import Tally
from hearthlink.sources.ssd import (
    ADDRESS,
    ADULTS,
    CIN_PLANS,
    CLA_EPISODES,
    MOTHER,
    NO_START,
    PERSON,
    SsdFile,
    read_addresses,
)
from hearthlink.sources.years import CensusYear

JOINS = 0.1
"""Below this share of census ids found among persons, what did join is chance."""

NOT_A_CHILD = "not a child of the census"
NO_IDENTIFIERS = "no identifiers found"
WITHHELD = r"(?i)confidential|restricted"


@dataclass(frozen=True, slots=True)
class Join:
    """Which person each child of the census is: by which id, and the row of the person (empty where none)."""

    by: str
    row: pa.Array

    @property
    def share(self) -> float:
        """The share of children who were found."""
        return (len(self.row) - self.row.null_count) / len(self.row)


def join_persons(child_id: pa.Array, person: pa.Table) -> Join:
    """The join that finds most children, of those by legacy id, by person id, and by either without leading noughts.

    Raises DataProblem where none of them finds more than chance would.
    """
    tried = [
        Join(
            f"{words}{', leading noughts dropped' if stripped else ''}",
            found_at(_key(child_id, stripped=stripped), _key(person.column(column), stripped=stripped)),
        )
        for stripped in (False, True)
        for words, column in (("legacy id", "pers_legacy_id"), ("person id", "pers_person_id"))
    ]
    best = max(tried, key=lambda join: join.share)
    if best.share < JOINS:
        rates = "; ".join(f"by {join.by} {join.share:.0%}" for join in tried)
        raise DataProblem(
            f"The children of the census are not found among its persons ({rates}).",
            file=PERSON,
            remedy="Ask for a safeguarding dataset made from the same system, holding the ids that the census was sent with.",
        )
    return best


def _key(column: Values, *, stripped: bool) -> pa.Array:
    array = whole(column)
    if not stripped:
        return array
    bare = pc.utf8_ltrim(array, characters="0")
    return pc.if_else(pc.equal(bare, ""), array, bare)


@dataclass(frozen=True, slots=True)
class Children:
    """Identity and content tables of the children, by name, and the tallies of the files they came from."""

    tables: Mapping[str, pa.Table]
    tallies: tuple[Tally, ...]


def bring_together(
    census: Census, ssd: Mapping[str, SsdFile], year: CensusYear, new_key: Callable[[int], Sequence[int]]
) -> Children:
    """Every table about children. Content tables carry a random key and no id of the council."""
    child_id = whole(census.child.column("child_id"))
    key = pa.array(new_key(len(child_id)), pa.int64())
    order = ("pers_person_id", "pers_legacy_id", "pers_forename", "pers_surname", "pers_dob")
    person = ssd[PERSON].table.sort_by([(name, "ascending") for name in order])
    join = join_persons(child_id, person)
    known = person.take(join.row.drop_null())
    owner = Owner(whole(known.column("pers_person_id")), child_id.filter(join.row.is_valid()), child_id)
    address, address_tally = _addresses(ssd[ADDRESS], owner)
    adult, adult_tally, mother_tally = _adults(ssd[ADULTS], ssd[MOTHER], person, owner)
    plan, plan_tally = _spells(ssd[CIN_PLANS], owner)
    looked_after, looked_after_tally = _spells(ssd[CLA_EPISODES], owner)
    identifier = _identifiers(census, person.take(join.row), address, key, year)
    keyed = Keyed(child_id, key)
    tables = {
        "child_identifier": identifier,
        "child_address": address.drop_columns(["dated"]),
        "child_adult": adult,
        "child_referral": _first_referrals(census.referral, year),
        "child": _child(census.child, identifier, key),
        "referral": _referral(keyed.part(census.referral), year),
        "assessment": _dated(keyed.part(census.assessment), "start", "end"),
        "section47": _dated(keyed.part(census.section47), "start", "conference"),
        "protection_plan": _dated(keyed.part(census.protection_plan), "start", "end"),
        "cin_plan": keyed.part(plan),
        "looked_after": keyed.part(looked_after),
    }
    persons_read = ssd[PERSON].table.num_rows
    used = pc.count_distinct(join.row).as_py()
    person_tally = ssd[PERSON].tally.refusing(NOT_A_CHILD, persons_read - used).noting(f"joined by {join.by}", used)
    census_tally = census.tally.noting(NO_IDENTIFIERS, join.row.null_count)
    tallies = (census_tally, person_tally, address_tally, mother_tally, plan_tally, looked_after_tally, adult_tally)
    return Children(tables, tallies)


@dataclass(frozen=True, slots=True)
class Owner:
    """The child a row of the case system belongs to: `child_id[n]` is the child of person `person_id[n]`."""

    person_id: pa.Array
    child_id: pa.Array
    every_child_id: pa.Array

    def of(self, ids: pa.ChunkedArray) -> pa.Array:
        """The child ids of rows that name a person, or that name the child itself where that fits better."""
        named = whole(ids)
        by_person = self.child_id.take(found_at(named, self.person_id))
        by_child = self.every_child_id.take(found_at(named, self.every_child_id))
        return by_person if by_person.null_count <= by_child.null_count else by_child


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
    expected = person.column("pers_expected_dob")
    born = pc.coalesce(person.column("pers_dob"), in_census)
    born = pc.if_else(pc.fill_null(pc.less_equal(born, pa.scalar(year.end)), False), born, pa.scalar(None, pa.date32()))
    unborn = pc.and_(pc.is_null(born), pc.is_valid(child.column("expected_day")))
    guess = pc.and_(pc.and_(pc.is_null(person.column("pers_dob")), pc.is_valid(expected)), pc.invert(unborn))
    birth = pc.if_else(unborn, pa.scalar(None, pa.date32()), pc.coalesce(born, expected))
    return pa.table(
        {
            "child_id": child.column("child_id"),
            "child_key": key,
            "forename": person.column("pers_forename"),
            "surname": person.column("pers_surname"),
            "birth_date": birth,
            "birth_date_estimated": guess,
            "sex": pc.coalesce(child.column("sex"), each(person.column("pers_sex"), codes.sex, pa.string())),
            "restricted": _restricted(child.column("child_id"), person, address),
            "unborn": unborn,
        }
    )


def _restricted(child_id: pa.ChunkedArray, person: pa.Table, address: pa.Table) -> pa.ChunkedArray:
    """Locked records: by the system's own flag where it has one, by what an address is called, or by a note in the name."""
    said = pc.fill_null(each(person.column("pers_restricted"), codes.flag, pa.bool_()), False)
    withheld = pc.or_(_says(address.column("address_kind")), _says(address.column("address")))
    locked = whole(address.column("child_id").filter(withheld))
    named = pc.or_(_says(person.column("pers_forename")), _says(person.column("pers_surname")))
    return pc.or_(pc.or_(said, named), pc.is_in(child_id, locked))


def _says(column: Values) -> pa.Array:
    return matches(column, WITHHELD)


def _addresses(read: SsdFile, owner: Owner) -> tuple[pa.Table, Tally]:
    """Addresses of the children. A row without dates is dropped where a dated one says the same (domain.md 1.8.1)."""
    child_id = owner.of(read.table.column("addr_person_id"))
    rows = read.table.append_column("child_id", child_id).filter(pc.is_valid(child_id))
    lines, uprns = read_addresses(
        rows.column("addr_address_json").to_pylist(), rows.column("addr_address_postcode").to_pylist()
    )
    start, end = rows.column("addr_address_start_date"), rows.column("addr_address_end_date")
    table = pa.table(
        {
            "child_id": rows.column("child_id"),
            "start_date": start,
            "end_date": end,
            "address": pa.array(lines, pa.string()),
            "postcode": rows.column("addr_address_postcode"),
            "uprn": pa.array(uprns, pa.string()),
            "address_kind": pc.utf8_lower(rows.column("addr_address_type")),
            "dated": pc.or_(pc.is_valid(start), pc.is_valid(end)),
        }
    )
    table = table.sort_by([(name, "ascending") for name in table.column_names])
    dated = whole(table.column("dated"))
    same = joined([pc.fill_null(table.column(name), "") for name in ("child_id", "address", "postcode")], "\x1f")
    covered = pc.and_(pc.invert(dated), pc.is_in(same, same.filter(dated)))
    kept = table.filter(pc.invert(covered))
    counted = read.tally.refusing(NOT_A_CHILD, read.table.num_rows - rows.num_rows)
    return kept, counted.refusing("without dates, and the same as a dated one", table.num_rows - kept.num_rows)


def _adults(adults: SsdFile, mothers: SsdFile, person: pa.Table, owner: Owner) -> tuple[pa.Table, Tally, Tally]:
    """Related adults, and the mothers that the dataset names besides them."""
    child_id = owner.of(adults.table.column("person_id"))
    rows = adults.table.append_column("owner", child_id).filter(
        pc.and_(pc.is_valid(child_id), pc.is_valid(adults.table.column("adult_id")))
    )
    related = pa.table(
        {
            "child_id": rows.column("owner"),
            "adult_id": rows.column("adult_id"),
            "relationship": pc.utf8_lower(rows.column("relationship")),
            "forename": rows.column("forename"),
            "surname": rows.column("surname"),
            "birth_date": rows.column("dob"),
            "lives_with": each(rows.column("lives_with"), codes.flag, pa.bool_()),
        }
    )
    mother = _mothers(mothers, person, owner)
    new = mother.filter(pc.invert(pc.is_in(_pair(mother), _pair(related))))
    table = pa.concat_tables([related, new])
    table = table.sort_by([(name, "ascending") for name in table.column_names if name != "lives_with"])
    adult_tally = adults.tally.refusing(f"{NOT_A_CHILD}, or no adult id", adults.table.num_rows - rows.num_rows)
    mother_tally = mothers.tally.refusing(NOT_A_CHILD, mothers.table.num_rows - mother.num_rows)
    return (
        table,
        adult_tally,
        mother_tally.refusing("named among the related adults already", mother.num_rows - new.num_rows),
    )


def _pair(table: pa.Table) -> pa.Array:
    return joined([table.column("child_id"), table.column("adult_id")], "\x1f")


def _mothers(read: SsdFile, person: pa.Table, owner: Owner) -> pa.Table:
    child_id = owner.of(read.table.column("moth_childs_person_id"))
    rows = read.table.append_column("owner", child_id).filter(
        pc.and_(pc.is_valid(child_id), pc.is_valid(read.table.column("moth_person_id")))
    )
    adult_id = whole(rows.column("moth_person_id"))
    held = person.take(found_at(adult_id, whole(person.column("pers_person_id"))))
    return pa.table(
        {
            "child_id": rows.column("owner"),
            "adult_id": adult_id,
            "relationship": pa.array(["mother"] * rows.num_rows, pa.string()),
            "forename": held.column("pers_forename"),
            "surname": held.column("pers_surname"),
            "birth_date": held.column("pers_dob"),
            "lives_with": pa.nulls(rows.num_rows, pa.bool_()),
        }
    )


def _spells(read: SsdFile, owner: Owner) -> tuple[pa.Table, Tally]:
    """Start and end of plans or of episodes; both files have the person first and then the two dates."""
    person_id, start, end = (read.table.column(name) for name in read.table.column_names)
    child_id = owner.of(person_id)
    ours = pc.is_valid(child_id)
    begun = pc.is_valid(start)
    backwards = pc.fill_null(pc.less(end, start), False)
    table = pa.table({"child_id": child_id, "start_date": start, "end_date": end}).filter(
        pc.and_(pc.and_(ours, begun), pc.invert(backwards))
    )
    strangers = len(child_id) - count(ours)
    undated = count(pc.and_(ours, pc.invert(begun)))
    counted = read.tally.refusing(NOT_A_CHILD, strangers).refusing(NO_START, undated)
    counted = counted.refusing("an end before its start", len(child_id) - strangers - undated - table.num_rows)
    return table.sort_by([(name, "ascending") for name in table.column_names]), counted


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

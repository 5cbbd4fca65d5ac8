"""Any two person tables made comparable: persons, places, carers and counts, from columns that may nearly all be lacking.

Nothing here depends on the order of the rows: persons are numbered by content, and of a person's several rows the latest speaks first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.births import Births, births, last_year, other_dates
from hearthlink.standardise.days_met import dates_that_meet
from hearthlink.standardise.given import Given, ages, given, whole_numbers
from hearthlink.standardise.grouped import BY_ADDRESS, families, households
from hearthlink.standardise.homes import Homes, busy_doors, homes
from hearthlink.standardise.name_order import each_in_order, in_one_order
from hearthlink.standardise.one_each import EVER, NEVER, one_each
from hearthlink.standardise.own_births import own_births
from hearthlink.standardise.person_names import Names, all_names
from hearthlink.standardise.role_words import UNKNOWN, told_roles
from hearthlink.standardise.sex_codes import told_sexes
from hearthlink.standardise.whole_names import with_names_parted
from hearthlink.tables.identity import FAMILY_ADULT, HOUSEHOLD_COUNT, PERSON, PLACE

TEXT, DATE = pa.string(), pa.date32()
CHILDHOOD = 21
"""Years within which the births of a file of children lie, but for one in a hundred at either end."""

ENOUGH = 20
WHERE = ("uprn", "postcode", "number", "street")


@dataclass(frozen=True, slots=True)
class Comparable:
    """Two files made comparable.

    tables: person, place, family_adult and household_count. households_by_address: for a household known by its address alone, the
    smallest id of its people, by which it goes out. said: what the files lack, in words.
    """

    tables: Mapping[str, pa.Table]
    households_by_address: Mapping[str, str]
    said: tuple[str, ...]


def comparable(left: pa.Table, right: pa.Table) -> dict[str, pa.Table]:
    """Tables person, place, family_adult and household_count from two person tables, as `prepared` makes them."""
    return dict(prepared(left, right).tables)


def prepared(left: pa.Table, right: pa.Table) -> Comparable:
    """Two person tables made comparable, with what to say of them.

    Left rows whose role is child or dependant, or that have none, are to be linked; where none is a child's, those whose role nothing
    tells too, and where all are adults', all. The other left rows are their families' adults. A household of the right is its
    household_id, else the family_id, else the address, else the person alone.

    Raises DataProblem where a table has no person_id or no rows, or where one id plainly stands for many people.
    """
    (one, other), said_whole = with_names_parted((given(left, "left"), given(right, "right")))
    sides, said_order = in_one_order((one, other))
    sides, said_rows = each_in_order(sides)
    names, said_names = all_names(sides)
    born, said_births = births(sides, latest=last_year(sides))
    home, said_homes = homes(sides)
    sex, said_sex = told_sexes(sides, [one.forename for one in names])
    role, said_roles = _roles(sides, born)
    family, said_families = families(sides[0], home[0], names[0], born[0].date)
    household, said_households = households(sides[1], home[1])
    groups = (family, household)
    born = [own_births(one, _young(role[n], n), groups[n]) for n, one in enumerate(born)]
    busy = busy_doors(home, groups)
    rows = [
        _rows(side, names=names[n], born=born[n], home=home[n], sex=sex[n], role=role[n], group=groups[n], busy=busy)
        for n, side in enumerate(sides)
    ]
    to_link = pc.is_in(rows[0].column("role"), value_set=pa.array(["child", ""]))
    linked, others = rows[0].filter(to_link), rows[0].filter(pc.invert(to_link))
    rows[1], said_days = dates_that_meet(linked.column("referral_date"), rows[1])
    children = one_each(linked, ["record_id"], "left")
    members = one_each(rows[1], ["group_id", "record_id"], "right")
    if members.num_rows < rows[1].num_rows:
        members = _listed_together(members)
    person = pa.concat_tables([_persons(children, "child"), _persons(members, "member")])
    person = person.add_column(0, "person_no", pa.array(np.arange(person.num_rows, dtype=np.int64)))
    tables = {
        "person": PERSON.conform(person.select(PERSON.names)),
        "place": _places(linked, others, rows[1]),
        "family_adult": _family_adults(children, others),
        "household_count": _counts(sides[1], rows[1]),
    }
    said = (
        *said_roles,
        *said_families,
        *said_households,
        *said_whole,
        *said_order,
        *said_rows,
        *said_names,
        *said_births,
        *said_sex,
        *said_homes,
        *said_days,
    )
    return Comparable(tables, _known_by_address(rows[1]), said)


def _rows(
    side: Given,
    *,
    names: Names,
    born: Births,
    home: Homes,
    sex: pa.ChunkedArray,
    role: pa.ChunkedArray,
    group: pa.ChunkedArray,
    busy: pa.Array,
) -> pa.Table:
    """Every row of one file in comparable columns."""
    return pa.table(
        {
            "record_id": side.text("person_id"),
            "group_id": group,
            "role": role,
            "forename": names.forename,
            "forenames": names.forenames,
            "surname": names.surname,
            "surname_last": names.surname_last,
            "surnames": names.surnames,
            "birth_date": born.date,
            "birth_text": born.text,
            "birth_date_weak": born.weak,
            "sex": sex,
            "start_date": other_dates(side, "valid_from"),
            "end_date": other_dates(side, "valid_to"),
            "referral_date": other_dates(side, "as_at"),
            "uprn": home.uprn,
            "postcode": home.postcode,
            "number": home.number,
            "street": home.street,
            "communal": pc.or_(home.communal, pc.is_in(home.door, value_set=busy)),
        }
    ).combine_chunks()


def _roles(sides: tuple[Given, Given], born: list[Births]) -> tuple[tuple[pa.ChunkedArray, pa.ChunkedArray], list[str]]:
    """Roles as the `person` table has them: on the left child or empty for those to be linked, and what to say of it.

    Where the left names no roles, all its people are to be linked, or those whose role nothing tells, and unless their births show them
    to be children each may be anybody on the right, whatever the role there.
    """
    (left, right), said = told_roles(sides, [one.date for one in born])
    child = pc.fill_null(pc.is_in(left, value_set=pa.array(["child", "dependant"])), False)
    nameless = pc.is_null(left)
    anybody = not pc.any(child).as_py()
    if anybody:
        untold = pc.or_(nameless, pc.fill_null(pc.equal(left, UNKNOWN), False))
        nameless = untold if pc.any(untold).as_py() else pc.is_valid(left)
    if anybody and right.null_count < len(right) and _all_children(born[0].date.filter(nameless)):
        child, anybody = nameless, False
        said.append("roles on the left: none; all are taken for children, as their birth dates say")
    elif anybody:
        whom = "each person is" if pc.all(nameless).as_py() else "those whose role is not known are"
        said.append(f"roles on the left: none of a child, so {whom} linked")
    left = pc.if_else(child, "child", pc.if_else(nameless, "", pc.if_else(pc.equal(left, UNKNOWN), "other", left)))
    left = pc.fill_null(left, "")
    if anybody or right.null_count == len(right):
        if not anybody:
            said.append("roles on the right: none, so anybody there may be a child or an adult")
        right = pa.chunked_array([pa.repeat(pa.scalar("other", TEXT), sides[1].rows)])
    else:
        right = pc.if_else(pc.equal(right, "child"), "dependant", pc.if_else(pc.equal(right, UNKNOWN), "other", right))
        right = pc.fill_null(right, "other")
    return (left, right), said


def _young(role: pa.ChunkedArray, side: int) -> pa.ChunkedArray:
    """Whether each row is of a child by its role: on the left one to be linked for that, on the right a dependant."""
    return pc.fill_null(pc.equal(role, ("child", "dependant")[side]), False)


def _all_children(born: pa.ChunkedArray) -> bool:
    days = born.drop_null().cast(pa.int32()).to_numpy()
    return len(days) >= ENOUGH and float(np.diff(np.quantile(days, [0.01, 0.99]))[0]) <= CHILDHOOD * 365.25


def _listed_together(members: pa.Table) -> pa.Table:
    """Members with the dates between which anybody of their household has a row.

    In a file with several dated rows of a person the dates say where people lived: a first row that begins late, or is lacking, does
    not make its person a late member of the household.
    """
    dated = members.select(["group_id", "start_date", "end_date"])
    filled = dated.set_column(1, "start_date", pc.fill_null(dated.column("start_date"), EVER))
    filled = filled.set_column(2, "end_date", pc.fill_null(dated.column("end_date"), NEVER))
    span = filled.group_by("group_id", use_threads=False).aggregate([("start_date", "min"), ("end_date", "max")])
    seat = pc.index_in(members.column("group_id"), value_set=span.column("group_id").combine_chunks())
    for name, column, filler in (("start_date", "start_date_min", EVER), ("end_date", "end_date_max", NEVER)):
        days = span.column(column).take(seat)
        days = pc.if_else(pc.equal(days, filler), pa.scalar(None, DATE), days)
        members = members.set_column(members.column_names.index(name), name, days)
    return members


def _persons(rows: pa.Table, side: str) -> pa.Table:
    listed = side == "member"
    nothing = pa.nulls(rows.num_rows, DATE)
    dates = {
        "referral_date": nothing if listed else rows.column("referral_date"),
        "start_date": rows.column("start_date") if listed else nothing,
        "end_date": rows.column("end_date") if listed else nothing,
    }
    kept = {name: rows.column(name) for name in PERSON.names if name in rows.column_names and name not in dates}
    return pa.table({"side": pa.repeat(pa.scalar(side, TEXT), rows.num_rows), **kept, **dates})


def _places(children: pa.Table, others: pa.Table, members: pa.Table) -> pa.Table:
    """The dated homes of children and households. A child with none of its own has those of its family's adults."""
    own = _informative(children)
    homeless = children.filter(
        pc.invert(pc.is_in(children.column("record_id"), value_set=own.column("record_id").combine_chunks()))
    ).select(["record_id", "group_id"])
    columns = ["start_date", "end_date", *WHERE, "communal"]
    borrowed = homeless.join(_informative(others).select(["group_id", *columns]), "group_id", join_type="inner")
    parts = [
        own.select(["record_id", *columns]),
        borrowed.select(["record_id", *columns]),
        _informative(members).select(["group_id", *columns]).rename_columns(["record_id", *columns]),
    ]
    sides = ("child", "child", "member")
    written = pa.concat_tables(
        [
            part.append_column("side", pa.repeat(pa.scalar(side, TEXT), part.num_rows))
            for part, side in zip(parts, sides, strict=True)
        ]
    ).rename_columns(["owner_id", *columns, "side"])
    names = list(PLACE.names)
    once = written.group_by(names).aggregate([]).select(names)
    return PLACE.conform(once.sort_by([(name, "ascending") for name in names]))


def _informative(rows: pa.Table) -> pa.Table:
    known = pc.is_valid(rows.column(WHERE[0]))
    for name in WHERE[1:]:
        known = pc.or_(known, pc.is_valid(rows.column(name)))
    return rows.filter(known)


def _family_adults(children: pa.Table, others: pa.Table) -> pa.Table:
    """The adults of the left side's families, each once."""
    mine = others.filter(pc.is_in(others.column("group_id"), value_set=children.column("group_id").combine_chunks()))
    adults = one_each(mine, ["group_id", "record_id"], "left")
    known = pc.or_(pc.is_valid(adults.column("forename")), pc.is_valid(adults.column("surname")))
    names = list(FAMILY_ADULT.names)
    written = adults.filter(known).rename_columns(["family_id" if n == "group_id" else n for n in adults.column_names])
    once = written.select(names).group_by(names).aggregate([]).select(names)
    return FAMILY_ADULT.conform(once.sort_by([(name, "ascending") for name in names]))


def _counts(right: Given, rows: pa.Table) -> pa.Table:
    """What each household states of its dependants; empty where the file states nothing."""
    if not (right.has("n_dependants") or right.has("dependant_ages")):
        return HOUSEHOLD_COUNT.empty()
    named = ages(right.text("dependant_ages"))
    listed = pc.add(pc.count_substring(named, " "), 1).cast(pa.int64())
    number = pc.coalesce(whole_numbers(right.text("n_dependants")), listed)
    stated = pa.table(
        {
            "household_id": rows.column("group_id"),
            "start_date": pc.coalesce(rows.column("start_date"), rows.column("referral_date")),
            "end_date": rows.column("end_date"),
            "dependants": number,
            "ages": named,
        }
    ).filter(pc.or_(pc.is_valid(number), pc.is_valid(named)))
    names = list(HOUSEHOLD_COUNT.names)
    once = stated.group_by(names).aggregate([]).select(names)
    return HOUSEHOLD_COUNT.conform(once.sort_by([(name, "ascending") for name in names]))


def _known_by_address(rows: pa.Table) -> dict[str, str]:
    mine = rows.filter(pc.starts_with(rows.column("group_id"), BY_ADDRESS)).select(["group_id", "record_id"])
    least = mine.group_by("group_id").aggregate([("record_id", "min")])
    return dict(zip(least.column("group_id").to_pylist(), least.column("record_id_min").to_pylist(), strict=True))

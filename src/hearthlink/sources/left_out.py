"""Who of the records an objection is about, and the records without them: before anything is kept, and so before anybody is linked.

By an id it is whoever bears it. By name it is everybody who fits the name and the birth date, those at the postcode alone where it tells
them apart: where more than one fits all are left out, for to keep one who objects is worse than to lose one who does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.money import tidy
from hearthlink.sources.objections import CHILD, HOUSEHOLD, SOURCE, Objection
from hearthlink.sources.reading.columns import Values, found_at, whole
from hearthlink.sources.reading.receipts import Tally
from hearthlink.tables.identity import OBJECTION

NOBODY, ONE, SEVERAL = "nobody found", "found", "more than one found, all left out"
OUTSIDE = "in the extracts, and not in this study"
NOT_SHOWN = "not shown"
LISTED_AS_CHILD = ("dependant", "non_dependant", "other")

Name: TypeAlias = tuple[str | None, str | None, int | None]
"""A surname and a first forename, in capital letters alone, and a birth date as days since 1970-01-01."""


@dataclass(frozen=True, slots=True)
class People:
    """Who bears which surname: for each, the forename, the birth date and the id of everybody who bears it."""

    bearing: Mapping[str, Sequence[tuple[str | None, int | None, str]]]

    def fitting(self, name: Name) -> set[str]:
        """The ids of those whom a name and birth date fit. What one side does not say speaks against nobody, but a name must agree."""
        surname, forename, born = name
        return {
            who
            for other, day, who in self.bearing.get(surname or "", ())
            if (None in (forename, other) or forename == other)
            and (None in (born, day) or born == day)
            and ((forename is not None and forename == other) or (born is not None and born == day))
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The children and households that are left out, how many records fit each line, and the names they are known by in other files.

    outside: the lines that somebody fits who is in the extracts and in no table of the study, so that nobody was to be left out.
    """

    objections: tuple[Objection, ...] = ()
    children: Mapping[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    households: Mapping[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    members: Mapping[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    names: frozenset[Name] = frozenset()
    pupils: frozenset[str] = frozenset()
    outside: frozenset[int] = frozenset()

    @property
    def child_ids(self) -> pa.Array:
        """Every child that is left out."""
        return _ids(self.children)

    @property
    def household_ids(self) -> pa.Array:
        """Every household that is left out."""
        return _ids(self.households)


def _ids(by_line: Mapping[int, frozenset[str]]) -> pa.Array:
    return pa.array(sorted({one for many in by_line.values() for one in many}), pa.string())


def people(table: pa.Table, who: str, wanted: Iterable[Name]) -> People:
    """The people of a table who bear one of the surnames; `who` is the column of their ids. Other and earlier names count as well."""
    surnames = pa.array(sorted({surname for surname, _, _ in wanted if surname}), pa.string())
    rows = _names_of(table, who)
    rows = rows.filter(pc.is_in(rows.column("surname"), value_set=surnames))
    bearing: dict[str, list[tuple[str | None, int | None, str]]] = {}
    for row in rows.to_pylist():
        bearing.setdefault(row["surname"], []).append((row["forename"], row["birth"], row["who"]))
    return People(bearing)


def _names_of(table: pa.Table, who: str) -> pa.Table:
    """A row for each name that each is known by."""
    parts = [_tidied(table.column(who), table.column("forename"), table.column("surname"), table.column("birth_date"))]
    if {"known_as", "former_surname"} <= set(table.column_names):
        other = table.filter(pc.or_(pc.is_valid(table.column("known_as")), pc.is_valid(table.column("former_surname"))))
        several = [
            (row[who], forename, surname, row["birth_date"])
            for row in other.select(
                [who, "forename", "surname", "birth_date", "known_as", "former_surname"]
            ).to_pylist()
            for forename in (row["forename"], *(row["known_as"] or "").split(";"))
            for surname in (row["surname"], *(row["former_surname"] or "").split(";"))
        ]
        kinds = (pa.string(), pa.string(), pa.string(), pa.date32())
        columns = [pa.array([row[n] for row in several], kind) for n, kind in enumerate(kinds)]
        parts.append(_tidied(*columns))
    return pa.concat_tables(parts)


def _tidied(who: Values, forename: Values, surname: Values, birth: Values) -> pa.Table:
    names = {"forename": tidy.forenames(forename), "surname": tidy.surnames(surname)}
    return pa.table({"who": whole(who), **names, "birth": whole(birth).cast(pa.int32())})


def name_of(one: Objection) -> Name:
    """A line's name, as names are compared."""
    texts = (pa.array([text], pa.string()) for text in (one.surname, one.forename))
    surname, forename = (
        make(text)[0].as_py() for make, text in zip((tidy.surnames, tidy.forenames), texts, strict=True)
    )
    born = None if one.birth_date is None else pa.scalar(one.birth_date, pa.date32()).cast(pa.int32()).as_py()
    return surname, forename, born


def children_left_out(
    objections: Sequence[Objection], identifier: pa.Table, address: pa.Table, handles: pa.Table
) -> LeftOut:
    """The children of the study whom the list is about. `handles`: every id and pupil number (`handle`) beside the `child_id` it stands for."""
    asked = [one for one in objections if one.about == CHILD]
    by_handle: dict[str, set[str]] = {}
    for row in _asked_for(handles, [one for o in asked for one in (o.person_id, o.upn)]):
        by_handle.setdefault(row["handle"], set()).add(row["child_id"])
    names = {one.line: name_of(one) for one in asked}
    known = people(identifier, "child_id", names.values())
    found: dict[int, frozenset[str]] = {}
    for one in asked:
        ids = {who for handle in (one.person_id, one.upn) if handle for who in by_handle.get(_bare(handle), ())}
        if not ids and one.is_named:
            ids = _at_postcode(known.fitting(names[one.line]), one, address, "child_id")
        found[one.line] = frozenset(ids)
    out = LeftOut(tuple(objections), found)
    theirs = _names_of(identifier.filter(pc.is_in(identifier.column("child_id"), value_set=out.child_ids)), "child_id")
    own = {(row["surname"], row["forename"], row["birth"]) for row in theirs.to_pylist() if row["birth"] is not None}
    numbers = {
        tidy.pupil_numbers(pa.array([text], pa.string()))[0].as_py() for text in _handles_of(handles, out.child_ids)
    }
    numbers |= {tidy.pupil_numbers(pa.array([one.upn], pa.string()))[0].as_py() for one in asked}
    # A name without a birth date would fit others in other files: the birth date of a child who was found tells better.
    named = {names[one.line] for one in asked if one.is_named and one.birth_date}
    return LeftOut(out.objections, found, names=frozenset(own | named), pupils=frozenset(numbers - {None}))


def _bare(handle: str) -> str:
    return handle.strip().upper()


def _asked_for(handles: pa.Table, wanted: Iterable[str | None]) -> list[dict[str, str]]:
    spelt = pc.utf8_upper(pc.utf8_trim_whitespace(handles.column("handle")))
    held = pa.table({"handle": spelt, "child_id": handles.column("child_id")})
    asked = pa.array(sorted({_bare(one) for one in wanted if one}), pa.string())
    return held.filter(pc.is_in(spelt, value_set=asked)).to_pylist()


def _handles_of(handles: pa.Table, ids: pa.Array) -> list[str]:
    return handles.filter(pc.is_in(handles.column("child_id"), value_set=ids)).column("handle").to_pylist()


def _at_postcode(ids: set[str], one: Objection, homes: pa.Table, who: str) -> set[str]:
    """Of several whom a name fits those at the postcode. Where it fits none of them it tells nothing; without a birth date it must fit."""
    code = tidy.postcodes(pa.array([one.postcode], pa.string()))[0].as_py()
    if code is None or not ids:
        return ids
    rows = homes.filter(pc.is_in(homes.column(who), value_set=pa.array(sorted(ids), pa.string())))
    here = pc.equal(tidy.postcodes(rows.column("postcode")), code)
    there = set(rows.column(who).filter(pc.fill_null(here, False)).to_pylist())
    return there or (ids if one.birth_date else set())


def households_left_out(
    out: LeftOut, members: Sequence[pa.Table], homes: Sequence[pa.Table], claims: pa.Table
) -> LeftOut:
    """The households whom the list is about besides; and of the others the members who are children that are left out.

    `claims`: every claim reference (`handle`) beside the `household_id` it stands for.
    """
    asked = [one for one in out.objections if one.about == HOUSEHOLD]
    listed = pa.concat_tables([table.select(MEMBER) for table in members])
    home = pa.concat_tables([table.select(["household_id", "postcode"]) for table in homes])
    spelt = tidy.references(claims.column("handle"))
    wanted = {one.line: tidy.references(pa.array([one.claim_ref], pa.string()))[0].as_py() for one in asked}
    held = pa.table({"handle": spelt, "household_id": claims.column("household_id")})
    rows = held.filter(pc.is_in(spelt, value_set=pa.array([*set(wanted.values()) - {None}], pa.string())))
    by_claim: dict[str, set[str]] = {}
    for row in rows.to_pylist():
        by_claim.setdefault(row["handle"], set()).add(row["household_id"])
    names = {one.line: name_of(one) for one in asked}
    known = people(listed, "household_id", names.values())
    found: dict[int, frozenset[str]] = {}
    for one in asked:
        ids = by_claim.get(wanted[one.line] or "", set())
        if not ids and one.is_named:
            ids = _at_postcode(known.fitting(names[one.line]), one, home, "household_id")
        found[one.line] = frozenset(ids)
    children = listed.filter(pc.is_in(listed.column("role"), value_set=pa.array(LISTED_AS_CHILD)))
    dependants = people(children, "member_id", out.names)
    own = [one for one in out.objections if one.about == CHILD and one.is_named and not out.children.get(one.line)]
    alike = people(children, "member_id", map(name_of, own))
    theirs = {one.line: _living_there(alike.fitting(name_of(one)), one, children, home) for one in own}
    every = frozenset(who for name in out.names for who in dependants.fitting(name))
    return LeftOut(out.objections, out.children, found, {**theirs, 0: every}, out.names, out.pupils)


def _living_there(found: set[str], one: Objection, members: pa.Table, homes: pa.Table) -> frozenset[str]:
    """Of members whom a name fits those whose household lived at the postcode, where that is to tell them apart."""
    rows = members.filter(pc.is_in(members.column("member_id"), value_set=pa.array(sorted(found), pa.string())))
    home_of = dict(zip(rows.column("member_id").to_pylist(), rows.column("household_id").to_pylist(), strict=True))
    there = _at_postcode(set(home_of.values()), one, homes, "household_id")
    return frozenset(who for who, home in home_of.items() if home in there)


MEMBER = ["household_id", "member_id", "role", "forename", "surname", "birth_date"]


def outside_study(out: LeftOut, person: pa.Table, claims: pa.Array) -> LeftOut:
    """The same, with the lines that somebody in the extracts fits whom the study does not keep.

    `person`: everybody of the case system, by the names of the intake table; `claims`: references of claims whose households are not kept.
    """
    by = dict(out.members)
    unmet = [
        one
        for one in out.objections
        if not (out.children.get(one.line) or out.households.get(one.line) or by.get(one.line))
    ]
    asked = [one for one in unmet if one.about == CHILD]
    ids = [person.column(name) for name in ("person_id", "child_id", "legacy_id", "upn") if name in person.column_names]
    wanted = pa.array(sorted({_bare(text) for one in asked for text in (one.person_id, one.upn) if text}), pa.string())
    borne = {
        text
        for column in ids
        for text in pc.utf8_upper(pc.utf8_trim_whitespace(column.cast(pa.string()))).to_pylist()
        if text is not None
    } & set(wanted.to_pylist())
    names = {one.line: name_of(one) for one in asked if one.is_named and one.birth_date}
    numbered = person.append_column("row", pa.array(np.arange(person.num_rows)).cast(pa.string()))
    known = people(numbered, "row", names.values())
    held = {text for text in tidy.references(claims).to_pylist() if text is not None}
    spelt = {
        one.line: tidy.references(pa.array([one.claim_ref], pa.string()))[0].as_py()
        for one in unmet
        if one.about == HOUSEHOLD
    }
    lines = {one.line for one in asked if borne & {_bare(text) for text in (one.person_id, one.upn) if text}}
    lines |= {line for line, name in names.items() if known.fitting(name)}
    lines |= {line for line, reference in spelt.items() if reference in held}
    return replace(out, outside=frozenset(lines))


def rows_left_out(out: LeftOut) -> Callable[[str, pa.Table], pa.Array]:
    """Says of the rows of a file of money or homes, by the name of its intake table, which are about somebody who is left out."""
    claims = tidy.references(pa.array([one.claim_ref for one in out.objections if one.about == HOUSEHOLD], pa.string()))
    adults = frozenset(name_of(one) for one in out.objections if one.about == HOUSEHOLD and one.is_named)
    about: Mapping[str, tuple[frozenset[Name], tuple[str, ...]]] = {
        "uc_award": (adults, ("claimant_", "partner_")),
        "school_meal": (out.names, ("",)), "school_pupil": (out.names, ("",)), "homelessness_person": (out.names, ("",)),
    }  # fmt: skip

    def mask(table: str, rows: pa.Table) -> pa.Array:
        gone = np.zeros(rows.num_rows, bool)
        names, people_in = about.get(table, (frozenset(), ()))
        numbered = rows.append_column("row", pa.array(np.arange(rows.num_rows)).cast(pa.string()))
        for prefix in people_in if names else ():
            held = pa.table(
                {
                    "row": numbered.column("row"),
                    **{part: rows.column(prefix + part) for part in ("forename", "surname", "birth_date")},
                }
            )
            known = people(held, "row", names)
            gone[[int(row) for name in names for row in known.fitting(name)]] = True
        if "claim_ref" in rows.column_names and len(claims.drop_null()):
            gone |= np.asarray(pc.is_in(tidy.references(rows.column("claim_ref")), value_set=claims.drop_null()))
        if "upn" in rows.column_names and out.pupils:
            gone |= np.asarray(pc.is_in(tidy.pupil_numbers(rows.column("upn")), value_set=pa.array(sorted(out.pupils))))
        return pa.array(gone)

    return mask


def with_those_who_follow(out: LeftOut, identifier: pa.Table, followed: pa.Table) -> LeftOut:
    """The same with every household that goes on as one that is left out, or as which it goes on: it is one household in time."""
    key_of = found_at(out.household_ids, identifier.column("household_id"))
    keys = whole(identifier.column("household_key")).take(key_of.drop_null())
    mine = followed.filter(pc.is_in(followed.column("household_key"), value_set=keys))
    heads = pa.concat_arrays([keys, whole(mine.column("first_key")).drop_null()])
    chain = followed.filter(
        pc.or_(
            pc.is_in(followed.column("first_key"), value_set=heads),
            pc.is_in(followed.column("household_key"), value_set=heads),
        )
    )
    row = found_at(pa.concat_arrays([whole(chain.column("household_key")), heads]), identifier.column("household_key"))
    ids = frozenset(whole(identifier.column("household_id")).take(row.drop_null()).to_pylist())
    extra = ids - frozenset(out.household_ids.to_pylist())
    return replace(out, households={**out.households, 0: frozenset(extra)})


def without(out: LeftOut, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables without a row about a child or a household that is left out; nor one that lists such a child as living anywhere."""
    identifier = tables["household_identifier"]
    ids, members = out.household_ids, _ids(out.members)
    keys = whole(identifier.column("household_key")).filter(pc.is_in(identifier.column("household_id"), value_set=ids))
    gone = {"child_id": out.child_ids, "household_id": ids, "household_key": keys, "member_id": members}
    return {name: _rows_without(table, gone) for name, table in tables.items()}


def _rows_without(table: pa.Table, gone: Mapping[str, pa.Array]) -> pa.Table:
    for name, values in gone.items():
        if name in table.column_names and len(values):
            table = table.filter(
                pc.invert(pc.is_in(table.column(name), value_set=values.cast(table.schema.field(name).type)))
            )
    return table


def told(out: LeftOut, file: str) -> tuple[pa.Table, tuple[Tally, ...]]:
    """Table `objection`, a row for each line, and the line of the receipt: how many were found, and how many were left out."""
    rows = [_told(one, out) for one in out.objections]
    table = OBJECTION.conform(pa.Table.from_pylist(rows, schema=OBJECTION.schema))
    if not rows:
        return table, ()
    outcomes = table.column("outcome").to_pylist()
    unmet = {outcome: outcomes.count(outcome) for outcome in (NOBODY, OUTSIDE) if outcome in outcomes}
    counted = Tally(SOURCE, file, NOT_SHOWN, len(rows), unmet, {SEVERAL: outcomes.count(SEVERAL)})
    counted = counted.noting("children left out", len(out.child_ids)).noting(
        "households left out", len(out.household_ids)
    )
    return table, (counted,)


def _told(one: Objection, out: LeftOut) -> dict[str, object]:
    children, households = (len(held.get(one.line, ())) for held in (out.children, out.households))
    records = children + households
    unmet = OUTSIDE if one.line in out.outside else NOBODY
    outcome = SEVERAL if records > 1 else ONE if records or out.members.get(one.line) else unmet
    return {"line": one.line, "about": one.about, "outcome": outcome, "children": children, "households": households}

"""Mosaic's reporting tables: DM_PERSONS, DM_ADDRESSES and DM_PERSONAL_RELATIONSHIPS (domain.md 1.8.2).

Names are cut at 30 letters there; the full name, cut later, gives some of them back. Notes on access are never read.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.case.children_kin import kin
from hearthlink.sources.case.identifier_tables import (
    Identifiers,
    Where,
    absent,
    gathered,
    intake,
    needed_table,
    take_table,
    without_marked,
)
from hearthlink.sources.intake.children import CHILD_ADDRESS, CHILD_ADULT, CHILD_PERSON
from hearthlink.sources.intake.declared import DATE, END, FLAG, TEXT, IntakeColumn, IntakeTable, identifying, plain
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import Values, count, each, found_at, only, whole

SOURCE = "mosaic"
CUT = 30
CUT_NOTE = f"a name cut at {CUT} letters by the export"


def _table(stem: str, says: str, *columns: IntakeColumn, bare: bool = False) -> IntakeTable:
    return IntakeTable(stem, says, SOURCE, (stem,), columns, may_be_bare=bare)


PERSONS = _table(
    "dm_persons", "the persons of the case system",
    identifying("person_id", "the system's own id", needed=True),
    identifying("person_id_legacy", "an older system's id"),
    identifying("upn_id", "unique pupil number", "upn"),
    identifying("full_name", "the whole name"),
    identifying("first_name", "forename", needed=True),
    identifying("last_name", "surname", needed=True),
    identifying("date_of_birth", "birth date, or the expected one of the unborn", kind=DATE, needed=True),
    plain("gender", TEXT, "sex"),
    plain("restricted", FLAG, "the record is locked"),
)  # fmt: skip
ADDRESSES = _table(
    "dm_addresses", "the addresses of the persons, with their dates",
    identifying("person_id", "the person", needed=True),
    plain("start_date", DATE, "from"),
    plain("end_date", END, "until"),
    identifying("address", "the address as one text", needed=True),
    identifying("post_code", "postcode", "postcode", needed=True),
    plain("address_type", TEXT, "the system's own word for the kind of address"),
    identifying("unique_id", "property reference number, where a gazetteer is attached", "uprn"),
)  # fmt: skip
RELATIONSHIPS = _table(
    "dm_personal_relationships", "who is what to whom",
    identifying("person_id", "one person", needed=True),
    identifying("other_person_id", "the other", needed=True),
    plain("personal_rel_type_id", TEXT, "number of the relation in DM_PERSONAL_REL_TYPES"),
    plain("description", TEXT, "what the one is to the other", "relationship", "relationship_type"),
    plain("is_mother", FLAG, "the one is the other's mother"),
    plain("end_date", END, "until"),
    bare=True,
)  # fmt: skip
RELATION_TYPES = _table(
    "dm_personal_rel_types", "the words for relations",
    plain("personal_rel_type_id", TEXT, "number", needed=True),
    plain("description", TEXT, "what the one is to the other", needed=True),
    bare=True,
)  # fmt: skip


def read_mosaic(where: Where) -> Identifiers:
    """Persons, addresses and adults. The tables of persons and of addresses must be there.

    Raises DataProblem where they are not, or cannot be read.
    """
    person = without_marked(_persons(needed_table(where, PERSONS, SOURCE)))
    address = _addresses(needed_table(where, ADDRESSES, SOURCE))
    told = take_table(where, RELATIONSHIPS, SOURCE)
    types = take_table(where, RELATION_TYPES, SOURCE)
    adults = [absent(SOURCE, CHILD_ADULT, RELATIONSHIPS.name)]
    if told is not None:
        adults = [kin(_relations(told, types), person.table, address.table, describes_first=True)]
    words = [Taken(intake(CHILD_PERSON, {}, 0), types.tally)] if types else []
    return gathered(SOURCE, [person, *words], [address], adults)


def _persons(taken: Taken) -> Taken:
    held = taken.table
    full = held.column("full_name")
    forename, surname = (_uncut(held.column(name), full) for name in ("first_name", "last_name"))
    nameless = pc.and_(pc.is_null(forename), pc.is_null(surname))
    columns: dict[str, Values] = {
        "person_id": held.column("person_id"),
        "legacy_id": held.column("person_id_legacy"),
        "upn": held.column("upn_id"),
        "forename": pc.coalesce(forename, only(full, nameless)),
        "surname": surname,
        "birth_date": held.column("date_of_birth"),
        "sex": each(held.column("gender"), codes.sex, pa.string()),
        "restricted": held.column("restricted"),
    }
    made = intake(CHILD_PERSON, columns, held.num_rows)
    cut = pc.or_(_is_cut(made.column("forename")), _is_cut(made.column("surname")))
    return Taken(made, taken.tally.noting(CUT_NOTE, count(cut)))


def _is_cut(name: Values) -> Values:
    return pc.fill_null(pc.equal(pc.utf8_length(name), CUT), False)


def _uncut(name: Values, full: Values) -> pa.Array:
    """The names, those that were cut given back as far as the whole name holds them."""
    if not count(_is_cut(name)):
        return whole(name)
    pairs = zip(name.to_pylist(), full.to_pylist(), strict=True)
    return pa.array(
        [_longer(short, long) if short and len(short) == CUT else short for short, long in pairs], pa.string()
    )


def _longer(short: str, full: str | None) -> str:
    at = (full or "").casefold().find(short.casefold())
    if full is None or at < 0 or len(full.casefold()) != len(full):
        return short
    end = at + len(short)
    while end < len(full) and full[end] not in " ,":
        end += 1
    return full[at:end]


def _addresses(taken: Taken) -> Taken:
    held = taken.table
    number = whole(held.column("unique_id"))
    columns: dict[str, Values] = {
        "person_id": held.column("person_id"),
        "address_kind": held.column("address_type"),
        "start_date": held.column("start_date"),
        "end_date": held.column("end_date"),
        "uprn": only(number, pc.match_substring_regex(number, r"^\d{1,12}$")),
        "address": held.column("address"),
        "postcode": held.column("post_code"),
    }
    return Taken(intake(CHILD_ADDRESS, columns, held.num_rows), taken.tally)


def _relations(told: Taken, types: Taken | None) -> Taken:
    held = told.table
    words: Values = held.column("description")
    if types is not None:
        known = types.table.sort_by([(name, "ascending") for name in RELATION_TYPES.names])
        row = found_at(held.column("personal_rel_type_id"), known.column("personal_rel_type_id"))
        words = pc.coalesce(words, known.column("description").take(row))
    made = pa.table(
        {
            "person_id": held.column("person_id"),
            "other_id": held.column("other_person_id"),
            "words": words,
            "mother": held.column("is_mother"),
        }
    )
    return Taken(made, told.tally)


TABLES = (PERSONS, ADDRESSES, RELATIONSHIPS, RELATION_TYPES)

"""Liquidlogic's reporting tables: DIM_PERSON, DIM_PERSON_ADDRESS and FACT_PERSON_RELATION (domain.md 1.8.2).

Ids below zero stand for nobody. The legacy id, and not the system's own, is what its census is sent with.
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
from hearthlink.sources.case.ssd_address import PARTS, postal_order
from hearthlink.sources.intake.children import CHILD_ADDRESS, CHILD_ADULT, CHILD_PERSON
from hearthlink.sources.intake.declared import DATE, END, FLAG, TEXT, IntakeColumn, IntakeTable, identifying, plain
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import Values, each, only, whole

SOURCE = "liquidlogic"
NOBODY = "an id below zero, which stands for nobody"


def _table(stem: str, says: str, *columns: IntakeColumn, bare: bool = False) -> IntakeTable:
    return IntakeTable(stem, says, SOURCE, (stem,), columns, may_be_bare=bare)


PERSONS = _table(
    "dim_person", "the persons of the case system",
    identifying("dim_person_id", "the system's own id", needed=True),
    identifying("legacy_id", "the id that the census is sent with"),
    identifying("upn", "unique pupil number"),
    identifying("forename", "forename", needed=True),
    identifying("middle_name", "further forenames", "middle_names"),
    identifying("surname", "surname", needed=True),
    identifying("birth_dttm", "birth date, or an estimate of it", kind=DATE, needed=True),
    plain("dob_estimated", FLAG, "the birth date is an estimate"),
    plain("gender_main_code", TEXT, "sex"),
    plain("restricted", FLAG, "the record is locked", "is_restricted", "restricted_flag", "sensitive"),
)  # fmt: skip
ADDRESSES = _table(
    "dim_person_address", "the addresses of the persons, with their dates",
    identifying("dim_person_id", "the person", needed=True),
    plain("addss_type", TEXT, "the system's own word for the kind of address", "addss_type_desc", "addss_type_code"),
    plain("start_dttm", DATE, "from"),
    plain("end_dttm", END, "until"),
    *(identifying(name, "part of the address") for name in ("room_no", "floor_no", "flat_no", "building", "house_no")),
    identifying("street", "street", needed=True),
    identifying("town", "town"),
    identifying("postcode", "postcode", needed=True),
    identifying("uprn", "unique property reference number"),
)  # fmt: skip
RELATIONS = _table(
    "fact_person_relation", "who is what to whom",
    identifying("dim_person_id", "one person", needed=True),
    identifying("dim_related_person_id", "the other", needed=True),
    plain("description", TEXT, "what the other is to the one", "dim_lookup_reltn_type_desc"),
    plain("code", TEXT, "the same as a code", "dim_lookup_reltn_type_code"),
    plain("end_dttm", END, "until"),
    bare=True,
)  # fmt: skip

PLACES = dict(zip(PARTS, ("room_no", "floor_no", "flat_no", "building", "house_no", "street", "town"), strict=True))


def read_liquidlogic(where: Where) -> Identifiers:
    """Persons, addresses and adults. The tables of persons and of addresses must be there.

    Raises DataProblem where they are not, or cannot be read.
    """
    person = without_marked(_persons(needed_table(where, PERSONS, SOURCE)))
    address = _addresses(needed_table(where, ADDRESSES, SOURCE))
    told = take_table(where, RELATIONS, SOURCE)
    adults = [absent(SOURCE, CHILD_ADULT, RELATIONS.name)]
    if told is not None:
        adults = [kin(_relations(told), person.table, address.table, describes_first=False)]
    return gathered(SOURCE, [person], [address], adults)


def somebody(ids: Values) -> pa.Array:
    """The ids, those below zero missing."""
    held = whole(ids)
    return whole(only(held, pc.invert(pc.starts_with(held, "-"))))


def _persons(taken: Taken) -> Taken:
    held = taken.table.filter(pc.invert(pc.fill_null(pc.starts_with(taken.table.column("dim_person_id"), "-"), False)))
    columns: dict[str, Values] = {
        "person_id": held.column("dim_person_id"),
        "legacy_id": somebody(held.column("legacy_id")),
        "upn": held.column("upn"),
        "forename": held.column("forename"),
        "middle_names": held.column("middle_name"),
        "surname": held.column("surname"),
        "birth_date": held.column("birth_dttm"),
        "birth_date_estimated": held.column("dob_estimated"),
        "sex": each(held.column("gender_main_code"), codes.sex, pa.string()),
        "restricted": held.column("restricted"),
    }
    counted = taken.tally.refusing(NOBODY, taken.table.num_rows - held.num_rows)
    return Taken(intake(CHILD_PERSON, columns, held.num_rows), counted)


def _addresses(taken: Taken) -> Taken:
    held = taken.table
    parts = [held.column(name).to_pylist() for name in PLACES.values()]
    lines = [
        ", ".join(part for part in postal_order(dict(zip(PARTS, map(_text, row), strict=True))) if part) or None
        for row in zip(*parts, strict=True)
    ]
    columns: dict[str, Values] = {
        "person_id": somebody(held.column("dim_person_id")),
        "address_kind": held.column("addss_type"),
        "start_date": held.column("start_dttm"),
        "end_date": held.column("end_dttm"),
        "uprn": somebody(held.column("uprn")),
        "address": pa.array(lines, pa.string()),
        "postcode": held.column("postcode"),
    }
    return Taken(intake(CHILD_ADDRESS, columns, held.num_rows), taken.tally)


def _text(part: str | None) -> str:
    return part or ""


def _relations(told: Taken) -> Taken:
    held = told.table
    made = pa.table(
        {
            "person_id": somebody(held.column("dim_person_id")),
            "other_id": somebody(held.column("dim_related_person_id")),
            "words": pc.coalesce(held.column("description"), held.column("code")),
            "mother": pa.nulls(held.num_rows, pa.bool_()),
        }
    )
    return Taken(made, told.tally)


TABLES = (PERSONS, ADDRESSES, RELATIONS)

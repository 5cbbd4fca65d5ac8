"""Liquidlogic's reporting tables (``domain.md`` 1.8.2): persons, addresses in parts, and relations told from both sides.

They carry the system's habits: the id of the census as LEGACY_ID, -1 where there is none, an estimated date of birth with its flag, the
expected day of the unborn as one such, and adults among the persons.
"""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.case_adults import WITHHELD, adults_of, born_or_due, is_withheld, shared_homes
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.world import RecordedAddress, Ward
from hearthlink.synthetic.writing.ssd import ADDRESS_TYPES
from hearthlink.synthetic.writing.text import Part, midnight, rows

NONE = "-1"
COLUMNS: dict[str, tuple[str, ...]] = {
    "in/liquidlogic/DIM_PERSON.csv": (
        "DIM_PERSON_ID", "LEGACY_ID", "FORENAME", "MIDDLE_NAME", "SURNAME", "UPN", "BIRTH_DTTM", "DOB_ESTIMATED", "GENDER_MAIN_CODE",
        "ETHNICITY_MAIN_CODE", "NHS_NUMBER", "DEATH_DTTM", "RESTRICTED",
    ),
    "in/liquidlogic/DIM_PERSON_ADDRESS.csv": (
        "DIM_PERSON_ADDRESS_ID", "DIM_PERSON_ID", "ADDSS_TYPE_DESC", "START_DTTM", "END_DTTM", "ROOM_NO", "FLOOR_NO", "FLAT_NO",
        "BUILDING", "HOUSE_NO", "STREET", "TOWN", "POSTCODE", "UPRN",
    ),
    "in/liquidlogic/FACT_PERSON_RELATION.csv": (
        "FACT_PERSON_RELATION_ID", "DIM_PERSON_ID", "DIM_RELATED_PERSON_ID", "DIM_RELATED_PERSON_DOB", "DIM_LOOKUP_RELTN_TYPE_CODE",
        "DIM_LOOKUP_RELTN_TYPE_DESC", "END_DTTM",
    ),
}  # fmt: skip

Row = tuple[object, ...]


def begin(settings: Settings) -> dict[str, bytes]:
    """Each file with its header row, and the person whom systems keep for nobody."""
    made = {name: rows([columns]) for name, columns in COLUMNS.items()}
    made["in/liquidlogic/DIM_PERSON.csv"] += rows([(NONE, NONE, "", "", "", "", "", "", "", "", "", "", "")])
    return made


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward and their adults."""
    tables = {
        "in/liquidlogic/DIM_PERSON.csv": _persons(ward),
        "in/liquidlogic/DIM_PERSON_ADDRESS.csv": _addresses(ward),
        "in/liquidlogic/FACT_PERSON_RELATION.csv": _relations(ward),
    }
    return {name: Part(rows(table)) for name, table in tables.items()}


def _persons(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        person = record.person
        estimated = record.birth_date_estimated or record.expected_birth_date is not None
        born = (midnight(born_or_due(record)), "Y" if estimated else "N")
        names = (person.forename, person.middle_name, person.surname, record.upn)
        about = (person.sex or "U", record.ethnicity, record.nhs_number, midnight(record.death_date))
        yield record.person_id, record.legacy_id, *names, *born, *about, "Y" if record.restricted else "N"
    for identifier, adult in adults_of(ward).items():
        person = adult.person
        born = (midnight(person.birth_date), "N")
        yield identifier, NONE, person.forename, "", person.surname, "", *born, person.sex or "U", "", "", "", "N"


def _addresses(ward: Ward) -> Iterator[Row]:
    held = [(record.person_id, address) for record in ward.care_records for address in record.addresses]
    for number, (person_id, address) in enumerate([*held, *shared_homes(ward)], 1):
        yield f"{ward.number}{number:06}", person_id, *_address(address)


def _address(address: RecordedAddress) -> Row:
    flat = address.flat
    room = flat if flat.upper().startswith("ROOM") else ""
    street = WITHHELD if is_withheld(address) else address.street
    days = (midnight(address.start), midnight(address.end))
    parts = (room, "", "" if room else flat, address.house_name, address.house_number, street, address.town)
    return (
        ADDRESS_TYPES[address.kind],
        *days,
        *parts,
        address.postcode,
        NONE if address.uprn is None else str(address.uprn),
    )


def _relations(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        for number, adult in enumerate(record.adults):
            row_id = f"{record.person_id}{number:02}"
            born = (midnight(adult.person.birth_date), midnight(born_or_due(record)))
            yield f"1{row_id}", record.person_id, adult.identifier, born[0], "", adult.relationship, ""
            yield f"2{row_id}", adult.identifier, record.person_id, born[1], "CHI", "", ""

"""Mosaic's reporting tables (``domain.md`` 1.8.2): persons, addresses as one text, and relations told from both sides.

They carry the system's habits: names cut at 30 letters, whole names at 62, the expected day of the unborn as their date of birth, adults
among the persons, RESTRICTED for a locked record, and an address whose postcode stands at its end too.
"""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.case_adults import adults_of, born_or_due, one_line, shared_homes
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.world import CareRecord, RecordedAddress, RecordedPerson, Ward
from hearthlink.synthetic.writing.ssd import ADDRESS_TYPES
from hearthlink.synthetic.writing.text import Part, midnight, rows

CUT, CUT_FULL = 30, 62
COLUMNS: dict[str, tuple[str, ...]] = {
    "in/mosaic/DM_PERSONS.csv": (
        "PERSON_ID", "SSDA903_ID", "NHS_ID", "UPN_ID", "FORMER_UPN_ID", "FULL_NAME", "TITLE", "FIRST_NAME", "LAST_NAME",
        "DATE_OF_BIRTH", "DATE_OF_DEATH", "GENDER", "RESTRICTED", "PERSON_ID_LEGACY", "FULL_ETHNICITY_CODE",
    ),
    "in/mosaic/DM_ADDRESSES.csv": (
        "PERSON_ID", "START_DATE", "END_DATE", "ADDRESS", "POST_CODE", "ADDRESS_TYPE", "IS_DISPLAY_ADDRESS", "UNIQUE_ID",
    ),
    "in/mosaic/DM_PERSONAL_RELATIONSHIPS.csv": (
        "PERSONAL_RELATIONSHIP_ID", "PERSON_ID", "PERSONAL_REL_TYPE_ID", "OTHER_PERSON_ID", "START_DATE", "END_DATE", "FAMILY_CATEGORY",
        "IS_MOTHER", "PARENTAL_RESPONSIBILITY",
    ),
    "in/mosaic/DM_PERSONAL_REL_TYPES.csv": ("PERSONAL_REL_TYPE_ID", "DESCRIPTION", "FAMILY_CATEGORY"),
}  # fmt: skip
RELATIONS = (
    "Mother", "Father", "Step-parent", "Grandparent", "Aunt", "Uncle", "Carer",
    "Son", "Daughter", "Child", "Grandchild", "Nephew or niece", "Stepchild",
)  # fmt: skip
RECIPROCAL = {
    "Grandparent": "Grandchild",
    "Aunt": "Nephew or niece",
    "Uncle": "Nephew or niece",
    "Step-parent": "Stepchild",
}
OWN_CHILD = {"M": "Son", "F": "Daughter"}

Row = tuple[object, ...]


def begin(settings: Settings) -> dict[str, bytes]:
    """Each file with its header row; the types of relations are the same in every ward."""
    made = {name: rows([columns]) for name, columns in COLUMNS.items()}
    types = [(number, words, "") for number, words in enumerate(RELATIONS, 1)]
    made["in/mosaic/DM_PERSONAL_REL_TYPES.csv"] += rows(types)
    return made


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward and their adults."""
    tables = {
        "in/mosaic/DM_PERSONS.csv": _persons(ward),
        "in/mosaic/DM_ADDRESSES.csv": _addresses(ward),
        "in/mosaic/DM_PERSONAL_RELATIONSHIPS.csv": _relations(ward),
        "in/mosaic/DM_PERSONAL_REL_TYPES.csv": (),
    }
    return {name: Part(rows(table)) for name, table in tables.items()}


def _persons(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        pupil = (record.nhs_number, record.upn, record.former_upn)
        names = _names(record.person)
        about = (midnight(record.death_date), record.person.sex or "U", "Y" if record.restricted else "N")
        born = midnight(born_or_due(record))
        yield record.person_id, "", *pupil, *names, born, *about, record.legacy_id, record.ethnicity
    for identifier, adult in adults_of(ward).items():
        born = midnight(adult.person.birth_date)
        yield identifier, "", "", "", "", *_names(adult.person), born, "", adult.person.sex or "U", "N", "", ""


def _names(person: RecordedPerson) -> Row:
    full = " ".join(name for name in (person.title, person.forename, person.surname) if name)
    return full[:CUT_FULL], person.title, person.forename[:CUT], person.surname[:CUT]


def _addresses(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        for address in record.addresses:
            yield _address(record.person_id, address)
    for identifier, home in shared_homes(ward):
        yield _address(identifier, home)


def _address(person_id: str, address: RecordedAddress) -> Row:
    line = one_line(address, postcode=True)
    days = (midnight(address.start), midnight(address.end))
    uprn = "" if address.uprn is None else str(address.uprn)
    return person_id, *days, line, address.postcode, ADDRESS_TYPES[address.kind], "N" if address.end else "Y", uprn


def _relations(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        for number, adult in enumerate(record.adults):
            row_id = f"{record.person_id}{number:02}"
            mother = "Y" if adult.relationship == "Mother" else ""
            yield f"1{row_id}", adult.identifier, _type(adult.relationship), record.person_id, "", "", "", mother, ""
            yield (
                f"2{row_id}",
                record.person_id,
                _type(_counterpart(adult.relationship, record)),
                adult.identifier,
                "",
                "",
                "",
                "",
                "",
            )


def _counterpart(relationship: str, record: CareRecord) -> str:
    return RECIPROCAL.get(relationship) or OWN_CHILD.get(record.person.sex, "Child")


def _type(words: str) -> int:
    return RELATIONS.index(words if words in RELATIONS else "Carer") + 1

"""The plain layout of names and addresses (``domain.md`` 1.8.5): persons, their other names, addresses and adults, as four tables."""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.case_adults import one_line
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.world import Ward
from hearthlink.synthetic.writing.ssd import ADDRESS_TYPES
from hearthlink.synthetic.writing.text import Part, rows, slashed

COLUMNS: dict[str, tuple[str, ...]] = {
    "in/identifiers/child_person.csv": (
        "child_id", "person_id", "forename", "middle_names", "surname", "dob", "dob_estimated", "expected_dob", "sex", "upn", "nhs_number",
        "restricted", "merged_into",
    ),
    "in/identifiers/child_alias.csv": ("person_id", "forename", "surname"),
    "in/identifiers/child_address.csv": (
        "person_id", "type", "start", "end", "uprn", "address", "postcode", "confidential",
    ),
    "in/identifiers/child_adult.csv": (
        "person_id", "adult_id", "relationship", "forename", "surname", "former_surname", "dob", "sex", "lives_with", "start", "end",
    ),
}  # fmt: skip

Row = tuple[object, ...]


def begin(settings: Settings) -> dict[str, bytes]:
    """Each file with its header row."""
    return {name: rows([columns]) for name, columns in COLUMNS.items()}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward in every table."""
    tables = {
        "in/identifiers/child_person.csv": _persons(ward),
        "in/identifiers/child_alias.csv": _aliases(ward),
        "in/identifiers/child_address.csv": _addresses(ward),
        "in/identifiers/child_adult.csv": _adults(ward),
    }
    return {name: Part(rows(table)) for name, table in tables.items()}


def _persons(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        person = record.person
        born = "" if record.expected_birth_date else slashed(person.birth_date)
        dates = (born, "Y" if record.birth_date_estimated else "N", slashed(record.expected_birth_date))
        names = (person.forename, person.middle_name, person.surname)
        numbers = (person.sex, record.upn, record.nhs_number)
        yield record.legacy_id, record.person_id, *names, *dates, *numbers, "Y" if record.restricted else "N", ""


def _aliases(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        if record.person.known_as:
            yield record.person_id, record.person.known_as, ""


def _addresses(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        for address in record.addresses:
            days = (slashed(address.start), slashed(address.end))
            uprn = "" if address.uprn is None else str(address.uprn)
            line = one_line(address)
            confidential = "Y" if record.restricted else "N"
            yield record.person_id, ADDRESS_TYPES[address.kind], *days, uprn, line, address.postcode, confidential


def _adults(ward: Ward) -> Iterator[Row]:
    for record in ward.care_records:
        for adult in record.adults:
            person = adult.person
            names = (person.forename, person.surname, "")
            about = (slashed(person.birth_date), person.sex, "Y" if adult.lives_with else "N", "", "")
            yield record.person_id, adult.identifier, adult.relationship, *names, *about

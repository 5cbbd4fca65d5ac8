"""The case system's extract: Standard Safeguarding Dataset tables (``domain.md`` 1.8.1) and related adults (1.8.5).

It carries the dataset's habits: ``SSD_PH`` where the system cannot supply a value, postcodes without spaces, the legacy
id as the census's LAchildID, an estimated birth date in the column for expected ones, addresses as JSON, and times at
midnight. Every address of a locked record is of type Confidential, and a withheld one is blank or ADDRESS RESTRICTED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from json import dumps
from typing import TypeAlias
from zlib import crc32

from hearthlink.synthetic.world import (
    AddressKind,
    CareRecord,
    LookedAfterEpisode,
    Postcode,
    RecordedAddress,
    Settings,
    Ward,
)
from hearthlink.synthetic.writing.ssd_activity import ACTIVITY, PLACEHOLDER, activity
from hearthlink.synthetic.writing.text import Part, iso, midnight, rows

WITHHELD = "ADDRESS RESTRICTED"

COLUMNS: dict[str, tuple[str, ...]] = {
    "in/ssd/ssd_person.csv": (
        "pers_legacy_id",
        "pers_person_id",
        "pers_upn",
        "pers_forename",
        "pers_surname",
        "pers_sex",
        "pers_gender",
        "pers_ethnicity",
        "pers_dob",
        "pers_single_unique_id",
        "pers_upn_unknown",
        "pers_send_flag",
        "pers_expected_dob",
        "pers_death_date",
        "pers_is_mother",
        "pers_nationality",
    ),
    "in/ssd/ssd_address.csv": (
        "addr_table_id",
        "addr_person_id",
        "addr_address_type",
        "addr_address_start_date",
        "addr_address_end_date",
        "addr_address_postcode",
        "addr_address_json",
    ),
    "in/ssd/ssd_mother.csv": ("moth_table_id", "moth_person_id", "moth_childs_person_id", "moth_childs_dob"),
    "in/ssd/ssd_linked_identifiers.csv": (
        "link_table_id",
        "link_person_id",
        "link_identifier_type",
        "link_identifier_value",
        "link_valid_from_date",
        "link_valid_to_date",
    ),
    "in/ssd/ssd_cin_episodes.csv": (
        "cine_referral_id",
        "cine_person_id",
        "cine_referral_date",
        "cine_cin_primary_need_code",
        "cine_referral_source_code",
        "cine_referral_source_desc",
        "cine_referral_outcome_json",
        "cine_referral_nfa",
        "cine_close_reason",
        "cine_close_date",
        "cine_referral_team",
        "cine_referral_worker_id",
    ),
    **ACTIVITY,
    "in/ssd/ssd_cin_plans.csv": (
        "cinp_cin_plan_id",
        "cinp_referral_id",
        "cinp_person_id",
        "cinp_cin_plan_start_date",
        "cinp_cin_plan_end_date",
        "cinp_cin_plan_team",
        "cinp_cin_plan_worker_id",
    ),
    "in/ssd/ssd_cla_episodes.csv": (
        "clae_cla_episode_id",
        "clae_person_id",
        "clae_cla_placement_id",
        "clae_cla_episode_start_date",
        "clae_cla_episode_start_reason",
        "clae_cla_primary_need_code",
        "clae_cla_episode_ceased",
        "clae_cla_episode_ceased_reason",
        "clae_cla_id",
        "clae_referral_id",
        "clae_cla_last_iro_contact_date",
        "clae_entered_care_date",
    ),
    "in/ssd/related_adults.csv": (
        "person_id",
        "adult_id",
        "relationship",
        "forename",
        "surname",
        "former_surname",
        "dob",
        "lives_with",
        "start",
        "end",
    ),
}

ADDRESS_TYPES: dict[AddressKind, str] = {
    "home": "Home",
    "temporary": "Temporary accommodation",
    "hostel": "Hostel",
    "refuge": "Refuge",
    "placement": "Placement",
    "hmo": "Home",
    "out_of_area": "Home",
}

Row: TypeAlias = tuple[object, ...]


def begin(settings: Settings) -> dict[str, bytes]:
    """Each file with its header row."""
    return {name: rows([columns]) for name, columns in COLUMNS.items()}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward in every table."""
    records = ward.care_records
    mothers = {record.mother_id for record in records if record.mother_id}
    places = {postcode.text.replace(" ", ""): postcode for postcode in ward.postcodes}
    tables: Mapping[str, Iterable[Row]] = {
        "in/ssd/ssd_person.csv": (_person(record, mothers) for record in records),
        "in/ssd/ssd_address.csv": _each(records, lambda record: _addresses(record, places)),
        "in/ssd/ssd_mother.csv": _each(records, _mother),
        "in/ssd/ssd_linked_identifiers.csv": _each(records, _identifiers),
        "in/ssd/ssd_cin_episodes.csv": _each(records, _episodes),
        **activity(records),
        "in/ssd/ssd_cin_plans.csv": _each(records, _plans),
        "in/ssd/ssd_cla_episodes.csv": _each(records, _looked_after),
        "in/ssd/related_adults.csv": _each(records, _adults),
    }
    return {name: Part(rows(table)) for name, table in tables.items()}


def _each(records: Iterable[CareRecord], of: Callable[[CareRecord], Iterator[Row]]) -> Iterator[Row]:
    for record in records:
        yield from of(record)


def _dates(record: CareRecord) -> tuple[date | None, date | None]:
    """The birth date and the expected birth date as the reporting copy holds them."""
    if record.expected_birth_date is not None:
        return None, record.expected_birth_date
    if record.birth_date_estimated:
        return None, record.person.birth_date
    return record.person.birth_date, None


def _person(record: CareRecord, mothers: set[str]) -> Row:
    person = record.person
    born, expected = _dates(record)
    return (
        record.legacy_id,
        record.person_id,
        record.upn,
        person.forename,
        person.surname,
        person.sex or "U",
        person.sex or "unknown",
        record.ethnicity,
        midnight(born),
        record.nhs_number or PLACEHOLDER,
        record.upn_unknown,
        PLACEHOLDER,
        midnight(expected),
        midnight(record.death_date),
        "Y" if record.person_id in mothers else "N",
        PLACEHOLDER,
    )


def _addresses(record: CareRecord, places: Mapping[str, Postcode]) -> Iterator[Row]:
    for number, address in enumerate(record.addresses, 1):
        row_id = f"A{record.person_id}-{number}"
        postcode = address.postcode.replace(" ", "")
        yield (
            row_id,
            record.person_id,
            "Confidential" if record.restricted else ADDRESS_TYPES[address.kind],
            midnight(address.start),
            midnight(address.end),
            postcode,
            _json(address, places.get(postcode), row_id),
        )


def _json(address: RecordedAddress, place: Postcode | None, row_id: str) -> str:
    """The address object, keys always all there. A withheld one says so, or is blank: its row's name decides which."""
    withheld = not (address.street or address.house_name or address.house_number or address.postcode)
    if withheld and crc32(row_id.encode()) % 2:
        return ""
    flat = address.flat
    room = flat if flat.upper().startswith("ROOM") else ""
    return dumps(
        {
            "ROOM": room,
            "FLOOR": "",
            "FLAT": "" if room else flat,
            "BUILDING": address.house_name,
            "HOUSE": address.house_number,
            "STREET": WITHHELD if withheld else address.street,
            "TOWN": address.town,
            "UPRN": "" if address.uprn is None else str(address.uprn),
            "EASTING": "" if place is None else str(place.easting),
            "NORTHING": "" if place is None else str(place.northing),
        },
        ensure_ascii=False,
    )


def _mother(record: CareRecord) -> Iterator[Row]:
    if record.mother_id:
        yield f"M{record.person_id}", record.mother_id, record.person_id, midnight(_dates(record)[0])


def _identifiers(record: CareRecord) -> Iterator[Row]:
    """The identifiers a council filled in, and the dataset's own placeholder where it filled in none."""
    held = (
        ("Case Number", record.family_reference),
        ("Unique Pupil Number", record.upn),
        ("Former Unique Pupil Number", record.former_upn),
        ("NHS Number", record.nhs_number),
    )
    filled = [pair for pair in held if pair[1]] or [(PLACEHOLDER, PLACEHOLDER)]
    for number, (kind, value) in enumerate(filled, 1):
        yield f"L{record.person_id}-{number}", record.person_id, kind, value, "", ""


def _episodes(record: CareRecord) -> Iterator[Row]:
    for referral in record.referrals:
        yield (
            referral.identifier,
            record.person_id,
            midnight(referral.day),
            referral.primary_need or "",
            referral.source,
            PLACEHOLDER,
            "",
            "Y" if referral.no_further_action else "N",
            referral.closure_reason,
            midnight(referral.closed),
            PLACEHOLDER,
            PLACEHOLDER,
        )


def _plans(record: CareRecord) -> Iterator[Row]:
    for plan in record.cin_plans:
        yield (
            plan.identifier,
            plan.referral,
            record.person_id,
            midnight(plan.start),
            midnight(plan.end),
            PLACEHOLDER,
            PLACEHOLDER,
        )


def _looked_after(record: CareRecord) -> Iterator[Row]:
    spell = entered = None
    before: LookedAfterEpisode | None = None
    for episode in record.looked_after:
        if before is None or before.ceased is None or episode.start > before.ceased + timedelta(1):
            spell, entered = f"C{episode.identifier}", episode.start
        before = episode
        yield (
            episode.identifier,
            record.person_id,
            f"P{episode.identifier}",
            midnight(episode.start),
            episode.start_reason,
            episode.need,
            midnight(episode.ceased),
            episode.ceased_reason,
            spell,
            episode.referral,
            "",
            midnight(entered),
        )


def _adults(record: CareRecord) -> Iterator[Row]:
    for adult in record.adults:
        person = adult.person
        yield (
            record.person_id,
            adult.identifier,
            adult.relationship,
            person.forename,
            person.surname,
            "",
            iso(person.birth_date),
            "Y" if adult.lives_with else "N",
            "",
            "",
        )

"""Intake tables about children: who they are, where they lived, their adults, and their plans and spells of care (domain.md 1.8.5)."""

from __future__ import annotations

from hearthlink.sources.intake.declared import (
    CODE,
    DATE,
    END,
    FLAG,
    SEX,
    TEXT,
    IntakeTable,
    identifying,
    plain,
)

_PERSON_ID = ("child_id", "client_id", "case_id", "mosaic_id", "la_child_id")

CHILD_PERSON = IntakeTable(
    "child_person",
    "A child as the case system knows them.",
    "identifiers",
    ("child_person", "persons", "children", "child"),
    (
        identifying("person_id", "the system's own id of the person; the child_id where that is the only one", "mosaic_id", "client_id"),
        identifying("child_id", "the id that the census was sent with, where it is another", "la_child_id", "lachildid"),
        identifying("legacy_id", "an older system's id", "person_id_legacy", "pers_legacy_id"),
        identifying("upn", "unique pupil number; used only to join, in memory", "unique_pupil_number", "upn_id"),
        identifying("forename", "forename", "first_name", "given_name", "forenames", needed=True),
        identifying("middle_names", "further forenames", "middle_name", "other_names"),
        identifying("surname", "surname", "last_name", "family_name", needed=True),
        identifying("known_as", "the forename they go by; several are parted by a semicolon", "alias", "preferred_name"),
        identifying("former_surname", "earlier surnames; several are parted by a semicolon", "previous_surname", "maiden_name"),
        identifying("birth_date", "birth date", "dob", "date_of_birth", kind=DATE, needed=True),
        plain("birth_date_estimated", FLAG, "the system says the date is an estimate", "dob_estimated", "dob_estimated_flag"),
        plain("expected_birth_date", DATE, "expected date of birth", "expected_dob", "edd"),
        plain("sex", CODE, "F, M or empty", "gender", codes=SEX),
        plain("restricted", FLAG, "the record is locked", "restricted_flag", "sensitive", "locked"),
        identifying("merged_into", "the person id that this record was merged into", "merged_into_id", "merged_to"),
    ),
)  # fmt: skip

CHILD_ADDRESS = IntakeTable(
    "child_address",
    "Where the case system says a child lived, and when.",
    "identifiers",
    ("child_address", "addresses", "address"),
    (
        identifying("person_id", "the child, by the id of the person table", *_PERSON_ID, required=True),
        plain("address_kind", TEXT, "home, placement, refuge or the system's own word", "type", "address_type"),
        plain("start_date", DATE, "from", "start", "from_date", "address_start_date"),
        plain("end_date", END, "until", "end", "to_date", "address_end_date"),
        identifying("uprn", "unique property reference number", "unique_id"),
        identifying("address", "the address in one line", "full_address", "address_line"),
        identifying("address_1", "first line", "line1", "addr1", "address_line_1"),
        identifying("address_2", "second line", "line2", "addr2", "address_line_2"),
        identifying("address_3", "third line", "line3", "addr3", "address_line_3"),
        identifying("address_4", "fourth line", "line4", "addr4", "address_line_4"),
        identifying("address_5", "fifth line", "line5", "addr5", "address_line_5"),
        identifying("postcode", "postcode", "post_code", needed=True),
        plain("confidential", FLAG, "never to be shown", "confidential_flag", "restricted"),
    ),
)

CHILD_ADULT = IntakeTable(
    "child_adult",
    "An adult whom the case system relates to a child.",
    "identifiers",
    ("child_adult", "adults", "related_adults", "relationships"),
    (
        identifying("person_id", "the child, by the id of the person table", *_PERSON_ID, required=True),
        identifying(
            "adult_id", "the adult, the same for every child related to them", "related_person_id", required=True
        ),
        plain("relationship", TEXT, "mother, father, carer …", "relationship_type"),
        identifying("forename", "forename", "first_name", "forenames"),
        identifying("surname", "surname", "last_name"),
        identifying("former_surname", "earlier surname", "previous_surname", "maiden_name"),
        identifying("birth_date", "birth date", "dob", "date_of_birth", kind=DATE),
        plain("sex", CODE, "F, M or empty", "gender", codes=SEX),
        plain("lives_with", FLAG, "lives with the child", "lives_with_flag", "same_household"),
        plain("start_date", DATE, "from", "start", "from_date"),
        plain("end_date", END, "until", "end", "to_date"),
    ),
    may_be_bare=True,
)


def _spell(name: str, says: str, *stems: str, starts: tuple[str, ...] = (), ends: tuple[str, ...] = ()) -> IntakeTable:
    person = (*_PERSON_ID, "LAchildID")
    return IntakeTable(
        name, says, "stages", (name, *stems),
        (
            identifying("person_id", "the child, by any id that the person table holds", *person, required=True),
            plain("start_date", DATE, "began", "start", "from_date", *starts, required=True),
            plain("end_date", END, "ended", "end", "to_date", "ceased_date", *ends),
        ),
        may_be_bare=True,
    )  # fmt: skip


CIN_PLAN = _spell(
    "cin_plan",
    "A child in need plan.",
    "cin_plans",
    "CINplanDates",
    starts=("CINPlanStartDate",),
    ends=("CINPlanEndDate",),
)
LOOKED_AFTER = _spell("looked_after", "A spell of being looked after.", "looked_after_episodes", "cla_episodes")

CHILD_ALIAS = IntakeTable(
    "child_alias",
    "Another name that a child goes by or went by: as many rows for a child as there are names.",
    "identifiers",
    ("child_alias", "aliases", "child_names"),
    (
        identifying("person_id", "the child, by the id of the person table", *_PERSON_ID, required=True),
        identifying("forename", "forename, where it is another", "first_name", "alias_forename", "known_as"),
        identifying("surname", "surname, where it is another", "last_name", "alias_surname", "former_surname"),
    ),
    may_be_bare=True,
)

CHILD_TABLES = (CHILD_PERSON, CHILD_ALIAS, CHILD_ADDRESS, CHILD_ADULT, CIN_PLAN, LOOKED_AFTER)

"""The case system's extract as Standard Safeguarding Dataset tables, and the related adults beside them (domain.md 1.8.1).

The tables may lie there in any form. `SSD_PH` is the dataset's own placeholder and is missing everywhere. Health numbers are not read;
pupil numbers join what no id joins, and go no further.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.case.identifier_tables import (
    Identifiers,
    Where,
    absent,
    gathered,
    in_order,
    intake,
    needed_table,
    take_table,
    without_marked,
)
from hearthlink.sources.case.ssd_address import PLACEHOLDERS, read_addresses
from hearthlink.sources.intake.children import CHILD_ADDRESS, CHILD_ADULT, CHILD_PERSON
from hearthlink.sources.intake.declared import DATE, END, FLAG, TEXT, IntakeTable, identifying, plain
from hearthlink.sources.intake.spells import Spells, Stage, spells
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import Values, each, found_at, whole

SOURCE = "ssd"
GROWN = 16
"""Years by which somebody of the child's family is older, to be one of its adults."""


def _table(stem: str, says: str, *columns: object, bare: bool = True) -> IntakeTable:
    return IntakeTable(stem, says, SOURCE, (stem,), columns, may_be_bare=bare)  # type: ignore[arg-type]


PERSON = _table(
    "ssd_person", "the persons of the case system",
    identifying("pers_person_id", "the system's own id", needed=True),
    identifying("pers_legacy_id", "an older system's id, or the id of the census"),
    identifying("pers_upn", "unique pupil number"),
    identifying("pers_forename", "forename", needed=True),
    identifying("pers_surname", "surname", needed=True),
    plain("pers_sex", TEXT, "sex"),
    identifying("pers_dob", "birth date, where it is no estimate", kind=DATE, needed=True),
    plain("pers_expected_dob", DATE, "expected date of birth, or an estimated one"),
    plain("pers_restricted", FLAG, "the record is locked; councils add this column", "restricted"),
    bare=False,
)  # fmt: skip
ADDRESS = _table(
    "ssd_address", "the addresses of the persons, with their dates",
    identifying("addr_person_id", "the person", needed=True),
    plain("addr_address_type", TEXT, "the system's own word for the kind of address"),
    plain("addr_address_start_date", DATE, "from", "addr_address_start"),
    plain("addr_address_end_date", END, "until", "addr_address_end"),
    identifying("addr_address_postcode", "postcode, its spaces removed", needed=True),
    identifying("addr_address_json", "the address as an object, or as bare text", needed=True),
    bare=False,
)  # fmt: skip
MOTHER = _table(
    "ssd_mother", "mothers and their children",
    identifying("moth_person_id", "the mother", needed=True),
    identifying("moth_childs_person_id", "the child", needed=True),
)  # fmt: skip
FAMILY = _table(
    "ssd_family", "who is of one family; in most councils of early help families alone",
    identifying("fami_family_id", "the family", needed=True),
    identifying("fami_person_id", "the person", needed=True),
)  # fmt: skip
LINKED = _table(
    "ssd_linked_identifiers", "further ids of the persons",
    identifying("link_person_id", "the person", needed=True),
    plain("link_identifier_type", TEXT, "what the id is", needed=True),
    identifying("link_identifier_value", "the id", needed=True),
)  # fmt: skip
CIN_PLANS = _table(
    "ssd_cin_plans", "child in need plans",
    identifying("cinp_person_id", "the child", needed=True),
    plain("cinp_cin_plan_start_date", DATE, "began", "cinp_cin_plan_start", needed=True),
    plain("cinp_cin_plan_end_date", END, "ended", "cinp_cin_plan_end"),
)  # fmt: skip
CLA_EPISODES = _table(
    "ssd_cla_episodes", "episodes of being looked after",
    identifying("clae_person_id", "the child", needed=True),
    plain("clae_cla_episode_start_date", DATE, "began", "clae_cla_episode_start", "clae_start_date", needed=True),
    plain("clae_cla_episode_ceased", END, "ended", "clae_cla_episode_ceased_date", "clae_end_date"),
)  # fmt: skip
ADULTS = IntakeTable(
    "related_adults", "adults whom the case system relates to the children", SOURCE,
    ("related_adults", "ssd_related_adults"), CHILD_ADULT.columns, may_be_bare=True,
)  # fmt: skip

UPN_TYPES = ("unique pupil number", "upn", "former unique pupil number")


def read_ssd(where: Where) -> Identifiers:
    """Persons, addresses and adults. Only the tables of persons and of addresses must be there; the others' absence is said."""
    person = needed_table(where, PERSON, SOURCE, missing=PLACEHOLDERS)
    linked = take_table(where, LINKED, SOURCE, missing=PLACEHOLDERS)
    mother, family, related = (
        take_table(where, table, SOURCE, missing=PLACEHOLDERS) for table in (MOTHER, FAMILY, ADULTS)
    )
    held = without_marked(_persons(person, linked))
    held = Taken(in_order(held.table), held.tally)
    adults = [
        related or absent(SOURCE, CHILD_ADULT, ADULTS.name),
        _mothers(mother, held) if mother else absent(SOURCE, CHILD_ADULT, MOTHER.name),
    ]
    adults += [_relatives(family, held)] if family else []
    return gathered(
        SOURCE,
        [held, *([_only_ids(linked)] if linked else [])],
        [_addresses(needed_table(where, ADDRESS, SOURCE, missing=PLACEHOLDERS))],
        adults,
    )


def ssd_stages(where: Where) -> list[Spells]:
    """Child in need plans and looked-after episodes, of the tables that are there."""
    stages: tuple[tuple[Stage, IntakeTable], ...] = (("cin_plan", CIN_PLANS), ("looked_after", CLA_EPISODES))
    told: list[Spells] = []
    for stage, table in stages:
        taken = take_table(where, table, SOURCE, missing=PLACEHOLDERS)
        if taken is None:
            continue
        person_id, start, end = (taken.table.column(name) for name in table.names)
        told.append(spells(stage, person_id, start, end, taken.tally))
    return told


def _persons(taken: Taken, linked: Taken | None) -> Taken:
    """The persons. The dataset keeps an estimated birth date in the column for expected ones; which it is the census decides."""
    held = taken.table
    upn: Values = held.column("pers_upn")
    if linked is not None:
        upn = pc.coalesce(upn, _linked_upn(linked.table, held.column("pers_person_id")))
    columns: dict[str, Values] = {
        "person_id": held.column("pers_person_id"),
        "legacy_id": held.column("pers_legacy_id"),
        "upn": upn,
        "forename": held.column("pers_forename"),
        "surname": held.column("pers_surname"),
        "birth_date": held.column("pers_dob"),
        "expected_birth_date": held.column("pers_expected_dob"),
        "sex": each(held.column("pers_sex"), codes.sex, pa.string()),
        "restricted": held.column("pers_restricted"),
    }
    return Taken(intake(CHILD_PERSON, columns, held.num_rows), taken.tally)


def _linked_upn(linked: pa.Table, person_id: Values) -> pa.Array:
    """The pupil number that the table of further ids holds for each person, its present one before its former ones."""
    kinds = pc.utf8_lower(pc.utf8_trim_whitespace(linked.column("link_identifier_type")))
    place = whole(pc.index_in(kinds, value_set=pa.array(UPN_TYPES)))
    rows = linked.append_column("place", place).filter(pc.is_valid(place))
    rows = rows.sort_by([("place", "ascending"), ("link_identifier_value", "ascending")])
    row = found_at(person_id, rows.column("link_person_id"))
    return whole(rows.column("link_identifier_value").take(row))


def _only_ids(linked: Taken) -> Taken:
    """The table of further ids adds no person; it is accounted for."""
    return Taken(intake(CHILD_PERSON, {}, 0), linked.tally)


def _addresses(taken: Taken) -> Taken:
    held = taken.table
    postcode = held.column("addr_address_postcode")
    lines, uprns = read_addresses(held.column("addr_address_json").to_pylist(), postcode.to_pylist())
    columns: dict[str, Values] = {
        "person_id": held.column("addr_person_id"),
        "address_kind": held.column("addr_address_type"),
        "start_date": held.column("addr_address_start_date"),
        "end_date": held.column("addr_address_end_date"),
        "uprn": pa.array(uprns, pa.string()),
        "address": pa.array(lines, pa.string()),
        "postcode": postcode,
    }
    return Taken(intake(CHILD_ADDRESS, columns, held.num_rows), taken.tally)


def _mothers(taken: Taken, person: Taken) -> Taken:
    """Mothers as adults, with their names where they are persons themselves."""
    held = taken.table
    named = pc.is_valid(held.column("moth_person_id"))
    rows = held.filter(named)
    counted = taken.tally.refusing("no adult_id", held.num_rows - rows.num_rows)
    return Taken(
        _adults(rows.column("moth_childs_person_id"), rows.column("moth_person_id"), "mother", person), counted
    )


def _relatives(taken: Taken, person: Taken) -> Taken:
    """Of each family those born long before a child of it: for want of a table of fathers and partners they may be its adults."""
    held = taken.table.filter(pc.and_(*(pc.is_valid(taken.table.column(name)) for name in FAMILY.names)))
    born = whole(person.table.column("birth_date")).cast(pa.int32())
    held = held.append_column(
        "born", born.take(found_at(held.column("fami_person_id"), person.table.column("person_id")))
    )
    pairs = held.join(held, "fami_family_id", join_type="inner", right_suffix="_other")
    older = pc.greater_equal(pc.subtract(pairs.column("born"), pairs.column("born_other")), round(GROWN * 365.25))
    pairs = pairs.filter(pc.fill_null(older, False))
    pairs = pairs.sort_by([(name, "ascending") for name in ("fami_person_id", "fami_person_id_other")])
    adults = _adults(pairs.column("fami_person_id"), pairs.column("fami_person_id_other"), "family", person)
    return Taken(adults, taken.tally)


def _adults(child: Values, adult: Values, relationship: str, person: Taken) -> pa.Table:
    known = person.table.take(found_at(adult, person.table.column("person_id")))
    columns: dict[str, Values] = {
        "person_id": child,
        "adult_id": adult,
        "relationship": pa.repeat(pa.scalar(relationship, pa.string()), len(child)),
        **{name: known.column(name) for name in ("forename", "surname", "birth_date", "sex")},
    }
    return intake(CHILD_ADULT, columns, len(child))


TABLES = (PERSON, ADDRESS, MOTHER, FAMILY, LINKED, CIN_PLANS, CLA_EPISODES, ADULTS)

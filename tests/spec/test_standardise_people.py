"""Persons, places and families, as tables of a few rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pytest

from hearthlink.engine import Engine, open_engine
from hearthlink.standardise import people
from hearthlink.standardise.families import Tie, tie_of
from hearthlink.tables import Kind
from hearthlink.tables.identity import FAMILY_ADULT, IDENTITY_TABLES, PERSON, PLACE

REFERRED = date(2019, 9, 2)
READ = (
    "child_identifier", "child_address", "child_adult", "child_referral",
    "household_identifier", "household_member", "household_residence",
)  # fmt: skip
SPECS = {spec.name: spec for spec in IDENTITY_TABLES if spec.name in READ}
NEUTRAL: dict[Kind, object] = {Kind.TEXT: "", Kind.WHOLE: 0, Kind.DATE: REFERRED, Kind.FLAG: False}

Rows = Sequence[Mapping[str, object]]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the whole file."""
    with open_engine(threads=1) as opened:
        yield opened


def tables(**given: Rows) -> dict[str, pa.Table]:
    """The identity tables with these rows; every child is referred unless referrals are given."""
    rows: dict[str, Rows] = {
        "child_referral": [{"child_id": row["child_id"]} for row in given.get("child_identifier", [])]
    }
    made: dict[str, pa.Table] = {}
    for name, spec in SPECS.items():
        neutral = {column.name: NEUTRAL[column.kind] if column.required else None for column in spec.columns}
        filled = [neutral | dict(row) for row in (rows | given).get(name, [])]
        made[name] = spec.conform(pa.Table.from_pylist(filled, schema=spec.schema))
    return made


def child(child_id: str, **more: object) -> dict[str, object]:
    return {"child_id": child_id, "forename": "AAA", "surname": "BBB", "birth_date": date(2010, 6, 9), **more}


def home(child_id: str, **more: object) -> dict[str, object]:
    return {"child_id": child_id, "address": "10 HIGH ST", "postcode": "AA1 2BB", "address_kind": "home", **more}


def rows(made: pa.Table, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in made.to_pylist()]


# --- persons -----------------------------------------------------------------------------------------


def test_tables_are_as_specified(engine: Engine) -> None:
    """The three tables match their specifications, with rows and without any."""
    for given in (
        tables(),
        tables(child_identifier=[child("A")], household_member=[{"household_id": "H", "role": "claimant"}]),
    ):
        made = people(engine, given)
        assert {name: made[name].schema for name in made} == {
            "person": PERSON.schema, "place": PLACE.schema, "family_adult": FAMILY_ADULT.schema,
        }  # fmt: skip


def test_who_is_a_person(engine: Engine) -> None:
    """Persons are the born children referred in the year, then every member, numbered from 0 by id."""
    made = people(
        engine,
        tables(
            child_identifier=[child("B"), child("A"), child("C"), child("D", unborn=True)],
            child_referral=[{"child_id": name} for name in "DBA"],
            household_member=[
                {"household_id": "J", "member_id": "J-1", "role": "claimant"},
                {"household_id": "H", "member_id": "H-2", "role": "dependant", "start_date": date(2019, 1, 7)},
                {"household_id": "H", "member_id": "H-1", "role": "claimant"},
            ],
        ),
    )["person"]
    assert rows(made, "person_no", "side", "group_id", "record_id", "role") == [
        (0, "child", "A", "A", "child"),
        (1, "child", "B", "B", "child"),
        (2, "member", "H", "H-1", "claimant"),
        (3, "member", "H", "H-2", "dependant"),
        (4, "member", "J", "J-1", "claimant"),
    ]
    assert made.column("referral_date").to_pylist() == [REFERRED, REFERRED, None, None, None]
    assert made.column("start_date").to_pylist()[3] == date(2019, 1, 7)


def test_names_of_a_person(engine: Engine) -> None:
    """A whole name in one field is parted before the rest is done, row by row."""
    made = people(
        engine,
        tables(
            child_identifier=[child("A", forename=None, surname="O'Bbb-Ccc, Miss Aaa Ddd"), child("B", forename="Baby")]
        ),
    )["person"]
    assert rows(made, "forename", "forenames", "surname", "surname_last") == [
        ("AAA", "AAA DDD", "OBBBCCC", "CCC"),
        (None, None, "BBB", None),
    ]


BIRTHS = [
    # recorded, estimated, compared, weak
    (date(2010, 6, 9), False, date(2010, 6, 9), False),
    (date(2010, 6, 9), True, date(2010, 6, 9), True),
    (date(2010, 1, 1), False, date(2010, 1, 1), True),
    (date(2010, 6, 1), False, date(2010, 6, 1), True),
    (date(2010, 6, 15), False, date(2010, 6, 15), True),
    (date(2010, 6, 16), False, date(2010, 6, 16), False),
    (date(2020, 3, 31), False, date(2020, 3, 31), False),
    (date(2020, 4, 1), True, None, False),
    (date(1993, 9, 3), False, date(1993, 9, 3), False),
    (date(1993, 9, 2), False, None, False),
    (date(1900, 1, 1), False, None, False),
    (None, True, None, False),
]


@pytest.mark.parametrize(("recorded", "estimated", "compared", "weak"), BIRTHS)
def test_birth_dates_of_children(
    engine: Engine, recorded: date | None, estimated: bool, compared: date | None, weak: bool
) -> None:
    """A child's birth date is missing after the year's end and from 26 years before the referral; estimates and heaped days are weak."""
    given = tables(child_identifier=[child("A", birth_date=recorded, birth_date_estimated=estimated)])
    assert rows(people(engine, given)["person"], "birth_date", "birth_date_weak") == [(compared, weak)]


MEMBER_BIRTHS = [
    (date(1950, 6, 9), date(1950, 6, 9)),
    (date(1901, 1, 1), None),
    (date(1901, 1, 2), date(1901, 1, 2)),
    (date(1899, 12, 30), None),
    (date(1900, 1, 2), None),
    (date(9999, 12, 31), None),
    (date(2020, 4, 1), None),
]


@pytest.mark.parametrize(("recorded", "compared"), MEMBER_BIRTHS)
def test_birth_dates_of_members(engine: Engine, recorded: date, compared: date | None) -> None:
    """What spreadsheets and databases make of no date is missing; an old person's date is not."""
    member = {"household_id": "H", "member_id": "1", "role": "claimant", "birth_date": recorded}
    given = tables(child_identifier=[child("A")], household_member=[member])
    assert rows(people(engine, given)["person"], "birth_date")[1] == (compared,)


# --- places ------------------------------------------------------------------------------------------


def test_places_of_both_sides(engine: Engine) -> None:
    """A place has the same form on both sides, and repeated rows count once."""
    made = people(
        engine,
        tables(
            child_identifier=[child("A")],
            child_address=[home("A", address="Flat 2, 10 High Street", uprn="00100.0")] * 2,
            household_residence=[
                {"household_id": "H", "address": "APT 2 10 HIGH ST", "postcode": "aa12bb", "uprn": "100"}
            ],
        ),
    )["place"]
    assert rows(made, "side", "owner_id", "uprn", "postcode", "number", "communal") == [
        ("child", "A", "100", "AA12BB", "10/2", False),
        ("member", "H", "100", "AA12BB", "10/2", False),
    ]


HIDDEN = [
    ({"restricted": True}, {}),
    ({}, {"address_kind": "refuge"}),
    ({}, {"address_kind": "confidential"}),
    ({}, {"address": "ADDRESS RESTRICTED"}),
    ({}, {"address": "THE REFUGE, 10 HIGH ST"}),
]


@pytest.mark.parametrize(("of_child", "of_address"), HIDDEN)
def test_a_secret_address_shows_nowhere(
    engine: Engine, of_child: dict[str, object], of_address: dict[str, object]
) -> None:
    """The address of a locked record or a refuge keeps its dates alone."""
    made = people(
        engine, tables(child_identifier=[child("A", **of_child)], child_address=[home("A", uprn="100", **of_address)])
    )["place"]
    assert rows(made, "uprn", "postcode", "number", "communal") == [(None, None, None, True)]


def test_many_families_make_a_place_communal(engine: Engine) -> None:
    """A door shared by more than twelve families and households is marked on both sides; one with twelve is not."""
    children = [child(f"{n:02}") for n in range(7)]
    at_door = [{"household_id": f"H{n}", "address": "10 HIGH ST", "postcode": "AA1 2BB"} for n in range(6)]
    for households, communal in ((at_door[:5], False), (at_door, True)):
        made = people(
            engine,
            tables(
                child_identifier=children,
                child_address=[home(str(row["child_id"])) for row in children],
                household_residence=households,
            ),
        )["place"]
        assert set(made.column("communal").to_pylist()) == {communal}


def test_siblings_are_one_family_at_a_door(engine: Engine) -> None:
    """Fourteen children of one mother do not make their home communal."""
    children = [child(f"{n:02}") for n in range(14)]
    made = people(
        engine,
        tables(
            child_identifier=children,
            child_address=[home(str(row["child_id"])) for row in children],
            child_adult=[{"child_id": row["child_id"], "adult_id": "M", "relationship": "mother"} for row in children],
        ),
    )["place"]
    assert set(made.column("communal").to_pylist()) == {False}


KINDS = [
    ("home", "10 HIGH ST", False, False),
    ("placement", "10 HIGH ST", True, False),
    ("hostel", "10 HIGH ST", True, True),
    ("home", "ELM HOSTEL, 10 HIGH ST", True, True),
]


@pytest.mark.parametrize(("kind", "address", "own", "door"), KINDS)
def test_kinds_of_home(engine: Engine, kind: str, address: str, own: bool, door: bool) -> None:
    """A hostel marks everyone at its door; a placement only the child who is placed there."""
    made = people(
        engine,
        tables(
            child_identifier=[child("A")],
            child_address=[home("A", address_kind=kind, address=address)],
            household_residence=[{"household_id": "H", "address": "10 HIGH ST", "postcode": "AA1 2BB"}],
        ),
    )["place"]
    assert rows(made, "side", "communal") == [("child", own), ("member", door)]


# --- families ----------------------------------------------------------------------------------------

TIES = [
    ("mother", Tie.ALWAYS),
    ("Birth Mother", Tie.ALWAYS),
    ("father", Tie.UNLESS_APART),
    ("Step-parent", Tie.UNLESS_APART),
    ("stepmother", Tie.UNLESS_APART),
    ("kinship carer", Tie.UNLESS_APART),
    ("Special guardian", Tie.UNLESS_APART),
    ("grandmother", Tie.TOGETHER),
    ("Aunt", Tie.TOGETHER),
    ("other", Tie.TOGETHER),
    ("foster carer", Tie.NEVER),
    ("Social worker", Tie.NEVER),
]


@pytest.mark.parametrize(("relationship", "tie"), TIES)
def test_what_a_relationship_ties(relationship: str, tie: Tie) -> None:
    """A mother always ties her children, other carers unless apart, wider kin only together, professionals never."""
    assert tie_of(relationship) is tie


def adult(child_id: str, adult_id: str, relationship: str, lives_with: bool | None = None) -> dict[str, object]:
    return {"child_id": child_id, "adult_id": adult_id, "relationship": relationship, "lives_with": lives_with}


FAMILIES: list[tuple[str, list[dict[str, object]], list[dict[str, object]], list[str]]] = [
    ("nothing shared", [], [home("A"), home("B", postcode="AA1 3BB")], ["A", "B", "C"]),
    ("one mother", [adult("B", "M", "mother"), adult("C", "M", "mother", False)], [], ["A", "B", "B"]),
    ("a chain", [adult("A", "M", "mother"), adult("B", "M", "mother"), adult("B", "F", "father"), adult("C", "F", "father")], [], ["A", "A", "A"]),
    ("a father apart", [adult("A", "F", "father"), adult("B", "F", "father", False)], [], ["A", "B", "C"]),
    ("a grandmother together", [adult("A", "G", "grandmother", True), adult("B", "G", "grandmother", True)], [], ["A", "A", "C"]),
    ("a grandmother", [adult("A", "G", "grandmother"), adult("B", "G", "grandmother")], [], ["A", "B", "C"]),
    ("a foster carer", [adult("A", "F", "foster carer", True), adult("B", "F", "foster carer", True)], [], ["A", "B", "C"]),
    ("one door and surname", [], [home("A"), home("B", address="10 High Street")], ["A", "A", "C"]),
    ("one property and surname", [], [home("A", uprn="7000", postcode=None), home("B", uprn="7000.0", address=None)], ["A", "A", "C"]),
    ("two flats of one property", [], [home("A", uprn="7000", address="FLAT 1, 10 X ST"), home("B", uprn="7000", address="FLAT 2, 10 X ST")], ["A", "B", "C"]),
    ("one door, other surname", [], [home("A"), home("C")], ["A", "B", "C"]),
    ("left before the referral", [], [home("A"), home("B", end_date=date(2019, 9, 1))], ["A", "B", "C"]),
    ("came on the day", [], [home("A"), home("B", start_date=REFERRED)], ["A", "A", "C"]),
    ("a refuge", [], [home("A", address_kind="refuge"), home("B", address_kind="refuge")], ["A", "B", "C"]),
    ("a hostel", [], [home("A", address_kind="hostel"), home("B", address_kind="hostel")], ["A", "B", "C"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("adults", "homes", "families"), [case[1:] for case in FAMILIES], ids=[case[0] for case in FAMILIES]
)
def test_family_groups(
    engine: Engine, adults: list[dict[str, object]], homes: list[dict[str, object]], families: list[str]
) -> None:
    """Children are one family by a shared parent or carer, or by a shared home and surname, named for the smallest id."""
    children = [child("A", surname="Bbb-Ccc"), child("B", surname="CCC"), child("C", surname="DDD")]
    made = people(engine, tables(child_identifier=children, child_adult=adults, child_address=homes))
    assert made["person"].column("group_id").to_pylist() == families


def test_an_adult_of_too_many_children_ties_none(engine: Engine) -> None:
    """An adult id that stands for half the authority is a filler and makes no family."""
    children = [child(f"{n:02}", surname=f"S{chr(65 + n)}") for n in range(21)]
    adults = [adult(str(row["child_id"]), "0", "mother") for row in children]
    made = people(engine, tables(child_identifier=children, child_adult=adults))["person"]
    assert len(set(made.column("group_id").to_pylist())) == 21


def test_family_adults(engine: Engine) -> None:
    """Related adults belong to the family once, made comparable; professionals, the nameless and strangers to the cohort do not."""
    adults = [
        {**adult("A", "M", "mother"), "forename": "Mrs Áaa", "surname": "O'Bbb", "birth_date": date(1980, 6, 9)},
        {**adult("B", "M", "mother"), "forename": "Aaa", "surname": "OBBB", "birth_date": date(1980, 6, 9)},
        {
            **adult("B", "F", "father", lives_with=False),
            "forename": "Ccc",
            "surname": None,
            "birth_date": date(1900, 1, 1),
        },
        {**adult("A", "W", "social worker"), "forename": "Ddd"},
        {**adult("A", "N", "father"), "forename": "UNKNOWN"},
        {**adult("Z", "Y", "mother"), "forename": "Eee"},
    ]
    made = people(engine, tables(child_identifier=[child("A"), child("B")], child_adult=adults))["family_adult"]
    assert rows(made, "family_id", "forename", "surname", "birth_date") == [
        ("A", "AAA", "OBBB", date(1980, 6, 9)),
        ("A", "CCC", None, None),
    ]


OTHER_NAMES = (
    ("none", {}, ("AAA", "AAA", "BBB", None)),
    ("middle names", {"middle_names": "ccc ddd"}, ("AAA", "AAA CCC DDD", "BBB", None)),
    ("known as", {"known_as": "Ccc; Ddd"}, ("AAA", "AAA CCC DDD", "BBB", None)),
    ("known as the same", {"known_as": "aaa", "middle_names": "AAA"}, ("AAA", "AAA", "BBB", None)),
    ("former surnames", {"former_surname": "CCC; ddd-eee"}, ("AAA", "AAA", "BBB", "BBB CCC DDDEEE")),
    ("a former surname that is the same", {"former_surname": "bbb"}, ("AAA", "AAA", "BBB", None)),
    ("no forename of its own", {"forename": None, "known_as": "CCC"}, ("CCC", "CCC", "BBB", None)),
    ("no surname of its own", {"surname": None, "former_surname": "CCC"}, ("AAA", "AAA", "CCC", None)),
    ("fillers", {"known_as": "UNKNOWN; ", "former_surname": "N/K"}, ("AAA", "AAA", "BBB", None)),
)


@pytest.mark.parametrize(
    ("given", "expected"), [case[1:] for case in OTHER_NAMES], ids=[case[0] for case in OTHER_NAMES]
)
def test_other_names_of_a_child(engine: Engine, given: dict[str, object], expected: tuple[object, ...]) -> None:
    """Middle names and names known by stand among the forenames, former surnames among the surnames, each once."""
    made = people(engine, tables(child_identifier=[child("A", **given)]))["person"]
    assert rows(made, "forename", "forenames", "surname", "surnames") == [expected]

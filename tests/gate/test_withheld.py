"""Addresses of locked records and of refuges are shown nowhere and are in no geography: by each surface on which they might be."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from made_authority import all_tables, copy_of, run_study, store_of, table
from made_linked import DAY, crossed, world

from hearthlink.cli.card import card_lines
from hearthlink.review.cards import Facts
from hearthlink.sources.withhold import withhold
from hearthlink.tables import identity as i
from hearthlink.tables.catalogue import ALL_TABLES
from hearthlink.tables.withheld import WITHHELD, is_withheld

Row = dict[str, object]
STREET = "7 CANARYQXZ STREET"


def tables(**rows: Sequence[Row]) -> dict[str, pa.Table]:
    """The tables in which addresses stand, a child and a household in each but for what is said otherwise."""
    child: Row = {"child_id": "C", "child_key": 1, "birth_date_estimated": False, "restricted": False, "unborn": False}
    home: Row = {"household_id": "H", "household_key": 2}
    usual: Mapping[str, Sequence[Row]] = {
        "child_identifier": [child], "child_address": [], "household_identifier": [home], "household_residence": [],
        "household_residence_over_time": [], "temporary_accommodation": [],
    }  # fmt: skip
    return {
        name: _filled(name, [child | one if name == "child_identifier" else one for one in rows.get(name, usual[name])])
        for name in usual
    }


def _filled(name: str, rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ALL_TABLES[name].schema)


def address(**changes: object) -> Row:
    return {"child_id": "C", "address": STREET, "postcode": "ZZ1 1AA", "uprn": "100", "address_kind": "home"} | changes


def residence(**changes: object) -> Row:
    return {"household_id": "H", "address": STREET, "postcode": "ZZ1 1AA", "uprn": "100"} | changes


def spell(**changes: object) -> Row:
    return {
        "household_key": 2,
        "case_no": 1,
        "start_date": DAY,
        "end_date": DAY + timedelta(30),
        "kind": "refuge",
    } | changes


CHILDREN: Mapping[str, tuple[Row, Row, bool]] = {
    "a home": ({}, {}, False),
    "a locked record": ({"restricted": True}, {}, True),
    "a refuge": ({}, {"address_kind": "refuge"}, True),
    "a refuge by the system's own word": ({}, {"address_kind": "Women's Refuge (temp)"}, True),
    "a kind that says confidential": ({}, {"address_kind": "CONFIDENTIAL"}, True),
    "a safe house": ({}, {"address_kind": "safe house"}, True),
    "a line that says restricted": ({}, {"address": f"Address restricted, {STREET}"}, True),
    "a line that says not to disclose": ({}, {"address": f"{STREET} DO NOT DISCLOSE"}, True),
    "a placement": ({}, {"address_kind": "placement"}, False),
    "temporary rooms": ({}, {"address_kind": "temporary"}, False),
}  # fmt: skip


@pytest.mark.parametrize(("child", "changes", "withheld"), CHILDREN.values(), ids=CHILDREN)
def test_which_addresses_of_a_child_are_withheld(child: Row, changes: Row, withheld: bool) -> None:
    """What is kept of such an address is that it is withheld, its kind and its dates; the receipt counts it. Any other stays as it is."""
    made, counted = withhold(tables(child_identifier=[child], child_address=[address(start_date=DAY, **changes)]))
    (row,) = made["child_address"].to_pylist()
    assert ((row["address"], row["postcode"], row["uprn"]) == (WITHHELD, None, None)) is withheld
    assert row["start_date"] == DAY
    assert ("CANARY" in str(made)) is not withheld
    assert [one.notes["children's addresses withheld"] for one in counted] == [1] * withheld


HOUSEHOLDS: Mapping[str, tuple[Row, Sequence[Row], Sequence[Row], bool]] = {
    "a home": ({}, [], [], False),
    "a line that says refuge": ({"address": f"THE REFUGE, {STREET}"}, [], [], True),
    "housed in a refuge then": ({"start_date": DAY, "end_date": DAY}, [spell()], [], True),
    "housed in a refuge, no day known": ({}, [spell(end_date=None)], [], True),
    "housed in a refuge before": ({"start_date": DAY + timedelta(31)}, [spell()], [], False),
    "housed in a refuge after": ({"end_date": DAY - timedelta(1)}, [spell()], [], False),
    "housed in a hostel then": ({"start_date": DAY, "end_date": DAY}, [spell(kind="hostel")], [], False),
    "at the door of a child's refuge, by its number": ({"address": "FLAT 9", "postcode": None}, [], [address(address_kind="refuge", postcode=None)], True),
    "at the door of a child's refuge, by line and postcode": ({"uprn": None, "postcode": "zz11aa"}, [], [address(address_kind="refuge", uprn=None, address="7, Canaryqxz Street")], True),
    "next door to a child's refuge": ({"uprn": None, "address": "9 B STREET"}, [], [address(address_kind="refuge")], False),
    "at the door of a child's home": ({}, [], [address()], False),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "spells", "addresses", "withheld"), HOUSEHOLDS.values(), ids=HOUSEHOLDS)
@pytest.mark.parametrize("name", ["household_residence", "household_residence_over_time"])
def test_which_homes_of_a_household_are_withheld(
    changes: Row, spells: Sequence[Row], addresses: Sequence[Row], withheld: bool, name: str
) -> None:
    """One that says so, one of a time in which the council housed it in a refuge, and one at a refuge's door whatever it is called."""
    given = tables(temporary_accommodation=spells, child_address=addresses, **{name: [residence(**changes)]})
    (row,) = withhold(given)[0][name].to_pylist()
    assert ((row["address"], row["postcode"], row["uprn"]) == (WITHHELD, None, None)) is withheld


def test_a_child_at_a_refuge_s_door_is_withheld_too() -> None:
    """A brother's address of the same door, entered as a home, goes with the one that says what it is."""
    rows = [
        address(address_kind="refuge"),
        address(child_id="D"),
        address(child_id="D", uprn=None, address="2 B STREET", postcode="ZZ9 9ZZ"),
    ]
    made, _ = withhold(tables(child_address=rows))
    assert made["child_address"].column("address").to_pylist() == [WITHHELD, WITHHELD, "2 B STREET"]


def test_nothing_is_said_where_nothing_is_withheld() -> None:
    """An authority without such an address has no line about it in its receipt, and its tables are as they were."""
    given = tables(child_address=[address()], household_residence=[residence()])
    made, counted = withhold(given)
    assert counted == ()
    assert all(made[name].equals(given[name]) for name in given)


@pytest.mark.parametrize(
    ("line", "kind", "withheld"),
    [
        ("1 A STREET", "home", False),
        ("Refuge", None, True),
        (None, "Refuge", True),
        (None, None, False),
        ("1 REFUGES ROW", "", False),
    ],
)
def test_an_address_says_of_itself_that_it_is_withheld(line: str | None, kind: str | None, withheld: bool) -> None:
    """By a word of its line, or by its kind; a word that merely begins alike is none."""
    assert is_withheld(line, kind) is withheld


# --- the reviewer's screen --------------------------------------------------------------------------------------


def facts(restricted: bool, ours: Row, theirs: Row) -> Facts:
    identity: Mapping[str, Sequence[Row]] = {
        "child_identifier": [{"child_id": "C", "child_key": 1, "forename": "AAA", "surname": "BBB", "birth_date": DAY, "birth_date_estimated": False, "restricted": restricted, "unborn": False}],
        "child_address": [address(**ours)], "child_adult": [], "child_referral": [{"child_id": "C", "referral_date": DAY}], "household_member": [],
        "household_residence": [residence(**theirs)],
    }  # fmt: skip
    return Facts({name: _filled(name, rows) for name, rows in identity.items()}, ["C"], ["H"])


@pytest.mark.parametrize(
    ("restricted", "ours", "theirs", "shown"),
    [
        (False, {}, {}, 2),
        (True, {}, {}, 0),
        (False, {"address_kind": "Refuge"}, {}, 0),
        (False, {"address": f"{STREET} (CONFIDENTIAL)"}, {}, 0),
        (False, {}, {"address": f"REFUGE, {STREET}"}, 1),
        (False, {"address": WITHHELD, "postcode": None, "uprn": None}, {}, 0),
    ],
)
def test_a_reviewer_is_shown_no_such_address(restricted: bool, ours: Row, theirs: Row, shown: int) -> None:
    """In the terminal too it says that the address is withheld, and neither a street, a postcode nor how the two compare."""
    card = facts(restricted, ours, theirs).card("C", "H")
    text = "\n".join(card_lines(card, 120))
    assert text.count("CANARYQXZ") == shown
    assert text.count("ZZ1 1AA") == shown
    assert text.count(WITHHELD) == 2 - shown
    if shown == 0:
        assert "same" not in [line.word for line in card.lines if line.label == "Address"]


# --- geography --------------------------------------------------------------------------------------------------

HIDDEN: Row = {"postcode": None, "uprn": None, "number": None, "communal": True}


def place(*parts: Row) -> Row:
    """An address of the child as places are kept; parts replace what is usual."""
    held: Row = {"side": "child", "owner_id": "c1", "postcode": "AA11AA", "communal": False}
    for part in parts:
        held |= part
    return held


def member(*parts: Row) -> Row:
    """An address of the household."""
    return place({"side": "member", "owner_id": "h1"}, *parts)


def decile_of(*places: Row, restricted: bool = False) -> object:
    given = world()
    identifier = given["child_identifier"].to_pylist()
    owner = {"child": identifier[0]["child_id"], "member": given["household_identifier"].to_pylist()[0]["household_id"]}
    rows = [one | {"owner_id": owner[str(one["side"])]} for one in places]
    given["place"] = _filled("place", rows)
    given["child_identifier"] = _filled(
        "child_identifier", [identifier[0] | {"restricted": restricted}, *identifier[1:]]
    )
    given["postcode_area"] = _filled(
        "postcode_area",
        [
            {"postcode": code, "lsoa": "E1", "lsoa_edition": 2011, "imd_decile": n}
            for code, n in (("AA11AA", 2), ("BB11BB", 9))
        ],
    )
    return crossed(given)


BEFORE: Row = {"start_date": DAY - timedelta(400), "end_date": DAY - timedelta(20)}
NOW: Row = {"start_date": DAY - timedelta(19)}
GEOGRAPHY: Mapping[str, tuple[Sequence[Row], bool, object]] = {
    "a home": ([place()], False, 2),
    "a locked record, whatever the table of places holds": ([place()], True, None),
    "a refuge on the day": ([place(NOW, HIDDEN)], False, None),
    "a refuge on the day, and the home before": ([place(BEFORE), place(NOW, HIDDEN)], False, None),
    "a refuge before, and a home on the day": ([place(BEFORE, HIDDEN), place(NOW)], False, 2),
    "a refuge and a home on the day": ([place(NOW), place(NOW, HIDDEN)], False, None),
    "no postcode on the day, and the home before": ([place(BEFORE), place(NOW, {"postcode": None})], False, 2),
}  # fmt: skip


@pytest.mark.parametrize(("places", "restricted", "decile"), GEOGRAPHY.values(), ids=GEOGRAPHY)
def test_a_child_whose_address_is_withheld_has_no_geography(
    places: Sequence[Row], restricted: bool, decile: object
) -> None:
    """Deprivation is not known for them, and the address before or after stands for nothing."""
    made = decile_of(*places, restricted=restricted)
    assert isinstance(made, dict)
    assert made["child"][0]["imd_decile"] == decile


LAST: Row = {"start_date": date(2019, 1, 1)}
FIRST: Row = {"start_date": date(2018, 1, 1), "end_date": date(2018, 12, 31)}


@pytest.mark.parametrize(
    ("places", "restricted", "fifth"),
    [
        ([member(FIRST), member(LAST, {"postcode": "BB11BB"})], False, 5),
        ([member(FIRST), member(LAST, HIDDEN)], False, None),
        ([member(FIRST), member(LAST, {"postcode": "BB11BB"})], True, None),
    ],
    ids=["a home", "a refuge last", "a locked child linked with it"],
)
def test_a_household_in_a_refuge_or_with_a_locked_child_has_no_geography(
    places: Sequence[Row], restricted: bool, fifth: object
) -> None:
    """Where the last home is withheld, or a child of a locked record is linked with the household, its fifth is not known."""
    made = decile_of(*places, restricted=restricted)
    assert isinstance(made, dict)
    assert [row["deprivation_fifth"] for row in made["household"]] == [fifth]


# --- a whole study ----------------------------------------------------------------------------------------------


def test_no_such_address_is_anywhere_after_a_run(real: Path, tmp_path: Path) -> None:
    """Locked records and refuges given a street of their own: after a run it is in no table, no file that leaves, and no geography."""
    study = copy_of(real, tmp_path / "study")
    path = study / "in" / "ssd" / "ssd_address.csv"
    head, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    who, kind, code, line = (
        head.index(f"addr_{name}") for name in ("person_id", "address_type", "address_postcode", "address_json")
    )
    chosen = random.Random(1).sample(range(len(rows)), 12)
    for n, number in enumerate(chosen):
        rows[number][kind] = ("Refuge", "Confidential")[n % 2]
        rows[number][line] = f'{{"HOUSE": "{n + 1}", "STREET": "CANARYQXZ STREET", "TOWN": "B", "UPRN": "7777{n:04}"}}'
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    path.write_text(out.getvalue(), "utf-8")
    run_study(study)
    store = store_of(study)
    for room in ("identity", "content", "research", "record"):
        for spec in all_tables(room):
            if store.digest(spec):
                text = str(table(study, spec.name).to_pylist())
                assert "CANARYQXZ" not in text, spec.name
                assert "7777000" not in text, spec.name
    held = table(study, "child_address")
    assert held.column("address").to_pylist().count(WITHHELD) >= 12 - len({rows[n][who] for n in chosen}) + 1
    assert not [p.name for p in (study / "out").rglob("*") if p.is_file() and b"CANARYQXZ" in p.read_bytes()]
    told = {
        row["reason"]: row["rows_kept"] for row in table(study, "receipt").to_pylist() if row["source"] == "addresses"
    }
    assert told["children's addresses withheld"] == held.column("address").to_pylist().count(WITHHELD)
    assert code


def test_a_locked_record_has_no_postcode_in_the_tables(real: Path) -> None:
    """Of every child of the invented authority whose record is locked no address is kept; there are some."""
    locked = {row["child_id"] for row in table(real, "child_identifier").to_pylist() if row["restricted"]}
    theirs = [row for row in table(real, "child_address").to_pylist() if row["child_id"] in locked]
    assert theirs
    assert {(row["address"], row["postcode"], row["uprn"]) for row in theirs} == {(WITHHELD, None, None)}
    placed = [row for row in table(real, "place").to_pylist() if row["side"] == "child" and row["owner_id"] in locked]
    assert not [row for row in placed if row["postcode"] or row["uprn"] or row["number"]]
    assert i.CHILD_ADDRESS.names

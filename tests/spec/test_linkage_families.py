"""Families against households: small made cases among a background town, each with the answer that a careful reader would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pytest
from made_persons import (
    BORN,
    REFERRED,
    Records,
    Row,
    carer,
    child,
    claimant,
    compared,
    linked,
    lives,
    member,
    tables,
    town,
    without,
)

from hearthlink.linkage import estimate
from hearthlink.linkage.home_model import STAYS_ON
from hearthlink.linkage.model import from_table
from hearthlink.tables.identity import CANDIDATE_POSTERIOR, LINK_DRAW, LINK_TABLE

OLDER, ELDEST = date(2008, 11, 23), date(2003, 1, 19)
NEWBORN = REFERRED - timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Case:
    """Records of a few families and households, and for each child the household and the member it should be given."""

    says: str
    records: Records
    answer: Mapping[str, tuple[str | None, str | None]]


def mother(surname: str) -> Row:
    """A mother for each surname, of her own forename and age."""
    seed = sum(map(ord, surname))
    return {"forename": f"{surname[::-1][:4]}A", "birth_date": date(1975 + seed % 17, 1 + seed % 11, 1 + seed % 27)}


def home(household: str, address: str, surname: str, *dependants: Row) -> Records:
    people = [claimant(household, "", surname, **mother(surname)), *dependants]
    return Records(people, [lives(household, address, "AA1 1AA")])


def family(name: str, address: str, surname: str, *children: Row) -> Records:
    places = [lives(str(row["record_id"]), address, "AA1 1AA") for row in children]
    return Records(children, places, [carer(name, "", surname, **mother(surname))])


def elsewhere(household: str, surname: str, *dependants: Row) -> Records:
    """A household at another address whose claimant is no carer of the case."""
    stranger = claimant(
        household, f"ONDR{household[1]}", surname, birth_date=date(1966, 4, 1 + len(household + surname))
    )
    return Records([stranger, *dependants], [lives(household, "4", f"B{household[1]}9 9BB")])


CASES = (
    Case(
        "A twin in the household is not taken for the child.",
        family("FA", "901", "KELVAN", child("CA", "FA", "TESSA", "KELVAN"))
        + home("HA", "901", "KELVAN", member("HA", 1, "RUBEN", "KELVAN"), member("HA", 2, "TESSA", "KELVAN")),
        {"CA": ("HA", "HA|2")},
    ),
    Case(
        "Of two twins referred and one listed, the listed one alone is a person on file.",
        family("FB", "902", "BUXWORT", child("CB1", "FB", "MILOU", "BUXWORT"), child("CB2", "FB", "HENDRIK", "BUXWORT"))
        + home("HB", "902", "BUXWORT", member("HB", 1, "HENDRIK", "BUXWORT")),
        {"CB1": ("HB", None), "CB2": ("HB", "HB|1")},
    ),
    Case(
        "A sister listed is not the child, who lives there unlisted.",
        family("FC", "903", "CRANDEL", child("CC", "FC", "YVETTE", "CRANDEL"))
        + home("HC", "903", "CRANDEL", member("HC", 1, "OLIKA", "CRANDEL", birth_date=OLDER)),
        {"CC": ("HC", None)},
    ),
    Case(
        "A family that moved is found by its people.",
        family("FD", "1", "VEXHOL", child("CD1", "FD", "NADIR", "VEXHOL"), child("CD2", "FD", "IMOLA", "VEXHOL", birth_date=OLDER))
        + home("HD", "904", "VEXHOL", member("HD", 1, "NADIR", "VEXHOL"), member("HD", 2, "IMOLA", "VEXHOL", birth_date=OLDER)),
        {"CD1": ("HD", "HD|1"), "CD2": ("HD", "HD|2")},
    ),
    Case(
        "A newborn not yet on the claim lives in its mother's household.",
        family("FE", "905", "ELSTROM", child("CE", "FE", "ULMA", "ELSTROM", birth_date=NEWBORN))
        + home("HE", "905", "ELSTROM", member("HE", 1, "GRETA", "ELSTROM", birth_date=OLDER)),
        {"CE": ("HE", None)},
    ),
    Case(
        "A newborn added to the claim soon after the day is the person listed.",
        family("FF", "906", "FARQUIN", child("CF", "FF", "ILKA", "FARQUIN", birth_date=NEWBORN))
        + home("HF", "906", "FARQUIN", member("HF", 1, "ILKA", "FARQUIN", birth_date=NEWBORN, start_date=REFERRED + timedelta(days=40))),
        {"CF": ("HF", "HF|1")},
    ),
    Case(
        "A young person whose listing has ended most likely lives there still, and is nobody listed on the day.",
        family("FG", "907", "GOLDING", child("CG", "FG", "SORIN", "GOLDING", birth_date=ELDEST))
        + home(
            "HG", "907", "GOLDING", member("HG", 1, "SORIN", "GOLDING", birth_date=ELDEST, end_date=REFERRED - timedelta(days=90)),
            member("HG", 2, "PALOMA", "GOLDING", birth_date=OLDER),
        ),
        {"CG": ("HG", None)},
    ),
    Case(
        "Two children of one family who live apart are each found where they are.",
        family("FH", "908", "ZANDEL", child("CH1", "FH", "TIBOR", "ZANDEL"), child("CH2", "FH", "EDDA", "ZANDEL", birth_date=OLDER))
        + home("HH1", "908", "ZANDEL", member("HH1", 1, "TIBOR", "ZANDEL"))
        + elsewhere("HH2", "ZANDEL", member("HH2", 1, "EDDA", "ZANDEL", birth_date=OLDER)),
        {"CH1": ("HH1", "HH1|1"), "CH2": ("HH2", "HH2|1")},
    ),
    Case(
        "A family on no file is in none, whatever namesake of another age lives elsewhere.",
        family("FI", "909", "QUILLER", child("CI", "FI", "RONJA", "QUILLER"))
        + elsewhere("HI", "QUILLER", member("HI", 1, "RONJA", "QUILLER", birth_date=date(2015, 2, 27))),
        {"CI": (None, None)},
    ),
    Case(
        "Of two namesakes born on one day, the one who lives at the address is the child.",
        family("FJ", "910", "DREXEL", child("CJ", "FJ", "LEONA", "DREXEL"))
        + home("HJ1", "910", "DREXEL", member("HJ1", 1, "LEONA", "DREXEL"))
        + elsewhere("HJ2", "DREXEL", member("HJ2", 1, "LEONA", "DREXEL")),
        {"CJ": ("HJ1", "HJ1|1")},
    ),
)  # fmt: skip


def hostel() -> Records:
    """A hostel of a dozen families, one child referred from among them and another whose family has no claim."""
    rooms = [f"HK{room:02d}" for room in range(12)]
    people = [row for n, h in enumerate(rooms) for row in (
        claimant(h, f"PARENT{'ABCDEFGHIJKL'[n]}", f"NAME{'ABCDEFGHIJKL'[n]}", birth_date=date(1981 + n, 1 + n, 3 + n)),
        member(h, 1, f"{'ABCDEFGHIJKL'[n]}ILO", f"NAME{'ABCDEFGHIJKL'[n]}", birth_date=date(2008 + n // 2, 1 + n, 7 + n)),
    )]  # fmt: skip
    places = [lives(owner, "77", "CC3 3CC", communal=True) for owner in (*rooms, "CK1", "CK2")]
    adults = [
        carer("FK1", "PARENTC", "NAMEC", birth_date=date(1983, 3, 5)),
        carer("FK2", "WANDA", "ORRICK", birth_date=date(1984, 6, 2)),
    ]
    listed = child("CK1", "FK1", "CILO", "NAMEC", birth_date=date(2009, 3, 9))
    return Records(
        [*people, listed, child("CK2", "FK2", "YOLIE", "ORRICK", birth_date=date(2012, 12, 20))], places, adults
    )


def namesakes() -> Records:
    """Twenty claimants of one name, and a child elsewhere whose carer has that name and no birth date on record."""
    people: list[Row] = []
    for n in range(20):
        household = f"HL{n:02d}"
        dependant = member(
            household,
            1,
            f"{'ABCDEFGHIJKLMNOPQRST'[n]}EFFO",
            "SINGULAR",
            birth_date=date(2005 + n // 3, 1 + n % 12, 2 + n),
        )
        people += [claimant(household, "COMMON", "SINGULAR", birth_date=date(1970 + n, 1 + n % 12, 1 + n)), dependant]
    places = [lives(f"HL{n:02d}", str(300 + n), "DD4 4DD") for n in range(20)]
    return Records(
        [*people, child("CL", "FL", "IVETA", "SINGULAR", birth_date=date(2013, 7, 30))],
        [*places, lives("CL", "9", "EE5 5EE")],
        [carer("FL", "COMMON", "SINGULAR", birth_date=None)],
    )


def two_homes() -> Records:
    """A child listed by both parents, who live apart."""
    father = {"forename": "KAREL", "birth_date": date(1982, 9, 1)}
    return (
        family("FM", "911", "MOSSWIN", child("CM", "FM", "FLORA", "MOSSWIN"))
        + home("HM1", "911", "MOSSWIN", member("HM1", 1, "FLORA", "MOSSWIN"))
        + Records(
            [claimant("HM2", "", "MOSSWIN", **father), member("HM2", 1, "FLORA", "MOSSWIN")],
            [lives("HM2", "6", "BB9 9BB"), lives("CM", "6", "BB9 9BB")],
            [carer("FM", "", "MOSSWIN", **father)],
        )
    )


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    """All the cases in one town, linked once."""
    background = town(5, families=120, households=400).records
    everything = sum((each.records for each in CASES), background) + hostel() + namesakes() + two_homes()
    return linked(tables(everything))


def link_of(made: Mapping[str, pa.Table], child_id: str) -> Row:
    (row,) = [row for row in made["link"].to_pylist() if row["child_id"] == child_id]
    return row


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.says)
def test_cases(made: dict[str, pa.Table], each: Case) -> None:
    """Each child is given the household and the person that its case names."""
    found = {name: (link_of(made, name)["household_id"], link_of(made, name)["member_id"]) for name in each.answer}
    assert found == each.answer


def test_outcomes_are_three(made: dict[str, pa.Table]) -> None:
    """A child is listed, unlisted or in none, and the outcome says which of the two names are given."""
    for row in made["link"].to_pylist():
        named = (row["household_id"] is not None, row["member_id"] is not None)
        assert row["outcome"] == {(True, True): "listed", (True, False): "unlisted", (False, False): "none"}[named]


def test_a_young_person_who_left_the_list_is_in_doubt(made: dict[str, pa.Table]) -> None:
    """A listing that ended leaves as much room for having moved out as is stated for it."""
    stays, leaves = STAYS_ON
    assert link_of(made, "CG")["p_none"] == pytest.approx(leaves / (stays + leaves), rel=0.1)


def test_a_hostel_proves_nothing(made: dict[str, pa.Table]) -> None:
    """At an address of many families the one that is listed is found by its people, and the other is in none."""
    assert link_of(made, "CK1")["member_id"] == "HK02|1"
    assert link_of(made, "CK2")["household_id"] is None


def test_a_concentrated_name_is_no_proof(made: dict[str, pa.Table]) -> None:
    """A carer's name that twenty claimants bear does not put a child in any of their households."""
    assert link_of(made, "CL")["household_id"] is None


def test_a_child_in_two_homes_is_not_in_doubt(made: dict[str, pa.Table]) -> None:
    """A child whom two households list is in one of them for certain, and both stand among its answers."""
    answers = [row for row in made["candidate_posterior"].to_pylist() if row["child_id"] == "CM"]
    shares = {row["household_id"]: row["probability"] for row in answers}
    assert shares[None] < 0.02
    assert min(shares["HM1"], shares["HM2"]) > 0.05
    assert link_of(made, "CM")["household_id"] in {"HM1", "HM2"}


def test_a_child_of_two_units_is_never_given_twice(made: dict[str, pa.Table]) -> None:
    """Within a family no listed dependant is given to two children."""
    given = [(row["family_id"], row["member_id"]) for row in made["link"].to_pylist() if row["member_id"]]
    assert len(given) == len(set(given))


SMALL = town(11, families=40, households=120)


def only(records: Records, children: int) -> Records:
    """The records with no more than so many children."""
    kept = sorted(str(row["record_id"]) for row in records.persons if row["side"] == "child")[:children]
    return Records(
        [row for row in records.persons if row["side"] == "member" or row["record_id"] in kept],
        records.places,
        records.adults,
    )


def strangers(records: Records) -> Records:
    """The records with children of whom nothing at all agrees with any household."""
    odd = [
        row
        if row["side"] == "member"
        else row | {"forename": "XXXXXX", "surname": "QQQQQQ", "birth_date": date(2019, 1, 1), "sex": None}
        for row in records.persons
    ]
    return Records(odd, [row for row in records.places if row["side"] == "member"], ())


POOR: dict[str, Records] = {
    "two files without birth dates": without(SMALL.records, "birth_date"),
    "no birth dates of children": without(SMALL.records, "birth_date", side="child"),
    "no birth dates of members": without(SMALL.records, "birth_date", side="member"),
    "no addresses": Records(SMALL.records.persons, (), SMALL.records.adults),
    "no carers": Records(SMALL.records.persons, SMALL.records.places, ()),
    "no forenames": without(SMALL.records, "forename"),
    "no names at all": without(without(SMALL.records, "forename"), "surname"),
    "no sexes": without(SMALL.records, "sex"),
    "names alone": Records(without(without(SMALL.records, "birth_date"), "sex").persons),
    "one child": only(SMALL.records, 1),
    "no child": only(SMALL.records, 0),
    "no household": Records(
        [row for row in SMALL.records.persons if row["side"] == "child"], SMALL.records.places, SMALL.records.adults
    ),
    "no candidate": strangers(SMALL.records),
    "nothing": Records(),
}


@pytest.mark.parametrize("name", POOR)
def test_poor_files_are_linked_as_far_as_they_go(name: str) -> None:
    """Whatever is missing, the tables are as specified, every child has one link, and its probabilities add to 1."""
    given = tables(POOR[name])
    made = linked(given, draws=7)
    for spec in (CANDIDATE_POSTERIOR, LINK_TABLE, LINK_DRAW):
        assert spec.conform(made[spec.name]).num_rows == made[spec.name].num_rows
    children = sorted(row["record_id"] for row in given["person"].to_pylist() if row["side"] == "child")
    assert made["link"].column("child_id").to_pylist() == children
    total = dict.fromkeys(children, 0.0)
    for row in made["candidate_posterior"].to_pylist():
        total[row["child_id"]] += row["probability"]
        assert row["p_member"] <= row["probability"] + 1e-8
    assert all(share == pytest.approx(1.0, abs=1e-6) for share in total.values())
    assert all(len(ranks) == 7 for ranks in made["link_draw"].column("ranks").to_pylist())


@pytest.mark.parametrize("name", ["no birth dates of children", "no addresses", "no carers", "no sexes"])
def test_one_field_less_still_links(name: str) -> None:
    """Without birth dates, addresses, carers or sexes nearly every child is still found where it is."""
    links = linked(tables(POOR[name]), draws=1)["link"].to_pylist()
    right = sum(row["household_id"] == SMALL.household[row["child_id"]] for row in links)
    assert right >= 0.95 * len(links)


def test_no_candidate_means_none() -> None:
    """Children of whom nothing agrees with anybody are in none on file, in every draw."""
    made = linked(tables(POOR["no candidate"]), draws=5)
    assert set(made["link"].column("outcome").to_pylist()) == {"none"}
    assert {rank for ranks in made["link_draw"].column("ranks").to_pylist() for rank in ranks} == {0}


def test_the_day_is_the_days_own() -> None:
    """A household whose claim had ended before the referral, or began after it, is not on file that day."""
    before, after = REFERRED - timedelta(days=1), REFERRED + timedelta(days=1)
    early = Records([claimant("HA", "AGDA", "KELVAN", end_date=before), member("HA", 1, "TESSA", "KELVAN")])
    late = Records([claimant("HB", "AGDA", "KELVAN", start_date=after), member("HB", 1, "TESSA", "KELVAN")])
    there = Records(
        [claimant("HC", "AGDA", "KELVAN", start_date=REFERRED, end_date=REFERRED), member("HC", 1, "TESSA", "KELVAN")]
    )
    one = Records([child("CA", "FA", "TESSA", "KELVAN", birth_date=BORN)])
    background = town(5, families=60, households=200).records
    answers = linked(tables(background + one + early + late + there), draws=1)["candidate_posterior"].to_pylist()
    assert {row["household_id"] for row in answers if row["child_id"] == "CA"} == {None, "HC"}


def test_households_that_name_no_child_are_on_file_too() -> None:
    """Ten households of a claimant alone are ten more on file, and none more that name somebody who may be a child."""
    before = town(6, families=20, households=30).records
    alone = sum((home(f"HN{n}", str(700 + n), "ORRICK") for n in range(10)), Records([], [], []))
    model, more = (
        from_table(estimate(compared(tables(each))["agreement_pattern"])) for each in (before, before + alone)
    )
    assert more.households == pytest.approx(model.households + 10)
    assert more.naming == pytest.approx(model.naming)
    assert 0 < model.naming <= model.households

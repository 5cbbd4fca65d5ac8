"""Households followed over a change of claim: which go on as which, by what sign, and which must stay two."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_engine import engine_at_hand
from made_extracts import claim, dependant, extracts, few_months, table, write

from hearthlink.sources import receive, source_files
from hearthlink.synthetic import Settings
from hearthlink.synthetic.synthesise import synthesise

PARTING = Settings(children=700, households=1500, months=13)
Lines = Mapping[int, Sequence[str]]
MUM = {"f6": "SMITH", "f7": "CCC", "f8": "01-02-1985", "f4": "QA123451A"}
DAD = {"f6": "JONES", "f7": "DDD", "f8": "05-06-1980", "f4": "QA123452B"}
PARTNER = {"f6": "f128", "f7": "f129", "f8": "f178", "f4": "f126"}
ELSEWHERE = {"f10": "9 B STREET", "f11": "ZZ1 1AB"}


def partner(person: Mapping[str, str]) -> dict[str, str]:
    return {"f123": "1", **{PARTNER[number]: text for number, text in person.items()}}


def without_nino(person: Mapping[str, str]) -> dict[str, str]:
    return {**person, "f4": ""}


def kid(ref: str, number: int = 1) -> str:
    return dependant(ref, f309=f"R{number}", f314=f"KID{'ABC'[number]}", f315=f"0{number}-05-2012")


def ended(ref: str, day: str = "20-08-2019", **fields: str) -> str:
    return claim(ref, f33="0", f202=day, **fields)


STAYS = [claim("H8"), kid("H8", 2)]


def from_to(before: Sequence[str], last: Sequence[str], after: Sequence[str]) -> Lines:
    """A claim that runs, ends in August 2019, and is gone when what follows is there from September."""
    return {0: before, 5: last, 6: after}


COUPLE = [claim("H1", **MUM, **partner(DAD)), kid("H1")]
COUPLE_ENDED = [ended("H1", **MUM, **partner(DAD)), kid("H1")]
CASES: tuple[tuple[str, Lines, set[tuple[str, str, str]]], ...] = (
    (
        "a new reference, the same claimant and child",
        from_to([claim("H1", **MUM), kid("H1")], [ended("H1", **MUM), kid("H1")], [claim("H2", **MUM), kid("H2")]),
        {("H1", "H2", "claimant")},
    ),
    (
        "the claimant's partner claims, and the child stays",
        from_to(COUPLE, COUPLE_ENDED, [claim("H2", **DAD), kid("H2")]),
        {("H1", "H2", "swap")},
    ),
    (
        "both change places",
        from_to(COUPLE, COUPLE_ENDED, [claim("H2", **DAD, **partner(MUM)), kid("H2")]),
        {("H1", "H2", "swap")},
    ),
    (
        "no number on file: the child stays, with the mother by surname and birth date",
        from_to(
            [claim("H1", **without_nino(MUM)), kid("H1")],
            [ended("H1", **without_nino(MUM)), kid("H1")],
            [claim("H2", **without_nino(MUM), **ELSEWHERE), kid("H2")],
        ),
        {("H1", "H2", "children")},
    ),
    (
        "another adult takes the claim over at the same home, with the child",
        from_to([claim("H1", **MUM), kid("H1")], [ended("H1", **MUM), kid("H1")], [claim("H2", **DAD), kid("H2")]),
        {("H1", "H2", "children")},
    ),
    (
        "a couple part: the household goes on where the child is, and the other is another",
        from_to(COUPLE, COUPLE_ENDED, [claim("H2", **DAD, **ELSEWHERE), claim("H3", **MUM), kid("H3")]),
        {("H1", "H3", "claimant")},
    ),
    (
        "a couple part: the one who goes, alone, is not the household, though nobody else claims",
        from_to(COUPLE, COUPLE_ENDED, [claim("H2", f13="1", **MUM, **ELSEWHERE)]),
        set(),
    ),
    (
        "a couple part and share the children out: neither is the household",
        from_to(
            [*COUPLE, kid("H1", 2)],
            [*COUPLE_ENDED, kid("H1", 2)],
            [claim("H2", **DAD, **ELSEWHERE), kid("H2", 2), claim("H3", **MUM), kid("H3", 1)],
        ),
        set(),
    ),
    (
        "a couple part while the claim runs on: they are two from that day",
        {0: COUPLE, 6: [claim("H1", **MUM), kid("H1"), claim("H2", **DAD), kid("H2", 2)]},
        set(),
    ),
    (
        "a child goes to another home, with other adults there",
        from_to([claim("H1", **MUM), kid("H1")], [ended("H1", **MUM), kid("H1")], [claim("H2", **DAD, **ELSEWHERE), kid("H2")]),
        set(),
    ),
    (
        "two children go to another home, with other adults there",
        from_to(
            [claim("H1", **MUM), kid("H1"), kid("H1", 2)],
            [ended("H1", **MUM), kid("H1"), kid("H1", 2)],
            [claim("H2", **DAD, **ELSEWHERE), kid("H2"), kid("H2", 2)],
        ),
        set(),
    ),
    (
        "surname and birth date alone",
        from_to(
            [claim("H1", **without_nino(MUM)), kid("H1")],
            [ended("H1", **without_nino(MUM)), kid("H1")],
            [claim("H2", **without_nino(MUM), **ELSEWHERE), kid("H2", 2)],
        ),
        set(),
    ),
    (
        "the same home let to others",
        from_to([claim("H1", **MUM), kid("H1")], [ended("H1", **MUM), kid("H1")], [claim("H2", **DAD), kid("H2", 2)]),
        set(),
    ),
    (
        "a number that fills a gap",
        from_to(
            [claim("H1", **{**MUM, "f4": "XX999999X"}), kid("H1")],
            [ended("H1", **{**MUM, "f4": "XX999999X"}), kid("H1")],
            [claim("H2", **{**DAD, "f4": "XX999999X"}, **ELSEWHERE), kid("H2", 2)],
        ),
        set(),
    ),
    (
        "two claims that run side by side",
        {0: [claim("H1", **MUM), kid("H1"), claim("H2", **MUM, **ELSEWHERE), kid("H2")]},
        set(),
    ),
    (
        "three claims in a row are one household, told by its first",
        {
            0: [claim("H1", **MUM), kid("H1")],
            2: [ended("H1", "20-05-2019", **MUM), kid("H1")],
            3: [claim("H2", f41="21-05-2019", **MUM), kid("H2")],
            8: [ended("H2", "10-11-2019", f41="21-05-2019", **MUM), kid("H2")],
            9: [claim("H3", f41="11-11-2019", **MUM), kid("H3")],
        },
        {("H1", "H2", "claimant"), ("H2", "H3", "claimant")},
    ),
    (
        "the council tax reference changes under one Housing Benefit reference",
        {0: [claim("H1", "T1", **MUM), dependant("H1", "T1")], 6: [claim("H1", "T2", **MUM), dependant("H1", "T2")]},
        {("T1", "T2", "reference")},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """Pairs (earlier, later, rule), the first of each later one's chain, and the receipt's counts by their words."""

    pairs: set[tuple[str, str, str]]
    first: set[tuple[str, str]]
    counts: dict[str, int]


def followed(tmp_path: Path, lines: Lines) -> Told:
    return received(write(tmp_path, extracts(shbe=few_months({n: [*part, *STAYS] for n, part in lines.items()}))))


def received(folder: Path) -> Told:
    with engine_at_hand() as engine:
        tables = receive(engine, source_files(folder), year="2019-20", new_key=lambda n: range(1, 1 + n))
    names = {row["household_key"]: row["household_id"] for row in tables["household_identifier"].to_pylist()}
    rows = tables["household_followed"].to_pylist()
    receipt = [row for row in tables["receipt"].to_pylist() if row["source"] == "claims"]
    return Told(
        {(names[row["follows_key"]], names[row["household_key"]], row["rule"]) for row in rows},
        {(names[row["household_key"]], names[row["first_key"]]) for row in rows},
        {row["reason"]: row["rows_kept"] for row in receipt},
    )


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_household_goes_on_where_the_signs_say_so_and_nowhere_else(
    tmp_path: Path, lines: Lines, expected: set[tuple[str, str, str]]
) -> None:
    """Each household stays itself; what is told is which goes on as which, by which rule, and the receipt counts the rules."""
    told = followed(tmp_path, lines)
    assert told.pairs == expected
    assert sum(rows for words, rows in told.counts.items() if words.startswith("followed")) == len(expected)


PERIOD = "claim_ref address_1 postcode from_date to_date claim_type status ctr_weekly_award"
PERSON = "claim_ref person_ref role forename surname dob nino from_date to_date"


@pytest.mark.parametrize(("child", "expected"), [("KIDA", {("T1", "T2", "swap")}), ("KIDB", set())])
def test_council_tax_support_is_followed_as_well(
    tmp_path: Path, child: str, expected: set[tuple[str, str, str]]
) -> None:
    """A claim told as periods goes on as the partner's where the child is listed again, and not where another child is."""
    first, second = ("01/04/2018", "20/08/2019"), ("21/08/2019", "31/12/2099")
    periods = [
        ("T1", "1 A STREET", "ZZ1 1AA", *first, "CTR only", "live", "10"),
        ("T2", "9 B STREET", "ZZ1 1AB", *second, "CTR only", "live", "12"),
    ]
    people = [
        ("T1", "1", "claimant", "CCC", "SMITH", "01/02/1985", "QA123451A", *first),
        ("T1", "2", "partner", "DDD", "JONES", "05/06/1980", "QA123452B", *first),
        ("T1", "3", "dependant", "KIDA", "SMITH", "01/05/2012", "", *first),
        ("T2", "1", "claimant", "DDD", "JONES", "05/06/1980", "QA123452B", *second),
        ("T2", "2", "dependant", child, "SMITH", "01/05/2012", "", *second),
    ]
    files = {name: data for name, data in extracts().items() if not name.startswith(("shbe/", "cts/"))}
    files |= {"cts/household_period.csv": table(PERIOD, periods), "cts/person_period.csv": table(PERSON, people)}
    assert received(write(tmp_path, files)).pairs == expected


def test_a_chain_is_told_by_its_first_household(tmp_path: Path) -> None:
    """Every household of a chain carries the key of the first, so that it can be counted once."""
    assert followed(tmp_path, CASES[-2][1]).first == {("H2", "H1"), ("H3", "H1")}


def test_what_may_be_two_is_counted(tmp_path: Path) -> None:
    """A household that could go on as either of two is followed to neither, and the receipt says how many there were."""
    shared = next(lines for name, lines, _ in CASES if "share the children" in name)
    assert followed(tmp_path, shared).counts == {"not followed, as two households could be the one": 1}


def test_no_two_families_of_a_practice_authority_are_one(tmp_path: Path) -> None:
    """Every household that is followed goes on as one of the same true family, and most that part or claim anew are followed."""
    synthesise(tmp_path, PARTING)
    with engine_at_hand() as engine:
        tables = receive(engine, source_files(tmp_path / "in"), year="2019-20", new_key=lambda n: range(1, 1 + n))
    families: dict[str, set[str]] = {}
    with (tmp_path / "truth/members.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            families.setdefault(row["household_id"], set()).add(row["family_number"])
    households = {row["household_key"]: row for row in tables["household_identifier"].to_pylist()}
    pairs = {
        (households[row["follows_key"]]["household_id"], households[row["household_key"]]["household_id"])
        for row in tables["household_followed"].to_pylist()
    }
    assert all(families[earlier] == families[later] for earlier, later in pairs)
    anew = _claimed_anew([row for row in households.values() if "0" not in families[row["household_id"]]], families)
    assert len(anew) >= 5
    assert len(anew & pairs) >= 0.8 * len(anew)


def _claimed_anew(households: Sequence[Mapping[str, Any]], families: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """Pairs of one family in which the one claim ends within the window and the other begins within a month of it."""
    return {
        (one["household_id"], other["household_id"])
        for one in households
        for other in households
        if one["last_date"] is not None
        and families[one["household_id"]] == families[other["household_id"]]
        and 0 <= (other["first_date"] - one["last_date"]).days <= 31
        and other["first_date"] > date(2019, 3, 1)
    }

"""Households: who is one person, where they lived, and what was in payment, from monthly files and periods together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from made_engine import engine_at_hand
from made_extracts import MONTHS, claim, cts_files, dependant, extracts, few_months, months, write

from hearthlink.sources import receive, source_files

D = date
Row = dict[str, object]
NO_CTS = (("T9", "900", "9 Z STREET", "", "ZZ1 1AA", "01/04/2018", "31/12/2099", "CTR only", "live", "12.34", ""),)


class Received:
    """What was received of the one household under test."""

    def __init__(self, folder: Path, household_id: str, *, keep_childless: bool = False) -> None:
        with engine_at_hand() as engine:
            tables = receive(
                engine,
                source_files(folder),
                year="2019-20",
                new_key=lambda n: range(1, n + 1),
                keep_childless=keep_childless,
            )
        rows = {name: table.to_pylist() for name, table in tables.items()}
        self.households = {row["household_id"]: row for row in rows["household_identifier"]}
        key = self.households[household_id]["household_key"] if household_id in self.households else None
        self.household = self.households.get(household_id)
        self.members = [row for row in rows["household_member"] if row["household_id"] == household_id]
        self.residences = [row for row in rows["household_residence"] if row["household_id"] == household_id]
        self.awards = [row for row in rows["award"] if row["household_key"] == key]
        self.fact = next((row for row in rows["household_fact"] if row["household_key"] == key), None)
        self.receipt = rows["receipt"]


def receive_shbe(
    tmp_path: Path,
    lines: Mapping[int, Sequence[str]] | Sequence[str],
    household_id: str = "H1",
    *,
    keep_childless: bool = False,
) -> Received:
    return Received(write(tmp_path, extracts(shbe=few_months(lines))), household_id, keep_childless=keep_childless)


def who(members: list[Row]) -> set[tuple[object, ...]]:
    return {(row["member_id"], row["role"], row["forename"]) for row in members}


def spans(awards: list[Row], benefit: str = "hb") -> list[tuple[object, ...]]:
    return [(a["status"], a["start_date"], a["end_date"], a["weekly_pence"]) for a in awards if a["benefit"] == benefit]


# --- people -------------------------------------------------------------------------------------------


def test_a_person_listed_month_after_month_is_one_member(tmp_path: Path) -> None:
    """Thirteen months of the same two people are two members; the child goes by its own reference."""
    made = Received(write(tmp_path, extracts(shbe=months([claim(), dependant()]))), "H1")
    assert who(made.members) == {("H1|claimant1", "claimant", "CCC"), ("H1|R1", "dependant", "AAA")}
    assert {(row["start_date"], row["end_date"]) for row in made.members} == {(D(2017, 3, 6), None)}


def test_claimant_and_partner_who_swap_stay_two_people(tmp_path: Path) -> None:
    """Where name and birth date agree, a change of places makes nobody new; the role is the last one."""
    one = {"f6": "SMITH", "f7": "CCC", "f8": "01-02-1985"}
    other = {"f128": "JONES", "f129": "DDD", "f178": "05-06-1980"}
    swapped = {"f6": "JONES", "f7": "DDD", "f8": "05-06-1980", "f128": "SMITH", "f129": "CCC", "f178": "01-02-1985"}
    couple = {"f123": "1", "f124": "06-03-2017"}
    before, after = [claim(**one, **other, **couple), dependant()], [claim(**swapped, **couple), dependant()]
    made = receive_shbe(tmp_path, {0: before, 6: after})
    assert who(made.members) == {
        ("H1|claimant1", "claimant", "DDD"),
        ("H1|partner1", "partner", "CCC"),
        ("H1|R1", "dependant", "AAA"),
    }
    assert made.fact is not None
    assert made.fact["has_partner"] is True


def test_a_child_without_a_reference_is_told_by_name_and_birth_date(tmp_path: Path) -> None:
    """A reference that comes and goes does not make two children of one."""
    made = receive_shbe(tmp_path, {0: [claim(), dependant(f309="")], 5: [claim(), dependant()]})
    assert who(made.members) == {("H1|claimant1", "claimant", "CCC"), ("H1|R1", "dependant", "AAA")}


def test_a_mended_name_or_birth_date_makes_nobody_new(tmp_path: Path) -> None:
    """Under one reference a new surname, or a birth date put right, is the same child, as last recorded."""
    made = receive_shbe(tmp_path, {0: [claim(), dependant(f315="04-05-2012")], 5: [claim(), dependant(f313="JONES")]})
    (child,) = [row for row in made.members if row["role"] == "dependant"]
    assert (child["surname"], child["birth_date"]) == ("JONES", D(2012, 5, 3))


def test_a_reference_used_for_two_children_is_not_relied_on(tmp_path: Path) -> None:
    """Where references are mere places in the list, two children under one reference stay two, and each stays one."""
    younger = dependant(f309="R1", f314="BBB", f315="01-01-2015")
    made = receive_shbe(
        tmp_path,
        {0: [claim(), dependant(), dependant(f309="R2", f314="BBB", f315="01-01-2015")], 6: [claim(), younger]},
    )
    assert sorted((row["forename"], row["birth_date"]) for row in made.members if row["role"] == "dependant") == [
        ("AAA", D(2012, 5, 3)),
        ("BBB", D(2015, 1, 1)),
    ]


def test_twins_of_one_name_keep_their_references(tmp_path: Path) -> None:
    """Two references in the same month are two children, even where name and birth date are the same."""
    made = receive_shbe(tmp_path, [claim(f13="2"), dependant(), dependant(f309="R2")])
    assert {row["member_id"] for row in made.members if row["role"] == "dependant"} == {"H1|R1", "H1|R2"}


def test_who_leaves_has_an_end(tmp_path: Path) -> None:
    """A stated end is the end; who is gone without one was last listed on the last reference date; who is listed still has none."""
    stated = {
        0: [claim(), dependant(f311="15-06-2019"), dependant(f309="R2", f314="BBB")],
        4: [claim(), dependant(f309="R2", f314="BBB")],
    }
    ends = {row["forename"]: row["end_date"] for row in receive_shbe(tmp_path, stated).members}
    assert ends == {"CCC": None, "AAA": D(2019, 6, 15), "BBB": None}
    gone = {0: [claim(), dependant(), dependant(f309="R2", f314="BBB")], 4: [claim(), dependant()]}
    ends = {row["forename"]: row["end_date"] for row in receive_shbe(tmp_path, gone).members}
    assert ends == {"CCC": None, "AAA": None, "BBB": D(2019, 6, 30)}


def test_a_claim_that_ends_ends_for_its_people(tmp_path: Path) -> None:
    """Where the claim has an end date, so has everybody on it."""
    ended = [claim(f33="0", f202="20-08-2019"), dependant()]
    made = receive_shbe(tmp_path, {0: [claim(), dependant(), claim("H2")], 5: [*ended, claim("H2")], 6: [claim("H2")]})
    assert {row["end_date"] for row in made.members} == {D(2019, 8, 20)}
    assert made.household is not None
    assert made.household["last_date"] == D(2019, 8, 20)


# --- two extracts, one household ------------------------------------------------------------------------

PERIOD = ("T1", "100", "1 A STREET", "", "ZZ1 1AA", "01/04/2018", "31/12/2099", "both", "live", "12.34", "")
PEOPLE = (
    ("T1", "R7", "claimant", "CCC", "", "SMITH", "01/02/1985", "F", "", "01/04/2018", "31/12/2099"),
    ("T1", "R1", "dependant", "Aaa", "", "Smith", "03/05/2012", "F", "", "01/04/2016", "31/12/2099"),
)


def test_the_same_claim_in_both_extracts_is_one_household(tmp_path: Path) -> None:
    """The council tax reference names it, its people are listed once, and council tax support supplies reference and sex."""
    both = extracts(shbe=months([claim("H1", "T1"), dependant("H1", "T1")]), cts=cts_files([PERIOD], PEOPLE))
    made = Received(write(tmp_path, both), "T1")
    assert set(made.households) == {"T1"}
    assert who(made.members) == {("T1|R7", "claimant", "CCC"), ("T1|R1", "dependant", "Aaa")}
    assert {row["sex"] for row in made.members} == {"F"}
    assert [row["start_date"] for row in made.members if row["role"] == "dependant"] == [D(2016, 4, 1)]
    assert [(row["uprn"], row["end_date"]) for row in made.residences] == [("100", None)]
    assert {row["benefit"] for row in made.awards} == {"hb", "cts"}


def test_references_of_two_kinds_still_make_one_child(tmp_path: Path) -> None:
    """Where the extracts number people each in their own way, name and birth date bring them together."""
    people = (PEOPLE[0], (PEOPLE[1][0], "P-2", *PEOPLE[1][2:]))
    both = extracts(shbe=months([claim("H1", "T1"), dependant("H1", "T1")]), cts=cts_files([PERIOD], people))
    assert who(Received(write(tmp_path, both), "T1").members) == {
        ("T1|R7", "claimant", "CCC"),
        ("T1|P-2", "dependant", "Aaa"),
    }


def test_one_number_for_a_child_here_and_an_adult_there_joins_nobody(tmp_path: Path) -> None:
    """A reference that stands for the claimant in one extract and for a child in the other is not relied on."""
    people = ((PEOPLE[0][0], "1", *PEOPLE[0][2:]), (PEOPLE[1][0], "2", *PEOPLE[1][2:]))
    both = extracts(shbe=months([claim("H1", "T1"), dependant("H1", "T1", f309="1")]), cts=cts_files([PERIOD], people))
    made = Received(write(tmp_path, both), "T1")
    assert {(row["role"], row["forename"]) for row in made.members} == {("claimant", "CCC"), ("dependant", "Aaa")}
    assert len(made.members) == 2


def test_a_council_tax_reference_that_comes_late_names_all_months(tmp_path: Path) -> None:
    """A claim that gains a council tax reference is one household throughout."""
    made = receive_shbe(tmp_path, {0: [claim(), dependant()], 6: [claim("H1", "T1"), dependant("H1", "T1")]}, "T1")
    assert set(made.households) == {"T1", "T9"}
    assert len(spans(made.awards)) == 1


def test_two_kinds_of_reference_spelt_alike_stay_apart(tmp_path: Path) -> None:
    """A Housing Benefit reference spelt like another household's council tax reference is marked, and joins nobody."""
    made = receive_shbe(
        tmp_path, [claim("H1", "5"), dependant("H1", "5"), claim("5"), dependant("5", f309="R2")], "hb:5"
    )
    assert set(made.households) == {"5", "hb:5", "T9"}
    assert {row["member_id"] for row in made.members} == {"hb:5|claimant1", "hb:5|R2"}


# --- addresses ------------------------------------------------------------------------------------------


def test_stays_are_unbroken_stretches(tmp_path: Path) -> None:
    """A move ends one stay and begins the next; a return is a third; small differences of writing are none."""
    lines = {
        0: [claim(), dependant()],
        3: [claim(f10="1, a street"), dependant()],
        4: [claim(f10="5 B STREET", f11="ZZ1 1AB"), dependant()],
        8: [claim(), dependant()],
    }
    stays = [(row["postcode"], row["start_date"], row["end_date"]) for row in receive_shbe(tmp_path, lines).residences]
    assert stays == [
        ("ZZ1 1AA", D(2019, 3, 1), D(2019, 6, 30)),
        ("ZZ1 1AB", D(2019, 7, 1), D(2019, 10, 31)),
        ("ZZ1 1AA", D(2019, 11, 1), None),
    ]


def test_a_withheld_address_is_no_stay(tmp_path: Path) -> None:
    """A claim without address or postcode has no stay; a postcode alone is one."""
    assert receive_shbe(tmp_path, [claim(f10="", f11=""), dependant()]).residences == []
    assert [row["address"] for row in receive_shbe(tmp_path, [claim(f10=""), dependant()]).residences] == [None]


# --- awards ---------------------------------------------------------------------------------------------

PAID = [claim(), dependant()]
AWARDS = (
    ("nothing changes", PAID, [("in_payment", D(2017, 3, 6), None, 9000)]),
    (
        "a suspension between two files, with the day of the change",
        {0: PAID, 4: [claim(f33="2", f253="10-07-2019"), dependant()], 6: [claim(f253="02-09-2019"), dependant()]},
        [
            ("in_payment", D(2017, 3, 6), D(2019, 7, 9), 9000),
            ("suspended", D(2019, 7, 10), D(2019, 9, 1), 9000),
            ("in_payment", D(2019, 9, 2), None, 9000),
        ],
    ),
    (
        "a change without its day: the day after the file before",
        {0: PAID, 4: [claim(f43="8000"), dependant()]},
        [("in_payment", D(2017, 3, 6), D(2019, 6, 30), 9000), ("in_payment", D(2019, 7, 1), None, 8000)],
    ),
    (
        "entitled to nothing",
        {0: PAID, 4: [claim(f33="0", f43="0", f253="08-07-2019"), dependant()]},
        [("in_payment", D(2017, 3, 6), D(2019, 7, 7), 9000), ("nil", D(2019, 7, 8), None, 0)],
    ),
    (
        "ended by date",
        {0: PAID, 4: [claim(f33="0", f202="20-07-2019"), dependant()], 5: [claim("H2"), dependant("H2")]},
        [("in_payment", D(2017, 3, 6), D(2019, 7, 20), 9000), ("ended", D(2019, 7, 21), None, None)],
    ),
    (
        "gone without a date",
        {0: PAID, 4: [claim("H2"), dependant("H2")]},
        [("in_payment", D(2017, 3, 6), D(2019, 6, 30), 9000)],
    ),
    (
        "decided late and backdated",
        {
            0: [claim("H2"), dependant("H2")],
            5: [claim(f33="0", f37="", f43="", f41="06-05-2019"), dependant()],
            6: [claim(f37="15-09-2019", f41="06-05-2019"), dependant()],
        },
        [("in_payment", D(2019, 5, 6), None, 9000)],
    ),
    (
        "known before the window, with the day of the last change",
        [claim(f253="04-02-2019"), dependant()],
        [("in_payment", D(2019, 2, 4), None, 9000)],
    ),
    (
        "ended, then claimed again under the same reference",
        {
            0: PAID,
            3: [claim(f33="0", f202="20-06-2019"), dependant()],
            4: [claim("H2"), dependant("H2")],
            6: [claim(f41="02-09-2019"), dependant()],
        },
        [
            ("in_payment", D(2017, 3, 6), D(2019, 6, 20), 9000),
            ("ended", D(2019, 6, 21), D(2019, 9, 1), None),
            ("in_payment", D(2019, 9, 2), None, 9000),
        ],
    ),
)


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in AWARDS], ids=[case[0] for case in AWARDS])
def test_awards_are_runs_of_months_with_effective_dates(
    tmp_path: Path, lines: Mapping[int, Sequence[str]] | Sequence[str], expected: list[tuple[object, ...]]
) -> None:
    """Months in which nothing changed are one award, and its ends are the effective days as far as the files tell them."""
    assert spans(receive_shbe(tmp_path, lines).awards) == expected


def test_a_month_without_a_file_breaks_no_award(tmp_path: Path) -> None:
    """A missing monthly file is named in the receipt, and what held on both sides of it holds over it."""
    files = extracts(shbe=months([claim(), dependant()]))
    del files["shbe/SHBE_201908.txt"]
    made = Received(write(tmp_path, files), "H1")
    assert spans(made.awards) == [("in_payment", D(2017, 3, 6), None, 9000)]
    assert [row["file"] for row in made.receipt if row["reason"] == "no file for this month"] == ["SHBE_201908.txt"]


def test_council_tax_periods_that_follow_unchanged_are_one_award(tmp_path: Path) -> None:
    """A new period for another reason makes no new award; another amount, a suspension, a nil award and an end do."""

    def period(start: str, end: str, status: str, award: str, kind: str = "CTR only") -> tuple[str, ...]:
        return ("T9", "900", "9 Z STREET", "", "ZZ1 1AA", start, end, kind, status, award, "income support")

    periods = [
        period("01/04/2018", "30/04/2019", "live", "12.34"),
        period("01/05/2019", "31/05/2019", "live", "12.34"),
        period("01/06/2019", "30/06/2019", "suspended", "12.34"),
        period("01/07/2019", "31/07/2019", "live", "0.00"),
        period("01/08/2019", "31/08/2019", "live", "5.00", "HB only"),
        period("01/09/2019", "30/09/2019", "live", "20"),
    ]
    made = Received(write(tmp_path, extracts(cts=cts_files(periods))), "T9")
    assert spans(made.awards, "cts") == [
        ("in_payment", D(2018, 4, 1), D(2019, 5, 31), 1234),
        ("suspended", D(2019, 6, 1), D(2019, 6, 30), 1234),
        ("nil", D(2019, 7, 1), D(2019, 7, 31), 0),
        ("in_payment", D(2019, 9, 1), D(2019, 9, 30), 2000),
        ("ended", D(2019, 10, 1), None, None),
    ]
    assert made.fact is not None
    assert made.fact["passported"] is True


# --- the declared filter, and facts ---------------------------------------------------------------------


def test_households_without_a_child_are_removed_and_counted(tmp_path: Path) -> None:
    """A claim on which nobody is or was a dependant or under 18 goes, from every table, and its records are counted."""
    childless = [*PAID, claim("H2", f13="0"), dependant("H2", f308="2", f309="", f314="FFF", f315="01-01-1990")]
    made = Received(write(tmp_path, extracts(shbe=months(childless))), "H1")
    assert set(made.households) == {"H1", "T9"}
    gone = [row["rows_refused"] for row in made.receipt if row["reason"].startswith("household without a child")]
    assert gone == [2] * 13
    assert set(receive_shbe(tmp_path, childless, keep_childless=True).households) == {"H1", "H2", "T9"}


@pytest.mark.parametrize(
    "lines",
    [
        [claim("H2", f13="1")],
        [claim("H2", f13="0"), dependant("H2", f308="2", f309="", f315="01-01-2003")],
        [claim("H2", f13="0", f8="01-01-2003")],
    ],
    ids=["counted but not listed", "a non-dependant under 18", "a claimant under 18"],
)
def test_a_household_with_a_child_in_another_guise_stays(tmp_path: Path, lines: list[str]) -> None:
    """A child who is only counted, or is a non-dependant or the claimant, keeps the household in."""
    assert "H2" in receive_shbe(tmp_path, [*PAID, *lines]).households


def test_dependants_stated_are_those_of_the_latest_month(tmp_path: Path) -> None:
    """The number the claim states is that of its last file; council tax support states none."""
    made = receive_shbe(tmp_path, {0: [claim(f13="3"), dependant()], 7: [claim(f13="1"), dependant()]})
    assert made.households["H1"]["dependants_stated"] == 1
    assert made.households["T9"]["dependants_stated"] is None


@pytest.mark.parametrize(("code", "passported"), [("1", True), ("5", True), ("4", False), ("", None), ("9", None)])
def test_passported_is_said_or_not_known(tmp_path: Path, code: str, passported: bool | None) -> None:
    """Codes 1, 2, 3 and 5 are passported, 4 is not, and anything else says nothing."""
    made = receive_shbe(tmp_path, [claim(f12=code), dependant()])
    assert made.fact is not None
    assert made.fact["passported"] is passported


NAMELESS = [n for n in range(1, 342) if n not in {5, 6, 7, 10, 127, 128, 129, 279, 280, 281, 282, 283, 307, 313, 314}]


def test_a_copy_without_names_makes_households_all_the_same(tmp_path: Path) -> None:
    """Months that list only some fields, without names or addresses, tell awards, roles and birth dates, and what is only counted."""
    files = {name: data for name, data in extracts().items() if not name.startswith("shbe/")}
    lines = [claim(), dependant(), dependant(f309="R2", f315="01-01-2015"), claim("H2", f13="3")]
    rows = [[str(n) for n in NAMELESS], *([line.split("|")[n - 1] for n in NAMELESS] for line in lines)]
    for year, number in MONTHS:
        files[f"shbe/hb9803_SHBE_20k {date(year, number, 1):%B %Y}.csv"] = "\n".join(
            ",".join(row) for row in rows
        ).encode()
    made = Received(write(tmp_path, files), "H1")
    assert {(row["role"], row["forename"], row["birth_date"]) for row in made.members} == {
        ("claimant", None, D(1985, 2, 1)),
        ("dependant", None, D(2012, 5, 3)),
        ("dependant", None, D(2015, 1, 1)),
    }
    assert spans(made.awards) == [("in_payment", D(2017, 3, 6), None, 9000)]
    assert made.households["H2"]["dependants_stated"] == 3

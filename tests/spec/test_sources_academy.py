"""Academy's tables: splits, members, assessments and accounts brought together as the claims that other extracts tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from made_academy import OPEN, ROWS, academy_files
from made_engine import engine_at_hand
from made_extracts import cts_files, extracts, table, write

from hearthlink.errors import DataProblem
from hearthlink.sources import receive, source_files
from hearthlink.sources.reading.files import Given
from hearthlink.synthetic import Settings
from hearthlink.synthetic.synthesise import synthesise

D = date
Row = dict[str, object]


def received(folder: Path, given: Sequence[Given] = ()) -> dict[str, list[Row]]:
    with engine_at_hand() as engine:
        tables = receive(engine, source_files(folder, given), year="2019-20", new_key=lambda n: range(1, n + 1))
    names = {row["household_key"]: row["household_id"] for row in tables["household_identifier"].to_pylist()}
    rows = {name: made.to_pylist() for name, made in tables.items()}
    for name in ("award", "household_period", "household_fact"):
        for row in rows[name]:
            row["household_id"] = names[row["household_key"]]
    return rows


def from_academy(tmp_path: Path, **changed: Sequence[Sequence[str]] | None) -> dict[str, list[Row]]:
    files = {name: data for name, data in extracts().items() if not name.startswith(("shbe/", "cts/"))}
    return received(write(tmp_path, {**files, **academy_files(**changed)}))


def test_members_repeated_in_every_split_are_one(tmp_path: Path) -> None:
    """A claim goes by its id and check digit; a person is one however many splits list them; a blank name is told by the whole name."""
    made = from_academy(tmp_path)
    people = {
        (m["member_id"], m["role"], m["forename"], m["surname"], m["sex"], m["end_date"])
        for m in made["household_member"]
    }
    assert people == {
        ("1007|P1", "claimant", "CCC", "SMITH", "F", None),
        ("1007|P2", "partner", "DDD", "JONES", "M", None),
        ("1007|P3", "dependant", "AAA", "SMITH", "F", None),
        ("1007|P4", "non_dependant", "FFF", "SMITH", "F", None),
    }
    assert {m["start_date"] for m in made["household_member"]} == {D(2018, 4, 2)}


@pytest.mark.parametrize("words", [("C", "P", "D", "N"), ("Claimant", "Partner", "Child", "Non-Dependant")])
def test_a_type_in_words_says_itself(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A type spelt as a word or its first letter needs no telling, whatever the people are."""
    rows = [(*row[:8], words[int(row[8]) - 1], *row[9:]) for row in ROWS["hbmember"]]
    made = from_academy(tmp_path, hbmember=rows)
    assert {m["member_id"]: m["role"] for m in made["household_member"]} == {
        "1007|P1": "claimant", "1007|P2": "partner", "1007|P3": "dependant", "1007|P4": "non_dependant",
    }  # fmt: skip
    assert not [row for row in made["receipt"] if str(row["reason"]).startswith("type taken")]


def test_awards_run_over_splits_and_change_on_their_own_days(tmp_path: Path) -> None:
    """Live Housing Benefit is an assessment of type 1 and no discretionary one; a split alone begins no award."""
    made = from_academy(tmp_path)
    awards = {(a["benefit"], a["start_date"], a["end_date"], a["status"], a["weekly_pence"]) for a in made["award"]}
    assert awards == {
        ("hb", D(2018, 4, 2), None, "in_payment", 9000),
        ("cts", D(2018, 4, 2), D(2019, 4, 30), "in_payment", 1234),
        ("cts", D(2019, 5, 1), None, "in_payment", 1000),
    }


def test_circumstances_are_those_of_the_split_and_the_account(tmp_path: Path) -> None:
    """Incomes come to a week by their frequency, Universal Credit stands apart; bedrooms and what is owed come by the account."""
    made = from_academy(tmp_path)
    last = max(made["household_period"], key=lambda row: str(row["start_date"]))
    first = min(made["household_period"], key=lambda row: str(row["start_date"]))
    names = (
        "earnings",
        "other_income",
        "uc_in_payment",
        "uc_award",
        "bedrooms",
        "council_tax_balance",
        "dhp",
        "claimant_hours",
        "partner_hours",
    )
    assert [first[name] for name in names] == [20000, 3500, True, 52000, 3, 32109, None, 16.0, 37.0]
    assert [last[name] for name in names] == [100, 0, False, None, 3, 32109, None, 16.0, 37.0]
    paid = [(row["start_date"], row["end_date"]) for row in made["household_period"] if row["dhp"] == 1500]
    assert paid == [(D(2019, 9, 2), D(2019, 10, 6))]
    assert {row["source"] for row in made["household_period"]} == {"academy"}


def test_a_suspension_begins_on_its_day(tmp_path: Path) -> None:
    """From the day of suspension the claim is suspended, under the system's reason; before it, it was paid."""
    claim = [("100", "7", "Y", "2019-11-04 00:00:00", "", "INFO", "", "", "QA123451A")]
    made = from_academy(tmp_path, hbclaim=claim)
    assert {(a["start_date"], a["status"]) for a in made["award"] if a["benefit"] == "hb"} == {
        (D(2018, 4, 2), "in_payment"),
        (D(2019, 11, 4), "suspended"),
    }
    assert {row["suspension_reason"] for row in made["household_period"]} == {None, "INFO"}


def test_a_child_whose_rows_end_has_left(tmp_path: Path) -> None:
    """A child who is in the earlier split and not in the later one left on the last day of the earlier."""
    rows = [row for row in ROWS["hbmember"] if not (row[1] == "2" and row[3] == "P3")]
    made = from_academy(tmp_path, hbmember=rows)
    assert {m["member_id"]: m["end_date"] for m in made["household_member"]}["1007|P3"] == D(2019, 6, 30)


def test_only_claims_households_and_members_are_needed(tmp_path: Path) -> None:
    """Without assessments, incomes or accounts the household is there, and of its money nothing is known."""
    absent = dict.fromkeys([name for name in ROWS if name not in ("hbclaim", "hbhousehold", "hbmember")])
    made = from_academy(tmp_path, **absent)
    assert (len(made["household_member"]), made["award"]) == (4, [])
    (row,) = made["household_period"]
    assert [row[name] for name in ("hb", "cts", "earnings", "bedrooms", "status")] == [None] * 5


@pytest.mark.parametrize("missing", ["hbclaim", "hbhousehold", "hbmember"])
def test_a_missing_table_is_named(tmp_path: Path, missing: str) -> None:
    """Without one of the three the folder is refused, and the table is named."""
    with pytest.raises(DataProblem, match=missing):
        from_academy(tmp_path, **{missing: None})


def test_a_member_of_no_split_is_set_aside(tmp_path: Path) -> None:
    """A person of a split that is not there is counted, and no household gains them."""
    stray = ("100", "9", "1", "P9", "X, Y", "X", "", "Y", "3", "2012-05-03 00:00:00", "1", "", "", "N")
    made = from_academy(tmp_path, hbmember=[*ROWS["hbmember"], stray])
    assert len(made["household_member"]) == 4
    assert [row["rows_refused"] for row in made["receipt"] if "does not hold" in str(row["reason"])] == [1]


def test_an_id_of_two_claims_is_nobodys(tmp_path: Path) -> None:
    """Where one claim_id stands with two check digits its splits and members are set aside and counted; other claims stay."""
    other = {
        name: [("200", *row[1:]) for row in ROWS[name]]
        for name in ("hbhousehold", "hbmember", "hbrentass", "hbctaxass")
    }
    heads = [*ROWS["hbclaim"], ("100", "3", *ROWS["hbclaim"][0][2:]), ("200", "5", *ROWS["hbclaim"][0][2:])]
    made = from_academy(tmp_path, hbclaim=heads, **{name: [*ROWS[name], *rows] for name, rows in other.items()})
    assert {row["household_id"] for row in made["household_identifier"]} == {"2005"}
    set_aside = {row["file"]: row["rows_refused"] for row in made["receipt"] if "two claims" in str(row["reason"])}
    assert set_aside == {"hbclaim.csv": 2, "hbhousehold.csv": 2, "hbmember.csv": 8}


@pytest.mark.parametrize("turned", [False, True])
def test_a_claim_told_twice_is_one(tmp_path: Path, turned: bool) -> None:
    """Two rows of one claim, of which the second knows of a suspension, are one claim, suspended, in either order."""
    heads = [ROWS["hbclaim"][0], ("100", "7", "Y", "2019-11-04 00:00:00", "", "INFO", "", "", "QA123451A")]
    made = from_academy(tmp_path, hbclaim=heads[::-1] if turned else heads)
    assert {(a["start_date"], a["status"]) for a in made["award"] if a["benefit"] == "hb"} == {
        (D(2018, 4, 2), "in_payment"),
        (D(2019, 11, 4), "suspended"),
    }


def test_an_open_end_is_none(tmp_path: Path) -> None:
    """2099-12-31 is no end, for a household, a member or an award."""
    made = from_academy(tmp_path, hbhousehold=[(*ROWS["hbhousehold"][0][:3], OPEN, *ROWS["hbhousehold"][0][4:])])
    assert {row["last_date"] for row in made["household_identifier"]} == {None}


def test_the_same_claims_told_twice_make_the_same_households(tmp_path: Path) -> None:
    """From council tax support and from Academy come the same households, people and awards of one practice authority.

    Academy keeps only a suspension that still lasts, so amounts are held against each other and not whether payment had paused.
    """
    layouts = ("cin", "ssd", "cts", "academy", "geography")
    synthesise(tmp_path, Settings(children=60, households=120, months=13, layouts=layouts))
    made: list[tuple[set[object], set[tuple[object, ...]], dict[tuple[object, ...], object]]] = []
    for other in ("academy", "cts"):
        (tmp_path / "in" / other).rename(tmp_path / other)
        rows = received(tmp_path / "in")
        (tmp_path / other).rename(tmp_path / "in" / other)
        people = {tuple(row.values()) for row in rows["household_member"]}
        paid: dict[tuple[object, ...], object] = {}
        for row in sorted(rows["award"], key=lambda row: str(row["start_date"])):
            on_days = {
                (row["household_id"], row["benefit"], day): row["weekly_pence"] for day in DAYS if _holds(row, day)
            }
            paid |= {key: pence for key, pence in on_days.items() if pence is not None}
        made.append(({row["household_id"] for row in rows["household_identifier"]}, people, paid))
    told, again = made
    assert told[0] <= again[0]
    mine = {row for row in again[1] if row[0] in told[0]}
    assert mine == told[1]
    assert {key: pence for key, pence in again[2].items() if key[0] in told[0]} == told[2]


DAYS = tuple(D(2019, month, 15) for month in range(4, 13))


def _holds(row: Row, day: date) -> bool:
    start, end = row["start_date"], row["end_date"]
    assert isinstance(start, date)
    return start <= day and (end is None or (isinstance(end, date) and day <= end))


# --- a council's own tables --------------------------------------------------------------------------------


def test_claims_of_a_councils_own_tables_join_the_same_stream(tmp_path: Path) -> None:
    """Claim periods and claim persons named in the study come to the same household as those of a documented layout."""
    files = {name: data for name, data in extracts().items() if not name.startswith("cts/")}
    folder = write(tmp_path / "in", files)
    own = write(tmp_path / "own", {name.partition("/")[2]: data for name, data in cts_files().items()})
    given = [
        Given("claim_period", path=own / "household_period.csv"),
        Given("claim_person", path=own / "person_period.csv"),
    ]
    made = received(folder, given)
    assert {row["household_id"] for row in made["household_member"]} == {"H1", "T9"}
    assert {row["source"] for row in made["household_period"]} == {"shbe", "mapped"}
    assert [row["weekly_pence"] for row in made["award"] if row["household_id"] == "T9"] == [1234]


def test_academy_tables_that_the_study_names_tell_the_same(tmp_path: Path) -> None:
    """Tables that are named one by one, as those of a database are, come to the same households as a folder of them."""
    folder = write(
        tmp_path / "in", {name: data for name, data in extracts().items() if not name.startswith(("shbe/", "cts/"))}
    )
    own = write(tmp_path / "own", {name.partition("/")[2]: data for name, data in academy_files().items()})
    made = received(folder, [Given(name, path=own / f"{name}.csv") for name in ROWS])
    again = from_academy(tmp_path / "again")
    for name in ("household_member", "award", "household_period"):
        assert made[name] == again[name]


def test_dependants_who_are_only_counted_keep_the_household(tmp_path: Path) -> None:
    """A claim that states dependants and lists none by name is a household with a child."""
    period = "claim_ref address_1 postcode from_date to_date dependants dependant_ages"
    person = "claim_ref role forename surname dob from_date to_date"
    files = {
        "cts/household_period.csv": table(period, [("T5", "1 A STREET", "ZZ1 1AA", "2018-04-01", "", "2", "3 9")]),
        "cts/person_period.csv": table(person, [("T5", "claimant", "CCC", "SMITH", "1985-02-01", "2018-04-01", "")]),
    }
    made = received(write(tmp_path, extracts(cts=files)))
    (stated,) = made["household_count"]
    assert list(stated.values()) == ["T5", D(2018, 4, 1), None, 2, "3 9"]
    assert {row["household_id"]: row["dependants_stated"] for row in made["household_identifier"]}["T5"] == 2


def test_no_reference_or_number_rests_in_content(tmp_path: Path) -> None:
    """Neither a claim reference nor a National Insurance number is in any table of the content room."""
    made = from_academy(tmp_path)
    for name in ("award", "household_period", "household_fact", "household_followed"):
        text = str([{k: v for k, v in row.items() if k != "household_id"} for row in made[name]])
        assert not any(value in text for value in ("1007", "QA12345", "SMITH", "8001"))

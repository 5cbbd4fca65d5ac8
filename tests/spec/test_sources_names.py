"""Names and addresses: how ids are joined, how records are merged, and what reaches the identity room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from made_case_systems import census, person, plain, read, rows, together
from made_extracts import ssd_files, table

from hearthlink.errors import DataProblem
from hearthlink.sources.case.children_homes import without_postcode
from hearthlink.sources.case.children_join import join_persons
from hearthlink.sources.intake.spells import Spells
from hearthlink.sources.reading.receipts import Tally

UPN = "H801200001001"
"""A pupil number whose check letter is right (domain.md 1.9)."""


FORMS = (
    ("as it stands", "C1", {"child_id": "C1"}, "child id"),
    ("as a person id", "C1", {"person_id": "C1"}, "person id"),
    ("as an older id", "C1", {"legacy_id": "C1"}, "legacy id"),
    ("without leading noughts", "0042", {"child_id": "42"}, "child id, leading noughts dropped"),
    ("with leading noughts", "42", {"legacy_id": "00042"}, "legacy id, leading noughts dropped"),
    ("without marks and case", "AB/12-3", {"child_id": "ab123"}, "child id, marks and case dropped"),
    ("as a spreadsheet's number", "0042", {"child_id": "42.0"}, "child id, marks and case dropped"),
)


@pytest.mark.parametrize(("ours", "theirs", "by"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_ids_join_in_the_form_that_joins_best(tmp_path: Path, ours: str, theirs: dict[str, str], by: str) -> None:
    """Every id is tried in every form, the exact one first, and the best is used and named."""
    held = {"child_id": "", "person_id": "P1", **theirs}
    made = together(census(ours), read(tmp_path, plain([person(**held), person("ZZ9", "P9", forename="BBB")])))
    assert rows(made.tables["child_identifier"], "child_id", "forename") == [(ours, "AAA")]
    assert f"joined by {by}" in {note for tally in made.tallies for note, count in tally.notes.items() if count}


def test_an_id_that_a_loose_form_makes_two_of_finds_neither(tmp_path: Path) -> None:
    """Where two persons have one id but for its noughts, that form says nothing of them; the exact one still does."""
    persons = [person("007", "P1"), person("07", "P2", forename="BBB"), person("X5", "P5", forename="CCC")]
    held = read(tmp_path, plain(persons))
    made = together(census("7", "X5"), held)
    assert rows(made.tables["child_identifier"], "forename") == [(None,), ("CCC",)]
    made = together(census("007", "X5"), held)
    assert rows(made.tables["child_identifier"], "forename") == [("AAA",), ("CCC",)]


FURTHER = (
    ("another id and the same birth date", {"legacy_id": "C2"}, ("C2", "2012-05-03"), True),
    ("another id and another birth date", {"legacy_id": "C2", "dob": "2012-05-04"}, ("C2", "2012-05-03"), False),
    ("another id and no birth date", {"legacy_id": "C2", "dob": ""}, ("C2", "2012-05-03"), False),
    ("a pupil number", {"upn": UPN}, ("C2", "2012-05-03", UPN), True),
    ("a pupil number and no birth date", {"upn": UPN.lower(), "dob": ""}, ("C2", "2012-05-03", UPN), True),
    ("a pupil number and another birth date", {"upn": UPN, "dob": "2011-05-03"}, ("C2", "2012-05-03", UPN), False),
    (
        "a pupil number with a wrong check letter",
        {"upn": "A801200001001"},
        ("C2", "2012-05-03", "A801200001001"),
        False,
    ),
)


@pytest.mark.parametrize(("held", "child", "found"), [case[1:] for case in FURTHER], ids=[case[0] for case in FURTHER])
def test_children_whom_the_best_id_misses(
    tmp_path: Path, held: dict[str, str], child: tuple[str, str], found: bool
) -> None:
    """Another id finds them where the birth date agrees, a sound pupil number where it does not clash."""
    persons = [person("C1", "P1"), person("", "P2", **{"forename": "BBB", **held})]
    made = together(census(("C1", "2012-05-03"), child), read(tmp_path, plain(persons)))
    assert rows(made.tables["child_identifier"], "forename") == [("AAA",), ("BBB" if found else None,)]


def test_a_person_who_is_somebody_s_already_is_nobody_else_s(tmp_path: Path) -> None:
    """A child whom the best id misses is not given the person of another child, however well another id of theirs fits."""
    held = read(tmp_path, plain([person("C1", "P1", legacy_id="C2", upn=UPN)]))
    made = together(census("C1", ("C2", "2012-05-03", UPN)), held)
    assert rows(made.tables["child_identifier"], "forename") == [("AAA",), (None,)]


def test_a_pupil_number_borne_twice_joins_nobody(tmp_path: Path) -> None:
    """Rule 1520: a pupil number that two persons, or two children, bear decides nothing."""
    two = [person("C1", "P1"), *(person("", f"P{n}", upn=UPN, forename="BBB") for n in (2, 3))]
    made = together(census("C1", ("C2", "2012-05-03", UPN)), read(tmp_path / "persons", plain(two)))
    assert rows(made.tables["child_identifier"], "forename") == [("AAA",), (None,)]
    one = [person("C1", "P1"), person("", "P2", upn=UPN, forename="BBB")]
    children = ("C1", ("C2", "2012-05-03", UPN), ("C3", "2012-05-03", UPN))
    made = together(census(*children), read(tmp_path / "children", plain(one)))
    assert rows(made.tables["child_identifier"], "forename") == [("AAA",), (None,), (None,)]


def test_no_join_says_what_was_tried_and_no_id(tmp_path: Path) -> None:
    """The message gives every id tried with the share it finds, and quotes none."""
    held = read(tmp_path, plain([person("X7", "Y7", legacy_id="Z7")]))
    with pytest.raises(DataProblem) as problem:
        join_persons(census("C1").child, held.person, held.persons)
    said = str(problem.value)
    assert all(f"by {name} 0%" in said for name in ("child id", "legacy id", "person id"))
    assert not any(word in said for word in ("X7", "Y7", "Z7", "C1", "SMITH", "AAA"))


def test_persons_none_of_whom_has_an_id_are_refused(tmp_path: Path) -> None:
    """A supplier's table whose ids are all missing joins nobody, and that is said."""
    made = {
        "ssd/ssd_person.csv": table(
            "pers_person_id pers_forename pers_surname pers_dob", [("SSD_PH", "AAA", "SMITH", "")]
        )
    }
    with pytest.raises(DataProblem, match="None of its persons has an id"):
        together(census("C1"), read(tmp_path, {**ssd_files(), **made}))


def test_how_ids_joined_is_shown_by_stage_and_year_of_birth(tmp_path: Path) -> None:
    """The table counts children and those found: by each id alone, by stage reached, and by year of birth."""
    made = together(
        census(("C1", "2012-05-03"), ("C2", "2012-01-01"), ("C3", "")), read(tmp_path, plain([person("C1", "P1")]))
    )
    told = {(row["by"], row["stage"]): (row["children"], row["joined"]) for row in made.join_rate.to_pylist()}
    assert told["as joined", "every child"] == told["child id", "every child"] == (3, 1)
    assert told["person id", "every child"] == (3, 0)
    assert told["as joined", "referral"] == (3, 1)
    assert told["as joined", "looked after"] == (0, 0)
    assert told["as joined", "born in 2012"] == (2, 1)
    assert told["as joined", "born: not yet, or not known"] == (1, 0)


def test_merged_records_give_all_they_hold_to_the_one_that_remains(tmp_path: Path) -> None:
    """Names are those of the record that remains; addresses and adults of the merged ones are the child's too, along a chain."""
    persons = [
        person("C1", "P1", merged_into="P2", forename="OLD"),
        person("", "P2", merged_into="P3"),
        person("", "P3", forename="NEW"),
    ]
    address = ("person_id postcode address", [("P1", "ZZ1 1AA", "1 A STREET"), ("P3", "ZZ1 1AB", "2 B STREET")])
    adult = ("person_id adult_id relationship surname", [("P2", "A1", "Mother", "JONES")])
    made = together(census("C1"), read(tmp_path, plain(persons, child_address=address, child_adult=adult)))
    assert rows(made.tables["child_identifier"], "child_id", "forename") == [("C1", "NEW")]
    assert rows(made.tables["child_address"], "child_id", "postcode") == [("C1", "ZZ1 1AA"), ("C1", "ZZ1 1AB")]
    assert rows(made.tables["child_adult"], "child_id", "adult_id") == [("C1", "A1")]


def test_two_children_of_the_census_with_one_person_share_what_is_told_of_it(tmp_path: Path) -> None:
    """Where the census still names a merged record beside the one that remains, both have its names, addresses, adults and spells."""
    persons = [person("C1", "P1", merged_into="P2"), person("C2", "P2", forename="NEW")]
    address = ("person_id postcode address", [("P1", "ZZ1 1AA", "1 A STREET"), ("P2", "ZZ1 1AB", "2 B STREET")])
    adult = ("person_id adult_id relationship surname", [("P2", "A1", "Mother", "JONES")])
    spell = pa.table({"person_id": ["P1"], "start_date": [date(2019, 7, 1)], "end_date": pa.array([None], pa.date32())})
    told = [Spells("looked_after", spell, Tally("ssda903", "episodes.csv", "0", 1))]
    made = together(
        census("C1", "C2"), read(tmp_path, plain(persons, child_address=address, child_adult=adult)), told
    ).tables
    assert rows(made["child_identifier"], "forename") == [("NEW",), ("NEW",)]
    assert rows(made["child_address"], "child_id", "postcode") == [
        (c, p) for c in ("C1", "C2") for p in ("ZZ1 1AA", "ZZ1 1AB")
    ]
    assert rows(made["child_adult"], "child_id", "adult_id") == [("C1", "A1"), ("C2", "A1")]
    assert rows(made["looked_after"], "child_key") == [(0,), (1,)]


SPELLS = (
    ("the system's own id", "P1"), ("the census's id", "0C-1"), ("an older id", "L1"), ("the census's id, its noughts gone", "C-1"),
    ("the census's id, its marks gone", "0c1"),
)  # fmt: skip


@pytest.mark.parametrize("named", [case[1] for case in SPELLS], ids=[case[0] for case in SPELLS])
def test_spells_find_their_child_by_whatever_id_they_name(tmp_path: Path, named: str) -> None:
    """Returns name a child by any of its ids, and spreadsheets strip noughts and marks."""
    held = read(tmp_path, plain([person("0C-1", "P1", legacy_id="L1"), person("C2", "P2")]))
    spell = pa.table(
        {"person_id": [named], "start_date": [date(2019, 7, 1)], "end_date": pa.array([None], pa.date32())}
    )
    made = together(
        census("0C-1", "C2"), held, [Spells("looked_after", spell, Tally("ssda903", "episodes.csv", "0", 1))]
    )
    assert rows(made.tables["looked_after"], "child_key") == [(0,)]


@pytest.mark.parametrize("chain", [("P1", "P2"), ("P1", "P2", "P3"), ("P1", "P2", "P3", "P4", "P5")])
def test_merges_in_a_circle_are_refused(tmp_path: Path, chain: tuple[str, ...]) -> None:
    """Records merged round in a circle are counted in the refusal, which names the column and no id."""
    persons = [person("C1", one, merged_into=chain[(n + 1) % len(chain)]) for n, one in enumerate(chain)]
    with pytest.raises(DataProblem, match=f"{len(chain)} records are merged") as problem:
        together(census("C1"), read(tmp_path, plain(persons)))
    assert problem.value.column == "merged_into"
    assert "P1" not in str(problem.value)


def test_a_merge_into_nothing_or_itself_changes_nothing(tmp_path: Path) -> None:
    """A record merged into itself, or into one that is not in the file, stays itself."""
    persons = [person("C1", "P1", merged_into="P1"), person("C2", "P2", merged_into="P9", forename="BBB")]
    made = together(census("C1", "C2"), read(tmp_path, plain(persons)))
    assert rows(made.tables["child_identifier"], "forename") == [("AAA",), ("BBB",)]


def test_other_names_are_gathered_from_columns_and_rows(tmp_path: Path) -> None:
    """Names known by and former surnames come from their columns and from as many rows of aliases as there are."""
    alias = (
        "person_id forename surname",
        [("P1", "DDD", ""), ("P1", "CCC", "JONES"), ("P1", "", "JONES"), ("P2", "", "KHAN")],
    )
    persons = [person("C1", "P1", known_as="EEE", former_surname="HILL", middle_names="FFF"), person("C2", "P2")]
    made = together(census("C1", "C2"), read(tmp_path, plain(persons, child_alias=alias)))
    assert rows(made.tables["child_identifier"], "middle_names", "known_as", "former_surname") == [
        ("FFF", "EEE;CCC;DDD", "HILL;JONES"),
        (None, None, "KHAN"),
    ]


def test_an_adult_stands_under_each_surname(tmp_path: Path) -> None:
    """A mother with a former surname may have claimed under either, so she stands there under both, as one adult."""
    adult = (
        "person_id adult_id relationship forename surname former_surname lives_with",
        [("P1", "A1", "Mother", "BBB", "JONES", "HILL; KHAN", "Y")],
    )
    made = together(census("C1"), read(tmp_path, plain([person("C1", "P1")], child_adult=adult)))
    assert rows(made.tables["child_adult"], "adult_id", "surname", "lives_with") == [
        ("A1", "HILL", True), ("A1", "JONES", True), ("A1", "KHAN", True),
    ]  # fmt: skip


def test_persons_known_by_the_id_of_the_census_alone(tmp_path: Path) -> None:
    """A council that has one id only gives it as child_id, and addresses by the same."""
    made = {
        "identifiers/child_person.csv": table("child_id forename surname dob", [("C1", "AAA", "SMITH", "03/05/2012")]),
        "identifiers/child_address.csv": table("child_id line1 line2 postcode", [("C1", "1 A STREET", "B", "ZZ1 1AA")]),
        "identifiers/child_alias.csv": table("child_id surname", [("C1", "KHAN")]),
    }
    held = together(census("C1"), read(tmp_path, made))
    about = ("forename", "birth_date", "former_surname")
    assert rows(held.tables["child_identifier"], *about) == [("AAA", date(2012, 5, 3), "KHAN")]
    assert rows(held.tables["child_address"], "child_id", "address") == [("C1", "1 A STREET, B")]


def test_persons_without_any_id_are_refused(tmp_path: Path) -> None:
    """A file that does not say which child a row is cannot be used, and the message says which column to ask for."""
    with pytest.raises(DataProblem, match="which child") as problem:
        read(tmp_path, {"identifiers/child_person.csv": table("forename surname dob", [("AAA", "SMITH", "")])})
    assert problem.value.column == "child_id"


LOCKED = (
    ("its flag", {"identifiers/child_person.csv": table("child_id forename surname dob restricted", [("C1", "AAA", "SMITH", "", "Y")])}),
    (
        "the flag of an address",
        plain([person("C1", "P1")], child_address=("person_id postcode address confidential", [("P1", "ZZ1 1AA", "1 A STREET", "yes")])),
    ),
    ("the kind of an address", plain([person("C1", "P1")], child_address=("person_id postcode type", [("P1", "", "Confidential")]))),
    ("the words of an address", plain([person("C1", "P1")], child_address=("person_id postcode address", [("P1", "", "ADDRESS RESTRICTED")]))),
    ("a note in the name", plain([person("C1", "P1", surname="SMITH *CONFIDENTIAL*")])),
)  # fmt: skip


@pytest.mark.parametrize("made", [case[1] for case in LOCKED], ids=[case[0] for case in LOCKED])
def test_locked_records_are_told_in_the_plain_layout(tmp_path: Path, made: dict[str, bytes]) -> None:
    """A record is locked by its flag, by an address that is confidential in whatever way, or by a note in the name."""
    assert rows(together(census("C1"), read(tmp_path, made)).tables["child_identifier"], "restricted") == [(True,)]


LINES = (
    ("1 A STREET, B, ZZ1 1AA", "ZZ11AA", "1 A STREET, B"),
    ("1 A STREET B ZZ11AA", "ZZ1 1AA", "1 A STREET B"),
    ("1 A STREET,\n B,  ", "ZZ1 1AA", "1 A STREET, B"),
    ("1 A STREET", None, "1 A STREET"),
    ("ZZ1 1AA", "ZZ1 1AA", None),
    ("", "ZZ1 1AA", None),
)


@pytest.mark.parametrize(("line", "postcode", "expected"), LINES)
def test_an_address_is_one_line_without_its_postcode(line: str, postcode: str | None, expected: str | None) -> None:
    """The postcode at the end of an address goes, however it is spaced; line breaks become commas."""
    assert without_postcode(line, postcode) == expected


def test_own_tables_stand_beside_a_suppliers(tmp_path: Path) -> None:
    """Aliases, addresses and adults of the plain layout are added to a supplier's persons, and every file is accounted for."""
    made = {
        **ssd_files(),
        "identifiers/child_alias.csv": table("person_id forename surname", [("P1", "", "KHAN")]),
        "identifiers/child_adult.csv": table(
            "child_id adult_id relationship surname", [("C2", "A7", "Father", "HILL")]
        ),
    }
    held = together(census("C1", "C2", "C3"), read(tmp_path, made))
    assert rows(held.tables["child_identifier"], "former_surname")[0] == ("KHAN",)
    assert ("C2", "A7", "HILL") in rows(held.tables["child_adult"], "child_id", "adult_id", "surname")
    for tally in held.tallies:
        assert tally.rows_kept >= 0, tally.file


def test_the_council_s_own_persons_come_before_a_supplier_s(tmp_path: Path) -> None:
    """Where both lie there, names are the council's own; addresses and adults too where it gives them, and the supplier's where not."""
    own = plain([person("C1", "P1", forename="OWN")])
    held = together(census("C1"), read(tmp_path / "some", {**ssd_files(), **own}))
    assert rows(held.tables["child_identifier"], "forename") == [("OWN",)]
    assert rows(held.tables["child_address"], "postcode") == [("ZZ11AA",)]
    assert rows(held.tables["child_adult"], "adult_id") == [("A1",), ("M1",)]
    refused = {tally.file: reason for tally in held.tallies for reason, n in tally.refused.items() if n}
    assert refused["ssd_person.csv"] == "another layout gives the same, so none were taken from here"
    more = plain([person("C1", "P1")], child_address=("person_id postcode", [("P1", "ZZ1 1AB")]))
    held = together(census("C1"), read(tmp_path / "more", {**ssd_files(), **more}))
    assert rows(held.tables["child_address"], "postcode") == [("ZZ1 1AB",)]
    for tally in held.tallies:
        assert tally.rows_kept >= 0, tally.file


def test_a_dataset_without_its_further_tables_still_runs(tmp_path: Path) -> None:
    """Persons and addresses are enough; each table that is not there is a line in the receipt."""
    made = {name: data for name, data in ssd_files().items() if "person" in name or "address" in name}
    held = together(census("C1", "C2", "C3"), read(tmp_path, made))
    assert held.tables["child_adult"].num_rows == 0
    absent = {tally.file for tally in held.tallies if tally.sha256 == "not read"}
    assert {"related_adults", "ssd_mother"} <= absent


def test_nothing_to_read_names_from_is_said(tmp_path: Path) -> None:
    """Without any layout that holds names the message says what to put there."""
    with pytest.raises(DataProblem, match="names and addresses"):
        read(tmp_path, {"ssda903/episodes.csv": b"CHILD,DECOM,DEC\n"})

"""Tables of a council's own: from a file, a folder of exports or a database, through a mapping or by the names of their columns."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from made_workbooks import made_xlsx

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.sources.database.connection import open_query
from hearthlink.sources.database.settings import Database
from hearthlink.sources.intake.taking import NOBODY, Taken
from hearthlink.sources.mapping.mapped import read_given
from hearthlink.sources.reading.files import Given
from hearthlink.sources.reading.text_columns import Tabular

PERSON = "CLAIM_NO,REL,FN,SN,DOB,CPF,CSN,CDOB,medical\nC1,CLMT,AAA,SMITH,01/02/85,BBB,SMITH,03/04/86,CANARY\n"
MAPPING = """
[[table]]
fills = "claim_person"
file = "people"
[table.columns]
claim_ref = "CLAIM_NO"
role = { constant = "claimant" }
forename = "FN"
surname = "SN"
birth_date = { column = "DOB", date = "dd/mm/yy", pivot = 20 }

[[table]]
fills = "claim_person"
file = "people"
[table.columns]
claim_ref = "CLAIM_NO"
role = { constant = "partner" }
forename = "CPF"
surname = "CSN"
birth_date = { column = "CDOB", date = "dd/mm/yy", pivot = 20 }

[[table]]
fills = "housing_payment"
file = "2019/paid"
[table.columns]
claim_ref = "CLAIM_NO"
start_date = "FROM"
"""


def no_database(name: str, query: str, source: str) -> Tabular:
    raise AssertionError(name, query, source)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder of exports and, beside it, a mapping of them."""
    folder = tmp_path / "in" / "exports"
    (folder / "2019").mkdir(parents=True)
    (folder / "People.csv").write_text(PERSON, encoding="utf-8")
    (folder / "2019" / "paid.csv").write_text("CLAIM_NO,FROM\nC1,2019-05-01\n", encoding="utf-8")
    (tmp_path / "x.toml").write_text(MAPPING, encoding="utf-8")
    return folder


def read(*given: Given) -> dict[str, list[Taken]]:
    return read_given(given, no_database)


def test_one_row_may_hold_two_people(exports: Path) -> None:
    """Two parts of a mapping over one file give two tables of the same kind: claimants, then partners."""
    both = read(Given("claim_person", exports / "People.csv", mapping=exports.parents[1] / "x.toml"))["claim_person"]
    assert [t.table.column("role").to_pylist() for t in both] == [["claimant"], ["partner"]]
    assert [t.table.column("birth_date").to_pylist() for t in both] == [[date(1985, 2, 1)], [date(1986, 4, 3)]]
    assert {t.tally.source for t in both} == {"cts"}
    assert [t.tally.file for t in both] == ["People.csv", "People.csv, part 2"]


def test_a_row_without_a_partner_gives_none(exports: Path) -> None:
    """Where a mapping takes partners out of claims, a claim without one gives nobody, and the receipt counts it."""
    with (exports / "People.csv").open("a", encoding="utf-8") as file:
        file.write("C2,CLMT,CCC,JONES,01/02/85,,,,CANARY\n")
    claimants, partners = read(Given("claim_person", exports / "People.csv", mapping=exports.parents[1] / "x.toml"))[
        "claim_person"
    ]
    assert claimants.table.column("forename").to_pylist() == ["AAA", "CCC"]
    assert partners.table.column("forename").to_pylist() == ["BBB"]
    assert partners.tally.refused[NOBODY] == 1
    assert partners.tally.rows_kept == 1


def test_a_folder_of_exports_fills_several_tables(exports: Path) -> None:
    """One mapping finds each of its files in a folder, in any case and within folders, for each table that is asked for."""
    mapping = exports.parents[1] / "x.toml"
    taken = read(Given("claim_person", exports, mapping=mapping), Given("housing_payment", exports, mapping=mapping))
    assert {name: len(pieces) for name, pieces in taken.items()} == {"claim_person": 2, "housing_payment": 1}
    assert taken["housing_payment"][0].table.column("start_date").to_pylist() == [date(2019, 5, 1)]


def test_a_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    """A mapping may name the sheet of a workbook; a number in a cell is the id that it says."""
    rows = [["CHILD", "FROM", "TO"], [7, "2019-05-01", None], [8, "2019-06-01", "2019-07-01"]]
    (tmp_path / "lists.xlsx").write_bytes(made_xlsx({"Notes": [["A", "B"], ["C", "D"]], "Plans": rows}))
    text = '[[table]]\nfills = "cin_plan"\nsheet = "Plans"\n[table.columns]\nperson_id = "CHILD"\nstart_date = "FROM"\nend_date = "TO"\n'
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    (taken,) = read(Given("cin_plan", tmp_path / "lists.xlsx", mapping=tmp_path / "x.toml"))["cin_plan"]
    assert taken.table.to_pylist() == [
        {"person_id": "7", "start_date": date(2019, 5, 1), "end_date": None},
        {"person_id": "8", "start_date": date(2019, 6, 1), "end_date": date(2019, 7, 1)},
    ]


def test_a_mapping_that_comes_with_hearthlink_is_named(tmp_path: Path) -> None:
    """A shipped mapping is taken by its name; where it fills a table from one file, that file may be called anything."""
    (tmp_path / "spells.csv").write_text("CHILD,DECOM,DEC\n7,01/05/2019,\n", encoding="utf-8")
    (taken,) = read(Given("looked_after", tmp_path / "spells.csv", mapping="ssda903"))["looked_after"]
    assert taken.table.to_pylist() == [{"person_id": "7", "start_date": date(2019, 5, 1), "end_date": None}]


def test_without_a_mapping_columns_go_by_their_names(tmp_path: Path) -> None:
    """A table whose columns go by our names, or names like them, needs no mapping."""
    (tmp_path / "plans.csv").write_text("child_id;start;end\n7;2019-05-01;\n", encoding="utf-8")
    (taken,) = read(Given("cin_plan", tmp_path / "plans.csv"))["cin_plan"]
    assert taken.table.column("person_id").to_pylist() == ["7"]


def test_a_query_is_read_as_a_file_is(tmp_path: Path) -> None:
    """What a database gives goes through the same mapping."""
    with sqlite3.connect(tmp_path / "x.db") as made:
        made.execute("create table people (CLAIM_NO, FN, SN, DOB, CPF, CSN, CDOB)")
        made.execute("insert into people values ('C1', 'AAA', 'SMITH', '01/02/85', 'BBB', 'SMITH', '03/04/86')")
    made.close()
    (tmp_path / "x.toml").write_text(MAPPING, encoding="utf-8")
    asked = Given(
        "claim_person",
        database="revenues",
        query="SELECT CLAIM_NO, FN, SN, DOB, CPF, CSN, CDOB FROM people",
        mapping=tmp_path / "x.toml",
    )

    def opened(name: str, query: str, source: str) -> Tabular:
        return open_query(Database(name, "sqlite:///x.db", folder=tmp_path), query, source)

    claimants, partners = read_given([asked], opened)["claim_person"]
    assert claimants.table.column("forename").to_pylist() == ["AAA"]
    assert partners.table.column("forename").to_pylist() == ["BBB"]


def test_every_mapping_is_understood_before_anything_is_opened(exports: Path) -> None:
    """A fault in the second mapping is told before the first file is opened."""
    good, bad = exports.parents[1] / "x.toml", exports.parents[1] / "y.toml"
    bad.write_text("table = 7", encoding="utf-8")
    with pytest.raises(WrongUse) as problem:
        read(
            Given("claim_person", exports / "not there.csv", mapping=good), Given("claim_person", exports, mapping=bad)
        )
    assert problem.value.file == "y.toml"


def test_what_cannot_be_meant_is_told_with_a_remedy(exports: Path) -> None:
    """A table or a mapping that is not one, and a mapping that fills something else, are told with what was likely meant."""
    mapping = exports.parents[1] / "x.toml"
    cases = (
        (Given("claim_persons", exports), "Did you mean claim_person"),
        (Given("claim_person", exports, mapping="academi"), "Did you mean academy"),
        (Given("claim_period", exports, mapping=mapping), "It fills: claim_person, housing_payment"),
        (Given("claim_person", exports, mapping=exports / "none.toml"), "hearthlink map"),
    )
    for given, words in cases:
        with pytest.raises(WrongUse) as problem:
            read(given)
        assert words in str(problem.value)


def test_a_file_that_a_folder_lacks_is_named(exports: Path) -> None:
    """A file that the mapping names and the folder lacks is told by the name it should have."""
    (exports / "People.csv").unlink()
    with pytest.raises(DataProblem, match="exports/people"):
        read(Given("claim_person", exports, mapping=exports.parents[1] / "x.toml"))


@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(exports: Path, tmp_path: Path, link: str) -> None:
    """A file that is reached through a link, be it the file's own or a folder's, is not opened."""
    away = tmp_path / "elsewhere"
    away.mkdir()
    (exports / "2019" / "paid.csv").rename(away / "paid.csv")
    if link == "file":
        (exports / "2019" / "paid.csv").symlink_to(away / "paid.csv")
    else:
        (exports / "2019").rmdir()
        (exports / "2019").symlink_to(away, target_is_directory=True)
    with pytest.raises(DataProblem, match="link"):
        read(Given("housing_payment", exports, mapping=exports.parents[1] / "x.toml"))


def test_two_files_for_one_name_are_not_guessed_between(exports: Path) -> None:
    """Where two files could be the one that is named, neither is taken."""
    (exports / "people.txt").write_text(PERSON, encoding="utf-8")
    with pytest.raises(DataProblem, match="2 files"):
        read(Given("claim_person", exports, mapping=exports.parents[1] / "x.toml"))


def test_a_mapping_over_several_files_asks_which_is_meant(exports: Path) -> None:
    """A file called like none of the several that a mapping reads for a table is not taken for one of them."""
    text = MAPPING.replace('file = "people"', 'file = "people_one"', 1)
    (exports.parents[1] / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match="people_one, people"):
        read(Given("claim_person", exports / "2019" / "paid.csv", mapping=exports.parents[1] / "x.toml"))
    (only,) = read(Given("claim_person", exports / "People.csv", mapping=exports.parents[1] / "x.toml"))["claim_person"]
    assert only.table.column("role").to_pylist() == ["partner"]

"""Children: the census and the case system joined by id, and the tables that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from made_engine import engine_at_hand
from made_extracts import census, child, episode, extracts, ssd_files, table, write

from hearthlink.errors import DataProblem
from hearthlink.sources import receive, source_files

D = date
PERSON = "pers_legacy_id pers_person_id pers_forename pers_surname pers_sex pers_dob pers_expected_dob"
ADDRESS = "addr_person_id addr_address_type addr_address_start_date addr_address_end_date addr_address_postcode addr_address_json"


def received(tmp_path: Path, **parts: Mapping[str, bytes]) -> dict[str, pa.Table]:
    with engine_at_hand() as engine:
        return receive(
            engine,
            source_files(write(tmp_path, extracts(**parts))),
            year="2019-20",
            new_key=lambda n: range(1000, 1000 + n),
        )


def one(tables: Mapping[str, pa.Table], name: str, child_id: str) -> dict[str, object]:
    return next(row for row in tables[name].to_pylist() if row["child_id"] == child_id)


def persons(*rows: tuple[str, ...]) -> dict[str, bytes]:
    return {"ssd/ssd_person.csv": table(PERSON, rows)}


IDS = (
    ("the legacy id", ("C1", "P1"), "legacy id"),
    ("the person id", ("L1", "C1"), "person id"),
    ("the legacy id without leading noughts", ("00123", "P1"), "legacy id, leading noughts dropped"),
    ("the person id without leading noughts", ("L1", "123"), "person id, leading noughts dropped"),
)


@pytest.mark.parametrize(("ids", "by"), [case[1:] for case in IDS], ids=[case[0] for case in IDS])
def test_children_are_joined_by_the_id_that_joins_best(tmp_path: Path, ids: tuple[str, str], by: str) -> None:
    """The census id is looked for as legacy id and as person id, as it stands and without leading noughts."""
    held = "0123" if "noughts" in by else "C1"
    made = received(
        tmp_path,
        cin={"cin_2019_20.xml": census(child(held))},
        person=persons((*ids, "AAA", "SMITH", "F", "2012-05-03", ""), ("X9", "X8", "BBB", "JONES", "M", "", "")),
    )
    assert one(made, "child_identifier", held)["forename"] == "AAA"
    rows = {row["reason"]: row["rows_kept"] for row in made["receipt"].to_pylist() if row["file"] == "ssd_person.csv"}
    assert rows[f"joined by {by}"] == 1


def test_ids_that_do_not_join_are_refused_with_what_was_tried(tmp_path: Path) -> None:
    """Where hardly a child of the census is found, the message gives the share found by each id, and quotes none."""
    with pytest.raises(DataProblem, match="not found among its persons") as problem:
        received(tmp_path, person=persons(("X1", "Y1", "AAA", "SMITH", "F", "2012-05-03", "")))
    said = str(problem.value)
    for words in ("by legacy id 0%", "by person id 0%", "leading noughts dropped 0%"):
        assert words in said
    assert not {"X1", "C1", "SMITH"} & set(said.split())


def test_missing_identifiers_do_not_join_to_each_other(tmp_path: Path) -> None:
    """A blank id joins to nothing: neither a person to a child nor an address to a person."""
    made = received(
        tmp_path,
        person=persons(("C1", "", "AAA", "SMITH", "F", "2012-05-03", ""), ("", "", "ZZZ", "JONES", "M", "", "")),
        address={"ssd/ssd_address.csv": table(ADDRESS, [("", "Home", "", "", "ZZ11AA", "1, A STREET")])},
    )
    assert made["child_address"].num_rows == 0
    assert one(made, "child_identifier", "C2")["forename"] is None


def test_a_child_without_identifiers_stays_and_is_counted(tmp_path: Path) -> None:
    """A child of the census who is not among the persons stays, nameless, and the receipt counts it."""
    made = received(tmp_path, person=persons(("C1", "P1", "AAA", "SMITH", "F", "2012-05-03", "")))
    assert one(made, "child_identifier", "C2")["surname"] is None
    rows = {row["reason"]: row["rows_kept"] for row in made["receipt"].to_pylist() if row["source"] == "cin"}
    assert rows["no identifiers found"] == 2


BIRTHS = (
    ("both say so", "2012-05-03", None, "2012-05-03", "", D(2012, 5, 3), False, False),
    ("the case system is the later to know", "2012-05-03", None, "2012-06-03", "", D(2012, 6, 3), False, False),
    ("an estimate", "2010-01-15", None, "", "2010-01-15", D(2010, 1, 15), True, False),
    ("an estimate that the census has not", None, None, "", "2010-01-15", D(2010, 1, 15), True, False),
    ("unborn", None, "2020-06-01", "", "2020-06-01", None, False, True),
    ("unborn in the census, born before its end", None, "2020-02-01", "2020-02-03", "", D(2020, 2, 3), False, False),
    ("born after the census", None, "2020-06-01", "2020-06-03", "", None, False, True),
    ("the census alone", "2012-05-03", None, "", "", D(2012, 5, 3), False, False),
    ("nobody", None, None, "", "", None, False, False),
)


@pytest.mark.parametrize(
    ("born", "due", "held", "expected", "birth", "estimated", "unborn"),
    [case[1:] for case in BIRTHS],
    ids=[case[0] for case in BIRTHS],
)
def test_birth_dates_estimates_and_the_unborn(
    tmp_path: Path,
    born: str | None,
    due: str | None,
    held: str,
    expected: str,
    birth: date | None,
    estimated: bool,
    unborn: bool,
) -> None:
    """The case system's date comes first, then the census's; an estimate is used and marked; the unborn have none."""
    made = received(
        tmp_path,
        cin={"cin_2019_20.xml": census(child("C1", born=born, expected=due))},
        person=persons(("C1", "P1", "AAA", "SMITH", "F", held, expected)),
    )
    row = one(made, "child_identifier", "C1")
    assert (row["birth_date"], row["birth_date_estimated"], row["unborn"]) == (birth, estimated, unborn)
    assert made["child"].column("unborn").to_pylist() == [unborn]


def test_placeholders_are_missing_and_marked_records_are_dropped(tmp_path: Path) -> None:
    """SSD_PH is missing; a person marked as a duplicate or a test is dropped and counted, and the good record is found."""
    made = received(
        tmp_path,
        person=persons(
            ("C1", "P0", "AAA", "SMITH DUPLICATE", "F", "2012-05-03", ""),
            ("C1", "P1", "AAA", "SSD_PH", "F", "2012-05-03", ""),
            ("C2", "P2", "TEST", "TEST", "F", "2012-05-03", ""),
            ("C3", "P3", "UNKNOWN", "ATTEST", "F", "2012-05-03", ""),
        ),
    )
    assert one(made, "child_identifier", "C1")["surname"] is None
    assert one(made, "child_identifier", "C3")["surname"] == "ATTEST"
    assert one(made, "child_identifier", "C3")["forename"] == "UNKNOWN"
    rows = {
        row["reason"]: row["rows_refused"] for row in made["receipt"].to_pylist() if row["file"] == "ssd_person.csv"
    }
    assert rows["marked as a duplicate or a test"] == 2


ADDRESSES = (
    ("an object", '{"FLAT": "2", "BUILDING": "B HOUSE", "HOUSE": "1", "STREET": "A STREET", "TOWN": "C", "UPRN": "100"}',
     "2, B HOUSE, 1 A STREET, C", "100"),
    ("an object with a number", '{"HOUSE": 1, "STREET": "A STREET", "UPRN": 100}', "1 A STREET", "100"),
    ("an object without a reference number", '{"HOUSE": "1", "STREET": "A STREET", "UPRN": null}', "1 A STREET", None),
    ("placeholders in an object", '{"FLAT": "SSD_PH", "HOUSE": "1", "STREET": "A STREET", "UPRN": "SSD_PH"}', "1 A STREET", None),
    ("the same text twice", '{"BUILDING": "1 A STREET", "HOUSE": "1 A STREET"}', "1 A STREET", None),
    ("bare text with its postcode", "2, B HOUSE, 1 A STREET, ZZ1 1AA", "2, B HOUSE, 1 A STREET", None),
    ("an object cut short", '{"HOUSE": "1', '{"HOUSE": "1', None),
    ("nothing", "", None, None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "uprn"), [case[1:] for case in ADDRESSES], ids=[case[0] for case in ADDRESSES]
)
def test_addresses_are_read_in_every_variant(tmp_path: Path, text: str, line: str | None, uprn: str | None) -> None:
    """An address comes as an object or as bare text; it becomes one line in postal order, without its postcode."""
    address = {"ssd/ssd_address.csv": table(ADDRESS, [("P1", "Home", "2015-01-01", "", "ZZ11AA", text)])}
    (row,) = received(tmp_path, address=address)["child_address"].to_pylist()
    assert (row["address"], row["uprn"], row["postcode"], row["address_kind"]) == (line, uprn, "ZZ11AA", "home")


def test_a_dated_address_stands_for_the_same_one_without_dates(tmp_path: Path) -> None:
    """A row without dates goes where a dated row says the same; another address without dates stays."""
    rows = [
        ("P1", "Home", "", "", "ZZ11AA", "1, A STREET"),
        ("P1", "Home", "2015-01-01", "", "ZZ11AA", "1, A STREET"),
        ("P1", "Home", "", "", "ZZ11AB", "5, B STREET"),
        ("P2", "Home", "", "", "ZZ11AA", "1, A STREET"),
    ]
    made = received(tmp_path, address={"ssd/ssd_address.csv": table(ADDRESS, rows)})["child_address"].to_pylist()
    assert sorted((row["child_id"], str(row["start_date"]), row["postcode"]) for row in made) == [
        ("C1", "2015-01-01", "ZZ11AA"),
        ("C1", "None", "ZZ11AB"),
        ("C2", "None", "ZZ11AA"),
    ]


LOCKED = (
    ("the kind of address", ("P1", "Confidential", "", "", "", ""), True),
    ("the address itself", ("P1", "Home", "", "", "", '{"STREET": "ADDRESS RESTRICTED"}'), True),
    ("another child's", ("P2", "Confidential", "", "", "", ""), False),
    ("a refuge", ("P1", "Refuge", "", "", "ZZ11AA", "1, A STREET"), False),
)


@pytest.mark.parametrize(("row", "locked"), [case[1:] for case in LOCKED], ids=[case[0] for case in LOCKED])
def test_locked_records_are_marked(tmp_path: Path, row: tuple[str, ...], locked: bool) -> None:
    """A record is restricted where its address is called so; a refuge is told by its kind of address."""
    made = received(tmp_path, address={"ssd/ssd_address.csv": table(ADDRESS, [row])})
    assert one(made, "child_identifier", "C1")["restricted"] is locked


def test_adults_and_mothers_are_related_once(tmp_path: Path) -> None:
    """A mother named by the dataset joins the related adults, with her name where she is a person herself, and once."""
    adults = [("P1", "M1", "Mother", "DDD", "SMITH", "1985-02-01", "Y"), ("P2", "A2", "Father", "EEE", "JONES", "", "")]
    made = received(
        tmp_path,
        adults={
            "ssd/related_adults.csv": table("person_id adult_id relationship forename surname dob lives_with", adults),
            "ssd/ssd_mother.csv": table("moth_person_id moth_childs_person_id", [("M1", "P1"), ("P1", "P3")]),
        },
    )["child_adult"].to_pylist()
    assert [
        (row["child_id"], row["adult_id"], row["relationship"], row["forename"], row["lives_with"]) for row in made
    ] == [
        ("C1", "M1", "mother", "DDD", True),
        ("C2", "A2", "father", "EEE", None),
        ("C3", "P1", "mother", "AAA", None),
    ]


def test_the_first_referral_of_the_year_is_the_one_that_counts(tmp_path: Path) -> None:
    """An episode begun earlier is no referral of the year; of several in it the first counts, whatever became of it."""
    episodes = (episode("2019-03-31"), episode("2019-09-01"), episode("2019-04-01", nfa="true"))
    made = received(
        tmp_path, cin={"cin_2019_20.xml": census(child("C1", *episodes), child("C2", episode("2018-01-01")))}
    )
    assert made["child_referral"].to_pylist() == [{"child_id": "C1", "referral_date": D(2019, 4, 1)}]
    assert made["child_identifier"].num_rows == 2
    assert made["referral"].column("in_year").to_pylist() == [False, True, True, False]


def test_plans_and_looked_after_episodes_carry_the_key_alone(tmp_path: Path) -> None:
    """Plans of children outside the census, and those without a start, are set aside under their reasons."""
    plans = [
        ("P1", "2019-07-01", "2019-09-01"),
        ("P9", "2019-07-01", ""),
        ("P2", "", ""),
        ("P2", "2019-08-01", "2019-07-01"),
    ]
    made = received(
        tmp_path,
        plans={"ssd/ssd_cin_plans.csv": table("cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date", plans)},
    )
    key = one(made, "child_identifier", "C1")["child_key"]
    assert made["cin_plan"].to_pylist() == [{"child_key": key, "start_date": D(2019, 7, 1), "end_date": D(2019, 9, 1)}]
    rows = {r["reason"]: r["rows_refused"] for r in made["receipt"].to_pylist() if r["file"] == "ssd_cin_plans.csv"}
    assert rows == {"kept": 0, "not a child of the census": 1, "no start date": 1, "an end before its start": 1}


def test_small_folder_is_whole() -> None:
    """The hand-made dataset has the six files that are read."""
    assert len(ssd_files()) == 6

"""Homelessness cases: from tables and from the return's own XML, the last word on each, their people and their temporary homes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from made_extracts import write
from made_money import read, reasons, rows_of

from hearthlink.errors import DataProblem
from hearthlink.sources.mapping.mapped import read_given
from hearthlink.sources.money.files import REPLACED
from hearthlink.sources.money.homelessness import NO_CASE
from hearthlink.sources.money.join import NOBODY
from hearthlink.sources.money.join_queries import RUNGS
from hearthlink.sources.reading.files import Given

Cells = Mapping[str, object]
CASES, PEOPLE, SPELLS = (
    f"homelessness/{name}.csv" for name in ("homelessness_case", "homelessness_person", "temporary_accommodation")
)


def case(**cells: object) -> Cells:
    return {"case_ref": "K1", "opened_date": "2019-05-01", "postcode": "ZZ1 1AA", **cells}


def person(**cells: object) -> Cells:
    return {
        "case_ref": "K1",
        "forename": "AAA",
        "surname": "SMITH",
        "birth_date": "1985-02-01",
        "relationship": "applicant",
        **cells,
    }


CHILD = person(forename="Ccc", birth_date="2012-05-03", relationship="child")


def test_a_case_is_told_by_its_people_and_kept_without_them(tmp_path: Path) -> None:
    """A case goes to the applicant's household; of its people only how many stays, and how many were under 18 when it opened."""
    grown = person(forename="Ggg", birth_date="2001-05-01", relationship="child")
    files = {
        CASES: [
            case(duty="Relief duty", prevention_date="2019-05-02", relief_date="2019-06-20", closed_date="2099-12-31")
        ],
        PEOPLE: [person(), CHILD, CHILD, grown],
    }
    money = read(tmp_path, files)
    assert rows_of(money, "homelessness") == [
        {
            "whose": "H1", "case_no": 1, "opened_date": "2019-05-01", "duty": "relief", "prevention_date": "2019-05-02",
            "relief_date": "2019-06-20", "people": 3, "children": 1,
        }
    ]  # fmt: skip
    assert reasons(money)[RUNGS[4]] == 1
    assert not any(name in str(money.tables) for name in ("SMITH", "AAA", "K1", "ZZ1"))


def test_two_people_will_do_where_the_home_was_lost(tmp_path: Path) -> None:
    """A family met at another address is known by two of its people, and by one of them alone it is not."""
    elsewhere = case(postcode="ZZ9 9ZZ")
    assert reasons(read(tmp_path / "two", {CASES: [elsewhere], PEOPLE: [person(), CHILD]})) == {RUNGS[5]: 1}
    assert reasons(read(tmp_path / "one", {CASES: [elsewhere], PEOPLE: [person()]})) == {NOBODY: 1, NO_CASE: 1}


WORDS = (
    ("loss_reason", "End of private rented tenancy - assured shorthold tenancy", "private_tenancy"),
    ("loss_reason", "Fire or flood / other emergency", "emergency"),
    ("loss_reason", "Domestic abuse - victim", "domestic_abuse"),
    ("loss_reason", "social_tenancy", "social_tenancy"),
    ("loss_reason", "Q17", None),
    ("tenancy_reason", "Rent arrears due to increase in rent", "arrears_rent"),
    ("tenancy_reason", "Landlord wishing to sell or re-let the property", "landlord"),
    ("outcome", "Contact lost", "contact_lost"),
    ("duty", "final duty", "main"),
)


@pytest.mark.parametrize(("column", "spelt", "kept"), WORDS)
def test_reasons_are_kept_as_groups(tmp_path: Path, column: str, spelt: str, kept: str | None) -> None:
    """A label of the published tables becomes its group; a code that no public source gives is empty, and counted."""
    money = read(tmp_path, {CASES: [case(claim_ref="H1", **{column: spelt})]})
    (row,) = rows_of(money, "homelessness")
    assert row.get(column) == kept
    assert reasons(money).get(f"{column}: a value not understood, taken as missing", 0) == (0 if kept else 1)


def test_a_later_return_takes_the_place_of_an_earlier(tmp_path: Path) -> None:
    """A case that is told again, quarter by quarter, is one case, as the last quarter has it."""
    files = {
        "homelessness/homelessness_case_201906.csv": [case(claim_ref="H1", duty="prevention")],
        "homelessness/homelessness_case_201909.csv": [
            case(claim_ref="H1", duty="main", closed_date="2019-09-01", outcome="moved")
        ],
    }
    money = read(tmp_path, files)
    (row,) = rows_of(money, "homelessness")
    assert (row["duty"], row["closed_date"], row["outcome"]) == ("main", "2019-09-01", "moved")
    assert reasons(money)[REPLACED] == 1


def test_temporary_homes_are_spells_of_a_case(tmp_path: Path) -> None:
    """Spells come from their own table and from the case's own row, each once; the one without a case on file is counted."""
    files = {
        CASES: [case(claim_ref="H1", temporary_start="2019-07-01", temporary_kind="hostel"), case(case_ref="K2", claim_ref="H1", opened_date="2018-01-01")],
        SPELLS: [
            {"case_ref": "K1", "start_date": "2019-07-01", "end_date": "2019-08-01", "kind": "B&B", "out_of_area": "Y"},
            {"case_ref": "K1", "start_date": "2019-08-01", "end_date": "", "kind": "Private sector leased"},
            {"case_ref": "K9", "start_date": "2019-08-01", "end_date": "", "kind": ""},
        ],
    }  # fmt: skip
    money = read(tmp_path, files)
    assert [row["case_no"] for row in rows_of(money, "homelessness")] == [1, 2]
    assert rows_of(money, "temporary_accommodation") == [
        {
            "whose": "H1",
            "case_no": 2,
            "start_date": "2019-07-01",
            "end_date": "2019-08-01",
            "kind": "bed_and_breakfast",
            "out_of_area": True,
        },
        {"whose": "H1", "case_no": 2, "start_date": "2019-08-01", "kind": "private_leased"},
    ]
    assert reasons(money)[NO_CASE] == 1


FLAT = """<?xml version="1.0" encoding="utf-8"?>
<HCLIC>
  <Main><CaseReference>K1</CaseReference><ApplicationDate>2019-05-01</ApplicationDate><PostCode>ZZ1 1AA</PostCode>
    <MainReasonForLoss>Domestic abuse - victim</MainReasonForLoss></Main>
  <People><CaseReference>K1</CaseReference><Forename>AAA</Forename><Surname>SMITH</Surname><DateOfBirth>1985-02-01</DateOfBirth></People>
  <People><CaseReference>K1</CaseReference><Forename>Ccc</Forename><Surname>SMITH</Surname><DateOfBirth>2012-05-03</DateOfBirth></People>
  <Prevention><CaseReference>K1</CaseReference><StartDate>2019-05-02</StartDate></Prevention>
  <Relief><CaseReference>K1</CaseReference><DutyStartDate>2019-06-20</DutyStartDate></Relief>
  <TemporaryAccommodation><CaseReference>K1</CaseReference><TAStartDate>2019-07-01</TAStartDate><TAType>Hostel</TAType></TemporaryAccommodation>
</HCLIC>"""
NESTED = """<h:Return xmlns:h="urn:x"><h:Cases><h:Case CaseID="K1">
  <h:Main><h:DateOfApplication>2019-05-01</h:DateOfApplication><h:Address><h:PostCode>ZZ1 1AA</h:PostCode></h:Address>
    <h:ReasonForLoss>Domestic abuse - victim</h:ReasonForLoss></h:Main>
  <h:People>
    <h:Row><h:Forename>AAA</h:Forename><h:Surname>SMITH</h:Surname><h:DOB>1985-02-01</h:DOB></h:Row>
    <h:Row><h:Forename>Ccc</h:Forename><h:Surname>SMITH</h:Surname><h:DOB>2012-05-03</h:DOB></h:Row>
  </h:People>
  <h:Prevention><h:StartDate>2019-05-02</h:StartDate></h:Prevention>
  <h:Relief><h:Date>2019-06-20</h:Date></h:Relief>
  <h:TemporaryAccommodation><h:Placement><h:EntryDate>2019-07-01</h:EntryDate><h:AccommodationType>Hostel</h:AccommodationType></h:Placement></h:TemporaryAccommodation>
</h:Case></h:Cases></h:Return>"""


@pytest.mark.parametrize("text", [FLAT, NESTED], ids=["sections side by side", "sections within a case"])
def test_the_return_is_read_however_its_sections_lie(tmp_path: Path, text: str) -> None:
    """Sections that repeat the case reference, and sections within the case, come to the same: no schema of it is public."""
    money = read(tmp_path, {"homelessness/hclic_2019q1.xml": text.encode()})
    assert rows_of(money, "homelessness") == [
        {
            "whose": "H1", "case_no": 1, "opened_date": "2019-05-01", "duty": "relief", "prevention_date": "2019-05-02",
            "relief_date": "2019-06-20", "loss_reason": "domestic_abuse", "people": 2, "children": 1,
        }
    ]  # fmt: skip
    assert rows_of(money, "temporary_accommodation") == [
        {"whose": "H1", "case_no": 1, "start_date": "2019-07-01", "kind": "hostel"}
    ]


BOMB = (
    '<!DOCTYPE m [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><HCLIC><Main><CaseReference>&b;</CaseReference></Main></HCLIC>'
)
OUTSIDE = '<!DOCTYPE m SYSTEM "file:///etc/hostname"><HCLIC><Main><CaseReference>K1</CaseReference></Main></HCLIC>'
HOSTILE = (
    ("a document type with entities", BOMB, "document type"),
    ("a document type elsewhere", OUTSIDE, "document type"),
    ("nested a thousand deep", "<a>" * 1000 + "</a>" * 1000, "nested more deeply"),
    ("cut off", FLAT[:300], "not well formed"),
    ("another file", "<Message><Children/></Message>", "No homelessness case"),
    ("no XML", "case_ref,opened_date\nK1,2019-05-01\n", "not well formed"),
)


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_what_is_no_return_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    """A hostile or broken file is refused with its name and a remedy, and with nothing of what stands in it."""
    with pytest.raises(DataProblem, match=words) as caught:
        read(tmp_path, {"homelessness/hclic.xml": text.encode()})
    told = f"{caught.value} {caught.value.remedy}"
    assert "hclic.xml" in told
    assert "K1" not in told
    assert caught.value.__cause__ is None


def test_a_case_without_its_reference_is_set_aside(tmp_path: Path) -> None:
    """A record of the return that belongs to no case is no case; one with a reference and no date is counted."""
    dated = "<ApplicationDate>2019-05-01</ApplicationDate>"
    text = f"<HCLIC><Main><CaseID>K1</CaseID></Main><Main>{dated}</Main><Main><CaseID>K2</CaseID>{dated}</Main></HCLIC>"
    money = read(tmp_path, {"homelessness/hclic.xml": text.encode()})
    assert rows_of(money, "homelessness") == []
    assert reasons(money) == {"no opened_date": 1, NOBODY: 1}


CODED = (
    FLAT.replace("Domestic abuse - victim", "7")
    .replace("<TAType>Hostel", "<TAType>H2")
    .replace("MainReasonForLoss", "Q9")
)
MAPPING = """
[[table]]
fills = "homelessness_case"
[table.columns]
case_ref = "case_ref"
opened_date = "q1"
postcode = "post_code"
loss_reason = { column = "q9", codes = { 7 = "domestic_abuse", 8 = "other" } }

[[table]]
fills = "temporary_accommodation"
[table.columns]
case_ref = "case_ref"
start_date = "ta_start_date"
kind = { column = "ta_type", codes = { H1 = "refuge", H2 = "hostel" } }
"""


def test_a_mapping_says_what_the_elements_and_codes_of_a_return_are(tmp_path: Path) -> None:
    """The return's XML is read through a mapping like any table, since neither its elements nor its codes are public."""
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    path = tmp_path / "study" / "homelessness" / "return.xml"
    write(tmp_path / "study", {"homelessness/return.xml": CODED.replace("ApplicationDate", "Q1").encode()})
    asked = [
        Given(table, path=path, mapping=tmp_path / "map.toml")
        for table in ("homelessness_case", "temporary_accommodation")
    ]
    taken = read_given([*asked, Given("homelessness_person", path=path)], lambda *_: pytest.fail("no database"))
    money = read(tmp_path / "study", {}, given=taken, named=tuple(asked))
    (case,) = rows_of(money, "homelessness")
    (stay,) = rows_of(money, "temporary_accommodation")
    assert (case["whose"], case["loss_reason"], case["people"], stay["kind"]) == ("H1", "domestic_abuse", 2, "hostel")
    with pytest.raises(DataProblem, match="cannot fill this table"):
        read_given([Given("rent_account", path=path)], lambda *_: pytest.fail("no database"))

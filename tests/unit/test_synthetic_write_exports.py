"""What the export writers make of one small ward, read back by element order, column name and field number."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from lxml import etree

from hearthlink.synthetic.world import (
    Address,
    Assessment,
    Award,
    CareRecord,
    CinPlan,
    Claim,
    Family,
    LinkTruth,
    LookedAfterEpisode,
    Member,
    Postcode,
    ProtectionPlan,
    RecordedAddress,
    RecordedPerson,
    Referral,
    RelatedAdult,
    Role,
    Section47,
    Settings,
    SmallArea,
    Stay,
    TrueHousehold,
    TruePerson,
    Ward,
)
from hearthlink.synthetic.writing import geography as write_geography
from hearthlink.synthetic.writing import shbe as write_shbe
from hearthlink.synthetic.writing import ssd as write_ssd
from hearthlink.synthetic.writing import tables as write_tables
from hearthlink.synthetic.writing.formats import chosen
from hearthlink.synthetic.writing.text import pounds

SETTINGS = Settings(children=4, households=3)
D = date


def person(number: int, forename: str, surname: str, born: date | None, sex: str = "F") -> RecordedPerson:
    return RecordedPerson(number, "", forename, "", surname, "", born, sex, f"QQ{number:06}A", ("typing",))


def member(
    reference: str, role: Role, held: RecordedPerson, start: date, end: date | None = None, hours: int = 0
) -> Member:
    return Member(reference, role, held, start, end, hours, False)


def award(start: date, end: date | None, hb: str, ctr: str, **changed: object) -> Award:
    values: dict[str, object] = {**dict.fromkeys(Award.__dataclass_fields__)}
    values |= dict.fromkeys(
        (
            "benefit_cap_reduction",
            "size_criteria_reduction",
            "non_dependant_deduction",
            "discretionary_payment",
            "claimant_hours",
            "partner_hours",
            "council_tax_balance",
            "rent_arrears",
        ),
        0,
    )
    values |= dict.fromkeys(("universal_credit", "self_employed", "direct_to_landlord"), False)
    values |= {"start": start, "end": end, "hb_status": hb, "ctr_status": ctr, "passport": "", "recovery_stage": ""}
    return Award(**(values | changed))  # pyright: ignore[reportArgumentType]


def place(street: str, start: date, end: date | None = None, uprn: int | None = 101) -> RecordedAddress:
    return RecordedAddress("FLAT 2", "10", "", street, "ASHMERE", "ZA1 1AA", uprn, "home", start, end, ())


def claim(
    number: int,
    hb: str | None,
    ctr: str | None,
    members: tuple[Member, ...],
    awards: tuple[Award, ...],
    received: date,
    decided: date,
    addresses: tuple[RecordedAddress, ...],
) -> Claim:
    return Claim(
        number, hb, ctr, number, members, addresses, awards, awards[0].start, awards[-1].end, received, decided,
        "moved" if awards[-1].end else "", 4, 15000, 2, 3, f"A{number}", 99, True, False, None,
    )  # fmt: skip


PARENT = person(1, "AAA", "SMITH", D(1985, 2, 3))
OTHER = person(2, "BBB", "SMITH", D(1984, 2, 3), "M")
FIRST_CHILD = person(3, "CCC", "SMITH", D(2010, 4, 5))
SECOND_CHILD = person(4, "DDD", "SMITH-JONES", D(2012, 4, 5))
GROWN = person(5, "EEE", "SMITH", D(1999, 4, 5))

LONG_CLAIM = claim(
    1,
    "HB1",
    "CT1",
    (
        member("1", "claimant", PARENT, D(2018, 1, 1), D(2019, 7, 31), 16),
        member("2", "partner", OTHER, D(2018, 1, 1), D(2019, 7, 31)),
        member("3", "dependant", FIRST_CHILD, D(2018, 1, 1)),
        member("4", "dependant", SECOND_CHILD, D(2018, 1, 1), D(2019, 6, 10)),
        member("5", "non_dependant", GROWN, D(2018, 1, 1)),
        member("2", "claimant", OTHER, D(2019, 8, 1)),
        member("1", "partner", PARENT, D(2019, 8, 1)),
    ),
    (
        award(D(2018, 1, 1), D(2019, 6, 30), "payment", "payment", hb_weekly=9050, ctr_weekly=1825, capital=0,
              eligible_rent=12000, contractual_rent=12500, claimant_earnings=20105, non_dependant_deduction=1500,
              benefit_cap_reduction=250),
        award(D(2019, 7, 1), D(2019, 9, 30), "suspended", "payment", hb_weekly=9050, ctr_weekly=1825),
        award(D(2019, 10, 1), None, "nil", "payment", hb_weekly=0, ctr_weekly=1825, passport="income support"),
    ),
    D(2018, 1, 10),
    D(2018, 1, 20),
    (place("ELM ROAD", D(2018, 1, 1), D(2019, 8, 31)), place("OAK ROAD", D(2019, 9, 1), uprn=None)),
)  # fmt: skip
SHORT_CLAIM = claim(
    2,
    "HB2",
    None,
    (member("1", "claimant", PARENT, D(2018, 1, 1)), member("2", "dependant", FIRST_CHILD, D(2018, 1, 1))),
    (award(D(2018, 1, 1), D(2019, 5, 15), "payment", "none", hb_weekly=100),),
    D(2018, 1, 2),
    D(2018, 1, 3),
    (place("ELM ROAD", D(2018, 1, 1)),),
)
PENDING_CLAIM = claim(
    3,
    "HB3",
    "CT3",
    (member("1", "claimant", PARENT, D(2019, 11, 4)),),
    (award(D(2019, 11, 4), None, "payment", "payment", hb_weekly=100, ctr_weekly=50),),
    D(2019, 11, 20),
    D(2019, 12, 10),
    (place("ELM ROAD", D(2019, 11, 4)),),
)
COUNCIL_TAX_CLAIM = claim(
    4,
    None,
    "CT4",
    (member("1", "claimant", PARENT, D(2018, 1, 1)),),
    (award(D(2018, 1, 1), D(2019, 12, 1), "none", "suspended", ctr_weekly=100),),
    D(2018, 1, 2),
    D(2018, 1, 3),
    (place("ELM ROAD", D(2018, 1, 1)),),
)

REFERRAL = Referral(
    "R1", D(2019, 5, 1), "6", "N1", False, D(2020, 2, 1), "RC7", D(2019, 6, 20),
    (
        Assessment("S1", D(2019, 5, 2), D(2019, 6, 1), ("3B", "4B")),
        Assessment("S2", D(2019, 7, 2), None, ()),
    ),
    (Section47("E1", D(2019, 6, 1), D(2019, 6, 9), D(2019, 6, 22), D(2019, 6, 20), False),),
    (ProtectionPlan("P1", D(2019, 6, 20), D(2020, 1, 5), "NEG", "EMO", 0, (D(2019, 9, 1), D(2019, 12, 1))),),
)  # fmt: skip
NO_ACTION = Referral("R2", D(2019, 4, 2), "1A", None, True, D(2019, 4, 2), "RC8", None, (), (), ())
LONG_OPEN = Referral("R3", D(2018, 1, 1), "2A", "N4", False, None, "", None, (), (), ())
LONG_CLOSED = Referral("R4", D(2018, 1, 1), "2A", "N4", False, D(2018, 9, 1), "RC7", None, (), (), ())


def care(number: int, held: RecordedPerson, *referrals: Referral, **changed: object) -> CareRecord:
    values: dict[str, object] = {
        "person_id": f"P{number}", "legacy_id": f"L{number}", "family_reference": "F1", "person": held,
        "expected_birth_date": None, "death_date": None, "birth_date_estimated": False, "ethnicity": "WBRI",
        "disabilities": ("NONE",), "restricted": False, "unaccompanied": False, "upn": "", "former_upn": "",
        "upn_unknown": "UN1", "nhs_number": "", "addresses": (place("ELM ROAD", D(2018, 1, 1)),), "adults": (),
        "mother_id": "", "referrals": referrals, "cin_plans": (), "looked_after": (),
    }  # fmt: skip
    return CareRecord(**(values | changed))  # pyright: ignore[reportArgumentType]


def blank_place() -> RecordedAddress:
    return RecordedAddress("", "", "", "", "", "", None, "refuge", D(2019, 1, 1), None, ())


RECORDS = (
    care(1, FIRST_CHILD, NO_ACTION, REFERRAL, disabilities=("LD", "AUT"), upn="A123456789012", mother_id="M1",
         adults=(RelatedAdult("M1", "mother", PARENT, True),),
         cin_plans=(CinPlan("N1", "R1", D(2019, 7, 1), None),),
         looked_after=(
             LookedAfterEpisode("K1", "R1", D(2019, 8, 1), "S", "N1", "C2", "U1", "", D(2019, 8, 9), "X1"),
             LookedAfterEpisode("K2", "R1", D(2019, 8, 9), "P", "N1", "C2", "U1", "", None, ""),
         )),
    care(2, SECOND_CHILD, LONG_OPEN, birth_date_estimated=True, restricted=True,
         addresses=(*[blank_place()] * 6, place("ELM ROAD", D(2018, 1, 1)))),
    care(3, person(9, "", "SMITH", None, ""), REFERRAL, expected_birth_date=D(2020, 6, 1), disabilities=()),
    care(4, GROWN, LONG_CLOSED),
)  # fmt: skip

HOME = Address(101, "", "10", "", "ELM ROAD", "ASHMERE", "ZA1 1AA", "E01999001", "home")


def true_person(held: RecordedPerson) -> TruePerson:
    return TruePerson(
        held.number, held.forename, "", held.surname, "", held.birth_date or D(2020, 6, 1), False, "F", "WBRI", "", ()
    )


def truth(number: int, child: str, *homes: TrueHousehold) -> LinkTruth:
    return LinkTruth(
        number, f"P{child}", f"L{child}", D(2019, 5, 1), True, homes, None if homes else "no_claim", bool(homes), False,
        "", (),
    )  # fmt: skip


WARD = Ward(
    1,
    (SmallArea("E01999001", "Ashmere 001A", "E02999001", "E05999001", 0.0, 1.0, 1500),),
    (Postcode("ZA1 1AA", "E01999001", 412345, 98765), Postcode("ZA1 1AB", "E01999001", 412345, 98765)),
    (HOME,),
    (
        Family(
            7, "couple", (true_person(PARENT),), (true_person(FIRST_CHILD), true_person(SECOND_CHILD)),
            (Stay(HOME, D(2018, 1, 1), None),), (), (1, 2),
        ),
    ),
    (LONG_CLAIM, SHORT_CLAIM, PENDING_CLAIM, COUNCIL_TAX_CLAIM),
    RECORDS,
    (
        truth(3, "1", TrueHousehold(2, "HB2", "2", "dependant", True, False, ()),
              TrueHousehold(1, "CT1", "3", "dependant", True, True, ())),
        truth(4, "2", TrueHousehold(2, "HB2", None, None, True, True, ())),
        truth(9, "3"),
    ),
)  # fmt: skip


def made(ward: Ward = WARD, settings: Settings = SETTINGS) -> dict[str, str]:
    """Every file of an authority of one ward."""
    files: dict[str, bytes] = {}
    for form in chosen(settings):
        parts = form.part(ward, settings)
        begun = form.begin(settings)
        assert parts.keys() <= begun.keys()
        ends = form.end(settings, {name: part.counts for name, part in parts.items()})
        files |= {name: begun[name] + parts[name].body + ends.get(name, b"") for name in begun}
    return {name: body.decode() for name, body in files.items()}


FILES = made()


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(FILES[name]), strict=True))


def extract(month: str) -> list[list[str]]:
    return [line.split("|") for line in FILES[f"in/shbe/SHBE_{month}.txt"].splitlines()]


def records(month: str, kind: str, reference: str) -> list[list[str]]:
    """The D or S records of a claim; index 0 is a stop-gap, so that field n is at index n."""
    return [["", *fields] for fields in extract(month) if fields[0] == kind and fields[1] == reference]


# --- all formats --------------------------------------------------------------------------------------


def test_the_same_ward_gives_the_same_bytes() -> None:
    """Writing twice gives the same bytes in every file."""
    assert made() == FILES


def test_every_file_ends_lines_with_line_feeds() -> None:
    """No file holds a carriage return, and each ends with a line feed."""
    assert all("\r" not in text and text.endswith("\n") for text in FILES.values())


@pytest.mark.parametrize(("pence", "spelt"), [(None, ""), (0, "0.00"), (5, "0.05"), (12345, "123.45"), (-150, "-1.50")])
def test_pounds_are_spelt_from_whole_pence(pence: int | None, spelt: str) -> None:
    """Pence become pounds with two decimals, and missing is not nought."""
    assert pounds(pence) == spelt


# --- the census ---------------------------------------------------------------------------------------

SEQUENCES = {
    "Message": "Header Children",
    "Header": "CollectionDetails Source Content",
    "CollectionDetails": "Collection Year ReferenceDate",
    "Source": "SourceLevel LEA SoftwareCode Release SerialNo DateTime",
    "Child": "ChildIdentifiers ChildCharacteristics CINdetails",
    "ChildIdentifiers": "LAchildID UPN FormerUPN UPNunknown PersonBirthDate ExpectedPersonBirthDate GenderCurrent"
    " PersonDeathDate",
    "ChildCharacteristics": "Ethnicity Disabilities",
    "Disabilities": "Disability",
    "CINdetails": "CINreferralDate ReferralSource PrimaryNeedCode CINclosureDate ReasonForClosure DateOfInitialCPC"
    " Assessments Section47 ReferralNFA ChildProtectionPlans",
    "Assessments": "AssessmentActualStartDate AssessmentInternalReviewDate AssessmentAuthorisationDate"
    " FactorsIdentifiedAtAssessment",
    "FactorsIdentifiedAtAssessment": "AssessmentFactors",
    "Section47": "S47ActualStartDate InitialCPCtarget DateOfInitialCPC ICPCnotRequired",
    "ChildProtectionPlans": "CPPstartDate CPPendDate InitialCategoryOfAbuse LatestCategoryOfAbuse NumberOfPreviousCPP"
    " Reviews",
    "Reviews": "CPPreviewDate",
    "Children": "Child",
    "Content": "CBDSLevels",
    "CBDSLevels": "CBDSLevel",
}


def census() -> etree._Element:
    return etree.fromstring(FILES["in/cin_2019_20.xml"].encode())


def test_census_elements_are_in_the_order_of_the_schema() -> None:
    """Within every element the children follow the 2019-20 sequence, and none is unknown to it."""
    for element in census().iter():
        tags = [child.tag for child in element]
        if tags:
            order = SEQUENCES[element.tag].split()
            places = [order.index(tag) for tag in tags]
            assert places == sorted(places), element.tag


def test_census_carries_the_children_of_the_year_and_open_ones() -> None:
    """A child whose only episode closed before the year is left out; one still open is in."""
    assert [found.text for found in census().iter("LAchildID")] == ["L1", "L2", "L3"]


def test_census_header_names_the_year() -> None:
    """The year is the one it ends in, and the reference date its last day."""
    found = census()
    assert found.findtext(".//Collection") == "CIN"
    assert (found.findtext(".//Year"), found.findtext(".//ReferenceDate")) == ("2020", "2020-03-31")


@pytest.mark.parametrize(
    ("child", "path", "values"),
    [
        (0, "GenderCurrent", ["2"]),
        (0, "Disability", ["LD", "AUT"]),
        (0, "CINreferralDate", ["2019-04-02", "2019-05-01"]),
        (0, "ReferralNFA", ["true", "false"]),
        (0, "PrimaryNeedCode", ["N1"]),
        (0, "AssessmentFactors", ["3B", "4B"]),
        (0, "AssessmentAuthorisationDate", ["2019-06-01"]),
        (0, "DateOfInitialCPC", ["2019-06-20", "2019-06-20"]),
        (0, "ICPCnotRequired", ["false"]),
        (0, "NumberOfPreviousCPP", ["0"]),
        (0, "CPPreviewDate", ["2019-09-01", "2019-12-01"]),
        (1, "PersonBirthDate", ["2012-04-05"]),
        (1, "CINclosureDate", []),
        (2, "PersonBirthDate", []),
        (2, "ExpectedPersonBirthDate", ["2020-06-01"]),
        (2, "GenderCurrent", ["0"]),
    ],
)
def test_census_values(child: int, path: str, values: list[str]) -> None:
    """Each element holds what the world holds."""
    found = list(census().iter("Child"))[child]
    assert [element.text for element in found.iter(path)] == values


# --- the case system ------------------------------------------------------------------------------------


def test_case_system_tables_hold_their_columns() -> None:
    """Every row of every table has the columns of the dataset."""
    for name, columns in write_ssd.COLUMNS.items():
        found = list(csv.reader(StringIO(FILES[name]), strict=True))
        assert tuple(found[0]) == columns
        assert {len(row) for row in found} == {len(columns)}


def test_an_estimated_birth_date_stands_among_the_expected_ones() -> None:
    """Only a known birth date is in pers_dob; estimated and expected ones are in pers_expected_dob."""
    dates = [
        (row["pers_legacy_id"], row["pers_dob"], row["pers_expected_dob"]) for row in table("in/ssd/ssd_person.csv")
    ]
    assert dates[:3] == [
        ("L1", "2010-04-05 00:00:00", ""),
        ("L2", "", "2012-04-05 00:00:00"),
        ("L3", "", "2020-06-01 00:00:00"),
    ]


def test_values_the_system_cannot_supply_are_its_placeholder() -> None:
    """Nationality and a missing NHS number are SSD_PH."""
    row = table("in/ssd/ssd_person.csv")[0]
    assert (row["pers_nationality"], row["pers_single_unique_id"]) == ("SSD_PH", "SSD_PH")


def test_addresses_are_json_and_postcodes_have_no_space() -> None:
    """The address object has the dataset's ten keys, and the postcode its space taken out."""
    row = table("in/ssd/ssd_address.csv")[0]
    held = json.loads(row["addr_address_json"])
    assert list(held) == ["ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING"]
    assert (held["FLAT"], held["HOUSE"], held["STREET"], held["UPRN"]) == ("FLAT 2", "10", "ELM ROAD", "101")
    assert (row["addr_address_postcode"], held["EASTING"]) == ("ZA11AA", "412345")


def test_a_withheld_address_is_blank_or_says_so() -> None:
    """A locked record's rows are all Confidential; a withheld address is blank or ADDRESS RESTRICTED, and both occur."""
    found = [row for row in table("in/ssd/ssd_address.csv") if row["addr_person_id"] == "P2"]
    assert {row["addr_address_type"] for row in found} == {"Confidential"}
    texts = {row["addr_address_json"] and json.loads(row["addr_address_json"])["STREET"] for row in found}
    assert texts == {"", "ADDRESS RESTRICTED", "ELM ROAD"}


def test_plans_looked_after_episodes_mothers_and_adults() -> None:
    """Each child's plan, episodes, mother and adults are keyed by the person id; adjoining episodes share a spell."""
    (plan,) = table("in/ssd/ssd_cin_plans.csv")
    assert (plan["cinp_person_id"], plan["cinp_cin_plan_start_date"]) == ("P1", "2019-07-01 00:00:00")
    episodes = table("in/ssd/ssd_cla_episodes.csv")
    assert [row["clae_cla_episode_ceased"] for row in episodes] == ["2019-08-09 00:00:00", ""]
    assert {(row["clae_cla_id"], row["clae_entered_care_date"]) for row in episodes} == {("CK1", "2019-08-01 00:00:00")}
    (mother,) = table("in/ssd/ssd_mother.csv")
    assert (mother["moth_person_id"], mother["moth_childs_person_id"]) == ("M1", "P1")
    (adult,) = table("in/ssd/related_adults.csv")
    assert (adult["person_id"], adult["forename"], adult["dob"], adult["lives_with"]) == (
        "P1",
        "AAA",
        "1985-02-03",
        "Y",
    )


# --- Housing Benefit --------------------------------------------------------------------------------------


def test_each_month_has_a_file_as_of_its_last_friday() -> None:
    """There are 24 files, the last for March 2020, each dated in the third field of its header."""
    names = sorted(name for name in FILES if name.startswith("in/shbe/"))
    assert (len(names), names[0], names[-1]) == (24, "in/shbe/SHBE_201804.txt", "in/shbe/SHBE_202003.txt")
    assert extract("202003")[0][2] == "27-03-2020"
    for day in write_shbe.scan_days(SETTINGS):
        assert day.weekday() == 4
        assert (day + timedelta(7)).month != day.month
        assert extract(f"{day:%Y%m}")[0][2] == f"{day:%d-%m-%Y}"


def test_every_record_has_341_fields_and_the_trailer_counts_them() -> None:
    """D and S records have 341 fields, and the trailer states how many of each there are."""
    for name in FILES:
        if name.startswith("in/shbe/"):
            head, *body, tail = [line.split("|") for line in FILES[name].splitlines()]
            kinds = [fields[0] for fields in body]
            assert head[0] == "H"
            assert set(kinds) <= {"D", "S"}
            assert {len(fields) for fields in body} <= {341}
            assert tail == ["Z", str(kinds.count("D")), str(kinds.count("S")), str(len(kinds) + 2)]


@pytest.mark.parametrize(
    ("month", "field", "value"),
    [
        ("201904", 3, "CT1"),
        ("201904", 4, "QQ000001A"),
        ("201904", 6, "SMITH"),
        ("201904", 7, "AAA"),
        ("201904", 8, "03-02-1985"),
        ("201904", 9, "4"),
        ("201904", 10, "FLAT 2"),
        ("201904", 280, "10 ELM ROAD"),
        ("201904", 281, "ASHMERE"),
        ("201904", 11, "ZA1 1AA"),
        ("201904", 12, "4"),
        ("201904", 13, "2"),
        ("201904", 14, "1"),
        ("201904", 33, "1"),
        ("201904", 35, "10-01-2018"),
        ("201904", 37, "20-01-2018"),
        ("201904", 41, "01-01-2018"),
        ("201904", 42, "250"),
        ("201904", 43, "9050"),
        ("201904", 50, "9300"),
        ("201904", 57, "12000"),
        ("201904", 75, "0"),
        ("201904", 76, "20105"),
        ("201904", 84, ""),
        ("201904", 123, "1"),
        ("201904", 128, "SMITH"),
        ("201904", 129, "BBB"),
        ("201904", 177, "F"),
        ("201904", 178, "03-02-1984"),
        ("201904", 181, "12500"),
        ("201904", 202, ""),
        ("201904", 206, "3"),
        ("201904", 247, "99"),
        ("201904", 278, "2"),
        ("201907", 33, "2"),
        ("201907", 13, "1"),
        ("201908", 7, "BBB"),
        ("201908", 129, "AAA"),
        ("201908", 280, "10 ELM ROAD"),
        ("201909", 280, "10 OAK ROAD"),
        ("201910", 33, "0"),
        ("201910", 12, "1"),
        ("201910", 43, "0"),
    ],
)
def test_claim_fields(month: str, field: int, value: str) -> None:
    """A D record holds, at each numbered field, how the claim stood at the scan."""
    (found,) = records(month, "D", "HB1")
    assert found[field] == value


def test_a_member_record_names_the_member_and_the_claim() -> None:
    """An S record repeats the claim's references and holds the member in fields 308 to 315."""
    _, second, grown = records("201905", "S", "HB1")
    assert second[1:4] == ["S", "HB1", "CT1"]
    assert second[308:316] == ["1", "4", "01-01-2018", "", "", "SMITH-JONES", "DDD", "05-04-2012"]
    assert (grown[308], grown[309], grown[17]) == ("2", "5", "1500")


def test_a_member_who_left_is_shown_once_with_the_day() -> None:
    """Leaving gives an end date at the next scan, and no record after it."""
    listed = {
        month: [(row[309], row[311]) for row in records(month, "S", "HB1")] for month in ("201905", "201906", "201907")
    }
    assert listed["201905"] == [("3", ""), ("4", ""), ("5", "")]
    assert listed["201906"] == [("3", ""), ("4", "10-06-2019"), ("5", "")]
    assert listed["201907"] == [("3", ""), ("5", "")]


def test_dependant_records_add_up_to_the_count() -> None:
    """In every file the S records of dependants still there are as many as field 13 says."""
    for scan in write_shbe.scan_days(SETTINGS):
        month = f"{scan:%Y%m}"
        for claim_record in [["", *fields] for fields in extract(month) if fields[0] == "D"]:
            members = records(month, "S", claim_record[2])
            assert int(claim_record[13]) == sum(row[308] == "1" and row[311] == "" for row in members)


def test_an_ended_claim_is_shown_once_more() -> None:
    """The scan after the end shows the day and no payment; later files leave the claim out."""
    assert records("201904", "D", "HB2")[0][33] == "1"
    (ended,) = records("201905", "D", "HB2")
    assert (ended[33], ended[202], ended[210], ended[13]) == ("0", "15-05-2019", "moved", "1")
    assert records("201906", "D", "HB2") == []


def test_a_claim_not_yet_decided_has_no_award() -> None:
    """From receipt to decision a claim is on file with status other and no money."""
    assert records("201910", "D", "HB3") == []
    waiting, decided = records("201911", "D", "HB3")[0], records("201912", "D", "HB3")[0]
    assert (waiting[33], waiting[37], waiting[43]) == ("0", "", "")
    assert (decided[33], decided[37], decided[43], decided[41]) == ("1", "10-12-2019", "100", "04-11-2019")


def test_a_claim_for_council_tax_alone_is_in_no_housing_benefit_file() -> None:
    """No extract names a claim that never had Housing Benefit."""
    assert not any("CT4" in text for name, text in FILES.items() if name.startswith("in/shbe/"))


# --- council tax support ------------------------------------------------------------------------------------


def test_household_periods_follow_each_other_without_gap() -> None:
    """A claim's periods adjoin, the last runs to the open date or the claim's end, and claims without support are out."""
    found = table("in/cts/household_period.csv")
    assert {row["claim_ref"] for row in found} == {"CT1", "CT3", "CT4"}
    spans = [(row["from_date"], row["to_date"]) for row in found if row["claim_ref"] == "CT1"]
    assert spans == [
        ("01/01/2018", "10/06/2019"),
        ("11/06/2019", "30/06/2019"),
        ("01/07/2019", "31/07/2019"),
        ("01/08/2019", "31/08/2019"),
        ("01/09/2019", "30/09/2019"),
        ("01/10/2019", "31/12/2099"),
    ]


def test_household_period_values() -> None:
    """A period holds awards in pounds, the address of the time, and how many lived there."""
    first, *_, last = [row for row in table("in/cts/household_period.csv") if row["claim_ref"] == "CT1"]
    assert (first["hb_weekly_award"], first["ctr_weekly_award"], first["earnings"]) == ("90.50", "18.25", "201.05")
    assert (first["claim_type"], first["status"], first["household_size"], first["uprn"]) == (
        "both",
        "live",
        "5",
        "101",
    )
    assert (last["address_2"], last["uprn"], last["household_size"], last["earnings"]) == ("10 OAK ROAD", "", "4", "")
    assert last["passport_benefit"] == "income support"


def test_a_suspended_and_ended_council_tax_claim() -> None:
    """A suspension has its day, and the last period of an ended claim its reason."""
    (row,) = [row for row in table("in/cts/household_period.csv") if row["claim_ref"] == "CT4"]
    assert (row["claim_type"], row["status"], row["suspension_date"]) == ("CTR only", "suspended", "01/01/2018")
    assert (row["to_date"], row["end_reason"]) == ("01/12/2019", "moved")


def test_person_periods_carry_roles_and_dates() -> None:
    """Swapped roles are two rows under one reference, and a member still listed runs to the open date."""
    found = [row for row in table("in/cts/person_period.csv") if row["claim_ref"] == "CT1"]
    assert [(row["person_ref"], row["role"]) for row in found] == [
        ("1", "claimant"),
        ("2", "partner"),
        ("3", "dependant"),
        ("4", "dependant"),
        ("5", "non-dependant"),
        ("2", "claimant"),
        ("1", "partner"),
    ]
    assert (found[2]["dob"], found[2]["from_date"], found[2]["to_date"]) == ("05/04/2010", "01/01/2018", "31/12/2099")
    assert found[3]["to_date"] == "10/06/2019"


# --- geography ------------------------------------------------------------------------------------------------


def test_the_deprivation_file_has_its_57_columns() -> None:
    """Scores, ranks and deciles stand at their known places, and the decile is that of the rank."""
    header, row = csv.reader(StringIO(FILES[write_geography.DEPRIVATION]), strict=True)
    assert len(header) == len(row) == 57
    assert header[0] == "LSOA code (2011)"
    assert header[52] == "Total population: mid 2015 (excluding prisoners)"
    assert header[28] == "Income Deprivation Affecting Children Index (IDACI) Score (rate)"
    assert header[29] == "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived)"
    assert header[6] == "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    assert (row[5], row[6], row[29], row[30]) == ("1", "1", "32844", "10")
    assert sum(map(int, row[53:56])) == int(row[52]) == 1500


@pytest.mark.parametrize(("rank", "decile"), [(1, 1), (3284, 1), (3285, 2), (16422, 5), (16423, 6), (32844, 10)])
def test_deciles_of_ranks(rank: int, decile: int) -> None:
    """A decile is the tenth of 32,844 small areas that the rank falls in."""
    assert write_geography.decile(rank) == decile


def test_the_postcode_directory_has_three_spellings() -> None:
    """The seven and eight character forms and the one with a single space are all there, with both census areas."""
    row = table(write_geography.DIRECTORY)[0]
    assert (row["pcd"], row["pcd2"], row["pcds"]) == ("ZA1 1AA", "ZA1  1AA", "ZA1 1AA")
    assert (row["lsoa11"], row["imd"], row["osnrth1m"]) == ("E01999001", "1", "0098765")


# --- the truth ----------------------------------------------------------------------------------------------------


def test_the_truth_names_the_record_that_the_files_hold() -> None:
    """The member key of a listed child is the household and the member reference; the main home goes first."""
    listed, unlisted, absent = table("truth/children.csv")
    assert (listed["outcome"], listed["household_id"], listed["member_key"]) == ("listed", "CT1", "CT1|3")
    assert (listed["second_household_id"], listed["second_member_key"]) == ("HB2", "HB2|2")
    assert (listed["member_forename"], listed["member_birth_date"], listed["member_start_date"]) == (
        "CCC",
        "2010-04-05",
        "2018-01-01",
    )
    assert listed["family_number"] == "7"
    assert (unlisted["outcome"], unlisted["household_id"], unlisted["member_key"]) == ("unlisted", "HB2", "")
    assert (absent["outcome"], absent["why"], absent["household_id"]) == ("none", "no_claim", "")


def test_members_and_errors_have_rows() -> None:
    """Each member of each claim is in the truth with the child they are, and each error with its record."""
    members = table("truth/members.csv")
    assert len(members) == sum(len(claim.members) for claim in WARD.claims)
    assert {row["child_id"] for row in members if row["member_key"] == "CT1|3"} == {"L1"}
    errors = table("truth/errors.csv")
    assert ("benefits", "CT1|1", "typing") in {(row["system"], row["record_id"], row["error"]) for row in errors}
    assert ("children's services", "L1", "typing") in {(r["system"], r["record_id"], r["error"]) for r in errors}


# --- person tables ------------------------------------------------------------------------------------------------


def test_person_tables_hold_the_same_people(tmp_path: Path) -> None:
    """Two wards give twice the rows, in ward order, and the truth agrees with the other truth."""
    with write_tables.open_tables(tmp_path) as add:
        add(write_tables.part(WARD, SETTINGS))
        add(write_tables.part(WARD, SETTINGS))
    held = {name: pq.read_table(tmp_path / name) for name in write_tables.SCHEMAS}
    assert held["tables/children.parquet"].column("child_id").to_pylist() == ["L1", "L2", "L3"] * 2
    assert held["tables/members.parquet"].num_rows == 2 * len(table("truth/members.csv"))
    assert held["tables/truth.parquet"].slice(0, 3).column("member_id").to_pylist() == [
        row["member_key"] for row in table("truth/children.csv")
    ]
    assert held["tables/addresses.parquet"].slice(0, 1).to_pylist()[0]["address"] == "FLAT 2, 10 ELM ROAD, ASHMERE"


def test_an_empty_ward_adds_nothing() -> None:
    """A ward with no claims and no children leaves files that are whole and hold no record."""
    bare = made(Ward(1, (), (), (), (), (), (), ()))
    assert etree.fromstring(bare["in/cin_2019_20.xml"].encode()).find("Children") is not None
    assert bare["in/shbe/SHBE_201804.txt"].splitlines()[1] == "Z|0|0|2"
    assert write_tables.part(Ward(1, (), (), (), (), (), (), ()), SETTINGS)["tables/truth.parquet"].num_rows == 0

"""The exports of a small invented authority hang together: codes, counts, references and the truth."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from io import StringIO

from lxml import etree

from hearthlink.synthetic.synthesise import wards
from hearthlink.synthetic.world import Settings
from hearthlink.synthetic.writing.formats import chosen

SETTINGS = Settings(children=120, households=240, seed=5)

CODES = {
    "PrimaryNeedCode": "N0 N1 N2 N3 N4 N5 N6 N7 N8 N9",
    "ReferralSource": "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 6 7 8 9 10",
    "ReasonForClosure": "RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8",
    "Ethnicity": "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT",
    "Disability": "NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA",
    "GenderCurrent": "0 1 2 9",
    "UPNunknown": "UN1 UN2 UN3 UN4 UN5 UN6 UN7",
    "InitialCategoryOfAbuse": "NEG PHY SAB EMO MUL",
    "LatestCategoryOfAbuse": "NEG PHY SAB EMO MUL",
    "AssessmentFactors": "1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8B 8C 8D 8E 8F 9A 10A 11A 12A 13A 14A"
    " 15A 16A 17A 18A 19A 20 21 22A 23A",
    "ReferralNFA": "true false",
    "ICPCnotRequired": "true false",
}
"""The code sets of the 2019-20 census."""


@cache
def files() -> dict[str, str]:
    """Every file of the authority."""
    whole: dict[str, bytes] = {}
    made = list(wards(SETTINGS))
    for form in chosen(SETTINGS):
        parts = [form.part(ward, SETTINGS) for ward in made]
        begun = form.begin(SETTINGS)
        counts = {
            name: tuple(map(sum, zip(*(part[name].counts for part in parts if name in part), strict=True)))
            for name in begun
        }
        ends = form.end(SETTINGS, counts)
        for name, opening in begun.items():
            bodies = b"".join(part[name].body for part in parts if name in part)
            whole[name] = opening + bodies + ends.get(name, b"")
    return {name: body.decode() for name, body in whole.items()}


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files()[name]), strict=True))


def extracts() -> list[list[list[str]]]:
    """Each month's records, oldest first; field n at index n."""
    names = sorted(name for name in files() if name.startswith("in/shbe/"))
    return [[["", *line.split("|")] for line in files()[name].splitlines()] for name in names]


def test_census_codes_are_those_of_the_year() -> None:
    """Every coded element holds a code of the 2019-20 code sets."""
    census = etree.fromstring(files()["in/cin_2019_20.xml"].encode())
    for name, codes in CODES.items():
        assert {element.text for element in census.iter(name)} <= set(codes.split()), name


def test_every_census_child_is_in_the_case_system() -> None:
    """The census's child id is the case system's legacy id, once for each child."""
    census = etree.fromstring(files()["in/cin_2019_20.xml"].encode())
    children = [element.text for element in census.iter("LAchildID")]
    assert len(children) == len(set(children))
    assert set(children) <= {row["pers_legacy_id"] for row in table("in/ssd/ssd_person.csv")}


def test_the_truth_has_each_child_referred_in_the_year() -> None:
    """The children of the truth are those with a referral in the year, as of the first."""
    census = etree.fromstring(files()["in/cin_2019_20.xml"].encode())
    first: dict[str | None, str] = {}
    for child in census.iter("Child"):
        days = [day.text or "" for day in child.iter("CINreferralDate") if (day.text or "") >= "2019-04-01"]
        if days:
            first[child.findtext(".//LAchildID")] = min(days)
    assert {row["child_id"]: row["referral_date"] for row in table("truth/children.csv")} == first
    assert len(first) == SETTINGS.children


def test_all_housing_benefit_records_have_341_fields() -> None:
    """No text breaks a record, in any month."""
    for records in extracts():
        assert {len(fields) - 1 for fields in records[1:-1]} == {341}
        kinds = Counter(fields[1] for fields in records[1:-1])
        assert records[-1][2:5] == [str(kinds["D"]), str(kinds["S"]), str(len(records))]


def test_dependant_records_add_up_to_the_count_on_every_claim() -> None:
    """A claim's dependants who have not left, or left on its last day, are as many as field 13 says."""
    for records in extracts():
        stated = {fields[2]: (int(fields[13]), fields[202]) for fields in records if fields[1] == "D"}
        found = Counter(
            fields[2]
            for fields in records
            if fields[1] == "S" and fields[308] == "1" and fields[311] in ("", stated[fields[2]][1], records[0][3])
        )
        assert {claim: count for claim, (count, _) in stated.items() if count} == dict(found)


def test_both_benefit_extracts_name_a_household_alike() -> None:
    """Each council tax reference on a Housing Benefit record is a claim of the council tax extract."""
    known = {row["claim_ref"] for row in table("in/cts/household_period.csv")}
    assert {fields[3] for records in extracts() for fields in records if fields[1] == "D" and fields[3]} <= known


def test_household_periods_do_not_overlap() -> None:
    """Within a claim, each period begins the day after, or later than, the one before it ended."""
    ends: dict[str, str] = {}
    for row in table("in/cts/household_period.csv"):
        start, end = ("".join(reversed(row[name].split("/"))) for name in ("from_date", "to_date"))
        assert ends.get(row["claim_ref"], "") < start <= end
        ends[row["claim_ref"]] = end


def test_every_true_record_can_be_found_in_the_files() -> None:
    """A listed child's member key names a record of an extract with the birth date and name that the truth gives."""
    held: set[tuple[str, str, str]] = set()
    for records in extracts():
        for fields in records:
            if fields[1] == "S":
                day = "-".join(reversed(fields[315].split("-"))) if fields[315] else ""
                held.add((f"{fields[3] or fields[2]}|{fields[309]}", fields[314], day))
    for row in table("in/cts/person_period.csv"):
        day = "-".join(reversed(row["dob"].split("/"))) if row["dob"] else ""
        held.add((f"{row['claim_ref']}|{row['person_ref']}", row["forename"], day))
    listed = [row for row in table("truth/children.csv") if row["outcome"] == "listed"]
    wanted = {(row["member_key"], row["member_forename"], row["member_birth_date"]) for row in listed}
    assert wanted
    assert wanted <= held


def test_children_in_no_household_say_why() -> None:
    """Exactly the children with no true household carry a reason."""
    for row in table("truth/children.csv"):
        assert (row["outcome"] == "none") == bool(row["why"]) == (row["household_id"] == "")


def test_addresses_of_the_area_are_in_the_postcode_directory() -> None:
    """Most addresses of the case system join the directory by their postcode, and it has ended ones."""
    directory = {row["pcds"].replace(" ", "") for row in table("in/geography/ONSPD_extract.csv")}
    held = [row["addr_address_postcode"] for row in table("in/ssd/ssd_address.csv")]
    assert sum(postcode in directory for postcode in held) > 0.8 * len(held)
    assert any(row["doterm"] for row in table("in/geography/ONSPD_extract.csv"))


def test_an_academy_claim_id_is_one_claims_alone() -> None:
    """Academy's other tables know a claim by its reference without the check digit, so no two claims may share that."""
    references = [
        reference
        for ward in wards(SETTINGS)
        for claim in ward.claims
        for reference in (claim.hb_reference, claim.ctr_reference)
        if reference
    ]
    assert len(references) > 300
    assert len({reference[:-1] for reference in references}) == len(references)

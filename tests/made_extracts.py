"""A tiny hand-made set of extracts, for tests of the stage that reads them. Nobody in it is anybody: names are letters."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path

WIDTH = 341
MONTHS = tuple((2019 + (n + 2) // 12, (n + 2) % 12 + 1) for n in range(13))
DIRECTORY = "geography/ONSPD_extract.csv"
FILE_7 = "geography/File_7_-_All_IoD2019_Scores.csv"
CENSUS = "cin_2019_20.xml"


def last_day(year: int, month: int) -> date:
    """The last day of a month: the reference date of the hand-made monthly files."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def child(child_id: str, *blocks: str, born: str | None = "2012-05-03", expected: str | None = None) -> str:
    birth = f"<PersonBirthDate>{born}</PersonBirthDate>" if born else ""
    due = f"<ExpectedPersonBirthDate>{expected}</ExpectedPersonBirthDate>" if expected else ""
    return (
        f"<Child><ChildIdentifiers><LAchildID>{child_id}</LAchildID><UPN>CANARYUPN</UPN>{birth}{due}"
        "<GenderCurrent>2</GenderCurrent></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity>"
        f"</ChildCharacteristics>{''.join(blocks or (episode(),))}</Child>\n"
    )


def episode(day: str = "2019-06-10", inside: str = "", nfa: str = "false") -> str:
    return (
        f"<CINdetails><CINreferralDate>{day}</CINreferralDate><ReferralSource>6</ReferralSource>"
        f"<PrimaryNeedCode>N1</PrimaryNeedCode>{inside}<ReferralNFA>{nfa}</ReferralNFA></CINdetails>"
    )


def census(*children: str, reference: str | None = "2020-03-31") -> bytes:
    header = (
        "<Header><CollectionDetails><Collection>CIN</Collection><Year>2020</Year>"
        f"<ReferenceDate>{reference}</ReferenceDate></CollectionDetails></Header>\n"
        if reference
        else ""
    )
    body = "".join(children or (child("C1"), child("C2"), child("C3", born=None, expected="2020-06-01")))
    return (
        f"<?xml version='1.0' encoding='utf-8'?>\n<Message>{header}<Children>\n{body}</Children></Message>\n".encode()
    )


def table(headers: str | Sequence[str], rows: Iterable[Sequence[str]] = ()) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers.split() if isinstance(headers, str) else headers)
    writer.writerows(rows)
    return text.getvalue().encode()


def ssd_files() -> dict[str, bytes]:
    home = '{"FLAT": "2", "BUILDING": "", "HOUSE": "1", "STREET": "A STREET", "TOWN": "B", "UPRN": "100"}'
    return {
        "ssd/ssd_person.csv": table(
            "pers_legacy_id pers_person_id pers_upn pers_forename pers_surname pers_sex pers_dob pers_expected_dob",
            [
                ("C1", "P1", "CANARYUPN", "AAA", "SMITH", "F", "2012-05-03 00:00:00", ""),
                ("C2", "P2", "CANARYUPN", "BBB", "SSD_PH", "M", "", "2010-01-15 00:00:00"),
                ("C3", "P3", "CANARYUPN", "UNBORN", "SMITH", "U", "", "2020-06-01 00:00:00"),
            ],
        ),
        "ssd/ssd_address.csv": table(
            "addr_person_id addr_address_type addr_address_start_date addr_address_end_date addr_address_postcode"
            " addr_address_json",
            [("P1", "Home", "2015-01-01", "", "ZZ11AA", home), ("P2", "Confidential", "", "", "", "")],
        ),
        "ssd/ssd_mother.csv": table("moth_person_id moth_childs_person_id", [("M1", "P1")]),
        "ssd/ssd_cin_plans.csv": table(
            "cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date", [("P1", "2019-07-01", "")]
        ),
        "ssd/ssd_cla_episodes.csv": table("clae_person_id clae_cla_episode_start_date clae_cla_episode_ceased"),
        "ssd/related_adults.csv": table(
            "person_id adult_id relationship forename surname dob lives_with",
            [("P1", "A1", "Carer", "CCC", "SMITH", "1985-02-01", "Y")],
        ),
    }


def record(kind: str, hb_ref: str, ctr_ref: str = "", **fields: str) -> str:
    """One record; other fields by number, as f13="2"."""
    held = {1: kind, 2: hb_ref, 3: ctr_ref, 4: "CANARYNINO"} | {int(k[1:]): v for k, v in fields.items()}
    return "|".join(held.get(number, "") for number in range(1, WIDTH + 1))


def claim(hb_ref: str = "H1", ctr_ref: str = "", **fields: str) -> str:
    usual = {
        "f6": "SMITH", "f7": "CCC", "f8": "01-02-1985", "f10": "1 A STREET", "f11": "ZZ1 1AA", "f12": "4", "f13": "1",
        "f33": "1", "f37": "01-03-2017", "f41": "06-03-2017", "f43": "9000", "f123": "0", "f177": "F", "f274": "CANARY",
    }  # fmt: skip
    return record("D", hb_ref, ctr_ref, **(usual | fields))


def dependant(hb_ref: str = "H1", ctr_ref: str = "", **fields: str) -> str:
    usual = {"f308": "1", "f309": "R1", "f310": "06-03-2017", "f313": "SMITH", "f314": "AAA", "f315": "03-05-2012"}
    return record("S", hb_ref, ctr_ref, **(usual | fields))


def month(year: int, number: int, lines: Sequence[str], *, trailer: bool = True) -> bytes:
    head = f"H|SOMEWHERE|{last_day(year, number):%d-%m-%Y}|1"
    return "\n".join([head, *lines, *([f"Z|{len(lines)}"] if trailer else []), ""]).encode()


def months(lines: Mapping[int, Sequence[str]] | Sequence[str]) -> dict[str, bytes]:
    """Monthly files from March 2019 on: the same lines in all, or by number of the month, from 0, with 0 for the others."""
    return _months(lines, range(len(MONTHS)))


def few_months(lines: Mapping[int, Sequence[str]] | Sequence[str]) -> dict[str, bytes]:
    """The same without the months that say nothing new: the first and the last are there, one between, those that change and those before."""
    changed = lines if isinstance(lines, Mapping) else ()
    return _months(lines, {0, 3, len(MONTHS) - 1, *changed, *(n - 1 for n in changed if n)})


def _months(lines: Mapping[int, Sequence[str]] | Sequence[str], there: Container[int]) -> dict[str, bytes]:
    held = lines if isinstance(lines, Mapping) else {0: lines}
    latest: Sequence[str] = ()
    files: dict[str, bytes] = {}
    for n, (year, number) in zip(count(), MONTHS, strict=False):
        latest = held.get(n, latest)
        if n in there:
            files[f"shbe/SHBE_{year}{number:02}.txt"] = month(year, number, latest)
    return files


PERIOD = (
    "claim_ref uprn address_1 address_2 postcode from_date to_date claim_type status ctr_weekly_award passport_benefit"
)
PERSON = "claim_ref person_ref role forename other_names surname dob sex nino from_date to_date"


def cts_files(
    periods: Iterable[Sequence[str]] = (
        ("T9", "900", "9 Z STREET", "", "ZZ1 1AA", "01/04/2018", "31/12/2099", "CTR only", "live", "12.34", ""),
    ),
    persons: Iterable[Sequence[str]] = (
        ("T9", "R91", "claimant", "DDD", "", "JONES", "05/06/1980", "M", "CANARYNINO", "01/04/2018", "31/12/2099"),
        ("T9", "R92", "dependant", "EEE", "", "JONES", "07/08/2011", "F", "CANARYNINO", "01/04/2018", "31/12/2099"),
    ),
) -> dict[str, bytes]:
    return {"cts/household_period.csv": table(PERIOD, periods), "cts/person_period.csv": table(PERSON, persons)}


def geography_files(directory: str = "pcds lsoa11 lsoa21", edition: str = "2011") -> dict[str, bytes]:
    measures = ("Index of Multiple Deprivation (IMD)", "Income Deprivation Affecting Children Index (IDACI)")
    tenths = [f"{measure} Decile (where 1 is most deprived 10% of LSOAs)" for measure in measures]
    code = "E01000001"
    return {
        DIRECTORY: table(directory, [("ZZ1 1AA", code, code), ("ZZ1 1AB", "W01000001", "W01000001")]),
        FILE_7: b"\xef\xbb\xbf"
        + table([f"LSOA code ({edition})", "Working age (excluding prisoners) ", *tenths], [(code, "5", "2", "3")]),
    }


def extracts(**parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of the folder of extracts, by its path; a part given by name replaces that of the same files."""
    files = {CENSUS: census(), **ssd_files(), **few_months([claim(), dependant()]), **cts_files(), **geography_files()}
    for part in parts.values():
        files |= part
    return files


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder with the files in it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder

"""A household's circumstances over time: each field read from its documented place, in stretches in which nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_engine import engine_at_hand
from made_extracts import claim, cts_files, dependant, extracts, few_months, months, table, write
from made_workbooks import made_ods, made_xlsx

from hearthlink.sources import receive, source_files

D = date
Row = dict[str, object]
FIRST, LAST = D(2019, 3, 31), D(2020, 3, 31)


def circumstances(folder: Path, source: str) -> list[Row]:
    with engine_at_hand() as engine:
        tables = receive(engine, source_files(folder), year="2019-20", new_key=lambda n: range(1, n + 1))
    held = tables["household_period"].to_pylist()
    return [row for row in held if row["source"] == source]


def of_month(tmp_path: Path, lines: Mapping[int, Sequence[str]] | Sequence[str]) -> list[Row]:
    return circumstances(write(tmp_path, extracts(shbe=few_months(lines))), "shbe")


# --- the Housing Benefit extract -------------------------------------------------------------------------

FIELDS = (
    ("tenure", {"f9": "1"}, "council"),
    ("tenure", {"f9": "2"}, "private"),
    ("tenure", {"f9": "3"}, "private"),
    ("tenure", {"f9": "4"}, "housing_association"),
    ("tenure", {"f9": "5"}, "owner"),
    ("tenure", {"f9": "6"}, "private"),
    ("tenure", {"f9": "7"}, "other"),
    ("tenure", {"f9": "8"}, "council_temporary"),
    ("tenure", {"f9": "9"}, "private"),
    ("tenure", {"f9": ""}, None),
    ("tenure", {"f9": "44"}, None),
    ("rent", {"f181": "12345", "f182": "1"}, 12345),
    ("rent", {"f181": "12345", "f182": "9"}, None),
    ("rent", {"f181": "", "f182": "1"}, None),
    ("eligible_rent", {"f57": "11000"}, 11000),
    ("bedrooms", {"f278": "3"}, 3),
    ("lha_rooms", {"f206": "2"}, 2),
    ("lha_rate", {"f209": "15573"}, 15573),
    ("hb", {"f43": "7777"}, 7777),
    ("dhp", {"f70": "1500"}, 1500),
    ("benefit_cap", {"f42": "2500"}, 2500),
    ("benefit_cap", {"f42": "0"}, 0),
    ("benefit_cap", {"f42": ""}, None),
    ("size_criteria", {"f21": "1400"}, 1400),
    ("passported", {"f12": "3"}, True),
    ("passported", {"f12": "4"}, False),
    ("passported", {"f12": ""}, None),
    ("earnings", {"f76": "20000"}, 20000),
    ("earnings", {"f76": "20000", "f77": "18000"}, 18000),
    ("earnings", {"f78": "5000", "f133": "4000", "f135": "300"}, 9300),
    ("earnings", {"f79": "100", "f134": "20", "f136": "3"}, 123),
    ("earnings", {"f76": "0"}, 0),
    ("earnings", {}, None),
    ("earnings", {"f12": "1", "f76": "0"}, None),
    *(("other_income", {f"f{n}": "100"}, 100) for n in (84, 86, 98, 103, 104, 105, 112, 113, 183, 187, 240)),
    *(("other_income", {f"f{n}": "100"}, 100) for n in (141, 142, 154, 159, 161, 162, 160, 169, 184, 188)),
    *(("other_income", {f"f{n}": "100"}, 100) for n in (30, 89, 95, 96, 292, 294, 296, 31, 145, 151, 152, 293, 295, 297)),
    ("other_income", {"f84": "2070", "f98": "5000", "f145": "7310"}, 14380),
    ("other_income", {"f99": "100", "f100": "100", "f114": "100"}, None),
    ("other_income", {"f12": "5", "f84": "2070"}, None),
    *(("out_of_work_benefit", {f"f{n}": "100"}, True) for n in (30, 89, 95, 96, 292, 294, 296, 31, 145, 151, 152, 293, 295, 297)),
    ("out_of_work_benefit", {"f89": "0"}, False),
    ("out_of_work_benefit", {"f84": "100"}, None),
    *(("jobseeker_benefit", {f"f{n}": "100"}, True) for n in (89, 145)),
    *(("jobseeker_benefit", {"f89": "0", f"f{n}": "100"}, False) for n in (30, 95, 292)),
    ("jobseeker_benefit", {"f12": "2", "f89": "100"}, None),
    ("capital", {"f75": "600000"}, 600000),
    ("capital", {"f75": "600000", "f239": "1000"}, 601000),
    ("capital", {"f12": "2", "f75": "0"}, None),
    ("claimant_hours", {"f241": "16"}, 16.0),
    ("partner_hours", {"f242": "37"}, 37.0),
    ("claimant_hours", {"f12": "2", "f241": "0"}, None),
    ("status", {"f33": "1"}, "in_payment"),
    ("status", {"f33": "2"}, "suspended"),
    ("status", {"f43": "0"}, "nil"),
    ("status", {"f33": "0", "f37": "", "f43": ""}, None),
    ("arrears_payment", {"f53": "1"}, True),
    ("arrears_payment", {"f53": "0"}, False),
    ("arrears_payment", {"f53": ""}, None),
    ("non_dependant_deduction", {"f14": "0"}, 0),
    ("non_dependant_deduction", {"f14": "1"}, None),
    ("overpayment_recovery", {}, None),
    ("uc_in_payment", {}, None),
    ("cts", {}, None),
    ("bedrooms", {"f278": "three"}, None),
    ("benefit_cap", {"f42": "2.50"}, None),
)  # fmt: skip


def test_each_field_is_read_from_its_place(tmp_path: Path) -> None:
    """Every fact comes from the field of its documented number; blank is not nought, and what a passported claim has is not known."""
    lines: list[str] = []
    for number, (_, fields, _) in enumerate(FIELDS):
        lines += [claim(f"H{number:03}", f6="S" + "ABCDEFGHIJ"[number % 10], **fields), dependant(f"H{number:03}")]
    with engine_at_hand() as engine:
        folder = write(tmp_path, extracts(shbe=months(lines)))
        tables = receive(engine, source_files(folder), year="2019-20", new_key=lambda n: range(1, n + 1))
    names = {row["household_key"]: row["household_id"] for row in tables["household_identifier"].to_pylist()}
    held = {
        names[row["household_key"]]: row for row in tables["household_period"].to_pylist() if row["source"] == "shbe"
    }
    told = [(name, fields, held[f"H{number:03}"][name]) for number, (name, fields, _) in enumerate(FIELDS)]
    assert told == [(name, fields, value) for name, fields, value in FIELDS]


def test_deductions_are_those_of_the_households_non_dependants(tmp_path: Path) -> None:
    """The deduction of field 17 is summed over the non-dependants of a claim; a dependant has none."""
    grown = [
        dependant(f308="2", f309="", f314=name, f315="01-01-1990", f17=owed)
        for name, owed in (("FFF", "1500"), ("GGG", "250"))
    ]
    (row,) = of_month(tmp_path, [claim(f14="2"), dependant(f17="999"), *grown])
    assert row["non_dependant_deduction"] == 1750


def test_a_stretch_lasts_while_nothing_changes(tmp_path: Path) -> None:
    """A change ends one stretch and begins the next, on the day it takes effect where that is said, else after the month before."""
    changed = claim(f278="3", f253="15-07-2019")
    rows = of_month(
        tmp_path, {0: [claim(f278="2"), dependant()], 4: [changed, dependant()], 8: [claim(f278="2"), dependant()]}
    )
    assert [(row["bedrooms"], row["start_date"], row["end_date"]) for row in rows] == [
        (2, D(2017, 3, 6), D(2019, 7, 14)),
        (3, D(2019, 7, 15), D(2019, 10, 31)),
        (2, D(2019, 11, 1), None),
    ]


def test_an_ended_claim_says_why(tmp_path: Path) -> None:
    """From the day after its end a claim is ended, holds no award, and carries the reason for closing (field 210)."""
    rows = of_month(
        tmp_path,
        {
            0: [claim(), dependant()],
            4: [claim(f33="0", f202="20-07-2019", f210="7"), dependant()],
            5: [claim("H2"), dependant("H2")],
        },
    )
    mine = [(row["status"], row["start_date"], row["end_date"], row["hb"], row["end_reason"]) for row in rows[:2]]
    assert mine == [
        ("in_payment", D(2017, 3, 6), D(2019, 7, 20), 9000, None),
        ("ended", D(2019, 7, 21), None, None, "7"),
    ]


def test_a_month_without_a_file_breaks_no_stretch(tmp_path: Path) -> None:
    """What is the same on both sides of a missing month holds over it."""
    files = extracts(shbe=months([claim(), dependant()]))
    del files["shbe/SHBE_201908.txt"], files["shbe/SHBE_201909.txt"]
    (row,) = circumstances(write(tmp_path, files), "shbe")
    assert (row["start_date"], row["end_date"]) == (D(2017, 3, 6), None)


PERIODS = (("1", 1.0), ("2", 2.0), ("3", 4.0), ("4", 52 / 12))


def test_rents_of_other_periods_come_to_a_week(tmp_path: Path) -> None:
    """The codes of field 182 are told by the claims: rents that are twice, four times or 52 twelfths of the eligible rent of a week."""
    lines: list[str] = []
    for code, times in PERIODS:
        for number in range(25):
            eligible = 10000 + 37 * number
            lines += [
                claim(f"H{code}{number:02}", f57=str(eligible), f181=str(round(eligible * times)), f182=code),
                dependant(f"H{code}{number:02}"),
            ]
        lines += [claim(f"X{code}", f57="9000", f181=str(round(12000 * times)), f182=code), dependant(f"X{code}")]
    rows = of_month(tmp_path, lines)
    assert [abs(row["rent"] - 12000) <= 1 for row in rows if row["eligible_rent"] == 9000] == [True] * len(PERIODS)  # type: ignore[operator]


def test_a_code_that_too_few_claims_tell_is_not_guessed(tmp_path: Path) -> None:
    """Three claims do not tell what a code means, so their rent is not known."""
    lines = [
        line for n in range(3) for line in (claim(f"H{n}", f57="10000", f181="40000", f182="3"), dependant(f"H{n}"))
    ]
    assert {row["rent"] for row in of_month(tmp_path, lines)} == {None}


# --- council tax support ------------------------------------------------------------------------------------

HOUSEHOLD = {
    "claim_ref": "T9", "ct_account_ref": "A9", "uprn": "900", "address_1": "9 Z STREET", "postcode": "ZZ1 1AA", "from_date": "01/04/2018",
    "to_date": "31/12/2099", "claim_type": "both", "status": "suspended", "suspension_date": "01/05/2018",
    "suspension_reason": "INFO", "end_reason": "", "tenure": "council tenant", "contractual_rent": "520.00", "rent_period": "monthly",
    "eligible_rent": "115.50", "bedrooms": "2", "household_size": "3", "lha_rate": "155.73", "hb_weekly_award": "80.01",
    "ctr_weekly_award": "12.34", "dhp_weekly_award": "15.00", "benefit_cap_reduction": "1.00", "size_criteria_reduction": "14.15",
    "non_dependant_deductions": "3.80", "overpayment_recovery": "11.10", "passport_benefit": "", "uc_in_payment": "Y",
    "uc_award": "400.25", "earnings": "250.00", "other_income": "60.5", "capital": "1,000.00", "excess_income": "9",
    "council_tax_balance": "321.09", "recovery_stage": "summons",
}  # fmt: skip
EXPECTED = {
    "tenure": "council", "rent": 12000, "eligible_rent": 11550, "bedrooms": 2, "lha_rate": 15573, "hb": 8001, "cts": 1234, "dhp": 1500,
    "benefit_cap": 100, "size_criteria": 1415, "non_dependant_deduction": 380, "overpayment_recovery": 1110, "passported": False,
    "uc_in_payment": True, "uc_award": 40025, "earnings": 25000, "other_income": 6050, "capital": 100000, "council_tax_balance": 32109,
    "recovery_stage": "summons", "status": "suspended", "suspension_reason": "INFO", "end_reason": None, "claimant_hours": 16.0,
    "partner_hours": None,
}  # fmt: skip
PEOPLE = (
    ("T9", "R91", "claimant", "DDD", "", "JONES", "05/06/1980", "M", "CANARYNINO", "01/04/2018", "31/12/2099", "16"),
    ("T9", "R92", "dependant", "EEE", "", "JONES", "07/08/2011", "F", "CANARYNINO", "01/04/2018", "31/12/2099", ""),
)
PERSON = "claim_ref person_ref role forename other_names surname dob sex nino from_date to_date hours"


def cts(households: Iterable[Mapping[str, str]]) -> dict[str, bytes]:
    held = list(households)
    return {
        "cts/household_period.csv": table(list(held[0]), [list(row.values()) for row in held]),
        "cts/person_period.csv": table(PERSON, PEOPLE),
    }


def told(rows: list[Row]) -> Row:
    (row,) = rows
    return {name: row[name] for name in EXPECTED}


def test_every_column_of_council_tax_support_is_read(tmp_path: Path) -> None:
    """Each documented column of a household period stands in the stretch, amounts in pence and the rent by the week."""
    assert told(circumstances(write(tmp_path, extracts(cts=cts([HOUSEHOLD]))), "cts")) == EXPECTED


def test_a_passported_period_holds_no_income(tmp_path: Path) -> None:
    """Where a passporting benefit is named, income, capital and hours are not known whatever stands there."""
    passported = {**HOUSEHOLD, "passport_benefit": "income-based jobseeker's allowance", "earnings": "0.00"}
    (row,) = circumstances(write(tmp_path, extracts(cts=cts([passported]))), "cts")
    assert (row["passport_benefit"], row["jobseeker_benefit"]) == ("jobseeker", True)
    held = [
        row[name]
        for name in ("passported", "earnings", "other_income", "capital", "claimant_hours", "out_of_work_benefit")
    ]
    assert held == [True, None, None, None, None, True]


@pytest.mark.parametrize(
    ("benefit", "passported"), [("", False), ("none", False), ("guarantee pension credit", True), (None, None)]
)
def test_no_passporting_benefit_is_known_only_where_it_is_asked(
    tmp_path: Path, benefit: str | None, passported: bool | None
) -> None:
    """A blank is none where the extract has the column; without the column nothing is known."""
    row = {name: value for name, value in HOUSEHOLD.items() if name != "passport_benefit"}
    row |= {} if benefit is None else {"passport_benefit": benefit}
    (made,) = circumstances(write(tmp_path, extracts(cts=cts([row]))), "cts")
    assert (made["passported"], made["earnings"]) == (passported, None if passported else 25000)


def test_periods_that_say_the_same_are_one_stretch(tmp_path: Path) -> None:
    """Periods that follow on each other and differ in nothing are one; an address that changes is no circumstance."""
    spans = [("01/04/2018", "30/04/2019"), ("01/05/2019", "31/05/2019"), ("01/06/2019", "31/12/2099")]
    rows = [{**HOUSEHOLD, "from_date": start, "to_date": end} for start, end in spans]
    rows[1]["address_1"] = "10 Z STREET"
    rows[2]["bedrooms"] = "3"
    made = circumstances(write(tmp_path, extracts(cts=cts(rows))), "cts")
    assert [(row["bedrooms"], row["start_date"], row["end_date"]) for row in made] == [
        (2, D(2018, 4, 1), D(2019, 5, 31)),
        (3, D(2019, 6, 1), None),
    ]


RENTS = (
    ("weekly", 10000),
    ("fortnightly", 5000),
    ("four weekly", 2500),
    ("monthly", 2308),
    ("yearly", 192),
    ("", None),
    ("daily", None),
)


@pytest.mark.parametrize(("period", "weekly"), RENTS)
def test_a_rent_comes_to_a_week_by_its_period(tmp_path: Path, period: str, weekly: int | None) -> None:
    """Twelve months, four quarters or a year are 52 weeks; a rent whose period is not told is not known."""
    row = {**HOUSEHOLD, "contractual_rent": "100.00", "rent_period": period}
    (made,) = circumstances(write(tmp_path, extracts(cts=cts([row]))), "cts")
    assert made["rent"] == weekly


def test_a_parquet_table_tells_the_same(tmp_path: Path) -> None:
    """The same columns in Parquet, as text or typed, come to the same circumstances."""
    files = extracts(cts=cts([HOUSEHOLD]))
    del files["cts/household_period.csv"]
    folder = write(tmp_path, files)
    typed: dict[str, pa.Array] = {name: pa.array([value]) for name, value in HOUSEHOLD.items()}
    typed |= {"bedrooms": pa.array([2]), "from_date": pa.array([D(2018, 4, 1)]), "eligible_rent": pa.array([115.5])}
    pq.write_table(pa.table(typed), folder / "cts/household_period.parquet")  # pyright: ignore[reportUnknownMemberType]
    assert told(circumstances(folder, "cts")) == EXPECTED


def test_workbooks_tell_the_same(tmp_path: Path) -> None:
    """The same columns in workbooks come to the same circumstances."""
    files = extracts(cts=cts([HOUSEHOLD]))
    del files["cts/household_period.csv"], files["cts/person_period.csv"]
    files["cts/household_period.ods"] = made_ods({"claims": [list(HOUSEHOLD), list(HOUSEHOLD.values())]})
    files["cts/person_period.xlsx"] = made_xlsx({"people": [PERSON.split(), *map(list, PEOPLE)]})
    assert told(circumstances(write(tmp_path, files), "cts")) == EXPECTED


def test_without_monthly_files_the_periods_tell_housing_benefit(tmp_path: Path) -> None:
    """Where there is no monthly extract, awards of Housing Benefit come from the periods; where there is one, from it alone."""
    files = extracts(cts=cts([{**HOUSEHOLD, "status": "live"}]))
    with_months = write(tmp_path / "with", files)
    without = write(tmp_path / "without", {name: data for name, data in files.items() if not name.startswith("shbe/")})
    for folder, expected in ((with_months, {"cts"}), (without, {"cts", "hb"})):
        with engine_at_hand() as engine:
            tables = receive(engine, source_files(folder), year="2019-20", new_key=lambda n: range(1, n + 1))
        names = {row["household_key"]: row["household_id"] for row in tables["household_identifier"].to_pylist()}
        awards = [row for row in tables["award"].to_pylist() if names[row["household_key"]] == "T9"]
        assert {row["benefit"] for row in awards} == expected
    assert {(row["benefit"], row["weekly_pence"]) for row in awards} == {("hb", 8001), ("cts", 1234)}


def test_housing_benefit_without_council_tax_support_is_received(tmp_path: Path) -> None:
    """The monthly files alone make households, with their circumstances."""
    files = {name: data for name, data in extracts().items() if name not in cts_files()}
    assert [row["hb"] for row in circumstances(write(tmp_path, files), "shbe")] == [9000]

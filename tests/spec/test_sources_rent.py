"""Rent accounts, housing payments and council tax arrears: amounts a week, stretches and stages, and the weeks that are owed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from made_money import keys, read, reasons, rows_of

from hearthlink.sources.money.files import REPLACED, UNDATED
from hearthlink.sources.money.join import NOBODY
from hearthlink.sources.money.rent import NO_TENANCY, weekly

Cells = Mapping[str, object]
ACCOUNT, PERSON, BALANCE = (f"rent/{name}.csv" for name in ("rent_account", "rent_person", "rent_balance"))
TENANT = {"forename": "Aaa", "surname": "SMITH", "birth_date": "1985-02-01"}


def tenancy(**cells: object) -> Cells:
    return {"tenancy_ref": "T1", "claim_ref": "H1", "start_date": "2018-01-01", "rent": "100", **cells}


PERIODS = (
    (10000, "week", None, 10000),
    (10000, None, None, 10000),
    (20000, "fortnight", None, 10000),
    (40000, "four_weeks", None, 10000),
    (43333, "month", None, 10000),
    (130000, "quarter", None, 10000),
    (520000, "year", None, 10000),
    (10833, "week", 48, 10000),
    (10400, "week", 50, 10000),
    (10000, "week", 52, 10000),
    (10000, "week", 0, 10000),
    (None, "week", None, None),
)


@pytest.mark.parametrize(("pence", "period", "weeks", "made"), PERIODS)
def test_a_rent_is_one_a_week_on_average_over_the_year(
    pence: int | None, period: str | None, weeks: int | None, made: int | None
) -> None:
    """However it is told or charged, the same yearly rent is the same weekly rent."""
    columns = (pa.array([pence], pa.int64()), pa.array([period], pa.string()), pa.array([weeks], pa.int64()))
    assert weekly(*columns).to_pylist() == [made]


def test_a_tenancy_is_stretches_at_one_rent(tmp_path: Path) -> None:
    """Each rent holds until the day before the next; one told again goes on; the last holds until the tenancy ends."""
    rows = [
        tenancy(rent="100", rent_from="2018-01-01", bedrooms="2"),
        tenancy(rent="100.00", rent_from="2018-04-02", bedrooms="2"),
        tenancy(rent="476.67", rent_from="2019-04-01", rent_period="monthly", bedrooms="2", service_charge="43.33", end_date="2019-12-31", end_reason="Evicted", notice_date="2019-08-01", eviction_date="2019-12-31"),
    ]  # fmt: skip
    ended = {"tenancy_start": "2018-01-01", "tenancy_end": "2019-12-31", "end_reason": "eviction", "notice_date": "2019-08-01", "eviction_date": "2019-12-31"}  # fmt: skip
    assert rows_of(read(tmp_path, {ACCOUNT: rows}), "rent_account") == [
        {"whose": "H1", "tenancy_no": 1, "start_date": "2018-01-01", "end_date": "2019-03-31", "rent": 10000, "bedrooms": 2, **ended},
        {"whose": "H1", "tenancy_no": 1, "start_date": "2019-04-01", "end_date": "2019-12-31", "rent": 11000, "service_charge": 1000, "rent_period": "month", "bedrooms": 2, **ended},
    ]  # fmt: skip


def test_tenancies_of_a_household_are_told_apart(tmp_path: Path) -> None:
    """A move to another council home is another tenancy, so that a new rent there is no rise."""
    rows = [tenancy(end_date="2018-12-31"), tenancy(tenancy_ref="T0", start_date="2019-01-01", rent="130")]
    made = rows_of(read(tmp_path, {ACCOUNT: rows}), "rent_account")
    assert [(row["tenancy_no"], row["rent"], row.get("end_date")) for row in made] == [
        (1, 10000, "2018-12-31"),
        (2, 13000, None),
    ]


def test_other_tenants_are_told_in_a_table_of_their_own(tmp_path: Path) -> None:
    """A tenancy whose own row names nobody on file is joined by another of its tenants."""
    files = {
        ACCOUNT: [tenancy(claim_ref="", forename="Qqq", surname="QQQ", birth_date="1970-02-02")],
        PERSON: [{"tenancy_ref": "T1", **TENANT}, {"tenancy_ref": "T9", **TENANT}],
    }
    money = read(tmp_path, files)
    assert [row["whose"] for row in rows_of(money, "rent_account")] == ["H1"]
    assert reasons(money)[NO_TENANCY] == 1


def test_a_debt_is_so_many_weeks_of_the_rent_of_its_day(tmp_path: Path) -> None:
    """Each balance is set against the rent that held on the day, the first where it is earlier, and none where no rent is told."""
    files = {
        ACCOUNT: [tenancy(rent="100"), tenancy(rent="125", rent_from="2019-04-01"), tenancy(tenancy_ref="T2", rent="")],
        BALANCE: [
            {"tenancy_ref": "T1", "day": day, "balance": balance}
            for day, balance in (
                ("2017-12-31", "50"),
                ("2019-03-31", "400"),
                ("2019-04-01", "1000"),
                ("2019-05-01", "12.50 CR"),
            )
        ]
        + [
            {"tenancy_ref": "T2", "day": "2019-04-01", "balance": "10"},
            {"tenancy_ref": "T9", "day": "2019-04-01", "balance": "10"},
        ],
    }
    money = read(tmp_path, files)
    assert [
        (row["tenancy_no"], row["day"], row["balance"], row.get("weeks_owed")) for row in rows_of(money, "rent_balance")
    ] == [
        (1, "2017-12-31", 5000, 0.5),
        (1, "2019-03-31", 40000, 4.0),
        (1, "2019-04-01", 100000, 8.0),
        (1, "2019-05-01", -1250, -0.1),
        (2, "2019-04-01", 1000, None),
    ]
    assert reasons(money)[NO_TENANCY] == 1


def test_a_later_file_corrects_an_earlier(tmp_path: Path) -> None:
    """Of two rows about one rent or one day that of the later file stands; within a file nothing tells, and that is said."""
    files = {
        "rent/rent_account_2018.csv": [tenancy()],
        "rent/rent_account_2019.csv": [tenancy(rent="101")],
        BALANCE: [{"tenancy_ref": "T1", "day": "2019-04-01", "balance": owed} for owed in ("10", "12")],
    }
    money = read(tmp_path, files)
    assert [row["rent"] for row in rows_of(money, "rent_account")] == [10100]
    assert [row["balance"] for row in rows_of(money, "rent_balance")] == [1200]
    assert (reasons(money)[REPLACED], reasons(money)[UNDATED]) == (2, 1)


def test_the_order_of_rows_changes_nothing_of_rent(tmp_path: Path) -> None:
    """Rows of rents, tenants and balances in another order come to the same."""
    accounts = [
        tenancy(),
        tenancy(rent="120", rent_from="2019-04-01"),
        tenancy(tenancy_ref="T0", start_date="2018-01-01"),
    ]
    owed = [{"tenancy_ref": ref, "day": "2019-05-01", "balance": "1"} for ref in ("T0", "T1")]
    one = read(tmp_path / "one", {ACCOUNT: accounts, BALANCE: owed})
    other = read(tmp_path / "other", {ACCOUNT: accounts[::-1], BALANCE: owed[::-1]}, new_key=keys(3))
    for name in ("rent_account", "rent_balance"):
        assert rows_of(one, name) == rows_of(other, name) != []


def test_housing_payments_are_weekly_or_once(tmp_path: Path) -> None:
    """A weekly payment and a lump sum from the same day are two; a payment told again is the later one."""
    row = {"claim_ref": "H1", "start_date": "2019-05-06", "end_date": "2019-08-04", "weekly": "25", "lump_sum": "", "reason": "Bedroom Tax", "decision_date": "2019-05-20"}  # fmt: skip
    once = {**row, "weekly": "", "lump_sum": "600", "reason": "deposit"}
    files = {"housing_payments/dhp_1.csv": [row], "housing_payments/dhp_2.csv": [{**row, "weekly": "30"}, once]}
    money = read(tmp_path, files)
    usual = {"whose": "H1", "start_date": "2019-05-06", "end_date": "2019-08-04", "decided_date": "2019-05-20"}
    assert rows_of(money, "housing_payment") == [
        {**usual, "weekly": 3000, "reason": "size_criteria"},
        {**usual, "lump_sum": 60000, "reason": "deposit"},
    ]
    assert reasons(money)[REPLACED] == 1


def arrear(**cells: object) -> Cells:
    return {"ct_account_ref": "A1", "claim_ref": "H1", "day": "2019-06-30", "balance": "300", **cells}


def test_arrears_have_a_balance_a_stage_and_its_date(tmp_path: Path) -> None:
    """A dated balance keeps the stage it names and since when, and the year in which the debt arose."""
    row = arrear(recovery_stage="Liability Order granted", stage_date="2019-05-14", tax_year="2018")
    assert rows_of(read(tmp_path, {"council_tax/arrears.csv": [row]}), "council_tax_arrear") == [
        {"whose": "H1", "account_no": 1, "day": "2019-06-30", "tax_year": 2018, "balance": 30000, "stage": "liability_order", "stage_date": "2019-05-14"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spelt", "year"),
    [("2018", 2018), ("2018-19", 2018), ("2018/2019", 2018), ("CT 2018/19", 2018), ("18/19", None), ("20189", None)],
)
def test_a_debt_is_of_the_first_year_written(tmp_path: Path, spelt: str, year: int | None) -> None:
    """A tax year is kept by its April, however it is written; where no year can be told it is empty."""
    made = rows_of(read(tmp_path, {"council_tax/arrears.csv": [arrear(tax_year=spelt)]}), "council_tax_arrear")
    assert [row.get("tax_year") for row in made] == [year]


def test_stages_in_columns_of_their_own_become_dated_rows(tmp_path: Path) -> None:
    """Where each stage has a column, each date makes a row, once however often it is told."""
    dates = {"reminder_date": "2019-02-01", "summons_date": "2019-03-01", "liability_order_date": ""}
    rows = [arrear(**dates), arrear(day="2019-07-31", **dates)]
    made = rows_of(read(tmp_path, {"council_tax/arrears.csv": rows}), "council_tax_arrear")
    assert [(row["day"], row.get("balance"), row.get("stage")) for row in made] == [
        ("2019-02-01", None, "reminder"),
        ("2019-03-01", None, "summons"),
        ("2019-06-30", 30000, None),
        ("2019-07-31", 30000, None),
    ]


def test_the_liable_person_and_the_property_tell_an_account(tmp_path: Path) -> None:
    """An account with no claim is joined by the liable person's surname and the property, whole name or parted."""
    rows = [
        arrear(claim_ref="", lead_liab_name="SMITH, MS AAA", uprn="1001"),
        arrear(ct_account_ref="A2", claim_ref="", lead_liab_name="", surname="O'Jones", uprn="1001"),
        arrear(ct_account_ref="A3", claim_ref="", lead_liab_name="GREEN, MR", surname="", uprn="1001"),
    ]
    money = read(tmp_path, {"council_tax/arrears.csv": rows})
    assert [(row["whose"], row["account_no"]) for row in rows_of(money, "council_tax_arrear")] == [("H1", 1), ("H1", 2)]
    assert reasons(money)[NOBODY] == 1

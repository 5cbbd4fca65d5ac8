"""To which household a row of another file belongs: the keys in their order, what goes before what, and when nobody gets it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from made_money import MEMBERS, a_file, handles, households, keys, read, reasons, rows_of

from hearthlink.errors import DataProblem
from hearthlink.sources.money.files import NO_REFERENCE
from hearthlink.sources.money.join import IN_DOUBT, NOBODY
from hearthlink.sources.money.join_queries import RUNGS
from hearthlink.sources.reading.years import OUTSIDE, census_year

Cells = Mapping[str, object]
CLAIMANT = {"forename": "AAA", "surname": "Smith", "birth_date": "1985-02-01"}
"""The claimant of H1, who lives at ZZ1 1AA, property 1001."""
LATER = {"forename": "ddd", "surname": "BROWN", "birth_date": "1980-06-05"}
"""The claimant of H2, and from April 2019 of H3, at ZZ1 1AB, property 1002."""


def payment(**cells: object) -> Cells:
    return {"claim_ref": None, "start_date": "2019-06-03", "weekly": "10.00", **cells}


CASES: tuple[tuple[str, Cells, str, str], ...] = (
    ("a claim reference", payment(claim_ref="H1"), "H1", "joined by claim reference"),
    ("a reference the household went by before", payment(claim_ref="00-77/x"), "H1", "joined by claim reference"),
    ("a council tax account", payment(ct_account_ref="A 900"), "H3", "joined by council tax account"),
    ("name, birth date and postcode", payment(**CLAIMANT, postcode="zz11aa"), "H1", "joined by name, birth date and address"),
    ("name, birth date and property", payment(**CLAIMANT, uprn="0001001.0"), "H1", "joined by name, birth date and address"),
    ("further forenames", payment(**{**CLAIMANT, "forename": "Aaa Zed"}, uprn="1001"), "H1", "joined by name, birth date and address"),
    ("a partner, apostrophe and all", payment(forename="BBB", surname="Ojones", birth_date="1984-03-02", postcode="ZZ1 1AA"), "H1", "joined by name, birth date and address"),
    ("the household of that day", payment(**LATER, postcode="ZZ1 1AB"), "H3", "joined by name, birth date and address"),
    ("the household of an earlier day", payment(**LATER, postcode="ZZ1 1AB", start_date="2018-06-04", end_date="2018-07-01"), "H2", "joined by name, birth date and address"),
    ("a reference goes before a name", payment(claim_ref="H2", **CLAIMANT, postcode="ZZ1 1AA"), "H2", "joined by claim reference"),
    ("name and birth date without the address", payment(**CLAIMANT, postcode="ZZ9 9ZZ"), "", NOBODY),
    ("another birth date", payment(**{**CLAIMANT, "birth_date": "1985-02-02"}, postcode="ZZ1 1AA"), "", NOBODY),
    ("a grown child's own money", payment(forename="Fff", surname="BROWN", birth_date="1999-01-09", postcode="ZZ1 1AB"), "", NOBODY),
    ("a child", payment(forename="Ccc", surname="SMITH", birth_date="2012-05-03", postcode="ZZ1 1AA"), "", NOBODY),
    ("nobody at all", payment(), "", NOBODY),
    ("two households that fit alike", payment(claim_ref="SHARED"), "", IN_DOUBT),
    ("two that fit alike, though a name would tell", payment(claim_ref="SHARED", **CLAIMANT, postcode="ZZ1 1AA"), "", IN_DOUBT),
)  # fmt: skip

HANDLES = handles(
    claim=[("0077X", "H1"), ("shared", "H1"), ("shared", "H3")], account=[("A900", "H3")], nino=[("AB754321C", "H1")]
)


@pytest.mark.parametrize(("row", "whose", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_surest_key_that_fits_anybody_decides(tmp_path: Path, row: Cells, whose: str, words: str) -> None:
    """A row goes to the household that its surest key fits, dates deciding between two; if it still fits two, it goes to neither."""
    money = read(tmp_path, {"housing_payments/dhp.csv": [row]}, handles=HANDLES)
    assert [one["whose"] for one in rows_of(money, "housing_payment")] == ([whose] if whose else [])
    assert reasons(money) == {words: 1}


def award(**cells: object) -> Cells:
    usual = {"uc_ref": "U1", "start_date": "2019-05-10", "end_date": "2019-06-09", "award": "500", "children": "1"}
    return {**usual, **cells}


@pytest.mark.parametrize("number", ["AB754321C", "ab 75 43 21 d", "AB754321"])
def test_a_national_insurance_number_joins_in_memory_alone(tmp_path: Path, number: str) -> None:
    """It joins whatever its last letter, and neither it nor what stands for it is in any table or tally."""
    money = read(tmp_path, {"universal_credit/ucds.csv": [award(nino=number)]}, handles=HANDLES)
    assert [row["whose"] for row in rows_of(money, "universal_credit")] == ["H1"]
    assert reasons(money) == {"joined by National Insurance number": 1}
    written = str([table.to_pylist() for table in money.tables.values()]) + str(money.tallies)
    stands_for_it = [str(value) for value in HANDLES.nino.column("handle").to_pylist()]
    assert not any(secret in written for secret in ("754321", "75 43 21", *stands_for_it))


@pytest.mark.parametrize("number", ["TN123456A", "XX999999XX", "not known"])
def test_a_filler_is_no_number(tmp_path: Path, number: str) -> None:
    """Temporary and filler numbers join nobody, though two files hold the same."""
    held = handles(nino=[(number, "H1")])
    money = read(tmp_path, {"universal_credit/ucds.csv": [award(nino=number)]}, handles=held)
    assert rows_of(money, "universal_credit")[0]["whose"] == "own"


def test_a_row_that_fits_nobody_goes_with_others_of_its_reference(tmp_path: Path) -> None:
    """An award is followed through a change of address: its periods elsewhere go to the household of the others."""
    who = {f"claimant_{name}": value for name, value in CLAIMANT.items()}
    periods = [
        award(**who, postcode="ZZ1 1AA"),
        award(start_date="2019-06-10", end_date="2019-07-09", postcode="ZZ7 7ZZ"),
    ]
    money = read(tmp_path, {"universal_credit/ucds.csv": periods})
    assert [row["whose"] for row in rows_of(money, "universal_credit")] == ["H1", "H1"]
    assert reasons(money) == {RUNGS[4]: 1, RUNGS[8]: 1}


def test_a_reference_whose_rows_disagree_helps_nobody(tmp_path: Path) -> None:
    """Where rows of one account are of two households, a third row of it is of neither."""
    rows = [
        {"ct_account_ref": "A1", "claim_ref": claim, "day": day, "balance": "10"}
        for claim, day in (("H1", "2019-05-01"), ("H3", "2019-06-01"), ("", "2019-07-01"))
    ]
    money = read(tmp_path, {"council_tax/arrears.csv": rows})
    assert [row["whose"] for row in rows_of(money, "council_tax_arrear")] == ["H1", "H3"]
    assert reasons(money) == {RUNGS[1]: 2, NOBODY: 1}


def tenancy(**cells: object) -> Cells:
    return {"tenancy_ref": "T1", "start_date": "2018-01-01", "end_date": "", "rent": "100", **cells}


RENT: tuple[tuple[str, Cells, str, str], ...] = (
    ("name and birth date will do for a tenancy", tenancy(**CLAIMANT), "H1", RUNGS[6]),
    ("name, birth date and property", tenancy(**CLAIMANT, uprn="1001"), "H1", RUNGS[4]),
    ("surname and property", tenancy(surname="SMITH", uprn="1001"), "H1", RUNGS[7]),
    ("surname and property at other dates", tenancy(surname="BROWN", uprn="1002", end_date="2018-06-01"), "H2", RUNGS[7]),
    ("surname and property before anybody of the name was there", tenancy(surname="SMITH", uprn="1001", start_date="2001-01-01", end_date="2002-01-01"), "", NOBODY),
    ("surname alone", tenancy(surname="SMITH"), "", NOBODY),
    ("property alone", tenancy(uprn="1001"), "", NOBODY),
)  # fmt: skip


@pytest.mark.parametrize(("row", "whose", "words"), [case[1:] for case in RENT], ids=[case[0] for case in RENT])
def test_a_tenancy_is_joined_by_its_tenant_or_its_property(tmp_path: Path, row: Cells, whose: str, words: str) -> None:
    """A council tenancy goes to the tenant's household, or to the one of that surname in that property while it was there."""
    money = read(tmp_path, {"rent/rent_account.csv": [row]})
    assert [one["whose"] for one in rows_of(money, "rent_account")] == ([whose] if whose else [])
    assert reasons(money) == {words: 1}


def test_a_tenancy_over_two_households_in_turn_is_in_doubt(tmp_path: Path) -> None:
    """One that overlaps two households of the same tenant goes to neither, and is counted."""
    money = read(tmp_path, {"rent/rent_account.csv": [tenancy(**LATER)]})
    assert rows_of(money, "rent_account") == []
    assert reasons(money) == {IN_DOUBT: 1}


def test_placeholders_are_nobody(tmp_path: Path) -> None:
    """A birth date that systems fill in, or a name that stands for none, joins no two records."""
    member = [*MEMBERS, ("H3", "H3|4", "partner", "UNKNOWN", "UNKNOWN", "1900-01-01", "M", "2019-04-01", None)]
    row = payment(forename="UNKNOWN", surname="UNKNOWN", birth_date="1900-01-01", postcode="ZZ1 1AB")
    money = read(tmp_path, {"housing_payments/dhp.csv": [row]}, households=households(member=member))
    assert reasons(money) == {NOBODY: 1}


def test_the_order_of_rows_and_the_keys_change_nothing(tmp_path: Path) -> None:
    """With the rows of a file in another order, and with other keys, the same rows come out in the same order."""
    rows = [case[1] for case in CASES]
    one = read(tmp_path / "one", {"housing_payments/dhp.csv": rows}, handles=HANDLES)
    other = read(tmp_path / "other", {"housing_payments/dhp.csv": rows[::-1]}, handles=HANDLES, new_key=keys(9))
    assert rows_of(one, "housing_payment") == rows_of(other, "housing_payment") != []
    assert reasons(one) == reasons(other)


def test_without_any_file_every_table_is_there_and_empty(tmp_path: Path) -> None:
    """Each content table that files fill comes out as specified, with no row and nothing in the receipt."""
    money = read(tmp_path, {})
    filled = {name: table.num_rows for name, table in money.tables.items() if name != "household_home"}
    assert filled == dict.fromkeys(filled, 0)
    assert len(filled) == 8
    assert money.tallies == ()


def test_a_file_called_like_no_table_is_refused_by_name(tmp_path: Path) -> None:
    """In a folder of several tables a file must be called like one of them, with or without a month after it."""
    with pytest.raises(DataProblem, match="does not say which table") as caught:
        read(tmp_path, {"rent/extract.csv": a_file([tenancy()])})
    assert "rent_account" in str(caught.value.remedy)


DAYS = (
    ("2014-01-06", "2017-03-31", False),
    ("2014-01-06", "2017-04-01", True),
    ("2014-01-06", "", True),
    ("2021-03-31", "", True),
    ("2021-04-01", "", False),
)


@pytest.mark.parametrize(("start", "end", "kept"), DAYS)
def test_only_the_time_that_a_study_asks_about_is_kept(tmp_path: Path, start: str, end: str, kept: bool) -> None:
    """Rows that touch the 24 months before the year, the year or the 12 months after it stay; others are counted and not used."""
    row = payment(claim_ref="H1", start_date=start, end_date=end)
    money = read(tmp_path, {"housing_payments/dhp.csv": [row]}, year=census_year("2019-20"))
    assert len(rows_of(money, "housing_payment")) == kept
    assert reasons(money) == ({RUNGS[1]: 1} if kept else {OUTSIDE: 1})


@pytest.mark.parametrize("reference", ["000", "-", "./"])
def test_a_reference_of_marks_alone_is_none(tmp_path: Path, reference: str) -> None:
    """Rows under a reference without a letter or a digit are set aside: they would otherwise all be one another's."""
    rows = [
        {"ct_account_ref": reference, "claim_ref": "H1", "day": "2019-05-01", "balance": "10"},
        tenancy(tenancy_ref=reference),
    ]
    money = read(tmp_path, {"council_tax/arrears.csv": rows[:1], "rent/rent_account.csv": rows[1:]})
    assert reasons(money) == {NO_REFERENCE: 2}

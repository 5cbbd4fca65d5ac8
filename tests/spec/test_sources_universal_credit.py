"""Universal Credit awards: the last word on each period, paydays that only look like a change, and households the council does not know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_money import keys, read, reasons, rows_of

from hearthlink.sources.money.files import REPLACED
from hearthlink.sources.money.universal_credit import NO_AWARD, OTHERS_FIT, UNDATED, pay_shifts, uprating_day
from hearthlink.sources.money.universal_credit import REPLACED as CORRECTED
from hearthlink.sources.money.universal_credit_only import CHILDLESS, OWN

Cells = Mapping[str, object]
FILE = "universal_credit/uc_award.csv"


def award(**cells: object) -> Cells:
    usual = {
        "uc_ref": "U1", "claimant_forename": "Aaa", "claimant_surname": "Smith", "claimant_birth_date": "1985-02-01",
        "postcode": "ZZ1 1AA", "start_date": "2019-05-10", "end_date": "2019-06-09", "award": "812.50", "children": "1",
    }  # fmt: skip
    return {**usual, **cells}


STRANGER = {
    "uc_ref": "U9",
    "claimant_forename": "Zzz",
    "claimant_surname": "Alone",
    "claimant_birth_date": "1990-09-09",
}


def test_amounts_are_the_pence_of_the_period(tmp_path: Path) -> None:
    """Every element, deduction and income is kept in pence for the month, and what is not told is empty and no nought."""
    row = award(
        standard_allowance="317.82", child_element="277.08", housing_costs="£1,200.00", take_home_pay="0", sanctions="12.34",
        benefit_cap_reduction="", capital="6000", notice_type="Change", claim_date="01/03/2018", children="2",
    )  # fmt: skip
    (made,) = rows_of(read(tmp_path, {FILE: [row]}), "universal_credit")
    assert made == {
        "whose": "H1", "award_no": 1, "start_date": "2019-05-10", "end_date": "2019-06-09", "claim_date": "2018-03-01", "award": 81250,
        "standard_allowance": 31782, "child_element": 27708, "housing_element": 120000, "earnings": 0, "sanction": 1234, "capital": 600000,
        "children": 2, "notice": "change", "uprated": False,
    }  # fmt: skip


SAID_AGAIN: tuple[tuple[str, dict[str, list[Cells]], int, dict[str, int]], ...] = (
    ("the row sent later, wherever it stands", {FILE: [award(award="2", sent_date="2019-06-20"), award(award="1", sent_date="2019-06-12")]}, 200, {CORRECTED: 1}),
    ("the file of the later name", {"universal_credit/ucds_201906.csv": [award(award="1")], "universal_credit/ucds_201907.csv": [award(award="2")]}, 200, {CORRECTED: 1}),
    ("a date goes before a file's name", {"universal_credit/ucds_1.csv": [award(award="2", sent_date="2019-06-20")], "universal_credit/ucds_2.csv": [award(award="1")]}, 200, {CORRECTED: 1}),
    ("nothing tells which is later", {FILE: [award(award="1"), award(award="2")]}, 200, {CORRECTED: 1, UNDATED: 1}),
    ("nothing tells, and they stand the other way", {FILE: [award(award="2"), award(award="1")]}, 200, {CORRECTED: 1, UNDATED: 1}),
    ("the same said twice", {FILE: [award(award="2"), award(award="2")]}, 200, {CORRECTED: 1}),
)  # fmt: skip


@pytest.mark.parametrize(("files", "pence", "words"), [case[1:] for case in SAID_AGAIN], ids=[c[0] for c in SAID_AGAIN])
def test_a_later_row_for_a_period_takes_the_place_of_the_earlier(
    tmp_path: Path, files: dict[str, list[Cells]], pence: int, words: dict[str, int]
) -> None:
    """Each award has each assessment period once; what was replaced is counted, and so is a choice that nothing supports."""
    money = read(tmp_path, dict(files))
    assert [row["award"] for row in rows_of(money, "universal_credit")] == [pence]
    counted = reasons(money)
    assert {word: n for word, n in counted.items() if word in {CORRECTED, UNDATED}} == words


def test_other_awards_and_other_periods_replace_nothing(tmp_path: Path) -> None:
    """Two awards of one household in one month, as of a couple that parted, are both kept and told apart."""
    rows = [
        award(),
        award(start_date="2019-06-10", end_date="2019-07-09"),
        award(uc_ref="U2", start_date="2019-05-20", end_date="2019-06-19"),
    ]
    money = read(tmp_path, {FILE: rows})
    made = rows_of(money, "universal_credit")
    assert [(row["award_no"], row["start_date"]) for row in made] == [
        (1, "2019-05-10"),
        (1, "2019-06-10"),
        (2, "2019-05-20"),
    ]
    assert REPLACED not in reasons(money)


EARNED: tuple[tuple[str, list[float | None], list[str | None]], ...] = (
    ("steady", [400, 410, 400], [None] * 3),
    ("four-weekly pay, two paydays in one month", [400, 800, 410], [None, "two_paydays", None]),
    ("five Fridays in a month", [400, 500, 400], [None] * 3),
    ("paid early before a holiday", [400, 800, 0, 400], [None, "two_paydays", "no_payday", None]),
    ("a job lost", [400, 400, 0, 0], [None] * 4),
    ("a job lost after a last double pay", [400, 800, 0, 0], [None] * 4),
    ("a job found", [0, 0, 800, 800], [None] * 4),
    ("a rise that stays", [400, 800, 800], [None] * 3),
    ("nothing known beside it", [None, 800, None], [None] * 3),
    ("one period alone", [800], [None]),
)  # fmt: skip


@pytest.mark.parametrize(("earned", "words"), [case[1:] for case in EARNED], ids=[case[0] for case in EARNED])
def test_two_paydays_in_a_month_are_no_change(earned: list[float | None], words: list[str | None]) -> None:
    """A month whose earnings are about double those of alike months beside it is marked, and the month that lost its payday with it."""
    starts = [date(2019, 1 + n, 10) for n in range(len(earned))]
    rows = pa.table({"unit": ["r:U1"] * len(earned), "start_date": starts, "earnings": pa.array(earned, pa.float64())})
    assert pay_shifts(rows).to_pylist() == words
    assert pay_shifts(rows.take(list(range(len(earned)))[::-1])).to_pylist() == words[::-1]


def test_another_award_or_a_gap_is_not_beside_a_month() -> None:
    """Months of another award, and months with a gap between, say nothing of a payday."""
    days = [date(2019, 1, 10), date(2019, 2, 10), date(2019, 3, 10)]
    apart = pa.table({"unit": ["a", "b", "a"], "start_date": days, "earnings": [400.0, 800.0, 400.0]})
    gap = pa.table(
        {"unit": ["a"] * 3, "start_date": [days[0], days[1], date(2019, 6, 10)], "earnings": [400.0, 800.0, 400.0]}
    )
    assert pay_shifts(apart).null_count == pay_shifts(gap).null_count == 3


@pytest.mark.parametrize(
    ("year", "day"),
    [(2017, "2017-04-10"), (2018, "2018-04-09"), (2019, "2019-04-08"), (2020, "2020-04-06"), (2021, "2021-04-12")],
)
def test_new_rates_hold_from_the_first_monday_from_6_april(year: int, day: str) -> None:
    """The days on which new rates of Universal Credit began to hold, year by year."""
    assert uprating_day(year).isoformat() == day


@pytest.mark.parametrize(
    ("start", "uprated"),
    [("2019-04-07", False), ("2019-04-08", True), ("2019-05-07", True), ("2019-05-08", False), ("2019-12-08", False)],
)
def test_the_first_period_at_new_rates_is_marked(tmp_path: Path, start: str, uprated: bool) -> None:
    """One period of each award in a year is the first at its rates: that which begins within a month of the day."""
    (made,) = rows_of(read(tmp_path, {FILE: [award(start_date=start, end_date="2020-01-01")]}), "universal_credit")
    assert made["uprated"] is uprated


def test_a_household_known_from_universal_credit_alone_is_kept_and_marked(tmp_path: Path) -> None:
    """Its awards stand under a key of its own and its kind says so; nobody is told of it, and no household on file changes."""
    rows = [award(), award(**STRANGER), award(**STRANGER, start_date="2019-06-10", end_date="2019-07-09")]
    money = read(tmp_path, {FILE: rows})
    assert [row["whose"] for row in rows_of(money, "universal_credit")] == ["H1", "own", "own"]
    assert reasons(money)[OWN] == 2
    (fact,) = money.alone_facts.to_pylist()
    assert (fact["has_dependants"], fact["has_partner"], fact["credit_only"]) == (True, False, True)
    assert fact["household_key"] == money.tables["universal_credit"].column("household_key")[1].as_py()
    assert money.alone == {}
    assert "Alone" not in str(money)


def test_a_household_alone_without_a_child_is_left_out(tmp_path: Path) -> None:
    """The declared filter holds for them as well, over all their periods together, unless the study keeps households without children."""
    rows = [
        award(**STRANGER, children="0"),
        award(**STRANGER, children="0", start_date="2019-06-10", end_date="2019-07-09"),
        award(**{**STRANGER, "uc_ref": "U8", "claimant_forename": "Yyy"}, children=""),
        award(**{**STRANGER, "uc_ref": "U7", "claimant_forename": "Xxx"}, children="", child_element="277"),
    ]
    money = read(tmp_path / "one", {FILE: rows})
    assert reasons(money) == {CHILDLESS: 3, OWN: 1}
    assert reasons(read(tmp_path / "other", {FILE: rows}, keep_childless=True)) == {OWN: 4}


def test_who_they_are_is_told_only_where_the_study_links_them(tmp_path: Path) -> None:
    """Then they have identity tables of their own: claimant and partner, homes in order, and children by number and never by name."""
    moved = {"postcode": "ZZ8 8ZZ", "start_date": "2019-06-10", "end_date": "2019-07-09", "children": "2"}
    partner = {
        "partner_forename": "Vvv",
        "partner_surname": "Other",
        "partner_birth_date": "1991-01-08",
        "partner_sex": "M",
    }
    again = {
        **STRANGER,
        "uc_ref": "U0",
        "start_date": "2019-07-10",
        "end_date": "2019-08-09",
        "postcode": "ZZ8 8ZZ",
        "notice": "stop",
    }
    rows = [award(**STRANGER, **partner), award(**STRANGER, **partner, **moved), award(**again), award()]
    money = read(tmp_path, {FILE: rows}, link_alone=True)
    (identifier,) = money.alone["household_identifier"].to_pylist()
    assert identifier | {"household_key": 0} == {
        "household_id": "uc:U0", "household_key": 0, "first_date": date(2019, 5, 10), "last_date": date(2019, 8, 9), "dependants_stated": 1,
    }  # fmt: skip
    members = money.alone["household_member"].to_pylist()
    assert [(m["member_id"], m["forename"], m["end_date"]) for m in members] == [
        ("uc:U0|claimant", "Zzz", date(2019, 8, 9)),
        ("uc:U0|partner", "Vvv", date(2019, 7, 9)),
    ]
    homes = money.alone["household_residence"].to_pylist()
    assert [(h["postcode"], h["start_date"], h["end_date"]) for h in homes] == [
        ("ZZ1 1AA", date(2019, 5, 10), date(2019, 6, 9)),
        ("ZZ8 8ZZ", date(2019, 6, 10), date(2019, 8, 9)),
    ]


def test_an_award_of_several_households_makes_none_of_its_own(tmp_path: Path) -> None:
    """Periods that fit nobody, of an award whose other periods fit two households in turn, are set aside and are no household alone."""
    who = {"claimant_forename": "Ddd", "claimant_surname": "Brown", "claimant_birth_date": "1980-06-05"}
    spells = (("2019-01-10", "ZZ1 1AB"), ("2019-05-10", "ZZ1 1AB"), ("2019-07-10", "ZZ7 7ZZ"))
    rows = [award(**who, postcode=postcode, start_date=day, end_date=day) for day, postcode in spells]
    money = read(tmp_path, {FILE: rows})
    assert [row["whose"] for row in rows_of(money, "universal_credit")] == ["H2", "H3"]
    assert reasons(money)[OTHERS_FIT] == 1
    assert OWN not in reasons(money)


def test_a_key_in_use_is_not_given_twice(tmp_path: Path) -> None:
    """Should chance give a household known from Universal Credit alone a key that is taken, it gets another."""

    def unlucky(number: int) -> list[int]:
        return [101, *range(5000, 5000 + number)][:number] if number == 1 else list(range(6000, 6000 + number))

    money = read(tmp_path, {FILE: [award(**STRANGER)]}, new_key=unlucky)
    assert money.tables["universal_credit"].column("household_key").to_pylist() == [6000]


def test_rows_that_nobody_can_be_told_by_are_set_aside(tmp_path: Path) -> None:
    """A row with neither reference, number nor whole name, and one that ends before it begins, are counted and not used."""
    nameless = award(uc_ref="", claimant_forename="")
    backwards = award(end_date="2019-05-01")
    money = read(tmp_path, {FILE: [nameless, backwards]})
    assert money.tables["universal_credit"].num_rows == 0
    assert reasons(money) == {NO_AWARD: 1, "an end before its start": 1}


def test_order_of_rows_and_keys_change_nothing(tmp_path: Path) -> None:
    """The same awards in another order, under other keys, come out the same."""
    rows = [
        award(),
        award(**STRANGER),
        award(uc_ref="", start_date="2019-08-10", end_date="2019-09-09"),
        award(**{**STRANGER, "uc_ref": ""}, children="3"),
    ]
    one = read(tmp_path / "one", {FILE: rows}, link_alone=True)
    other = read(tmp_path / "other", {FILE: rows[::-1]}, link_alone=True, new_key=keys(5))
    assert rows_of(one, "universal_credit") == rows_of(other, "universal_credit")
    for name, table in one.alone.items():
        held = [c for c in table.column_names if c != "household_key"]
        assert table.select(held).to_pylist() == other.alone[name].select(held).to_pylist()


def test_a_workbook_or_parquet_will_do(tmp_path: Path) -> None:
    """The awards are read from any file of rows and columns, by the names of its columns."""
    folder = tmp_path / "universal_credit"
    folder.mkdir()
    row = award()
    pq.write_table(pa.table({name: [str(value)] for name, value in row.items()}), folder / "ucds.parquet")
    assert [r["award"] for r in rows_of(read(tmp_path, {}), "universal_credit")] == [81250]

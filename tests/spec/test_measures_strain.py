"""Precarity, acute strain, council tax and the door: signs add up, what is not seen adds nothing, and order is nothing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from hearthlink.engine import open_engine
from hearthlink.measures import measure as door
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.examples_money import BEGAN, FAMILY, MONEY_EXAMPLES, MOTHER, award, credit, period
from hearthlink.measures.measure import measure
from hearthlink.measures.worked import lines
from hearthlink.tables.measures import HOUSEHOLD_EVENT, HOUSEHOLD_STATE, MONTH_CALENDAR

Rows = Mapping[str, tuple[Row, ...]]
Facts = Mapping[str, Any]
"""Columns of a row, whose values are of any of the types a table holds."""
RICH: Facts = {"earnings": 40_000, "other_income": 8_000, "rent": 10_000, "overpayment_recovery": 0}
POOR: Facts = {"earnings": 0, "other_income": 2_000, "rent": 13_000, "overpayment_recovery": 0}
"""Ten pounds left after rent, with Housing Benefit of 120."""


def made(rows: Rows) -> dict[str, pa.Table]:
    """What the door makes of some rows."""
    with open_engine() as engine:
        return measure(engine, example_tables(rows), year_start=YEAR_START, comparator=lines())


def state(rows: Rows, column: str, month: int = 28) -> object:
    """A state in a month; None where it is not seen."""
    for row in made(rows)["household_state"].to_pylist():
        if row["first_month"] <= month <= row["last_month"]:
            return row[column]
    return None


def owing(stage: str) -> Row:
    return {"account_no": 1, "day": date(2019, 7, 31), "balance": 30_000, "stage": stage}


HELPED: Row = {"start_date": BEGAN, "end_date": date(2019, 12, 31), "weekly": 1_500}
ARREARS: Row = {"tenancy_no": 1, "day": date(2019, 7, 31), "balance": 60_000, "weeks_owed": 6.0}


@pytest.mark.parametrize(
    ("says", "facts", "more", "band"),
    [
        ("nothing amiss", RICH, {}, 0),
        ("hardly anything left counts twice", POOR, {}, 2),
        ("rent arrears", RICH, {"rent_balance": (ARREARS,)}, 1),
        ("a summons", RICH, {"council_tax_arrear": (owing("summons"),)}, 1),
        ("a reminder is no sign", RICH, {"council_tax_arrear": (owing("reminder"),)}, 0),
        ("an overpayment", {**RICH, "overpayment_recovery": 1_110}, {}, 1),
        ("a discretionary payment", RICH, {"housing_payment": (HELPED,)}, 1),
        ("four signs are three", POOR, {"housing_payment": (HELPED,), "council_tax_arrear": (owing("summons"),)}, 3),
        ("income not known", {"passported": True}, {"housing_payment": (HELPED,)}, None),
        ("income not known, but three signs seen", {"passported": True, "overpayment_recovery": 1_110}, {"housing_payment": (HELPED,), "council_tax_arrear": (owing("summons"),)}, 3),
    ],
)  # fmt: skip
def test_signs_of_precarity_add_up(says: str, facts: Facts, more: Rows, band: int | None) -> None:
    """Each sign counts one, and a sign that cannot be seen adds nothing; without income a band is told where other signs suffice."""
    rows = {
        "award": (award(BEGAN),),
        "household_period": (period(BEGAN, **facts),),
        "household_person": (MOTHER,),
        **more,
    }
    assert state(rows, "precarity") == band, says


@pytest.mark.parametrize(
    ("facts", "more", "strained"),
    [
        (POOR, {}, False),
        (POOR, {"council_tax_arrear": (owing("summons"),)}, False),
        (POOR, {"council_tax_arrear": (owing("liability_order"),)}, True),
        (POOR, {"rent_balance": (ARREARS,)}, True),
        (RICH, {"rent_balance": (ARREARS,), "council_tax_arrear": (owing("enforcement_agent"),)}, True),
        ({"passported": True}, {"rent_balance": (ARREARS,)}, None),
        ({"passported": True}, {"rent_balance": (ARREARS,), "council_tax_arrear": (owing("attachment"),)}, True),
    ],
)
def test_acute_strain_is_two_of_the_gravest(facts: Facts, more: Rows, strained: bool | None) -> None:
    """Two of the gravest signs at once are acute strain; one is not; and where one is seen and income is not, nothing is said."""
    rows = {
        "award": (award(BEGAN),),
        "household_period": (period(BEGAN, **facts),),
        "household_person": (MOTHER,),
        **more,
    }
    assert state(rows, "strain") == strained


def test_a_sanction_and_a_suspension_are_acute_strain() -> None:
    """A suspended benefit and a sanction at once are two of the gravest signs."""
    rows = {
        "award": (
            award(BEGAN, date(2019, 7, 7), benefit="cts"),
            award(date(2019, 7, 8), benefit="cts", status="suspended"),
        ),
        "universal_credit": (credit(date(2019, 7, 11), date(2019, 8, 10), 50_000, sanction=20_000),),
    }
    assert state(rows, "strain") is True


def test_council_tax_of_an_account_that_cannot_be_told_is_not_seen() -> None:
    """The office's file speaks of those who have council tax support, or are in it; of Housing Benefit alone it says nothing."""
    another: Row = {**owing("summons"), "household_key": 2}
    theirs: Row = {**award(BEGAN, benefit="cts"), "household_key": 2}
    for benefit, seen in (("hb", None), ("cts", False)):
        rows = {"award": (award(BEGAN, benefit=benefit), theirs), "council_tax_arrear": (another,)}
        assert [
            row["tax_arrears"] for row in made(rows)["household_state"].to_pylist() if row["household_key"] == 1
        ] == [seen]
    assert state({"award": (award(BEGAN, benefit="cts"),)}, "tax_arrears") is None


def test_a_stage_that_a_claim_comes_to_is_told_once() -> None:
    """A claim's own word for a summons is told when it comes, as first seen, and not again when another row says the same."""
    said = (
        period(BEGAN, date(2019, 7, 7), council_tax_balance=0),
        period(
            date(2019, 7, 8), date(2019, 12, 1), council_tax_balance=30_000, recovery_stage="Liability Order granted"
        ),
        period(date(2019, 12, 2), council_tax_balance=40_000, recovery_stage="enforcement agent"),
    )
    told = made({"award": (award(BEGAN, benefit="cts"),), "household_period": said})["household_event"].to_pylist()
    assert [(row["kind"], row["month"], row["basis"], row["dose"]) for row in told] == [("tax_order", 28, "seen", 2)]


# --- the door ------------------------------------------------------------------------------------------------


def everybody() -> dict[str, pa.Table]:
    """Every example as a household of its own, in one set of tables; keys follow the order of the examples."""
    rows: dict[str, list[Row]] = {}
    for key, example in enumerate(MONEY_EXAMPLES, 1):
        for name, told in example.rows.items():
            rows.setdefault(name, []).extend({**row, "household_key": key} for row in told)
    rows["household_person"] += [{**row, "household_key": 1} for row in FAMILY]
    return example_tables({name: tuple(told) for name, told in rows.items()})


def test_the_order_of_rows_is_nothing() -> None:
    """Tables turned upside down come to the same tables, row for row."""
    tables = everybody()
    turned = {
        name: table.take(pa.array(range(table.num_rows - 1, -1, -1), pa.int64())) for name, table in tables.items()
    }
    with open_engine() as engine:
        one, other = (measure(engine, held, year_start=YEAR_START, comparator=lines()) for held in (tables, turned))
    assert all(one[name].equals(other[name]) for name in one)


def test_households_worked_on_apart_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many households are worked on at once changes nothing."""
    tables = everybody()
    with open_engine() as engine:
        together = measure(engine, tables, year_start=YEAR_START, comparator=lines())
        monkeypatch.setattr(door, "AT_ONCE", 3)
        apart = measure(engine, tables, year_start=YEAR_START, comparator=lines())
    assert all(together[name].equals(apart[name]) for name in together)


def test_no_household_and_no_row_come_to_empty_tables() -> None:
    """Where nobody is on file there are no states and no events, and the calendar stands."""
    told = made({})
    assert (told["household_state"].num_rows, told["household_event"].num_rows, told["month_calendar"].num_rows) == (
        0,
        0,
        48,
    )


def test_stretches_neither_meet_nor_overlap_unless_something_changed() -> None:
    """Stretches of a household follow in order, and two that touch differ in some state; every table is as declared."""
    told = made(
        {
            "award": (award(BEGAN), award(date(2019, 7, 8), date(2019, 9, 1), benefit="cts")),
            "household_period": (period(BEGAN, **RICH),),
        }
    )
    assert HOUSEHOLD_STATE.conform(told["household_state"]).num_rows > 1
    assert HOUSEHOLD_EVENT.conform(told["household_event"]).num_rows == 1
    assert MONTH_CALENDAR.conform(told["month_calendar"]).num_rows == 48
    rows = told["household_state"].to_pylist()
    for one, other in itertools.pairwise(rows):
        assert other["first_month"] > one["last_month"]
        if other["first_month"] == one["last_month"] + 1:
            assert {k: v for k, v in one.items() if "month" not in k} != {
                k: v for k, v in other.items() if "month" not in k
            }

"""Losing a home: notices, evictions, homelessness and temporary accommodation, each trap by its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from hearthlink.measures import losing
from hearthlink.measures.calendar import month_calendar
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.months import grid_of
from hearthlink.tables.measures import EVENTS, TOLD_BY

BEGAN = date(2018, 1, 1)
OPENED, RELIEF = date(2019, 6, 3), date(2019, 7, 1)
Made = dict[str, object]


def events(rows: Mapping[str, tuple[Row, ...]]) -> list[tuple[str, date, int | None]]:
    """Kind, day and dose of everything that befell the households."""
    award: Row = {"benefit": "hb", "start_date": BEGAN, "status": "in_payment"}
    tables = example_tables({"award": (award,), **rows})
    made = losing.events(grid_of(tables, YEAR_START), tables)
    return [(row["kind"], row["day"], row["dose"]) for row in made.to_pylist()]


def case(duty: str | None, reason: str | None = None, **facts: object) -> Made:
    return {"case_no": 1, "opened_date": OPENED, "duty": duty, "loss_reason": reason, **facts}


def account(start: date = BEGAN, **facts: object) -> Made:
    return {"tenancy_no": 1, "start_date": start, "tenancy_start": BEGAN, "tenure": "council", **facts}


def stay(start: date, end: date | None) -> Made:
    return {"case_no": 1, "start_date": start, "end_date": end, "kind": "hostel"}


@pytest.mark.parametrize(
    ("duty", "reason", "expected"),
    [
        pytest.param("none", "private_tenancy", [], id="no duty is owed"),
        pytest.param("prevention", "family", [("homelessness", OPENED, 1)], id="about to be homeless"),
        pytest.param("relief", "family", [("homelessness", OPENED, 2)], id="a family that is no longer willing is no eviction"),
        pytest.param("main", "relationship_breakdown", [("homelessness", OPENED, 3)], id="nor is a couple that parts"),
        pytest.param(None, None, [("homelessness", OPENED, 1)], id="a duty that is not told is the least"),
        pytest.param("prevention", "private_tenancy", [("notice", OPENED, 1), ("homelessness", OPENED, 1)], id="a private tenant under notice"),
        pytest.param("relief", "private_tenancy", [("eviction", OPENED, None), ("homelessness", OPENED, 2)], id="a private tenant who had to leave"),
        pytest.param("main", "social_tenancy", [("eviction", OPENED, None), ("homelessness", OPENED, 3)], id="a social tenant who had to leave"),
    ],
)  # fmt: skip
def test_a_case_is_what_its_duty_and_its_reason_say(
    duty: str | None, reason: str | None, expected: list[tuple[str, date, int | None]]
) -> None:
    """A homelessness case is an event unless no duty is owed; with the end of a tenancy it is notice or eviction besides."""
    assert events({"homelessness": (case(duty, reason),)}) == expected


def test_a_duty_with_a_date_of_its_own_dates_the_eviction() -> None:
    """Prevention in June and relief in July, after a landlord's notice: notice in June, evicted in July."""
    told = case("relief", "private_tenancy", prevention_date=OPENED, relief_date=RELIEF)
    assert events({"homelessness": (told,)}) == [
        ("notice", OPENED, 1),
        ("eviction", RELIEF, None),
        ("homelessness", OPENED, 2),
    ]


def test_a_date_that_every_rent_of_a_tenancy_repeats_is_one_event() -> None:
    """Three stretches of one tenancy tell of one notice, one order and one eviction; the order does not vanish behind the notice."""
    notice, order, out = date(2019, 5, 7), date(2019, 6, 20), date(2019, 8, 1)
    dates = {
        "notice_date": notice,
        "possession_date": order,
        "eviction_date": out,
        "end_reason": "eviction",
        "tenancy_end": out,
    }
    rows = tuple(account(start, **dates) for start in (BEGAN, date(2018, 4, 2), date(2019, 4, 1)))
    assert events({"rent_account": rows}) == [("notice", notice, 1), ("notice", order, 2), ("eviction", out, None)]


@pytest.mark.parametrize(
    ("reason", "expected"), [("eviction", ["eviction"]), ("notice", []), ("transfer", []), (None, [])]
)
def test_a_tenancy_that_ends_is_an_eviction_only_where_it_says_so(reason: str | None, expected: list[str]) -> None:
    """A tenant who leaves, or is moved, is not evicted."""
    rows = (account(end_reason=reason, tenancy_end=date(2019, 8, 1)),)
    assert [kind for kind, _, _ in events({"rent_account": rows})] == expected


def test_an_eviction_told_by_two_files_is_one() -> None:
    """The rent account on the day, and the homelessness case opened the week after."""
    rows = {
        "rent_account": (account(end_reason="eviction", tenancy_end=OPENED - timedelta(days=7)),),
        "homelessness": (case("relief", "social_tenancy"),),
    }
    assert [one for one in events(rows) if one[0] == "eviction"] == [("eviction", OPENED - timedelta(days=7), None)]


def test_a_case_that_follows_another_is_the_same_until_a_quarter_is_over() -> None:
    """Cases of June and July are one, and one of December is another."""
    rows = tuple(
        case("relief", case_no=number) | {"opened_date": day}
        for number, day in enumerate((OPENED, OPENED + timedelta(days=40), OPENED + timedelta(days=200)), 1)
    )
    assert [day for _, day, _ in events({"homelessness": rows})] == [OPENED, OPENED + timedelta(days=200)]


def test_moves_from_one_temporary_home_to_another_are_one_stay() -> None:
    """With two weeks between, the second home is the same stay; with a month between it is another."""
    first = stay(OPENED, OPENED + timedelta(days=30))

    def begun(gap: int) -> list[date]:
        second = stay(OPENED + timedelta(days=30 + gap), None)
        return [day for _, day, _ in events({"temporary_accommodation": (first, second)})]

    assert begun(14) == [OPENED]
    assert begun(150) == [OPENED, OPENED + timedelta(days=180)]


def test_a_claim_whose_home_becomes_a_temporary_one_is_told_where_no_spell_is() -> None:
    """A tenure that changes to that of a temporary home is a move there; one that began with the claim is not seen to begin."""
    before: Made = {"start_date": BEGAN, "end_date": OPENED - timedelta(days=1), "source": "cts", "tenure": "private"}
    after: Made = {"start_date": OPENED, "source": "cts", "tenure": "council_temporary"}
    assert events({"household_period": (before, after)}) == [("temporary", OPENED, None)]
    assert events({"household_period": (after,)}) == []
    both = {"household_period": (before, after), "temporary_accommodation": (stay(OPENED - timedelta(days=5), None),)}
    assert events(both) == [("temporary", OPENED - timedelta(days=5), None)]


def test_two_households_keep_their_own_events() -> None:
    """What befalls one household is not taken for the same as what befalls another."""
    rows = tuple(case("relief", "family", household_key=key) for key in (1, 2))
    award = tuple(
        {"household_key": key, "benefit": "hb", "start_date": BEGAN, "status": "in_payment"} for key in (1, 2)
    )
    assert len(events({"homelessness": rows, "award": award})) == 2


def test_the_stay_of_2020_is_marked_and_takes_nothing_out() -> None:
    """The months from March 2020 are flagged in the calendar, and an eviction within them still counts."""
    tables = example_tables({"award": ({"benefit": "hb", "start_date": BEGAN, "status": "in_payment"},)})
    stayed = month_calendar(grid_of(tables, YEAR_START)).column("evictions_stayed").to_pylist()
    assert stayed == [False] * 35 + [True] * 13
    rows = (account(end_reason="eviction", tenancy_end=date(2020, 6, 1)),)
    assert events({"rent_account": rows}) == [("eviction", date(2020, 6, 1), None)]


def test_months_that_no_file_of_cases_speaks_of_are_told_apart() -> None:
    """A study without homelessness cases has months in which nobody could be seen to be homeless; other sources have flags of their own."""
    award: Row = {"benefit": "hb", "start_date": BEGAN, "status": "in_payment"}
    covered = tuple(
        {"source": source, "month": date(2019, month, 1), "covered": source != "homelessness" and month < 6}
        for source in ("hb", "homelessness", "rent")
        for month in range(1, 13)
    )
    tables = example_tables({"award": (award,), "month_covered": covered})
    made = month_calendar(grid_of(tables, YEAR_START))
    assert not any(made.column("homelessness_covered").to_pylist())
    assert made.column("rent_covered").to_pylist()[24:28] == [True, True, False, False]
    flags = {name for name in made.column_names if name.endswith("covered")}
    assert {flag for told in TOLD_BY.values() for flag in told} == flags
    assert set(TOLD_BY) <= set(EVENTS)

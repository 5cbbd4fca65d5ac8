"""Measures of benefits, income and disruptions against the truth of a made-up authority, which only this test opens."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hearthlink.engine import open_engine
from hearthlink.measures.disruptions import WITHIN
from hearthlink.measures.known import Known, known_of
from hearthlink.measures.measure import household_states, measure, told_of_all
from hearthlink.measures.months import UNKNOWN, Whole, at_month_ends, grid_of
from hearthlink.measures.people import BEFORE_COSTS
from hearthlink.measures.poverty import UNDER, banded
from hearthlink.measures.poverty import lines as lines_of
from hearthlink.measures.worked import lines
from hearthlink.sources import receive, source_files
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import synthesise

SETTINGS = Settings(
    children=300,
    households=1_300,
    months=36,
    seed=5,
    following=True,
    layouts=("cin", "identifiers", "shbe", "cts", "universal_credit", "council_tax", "geography"),
)
YEAR_START = date(2019, 4, 1)
LATE = ("summons", "liability order", "enforcement agent", "attachment of benefit")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Authority:
    """What measures made of an authority, and what is true of it. `events` and `befell` are rows of the grid and days, by kind."""

    known: Known
    states: dict[str, npt.NDArray[np.int8]]
    events: dict[str, list[tuple[int, date]]]
    befell: dict[str, list[tuple[int, date]]]
    true: list[Row]
    key: dict[str, int]

    def truly(self, value: str) -> Whole:
        """A true state on the last day of each month, [H, 48]; UNKNOWN where no claim truly runs."""
        rows = [row for row in self.true if row["household_id"] in self.key]
        number = np.array([_number(row[value]) for row in rows])
        start, end = (np.array([_days(row[name]) for row in rows]) for name in ("from", "to"))
        keys = np.array([self.key[row["household_id"]] for row in rows])
        return at_month_ends(self.known.grid, keys, start, end, number)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority made, received and measured."""
    folder = tmp_path_factory.mktemp("money")
    synthesise(folder, SETTINGS)
    with open_engine() as engine:
        tables = receive(
            engine,
            source_files(folder / "in"),
            year="2019-20",
            new_key=lambda n: random.Random(n).sample(range(2**53), n),
        )
        made = measure(engine, tables, year_start=YEAR_START, comparator=lines())
    known = known_of(grid_of(tables, YEAR_START), tables)
    identifier = tables["household_identifier"]
    key = dict(
        zip(identifier.column("household_id").to_pylist(), identifier.column("household_key").to_pylist(), strict=True)
    )
    told: dict[str, list[tuple[int, date]]] = {}
    inside = set(known.grid.row_of(pa.array(list(key.values()))).tolist())
    rows = known.grid.row_of(made["household_event"].column("household_key"))
    for row, event in zip(rows.tolist(), made["household_event"].to_pylist(), strict=True):
        if row in inside:
            told.setdefault(event["kind"], []).append((row, event["day"]))
    befell: dict[str, list[tuple[int, date]]] = {}
    for event in _rows(folder / "truth" / "events.csv"):
        if event["household_id"] in key:
            row = int(known.grid.row_of(np.array([key[event["household_id"]]]))[0])
            befell.setdefault(event["event"], []).append((row, date.fromisoformat(event["day"])))
    return Authority(
        known,
        household_states(known, lines(), told_of_all(tables)),
        told,
        befell,
        _rows(folder / "truth" / "states.csv"),
        key,
    )


@pytest.mark.parametrize(
    ("kind", "true_kinds", "days", "recall", "precision"),
    [
        ("suspension", ("suspension",), 31, 0.93, 0.97),
        ("cap", ("benefit_cap",), 31, 0.70, 0.85),
    ],
)
def test_events_are_the_true_ones(
    authority: Authority, kind: str, true_kinds: tuple[str, ...], days: int, recall: float, precision: float
) -> None:
    """Of the true events in observed months nearly all are told, and nearly all that are told are true."""
    true = [one for name in true_kinds for one in authority.befell.get(name, [])]
    told = authority.events[kind]
    seen = [one for one in true if _observed(authority.known, *one)]
    assert len(seen) >= 8
    assert _found(seen, told, days) >= recall
    assert _found(told, true, days) >= precision


def test_council_tax_orders_are_the_true_ones_of_households_whose_account_can_be_told(authority: Authority) -> None:
    """Of true arrears nearly all come to a summons or further as told, where the household's account is seen; and nothing else does."""
    true = [*authority.befell["arrears"], *authority.befell.get("arrears_before_eviction", [])]
    told, seen = authority.events["tax_order"], authority.states["tax_arrears"] >= 0
    judged = [one for one in true if _observed(authority.known, *one) and seen[one[0], _month(one[1]) - 2]]
    assert len(judged) >= 100
    assert _found(judged, told, 62) >= 0.95
    assert _found(told, true, 62) >= 0.97


def test_what_is_taken_back_is_found_where_a_source_holds_it(authority: Authority) -> None:
    """Most overpayments that began to be taken back are told; Universal Credit's debts, which the truth does not list, are told besides."""
    true = [one for one in authority.befell["overpayment_recovery"] if _observed(authority.known, *one)]
    assert _found(true, authority.events["recovery"], 31) >= 0.75


def test_claims_that_ended_are_the_true_ends_but_for_migrations(authority: Authority) -> None:
    """Ends that are told are true, and true ends that no migration explains and that files speak of afterwards are told."""
    told, true = authority.events["claim_end"], authority.befell["award_end"]
    assert _found(told, true, 31) >= 0.95
    credit = authority.known.tables["household_period"]
    reasons = credit.filter(pc.match_substring(credit.column("end_reason"), "universal credit"))
    migrated = set(authority.known.grid.row_of(reasons.column("household_key")).tolist())
    edge = date(2021, 3, 31) - timedelta(WITHIN + 1)
    seen = [one for one in true if one[0] not in migrated and one[1] <= edge and _observed(authority.known, *one)]
    assert len(seen) >= 100
    assert _found(seen, told, 31) >= 0.95


@pytest.mark.parametrize(
    ("state", "true_state", "seen_share", "agreeing"),
    [
        ("passported", "passported", 0.99, 0.999),
        ("universal_credit", "universal_credit", 0.99, 0.99),
        # Households with Housing Benefit alone have no account that can be told.
        ("tax_arrears", "recovery_stage", 0.85, 0.99),
    ],
)
def test_states_agree_with_the_truth_where_seen(
    authority: Authority, state: str, true_state: str, seen_share: float, agreeing: float
) -> None:
    """A state that is seen is the true one, and it is seen wherever a source holds it."""
    truth, made = authority.truly(true_state), authority.states[state]
    claims = authority.known.grid.observed & (truth != UNKNOWN)
    assert np.mean(made[claims] >= 0) >= seen_share
    both = claims & (made >= 0)
    assert np.mean(made[both] == truth[both]) >= agreeing


def test_income_is_the_true_one_where_it_is_seen_and_is_never_seen_of_a_passported_claim(authority: Authority) -> None:
    """Income before housing costs comes to the truth within a twentieth, and low income with it."""
    truth, made = authority.truly("income_before_housing_costs"), authority.known.income.before
    both = authority.known.grid.observed & (truth != UNKNOWN) & (made != UNKNOWN)
    assert np.mean(np.abs(made - truth)[both] <= 0.05 * truth[both]) >= 0.97
    assert not (both & (authority.truly("passported") == 1)).any()
    size, line = authority.known.people.size(BEFORE_COSTS), lines_of(authority.known.grid, lines(), "before")
    band = banded(np.where(both, truth, UNKNOWN), size, line)
    low = authority.states["low_income_before_costs"]
    judged = (band >= 0) & (low >= 0)
    assert np.mean((band <= UNDER)[judged] == (low == 1)[judged]) >= 0.99


def _observed(known: Known, row: int, day: date) -> bool:
    """Whether the household is observed at the end of the month before a day."""
    month = _month(day) - 1
    return 1 <= month < 48 and bool(known.grid.observed[row, month - 1])


def _month(day: date) -> int:
    return (day.year - 2017) * 12 + day.month - 3


def _found(wanted: list[tuple[int, date]], among: list[tuple[int, date]], days: int) -> float:
    """The share of some events that have one of others within so many days."""
    held: dict[int, list[date]] = {}
    for row, day in among:
        held.setdefault(row, []).append(day)
    near = [any(abs((day - one).days) <= days for one in held.get(row, [])) for row, day in wanted]
    return sum(near) / len(near)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else int(text == "true" or text in LATE)


def _days(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days if text else 2**31 - 1


def _rows(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))

"""Measures of work, rooms, rent and homes against the truth of a made-up authority, which only this test opens."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from hearthlink.engine import open_engine
from hearthlink.measures import losing, moves, rent, rises, rooms, work
from hearthlink.measures.known import Known, known_of
from hearthlink.measures.months import Whole, at_month_ends, equals, grid_of, whole_numbers
from hearthlink.sources import receive, source_files
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import synthesise

SETTINGS = Settings(
    children=300,
    households=1_300,
    months=36,
    seed=4,
    following=True,
    layouts=(
        "cin",
        "identifiers",
        "shbe",
        "cts",
        "universal_credit",
        "homelessness",
        "rent",
        "housing_payments",
        "geography",
    ),
)
CASES_SINCE = date(2018, 4, 3)
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Authority:
    """What a study knows of a made-up authority, and what is true of it."""

    known: Known
    states: list[Row]
    events: list[Row]
    key: dict[str, int]

    def truly(self, value: str) -> npt.NDArray[np.int64]:
        """A true state on the last day of each month, [H, 48]; -9 where no claim truly runs. A whole number, or true as 1."""
        rows = [row for row in self.states if row["household_id"] in self.key]
        number = [number_of(row[value]) for row in rows]
        keys = np.array([self.key[row["household_id"]] for row in rows])
        start, end = (np.array([days(row[name]) for row in rows]) for name in ("from", "to"))
        return at_month_ends(self.known.grid, keys, start, end, np.array(number), empty=-9)

    def befell(self, kind: str, since: date = date.min) -> tuple[Whole, Whole]:
        """Row of the grid and day of each true event of households on file, in months observed at both ends."""
        told = [row for row in self.events if row["event"] == kind and row["household_id"] in self.key]
        told = [row for row in told if date.fromisoformat(row["day"]) >= since]
        grid = self.known.grid
        household = grid.row_of(np.array([self.key[row["household_id"]] for row in told], np.int64))
        day = np.array([days(row["day"]) for row in told], np.int64)
        return in_sight(self.known, household, day)


def in_sight(known: Known, household: Whole, day: Whole) -> tuple[Whole, Whole]:
    """Those of some events that lie in a month observed at its end and at that of the month before."""
    month = known.grid.month_of(day)
    kept = (household >= 0) & (month >= 2) & (month <= 48)
    household, day, month = household[kept], day[kept], month[kept]
    seen = known.grid.observed[household, month - 1] & known.grid.observed[household, month - 2]
    return household[seen], day[seen]


def number_of(text: str) -> int:
    """A whole number; true and council as 1."""
    return int(text) if text.isdigit() else int(text in ("true", "council"))


def days(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days if text else 2**31 - 1


def rows_of(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def authority_in(folder: Path, settings: Settings) -> Authority:
    """An authority made, received and measured."""
    synthesise(folder, settings)
    with open_engine() as engine:
        tables = receive(
            engine,
            source_files(folder / "in"),
            year="2019-20",
            new_key=lambda n: random.Random(n).sample(range(2**53), n),
        )
    identifier = tables["household_identifier"]
    key = dict(
        zip(identifier.column("household_id").to_pylist(), identifier.column("household_key").to_pylist(), strict=True)
    )
    known = known_of(grid_of(tables, date(2019, 4, 1)), tables)
    return Authority(known, rows_of(folder / "truth" / "states.csv"), rows_of(folder / "truth" / "events.csv"), key)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, float]]:
    """What is measured of a small authority with every file that these measures read."""
    return measured(authority_in(tmp_path_factory.mktemp("homes"), SETTINGS))


def agreement(authority: Authority, made: npt.NDArray[np.int8], truth: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Of observed months with a true state the share in which it is seen, and of these the share in which it is right."""
    asked = authority.known.grid.observed & (truth != -9)
    seen = asked & (made >= 0)
    return seen.sum() / asked.sum(), float((made == truth)[seen].mean())


def found(
    authority: Authority, made: pa.Table, asked: tuple[Whole, Whole], within: int, *truths: tuple[Whole, Whole]
) -> tuple[float, float]:
    """The share of the events asked for that were told within so many days, and of events told that were among the truths: those asked for, and more."""
    household = authority.known.grid.row_of(made.column("household_key"))
    household, day = in_sight(authority.known, household, whole_numbers(made.column("day")))
    true = tuple(np.concatenate([one[part] for one in (asked, *truths)]) for part in (0, 1))
    return hit_by(asked, (household, day), within), hit_by((household, day), (true[0], true[1]), within)


def hit_by(asked: tuple[Whole, Whole], told: tuple[Whole, Whole], within: int) -> float:
    days_of: dict[int, list[int]] = {}
    for household, day in zip(*told, strict=True):
        days_of.setdefault(int(household), []).append(int(day))
    near = [
        any(abs(int(day) - other) <= within for other in days_of.get(int(household), []))
        for household, day in zip(*asked, strict=True)
    ]
    return float(np.mean(near))


def of_kind(made: pa.Table, kind: str) -> pa.Table:
    return made.filter(pa.array(equals(made.column("kind"), kind)))


def measured(authority: Authority) -> dict[str, tuple[float, float]]:
    """Every figure of this page: for a state how much is seen and right, for an event how many are found and true."""
    known, grid, tables = authority.known, authority.known.grid, authority.known.tables
    room, job = rooms.states(grid, tables, known.claims), work.states(known)
    lost, moved = losing.events(grid, tables), moves.events(grid, tables)
    housed = np.where(known.housing.status >= 1, authority.truly("rent") - authority.truly("housing_support"), -9)
    band = sum(((housed >= step).astype(np.int64) for step in rent.SHORTFALL_STEPS), np.zeros(housed.shape, np.int64))
    council = (authority.truly("tenure") == 1).any(axis=1)
    owed = authority.befell("arrears")
    council_owed = (owed[0][council[owed[0]]], owed[1][council[owed[0]]])
    homeless, threatened = authority.befell("homelessness", CASES_SINCE), authority.befell("prevention_case")
    cases = of_kind(lost, "homelessness")
    earlier = authority.befell("homelessness")
    return {
        "overcrowded": agreement(authority, room["overcrowded"], authority.truly("overcrowded")),
        "workless": agreement(authority, job["workless"], authority.truly("workless")),
        "shortfall": agreement(authority, rent.shortfall(known), np.where(housed == -9, -9, band)),
        "job_loss": found(authority, work.events(known), authority.befell("job_loss"), 45),
        "rent_rise": found(authority, rises.rises(rises.changes(grid, tables)), authority.befell("rent_rise"), 45),
        "rent_arrears": found(authority, rent.events(grid, tables), council_owed, 62, owed),
        "homelessness": found(authority, cases, homeless, 62, threatened),
        "prevention": found(authority, cases, threatened, 62, homeless),
        "temporary": found(authority, of_kind(lost, "temporary"), homeless, 14, earlier),
        "move": found(authority, moved, authority.befell("move"), 120),
    }


SHARES = {
    "overcrowded": (0.93, 0.98),
    "workless": (0.93, 0.99),
    "shortfall": (0.99, 0.96),
    "job_loss": (0.85, 0.97),
    "rent_rise": (0.90, 0.78),
    "rent_arrears": (0.88, 0.94),
    "homelessness": (0.93, 0.97),
    "prevention": (0.95, 0.97),
    "temporary": (0.92, 0.97),
    "move": (0.55, 0.84),
}
"""The least share seen, or found, and the least right, or true: a little under the least of three seeds. Arrears are asked of council tenants. Of
moves the office never hears of a third, and of many it hears late; a move it never hears of, to a dearer home, passes for a rise."""


@pytest.mark.parametrize("name", SHARES)
def test_what_is_measured_is_what_is_true(name: str, figures: dict[str, tuple[float, float]]) -> None:
    """Each state is seen as often and as rightly, and each event found as often and told as truly, as its bound says."""
    first, second = figures[name]
    assert first >= SHARES[name][0]
    assert second >= SHARES[name][1]

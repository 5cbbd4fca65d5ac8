"""The door to what came before referrals: what rows there are, that nothing depends on names or order, and what over draws means."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from made_before import Home, Kid, room
from made_research import research
from scipy.special import stdtrit

from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.effects import before
from hearthlink.analysis.intervals import rubin_degrees
from hearthlink.analysis.over_draws import Estimates, Ratio, joined, less, some_draws, taken_off
from hearthlink.tables.answers import EFFECT, MONTHLY
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.plan import DESIGNS, Plan, Question

PLAN = Plan(
    tuple(Question(name, ("before_3",), designs=DESIGNS, planned=name != "move") for name in ("suspension", "job_loss", "move", "overcrowded", "shortfall")),
    exposure_months=(1, 6),
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    """The answers of a made research room."""
    return before(cohort(research(2, children=700, households=500, draws=12)), PLAN)


def test_the_tables_are_those_declared(made: dict[str, pa.Table]) -> None:
    """Both tables match their specification, and every measure that can be has every design."""
    assert made["monthly"].schema == MONTHLY.schema
    assert made["effect"].schema == EFFECT.schema
    found = {(row["measure"], row["design"]) for row in made["effect"].to_pylist()}
    events = {"suspension", "job_loss", "move"}
    assert found == {(one, design) for one in events for design in DESIGNS[1:]} | {
        (one, "matched_cohort") for one in ("overcrowded", "shortfall")
    }
    assert set(made["monthly"].column("measure").to_pylist()) == events
    assert set(made["monthly"].column("unit").to_pylist()) == {"month", "quarter", "half"}


def test_nothing_depends_on_pseudonyms_or_the_order_of_rows(made: dict[str, pa.Table]) -> None:
    """Other pseudonyms and another order of rows give the same figures, to the last byte."""
    again = before(cohort(research(2, children=700, households=500, draws=12, names=1)), PLAN)
    assert again["monthly"].equals(made["monthly"])
    assert again["effect"].equals(made["effect"])


def test_what_was_not_planned_says_so(made: dict[str, pa.Table]) -> None:
    """Rows of a question that was not in the sealed plan are not planned, in both tables."""
    for table in made.values():
        assert {row["measure"] for row in table.to_pylist() if not row["planned"]} == {"move"}


def test_best_link_figures_stand_at_the_top_alone(made: dict[str, pa.Table]) -> None:
    """Bands of a dose have no best-link figure beside the others: it would give the cell away."""
    rows = made["effect"].to_pylist()
    assert {row["treatment"] for row in rows if row["term"] == "any"} == {"draws", "corrected", "best_link"}
    assert {row["treatment"] for row in rows if row["term"] != "any"} == {"draws", "corrected"}
    assert {row["term"] for row in rows} == {"any", "1", "2", "3"}


def test_bands_of_a_dose_add_up_to_any(made: dict[str, pa.Table]) -> None:
    """The exposed cases and referents of the bands are those of any exposure."""
    rows = [
        row
        for row in made["effect"].to_pylist()
        if row["treatment"] == "draws" and not row["placebo"] and row["window"] != "weeks_1_to_4"
    ]
    for name in ("exposed_cases", "exposed_referents"):
        for key in {(row["measure"], row["design"]) for row in rows}:
            held = {row["term"]: row[name] for row in rows if (row["measure"], row["design"]) == key}
            if "1" in held:
                assert held["1"] + held["2"] + held["3"] == pytest.approx(held["any"])


def test_placebos_are_of_events_and_have_one_band(made: dict[str, pa.Table]) -> None:
    """Each event has a placebo, marked as one; a state has none."""
    rows = [row for row in made["effect"].to_pylist() if row["placebo"]]
    assert {row["measure"] for row in rows} == {"suspension", "job_loss", "move"}
    assert {row["term"] for row in rows} == {"any"}


def test_ends_are_about_the_ratio_and_cells_are_counts(made: dict[str, pa.Table]) -> None:
    """Where there is a ratio its ends lie about it; counts are within each other, the smallest cell the smallest."""
    rows = made["effect"].to_pylist()
    assert any(row["log_ratio"] is not None for row in rows)
    for row in rows:
        assert (row["log_ratio"] is None) == (row["low"] is None) == (row["high"] is None)
        if row["log_ratio"] is not None:
            assert row["low"] < row["log_ratio"] < row["high"]
        assert 0 <= row["exposed_cases"] <= row["cases"]
        assert 0 <= row["exposed_referents"] <= row["referents"]
        assert row["smallest_cell"] <= min(row["exposed_cases"], row["cases"] - row["exposed_cases"]) + 1e-9


def test_spans_of_a_curve_are_whole(made: dict[str, pa.Table]) -> None:
    """Numbers of a span lie between the fewest and the most of any draw, and its interval about its number."""
    for row in made["monthly"].to_pylist():
        assert row["fewest"] - 1e-9 <= row["having"] <= row["most"] + 1e-9
        assert row["having"] <= row["children"] + 1e-9
        if row["low"] is not None:
            assert row["low"] <= row["high"] <= row["children"] + 1e-9


def test_estimates_are_joined_by_rubins_rules() -> None:
    """Three draws of 0.1, 0.2 and 0.6, each with a variance of 0.04, come to 0.3, with variance 0.04 + 4/3 of 0.07."""
    found = Estimates(np.array([[0.1], [0.2], [0.6]]), np.full((3, 1, 1), 0.04), 40)
    told = joined(found)[0]
    assert told.log == pytest.approx(0.3)
    assert told.degrees == pytest.approx(rubin_degrees(0.07, 0.04, 3, 39))
    reach = float(stdtrit(told.degrees, 0.975)) * (0.04 + 0.07 * 4 / 3) ** 0.5
    assert (told.low, told.high) == pytest.approx((0.3 - reach, 0.3 + reach))
    assert joined(less(found, found))[0].log == pytest.approx(0.0)


def test_what_is_taken_off_widens_each_end_by_its_own_error() -> None:
    """Ends 0.3 below and 0.4 above, less a trend whose own end is 0.4 away: 0.5 below and the root of 0.32 above."""
    told = taken_off(Ratio(1.0, 0.7, 1.4, 12), 0.25, (0.4 / 1.959963985) ** 2)
    assert told.log == pytest.approx(0.75)
    assert (told.log - told.low, told.high - told.log) == pytest.approx((0.5, 0.32**0.5))
    assert told.degrees == 12
    assert taken_off(Ratio(1.0, 0.7, 1.4, 12), 0.0, 0.0) == Ratio(1.0, 0.7, 1.4, 12)


def test_draws_are_thinned_evenly() -> None:
    """Of 200 draws 40 are taken, one in five, of very many children 10, and of fewer than 40 all."""
    ranks = np.arange(200, dtype=np.int16)[None, :]
    assert some_draws(ranks)[0].tolist() == list(range(0, 200, 5))
    assert some_draws(ranks[:, :12]).shape == (1, 12)
    assert some_draws(np.broadcast_to(ranks, (20_001, 200))).shape == (20_001, 10)


def test_a_room_with_nobody_in_it_has_nothing_to_say() -> None:
    """Without children or households every ratio is *not enough evidence*, and no span has anybody."""
    empty = {name: table.slice(0, 0) if name != "research_calendar" else table for name, table in research(1).items()}
    made = before(cohort(empty), Plan(tuple(Question(name, ("before_3",), designs=DESIGNS) for name in MEASURES)))
    assert set(made["effect"].column("log_ratio").to_pylist()) == {None}
    assert set(made["monthly"].column("children").to_pylist()) == {0.0}


def test_the_trend_is_taken_off_whatever_the_treatment() -> None:
    """Where events grow commoner for everybody, no treatment of the links takes the growth for an effect."""
    random = np.random.default_rng(11)
    chance = np.where(np.arange(1, 49) > 24, 0.12, 0.03)
    homes = [
        Home(events=tuple(("suspension", int(month)) for month in np.flatnonzero(random.random(48) < chance) + 1))
        for _ in range(2000)
    ]
    kids = [Kid(int(random.integers(34, 37)), (place,)) for place in range(400)]
    rows = before(room(homes, kids), Plan((Question("suspension", ("before_3",), designs=DESIGNS),)))[
        "effect"
    ].to_pylist()
    told = {
        (row["design"], row["treatment"]): row["low"]
        for row in rows
        if row["window"] == "months_1_to_3" and not row["placebo"]
    }
    for treatment in ("draws", "corrected", "best_link"):
        assert told["case_crossover", treatment] > 0.4
        assert told["case_time_control", treatment] < 0 < told["case_crossover", treatment]

"""The proof of what came before referrals, at tiny size: its authority is the practice authority, and the judge can say no."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hearthlink.synthetic import Settings
from hearthlink.tables.definitions import MEASURES

ROOT = Path(__file__).parents[2]
SMALL = Settings(seed=301, children=300, households=700, months=36, following=True)


@pytest.fixture(scope="module", autouse=True)
def _beside() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Proofs lie at the root of the repository."""
    sys.path.insert(0, str(ROOT))
    yield
    sys.path.remove(str(ROOT))


def test_links_are_wrong_as_often_as_they_say() -> None:
    """Of families with two households to choose from, the likelier is theirs as often as its chance says, and none as often as that says."""
    from prove.before_world import Errors, linked, lived

    world = lived(SMALL)
    right: list[tuple[float, float]] = []
    for seed in range(60):
        found = linked(world, Errors(0.2), seed)
        true = np.full(len(found.household), -1)
        for child in world.children:
            true[child.family] = max(true[child.family], child.household)
        offered = found.household[:, 0] >= 0
        right.append((float((found.household[offered, 0] == true[offered]).mean()), float((true[offered] < 0).mean())))
    assert np.mean([one for one, _ in right]) == pytest.approx(0.7, abs=0.02)
    assert np.mean([none for _, none in right]) == pytest.approx(0.1, abs=0.02)


def test_what_should_be_found_is_the_hazard_over_the_window() -> None:
    """Without effect nothing should be found; with it, less than the log of the factor built in, as the windows are not the same."""
    from dataclasses import replace

    from prove.before_world import lived, truly

    for effect, least, most in ((0.0, 0.0, 0.0), (0.7, 0.3, 0.6)):
        found = truly(lived(replace(SMALL, event_log_rate_ratio=effect)), MEASURES["suspension"], (1, 3))
        assert least <= found <= most


def test_the_judge_can_say_no() -> None:
    """A ratio that is far off, intervals that miss and false alarms each fail; none does where all is well."""
    from prove import before, before_trial

    def trial(log: float, truth: float) -> before.Trial:
        made = [
            before.Found(links, "move", design, treatment, False, log, log - 0.1, log + 0.1, truth)
            for links in (*(one for one, _ in before.ERRORS), before_trial.WORST)
            for design in before_trial.DESIGNS
            for treatment in ("draws", "corrected", "best_link")
        ]
        return before.Trial(tuple(made), ())

    well = [trial(0.4 + (0.11 if place % 20 == 0 else 0.0), 0.4) for place in range(40)]
    off = [trial(0.6 + 0.001 * place, 0.4) for place in range(40)]
    assert before._too_far(before._effect(well)) == []
    assert len(before._too_far(before._effect(off))) == 2 * (len(before.ERRORS) + 1)
    wide = [trial(0.4 + 0.001 * (place % 3 - 1), 0.4) for place in range(200)]
    assert len(before._too_far(before._effect(wide))) == len(before.ERRORS), "too wide, but for the worst group alone"
    assert before._too_often("plain", before._alarms([trial(0.0, 0.0)] * 40)) == []
    assert before._too_often("plain", before._alarms([trial(0.3, 0.0)] * 40)) == ["false alarms, plain"]


def test_worlds_without_effect_keep_nothing_that_the_correction_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their trials hold the draws alone, and lie elsewhere than those of an effect, where the correction's source counts."""
    from prove import before, before_trial, kept

    found = [
        before.Found("none", "move", "case_crossover", treatment, False, 0.1, 0.0, 0.2, 0.0)
        for treatment in ("draws", "corrected", "best_link")
    ]
    monkeypatch.setattr(before_trial, "trial", lambda *_: before.Trial(tuple(found), ()))
    assert before_trial.by_draws("plain", 0.0, (), 1).ratios == (found[0],)
    assert kept.place_of("before", without=before.CORRECTION) != kept.place_of("before")
    judged = next(one for one in kept.claims() if one.name == "before").judges
    assert {*before.CORRECTION, *before.JUDGING} < set(judged)

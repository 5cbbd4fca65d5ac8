"""The whole of `hearthlink run` beside Splink's train and predict on the same standardised persons, in turn, several times."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import Cost, cost_of
from bench.studies import HEARTHLINK, JOBS, export_persons, fresh

Figures = dict[str, Any]


def compare(
    made: Path,
    scratch: Path,
    *,
    pairs: Sequence[float],
    repeats: int,
    within: dict[str, str],
    say: Callable[[str], None],
) -> Figures:
    """Costs of ours and theirs, and the ratios of each turn. `pairs` are the numbers of random pairs Splink learns u from."""
    threads = os.cpu_count() or 1
    persons: dict[str, int] = {}
    ours: list[Cost] = []
    theirs: dict[float, list[Cost]] = {each: [] for each in pairs}
    for turn in range(1, repeats + 1):
        study = fresh(made, scratch / "beside")
        ours.append(cost_of([HEARTHLINK, "run", str(study), "--quiet"], within=within))
        persons = persons or export_persons(study, scratch / "persons")
        for each in pairs:
            job = [str(JOBS / "job_splink.py"), str(scratch / "persons"), str(each), str(threads)]
            theirs[each].append(cost_of(job, within=within))
        told = ", ".join(f"Splink with {each:,.0f} pairs {costs[-1].wall:.1f} s" for each, costs in theirs.items())
        say(f"turn {turn} of {repeats}: hearthlink run {ours[-1].wall:.1f} s; {told}")
    return {
        "persons": persons,
        "threads": threads,
        "turns": repeats,
        "hearthlink": costs_as_figures(ours),
        "splink": [
            {"pairs": int(each), **costs_as_figures(costs), "ratio": _ratios(ours, costs)}
            for each, costs in theirs.items()
        ],
    }


def costs_as_figures(costs: Sequence[Cost]) -> Figures:
    """Median and range of wall and processor seconds and of peak MiB."""
    return {
        "wall_s": spread([cost.wall for cost in costs]),
        "processor_s": spread([cost.processor for cost in costs]),
        "peak_mib": spread([cost.peak for cost in costs]),
    }


def _ratios(ours: Sequence[Cost], theirs: Sequence[Cost]) -> Figures:
    """Ours as a share of theirs, turn by turn."""
    turns = list(zip(ours, theirs, strict=True))
    return {
        "wall": spread([one.wall / other.wall for one, other in turns]),
        "peak": spread([one.peak / other.peak for one, other in turns]),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and most, to three figures after the point."""
    return {"median": round(median(values), 3), "least": round(min(values), 3), "most": round(max(values), 3)}

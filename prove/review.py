"""The claim about clerical review: over many made samples, how often the intervals hold the truth."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import mean

from prove.evidence import ROOT, keep

TRIALS = 2_000
FIRST = 100_000
"""The first seed. Lower ones were looked at while the method was chosen, so they may not judge it."""

LEAST, MOST = 0.93, 0.97


def judge(count: int | None, processes: int) -> bool:
    """Judge the claim over `count` samples of each kind of linkage and keep the evidence."""
    sys.path.insert(0, str(ROOT / "tests"))
    from made_review import MADE, MEASURES, covered, trial  # pyright: ignore[reportMissingImports] - the tests' own

    trials = count or TRIALS
    figures: dict[str, dict[str, float]] = {}
    shares: list[float] = []
    for made in MADE:
        with ProcessPoolExecutor(processes) as pool:
            found: list[Mapping[str, tuple[bool, float]]] = list(
                pool.map(partial(trial, made), range(FIRST, FIRST + trials), chunksize=20)
            )
        covers = covered(found)
        shares += covers.values()
        figures[made.name] = {
            **{f"{name}_covered": covers[name] for name in MEASURES},
            **{f"{name}_mean_width_in_points": 100 * mean(one[name][1] for one in found) for name in MEASURES},
        }
    error = (0.95 * 0.05 / trials) ** 0.5
    held = min(shares) + 2 * error >= LEAST and LEAST <= mean(shares) <= MOST
    overall = {"mean": mean(shares), "least": min(shares), "greatest": max(shares), "monte_carlo_error": error}
    keep(
        "review",
        figures={"samples_of_each_kind": trials, "coverage": overall, **figures},
        held=held,
        command="python3 dev.py prove review",
        short=trials < TRIALS,
    )
    return held

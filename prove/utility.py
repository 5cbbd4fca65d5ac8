"""The claim about utility: how much the profiles and other rules print of made-up studies, how true it is, and what one attacker works out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from prove.evidence import ROOT, keep

STUDIES = 200
FIRST = 50_000
"""The first seed. Lower ones were looked at while the rules were written."""
SHARE = 10
"""Studies that one process takes at a time."""


def judge(count: int | None, processes: int) -> bool:
    """Judge the claim over `count` studies and keep the evidence."""
    studies = count or STUDIES
    seeds = [range(first, min(first + SHARE, FIRST + studies)) for first in range(FIRST, FIRST + studies, SHARE)]
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(_part, seeds))
    every = {rule: {name: sum(part[rule][name] for part in parts) for name in parts[0][rule]} for rule in parts[0]}
    figures = {
        rule: {
            "figures": found["figures"],
            "held_back_in_percent": round(100 * found["lost"] / found["figures"], 1),
            "mean_change_of_a_printed_figure": round(found["changed"] / (found["figures"] - found["lost"]), 2),
            "small_figures": found["small"],
            "worked_out_too_narrowly": found["narrow"],
            "worked_out_exactly": found["exact"],
            "studies_in_which_any_was": found["studies_open"],
        }
        for rule, found in every.items()
    }
    ours = [figures[rule] for rule in ("strict", "nhs", "dfe")]
    held = all(not one["worked_out_too_narrowly"] for one in ours) and (
        figures["strict"]["held_back_in_percent"] <= figures["two per line"]["held_back_in_percent"]
    )
    keep(
        "utility",
        figures={"studies": studies, **figures},
        held=held,
        command="python3 dev.py prove utility",
        short=studies < STUDIES,
    )
    return held


def _part(seeds: range) -> dict[str, Mapping[str, Any]]:
    """The sums over some studies, by rule."""
    sys.path.insert(0, str(ROOT / "tests"))
    from other_rules import compared  # pyright: ignore[reportMissingImports] - the tests' own

    return {rule: vars(outcome) for rule, outcome in compared(seeds).items()}

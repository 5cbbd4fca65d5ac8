"""Synthesis and the run at the study's size and at multiples of it: time, memory, and how they grow."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.measure import cost_of
from bench.studies import JOBS, Size, bytes_of, fresh, synthesise

Row = dict[str, Any]

CLOSE_TO_LINEAR = 1.25
"""Time or memory may grow by so many times the growth of the study, and is still called close to linear."""


def measure(
    factor: int,
    base: Size,
    scratch: Path,
    *,
    within: dict[str, str],
    standing: Mapping[str, Any],
    say: Callable[[str], None],
) -> Row:
    """One size: the cost of making it and of running it, the seconds of each step, and what the machine was doing."""
    size = base.times(factor)
    made = scratch / f"times_{factor}"
    making = synthesise(made, size, within)
    say(f"{factor} times: made in {making.wall:.0f} s")
    study = fresh(made, scratch / "grown")
    running = cost_of([str(JOBS / "job_steps.py"), str(study)], within=within)
    say(f"{factor} times: run in {running.wall:.0f} s, {running.peak / 1024:.1f} GiB at most")
    row: Row = {
        "factor": factor,
        "children": size.children,
        "households": size.households,
        "months": size.months,
        "extracts_mib": round(bytes_of(made / "in") / 2**20, 1),
        "made_s": round(making.wall, 2),
        "made_processes": size.processes,
        "made_peak_mib": round(making.peak_of_all, 1),
        "run_s": round(running.wall, 2),
        "run_processor_s": round(running.processor, 2),
        "run_peak_mib": round(running.peak, 1),
        "steps_s": {name: round(seconds, 2) for name, seconds in json.loads(running.printed).items()},
        **standing,
    }
    shutil.rmtree(study)
    if factor > 1:
        shutil.rmtree(made)
    return row


def close_to_linear(rows: Sequence[Row]) -> bool:
    """Whether neither time nor memory grew by much more than the study did, from each size to the next."""
    return all(
        later[name] / earlier[name] <= CLOSE_TO_LINEAR * later["factor"] / earlier["factor"]
        for earlier, later in pairwise(rows)
        for name in ("made_s", "made_peak_mib", "run_s", "run_peak_mib")
    )

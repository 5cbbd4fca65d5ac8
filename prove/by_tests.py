"""Claims that a test already judges at smoke size, judged by the same test at full count."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

from prove.evidence import ROOT, keep

COUNT = "PROVE_COUNT"
"""The environment variable from which these tests take their number of trials."""


def judged_by(claim: str, path: str, full: int) -> Callable[[int | None, int], bool]:
    """A judge for a claim: the tests at `path` (several parted by spaces), with `full` trials unless another count is asked for."""

    def judge(count: int | None, processes: int) -> bool:
        trials = count or full
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--numprocesses", str(processes), "--dist", "load", *path.split()],
            cwd=ROOT,
            env=os.environ | {COUNT: str(trials)},
            check=False,
            capture_output=True,
            text=True,
        )
        closing = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
        passed = re.search(r"(\d+) passed", closing)
        figures = {"trials_each": trials, "tests": path, "passed": int(passed[1]) if passed else 0}
        keep(
            claim,
            figures=figures,
            held=done.returncode == 0,
            command=f"python3 dev.py prove {claim}",
            short=trials < full,
        )
        if done.returncode:
            print(done.stdout[-4000:])
        return done.returncode == 0

    return judge

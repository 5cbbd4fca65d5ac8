"""Judge the claims of prove/claims.toml at full counts and leave the evidence: `python3 dev.py prove [NAME …] [--count N] [--processes N]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from prove import before, fuzz, links, review, spark, utility
from prove.by_tests import judged_by
from prove.evidence import FOLDER, claims

JUDGES: dict[str, Callable[[int | None, int], bool]] = {
    "links": links.judge,
    "sizes": links.judge_others,
    "review": review.judge,
    "spark": spark.judge,
    "fuzz": fuzz.judge,
    "before": before.judge,
    "disclosure": judged_by(
        "disclosure",
        "tests/generative/test_disclosure.py tests/generative/test_disclosure_answers.py tests/generative/test_disclosure_curves.py "
        "tests/referee/test_disclosure_optimum.py",
        10_000,
    ),
    "releases": judged_by(
        "releases", "tests/generative/test_disclosure_releases.py tests/generative/test_disclosure_outside.py", 200
    ),
    "utility": utility.judge,
    "kills": judged_by("kills", "tests/journey/test_kill_and_go_on.py", 100),
}
"""What judges each claim: takes a count of trials (None for the full one) and of processes, and says whether the claim held.
Claims about time and memory are judged by `dev.py bench`."""


def main() -> int:
    """Judge the claims named, or all that are judged here."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "names", nargs="*", choices=[*JUDGES, []], metavar="NAME", help=f"of {', '.join(JUDGES)}; all if none"
    )
    asked.add_argument(
        "--count", type=int, help="trials instead of the full number: figures are shown and no evidence is left"
    )
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    known = {claim.name: claim for claim in claims()}
    failed = False
    for name in given.names or JUDGES:
        print(f"{name}: {known[name].says}", flush=True)
        held = JUDGES[name](given.count, given.processes)
        failed = failed or not held
        print(f"{name}: {'held' if held else 'DID NOT HOLD'}; see {(FOLDER / f'{name}.json').name}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

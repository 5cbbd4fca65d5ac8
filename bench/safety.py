"""What being safe costs: `python3 dev.py bench safety [--turns 3]`.

A study of the usual size with a signed protocol is run by turns with everything on, with its guards taken off from outside (see
bench/job_safety.py), and with each role's steps in a process of its own. Then a release is made, reviewed and verified, and a long ledger
looked through. Leaves docs/evidence/safety.json and writes its figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests"))

from made_authority import LAST_DAY  # noqa: E402 - the roots must be on the path first  # pyright: ignore[reportMissingImports] - the tests' own
from made_authority import filled as with_a_name  # noqa: E402  # pyright: ignore[reportMissingImports]
from made_protocol import permit, team  # noqa: E402  # pyright: ignore[reportMissingImports]
from prove import evidence  # noqa: E402

from bench.measure import cost_of  # noqa: E402
from bench.run import standing  # noqa: E402
from bench.studies import HEARTHLINK, JOBS  # noqa: E402
from hearthlink.study import begin  # noqa: E402

BEGIN, END = "<!-- safety, written by bench/safety.py -->", "<!-- end of safety -->"
MODES = ("on", "off", "apart")
MOST = 1.10
"""The most that a guarded run may take of one without guards, in processor time."""
SECONDS = {"asked_again": 2.0, "ledger_of_20000_verified": 1.0}
"""The most seconds that it may take to ask a study again, and to look through a ledger of 20,000 lines."""
WORDS = {
    "asked_again": "the study asked again, with nothing to be done",
    "release_made": "a release made, with its automatic checks",
    "release_submitted": "handed in",
    "release_approved": "approved by two",
    "release_left": "made once more and let leave",
    "package_verified": "its package verified by an outsider",
    "cleared_beside_it": "the same study cleared again beside its release",
    "ledger_of_20000_verified": "a ledger of 20,000 lines verified",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the evidence, write the page. Fails where an aim is not met."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--turns", type=int, default=3, help="turns of each kind of run")
    asked.add_argument("--scratch", type=Path, help="folder for what is made and deleted")
    asked.add_argument("--short", action="store_true", help="show the evidence and do not keep it")
    asked.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="page to write into")
    given = asked.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hearthlink-safety-", dir=given.scratch) as made:
        figures = {"machine": standing(), **measured(Path(made), given.turns)}
    held = figures["processor"]["on / off"] <= MOST and all(figures["times"][n] <= most for n, most in SECONDS.items())
    evidence.keep("safety", figures=figures, held=held, command="python3 dev.py bench safety", short=given.short)
    if not given.short:
        write(given.page, figures)
    print(json.dumps(figures, indent=1))
    print(f"safety: {'held' if held else 'DID NOT HOLD'}", flush=True)
    return 0 if held else 1


def measured(scratch: Path, turns: int) -> dict[str, Any]:
    """The costs of the runs by turns, and of what leaves."""
    within = {"XDG_CACHE_HOME": str(scratch / "cache"), "XDG_STATE_HOME": str(scratch / "state"), "PYTHONHASHSEED": "0"}
    os.environ.update(within)
    keys = team(scratch / "people")
    made = permitted(scratch, keys, within)
    costs: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
    for turn in range(turns):
        for mode in MODES[turn % 3 :] + MODES[: turn % 3]:
            study = scratch / f"{mode}-{turn}"
            shutil.copytree(made, study)
            cost = cost_of([str(JOBS / "job_safety.py"), str(study), mode], within=within)
            costs[mode].append((cost.wall, cost.processor))
            print(f"turn {turn + 1}, {mode}: {cost.wall:.1f} s, processor {cost.processor:.1f} s", flush=True)
            if (mode, turn) != ("on", turns - 1):
                shutil.rmtree(study)
    told = cost_of([str(JOBS / "job_release.py"), str(scratch / f"on-{turns - 1}"), str(keys.folder)], within=within)
    return {
        "turns": turns,
        **{kind: _ratios(costs, place) for place, kind in enumerate(("wall", "processor"))},
        "times": json.loads(told.printed.splitlines()[-1]),
    }


def permitted(scratch: Path, keys: Any, within: dict[str, str]) -> Path:  # noqa: ANN401 - the tests' own type
    """A council's study over the extracts of a practice authority of the usual size, with a protocol that is signed."""
    practice, study = scratch / "practice", scratch / "study"
    cost_of([HEARTHLINK, "synthesise", str(practice), "--quiet"], within=within)
    path = begin(study)
    shutil.copytree(practice / "in", study / "in", dirs_exist_ok=True)
    path.write_text(with_a_name(path.read_text(encoding="utf-8")), encoding="utf-8")
    permit(study, keys, ends=LAST_DAY)
    return study


def _ratios(costs: dict[str, list[tuple[float, float]]], place: int) -> dict[str, Any]:
    """Seconds of each kind of run, the median with the least and the most, and the median of the ratios turn by turn."""
    seconds = {mode: sorted(one[place] for one in each) for mode, each in costs.items()}
    ratios = {
        f"{mode} / {base}": median(a[place] / b[place] for a, b in zip(costs[mode], costs[base], strict=True))
        for mode, base in (("on", "off"), ("apart", "on"))
    }
    return {**{mode: [median(each), each[0], each[-1]] for mode, each in seconds.items()}, **ratios}


def write(page: Path, figures: dict[str, Any]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = figures["machine"]
    said = f"{machine['cores']} cores, load {machine['load']} at the start, Python {machine['python']}; {figures['turns']} turns; taken {machine['taken']}."
    rows = [
        ("a run of the study", "wall, s", "processor, s"),
        ("---",) * 3,
        *(
            (words, *(f"{m:.1f} ({low:.1f} to {high:.1f})" for m, low, high in (figures[k][mode] for k in ("wall", "processor"))))
            for mode, words in (
                ("on", "in one process, everything on"),
                ("off", "the same without guards"),
                ("apart", "each role's steps in a process of its own"),
            )
        ),
        *(
            (words, *(f"{figures[k][name]:.3f}" for k in ("wall", "processor")))
            for name, words in (("on / off", "on / without"), ("apart / on", "apart / on"))
        ),
    ]  # fmt: skip
    times = [("", "seconds"), ("---", "---"), *((WORDS[name], f"{s:.2f}") for name, s in figures["times"].items())]
    tables = "\n\n".join("\n".join(f"| {' | '.join(row)} |" for row in each) for each in (rows, times))
    page.write_text(f"{before}{BEGIN}\n\n{said}\n\n{tables}\n\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())

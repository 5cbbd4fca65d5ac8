"""Every question of a study, with size: `python3 dev.py bench questions [--times 1 10 100]`.

A practice study of the usual size is run to its research room, which is then repeated under pseudonyms of its own: what the answers cost
grows with children, households, months and draws, and not with how different they are. Each size is worked out and cleared in a process of
its own. Leaves docs/evidence/questions.json and writes its figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prove import evidence  # noqa: E402 - the root must be on the path first

from bench.measure import cost_of  # noqa: E402
from bench.run import standing  # noqa: E402
from bench.studies import HEARTHLINK, JOBS  # noqa: E402

BEGIN, END = "<!-- questions, written by bench/questions.py -->", "<!-- end of questions -->"
SECONDS, MINUTES = 10.0, 300.0
"""The most that all questions may take on a study of the usual size, and on a hundred of them."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the evidence, write the page. Fails where an aim is not met."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, nargs="+", default=[1, 10, 100], help="multiples of the study's size")
    asked.add_argument("--scratch", type=Path, help="folder for what is made and deleted")
    asked.add_argument("--short", action="store_true", help="show the evidence and do not keep it")
    asked.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="page to write into")
    given = asked.parse_args(arguments)
    figures: dict[str, Any] = {"machine": standing(), "sizes": []}
    with tempfile.TemporaryDirectory(prefix="hearthlink-questions-", dir=given.scratch) as made:
        study = Path(made) / "study"
        within = {"XDG_CACHE_HOME": str(Path(made) / "cache"), "PYTHONHASHSEED": "0"}
        cost_of([HEARTHLINK, "demo", str(study), "--quiet"], within=within)
        for times in given.times:
            cost = cost_of([str(JOBS / "job_questions.py"), str(study), str(times)], within=within)
            row = {"times": times, **json.loads(cost.printed.splitlines()[-1])}
            figures["sizes"].append(row)
            print(
                f"{times}x: answer {row['answer']:.1f} s, clear {row['clear']:.1f} s, {row['peak']:,.0f} MiB",
                flush=True,
            )
    least = {1: SECONDS, 100: MINUTES}
    held = all(row["seconds"] <= least.get(row["times"], MINUTES) for row in figures["sizes"])
    held = held and {1, 100} <= {row["times"] for row in figures["sizes"]}
    evidence.keep("questions", figures=figures, held=held, command="python3 dev.py bench questions", short=given.short)
    if not given.short:
        write(given.page, figures)
    print(f"questions: {'held' if held else 'DID NOT HOLD'}", flush=True)
    return 0 if held else 1


def write(page: Path, figures: dict[str, Any]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = figures["machine"]
    said = f"{machine['cores']} cores, load {machine['load']} at the start, Python {machine['python']}; taken {machine['taken']}."
    page.write_text(
        f"{before}{BEGIN}\n\n{said}\n\n{_table(_rows(figures['sizes']))}\n\n{END}{after}",
        encoding="utf-8",
        newline="\n",
    )


def _rows(sizes: Sequence[dict[str, Any]]) -> Iterable[Sequence[str]]:
    yield "", "children", "households", "answers, s", "output checks, s", "peak memory, MiB"
    for row in sizes:
        yield (
            f"{row['times']}x", f"{row['children']:,}", f"{row['households']:,}", f"{row['answer']:.1f}", f"{row['clear']:.1f}",
            f"{row['peak']:,.0f}",
        )  # fmt: skip


def _table(rows: Iterable[Sequence[str]]) -> str:
    first, *others = rows
    return "\n".join(f"| {' | '.join(line)} |" for line in [first, ["---"] * len(first), *others])


if __name__ == "__main__":
    sys.exit(main())

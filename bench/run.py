"""Measure time and memory, beside Splink and with size: `python3 dev.py bench [--full]`.

Leaves docs/evidence/speed.json and growth.json and writes their figures into docs/benchmarks.md. `--full` adds a hundred
times the study's size, which needs some 12 GB of disk; without it the row of the last full bench is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prove import evidence  # noqa: E402 - the root must be on the path first

from bench import beside, growth, page  # noqa: E402
from bench.studies import Size, synthesise  # noqa: E402

AS_DEMONSTRATED, AS_ADVISED = 1e6, 1e8
"""Random pairs from which Splink learns u: as in its demonstrations, which it warns may be too few; and as the warning advises."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the evidence, write the page. Fails where a claim did not hold."""
    given = _options().parse_args(arguments)
    size = Size(given.children, given.households, given.months, os.cpu_count() or 1)
    factors = [*given.times, *([100] if given.full else [])]
    command = "python3 dev.py bench" + (" --full" if given.full else "")
    with tempfile.TemporaryDirectory(prefix="hearthlink-bench-", dir=given.scratch) as folder:
        scratch = Path(folder)
        within = {"XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONHASHSEED": "0"}
        speed = _speed(scratch, size, given.pairs, given.repeats, within)
        sizes = _sizes(scratch, size, factors, within)
    held = {
        "speed": all(each["ratio"]["wall"]["median"] < 1 for each in speed["splink"]),
        "growth": growth.close_to_linear(sizes) and {1, 10, 100} <= {row["factor"] for row in sizes},
    }
    for name, figures in (("speed", speed), ("growth", {"sizes": sizes})):
        evidence.keep(name, figures=figures, held=held[name], command=command)
        _say(f"{name}: {'held' if held[name] else 'DID NOT HOLD'}")
    page.write(given.page, speed, {"sizes": sizes})
    return 0 if all(held.values()) else 1


def _options() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--full", action="store_true", help="a hundred times the study's size too")
    asked.add_argument("--repeats", type=int, default=5, help="turns beside Splink")
    asked.add_argument("--times", type=int, nargs="+", default=[1, 10], help="multiples of the study's size")
    asked.add_argument(
        "--pairs", type=float, nargs="+", default=[AS_DEMONSTRATED, AS_ADVISED], help="Splink's random pairs"
    )
    asked.add_argument("--children", type=int, default=2200)
    asked.add_argument("--households", type=int, default=5000)
    asked.add_argument("--months", type=int, default=24)
    asked.add_argument(
        "--scratch", type=Path, help="folder for what is made and deleted; the system's temporary one if not given"
    )
    asked.add_argument(
        "--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="page to write the figures into"
    )
    return asked


def _speed(scratch: Path, size: Size, pairs: list[float], repeats: int, within: dict[str, str]) -> dict[str, Any]:
    machine = standing()
    made = scratch / "study"
    synthesise(made, size, within)
    figures = beside.compare(made, scratch, pairs=pairs, repeats=repeats, within=within, say=_say)
    shutil.rmtree(made)
    return {
        "size": {"children": size.children, "households": size.households, "months": size.months},
        "machine": machine,
    } | figures


def _sizes(scratch: Path, size: Size, factors: list[int], within: dict[str, str]) -> list[growth.Row]:
    kept = evidence.FOLDER / "growth.json"
    before = json.loads(kept.read_text(encoding="utf-8"))["figures"]["sizes"] if kept.is_file() else []
    rows = {row["factor"]: row for row in before if row["children"] == size.times(row["factor"]).children}
    for factor in factors:
        rows[factor] = growth.measure(factor, size, scratch, within=within, standing=standing(), say=_say)
    return [rows[factor] for factor in sorted(rows)]


def standing() -> dict[str, Any]:
    """The machine, and how busy it was: figures of a busy machine are worth less."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "taken": datetime.now(UTC).date().isoformat(),
    }


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())

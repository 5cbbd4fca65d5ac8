"""Reading, beside bare readers: `python3 dev.py bench reading [--part 0.1] [--only census]`.

For each kind of file (`MATERIALS`) one is made at full size, and each reader in turn reads it in a process of its own, all in one run: ours,
and those that only go through the bytes and keep nothing. Leaves docs/evidence/reading.json and writes its figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prove import evidence  # noqa: E402 - the root must be on the path first

from bench import reading_census, reading_page, reading_shbe  # noqa: E402
from bench.beside import spread  # noqa: E402
from bench.measure import cost_of  # noqa: E402
from bench.reading_material import Aim, Material  # noqa: E402
from bench.run import standing  # noqa: E402
from bench.studies import JOBS  # noqa: E402

Figures = dict[str, Any]

MATERIALS: tuple[Material, ...] = (reading_census.MATERIAL, reading_census.MILLION_CHILDREN, reading_shbe.MATERIAL)
"""Every kind of file that is measured. A further one is a row here, a module that makes it, and a job for each reader."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the evidence, write the page. Fails where an aim is not met."""
    given = _options().parse_args(arguments)
    figures: Figures = {"machine": standing(), "part": given.part, "materials": {}}
    with tempfile.TemporaryDirectory(prefix="hearthlink-reading-", dir=given.scratch) as made:
        for material in MATERIALS:
            if not given.names or material.name in given.names:
                folder = Path(made) / material.name
                folder.mkdir()
                figures["materials"][material.name] = measured(material, folder, given.part, given.repeats)
    held = all(aim["met"] for each in figures["materials"].values() for aim in each["aims"])
    named = "".join(f" --only {name}" for name in given.names)
    command = f"python3 dev.py bench reading{f' --part {given.part:g}' if given.part != 1 else ''}{named}"
    evidence.keep("reading", figures=figures, held=held, command=command, short=given.short)
    if not given.short:
        reading_page.write(given.page, figures)
    print(f"reading: {'held' if held else 'DID NOT HOLD'}", flush=True)
    return 0 if held else 1


def _options() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--only",
        dest="names",
        action="append",
        default=[],
        choices=[each.name for each in MATERIALS],
        help="one kind of file",
    )
    asked.add_argument("--part", type=float, default=1.0, help="the share of the full size")
    asked.add_argument("--repeats", type=int, default=3, help="turns")
    asked.add_argument("--scratch", type=Path, help="folder for what is made and deleted")
    asked.add_argument("--short", action="store_true", help="show the evidence and do not keep it")
    asked.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="page to write into")
    return asked


def measured(material: Material, folder: Path, part: float, repeats: int) -> Figures:
    """Every reader once a turn, the turns one after another; what each cost, and how the aims stand by the median of turns."""
    within = {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONHASHSEED": "0"}
    path, holds = material.make(folder, round(material.records * part), within)
    read: dict[str, list[Figures]] = {name: [] for name in material.jobs}
    for turn in range(1, repeats + 1):
        for name, (script, *words) in material.jobs.items():
            cost = cost_of([str(JOBS / script), *words, str(path)], within=within)
            read[name].append({"process": cost.wall, **json.loads(cost.printed.splitlines()[-1])})
        told = ", ".join(
            f"{name} {each[-1]['seconds']:.1f} s {each[-1]['peak']:.0f} MiB" for name, each in read.items()
        )
        print(f"{material.name}, turn {turn} of {repeats}: {told}", flush=True)
    return {
        "says": material.says,
        "holds": holds,
        "jobs": {name: _job(each) for name, each in read.items()},
        "aims": [_stands(aim, read) for aim in material.aims],
    }


def _job(turns: list[Figures]) -> Figures:
    costs = {what: spread([turn[what] for turn in turns]) for what in ("seconds", "process", "peak")}
    return costs | {"read": {what: count for what, count in turns[-1].items() if what not in costs}}


def _stands(aim: Aim, read: dict[str, list[Figures]]) -> Figures:
    ours = read[aim.ours]
    if aim.theirs is None:
        says, found = f"{aim.ours}: MiB", [turn["peak"] for turn in ours]
    else:
        says = f"{aim.ours} / {aim.theirs}: seconds"
        found = [a["seconds"] / b["seconds"] for a, b in zip(ours, read[aim.theirs], strict=True)]
    middle = spread(found)["median"]
    return {"says": says, "found": round(middle, 3), "at_most": aim.at_most, "met": middle <= aim.at_most}


if __name__ == "__main__":
    sys.exit(main())

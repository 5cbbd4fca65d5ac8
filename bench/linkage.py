"""Linking alone, beside peers: `python3 dev.py bench linkage [--peers PYTHON] [--england]`.

From standardised persons on disk to resolved links, at three sizes, each job a process of its own and all in turn in one run: ours; Splink
trained and predicting with its own comparisons, once with tight blocking rules and once with a birth date alone among them, where ours is
given the same rules; recordlinkage, where there is a Python that has it and the size allows; and the floor, a plain cascade of exact rules.
`--england` adds ours alone at England's size. Leaves docs/evidence/linkage.json and writes its figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prove import evidence  # noqa: E402 - the root must be on the path first

from bench import linkage_page  # noqa: E402
from bench.beside import costs_as_figures, spread  # noqa: E402
from bench.linkage_scores import scored  # noqa: E402
from bench.linkage_tables import ENGLAND, HUNDRED, STUDY, TEN, Extent, make  # noqa: E402
from bench.measure import Cost, cost_of  # noqa: E402
from bench.run import standing  # noqa: E402
from bench.studies import JOBS  # noqa: E402

Figures = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
DRAWS = 200
MOST_FOR_RECORDLINKAGE = TEN.children
"""It compares in pandas; beyond this it takes longer than all the others together."""

AIMS = (
    ("splink, tight rules", "ours", 1 / 8, 1 / 5),
    ("splink, birth date alone", "ours, birth date alone", 1 / 20, 1 / 10),
)
FLOOR = 3.0
ENGLAND_MINUTES, ENGLAND_MIB = 15, 8 * 1024


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the evidence, write the page. Fails where an aim is not met at the largest size."""
    given = _options().parse_args(arguments)
    threads = given.threads
    figures: Figures = {"machine": standing(), "threads": threads, "sizes": []}
    with tempfile.TemporaryDirectory(prefix="hearthlink-linkage-", dir=given.scratch) as made:
        scratch = Path(made)
        within = {"XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONHASHSEED": "0"}
        for extent in (STUDY, TEN, HUNDRED)[: given.sizes]:
            folder = (given.folder or scratch) / extent.name.replace(" ", "").replace(",", "")
            counts = aside(make, extent, folder, processes=threads, within=within)
            jobs = jobs_of(extent, folder, scratch, threads=threads, peers=given.peers)
            figures["sizes"].append(
                {"size": extent.name, **counts} | measured(jobs, folder, scratch, repeats=given.repeats, within=within)
            )
        if given.england:
            figures["england"] = england(given.folder or scratch, scratch, threads=threads, within=within)
    figures["skipped"] = [] if given.peers else ["recordlinkage: no Python that has it was named (--peers)"]
    figures["aims"] = aims(figures)
    held = all(each["met"] for each in figures["aims"])
    command = (
        "python3 dev.py bench linkage"
        + (" --peers PYTHON" if given.peers else "")
        + (" --england" if given.england else "")
    )
    evidence.keep("linkage", figures=figures, held=held, command=command, short=given.short)
    if not given.short:
        linkage_page.write(given.page, figures)
    _say(f"linkage: {'held' if held else 'DID NOT HOLD'}")
    return 0 if held else 1


def _options() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", help="a Python that has the packages of requirements/peers.txt")
    asked.add_argument(
        "--england", action="store_true", help="ours alone at England's size too; 20 GB of disk, and long"
    )
    asked.add_argument("--sizes", type=int, default=3, help="how many of the three sizes, from the smallest")
    asked.add_argument("--repeats", type=int, default=3, help="turns")
    asked.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    asked.add_argument(
        "--folder", type=Path, help="folder to keep the invented persons in; a temporary one if not given"
    )
    asked.add_argument("--scratch", type=Path, help="folder for what is made and deleted")
    asked.add_argument("--short", action="store_true", help="show the evidence and do not keep it")
    asked.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="page to write into")
    return asked


def jobs_of(extent: Extent, folder: Path, scratch: Path, *, threads: int, peers: str | None) -> dict[str, list[str]]:
    """The command of each job, the project's Python understood unless the first word is another Python's path."""
    width = str(threads)

    def job(kind: str, *more: str) -> list[str]:
        return [str(JOBS / f"job_link_{kind}.py"), str(folder), str(scratch / "links.parquet"), *more]

    jobs = {
        "ours": job("ours", "--threads", width),
        "splink, tight rules": job("splink", "tight", width),
        "ours, birth date alone": job("ours", "--threads", width, "--rules", "birth"),
        "splink, birth date alone": job("splink", "birth", width),
        "exact cascade": job("floor", width),
        f"ours, with {DRAWS} draws": job("ours", "--threads", width, "--draws", str(DRAWS)),
    }
    if peers is not None and extent.children <= MOST_FOR_RECORDLINKAGE:
        jobs["recordlinkage"] = [peers, *job("recordlinkage")]
    return jobs


def measured(
    jobs: dict[str, list[str]], folder: Path, scratch: Path, *, repeats: int, within: dict[str, str]
) -> Figures:
    """Every job once a turn, the turns one after another; costs, what each printed last, and how right its links were."""
    costs: dict[str, list[Cost]] = {name: [] for name in jobs}
    right: dict[str, Figures] = {}
    for turn in range(1, repeats + 1):
        for name, command in jobs.items():
            costs[name].append(cost_of(command, within=within))
            right[name] = aside(scored, scratch / "links.parquet", folder)
        told = ", ".join(f"{name} {each[-1].wall:.1f} s {each[-1].peak:.0f} MiB" for name, each in costs.items())
        _say(f"{folder.name}, turn {turn} of {repeats}: {told}")
    return {
        "jobs": {
            name: costs_as_figures(each) | json.loads(each[-1].printed.splitlines()[-1]) | right[name]
            for name, each in costs.items()
        },
        "ratios": {
            f"{ours} / {theirs}": {
                "wall": spread([a.wall / b.wall for a, b in zip(costs[ours], costs[theirs], strict=True)]),
                "peak": spread([a.peak / b.peak for a, b in zip(costs[ours], costs[theirs], strict=True)]),
            }
            for ours, theirs in _beside(jobs)
        },
    }


def aside(act: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Act in a process of its own. The system counts what this process holds when it starts a job as held by the job."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(act, *args, **named).result()


def _beside(jobs: dict[str, list[str]]) -> list[tuple[str, str]]:
    pairs = [("ours, birth date alone", "splink, birth date alone")]
    return pairs + [("ours", name) for name in jobs if not name.startswith("ours") and "birth" not in name]


def england(kept: Path, scratch: Path, *, threads: int, within: dict[str, str]) -> Figures:
    """Ours alone at England's size, with its bar: what it cost, and how right it was."""
    folder = kept / "England"
    counts = aside(make, ENGLAND, folder, processes=threads, within=within)
    command = [str(JOBS / "job_link_ours.py"), str(folder), str(scratch / "links.parquet"), "--threads", str(threads)]
    cost = cost_of([*command, "--bar"], within=within)
    _say(f"England: {cost.wall:.0f} s, {cost.peak:.0f} MiB")
    return (
        counts
        | costs_as_figures([cost])
        | json.loads(cost.printed.splitlines()[-1])
        | aside(scored, scratch / "links.parquet", folder)
    )


def aims(figures: Figures) -> list[Figures]:
    """Each aim of the issue, what was found at the largest size measured (median of turns), and whether it was met."""
    largest = figures["sizes"][-1]
    found: list[Figures] = []
    for theirs, ours, wall, peak in AIMS:
        ratio = largest["ratios"][f"{ours} / {theirs}"]
        for what, most in (("wall", wall), ("peak", peak)):
            found.append(_aim(f"{ours} / {theirs}: {what}", ratio[what]["median"], most))
        found += [
            _aim(f"{theirs}: its {what} / ours", largest["jobs"][theirs][what] / largest["jobs"][ours][what], 1.0)
            for what in ("person_f1", "household_f1")
        ]
    found.append(_aim("ours / exact cascade: wall", largest["ratios"]["ours / exact cascade"]["wall"]["median"], FLOOR))
    first = figures["sizes"][0]["jobs"]["ours"]
    found.append(_aim("seconds a pair, largest size / smallest", _each(largest["jobs"]["ours"]) / _each(first), 1.0))
    if "england" in figures:
        found.append(_aim("England, minutes", figures["england"]["wall_s"]["median"] / 60, ENGLAND_MINUTES))
        found.append(_aim("England, MiB", figures["england"]["peak_mib"]["median"], ENGLAND_MIB))
    return found


def _each(job: Figures) -> float:
    """Seconds a candidate pair, starting and reading left out."""
    return sum(seconds for act, seconds in job["seconds"].items() if act not in {"start", "read"}) / job["pairs"]


def _aim(says: str, found: float, most: float) -> Figures:
    return {"says": says, "found": round(found, 4), "at_most": round(most, 4), "met": found <= most}


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())

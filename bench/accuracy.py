"""How right the links are, beside peers, on sets made by others: `python3 dev.py bench accuracy`.

Links each set through `hearthlink.match` at its defaults and scores it against the truth, beside Splink, recordlinkage and an exact
cascade, each at the cut that suits it best. The sets of bench/sets need a Python that has what requirements/peers.txt pins (`--peers`),
and so do recordlinkage and dedupe; without one only the practice authority is linked, beside Splink. Leaves docs/evidence/accuracy.json
and writes its figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prove import evidence  # noqa: E402 - the root must be on the path first

from bench import accuracy_page  # noqa: E402
from bench.accuracy_peers import OTHERS, SPLINK, links_of, prepare  # noqa: E402
from bench.accuracy_practice import practice  # noqa: E402
from bench.accuracy_scores import Answer, as_figures, score, sweep  # noqa: E402
from bench.accuracy_sets import homes_of, truth_of  # noqa: E402
from hearthlink import match  # noqa: E402

PERSON_AIM, HOUSEHOLD_AIM = 1 / 3, 1 / 2
"""Our error (1 - F1) as a share of the best peer's at its best cut, at most: of persons and of households, where there are households."""

FLOOR = {"febrl4": 0.995}
"""Plain files of people are judged by the F1 of persons alone, those that are named here."""

SLOW = ("dedupe, 400 labels",)
Figures = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Make the sets, link them, keep the evidence and the page. Fails where the aim is missed on a set."""
    given = _options().parse_args(arguments)
    sizes = [(size, errors) for size in given.practice for errors in given.errors]
    kept = _kept() if given.kept else {}
    with tempfile.TemporaryDirectory(prefix="hearthlink-accuracy-", dir=given.scratch) as made:
        scratch = Path(made)
        folder = given.folder or scratch / "sets"
        within = {"XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONHASHSEED": "0"}
        names = list(given.sets) if given.kept else _by_others(given.peers, given.sets, folder)
        for size, errors in sizes:
            names.append(f"practice-{size}-errors-{errors:g}")
            if not (folder / names[-1] / "left.parquet").is_file():
                practice(folder / names[-1], scratch / "made", children=size, errors=errors, within=within)
        peers = [*SPLINK, *(() if given.peers is None else (p for p in OTHERS if given.slow or p not in SLOW))]
        figures = [
            measure(
                folder / name,
                scratch / "peers",
                peers=peers,
                python=given.peers or "",
                threads=given.threads,
                kept=kept,
            )
            for name in names
        ]
    held = all(row["aim"]["met"] for row in figures)
    command = "python3 dev.py bench accuracy" + (" --peers PYTHON" if given.peers or given.kept else "")
    evidence.keep("accuracy", figures={"sets": figures}, held=held, command=command, short=given.short)
    accuracy_page.write(given.page, figures)
    _say(f"accuracy: {'held' if held else 'DID NOT HOLD'}")
    return 0 if held else 1


def _options() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", help="a Python that has the packages of requirements/peers.txt")
    asked.add_argument("--sets", nargs="*", default=[], help="sets of bench/sets to link; all if none is named")
    asked.add_argument("--folder", type=Path, help="folder to keep the sets in; a temporary one if not given")
    asked.add_argument(
        "--practice", type=int, nargs="*", default=[50, 2200, 22000], help="practice authorities, children"
    )
    asked.add_argument(
        "--errors", type=float, nargs="*", default=[1, 2, 4], help="their rates of error, times the usual"
    )
    asked.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--slow", action="store_true", help="dedupe too, which takes minutes a set")
    asked.add_argument(
        "--kept",
        action="store_true",
        help="link the --sets of --folder anew, with what the evidence keeps of peers on them",
    )
    asked.add_argument("--short", action="store_true", help="show the evidence and do not keep it")
    asked.add_argument("--scratch", type=Path, help="folder for what is made and deleted")
    asked.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="page to write into")
    return asked


def _by_others(python: str | None, names: list[str], folder: Path) -> list[str]:
    """Make the sets of bench/sets that are not in the folder yet; their names."""
    if python is None:
        return []
    listed = subprocess.run(
        [python, str(ROOT / "bench" / "sets"), "--list"], check=True, capture_output=True, text=True
    ).stdout.split()
    wanted = names or listed
    missing = [name for name in wanted if not (folder / name / "left.parquet").is_file()]
    if missing:
        made = [python, str(ROOT / "bench" / "sets"), *missing, "--to", str(folder)]
        subprocess.run(made, check=True, capture_output=True)
    return list(wanted)


def _kept() -> dict[str, Figures]:
    """What the evidence keeps of each set: of peers it holds as long as the set is the same, whatever becomes of ours."""
    held = json.loads((ROOT / "docs" / "evidence" / "accuracy.json").read_text(encoding="utf-8"))
    return {row["set"]: row for row in held["figures"]["sets"]}


def measure(
    folder: Path, scratch: Path, *, peers: list[str], python: str, threads: int, kept: dict[str, Figures] | None = None
) -> Figures:
    """One set: ours, and each peer. A peer that fails is kept with its last words. `kept`: peers' figures that stand, by set."""
    truth, home_of = truth_of(folder), homes_of(folder)
    begun = time.perf_counter()
    ours = score(answers(folder), truth, home_of)
    took = time.perf_counter() - begun
    before = (kept or {}).get(folder.name)
    size = {"children": len(truth), "members": pq.read_metadata(folder / "right.parquet").num_rows}
    same = before is not None and size.items() <= before.items()
    theirs: dict[str, Figures] = dict(before["peers"]) if before is not None and same else {}
    if not same:
        prepare(folder, scratch)
    for peer in () if same else peers:
        try:
            links, seconds = links_of(peer, scratch, python=python, threads=threads)
            theirs[peer] = as_figures(sweep(links, truth, home_of)) | {"seconds": round(seconds, 2)}
        except RuntimeError as failure:
            theirs[peer] = {"failed": str(failure)}
    figures: Figures = {
        "set": folder.name,
        "says": (folder / "says.txt").read_text(encoding="utf-8").strip(),
        **size,
        "hearthlink": as_figures(ours) | {"seconds": round(took, 2)},
        "peers": theirs,
    }
    figures["aim"] = aim(folder.name, figures["hearthlink"], theirs)
    _say(f"{folder.name}: {json.dumps(figures['hearthlink'])} {json.dumps(figures['aim'])}")
    return figures


def answers(folder: Path) -> dict[str, Answer]:
    """What `hearthlink.match` says of a set, at its defaults."""
    left, right = (pq.read_table(folder / f"{side}.parquet") for side in ("left", "right"))
    return answered(match(left, right).links)


def answered(links: pa.Table) -> dict[str, Answer]:
    """The rows of a links table as answers."""
    return {
        row["left_person_id"]: Answer(
            row["household_id"] or None,
            row["household_probability"] or 0.0,
            row["right_person_id"] or None,
            row["person_probability"] or 0.0,
            row["none_probability"] or 0.0,
        )
        for row in links.to_pylist()
    }


def aim(name: str, ours: Figures, theirs: dict[str, Figures]) -> Figures:
    """Our error as a share of the best peer's at its best cut, and whether that is as small as aimed for.

    Where the best peer makes no error ours must make none. The aim is for households; of plain files FLOOR says which are judged.
    """
    shares: Figures = {}
    for what, most in (("person", PERSON_AIM), ("household", HOUSEHOLD_AIM)):
        reached = [peer[f"{what}_f1"] for peer in theirs.values() if peer.get(f"{what}_f1") is not None]
        if ours[f"{what}_f1"] is None or not reached:
            continue
        our_error, best_error = round(1 - ours[f"{what}_f1"], 4), round(1 - max(reached), 4)
        shares[what] = round(our_error / best_error, 3) if best_error else (0.0 if our_error == 0 else None)
        shares[f"{what}_met"] = shares[what] is not None and shares[what] <= round(most, 3)
    if ours["household_f1"] is None:
        return shares | {"met": ours["person_f1"] >= FLOOR.get(name, 0.0)}
    return shares | {"met": all(value for told, value in shares.items() if told.endswith("_met"))}


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""The claims about links: over many invented authorities, how right they are, and whether probabilities and intervals mean what they say."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from hearthlink.governance import Permit, Role
from hearthlink.study import Settings, make_practice, open_study, run
from hearthlink.study.run import open_store
from hearthlink.tables.catalogue import ALL_TABLES
from prove import families
from prove.authority import answered
from prove.cells import Cell, Judged, judged
from prove.evidence import keep
from prove.families import Families
from prove.trial import Stopped, Trial, trial

FIRST = 20_000
"""The first seed. Lower ones were looked at while figures were stated and the model was shaped, so they may not judge it."""

LOOKED_AT = 10_000
"""The first seed of shorter runs, which leave no evidence: anybody may look at these."""

USUAL = (Cell(2_200, 1, 1_000),)
OTHERS = (
    Cell(2_200, 2, 48), Cell(2_200, 4, 48),
    Cell(50, 1, 300), Cell(50, 2, 300), Cell(50, 4, 300),
    Cell(22_000, 1, 1), Cell(22_000, 2, 1), Cell(22_000, 4, 1),
)  # fmt: skip

FEWEST = 20
"""Authorities below which coverage cannot be judged."""

WITHOUT_TRUTH = 10
"""How many of the authorities are run whole as well, and linked once more with the truth folder deleted."""

HOUSEHOLD_F1, PERSON_F1, WRONG_SIBLINGS = 0.97, 0.95, 0.01
SAME = (
    "person",
    "candidate_pair",
    "parameter",
    "candidate_posterior",
    "link",
    "link_draw",
    "link_summary",
    "calibration",
)
LINKS = ("link", "candidate_posterior", "link_draw")


def judge(count: int | None, processes: int) -> bool:
    """Judge the links of authorities of the usual size and errors, over `count` of them, and keep the evidence."""
    first = _first(count)
    with _pool(processes) as pool:
        cells = list(_each(USUAL, count, _population(pool), pool))
        whole = list(pool.map(agrees, range(first, first + min(WITHOUT_TRUTH, count or WITHOUT_TRUTH))))
    same, short = ([one[place] for one in whole] for place in (0, 1))
    failed = [words for cell in cells for words in (*cell.failed, *_not_in_each(cell))]
    failed += [] if all(same) else ["links the same without truth"]
    failed += [] if all(short) else ["trials the same as whole runs"]
    figures = {
        "cells": [cell.figures for cell in cells],
        "links_the_same_without_truth": f"{sum(same)} of {len(same)}",
        "tables_of_a_trial_those_of_a_whole_run": f"{sum(short)} of {len(short)}",
        "bounds_not_met": ", ".join(failed) or "none",
    }
    keep("links", figures=figures, held=not failed, command="python3 dev.py prove links", short=count is not None)
    return not failed


def judge_others(count: int | None, processes: int) -> bool:
    """Judge the links of other sizes and more errors, each over as many as its cell says or `count` for the most, and keep the evidence."""
    with _pool(processes) as pool:
        cells = list(_each(OTHERS, count, _population(pool), pool))
    failed = [words for cell in cells for words in cell.failed] + too_few(OTHERS)
    figures = {"cells": [cell.figures for cell in cells], "bounds_not_met": ", ".join(failed) or "none"}
    keep("sizes", figures=figures, held=not failed, command="python3 dev.py prove sizes", short=count is not None)
    return not failed


def too_few(cells: Sequence[Cell]) -> list[str]:
    """The cells over so few authorities that no coverage could fail: their figures are shown, and no bound counts as met by them."""
    return [
        f"{cell.children:,} children, errors times {cell.errors:g}: too few authorities to judge"
        for cell in cells
        if cell.authorities < FEWEST
    ]


def _each(
    cells: Sequence[Cell], count: int | None, population: Families, pool: ProcessPoolExecutor
) -> Iterator[Judged]:
    """The verdict on each cell, told as soon as it is there, for the next may take long."""
    most = max(cell.authorities for cell in cells)
    for cell in cells:
        number = cell.authorities if count is None else max(2, round(count * cell.authorities / most))
        found = list(pool.map(trial, [settings_of(cell, _first(count) + n, population) for n in range(number)]))
        trials = [one for one in found if isinstance(one, Trial)]
        if not trials:
            raise RuntimeError("No authority came to an answer.")
        verdict = judged(cell, trials, [one.fault for one in found if isinstance(one, Stopped)])
        words = ", ".join(verdict.failed) or "every bound met"
        print(
            f"  {cell.children:,} children, errors times {cell.errors:g}, {number:,} authorities: {words}", flush=True
        )
        yield verdict


def _first(count: int | None) -> int:
    return FIRST if count is None else LOOKED_AT


def settings_of(cell: Cell, seed: int, population: Families) -> Settings:
    """What is asked of one authority of a cell."""
    asked = Settings(seed=seed, children=cell.children, households=cell.households, error_scale=cell.errors)
    return Settings(
        seed=seed, children=cell.children, households=cell.households, error_scale=cell.errors,
        share=families.drawn(population, asked),
    )  # fmt: skip


def _population(pool: ProcessPoolExecutor) -> Families:
    """The families that authorities are drawn from."""
    seeds = range(families.FIRST, families.FIRST + families.AUTHORITIES)
    return families.together(list(pool.map(families.families_of, seeds)))


def _not_in_each(cell: Judged) -> list[str]:
    """The promises about every single authority of the usual kind that were not kept."""
    figures: dict[str, dict[str, float]] = cell.figures  # type: ignore[assignment]
    return [
        words
        for words, broken in (
            ("household F1 in each", figures["household_f1"]["least"] < HOUSEHOLD_F1),
            ("person F1 in each", figures["person_f1"]["least"] < PERSON_F1),
            ("wrong siblings in each", figures["wrong_sibling_share"]["greatest"] >= WRONG_SIBLINGS),
        )
        if broken
    ]


def agrees(seed: int) -> tuple[bool, bool]:
    """Whether an authority's links are the same bytes with the truth folder deleted, and a trial's tables those of a whole run."""
    with tempfile.TemporaryDirectory(prefix="hearthlink-prove-") as scratch:
        folder = Path(scratch) / "study"
        make_practice(folder, Settings(seed=seed))
        study = open_study(folder)
        short = answered(study).tables
        reader = Permit("prove", Role.CUSTODIAN, frozenset(ALL_TABLES), frozenset())
        found: list[list[str]] = []
        whole: dict[str, pa.Table] = {}
        for _ in range(2):
            run(study, clock=partial(datetime.now, UTC), upto="evaluate")
            store = open_store(study)
            found.append([store.digest(ALL_TABLES[name]) for name in LINKS])
            whole = whole or {name: store.load(ALL_TABLES[name], reader) for name in SAME}
            shutil.rmtree(study.truth, ignore_errors=True)
            shutil.rmtree(folder / "rooms")
        return found[0] == found[1], all(short[name].equals(whole[name]) for name in SAME)


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that keep to one thread each where they can: there are as many of them as there are cores."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _alone) as pool:
            yield pool
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _alone() -> None:
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)

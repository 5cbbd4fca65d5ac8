"""The claim about links: over many invented authorities, how right the links are, and whether the interval covers what happened."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np

from hearthlink.governance import Permit, Role
from hearthlink.study import Settings, make_practice, open_study, run
from hearthlink.study.run import open_store
from hearthlink.study.store import Store
from hearthlink.tables.catalogue import ALL_TABLES
from prove.evidence import keep

SEEDS = 200
FIRST = 5_000
"""The first seed. Those from 1,000 on were looked at while stated figures were set, so they may not judge them."""

WITHOUT_TRUTH = 10
"""How many of the authorities are linked a second time with the truth folder deleted."""

HOUSEHOLD_F1, PERSON_F1, WRONG_SIBLINGS = 0.97, 0.95, 0.01


@dataclass(frozen=True, slots=True)
class Trial:
    """What one authority showed. Counts of children, and ends of intervals as counts of children.

    realised: truly living, that day, in a main home with a claim in payment, or in a second home whose claim in payment lists the
    child. anywhere: the same with every second home, listed there or not, which no file can show.
    """

    seed: int
    household: dict[str, float]
    person: dict[str, float]
    children: int
    realised: int
    anywhere: int
    estimate: float
    these: tuple[float, float]
    process: tuple[float, float]
    oracle_error: float


def judge(count: int | None, processes: int) -> bool:
    """Judge the claim over `count` authorities and keep the evidence."""
    seeds = range(FIRST, FIRST + (count or SEEDS))
    with ProcessPoolExecutor(processes) as pool:
        trials = list(pool.map(trial, seeds))
        same = list(pool.map(same_without_truth, seeds[:WITHOUT_TRUTH]))
    covered = _coverage([t.these[0] <= t.realised <= t.these[1] for t in trials])
    held = (
        min(t.household["f1"] for t in trials) >= HOUSEHOLD_F1
        and min(t.person["f1"] for t in trials) >= PERSON_F1
        and max(t.person["wrong_sibling"] for t in trials) < WRONG_SIBLINGS
        and covered["share"] + 2 * covered["monte_carlo_error"] >= 0.95
        and all(same)
    )
    figures = summary(trials) | {"links_the_same_without_truth": f"{sum(same)} of {len(same)}"}
    keep("links", figures=figures, held=held, command="python3 dev.py prove links", short=len(trials) < SEEDS)
    return held


def trial(seed: int) -> Trial:
    """One authority at the default settings, run up to its answer, and held against its truth."""
    with tempfile.TemporaryDirectory(prefix="hearthlink-prove-") as scratch:
        folder = Path(scratch) / "study"
        make_practice(folder, Settings(seed=seed))
        study = open_study(folder)
        run(study, clock=partial(datetime.now, UTC), upto="answer")
        store, permit = open_store(study), _reader()
        rows = store.load(ALL_TABLES["link_summary"], permit).to_pylist()
        by_truth = {(r["level"], r["measure"]): float(r["value"]) for r in rows if r["basis"] == "truth"}
        top = next(r for r in store.load(ALL_TABLES["answer"], permit).to_pylist() if r["question"] == "on_benefit")
        counted = _counted(folder / "truth" / "children.csv", store, permit)
        covered = np.array(
            [_is(row["on_benefit" if row["second_member_key"] else "on_benefit_main_home"]) for row in counted]
        )
        return Trial(
            seed=seed,
            household={m: by_truth["household", m] for m in ("precision", "recall", "f1")},
            person={m: by_truth["person", m] for m in ("precision", "recall", "f1", "wrong_sibling")},
            children=top["children"],
            realised=int(covered.sum()),
            anywhere=sum(_is(row["on_benefit"]) for row in counted),
            estimate=top["on_benefit"],
            these=(top["these_low"], top["these_high"]),
            process=(top["process_low"], top["process_high"]),
            oracle_error=_clustered_error(covered.astype(float), [row["family_number"] for row in counted]),
        )


def same_without_truth(seed: int) -> bool:
    """Whether an authority's links, candidates and draws are the same bytes with the truth folder deleted."""
    with tempfile.TemporaryDirectory(prefix="hearthlink-prove-") as scratch:
        folder = Path(scratch) / "study"
        make_practice(folder, Settings(seed=seed))
        study = open_study(folder)
        found: list[list[str]] = []
        for _ in range(2):
            run(study, clock=partial(datetime.now, UTC), upto="evaluate")
            store = open_store(study)
            found.append([store.digest(ALL_TABLES[name]) for name in ("link", "candidate_posterior", "link_draw")])
            shutil.rmtree(study.truth, ignore_errors=True)
            shutil.rmtree(folder / "rooms")
        return found[0] == found[1]


def summary(trials: Sequence[Trial]) -> dict[str, object]:
    """The figures of all trials together, each with its Monte Carlo error where it is a mean."""
    width = [2 * 1.959964 * t.oracle_error * t.children for t in trials]
    return {
        "authorities": len(trials),
        "seeds": f"{trials[0].seed} to {trials[-1].seed}",
        "household_f1": _spread([t.household["f1"] for t in trials]),
        "household_precision": _spread([t.household["precision"] for t in trials]),
        "household_recall": _spread([t.household["recall"] for t in trials]),
        "person_f1": _spread([t.person["f1"] for t in trials]),
        "person_precision": _spread([t.person["precision"] for t in trials]),
        "person_recall": _spread([t.person["recall"] for t in trials]),
        "wrong_sibling_share": _spread([t.person["wrong_sibling"] for t in trials]),
        "bias_in_points": {
            "against_realised_share": _spread([100 * (t.estimate - t.realised) / t.children for t in trials]),
            "against_share_with_every_second_home": _spread(
                [100 * (t.estimate - t.anywhere) / t.children for t in trials]
            ),
        },
        "interval_for_these_children": {
            "covers_realised_share": _coverage([t.these[0] <= t.realised <= t.these[1] for t in trials]),
            "covers_share_with_every_second_home": _coverage([t.these[0] <= t.anywhere <= t.these[1] for t in trials]),
            "mean_width_in_points": mean(100 * (t.these[1] - t.these[0]) / t.children for t in trials),
        },
        "interval_for_the_process": {
            "covers_realised_share": _coverage([t.process[0] <= t.realised <= t.process[1] for t in trials]),
            "mean_width_over_that_of_true_links": mean(
                (t.process[1] - t.process[0]) / w for t, w in zip(trials, width, strict=True)
            ),
        },
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return {"mean": mean(values), "monte_carlo_error": error, "least": min(values), "greatest": max(values)}


def _coverage(hits: Sequence[bool]) -> dict[str, float]:
    share = mean(hits)
    return {"share": share, "monte_carlo_error": float(np.sqrt(max(share * (1 - share), 1 / len(hits)) / len(hits)))}


def _clustered_error(covered: np.ndarray[tuple[int], np.dtype[np.float64]], family: Sequence[str]) -> float:
    """Standard error of a share of children who come in families, had the links been known."""
    _, group = np.unique(np.array(family), return_inverse=True)
    residual = np.bincount(group, covered - covered.mean())
    clusters = len(residual)
    return float(np.sqrt(clusters / (clusters - 1) * (residual**2).sum()) / len(covered))


def _counted(path: Path, store: Store, permit: Permit) -> list[dict[str, str]]:
    """The truth of the children who count in the base: born by the day of referral, by the record."""
    born: dict[str, date | None] = {
        row["child_id"]: None if row["unborn"] else row["birth_date"] or date.min
        for row in store.load(ALL_TABLES["child_identifier"], permit).to_pylist()
    }
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if _is_born(born[row["child_id"]], date.fromisoformat(row["referral_date"]))]


def _is_born(birth_date: date | None, referral: date) -> bool:
    return birth_date is not None and birth_date <= referral


def _is(text: str) -> bool:
    return text.lower() in {"1", "true", "yes"}


def _reader() -> Permit:
    return Permit("prove", Role.CUSTODIAN, frozenset(ALL_TABLES), frozenset())

"""One trial: one invented authority linked and answered, and held against its truth."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.analysis.intervals import Ends, family_sums, process
from hearthlink.evaluation.calibration import EDGES, curve
from hearthlink.study import Settings
from prove.authority import Answered, Tables, answered, written

BANDS = len(EDGES) - 1
Bands = tuple[tuple[float, float, float], ...]
"""For each band of probability: answers, the sum of their probabilities, and how many were right."""


@dataclass(frozen=True, slots=True)
class Held:
    """Links held against the truth: how many were right, how many were made, how many there were to make; and siblings taken for the child."""

    right: float
    linked: float
    truly: float
    siblings: float = 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there was nothing to link and nothing was."""
        return 2 * self.right / (self.linked + self.truly) if self.linked + self.truly else 1.0

    @property
    def precision(self) -> float:
        """The share of links that were right."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """The share found of what there was to find."""
        return self.right / self.truly if self.truly else 1.0

    @property
    def wrong_sibling(self) -> float:
        """The share of links to another child of the same household."""
        return self.siblings / self.linked if self.linked else 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What one authority showed. Children as counts, intervals by their ends as counts of children.

    proposed, on_file: children with a true household on file, and how many of them the rules compared with it. realised: truly living,
    that day, in a main home with a claim in payment, or in a second home whose claim in payment lists the child. anywhere: the same
    with every second home, listed there or not, which no file can show. these, process: the two intervals, None where there was
    not enough evidence; oracle: the interval for the process, had the links been known. bands: by kind of answer.
    """

    seed: int
    household: Held
    person: Held
    proposed: float
    on_file: float
    children: int
    realised: int
    anywhere: int
    estimate: float
    these: Ends | None
    process: Ends | None
    oracle: Ends | None
    bands: dict[str, Bands]
    seconds: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """An authority that was not carried to its answer: its seed and the kind of fault."""

    seed: int
    fault: str


def trial(settings: Settings) -> Trial | Stopped:
    """Invent an authority, carry it to its answer, and hold that against its truth. A fault ends this trial, and not the others."""
    with tempfile.TemporaryDirectory(prefix="hearthlink-prove-") as scratch:
        try:
            study = written(Path(scratch), settings)
            return judged(settings.seed, answered(study), study.truth)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is counted against the claim
            return Stopped(settings.seed, type(fault).__name__)


def judged(seed: int, found: Answered, truth: Path) -> Trial:
    """What an authority carried to its answer showed, by the folder of its truth."""
    rows = found.tables["link_summary"].to_pylist()
    shares = {
        (row["level"], row["measure"]): (float(row["numerator"]), float(row["denominator"]))
        for row in rows
        if row["basis"] == "truth" and row["denominator"] is not None
    }
    counted = _counted(truth / "children.csv", found.tables["child_identifier"])
    on = np.array([_is(row["on_benefit" if row["second_member_key"] else "on_benefit_main_home"]) for row in counted])
    proposed, on_file = shares.get(("household", "compared"), (0.0, 0.0))
    overall = found.overall
    return Trial(
        seed=seed,
        household=_held(shares, "household"),
        person=_held(shares, "person"),
        proposed=proposed,
        on_file=on_file,
        children=len(counted),
        realised=int(on.sum()),
        anywhere=sum(_is(row["on_benefit"]) for row in counted),
        estimate=float(str(overall["on_benefit"])),
        these=_ends(overall["these_low"], overall["these_high"]),
        process=_ends(overall["process_low"], overall["process_high"]),
        oracle=_oracle(on, [row["family_number"] for row in counted]),
        bands=_bands(found.tables),
        seconds=found.seconds,
    )


def _held(shares: dict[tuple[str, str], tuple[float, float]], level: str) -> Held:
    right, linked = shares.get((level, "precision"), (0.0, 0.0))
    _, truly = shares.get((level, "recall"), (0.0, 0.0))
    siblings, _ = shares.get((level, "wrong_sibling"), (0.0, 0.0))
    return Held(right, linked, truly, siblings)


def _ends(low: object, high: object) -> Ends | None:
    return None if low is None or high is None else (float(str(low)), float(str(high)))


def _oracle(on: npt.NDArray[np.bool_], family: list[str]) -> Ends | None:
    """The same interval for the process from the true links: every draw alike."""
    drawn = np.repeat(on[:, None].astype(np.int8), 2, axis=1)
    _, number = np.unique(np.array(family), return_inverse=True)
    return process(drawn.sum(axis=0, dtype=np.int64), len(on), family_sums(drawn, number.astype(np.int64)))


def _bands(tables: Tables) -> dict[str, Bands]:
    """Probabilities and what came true: of the household and the person named, and as the run's own calibration has it.

    That counts each child's one answer, of a household or of none, and every household or person that a child might be in or be.
    """
    link, verdict = tables["link"], tables["link_quality"]
    if link.column("child_id") != verdict.column("child_id"):
        raise ValueError("Links and verdicts are not in one order.")
    made = {
        "household named": _named(link, verdict, "household_id", "p_household", "household_verdict"),
        "person named": _named(link, verdict, "member_id", "p_person", "person_verdict"),
    }
    for level in ("answer", "household", "person"):
        rows = [row for row in tables["calibration"].to_pylist() if row["level"] == level]
        made[level] = _in_place((row["start"], row["answers"], row["expected"], row["right"]) for row in rows)
    return made


def _named(link: pa.Table, verdict: pa.Table, thing: str, chance: str, truly: str) -> Bands:
    known = np.array([one is not None for one in verdict.column(truly).to_pylist()], dtype=bool)
    kept = known & link.column(thing).is_valid().to_numpy()
    right = np.array([one == "right" for one in verdict.column(truly).to_pylist()], dtype=bool)
    found = curve(link.column(chance).to_numpy()[kept], right[kept])
    return _in_place((band.start, band.answers, band.expected, band.right or 0) for band in found)


def _in_place(found: Iterable[tuple[float, float, float, float]]) -> Bands:
    held = [(0.0, 0.0, 0.0)] * BANDS
    for start, answers, expected, right in found:
        held[EDGES.index(start)] = (float(answers), float(expected), float(right))
    return tuple(held)


def _counted(path: Path, child_identifier: pa.Table) -> list[dict[str, str]]:
    """The truth of the children who count in the base: born by the day of referral, by the record."""
    born: dict[str, date | None] = {
        row["child_id"]: None if row["unborn"] else row["birth_date"] or date.min
        for row in child_identifier.to_pylist()
    }
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if _is_born(born[row["child_id"]], date.fromisoformat(row["referral_date"]))]


def _is_born(birth_date: date | None, referral: date) -> bool:
    return birth_date is not None and birth_date <= referral


def _is(text: str) -> bool:
    return text.lower() in {"1", "true", "yes"}

"""What the trials of one size and rate of errors show together, and which bounds that meets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import pi
from statistics import mean

import numpy as np

from hearthlink.evaluation.calibration import EDGES
from prove.trial import Trial

CALIBRATION, WIDTH = 0.02, 1.3
LEAST, MOST = 0.93, 0.97
ENOUGH = 1_000
"""Coverage is held to its bounds over so many authorities. Over fewer it is shown, and fails only where it is beyond them by twice its
Monte Carlo error."""

HOUSEHOLDS_TO_CHILDREN = 5_000 / 2_200
"""As many benefit households with children for each child referred as the practice authority has."""

Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Cell:
    """A size of authority, a multiple of the default rates of error, and how many authorities of the kind are judged."""

    children: int
    errors: float
    authorities: int

    @property
    def households(self) -> int:
        """Benefit households with children, at least as many as an authority may have."""
        return max(50, round(self.children * HOUSEHOLDS_TO_CHILDREN))


@dataclass(frozen=True, slots=True)
class Judged:
    """The figures of a cell, and the bounds it does not meet, in words."""

    figures: Figures
    failed: tuple[str, ...]


def judged(cell: Cell, trials: Sequence[Trial], stopped: Sequence[str]) -> Judged:
    """Hold a cell's trials to the bounds; `stopped` says why any others came to no answer."""
    calibration = {level: calibrated(t.bands[level] for t in trials) for level in trials[0].bands}
    these, process = _these(trials), _process(trials)
    failed = [f"{len(stopped)} came to no answer ({', '.join(sorted(set(stopped)))})"] if stopped else []
    failed += [f"calibration error, {level}" for level, found in calibration.items() if found["error"] > CALIBRATION]
    failed += [f"coverage, {name}" for name, one in (("these children", these), ("the process", process))
               if not within(one["covered"])]  # fmt: skip
    failed += ["width, the process"] * (process["width_over_that_of_true_links"]["mean"] > WIDTH)
    figures: Figures = {
        "children": cell.children,
        "times_default_errors": cell.errors,
        "authorities": len(trials),
        "seeds": f"{trials[0].seed} to {trials[-1].seed}",
        "household_f1": spread([t.household.f1 for t in trials]),
        "household_precision": spread([t.household.precision for t in trials]),
        "household_recall": spread([t.household.recall for t in trials]),
        "person_f1": spread([t.person.f1 for t in trials]),
        "person_precision": spread([t.person.precision for t in trials]),
        "person_recall": spread([t.person.recall for t in trials]),
        "wrong_sibling_share": spread([t.person.wrong_sibling for t in trials]),
        "lost_before_scoring": spread([1 - t.proposed / t.on_file for t in trials if t.on_file]),
        "calibration": calibration,
        "bands_of_household_named": shown(t.bands["household named"] for t in trials),
        "bands_of_answer": shown(t.bands["answer"] for t in trials),
        "these_children": these,
        "the_process": process,
        "processor_seconds": spread([t.seconds for t in trials]),
        "bounds_not_met": ", ".join(failed) or "none",
    }
    return Judged(figures, tuple(failed))


def within(covered: dict[str, float]) -> bool:
    """Whether a coverage is within its bounds: as it is over enough trials, and within twice its Monte Carlo error over fewer."""
    slack = 0.0 if covered["trials"] >= ENOUGH else 2 * covered["monte_carlo_error"]
    return LEAST - slack <= covered["share"] <= MOST + slack


def enough(covered: dict[str, float]) -> bool:
    """Whether a coverage is no lower than its bounds ask, in the way of `within`."""
    return within({**covered, "share": min(covered["share"], MOST)})


def _these(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """The interval for these children, against the share that was so. Links known, it would have no width at all."""
    some = [(t, t.these) for t in trials if t.these is not None]
    misses = [100 * (t.estimate - t.realised) / t.children for t in trials]
    return {
        "covered": coverage([low <= t.realised <= high for t, (low, high) in some]),
        "above_and_below": {
            "share_truly_below_it": mean(t.realised < low for t, (low, _) in some),
            "share_truly_above_it": mean(t.realised > high for t, (_, high) in some),
            "authorities_without_it": len(trials) - len(some),
        },
        "width_in_points": spread([100 * (high - low) / t.children for t, (low, high) in some]),
        "estimate_less_truth_in_points": spread(misses)
        | {"root_mean_square": float(np.sqrt(np.mean(np.square(misses))))},
        "estimate_less_truth_with_every_second_home_in_points": spread(
            [100 * (t.estimate - t.anywhere) / t.children for t in trials]
        ),
    }


def _process(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """The interval for the process, against the mean share of all authorities of the kind, beside what true links would have given."""
    shares = [t.realised / t.children for t in trials]
    parameter = mean(shares)
    some = [(t, t.process, t.oracle) for t in trials if t.process is not None and t.oracle is not None]
    return {
        "parameter": spread(shares)
        | {"between_authorities": float(np.std(shares, ddof=1)) if len(shares) > 1 else 0.0},
        "covered": coverage([low <= parameter * t.children <= high for t, (low, high), _ in some]),
        "covered_with_true_links": coverage([low <= parameter * t.children <= high for t, _, (low, high) in some]),
        "authorities_without_it": {"number": len(trials) - len(some)},
        "width_in_points": spread([100 * (high - low) / t.children for t, (low, high), _ in some]),
        "width_over_that_of_true_links": spread(
            [(ours[1] - ours[0]) / (oracle[1] - oracle[0]) for _, ours, oracle in some]
        ),
    }


def calibrated(found: Iterable[Sequence[tuple[float, float, float]]]) -> dict[str, float]:
    """The expected calibration error of all trials together, and what perfect probabilities would show by chance in so many answers."""
    bands = np.sum(np.array(list(found), dtype=np.float64), axis=0)
    answers, expected, right = bands.T
    total = max(float(answers.sum()), 1.0)
    # A band holds answers of about its mean probability; the mean of |x| is sqrt(2 / pi) standard deviations for a normal x.
    share = np.divide(expected, answers, out=np.zeros_like(expected), where=answers > 0)
    chance = np.sqrt(2 / pi * answers * share * (1 - share))
    return {
        "error": float(np.abs(expected - right).sum()) / total,
        "by_chance": float(chance.sum()) / total,
        "said_less_so": float((expected - right).sum()) / total,
        "answers": int(answers.sum()),
    }


def shown(found: Iterable[Sequence[tuple[float, float, float]]]) -> dict[str, dict[str, float]]:
    """The bands of all trials together: answers, the share expected and the share right."""
    bands = np.sum(np.array(list(found), dtype=np.float64), axis=0)
    return {
        f"from {EDGES[place]:g} to {EDGES[place + 1]:g}": {
            "answers": int(answers),
            "expected": float(expected / answers),
            "right": float(right / answers),
        }
        for place, (answers, expected, right) in enumerate(bands)
        if answers
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Mean with its Monte Carlo error, least and greatest."""
    if not values:
        return {"mean": 0.0, "monte_carlo_error": 0.0, "least": 0.0, "greatest": 0.0}
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return {"mean": mean(values), "monte_carlo_error": error, "least": min(values), "greatest": max(values)}


def coverage(hits: Sequence[bool]) -> dict[str, float]:
    """The share of trials in which an interval held the truth, with its Monte Carlo error: no less than one trial would make."""
    if not hits:
        return {"share": 0.0, "monte_carlo_error": 1.0, "trials": 0}
    share = mean(hits)
    error = float(np.sqrt(max(share * (1 - share), 1 / len(hits)) / len(hits)))
    return {"share": share, "monte_carlo_error": error, "trials": len(hits)}

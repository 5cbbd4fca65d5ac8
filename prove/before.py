"""The claim about what came before referrals: over many practice authorities, what the designs find of the effect built in, and where there is none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import astuple
from functools import partial
from statistics import mean
from typing import Any, TypeVar

import numpy as np

from hearthlink.synthetic.settings import World
from prove.before_trial import ERRORS, NO_ERRORS, WORST, Found, Share, Trial, by_draws, trial
from prove.before_world import Errors
from prove.cells import coverage, enough, spread, within
from prove.evidence import keep
from prove.kept import place_of, trials_of

AUTHORITIES = 1_000
FIRST, LOOKED_AT = 31_000, 300
"""The first seed that judges, and that of shorter runs, which were looked at while the designs were made; so were 30,000 and after."""

FIRST_OF_EFFECT = 33_000
"""The first seed that judges where there is an effect: with those from 31,000 on the interval of the corrected ratio was mended."""

LEANED_ON = "case_time_control"
"""The design that is leaned on for events in every world; what the others find is shown beside it."""

EFFECT = 0.7
WITHOUT: tuple[World, ...] = ("plain", "seasons", "confounding", "aftermath", "late_claims", "backdated")
JUDGING = ("prove/before.py",)
"""What trials are judged by, and are not made by."""

CORRECTION = ("src/hearthlink/analysis/corrected.py", "src/hearthlink/analysis/mixture.py")
"""What the corrected ratio alone is made by. False alarms are of the draws, with links known: there nothing of it is kept."""

BIAS, FALSE_ALARMS = 0.05, 0.07

Name = TypeVar("Name", bound=Hashable)


def judge(count: int | None, processes: int) -> bool:
    """Judge the claim over so many authorities of each world and keep the evidence, with the number there were."""
    number, first = (AUTHORITIES, FIRST) if count is None else (count, FIRST if count >= 100 else LOOKED_AT)
    seeds = range(first, first + number)
    figures: dict[str, object] = {"authorities_of_each_world": number}
    failed: list[str] = []
    with ProcessPoolExecutor(processes) as pool:
        later = FIRST_OF_EFFECT - FIRST if first == FIRST else 0
        trials = _kept("plain", EFFECT, ERRORS, range(first + later, first + later + number), pool)
        figures["effect_built_in"] = effect = _effect(trials)
        figures["shares"] = _shares(trials)
        failed += _too_far(effect)
        print("  effect built in:", ", ".join(failed) or "every bound met", flush=True)
        alarms: dict[str, object] = {}
        for world in WITHOUT:
            found = _kept(world, 0.0, (NO_ERRORS,), seeds, pool)
            alarms[world] = cells = _alarms(found)
            failed += _too_often(world, cells)
            print(f"  {world}, without effect: {cells[LEANED_ON]}", flush=True)
    figures["false_alarms"] = alarms
    figures = told(figures)
    figures["bounds_not_met"] = ", ".join(failed) or "none"
    keep(
        "before",
        figures=figures,
        held=not failed,
        command=f"python3 dev.py prove before --count {number}" if count else "python3 dev.py prove before",
        short=number < 100,
    )
    return not failed


def _kept(
    world: World, effect: float, errors: Sequence[tuple[str, Errors]], seeds: Sequence[int], pool: Executor
) -> list[Trial]:
    """The trials of a world, those that were made before among them: a thousand of each take hours."""
    place = place_of("before", without=JUDGING if effect else (*JUDGING, *CORRECTION))
    act = partial(trial if effect else by_draws, world, effect, errors)
    return trials_of(place / f"{world}-{effect}.jsonl", seeds, act, pool, plain=_plain, again=_again)


def _plain(made: Trial) -> list[list[list[object]]]:
    return [[list(astuple(one)) for one in each] for each in (made.ratios, made.shares)]


def _again(told: Sequence[Sequence[Sequence[Any]]]) -> Trial:
    ratios, shares = told
    ends: list[list[Any]] = [[tuple(part) if isinstance(part, list) else part for part in one] for one in shares]
    return Trial(tuple(Found(*one) for one in ratios), tuple(Share(*one) for one in ends))


# --- what they show together -----------------------------------------------------------------------------------


def _effect(trials: Sequence[Trial]) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    """For each kind of links and design, by treatment and measure: bias, as a share of what should be found, and coverage."""
    cells = _cells(trials, lambda one: (one.links, one.design, _treated(one)))
    cells |= _cells(
        trials,
        lambda one: (one.links, one.design, f"{_treated(one)}: {one.measure}") if one.links == NO_ERRORS[0] else None,
    )
    result: dict[str, dict[str, dict[str, dict[str, object]]]] = {}
    for (links, design, treatment), cell in cells.items():
        result.setdefault(links, {}).setdefault(design, {})[treatment] = cell
    return result


def _alarms(trials: Sequence[Trial]) -> dict[str, dict[str, object]]:
    """Where there is no effect, how often each design says that there is one, over all measures and by each."""
    kept = [
        Trial(tuple(one for one in each.ratios if one.treatment == "draws" and not one.placebo), ()) for each in trials
    ]
    cells = _cells(kept, lambda one: one.design)
    return cells | _cells(kept, lambda one: f"{one.design}: {one.measure}")


def _treated(one: Found) -> str:
    return f"{one.treatment}, placebo" if one.placebo else one.treatment


def _cells(trials: Sequence[Trial], key: Callable[[Found], Name | None]) -> dict[Name, dict[str, object]]:
    held: dict[Name, list[list[Found]]] = {}
    for place, each in enumerate(trials):
        for one in each.ratios:
            name = key(one)
            if name is not None:
                held.setdefault(name, [[] for _ in trials])[place].append(one)
    return {name: _cell(found) for name, found in held.items()}


def _cell(trials: Sequence[Sequence[Found]]) -> dict[str, object]:
    """The figures of ratios of one kind, those of one authority together: its measures are not independent."""
    told = [[one for one in each if one.log is not None] for each in trials]
    told = [each for each in told if each]
    bias = [mean((one.log or 0.0) - one.truth for one in each) for each in told]
    truth = mean(one.truth for each in told for one in each) if told else 0.0
    figures: dict[str, object] = {
        "should_be": truth,
        "log_ratio_less_truth": spread(bias),
        "held": _often(told, lambda one: one.low <= one.truth <= one.high),
        "false_alarms" if truth == 0.0 else "found": _often(told, lambda one: not one.low <= 0.0 <= one.high),
        "mean_width": mean(one.high - one.low for each in told for one in each) if told else 0.0,
        "not_enough_evidence": sum(one.log is None for each in trials for one in each),
    }
    if truth:
        figures["bias_as_a_share"] = {name: value / truth for name, value in spread(bias).items()}
    return figures


def _often(told: Sequence[Sequence[Found]], so: Callable[[Found], bool]) -> dict[str, float]:
    """How often it is so, with the Monte Carlo error of a mean of authorities' means."""
    means = [mean(so(one) for one in each) for each in told]
    plain = coverage([so(one) for each in told for one in each])
    error = float(np.std(means, ddof=1) / len(means) ** 0.5) if len(means) > 1 else plain["monte_carlo_error"]
    return {"share": plain["share"], "monte_carlo_error": max(error, 1e-9), "trials": len(means)}


def _shares(trials: Sequence[Trial]) -> dict[str, dict[str, dict[str, object]]]:
    """The share on benefit by the draws beside the best link: how far off, and how often its intervals hold what was so."""
    result: dict[str, dict[str, dict[str, object]]] = {}
    for links in dict.fromkeys(one.links for one in trials[0].shares):
        for road in ("draws", "best link"):
            found = [one for each in trials for one in each.shares if (one.links, one.road) == (links, road)]
            figures: dict[str, object] = {"points_off": spread([100 * (one.estimate - one.truth) for one in found])}
            for name in ("these", "process"):
                held = [
                    (one, ends) for one in found if (ends := one.these if name == "these" else one.process) is not None
                ]
                if held:
                    figures[f"{name}_held"] = coverage([low <= one.truth <= high for one, (low, high) in held])
                    figures[f"{name}_width_in_points"] = 100 * mean(high - low for _, (low, high) in held)
            result.setdefault(links, {})[road] = figures
    return result


# --- how it is told --------------------------------------------------------------------------------------------


def told(figures: Mapping[str, Any]) -> dict[str, object]:
    """The figures in few words: by links, design and treatment, and by measure for the design that is leaned on."""
    return {
        "authorities_of_each_world": figures["authorities_of_each_world"],
        "design_leaned_on": LEANED_ON,
        "effect_built_in": {
            links: {
                design: {t: _in_words(cell) for t, cell in cells.items() if _is_told(links, design, t)}
                for design, cells in designs.items()
            }
            for links, designs in figures["effect_built_in"].items()
        },
        "false_alarms_without_effect": {
            world: {name: _in_words(cell) for name, cell in cells.items() if ":" not in name}
            for world, cells in figures["false_alarms"].items()
        },
        "share_on_benefit": {
            links: {road: _share_in_words(cell) for road, cell in roads.items()}
            for links, roads in figures["shares"].items()
        },
    }


def _is_told(links: str, design: str, treatment: str) -> bool:
    """Links known, the treatments are one; elsewhere placebos are those of links known."""
    known = links == NO_ERRORS[0]
    if ":" in treatment:
        return design == LEANED_ON and treatment.startswith("draws: ")
    return treatment in ({"draws", "draws, placebo"} if known else {"draws", "corrected", "best_link"})


def _in_words(cell: Mapping[str, Any]) -> str:
    often = "found" if "found" in cell else "false_alarms"
    bias = (
        _with_error(cell["bias_as_a_share"], "mean", "% of it")
        if "bias_as_a_share" in cell
        else f"{cell['log_ratio_less_truth']['mean']:.3f}"
    )
    words = [
        f"off by {bias}",
        f"held {_with_error(cell['held'], 'share')}",
        f"{often.replace('_', ' ')} {_with_error(cell[often], 'share')}",
    ]
    return "; ".join([*words, *([f"should be {cell['should_be']:.3f}"] if cell["should_be"] else [])])


def _share_in_words(cell: Mapping[str, Any]) -> str:
    off = cell["points_off"]
    words = [f"off by {off['mean']:.2f} ± {off['monte_carlo_error']:.2f} points"]
    for name, says in (("these", "these children"), ("process", "the process")):
        if f"{name}_held" in cell:
            words.append(
                f"{says}: held {_with_error(cell[f'{name}_held'], 'share')}, {cell[f'{name}_width_in_points']:.1f} points wide"
            )
    return "; ".join(words)


def _with_error(figures: Mapping[str, float], name: str, unit: str = "%") -> str:
    return f"{100 * figures[name]:.1f} ± {100 * figures['monte_carlo_error']:.1f}{unit}"


# --- the bounds ------------------------------------------------------------------------------------------------


def _too_far(effect: dict[str, dict[str, dict[str, dict[str, object]]]]) -> list[str]:
    """Bounds on bias and coverage of the design that is leaned on: by the draws where links are known, corrected where they are not.

    The worst group alone is bound from below. Half of its ratios are held back for want of evidence, and those that are told are the ones
    that came out balanced, so that an exact interval, with links known, holds in up to 98.8% of those told: too many is no fault of width.
    """
    failed: list[str] = []
    for links, designs in effect.items():
        cell = designs[LEANED_ON]["draws" if links == NO_ERRORS[0] else "corrected"]
        bias, held = cell["bias_as_a_share"], cell["held"]
        if not isinstance(bias, dict) or not isinstance(held, dict):
            raise TypeError
        if abs(bias["mean"]) - 2 * bias["monte_carlo_error"] >= BIAS:
            failed.append(f"bias, links {links}")
        if not (within(held) if links != WORST else enough(held)):
            failed.append(f"coverage, links {links}")
    return failed


def _too_often(world: str, cells: dict[str, dict[str, object]]) -> list[str]:
    alarms = cells[LEANED_ON]["false_alarms"]
    if not isinstance(alarms, dict):
        raise TypeError
    return [f"false alarms, {world}"] if alarms["share"] - 2 * alarms["monte_carlo_error"] > FALSE_ALARMS else []

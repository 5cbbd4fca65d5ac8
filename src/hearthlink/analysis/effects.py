"""What came before referrals: events month by month, and more often than before other times or other families. *Came before*, never *caused*."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from hearthlink.analysis import case_time_control, crossover, curve, matched, panel
from hearthlink.analysis.cohort import Cohort, Small, Whole
from hearthlink.analysis.conditional import Number, Sets
from hearthlink.analysis.corrected import chances, corrected
from hearthlink.analysis.over_draws import (
    DrawnSets,
    Estimates,
    Ranks,
    Ratio,
    by_best,
    by_draw,
    estimates,
    joined,
    less,
    merged,
    some_draws,
    taken_off,
)
from hearthlink.analysis.panel import Exposure
from hearthlink.tables.answers import EFFECT, MONTHLY
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import Measure
from hearthlink.tables.plan import Plan, Question

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every question stands on: the draws taken, how often each candidate is chosen, who is matched with whom, first referrals by draw."""

    ranks: Ranks
    chance: Number
    matching: matched.Matching
    referred: Small
    referred_best: Small


@dataclass(frozen=True, slots=True)
class Treated:
    """One design's sets by the draws, by the best link and by candidate; and those of households not referred, whose trend is taken off."""

    draws: DrawnSets
    best: DrawnSets
    candidates: Sets
    controls: Sets | None = None

    def merged(self) -> Treated:
        """The same with every band of exposure taken as one."""
        controls = None if self.controls is None else self.controls.merged()
        return Treated(merged(self.draws), merged(self.best), self.candidates.merged(), controls)


def before(cohort: Cohort, plan: Plan) -> dict[str, pa.Table]:
    """The tables MONTHLY and EFFECT for the plan's questions: each event and state by the designs that were asked for.

    A state is asked of the matched comparison alone, as the others are for what is transient; a curve is one of events.
    """
    monthly: list[Record] = []
    effect: list[Record] = []
    ground, around = _ground(cohort, plan), None
    for question in plan.questions:
        measure = MEASURES[question.measure]
        said: Record = {"measure": measure.name, "planned": question.planned}
        if "curve" in question.designs and measure.kind == "event":
            around = around or curve.around(cohort)
            monthly += [said | row for row in curve.monthly(cohort, around, measure, plan.cohort)]
        effect += [said | row for row in _effects(cohort, plan, question, measure, ground)]
    return {
        "monthly": MONTHLY.conform(_table(monthly, MONTHLY.schema)),
        "effect": EFFECT.conform(_table(effect, EFFECT.schema)),
    }


def _table(rows: list[Record], schema: pa.Schema) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names})


def _ground(cohort: Cohort, plan: Plan) -> Ground:
    ranks = some_draws(cohort.ranks)
    return Ground(
        ranks, chances(cohort), matched.matching(cohort.panel, plan.cohort), case_time_control.referred_by(cohort, ranks),
        case_time_control.referred_by(cohort, matched.best_ranks(cohort)),
    )  # fmt: skip


def _effects(cohort: Cohort, plan: Plan, question: Question, measure: Measure, ground: Ground) -> Iterator[Record]:
    """The rows of one measure: the question, and for an event its placebo, which is no question and has one band."""
    for exposure, placebo in _exposures(cohort, plan, measure):
        for design in question.designs:
            if design == "curve" or (measure.kind != "event" and design != "matched_cohort"):
                continue
            treated = _treated(cohort, exposure, design, ground)
            yield from _rows(cohort, treated, ground, {"design": design, "window": exposure.window, "placebo": placebo})
    if measure.kind == "event" and "case_crossover" in question.designs:
        sets = crossover.weeks_before(cohort, measure)
        treated = Treated(by_draw(cohort, sets, ground.ranks), by_best(cohort, sets), sets)
        yield from _rows(
            cohort, treated, ground, {"design": "case_crossover", "window": "weeks_1_to_4", "placebo": False}
        )


def _exposures(cohort: Cohort, plan: Plan, measure: Measure) -> Iterator[tuple[Exposure, bool]]:
    if measure.kind == "event":
        band, bands = panel.event_bands(cohort.panel, measure.columns, doses=True)
        yield panel.of_events(cohort.panel, measure, band, bands, plan.exposure_months), False
        moved = panel.placebo(cohort.panel, np.minimum(band, 1))
        yield panel.of_events(cohort.panel, measure, moved, 1, plan.exposure_months), True
    elif measure.kind == "state":
        yield panel.of_states(cohort.panel, measure), False
    elif measure.kind == "lasting":
        yield panel.of_lasting(cohort.panel, measure), False


def _treated(cohort: Cohort, exposure: Exposure, design: str, ground: Ground) -> Treated:
    if design == "matched_cohort":
        among = matched.pool(cohort, exposure, ground.matching)
        return Treated(
            matched.drawn_sets(cohort, exposure, among, ground.ranks, ground.referred),
            matched.drawn_sets(cohort, exposure, among, matched.best_ranks(cohort), ground.referred_best),
            matched.candidate_sets(cohort, exposure, among, ground.referred_best[:, 0]),
        )
    sets = crossover.crossover(cohort, exposure)
    treated = Treated(by_draw(cohort, sets, ground.ranks), by_best(cohort, sets), sets)
    if design == "case_crossover":
        return treated
    return replace(treated, controls=case_time_control.control_sets(cohort, exposure))


def _rows(cohort: Cohort, treated: Treated, ground: Ground, said: Record) -> Iterator[Record]:
    """A row for any exposure by each treatment of the links, and one for each band of the dose where there are some."""
    whole = treated if treated.candidates.bands == 1 else treated.merged()
    counted, trend = _counts(cohort, whole, 0), _trend(cohort, whole, ground)
    for treatment in ("draws", "corrected", "best_link"):
        ratios = _ratios(cohort, whole, ground, treatment, trend)
        yield said | counted | {"term": "any", "treatment": treatment} | _figures(ratios, 0)
    if whole is treated:
        return
    # Best-link figures stand at the top level alone: beside another version of the same cell they would give it away.
    trend = _trend(cohort, treated, ground)
    by_treatment = {one: _ratios(cohort, treated, ground, one, trend) for one in ("draws", "corrected")}
    for band in range(1, treated.candidates.bands + 1):
        counted = _counts(cohort, treated, band)
        for treatment, ratios in by_treatment.items():
            yield said | counted | {"term": str(band), "treatment": treatment} | _figures(ratios, band - 1)


def _trend(cohort: Cohort, treated: Treated, ground: Ground) -> Estimates | None:
    """The trend of households not referred in each draw; None where none is asked for or there is not enough evidence."""
    if treated.controls is None or not treated.draws.pattern.size:
        return None
    return case_time_control.trend(cohort, treated.controls, treated.draws, ground.referred)


def _ratios(
    cohort: Cohort, treated: Treated, ground: Ground, treatment: str, trend: Estimates | None
) -> list[Ratio] | None:
    """The ratio of each band by one treatment of the links; None where there is not enough evidence."""
    if treatment == "corrected":
        return _corrected(cohort, treated, ground, trend)
    best = treatment == "best_link"
    found = estimates(treated.best if best else treated.draws, cohort.family)
    if found is None or treated.controls is None:
        return None if found is None else joined(found)
    if best:
        trend = case_time_control.trend(cohort, treated.controls, treated.best, ground.referred_best)
    return None if trend is None else joined(less(found, trend))


def _corrected(cohort: Cohort, treated: Treated, ground: Ground, trend: Estimates | None) -> list[Ratio] | None:
    found = corrected(treated.candidates, ground.chance, cohort.child, cohort.family)
    if found is None or (treated.controls is not None and trend is None):
        return None
    shift = [0.0] * len(found.beta) if trend is None else trend.beta.mean(axis=0).tolist()
    spread = [0.0] * len(found.beta) if trend is None else _spread(trend)
    ends = zip(found.beta.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return [
        taken_off(Ratio(*one, found.families - 1), less, variance)
        for one, less, variance in zip(ends, shift, spread, strict=True)
    ]


def _spread(trend: Estimates) -> list[float]:
    """The variance of a trend over draws: within and between (Rubin 1987)."""
    draws = len(trend.beta)
    between = trend.beta.var(axis=0, ddof=1) * (1 + 1 / draws) if draws > 1 else np.zeros(trend.beta.shape[1])
    return (np.einsum("dbb->b", trend.covariance) / draws + between).tolist()


def _figures(ratios: list[Ratio] | None, place: int) -> Record:
    if ratios is None:
        return {"log_ratio": None, "low": None, "high": None, "degrees": None}
    one = ratios[place]
    return {"log_ratio": one.log, "low": one.low, "high": one.high, "degrees": one.degrees}


def _counts(cohort: Cohort, treated: Treated, band: int) -> Record:
    """Referrals with a usable set, those exposed, what they are compared with and how much of it was exposed: means over draws.

    `band` is that of the dose, or 0 for any. Families are those of the best link.
    """
    sets, pattern = treated.draws.sets, treated.draws.pattern
    exposed = sets.case == band if band else sets.case > 0
    others, struck = (
        sets.members.sum(axis=1) - 1,
        (sets.members[:, band] if band else sets.members[:, 1:].sum(axis=1)) - exposed,
    )
    columns = np.stack([np.ones_like(others), exposed.astype(np.int64), others, struck])
    drawn = (
        np.stack([columns @ _number_of(one, len(others)) for one in pattern.T])
        if pattern.shape[1]
        else np.zeros((1, 4))
    )
    cases, on, of, of_on = drawn.T
    sizes = np.bincount(cohort.family[treated.best.pattern[:, 0] >= 0])
    return {
        "cases": float(cases.mean()), "exposed_cases": float(on.mean()), "referents": float(of.mean()), "exposed_referents": float(of_on.mean()),
        "smallest_cell": float(np.min([on, cases - on, of_on, of - of_on])),
        "families": int((sizes > 0).sum()), "largest_family": int(sizes.max(initial=0)),
    }  # fmt: skip


def _number_of(pattern: Whole, size: int) -> Whole:
    return np.bincount(pattern[pattern >= 0], minlength=size)

"""One authority of the claim about what came before referrals: made, linked in each of the ways, and asked.

What is kept of a long run is made by this file and what it asks. How trials are judged is in `prove.before`, and may change without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hearthlink.analysis.cohort import Cohort
from hearthlink.analysis.effects import before
from hearthlink.analysis.intervals import Ends, family_sums, process, these_children
from hearthlink.synthetic import Settings
from hearthlink.synthetic.settings import World
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.plan import Design, Plan, Question
from prove.before_world import Errors, Lived, linked, lived, room, shares, truly

ASKED = ("suspension", "job_loss", "tax_order", "rent_rise", "move", "disruption")
DESIGNS: tuple[Design, ...] = ("case_crossover", "case_time_control", "matched_cohort")

MONTHS = (1, 3)
WINDOW = "months_1_to_3"
PLAN = Plan(tuple(Question(name, ("before_3",), designs=DESIGNS) for name in ASKED), exposure_months=MONTHS)

NO_ERRORS = ("none", Errors())
ERRORS = (
    NO_ERRORS,
    ("5% wrong", Errors(0.05)),
    ("10% wrong", Errors(0.10)),
    ("20% wrong", Errors(0.20)),
    ("5% wrong, four times as many in one group of five", Errors(0.05, worst=4.0)),
)
WORST = "the worst group alone"


@dataclass(frozen=True, slots=True)
class Found:
    """One ratio: of which measure, under what links, by which design and treatment; the log ratio and its ends, and what it should be."""

    links: str
    measure: str
    design: str
    treatment: str
    placebo: bool
    log: float | None
    low: float
    high: float
    truth: float


@dataclass(frozen=True, slots=True)
class Share:
    """One share: under what links and by which road; estimate, interval for these children, interval for the process, and what was so."""

    links: str
    road: str
    estimate: float
    these: Ends | None
    process: Ends | None
    truth: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What one authority showed."""

    ratios: tuple[Found, ...]
    shares: tuple[Share, ...]


def trial(world: World, effect: float, errors: Sequence[tuple[str, Errors]], seed: int) -> Trial:
    """Make one authority, link it in each of these ways, and ask what came before referrals."""
    made = lived(Settings(seed=seed, months=36, following=True, world=world, event_log_rate_ratio=effect))
    truth = {name: truly(made, MEASURES[name], MONTHS) if effect else 0.0 for name in ASKED}
    ratios: list[Found] = []
    told: list[Share] = []
    for name, rates in errors:
        links = linked(made, rates, seed)
        ratios += _ratios(room(made, links), name, truth)
        told += _told(made, seed, name, rates, None)
        if rates.worst > 1:
            ratios += _ratios(room(made, links, group=0), WORST, truth)
            told += _told(made, seed, WORST, rates, 0)
    return Trial(tuple(ratios), tuple(told))


def by_draws(world: World, effect: float, errors: Sequence[tuple[str, Errors]], seed: int) -> Trial:
    """The same of the draws alone."""
    made = trial(world, effect, errors, seed)
    return Trial(tuple(one for one in made.ratios if one.treatment == "draws"), made.shares)


def _ratios(cohort: Cohort, links: str, truth: dict[str, float]) -> Iterator[Found]:
    for row in before(cohort, PLAN)["effect"].to_pylist():
        if row["window"] == WINDOW and row["term"] == "any":
            none = row["log_ratio"] is None
            yield Found(
                links, row["measure"], row["design"], row["treatment"], row["placebo"], row["log_ratio"], 0.0 if none else row["low"],
                0.0 if none else row["high"], 0.0 if row["placebo"] else truth[row["measure"]],
            )  # fmt: skip


def _told(made: Lived, seed: int, name: str, rates: Errors, group: int | None) -> Iterator[Share]:
    """The share on benefit by the draws and, as a naive reader would have it, by the best link as if it were known to be right."""
    found = shares(made, linked(made, rates, seed), group=group)
    children = len(found.true)
    for road, drawn in (("draws", found.drawn), ("best link", np.repeat(found.best[:, None], 2, axis=1))):
        on = drawn.sum(axis=0, dtype=np.int64)
        these = these_children(on, children) if road == "draws" else None
        whole = process(on, children, family_sums(drawn, found.family))
        yield Share(
            name, road, float(on.mean()) / children, _scaled(these, children), _scaled(whole, children), float(found.true.mean())
        )  # fmt: skip


def _scaled(ends: Ends | None, children: int) -> Ends | None:
    return None if ends is None else (ends[0] / children, ends[1] / children)

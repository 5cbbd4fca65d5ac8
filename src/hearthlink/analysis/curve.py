"""Events by month before and after the referral, on a cohort fixed at baseline, beside benefit households whose children were not referred.

A month here is four weeks, so that every one is as long: -1 is weeks -4 to -1, 0 begins with the day of referral.

Traps met. *The cohort is fixed at baseline*: children whose household was observed 24 (or 12) months before the referral. A cohort of those on
benefit at referral would condition on having survived the very cuts that are studied. *Whoever leaves is counted out*, and the number observed is shown month by
month: nobody is asked to stay. *Infants* had not been born at baseline and are left out. *Weeks 0 to 4* are a month of their own. *Shocks to
everybody and missing files*: a month that the calendar spoils is observed of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri, stdtrit

from hearthlink.analysis.case_time_control import NEVER, referred_by
from hearthlink.analysis.cohort import Cohort, Panel, Whole
from hearthlink.analysis.conditional import Number
from hearthlink.analysis.intervals import FEWEST_CHILDREN, FEWEST_FAMILIES, LEVEL, rubin_degrees
from hearthlink.analysis.panel import lived, seen_months
from hearthlink.tables.measures import MONTHS, YEAR_FIRST, YEAR_LAST, Measure

Flags = npt.NDArray[np.bool_]
Record = dict[str, object]

WEEKS, DAYS, MONTH_DAYS = 4, 28, 365.25 / 12
FIRST, LAST = -24, 11
UNITS = {"month": 1, "quarter": 3, "half": 6}
WITHIN_DRAWS = 10
"""The variance within is averaged over so many draws; that between them takes all."""
AT_ONCE = 50
"""Draws taken at once, so that memory does not grow with them."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some months around the referral, and the calendar months, counted from that of the referral, which they fall in on average."""

    unit: str
    order: int
    first: int
    last: int

    @property
    def offsets(self) -> tuple[int, ...]:
        """Calendar months from the referral's own, the referral taken to be in the middle of its month."""
        return tuple(
            sorted(
                {int(np.floor(0.5 + (month + 0.5) * DAYS / MONTH_DAYS)) for month in range(self.first, self.last + 1)}
            )
        )

    @property
    def scale(self) -> float:
        """Days of the span for a day of those calendar months."""
        return (self.last - self.first + 1) * DAYS / (len(self.offsets) * MONTH_DAYS)


def spans() -> tuple[Span, ...]:
    """Every month, quarter and half year from 24 months before to 12 after."""
    return tuple(
        Span(unit, order, first, first + length - 1)
        for unit, length in UNITS.items()
        for order, first in enumerate(range(FIRST, LAST + 1, length))
    )


SPANS = spans()


@dataclass(frozen=True, slots=True)
class Followed:
    """Of each member (a candidate, or a household) whether it is observed in each span, and has an event in it; how many children it stands for, and its family."""

    observed: Flags
    had: Flags
    children: Whole
    family: Whole


@dataclass(frozen=True, slots=True)
class Around:
    """What every curve stands on: the candidates that each draw and the best link choose, and the households that each leaves without a referral.

    Shapes (candidates, draws), (candidates,), (households, draws) and (households,). `counted` keeps the children observed, by series and
    by the months that can be seen: most measures have them in common.
    """

    chosen: Flags
    best: Flags
    free: Flags
    free_best: Flags
    counted: dict[tuple[str, bytes], Whole]


def around(cohort: Cohort) -> Around:
    """What every curve of a cohort stands on."""
    rank = np.arange(len(cohort.child)) - cohort.first[cohort.child]
    best = np.zeros(len(cohort.child), bool)
    best[cohort.best[cohort.best >= 0]] = True
    best_ranks = np.where(cohort.best >= 0, cohort.best - cohort.first, -1).astype(np.int16)[:, None]
    return Around(
        cohort.ranks[cohort.child] == rank[:, None], best, referred_by(cohort, cohort.ranks) == NEVER,
        referred_by(cohort, best_ranks)[:, 0] == NEVER, {},
    )  # fmt: skip


def monthly(cohort: Cohort, around: Around, measure: Measure, baseline: int) -> Iterator[Record]:
    """The rows of MONTHLY for a measure, but for its name and whether it was planned."""
    good = seen_months(cohort.panel, measure.columns).tobytes()
    for series, followed, chosen, best in (
        ("referred", _referred(cohort, measure, baseline), around.chosen, around.best),
        ("comparison", _compared(cohort, measure, baseline), around.free, around.free_best),
    ):
        if (series, good) not in around.counted:
            around.counted[series, good] = _counts(followed.observed, followed.children, chosen)
        on = _counts(followed.had, followed.children, chosen)
        yield from _rows(series, followed, (on, around.counted[series, good]), chosen, best)


def _referred(cohort: Cohort, measure: Measure, baseline: int) -> Followed:
    at = cohort.index_month[cohort.child] - 1
    observed = _observed(cohort.panel, measure, cohort.household, at, baseline)
    observed &= (lived(cohort)[cohort.child] >= baseline)[:, None]
    kinds = np.isin(np.asarray(cohort.child_events.column("kind").to_pylist(), object), measure.columns)
    month = np.floor_divide(cohort.child_events.column("weeks").to_numpy()[kinds], WEEKS)
    of = cohort.struck_candidate[kinds]
    had = np.zeros(observed.shape, bool)
    for place, span in enumerate(SPANS):
        had[of[(month >= span.first) & (month <= span.last)], place] = True
    return Followed(observed, had & observed, np.ones(len(at), np.int64), cohort.family[cohort.child])


def _compared(cohort: Cohort, measure: Measure, baseline: int) -> Followed:
    """Every household, each beside one month of referral, in the numbers in which children were referred month by month."""
    panel = cohort.panel
    at = _study_months(cohort)
    household = np.arange(panel.size)
    observed = _observed(panel, measure, household, at, baseline)
    children = panel.state("children")[household, np.maximum(at - baseline, 0)].astype(np.int64)
    observed &= (children > 0)[:, None]
    events = panel.had(measure.columns)
    had = np.zeros(observed.shape, bool)
    for place, span in enumerate(SPANS):
        for offset in span.offsets:
            column = at + offset
            inside = (column >= 0) & (column < MONTHS)
            had[inside, place] |= events[household[inside], column[inside]]
    return Followed(observed, had & observed, np.maximum(children, 0), household)


def _study_months(cohort: Cohort) -> Whole:
    """For each household the column of a month, spread evenly in the order of the households (Weyl 1916) as referrals are over the year."""
    counts = np.bincount(cohort.index_month - YEAR_FIRST, minlength=YEAR_LAST - YEAR_FIRST + 1)
    reached = np.cumsum(counts) / max(int(counts.sum()), 1)
    spread = (np.arange(cohort.panel.size) + 1) * ((5**0.5 - 1) / 2) % 1.0
    return np.minimum(np.searchsorted(reached, spread, side="right"), len(counts) - 1) + YEAR_FIRST - 1


def _observed(panel: Panel, measure: Measure, household: Whole, at: Whole, baseline: int) -> Flags:
    """Whether each was of the cohort at baseline and is observed when each span begins, in months that all could be seen."""
    seen, good = panel.observed(), seen_months(panel, measure.columns)
    within = seen | np.concatenate([seen[:, :1], seen[:, :-1]], axis=1)
    start = at - baseline
    member = (household >= 0) & (start >= 0)
    member[member] &= within[household[member], start[member]]
    result = np.zeros((len(at), len(SPANS)), bool)
    for place, span in enumerate(SPANS):
        column = at[:, None] + np.array(span.offsets)
        inside = member & (column >= 0).all(axis=1) & (column < MONTHS).all(axis=1)
        inside[inside] &= good[column[inside]].all(axis=1)
        inside[inside] &= within[household[inside], column[inside, 0]]
        result[:, place] = inside
    return result


def _rows(series: str, followed: Followed, counts: tuple[Whole, Whole], chosen: Flags, best: Flags) -> Iterator[Record]:
    on, of = counts
    for place, span in enumerate(SPANS):
        scale = span.scale if series == "comparison" else 1.0
        seen, had = followed.observed[:, place], followed.had[:, place]
        yield {
            "series": series, "unit": span.unit, "order": span.order, "first": span.first, "last": span.last,
            "children": _mean(of[place]), "having": scale * _mean(on[place]),
            "fewest": int(np.floor(scale * on[place].min())) if on.shape[1] else 0,
            "most": int(np.ceil(scale * on[place].max(initial=0))),
            **_families("", seen & best, followed), **_families("on_", had & best, followed), **_families("off_", seen & ~had & best, followed),
            **_ends(on[place], of[place], (followed, place, chosen), scale),
        }  # fmt: skip


def _counts(flags: Flags, children: Whole, chosen: Flags) -> Whole:
    """Children of whom it is so in each span and draw, shape (spans, draws): whole numbers, so that no order of adding matters."""
    held = np.flatnonzero(flags.any(axis=1))
    # Whole numbers below 2 to the 24th are exact in single precision, in whatever order they are added.
    weighed = (flags[held] * children[held, None]).astype(np.float32).T
    parts = [
        weighed @ chosen[held, place : place + AT_ONCE].astype(np.float32)
        for place in range(0, chosen.shape[1], AT_ONCE)
    ]
    return np.rint(np.concatenate(parts, axis=1)).astype(np.int64) if parts else np.zeros((flags.shape[1], 0), np.int64)


def _families(prefix: str, rows: Flags, followed: Followed) -> Record:
    sizes = np.bincount(followed.family[rows], weights=followed.children[rows])
    return {f"{prefix}families": int((sizes > 0).sum()), f"{prefix}largest_family": int(sizes.max(initial=0))}


def _mean(values: Whole) -> float:
    return int(values.sum()) / values.size if values.size else 0.0


def _ends(on: Whole, of: Whole, where: tuple[Followed, int, Flags], scale: float) -> Record:
    """Ends of the interval for the process as numbers of children: logit scale, families sampled whole, joined over draws."""
    nothing: Record = {"low": None, "high": None}
    middle = _mean(of)
    if on.size < 2 or of.min() < FEWEST_CHILDREN:
        return nothing
    step = max(1, on.size // WITHIN_DRAWS)
    some = np.arange(0, on.size, step)[:WITHIN_DRAWS]
    families, variance = _clustered(on[some], of[some], where, some)
    if families < FEWEST_FAMILIES:
        return nothing
    normal = float(ndtri((1 + LEVEL) / 2))
    if (on == 0).all():
        return {"low": 0.0, "high": scale * middle * normal**2 / (families + normal**2)}
    if (on == of).all():
        return {"low": scale * middle * families / (families + normal**2), "high": scale * middle}
    half = 0.5 if ((on == 0) | (on == of)).any() else 0.0
    logit = np.log((on + half) / (of - on + half))
    share = expit(np.log((on[some] + half) / (of[some] - on[some] + half)))
    within = float(np.mean(variance / (share * (1 - share)) ** 2))
    between = float(np.var(logit, ddof=1))
    total = within + (1 + 1 / on.size) * between
    if within == 0 or total == 0:
        return nothing
    reach = float(stdtrit(rubin_degrees(between, within, on.size, families - 1), (1 + LEVEL) / 2)) * total**0.5
    centre = float(logit.mean())
    return {"low": scale * middle * float(expit(centre - reach)), "high": scale * middle * float(expit(centre + reach))}


def _clustered(on: Whole, of: Whole, where: tuple[Followed, int, Flags], some: Whole) -> tuple[int, Number]:
    """The fewest families of some draws, and in each the variance of the share when families are sampled (Binder 1983)."""
    followed, place, chosen = where
    seen = np.flatnonzero(followed.observed[:, place])
    family, children, had = followed.family[seen], followed.children[seen], followed.had[seen, place]
    variance, fewest, size = np.zeros(len(some)), len(seen), int(family.max(initial=-1)) + 1
    for number, draw in enumerate(some.tolist()):
        kept = chosen[seen, draw]
        sizes = np.bincount(family[kept], weights=children[kept], minlength=size)
        struck = np.bincount(family[kept], weights=(children * had)[kept], minlength=size)
        families = int((sizes > 0).sum())
        fewest = min(fewest, families)
        spread = float(((struck - on[number] / max(int(of[number]), 1) * sizes) ** 2).sum())
        variance[number] = spread * families / max(families - 1, 1) / max(int(of[number]), 1) ** 2
    return fewest, variance

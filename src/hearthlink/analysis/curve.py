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
ROUNDING = 1e-9
"""A sum of squares below this is nought, but for rounding."""


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
class Seen:
    """Who is observed in each span, of the candidates or of the households compared, and what of that every measure has in common.

    `observed` has shape (members, spans), `children` (how many a member stands for) and `family` (members,), `chosen` (members, draws) and
    `best` (members,). `counts` are the children observed, (spans, draws); `families` and `square`, of shape (spans, some draws), how
    many families they come from and the sum of their squared sizes; `told` is what the best link says of families, by span.
    """

    observed: Flags
    children: Whole
    family: Whole
    chosen: Flags
    best: Flags
    counts: Whole
    families: Whole
    square: Whole
    told: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What every curve stands on: the candidates that each draw and the best link choose, and the households that each leaves without a referral.

    Shapes (candidates, draws), (candidates,), (households, draws) and (households,). `seen` keeps who is observed, by series, baseline and
    the months that can be seen: most measures have them in common.
    """

    chosen: Flags
    best: Flags
    free: Flags
    free_best: Flags
    seen: dict[tuple[str, int, bytes], Seen]


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
    good = seen_months(cohort.panel, measure.columns)
    for series, who, struck in (("referred", _referred, _struck), ("comparison", _compared, _struck_compared)):
        key = series, baseline, good.tobytes()
        if key not in around.seen:
            around.seen[key] = who(cohort, around, good, baseline)
        yield from _rows(series, around.seen[key], struck(cohort, measure) & around.seen[key].observed)


def _referred(cohort: Cohort, around: Around, good: Flags, baseline: int) -> Seen:
    """Every candidate of every child old enough to have lived at baseline."""
    observed = _observed(cohort.panel, good, cohort.household, cohort.index_month[cohort.child] - 1, baseline)
    observed &= (lived(cohort)[cohort.child] >= baseline)[:, None]
    children = np.ones(len(cohort.child), np.int64)
    return _seen(observed, children, cohort.family[cohort.child], around.chosen, around.best)


def _struck(cohort: Cohort, measure: Measure) -> Flags:
    """Whether an event befell each candidate's household in each span, by weeks from the referral."""
    kinds = np.isin(np.asarray(cohort.child_events.column("kind").to_pylist(), object), measure.columns)
    month = np.floor_divide(cohort.child_events.column("weeks").to_numpy()[kinds], WEEKS)
    of = cohort.struck_candidate[kinds]
    had = np.zeros((len(cohort.child), len(SPANS)), bool)
    for place, span in enumerate(SPANS):
        had[of[(month >= span.first) & (month <= span.last)], place] = True
    return had


def _compared(cohort: Cohort, around: Around, good: Flags, baseline: int) -> Seen:
    """Every household with children, each beside one month of referral, in the numbers in which children were referred month by month."""
    at, household = _study_months(cohort), np.arange(cohort.panel.size)
    children = cohort.panel.state("children")[household, np.maximum(at - baseline, 0)].astype(np.int64)
    observed = _observed(cohort.panel, good, household, at, baseline) & (children > 0)[:, None]
    return _seen(observed, np.maximum(children, 0), household, around.free, around.free_best)


def _struck_compared(cohort: Cohort, measure: Measure) -> Flags:
    """Whether an event befell each household in the calendar months of each span."""
    events, at = cohort.panel.had(measure.columns), _study_months(cohort)
    row, month = np.nonzero(events)
    had = np.zeros((cohort.panel.size, len(SPANS)), bool)
    for place, span in enumerate(SPANS):
        had[row[np.isin(month - at[row], span.offsets)], place] = True
    return had


def _study_months(cohort: Cohort) -> Whole:
    """For each household the column of a month, spread evenly in the order of the households (Weyl 1916) as referrals are over the year."""
    counts = np.bincount(cohort.index_month - YEAR_FIRST, minlength=YEAR_LAST - YEAR_FIRST + 1)
    reached = np.cumsum(counts) / max(int(counts.sum()), 1)
    spread = (np.arange(cohort.panel.size) + 1) * ((5**0.5 - 1) / 2) % 1.0
    return np.minimum(np.searchsorted(reached, spread, side="right"), len(counts) - 1) + YEAR_FIRST - 1


def _observed(panel: Panel, good: Flags, household: Whole, at: Whole, baseline: int) -> Flags:
    """Whether each was of the cohort at baseline and is observed when each span begins, in months that all could be seen."""
    seen = panel.observed()
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


def _seen(observed: Flags, children: Whole, family: Whole, chosen: Flags, best: Flags) -> Seen:
    """Who is observed, and what of that measures have in common."""
    counts = _counts(observed, children, chosen)
    some = _some(chosen.shape[1])
    families, square = np.zeros((2, len(SPANS), len(some)), np.int64)
    for place in range(len(SPANS)):
        member = np.flatnonzero(observed[:, place])
        for number, draw in enumerate(some.tolist()):
            kept = member[chosen[member, draw]]
            sizes = np.bincount(family[kept], weights=children[kept]).astype(np.int64)
            families[place, number], square[place, number] = (sizes > 0).sum(), (sizes**2).sum()
    told = tuple(_families("", observed[:, place] & best, children, family) for place in range(len(SPANS)))
    return Seen(observed, children, family, chosen, best, counts, families, square, told)


def _some(draws: int) -> Whole:
    """The draws that the variance within is averaged over."""
    return np.arange(0, draws, max(1, draws // WITHIN_DRAWS))[:WITHIN_DRAWS]


def _rows(series: str, seen: Seen, struck: Flags) -> Iterator[Record]:
    counts = _counts(struck, seen.children, seen.chosen)
    for place, span in enumerate(SPANS):
        scale = span.scale if series == "comparison" else 1.0
        on, had = counts[place], struck[:, place]
        apart = seen.observed[:, place] & ~had & seen.best
        yield {
            "series": series, "unit": span.unit, "order": span.order, "first": span.first, "last": span.last,
            "children": _mean(seen.counts[place]), "having": scale * _mean(on),
            "fewest": int(np.floor(scale * on.min())) if on.size else 0, "most": int(np.ceil(scale * on.max(initial=0))),
            **seen.told[place], **_families("on_", had & seen.best, seen.children, seen.family),
            **_families("off_", apart, seen.children, seen.family), **_ends(on, seen, place, had, scale),
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


def _families(prefix: str, rows: Flags, children: Whole, family: Whole) -> Record:
    sizes = np.bincount(family[rows], weights=children[rows])
    return {f"{prefix}families": int((sizes > 0).sum()), f"{prefix}largest_family": int(sizes.max(initial=0))}


def _mean(values: Whole) -> float:
    return int(values.sum()) / values.size if values.size else 0.0


def _ends(on: Whole, seen: Seen, place: int, had: Flags, scale: float) -> Record:
    """Ends of the interval for the process as numbers of children: logit scale, families sampled whole, joined over draws."""
    nothing: Record = {"low": None, "high": None}
    of = seen.counts[place]
    middle = _mean(of)
    if on.size < 2 or of.min() < FEWEST_CHILDREN:
        return nothing
    some, families = _some(on.size), int(seen.families[place].min())
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
    variance = _variance(seen, place, had, on[some] / of[some])
    within = float(np.mean(variance / (share * (1 - share)) ** 2))
    between = float(np.var(logit, ddof=1))
    total = within + (1 + 1 / on.size) * between
    if within == 0 or total == 0:
        return nothing
    reach = float(stdtrit(rubin_degrees(between, within, on.size, families - 1), (1 + LEVEL) / 2)) * total**0.5
    centre = float(logit.mean())
    return {"low": scale * middle * float(expit(centre - reach)), "high": scale * middle * float(expit(centre + reach))}


def _variance(seen: Seen, place: int, had: Flags, share: Number) -> Number:
    """The variance of the share in each of some draws when families are sampled (Binder 1983).

    With y a family's children struck and n those observed it sums (y - share n) squared: only families that were struck need be looked at.
    """
    lookup = np.full(int(seen.family.max(initial=-1)) + 1, -1)
    struck = np.unique(seen.family[had])
    lookup[struck] = np.arange(len(struck))
    member = np.flatnonzero((lookup[seen.family] >= 0) & seen.observed[:, place])
    number, children, hit = lookup[seen.family[member]], seen.children[member], (seen.children * had)[member]
    result = np.zeros(len(share))
    for at, draw in enumerate(_some(seen.chosen.shape[1]).tolist()):
        kept = seen.chosen[member, draw]
        sizes = np.bincount(number[kept], weights=children[kept], minlength=len(struck))
        y = np.bincount(number[kept], weights=hit[kept], minlength=len(struck))
        spread = float((y**2).sum() - 2 * share[at] * (y * sizes).sum() + share[at] ** 2 * seen.square[place, at])
        families = int(seen.families[place, at])
        result[at] = (
            (spread if spread > ROUNDING else 0.0)
            * families
            / max(families - 1, 1)
            / max(int(seen.counts[place, draw]), 1) ** 2
        )
    return result

"""What came before referrals, as it may leave: ratios whose every cell passes, with ends that give none away."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, inf, isfinite, log10

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable
from hearthlink.disclosure.exploratory import marked
from hearthlink.disclosure.figures import HELD_BACK, NOT_APPLICABLE, NOT_AVAILABLE, words
from hearthlink.disclosure.measured import by_theme, slug, title_of
from hearthlink.disclosure.nesting import Around, too_near
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row, number
from hearthlink.disclosure.spans import Inside

DESIGNS = {
    "case_crossover": "Against other months of the same household",
    "case_time_control": "The same, less the trend of households without a referral",
    "matched_cohort": "Against households like it without a referral",
}
TREATMENTS = {
    "draws": "All likely matches",
    "corrected": "Corrected for doubt about the matches",
    "best_link": "The best match alone",
}
TERMS = {"any": "Any"}
DEGREES = 10
"""Fewest degrees of freedom left for a ratio to leave."""
FOUR_WEEKS = "weeks_1_to_4"
"""The window that is the month before the referral."""
NORMAL = 1.96
BOUNDS = (0.05, 20.0)
"""A ratio beyond these is said to be beyond them: so far out it tells of a cell that is nearly empty."""
NOTE = (
    "A ratio of more than 1 means that it came before referrals more often than before the times or the families compared with. It does "
    "not say that the one caused the other. Ends at 95%, rounded outward by as much as a few more or fewer in the smallest cell would move them."
)
COUNTS_NOTE = "Numbers are those of all likely matches; they are not shown again for other ways to treat the matches."
PLACEBO_NOTE = "A placebo is an exposure that cannot matter: it shows how far the method finds what is not there."

COLUMNS = (
    ClearedColumn("measure", "What came before", "text"),
    ClearedColumn("design", "Compared with", "text"),
    ClearedColumn("window", "When", "text"),
    ClearedColumn("term", "How much", "text"),
    ClearedColumn("treatment", "Matches", "text"),
    ClearedColumn("kind", "Kind", "text"),
    ClearedColumn("ratio", "Odds ratio", "ratio"),
    ClearedColumn("low", "From", "ratio"),
    ClearedColumn("high", "To", "ratio"),
    ClearedColumn("cases", "Referrals", "count"),
    ClearedColumn("exposed_cases", "Of them after it", "count"),
    ClearedColumn("referents", "Times or households compared", "count"),
    ClearedColumn("exposed_referents", "Of them after it", "count"),
)
CELLS = ("cases", "exposed_cases", "referents", "exposed_referents")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the figures for all children say to those exposed.

    `tells`: whether they, printed beside all that was asked of before, would tell of a window that is held back. `nearly_all`: whether
    those among whom they are counted are nearly all who were observed.
    """

    tells: Callable[[Inside], bool]
    nearly_all: Callable[[Inside], bool]


ALONE = Beside(lambda _: False, lambda _: False)
"""Where no figures for all children are printed."""


def effects(
    rows: Sequence[Row], containers: Sequence[Around], policy: Policy, beside: Beside = ALONE
) -> Iterator[ClearedTable]:
    """One table for each theme. A dose is printed only where each of its bands passes: they add up to any."""
    passes = _passing(rows, policy)
    told = _giving_back(rows, passes, containers, policy, beside)
    shut = _given_back(rows, passes, told, policy)
    all_of = {_asked(row)[:3] for row in rows for one in [_inside(row)] if one is not None and beside.nearly_all(one)}
    for theme, names in by_theme([str(row["measure"]) for row in rows]).items():
        places = [place for name in names for place, row in enumerate(rows) if row["measure"] == name]
        lines = [
            _line(
                rows[place],
                policy,
                passes=passes[place] and _where(rows[place]) not in shut,
                told=_asked(rows[place]) in told,
                few_left=_asked(rows[place])[:3] in all_of,
            )
            for place in places
        ]
        mine = [rows[place] for place in places]
        placebo = [PLACEBO_NOTE] if any(row["placebo"] for row in mine) else []
        yield marked(
            f"effects_{slug(theme)}", f"{theme}: what came before referrals", COLUMNS, lines, mine,
            notes=[NOTE, COUNTS_NOTE, *placebo], policy=policy,
        )  # fmt: skip


def _passing(rows: Sequence[Row], policy: Policy) -> list[bool]:
    own = [_passes(row, policy) for row in rows]
    lost = {_asked(row) for row, passes in zip(rows, own, strict=True) if row["term"] != "any" and not passes}
    return [
        passes and not (row["term"] != "any" and _asked(row) in lost) for row, passes in zip(rows, own, strict=True)
    ]


def _asked(row: Row) -> tuple[object, ...]:
    return row["measure"], row["design"], row["window"], row["placebo"]


def _passes(row: Row, policy: Policy) -> bool:
    """Whether every cell passes in every draw, from families enough, with degrees of freedom enough."""
    cases, exposed, referents, exposed_referents = (number(row, name) or 0.0 for name in CELLS)
    cells = (
        exposed,
        cases - exposed,
        exposed_referents,
        referents - exposed_referents,
        number(row, "smallest_cell") or 0.0,
    )
    families, largest, degrees = (number(row, name) or 0.0 for name in ("families", "largest_family", "degrees"))
    return (
        min(cells) >= policy.threshold
        and degrees >= DEGREES
        and families >= policy.families
        and largest <= policy.largest_family * cases
    )


def _line(row: Row, policy: Policy, *, passes: bool, told: bool, few_left: bool) -> list[Cell]:
    head = [
        words(title_of(str(row["measure"]))),
        words(DESIGNS.get(str(row["design"]), str(row["design"]).replace("_", " "))),
        words(str(row["window"]).replace("_", " ")),
        words(TERMS.get(str(row["term"]), f"Band {row['term']}")),
        words(TREATMENTS.get(str(row["treatment"]), str(row["treatment"]))),
        words("placebo" if row["placebo"] else "question"),
    ]
    if not passes:
        return [*head, *[HELD_BACK] * 7]
    counts = [Cell(policy.rounded(number(row, name) or 0.0)) for name in CELLS]
    if row["treatment"] != "draws":
        counts = [NOT_APPLICABLE] * 4
    elif few_left:
        # With all but a few of those observed, who is exposed would follow from the window.
        counts = [HELD_BACK] * 4
    elif told:
        # With the exposed among those compared with, the ratio would give them back.
        counts[1] = counts[3] = HELD_BACK
    return [*head, *_ratio(row, policy), *counts]


def _giving_back(
    rows: Sequence[Row], passes: Sequence[bool], containers: Sequence[Around], policy: Policy, beside: Beside,
) -> set[tuple[object, ...]]:  # fmt: skip
    """Questions of which no numbers of exposed may stand: with one of any of its bands few could be had by subtraction."""
    told: set[tuple[object, ...]] = set()
    for row, printed in zip(rows, passes, strict=True):
        inside = _inside(row)
        if inside is None or row["placebo"] or not printed or row["treatment"] != "draws":
            continue
        near = Around(inside.measure, "referred", inside.first, inside.last, inside.having)
        if too_near(inside.measure, near, containers, policy.threshold):
            told.add(_asked(row))
    for row, printed in zip(rows, passes, strict=True):
        inside = _inside(row)
        if inside is None or row["placebo"] or not printed or row["treatment"] != "draws" or row["term"] != "any":
            continue
        if _asked(row) not in told and beside.tells(inside):
            told.add(_asked(row))
    return told


def _given_back(
    rows: Sequence[Row], passes: Sequence[bool], told: Container[tuple[object, ...]], policy: Policy
) -> set[tuple[object, ...]]:
    """Measures and windows of which no ratio may stand: together they would give back the exposed that are held back."""
    ranges: dict[tuple[object, ...], tuple[float, float]] = {}
    for row, printed in zip(rows, passes, strict=True):
        if printed and row["treatment"] == "draws" and _asked(row) in told:
            at = (*_where(row), row["term"])
            (low, high), (least, most) = _by_ratio(row, policy), ranges.get(at, (0.0, inf))
            ranges[at] = max(low, least), min(high, most)
    return {at[:2] for at, (low, high) in ranges.items() if high - low < policy.threshold}


def _where(row: Row) -> tuple[object, object]:
    return row["measure"], row["window"]


def _by_ratio(row: Row, policy: Policy) -> tuple[float, float]:
    """Between what the exposed must lie by the ratio to two figures, whoever of those compared with was exposed."""
    middle, least = number(row, "log_ratio"), policy.threshold
    if middle is None or not isfinite(middle) or not BOUNDS[0] <= exp(middle) <= BOUNDS[1]:
        return 0.0, inf
    cases, others = (policy.rounded(number(row, name) or 0.0) for name in ("cases", "referents"))
    shown, step = two_figures(exp(middle)), 0.5 * 10.0 ** (floor(log10(exp(middle))) - 1)
    ends = [
        odds * struck / (others - struck) for odds, struck in ((shown - step, least), (shown + step, others - least))
    ]
    low, high = (cases * odds / (1 + odds) for odds in ends)
    return max(least, low), min(cases - least, high)


def _inside(row: Row) -> Inside | None:
    """Those exposed, as a number that windows may hold; None where they are of no such months."""
    months = re.fullmatch(r"months_(\d+)_to_(\d+)", str(row["window"]))
    if not (months or row["window"] == FOUR_WEEKS):
        return None
    first, last = (-int(months[2]), -int(months[1])) if months else (-1, -1)
    exposed, cases = (number(row, name) or 0.0 for name in ("exposed_cases", "cases"))
    return Inside(str(row["measure"]), first, last, exposed, cases=cases)


def _ratio(row: Row, policy: Policy) -> list[Cell]:
    """The ratio to two figures, and ends so far from it that one base more or less in the smallest cell would not tell."""
    middle, low, high = number(row, "log_ratio"), number(row, "low"), number(row, "high")
    if middle is None or low is None or high is None or not all(isfinite(one) for one in (middle, low, high)):
        return [NOT_AVAILABLE] * 3
    centre = exp(middle)
    if not BOUNDS[0] <= centre <= BOUNDS[1]:
        return [NOT_AVAILABLE] * 3
    shown = two_figures(centre)
    step = 0.5 * 10.0 ** (floor(log10(centre)) - 1)
    cell = smallest(row, policy)
    below, above = (outward(one, cell, policy) for one in (middle - low, high - middle))
    least = two_figures(max(shown - step, 0.0) * exp(-below), down=True)
    most = two_figures((shown + step) * exp(above), down=False)
    return [_figure(one) for one in (shown, least, most)]


def smallest(row: Row, policy: Policy) -> int:
    """The smallest of the four cells of a row, from rounded numbers."""
    cases, exposed, referents, exposed_referents = (policy.rounded(number(row, name) or 0.0) for name in CELLS)
    return max(policy.threshold, min(exposed, cases - exposed, exposed_referents, referents - exposed_referents))


def outward(width: float, cell: int, policy: Policy) -> float:
    """The distance of an end on the log scale, its square rounded up to steps as large as one base in the smallest cell makes.

    The variance has a term of one over each cell: a cell of n gives base / n squared for one base.
    """
    step = policy.outward(0.0) / (cell * cell)
    return NORMAL * (step * max(1, ceil((width / NORMAL) ** 2 / step - 1e-9))) ** 0.5


def two_figures(value: float, *, down: bool | None = None) -> float:
    """A number to two figures: to the nearest, or down, or up."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** (floor(log10(value)) - 1)
    parts = value / unit
    whole = round(parts) if down is None else floor(parts + 1e-9) if down else ceil(parts - 1e-9)
    return whole * unit


def _figure(value: float) -> Cell:
    if value <= 0 or value == inf:
        return NOT_AVAILABLE
    places = max(0, 1 - floor(log10(value) + 1e-9))
    return Cell(round(value, places), decimals=places)

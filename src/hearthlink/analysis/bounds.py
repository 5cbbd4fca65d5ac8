"""Between what the share on benefit must lie, from no assumption to narrow ones, each with its name and where its margin comes from.

The files of a council show Housing Benefit and council tax support. What they miss: Universal Credit without a local claim, families who
could claim and do not, links missed and links that are false. A bound says how much of that is possible, not how much is likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from hearthlink.analysis.cohort import Cohort, Small
from hearthlink.analysis.ground import Ground
from hearthlink.analysis.intervals import LEVEL, cluster_variance, family_sums, rubin_degrees
from hearthlink.analysis.measured import on_draws
from hearthlink.analysis.shares import Record

Draws = Small
"""1 or 0 for each child and draw."""

WIDEST, HALVINGS = 1000.0, 60
"""Standard errors among which the reach of an interval is sought, by so many halvings."""

OWN = "This study's own counts"
CREDIT = "universal_credit"
"""How the name of a margin begins that speaks of Universal Credit without a local claim: a data share of it takes its place."""

TITLES: dict[str, str] = {
    "universal_credit": "Universal Credit without a local claim",
    "not_claimed": "Not claimed",
    "missed_links": "Missed matches",
}

SPOKEN: dict[str, str] = {
    "universal_credit": "are on Universal Credit without a claim to the council",
    "not_claimed": "could have a means-tested benefit and do not claim it",
    "missed_links": "are in a household on benefit that was not found for them",
}
"""What is assumed of the children not seen on benefit, for margins of a known name."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound on the share: of the children whom `on` holds of, all; of the others between `least` and `most`."""

    name: str
    assumption: str
    source: str
    low: Draws
    high: Draws
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """An estimated end: the share, its standard error with linkage and sampling by families in it, and the degrees of freedom of that."""

    share: float
    error: float
    degrees: float


def bound_rows(base: Ground, assumptions: Mapping[str, tuple[float, float, str]]) -> list[Record]:
    """The rows of the table `bound`, but for `planned`. No child, no row."""
    cohort = base.cohort
    children = len(cohort.first)
    if not children:
        return []
    rows: list[Record] = []
    for place, one in enumerate(_bounds(base, assumptions)):
        low, high = (_found(cohort, on, part) for on, part in ((one.low, one.least), (one.high, one.most)))
        ends = imbens_manski(low, high)
        rows.append(
            {
                "order": place,
                "name": one.name,
                "assumption": one.assumption,
                "source": one.source,
                "children": children,
                "low": low.share * children,
                "high": high.share * children,
                "low_end": None if ends is None else ends[0] * children,
                "high_end": None if ends is None else ends[1] * children,
            }
        )
    return rows


def _bounds(base: Ground, assumptions: Mapping[str, tuple[float, float, str]]) -> Iterator[Bound]:
    """The bounds, from no assumption to the narrowest."""
    drawn = on_draws(base.cohort.children)
    none, everybody = _sure(base), np.ones((len(drawn), 1), np.int8)
    yield Bound(
        "No assumption",
        "Nothing is assumed of the children not seen on benefit, nor of a link that any draw of the matching doubts: a child counts as on "
        "benefit only where every draw has it so. The lower bound is therefore not the share seen, since some links are false",
        OWN, none, everybody,
    )  # fmt: skip
    yield Bound(
        "Matches err as they say",
        "Matches are false, and missed, as often as their probabilities say; nothing is assumed of the children not seen on benefit",
        "The draws of the matching of this study", drawn, everybody,
    )  # fmt: skip
    unseen = np.asarray(base.cohort.children.column("observability").to_pylist(), object) != "observable"
    yield Bound(
        "Others are on no benefit",
        "As before, and a child who could be looked for and was not seen on benefit is on none; one who could not be looked for may be",
        OWN, drawn, drawn | unseen[:, None].astype(np.int8),
    )  # fmt: skip
    yield from _margins(drawn, assumptions, "the files")
    shared = credit_draws(base)
    if shared is not None:
        seen = drawn | _same_draws(shared, drawn)
        yield Bound(
            "With the Universal Credit data share",
            "As before, and the data share holds every household of the area on Universal Credit; nobody else is on benefit",
            "The Universal Credit data share of this study", seen, seen,
        )  # fmt: skip
        others = {name: margin for name, margin in assumptions.items() if not name.startswith(CREDIT)}
        yield from _margins(seen, others, "the files and the data share")


def _margins(on: Draws, assumptions: Mapping[str, tuple[float, float, str]], files: str) -> Iterator[Bound]:
    """A bound for each margin alone, and one for all of them together, which are of different children."""
    for name, (low, high, source) in assumptions.items():
        words = SPOKEN.get(name, f"are on benefit unseen ({name.replace('_', ' ')})")
        yield Bound(
            _title(name, files),
            f"Of the children whom {files} do not show on benefit, between {low:.0%} and {high:.0%} {words}; nobody else is on benefit",
            source, on, on, low, high,
        )  # fmt: skip
    if len(assumptions) > 1:
        low = min(1.0, sum(one for one, _, _ in assumptions.values()))
        high = min(1.0, sum(one for _, one, _ in assumptions.values()))
        yield Bound(
            _title("all of these together", files),
            f"All of these hold, of different children: {low:.0%} to {high:.0%} of those whom {files} do not show on benefit",
            "; ".join(dict.fromkeys(source for _, _, source in assumptions.values())), on, on, low, high,
        )  # fmt: skip


def _title(name: str, files: str) -> str:
    words = TITLES.get(name, name.replace("_", " "))
    return words[:1].upper() + words[1:] + ("" if files == "the files" else ", beside the data share")


def _sure(base: Ground) -> Draws:
    """Children on benefit in every draw of the links, shape (children, 1): worst cases are taken one child at a time.

    The doubt about records that the draws of the day hold is left out: over hundreds of draws it would touch every child.
    """
    held = np.asarray(base.cohort.candidates.column("on_benefit").to_numpy(), bool)
    never = np.zeros(len(base.cohort.first), bool)
    never[base.cohort.child[base.drawn & ~held]] = True
    some = np.zeros(len(base.cohort.first), bool)
    some[base.cohort.child[base.drawn & held]] = True
    return (some & ~never)[:, None].astype(np.int8)


def credit_draws(base: Ground) -> Draws | None:
    """1 where a draw has a child in a household with Universal Credit in payment at the last month end before its referral.

    None where no file of Universal Credit speaks of any of those months.
    """
    paid = base.before(base.state("universal_credit")) == 1
    paid |= base.before(base.cohort.panel.state("status", {"credit_only": 1})) == 1
    if not _shared(base):
        return None
    return np.maximum(base.cohort.drawn((paid & ~base.away).astype(np.int8), none=0), 0)


def _shared(base: Ground) -> bool:
    calendar = base.cohort.panel.calendar
    told = set(calendar.column("month").filter(calendar.column("credit_covered")).to_pylist())
    return bool(told & {int(month) - 1 for month in np.unique(base.cohort.index_month)})


def _same_draws(some: Draws, drawn: Draws) -> Draws:
    """The same draws as those of the day; nobody where nobody was linked."""
    return some if some.shape == drawn.shape else np.zeros_like(drawn)


def _found(cohort: Cohort, on: Draws, part: float) -> Found:
    """The share of those on benefit and so much of the rest, with its standard error by Rubin's rules on the plain scale.

    The end is linear in the share, so that its error is the share's times 1 - part.
    """
    children, draws = on.shape
    counts = on.sum(axis=0, dtype=np.int64)
    share = int(counts.sum()) / draws / children if draws else 0.0
    sums = family_sums(on, cohort.family)
    shares = counts / children
    if sums.families < 2 or not draws:
        return Found(share + part * (1 - share), 0.0, np.inf)
    within = float(cluster_variance(shares, children, sums).mean())
    between = float(shares.var(ddof=1)) if draws > 1 else 0.0
    total = within + (1 + 1 / draws) * between
    degrees = rubin_degrees(between, within, max(draws, 2), sums.families - 1) if within else np.inf
    return Found(share + part * (1 - share), (1 - part) * total**0.5, degrees)


def imbens_manski(low: Found, high: Found, level: float = LEVEL) -> tuple[float, float] | None:
    """The interval that covers the share with this probability wherever it lies between the two ends (Imbens and Manski 2004).

    Ends are moved outward by c standard errors, where F(c + width / largest error) - F(-c) is the level: 1.96 where the ends meet, 1.64
    where they are far apart, for the share cannot be outside both. F is Student's t on the smaller degrees of freedom, which is the
    paper's normal where those are many. Held to between 0 and 1. None where neither end has an error.
    """
    error = max(low.error, high.error)
    if error == 0:
        return None
    degrees = min(low.degrees, high.degrees)
    width = max(0.0, high.share - low.share) / error
    reach = _reach(degrees, width, level)
    return max(0.0, low.share - reach * low.error), min(1.0, high.share + reach * high.error)


def _reach(degrees: float, width: float, level: float) -> float:
    """How many standard errors the ends are moved, by halving."""
    low, high = 0.0, WIDEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        covered = float(stdtr(degrees, middle + width)) - float(stdtr(degrees, -middle))
        low, high = (middle, high) if covered < level else (low, middle)
    return (low + high) / 2

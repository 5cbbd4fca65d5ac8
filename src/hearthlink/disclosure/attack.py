"""An attacker who has every table of a run, as linear programmes: between what ends a held-back figure must lie.

What is printed of all children together is taken to be known exactly, for it stands in many tables, and many roundings tell more than
one. So each topic can be attacked by itself. A range is shown to be wide by two ways in which all the figures might be, each agreeing
with all that is printed; only where none are found at once is the range of one figure worked out to its ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csc_array

SLACK = 1e-6
FEW = 2
"""Figures so few that the range of each is worked out at once."""
AGREES = 1e-7
"""By how much a way found before may miss what is known now: less than the solver itself allows."""
SECONDS = 20.0
"""A programme that is not solved within this time counts as lost: what it was to show wide is held to be narrow."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is held back: the sum of these variables, and how wide its range must be.

    It is tied to others of its `block` alone. `mark` is the caller's own name for it. A range that begins at `least` or above is wide enough
    however narrow it is: then it is no small figure.
    """

    variables: tuple[int, ...]
    asked: float
    block: int
    mark: tuple[str, int, int]
    least: float = inf


@dataclass(slots=True)
class Programme:
    """What is known, as limits of variables and of sums of them; `truth` is one of the ways in which all may be.

    Of a variable whose truth is not known to us either that is not a number (`nan`).
    """

    low: list[float] = field(default_factory=list[float])
    high: list[float] = field(default_factory=list[float])
    truth: list[float] = field(default_factory=list[float])
    rows: list[tuple[tuple[int, ...], tuple[float, ...], float, float]] = field(
        default_factory=list[tuple[tuple[int, ...], tuple[float, ...], float, float]]
    )

    def variable(self, truth: float, low: float = 0.0, high: float = inf) -> int:
        """A new variable, of which so much is known by itself."""
        self.low.append(low)
        self.high.append(high)
        self.truth.append(truth)
        return len(self.truth) - 1

    def tie(self, plus: Sequence[int], minus: Sequence[int] = (), low: float = 0.0, high: float = 0.0) -> None:
        """The sum of some variables less the sum of others lies between these."""
        weights = (1.0,) * len(plus) + (-1.0,) * len(minus)
        self.rows.append(((*plus, *minus), weights, low, high))

    def add(self, other: Programme) -> int:
        """All that another programme knows, under variables that begin at the number given back."""
        start = len(self.truth)
        self.low += other.low
        self.high += other.high
        self.truth += other.truth
        self.rows += [
            (tuple(start + one for one in places), weights, low, high) for places, weights, low, high in other.rows
        ]
        return start


@dataclass(slots=True)
class Ways:
    """Ways in which all variables might be, found while programmes of the same variables were solved.

    Each is tried against what is known before it is taken for one: what was found for one programme may show a figure of the next to be wide
    without anything being solved, and never shows more than a solver would.
    """

    found: list[npt.NDArray[np.float64]] = field(default_factory=list[npt.NDArray[np.float64]])

    def of(self, size: int) -> list[npt.NDArray[np.float64]]:
        """Those of so many variables."""
        return [one for one in self.found if len(one) == size]


def too_narrow(known: Programme, targets: Sequence[Target], ways: Ways | None = None) -> list[Target]:
    """The targets whose range is narrower than is asked. `ways` are those found before, to which those found now are added."""
    wanted = [target for target in targets if target.asked > 0]
    if not wanted:
        return []
    at = _Looking(known, wanted, ways)
    power, left = 0, at.left()
    while power < len(left).bit_length() and len(left) > FEW:
        for sign in (1.0, -1.0):
            # Each pair of targets is pulled apart in one of the turns.
            at.look(
                [
                    (place, sign * (1.0 if power == 0 or turn >> (power - 1) & 1 else -1.0))
                    for turn, place in enumerate(left)
                ]
            )
            left = at.left()
        power += 1
    done: set[int] = set()
    while True:
        turn: dict[int, int] = {}
        for place in at.left():
            if place not in done:
                turn.setdefault(wanted[place].block, place)
        if not turn:
            return [wanted[place] for place in at.left() if at.may_be_small(place)]
        for sign in (1.0, -1.0):
            at.look([(place, sign) for place in turn.values()])
        done.update(turn.values())


def widths(known: Programme, targets: Sequence[Target]) -> list[float]:
    """How wide the range of each target is, worked out to its ends; endless where that is not solved in time."""
    at = _Looking(known, targets)
    solved = [[at.look([(place, sign)]) for sign in (1.0, -1.0)] for place in range(len(targets))]
    return [
        high - low if all(both) else inf
        for low, high, both in zip(at.low.tolist(), at.high.tolist(), solved, strict=True)
    ]


class _Looking:
    """The ways found so far, as the least and the most that each target was in one of them."""

    def __init__(self, known: Programme, wanted: Sequence[Target], ways: Ways | None = None) -> None:
        self.wanted, self.ways = wanted, ways
        self.low_limit, self.high_limit = np.array(known.low), np.array(known.high)
        self.least, self.most = np.array([row[2] for row in known.rows]), np.array([row[3] for row in known.rows])
        self.ties = _matrix([(row[0], row[1]) for row in known.rows], len(known.truth))
        self.sums = _matrix([(one.variables, (1.0,) * len(one.variables)) for one in wanted], len(known.truth))
        self.asked = np.array([one.asked for one in wanted])
        start = self.sums @ np.array(known.truth)
        self.low: npt.NDArray[np.float64] = np.where(np.isnan(start), inf, start)
        self.high: npt.NDArray[np.float64] = np.where(np.isnan(start), -inf, start)
        self.all_solved = True
        if ways is not None:
            self._remember(ways.of(len(known.truth)))

    def _remember(self, found: Sequence[npt.NDArray[np.float64]]) -> None:
        """Take those of the ways found before that agree with all that is known now."""
        if not found:
            return
        every = np.array(found).T
        agrees = (every >= self.low_limit[:, None] - AGREES).all(0) & (every <= self.high_limit[:, None] + AGREES).all(
            0
        )
        every = every[:, agrees]
        tied = self.ties @ every
        agrees = (tied >= self.least[:, None] - AGREES).all(0) & (tied <= self.most[:, None] + AGREES).all(0)
        if agrees.any():
            self._saw(self.sums @ every[:, agrees])

    def _saw(self, values: npt.NDArray[np.float64]) -> None:
        """What the targets are in some ways, each a column."""
        self.low, self.high = np.minimum(self.low, values.min(1)), np.maximum(self.high, values.max(1))

    def left(self) -> list[int]:
        """The targets not yet shown to be wide enough."""
        return np.flatnonzero(self.high - self.low < self.asked - SLACK).tolist()

    def may_be_small(self, place: int) -> bool:
        """Whether a target worked out to its ends may be less than is too much to be small; what was not solved may be anything."""
        return not self.all_solved or bool(self.low[place] < self.wanted[place].least - SLACK)

    def look(self, pulls: Sequence[tuple[int, float]]) -> bool:
        """One more way: the one in which the targets, each by its pull, are as large as they can be together. False where none was found."""
        from scipy.optimize import (
            Bounds,
            LinearConstraint,
            milp,
        )  # takes a fifth of a second to load, and few runs need it

        weights = np.zeros(len(self.asked))
        for place, pull in pulls:
            weights[place] -= pull
        limits = Bounds(self.low_limit, self.high_limit)  # pyright: ignore[reportArgumentType]
        ties = [LinearConstraint(self.ties, self.least, self.most)] if len(self.least) else []  # pyright: ignore[reportArgumentType]
        found = milp(weights @ self.sums, bounds=limits, constraints=ties, options={"time_limit": SECONDS})
        if found.x is None or not found.success:
            self.all_solved = False
            return False
        self._saw((self.sums @ found.x)[:, None])
        if self.ways is not None:
            self.ways.found.append(found.x)
        return True


def _matrix(rows: Sequence[tuple[Sequence[int], Sequence[float]]], size: int) -> csc_array:
    """Sums of variables, each a row of its variables' weights."""
    from scipy.sparse import csc_array

    across = [variable for variables, _ in rows for variable in variables]
    down = np.repeat(np.arange(len(rows)), [len(variables) for variables, _ in rows])
    weights = np.array([weight for _, each in rows for weight in each], float)
    return csc_array((weights, (down, np.array(across, np.int64))), shape=(len(rows), size))

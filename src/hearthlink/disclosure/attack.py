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

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

SLACK = 1e-6
SECONDS = 20.0
"""A programme that is not solved within this time counts as lost: what it was to show wide is held to be narrow."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is held back: the sum of these variables, and how wide its range must be.

    It is tied to others of its `block` alone. `mark` is the caller's own name for it.
    """

    variables: tuple[int, ...]
    asked: float
    block: int
    mark: tuple[str, int, int]


@dataclass(slots=True)
class Programme:
    """What is known, as limits of variables and of sums of them; `truth` is one of the ways in which all may be."""

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


def too_narrow(known: Programme, targets: Sequence[Target]) -> list[Target]:
    """The targets whose range is narrower than is asked."""
    wanted = [target for target in targets if target.asked > 0]
    if not wanted:
        return []
    at = _Ways(known, wanted)
    for power in range(max(1, len(wanted)).bit_length()):
        for sign in (1.0, -1.0):
            left = at.left()
            if not left:
                return []
            # Each pair of targets is pulled apart in one of the turns.
            at.look(
                [
                    (place, sign * (1.0 if power == 0 or turn >> (power - 1) & 1 else -1.0))
                    for turn, place in enumerate(left)
                ]
            )
    done: set[int] = set()
    while True:
        turn: dict[int, int] = {}
        for place in at.left():
            if place not in done:
                turn.setdefault(wanted[place].block, place)
        if not turn:
            return [wanted[place] for place in at.left()]
        for sign in (1.0, -1.0):
            at.look([(place, sign) for place in turn.values()])
        done.update(turn.values())


def widths(known: Programme, targets: Sequence[Target]) -> list[float]:
    """How wide the range of each target is, worked out to its ends; endless where that is not solved in time."""
    at = _Ways(known, targets)
    solved = [[at.look([(place, sign)]) for sign in (1.0, -1.0)] for place in range(len(targets))]
    return [high - low if all(both) else inf for low, high, both in zip(at.low, at.high, solved, strict=True)]


class _Ways:
    """The ways found so far, as the least and the most that each target was in one of them."""

    def __init__(self, known: Programme, wanted: Sequence[Target]) -> None:
        self.wanted = wanted
        self.size = len(known.truth)
        self.low_limit, self.high_limit = np.array(known.low), np.array(known.high)
        self.ties = _matrix(known)
        start = np.array(known.truth)
        self.low = np.array([start[list(one.variables)].sum() for one in wanted])
        self.high = self.low.copy()

    def left(self) -> list[int]:
        """The targets not yet shown to be wide enough."""
        asked = np.array([one.asked for one in self.wanted])
        return np.flatnonzero(self.high - self.low < asked - SLACK).tolist()

    def look(self, pulls: Sequence[tuple[int, float]]) -> bool:
        """One more way: the one in which the targets, each by its pull, are as large as they can be together. False where none was found."""
        from scipy.optimize import Bounds, milp  # takes a fifth of a second to load, and few runs need it

        aim = np.zeros(self.size)
        for place, pull in pulls:
            for variable in self.wanted[place].variables:
                aim[variable] -= pull
        limits = Bounds(self.low_limit, self.high_limit)  # pyright: ignore[reportArgumentType]
        found = milp(aim, bounds=limits, constraints=self.ties, options={"time_limit": SECONDS})
        if found.x is None or not found.success:
            return False
        values = np.array([found.x[list(one.variables)].sum() for one in self.wanted])
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
        return True


def _matrix(known: Programme) -> list[LinearConstraint]:
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    if not known.rows:
        return []
    across = np.concatenate([np.array(variables, np.int64) for variables, *_ in known.rows])
    weights = np.concatenate([np.array(one) for _, one, *_ in known.rows])
    down = np.repeat(np.arange(len(known.rows)), [len(variables) for variables, *_ in known.rows])
    matrix = csr_array((weights, (down, across)), shape=(len(known.rows), len(known.truth)))
    low, high = (np.array([row[place] for row in known.rows]) for place in (2, 3))
    return [LinearConstraint(matrix, low, high)]  # pyright: ignore[reportArgumentType]

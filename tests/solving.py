"""What an attacker knows of some numbers that are not below nought, as limits of their sums, and which sums it narrows.

It shares no code with the checks.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array

Terms = Mapping[int, float]
Numbers = npt.NDArray[np.float64]
MOST, SLACK, ENDLESS = 1e5, 1e-5, 1e8
"""No number is more than the first; two ranges nearer than the second are the same; a limit beyond the third is none."""


@dataclass(frozen=True)
class Narrow:
    """A sum whose range is narrower than is asked: its place among those asked for, and between what it lies."""

    place: int
    low: float
    high: float


class Known:
    """Limits of sums of numbers, by the places of the numbers; `at` has the places of those with a name."""

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.at: dict[tuple[object, ...], int] = {}
        self.rows: list[tuple[dict[int, float], float]] = []
        self.made: tuple[csr_array, Numbers, int] | None = None

    def v(self, *name: object) -> int:
        """The place of the number of this name."""
        return self.at.setdefault(name, len(self.at))

    def limit(self, terms: Terms, low: float, high: float) -> None:
        """A sum lies between these."""
        if high < ENDLESS:
            self.rows.append((dict(terms), high))
        if low > -ENDLESS:
            self.rows.append(({place: -weight for place, weight in terms.items()}, -low))
        self.made = None

    def holds(self, numbers: Mapping[int, float]) -> bool:
        """Whether these numbers agree with all that is known of them alone; a row with any other number in it is passed over."""
        return all(
            sum(weight * numbers[place] for place, weight in terms.items()) <= most + SLACK
            for terms, most in self.rows
            if terms.keys() <= numbers.keys()
        )

    def range(self, terms: Terms) -> tuple[float, float]:
        """The least and the most that a sum can be."""
        aim = self._row(terms)
        return float(aim @ self._furthest(-aim)), float(aim @ self._furthest(aim))

    def narrower(self, asked: Sequence[tuple[Terms, float]]) -> list[Narrow]:
        """The sums whose range is narrower than is asked. All are pulled apart together, and alone where that does not show them to be wide."""
        if not asked:
            return []
        aims, wide = np.array([self._row(terms) for terms, _ in asked]), np.array([one for _, one in asked])
        low, high = np.full(len(asked), np.inf), np.full(len(asked), -np.inf)
        draw = random.Random(len(asked))

        def pull(aim: Numbers) -> None:
            nonlocal low, high
            values = aims @ self._furthest(aim)
            low, high = np.minimum(low, values), np.maximum(high, values)

        left, fewer = list(range(len(asked))), True
        while fewer and len(left) > 2:
            signs = np.array([draw.choice((1.0, -1.0)) for _ in left]) * np.array([draw.random() for _ in left])
            for sign in (1.0, -1.0):
                pull(sign * signs @ aims[left])
            now = np.flatnonzero(high - low < wide - SLACK).tolist()
            fewer, left = len(now) < 0.9 * len(left), now
        for place in left:
            if high[place] - low[place] < wide[place] - SLACK:
                pull(aims[place])
                pull(-aims[place])
        return [
            Narrow(at, float(low[at]), float(high[at])) for at in np.flatnonzero(high - low < wide - SLACK).tolist()
        ]

    def _row(self, terms: Terms) -> Numbers:
        row = np.zeros(self._solved()[2])
        for place, weight in terms.items():
            row[place] += weight
        return row

    def _solved(self) -> tuple[csr_array, Numbers, int]:
        if self.made is None:
            cells = [
                (weight, row, place) for row, (terms, _) in enumerate(self.rows) for place, weight in terms.items()
            ]
            weights, rows, places = zip(*cells, strict=True)
            size = max(self.size, len(self.at), max(places) + 1)
            self.made = (
                csr_array((weights, (rows, places)), shape=(len(self.rows), size)),
                np.array([most for _, most in self.rows]),
                size,
            )
        return self.made

    def _furthest(self, aim: Numbers) -> Numbers:
        """The numbers at which a sum is as large as it can be."""
        matrix, most, _ = self._solved()
        found = linprog(-aim, A_ub=matrix, b_ub=most, bounds=(0, MOST), method="highs")
        assert found.status == 0, found.message
        return np.asarray(found.x)

"""How far two reviewers agree beyond what chance alone would make them (Cohen 1960)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

REACH = 1.959963984540054
"""Standard errors either side of a 95% interval of a normal quantity."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with its standard error and the ends of its 95% interval, beside the plain share of answers that agree."""

    value: float
    standard_error: float
    low: float
    high: float
    agreed: int
    of: int


def kappa(table: npt.NDArray[np.int64]) -> Kappa | None:
    """Kappa of two readers' answers, counted in a square table (first reader, second reader); None where chance leaves no room.

    The standard error is that of Fleiss, Cohen and Everitt (1969), for any kappa, not only nought.
    """
    total = int(table.sum())
    if total == 0:
        return None
    share = table / total
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, chance = float(np.trace(share)), float(rows @ columns)
    if chance >= 1:
        return None
    value = (observed - chance) / (1 - chance)
    margins = rows[None, :] + columns[:, None]
    on = (np.diag(share) * (1 - np.diag(margins) * (1 - value)) ** 2).sum()
    off = ((1 - value) ** 2) * (np.where(np.eye(len(table), dtype=bool), 0.0, share) * margins**2).sum()
    variance = (on + off - (value - chance * (1 - value)) ** 2) / ((1 - chance) ** 2 * total)
    error = float(np.sqrt(max(variance, 0.0)))
    low, high = max(value - REACH * error, -1.0), min(value + REACH * error, 1.0)
    return Kappa(value, error, low, high, int(np.trace(table)), total)

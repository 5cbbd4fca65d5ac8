"""What the ends of an interval tell a reader who knows by which method they were made: of how many children a printed number can be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, stdtrit

Numbers = npt.NDArray[np.float64]
GRID = 0.05
"""How finely the numbers of children are tried."""


def known_ends(having: Numbers, children: Numbers) -> tuple[Numbers, Numbers]:
    """The ends at 95%, as numbers of children, where each child is a family of its own and no match is in doubt: then nothing else decides them."""
    share = np.clip(having / children, 1e-9, 1 - 1e-9)
    complete = children - 1
    reach = stdtrit((complete + 1) / (complete + 3) * complete, 0.975) * (1 / (complete * share * (1 - share))) ** 0.5
    return children * expit(logit(share) - reach), children * expit(logit(share) + reach)


def narrowed(
    printed: Mapping[str, object],
    limits: tuple[float, float],
    sizes: tuple[float, float],
    step: int,
    decimals: int,
) -> tuple[float, float]:
    """Between what a printed number must lie, given what is printed of its ends.

    `printed` has the number (`over`), what it is a share of (`under`), and the shares `low` and `high`; `limits` and `sizes` are what their
    roundings leave of the two; `step` is that of an end.
    """
    over, under = (int(str(printed[name])) for name in ("over", "under"))
    many = np.arange(sizes[0], sizes[1] + 0.51, 1.0) if sizes[1] > sizes[0] else np.array([sizes[0]])
    having, children = np.meshgrid(np.arange(limits[0], limits[1] + GRID / 2, GRID), many)
    children = np.maximum(children, having + 1e-6)
    low, high = known_ends(having, children)
    below, above = (step * np.maximum(1, np.ceil(width / step - 1e-12)) for width in (having - low, high - having))
    ends = np.maximum(0, over - below) / under, np.minimum(under, over + above) / under
    agrees = np.ones(having.shape, bool)
    for end, name in zip(ends, ("low", "high"), strict=True):
        said = printed[name]
        if isinstance(said, int | float):
            agrees &= np.abs(end - said) <= 0.5 * 10.0 ** -(decimals + 2) + 1e-9
    left = having[agrees]
    return (float(left.min()) - GRID, float(left.max()) + GRID) if left.size else limits

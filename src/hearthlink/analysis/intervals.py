"""Two intervals of a share, named apart: for these children, and for the process that brought them here.

*These children*: the share among them is what it is; only the linkage is in doubt. *The process*: other children of other families
might as well have been referred, so that sampling is added, by families. Every function sees arrays alone.

A share may be of children of whom something could be seen: how many there are then differs from draw to draw, and the share is a ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri, stdtrit

Number = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Ends = tuple[float, float]

LEVEL = 0.95
NORMAL = float(ndtri((1 + LEVEL) / 2))
"""How many standard errors of a normal error lie within it."""
FEWEST_CHILDREN, FEWEST_FAMILIES = 10, 3
"""Below either there is not enough evidence for an interval."""

DRAWS_FOR_CERTAINTY = 59
"""So many draws that all agree leave less than a 5% chance that another would differ: 0.95 ** 59 < 0.05."""


@dataclass(frozen=True, slots=True)
class Families:
    """Sums over the families of a group in each draw, with y a family's children on benefit and n its children.

    `families`, how many; `largest`, the greatest n; `square`, the sum of n²; `on_square`, that of y² and `on_size`, that of y n,
    each of shape (draws,). Whole numbers, so that no order of adding matters. Where n differs from draw to draw, `square` does too,
    and `families` is the fewest of any draw.
    """

    families: int
    largest: int
    square: int | Whole
    on_square: Whole
    on_size: Whole


def family_sums(on_draws: npt.NDArray[np.integer], family: Whole) -> Families:
    """The sums over families; `on_draws` is 1 or 0, of shape (children, draws), and `family` a number for each child."""
    if family.size == 0:
        nothing = np.zeros(on_draws.shape[1], dtype=np.int64)
        return Families(0, 0, 0, nothing, nothing)
    order = np.argsort(family, kind="stable")
    starts = np.flatnonzero(np.diff(family[order], prepend=family[order[0]] - 1))
    size = np.diff(starts, append=family.size).astype(np.int64)
    on = sums_of_runs(on_draws[order], starts)
    on_square = (on * on).sum(axis=0, dtype=np.int64)
    on_size = (on * size[:, None].astype(np.int32)).sum(axis=0, dtype=np.int64)
    return Families(int(starts.size), int(size.max()), int((size**2).sum()), on_square, on_size)


def sums_of_runs(values: npt.NDArray[np.integer | np.bool_], starts: Whole) -> npt.NDArray[np.int32]:
    """The sums of runs of rows, from each start to the next: shape (starts, columns).

    The first row of every run is added, then the second, and so on: families are small, so that there are few such steps, and each is
    over all of them at once.
    """
    size = np.diff(starts, append=len(values))
    result = np.zeros((len(starts), values.shape[1]), np.int32)
    for place in range(int(size.max(initial=0))):
        larger = np.flatnonzero(size > place)
        result[larger] += values[starts[larger] + place]
    return result


def cluster_variance(share: Number, children: int | Whole, sums: Families) -> Number:
    """Variance of a share of children sampled by families: of the linearised ratio of sums (Binder 1983; Rao and Wu 1988).

    With F families, F / (F - 1) times the sum of (y - share n)² over the square of the number of children; shape as `share`. Siblings
    are alike, so that children one by one would seem to tell more than they do.
    """
    spread = sums.on_square - 2 * share * sums.on_size + share**2 * sums.square
    return np.maximum(spread, 0.0) * sums.families / (sums.families - 1) / children**2


def rubin_degrees(between: float, within: float, draws: int, complete: float) -> float:
    """Degrees of freedom of a mean over draws (Barnard and Rubin 1999), with `complete` those of the data were nothing missing."""
    missing = (1 + 1 / draws) * between / (within + (1 + 1 / draws) * between)
    observed = (complete + 1) / (complete + 3) * complete * (1 - missing)
    if missing == 0:
        return observed
    rubin = (draws - 1) / missing**2
    return rubin * observed / (rubin + observed)


def these_children(on: Whole, children: int | Whole) -> Ends | None:
    """Ends, as numbers of children, of what may be true of these very children; None where there is not enough evidence.

    `on` is the number on benefit in each draw of the linkage, of so many children; where their number differs too, of shape (draws,),
    the ends are of the expected number. On the logit scale the variance is (1 + 1/M) B, on M - 1 degrees of freedom (Rubin 1987): a
    complete cohort has none within. Where every draw gives the same share, that share is both ends, if there are draws enough to say so.
    """
    draws = on.size
    of = np.broadcast_to(np.asarray(children, np.int64), on.shape)
    if draws < 2 or _middle(of) < FEWEST_CHILDREN or of.min() == 0:
        return None
    if (on * of[0] == on[0] * of).all():
        same = float(on[0]) * _middle(of) / float(of[0])
        return (same, same) if draws >= DRAWS_FOR_CERTAINTY else None
    scale = _logits(on, of)
    total = (1 + 1 / draws) * _variance(scale)
    return _ends(_mean(scale), total, draws - 1, _middle(of))


def process(on: Whole, children: int | Whole, sums: Families) -> Ends | None:
    """Ends, as numbers of children, of what the process that refers children might bring; None where there is not enough evidence.

    Linkage and sampling by families are joined by Rubin's rules on the logit scale. Where no draw has anyone on benefit, or each has
    everyone, the ends are Wilson's (1927) with families for trials. `children` is as for `these_children`.
    """
    draws = on.size
    of = np.broadcast_to(np.asarray(children, np.int64), on.shape)
    if draws < 2 or _middle(of) < FEWEST_CHILDREN or of.min() == 0 or sums.families < FEWEST_FAMILIES:
        return None
    if (on == 0).all() or (on == of).all():
        size = _middle(of)
        reach = size * NORMAL**2 / (sums.families + NORMAL**2)
        return (0.0, reach) if on[0] == 0 else (size - reach, size)
    scale = _logits(on, of)
    share = expit(scale)
    within = _mean(cluster_variance(share, of, sums) / (share * (1 - share)) ** 2)
    between = _variance(scale)
    total = within + (1 + 1 / draws) * between
    if within == 0:
        return None
    return _ends(_mean(scale), total, rubin_degrees(between, within, draws, sums.families - 1), _middle(of))


def _middle(of: Whole) -> float:
    """How many children there are, in expectation over draws."""
    return int(of.sum()) / of.size


def _logits(on: Whole, children: Whole) -> Number:
    """The log odds in each draw; with half a child on either side where any draw has nobody or everybody."""
    half = 0.5 if ((on == 0) | (on == children)).any() else 0.0
    return np.log((on + half) / (children - on + half))


def _ends(middle: float, variance: float, degrees: float, children: float) -> Ends:
    reach = float(stdtrit(degrees, (1 + LEVEL) / 2)) * variance**0.5
    return children * float(expit(middle - reach)), children * float(expit(middle + reach))


def _mean(values: Number) -> float:
    return fsum(values.tolist()) / values.size


def _variance(values: Number) -> float:
    middle = _mean(values)
    return fsum(((values - middle) ** 2).tolist()) / (values.size - 1)

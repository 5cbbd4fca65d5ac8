"""Whether a child that is in no household on file on the day was in one with a claim before: what links as at earlier days say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.deidentify.households import Chains
from hearthlink.deidentify.pseudonyms import Whole

PARTS = 10**9
"""Probabilities are added up as so many parts of one, so that their order does not matter."""

TWENTIETHS = 20

WINDOWS: Mapping[int, tuple[int, ...]] = {12: (6, 12), 24: (6, 12, 18, 24)}
"""The windows in months, and the earlier days that say who was in a household in them."""


@dataclass(frozen=True, slots=True)
class Where:
    """Candidates of children as at one day: `child` and `home` by place (home -1 for none), `parts` of probability, all by row."""

    child: Whole
    home: Whole
    parts: Whole

    @classmethod
    def of(cls, candidates: pa.Table, child: Whole, chains: Chains) -> Where:
        """From `candidate_rows` and the place of each one's child."""
        parts = np.round(candidates.column("probability").to_numpy() * PARTS).astype(np.int64)
        return cls(child, chains.place(candidates.column("chain_key")), parts)


def otherwise(
    children: int,
    day: Where,
    before: Mapping[int, tuple[Where, pa.Table]],
    windows: Mapping[int, Sequence[int]] = WINDOWS,
) -> dict[str, pa.Array]:
    """The columns `ever_before_12_otherwise` and `ever_before_24_otherwise`, for each child by place.

    `before` gives, by months, the candidates as at that day and `candidate_rows` of them. Of several days the largest chance counts.
    """
    made: dict[str, pa.Array] = {}
    for window, days in windows.items():
        chance = np.full(children, -1.0)
        for months in days:
            there, rows = before[months]
            ever = np.asarray(rows.column(f"ever_before_{window}").to_numpy(), dtype=bool)
            known = np.bincount(there.child, minlength=children) > 0
            chance = np.where(known, np.maximum(chance, _were(children, day, there, ever)), chance)
        made[f"ever_before_{window}_otherwise"] = pa.array(_in_twentieths(chance), mask=chance < 0)
    return made


def _were(children: int, day: Where, before: Where, ever: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """P(in one of the households marked `ever` before | in none on file on the day) of each child.

    The two answers are taken to agree as far as their chances allow, and what is left over of each to go with what is left over of the
    other in proportion (a maximal coupling): a household as likely before as on the day says nothing of a child that is in none on the day.
    """
    width = 2 + int(max(day.home.max(initial=-1), before.home.max(initial=-1)))
    code, of = np.unique(
        np.concatenate([one.child * width + one.home + 1 for one in (day, before)]), return_inverse=True
    )
    then, now = (np.zeros(len(code), np.int64) for _ in range(2))
    np.add.at(now, of[: len(day.child)], day.parts)
    np.add.at(then, of[len(day.child) :], before.parts)
    marked = np.zeros(len(code), bool)
    np.logical_or.at(marked, of[len(day.child) :], ever & (before.home >= 0))
    child, none = code // width, code % width == 0

    def summed(parts: Whole, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        total = np.zeros(children, np.int64)
        np.add.at(total, child[rows], parts[rows])
        return total.astype(np.float64)

    left, come = np.maximum(then - now, 0), np.maximum(now - then, 0)
    from_marked, from_any = summed(left, marked), np.maximum(summed(left, left > 0), 1.0)
    to_none, of_none = summed(come, none), np.maximum(summed(now, none), 1.0)
    return from_marked / from_any * to_none / of_none


def _in_twentieths(chance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The chances in twentieths, rounded one after another from the least so that their sum holds."""
    order = np.argsort(chance, kind="stable")
    running = np.cumsum(np.round(PARTS * np.maximum(chance[order], 0.0)).astype(np.int64))
    result = np.zeros(len(chance))
    result[order] = np.diff((TWENTIETHS * running + PARTS // 2) // PARTS, prepend=0) / TWENTIETHS
    return result

"""Shares by group over the draws of the linkage, where how many children can be seen differs from draw to draw.

Most children have the same household in every draw. They are counted once; draw by draw only the families of the others are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hearthlink.analysis.cohort import Cohort, Flags, Small, Whole
from hearthlink.analysis.intervals import Families, process, sums_of_runs, these_children
from hearthlink.analysis.topics import Topic

Record = dict[str, object]
Counts = npt.NDArray[np.integer]

TRUE, FALSE = 1, 0
"""What is said of a child. A number above is the reason, from `REASON`, why nothing can be seen."""
REASON = 2


@dataclass(frozen=True, slots=True)
class Said:
    """What each draw says of each child: TRUE, FALSE, or a reason why it cannot be seen, by its place in `reasons` from REASON on.

    `fixed`, of shape (children,), holds of those alike in every draw; `varying` are the places of the others and `codes`, of shape
    (varying, draws), what is said of them. `best`, of shape (children,), is what the best link says. `draws`, how many there are.
    """

    fixed: Small
    varying: Whole
    codes: Small
    best: Small
    draws: int
    reasons: tuple[str, ...] = ()


def said(cohort: Cohort, values: Small, alone: Small, drawn: Flags, reasons: tuple[str, ...] = ()) -> Said:
    """What the draws say, from a value for each candidate, and `alone`, of shape (children,), for a child that was not linked.

    `drawn` says of each candidate whether any draw chose it.
    """
    linked = cohort.ranks[:, 0] >= 0 if cohort.draws else np.zeros(len(alone), bool)
    low = np.full(len(alone), 127, np.int8)
    high = np.full(len(alone), -128, np.int8)
    chosen = np.flatnonzero(drawn)
    np.minimum.at(low, cohort.child[chosen], values[chosen])
    np.maximum.at(high, cohort.child[chosen], values[chosen])
    varying = np.flatnonzero(linked & (low != high))
    codes = values[cohort.first[varying, None] + cohort.ranks[varying]].reshape(len(varying), max(cohort.draws, 1))
    fixed = np.where(linked, low, alone).astype(np.int8)
    best = cohort.by_best(values)
    # Where nobody was linked there are no draws, and one is as good as many.
    draws = max(cohort.draws, 1)
    return Said(fixed, varying, codes, np.where(cohort.best < 0, alone, best).astype(np.int8), draws, reasons)


def said_outright(codes: Small, best: Small, reasons: tuple[str, ...] = ()) -> Said:
    """What the draws say, from what each says of each child, of shape (children, draws)."""
    varying = np.flatnonzero((codes != codes[:, :1]).any(axis=1)) if codes.size else np.arange(0)
    fixed = codes[:, 0] if codes.shape[1] else np.zeros(len(codes), np.int8)
    return Said(fixed, varying, codes[varying], best, int(codes.shape[1]), reasons)


def drawn_candidates(cohort: Cohort) -> Flags:
    """Whether any draw chose each candidate, shape (candidates,)."""
    result = np.zeros(len(cohort.child), bool)
    # A block of children at a time: the places of all draws at once would take eight bytes each.
    for start in range(0, len(cohort.first), 4096):
        ranks = cohort.ranks[start : start + 4096]
        linked = ranks[:, 0] >= 0 if cohort.draws else np.zeros(len(ranks), bool)
        result[(cohort.first[start : start + 4096][linked, None] + ranks[linked]).ravel()] = True
    return result


@dataclass(frozen=True, slots=True)
class Members:
    """The children of a topic's groups, by group and family: a child for each member and its cluster, a family within a group.

    `group` is the group of each cluster. A child may be in several groups, and in none.
    """

    topic: Topic
    child: Whole
    cluster: Whole
    group: Whole

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.topic.groups)


def members(topic: Topic, family: Whole) -> Members:
    """The members of a topic's groups; `family` is a number for each child."""
    child = np.concatenate([np.zeros(0, np.int64), *(rows for _, rows in topic.groups)])
    group = np.repeat(np.arange(len(topic.groups)), [len(rows) for _, rows in topic.groups])
    order = np.lexsort((family[child], group))
    child, group = child[order], group[order]
    new = np.ones(len(child), bool)
    new[1:] = (np.diff(group) != 0) | (np.diff(family[child]) != 0)
    return Members(topic, child, np.cumsum(new) - 1, group[new])


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of children by group and draw, of shape (groups, draws): those observed, those of whom it is true, and sums over families.

    `families`, of shape (groups,), is the fewest with anybody observed in any draw.
    """

    observed: Whole
    having: Whole
    square: Whole
    on_square: Whole
    on_size: Whole
    families: Whole


def tally(one: Said, by: Members) -> Tally:
    """The numbers of each group in each draw."""
    clusters = len(by.group)
    code = one.fixed.copy()
    code[one.varying] = 127
    held = code[by.child]
    having = np.bincount(by.cluster[held == TRUE], minlength=clusters)
    observed = having + np.bincount(by.cluster[held == FALSE], minlength=clusters)
    place = np.full(len(one.fixed), -1)
    place[one.varying] = np.arange(len(one.varying))
    loose = np.flatnonzero(place[by.child] >= 0)
    met, starts = _runs(by.cluster[loose])
    settled = np.ones(clusters, bool)
    settled[met] = False
    parts = _constant(having[settled], observed[settled], by.group[settled], by.groups, one.draws)
    if met.size:
        codes = one.codes[place[by.child[loose]]]
        more = sums_of_runs(codes == TRUE, starts) + having[met, None].astype(np.int32)
        seen = sums_of_runs(codes < REASON, starts) + observed[met, None].astype(np.int32)
        groups, firsts = _runs(by.group[met])
        ends = [*firsts[1:].tolist(), met.size]
        for part, values in zip(parts, _figures(more, seen), strict=True):
            for group, first, end in zip(groups.tolist(), firsts.tolist(), ends, strict=True):
                part[group] += values[first:end].sum(axis=0, dtype=np.int64)
    observed_, having_, square, on_square, on_size, families = parts
    fewest = families.min(axis=1) if one.draws else np.zeros(by.groups, np.int64)
    return Tally(observed_, having_, square, on_square, on_size, fewest)


def _figures(having: Counts, observed: Counts) -> Iterator[Counts]:
    """What is summed over families: n, y, n², y², y n and whether there is anybody, in that order and one at a time."""
    yield observed
    yield having
    yield observed * observed
    yield having * having
    yield having * observed
    yield (observed > 0).astype(having.dtype)


def _constant(having: Whole, observed: Whole, group: Whole, groups: int, draws: int) -> tuple[Whole, ...]:
    """The sums over families that are alike in every draw, each of shape (groups, draws)."""
    sums = (
        np.bincount(group, weights=values, minlength=groups).astype(np.int64) for values in _figures(having, observed)
    )
    return tuple(np.repeat(one[:, None], draws, axis=1) for one in sums)


def _runs(values: Whole) -> tuple[Whole, Whole]:
    """The distinct values of an ascending array, and where each begins."""
    starts = np.flatnonzero(np.diff(values, prepend=-1)) if values.size else np.zeros(0, np.int64)
    return values[starts], starts


def families_of(chosen: Flags, by: Members) -> tuple[Whole, Whole]:
    """For each group, of how many families the chosen children are, and the children of the largest. `chosen` is of shape (children,)."""
    sizes = np.bincount(by.cluster[chosen[by.child]], minlength=len(by.group))
    count = np.bincount(by.group[sizes > 0], minlength=by.groups)
    largest = np.zeros(by.groups, np.int64)
    np.maximum.at(largest, by.group, sizes)
    return count, largest


def rows(one: Said, by: Members) -> Iterator[Record]:
    """A row for each group: numbers observed and having over draws, families by the best link, and both intervals.

    The share is a ratio of two numbers that the links decide together: its intervals are made over draws of the ratio. Figures are
    expected numbers, and ends are numbers of the children expected to be observed. *Not observed* is never *no*.
    """
    counts = tally(one, by)
    families = {
        prefix: families_of(chosen, by)
        for prefix, chosen in (("", one.best < REASON), ("on_", one.best == TRUE), ("off_", one.best == FALSE))
    }
    for place, (group, children) in enumerate(by.topic.groups):
        observed, having = counts.observed[place], counts.having[place]
        sums = Families(
            int(counts.families[place]),
            int(families[""][1][place]),
            counts.square[place],
            counts.on_square[place],
            counts.on_size[place],
        )
        yield {
            "topic": by.topic.name,
            "group": group,
            "order": place,
            "overlapping": by.topic.overlapping,
            "children": len(children),
            **over_draws("observed", observed, "fewest_observed", "most_observed"),
            **over_draws("having", having),
            **{f"{prefix}families": int(count[place]) for prefix, (count, _) in families.items()},
            **{f"{prefix}largest_family": int(largest[place]) for prefix, (_, largest) in families.items()},
            **both_ends(having, observed, sums),
        }


def both_ends(having: Whole, observed: int | Whole, sums: Families) -> Record:
    """The ends of both intervals, empty where there is not enough evidence."""
    these, those = these_children(having, observed), process(having, observed, sums)
    return {
        "these_low": these[0] if these else None,
        "these_high": these[1] if these else None,
        "process_low": those[0] if those else None,
        "process_high": those[1] if those else None,
    }


def over_draws(name: str, counts: Whole, fewest: str = "fewest", most: str = "most") -> Record:
    """The expected number over draws, the smallest and the largest; nought where there are no draws."""
    if not counts.size:
        return {name: 0.0, fewest: 0, most: 0}
    return {name: int(counts.sum()) / counts.size, fewest: int(counts.min()), most: int(counts.max())}

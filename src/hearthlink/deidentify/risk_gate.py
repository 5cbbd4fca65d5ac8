"""Which cells are held back so that nobody stands apart: local suppression by the kinds of children, and never by an order of rows.

A blank is alike with a blank and with nothing else. That is the careful count: whoever knows a child's values finds at least its whole group
among the rows that fit them, while a blank that is taken to be alike with everything (as sdcMicro takes it) may leave a single row that fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from hearthlink.deidentify.risk_groups import Flags, Whole, grouped

Columns = tuple[int, ...]

WITHOUT_COMPANY = 2
"""Up to so many columns no company is cheaper: a safe group is larger than what it would join, so it more than doubles the cells."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is held back: for each row and column whether its cell is blanked, and for each row whether it is then safe."""

    blank: Flags
    safe: Flags
    codes: Whole = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a group must have: at least k rows, and so many different values of every sensitive column. The first `fixed` columns stay."""

    k: int
    differing: int
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Children of one kind have the same values throughout: the values, how many they are, and for each sensitive column which values they have."""

    codes: Whole
    count: Whole
    held: tuple[Flags, ...]


def held_back(codes: Whole, sensitive: Whole, rule: Rule) -> Held:
    """The cells to blank so that every group is as the rule asks; where that cannot be, `safe` says of which rows.

    `codes` are rows by what may be known, the fixed columns first and the rest from the one that is to stay longest;
    `sensitive` are rows by what must not be learnt. As few cells as two greedy ways find: the one blanks from the last column, the other
    wherever most rows become safe at once. The same rows in another order give the same cells.
    """
    _, first, kind = np.unique(_wide(codes), return_index=True, return_inverse=True)
    kind = kind.ravel()
    kinds = _Kinds(
        codes[first],
        np.bincount(kind, minlength=len(first)),
        tuple(_holds(kind, column, len(first)) for column in sensitive.T),
    )
    ways = [_blanked(kinds, rule, widest=widest) for widest in (False, True)]
    blanked = min(ways, key=lambda blank: _cells(kinds, blank))
    made = np.where(blanked, 0, kinds.codes)
    safe = _safe(made, kinds, rule)
    return Held((blanked & (kinds.codes > 0))[kind], safe[kind], made[kind])


def _wide(codes: Whole) -> Whole:
    """One number for each row that orders rows as their values do."""
    return grouped(codes)[0]


def _holds(kind: Whole, column: Whole, kinds: int) -> Flags:
    values = np.unique(column, return_inverse=True)[1].ravel()
    held = np.zeros((kinds, int(values.max(initial=-1)) + 1), bool)
    held[kind, values] = True
    return held


def _cells(kinds: _Kinds, blanked: Flags) -> int:
    return int((((kinds.codes > 0) & blanked).sum(axis=1) * kinds.count).sum())


def _safe(made: Whole, kinds: _Kinds, rule: Rule) -> Flags:
    """For each kind whether its group, with these values, is large and differs enough."""
    group, _ = grouped(made)
    groups = int(group.max(initial=-1)) + 1
    size = np.zeros(groups, np.int64)
    np.add.at(size, group, kinds.count)
    safe = size >= rule.k
    for held in kinds.held:
        union = np.zeros((groups, held.shape[1]), bool)
        np.logical_or.at(union, group, held)
        safe &= union.sum(axis=1) >= rule.differing
    return safe[group]


def _safety(kinds: _Kinds, blank: Flags, rule: Rule) -> Flags:
    return _safe(np.where(blank, 0, kinds.codes), kinds, rule)


def _blanked(kinds: _Kinds, rule: Rule, *, widest: bool) -> Flags:
    """For each kind and column whether it is blanked: until every kind is safe or none can be made so; then what need not be is given back."""
    blank = np.zeros(kinds.codes.shape, bool)
    safe = _safety(kinds, blank, rule)
    while not safe.all():
        step = _step(kinds, blank, safe, rule, widest=widest)
        if step is None:
            step = _pulled(kinds, blank, safe, rule.fixed)
        if step is None:
            break
        rows, columns = step
        blank[rows[:, None], list(columns)] = True
        safe = _safety(kinds, blank, rule)
    return _given_back(kinds, blank, rule)


def _step(kinds: _Kinds, blank: Flags, safe: Flags, rule: Rule, *, widest: bool) -> tuple[Whole, Columns] | None:
    """Kinds to blank and the columns: those that become safe among themselves with the fewest columns, or with company if that is cheaper."""
    width = kinds.codes.shape[1]
    company: tuple[float, Whole, Columns] | None = None
    for number in range(1, width - rule.fixed + 1):
        best: tuple[int, Whole, Columns] | None = None
        for columns in _from_the_last(width, rule.fixed, number):
            rows = _made_safe(kinds, blank, safe, columns, rule)
            gain = int(kinds.count[rows].sum())
            if gain and (best is None or gain > best[0]):
                best = gain, rows, columns
            if best is not None and not widest:
                break
        if best is not None and number <= WITHOUT_COMPANY:
            return best[1], best[2]
        company = _cheaper(company, _with_company(kinds, blank, safe, number, rule))
        if best is not None:
            return best[1:] if company is None or number <= company[0] else company[1:]
    return company[1:] if company is not None else None


def _cheaper(
    one: tuple[float, Whole, Columns] | None, other: tuple[float, Whole, Columns] | None
) -> tuple[float, Whole, Columns] | None:
    return min((each for each in (one, other) if each is not None), key=lambda each: each[0], default=None)


def _with_company(
    kinds: _Kinds, blank: Flags, safe: Flags, number: int, rule: Rule
) -> tuple[float, Whole, Columns] | None:
    """Kinds that are not safe, joined by the smallest safe group that differs in so many columns alone; cells for each child made safe."""
    made = np.where(blank, 0, kinds.codes)
    group, _ = grouped(made)
    total = np.zeros(int(group.max()) + 1, np.int64)
    np.add.at(total, group, kinds.count)
    best: tuple[float, Whole, Columns] | None = None
    for columns in _from_the_last(made.shape[1], rule.fixed, number):
        bare = made.copy()
        bare[:, list(columns)] = 0
        joined, _ = grouped(bare)
        cells = (made[:, list(columns)] > 0).sum(axis=1) * kinds.count
        for one in np.unique(joined[~safe]).tolist():
            inside = np.flatnonzero(joined == one)
            left, beside = inside[~safe[inside]], inside[safe[inside]]
            if not len(beside):
                continue
            smallest = min(group[beside].tolist(), key=lambda each: (int(total[each]), each))
            rows = np.concatenate([left, beside[group[beside] == smallest]])
            price = float(cells[rows].sum() / kinds.count[left].sum())
            if best is None or price < best[0]:
                best = price, rows, columns
    return best


def _from_the_last(width: int, fixed: int, number: int) -> Iterator[Columns]:
    """Sets of so many columns, those of the last ones first."""
    yield from combinations(range(width - 1, fixed - 1, -1), number)


def _made_safe(kinds: _Kinds, blank: Flags, safe: Flags, columns: Columns, rule: Rule) -> Whole:
    """The kinds that are not safe and would be, were these columns of them blanked."""
    tried = blank.copy()
    tried[np.flatnonzero(~safe)[:, None], list(columns)] = True
    return np.flatnonzero(~safe & _safe(np.where(tried, 0, kinds.codes), kinds, rule))


def _pulled(kinds: _Kinds, blank: Flags, safe: Flags, fixed: int) -> tuple[Whole, Columns] | None:
    """What is left is too few even with every column blank: the smallest group beside it, blanked throughout to keep it company."""
    left = np.flatnonzero(~safe)
    made = np.where(blank, 0, kinds.codes)
    if not blank[left][:, fixed:].all():
        return left, tuple(range(fixed, kinds.codes.shape[1]))
    same = {tuple(row) for row in made[left, :fixed].tolist()}
    group, _ = grouped(made)
    total = np.bincount(group, weights=kinds.count).astype(np.int64)
    beside = [
        number
        for number in range(len(group))
        if safe[number] and made[number, fixed:].any() and tuple(made[number, :fixed].tolist()) in same
    ]
    if not beside:
        return None
    chosen = min(beside, key=lambda number: (int(total[group[number]]), int(group[number])))
    return np.flatnonzero(group == group[chosen]), tuple(range(fixed, kinds.codes.shape[1]))


def _given_back(kinds: _Kinds, blank: Flags, rule: Rule) -> Flags:
    """Cells that need not be blank after all, now that others are: the most important column first."""
    made = np.where(blank, 0, kinds.codes)
    members: dict[tuple[int, ...], list[int]] = {}
    for number, row in enumerate(map(tuple, made.tolist())):
        members.setdefault(row, []).append(number)

    def fine(held: list[int]) -> bool:
        return not held or bool(
            kinds.count[held].sum() >= rule.k
            and all(one[held].any(axis=0).sum() >= rule.differing for one in kinds.held)
        )

    blank = blank.copy()
    for column in range(kinds.codes.shape[1]):
        for number in np.flatnonzero(blank[:, column] & (kinds.codes[:, column] > 0)).tolist():
            old = tuple(made[number].tolist())
            new = (*old[:column], int(kinds.codes[number, column]), *old[column + 1 :])
            left, joined = [one for one in members[old] if one != number], [*members.get(new, ()), number]
            if fine(left) and fine(joined):
                members[old], members[new] = left, joined
                made[number, column], blank[number, column] = new[column], False
    return blank


def share_blank(held: Held, codes: Whole) -> float:
    """Cells blanked, of those that held a value in a column that may be blanked."""
    there = int((codes > 0).sum())
    return float(held.blank.sum() / there) if there else 0.0


def by_column(held: Held, names: Sequence[str]) -> dict[str, int]:
    """How many cells of each column are blanked."""
    return {name: int(held.blank[:, place].sum()) for place, name in enumerate(names)}

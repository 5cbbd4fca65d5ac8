"""Children of different families who could be one person on file: a person is at most one child, unless two rows are the same child.

Within a family the assignment is exact; between families each claim on a member is weakened by the chance that another family's child
is that member, in messages passed until they settle (belief propagation for data association: Williams and Lau 2014, who show that
it converges). Two rows on the left that agree as one child would are no rivals: a child referred twice under two ids is found twice,
which is right, and a link for each row is what was asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from hearthlink.linkage.assignment import likeliest
from hearthlink.linkage.evidence import Evidence, kept
from hearthlink.linkage.grouping import summed
from hearthlink.linkage.home_model import HomeModel
from hearthlink.linkage.households import Posterior, posterior
from hearthlink.linkage.model import Floats, Model, Wholes
from hearthlink.linkage.resolve import Answers

WORTH = 1e-3
"""Probability of being a member below which a child is no rival for it."""

MOST_ROUNDS = 12
SETTLED = 1e-4
SEVERAL_TIMES = 0.5
"""Share of rivals who are plainly one child above which a file is taken to hold children several times."""

NAMES_ALIKE = 0.85
"""Jaro-Winkler similarity from which two forenames may be one child's."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Listed pairs on whose member several units have a claim: pair, and of each its member, unit and child, numbered from nought.

    Children who are the same child have the same number.
    """

    pair: Wholes
    member: Wholes
    unit: Wholes
    child: Wholes


@dataclass(frozen=True, slots=True)
class Rivals:
    """Claims that rival one another. free: P(the member is no child of another unit's) (pairs,). odds: of each claim, were there no other."""

    claims: Claims
    free: Floats
    odds: Floats


def rivals_of(evidence: Evidence, model: Model, home: HomeModel, where: Posterior, child: pa.Table) -> Rivals | None:
    """Who claims a member that others claim, and how far that weakens each claim; None where no two units claim one member.

    `child`: the rows of `person` that are children, in order of their numbers.
    """
    claims = _claims(evidence, where, child)
    if claims is None:
        return None
    units = np.unique(evidence.unit_of_child[evidence.cell_child[evidence.listed.cell[claims.pair]]])
    keep = np.isin(evidence.block_unit, units)
    some = kept(evidence, keep)
    seat = np.cumsum(keep[evidence.cell_block[evidence.listed.cell]]) - 1
    mine = seat[claims.pair]
    free, odds = np.ones(len(some.listed.cell)), np.zeros(len(mine))
    for _ in range(MOST_ROUNDS):
        p = np.clip(posterior(some, model, home, free).member[mine], 0.0, 1.0 - 1e-9)
        before = free[mine]
        odds = p / (1.0 - p) / before
        free[mine] = 1.0 / (1.0 + against(claims, odds))
        if float(np.abs(free[mine] - before).max()) < SETTLED:
            break
    result = np.ones(len(evidence.listed.cell))
    result[claims.pair] = free[mine]
    return Rivals(claims, result, odds)


def against(claims: Claims, odds: Floats) -> Floats:
    """For each claim the odds of all claims on its member by other children of other units. odds: of each claim (claims,)."""
    size = int(max(claims.unit.max(initial=0), claims.child.max(initial=0))) + 1

    def total(*keys: Wholes) -> Floats:
        code = claims.member
        for key in keys:
            code = code * size + key
        _, group = np.unique(code, return_inverse=True)
        return summed(group.reshape(-1), odds, int(group.max(initial=-1)) + 1)[group.reshape(-1)]

    rest = total() - total(claims.unit) - total(claims.child) + total(claims.unit, claims.child)
    return np.maximum(rest, 0.0)


def _claims(evidence: Evidence, where: Posterior, child: pa.Table) -> Claims | None:
    pair = np.flatnonzero(where.member >= WORTH)
    whose = evidence.cell_child[evidence.listed.cell[pair]]
    unit = evidence.unit_of_child[whose]
    _, member = np.unique(evidence.listed.member[pair], return_inverse=True)
    member = member.reshape(-1)
    units = np.unique(member * (evidence.units + 1) + unit) // (evidence.units + 1)
    contested = (np.bincount(units, minlength=int(member.max(initial=-1)) + 1) > 1)[member]
    if not contested.any():
        return None
    pair, whose, unit, member = pair[contested], whose[contested], unit[contested], member[contested]
    groups = defaultdict[int, list[int]](list)
    for one, of in zip(whose.tolist(), member.tolist(), strict=True):
        groups[of].append(one)
    same = same_children(child, [np.unique(group).tolist() for group in groups.values()])
    if same is None:
        return None
    return Claims(pair, member, unit, np.array([same.get(one, one) for one in whose.tolist()], dtype=np.int64))


def same_children(child: pa.Table, groups: Sequence[Sequence[int]]) -> dict[int, int] | None:
    """For rows of `child` that are one child with another of their group, the first such row.

    None where most that are grouped are plainly one child: then the file holds children several times, and whoever claims one
    member is taken for one child, misspelt or not. They are one where forenames are alike and birth dates the same or a letter apart; where a birth date is missing, where surnames
    are the same too; where both forenames are, if surname and birth date are the same. Brothers and sisters, twins among them, have other forenames.
    """
    wanted = sorted({one for group in groups for one in group})
    rows = child.select(["forename", "surname", "birth_date"]).take(pa.array(wanted, pa.int64())).to_pylist()
    of = dict(zip(wanted, rows, strict=True))
    first: dict[int, int] = {}
    plainly = pairs = 0
    for group in groups:
        for one, other in combinations(sorted(set(group)), 2):
            pairs += 1
            if _same(of[one], of[other]):
                plainly += 1
                first[other] = min(first.get(other, other), first.get(one, one))
    return first if plainly + 1 <= SEVERAL_TIMES * (pairs + 4) else None


def _same(one: dict[str, str | date | None], other: dict[str, str | date | None]) -> bool:
    names = one["forename"], other["forename"]
    if names == (None, None):
        known = one["surname"], one["birth_date"]
        return None not in known and known == (other["surname"], other["birth_date"])
    if not all(names) or JaroWinkler.similarity(str(names[0]), str(names[1])) < NAMES_ALIKE:
        return False
    born = one["birth_date"], other["birth_date"]
    if None in born:
        return one["surname"] is not None and one["surname"] == other["surname"]
    return born[0] == born[1] or DamerauLevenshtein.distance(str(born[0]), str(born[1])) == 1


def one_each(found: Answers, evidence: Evidence, where: Posterior, child: pa.Table) -> Answers:
    """The answers with the best members so assigned that none is the best answer of two children who are not the same child.

    Within a household the assignment is the one under which most links are expected to be right (Jonker and Volgenant 1987); who is
    left without a member lives there unlisted. Only households where two best answers clash are touched.
    """
    best = np.flatnonzero(found.rank == 1)
    named = best[found.member[best] >= 0]
    member, count = np.unique(found.member[named], return_counts=True)
    clashing = named[np.isin(found.member[named], member[count > 1])]
    if not len(clashing):
        return found
    groups = defaultdict[int, list[int]](list)
    for row in clashing.tolist():
        groups[int(found.member[row])].append(int(found.child[row]))
    same = same_children(child, list(groups.values()))
    if same is None:
        return found
    household = evidence.block_household[evidence.cell_block[found.cell[best]]]
    members, p_member = found.member.copy(), found.p_member.copy()
    mine = evidence.block_household[evidence.cell_block[found.cell[clashing]]]
    for home in np.unique(mine).tolist():
        rows = [int(row) for row in best[household == home] if int(found.child[row]) not in same]
        members[rows], p_member[rows] = _assign_one_home(rows, found, evidence, where)
    return replace(found, member=members, p_member=p_member)


def _assign_one_home(
    rows: Sequence[int], found: Answers, evidence: Evidence, where: Posterior
) -> tuple[Wholes, Floats]:
    """The members of one household assigned to the children whose best answer it is, -1 for none, and P(member) of each (rows,)."""
    cells = found.cell[list(rows)]
    start, end = (
        np.searchsorted(evidence.listed.cell, cells),
        np.searchsorted(evidence.listed.cell, cells, side="right"),
    )
    listed = np.unique(np.concatenate([evidence.listed.member[a:b] for a, b in zip(start, end, strict=True)]))
    worth = np.zeros((len(rows), len(listed) + len(rows)))
    for place, (a, b) in enumerate(zip(start, end, strict=True)):
        shares = where.member[a:b]
        worth[place, np.searchsorted(listed, evidence.listed.member[a:b])] = shares
        worth[place, len(listed) + place] = where.cell[cells[place]] - shares.sum()
    total = found.probability[list(rows)] / np.maximum(where.cell[cells], 1e-300)
    chosen = likeliest(worth)
    is_listed = chosen < len(listed)
    given = worth[np.arange(len(rows)), chosen] * total
    return np.where(is_listed, np.append(listed, -1)[np.minimum(chosen, len(listed))], -1), np.where(
        is_listed, given, 0.0
    )

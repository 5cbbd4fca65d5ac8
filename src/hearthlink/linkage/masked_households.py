"""In which household of the other file each masked record is: as a person listed there, or because its family is at home there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log1p

import numpy as np

from hearthlink.linkage.masked import Floats, Shared, Wholes

MOST_SURE = 1 - 1e-12
Sparse = Mapping[int, Mapping[int, float]]
"""Of each row, the chance of each column that has any."""


@dataclass(frozen=True, slots=True)
class Families:
    """The households of the left file (records,), and the chance of each pair of households that they are one, by shared tokens."""

    of: Wholes
    pairs: Shared
    chance: Floats


def listed(pairs: Shared, chance: Floats, household: Wholes) -> dict[int, dict[int, float]]:
    """Chance of each left record of being a person listed in each household of the right: the sum over that household's records."""
    made: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for left, home, probability in zip(
        pairs.left.tolist(), household[pairs.right].tolist(), chance.tolist(), strict=True
    ):
        made[left][home] += probability
    return {left: dict(homes) for left, homes in made.items()}


def at_home(direct: Sparse, families: Families) -> dict[int, dict[int, float]]:
    """Chance of each left record of being in each household of the right, listed there or not.

    What is left of a record's probability once the persons it may be are taken off goes to the households that its family is at home in:
    those with which the family's own tokens agree, and those in which a brother or sister is found. The two speak independently.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for record, family in enumerate(families.of.tolist()):
        members[family].append(record)
    near = _family_homes(direct, families)
    made = {record: dict(homes) for record, homes in direct.items()}
    for family, homes in near.items():
        for record in members[family]:
            own = direct.get(record, {})
            told = {home: _told(by_tokens, silent, own.get(home, 0.0)) for home, (by_tokens, silent) in homes.items()}
            whole = max(1.0, sum(told.values()))
            left_over = max(0.0, 1 - sum(own.values()))
            mine = made.setdefault(record, {})
            for home, share in told.items():
                mine[home] = mine.get(home, 0.0) + left_over * share / whole
    return made


def _family_homes(direct: Sparse, families: Families) -> dict[int, dict[int, tuple[float, float]]]:
    """For each family and household: the chance that their tokens give, and the sum of log(1 - chance) over its members found there."""
    silent: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for record, homes in direct.items():
        for home, chance in homes.items():
            silent[int(families.of[record])][home] += log1p(-min(chance, MOST_SURE))
    said: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for family, home, chance in zip(
        families.pairs.left.tolist(), families.pairs.right.tolist(), families.chance.tolist(), strict=True
    ):
        said[family][home] = chance
    made: dict[int, dict[int, tuple[float, float]]] = {}
    for family in sorted(set(said) | set(silent)):
        by_tokens, by_members = said[family], silent[family]
        homes = sorted(set(by_tokens) | set(by_members))
        made[family] = {home: (by_tokens.get(home, 0.0), by_members.get(home, 0.0)) for home in homes}
    return made


def _told(by_tokens: float, silent: float, own: float) -> float:
    """The chance that a family is at home in a household, without what this member of it says itself."""
    return 1 - (1 - by_tokens) * exp(silent - log1p(-min(own, MOST_SURE)))


def likeliest(chances: Sparse, rows: int) -> tuple[Wholes, Floats, Floats]:
    """Of each row the likeliest column (-1 for none) and its chance, and the sum over all columns; of equals the first column."""
    number, best, total = np.full(rows, -1, np.int64), np.zeros(rows), np.zeros(rows)
    for row, columns in chances.items():
        column = min(columns, key=lambda each: (-columns[each], each))
        number[row], best[row], total[row] = column, columns[column], sum(columns[c] for c in sorted(columns))
    return number, best, total

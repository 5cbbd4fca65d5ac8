"""The families that an authority's referred children come in, and authorities drawn from them.

The invented authority is asked for a share on benefit and meets it almost exactly, so that over seeds the share varies a tenth as much
as it would had families come of their own accord. An interval for the process speaks of families that come so. Each authority of a
proof is therefore asked for the share that a sample of families, drawn one after another from a large population, happens to have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthlink.study import Settings
from hearthlink.synthetic.ward import make_ward, plan_wards

UNBORN = 0.025
"""About so many of an authority's referred children are not yet born, and not counted."""

FIRST, AUTHORITIES = 30_000, 10
"""The authorities that together are the population of families: the first seed and how many."""

STREAM = 5
"""Keeps the draws of families apart from any other use of the same seed."""


@dataclass(frozen=True, slots=True)
class Families:
    """A population of referred families: counted children of each, and how many of them are on benefit."""

    children: tuple[int, ...]
    on_benefit: tuple[int, ...]


def families_of(seed: int) -> Families:
    """The families of one authority at the default settings, by the truth."""
    settings = Settings(seed=seed)
    held: dict[int, list[bool]] = {}
    for plan in plan_wards(settings):
        ward = make_ward(settings, plan, childless=False)
        family = {child.number: one.number for one in ward.families for child in one.children}
        for truth in ward.truths:
            if truth.born:
                held.setdefault(family.get(truth.number, -truth.number), []).append(truth.covered)
    return Families(tuple(len(one) for one in held.values()), tuple(sum(one) for one in held.values()))


def together(some: list[Families]) -> Families:
    """Several populations as one."""
    return Families(tuple(n for one in some for n in one.children), tuple(n for one in some for n in one.on_benefit))


def drawn(population: Families, settings: Settings) -> float:
    """The share on benefit among families drawn with replacement until there are as many children as the authority is to have."""
    random = np.random.Generator(np.random.PCG64([STREAM, settings.seed, settings.children]))
    wanted = round(settings.children * (1 - UNBORN))
    size, on = np.array(population.children), np.array(population.on_benefit)
    chosen = random.integers(0, size.size, wanted)
    kept = chosen[: int(np.searchsorted(np.cumsum(size[chosen]), wanted)) + 1]
    return float(on[kept].sum() / size[kept].sum())

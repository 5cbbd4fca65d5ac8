"""Who could be linked, from referral to claim: each stage a part of the one before."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hearthlink.analysis.cohort import Flags, Whole
from hearthlink.analysis.ground import Ground
from hearthlink.analysis.measured import on_draws
from hearthlink.analysis.shares import Record, Said, over_draws, said, said_outright


def staged_rows(base: Ground, research_child: pa.Table) -> list[Record]:
    """The rows of the table `staged`: children referred, counted, who could be looked for, in some household on file, and on benefit.

    A child who could not be looked for, without an address or living elsewhere, counts as looked for in each draw that finds it all the
    same, and one that the doubt about records puts on benefit as in a household: so the last stage is the share's own number.
    """
    cohort = base.cohort
    children = cohort.children
    family = research_child.column("family_pseudonym").combine_chunks().dictionary_encode().indices.to_numpy()
    looked = np.asarray(children.column("observability").to_pylist(), object) == "observable"
    nobody = np.zeros(len(looked), np.int8)
    home = said(cohort, (cohort.household >= 0).astype(np.int8), nobody, base.drawn)
    on = said_outright(on_draws(children), np.asarray(children.column("on_benefit").to_numpy(), bool).astype(np.int8))
    in_home, on_benefit = _draws(home, on.draws), _draws(on, on.draws)
    in_home |= on_benefit
    could = in_home | looked[:, None]
    best_home = (home.best == 1) | (on.best == 1)
    stages: list[tuple[str, Whole, Whole]] = [
        ("Referred in the year", np.full(max(on.draws, 1), len(research_child)), family.astype(np.int64)),
        ("Born by the day of the referral", np.full(max(on.draws, 1), len(looked)), cohort.family),
        ("Could be looked for by name and address", _count(could), cohort.family[looked | best_home]),
        ("In some household on file", _count(in_home), cohort.family[best_home]),
        ("With a claim in payment on the day", _count(on_benefit), cohort.family[on.best == 1]),
    ]
    return [
        {"order": place, "stage": stage, **over_draws("children", counts), **_families(families)}
        for place, (stage, counts, families) in enumerate(stages)
    ]


def _draws(one: Said, draws: int) -> Flags:
    """Of whom it is true in each draw, shape (children, draws)."""
    result = np.repeat((one.fixed == 1)[:, None], max(draws, 1), axis=1)
    if one.varying.size:
        result[one.varying] = one.codes == 1
    return result


def _count(held: Flags) -> Whole:
    return held.sum(axis=0, dtype=np.int64)


def _families(families: Whole) -> Record:
    sizes = np.unique(families, return_counts=True)[1]
    return {"families": int(sizes.size), "largest_family": int(sizes.max(initial=0))}

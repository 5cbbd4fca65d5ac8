"""Comparing some families at a time: the same pairs and counts as all at once."""

from __future__ import annotations

import pytest
from made_persons import tables, town

from hearthlink.engine import open_engine
from hearthlink.linkage.parts import compare_all
from hearthlink.linkage.prepare import lay_out
from hearthlink.linkage.rules import RULES


@pytest.mark.parametrize("at_once", [7, 40])
def test_parts_come_to_the_same(at_once: int) -> None:
    """Candidate pairs, their order and the pattern counts do not depend on how many children are compared at a time."""
    given = tables(town(3, families=60, households=80).records)
    made = {}
    for size in (10_000, at_once):
        told: list[float] = []
        with open_engine(threads=2) as engine:
            lay_out(engine, given)
            compare_all(engine, RULES, progress=lambda words, share, told=told: told.append(share), at_once=size)
            made[size] = [engine.take(name) for name in ("candidate_pair", "agreement_pattern")]
        assert told == sorted(told)
    assert all(one.equals(other) for one, other in zip(made[10_000], made[at_once], strict=True))
    assert made[at_once][0].num_rows > 0

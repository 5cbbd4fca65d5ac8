"""Links lost before scoring: what the rules passed over on purpose is found again by comparing everything."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_persons import linked, tables, town

from hearthlink.engine import open_engine
from hearthlink.linkage import link, search

EVERYBODY = 10_000


@cache
def whole() -> dict[str, pa.Table]:
    """A small authority, linked."""
    made = town(5, families=90, households=260)
    return linked(tables(made.records))


@cache
def with_gaps(every: int = 6) -> tuple[dict[str, pa.Table], float]:
    """The same with every sixth family left out by the rules; and the children its members were expected to be."""
    full = whole()
    pairs = full["candidate_pair"]
    gone = pa.array([unit for unit in pc.unique(pairs.column("unit_no")).to_pylist() if unit % every == 0])
    passed_over = pc.is_in(pairs.column("unit_no"), gone)
    lost = dict.fromkeys(pairs.filter(passed_over).column("child_no").to_pylist())
    names = (
        full["person"].filter(pc.is_in(full["person"].column("person_no"), pa.array(list(lost)))).column("record_id")
    )
    mine = full["link"].filter(pc.is_in(full["link"].column("child_id"), names))
    expected = sum(1 - p for p in mine.column("p_none").to_pylist())
    fewer = {**full, "candidate_pair": pairs.filter(pc.invert(passed_over))}
    return {**fewer, **link(fewer, draws=20, cut=0.5)}, expected


def found(
    given: Mapping[str, pa.Table], children: int = EVERYBODY
) -> dict[str, tuple[float, float | None, float | None]]:
    """The blocking summary by measure."""
    with open_engine(threads=1) as engine:
        rows = search(engine, given, children=children, cut=0.5, progress=lambda words, share: None).to_pylist()
    return {row["measure"]: (row["value"], row["low"], row["high"]) for row in rows}


def test_rules_that_miss_nobody_lose_nothing() -> None:
    """Comparing everything finds hardly a child more than the rules let be found, and nothing is left to chance where all are asked."""
    said = found(whole())
    assert said["searched"] == said["unsure"]
    assert said["found_more"][0] < 0.5
    assert said["lost"][0] == pytest.approx(said["lost"][1]) == pytest.approx(said["lost"][2])


def test_children_whom_the_rules_passed_over_are_found_again() -> None:
    """Families taken out of the candidates come back: as many children as they were linked with when the rules proposed them."""
    given, expected = with_gaps()
    said = found(given)
    assert expected > 5
    assert said["found_more"][0] == pytest.approx(expected, rel=0.1)
    on_file = sum(1 - p for p in given["link"].column("p_none").to_pylist())
    assert said["lost"][0] == pytest.approx(min(1.0, said["found_more"][0] / on_file))


def test_a_sample_of_them_says_as_much_within_its_range() -> None:
    """Half of those in doubt give a range that holds what all of them give."""
    given, _ = with_gaps()
    every, half = found(given), found(given, children=int(found(given, 0)["unsure"][0]) // 2)
    low, high = half["lost"][1:]
    assert low is not None
    assert high is not None
    assert low < every["lost"][0] < high
    assert half["searched_pairs"][0] < every["searched_pairs"][0]


def test_none_asked_for_is_none_searched_and_the_same_on_every_run() -> None:
    """With 0 children, or too few to say anything, there is a count of what was compared and no claim; twice asked is twice the same."""
    given, _ = with_gaps()
    assert set(found(given, 9)) == set(found(given, 0))
    assert set(found(given, 0)) == {"children", "compared", "passed_over", "unsure"}
    assert found(given, 25) == found(given, 25)

"""The worked examples of work, rooms, rent and homes: what each says its rows come to is what the study's own door makes of them."""

from __future__ import annotations

import pytest

from hearthlink.engine import open_engine
from hearthlink.measures.example import Example
from hearthlink.measures.examples_home import HOME_EXAMPLES
from hearthlink.measures.worked import kinds_of, worked
from hearthlink.tables.definitions_home import HOME_MEASURES


@pytest.mark.parametrize("example", HOME_EXAMPLES, ids=[f"{one.measure}-{n}" for n, one in enumerate(HOME_EXAMPLES)])
def test_an_example_comes_to_what_it_says(example: Example) -> None:
    """Every worked example comes to the months and the events that it says."""
    with open_engine() as engine:
        by_month, events = worked(engine, example)
    assert by_month == dict(example.by_month)
    if kinds_of(example):
        assert events == example.events


def test_every_measure_has_an_example_and_every_part_of_its_definition() -> None:
    """Every measure of work and homes has a worked example, and says what is counted, of whom, what cannot be seen, what spoils it and the guard."""
    assert {one.name for one in HOME_MEASURES} == {one.measure for one in HOME_EXAMPLES}
    for one in HOME_MEASURES:
        assert all((one.numerator, one.denominator, one.unobservable, one.spoils, one.guard)), one.name

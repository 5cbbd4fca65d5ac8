"""The worked examples of money: what each says its rows come to is what the study's own door makes of them."""

from __future__ import annotations

import pytest

from hearthlink.engine import open_engine
from hearthlink.measures.example import Example
from hearthlink.measures.examples_money import MONEY_EXAMPLES
from hearthlink.measures.worked import kinds_of, worked
from hearthlink.tables.definitions_money import MONEY_MEASURES
from hearthlink.tables.measures import STATE_NAMES


@pytest.mark.parametrize("example", MONEY_EXAMPLES, ids=[f"{one.measure}-{n}" for n, one in enumerate(MONEY_EXAMPLES)])
def test_an_example_comes_to_what_it_says(example: Example) -> None:
    """Every worked example comes to the months and the events that it says."""
    with open_engine() as engine:
        by_month, events = worked(engine, example)
    assert by_month == dict(example.by_month)
    if kinds_of(example):
        assert events == example.events


def test_every_measure_has_an_example() -> None:
    """Every measure of money has a worked example, but for the one whose months another shows."""
    shown = {one.measure for one in MONEY_EXAMPLES}
    assert {one.name for one in MONEY_MEASURES} - shown <= {"persistent_low_income_after_costs"}


def test_an_example_names_a_state_or_has_events() -> None:
    """No example is empty: it names a state and months, or it has events."""
    for one in MONEY_EXAMPLES:
        assert (one.column in STATE_NAMES and one.by_month) or one.events

"""The research room as arrays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from made_research import research

from hearthlink.analysis.cohort import cohort
from hearthlink.errors import OurFault


def test_pseudonyms_and_the_order_of_rows_change_no_array() -> None:
    """Two runs with other pseudonyms and other orders give the same arrays, so that random numbers fall on the same households."""
    one, other = (cohort(research(3, names=names)) for names in (1, 2))
    for name in ("family", "first", "count", "best", "index_month", "child", "household", "ranks"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(one.panel.state("workless"), other.panel.state("workless"))
    assert np.array_equal(one.panel.had(("move",)), other.panel.had(("move",)))
    kept = [name for name in one.children.column_names if not name.endswith("_pseudonym")]
    assert one.children.select(kept).equals(other.children.select(kept))


def test_draws_give_each_child_the_value_of_the_candidate_they_chose() -> None:
    """A draw's value is that of its candidate; a child without draws has the value of none."""
    made = research(4)
    asked = cohort(made)
    on = np.asarray(asked.candidates.column("on_benefit")).astype(np.int8)
    drawn = asked.drawn(on, none=0)
    expected = np.array(asked.children.column("on_draws").to_pylist(), np.int8)
    assert np.array_equal(drawn, expected)
    assert np.array_equal(asked.by_best(on, none=0), np.asarray(asked.children.column("on_benefit")).astype(np.int8))


def test_the_panel_holds_each_state_where_a_stretch_says_so_and_nowhere_else() -> None:
    """By brute force over every household and month."""
    made = research(5, households=40)
    asked = cohort(made)
    found = asked.panel.state("workless")
    place = {name: row for row, name in enumerate(asked.households.column("household_pseudonym").to_pylist())}
    naive = np.full((40, 48), -1)
    for row in made["research_stretch"].to_pylist():
        for month in range(row["first_month"], row["last_month"] + 1):
            naive[place[row["household_pseudonym"]], month - 1] = (
                -1 if row["workless"] is None else int(row["workless"])
            )
    assert np.array_equal(found, naive)
    offset = asked.at_offset(found, -12)
    for candidate in range(len(offset)):
        household, month = asked.household[candidate], asked.index_month[asked.child[candidate]] - 12
        assert offset[candidate] == (-1 if household < 0 else naive[household, month - 1])


def test_a_draw_of_a_candidate_that_is_not_there_is_our_fault() -> None:
    """Nothing is guessed."""
    made = research(6)
    ranks = [[9] * 20 for _ in range(len(made["research_draw"]))]
    made["research_draw"] = made["research_draw"].set_column(1, "ranks", pa.array(ranks, pa.list_(pa.int32())))
    with pytest.raises(OurFault, match="candidate"):
        cohort(made)

"""Research tables made coarser, what is told of families and journeys, and the terms that a protocol may have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from made_research import research

from hearthlink.deidentify.risk import Terms, protected, risk_of
from hearthlink.deidentify.risk_coarse import COARSER, coarsened, without
from hearthlink.governance.protocol import MAY_BE_COARSER, USUAL, ProtocolLines, problems
from hearthlink.tables.research import CROSSED, RESEARCH_CHILD, RESEARCH_CHILD_EVENT

TERMS = Terms(("age_band", "sex", "imd_decile"), ("stage",), ("imd_decile",), 5, 2, 0.5)

COARSE: tuple[tuple[str, list[int | None], list[int | None]], ...] = (
    ("imd_decile", [1, 2, 3, 8, 9, 10, None], [2, 2, 4, 8, 10, 10, None]),
    ("months_lived", [0, 9, 12, 21, 24, None], [0, 0, 12, 12, 24, None]),
    ("weeks", [-105, -5, -4, -1, 0, 3, 4, 53], [-105, -8, -4, -4, 0, 0, 4, 52]),
)


@pytest.mark.parametrize(("column", "before", "after"), COARSE)
def test_values_are_merged_as_is_said(column: str, before: list[int | None], after: list[int | None]) -> None:
    """Tenths to fifths, months to years, weeks to four weeks, none of which lies on both sides of the referral; empty stays empty."""
    merged = COARSER[column].of(pa.chunked_array([pa.array(before, pa.int64())]))
    assert merged.to_pylist() == after


def test_what_a_protocol_may_have_merged_is_what_can_be() -> None:
    """The names that a protocol may give are those of rules there are."""
    assert set(COARSER) == MAY_BE_COARSER


def test_coarser_tables_are_as_their_specifications() -> None:
    """Merging changes values and no column, type or row."""
    tables = research(3)
    made = coarsened(tables, sorted(COARSER))
    RESEARCH_CHILD.conform(made["research_child"])
    RESEARCH_CHILD_EVENT.conform(made["research_child_event"])
    assert {name: one.num_rows for name, one in made.items()} == {name: one.num_rows for name, one in tables.items()}


def test_a_child_that_is_left_out_is_in_no_table() -> None:
    """Children, candidates, draws and events go together."""
    tables = research(4)
    gone = np.arange(tables["research_child"].num_rows) < 5
    names = set(tables["research_child"]["child_pseudonym"].to_pylist()[:5])
    for table in without(tables, gone).values():
        if "child_pseudonym" in table.column_names:
            assert not names & set(table["child_pseudonym"].to_pylist())


@pytest.mark.parametrize("names", [1, 2])
def test_neither_pseudonyms_nor_the_order_of_rows_change_a_figure(names: int) -> None:
    """Under other pseudonyms, in another order, the report is the same to the last figure."""
    assert risk_of(research(5, names=names), TERMS) == risk_of(research(5), TERMS)


def test_families_are_counted_by_hand() -> None:
    """Two families of the same two children are alike, a third of other ones is alone; a single child is no set of brothers and sisters."""
    rows = [
        ("F1", "female"),
        ("F1", "male"),
        ("F2", "male"),
        ("F2", "female"),
        ("F3", "male"),
        ("F3", "male"),
        ("F4", "male"),
    ]
    tables = {spec.name: spec.empty() for spec in CROSSED}
    full = research(1)["research_child"].slice(0, len(rows))
    full = full.set_column(1, full.schema.field(1), pa.array([family for family, _ in rows]))
    place = full.schema.get_field_index("sex")
    tables["research_child"] = full.set_column(place, full.schema.field(place), pa.array([sex for _, sex in rows]))
    risk = risk_of(tables, Terms(("sex",), ("observability",), (), 3, 1, 0.5))
    assert (risk.sibling_sets.rows, risk.sibling_sets.unique, risk.families.rows) == (3, 1, 4)
    assert risk.children_in_lone_sets == 3


def test_journeys_are_counted_by_hand() -> None:
    """A sanction in the third week and one in the fourth are alike by month and not by week; one of another candidate is nobody's."""
    tables = {spec.name: spec.empty() for spec in CROSSED}
    tables["research_child"] = research(1)["research_child"].slice(0, 3)
    names = tables["research_child"]["child_pseudonym"].to_pylist()
    candidate = research(1)["research_candidate"].slice(0, 3)
    for place, (name, values) in enumerate((("child_pseudonym", names), ("rank", [0, 0, 0]), ("household_pseudonym", [None] * 3), ("best", [True] * 3))):  # fmt: skip
        assert candidate.column_names[place] == name
        candidate = candidate.set_column(
            place, candidate.schema.field(place), pa.array(values, candidate.schema.field(place).type)
        )
    tables["research_candidate"] = candidate
    events: list[dict[str, Any]] = [
        {"child_pseudonym": names[0], "rank": 0, "kind": "sanction", "weeks": -3, "dose": None},
        {"child_pseudonym": names[1], "rank": 0, "kind": "sanction", "weeks": -4, "dose": None},
        {"child_pseudonym": names[2], "rank": 1, "kind": "sanction", "weeks": -4, "dose": None},
    ]
    tables["research_child_event"] = pa.Table.from_pylist(events, RESEARCH_CHILD_EVENT.schema)
    found = risk_of(tables, Terms(("sex",), ("stage",), (), 3, 1, 0.5)).journeys
    assert {words: one.unique for words, one in found.items() if "declared" not in words} == {
        "the kinds of event": 1, "the kinds of event and their months": 1, "the kinds of event and their weeks": 3,
    }  # fmt: skip


def test_nobody_in_the_tables_passes_no_gate() -> None:
    """Tables without a child are not written out, and their figures are noughts."""
    empty = {spec.name: spec.empty() for spec in CROSSED}
    assert not protected(empty, TERMS).gate.passes
    assert risk_of(empty, TERMS).as_they_are.rows == 0


# --- terms -------------------------------------------------------------------------------------------------------

WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"k": 2}, "research.k is under 3"),
    ({"l": 1}, "research.l is under 2"),
    ({"k": None}, "research.k is empty"),
    ({"quasi_identifiers": ()}, "research.quasi_identifiers is empty"),
    ({"sensitive": ()}, "research.sensitive is empty"),
    ({"quasi_identifiers": ("surname",)}, "surname is no column for it"),
    ({"quasi_identifiers": ("child_pseudonym",)}, "child_pseudonym is no column for it"),
    ({"coarsen": ("age_band",)}, "age_band is no column for it"),
    ({"sensitive": ("stage", "stage")}, "names a column twice"),
    ({"sensitive": ("sex",)}, "sex is known and sensitive at once"),
    ({"most_blanked": 51}, "not from 0 to 50"),
    ({"most_blanked": -1}, "not from 0 to 50"),
)


@pytest.mark.parametrize(("changes", "words"), WRONG, ids=str)
def test_terms_that_would_ask_for_nothing_are_no_terms(changes: dict[str, Any], words: str) -> None:
    """A protocol whose terms are empty, unknown, against themselves or too weak is not whole; the usual ones are."""
    usual = ProtocolLines.model_validate({"version": 1, "research": USUAL})
    assert not [one for one in problems(usual) if one.startswith("research")]
    wrong = ProtocolLines.model_validate({"version": 1, "research": USUAL | changes})
    assert [one for one in problems(wrong) if words in one]

"""What came before referrals, as the report tells it: which rows are drawn, what is said of them, and what is left out."""

from __future__ import annotations

import pytest

from hearthlink.disclosure import ClearedTable, Marker
from hearthlink.disclosure.cleared import Cell, ClearedColumn, seal
from hearthlink.report.before import before, drawn_rows, effects_message, more_often
from hearthlink.report.charts import Chart

TEXTS = ("measure", "design", "window", "term", "treatment", "kind")
CORRECTED, DRAWS, BEST = "Corrected for doubt about the matches", "All likely matches", "The best match alone"
LIKE, OTHER = "Against households like it without a referral", "Against other months of the same household"
HELD = Cell(None, Marker.HELD_BACK)


def row(
    *, measure: str = "Moved home", design: str = OTHER, window: str = "months 1 to 3", term: str = "Any",
    treatment: str = DRAWS, kind: str = "question", ratio: tuple[float, float, float] | None = (1.6, 1.2, 2.4),
) -> list[Cell]:  # fmt: skip
    """A row of a table of ratios; None holds its figures back."""
    figures = [HELD] * 3 if ratio is None else [Cell(one, decimals=1) for one in ratio]
    return [Cell(words) for words in (measure, design, window, term, treatment, kind)] + figures


def effects(*rows: list[Cell], notes: tuple[str, ...] = ()) -> ClearedTable:
    columns = [ClearedColumn(name, name, "text") for name in TEXTS]
    columns += [ClearedColumn(name, name, "ratio") for name in ("ratio", "low", "high")]
    return seal(
        "effects_losing_a_home", "Losing a home: what came before", columns, rows, notes=notes, threshold=10, base=5
    )


def test_the_corrected_ratio_is_drawn_before_the_one_of_all_likely_matches() -> None:
    """One row for each comparison: the corrected one where it was released, else that of all likely matches; never the best link's."""
    ways = [row(treatment=way) for way in (DRAWS, CORRECTED, BEST)]
    held = [row(design=LIKE), row(design=LIKE, treatment=CORRECTED, ratio=None)]
    assert drawn_rows(effects(*ways, *held)) == [1, 3]


def test_bands_and_placebos_are_in_the_tables_and_not_among_the_dots() -> None:
    """A band of a dose and a placebo are not drawn; where there is nothing but a placebo, it is."""
    assert drawn_rows(effects(row(), row(term="Band 1"), row(kind="placebo"))) == [0]
    assert drawn_rows(effects(row(kind="placebo"))) == [0]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row()], "Came before referrals more often than otherwise: \u2018Moved\xa0home\u2019 against other months."),
        (
            [row(), row(design=LIKE)],
            "Came before referrals more often than otherwise: \u2018Moved\xa0home\u2019 by every comparison.",
        ),
        (
            [row(), row(design=LIKE, ratio=(1.1, 0.8, 1.5))],
            "Came before referrals more often than otherwise: \u2018Moved\xa0home\u2019 by some comparisons.",
        ),
    ],
)
def test_what_came_before_more_often_is_said_in_words(rows: list[list[Cell]], says: str) -> None:
    """By which comparison, by every one or by some."""
    assert effects_message(effects(*rows)) == says


@pytest.mark.parametrize(
    "one", [row(ratio=(1.6, 1.0, 2.4)), row(ratio=(0.5, 0.3, 0.8)), row(ratio=None), row(kind="placebo")]
)
def test_nothing_is_claimed_of_a_range_that_reaches_no_difference(one: list[Cell]) -> None:
    """Nor of one on the other side, of one that is held back, or of a placebo."""
    table = effects(one)
    assert more_often(table) == []
    assert effects_message(table).startswith("No range lies wholly")


def test_what_is_held_back_whole_is_named_in_a_line() -> None:
    """An exposure of which nothing was released has no table of symbols but a line; of another the rows held back are left out and told."""
    made = before([effects(row(measure="Evicted", ratio=None), row(), row(term="Band 1", ratio=None))])
    assert made is not None
    evicted, moved = made.effects[0].grids
    assert (evicted.caption, evicted.rows) == ("Evicted: every figure is held back.", ())
    assert len(moved.rows) == 1
    assert "left out" in moved.notes[0]


def test_a_dot_says_its_window_where_there_are_several() -> None:
    """The weeks just before a referral stand apart from the months."""
    made = before([effects(row(), row(window="weeks 1 to 4"))])
    assert made is not None
    chart = made.effects[0].chart
    assert isinstance(chart, Chart)
    assert [one.label for one in chart.bars] == [
        "Moved home: against other months, months 1 to 3",
        "Moved home: against other months, weeks 1 to 4",
    ]


def test_what_was_not_in_the_plan_is_marked_in_its_panel_and_at_its_dot() -> None:
    """Both the panel and the label say so."""
    made = before([effects(row(), notes=("Exploratory: not in the sealed plan.",))])
    assert made is not None
    panel = made.effects[0]
    assert panel.says == ("Exploratory: not in the sealed plan.",)
    assert isinstance(panel.chart, Chart)
    assert "(exploratory)" in panel.chart.bars[0].label


def test_without_a_table_there_is_no_section() -> None:
    """Neither ratios nor curves: nothing."""
    assert before([]) is None

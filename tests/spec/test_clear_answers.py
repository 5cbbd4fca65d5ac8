"""What is printed of the answers beyond the headline, as tables anyone in the office could correct."""

from __future__ import annotations

from math import exp, log
from typing import Any

import pyarrow as pa
import pytest
from made_answers import PLAN, table, tables, world
from made_came_before import all_tables

from hearthlink.disclosure import STRICT, Clearance, ClearedTable, Comparator, Marker, clearance, pack, unpack
from hearthlink.disclosure.attack import Programme, Target, too_narrow
from hearthlink.disclosure.effects import outward, two_figures
from hearthlink.errors import OurFault
from hearthlink.tables import answers as a
from hearthlink.tables.plan import Plan
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")
Row = dict[str, Any]
MEASURED = "measured_overcrowded_on_day_by_age"


def part(group: str, children: int, observed: float, having: float, **changes: object) -> Row:
    """A row of a state by age; each child is a family."""
    return {
        "measure": "overcrowded", "window": "on_day", "topic": "age", "group": group, "order": 1, "children": children,
        "observed": observed, "fewest_observed": int(observed), "most_observed": int(observed), "having": having, "fewest": int(having),
        "most": int(having), "families": int(observed), "largest_family": 1, "on_families": int(having), "on_largest_family": 1,
        "off_families": int(observed - having), "off_largest_family": 1, "overlapping": False, "planned": True,
    } | changes  # fmt: skip


def placed(rows: list[Row]) -> list[Row]:
    """The rows in the order they are given in."""
    return [row | {"order": place} for place, row in enumerate(rows)]


def whole_row(rows: list[Row], **changes: object) -> Row:
    """All children of the rows."""
    children, observed, having = (sum(row[name] for row in rows) for name in ("children", "observed", "having"))
    return part("All children", children, observed, having, topic="all_children", order=0) | changes


def on_benefit(children: int) -> pa.Table:
    """An answer for all children alone."""
    half = children // 2
    row = {
        "question": "on_benefit", "topic": "all_children", "group": "All children", "order": 0, "children": children,
        "families": children, "largest_family": 1, "on_benefit": float(half), "fewest_on": half, "most_on": half, "on_families": half,
        "on_largest_family": 1, "off_families": half, "off_largest_family": 1, "overlapping": False,
    }  # fmt: skip
    return table(ANSWER, [row])


def cleared(children: int = 3200, **given: Any) -> Clearance:
    """What leaves of the given tables, beside a headline."""
    return clearance(
        answer=on_benefit(children), quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
        receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR, **given,
    )  # fmt: skip


def named(made: Clearance) -> dict[str, ClearedTable]:
    return {one.name: one for one in made.tables}


def column(table_: ClearedTable, name: str) -> list[str]:
    """A column as it is printed."""
    place = [one.name for one in table_.columns].index(name)
    return [table_.text(row, place) for row in range(len(table_.rows))]


OTHERS = [part(f"other {n}", 100, 60.0, 30.0) for n in range(30)]
"""Groups so many that no small one can be had by subtraction."""

PARTS = """
    children | observed | having | changes                  | printed
    100      | 60       | 30     |                          | 100 | 60 | 30 | 50%
    9        | 5        | 3      |                          | c | c | c | c
    40       | 9        | 5      |                          | 40 | c | c | c
    40       | 31       | 15     |                          | 40 | c | c | c
    40       | 30       | 9      |                          | 40 | 30 | c | c
    40       | 30       | 21     |                          | 40 | 30 | c | c
    40       | 30       | 15     |                          | 40 | 30 | 15 | 50%
    40       | 29       | 14     |                          | 40 | 30 | 15 | 50%
    40       | 30       | 15     | fewest=9                 | 40 | 30 | c | c
    40       | 30       | 15     | most=21                  | 40 | 30 | c | c
    40       | 30       | 15     | fewest_observed=9        | 40 | c | c | c
    40       | 30       | 15     | most_observed=31         | 40 | c | c | c
    40       | 30       | 15     | families=2               | c | c | c | c
    40       | 30       | 15     | largest_family=16        | c | c | c | c
    40       | 30       | 15     | on_families=2            | 40 | 30 | c | c
    40       | 30       | 15     | off_largest_family=8     | 40 | 30 | c | c
    40       | 20       | 10     |                          | 40 | 20 | 10 | u
"""


def cases() -> list[tuple[Row, str]]:
    """The cases above."""
    found: list[tuple[Row, str]] = []
    for line in PARTS.strip().splitlines()[1:]:
        children, observed, having, changes, *printed = (word.strip() for word in line.split("|"))
        changed = {name: int(value) for name, value in (one.split("=") for one in changes.split() if one)}
        found.append((part("asked", int(children), float(observed), float(having), **changed), " | ".join(printed)))
    return found


@pytest.mark.parametrize(("row", "printed"), cases())
def test_what_is_printed_of_a_group_of_a_measure(row: Row, printed: str) -> None:
    """Children, those observed, those of whom it is true and their share: by cell, complement, draw and family."""
    rows = [*OTHERS, row]
    every = placed([whole_row(rows), *rows])
    children = sum(one["children"] for one in rows)
    shown = named(cleared(children, measured=table(a.MEASURED, every)))[MEASURED]
    assert " | ".join(column(shown, name)[-1] for name in ("children", "observed", "having", "share")) == printed


def test_where_few_are_too_young_for_a_window_only_that_is_said() -> None:
    """Of 100 children on benefit in the year before, four too young: at least 90 seen and at least 40%; by age none need be said."""
    year = {"measure": "on_benefit", "window": "before_12"}
    rows = [
        part("All children", 3000, 2880.0, 1200.0, topic="all_children", **year),
        *(part(f"s{n}", 100, 96.0, 40.0, topic="sex", **year) for n in range(30)),
        part("Under 1", 120, 0.0, 0.0, **year), part("5 to 9", 2880, 2880.0, 1200.0, **(year | {"order": 2})),
    ]  # fmt: skip
    shown = named(cleared(3000, measured=table(a.MEASURED, rows)))
    by_sex, by_age = (shown[f"measured_on_benefit_before_12_by_{topic}"] for topic in ("sex", "age"))
    assert [column(by_sex, name)[1] for name in ("observed", "having", "share")] == [
        "at least 90",
        "40",
        "at least 40%",
    ]
    assert [column(by_age, name)[2] for name in ("observed", "having", "share")] == ["2,880", "1,200", "41.7%"]
    assert [column(by_age, name)[1] for name in ("children", "observed", "having", "share")] == ["120", "z", "z", "z"]
    assert any(note.startswith("At least") for note in by_sex.notes)
    assert not any(note.startswith("At least") for note in by_age.notes)


def test_what_is_held_back_of_all_children_is_held_back_of_every_group() -> None:
    """Of a measure true of nine children no group prints a number of whom it is true, nor does anything say how many are refused why."""
    rows = [part(f"g{n}", 200, 100.0, 3.0) for n in range(3)]
    made = cleared(600, measured=table(a.MEASURED, [whole_row(rows), *rows]))
    assert column(named(made)[MEASURED], "having") == ["c"] * 4
    assert column(named(made)[MEASURED], "observed") == ["300", "100", "100", "100"]
    assert {one.reason for one in made.refusals} >= {"too small a number"}
    assert not any(one.reason in note for table_ in made.tables for note in table_.notes for one in made.refusals)


def test_of_two_windows_less_than_ten_apart_one_is_held_back() -> None:
    """Moved in three months 40, in twelve 49: the nine between could be had by subtraction; at ten apart both are printed."""
    for longer, printed in ((49.0, ["c", "50"]), (50.0, ["40", "50"])):
        rows = [
            part("All children", 900, 500.0, 40.0, topic="all_children", measure="move", window="before_3"),
            part("All children", 900, 480.0, longer, topic="all_children", measure="move", window="before_12"),
        ]
        shown = named(cleared(900, measured=table(a.MEASURED, rows)))["measures_losing_a_home"]
        assert column(shown, "having") == printed


def test_cells_chosen_beforehand_are_held_back_before_others() -> None:
    """Beside a small group, the smallest other goes with it, or the one that the sealed plan says."""
    rows = [part("small", 40, 25.0, 4.0), part("middle", 100, 60.0, 18.0), part("large", 500, 300.0, 98.0)]
    given = table(a.MEASURED, placed([whole_row(rows), *rows]))
    assert column(named(cleared(640, measured=given))[MEASURED], "having")[1:] == ["c", "c", "100"]
    chosen = named(cleared(640, measured=given, plan=Plan((), protected=(("age", "large"),))))[MEASURED]
    assert column(chosen, "having")[1:] == ["c", "20", "c"]


def test_what_was_not_in_the_sealed_plan_says_so_in_its_table() -> None:
    """A table of exploratory rows says it first; where rows differ each says which it is; a planned table says nothing."""
    planned = whole_row(OTHERS)
    other = planned | {"measure": "poor_home", "planned": False}
    alone, both, none = (named(cleared(3000, measured=table(a.MEASURED, rows)))["measures_housing"]
                         for rows in ([other], [planned, other], [planned]))  # fmt: skip
    assert alone.notes[0] == "Exploratory: not in the sealed plan."
    assert "state" not in [one.name for one in alone.columns]
    assert both.notes[0].startswith("Exploratory: not in the sealed plan")
    assert column(both, "state") == ["planned", "exploratory"]
    assert not any("Exploratory" in note for note in none.notes)


def test_questions_that_disagree_on_how_many_children_there_are_stop_everything() -> None:
    """Two measures with other numbers of children for the same group cannot be checked together."""
    rows = [whole_row(OTHERS), whole_row(OTHERS) | {"measure": "poor_home", "children": 2999}]
    with pytest.raises(OurFault):
        cleared(3000, measured=table(a.MEASURED, rows))


def test_the_headline_stands_whatever_is_asked_beside_it() -> None:
    """Of more than five hundred children the share on benefit is printed beside all other tables, the same in each."""
    made = tables(world(600, 5))
    given = clearance(
        **made, plan=PLAN, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
        finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
    )  # fmt: skip
    shown = named(given)
    headline = column(shown["headline"], "on_benefit")[0]
    assert headline != "c"
    assert column(shown["measures_share_on_benefits"], "having")[0] == headline


def test_a_group_that_overlaps_others_is_judged_by_what_it_leaves() -> None:
    """Of 900 children, 300 of them true: a factor of 600 of whom 292 are leaves eight, and is held back; one of whom 150 are is not."""
    rows = [
        part("All children", 900, 600.0, 300.0, topic="all_children"),
        part("a", 600, 400.0, 292.0, topic="assessment_factor", overlapping=True),
        part("b", 600, 400.0, 150.0, topic="assessment_factor", overlapping=True),
    ]
    shown = named(cleared(900, measured=table(a.MEASURED, rows)))["measured_overcrowded_on_day_by_assessment_factor"]
    assert column(shown, "having") == ["300", "c", "150"]


def reason(window: str, said: str, children: float, order: int) -> Row:
    return {
        "measure": "move", "window": window, "reason": said, "order": order, "children": children, "fewest": int(children),
        "most": int(children), "families": int(children), "largest_family": 1, "planned": True,
    }  # fmt: skip


def test_a_small_reason_takes_another_with_it() -> None:
    """Reasons add up to those not seen: beside a reason of four children, the next smallest is held back too."""
    rows = [part("All children", 900, 500.0, 40.0, topic="all_children", measure="move", window="before_3")]
    why = [reason("before_3", "a", 4.0, 0), reason("before_3", "b", 28.0, 1), reason("before_3", "c", 368.0, 2)]
    shown = named(cleared(900, measured=table(a.MEASURED, rows), unseen=table(a.UNSEEN, why)))["unseen_losing_a_home"]
    assert column(shown, "children") == ["c", "c", "370"]


def span(
    unit: str,
    first: int,
    last: int,
    having: float,
    *,
    series: str = "referred",
    children: float = 600.0,
    **changes: object,
) -> Row:
    """A row of `monthly`."""
    return {
        "measure": "move", "series": series, "unit": unit, "order": first + 24, "first": first, "last": last, "children": children,
        "having": having, "fewest": int(having), "most": int(having), "families": int(children), "largest_family": 1,
        "on_families": int(having), "on_largest_family": 1, "off_families": int(children - having), "off_largest_family": 1,
        "low": having - 4, "high": having + 4, "planned": True,
    } | changes  # fmt: skip


def spans(unit: str, length: int, having: list[float]) -> list[Row]:
    """Spans of one unit from the earliest, that end before the referral."""
    return [
        span(unit, -length * (len(having) - n), -length * (len(having) - n) + length - 1, one)
        for n, one in enumerate(having)
    ]


UNITS = [
    ([20.0] * 6, [60.0] * 2, [120.0], "month", ["20"] * 6),
    ([20.0] * 5 + [9.0], [60.0, 49.0], [109.0], "quarter", ["60", "50"]),
    ([3.0] * 6, [9.0, 9.0], [18.0], "half", ["20"]),
    ([1.0] * 6, [3.0, 3.0], [6.0], "half", ["c"]),
]


@pytest.mark.parametrize(("months", "quarters", "halves", "unit", "printed"), UNITS)
def test_a_curve_is_shown_by_the_finest_spans_that_all_pass(
    months: list[float], quarters: list[float], halves: list[float], unit: str, printed: list[str]
) -> None:
    """Months where each passes, else quarters, else half years, in which what does not pass is held back; never two."""
    rows = [*spans("month", 1, months), *spans("quarter", 3, quarters), *spans("half", 6, halves)]
    shown = named(cleared(monthly=table(a.MONTHLY, rows)))["curve_move"]
    assert column(shown, "having") == printed
    length = {"month": 0, "quarter": 2, "half": 5}[unit]
    assert {int(last) - int(first) for first, last in zip(column(shown, "from"), column(shown, "to"), strict=True)} == {
        length
    }


def test_rates_and_their_ends_come_from_rounded_numbers() -> None:
    """22 of 598 children, from 18 to 26: printed as 20 of 600, 33 per 1,000, from 25 to 42; ends stand outward of the rounded number."""
    shown = named(cleared(monthly=table(a.MONTHLY, [span("half", -6, -1, 22.0, children=598.0)])))["curve_move"]
    assert [column(shown, name)[0] for name in ("children", "having", "rate", "low", "high")] == [
        "600",
        "20",
        "33",
        "25",
        "42",
    ]


def test_a_span_that_a_printed_window_holds_with_few_between_falls_back() -> None:
    """Quarters of which the last lies within the same three months of all children, nine apart, are not printed."""
    window = part("All children", 900, 600.0, 39.0, topic="all_children", measure="move", window="before_3")
    rows = [*spans("quarter", 3, [30.0, 30.0]), *spans("half", 6, [60.0])]
    shown = named(cleared(900, monthly=table(a.MONTHLY, rows), measured=table(a.MEASURED, [window])))["curve_move"]
    assert column(shown, "having") == ["60"]
    alone = named(cleared(900, monthly=table(a.MONTHLY, rows)))["curve_move"]
    assert column(alone, "having") == ["30", "30"]


def test_a_curve_of_an_event_falls_back_beside_one_that_is_made_of_it() -> None:
    """Suspensions are disruptions: in quarters nine apart one falls back to half years; the comparison series alike."""
    rows = [
        span(unit, first, last, having, measure=measure)
        for measure, quarters, half in (("suspension", 30.0, 60.0), ("disruption", 39.0, 78.0))
        for unit, first, last, having in (
            ("quarter", -6, -4, quarters),
            ("quarter", -3, -1, quarters),
            ("half", -6, -1, half),
        )
    ]
    shown = named(cleared(monthly=table(a.MONTHLY, rows)))
    assert [column(shown[f"curve_{measure}"], "having") for measure in ("disruption", "suspension")] == [
        ["40", "40"],
        ["60"],
    ]


def ratio(**changes: object) -> Row:
    """A row of `effect` that passes."""
    return {
        "measure": "move", "design": "case_crossover", "window": "months_1_to_3", "term": "any", "treatment": "draws",
        "log_ratio": log(1.62), "low": log(1.62) - 0.4, "high": log(1.62) + 0.4, "cases": 212.0, "exposed_cases": 61.0,
        "referents": 1904.0, "exposed_referents": 377.0, "families": 180, "largest_family": 3, "smallest_cell": 50.0, "degrees": 40.0,
        "placebo": False, "planned": True,
    } | changes  # fmt: skip


HELD_RATIOS = [
    {"smallest_cell": 9.0}, {"degrees": 9.0}, {"degrees": None}, {"families": 2}, {"largest_family": 107}, {"exposed_cases": 9.0},
    {"exposed_cases": 203.0}, {"exposed_referents": 8.0}, {"exposed_referents": 1896.0},
]  # fmt: skip


@pytest.mark.parametrize("changes", HELD_RATIOS)
def test_a_ratio_is_held_back_with_all_its_numbers_where_a_cell_is_small(changes: Row) -> None:
    """Any of the four cells, the smallest in any draw, the degrees of freedom or the families being too few holds back the row."""
    shown = named(cleared(effect=table(a.EFFECT, [ratio(**changes)])))["effects_losing_a_home"]
    assert {cell.marker for cell in shown.rows[0][6:]} == {Marker.HELD_BACK}


def test_a_ratio_is_printed_to_two_figures_with_its_ends_outward_and_rounded_numbers() -> None:
    """1.62, from 1.09 to 2.42, is printed as 1.6, from 1.0 to 2.5; beside it its numbers, and none again for another treatment."""
    rows = [ratio(), ratio(treatment="corrected"), ratio(treatment="best_link")]
    shown = named(cleared(effect=table(a.EFFECT, rows)))["effects_losing_a_home"]
    assert [column(shown, name)[0] for name in ("ratio", "low", "high")] == ["1.6", "1.0", "2.5"]
    assert [column(shown, name) for name in ("cases", "exposed_cases")] == [["210", "z", "z"], ["60", "z", "z"]]


def test_a_dose_is_printed_where_each_of_its_bands_passes() -> None:
    """Bands add up to any: one of eight cases holds back all three, and any stands."""
    bands = [
        ratio(),
        *(
            ratio(term=str(band), smallest_cell=size, exposed_cases=20.0)
            for band, size in ((1, 20.0), (2, 20.0), (3, 8.0))
        ),
    ]
    shown = named(cleared(effect=table(a.EFFECT, bands)))["effects_losing_a_home"]
    assert column(shown, "ratio") == ["1.6", "c", "c", "c"]


def test_exposed_referrals_that_a_printed_window_holds_with_few_between_are_held_back() -> None:
    """Sixty-one referrals after it, of sixty-five children moved in the same three months: the four could be had by subtraction."""
    window = part("All children", 900, 600.0, 65.0, topic="all_children", measure="move", window="before_3")
    made = cleared(900, effect=table(a.EFFECT, [ratio()]), measured=table(a.MEASURED, [window]))
    shown = named(made)["effects_losing_a_home"]
    assert [column(shown, name)[0] for name in ("ratio", "cases", "exposed_cases")] == ["1.6", "210", "c"]


@pytest.mark.parametrize("cell", [10, 12, 15, 25, 40, 80])
def test_ends_of_a_ratio_do_not_tell_the_smallest_cell_finer_than_its_rounding(cell: int) -> None:
    """Every width of interval within one base of the smallest cell is printed as one of at most two."""
    others = 1 / 60 + 1 / 400 + 1 / 1500
    widths = {
        round(outward(1.96 * (1 / size + others) ** 0.5, STRICT.rounded(cell), STRICT), 9)
        for size in (cell - 2, cell - 1, cell, cell + 1, cell + 2)
    }
    assert len(widths) <= 2
    assert max(widths) >= 1.96 * (1 / (cell - 2) + others) ** 0.5


def test_two_figures_go_the_way_they_are_asked() -> None:
    """To the nearest, down or up, above one and below."""
    assert [two_figures(value) for value in (1.649, 0.3449, 12.4)] == pytest.approx([1.6, 0.34, 12])
    assert [two_figures(exp(0.5), down=down) for down in (True, False)] == pytest.approx([1.6, 1.7])


def bound(name: str, low: float, high: float, **changes: object) -> Row:
    return {
        "order": 1, "name": name, "assumption": "none", "source": "none", "children": 2199, "low": low, "high": high,
        "low_end": low - 13, "high_end": high + 3, "planned": True,
    } | changes  # fmt: skip


def test_bounds_are_made_from_rounded_numbers_and_reach_nobody_or_everybody_where_few_are_beyond() -> None:
    """1,052 and 1,311 of 2,199 are printed as 1,050 and 1,310 of 2,200, ends outward; nine from an end is the end."""
    rows = [bound("a", 1052.0, 1311.0), bound("b", 9.0, 2190.0)]
    shown = named(cleared(2199, bound=table(a.BOUND, rows)))["bounds"]
    printed = [[column(shown, name)[row] for name in ("low", "high", "low_end", "high_end")] for row in (0, 1)]
    assert printed == [["47.7%", "59.5%", "47.0%", "59.8%"], ["0.0%", "100.0%", "0.0%", "100.0%"]]


def comparison(children: int, having: float, **changes: object) -> Row:
    return {
        "order": 1, "comparator": "others", "source": "somebody", "base": "all", "measure": "on_benefit", "children": children,
        "having": having, "expected": 0.3 * children, "share": 0.3, "standardised": True, "process_low": having - 30,
        "process_high": having + 30, "planned": True,
    } | changes  # fmt: skip


def test_a_comparison_is_that_of_all_children_or_is_held_back() -> None:
    """Half of 3,200 against 30%: 20 points more, 1.67 times; one of all but nine children is made with all, one of half of them is not."""
    rows = [comparison(3200, 1600.0), comparison(1600, 800.0, order=2), comparison(3191, 1595.0, order=3)]
    everybody = part("All children", 3200, 3200.0, 1600.0, topic="all_children", measure="on_benefit")
    given = table(a.MEASURED, [everybody])
    shown = named(cleared(compared=table(a.COMPARED, rows), measured=given))["compared"]
    assert column(shown, "children") == ["3,200", "c", "3,200"]
    assert [column(shown, name)[0] for name in ("share", "other_share", "difference", "ratio")] == [
        "50.0%",
        "30.0%",
        "+20.0",
        "1.67",
    ]
    assert {cell.marker for cell in shown.rows[1][5:]} == {Marker.HELD_BACK}


def stage(order: int, children: float, **changes: object) -> Row:
    return {
        "order": order, "stage": f"stage {order}", "children": children, "fewest": int(children), "most": int(children),
        "families": int(children), "largest_family": 1,
    } | changes  # fmt: skip


STAGES = [
    ([3300.0, 3200.0, 3000.0, 2000.0, 1600.0], ["3,300", "3,200", "3,000", "2,000", "1,600"]),
    ([3204.0, 3200.0, 3000.0, 2000.0, 1600.0], ["at least 3,200", "3,200", "3,000", "2,000", "1,600"]),
    ([3300.0, 3200.0, 3195.0, 2000.0, 1600.0], ["3,300", "3,200", "at least 3,190", "2,000", "1,600"]),
    ([3300.0, 3200.0, 3000.0, 2994.0, 1600.0], ["3,300", "3,200", "3,000", "at least 2,990", "1,600"]),
    ([3300.0, 3200.0, 3000.0, 1607.0, 1600.0], ["3,300", "3,200", "3,000", "at least 1,600", "1,600"]),
]


@pytest.mark.parametrize(("counts", "printed"), STAGES)
def test_a_stage_near_to_another_says_at_least(counts: list[float], printed: list[str]) -> None:
    """3,200 children counted and 1,600 on benefit are printed elsewhere: what lies within ten of them, or of a stage before, is not told."""
    rows = [stage(n, count) for n, count in enumerate(counts)]
    assert column(named(cleared(staged=table(a.STAGED, rows)))["staged"], "children") == printed


def test_a_stage_of_few_or_of_two_families_is_held_back() -> None:
    """Twelve children of two families, nine in one draw."""
    rows = [stage(1, 3200.0), stage(2, 12.0, families=2), stage(3, 12.0, fewest=9)]
    assert column(named(cleared(staged=table(a.STAGED, rows)))["staged"], "children") == ["3,200", "c", "c"]


def test_other_roads_are_shown_by_rounded_differences() -> None:
    """Against 1,000 of all likely matches, 1,004 is held back, and 961 is 40 fewer; measures of links come from rounded numbers."""
    rows = [
        {
            "order": n,
            "road": road,
            "says": road,
            "children": 3200,
            "having": having,
            "precision": precision,
            "recall": None,
        }
        for n, (road, having, precision) in enumerate(
            [("draws", 1001.0, None), ("best_link", 1004.0, None), ("identity", 961.0, 0.97)]
        )
    ]
    shown = named(cleared(error_check=table(a.ERROR_CHECK, rows)))["roads"]
    assert column(shown, "having") == ["1,000", "c", "960"]
    assert column(shown, "precision") == ["z", "z", "97%"]


def test_the_attack_finds_what_counting_through_finds() -> None:
    """Two of three parts of a known sum, one known to a rounding: ranges as found by trying every whole number."""
    ways = [(x, y, 30 - x - y) for x in range(31) for y in range(31 - x) if 13 <= 30 - x - y <= 17 and y <= x]
    spread = [max(way[n] for way in ways) - min(way[n] for way in ways) for n in range(2)]
    known = Programme()
    x, y, z = known.variable(9.0), known.variable(6.0), known.variable(15.0, 13.0, 17.0)
    known.tie([x, y, z], (), 30.0, 30.0)
    known.tie([x], [y], 0.0, 1e9)
    for place, variable in enumerate((x, y)):
        # The sum is whole and the sides are whole, but half a child may lie at a corner where two are alike.
        for asked, narrow in ((spread[place] - 1, False), (spread[place] + 1.5, True)):
            found = too_narrow(known, [Target((variable,), asked, 0, ("x", 0, place))])
            assert bool(found) is narrow


def test_every_table_of_a_study_leaves_together_and_is_the_same_when_read_again() -> None:
    """All tables of answers at once: each of the names agreed with the report is there, in bytes that give the same tables back."""
    made = world(1200, 9)
    given = tables(made) | all_tables(made)
    done = clearance(
        **given, plan=PLAN, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
        finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
    )  # fmt: skip
    names = {one.name for one in done.tables}
    assert {"headline", "measures_share_on_benefits", "unseen_low_income", "measured_workless_on_day_by_age", "curve_reduction", "held_back",
            "effects_losing_a_home", "bounds", "compared", "staged", "roads"} <= names  # fmt: skip
    assert "measured_on_benefit_on_day_by_age" not in names
    assert unpack(pack(done.tables)) == done.tables
    assert [one.name for one in done.tables] == list(dict.fromkeys(one.name for one in done.tables))


def test_the_order_of_rows_changes_nothing() -> None:
    """The same rows the other way about give the same bytes."""
    made = world(500, 4)
    given = tables(made) | all_tables(made)
    turned = {
        name: one.take(list(range(one.num_rows))[::-1]) if name != "answer" else one for name, one in given.items()
    }
    both = [
        pack(clearance(
            **one, plan=PLAN, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
            finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
        ).tables)
        for one in (given, turned)
    ]  # fmt: skip
    assert both[0] == both[1]


def test_a_reason_held_back_beside_one_measure_is_held_back_beside_all() -> None:
    """The same children in care are not seen for two measures: beside one a small reason takes them with it, and so beside the other."""
    names = ("workless", "overcrowded")
    rows = [part("All children", 900, 500.0, 40.0, topic="all_children", measure=name) for name in names]
    lists = {
        "workless": (("In care", 12.0), ("Elsewhere", 388.0)),
        "overcrowded": (("In care", 12.0), ("Not held", 3.0), ("Elsewhere", 385.0)),
    }
    why = [
        reason("on_day", said, count, n) | {"measure": name}
        for name in names
        for n, (said, count) in enumerate(lists[name])
    ]
    shown = named(cleared(900, measured=table(a.MEASURED, rows), unseen=table(a.UNSEEN, why)))
    assert column(shown["unseen_housing"], "children") == ["c", "c", "385"]
    assert column(shown["unseen_work"], "children")[0] == "c"


def test_that_every_file_was_given_tells_of_nobody() -> None:
    """No child for want of files does not apply; beside it a reason of four children is held back, and the rest is not."""
    rows = [part("All children", 900, 500.0, 40.0, topic="all_children", measure="move", window="before_3")]
    said = (("Months of which no file speaks", 0.0), ("a", 60.0), ("b", 42.0), ("c", 294.0), ("d", 4.0))
    why = [reason("before_3", name, count, n) for n, (name, count) in enumerate(said)]
    shown = named(cleared(900, measured=table(a.MEASURED, rows), unseen=table(a.UNSEEN, why)))["unseen_losing_a_home"]
    assert column(shown, "children") == ["z", "60", "40", "295", "c"]

"""What is printed of a group, as a table anyone in the office could correct."""

from __future__ import annotations

import pyarrow as pa
import pytest

from hearthlink.disclosure import STRICT, ClearedTable, Comparator, clear
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")

GROUPS = """
    children | on  | families | largest | printed
    9        | 5   | 9        | 1       | c | c | c
    40       | 0   | 40       | 1       | 40 | c | c
    40       | 9   | 40       | 1       | 40 | c | c
    40       | 10  | 40       | 1       | 40 | 10 | 25%
    42       | 21  | 42       | 1       | 40 | 20 | 50%
    43       | 23  | 43       | 1       | 45 | 25 | 56%
    40       | 30  | 40       | 1       | 40 | 30 | 75%
    40       | 31  | 40       | 1       | 40 | c | c
    40       | 40  | 40       | 1       | 40 | c | c
    24       | 12  | 24       | 1       | 25 | 10 | u
    40       | 20  | 2        | 20      | c | c | c
    40       | 20  | 21       | 20      | 40 | c | c
    60       | 20  | 30       | 31      | c | c | c
    1240     | 620 | 1240     | 1       | 1,240 | 620 | 50.0%
"""


def rows() -> list[tuple[int, int, int, int, str]]:
    """The cases above."""
    cases: list[tuple[int, int, int, int, str]] = []
    for line in GROUPS.strip().splitlines()[1:]:
        children, on, families, largest, *printed = (word.strip() for word in line.split("|"))
        cases.append((int(children), int(on), int(families), int(largest), " | ".join(printed)))
    return cases


def figures(children: int, on: float, families: int, largest: int) -> dict[str, object]:
    """The columns of the answer for one group; all of the largest family are on benefit."""
    return {
        "question": "on_benefit", "order": 0, "children": children, "families": families, "largest_family": largest,
        "on_benefit": on, "fewest_on": int(on), "most_on": int(-(-on // 1)), "on_families": families, "on_largest_family": largest,
        "off_families": families, "off_largest_family": 1, "overlapping": False,
    }  # fmt: skip


def cleared(*groups: dict[str, object]) -> dict[str, ClearedTable]:
    """What leaves of a study of three thousand other children, in groups so many that no small one can be had by subtraction."""
    others = [figures(100, 50, 100, 1) | {"topic": "age", "group": f"other {n}"} for n in range(30)]
    listed = [*others, *({"topic": "age", "group": f"g{n}"} | group for n, group in enumerate(groups))]
    whole = figures(
        sum(int(str(g["children"])) for g in listed), sum(float(str(g["on_benefit"])) for g in listed), 900, 5
    )
    table = [whole | {"topic": "all_children", "group": "all"}, *listed]
    answer = pa.table(
        {name: pa.array([row.get(name) for row in table], ANSWER.schema.field(name).type) for name in ANSWER.names}
    )
    made = clear(
        answer=answer, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
        finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
    )  # fmt: skip
    return {one.name: one for one in made}


@pytest.mark.parametrize(("children", "on", "families", "largest", "printed"), rows())
def test_what_is_printed_of_a_group(children: int, on: int, families: int, largest: int, printed: str) -> None:
    """Children, those on benefit and their share are printed, rounded or held back, as the table says."""
    table = cleared(figures(children, on, families, largest))["on_benefit_by_age"]
    assert " | ".join(table.text(len(table.rows) - 1, place) for place in (1, 2, 3)) == printed


def test_the_threshold_holds_in_every_draw() -> None:
    """A group with 14 on benefit on average, but 9 in one draw, or all but 9, is held back."""
    low = figures(40, 14, 40, 1) | {"fewest_on": 9}
    high = figures(40, 26, 40, 1) | {"most_on": 31}
    table = cleared(low, high)["on_benefit_by_age"]
    assert [table.text(row, 2) for row in (-2, -1)] == ["c", "c"]


INTERVALS = [
    (38.0, 42.0, "35%", "45%"),
    (39.9, 40.1, "35%", "45%"),
    (34.0, 46.0, "30%", "50%"),
    (1.0, 99.0, "0%", "100%"),
]


@pytest.mark.parametrize(("low", "high", "from_", "to"), INTERVALS)
def test_ends_of_an_interval_stand_outward_of_the_rounded_count(low: float, high: float, from_: str, to: str) -> None:
    """An end is the rounded count less or more the distance to the true end, rounded up to the next five."""
    group = figures(100, 40, 100, 1) | {"these_low": low, "these_high": high}
    table = cleared(group)["on_benefit_by_age"]
    assert (table.text(-1, 4), table.text(-1, 5)) == (from_, to)
    assert (table.text(-1, 6), table.text(-1, 7)) == ("x", "x")


def test_a_single_small_group_of_two_takes_the_other_with_it() -> None:
    """Where all but one of two groups are printed, the small one could be had by subtraction, so both are held back."""
    rows = [
        figures(505, 200, 505, 1) | {"topic": "all_children", "group": "all"},
        figures(500, 198, 500, 1) | {"topic": "sex", "group": "Male"},
        figures(5, 2, 5, 1) | {"topic": "sex", "group": "Female"},
    ]
    answer = pa.table(
        {name: pa.array([row.get(name) for row in rows], ANSWER.schema.field(name).type) for name in ANSWER.names}
    )
    made = clear(
        answer=answer, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
        finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
    )  # fmt: skip
    table = next(one for one in made if one.name == "on_benefit_by_sex")
    assert [table.text(row, 1) for row in range(3)] == ["505", "c", "c"]

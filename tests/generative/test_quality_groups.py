"""Match quality by group, as it leaves: nothing small, nothing nearly whole, and nothing beside what is held back."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearthlink.analysis.quality import pooled_quality
from hearthlink.disclosure import ClearedTable, Comparator, Marker, Policy, clear
from hearthlink.disclosure.cleared import Cell
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, POOLED_QUALITY, QUALITY_BY_GROUP
from hearthlink.tables.spec import TableSpec

POLICY = Policy()
Row = dict[str, Any]
Group = tuple[int, int, int, int]
"""Children neither matched nor missed, matched rightly, matched wrongly, and missed."""

SIZES = st.one_of(st.integers(0, 14), st.integers(0, 300))
TOPIC = st.lists(st.tuples(SIZES, SIZES, SIZES, SIZES), min_size=2, max_size=5)


def table(spec: TableSpec, rows: list[Row]) -> pa.Table:
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], spec.schema.field(name).type) for name in spec.names}
    )


def row_of(topic: str, name: str, group: Group) -> Row:
    none, right, wrong, missed = group
    linked, children = right + wrong, none + right + wrong + missed
    return {
        "topic": topic, "group": name, "order": 0, "children": children, "linked": linked, "expected_right": float(children - wrong),
        "linked_right": float(right), "expected_on_file": float(right + wrong + missed), "right": right, "wrong": wrong,
        "missed": wrong + missed, "overlapping": False,
    }  # fmt: skip


def answer_row(topic: str, name: str, children: int) -> Row:
    on = children // 2
    return {
        "question": "on_benefit", "topic": topic, "group": name, "order": 0, "children": children, "families": children,
        "largest_family": min(children, 1), "on_benefit": float(on), "fewest_on": on, "most_on": on, "on_families": on,
        "on_largest_family": 1, "off_families": children - on, "off_largest_family": 1, "overlapping": False,
    }  # fmt: skip


def leaves(groups: list[Group]) -> dict[str, ClearedTable]:
    """What leaves of one topic."""
    names = [f"g{place}" for place in range(len(groups))]
    every = tuple(sum(group[place] for group in groups) for place in range(4))
    rows = [row_of("all_children", "all", (every[0], every[1], every[2], every[3]))]
    rows += [row_of("sex", name, group) for name, group in zip(names, groups, strict=True)]
    answers = [answer_row("all_children", "all", sum(every))]
    answers += [answer_row("sex", name, sum(group)) for name, group in zip(names, groups, strict=True)]
    made = clear(
        answer=table(ANSWER, answers), quality_by_group=table(QUALITY_BY_GROUP, rows),
        pooled_quality=table(POOLED_QUALITY, pooled_quality(rows)), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
        finding=FINDING.empty(), policy=POLICY, comparator=Comparator(1 / 3, "a third", "made up", "made up"),
    )  # fmt: skip
    return {one.name: one for one in made}


def safe(cell: Cell, having: int, lacking: int) -> bool:
    """Whether a share may stand: neither part small, unless it says only that few lack it."""
    if cell.value is None:
        return True
    return having >= POLICY.threshold and (lacking >= POLICY.threshold or cell.marker is Marker.AT_LEAST)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TOPIC)
def test_no_share_by_group_rests_on_a_small_part(groups: list[Group]) -> None:
    """Matched, right and found are printed only where both parts are ten or more, ends only beside an exact share."""
    made = leaves(groups)["link_quality_by_sex"]
    at = {column.name: place for place, column in enumerate(made.columns)}
    for (none, right, wrong, missed), row in zip(groups, made.rows[1:], strict=True):
        linked = right + wrong
        assert row[at["matched"]].value is None or min(linked, none + missed) >= POLICY.threshold
        assert safe(row[at["precision"]], right, wrong)
        assert safe(row[at["recall"]], right, wrong + missed)
        for name in ("precision", "recall"):
            exact = row[at[name]].value is not None and row[at[name]].marker is Marker.NONE
            assert exact or all(row[at[f"{name}_{end}"]].value is None for end in ("low", "high"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TOPIC)
def test_the_make_up_of_the_matched_tells_no_group_that_is_held_back(groups: list[Group]) -> None:
    """A group whose share with a match is held back is held back beside those without one, figures and difference alike."""
    made = leaves(groups)
    if "matched_or_not" not in made:
        return
    shares, beside = made["link_quality_by_sex"], made["matched_or_not"]
    at = [column.name for column in shares.columns].index("matched")
    for shown, row in zip(shares.rows[1:], beside.rows, strict=True):
        assert (
            shown[at].value is not None
            or shown[at].marker is Marker.TOO_FEW
            or all(cell.value is None for cell in row[2:])
        )

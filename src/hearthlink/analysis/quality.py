"""How good the links of each group of children are: counted or expected, and leaning on the other groups where evidence is thin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.analysis.pooling import pooled
from hearthlink.analysis.topics import Topic

TOPICS = ("all_children", "age", "sex", "ethnic_group", "deprivation", "name_group")
TWENTIETHS = 20
Record = dict[str, object]
Counts = dict[str, npt.NDArray[np.int64]]

MEASURES: tuple[tuple[str, str, str, str], ...] = (
    ("posterior", "precision", "linked_right", "linked"),
    ("posterior", "recall", "linked_right", "expected_on_file"),
    ("truth", "precision", "right", "linked"),
    ("truth", "recall", "right", "on_file"),
)
"""How it is known, what it says, and the two columns it is a share of."""


def quality(table: pa.Table, topics: Sequence[Topic]) -> list[Record]:
    """A row for each group: children, those linked, and how many are expected to be, and are, right, wrong and missed."""
    columns, known = _columns(table)
    return [
        {
            "topic": topic.name,
            "group": group,
            "order": place,
            "children": int(rows.size),
            "linked": int(columns["linked"][rows].sum()),
            **{name: int(columns[name][rows].sum()) / TWENTIETHS
               for name in ("expected_right", "linked_right", "expected_on_file")},
            **{name: int(columns[name][rows].sum()) if known else None for name in ("right", "wrong", "missed")},
            "overlapping": topic.overlapping,
        }
        for topic in topics
        for place, (group, rows) in enumerate(topic.groups)
    ]  # fmt: skip


def pooled_quality(rows: Sequence[Record]) -> list[Record]:
    """The shares right of each topic's groups, each leaning on the others; `rows` are those of `quality`."""
    return [row for topic in dict.fromkeys(row["topic"] for row in rows) if topic != "all_children"
            for row in _pooled_topic([row for row in rows if row["topic"] == topic])]  # fmt: skip


def _pooled_topic(rows: Sequence[Record]) -> Iterator[Record]:
    for basis, measure, part, base in MEASURES:
        having, of = (_figures(rows, name) for name in (part, base))
        if having is None or of is None:
            continue
        for row, one, n, found in zip(rows, having, of, pooled(np.minimum(having, of), of), strict=True):
            yield {
                **{name: row[name] for name in ("topic", "group", "order")},
                "basis": basis,
                "measure": measure,
                "having": min(float(one), float(n)),
                "of": float(n),
                "pooled": None if found is None else found.share * n,
                "low": None if found is None else found.low * n,
                "high": None if found is None else found.high * n,
                "own": None if found is None else found.own,
            }


def _figures(rows: Sequence[Record], name: str) -> npt.NDArray[np.float64] | None:
    """One column of the groups; None where the truth is not known. Those on file are those right and those missed."""
    if name == "on_file":
        right, missed = _figures(rows, "right"), _figures(rows, "missed")
        return None if right is None or missed is None else right + missed
    values = [row[name] for row in rows]
    return np.array([float(str(value)) for value in values]) if all(value is not None for value in values) else None


def _columns(table: pa.Table) -> tuple[Counts, bool]:
    """For each child what it adds to each count, probabilities in twentieths; and whether the truth is known."""
    linked = np.array([outcome != "none" for outcome in table.column("best_link").to_pylist()], dtype=np.int64)
    verdict = np.array(table.column("household_verdict").to_pylist(), dtype=object)
    right, on_file = (
        np.round(table.column(name).to_numpy() * TWENTIETHS).astype(np.int64)
        for name in ("expected_right", "expected_on_file")
    )
    columns = {
        "linked": linked,
        "expected_right": right,
        "linked_right": right * linked,
        "expected_on_file": on_file,
        "right": (verdict == "right").astype(np.int64),
        "wrong": np.isin(verdict, ("wrong", "unfounded")).astype(np.int64),
        "missed": np.isin(verdict, ("missed", "wrong")).astype(np.int64),
    }
    return columns, any(one is not None for one in verdict)

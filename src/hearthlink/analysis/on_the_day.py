"""The share of children referred who were on benefit on the day, over all and by group, and how good the links are by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.analysis.intervals import family_sums, process, these_children
from hearthlink.analysis.quality import TOPICS, pooled_quality, quality
from hearthlink.analysis.topics import Rows, Topic, name_groups, topics
from hearthlink.errors import OurFault
from hearthlink.tables.research import ANSWER, POOLED_QUALITY, QUALITY_BY_GROUP

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Counted:
    """The counted children as arrays, one place for each.

    `on_draws`, of shape (children, draws), is 1 or 0; `family` is a number; `best` is whether the best link has the child on benefit.
    """

    table: pa.Table
    on_draws: npt.NDArray[np.int8]
    family: npt.NDArray[np.int64]
    best: npt.NDArray[np.bool_]


def on_the_day(research_child: pa.Table) -> dict[str, pa.Table]:
    """The answers, and link quality by group, counted and pooled. None has passed the output checks.

    The base is every child referred in the year who was born by the day of their first referral in it. Nothing depends on the order
    of the rows or on the pseudonyms. Raises OurFault where children have different numbers of draws.
    """
    counted = _counted(research_child)
    made = topics(counted.table)
    rows = [
        *(row for topic in made for row in _shares(counted, topic)),
        *_sensitivities(counted),
        *_who_was_counted(research_child),
    ]
    by_group = quality(counted.table, [topic for topic in (*made, *name_groups(counted.table)) if topic.name in TOPICS])
    return {
        "answer": ANSWER.conform(_table(rows, ANSWER.schema)),
        "quality_by_group": QUALITY_BY_GROUP.conform(_table(by_group, QUALITY_BY_GROUP.schema)),
        "pooled_quality": POOLED_QUALITY.conform(_table(pooled_quality(by_group), POOLED_QUALITY.schema)),
    }


def overall(research_child: pa.Table) -> Record:
    """The figures of all counted children together, as `on_the_day` has them in its first row, without the cost of the groups."""
    counted = _counted(research_child)
    return _share(counted, np.arange(counted.table.num_rows))


def _table(rows: list[Record], schema: pa.Schema) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names})


def _counted(research_child: pa.Table) -> Counted:
    table = research_child.filter(research_child.column("counted"))
    drawn = table.column("on_draws").combine_chunks()
    flat = drawn.flatten().to_numpy(zero_copy_only=False)
    if len(drawn) and len(flat) % len(drawn):
        raise OurFault("Children have different numbers of draws.")
    on_draws = flat.reshape(len(drawn), -1).astype(np.int8) if len(drawn) else np.zeros((0, 0), dtype=np.int8)
    family = table.column("family_pseudonym").combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    return Counted(table, on_draws, family, _flags(table, "on_benefit"))


def _flags(table: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    return np.array(table.column(name).to_pylist(), dtype=bool)


def _shares(counted: Counted, topic: Topic) -> Iterator[Record]:
    """A row for each group of a topic."""
    for place, (group, rows) in enumerate(topic.groups):
        yield {
            "question": "on_benefit",
            "topic": topic.name,
            "group": group,
            "order": place,
            "overlapping": topic.overlapping,
        } | _share(counted, rows)


def _share(counted: Counted, rows: Rows) -> Record:
    """The figures of one group: numbers, families, the expected number on benefit and both intervals."""
    # Every draw of every child is read once for each topic: taking all rows needs no copy.
    on_draws = counted.on_draws if rows.size == counted.family.size else counted.on_draws[rows]
    family, best = counted.family[rows], counted.best[rows]
    children = int(rows.size)
    on = on_draws.sum(axis=0, dtype=np.int64)
    sums = family_sums(on_draws, family)
    these, those = these_children(on, children), process(on, children, sums)
    on_families, on_largest = _families(family[best])
    off_families, off_largest = _families(family[~best])
    return {
        "children": children,
        "families": sums.families,
        "largest_family": sums.largest,
        "on_benefit": int(on.sum()) / on.size if on.size else None,
        "fewest_on": int(on.min()) if on.size else None,
        "most_on": int(on.max()) if on.size else None,
        "on_families": on_families,
        "on_largest_family": on_largest,
        "off_families": off_families,
        "off_largest_family": off_largest,
        "these_low": these[0] if these else None,
        "these_high": these[1] if these else None,
        "process_low": those[0] if those else None,
        "process_high": those[1] if those else None,
    }


def _families(family: npt.NDArray[np.int64]) -> tuple[int, int]:
    """How many families, and the children of the largest."""
    sizes = np.unique(family, return_counts=True)[1]
    return int(sizes.size), int(sizes.max(initial=0))


def _sensitivities(counted: Counted) -> Iterator[Record]:
    """The number on benefit by the best link alone: on the day, within the window, and by the main home alone. At the top level only."""
    families, largest = _families(counted.family)
    for place, (group, name) in enumerate(
        (("best_link", "on_benefit"), ("window", "on_window"), ("main_home", "on_main_home"))
    ):
        yield {
            "question": "sensitivity",
            "topic": "sensitivity",
            "group": group,
            "order": place,
            "children": counted.table.num_rows,
            "families": families,
            "largest_family": largest,
            "on_benefit": float(_flags(counted.table, name).sum()),
            "overlapping": True,
        }


def _who_was_counted(research_child: pa.Table) -> Iterator[Record]:
    """Children referred, counted and left out; and among the counted, those with two homes and by the state of their household."""
    counted = _flags(research_child, "counted")
    status = np.array(research_child.column("household_status").to_pylist(), dtype=object)
    two_homes, in_care = _flags(research_child, "two_homes"), _flags(research_child, "in_care")
    family = research_child.column("family_pseudonym").combine_chunks().dictionary_encode().indices.to_numpy()
    parts = (
        ("referred", "Counted", counted, False),
        ("referred", "Unborn on the day of referral", ~counted, False),
        ("two_homes", "Likely to have two homes on file", counted & two_homes, True),
        ("in_care", "In care on the day, so not in a household", counted & in_care, True),
        ("household_status", "Award suspended", counted & (status == "suspended"), True),
        ("household_status", "Entitled to nothing that week", counted & (status == "nil"), True),
        ("household_status", "Claim had ended", counted & (status == "ended"), True),
    )
    for place, (topic, group, held, overlapping) in enumerate(parts):
        families, largest = _families(family[held])
        yield {
            "question": "who_was_counted",
            "topic": topic,
            "group": group,
            "order": place,
            "children": int(held.sum()),
            "families": families,
            "largest_family": largest,
            "overlapping": overlapping,
        }

"""The door of the analysis: every question of the plan, asked of a study's research room."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.effects import before
from hearthlink.analysis.on_the_day import on_the_day
from hearthlink.tables.answers import ANSWER_TABLES
from hearthlink.tables.plan import Plan


def answer(tables: Mapping[str, pa.Table], plan: Plan, *, comparator: pa.Table) -> dict[str, pa.Table]:
    """Every answer of a study by the name of its table: `tables` holds those that a cohort reads, `comparator` the published figures.

    None has passed the output checks. Nothing depends on the order of the rows or on the pseudonyms. Raises OurFault where the tables
    do not fit together.
    """
    del comparator
    made = cohort(tables)
    return {
        **on_the_day(tables["research_child"]),
        **{spec.name: spec.empty() for spec in ANSWER_TABLES},
        **before(made, plan),
    }

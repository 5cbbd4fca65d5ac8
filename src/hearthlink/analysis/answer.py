"""The door of the analysis: every question of the plan, asked of a study's research room."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.effects import before
from hearthlink.analysis.measured import measured
from hearthlink.analysis.on_the_day import on_the_day
from hearthlink.analysis.shares import Record
from hearthlink.tables.answers import ANSWER_TABLES
from hearthlink.tables.plan import Plan
from hearthlink.tables.spec import TableSpec


def answer(tables: Mapping[str, pa.Table], plan: Plan, *, comparator: pa.Table) -> dict[str, pa.Table]:
    """Every answer of a study by the name of its table: `tables` holds those that a cohort reads, `comparator` the published figures.

    None has passed the output checks. Nothing depends on the order of the rows or on the pseudonyms. Raises OurFault where the tables
    do not fit together.
    """
    del comparator
    made = cohort(tables)
    having, without = measured(made, plan)
    rows: dict[str, list[Record]] = {"measured": having, "unseen": without}
    return {
        **on_the_day(tables["research_child"]),
        **{spec.name: _table(rows.get(spec.name, []), spec) for spec in ANSWER_TABLES},
        **before(made, plan),
    }


def _table(rows: list[Record], spec: TableSpec) -> pa.Table:
    schema = spec.schema
    return spec.conform(
        pa.table({name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names})
    )

"""The door of the analysis: every question of the plan, asked of a study's research room."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hearthlink.analysis.bounds import bound_rows
from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.compared import compared_rows
from hearthlink.analysis.effects import before
from hearthlink.analysis.ground import ground
from hearthlink.analysis.measured import measured
from hearthlink.analysis.on_the_day import on_the_day
from hearthlink.analysis.roads import road_rows
from hearthlink.analysis.shares import Record
from hearthlink.analysis.staged import staged_rows
from hearthlink.tables.answers import ANSWER_TABLES
from hearthlink.tables.plan import Plan
from hearthlink.tables.spec import TableSpec


def answer(
    tables: Mapping[str, pa.Table],
    plan: Plan,
    *,
    comparator: pa.Table,
    year: str | None = None,
) -> dict[str, pa.Table]:
    """Every answer of a study by the name of its table.

    `tables` holds those that a cohort reads, at the day of referral and at the plan's baseline, `comparator` the published figures and
    `year` the study's, to compare with figures of. None has passed the output checks. Nothing depends on the order of the rows or on the
    pseudonyms. Raises OurFault where the tables do not fit together.
    """
    made = cohort(tables)
    base = ground(made)
    having, without = measured(base, plan)
    planned = {
        "planned": any(
            one.planned and one.measure == "on_benefit" and "on_day" in one.windows for one in plan.questions
        )
    }
    rows: dict[str, list[Record]] = {
        "measured": having,
        "unseen": without,
        "bound": [{**row, **planned} for row in bound_rows(base, plan.assumptions)],
        "compared": [{**row, **planned} for row in compared_rows(made, comparator, year=year)],
        "staged": staged_rows(base, tables["research_child"]),
        "error_check": road_rows(made),
    }
    return {
        **on_the_day(tables["research_child"]),
        **{spec.name: _table(rows.get(spec.name, []), spec) for spec in ANSWER_TABLES},
        **before(cohort(tables, plan.cohort), plan),
    }


def _table(rows: list[Record], spec: TableSpec) -> pa.Table:
    schema = spec.schema
    return spec.conform(
        pa.table({name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names})
    )

"""The tables of documented systems by name, so that a study may take any of them from a database as from a file."""

from __future__ import annotations

from dataclasses import replace

from hearthlink.sources.case import liquidlogic, mosaic, ssd, ssd_activity
from hearthlink.sources.claims.academy_tables import ACADEMY_TABLES
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.declared import IntakeTable


def _both(table: IntakeTable, other: IntakeTable) -> IntakeTable:
    """A table that is read for two ends, with the columns of both; what must be there is what the first must have."""
    more = tuple(replace(column, needed=False) for column in other.columns if column.name not in table.names)
    return replace(table, columns=(*table.columns, *more))


_SSD = {table.name: table for table in (*ssd.TABLES, *ssd_activity.ONLY_HERE)} | {
    "ssd_person": _both(ssd.PERSON, ssd_activity.PERSON),
    "ssd_cin_plans": _both(ssd.CIN_PLANS, ssd_activity.CIN_PLANS),
}

LAYOUT_TABLES: dict[str, IntakeTable] = _SSD | {
    table.name: table for table in (*mosaic.TABLES, *liquidlogic.TABLES, *ACADEMY_TABLES)
}
"""Named in study.toml as an intake table is, and read by the names of their own columns."""


def table_to_fill(name: str) -> IntakeTable | None:
    """The table of that name that a mapping or study.toml may fill; None where there is none."""
    return INTAKE.get(name) or LAYOUT_TABLES.get(name)

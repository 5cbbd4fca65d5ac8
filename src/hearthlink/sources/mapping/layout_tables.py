"""The tables of documented systems by name, so that a study may take any of them from a database as from a file."""

from __future__ import annotations

from hearthlink.sources.case import liquidlogic, mosaic, ssd
from hearthlink.sources.claims.academy_tables import ACADEMY_TABLES
from hearthlink.sources.intake.declared import IntakeTable

LAYOUT_TABLES: dict[str, IntakeTable] = {
    table.name: table for table in (*ssd.TABLES, *mosaic.TABLES, *liquidlogic.TABLES, *ACADEMY_TABLES)
}
"""Named in study.toml as an intake table is, and read by the names of their own columns."""

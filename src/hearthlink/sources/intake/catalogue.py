"""Every intake table, by name."""

from __future__ import annotations

from hearthlink.sources.intake.activity import ACTIVITY_TABLES
from hearthlink.sources.intake.children import CHILD_TABLES
from hearthlink.sources.intake.claims import CLAIM_TABLES
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.money import MONEY_TABLES

INTAKE: dict[str, IntakeTable] = {
    table.name: table for table in (*CHILD_TABLES, *ACTIVITY_TABLES, *CLAIM_TABLES, *MONEY_TABLES)
}
"""What a mapping may aim at, and what every documented layout of plain tables is read into."""

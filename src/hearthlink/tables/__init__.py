"""What every table is: its columns, their meaning, type and sensitivity. This package is the data dictionary."""

from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.record import RECORD_TABLES
from hearthlink.tables.research import RESEARCH_TABLES
from hearthlink.tables.spec import ADMITS, Column, Kind, Room, Sensitivity, TableSpec

ALL_TABLES: dict[str, TableSpec] = {
    spec.name: spec for spec in (*IDENTITY_TABLES, *CONTENT_TABLES, *RESEARCH_TABLES, *RECORD_TABLES)
}

__all__ = ["ADMITS", "ALL_TABLES", "Column", "Kind", "Room", "Sensitivity", "TableSpec"]

"""What every table is: its columns, their meaning, type and sensitivity. This package is the data dictionary.

This face names no table, so that a stage which may not know the identity tables can still say what a table is.
"""

from hearthlink.tables.spec import ADMITS, Column, Kind, Room, Sensitivity, TableSpec

__all__ = ["ADMITS", "Column", "Kind", "Room", "Sensitivity", "TableSpec"]

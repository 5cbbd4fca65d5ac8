"""The research tables made coarser: values merged by stated rules, cells blanked, and whatever else would tell what was blanked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.deidentify.risk_groups import Flags

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Coarser:
    """A column that may be made coarser: in which tables, what its values then stand for, and how they are made."""

    tables: tuple[str, ...]
    says: str
    of: Callable[[pa.ChunkedArray], pa.ChunkedArray]


def _fifths(tenths: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.multiply(pc.divide(pc.add(tenths, 1), 2), 2)


def _years(months: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.multiply(pc.divide(months, 12), 12)


def _four_weeks(weeks: pa.ChunkedArray) -> pa.ChunkedArray:
    least = int(pc.min(weeks).as_py() or 0)
    floored = np.floor_divide(weeks.to_numpy(), 4) * 4
    return pa.chunked_array([pa.array(np.maximum(floored, least), weeks.type)])


COARSER: dict[str, Coarser] = {
    "imd_decile": Coarser(("research_child",), "fifths: 2 stands for the first and second tenth, 4 for the third and fourth, and so on", _fifths),
    "months_lived": Coarser(("research_child",), "whole years: 0, 12, and 24 for 24 and more", _years),
    "weeks": Coarser(
        ("research_child_event", "research_child_event_before"), "four weeks together, by the first of them", _four_weeks
    ),
}  # fmt: skip
"""What may be made coarser, by the name of its column."""

TELLS_IT: dict[str, tuple[str, ...]] = {
    "age_band": ("months_lived",),
    "ethnic_group": ("name_group",),
    "stage_six_months": (
        "assessment_six_months", "section47_six_months", "cin_plan_six_months", "protection_plan_six_months", "looked_after_six_months",
    ),
}  # fmt: skip
"""Columns of a child's row that would tell what was blanked in another, and are blanked with it."""

IN_HOUSEHOLD = {"imd_decile": "deprivation_fifth", "disabled": "disability"}
"""Columns of the household of a child's best link that would tell it, and are blanked with it."""


def coarsened(tables: Tables, columns: Iterable[str]) -> dict[str, pa.Table]:
    """The tables with some columns made coarser."""
    made = dict(tables)
    for column in columns:
        for name in COARSER[column].tables:
            if name in made:
                made[name] = _replaced(made[name], column, COARSER[column].of(made[name].column(column)))
    return made


def blanked(tables: Tables, blank: Mapping[str, Flags]) -> dict[str, pa.Table]:
    """The tables with cells of `research_child` emptied, and with them whatever else tells the same. `blank` has a flag for each child."""
    made = dict(tables)
    child = made["research_child"]
    for column, flags in blank.items():
        for name in (column, *TELLS_IT.get(column, ())):
            child = _replaced(child, name, _emptied(child.column(name), flags))
        if column in IN_HOUSEHOLD:
            homes = child.column("household_pseudonym").filter(pa.array(flags)).drop_null()
            household = made["research_household"]
            theirs = pc.is_in(household.column("household_pseudonym"), pc.unique(homes))
            name = IN_HOUSEHOLD[column]
            emptied = _emptied(household.column(name), np.asarray(theirs.to_numpy(), bool))
            made["research_household"] = _replaced(household, name, emptied)
    return made | {"research_child": child}


def without(tables: Tables, left_out: Flags) -> dict[str, pa.Table]:
    """The tables without some children, in whatever table they stand. `left_out` has a flag for each child."""
    made = dict(tables)
    gone = made["research_child"].column("child_pseudonym").filter(pa.array(left_out)).combine_chunks()
    for name, table in tables.items():
        if "child_pseudonym" in table.column_names and len(gone):
            made[name] = table.filter(pc.invert(pc.is_in(table.column("child_pseudonym"), gone)))
    return made


def _emptied(values: pa.ChunkedArray, flags: Flags) -> pa.ChunkedArray:
    # Written anew from the values that stay: what stood in an emptied cell is in no buffer of the new column.
    held = values.combine_chunks()
    kept = np.where(flags, -1, np.arange(len(held)))
    return pa.chunked_array([held.take(pa.array(kept, mask=kept < 0))])


def _replaced(table: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), values.cast(table.schema.field(name).type))

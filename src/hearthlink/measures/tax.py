"""Council tax in recovery: a summons or a further stage, as a state of each month and as the event that it came to it.

A balance of a monthly file speaks for the month up to the next file; a stage with a date of its own speaks for a year unless a later row says
otherwise. Where the council tax office's own file does not cover a month, the claim's own word for the stage is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.chains import dated
from hearthlink.measures.circumstances import Circumstances
from hearthlink.measures.happened import apart, dosed, happened
from hearthlink.measures.months import OPEN, UNKNOWN, Flags, Grid, Whole, at_month_ends, whole_numbers

STAGES = (
    "none", "reminder", "final_notice", "summons", "liability_order", "attachment", "enforcement_agent", "committal",
)  # fmt: skip
"""How far recovery has gone, from nothing on."""
SUMMONS, ORDER, AGENT = STAGES.index("summons"), STAGES.index("liability_order"), STAGES.index("attachment")
SAYINGS = (
    (r"committal|prison", "committal"), (r"enforcement|bailiff", "enforcement_agent"), (r"attach", "attachment"),
    (r"liability", "liability_order"), (r"summons", "summons"), (r"final", "final_notice"), (r"reminder", "reminder"),
)  # fmt: skip
"""What words of a claim's own stand for each stage, the furthest first."""
SPEAKS_FOR, STAGE_SPEAKS_FOR = 31, 366
"""Days for which a dated balance, and a dated stage, holds."""
APART = 92
"""Days after which recovery that came back to a summons is another."""
SOURCE = "council_tax"


def stages(grid: Grid, tables: Mapping[str, pa.Table], claims: Circumstances) -> Whole:
    """The stage of recovery on the last day of each month, by its place in `STAGES`; `UNKNOWN` where it is not seen."""
    rows = tables["council_tax_arrear"]
    day, rank, staged = _office(rows)
    end = day + np.where(staged, STAGE_SPEAKS_FOR, SPEAKS_FOR) - 1
    told = at_month_ends(grid, rows.column("household_key"), day, end, rank)
    own = replace(claims, period=claims.period.append_column("tax_stage", _claimed(claims.period))).whole("tax_stage")
    office = _given(rows) & grid.speaks(SOURCE)
    return np.where(told != UNKNOWN, told, np.where(own != UNKNOWN, own, np.where(office & grid.observed, 0, UNKNOWN)))


def states(stage: Whole) -> dict[str, npt.NDArray[np.int8]]:
    """`tax_arrears`: recovery has come to a summons or further."""
    return {"tax_arrears": np.where(stage == UNKNOWN, -1, stage >= SUMMONS).astype(np.int8)}


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `tax_order`, one for each time that recovery came to a summons or further after a quarter without.

    The day is that of the stage where it is told (decided), else that of the first monthly file or claim that shows it (seen). The dose is 1 for
    a summons, 2 for a liability order, 3 for what is done upon it.
    """
    rows = tables["council_tax_arrear"]
    day, rank, staged = _office(rows)
    found = [(grid.row_of(rows.column("household_key")), day, rank, staged)]
    if not _given(rows):
        period = tables["household_period"]
        row, start, _ = dated(grid, period)
        found = [(row, start, whole_numbers(_claimed(period)), np.zeros(len(row), bool))]
    row, day, rank, staged = found[0]
    kept = (row >= 0) & (rank >= SUMMONS)
    row, day, rank, staged = row[kept], day[kept], rank[kept], staged[kept]
    order = np.lexsort((-rank, ~staged, day, row))
    row, day, rank, staged = row[order], day[order], rank[order], staged[order]
    alone = apart(row, day, APART)
    basis = np.where(staged, "decided", "seen")[alone].tolist()
    return happened(grid, row[alone], "tax_order", day[alone], basis=basis, dose=dosed(rank, (ORDER, AGENT))[alone])


# --- within --------------------------------------------------------------------------------------------------


def _office(rows: pa.Table) -> tuple[Whole, Whole, Flags]:
    """The day, the rank of the stage and whether the stage has a date of its own, for each row of `council_tax_arrear`."""
    staged = pc.is_valid(rows.column("stage_date"))
    day = pc.coalesce(rows.column("stage_date"), rows.column("day"))
    rank = whole_numbers(pc.index_in(rows.column("stage"), value_set=pa.array(STAGES)), 0)
    return whole_numbers(day, -OPEN), rank, staged.to_numpy(zero_copy_only=False)


def _claimed(period: pa.Table) -> pa.Array:
    """The rank of the stage that each row of `household_period` names; none where neither a stage nor a balance is held."""
    words = pc.fill_null(period.column("recovery_stage"), "")
    rank = np.where(pc.is_valid(period.column("council_tax_balance")).to_numpy(zero_copy_only=False), 0, UNKNOWN)
    for pattern, stage in reversed(SAYINGS):
        named = pc.match_substring_regex(pc.utf8_lower(words), pattern).to_numpy(zero_copy_only=False)
        rank = np.where(named, STAGES.index(stage), rank)
    return pa.array(rank, mask=rank == UNKNOWN)


def _given(rows: pa.Table) -> bool:
    """Whether the council tax office gave a file at all: one without a row tells of nobody."""
    return rows.num_rows > 0

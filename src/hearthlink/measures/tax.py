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
from hearthlink.measures.circumstances import SOURCES
from hearthlink.measures.happened import apart, dosed, happened
from hearthlink.measures.known import Known
from hearthlink.measures.months import OPEN, UNKNOWN, Flags, Grid, Whole, at_month_ends, whole_numbers
from hearthlink.measures.payments import NONE

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


def stages(known: Known, *, given: bool) -> Whole:
    """The stage of recovery on the last day of each month, by its place in `STAGES`; `UNKNOWN` where it is not seen.

    That the office's file names nobody says something of those alone whose account can be told: they have council tax support, or are in the file.
    `given`: the office gave a file at all, of whichever households.
    """
    grid, claims, rows = known.grid, known.claims, known.tables["council_tax_arrear"]
    day, rank, staged = _office(rows)
    end = day + np.where(staged, STAGE_SPEAKS_FOR, SPEAKS_FOR) - 1
    told = at_month_ends(grid, rows.column("household_key"), day, end, rank)
    own = replace(claims, period=claims.period.append_column("tax_stage", _claimed(claims.period))).whole("tax_stage")
    named = np.zeros((len(grid.chains), 1), bool)
    row = grid.row_of(rows.column("household_key"))
    named[row[row >= 0]] = True
    clear = grid.speaks(SOURCE) & grid.observed & (named | (known.support.status > NONE)) & given
    return np.where(told != UNKNOWN, told, np.where(own != UNKNOWN, own, np.where(clear, 0, UNKNOWN)))


def states(stage: Whole) -> dict[str, npt.NDArray[np.int8]]:
    """`tax_arrears`: recovery has come to a summons or further."""
    return {"tax_arrears": np.where(stage == UNKNOWN, -1, stage >= SUMMONS).astype(np.int8)}


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `tax_order`, one for each time that recovery came to a summons or further after a quarter without.

    The day is that of the stage where it is told (decided), else that of the first monthly file or claim that shows it (seen). The dose is 1 for
    a summons, 2 for a liability order, 3 for what is done upon it.
    """
    rows = tables["council_tax_arrear"]
    told_day, told_rank, told_staged = _office(rows)
    claim_row, claim_day, claim_rank = _come_to(grid, tables["household_period"])
    row = np.concatenate([grid.row_of(rows.column("household_key")), claim_row])
    day, rank = np.concatenate([told_day, claim_day]), np.concatenate([told_rank, claim_rank])
    staged = np.concatenate([told_staged, np.zeros(len(claim_row), bool)])
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


def _come_to(grid: Grid, period: pa.Table) -> tuple[Whole, Whole, Whole]:
    """Row of the grid, day and rank of each row of claims in which recovery has come to a summons, and in the one before it had not.

    A claim tells of households whose account could not be joined, and only when something of the claim changes.
    """
    row, start, _ = dated(grid, period)
    rank = whole_numbers(_claimed(period))
    source = whole_numbers(pc.index_in(period.column("source"), value_set=pa.array(SOURCES)), -1)
    order = np.lexsort((-rank, start, source, row))
    row, start, rank, source = row[order], start[order], rank[order], source[order]
    come = np.zeros(len(row), bool)
    same = (row[1:] == row[:-1]) & (source[1:] == source[:-1])
    come[1:] = same & (rank[1:] >= SUMMONS) & (rank[:-1] != UNKNOWN) & (rank[:-1] < SUMMONS)
    return row[come], start[come], rank[come]

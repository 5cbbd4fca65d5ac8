"""Losing a home: notice or an order to leave, eviction, coming to the council as homeless, and moving to temporary accommodation.

No file holds every eviction (domain.md 2.8). Council tenants are seen by their rent account, whatever becomes of them. Everybody else is
seen only where they come to the council as homeless: a private tenant who is told to leave and finds another home befalls nothing here. So
the measure counts less of what befalls private tenants than council tenants, and a comparison of the two is one of files.

From 27 March 2020 to 31 May 2021 possession was stayed: `month_calendar.evictions_stayed`. Fewer events of those months are the law's doing;
nothing is taken out, and whoever asks about them sets the months beside others of the stay.

Traps, each with a test by its name: a date that every rent of a tenancy repeats (one event); a case of somebody to whom no duty is owed; moves
from one temporary home to another (one stay); a relationship that ended, or a family that is no longer willing (a home lost, no eviction).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.chains import dated, spells
from hearthlink.measures.happened import Basis, apart, happened, joined
from hearthlink.measures.months import OPEN, Flags, Grid, Whole, equals, whole_numbers

TENANCY_LOST = ("private_tenancy", "other_private_tenancy", "social_tenancy", "supported_housing", "mortgage")
"""Reasons of a homelessness case that are a landlord's, or a lender's, wish to have the home."""
DUTIES = ("prevention", "relief", "main")
SAME = 92
"""Days within which two files tell of one eviction, or one case follows another."""
BETWEEN = 14
"""Days between two stays in temporary accommodation that make them one."""
TEMPORARY = "council_temporary"
NEXT = 45


@dataclass(frozen=True, slots=True)
class _Told:
    """Days that something befell households: row of the grid, day, and dose from 1 (0 where there is none)."""

    row: Whole
    day: Whole
    dose: Whole


def events(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The events `notice`, `eviction`, `homelessness` and `temporary`."""
    return joined(
        [
            _once(grid, "notice", "decided", _notices(grid, tables)),
            _once(grid, "eviction", "effective", _evictions(grid, tables)),
            _once(grid, "homelessness", "effective", _cases(grid, tables)),
            _once(grid, "temporary", "effective", _temporary(grid, tables)),
        ]
    )


def _notices(grid: Grid, tables: Mapping[str, pa.Table]) -> list[_Told]:
    """Dose 1 for a notice, or a tenancy about to end for which the council owes prevention; 2 for an order of possession."""
    account, case = tables["rent_account"], tables["homelessness"]
    threatened = equals(case.column("loss_reason"), *TENANCY_LOST) & _owed(case, "prevention")
    return [
        _days(grid, account, account.column("notice_date"), 1),
        _days(grid, account, account.column("possession_date"), 2),
        _days(
            grid, case.filter(pa.array(threatened)), _first_of(case, "prevention_date").filter(pa.array(threatened)), 1
        ),
    ]


def _evictions(grid: Grid, tables: Mapping[str, pa.Table]) -> list[_Told]:
    """By the rent account; or by a homelessness case for which relief or the main duty is owed since a landlord took the home back."""
    account, case = tables["rent_account"], tables["homelessness"]
    evicted = equals(account.column("end_reason"), "eviction")
    ended = pc.if_else(pa.array(evicted), account.column("tenancy_end"), pa.scalar(None, pa.date32()))
    lost = equals(case.column("loss_reason"), *TENANCY_LOST) & (_owed(case, "relief") | _owed(case, "main"))
    day = pc.coalesce(case.column("relief_date"), case.column("main_date"), case.column("opened_date"))
    return [
        _days(grid, account, pc.coalesce(account.column("eviction_date"), ended), 0),
        _days(grid, case.filter(pa.array(lost)), day.filter(pa.array(lost)), 0),
    ]


def _cases(grid: Grid, tables: Mapping[str, pa.Table]) -> list[_Told]:
    """Cases by the day on which the household came to the council; the dose is the furthest duty owed, 1 prevention to 3 main.

    One to whom no duty is owed was found not to be homeless, and is left out; a duty that is not told counts as the least.
    """
    case = tables["homelessness"]
    duty = whole_numbers(pc.index_in(case.column("duty"), value_set=pa.array(DUTIES)), 0) + 1
    kept = ~equals(case.column("duty"), "none")
    told = _days(grid, case, case.column("opened_date"), 0)
    return [_Told(told.row[kept], told.day[kept], duty[kept])]


def _temporary(grid: Grid, tables: Mapping[str, pa.Table]) -> list[_Told]:
    """The first day of an unbroken stay, by the spells of homelessness cases; else the day a claim's home became one of the council's temporary ones."""
    stays = spells(grid, tables["temporary_accommodation"], slack=BETWEEN)
    row, day = _became_temporary(grid, tables["household_period"])
    return [
        _Told(stays.row, stays.start, np.zeros(len(stays.row), np.int64)),
        _Told(row, day, np.zeros(len(row), np.int64)),
    ]


def _became_temporary(grid: Grid, period: pa.Table) -> tuple[Whole, Whole]:
    """Where the tenure of a claim is that of a temporary home, and in the row before it, of the same source, it was another."""
    period = period.select(["household_key", "start_date", "end_date", "source", "status", "tenure"])
    period = period.filter(pa.array(~equals(period.column("status"), "ended")))
    period = period.filter(period.column("tenure").is_valid())
    row, start, end = dated(grid, period)
    source = whole_numbers(
        pc.index_in(period.column("source"), value_set=pa.array(["shbe", "cts", "academy", "mapped"])), 4
    )
    lent = equals(period.column("tenure"), TEMPORARY)
    order = np.lexsort((lent, end, start, source, row))
    row, source, start, end, lent = row[order], source[order], start[order], end[order], lent[order]
    became = np.zeros(len(row), bool)
    beside = (row[1:] == row[:-1]) & (row[1:] >= 0) & (source[1:] == source[:-1]) & (start[1:] - end[:-1] <= NEXT)
    became[1:] = beside & lent[1:] & ~lent[:-1]
    return row[became], start[became]


# --- within --------------------------------------------------------------------------------------------------


def _owed(case: pa.Table, duty: str) -> Flags:
    """Whether a duty was owed: by its own date, or because it is the furthest."""
    dated_duty = case.column(f"{duty}_date").is_valid().to_numpy(zero_copy_only=False)
    return dated_duty | equals(case.column("duty"), duty)


def _first_of(case: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.coalesce(case.column(name), case.column("opened_date"))


def _days(grid: Grid, rows: pa.Table, day: pa.ChunkedArray | pa.Array, dose: int) -> _Told:
    """The household and the day of every row; a day before everything where there is none."""
    told = whole_numbers(day, -OPEN)
    return _Told(grid.row_of(rows.column("household_key")), told, np.full(len(told), dose, np.int64))


def _once(grid: Grid, kind: str, basis: Basis, told: list[_Told]) -> pa.Table:
    """Events of one kind, those of one household and dose that lie close together once, the gravest dose of a day."""
    row, day, dose = (np.concatenate([getattr(one, name) for one in told]) for name in ("row", "day", "dose"))
    kept = (row >= 0) & (day > -OPEN)
    row, day, dose = row[kept], day[kept], dose[kept]
    order = np.lexsort((-dose, day, row))
    row, day, dose = row[order], day[order], dose[order]
    # A notice and the order that follows it are two; a notice told by each rent of a tenancy is one.
    grave = int(dose.max()) if kind == "notice" and len(dose) else 0
    alone = apart(row * (grave + 1) + np.where(grave, dose, 0), day, SAME)
    doses = dose[alone] if (dose > 0).any() else None
    return happened(grid, row[alone], kind, day[alone], basis=basis, dose=doses)

"""Whether households are on file on the days that people are linked as at, and what becomes of dates that never meet those days."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.given import FEW

MANY = 0.2
"""Share of households on file on none of the days that people are linked as at from which that is worth a word."""

NEARLY_ALL = 0.95
"""Share of them from which the dates cannot be those of living there: of an extract, say. They decide nothing then, unless households are few."""


def dates_that_meet(days: pa.ChunkedArray, members: pa.Table) -> tuple[pa.Table, list[str]]:
    """The rows of households, without dates that keep nearly all of them off file on every one of the days; and what to say of it.

    members: group_id, start_date and end_date among its columns. A household is off file where each of its rows begins after the last
    day, or each ends before the first.
    """
    share = _away(days, members)
    if share < MANY:
        return members, []
    words = f"dates on the right: {share:.0%} of households begin after the last as_at or end before the first"
    if share < NEARLY_ALL or pc.count_distinct(members.column("group_id")).as_py() < FEW:
        return members, [f"{words}, and are not on file for anybody"]
    for name in ("start_date", "end_date"):
        members = members.set_column(members.column_names.index(name), name, pa.nulls(members.num_rows, pa.date32()))
    return members, [f"{words}, so their dates are passed over"]


def _away(days: pa.ChunkedArray, members: pa.Table) -> float:
    first, last = pc.min(days), pc.max(days)
    acts = [
        ("start_date", "count"),
        ("start_date", "min"),
        ("end_date", "count"),
        ("end_date", "max"),
        ([], "count_all"),
    ]
    span = members.group_by("group_id").aggregate(acts)
    begun, ended = (
        pc.equal(span.column(f"{name}_count"), span.column("count_all")) for name in ("start_date", "end_date")
    )
    late = pc.and_(begun, pc.greater(span.column("start_date_min"), last))
    early = pc.and_(ended, pc.less(span.column("end_date_max"), first))
    away = pc.or_(pc.fill_null(late, False), pc.fill_null(early, False))
    return pc.mean(away.cast(pa.float64())).as_py() or 0.0

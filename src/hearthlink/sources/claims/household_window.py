"""The window that linking looks at, cut out of the longer time that is read: who was on a claim in the year and the month before.

What came before a referral, and what followed it, is asked of households that were found as at the day of referral. So who may be found is
told by the window's own files and periods alone, as though no others had been given: a name, an address or a listing of another year is
no evidence of the day. A claim that was decided late, and is in a file after the window for the first time, is in the window where it was
made to begin in it, for what counts is the day from which it holds and not the day on which it was entered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.claims.month_spans import AFTER, YEAR
from hearthlink.sources.reading.columns import whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.years import CensusYear


@dataclass(frozen=True, slots=True)
class Window:
    """Claims, listings and periods of the window, in the shape of those of the whole time; `narrower` where they are not all of them."""

    claim: pa.Table
    listing: pa.Table
    period: pa.Table
    narrower: bool


def window_of(claim: pa.Table, listing: pa.Table, period: pa.Table, month: pa.Table | None, year: CensusYear) -> Window:
    """What the window's own files and periods tell. `month` gives the part of time of each monthly file; None where there is none."""
    if month is not None:
        part = whole(month.column("part"))
        own = month.column("file_no").filter(pc.equal(part, YEAR))
        parts = whole(part.take(pc.subtract(whole(claim.column("file_no")), 1)))
        first, last = pc.min(own).as_py(), pc.max(own).as_py()
        within = claim.filter(pc.equal(parts, YEAR))
        late = _decided_late(claim.filter(pc.equal(parts, AFTER)), within, year)
        claims = pa.concat_tables([_ends_marked(within, first=first, last=last), late])
    else:
        last, claims, late = None, claim, claim.slice(0, 0)
    monthly = pc.equal(listing.column("source"), 1)
    told = listing.filter(pc.and_(monthly, pc.equal(listing.column("part"), YEAR)))
    told = _ends_marked(told, first=None, last=last)
    of_late = pc.and_(
        pc.and_(monthly, pc.equal(listing.column("part"), AFTER)),
        pc.is_in(listing.column("household"), whole(late.column("household"))),
    )
    by_period = touching(listing.filter(pc.invert(monthly)), year)
    listings = pa.concat_tables([told, listing.filter(of_late), by_period])
    periods = touching(period, year)
    pairs = ((claims, claim), (listings, listing), (periods, period))
    return Window(claims, listings, periods, any(some.num_rows < every.num_rows for some, every in pairs))


def touching(table: pa.Table, year: CensusYear, *, wide: bool = False) -> pa.Table:
    """The rows whose days touch the window, or where `wide` the whole time looked at. A missing start or end is open."""
    first, last = (year.history_start, year.follow_end) if wide else (year.window_start, year.end)
    begun = pc.fill_null(pc.less_equal(table.column("start"), day_number(last)), fill_value=True)
    lasts = pc.fill_null(pc.greater_equal(table.column("end"), day_number(first)), fill_value=True)
    return table.filter(pc.and_(begun, lasts))


def stays(inside: pa.Array, earlier: Iterable[int], later: Iterable[int]) -> pa.Array:
    """The households of the window, and those that go on as one of them or as which one of them goes on: numbers, ascending."""
    head: dict[int, int] = {}
    for one, other in zip(earlier, later, strict=True):
        low, high = sorted((_head_of(head, one), _head_of(head, other)))
        head[high] = low
    known = set(inside.to_pylist())
    chains = {_head_of(head, one) for one in known}
    joined = {one for one in {*head, *head.values()} if _head_of(head, one) in chains}
    return pa.array(sorted(known | joined), pa.int64())


def _head_of(head: dict[int, int], one: int) -> int:
    while (above := head.get(one, one)) != one:
        one = above
    return one


def _decided_late(after: pa.Table, within: pa.Table, year: CensusYear) -> pa.Table:
    """Claims that only later files know, and that were made to begin by the year's end."""
    begun = pc.fill_null(pc.less_equal(after.column("start"), day_number(year.end)), fill_value=False)
    lasted = pc.fill_null(pc.greater_equal(after.column("end"), day_number(year.window_start)), fill_value=True)
    known = pc.is_in(after.column("household"), whole(within.column("household")))
    return after.filter(pc.and_(pc.and_(begun, lasted), pc.invert(known)))


def _ends_marked(table: pa.Table, *, first: int | None, last: int | None) -> pa.Table:
    """The rows with the first and the last file of the window marked as such, where the table marks them."""
    for name, number in (("is_first", first), ("is_last", last)):
        if number is not None and name in table.column_names:
            place = table.column_names.index(name)
            table = table.set_column(place, name, pc.equal(table.column("file_no"), number))
    return table

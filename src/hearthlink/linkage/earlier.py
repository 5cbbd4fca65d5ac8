"""The linkage once more, as at a day before the referral: who was then in which household.

A child that is linked on the day of its referral is linked with a household that is on file on that day. Whoever asks what came before of
these children alone asks it of families that have kept their claim: those whose claim was ended are the very ones that are left out. So
each child is linked again as at 6, 12, 18 and 24 months before, with the households that were on file then, and every household of the whole
time that is read may be found. What agreement is worth is as estimated at the day of referral; how many are on file, and how homes agree,
is learnt of the earlier day.

A child that was not born by that day is left out. Where the case system tells no address of about that day, the one nearest in time is
what there is: a child that has moved since is linked less surely, and its doubt is in the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.linkage.decided import decided
from hearthlink.linkage.linkage import Progress, candidate_pairs, link
from hearthlink.linkage.model import Flags
from hearthlink.linkage.prepare import AROUND

DAYS_BEFORE: Mapping[int, int] = {6: 182, 12: 365, 18: 548, 24: 730}
"""Months before the referral, and the days that they are. 365 and 730 are the first days of the windows of one year and of two: a child
referred on the first day of the year is so looked at, 24 months before, on the first day of which files tell. The two between them say
only who was in a household with a claim that began and ended between those days."""

BASELINES = (12, 24)
"""The months at which a cohort may be fixed, and so those for which there are draws."""


@dataclass(frozen=True, slots=True)
class LinkedBefore:
    """`candidate_posterior_before`, `link_before` and `link_draw_before`, and how many children were left out, by months before."""

    tables: dict[str, pa.Table]
    not_yet_born: dict[int, int]


def link_before(
    engine: Engine,
    tables: Mapping[str, pa.Table],
    over_time: Mapping[str, pa.Table],
    *,
    draws: int,
    cut: float,
    progress: Progress,
) -> LinkedBefore:
    """Every child linked as at each of `DAYS_BEFORE`, which a column `months` says: its candidates, and at the `BASELINES` links and draws.

    `tables` holds person, family_adult and parameter of the day of referral, and decision and correction: what people said of a child and
    a household holds whatever the day, and is heeded where the household was on file then. `over_time` holds person, place and
    household_count as the whole time tells them. Children and their families are those of the day of referral.
    """
    child, member = _of_side(tables["person"], "child"), _of_side(over_time["person"], "member")
    given = {**tables, **over_time, "person": pa.concat_tables([child, member])}
    made: dict[str, list[pa.Table]] = {}
    left_out: dict[int, int] = {}
    for done, (months, days) in enumerate(DAYS_BEFORE.items(), 1):
        then = as_at(given, days)
        pairs = candidate_pairs(engine, then)
        found = link({**then, "candidate_pair": pairs}, draws=draws if months in BASELINES else 1, cut=cut)
        found = decided(found, tables["decision"], tables["correction"], cut=cut, of_candidates=True)
        for name, table in found.items():
            if months not in BASELINES and name != "candidate_posterior":
                continue
            numbered = table.add_column(0, "months", pa.array(np.full(table.num_rows, months)))
            made.setdefault(f"{name}_before", []).append(numbered)
        left_out[months] = child.num_rows - found["link"].num_rows
        progress(f"Linked as at {months} months before", done / len(DAYS_BEFORE))
    return LinkedBefore({name: pa.concat_tables(several) for name, several in made.items()}, left_out)


def as_at(tables: Mapping[str, pa.Table], days: int) -> dict[str, pa.Table]:
    """The tables with each child referred so many days earlier, those born after that day left out. A birth that is not known was before."""
    person = tables["person"]
    is_child = pc.equal(person.column("side"), "child")
    day = pc.subtract(person.column("referral_date").cast(pa.int32()), pa.scalar(days, pa.int32()))
    born = pc.fill_null(pc.less_equal(person.column("birth_date").cast(pa.int32()), day), True)
    place = person.column_names.index("referral_date")
    person = person.set_column(place, "referral_date", day.cast(pa.date32()))
    person = person.filter(pc.or_(pc.invert(is_child), born))
    number = pa.array(np.arange(person.num_rows, dtype=np.int64))
    person = person.set_column(person.column_names.index("person_no"), "person_no", number)
    return {**tables, "person": person, "place": _places_then(tables["place"], person)}


def _places_then(place: pa.Table, person: pa.Table) -> pa.Table:
    """The addresses, the first known of a child that has none of about its day held to have been its address before."""
    children = _of_side(person, "child")
    found = pc.call_function(
        "index_in", [place.column("owner_id")], pc.SetLookupOptions(children.column("record_id").combine_chunks())
    )
    of = np.where(_true(pc.equal(place.column("side"), "child")), pc.fill_null(found, -1).to_numpy(), -1)
    rows = np.flatnonzero(of >= 0)
    of = of[rows]
    day = children.column("referral_date").cast(pa.int32()).to_numpy().astype(np.int64)[of]
    start, end = (
        pc.fill_null(place.column(name).cast(pa.int32()), missing).to_numpy().astype(np.int64)[rows]
        for name, missing in (("start_date", -(10**6)), ("end_date", 10**6))
    )
    counts = (start - day <= AROUND) & (day - end <= AROUND)
    known = np.bincount(of[counts], minlength=len(children)) > 0
    after = (start > day) & ~known[of]
    first = np.full(len(children), 10**6)
    np.minimum.at(first, of[after], start[after])
    held = np.zeros(len(place), bool)
    held[rows[after & (start == first[of])]] = True
    begun = pc.if_else(pa.array(held), pa.scalar(None, pa.date32()), place.column("start_date"))
    return place.set_column(place.column_names.index("start_date"), "start_date", begun)


def _true(values: pa.ChunkedArray) -> Flags:
    return np.asarray(values.to_numpy(), dtype=bool)


def _of_side(person: pa.Table, side: str) -> pa.Table:
    return person.filter(pc.equal(person.column("side"), side))

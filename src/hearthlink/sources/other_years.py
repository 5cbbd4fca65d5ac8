"""What the censuses of the year after and the year before add about the children of a study's year, and about nobody else.

A child referred in March has days of follow-up in the year's own census, one referred in April a year. With the following census every child
has six months: what began within them is brought, and the ends of what the year's own census held as open. Referrals after the year are
brought too, so that "referred again" can be told, and of an earlier census the referrals before it. An episode that both censuses hold is
one: told by the child, the day of referral and its place among that day's. The year's own census says who was referred in the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.activity.census import Census, census_of, census_plans, read_xml
from hearthlink.sources.activity.flat import read_flat
from hearthlink.sources.intake.spells import Spells
from hearthlink.sources.reading.columns import Values, count, found_at, joined, only, whole
from hearthlink.sources.reading.dates import day_number
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.years import CensusYear
from hearthlink.tables.record import FOLLOWED_UP

SIX_MONTHS = 183
"""Days of follow-up that every child has."""

NOT_OF_COHORT = "not a child referred in the study's year"
BY_ID, BY_UPN = "joined by the council's id", "joined by pupil number"
LATER = "referrals after the year"
EARLIER = "referrals before the year"
BEGUN = "assessments, enquiries and plans that began within six months of the first referral"
ENDED = "ends of what was open at the year's end"
UNKNOWN_EPISODE = "referrals of the year or before it that the year's own census does not hold, left out"

FOLLOWED = {
    "assessment": ("end_day", "factors"),
    "section47": ("conference_day",),
    "protection_plan": ("end_day", "latest_category"),
}
"""What may follow a referral: the day in it that a later census may know where the year's own does not, and what comes with that day."""

MARK = "\x1f"


@dataclass(frozen=True, slots=True)
class OtherYear:
    """A census of another year: its place beside the study's (next_year or previous_year)."""

    place: str
    year: CensusYear
    census: Census


@dataclass(frozen=True, slots=True)
class Told:
    """The year's own census with what other censuses add, in its form; plans; `followed_up`; and the tallies of the other censuses."""

    referral: pa.Table
    followed: dict[str, pa.Table]
    plans: tuple[Spells, ...]
    followed_up: pa.Table
    tallies: tuple[Tally, ...]


def read_other_years(files: SourceFiles, year: CensusYear) -> tuple[OtherYear, ...]:
    """The censuses that lie in next_year and previous_year, XML or flat tables; none where there are none.

    Raises DataProblem where one cannot be read, or is of another year.
    """
    read: list[OtherYear] = []
    # A child of the study may have been referred outside the window in another year: who is of the study, its own census says.
    listed = replace(files.wanted, cohort=None)
    for place, other in (("next_year", year.following), ("previous_year", year.preceding)):
        xml, tables = files.one(place), files.one(f"{place}_csv")
        if xml is not None:
            read.append(OtherYear(place, other, read_xml(xml, other, f"the folder {place} is for", listed=listed)))
        elif tables is not None:
            read.append(
                OtherYear(
                    place,
                    other,
                    census_of(read_flat((tables,), "cin_csv", wanted=listed), other, f"the folder {place} is for"),
                )
            )
    return tuple(read)


def with_other_years(census: Census, others: Sequence[OtherYear], year: CensusYear, first: pa.Table) -> Told:
    """The census's referrals and what followed them, with what the other censuses add. `first` is `child_referral`, the cohort."""
    told = Told(census.referral, {name: getattr(census, name) for name in FOLLOWED}, (), FOLLOWED_UP.empty(), ())
    rows = [("year", year, len(census.child))]
    for other in others:
        child = _same_children(census.child, other.census.child, whole(first.column("child_id")))
        told = _added(told, other, child, year, first)
        rows.append((other.place, other.year, len(child.ids) - child.ids.null_count))
    covered = [{"census": place, "start_date": one.start, "end_date": one.end, "children": n} for place, one, n in rows]
    return replace(told, followed_up=FOLLOWED_UP.conform(pa.Table.from_pylist(covered, schema=FOLLOWED_UP.schema)))


@dataclass(frozen=True, slots=True)
class _Same:
    """For each child of another census the id that the year's own census has for it; empty where it is nobody of the cohort."""

    ids: pa.Array
    by_id: int
    by_upn: int


def _same_children(own: pa.Table, other: pa.Table, cohort: pa.Array) -> _Same:
    """By the council's id; else by a pupil number that each census has once, where no birth date speaks against it."""
    own_id, other_id = whole(own.column("child_id")), whole(other.column("child_id"))
    row = found_at(other_id, own_id)
    numbers = [_once(whole(table.column("upn"))) for table in (own, other)]
    taken = pc.is_in(pa.array(np.arange(len(own_id))), value_set=row.drop_null().cast(pa.int64()))
    by_upn = found_at(only(numbers[1], pc.is_null(row)), only(numbers[0], pc.invert(taken)))
    born = [whole(own.column("birth_day")).take(by_upn), whole(other.column("birth_day"))]
    by_upn = only(by_upn, pc.fill_null(pc.equal(*born), fill_value=True))
    ids = own_id.take(pc.coalesce(row, by_upn))
    ids = only(ids, pc.is_in(ids, value_set=cohort))
    return _Same(
        ids, count(pc.and_(pc.is_valid(ids), pc.is_valid(row))), count(pc.and_(pc.is_valid(ids), pc.is_null(row)))
    )


def _once(values: pa.Array) -> pa.Array:
    """The values that stand there once; the others are empty."""
    counted = pc.value_counts(values.drop_null())
    alone = counted.filter(pc.equal(counted.field("counts"), 1)).field("values")
    return whole(only(values, pc.is_in(values, value_set=alone)))


def _added(told: Told, other: OtherYear, child: _Same, year: CensusYear, first: pa.Table) -> Told:
    """What one census adds."""
    after = other.place == "next_year"
    theirs = _under_our_ids(other.census.referral, other.census.child, child)
    row = found_at(_episodes(theirs), _episodes(told.referral))
    day = theirs.column("referral_day")
    outside = pc.greater(day, day_number(year.end)) if after else pc.less(day, day_number(year.start))
    new = whole(pc.and_(pc.is_null(row), outside))
    added = theirs.filter(new)
    notes = {LATER if after else EARLIER: added.num_rows}
    own, followed = told.referral, {name: _with_episode(table, told.referral) for name, table in told.followed.items()}
    if after:
        notes[UNKNOWN_EPISODE] = count(pc.and_(pc.is_null(row), pc.invert(new)))
        own, notes[ENDED] = _filled(own, theirs, row, ("closure_day", "closure_reason"), first)
        episode = _episode_of(row, new, told.referral.num_rows)
        notes[BEGUN] = 0
        for name, (end, *more) in FOLLOWED.items():
            rows = _under_our_ids(getattr(other.census, name), other.census.child, child)
            rows = rows.append_column("episode", episode.take(found_at(_numbered(rows), _numbered(theirs))))
            rows = rows.filter(pc.is_valid(rows.column("episode")))
            at = found_at(_events(rows), _events(followed[name]))
            known, ended = _filled(followed[name], rows, at, (end, *more), first)
            begun = rows.filter(pc.and_(pc.is_null(at), _within(_begun(rows), rows, first)))
            followed[name] = pa.concat_tables([known, begun.select(known.column_names)])
            notes[ENDED] += ended
            notes[BEGUN] += begun.num_rows
    referral, followed = _numbered_anew(pa.concat_tables([own, added.select(own.column_names)]), followed)
    plans = _plans(other.census, child, first) if after else ()
    tallies = (*told.tallies, _tally(other, child, notes), *other.census.others)
    return Told(referral, followed, (*told.plans, *plans), told.followed_up, tallies)


def _under_our_ids(table: pa.Table, children: pa.Table, child: _Same) -> pa.Table:
    """The rows of the cohort's children, under the ids that the year's own census has for them."""
    ids = child.ids.take(found_at(table.column("child_id"), children.column("child_id")))
    table = table.set_column(table.column_names.index("child_id"), "child_id", ids)
    return table.filter(pc.is_valid(ids)).combine_chunks()


def _numbered(table: pa.Table) -> pa.Array:
    return joined([table.column("child_id"), table.column("referral_no").cast(pa.string())], MARK)


def _episodes(referral: pa.Table) -> pa.Array:
    """What tells a referral in any census: the child, the day, and its place among the child's referrals of that day."""
    same = joined([referral.column("child_id"), referral.column("referral_day").cast(pa.string())], MARK)
    return joined([same, _ordinal(same).cast(pa.string())], MARK)


def _events(table: pa.Table) -> pa.Array:
    """What tells an assessment, an enquiry or a plan in any census: its episode, the day it began, and its place among those."""
    parts = [whole(column).cast(pa.string()) for column in (table.column("episode"), _begun(table))]
    same = joined([parts[0], pc.fill_null(parts[1], "")], MARK)
    return joined([same, _ordinal(same).cast(pa.string())], MARK)


def _begun(table: pa.Table) -> Values:
    start = table.column("start_day")
    return pc.coalesce(start, table.column("conference_day")) if "conference_day" in table.column_names else start


def _ordinal(values: pa.Array) -> pa.Array:
    """The place of each value among those equal to it, in order of the rows."""
    coded = values.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    order = np.argsort(coded, kind="stable")
    ordered = coded[order]
    place = np.arange(len(coded))
    fresh = np.r_[True, ordered[1:] != ordered[:-1]] if len(coded) else np.zeros(0, np.bool_)
    ordinal = np.empty(len(coded), np.int64)
    ordinal[order] = place - np.maximum.accumulate(np.where(fresh, place, 0))
    return pa.array(ordinal)


def _with_episode(table: pa.Table, referral: pa.Table) -> pa.Table:
    """What followed referrals, with the row of each one's referral."""
    return table.append_column("episode", found_at(_numbered(table), _numbered(referral)).cast(pa.int64()))


def _episode_of(row: pa.Array, new: pa.Array, rows: int) -> pa.Array:
    """For each referral of another census its row in the table of both, in which new ones come last; empty where it is in neither."""
    mask = np.asarray(new)
    last = pa.array(rows + np.cumsum(mask) - 1, mask=~mask)
    return pc.coalesce(row.cast(pa.int64()), last)


def _within(day: Values, rows: pa.Table, first: pa.Table) -> pa.Array:
    """Whether each day lies within six months of the first referral in the year of the row's child, or on it."""
    place = found_at(rows.column("child_id"), first.column("child_id"))
    begun = whole(first.column("referral_date").cast(pa.int32())).take(place)
    after = pc.subtract(whole(day), begun)
    return pc.fill_null(pc.and_(pc.greater_equal(after, 0), pc.less_equal(after, SIX_MONTHS)), fill_value=False)


def _filled(
    own: pa.Table, theirs: pa.Table, row: pa.Array, columns: tuple[str, ...], first: pa.Table
) -> tuple[pa.Table, int]:
    """The year's own rows (each of the others' at `row` of them), with an end that they lack and another census knows; and how many."""
    end, *_ = columns
    known = pc.and_(pc.is_valid(row), _within(theirs.column(end), theirs, first))
    source = np.full(own.num_rows, -1, np.int64)
    source[np.asarray(row.filter(known), np.int64)] = np.flatnonzero(np.asarray(known))
    source[np.asarray(pc.is_valid(own.column(end)))] = -1
    better = pa.array(source >= 0)
    place = pa.array(source, mask=source < 0)
    for name in columns:
        held = whole(own.column(name))
        # Lists have no if_else: the row of the one or the other is taken from both together.
        both = pa.concat_arrays([held, whole(theirs.column(name))])
        at = pc.if_else(better, pc.add(place, own.num_rows), pa.array(np.arange(own.num_rows)))
        own = own.set_column(own.column_names.index(name), name, both.take(at))
    return own, count(better)


def _numbered_anew(referral: pa.Table, followed: dict[str, pa.Table]) -> tuple[pa.Table, dict[str, pa.Table]]:
    """Referrals of all censuses numbered by date, and what followed them under those numbers."""
    referral = referral.combine_chunks()
    order = pc.sort_indices(referral, sort_keys=[("child_id", "ascending"), ("referral_day", "ascending")])
    ordered = referral.take(order)
    number = pc.add(_ordinal(whole(ordered.column("child_id"))), 1).cast(referral.schema.field("referral_no").type)
    of_row = np.empty(referral.num_rows, np.int64)
    of_row[order.to_numpy()] = number.to_numpy()
    made = {name: _in_order(table, pa.array(of_row, number.type)) for name, table in followed.items()}
    return ordered.set_column(ordered.column_names.index("referral_no"), "referral_no", number), made


def _in_order(table: pa.Table, number: pa.Array) -> pa.Table:
    table = table.combine_chunks()
    table = table.set_column(
        table.column_names.index("referral_no"), "referral_no", number.take(whole(table.column("episode")))
    )
    keys = [("child_id", "ascending"), ("referral_no", "ascending"), ("start_day", "ascending", "at_start")]
    order = pc.sort_indices(table, sort_keys=keys)
    return table.take(order).drop_columns(["episode"])


def _plans(census: Census, child: _Same, first: pa.Table) -> tuple[Spells, ...]:
    """The child in need plans of a later census, which holds them from 2021-22 on."""
    plan = census.cin_plan
    ours = _under_our_ids(plan, census.child, child)
    ours = ours.filter(_within(ours.column("start_day"), ours, first))
    made = census_plans(replace(census, cin_plan=ours))
    return tuple(
        replace(
            one, tally=replace(one.tally, rows_in=plan.num_rows).refusing(NOT_OF_COHORT, plan.num_rows - ours.num_rows)
        )
        for one in made
    )


def _tally(other: OtherYear, child: _Same, notes: dict[str, int]) -> Tally:
    strangers = child.ids.null_count
    counted = other.census.tally.refusing(NOT_OF_COHORT, strangers)
    for note, rows in {BY_ID: child.by_id, BY_UPN: child.by_upn, **notes}.items():
        counted = counted.noting(note, rows)
    return counted

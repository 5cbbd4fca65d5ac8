"""Rent rises: the rent of the same home went up by more than a twentieth, and by more than that of everybody of its tenure that April.

Two rents are set beside one another where the same source tells both, one after the other, of one household in one home. It is a rise where the
second is more than 5% above the first, and more than half a percentage point above the *uprating* of its tenure in that year. The uprating is
the median change of the rents of the tenure that changed in the weeks about that year's uprating day; it is worked out from the data, for which
law held in which year is not the household's doing. Where fewer than `ENOUGH` social rents tell it, no change of a social rent in those weeks
is a rise. So a social rent that rises with all others is none, and one that rises by far more is.

Never a rise: a rent told for another period, or whose change is exactly that of one period to another (a month for four weeks, a fortnight for a
week), which is a misreading; one charged in other weeks of the year, or in a year of 53; a service charge, told apart by the rent account, and in a
claim of a social tenant by an eligible rent that did not rise with it; a move, told by homes, by tenancies or by another number of bedrooms; a rent put back to where it was within
`PUT_BACK` days, which corrects a mistake. A move that no file tells of, to a home of as
many rooms, cannot be told from a rise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.measures.calendar import in_uprating
from hearthlink.measures.happened import apart, dosed, events_of
from hearthlink.measures.months import OPEN, UNKNOWN, Flags, Grid, Whole, equals, whole_numbers

Numbers = npt.NDArray[np.float64]
MILLION = 1_000_000
LEAST = 50_000
"""Millionths: five percent."""
BEYOND = 5_000
"""Millionths above the uprating of the tenure: half a percentage point."""
STEPS = (100_000, 200_000)
"""Millionths from which the dose is 2 and 3."""
ENOUGH = 20
NEXT = 45
"""Days within which the second rent follows the first."""
PUT_BACK = 100
MOVED_WITHIN = 62
"""Days about a change of home, or of tenancy, within which another rent is that of another home: an office hears of a move late."""
SAME_RISE = 62
PERIODS = (1.0, 2.0, 4.0, 52 / 12)
"""Weeks, about, that a week, a fortnight, four weeks and a month stand for."""
EXACTLY = 0.0005
SOCIAL = ("council", "housing_association", "council_temporary")
TENURES = (*SOCIAL, "private", "owner", "other")
IMPLAUSIBLE = 500_000
"""Millionths beyond which a change of rent tells nothing of an uprating."""
LARGEST = 5.0
"""A rent that comes to more than five times the one before is another rent, or a mistake."""


@dataclass(frozen=True, slots=True)
class _Rents:
    """Rents in order of household, source and day; whole numbers of one length each.

    row: of the grid. series: source or tenancy that tells the rent. terms: period and weeks it is told for. tenure: its place among `TENURES`.
    """

    row: Whole
    key: Whole
    start: Whole
    end: Whole
    rent: Whole
    eligible: Whole
    tenure: Whole
    series: Whole
    terms: Whole
    bedrooms: Whole


CHANGES_SCHEMA = pa.schema(
    [
        pa.field("household_key", pa.int64(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("millionths", pa.int64(), nullable=False),
        pa.field("tenure", pa.int64(), nullable=False),
        pa.field("uprated", pa.bool_(), nullable=False),
        pa.field("sound", pa.bool_(), nullable=False),
    ]
)
"""A change of rent: by how many millionths; whether it is of the days of an uprating; whether nothing says that it is no rise."""


def changes(grid: Grid, tables: Mapping[str, pa.Table]) -> pa.Table:
    """Every change of rent that is a rise of more than `LEAST` or of the days of an uprating, `CHANGES_SCHEMA`."""
    rents = _rents(grid, tables)
    after = np.flatnonzero(_beside(rents))
    before = after - 1
    ratio = rents.rent[after] / rents.rent[before]
    day, tenure = rents.start[after], rents.tenure[after]
    uprated = in_uprating(day)
    told = (ratio != 1.0) & (uprated | (ratio > 1 + LEAST / MILLION))
    after, before, ratio, day, tenure = after[told], before[told], ratio[told], day[told], tenure[told]
    unsound = _other_period(ratio) | _charge_alone(rents, before, after, tenure) | _put_back(rents, before)
    unsound |= (ratio > LARGEST) | _moved(tables, rents.key[after], day)
    return pa.table(
        [
            pa.array(grid.chains[rents.row[after]]),
            pa.array(day.astype(np.int32)).cast(pa.date32()),
            pa.array(np.rint((ratio - 1) * MILLION).astype(np.int64)),
            pa.array(tenure),
            pa.array(uprated[told]),
            pa.array(~unsound),
        ],
        schema=CHANGES_SCHEMA,
    )


def rises(told: pa.Table) -> pa.Table:
    """The events `rent_rise` of the changes of all households together, each on the day from which the new rent holds.

    The dose is 1 from 5%, 2 from 10%, 3 from 20%.
    """
    key, millionths, tenure = (whole_numbers(told.column(name)) for name in ("household_key", "millionths", "tenure"))
    day = whole_numbers(told.column("day"))
    uprated, sound = (told.column(name).to_numpy() for name in ("uprated", "sound"))
    usual = _usual(millionths, day, tenure, uprated)
    social = np.isin(tenure, range(len(SOCIAL)))
    risen = sound & (millionths > np.fmax(LEAST, usual + BEYOND)) & ~(uprated & social & np.isnan(usual))
    key, day, millionths = key[risen], day[risen], millionths[risen]
    order = np.lexsort((-millionths, day, key))
    key, day, millionths = key[order], day[order], millionths[order]
    alone = apart(key, day, SAME_RISE)
    return events_of(key[alone], "rent_rise", day[alone], basis="effective", dose=dosed(millionths[alone], STEPS))


def _rents(grid: Grid, tables: Mapping[str, pa.Table]) -> _Rents:
    """Every rent that claims and the council's accounts tell, by source."""
    held = [
        "household_key",
        "start_date",
        "end_date",
        "source",
        "status",
        "tenure",
        "rent",
        "eligible_rent",
        "bedrooms",
    ]
    period, account = tables["household_period"].select(held), tables["rent_account"]
    period = period.filter(pa.array(~equals(period.column("status"), "ended")))
    nothing = np.full(account.num_rows, UNKNOWN, np.int64)
    sources = whole_numbers(
        pc.index_in(period.column("source"), value_set=pa.array(["shbe", "cts", "academy", "mapped"])), 4
    )
    terms = pc.binary_join_element_wise(
        pc.fill_null(account.column("rent_period"), "week"),
        pc.fill_null(account.column("charged_weeks").cast(pa.string()), "52"),
        "|",
    )
    coded = terms.combine_chunks().dictionary_encode().indices if account.num_rows else pa.array([], pa.int64())
    columns = {
        name: np.concatenate([whole_numbers(table.column(column), missing) for table, column, missing in pairs])
        for name, pairs in {
            "key": ((period, "household_key", -1), (account, "household_key", -1)),
            "start": ((period, "start_date", -OPEN), (account, "start_date", -OPEN)),
            "end": ((period, "end_date", OPEN), (account, "end_date", OPEN)),
            "rent": ((period, "rent", UNKNOWN), (account, "rent", UNKNOWN)),
            "bedrooms": ((period, "bedrooms", UNKNOWN), (account, "bedrooms", UNKNOWN)),
        }.items()
    }
    tenure = [
        whole_numbers(pc.index_in(t.column("tenure"), value_set=pa.array(TENURES)), -1) for t in (period, account)
    ]
    told = _Rents(
        grid.row_of(columns["key"]),
        columns["key"],
        columns["start"],
        columns["end"],
        columns["rent"],
        np.r_[whole_numbers(period.column("eligible_rent")), nothing],
        np.concatenate(tenure),
        np.r_[sources, 10 + whole_numbers(account.column("tenancy_no"), 0)],
        np.r_[np.full(period.num_rows, -1), whole_numbers(coded)],
        columns["bedrooms"],
    )
    kept = np.flatnonzero((told.row >= 0) & (told.rent > 0))
    order = kept[np.lexsort((told.rent[kept], told.end[kept], told.start[kept], told.series[kept], told.key[kept]))]
    return _Rents(*(getattr(told, name)[order] for name in told.__slots__))


def _beside(rents: _Rents) -> Flags:
    """Which rents follow the one before them in the same series, told in the same terms."""
    beside = np.zeros(len(rents.row), bool)
    beside[1:] = (
        (rents.key[1:] == rents.key[:-1])
        & (rents.series[1:] == rents.series[:-1])
        & (rents.terms[1:] == rents.terms[:-1])
        & (rents.tenure[1:] == rents.tenure[:-1])
        & (rents.bedrooms[1:] == rents.bedrooms[:-1])
        & (rents.start[1:] > rents.start[:-1])
        & (rents.start[1:] - rents.end[:-1] <= NEXT)
    )
    return beside


def _usual(millionths: Whole, day: Whole, tenure: Whole, uprated: Flags) -> Numbers:
    """The uprating, in millionths, of the tenure in the year of each change of those days; NaN for others and where too few tell it."""
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    usual = np.full(len(millionths), np.nan)
    plausible = uprated & (np.abs(millionths) < IMPLAUSIBLE)
    for one in np.unique(tenure):
        for when in np.unique(year[uprated]):
            of = (tenure == one) & (year == when)
            told = millionths[of & plausible]
            if len(told) >= ENOUGH:
                # Only what is told in its own days is held up to it: in other months the uprating is no measure.
                usual[of & uprated] = np.median(told)
    return usual


def _other_period(ratio: Numbers) -> Flags:
    """Whether a change is exactly that of one period to another."""
    found = np.zeros(len(ratio), bool)
    for longer in PERIODS:
        for shorter in PERIODS:
            if longer > shorter:
                found |= np.abs(ratio / (longer / shorter) - 1) <= EXACTLY
    return found


def _charge_alone(rents: _Rents, before: Whole, after: Whole, tenure: Whole) -> Flags:
    """Whether the eligible rent of a social tenant rose by less than half of what the rent did: a charge that no benefit pays."""
    first, second = rents.eligible[before], rents.eligible[after]
    rose = rents.rent[after] - rents.rent[before]
    social = np.isin(tenure, range(len(SOCIAL)))
    return social & (first > 0) & (second > 0) & (2 * (second - first) < rose)


def _put_back(rents: _Rents, before: Whole) -> Flags:
    """Whether the rent before was a dip of no more than `PUT_BACK` days below one at least as high."""
    earlier = np.maximum(before - 1, 0)
    same = (before > 0) & (rents.key[earlier] == rents.key[before]) & (rents.series[earlier] == rents.series[before])
    short = rents.end[before] - rents.start[before] < PUT_BACK
    following = np.minimum(before + 1, len(rents.rent) - 1)
    return same & short & (rents.rent[earlier] * 1.01 >= rents.rent[following])


def _moved(tables: Mapping[str, pa.Table], key: Whole, day: Whole) -> Flags:
    """Whether the household came to another home, or began a tenancy of the council, about each day."""
    owner, changed = _changes_of_home(tables)
    reach = 2**32
    # Household and day as one number: the first change no earlier than a while before the day is looked at.
    _, place = np.unique(np.r_[key, owner], return_inverse=True)
    marks = np.sort(place[len(key) :] * reach + changed)
    asked = place[: len(key)] * reach + day
    if not len(marks):
        return np.zeros(len(day), bool)
    near = marks[np.minimum(np.searchsorted(marks, asked - MOVED_WITHIN), len(marks) - 1)]
    return (near >= asked - MOVED_WITHIN) & (near <= asked + MOVED_WITHIN)


def _changes_of_home(tables: Mapping[str, pa.Table]) -> tuple[Whole, Whole]:
    """Household key and day of each change of home, and of each beginning of a tenancy."""
    homes, account = tables["household_home"], tables["rent_account"]
    owner = whole_numbers(homes.column("household_key"), -1)
    number, start = whole_numbers(homes.column("home_no"), -1), whole_numbers(homes.column("start_date"), -OPEN)
    order = np.lexsort((number, start, owner))
    owner, number, start = owner[order], number[order], start[order]
    changed = np.zeros(len(owner), bool)
    changed[1:] = (owner[1:] == owner[:-1]) & (number[1:] != number[:-1])
    began = whole_numbers(account.column("tenancy_start"), -OPEN)
    return np.r_[owner[changed], whole_numbers(account.column("household_key"), -1)], np.r_[start[changed], began]

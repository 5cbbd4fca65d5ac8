"""Work: whether anybody of the couple works, whether somebody looks for work, and the loss of all earnings.

*Workless*: neither claimant nor partner has earnings or hours. Universal Credit's own earnings are taken first, for employers report them;
then what claims say, as long as it may be trusted (`income.TRUSTED_DAYS`), for a figure stands in a claim until it is assessed anew. A
passported claim holds neither earnings nor hours: there the benefit that passports it decides. Income support, a jobseeker's and a sickness
benefit end at sixteen hours of work, so such a household is workless by their rule; pension credit has no such rule, and a code that
nobody can read says nothing: *not seen*.

*Unemployed*: workless, and a jobseeker's benefit is among the income or passports the claim. Sickness and caring are not unemployment. It is
seen only where a Housing Benefit claim is on file, working or not: council tax support alone tells of jobseekers who are passported and of no
others, and Universal Credit's shared files do not say who must look for work. To count either's workers as seen would make unemployment rare.

*Job loss*: the household's earnings fell from something to nothing from one observed month to the next, as one and the same source tells it.
Traps, each with a test by its name: a figure older than it may be trusted; a source that begins to speak, or another that speaks in its
place; a payday that moved (`pay_shift`), and one month of Universal Credit without pay; an earner who left (the couple parted, and work
did not); a month that is not observed; a partner who still earns.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.circumstances import SOURCES
from hearthlink.measures.happened import apart, dosed, happened
from hearthlink.measures.income import TRUSTED_DAYS
from hearthlink.measures.known import Known
from hearthlink.measures.months import OPEN, UNKNOWN, Flags, Whole, flags, whole_numbers

Seen = npt.NDArray[np.int8]
PASSPORTS = ("income_support", "jobseeker", "sickness")
"""Benefits that passport a claim and that sixteen hours of work would end."""
JOBSEEKER = PASSPORTS.index("jobseeker")
LINES = ("shbe", "mapped")
"""Sources that list a jobseeker's benefit of claims that are not passported too."""
LOST_STEPS = (10_000, 20_000)
"""Pence of earnings a week, before, from which the dose of a job loss is 2 and 3."""
APART = 92
"""Days within which a second loss is the first one again: hours that come and go."""


def states(known: Known) -> dict[str, Seen]:
    """workless and unemployed: 1, 0, and -1 where not seen."""
    works, idle = _said_by_claims(known)
    passport = known.claims.code("passport_benefit", PASSPORTS)
    credit = known.credit.amounts["earnings"]
    works = np.where(credit != UNKNOWN, credit > 0, works)
    idle = np.where(credit != UNKNOWN, credit == 0, idle | (passport >= 0))
    workless = np.where(works, 0, np.where(idle, 1, -1)).astype(np.int8)
    return {"workless": workless, "unemployed": _unemployed(known, workless, passport)}


def _unemployed(known: Known, workless: Seen, passport: Seen) -> Seen:
    seeks = (known.claims.flag("jobseeker_benefit", LINES) == 1) | (passport == JOBSEEKER)
    lines = known.claims.flag("jobseeker_benefit", LINES) >= 0
    asked = np.zeros(workless.shape, bool)
    for source in LINES:
        if source in known.claims.governed:
            asked |= known.claims.governed[source] >= 0
    told = asked & (lines | (passport >= 0)) & (workless >= 0)
    return np.where(told, (workless == 1) & seeks, -1).astype(np.int8)


def _said_by_claims(known: Known) -> tuple[Flags, Flags]:
    """Whether any source's row of the month, not too old, shows earnings or hours; and whether any shows that there are none."""
    period = known.claims.period
    earnings = whole_numbers(period.column("earnings"))
    hours = [
        np.nan_to_num(period.column(name).to_numpy(zero_copy_only=False).astype(np.float64))
        for name in ("claimant_hours", "partner_hours")
    ]
    earns = earnings > 0
    busy = (hours[0] > 0) | (hours[1] > 0)
    works, idle = np.zeros(known.grid.observed.shape, bool), np.zeros(known.grid.observed.shape, bool)
    for _, row, fresh in _rows(known):
        works |= fresh & (earns | busy)[row]
        idle |= fresh & (earnings == 0)[row]
    return works, idle


def _rows(known: Known) -> Iterator[tuple[str, npt.NDArray[np.int32], Flags]]:
    """Each source, its row that holds in each month (0 where none does), and whether one does that may be trusted."""
    start = whole_numbers(known.claims.period.column("start_date"), -OPEN)
    for source in SOURCES:
        governed = known.claims.governed.get(source)
        if governed is not None:
            row = np.maximum(governed, 0)
            yield source, row, (governed >= 0) & (known.grid.ends - start[row] <= TRUSTED_DAYS)


# --- job loss ------------------------------------------------------------------------------------------------


def events(known: Known) -> pa.Table:
    """The events `job_loss`: the day from which the claim, or the assessment period, has no earnings; the dose by what was earned before.

    The first source that speaks of both months is believed: Universal Credit, then claims in order of trust. A passported claim whose benefit
    sixteen hours of work would end has no earnings.
    """
    grid = known.grid
    passport = known.claims.code("passport_benefit", PASSPORTS) >= 0
    settled = np.zeros(grid.observed.shape, bool)
    lost = np.zeros(grid.observed.shape, bool)
    before, day = (np.zeros(grid.observed.shape, np.int64) for _ in range(2))
    for level, since, monthly in _levels(known, passport):
        previous = np.c_[np.full(len(level), UNKNOWN), level[:, :-1]]
        both = (level != UNKNOWN) & (previous != UNKNOWN) & ~settled
        fell = both & (previous > 0) & (level == 0)
        if monthly:
            fell[:, :-1] &= level[:, 1:] <= 0
        before, day, lost = np.where(fell, previous, before), np.where(fell, since, day), lost | fell
        settled |= both
    lost &= grid.observed & ~_parted(known)
    lost[:, 1:] &= grid.observed[:, :-1]
    row, month = np.nonzero(lost)
    told = day[row, month]
    inside = (told >= grid.starts[month]) & (told <= grid.ends[month])
    told = np.where(inside, told, grid.starts[month])
    alone = apart(row, told, APART)
    basis = np.where(inside, "effective", "seen")[alone].tolist()
    dose = dosed(before[row, month], LOST_STEPS)[alone]
    return happened(grid, row[alone], "job_loss", told[alone], basis=basis, dose=dose)


def _levels(known: Known, passport: Flags) -> Iterator[tuple[Whole, Whole, bool]]:
    """Of each source: weekly earnings of each month, `UNKNOWN` where it tells none; the day since when; and whether it is told month by month."""
    yield known.credit.amounts["earnings"], known.credit.since, True
    period = known.claims.period
    earnings, passported = whole_numbers(period.column("earnings")), flags(period.column("passported")) == 1
    start = whole_numbers(period.column("start_date"), -OPEN)
    for _, row, fresh in _rows(known):
        level = np.where(passported[row], np.where(passport, 0, UNKNOWN), earnings[row])
        yield np.where(fresh, level, UNKNOWN), start[row], False


def _parted(known: Known) -> Flags:
    """Months in which, or in the month after which, one of two adults is no longer there: an earner who leaves takes the earnings along."""
    adults = known.people.adults
    fewer = np.zeros(adults.shape, bool)
    fewer[:, 1:] = (adults[:, 1:] >= 0) & (adults[:, 1:] < adults[:, :-1])
    later = np.zeros_like(fewer)
    later[:, :-1] = fewer[:, 1:]
    return fewer | later

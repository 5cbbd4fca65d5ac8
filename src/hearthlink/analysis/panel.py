"""Exposures by household and month: events in the months before, states at a month's end, and whether they could be seen at all.

One calendar mask serves every question: a month of which no file speaks, or that was a shock to everybody, spoils every window it lies in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hearthlink.analysis.cohort import UNSEEN, Cohort, Panel, Small, Whole
from hearthlink.tables.measures import MONTHS, TOLD_BY, Measure

Flags = npt.NDArray[np.bool_]

SPOILT_BY: dict[str, tuple[str, ...]] = {
    "reduction": ("uprated", "uplifted"),
    "cap": ("uprated",),
    "rent_rise": ("uprated",),
    "notice": ("evictions_stayed",),
    "eviction": ("evictions_stayed",),
}
"""The shocks to everybody that spoil a month for a kind of event: its own guard has taken out what fell in it, rightly or not."""

ENDING = frozenset({"claim_end", "gap"})
"""Events after which a household is not observed, of themselves."""

BANDED_STATES = {"shortfall": 1, "precarity": 2, "rooms_short": 1}
"""States that are a band: the least band of which the measure is true."""
DOSED_STATES = frozenset({"shortfall", "rooms_short"})
LASTING_MONTHS, LASTING_SHARE = 12, 0.75


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a measure says of each household before each month, shape (households, 48): band 0 is no, -1 not seen.

    Column t speaks of the months from t - `last` to t - `first`. `began` is the column of the month in which the window begins, less t:
    a household is at risk where it was observed then, whatever the window held. `ending` says that the event may itself end observation.
    """

    measure: str
    window: str
    value: Small
    bands: int
    first: int
    last: int
    ending: bool


def observed_at_start(observed: Flags, last: int) -> Flags:
    """Whether each household was observed when the window before each month began: at the end of that month or of the one before it.

    Trap met: conditioning on survival. To ask that a household be observed to the end of the window would condition on its having
    survived the very cuts that are studied; a claim that ends within it counts to its end.
    """
    within = observed | np.concatenate([observed[:, :1], observed[:, :-1]], axis=1)
    result = np.zeros(observed.shape, bool)
    result[:, last:] = within[:, : MONTHS - last]
    return result


def seen_months(panel: Panel, kinds: tuple[str, ...]) -> Flags:
    """The months in which events of these kinds would all be told of, and that no shock to everybody spoils, shape (48,).

    Traps met: missing monthly files, the April uprating, the Universal Credit uplift and the stay of evictions, by one calendar.
    """
    good = np.ones(MONTHS, bool)
    month = panel.calendar.column("month").to_numpy() - 1
    flags = {name: _by_month(panel, name, month) for name in panel.calendar.column_names if _is_flag(panel, name)}
    for kind in kinds:
        told = np.zeros(MONTHS, bool)
        for name in TOLD_BY.get(kind, ("covered",)):
            told |= flags[name]
        good &= told
        for name in SPOILT_BY.get(kind, ()):
            good &= ~flags[name]
    return good


def _is_flag(panel: Panel, name: str) -> bool:
    return str(panel.calendar.schema.field(name).type) == "bool"


def _by_month(panel: Panel, name: str, month: Whole) -> Flags:
    result = np.zeros(MONTHS, bool)
    values = np.asarray(panel.calendar.column(name).to_pylist(), bool)
    kept = (month >= 0) & (month < MONTHS)
    result[month[kept]] = values[kept]
    return result


def event_bands(panel: Panel, kinds: tuple[str, ...], *, doses: bool) -> tuple[Small, int]:
    """The greatest band of dose of the events of each household in each month, 0 for none; and how many bands there are.

    With no dose, or none asked for, there is one band.
    """
    any_dose = panel.had(kinds).astype(np.int8)
    if not doses:
        return any_dose, 1
    by_dose = [panel.had(kinds, dose=dose) for dose in (1, 2, 3)]
    if not any(one.any() for one in by_dose):
        return any_dose, 1
    band = any_dose.copy()
    for dose, one in enumerate(by_dose, 1):
        band[one] = dose
    return band, 3


def placebo(panel: Panel, band: Small) -> Small:
    """The same events, each household's moved round its own months by a lag that its place gives: an exposure that cannot matter.

    Trap met: a placebo rejects 5% of the time. One such row is a picture and no proof; its distribution is judged over seeds in `prove`.
    """
    observed = panel.observed()
    length = np.maximum(observed.sum(axis=1), 1)
    place = np.cumsum(observed, axis=1) - 1
    lag = 1 + (_scattered(np.arange(panel.size)) % np.maximum(length - 1, 1).astype(np.uint64)).astype(np.int64)
    moved = np.zeros_like(band)
    row, month = np.nonzero(observed & (band > 0))
    target = (place[row, month] + lag[row]) % length[row]
    at = np.full(observed.shape, 0, np.int64)
    rows, months = np.nonzero(observed)
    at[rows, place[rows, months]] = months
    np.maximum.at(moved, (row, at[row, target]), band[row, month])
    return moved


def _scattered(values: Whole) -> npt.NDArray[np.uint64]:
    """Whole numbers scattered as at random, and always alike (the finaliser of splitmix64, Steele, Lea and Flood 2014)."""
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def of_events(panel: Panel, measure: Measure, band: Small, bands: int, months: tuple[int, int]) -> Exposure:
    """Whether, and with what dose, an event fell in the months before each month; -1 where the window could not be seen.

    A window can be seen where the calendar is whole in every month of it and the household was observed when it began. Of events that
    may end observation the second is left to the set (`crossover`), which asks it of the earliest window alone.
    """
    first, last = months
    good = seen_months(panel, measure.columns)
    value = np.full(band.shape, UNSEEN, np.int8)
    for month in range(last, MONTHS):
        window = slice(month - last, month - first + 1)
        if good[window].all():
            value[:, month] = band[:, window].max(axis=1)
    ending = bool(ENDING & set(measure.columns))
    if not ending:
        value[~observed_at_start(panel.observed(), last)] = UNSEEN
    return Exposure(measure.name, f"months_{first}_to_{last}", value, bands, first, last, ending)


def of_states(panel: Panel, measure: Measure) -> Exposure:
    """What state each household was in at the end of the month before each month, -1 where it was not seen.

    Trap met: an empty cell is not seen, which is never no.
    """
    name = measure.columns[0]
    state = panel.state(name)
    least, bands = BANDED_STATES.get(name, 1), int(state.max(initial=1)) if name in DOSED_STATES else 1
    value = np.where(state < 0, UNSEEN, np.where(state >= least, state - least + 1, 0)).astype(np.int8)
    value = np.minimum(value, bands).astype(np.int8)
    before = np.full(value.shape, UNSEEN, np.int8)
    before[:, 1:] = value[:, :-1]
    return Exposure(measure.name, "month_1", before, bands, 1, 1, ending=False)


def of_lasting(panel: Panel, measure: Measure) -> Exposure:
    """Whether a state held in three quarters or more of the twelve months before each month, all of which were seen; -1 where not.

    Trap met: to ask for twelve months seen selects those who stay. Whom they are compared with are asked for as many.
    """
    state = panel.state(measure.columns[0])
    known, held = np.cumsum(state >= 0, axis=1), np.cumsum(state > 0, axis=1)
    value = np.full(state.shape, UNSEEN, np.int8)
    for month in range(LASTING_MONTHS, MONTHS):
        before = month - 1 - LASTING_MONTHS
        seen, had = (one[:, month - 1] - (one[:, before] if before >= 0 else 0) for one in (known, held))
        value[:, month] = np.where(seen < LASTING_MONTHS, UNSEEN, had >= LASTING_SHARE * LASTING_MONTHS)
    return Exposure(measure.name, f"months_1_to_{LASTING_MONTHS}", value, 1, 1, LASTING_MONTHS, ending=False)


def lived(cohort: Cohort) -> Whole:
    """Months each child had lived at its referral, in threes, 24 standing for all beyond; -1 where that is not known.

    Trap met: impossible time. An infant has no twelve months before: what it had not lived through is left out.
    """
    return np.array(
        [-1 if one is None else one for one in cohort.children.column("months_lived").to_pylist()], np.int64
    )


NOT_FIRST = -2


def lived_as_case(cohort: Cohort) -> Whole:
    """The same of the children whose referral is of the month in which their family was first referred in the year; -2 of the others.

    Trap met: what a brother's referral brought about comes before his sister's, a month later. Their family is a case once, at its first.
    """
    first = np.full(int(cohort.family.max(initial=-1)) + 1, MONTHS)
    np.minimum.at(first, cohort.family, cohort.index_month)
    return np.where(cohort.index_month == first[cohort.family], lived(cohort), NOT_FIRST)

"""A practice authority as its research room would have it, straight from memory: true links, or links that are wrong as often as is asked."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.analysis.cohort import Cohort, Panel, cohort
from hearthlink.analysis.panel import event_bands, of_events
from hearthlink.synthetic import Settings
from hearthlink.synthetic.aftermath import suspend_after
from hearthlink.synthetic.choosing import choose
from hearthlink.synthetic.claims import OpenClaim
from hearthlink.synthetic.families import Household
from hearthlink.synthetic.population import begin, claim_families, plan_wards
from hearthlink.synthetic.referrals import Referred, at_home, month_of
from hearthlink.synthetic.streams import stream
from hearthlink.tables.measures import MONTH_CALENDAR, MONTHS, YEAR_FIRST, Measure
from hearthlink.tables.research import CROSSED, RESEARCH_CALENDAR, RESEARCH_EVENT, RESEARCH_STRETCH
from hearthlink.tables.spec import Kind, TableSpec

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.float64]
Columns = dict[str, Any]
"""Columns of a table by name: lists or arrays, as Arrow takes them."""

KINDS = {
    "suspension": "suspension", "job_loss": "job_loss", "rent_rise": "rent_rise", "benefit_cap": "reduction", "arrears": "tax_order",
    "move": "move", "homelessness": "homelessness", "award_end": "claim_end",
}  # fmt: skip
"""What each event of the practice authority is to the research room; a claim that begins is no event there."""

DRAWS = 60
YEAR_START = date(2019, 4, 1)


@dataclass(frozen=True, slots=True)
class Child:
    """A child referred: its family and the household of the family's claims (-1 for none), by place; its day of referral and of birth."""

    family: int
    household: int
    day: date
    born: date


@dataclass(frozen=True, slots=True)
class Lived:
    """What befell everybody. `observed`, `children` and `youngest` have shape (households, 48); `struck` is (place, kind, day).

    `raised` is by how much events raise the hazard of a household's family in each month of the year, shape (households, 12).
    """

    children: tuple[Child, ...]
    observed: Flags
    dependants: Whole
    youngest: Whole
    struck: tuple[tuple[int, str, date], ...]
    raised: Number


@dataclass(frozen=True, slots=True)
class Errors:
    """How often the likeliest household is a stranger's; `worst` times as often in the first of `groups` groups of families."""

    wrong: float = 0.0
    worst: float = 1.0
    groups: int = 5


def lived(settings: Settings) -> Lived:
    """Make the authority without anybody's records. Every month from April 2017 to March 2021 is watched."""
    gc.disable()
    try:
        return _together(settings)
    finally:
        gc.enable()


def month_number(day: date) -> int:
    """The number of a day's month: 25 is the first of the year."""
    return (day.year - YEAR_START.year) * 12 + day.month - YEAR_START.month + YEAR_FIRST


def _ends() -> list[date]:
    firsts = [date(2017 + (3 + month) // 12, (3 + month) % 12 + 1, 1) for month in range(MONTHS + 1)]
    return [one - timedelta(days=1) for one in firsts[1:]]


def _together(settings: Settings) -> Lived:
    homes: list[tuple[Household, list[OpenClaim]]] = []
    referred: list[tuple[Referred, int]] = []
    for plan in plan_wards(settings):
        making = begin(settings, plan)
        claim_families(making)
        chosen = choose(making)
        if settings.world == "aftermath":
            suspend_after(
                stream(settings, plan.number, "aftermath"), [*chosen.year, *chosen.following], making.period.until
            )
        place: dict[int, int] = {}
        for household in making.households:
            claims = [claim for claim in making.open_claims.get(household.number, []) if claim.main_home]
            if claims:
                place[household.number] = len(homes)
                homes.append((household, claims))
        referred += [(one, place.get(one.household.number, -1) if one.claims else -1) for one in chosen.year]
    children = tuple(
        Child(number, home if at_home(one.household, at, day) else -1, day, one.household.children[at].birth_date)
        for number, (one, home) in enumerate(referred)
        for at, day in one.days
        if one.household.children[at].birth_date <= day
    )
    raised = np.array([_raised(household, settings) for household, _ in homes])
    dependants, youngest = _ages([household for household, _ in homes])
    return Lived(children, _observed(homes), dependants, youngest, tuple(_struck(homes)), raised)


def _raised(household: Household, settings: Settings) -> list[float]:
    """By how much events raise a family's hazard in each month of the year, as `referrals.monthly_hazards` has it."""
    start, up = month_of(settings.year_start), exp(settings.event_log_rate_ratio)
    struck = {month_of(e.day) + lag for e in household.events if e.raises for lag in range(settings.event_months + 1)}
    return [up if start + month in struck else 1.0 for month in range(12)]


def _observed(homes: list[tuple[Household, list[OpenClaim]]]) -> Flags:
    result, ends = np.zeros((len(homes), MONTHS), bool), _ends()
    for place, (_, claims) in enumerate(homes):
        for claim in claims:
            low = sum(1 for one in ends if one < claim.start) if claim.start > ends[0] else 0
            high = (
                MONTHS
                if claim.end is None or claim.end >= ends[-1]
                else max(month_number(claim.end + timedelta(days=1)) - 1, 0)
            )
            result[place, low:high] = True
    return result


def _ages(households: list[Household]) -> tuple[Whole, Whole]:
    """Children under 18 born by the end of each month, and the age band of the youngest; -1 where there is none."""
    months = np.arange(1, MONTHS + 1)
    of = np.array([place for place, one in enumerate(households) for _ in one.children], np.int64)
    born = np.array([month_number(child.birth_date) for one in households for child in one.children], np.int64)
    age = months[None, :] - born[:, None]
    there = (age >= 0) & (age < 216)
    count, youngest = np.zeros((len(households), MONTHS), np.int64), np.full((len(households), MONTHS), 9999, np.int64)
    np.add.at(count, of, there)
    np.minimum.at(youngest, of, np.where(there, age, 9999))
    band = np.searchsorted((12, 60, 120, 192), youngest, side="right")
    return np.minimum(count, 5), np.where(youngest == 9999, -1, band)


def _struck(homes: list[tuple[Household, list[OpenClaim]]]) -> Iterator[tuple[int, str, date]]:
    for place, (household, _) in enumerate(homes):
        for event in household.events:
            if event.kind in KINDS and 1 <= month_number(event.day) <= MONTHS:
                yield place, KINDS[event.kind], event.day


# --- the research room -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Linked:
    """What the linkage gives each family: up to two households, -1 for none, the chance of each and of none, and the draws' ranks.

    Shapes (families, 2), (families, 3) and (families, draws). Ranks are 0 and 1 for the households and 2 for none. `group` is 0 where
    links are worst.
    """

    household: Whole
    chance: Number
    ranks: Whole
    group: Whole


def linked(world: Lived, errors: Errors, seed: int) -> Linked:
    """Links whose probabilities are right: of those that say so, as many are wrong as they say. Families are linked together.

    A family that has a household is offered it and a stranger's, or a stranger's first; so many that have none are offered two strangers' that
    none is right as often as its chance says.
    """
    random = np.random.default_rng(seed)
    true = np.full(max(child.family for child in world.children) + 1, -1)
    for child in world.children:
        true[child.family] = max(true[child.family], child.household)
    size = len(true)
    group = random.integers(0, errors.groups, size)
    wrong = np.where(group == 0, errors.wrong * errors.worst, errors.wrong)
    stranger = random.integers(0, len(world.observed), (size, 2))
    second = random.random(size) < wrong / (1 - wrong / 2)
    on_file = true >= 0
    # So many of those on no file have strangers for candidates that none is right in half as many as another is.
    chance_none = wrong / 2
    offered = on_file | (
        random.random(size) < chance_none / (1 - chance_none) * on_file.mean() / max((~on_file).mean(), 1e-9)
    )
    household = np.where(
        on_file[:, None],
        np.where(second[:, None], np.stack([stranger[:, 0], true], 1), np.stack([true, stranger[:, 0]], 1)),
        stranger,
    )
    household[~offered] = -1
    chance = np.stack([1 - wrong - chance_none, wrong, chance_none], axis=1)
    chance[~offered] = (0.0, 0.0, 1.0)
    reached = chance.cumsum(axis=1)[:, None, :]
    # Where nothing is in doubt all draws are alike, and two say as much as any.
    draws = DRAWS if errors.wrong else 2
    ranks = (random.random((size, draws))[:, :, None] >= reached).sum(axis=2).clip(0, 2)
    return Linked(household, chance, ranks, group)


def room(world: Lived, found: Linked, *, group: int | None = None) -> Cohort:
    """The research room of an authority under these links, as arrays; of the children of one group alone where it is asked for."""
    return cohort(tables(world, found, group=group))


def tables(world: Lived, found: Linked, *, group: int | None = None) -> dict[str, pa.Table]:
    """The tables that would cross the wall."""
    children = [one for one in world.children if group is None or found.group[one.family] == group]
    names = [f"h{place:06d}" for place in range(len(world.observed))]
    made: dict[str, Columns] = {
        "research_child": {
            "child_pseudonym": [f"c{place:06d}" for place in range(len(children))],
            "family_pseudonym": [f"f{one.family:06d}" for one in children],
            "counted": [True] * len(children),
            "index_month": [month_number(one.day) for one in children],
            "months_lived": [min((month_of(one.day) - month_of(one.born)) // 3 * 3, 24) for one in children],
        },
        "research_household": {
            "household_pseudonym": list(names),
            "first_month": [0] * len(names),
            "last_month": [0] * len(names),
        },
        "research_calendar": _calendar(),
    }
    made |= _candidates(world, found, children, names) | _months(world, names)
    made["research_event"] = _events(world, names)
    return {spec.name: _filled(spec, made[spec.name]) if spec.name in made else spec.empty() for spec in CROSSED}


def _events(world: Lived, names: list[str]) -> Columns:
    return {
        "household_pseudonym": [names[place] for place, _, _ in world.struck], "kind": [kind for _, kind, _ in world.struck],
        "basis": ["decided"] * len(world.struck), "month": [month_number(day) for _, _, day in world.struck],
    }  # fmt: skip


def _candidates(world: Lived, found: Linked, children: list[Child], names: list[str]) -> dict[str, Columns]:
    by_home: dict[int, list[tuple[str, date]]] = {}
    for place, kind, day in world.struck:
        by_home.setdefault(place, []).append((kind, day))
    rows: list[tuple[str, int, str | None, bool]] = []
    happened: list[tuple[str, int, str, int]] = []
    for number, child in enumerate(children):
        name, offered = f"c{number:06d}", found.household[child.family]
        best = int(found.chance[child.family].argmax())
        for rank in range(3):
            home = int(offered[rank]) if rank < 2 else -1
            rows.append((name, rank, None if home < 0 else names[home], rank == best))
            weeks = ((kind, (day - child.day).days // 7) for kind, day in by_home.get(home, ()))
            happened += [(name, rank, kind, week) for kind, week in weeks if -105 <= week <= 53]
    child_of, rank_of, home_of, is_best = zip(*rows, strict=True)
    struck = list(zip(*happened, strict=True)) or [(), (), (), ()]
    return {
        "research_candidate": {
            "child_pseudonym": list(child_of), "rank": list(rank_of), "household_pseudonym": list(home_of), "best": list(is_best),
        },
        "research_child_event": {
            "child_pseudonym": list(struck[0]), "rank": list(struck[1]), "kind": list(struck[2]), "weeks": list(struck[3]),
        },
        "research_draw": {
            "child_pseudonym": [f"c{place:06d}" for place in range(len(children))],
            "ranks": [found.ranks[one.family].tolist() for one in children],
        },
    }  # fmt: skip


def _months(world: Lived, names: list[str]) -> dict[str, Columns]:
    """Runs of months in which a household is observed with the same children."""
    code = np.where(world.observed, (world.dependants * 8 + world.youngest + 1) + 1, 0)
    edge = np.ones((len(code), MONTHS + 1), bool)
    edge[:, 1:-1] = code[:, 1:] != code[:, :-1]
    row, first = np.nonzero(edge[:, :-1])
    last = np.nonzero(edge[:, 1:])[1]
    kept = code[row, first] > 0
    row, first, last = row[kept], first[kept], last[kept]
    youngest = world.youngest[row, first]
    return {
        "research_stretch": {
            "household_pseudonym": [names[place] for place in row], "first_month": first + 1, "last_month": last + 1,
            "status": ["in_payment"] * len(row), "children": world.dependants[row, first],
            "youngest": [None if one < 0 else one for one in youngest.tolist()],
        }
    }  # fmt: skip


def _calendar() -> Columns:
    months = list(range(1, MONTHS + 1))
    flags = [one.name for one in MONTH_CALENDAR.columns if one.kind is Kind.FLAG]
    return {
        "month": list(months), "season": [(month - 1) // 3 % 4 + 1 for month in months], "year_no": [(month - 1) // 12 + 1 for month in months],
        **{flag: [flag.endswith("covered")] * MONTHS for flag in flags},
    }  # fmt: skip


EMPTY: dict[Kind, object] = {
    Kind.TEXT: "",
    Kind.WHOLE: 0,
    Kind.NUMBER: 0.0,
    Kind.FLAG: False,
    Kind.TEXTS: [],
    Kind.WHOLES: [],
}


def _filled(spec: TableSpec, columns: Columns) -> pa.Table:
    size = len(next(iter(columns.values())))
    made = {
        one.name: pa.array(columns[one.name], spec.schema.field(one.name).type)
        if one.name in columns
        else pa.array([EMPTY[one.kind] if one.required else None] * size, spec.schema.field(one.name).type)
        for one in spec.columns
    }
    return pa.table(made, schema=spec.schema)


# --- what should be found --------------------------------------------------------------------------------------


def truly(world: Lived, measure: Measure, months: tuple[int, int]) -> float:
    """The log odds ratio that an exposure window should show: the hazard, as events truly raise it, averaged over exposed months and over others.

    The lags built into the authority, the month of an event and the two after it, are not those of the analyst's window: what it holds of
    them is what can be found. Every month of the year counts in which the window of a household with claims can be seen.
    """
    panel = _panel(world)
    band, _ = event_bands(panel, measure.columns, doses=False)
    window = of_events(panel, measure, band, 1, months).value[:, YEAR_FIRST - 1 : YEAR_FIRST + 11]
    return float(np.log(world.raised[window > 0].mean() / world.raised[window == 0].mean()))


def _panel(world: Lived) -> Panel:
    """The households in the order in which they were made."""
    names = [f"h{place:06d}" for place in range(len(world.observed))]
    place_of = {name: place for place, name in enumerate(names)}
    stretches = _filled(RESEARCH_STRETCH, _months(world, names)["research_stretch"])
    events = _filled(RESEARCH_EVENT, _events(world, names))
    household, struck = (
        np.array([place_of[name] for name in one.column("household_pseudonym").to_pylist()], np.int64)
        for one in (stretches, events)
    )
    return Panel(len(names), stretches, household, events, struck, _filled(RESEARCH_CALENDAR, _calendar()))


# --- shares ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shares:
    """Children of whom a claim was open at the end of the month before their referral: truly, by each draw, and by the best link.

    `drawn` has shape (children, draws), the others one place for each child, as has `family`.
    """

    true: npt.NDArray[np.int8]
    drawn: npt.NDArray[np.int8]
    best: npt.NDArray[np.int8]
    family: Whole


def shares(world: Lived, found: Linked, *, group: int | None = None) -> Shares:
    """Who was on benefit, in truth and under these links; of one group alone where it is asked for."""
    children = [one for one in world.children if group is None or found.group[one.family] == group]
    family = np.array([one.family for one in children])
    month = np.array([month_number(one.day) - 2 for one in children])
    true = np.array([one.household for one in children])

    def on(home: Whole) -> npt.NDArray[np.int8]:
        at = month if home.ndim == 1 else month[:, None]
        return ((home >= 0) & world.observed[home, at]).astype(np.int8)

    offered = np.concatenate([found.household, np.full((len(found.household), 1), -1)], axis=1)
    drawn = offered[family[:, None], found.ranks[family]]
    return Shares(on(true), on(drawn), on(offered[family, found.chance[family].argmax(axis=1)]), family)

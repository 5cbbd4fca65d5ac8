"""Which families come to children's services in the year, and when: a proportional hazard that events really raise."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from random import Random

from hearthlink.synthetic.awards import AUTUMN
from hearthlink.synthetic.claims import OpenClaim
from hearthlink.synthetic.families import Household
from hearthlink.synthetic.world import Settings

_BASE = {"lone": 1.5, "couple": 0.7, "step": 1.5, "two_homes": 1.2, "grandparent": 1.0, "kinship": 1.6}


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A family with claims, its monthly hazards over the year, the draw that decides it, and which children go with it.

    ``along`` says for each child whether it would be referred with the family; ``offset`` is its delay in days.
    """

    household: Household
    claims: tuple[OpenClaim, ...]
    frailty: float
    hazards: tuple[float, ...]
    threshold: float
    along: tuple[bool, ...]
    offset: tuple[int, ...]
    day_in_month: float

    @property
    def ratio(self) -> float:
        """The baseline hazard at which this family would just be referred by the year's end."""
        return self.threshold / sum(self.hazards)


@dataclass(frozen=True, slots=True)
class Referred:
    """A family referred in the year: each child (by place in the family) with its first referral day."""

    household: Household
    claims: tuple[OpenClaim, ...]
    days: tuple[tuple[int, date], ...]


def month_of(day: date) -> int:
    """A count of months, for differences."""
    return day.year * 12 + day.month


def monthly_hazards(household: Household, settings: Settings, frailty: float) -> tuple[float, ...]:
    """The monthly hazards of a family's referral over the twelve months of the settings' year, up to the common baseline.

    A month is raised by exp(``event_log_rate_ratio``) where any event fell in it or in the ``event_months`` before it.
    """
    start = month_of(settings.year_start)
    raised = exp(settings.event_log_rate_ratio)
    struck = {
        month_of(event.day) + lag
        for event in household.events
        if event.raises
        for lag in range(settings.event_months + 1)
    }
    base = _BASE[household.arrangement] * frailty * household.strain
    seasons = [AUTUMN[(start + month - 1) % 12 + 1] if household.seasonal else 1.0 for month in range(12)]
    return tuple(base * seasons[month] * (raised if start + month in struck else 1.0) for month in range(12))


def at_risk(random: Random, household: Household, claims: tuple[OpenClaim, ...], settings: Settings) -> AtRisk:
    """A family's hazard and its own draws, all made before anyone is chosen."""
    count = len(household.children)
    lead = random.randrange(count)
    together = random.random() < 0.75
    along = tuple(child == lead or (together and random.random() < 0.72) for child in range(count))
    offset = tuple(0 if child == lead or random.random() < 0.8 else random.randrange(1, 60) for child in range(count))
    frailty = random.gammavariate(2.0, 0.5)
    return AtRisk(
        household, claims, frailty, monthly_hazards(household, settings, frailty), random.expovariate(1.0), along, offset,
        random.random(),
    )  # fmt: skip


def referral_day(family: AtRisk, baseline: float, settings: Settings) -> date:
    """The working day on which a family's cumulative hazard reaches its threshold."""
    reached = _month_reached(family.hazards, baseline, family.threshold)
    return _day_in(family, 11 if reached is None else reached, settings)


def _month_reached(hazards: tuple[float, ...], baseline: float, threshold: float) -> int | None:
    """The month in which the cumulative hazard reaches the threshold, or None where it does not."""
    total = 0.0
    for month, hazard in enumerate(hazards):
        total += baseline * hazard
        if total >= threshold:
            return month
    return None


def _day_in(family: AtRisk, month: int, settings: Settings) -> date:
    first = _month_start(settings.year_start, month)
    length = (_month_start(settings.year_start, month + 1) - first).days
    return working_day(first + timedelta(days=int(family.day_in_month * length)), settings)


def _month_start(year_start: date, month: int) -> date:
    place = year_start.month - 1 + month
    return date(year_start.year + place // 12, place % 12 + 1, 1)


def working_day(day: date, settings: Settings) -> date:
    """The day itself, or the Monday after a weekend (Friday before, at the year's end)."""
    if day.weekday() < 5:
        return day
    monday = day + timedelta(days=7 - day.weekday())
    return monday if monday <= settings.year_end else day - timedelta(days=day.weekday() - 4)


def referred_children(
    household: Household, along: tuple[bool, ...], offset: tuple[int, ...], day: date, last: date
) -> tuple[tuple[int, date], ...]:
    """Which children are referred on or after a family's day: those under 18 or within months of birth."""
    days: list[tuple[int, date]] = []
    for place, child in enumerate(household.children):
        if not along[place]:
            continue
        own = day + timedelta(days=offset[place])
        own = own if own <= last and own.weekday() < 5 else day
        age = (own - child.birth_date).days
        if -170 <= age < 6574:
            days.append((place, own))
    return tuple(days)


def _refer(family: AtRisk, baseline: float, settings: Settings) -> Referred:
    day = referral_day(family, baseline, settings)
    days = referred_children(family.household, family.along, family.offset, day, settings.year_end)
    return Referred(family.household, family.claims, days)


def at_home(household: Household, place: int, day: date) -> bool:
    """Whether a child lives with the family, in the area, on a day."""
    if household.moved_away is not None and day >= household.moved_away:
        return False
    return place not in household.away or day < household.away[place][0]


def covered(referred: Referred) -> int:
    """How many born referred children live, on their day, in a household with a claim in payment."""
    return sum(
        1
        for place, day in referred.days
        if referred.household.children[place].birth_date <= day
        and at_home(referred.household, place, day)
        and any(claim.pays_on(day) for claim in referred.claims)
    )


def choose(families: list[AtRisk], target: int, settings: Settings) -> list[Referred]:
    """The families referred when the baseline hazard is just high enough for ``target`` covered children.

    Given the baseline, each family's month follows its own hazard, so the event effect is the stated one.
    """
    ordered = sorted(families, key=lambda family: (family.ratio, family.household.number))

    def chosen(count: int) -> list[Referred]:
        baseline = ordered[count - 1].ratio
        return [_refer(family, baseline, settings) for family in ordered[:count]]

    if target <= 0 or not ordered:
        return []
    count = bisect_left(range(1, len(ordered) + 1), target, key=lambda n: sum(covered(one) for one in chosen(n)))
    picked = [one for one in chosen(min(count + 1, len(ordered))) if one.days]
    return _trimmed(picked, target)


def choose_following(families: list[AtRisk], chosen: list[Referred], settings: Settings) -> list[Referred]:
    """The families first referred in the year that follows: those not chosen whose hazard, at the same baseline, then suffices."""
    numbers = {one.household.number for one in chosen}
    baseline = max((family.ratio for family in families if family.household.number in numbers), default=0.0)
    later = settings.next_year()
    found: list[Referred] = []
    for family in sorted(families, key=lambda one: one.household.number):
        if family.household.number in numbers:
            continue
        hazards = monthly_hazards(family.household, later, family.frailty)
        left = family.threshold - baseline * sum(family.hazards)
        month = _month_reached(hazards, baseline, max(left, 0.0))
        if month is None:
            continue
        day = _day_in(family, month, later)
        days = referred_children(family.household, family.along, family.offset, day, later.year_end)
        if days:
            found.append(Referred(family.household, family.claims, days))
    return found


def _trimmed(picked: list[Referred], target: int) -> list[Referred]:
    """Leave a brother or sister or two at home, so that the count is the one asked."""
    over = sum(covered(one) for one in picked) - target
    for place in range(len(picked) - 1, -1, -1):
        while over > 0 and len(picked[place].days) > 1:
            shorter = Referred(picked[place].household, picked[place].claims, picked[place].days[:-1])
            change = covered(picked[place]) - covered(shorter)
            if change == 0 or change > over:
                break
            picked[place] = shorter
            over -= change
        if over <= 0:
            break
    return picked


def refer_without_claim(random: Random, household: Household, settings: Settings, most: int) -> Referred:
    """A family with no local claim, referred on some day of the year, with at most so many children."""
    family = at_risk(random, household, (), settings)
    day = settings.year_start + timedelta(days=random.randrange(366))
    day = working_day(min(day, settings.year_end), settings)
    days = referred_children(household, family.along, family.offset, day, settings.year_end)
    return Referred(household, (), days[:most])

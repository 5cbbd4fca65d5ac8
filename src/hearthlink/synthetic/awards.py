"""The money side of a claim over the months: awards, and the events that change them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from hearthlink.synthetic.world import Award, AwardStatus, Event

ClaimKind = Literal["both", "ctr", "hb"]

PASSPORTS = ("income support", "income-based jobseeker's allowance", "income-related employment and support allowance")
PENSION_PASSPORT = "guarantee pension credit"
_DAY = timedelta(days=1)

# Weekly pence, 2018-20: personal allowances and child additions were frozen.
_SINGLE, _COUPLE, _CHILD, _FAMILY = 7310, 11485, 6690, 1745
_PENSION_SINGLE, _PENSION_COUPLE = 16700, 25500
_TAPER, _COUNCIL_TAX_TAPER = 0.65, 0.20


@dataclass(slots=True)
class Means:
    """A household's circumstances while its claim runs; money is weekly pence."""

    kind: ClaimKind
    adults: int
    children: int
    pensioner: bool
    social_rent: bool
    rent: int
    allowed_rent: int
    council_tax: int
    passport: str
    universal_credit: bool
    earnings: int
    partner_earnings: int
    self_employed: bool
    hours: int
    partner_hours: int
    disability: int
    tax_credits: int
    capital: int
    non_dependant: int = 0
    size_reduction: int = 0
    cap: int = 0
    discretionary: int = 0
    rent_arrears: int = 0
    tax_arrears: int = 0
    stage: str = ""
    direct: bool = False
    hb_ended: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the money changes, and why."""

    day: date
    kind: str


def make_means(random: Random, kind: ClaimKind, adults: int, children: int, *, pensioner: bool = False) -> Means:
    """The circumstances in which a claim begins."""
    social = random.random() < 0.55
    rent = int(random.gauss(9800, 1500) if social else random.gauss(15500, 3500)) + 900 * min(children, 4)
    rent = max(rent, 6000)
    uc = kind == "ctr" and not pensioner and random.random() < 0.62
    chance = random.random()
    passport = ""
    if pensioner:
        passport = PENSION_PASSPORT if chance < 0.45 else ""
    elif not uc and chance < 0.42:
        passport = random.choice(PASSPORTS)
    working = not passport and not pensioner and random.random() < (0.45 if uc else 0.8)
    earnings = max(int(random.gauss(17500, 6500)), 3000) if working else 0
    second = max(int(random.gauss(15000, 6000)), 3000) if working and adults > 1 and random.random() < 0.25 else 0
    return Means(
        kind, adults, children, pensioner, social, rent, rent if social else int(rent * random.uniform(0.72, 1.0)),
        random.randrange(1700, 3400), passport, uc, earnings, second, working and random.random() < 0.16,
        min(earnings // 850, 48), second // 850, random.choice((5870, 8770, 14500)) if random.random() < 0.15 else 0,
        0 if passport or uc or not children else 2000 + 4500 * min(children, 3), random.choice((0, 0, 0, 0, 50000, 350000)),
    )  # fmt: skip


def _entitlement(means: Means) -> tuple[int, int, int]:
    """Weekly HB before the cap, weekly council tax support, and the cap's reduction."""
    if means.pensioner:
        applicable = _PENSION_SINGLE if means.adults == 1 else _PENSION_COUPLE
        income = 0 if means.passport else int(applicable * 1.06)
    else:
        applicable = (_SINGLE if means.adults == 1 else _COUPLE) + _CHILD * means.children
        applicable += _FAMILY if means.children else 0
        counted = means.earnings * 0.86 + means.partner_earnings * 0.88 + means.tax_credits
        income = 0 if means.passport else max(int(counted) - 2500, 0)
    excess = max(income - applicable, 0)
    liable = means.council_tax if means.pensioner else int(means.council_tax * 0.8)
    support = 0 if means.kind == "hb" else max(int(liable - _COUNCIL_TAX_TAPER * excess), 0)
    benefit = 0
    if means.kind != "ctr" and not means.hb_ended:
        benefit = int(means.allowed_rent - means.size_reduction - means.non_dependant - _TAPER * excess)
    cap = min(means.cap, max(benefit - 50, 0))
    return max(benefit, 0), support, cap


def _award(means: Means, start: date, end: date | None, *, suspended: bool) -> Award:
    benefit, support, cap = _entitlement(means)
    known = not means.passport
    has_rent = means.kind != "ctr"
    live: AwardStatus = "suspended" if suspended else "payment"
    hb: AwardStatus = "none" if not has_rent else "ended" if means.hb_ended else live if benefit - cap >= 50 else "nil"
    ctr: AwardStatus = "none" if means.kind == "hb" else live if support >= 50 else "nil"
    return Award(
        start, end, hb, ctr,
        None if hb in ("none", "ended") else benefit - cap if hb != "nil" else 0,
        None if ctr == "none" else support if ctr != "nil" else 0,
        means.rent if has_rent else None, means.allowed_rent if has_rent else None,
        cap, means.size_reduction, means.non_dependant, means.discretionary,
        means.passport, means.universal_credit,
        7300 + 5300 * means.children + (4200 if means.adults > 1 else 0) if means.universal_credit else None,
        means.earnings if known else None, means.partner_earnings if known and means.adults > 1 else None,
        means.self_employed, means.hours, means.partner_hours,
        means.tax_credits if known and not means.pensioner else None,
        (2070 + 1370 * (means.children - 1) if means.children else 0) if known else None,
        means.disability, (12900 if means.adults == 1 else 20600) if means.pensioner and known else None,
        0 if known else None, means.capital if known else None, means.tax_arrears, means.stage, means.rent_arrears,
        means.direct,
    )  # fmt: skip


def social_rent_factor(day: date) -> float:
    """What social rents rise or fall by at an April uprating: down by a hundredth a year until 2019, then up (Rent Standard 2020)."""
    return 0.99 if day.year < 2020 else 1.027


def uprating_days(first: date, last: date) -> list[date]:
    """The first Monday of each April between two days, when benefits and social rents change."""
    days: list[date] = []
    for year in range(first.year, last.year + 1):
        start = date(year, 4, 1)
        monday = start + timedelta(days=-start.weekday() % 7)
        if first < monday <= last:
            days.append(monday)
    return days


AUTUMN = {9: 1.0, 10: 1.0, 11: 1.0, 12: 0.6, 1: 0.4, 2: 0.3, 3: 0.3, 4: 0.3, 5: 0.3, 6: 0.3, 7: 0.3, 8: 0.6}
"""How much is afoot in each month where there are seasons, against the busiest."""


def draw_changes(
    random: Random, means: Means, first: date, last: date, *, busy: float, seasonal: bool = False
) -> list[Change]:
    """What befalls a claim between two days, besides moves: yearly uprating, and events at their monthly rates.

    ``busy`` multiplies the rates; with ``seasonal`` events come most in autumn.
    """
    days = (last - first).days
    changes = [Change(day, "uprating") for day in uprating_days(first, last)]
    if days < 40:
        return changes
    months = days / 30.4
    rates = (
        ("suspension", 0.0075 * busy),
        ("job_loss", 0.012 * busy if means.earnings else 0.0),
        ("rent_rise", 0.0 if means.social_rent or means.kind == "ctr" else 0.012 * busy),
        ("benefit_cap", 0.003 * busy if means.children >= 2 and means.kind != "ctr" and not means.earnings else 0.0),
        ("arrears", 0.007 * busy),
        ("to_universal_credit", 0.0025 if means.kind == "both" and not means.pensioner else 0.0),
    )
    for kind, rate in rates:
        if random.random() < rate * months:
            day = first + timedelta(days=random.randrange(20, days))
            while seasonal and random.random() > AUTUMN[day.month]:
                day = first + timedelta(days=random.randrange(20, days))
            changes.append(Change(day, kind))
    return sorted(changes, key=lambda change: (change.day, change.kind))


def _apply(random: Random, means: Means, kind: str, day: date) -> None:
    match kind:
        case "uprating":
            means.rent = int(means.rent * (social_rent_factor(day) if means.social_rent else random.uniform(1.0, 1.02)))
            means.allowed_rent = min(means.allowed_rent, means.rent)
            means.council_tax = int(means.council_tax * 1.04)
        case "job_loss":
            means.earnings, means.hours, means.self_employed = means.partner_earnings, means.partner_hours, False
            means.partner_earnings = means.partner_hours = 0
        case "rent_rise":
            means.rent = int(means.rent * random.uniform(1.05, 1.18))
        case "benefit_cap":
            means.cap = random.randrange(1500, 8000)
        case "arrears":
            means.rent_arrears += means.rent * random.randrange(4, 14) if means.kind != "ctr" else 0
            means.tax_arrears += means.council_tax * random.randrange(8, 40)
            means.stage = random.choice(("reminder", "summons", "liability order", "enforcement agent"))
            means.direct = means.kind != "ctr" and random.random() < 0.5
        case "to_universal_credit":
            means.hb_ended, means.universal_credit, means.passport = True, True, ""
        case "couple_parts":
            means.adults, means.partner_earnings, means.partner_hours = 1, 0, 0
        case "move":
            means.rent = int(means.rent * random.uniform(0.85, 1.25))
            means.allowed_rent = int(means.rent * (1.0 if means.social_rent else random.uniform(0.75, 1.0)))
        case _:
            pass


_EVENTS = {"suspension", "job_loss", "rent_rise", "benefit_cap", "arrears"}


def run_awards(
    random: Random, means: Means, start: date, end: date | None, changes: list[Change]
) -> tuple[tuple[Award, ...], list[Event]]:
    """Walk a claim's changes in date order; give its awards, back to back from start to end, and its events."""
    awards: list[Award] = []
    events: list[Event] = []
    since, suspended = start, False
    queue = sorted(changes, key=lambda change: (change.day, change.kind))
    while queue:
        change = queue.pop(0)
        if change.day <= since or (end is not None and change.day > end):
            if change.day > since:
                break
            _apply(random, means, change.kind, change.day)
            continue
        awards.append(_award(means, since, change.day - _DAY, suspended=suspended))
        since = change.day
        if change.kind == "suspension":
            suspended = True
            lifted = Change(change.day + timedelta(days=random.randrange(14, 75)), "resumption")
            queue = sorted([*queue, lifted], key=lambda c: (c.day, c.kind))
        elif change.kind == "resumption":
            suspended = False
        _apply(random, means, change.kind, change.day)
        if change.kind in _EVENTS:
            events.append(Event(change.day, change.kind))  # pyright: ignore[reportArgumentType]
    awards.append(_award(means, since, end, suspended=suspended))
    return tuple(awards), events


def in_payment(awards: tuple[Award, ...], day: date) -> bool:
    """Whether Housing Benefit or council tax support was in payment on a day; a nil or suspended award is not."""
    for award in awards:
        if award.start <= day and (award.end is None or day <= award.end):
            return award.hb_status == "payment" or award.ctr_status == "payment"
    return False


def closed(awards: tuple[Award, ...], end: date) -> tuple[Award, ...]:
    """The awards cut off at an earlier end."""
    kept = [award for award in awards if award.start <= end]
    return (*kept[:-1], replace(kept[-1], end=end)) if kept else ()

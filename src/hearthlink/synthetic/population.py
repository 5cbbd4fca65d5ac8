"""The people of one ward and their claims, before anyone is referred."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from hearthlink.synthetic import claims, families
from hearthlink.synthetic.claims import ClaimNumbers, OpenClaim
from hearthlink.synthetic.families import Household, Period, Registrar
from hearthlink.synthetic.places import Places, make_places
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import Family, Settings, Stay

CHILDREN_IN_WARD = 400
HOUSEHOLDS_IN_WARD = 1600


@dataclass(frozen=True, slots=True)
class WardPlan:
    """How much of the authority one ward holds."""

    number: int
    children: int
    households: int


def plan_wards(settings: Settings) -> tuple[WardPlan, ...]:
    """Share the children and households out among wards, exactly."""
    count = max(1, round(settings.children / CHILDREN_IN_WARD), round(settings.households / HOUSEHOLDS_IN_WARD))
    return tuple(
        WardPlan(n, _part(settings.children, n, count), _part(settings.households, n, count)) for n in range(count)
    )


def _part(total: int, place: int, count: int) -> int:
    return total * (place + 1) // count - total * place // count


def period_of(settings: Settings) -> Period:
    """The days that are lived through: at least the year and two months before it."""
    first = min(settings.month_starts()[0], settings.year_start - timedelta(days=61))
    return Period(first.replace(day=1), settings.year_start, settings.year_end, settings.watched_until)


# --- the people ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Making:
    """A ward half made."""

    plan: WardPlan
    settings: Settings
    period: Period
    places: Places
    registrar: Registrar
    numbers: ClaimNumbers
    households: list[Household]
    open_claims: dict[int, list[OpenClaim]]
    childless: list[OpenClaim]
    childless_families: list[Family]
    own_claims: dict[int, OpenClaim]


def begin(settings: Settings, plan: WardPlan) -> Making:
    """A ward with its places and nobody in it."""
    random = stream(settings, plan.number, "people")
    period = period_of(settings)
    dwellings = int(plan.households * 2.6) + plan.children * 2 + 200
    return Making(
        plan, settings, period, make_places(random, plan.number, dwellings),
        families.make_registrar(random, plan.number), ClaimNumbers((plan.number + 1) * 100_000), [], {}, [], [], {},
    )  # fmt: skip


def claim_families(making: Making) -> None:
    """Families with claims, until there are as many claims with children on them as were asked."""
    random = stream(making.settings, making.plan.number, "claims")
    with_children = 0
    while with_children < making.plan.households:
        household = families.make_family(making.registrar, making.places, making.period, claimed=True)
        household.seasonal = making.settings.world == "seasons"
        if making.settings.world == "confounding":
            household.strain = strain(making.settings, making.plan.number, household.number)
        opened = claims.open_family_claims(random, household, making.period, making.numbers)
        count = sum(any(one.role == "dependant" for one in claim.listings) for claim in opened)
        if not count:
            continue
        _leave_home(random, household, making.period)
        _own_claims(random, making, household)
        with_children += count
        making.households.append(household)
        making.open_claims[household.number] = opened


def strain(settings: Settings, ward: int, family: int) -> float:
    """How hard pressed a family is, where that raises both its events and its referral: 1 on average."""
    return stream(settings, ward, f"strain {family}").gammavariate(1.0, 1.0)


def _leave_home(random: Random, household: Household, period: Period) -> None:
    """A few children are already looked after, and a few young people live alone, before anyone refers them."""
    for place, child in enumerate(household.children):
        age = (period.last - child.birth_date).days / 365.25
        if age > 1.5 and random.random() < 0.008:
            left = period.last - timedelta(days=random.randrange(200, 540))
            household.away[place] = (max(left, child.birth_date), "looked_after")
        elif 16.8 < age < 18.6 and random.random() < 0.06:
            household.away[place] = (period.last - timedelta(days=random.randrange(100, 400)), "own_home")


def _own_claims(random: Random, making: Making, household: Household) -> None:
    """Some young people who live alone claim in their own right, mostly from a hostel."""
    for place, (left, why) in household.away.items():
        if why != "own_home" or random.random() < 0.4:
            continue
        address = random.choice(making.places.hostels) if random.random() < 0.6 else making.places.home(random)
        young = household.children[place]
        claim = claims.open_childless_claim(
            random, [young], Stay(address, left, None), making.period, making.numbers, pensioner=False, start=left
        )
        making.own_claims[young.number] = claim


def childless_claims(making: Making) -> None:
    """Claims of pensioners and of people with no child: a little more than as many as there are with children."""
    random = stream(making.settings, making.plan.number, "childless")
    registrar = Registrar(
        random, making.registrar.next_person, making.registrar.next_family, making.registrar.communities,
        making.registrar.weights,
    )  # fmt: skip
    for _ in range(int(making.plan.households * 1.04) + 2):
        pensioner = random.random() < 0.48
        community = "white_british" if pensioner and random.random() < 0.5 else registrar.community()
        born = making.period.last - timedelta(
            days=random.randrange(24200, 33000) if pensioner else random.randrange(6700, 23500)
        )
        one = families.adult(registrar, community, "F" if random.random() < 0.53 else "M", born)
        adults = [one]
        if random.random() < 0.28:
            near = born + timedelta(days=random.randrange(-1500, 1500))
            adults.append(
                families.adult(
                    registrar,
                    community,
                    "M" if one.sex == "F" else "F",
                    near,
                    husband=families.full_name(one) if one.sex == "M" else None,
                )
            )
        stay = Stay(making.places.home(random), making.period.first - timedelta(days=random.randrange(30, 6000)), None)
        claim = claims.open_childless_claim(random, adults, stay, making.period, making.numbers, pensioner=pensioner)
        making.childless.append(claim)
        kind = "pensioner" if pensioner else "childless"
        number = registrar.family()
        making.childless_families.append(Family(number, kind, tuple(adults), (), (stay,), (), (claim.number,)))
    making.registrar.next_person, making.registrar.next_family = registrar.next_person, registrar.next_family

"""One ward from beginning to end: people, claims, referrals, records and the truth of the link."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic import care, claims, families, pathways, referrals
from hearthlink.synthetic.care import Desk
from hearthlink.synthetic.claims import ClaimNumbers, OpenClaim
from hearthlink.synthetic.families import Household, Period, Registrar
from hearthlink.synthetic.pathways import Episode, Serial
from hearthlink.synthetic.places import Places, make_places
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.referrals import Referred
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import (
    AbsentReason,
    CareRecord,
    Claim,
    Family,
    LinkTruth,
    RecordedPerson,
    Settings,
    Stay,
    TrueHousehold,
    TruePerson,
    Ward,
)

CHILDREN_IN_WARD = 400
HOUSEHOLDS_IN_WARD = 1600
_UNBORN_SHARE = 0.025
_CARRIED_SHARE = 0.28


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
    return Period(first.replace(day=1), settings.year_start, settings.year_end)


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


def _begin(settings: Settings, plan: WardPlan) -> Making:
    random = stream(settings, plan.number, "people")
    period = period_of(settings)
    dwellings = int(plan.households * 2.6) + plan.children * 2 + 200
    return Making(
        plan, settings, period, make_places(random, plan.number, dwellings),
        families.make_registrar(random, plan.number), ClaimNumbers((plan.number + 1) * 100_000), [], {}, [], [], {},
    )  # fmt: skip


def _claim_families(making: Making) -> None:
    """Families with claims, until there are as many claims with children on them as were asked."""
    random = stream(making.settings, making.plan.number, "claims")
    with_children = 0
    while with_children < making.plan.households:
        household = families.make_family(making.registrar, making.places, making.period, claimed=True)
        opened = claims.open_family_claims(random, household, making.period, making.numbers)
        count = sum(any(one.role == "dependant" for one in claim.listings) for claim in opened)
        if not count:
            continue
        _leave_home(random, household, making.period)
        _own_claims(random, making, household)
        with_children += count
        making.households.append(household)
        making.open_claims[household.number] = opened


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


def _childless(making: Making) -> None:
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


# --- who is referred ----------------------------------------------------------------------------------------


def _choose(making: Making) -> tuple[list[Referred], dict[int, AbsentReason]]:
    """The referred families, claims first by hazard, then families without; with the reason why these have no claim."""
    settings, plan = making.settings, making.plan
    random = stream(settings, plan.number, "referrals")
    risk = [
        referrals.at_risk(random, household, tuple(making.open_claims[household.number]), settings)
        for household in making.households
    ]
    born = plan.children * (1 - _UNBORN_SHARE)
    chosen = referrals.choose(risk, round(settings.share * born), settings)
    reasons: dict[int, AbsentReason] = {}
    chosen = _within(chosen, plan.children)
    left = plan.children - sum(len(one.days) for one in chosen)
    random = stream(settings, plan.number, "others")
    making.registrar.random = random
    while left > 0:
        referred, reason = _without_claim(making, random, left)
        if not referred.days:
            continue
        reasons[referred.household.number] = reason
        making.households.append(referred.household)
        chosen.append(referred)
        left -= len(referred.days)
    return chosen, reasons


def _within(chosen: list[Referred], most: int) -> list[Referred]:
    """The chosen families, less some where a high share asks for more children than there are: first those not covered."""
    over = sum(len(one.days) for one in chosen) - most
    dropped: set[int] = set()
    for one in (*(one for one in reversed(chosen) if not referrals.covered(one)), *reversed(chosen)):
        if over > 0 and one.household.number not in dropped:
            dropped.add(one.household.number)
            over -= len(one.days)
    return [one for one in chosen if one.household.number not in dropped]


def _without_claim(making: Making, random: Random, most: int) -> tuple[Referred, AbsentReason]:
    if random.random() < 0.022:
        day = referrals.working_day(making.settings.year_start + timedelta(days=random.randrange(360)), making.settings)
        community = random.choice(("afghan", "eritrean", "arab", "vietnamese", "somali"))
        address = random.choice(making.places.placements)
        alone = _lone_child(making, random, day, community, address)
        return Referred(alone, (), ((0, day),)), "unaccompanied"
    household = families.make_family(making.registrar, making.places, making.period, claimed=False)
    referred = referrals.refer_without_claim(random, household, making.period, making.settings, most)
    chance = random.random()
    if chance < 0.03:
        stay = household.stays[-1]
        household.stays = [Stay(making.places.out_of_area(random), stay.start, stay.end)]
        return referred, "moved_away"
    return referred, "universal_credit_only" if chance < 0.34 else "no_claim"


def _lone_child(making: Making, random: Random, day: date, community: str, address: families.Address) -> Household:
    registrar = making.registrar
    return care.lone_child(random, registrar.person(), registrar.family(), day, community, address)


# --- records and truth ----------------------------------------------------------------------------------------


def _care(
    making: Making, chosen: list[Referred], reasons: dict[int, AbsentReason]
) -> tuple[list[tuple[Household, int, date, CareRecord, list[OpenClaim]]], list[CareRecord]]:
    """Records of the children referred in the year, and of those whose open episodes began earlier."""
    settings, ward = making.settings, making.plan.number
    desk = Desk(
        ward, Office("care", settings, stream(settings, ward, "care errors")), stream(settings, ward, "care"),
        making.places, making.period, Serial(f"{ward + 1:04d}"),
    )  # fmt: skip
    referred: list[tuple[Household, int, date, CareRecord, list[OpenClaim]]] = []
    for one in chosen:
        story = pathways.draw_story(desk.random)
        alone = reasons.get(one.household.number) == "unaccompanied"
        for place, day in one.days:
            child = one.household.children[place]
            if alone:
                postcode = one.household.stays[0].address.postcode
                told = [
                    pathways.unaccompanied(
                        desk.random, desk.serial, day, making.period.last, child.birth_date, postcode
                    )
                ]
            else:
                told = care.year_episodes(desk, story, child, day)
            record = care.care_record(desk, one.household, place, day, told, alone=alone)
            referred.append((one.household, place, day, record, list(one.claims)))
    busy = {one.household.number for one in chosen}
    return referred, _carried(making, desk, busy)


def _carried(making: Making, desk: Desk, busy: set[int]) -> list[CareRecord]:
    """Children in the census who were not referred in its year: their episodes were opened before."""
    wanted = int(making.plan.children * _CARRIED_SHARE)
    records: list[CareRecord] = []
    pool = [household for household in making.households if household.number not in busy]
    desk.random.shuffle(pool)
    making.registrar.random = desk.random
    tried = 0
    while len(records) < wanted and tried < wanted * 8:
        tried += 1
        if pool and desk.random.random() < 0.5:
            household = pool.pop()
        else:
            household = families.make_family(making.registrar, making.places, making.period, claimed=False)
            making.households.append(household)
        story = pathways.draw_story(desk.random, serious=True)
        for place, child in enumerate(household.children):
            if child.unborn or (making.period.last - child.birth_date).days > 6570 or desk.random.random() < 0.3:
                continue
            episode = care.carried_episode(desk, story, child)
            if episode is not None and len(records) < wanted:
                day = episode.referral.day
                records.append(care.care_record(desk, household, place, day, [episode]))
                _note_care(household, place, [episode])
    return records


def _note_care(household: Household, place: int, told: list[Episode]) -> None:
    for episode in told:
        for spell in episode.looked_after:
            household.away.setdefault(place, (spell.start, "looked_after"))


def _exits(making: Making, referred: list[tuple[Household, int, date, CareRecord, list[OpenClaim]]]) -> dict[int, date]:
    """The day on which the benefits office takes a child who has left home off the claim: some weeks after."""
    random = stream(making.settings, making.plan.number, "exits")
    exits: dict[int, date] = {}
    for household, place, _, record, _ in referred:
        for spell in record.looked_after:
            exits[household.children[place].number] = spell.start
    for household in making.households:
        for place, (left, _) in household.away.items():
            exits[household.children[place].number] = left
    return {number: day + timedelta(days=random.randrange(3, 60)) for number, day in exits.items()}


def _truth(
    making: Making,
    referred: tuple[Household, int, date, CareRecord, list[OpenClaim]],
    recorded: dict[int, Claim],
    reasons: dict[int, AbsentReason],
) -> LinkTruth:
    household, place, day, record, opened = referred
    child = household.children[place]
    born = child.birth_date <= day
    homes: tuple[TrueHousehold, ...] = ()
    absent = reasons.get(household.number)
    if absent is None:
        absent = _absence(household, place, day)
    if absent is None:
        homes = tuple(
            _true_household(claim, recorded[claim.number], child, day) for claim in opened if claim.runs_on(day)
        )
        absent = None if homes else "no_claim"
    own = making.own_claims.get(child.number)
    if absent == "own_home" and own is not None and own.runs_on(day):
        homes, absent = (_true_household(own, recorded[own.number], child, day),), None
    if not born:
        absent = "unborn" if not homes else None
    return LinkTruth(
        child.number, record.person_id, record.legacy_id, day, born, homes, absent,
        any(home.in_payment for home in homes), any(home.in_payment and home.main_home for home in homes),
        child.community, record.person.errors,
    )  # fmt: skip


def _absence(household: Household, place: int, day: date) -> AbsentReason | None:
    if household.moved_away is not None and day >= household.moved_away:
        return "moved_away"
    if place in household.away and day >= household.away[place][0]:
        return household.away[place][1]
    return None


def _true_household(opened: OpenClaim, claim: Claim, child: TruePerson, day: date) -> TrueHousehold:
    listed = [
        m
        for m in claim.members
        if m.person.number == child.number and m.start <= day and (m.end is None or day <= m.end)
    ]
    member = listed[0] if listed else None
    return TrueHousehold(
        claim.number, claim.household_reference, member.reference if member else None, member.role if member else None,
        opened.pays_on(day), opened.main_home, member.person.errors if member else (),
    )  # fmt: skip


def _families(making: Making) -> Iterator[Family]:
    for one in making.households:
        born = tuple(child for child in one.children)
        events = tuple(sorted(one.events, key=lambda event: (event.day, event.kind)))
        yield Family(
            one.number, one.arrangement, tuple(one.adults), born, tuple(one.stays), events, tuple(one.claims),
            one.other_parent, one.other_home,
        )  # fmt: skip
    yield from making.childless_families


def make_ward(settings: Settings, plan: WardPlan, *, childless: bool = True) -> Ward:
    """Make one ward. The same settings and plan always give the same ward, whatever else is made beside it."""
    making = _begin(settings, plan)
    _claim_families(making)
    if childless:
        _childless(making)
    chosen, reasons = _choose(making)
    referred, carried = _care(making, chosen, reasons)
    exits = _exits(making, referred)
    office = Office("benefits", settings, stream(settings, plan.number, "benefit errors"))
    random = stream(settings, plan.number, "benefits")
    index: dict[int, RecordedPerson] = {}
    opened = [claim for some in making.open_claims.values() for claim in some]
    opened += [*making.childless, *making.own_claims.values()]
    recorded = {claim.number: claims.record_claim(office, random, claim, exits, index) for claim in opened}
    truths = [_truth(making, one, recorded, reasons) for one in referred]
    records = [record for _, _, _, record, _ in referred] + carried
    stream(settings, plan.number, "order of children").shuffle(records)
    rows = list(recorded.values())
    stream(settings, plan.number, "order of claims").shuffle(rows)
    return Ward(
        plan.number, making.places.small_areas, making.places.postcodes, _addresses(making), tuple(_families(making)),
        tuple(rows), tuple(records), tuple(sorted(truths, key=lambda truth: truth.person_id)),
    )  # fmt: skip


def _addresses(making: Making) -> tuple[families.Address, ...]:
    lived = {
        (stay.address.uprn, stay.address.flat): stay.address
        for one in making.households
        for stay in (*one.stays, *one.other_home)
    }
    lived |= {(s.address.uprn, s.address.flat): s.address for one in making.childless for s in one.stays}
    return tuple(lived[key] for key in sorted(lived))

"""Who is referred in the year, among families with claims and families without, and in the year that follows."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic import care, claims, families, referrals
from hearthlink.synthetic.families import Household
from hearthlink.synthetic.population import Making
from hearthlink.synthetic.referrals import Referred
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import AbsentReason, Address, Settings, Stay

_UNBORN_SHARE = 0.025
LATE_CLAIMS = 0.5
LATE = frozenset({"late_claims", "backdated"})


@dataclass(slots=True)
class Chosen:
    """The referred: in the year, and first in the year that follows it. ``reasons`` says why a family has no claim, by number.

    Both lists have the families with claims first.
    """

    year: list[Referred]
    following: list[Referred]
    reasons: dict[int, AbsentReason]


def choose(making: Making) -> Chosen:
    """The referred families, those with claims by hazard and then those without; the following year's where it is watched."""
    settings, plan = making.settings, making.plan
    random = stream(settings, plan.number, "referrals")
    risk = [
        referrals.at_risk(random, household, tuple(making.open_claims[household.number]), settings)
        for household in making.households
    ]
    born = plan.children * (1 - _UNBORN_SHARE)
    year = _within(referrals.choose(risk, round(settings.share * born), settings), plan.children)
    found = Chosen(year, [], {})
    left = plan.children - sum(len(one.days) for one in year)
    others = stream(settings, plan.number, "others")
    _add_without_claim(making, others, settings, year, found.reasons, left)
    if settings.following:
        found.following = referrals.choose_following(risk, year, settings)
        # As many without a claim to each with one as in the year before, so that the share on benefits is not another one.
        covered = plan.children - left
        left = round(sum(len(one.days) for one in found.following) * left / covered) if covered else 0
        others = stream(settings, plan.number, "others who follow")
        _add_without_claim(making, others, settings.next_year(), found.following, found.reasons, left)
    return found


def _add_without_claim(
    making: Making,
    random: Random,
    settings: Settings,
    chosen: list[Referred],
    reasons: dict[int, AbsentReason],
    left: int,
) -> None:
    """Add families with no local claim that are referred in the settings' year, until there are so many children more."""
    making.registrar.random = random
    while left > 0:
        referred, reason = _without_claim(making, random, settings, left)
        if not referred.days:
            continue
        making.households.append(referred.household)
        left -= len(referred.days)
        if settings.world in LATE and reason == "no_claim" and random.random() < LATE_CLAIMS:
            referred = _claim_late(making, random, referred, backdated=settings.world == "backdated")
        if not referred.claims:
            reasons[referred.household.number] = reason
        chosen.append(referred)


def _claim_late(making: Making, random: Random, referred: Referred, *, backdated: bool) -> Referred:
    """A family without a claim claims within a month of its referral, and that raises nothing.

    The claim begins after the referral, or, ``backdated``, before it, though nobody received it until after.
    """
    household = referred.household
    day = min(day for _, day in referred.days)
    after = day + timedelta(days=random.randrange(1, 30))
    start = day - timedelta(days=random.randrange(5, 40)) if backdated else after
    if household.moved_away is not None or after + timedelta(days=30) > making.period.until:
        return referred
    claim = claims.open_late_claim(random, household, making.period, making.numbers, start)
    making.open_claims[household.number] = [claim]
    household.events = [replace(event, raises=False) for event in household.events]
    if not backdated:
        return referred
    claim.received = after
    return replace(referred, claims=(claim,))


def _within(chosen: list[Referred], most: int) -> list[Referred]:
    """The chosen families, less some where a high share asks for more children than there are: first those not covered."""
    over = sum(len(one.days) for one in chosen) - most
    dropped: set[int] = set()
    for one in (*(one for one in reversed(chosen) if not referrals.covered(one)), *reversed(chosen)):
        if over > 0 and one.household.number not in dropped:
            dropped.add(one.household.number)
            over -= len(one.days)
    return [one for one in chosen if one.household.number not in dropped]


def _without_claim(making: Making, random: Random, settings: Settings, most: int) -> tuple[Referred, AbsentReason]:
    if random.random() < 0.022:
        day = referrals.working_day(settings.year_start + timedelta(days=random.randrange(360)), settings)
        community = random.choice(("afghan", "eritrean", "arab", "vietnamese", "somali"))
        address = random.choice(making.places.placements)
        alone = _lone_child(making, random, day, community, address)
        return Referred(alone, (), ((0, day),)), "unaccompanied"
    household = families.make_family(making.registrar, making.places, making.period, claimed=False)
    referred = referrals.refer_without_claim(random, household, settings, most)
    chance = random.random()
    if chance < 0.03:
        stay = household.stays[-1]
        household.stays = [Stay(making.places.out_of_area(random), stay.start, stay.end)]
        return referred, "moved_away"
    return referred, "universal_credit_only" if chance < 0.34 else "no_claim"


def _lone_child(making: Making, random: Random, day: date, community: str, address: Address) -> Household:
    registrar = making.registrar
    return care.lone_child(random, registrar.person(), registrar.family(), day, community, address)

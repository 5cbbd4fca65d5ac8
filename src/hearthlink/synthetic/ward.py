"""One ward from beginning to end: people, claims, referrals, records and the truth of the link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hearthlink.synthetic import care, families, pathways
from hearthlink.synthetic.aftermath import suspend_after
from hearthlink.synthetic.care import Desk
from hearthlink.synthetic.choosing import Chosen, choose
from hearthlink.synthetic.circumstances import Circumstances
from hearthlink.synthetic.claim_records import record_claim
from hearthlink.synthetic.claims import OpenClaim
from hearthlink.synthetic.families import Household
from hearthlink.synthetic.money.lives import live, live_without_claim
from hearthlink.synthetic.pathways import Episode, Serial
from hearthlink.synthetic.population import Making, WardPlan, begin, childless_claims, claim_families, plan_wards
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.referrals import Referred
from hearthlink.synthetic.revision import revised
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import (
    AbsentReason,
    CareRecord,
    Claim,
    Family,
    LinkTruth,
    RecordedPerson,
    Settings,
    TrueHousehold,
    TruePerson,
    Ward,
)

__all__ = ["WardPlan", "make_ward", "plan_wards"]

_CARRIED_SHARE = 0.28

# --- records and truth ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A referred child: its family, its place in it, the day of its first referral, its record, and the family's claims."""

    household: Household
    place: int
    day: date
    record: CareRecord
    claims: tuple[OpenClaim, ...]


def _care(making: Making, chosen: Chosen) -> tuple[list[Told], list[Told], list[CareRecord]]:
    """Records of the children referred in the year, of those first referred in the next, and of those with older episodes."""
    settings, ward = making.settings, making.plan.number
    desk = Desk(
        ward, Office("care", settings, stream(settings, ward, "care errors")), stream(settings, ward, "care"),
        making.places, making.period, Serial(f"{ward + 1:04d}"),
    )  # fmt: skip
    year = [told for one in chosen.year for told in _told(making, desk, one, chosen.reasons)]
    busy = {one.household.number for one in (*chosen.year, *chosen.following)}
    carried = _carried(making, desk, busy)
    return year, [told for one in chosen.following for told in _told(making, desk, one, chosen.reasons)], carried


def _told(making: Making, desk: Desk, one: Referred, reasons: Mapping[int, AbsentReason]) -> Iterator[Told]:
    """The children of one referred family, each with its record."""
    story = pathways.draw_story(desk.random)
    alone = reasons.get(one.household.number) == "unaccompanied"
    for place, day in one.days:
        child = one.household.children[place]
        if alone:
            postcode, until = one.household.stays[0].address.postcode, making.period.until
            told = [pathways.unaccompanied(desk.random, desk.serial, day, until, child.birth_date, postcode)]
        else:
            told = care.year_episodes(desk, story, child, day)
        record = care.care_record(desk, one.household, place, day, told, alone=alone)
        yield Told(one.household, place, day, record, one.claims)


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


def _exits(making: Making, referred: list[Told]) -> dict[int, date]:
    """The day on which the benefits office takes a child who has left home off the claim: some weeks after."""
    random = stream(making.settings, making.plan.number, "exits")
    exits: dict[int, date] = {}
    for told in referred:
        for spell in told.record.looked_after:
            exits[told.household.children[told.place].number] = spell.start
    for household in making.households:
        for place, (left, _) in household.away.items():
            exits[household.children[place].number] = left
    return {number: day + timedelta(days=random.randrange(3, 60)) for number, day in exits.items()}


def _truth(
    making: Making,
    told: Told,
    recorded: Mapping[int, Claim],
    reasons: Mapping[int, AbsentReason],
) -> LinkTruth:
    household, place, day, record = told.household, told.place, told.day, told.record
    child = household.children[place]
    born = child.birth_date <= day
    homes: tuple[TrueHousehold, ...] = ()
    absent = reasons.get(household.number)
    if absent is None:
        absent = _absence(household, place, day)
    if absent is None:
        homes = tuple(
            _true_household(claim, recorded[claim.number], child, day) for claim in told.claims if claim.runs_on(day)
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


def make_ward(settings: Settings, plan: WardPlan, *, childless: bool = True, circumstances: bool = True) -> Ward:
    """Make one ward. The same settings and plan always give the same ward, whatever else is made beside it.

    Without ``childless`` claims or ``circumstances`` it is made sooner, and is the same in everything else.
    """
    making = begin(settings, plan)
    claim_families(making)
    if childless:
        childless_claims(making)
    chosen = choose(making)
    if settings.world == "aftermath":
        suspend_after(
            stream(settings, plan.number, "aftermath"), [*chosen.year, *chosen.following], making.period.until
        )
    referred, later, carried = _care(making, chosen)
    exits = _exits(making, [*referred, *later])
    office = Office("benefits", settings, stream(settings, plan.number, "benefit errors"))
    random = stream(settings, plan.number, "benefits")
    index: dict[int, RecordedPerson] = {}
    opened = [claim for some in making.open_claims.values() for claim in some]
    opened += [*making.childless, *making.own_claims.values()]
    recorded = {claim.number: record_claim(office, random, claim, exits, index) for claim in opened}
    truths, following = (
        tuple(
            sorted((_truth(making, one, recorded, chosen.reasons) for one in some), key=lambda truth: truth.person_id)
        )
        for some in (referred, later)
    )
    records = [one.record for one in (*referred, *later)] + carried
    stream(settings, plan.number, "order of children").shuffle(records)
    lived: tuple[Circumstances, ...] = ()
    if circumstances:
        lived = live(settings, plan.number, making.period, opened, recorded)
        lived += live_without_claim(settings, plan.number, making.period, making.households, chosen.reasons)
    rows = list(recorded.values())
    stream(settings, plan.number, "order of claims").shuffle(rows)
    made = Ward(
        plan.number, making.places.small_areas, making.places.postcodes, _addresses(making), tuple(_families(making)),
        tuple(rows), tuple(records), truths, following, lived,
    )  # fmt: skip
    return revised(made, settings)


def _addresses(making: Making) -> tuple[families.Address, ...]:
    lived = {
        (stay.address.uprn, stay.address.flat): stay.address
        for one in making.households
        for stay in (*one.stays, *one.other_home)
    }
    lived |= {(s.address.uprn, s.address.flat): s.address for one in making.childless for s in one.stays}
    return tuple(lived[key] for key in sorted(lived))

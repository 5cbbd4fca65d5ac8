"""Children's services' records: who the child is said to be, where, with whom, and what followed each referral."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic import pathways, recording
from hearthlink.synthetic.families import Household, Period
from hearthlink.synthetic.naming import names
from hearthlink.synthetic.naming.communities import BY_NAME
from hearthlink.synthetic.pathways import Episode, Serial, Story
from hearthlink.synthetic.places import Places
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.world import (
    DFE_NUMBER,
    Address,
    CareRecord,
    LookedAfterEpisode,
    RecordedAddress,
    RecordedPerson,
    RelatedAdult,
    Stay,
    TruePerson,
)

_DAY = timedelta(days=1)
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(slots=True)
class Desk:
    """What a ward's children's team works with: its office, its own dice, its serial numbers and the ward's places."""

    ward: int
    office: Office
    random: Random
    places: Places
    period: Period
    serial: Serial
    people: int = 0
    adults: dict[int, tuple[str, RecordedPerson]] = field(default_factory=dict[int, tuple[str, RecordedPerson]])
    parents: dict[tuple[int, str], TruePerson] = field(default_factory=dict[tuple[int, str], TruePerson])
    stale_homes: dict[int, bool] = field(default_factory=dict[int, bool])

    def person_number(self) -> int:
        """The next number of the case system, for children and adults alike."""
        self.people += 1
        return self.ward * 100_000 + self.people


# --- episodes ------------------------------------------------------------------------------------------


def year_episodes(desk: Desk, story: Story, child: TruePerson, day: date) -> list[Episode]:
    """A child's episodes from a first referral day of the year: sometimes one before it, sometimes another after."""
    random, last = desk.random, desk.period.until
    postcode = random.choice(desk.places.placements).postcode
    episodes: list[Episode] = []
    if random.random() < 0.05 and (day - child.birth_date).days > 400:
        earlier = pathways.draw_story(random)
        start = pathways.working_days(desk.period.year - timedelta(days=random.randrange(20, 200)), 0)
        before = pathways.follow(random, desk.serial, earlier, start, day - _DAY, child.birth_date, postcode)
        if (
            before.referral.closed is not None
            and desk.period.year <= before.referral.closed < day
            and not before.referral.no_further_action
        ):
            episodes.append(before)
    episodes.append(pathways.follow(random, desk.serial, story, day, last, child.birth_date, postcode))
    closed = episodes[-1].referral.closed
    room = (last - closed).days if closed is not None else 0
    if closed is not None and room > 30 and random.random() < 0.30 and not child.unborn:
        again = pathways.working_days(closed + timedelta(days=random.randrange(8, room)), 0)
        if again <= last:
            new = pathways.draw_story(random)
            episodes.append(pathways.follow(random, desk.serial, new, again, last, child.birth_date, postcode))
    return episodes


def carried_episode(desk: Desk, story: Story, child: TruePerson) -> Episode | None:
    """An episode opened in an earlier year and still open when the year began; None where it had closed by then."""
    back = int(desk.random.expovariate(1 / 220)) + 5
    start = pathways.working_days(desk.period.year - timedelta(days=back + 3), 0)
    if start >= desk.period.year or (start - child.birth_date).days < 0:
        return None
    postcode = desk.random.choice(desk.places.placements).postcode
    episode = pathways.follow(desk.random, desk.serial, story, start, desk.period.until, child.birth_date, postcode)
    closed = episode.referral.closed
    return None if closed is not None and closed < desk.period.year else episode


# --- adults ----------------------------------------------------------------------------------------------


def _parent(desk: Desk, household: Household, name: names.Name, sex: str) -> TruePerson:
    """A parent who does not live with the child, invented once a family."""
    key = (household.number, name.forename + name.surname)
    if key not in desk.parents:
        eldest = household.children[0].birth_date
        born = eldest - timedelta(days=desk.random.randrange(6600, 12500))
        number = household.number * 1000 + len(desk.parents) % 1000
        ethnicity = BY_NAME[household.community].ethnicity
        desk.parents[key] = TruePerson(
            -number, name.forename, name.middle, name.surname, name.known_as, born, False, "F" if sex == "F" else "M",
            ethnicity, household.community, (),
        )  # fmt: skip
    return desk.parents[key]


def relations(desk: Desk, household: Household, place: int) -> list[tuple[TruePerson, str, bool]]:
    """The adults truly around a child: who, what they are to the child, and whether they live together."""
    father = household.fathers[place]
    found: list[tuple[TruePerson, str, bool]] = []
    mother_here = father_here = False
    for adult in household.adults:
        if household.arrangement == "grandparent":
            relationship = "Grandparent"
        elif household.arrangement == "kinship":
            relationship = "Aunt" if adult.sex == "F" else "Uncle"
        elif adult.sex == "F":
            relationship, mother_here = "Mother", True
        elif household.arrangement != "step" or (father is not None and father.forename == adult.forename):
            relationship, father_here = "Father", True
        else:
            relationship = "Step-parent"
        found.append((adult, relationship, True))
    if household.other_parent is not None:
        other = household.other_parent
        found.append((other, "Mother" if other.sex == "F" else "Father", False))
        mother_here, father_here = True, True
    if not mother_here:
        found.append((_parent(desk, household, household.mother_name, "F"), "Mother", False))
    if not father_here and father is not None:
        found.append((_parent(desk, household, father, "M"), "Father", False))
    return found


_RECORDED = {"Mother": 0.95, "Father": 0.6, "Step-parent": 0.7, "Grandparent": 0.95, "Aunt": 0.95, "Uncle": 0.95}


def _related_adults(desk: Desk, household: Household, place: int, day: date) -> tuple[tuple[RelatedAdult, ...], str]:
    random = desk.random
    adults: list[RelatedAdult] = []
    mother_id = ""
    left = household.partner_leaves
    for person, relationship, here in relations(desk, household, place):
        chance = _RECORDED[relationship] * (1.0 if here else 0.7)
        if person.number not in desk.adults and random.random() < chance:
            recorded = recording.person(desk.office, person, number=person.number)
            desk.adults[person.number] = (str(20_000_000 + desk.person_number()), recorded)
        if person.number not in desk.adults:
            continue
        identifier, recorded = desk.adults[person.number]
        parted = left is not None and left < day and person.sex == "M" and len(household.adults) > 1
        adults.append(RelatedAdult(identifier, relationship, recorded, here and not parted))
        if relationship == "Mother" and random.random() < 0.85:
            mother_id = identifier
    return tuple(adults), mother_id


# --- addresses ---------------------------------------------------------------------------------------------


def _stays_known(desk: Desk, household: Household, day: date, episodes: list[Episode], community: str) -> list[Stay]:
    """The stays the team came to know: the home at referral, or a former one where nobody told it of the move."""
    first = episodes[0].referral.day
    closing = max((e.referral.closed or desk.period.until) for e in episodes)
    stays = [
        stay
        for stay in household.stays
        if stay.start <= closing and (stay.end is None or stay.end >= first - timedelta(days=400))
    ]
    if household.number not in desk.stale_homes:
        desk.stale_homes[household.number] = recording.stale(desk.office, community)
    if desk.stale_homes[household.number] and desk.random.random() < 0.9:
        stays = _out_of_date(desk, stays, day)
    return stays


def _out_of_date(desk: Desk, stays: list[Stay], day: date) -> list[Stay]:
    before = [stay for stay in stays if stay.end is not None and stay.end < day]
    if before:
        return [*before[:-1], Stay(before[-1].address, before[-1].start, None)]
    places = desk.places
    address = desk.random.choice(places.empty) if places.empty else places.out_of_area(desk.random)
    start = min(stays[0].start if stays else day, day) - timedelta(days=desk.random.randrange(200, 900))
    return [Stay(address, start, None)]


def _addresses(
    desk: Desk, household: Household, child: TruePerson, day: date, episodes: list[Episode], *, restricted: bool
) -> tuple[RecordedAddress, ...]:
    stays = _stays_known(desk, household, day, episodes, child.community)
    recorded: list[RecordedAddress] = []
    for place, stay in enumerate(stays):
        start = stay.start
        if place and desk.random.random() < 0.5:
            start += timedelta(days=int(desk.random.expovariate(1 / 20)))
        elif not place and desk.random.random() < 0.4:
            start = min(max(start, day - timedelta(days=desk.random.randrange(400))), day)
        if stay.end is not None and start > stay.end:
            start = stay.end
        recorded.append(
            recording.address(desk.office, stay.address, child.community, max(start, child.birth_date), stay.end)
        )
    for episode in episodes:
        for care in episode.looked_after:
            recorded = _placed(desk, recorded, care.placement_postcode, care.start, child.community)
    if restricted:
        recorded = [_withheld(one) if desk.random.random() < 0.6 else one for one in recorded]
    return tuple(recorded)


def _placed(
    desk: Desk, recorded: list[RecordedAddress], postcode: str, start: date, community: str
) -> list[RecordedAddress]:
    home = next((a for a in desk.places.placements if a.postcode == postcode), desk.places.placements[0])
    kept = [
        RecordedAddress(
            one.flat, one.house_number, one.house_name, one.street, one.town, one.postcode, one.uprn, one.kind,
            one.start, start - _DAY if one.end is None or one.end >= start else one.end, one.errors,
        )
        for one in recorded
        if one.start < start
    ]  # fmt: skip
    return [*kept, recording.address(desk.office, home, community, start, None)]


def _withheld(one: RecordedAddress) -> RecordedAddress:
    return RecordedAddress("", "", "", "", "", "", None, one.kind, one.start, one.end, ("address_withheld",))


# --- numbers -------------------------------------------------------------------------------------------------


def upn(random: Random, born: date) -> str:
    """A unique pupil number of the invented authority, with its right check letter (domain.md 1.9)."""
    digits = f"{DFE_NUMBER}{random.randrange(2000, 4000)}{(born.year + 4) % 100:02d}{random.randrange(1000):03d}"
    return _UPN_LETTERS[sum(int(d) * n for n, d in enumerate(digits, 2)) % 23] + digits


def nhs_number(random: Random) -> str:
    """An NHS number in the 999 range, which is kept for tests, with its check digit."""
    while True:
        digits = f"999{random.randrange(1_000_000):06d}"
        check = 11 - sum(int(d) * n for n, d in zip(range(10, 1, -1), digits, strict=False)) % 11
        if check != 10:
            return digits + str(check % 11)


def _pupil(random: Random, child: TruePerson, day: date, *, alone: bool, nfa: bool) -> tuple[str, str]:
    age = (day - child.birth_date).days / 365.25
    if alone:
        return "", "UN2"
    if age < 4.6:
        return "", "UN1"
    if random.random() < 0.025:
        return "", "UN7" if nfa else "UN5" if random.random() < 0.5 else "UN3"
    return upn(random, child.birth_date), ""


# --- the record ----------------------------------------------------------------------------------------------


def care_record(
    desk: Desk, household: Household, place: int, day: date, episodes: list[Episode], *, alone: bool = False
) -> CareRecord:
    """One child's record, as it stands at the end of the year of ``day``, the first referral that is asked about."""
    random, child = desk.random, household.children[place]
    last = desk.period.last if day <= desk.period.last else desk.period.until
    unborn = child.birth_date > last
    home = next((s.address for s in reversed(household.stays) if s.start <= day), household.stays[0].address)
    restricted = random.random() < (0.4 if home.kind == "refuge" else 0.012)
    person = recording.person(
        desk.office, child, carer_surname=household.adults[0].surname if household.adults else "",
        newborn=(day - child.birth_date).days < 40, unborn=unborn, date_doubtful=alone,
    )  # fmt: skip
    if unborn:
        person = _surname_of_mother(desk, person, household)
    adults, mother_id = ((), "") if alone else _related_adults(desk, household, place, day)
    if unborn and not mother_id:
        mother_id = next((a.identifier for a in adults if a.relationship == "Mother"), "")
    number = desk.person_number()
    nfa = all(e.referral.no_further_action for e in episodes)
    pupil, unknown = ("", "UN1") if unborn else _pupil(random, child, day, alone=alone, nfa=nfa)
    family = f"F{household.number}" if random.random() < 0.5 else ""
    return CareRecord(
        str(10_000_000 + number), f"4{number * 6367 % 999_999_937:09d}", family, person,
        child.birth_date if unborn else None, child.death_date, "birth_date_estimated" in person.errors,
        child.ethnicity, child.disabilities, restricted, alone, pupil,
        upn(random, child.birth_date) if pupil and random.random() < 0.04 else "", unknown,
        "" if unborn or random.random() < 0.25 else nhs_number(random),
        _addresses(desk, household, child, day, episodes, restricted=restricted), adults, mother_id,
        tuple(e.referral for e in episodes), tuple(p for e in episodes for p in e.cin_plans),
        tuple(_care_before(desk, household, place, day)) or tuple(c for e in episodes for c in e.looked_after),
    )  # fmt: skip


def _care_before(desk: Desk, household: Household, place: int, day: date) -> Iterator[LookedAfterEpisode]:
    """The episode, of an earlier referral, of a child who was looked after already when it was referred again."""
    left, why = household.away.get(place, (day, ""))
    if why == "looked_after" and left < day:
        placement = desk.random.choice(desk.places.placements).postcode
        yield LookedAfterEpisode(
            desk.serial.take(), "", left, "S", "N1", desk.random.choice(("C1", "C2", "E1")),
            desk.random.choice(("U1", "U3", "U4", "U6")), placement, None, "",
        )  # fmt: skip


def _surname_of_mother(desk: Desk, person: RecordedPerson, household: Household) -> RecordedPerson:
    forename = desk.random.choice(("Unborn", "Unborn", "Baby", "Unborn Baby"))
    return RecordedPerson(
        person.number, "", forename, "", household.mother_name.surname, "", None, "", "", ("baby_placeholder",)
    )


def lone_child(random: Random, number: int, family: int, day: date, community: str, address: Address) -> Household:
    """A child who came alone: a household of one, housed by the authority."""
    born = day - timedelta(days=random.randrange(5600, 6500))
    father = names.adult_name(random, community, "M", 1975)
    mother = names.adult_name(random, community, "F", 1978)
    name = names.child_name(random, community, "M", born, mother, father, set())
    child = TruePerson(
        number, name.forename, name.middle, name.surname, name.known_as, born, False, "M",
        BY_NAME[community].ethnicity, community, (),
    )  # fmt: skip
    return Household(family, "lone", community, [], [child], mother, [father], [Stay(address, day, None)])

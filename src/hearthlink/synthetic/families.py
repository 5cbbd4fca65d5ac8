"""True families: who the adults and children are, where they live, and what moves them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from hearthlink.synthetic.naming import names
from hearthlink.synthetic.naming.communities import BY_NAME, COMMUNITIES, child_ethnicity
from hearthlink.synthetic.naming.names import Name
from hearthlink.synthetic.places import Places
from hearthlink.synthetic.world import AbsentReason, Address, Arrangement, Event, Sex, Stay, TruePerson

_ARRANGEMENTS: tuple[Arrangement, ...] = ("lone", "couple", "step", "two_homes", "grandparent", "kinship")
_ARRANGEMENT_WEIGHTS = (50, 26, 9, 10, 2.5, 2.5)
_DISABILITIES = ("LD", "AUT", "BEH", "COMM", "MOB", "CON", "HEAR", "VIS", "PC", "INC", "HAND", "DDA")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days the world is watched (``first`` to ``until``), and the first and last day of the census year.

    ``until`` is later than ``last`` where the year that follows is watched too.
    """

    first: date
    year: date
    last: date
    until: date


@dataclass(slots=True)
class Household:
    """A family while it is being made; ``fathers`` is each child's father's name, in step with ``children``.

    ``partner_leaves`` is the day a couple part. ``strain`` multiplies the rates of its events; ``seasonal`` ones come in autumn. ``away`` holds, by place, children who left home before, when and why.
    """

    number: int
    arrangement: Arrangement
    community: str
    adults: list[TruePerson]
    children: list[TruePerson]
    mother_name: Name
    fathers: list[Name | None]
    stays: list[Stay]
    events: list[Event] = field(default_factory=list[Event])
    claims: list[int] = field(default_factory=list[int])
    partner_leaves: date | None = None
    other_parent: TruePerson | None = None
    other_home: tuple[Stay, ...] = ()
    moved_away: date | None = None
    strain: float = 1.0
    seasonal: bool = False
    away: dict[int, tuple[date, AbsentReason]] = field(default_factory=dict[int, tuple[date, AbsentReason]])


@dataclass(slots=True)
class Registrar:
    """Numbers every person of a ward once, and deals communities as the ward mixes them."""

    random: Random
    next_person: int
    next_family: int
    communities: tuple[str, ...]
    weights: tuple[float, ...]

    def person(self) -> int:
        """The next person's number."""
        self.next_person += 1
        return self.next_person

    def family(self) -> int:
        """The next family's number."""
        self.next_family += 1
        return self.next_family

    def community(self) -> str:
        """A community, by the ward's own mix."""
        return self.random.choices(self.communities, cum_weights=self.weights)[0]


def make_registrar(random: Random, ward: int) -> Registrar:
    """A registrar whose ward has its own mix of communities: some streets are mostly one people's."""
    shares = [c.share * random.gammavariate(1.2, 1 / 1.2) for c in COMMUNITIES]
    start = (ward + 1) * 1_000_000
    return Registrar(random, start, start, tuple(c.name for c in COMMUNITIES), tuple(accumulate(shares)))


# --- people -------------------------------------------------------------------------------------------


def adult(registrar: Registrar, community: str, sex: Sex, born: date, *, husband: Name | None = None) -> TruePerson:
    """A grown person with a name of their community and cohort."""
    name = names.adult_name(registrar.random, community, sex, born.year, husband=husband)
    return named(registrar, name, sex, born, community, BY_NAME[community].ethnicity)


def named(registrar: Registrar, name: Name, sex: Sex, born: date, community: str, ethnicity: str) -> TruePerson:
    """A person of a given name."""
    return TruePerson(
        registrar.person(), name.forename, name.middle, name.surname, name.known_as, born, False, sex, ethnicity,
        community, (),
    )  # fmt: skip


def full_name(person: TruePerson) -> Name:
    """A person's name, for those named after them."""
    last = person.surname.split()[-1]
    return Name(person.forename, person.middle_name, person.surname, person.known_as, last)


def _birth_dates(random: Random, period: Period, community: str, most: int) -> list[date]:
    wanted = 1
    mean = BY_NAME[community].children - 1.0
    while wanted < most and random.random() < mean / (1 + mean):
        wanted += 1
    first = period.last - timedelta(days=random.randrange(0, 7000))
    latest = period.last + timedelta(days=190)
    dates: list[date] = [first]
    while len(dates) < wanted:
        twin = random.random() < 0.018
        gap = 0 if twin else 330 + int(random.expovariate(1 / 650))
        if dates[-1] + timedelta(days=gap) > latest:
            break
        dates.append(dates[-1] + timedelta(days=gap))
    if len(dates) == 1 and random.random() < 0.014:
        dates.append(first)
    return dates


def _disabilities(random: Random) -> tuple[str, ...]:
    if random.random() > 0.09:
        return ()
    return tuple(dict.fromkeys(random.choice(_DISABILITIES) for _ in range(1 if random.random() < 0.7 else 2)))


def _children(
    registrar: Registrar, household: Household, dates: list[date], communities: list[str], last: date
) -> None:
    random = registrar.random
    taken = {person.forename for person in household.adults}
    for born, father, other in zip(dates, household.fathers, communities, strict=True):
        sex: Sex = "M" if random.random() < 0.513 else "F"
        ours = household.community
        own = other if father is not None and random.random() < 0.6 else ours
        twin = household.children[-1] if household.children and household.children[-1].birth_date == born else None
        name = names.child_name(
            random, own, sex, born, household.mother_name, father, taken, twin.forename if twin else ""
        )
        taken.add(name.forename)
        if name.forename in ("Muhammad", "Mohammed"):
            taken.add(name.middle)
        stated = random.random()
        ethnicity = child_ethnicity(ours, other) if stated > 0.045 else "NOBT" if stated > 0.008 else "REFU"
        household.children.append(
            TruePerson(
                registrar.person(), name.forename, name.middle, name.surname, name.known_as, born, born > last, sex,
                ethnicity, own, _disabilities(random),
            )
        )  # fmt: skip


# --- families ------------------------------------------------------------------------------------------


def make_family(registrar: Registrar, places: Places, period: Period, *, claimed: bool) -> Household:
    """One family with children, and where it has lived. ``claimed`` families are poorer and move about more."""
    random = registrar.random
    arrangement: Arrangement = random.choices(_ARRANGEMENTS, _ARRANGEMENT_WEIGHTS)[0]
    if not claimed and arrangement == "lone" and random.random() < 0.5:
        arrangement = "couple"
    community = registrar.community()
    dates = _birth_dates(random, period, community, 8)
    age = min(max(random.gauss(25.5, 5.5), 16.2), 40)
    born = dates[0] - timedelta(days=int(age * 365.25))
    household = Household(registrar.family(), arrangement, community, [], [], Name("", "", "", "", ""), [], [])
    fathers = _parents(registrar, household, born, dates)
    _children(registrar, household, dates, fathers, period.last)
    _homes(random, household, places, period, claimed=claimed)
    if household.partner_leaves is None and arrangement in ("couple", "step") and random.random() < 0.05:
        household.partner_leaves = period.first + timedelta(days=random.randrange((period.until - period.first).days))
    return household


def _parents(registrar: Registrar, household: Household, born: date, dates: list[date]) -> list[str]:
    """Fill the adults, the mother's name and each child's father; give each child's father's community."""
    random, ours = registrar.random, household.community
    other = ours if random.random() < 0.87 else registrar.community()
    partner_born = born - timedelta(days=int(random.gauss(900, 1300)))
    father = names.adult_name(random, other, "M", partner_born.year)
    earlier_community = ours if random.random() < 0.8 else registrar.community()
    earlier = names.adult_name(random, earlier_community, "M", born.year)
    married = father if other == ours and random.random() < 0.55 else None
    mother = names.adult_name(random, ours, "F", born.year, husband=married)
    household.mother_name = mother
    match household.arrangement:
        case "lone" | "two_homes":
            _lone(registrar, household, mother, father, other, born, partner_born)
        case "couple" | "step":
            household.adults = [
                named(registrar, mother, "F", born, ours, BY_NAME[ours].ethnicity),
                named(registrar, father, "M", partner_born, other, BY_NAME[other].ethnicity),
            ]
            if random.random() < 0.3:
                household.adults.reverse()
        case "grandparent":
            elder = born - timedelta(days=365 * random.randrange(18, 34))
            household.adults = [_elder(registrar, ours, elder, mother)]
        case _:
            near = born + timedelta(days=365 * random.randrange(-10, 8))
            household.adults = [_elder(registrar, ours, near, mother)]
    return _fatherhood(random, household, dates, (father, other), (earlier, earlier_community))


def _lone(
    registrar: Registrar, household: Household, mother: Name, father: Name, other: str, born: date, partner_born: date
) -> None:
    ours = household.community
    mother_person = named(registrar, mother, "F", born, ours, BY_NAME[ours].ethnicity)
    father_person = named(registrar, father, "M", partner_born, other, BY_NAME[other].ethnicity)
    with_father = registrar.random.random() < (0.08 if household.arrangement == "lone" else 0.2)
    household.adults = [father_person if with_father else mother_person]
    if household.arrangement == "two_homes":
        household.other_parent = mother_person if with_father else father_person


def _elder(registrar: Registrar, community: str, born: date, mother: Name) -> TruePerson:
    sex: Sex = "F" if registrar.random.random() < 0.85 else "M"
    name = names.adult_name(registrar.random, community, sex, born.year)
    if registrar.random.random() < 0.5:
        name = Name(name.forename, name.middle, names.gendered(mother.stem, community, sex), name.known_as, mother.stem)
    return named(registrar, name, sex, born, community, BY_NAME[community].ethnicity)


def _fatherhood(
    random: Random, household: Household, dates: list[date], now: tuple[Name, str], before: tuple[Name, str]
) -> list[str]:
    """Decide each child's father: step-families and many lone mothers have children of two."""
    count = len(dates)
    if household.arrangement == "step":
        changes = random.randrange(1, count + 1)
    elif household.arrangement in ("lone", "kinship", "grandparent") and count > 1 and random.random() < 0.3:
        changes = random.randrange(1, count)
    else:
        changes = 0
    while 0 < changes < count and dates[changes] == dates[changes - 1]:
        changes -= 1
    known = 0.97 if household.arrangement in ("couple", "step", "two_homes") else 0.68
    gives_now, gives_before = random.random() < known, random.random() < 0.7
    household.fathers = [before[0] if gives_before else None] * changes + [now[0] if gives_now else None] * (
        count - changes
    )
    return [before[1]] * changes + [now[1]] * (count - changes)


# --- homes ---------------------------------------------------------------------------------------------


def _homes(random: Random, household: Household, places: Places, period: Period, *, claimed: bool) -> None:
    """Where the family lived over the period: moves, homelessness with temporary rooms, hostels, refuges."""
    start = period.first - timedelta(days=int(random.expovariate(1 / 1500)) + 20)
    here = _first_home(random, places, claimed=claimed)
    day = period.first
    move_rate, homeless_rate, away_rate = (
        (1 / 3000, 1 / 16000, 1 / 30000) if claimed else (1 / 4200, 1 / 60000, 1 / 40000)
    )
    if here.kind in ("hostel", "temporary", "refuge"):
        start = period.first - timedelta(days=random.randrange(0, 200))
        move_rate = 1 / 450
    if household.arrangement == "two_homes":
        other_start = start + timedelta(days=random.randrange(0, 400))
        household.other_home = (Stay(places.home(random, better_off=True), min(other_start, period.first), None),)
    while True:
        day += timedelta(days=1 + int(random.expovariate(move_rate + homeless_rate + away_rate)))
        if day > period.until:
            break
        chance = random.random() * (move_rate + homeless_rate + away_rate)
        household.stays.append(Stay(here, start, day - _DAY))
        places.give_back(random, here)
        start = day
        if chance < away_rate:
            here = places.out_of_area(random)
            household.moved_away = day
            break
        if chance < away_rate + homeless_rate:
            here = places.shared(random)
            household.events.append(Event(day, "homelessness"))
            move_rate = 1 / 300
        else:
            here = places.home(random, better_off=not claimed)
            household.events.append(Event(day, "move"))
            move_rate = 1 / 3000
    household.stays.append(Stay(here, start, None))


def _first_home(random: Random, places: Places, *, claimed: bool) -> Address:
    if claimed and random.random() < 0.055:
        return places.shared(random)
    return places.home(random, better_off=not claimed)

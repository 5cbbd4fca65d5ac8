"""What follows a referral: assessment, enquiry, plans, care; dates that respect the census's own rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from hearthlink.synthetic.world import (
    Assessment,
    CinPlan,
    LookedAfterEpisode,
    ProtectionPlan,
    Referral,
    Section47,
)

Level = Literal["nfa", "assessment", "cin_plan", "section_47", "protection_plan", "looked_after"]

_LEVELS: tuple[Level, ...] = ("nfa", "assessment", "cin_plan", "section_47", "protection_plan", "looked_after")
_LEVEL_WEIGHTS = (0.09, 0.45, 0.20, 0.13, 0.10, 0.03)
_NEEDS = ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9")
_NEED_WEIGHTS = (0.56, 0.08, 0.04, 0.10, 0.16, 0.035, 0.003, 0.002, 0.006)
_SOURCES = (
    "6",
    "2A",
    "3A",
    "3B",
    "3C",
    "3D",
    "3E",
    "3F",
    "1A",
    "1B",
    "1C",
    "1D",
    "2B",
    "4",
    "5A",
    "5B",
    "5C",
    "7",
    "8",
    "9",
    "10",
)
_SOURCE_WEIGHTS = (29, 18, 2.5, 4, 1, 3, 4.5, 2, 5, 1.5, 1, 1.5, 2, 2, 3.5, 7, 3, 3.5, 5, 2, 1)  # fmt: skip
_FAMILY_FACTORS = (
    ("3B", 0.35), ("4B", 0.30), ("2B", 0.17), ("1B", 0.16), ("16A", 0.18), ("17A", 0.21), ("3A", 0.10), ("3C", 0.06),
    ("4C", 0.03), ("1C", 0.02), ("2C", 0.02), ("5B", 0.03), ("6B", 0.05), ("20", 0.06), ("22A", 0.003), ("23A", 0.003),
)  # fmt: skip
_CHILD_FACTORS = (
    ("4A", 0.14), ("18A", 0.13), ("19A", 0.06), ("14A", 0.08), ("15A", 0.04), ("10A", 0.05), ("11A", 0.04), ("13A", 0.03),
    ("2A", 0.04), ("1A", 0.02), ("5A", 0.06), ("6A", 0.05), ("7A", 0.04), ("12A", 0.01),
)  # fmt: skip


@dataclass(slots=True)
class Serial:
    """Numbers the episodes of one ward."""

    prefix: str
    last: int = 0

    def take(self) -> str:
        """The next identifier."""
        self.last += 1
        return f"{self.prefix}{self.last:06d}"


@dataclass(frozen=True, slots=True)
class Story:
    """What brought a family: shared by the children referred together."""

    source: str
    need: str
    level: Level
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """A referral with everything that followed, in the census and beyond it."""

    referral: Referral
    cin_plans: tuple[CinPlan, ...]
    looked_after: tuple[LookedAfterEpisode, ...]


def draw_story(random: Random, *, serious: bool = False) -> Story:
    """Why a family is referred and how far it goes; ``serious`` ones are still open a year later."""
    weights = (0.0, 0.05, 0.40, 0.05, 0.35, 0.15) if serious else _LEVEL_WEIGHTS
    factors = tuple(code for code, chance in _FAMILY_FACTORS if random.random() < chance)
    return Story(
        random.choices(_SOURCES, _SOURCE_WEIGHTS)[0],
        random.choices(_NEEDS, _NEED_WEIGHTS)[0],
        random.choices(_LEVELS, weights)[0],
        factors,
    )


def _child_factors(random: Random, story: Story, age: float) -> tuple[str, ...]:
    codes = list(story.factors)
    if story.need == "N8":
        codes.append("9A")
    codes += [code for code, chance in _CHILD_FACTORS if random.random() < chance * min(age / 10, 1.5)]
    return tuple(codes) or ("21",)


def working_days(start: date, count: int) -> date:
    """The day so many working days later."""
    weeks, rest = divmod(count, 5)
    day = start + timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < 5
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def follow(random: Random, serial: Serial, story: Story, day: date, last: date, born: date, postcode: str) -> Episode:
    """One child's episode from a referral day to ``last``; ``postcode`` is where a placement would be."""
    reference = serial.take()
    if story.level == "nfa":
        return _no_further_action(random, reference, story, day)
    assessment, ended = _assessment(random, serial, story, day, last, born)
    enquiries: tuple[Section47, ...] = ()
    plans: tuple[ProtectionPlan, ...] = ()
    cin: tuple[CinPlan, ...] = ()
    cared: tuple[LookedAfterEpisode, ...] = ()
    close = ended
    if story.level in ("section_47", "protection_plan", "looked_after") and ended is not None:
        enquiries = (_enquiry(random, serial, story, day, last),)
    conference = enquiries[0].conference if enquiries else None
    if story.level in ("protection_plan", "looked_after") and conference is not None:
        plans = (_protection_plan(random, serial, story, conference, last),)
        close = plans[0].end
    elif story.level == "cin_plan" and ended is not None:
        cin = _cin_plan(random, serial, reference, ended, last)
        close = cin[0].end if cin else ended
    if story.level == "looked_after" and plans:
        cared = _care(random, serial, reference, story, plans[0].start, last, postcode)
        close = None if cared and cared[0].ceased is None else close
    if close is not None:
        close = working_days(close, random.randrange(1, 12))
        activity = [d for e in enquiries for d in (e.end, e.conference) if d is not None]
        activity += [e.ceased for e in cared if e.ceased is not None]
        close = max([close, *activity])
    closed = close if close is not None and close <= last else None
    reason = "" if closed is None else "RC8" if story.level == "assessment" else random.choice(("RC7",) * 9 + ("RC5",))
    referral = Referral(
        reference, day, story.source, story.need, False, closed, reason, None, (assessment,), enquiries, plans
    )
    return Episode(referral, cin, cared)


def _no_further_action(random: Random, reference: str, story: Story, day: date) -> Episode:
    need = random.choice((None, "N0", story.need))
    closed = working_days(day, random.randrange(0, 3))
    referral = Referral(reference, day, story.source, need, True, closed, "RC7", None, (), (), ())
    return Episode(referral, (), ())


def _assessment(
    random: Random, serial: Serial, story: Story, day: date, last: date, born: date
) -> tuple[Assessment, date | None]:
    start = working_days(day, random.randrange(0, 3))
    start = min(start, last)
    end: date | None = working_days(start, random.choice((12, 20, 28, 35, 40, 44, 44, 45, 55)))
    if end is not None and end > last:
        end = None
    age = max((day - born).days / 365.25, 0)
    factors = _child_factors(random, story, age) if end is not None else ()
    return Assessment(serial.take(), start, end, factors), end


def _enquiry(random: Random, serial: Serial, story: Story, day: date, last: date) -> Section47:
    start = min(working_days(day, random.randrange(0, 8)), last)
    needed = story.level in ("protection_plan", "looked_after")
    target = working_days(start, 15)
    held: date | None = working_days(start, random.choice((9, 12, 14, 15, 15, 18))) if needed else None
    end: date | None = working_days(start, random.randrange(3, 9))
    end = None if end is not None and end > last else end
    held = None if held is not None and held > last else held
    return Section47(serial.take(), start, end, target if needed else None, held, not needed)


def _protection_plan(random: Random, serial: Serial, story: Story, start: date, last: date) -> ProtectionPlan:
    length = timedelta(days=int(random.gauss(240, 90)) if random.random() < 0.8 else 95)
    end: date | None = start + max(length, timedelta(days=80))
    end = None if end is not None and end > last else end
    reviews: list[date] = []
    review = working_days(start, 60)
    while review <= (end or last):
        reviews.append(review)
        review = working_days(review, 120)
    category = random.choices(("NEG", "EMO", "PHY", "SAB", "MUL"), (50, 36, 8, 4, 2))[0]
    latest = category if random.random() < 0.93 else random.choice(("NEG", "EMO"))
    return ProtectionPlan(
        serial.take(), start, end, category, latest, random.choices((0, 1, 2), (79, 17, 4))[0], tuple(reviews)
    )


def _cin_plan(random: Random, serial: Serial, reference: str, after: date, last: date) -> tuple[CinPlan, ...]:
    start = working_days(after, random.randrange(0, 10))
    if start > last:
        return ()
    end: date | None = start + timedelta(days=random.randrange(40, 320))
    return (CinPlan(serial.take(), reference, start, None if end > last else end),)


def _care(
    random: Random, serial: Serial, reference: str, story: Story, after: date, last: date, postcode: str
) -> tuple[LookedAfterEpisode, ...]:
    start = after + timedelta(days=random.randrange(5, 60))
    if start > last:
        return ()
    ceased: date | None = start + timedelta(days=random.randrange(30, 900))
    ceased = None if ceased > last else ceased
    return (
        LookedAfterEpisode(
            serial.take(), reference, start, "S", story.need, random.choice(("C2", "C1", "V2", "E1")),
            random.choice(("U1", "U3", "U4", "U6", "K2")), postcode, ceased, "E8" if ceased else "",
        ),
    )  # fmt: skip


def unaccompanied(random: Random, serial: Serial, day: date, last: date, born: date, postcode: str) -> Episode:
    """The episode of a child who came alone and is looked after from the start."""
    story = Story("7", "N8", "assessment", ("9A",))
    episode = follow(random, serial, story, day, last, born, postcode)
    care = LookedAfterEpisode(
        serial.take(),
        episode.referral.identifier,
        day,
        "S",
        "N8",
        "V2",
        random.choice(("U6", "H5", "K2")),
        postcode,
        None,
        "",
    )
    first = episode.referral
    open_referral = Referral(
        first.identifier, first.day, first.source, "N8", False, None, "", None, first.assessments, (), ()
    )
    return Episode(open_referral, (), (care,))

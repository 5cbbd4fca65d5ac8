"""How offices get people wrong: each process named, with its rate in each system and where the rate comes from.

Nothing here is shared with the code that undoes errors. Rates are per record that the process can strike at all; they are
multiplied by ``Settings.error_scale`` and, when errors are unequal, by the community's factor. Within one field at most one
process strikes a record, so a rate is what is realised.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import Literal

from hearthlink.synthetic.naming.communities import BY_NAME
from hearthlink.synthetic.naming.names import NICKNAMES, VARIANTS
from hearthlink.synthetic.world import Settings, TruePerson

System = Literal["care", "benefits"]
Field = Literal["forename", "surname", "birth_date", "sex", "address", "postcode", "uprn"]


@dataclass(frozen=True, slots=True)
class ErrorProcess:
    """One way of being wrong: its field, its rate in children's services and in benefits, and the ground for the rate."""

    name: str
    field: Field
    care: float
    benefits: float
    source: str


_NAMES = "domain.md 3.1-3.2; a few per cent of names disagree between public systems (HESID, PMC4550723)"
_DATES = "domain.md 3.1, 3.3; sex and birth date disagree in 0.11% within health, several times that across offices"
_ADDRESS = "domain.md 3.1, 3.5; postcode is the weak field, mostly since people move"

PROCESSES: tuple[ErrorProcess, ...] = (
    ErrorProcess("forename_typing", "forename", 0.006, 0.004, _NAMES),
    ErrorProcess("forename_phonetic", "forename", 0.004, 0.003, _NAMES),
    ErrorProcess("forename_transliteration", "forename", 0.04, 0.022, _NAMES),
    ErrorProcess("forename_nickname", "forename", 0.022, 0.008, _NAMES),
    ErrorProcess("forename_known_as", "forename", 0.05, 0.01, _NAMES),
    ErrorProcess("names_swapped", "forename", 0.002, 0.0015, "domain.md 3.2, order"),
    ErrorProcess("forename_placeholder", "forename", 0.001, 0.0002, "domain.md 3.2, placeholders"),
    ErrorProcess("forename_note", "forename", 0.001, 0.0, "domain.md 3.2, titles and notes inside names"),
    ErrorProcess("forename_with_middle", "forename", 0.008, 0.014, "domain.md 3.2; two names in one field"),
    ErrorProcess("baby_placeholder", "forename", 0.250, 0.030, "domain.md 3.2, unborn and newborn"),
    ErrorProcess("surname_typing", "surname", 0.006, 0.005, _NAMES),
    ErrorProcess("surname_phonetic", "surname", 0.004, 0.003, _NAMES),
    ErrorProcess("surname_transliteration", "surname", 0.03, 0.018, _NAMES),
    ErrorProcess("surname_half_lost", "surname", 0.1, 0.06, "domain.md 3.2, hyphenated or double surname"),
    ErrorProcess("surname_hyphen_lost", "surname", 0.06, 0.1, "domain.md 3.2, hyphenated or double surname"),
    ErrorProcess("surname_of_carer", "surname", 0.012, 0.006, "domain.md 3.2, siblings with different surnames"),
    ErrorProcess("surname_spacing", "surname", 0.06, 0.1, "domain.md 3.2, apostrophes and prefixes"),
    ErrorProcess("birth_date_typing", "birth_date", 0.0015, 0.001, _DATES),
    ErrorProcess("day_month_swap", "birth_date", 0.0025, 0.002, _DATES),
    ErrorProcess("year_slip", "birth_date", 0.0006, 0.0004, _DATES),
    ErrorProcess("day_fifteen", "birth_date", 0.0008, 0.0, "domain.md 1.5, the 15th by rule"),
    ErrorProcess("first_of_january", "birth_date", 0.0, 0.0008, "domain.md 1.5, 3.3, default days"),
    ErrorProcess("first_of_month", "birth_date", 0.0003, 0.0004, "domain.md 3.3, default days"),
    ErrorProcess("birth_date_estimated", "birth_date", 0.001, 0.0, "domain.md 1.8.1, estimated birth dates"),
    ErrorProcess("birth_date_missing", "birth_date", 0.002, 0.0003, "domain.md 3.5; birth date about 99% filled"),
    ErrorProcess("sex_wrong", "sex", 0.0010, 0.0008, _DATES),
    ErrorProcess("sex_missing", "sex", 0.0040, 0.0020, "domain.md 1.7, rule 2886Q: under 2%"),
    ErrorProcess("address_stale", "address", 0.050, 0.050, _ADDRESS + "; in benefits, per move"),
    ErrorProcess("street_typing", "address", 0.015, 0.010, _ADDRESS),
    ErrorProcess("street_abbreviated", "address", 0.150, 0.250, "domain.md 3.5, free-text habits"),
    ErrorProcess("flat_restyled", "address", 0.200, 0.150, "domain.md 3.5, FLAT 2, 10 / 10B"),
    ErrorProcess("postcode_typing", "postcode", 0.006, 0.004, "domain.md 3.5, postcodes"),
    ErrorProcess("postcode_missing", "postcode", 0.020, 0.004, "domain.md 3.5; postcode 95%+ filled"),
    ErrorProcess("uprn_missing", "uprn", 0.300, 0.020, "domain.md 3.5; from nil to nearly all"),
    ErrorProcess("uprn_of_building", "uprn", 0.120, 0.040, "domain.md 3.5, parent against child UPRN"),
)  # fmt: skip

TRUNCATION: dict[System, int] = {"care": 30, "benefits": 32}
PLACEHOLDERS = ("UNKNOWN", "NK", "N/K", "NOT KNOWN", "SSD_PH", "TBC", "-")

_FACTOR = {"forename": "name", "surname": "name", "birth_date": "date", "sex": "date", "address": "address"}


@dataclass(frozen=True, slots=True)
class Rates:
    """The chances of every process in one system for one community, ready to draw from, by field."""

    names: dict[Field, tuple[str, ...]]
    cumulative: dict[Field, tuple[float, ...]]


def rates(settings: Settings, system: System, community: str) -> Rates:
    """The rates that hold for one community in one system under these settings."""
    kind = BY_NAME[community]
    factors = {"name": kind.name_factor, "date": kind.date_factor, "address": kind.address_factor}
    names: dict[Field, list[str]] = {}
    chances: dict[Field, list[float]] = {}
    for process in PROCESSES:
        factor = factors[_FACTOR.get(process.field, "address")] if settings.unequal_errors else 1.0
        names.setdefault(process.field, []).append(process.name)
        chance = (process.care if system == "care" else process.benefits) * settings.error_scale * factor
        chances.setdefault(process.field, []).append(min(chance, 0.9))
    return Rates({f: tuple(n) for f, n in names.items()}, {f: tuple(accumulate(c)) for f, c in chances.items()})


def struck(random: Random, known: Rates, field: Field) -> str:
    """The process that strikes a field of one record, or empty text."""
    chance = random.random()
    cumulative = known.cumulative[field]
    return "" if chance >= cumulative[-1] else known.names[field][bisect(cumulative, chance)]


# --- letters ------------------------------------------------------------------------------------------

_BESIDE = (
    "wa qse wdr etf rgy thu yji uko ilp ol qsz awdx sefc drgv fthb gyjn hukm jil kop asx zsdc xdfv cfgb vghn bhjm njk"
)
_NEIGHBOURS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        _BESIDE.split(),
        strict=True,
    )
)  # fmt: skip
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ie", "y"), ("ey", "y"), ("ee", "ea"), ("ai", "ay"), ("ou", "u"), ("ei", "ie"),
    ("th", "t"), ("kh", "k"), ("gh", "g"), ("sh", "ch"), ("ll", "l"), ("nn", "n"), ("ss", "s"), ("tt", "t"), ("mm", "m"),
    ("w", "v"), ("z", "s"), ("c", "k"), ("q", "k"), ("y", "i"), ("x", "ks"), ("l", "ll"), ("n", "nn"), ("i", "y"),
)  # fmt: skip


def typed_wrong(random: Random, text: str) -> str:
    """One slip of the fingers: a letter dropped, doubled, struck beside, or two exchanged."""
    if len(text) < 3:
        return text
    place = random.randrange(1, len(text))
    kind = random.random()
    letter = text[place]
    if kind < 0.3:
        return text[:place] + text[place + 1 :]
    if kind < 0.45:
        return text[:place] + letter + text[place:]
    if kind < 0.75:
        beside = _NEIGHBOURS.get(letter.lower())
        return text[:place] + (random.choice(beside) if beside else "e") + text[place + 1 :]
    return text[: place - 1] + letter + text[place - 1] + text[place + 1 :]


def heard_wrong(random: Random, text: str) -> str:
    """The name as it may be spelt by someone who heard it; unchanged where no rule applies."""
    start = random.randrange(len(_SOUNDS))
    for step in range(len(_SOUNDS)):
        old, new = _SOUNDS[(start + step) % len(_SOUNDS)]
        place = text.find(old, 1)
        if place > 0:
            return text[:place] + new + text[place + len(old) :]
    return text


def other_spelling(random: Random, text: str) -> str:
    """Another usual spelling of the same name; unchanged where none is known."""
    spellings = VARIANTS.get(text)
    return random.choice(spellings) if spellings else text


# --- birth dates -----------------------------------------------------------------------------------------


def _with(day: date, /, **parts: int) -> date:
    try:
        return day.replace(**parts)
    except ValueError:
        return day.replace(**{**parts, "day": 28})


def _digit_slip(random: Random, day: date) -> date:
    if random.random() < 0.6:
        moved = day.day + random.choice((-10, -3, -2, -1, 1, 2, 3, 10))
        return _with(day, day=min(max(moved, 1), 28))
    return _with(day, month=(day.month + random.choice((-1, 1, 5)) - 1) % 12 + 1)


def _swapped(_: Random, day: date) -> date:
    return day.replace(day=day.month, month=day.day) if day.day <= 12 else day


def _year_slip(random: Random, day: date) -> date:
    return _with(day, year=day.year + random.choice((-10, -1, -1, 1, 1)))


def _estimated(random: Random, day: date) -> date:
    return date(day.year + random.choice((-1, 0, 0, 1)), *random.choice(((1, 1), (7, 1), (day.month, 15))))


BIRTH_DATE_ERRORS: dict[str, Callable[[Random, date], date | None]] = {
    "birth_date_typing": _digit_slip,
    "day_month_swap": _swapped,
    "year_slip": _year_slip,
    "day_fifteen": lambda _, day: day.replace(day=15),
    "first_of_january": lambda _, day: date(day.year, 1, 1),
    "first_of_month": lambda _, day: day.replace(day=1),
    "birth_date_estimated": _estimated,
    "birth_date_missing": lambda _random, _day: None,
}


# --- forenames and surnames --------------------------------------------------------------------------------


def wrong_forename(random: Random, person: TruePerson, process: str, *, newborn: bool) -> str:
    """The forename that a process leaves; the true one where it cannot strike this person."""
    true = person.forename
    match process:
        case "forename_typing":
            return typed_wrong(random, true)
        case "forename_phonetic":
            return heard_wrong(random, true)
        case "forename_transliteration":
            return other_spelling(random, true)
        case "forename_nickname":
            return random.choice(NICKNAMES[true]) if true in NICKNAMES else true
        case "forename_known_as":
            return person.known_as or true
        case "forename_placeholder":
            return random.choice(PLACEHOLDERS)
        case "forename_note":
            return f"{true} (AKA {person.known_as})" if person.known_as else f"{true} *CONFIDENTIAL*"
        case "forename_with_middle":
            return f"{true} {person.middle_name}" if person.middle_name else true
        case "baby_placeholder":
            return random.choice(("Baby", "BABY", "Infant")) if newborn else true
        case _:
            return true


def wrong_surname(random: Random, person: TruePerson, process: str, carer_surname: str) -> str:
    """The surname that a process leaves; the true one where it cannot strike this person."""
    true = person.surname
    double = "-" in true or " " in true
    match process:
        case "surname_typing":
            return typed_wrong(random, true)
        case "surname_phonetic":
            return heard_wrong(random, true)
        case "surname_transliteration":
            return other_spelling(random, true)
        case "surname_half_lost":
            return random.choice(true.replace("-", " ").split()) if double else true
        case "surname_hyphen_lost":
            return true.replace("-", random.choice((" ", "")))
        case "surname_of_carer":
            return carer_surname or true
        case "surname_spacing":
            return true.replace("'", random.choice(("", " ", "’"))).replace("Al-", "Al ").replace("El-", "El")
        case _:
            return true

"""Names by community, sex and birth year, with the customs that make families' names differ.

Customs follow domain.md 3.2 (after the 2006 UK guide to naming practices and common knowledge). Frequencies are a
Zipf-Mandelbrot curve over lists in order of commonness: approximate, and meant to be. About six in ten British surnames
come from a tail of place-like names, which gives the chance agreement of two strangers' surnames its true smallness.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from hearthlink.synthetic.naming import name_lists_british as british
from hearthlink.synthetic.naming import name_lists_world as world
from hearthlink.synthetic.naming.communities import BY_NAME
from hearthlink.synthetic.world import Sex


@dataclass(frozen=True, slots=True)
class Name:
    """A person's full name as it truly is. ``stem`` is the family name before gender or custom changes it."""

    forename: str
    middle: str
    surname: str
    known_as: str
    stem: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Words with cumulative weights."""

    words: tuple[str, ...]
    cumulative: tuple[float, ...]


def _pool(text: str, offset: float, power: float) -> Pool:
    words = tuple(dict.fromkeys(text.split()))
    return Pool(words, tuple(accumulate((place + offset) ** -power for place in range(1, len(words) + 1))))


def draw(random: Random, pool: Pool) -> str:
    """One word, by weight."""
    return pool.words[bisect(pool.cumulative, random.random() * pool.cumulative[-1])]


_COHORTS = tuple(british.BRITISH_BOYS)
_BRITISH = {
    "M": tuple(_pool(text, 12, 0.75) for text in british.BRITISH_BOYS.values()),
    "F": tuple(_pool(text, 12, 0.75) for text in british.BRITISH_GIRLS.values()),
}
_FORENAMES: dict[str, dict[str, Pool]] = {
    "irish": {"M": _pool(british.IRISH_BOYS, 6, 0.8), "F": _pool(british.IRISH_GIRLS, 6, 0.8)},
    "traveller": {"M": _pool(british.IRISH_BOYS, 2, 1.0), "F": _pool(british.IRISH_GIRLS, 2, 1.0)},
    "caribbean": {"M": _pool(british.CARIBBEAN_BOYS, 10, 0.7), "F": _pool(british.CARIBBEAN_GIRLS, 10, 0.7)},
} | {
    community: {"M": _pool(boys, 4, 0.85), "F": _pool(girls, 4, 0.85)}
    for community, (boys, girls, _) in world.LISTS.items()
}
_SURNAMES: dict[str, Pool] = {
    "white_british": _pool(british.BRITISH_SURNAMES, 6, 0.7),
    "irish": _pool(british.IRISH_SURNAMES, 8, 0.7),
    "traveller": _pool(british.TRAVELLER_SURNAMES, 1, 1.0),
    "caribbean": _pool(british.CARIBBEAN_SURNAMES, 5, 0.8),
} | {
    community: _pool(surnames, *((0.2, 1.2) if community == "vietnamese" else (2.5, 0.9)))
    for community, (_, _, surnames) in world.LISTS.items()
}
_TAIL_FIRST = tuple(british.TAIL_FIRST.split())
_TAIL_SECOND = tuple(british.TAIL_SECOND.split())
_CHINESE_GIVEN = tuple(world.CHINESE_GIVEN.split())
_AKAN = {"M": tuple(world.AKAN_BOYS.split()), "F": tuple(world.AKAN_GIRLS.split())}
_SECOND_NAMES = {community: tuple(text.split()) for community, text in world.WOMENS_SECOND_NAMES.items()}

NICKNAMES: dict[str, tuple[str, ...]] = {
    name: tuple(forms.split("/")) for name, forms in (pair.split(":") for pair in british.NICKNAMES.split())
}
for _pair in world.SHORT_FORMS.split():
    _name, _short = _pair.split(":")
    NICKNAMES[_name] = (*NICKNAMES.get(_name, ()), _short)


def _variants() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in world.VARIANT_GROUPS.split():
        spellings = group.split("/")
        for one in spellings:
            found.setdefault(one, {}).update((other, None) for other in spellings if other != one)
    return {one: tuple(others) for one, others in found.items()}


VARIANTS: dict[str, tuple[str, ...]] = _variants()


def forename(random: Random, community: str, sex: Sex, year: int, taken: frozenset[str] | set[str]) -> str:
    """A forename for someone of this community, sex and birth year, none of ``taken``."""
    for _ in range(20):
        if community == "white_british" or (community in ("caribbean", "irish") and random.random() < 0.35):
            name = draw(random, _BRITISH[sex][bisect(_COHORTS, year) - 1])
        else:
            name = draw(random, _FORENAMES[community][sex])
        if name not in taken:
            return name
    return draw(random, _BRITISH[sex][-1])


def stem(random: Random, community: str) -> str:
    """A family name before custom changes it."""
    if community == "white_british" and random.random() < 0.58:
        return random.choice(_TAIL_FIRST) + random.choice(_TAIL_SECOND)
    return draw(random, _SURNAMES[community])


def gendered(word: str, community: str, sex: Sex, *, married: bool = False) -> str:
    """The form of a family name that a man, a woman or a wife bears."""
    if sex == "M" or community not in ("polish", "lithuanian", "sikh"):
        return "Singh" if community == "sikh" and word == "Kaur" else word
    if community == "sikh":
        return "Kaur" if word == "Singh" else word
    if community == "polish":
        return word[:-1] + "a" if word.endswith(("ski", "cki", "dzki")) else word
    root = word[:-2] if word.endswith(("as", "is", "us")) else word
    if married:
        return root + "ienė"
    return root + ("ytė" if word.endswith("is") else "utė" if word.endswith("us") else "aitė")


def known_as(random: Random, first: str, middle: str) -> str:
    """What someone is called day to day, where that is not the forename; else empty."""
    chance = random.random()
    if chance < 0.22 and (short := NICKNAMES.get(first)):
        return random.choice(short)
    return middle if middle and " " not in middle and chance > 0.97 else ""


def adult_name(random: Random, community: str, sex: Sex, year: int, *, husband: Name | None = None) -> Name:
    """An adult's name; a wife may bear her husband's family name where that is the custom."""
    custom = BY_NAME[community].custom
    first = forename(random, community, sex, year, frozenset())
    own = stem(random, community)
    if husband is not None and custom not in (
        "somali",
        "father_name",
        "bangladeshi",
        "portuguese",
        "chinese",
        "vietnamese",
    ):
        own = husband.stem if random.random() < 0.8 else own
    surname = gendered(own, community, sex, married=husband is not None)
    middle = _middle(random, community, sex, year, first)
    if (
        sex == "F"
        and custom in ("pakistani", "bangladeshi")
        and random.random() < (0.35 if custom == "pakistani" else 0.75)
    ):
        surname = random.choice(_SECOND_NAMES[custom])
    if custom == "somali":
        middle = forename(random, community, "M", year - 28, frozenset((first,)))
        surname = forename(random, community, "M", year - 56, frozenset((first, middle)))
    elif custom == "portuguese" and random.random() < 0.6:
        surname = f"{stem(random, community)} {surname}"
    elif custom == "pakistani" and sex == "M" and random.random() < 0.4:
        first, middle = "Mohammed", first
    return Name(first, middle, surname, known_as(random, first, middle), own)


def _middle(random: Random, community: str, sex: Sex, year: int, first: str) -> str:
    custom = BY_NAME[community].custom
    if custom == "sikh":
        return ("Singh" if sex == "M" else "Kaur") if random.random() < 0.7 else ""
    if custom == "vietnamese":
        return ("Van" if sex == "M" else "Thi") if random.random() < 0.5 else ""
    if custom == "chinese":
        joiner = random.choice(("", " ", "-"))
        one, two = random.choice(_CHINESE_GIVEN), random.choice(_CHINESE_GIVEN)
        return one + joiner + (two if joiner else two.lower())
    if (
        custom in ("british", "caribbean", "irish", "traveller", "west_african", "gendered", "akan")
        and random.random() < 0.6
    ):
        return forename(random, community, sex, year - 25 if random.random() < 0.5 else year, frozenset((first,)))
    return ""


def child_name(
    random: Random,
    community: str,
    sex: Sex,
    born: date,
    mother: Name,
    father: Name | None,
    taken: set[str],
    twin_of: str = "",
) -> Name:
    """A child's name by its community's custom; ``father`` None where he gave no name.

    ``taken`` are the brothers' and sisters' forenames. A twin often shares its fellow's first letter.
    """
    first = forename(random, community, sex, born.year, taken)
    if twin_of and random.random() < 0.45:
        for _ in range(12):
            if first[0] == twin_of[0]:
                break
            first = forename(random, community, sex, born.year, taken)
    family = father.stem if father is not None else mother.stem
    plain = Name(first, _middle(random, community, sex, born.year, first), gendered(family, community, sex), "", family)
    shaped = _CUSTOMS.get(BY_NAME[community].custom, _inherited)(random, plain, sex, born, mother, father)
    called = shaped.known_as or known_as(random, shaped.forename, shaped.middle)
    return Name(shaped.forename, shaped.middle, shaped.surname, called, shaped.stem)


Naming = Callable[[Random, Name, Sex, date, Name, Name | None], Name]


def _inherited(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    if father is None or father.stem == mother.stem:
        return plain
    if random.random() < 0.09 and "-" not in father.stem + mother.stem:
        joiner = "-" if random.random() < 0.7 else " "
        both = joiner.join((mother.stem, father.stem) if random.random() < 0.6 else (father.stem, mother.stem))
        return Name(plain.forename, plain.middle, both, "", father.stem)
    return plain


def _pakistani(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    if sex == "M" and plain.forename not in ("Muhammad", "Mohammed") and random.random() < 0.35:
        spelling = "Muhammad" if random.random() < 0.6 else "Mohammed"
        return Name(spelling, plain.forename, plain.surname, plain.forename, plain.stem)
    if sex == "F" and random.random() < 0.1:
        return Name(plain.forename, "", random.choice(_SECOND_NAMES["pakistani"]), "", plain.stem)
    if father is not None and sex == "M" and random.random() < 0.1:
        return Name(plain.forename, "", father.middle or father.forename, "", plain.stem)
    return plain


def _bangladeshi(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    chance = random.random()
    if sex == "F" and chance < 0.35:
        return Name(plain.forename, "", random.choice(_SECOND_NAMES["bangladeshi"]), "", plain.stem)
    if chance < 0.4:
        own = stem(random, "bangladeshi")
        return Name(plain.forename, "", own, "", own)
    return plain


def _gujarati(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    middle = father.forename if father is not None and random.random() < 0.6 else ""
    return Name(plain.forename, middle, plain.surname, "", plain.stem)


def _tamil(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    if father is not None and random.random() < 0.65:
        return Name(plain.forename, "", father.forename, "", father.forename)
    return plain


def _somali(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    elder = father if father is not None else mother
    return Name(plain.forename, elder.forename if father is not None else elder.middle, elder.middle, "", elder.middle)


def _father_name(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    if father is None:
        return plain
    return Name(plain.forename, "", father.forename, "", father.forename)


def _arab(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    middle = father.forename if father is not None and random.random() < 0.55 else ""
    return Name(plain.forename, middle, plain.surname, "", plain.stem)


def _akan(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    day_name = _AKAN[sex][born.weekday()]
    if random.random() < 0.6:
        return Name(plain.forename, day_name, plain.surname, day_name if random.random() < 0.2 else "", plain.stem)
    return plain


def _chinese(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    if random.random() < 0.4 and plain.middle:
        return Name(plain.middle, "", plain.surname, plain.forename, plain.stem)
    return plain


def _portuguese(random: Random, plain: Name, sex: Sex, born: date, mother: Name, father: Name | None) -> Name:
    if father is not None and random.random() < 0.65:
        last = father.surname.split()[-1]
        return Name(plain.forename, plain.middle, f"{mother.surname.split()[-1]} {last}", "", last)
    return plain


_CUSTOMS: dict[str, Naming] = {
    "pakistani": _pakistani,
    "bangladeshi": _bangladeshi,
    "gujarati": _gujarati,
    "tamil": _tamil,
    "somali": _somali,
    "father_name": _father_name,
    "arab": _arab,
    "akan": _akan,
    "chinese": _chinese,
    "portuguese": _portuguese,
}

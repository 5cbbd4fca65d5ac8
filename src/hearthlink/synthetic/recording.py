"""What each system writes down of a person or an address, with the errors that strike on the way."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic import errors
from hearthlink.synthetic.errors import System
from hearthlink.synthetic.world import Address, RecordedAddress, RecordedPerson, Settings, TruePerson

_LETTERS_WITHOUT_PARTS = str.maketrans(
    {"Ł": "L", "ł": "l", "ı": "i", "Đ": "D", "đ": "d", "Ø": "O", "ø": "o", "ß": "ss"}
)
_ABBREVIATED = {
    "Road": "Rd", "Street": "St", "Avenue": "Ave", "Close": "Cl", "Lane": "Ln", "Drive": "Dr", "Gardens": "Gdns",
    "Terrace": "Terr", "Crescent": "Cres", "Court": "Ct", "Place": "Pl", "Grove": "Gr", "Square": "Sq",
}  # fmt: skip


@dataclass(slots=True)
class Office:
    """One system at work: its error stream, and its rates for each community as they come to be needed."""

    system: System
    settings: Settings
    random: Random
    known: dict[str, errors.Rates] = field(default_factory=dict[str, errors.Rates])

    def rates(self, community: str) -> errors.Rates:
        """The rates of this office for one community."""
        if community not in self.known:
            self.known[community] = errors.rates(self.settings, self.system, community)
        return self.known[community]


def plain_letters(text: str) -> str:
    """The text without accents, in letters a system of the 1980s can hold."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITHOUT_PARTS))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def person(
    office: Office,
    true: TruePerson,
    *,
    number: int = 0,
    carer_surname: str = "",
    newborn: bool = False,
    unborn: bool = False,
    title: str = "",
    national_insurance_number: str = "",
    date_doubtful: bool = False,
) -> RecordedPerson:
    """One person as one office records them.

    ``newborn`` opens the door to placeholder forenames; ``unborn`` people have no forename, sex or birth date yet.
    ``date_doubtful`` marks people whose papers never gave a birth date, so that it is mostly estimated.
    """
    random, known = office.random, office.rates(true.community)
    happened: list[str] = []
    forename = "Unborn" if unborn else _forename(office, true, known, happened, newborn)
    surname = _surname(office, true, known, happened, carer_surname)
    if "names_swapped" in happened:
        forename, surname = surname, forename
    birth = None if unborn else _birth_date(office, true, known, happened, date_doubtful)
    sex = "" if unborn else _sex(office, true, known, happened)
    middle = true.middle_name if random.random() < (0.35 if office.system == "care" else 0.5) and not unborn else ""
    known_as = true.known_as if office.system == "care" and random.random() < 0.3 else ""
    limit = errors.TRUNCATION[office.system]
    if len(forename) > limit or len(surname) > limit:
        happened.append("truncated")
    if office.system == "benefits":
        forename, surname, middle = (plain_letters(part).upper() for part in (forename, surname, middle))
    elif random.random() < 0.5:
        forename, surname, middle = plain_letters(forename), plain_letters(surname), plain_letters(middle)
    return RecordedPerson(
        number or true.number, title, forename[:limit], middle[:limit], surname[:limit], known_as, birth, sex,
        national_insurance_number, tuple(happened),
    )  # fmt: skip


def _forename(office: Office, true: TruePerson, known: errors.Rates, happened: list[str], newborn: bool) -> str:
    process = errors.struck(office.random, known, "forename")
    if not process:
        return true.forename
    written = errors.wrong_forename(office.random, true, process, newborn=newborn)
    if written != true.forename or process == "names_swapped":
        happened.append(process)
    return written


def _surname(office: Office, true: TruePerson, known: errors.Rates, happened: list[str], carer: str) -> str:
    process = errors.struck(office.random, known, "surname")
    if not process:
        return true.surname
    written = errors.wrong_surname(office.random, true, process, carer)
    if written != true.surname:
        happened.append(process)
    return written


def _birth_date(
    office: Office, true: TruePerson, known: errors.Rates, happened: list[str], doubtful: bool
) -> date | None:
    process = errors.struck(office.random, known, "birth_date")
    if doubtful and office.settings.error_scale > 0 and office.random.random() < 0.7:
        process = "birth_date_estimated"
    if not process:
        return true.birth_date
    written = errors.BIRTH_DATE_ERRORS[process](office.random, true.birth_date)
    if written != true.birth_date:
        happened.append(process)
    return written


def _sex(office: Office, true: TruePerson, known: errors.Rates, happened: list[str]) -> str:
    process = errors.struck(office.random, known, "sex")
    if not process:
        return true.sex
    happened.append(process)
    return "" if process == "sex_missing" else ("F" if true.sex == "M" else "M")


def address(office: Office, true: Address, community: str, start: date, end: date | None) -> RecordedAddress:
    """One address as one office records it. A refuge may be withheld: then its text and UPRN are empty."""
    random, known = office.random, office.rates(community)
    if true.kind == "refuge" and random.random() < 0.7:
        return RecordedAddress("", "", "", "", "", "", None, "refuge", start, end, ("address_withheld",))
    happened: list[str] = []
    flat, number, street = true.flat, true.house_number, true.street
    process = errors.struck(random, known, "address")
    if process == "street_typing":
        street = errors.typed_wrong(random, street)
    elif process == "street_abbreviated":
        words = street.split()
        words[-1] = _ABBREVIATED.get(words[-1], words[-1])
        street = " ".join(words)
    elif process == "flat_restyled" and flat:
        flat, number = _restyled(random, flat, number, bool(true.house_name))
    if (flat, number, street) != (true.flat, true.house_number, true.street):
        happened.append(process)
    postcode = _postcode(random, known, true.postcode, happened)
    uprn = _uprn(random, known, true, happened)
    name, town = true.house_name, true.town
    if office.system == "benefits":
        flat, name, street, town = flat.upper(), name.upper(), street.upper(), town.upper()
    return RecordedAddress(flat, number, name, street, town, postcode, uprn, true.kind, start, end, tuple(happened))


def _restyled(random: Random, flat: str, number: str, named: bool) -> tuple[str, str]:
    digits = flat.removeprefix("Flat ")
    if not named and digits.isdigit() and int(digits) <= 26 and random.random() < 0.4:
        return "", number + chr(64 + int(digits))
    return random.choice(("Flt ", "Apt ", "Unit ", "Apartment ", "No ")) + digits, number


def _postcode(random: Random, known: errors.Rates, text: str, happened: list[str]) -> str:
    process = errors.struck(random, known, "postcode")
    if not process or not text:
        return text
    happened.append(process)
    if process == "postcode_missing":
        return ""
    place = random.choice([i for i, letter in enumerate(text) if letter != " "])
    letters = "0123456789" if text[place].isdigit() else "ABDEFGHJLNPQRSTUWXYZ"
    return text[:place] + random.choice(letters.replace(text[place], "")) + text[place + 1 :]


def _uprn(random: Random, known: errors.Rates, true: Address, happened: list[str]) -> int | None:
    process = errors.struck(random, known, "uprn")
    if process == "uprn_missing" or true.kind == "out_of_area":
        happened.append("uprn_missing")
        return None
    if process == "uprn_of_building" and true.flat:
        happened.append(process)
        return true.uprn - true.uprn % 100
    return true.uprn


def stale(office: Office, community: str) -> bool:
    """Whether an office has failed to hear of the present address."""
    return errors.struck(office.random, office.rates(community), "address") == "address_stale"


def clip(start: date, end: date | None, first: date, last: date | None) -> tuple[date, date | None] | None:
    """The part of a span inside another, or None where they do not meet."""
    later = max(start, first)
    sooner = last if end is None else end if last is None else min(end, last)
    return None if sooner is not None and sooner < later else (later, sooner)


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)

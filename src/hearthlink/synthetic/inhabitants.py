"""The area and who truly lives in it: places, people, families, where they lived and what befell them.

A date span has a ``start`` and an ``end``; both days are inside it, and ``end`` is None while it runs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hearthlink.synthetic.recorded import AddressKind

Sex = Literal["M", "F"]
Arrangement = Literal[
    "lone",
    "couple",
    "step",
    "kinship",
    "grandparent",
    "two_homes",
    "childless",
    "pensioner",
]
EventKind = Literal[
    "award_start",
    "award_end",
    "suspension",
    "job_loss",
    "rent_rise",
    "benefit_cap",
    "arrears",
    "move",
    "homelessness",
]


@dataclass(frozen=True, slots=True)
class SmallArea:
    """An LSOA; ``deprivation`` and ``child_poverty`` are national percentiles, 0 the most deprived, 1 the least."""

    code: str
    name: str
    middle_area: str
    ward_code: str
    deprivation: float
    child_poverty: float
    population: int


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode of the area, with its single space, its LSOA code and National Grid position in metres."""

    text: str
    small_area: str
    easting: int
    northing: int


@dataclass(frozen=True, slots=True)
class Address:
    """A real dwelling or institution of the area, or (``kind`` out_of_area) beyond it. Empty text where a part is none."""

    uprn: int
    flat: str
    house_number: str
    house_name: str
    street: str
    town: str
    postcode: str
    small_area: str
    kind: AddressKind


# --- people and families: the truth -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TruePerson:
    """A person as they are. ``birth_date`` of an unborn child is the expected day and ``unborn`` is true (at year end)."""

    number: int
    forename: str
    middle_name: str
    surname: str
    known_as: str
    birth_date: date
    unborn: bool
    sex: Sex
    ethnicity: str
    community: str
    disabilities: tuple[str, ...]
    death_date: date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Time at an address."""

    address: Address
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that befell a household on a day; ``raises`` is false where it cannot raise the hazard of referral, as after one."""

    day: date
    kind: EventKind
    raises: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """A true family: adults (first the main carer), children, where they lived, and what befell them.

    ``other_parent`` and ``other_home`` belong to children in two homes. ``claims`` are the ``Claim.number`` of its claims.
    """

    number: int
    arrangement: Arrangement
    adults: tuple[TruePerson, ...]
    children: tuple[TruePerson, ...]
    stays: tuple[Stay, ...]
    events: tuple[Event, ...]
    claims: tuple[int, ...]
    other_parent: TruePerson | None = None
    other_home: tuple[Stay, ...] = ()

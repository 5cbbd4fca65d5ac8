"""A person and an address as one system holds them, letter for letter: a writer copies them and mends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

AddressKind = Literal["home", "temporary", "hostel", "refuge", "placement", "hmo", "out_of_area"]


@dataclass(frozen=True, slots=True)
class RecordedPerson:
    """A person as one system holds them. Empty text and None are missing; ``errors`` names the processes that struck."""

    number: int
    title: str
    forename: str
    middle_name: str
    surname: str
    known_as: str
    birth_date: date | None
    sex: str
    national_insurance_number: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedAddress:
    """An address as one system holds it, with its dates. ``uprn`` None is missing; all text empty is a withheld address."""

    flat: str
    house_number: str
    house_name: str
    street: str
    town: str
    postcode: str
    uprn: int | None
    kind: AddressKind
    start: date
    end: date | None
    errors: tuple[str, ...]


def address_lines(address: RecordedAddress) -> Iterator[str]:
    """The filled lines of a recorded address, in order, without its postcode."""
    yield from (
        line
        for line in (
            address.flat,
            address.house_name,
            f"{address.house_number} {address.street}".strip(),
            address.town,
        )
        if line
    )

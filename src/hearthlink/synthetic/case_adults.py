"""The adults of a ward's children as a case system's table of persons holds them: each once, however many children they have."""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.world import CareRecord, RecordedAddress, RelatedAdult, Ward, address_lines

WITHHELD = "ADDRESS RESTRICTED"


def adults_of(ward: Ward) -> dict[str, RelatedAdult]:
    """The adults by their id, in the order in which they are met."""
    found: dict[str, RelatedAdult] = {}
    for record in ward.care_records:
        for adult in record.adults:
            found.setdefault(adult.identifier, adult)
    return found


def shared_homes(ward: Ward) -> Iterator[tuple[str, RecordedAddress]]:
    """The present homes that children and adults who live together share, by the adult's id, each once."""
    told: set[tuple[str, RecordedAddress]] = set()
    for record in ward.care_records:
        homes = [home for home in record.addresses if home.end is None and home.kind != "placement"]
        for adult in record.adults:
            for home in homes if adult.lives_with and not record.restricted else ():
                if (adult.identifier, home) not in told:
                    told.add((adult.identifier, home))
                    yield adult.identifier, home


def is_withheld(address: RecordedAddress) -> bool:
    """Whether nothing of the address is held."""
    return not (address.street or address.house_name or address.house_number or address.postcode)


def one_line(address: RecordedAddress, *, withheld: str = WITHHELD, postcode: bool = False) -> str:
    """The address as one text in postal order, with its postcode where asked; a withheld one says so."""
    if is_withheld(address):
        return withheld
    lines = [*address_lines(address), *([address.postcode] if postcode else [])]
    return ", ".join(line for line in lines if line)


def born_or_due(record: CareRecord) -> object:
    """The birth date, the expected one of the unborn in its place: systems keep both in one column."""
    return record.expected_birth_date or record.person.birth_date

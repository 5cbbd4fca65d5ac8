"""Addresses of any country, in any order, parted into number, street, locality and postcode."""

from __future__ import annotations

import pytest

from hearthlink.standardise.streets import locate

CASES = [
    ("12 Main St, Anytown", "12", "MAIN STREET", "ANYTOWN", None),
    ("12 MAIN STREET ANYTOWN", "12", "MAIN STREET", "ANYTOWN", None),
    ("APT 4B, 12 MAIN ST, ANYTOWN 12345", "12/4B", "MAIN STREET", "ANYTOWN", "12345"),
    ("12 Main St #4b, Anytown 12345-6789", "12/4B", "MAIN STREET", "ANYTOWN", "12345"),
    ("12 main st apt # 4b anytown us 00000", "12/4B", "MAIN STREET", "ANYTOWN US", "00000"),
    ("5112 145th st anytown", "5112", "145TH STREET", "ANYTOWN", None),
    ("1130 n mallory ln", "1130", "NORTH MALLORY LANE", None, None),
    ("3220 g st anytown", "3220", "G STREET", "ANYTOWN", None),
    ("2 12th Street NW Washington DC 20001", "2", "12TH STREET NORTHWEST", "WASHINGTON DC", "20001"),
    ("Studio 5\nHarris lock\nNew Hugh\nE1 1AA", "5", "HARRIS LOCK", "NEW HUGH", "E11AA"),
    ("Flat 2, 10B High St", "10/B/2", "HIGH STREET", None, None),
    ("12 St Johns Road, Leeds LS1 4AB", "12", "SAINT JOHNS ROAD", "LEEDS", "LS14AB"),
    ("12 high st, st albans", "12", "HIGH STREET", "SAINT ALBANS", None),
    ("The Old Rectory, Church Lane, Bigton", "OLD", "CHURCH LANE", "BIGTON", None),
    ("15/7 Smith Street Richmond 3121", "15/7", "SMITH STREET", "RICHMOND", "3121"),
    ("Hauptstrasse 12, 10115 Berlin", "12", "HAUPTSTRASSE", "BERLIN", "10115"),
    ("Damweg 2-27, Dorp", "2/27", "DAMWEG", "DORP", None),
    ("Damweg 2-4, Dorp", "2", "DAMWEG", "DORP", None),
    ("Ulica 12/30, Miasto", "12/30", "ULICA", "MIASTO", None),
    ("Storgatan 12 A, Stad", "12/A", "STORGATAN", "STAD", None),
    ("Storgatan 12 lgh 1101, Stad", "12/1101", "STORGATAN", "STAD", None),
    ("Hauptstrasse 12 (Whg. 3), Berlin", "12/3", "HAUPTSTRASSE", "BERLIN", None),
    ("0a1b2c3d4e5f6071829a", "0A1B2C3D4E5F6071829A", "0A1B2C3D4E5F6071829A", None, None),
    ("PO Box 123, Town 99999", "123", "PO BOX", None, "99999"),
    ("LS1 4AB, 12 Elm Road, Leeds", "12", "ELM ROAD", "LEEDS", "LS14AB"),
    ("12 confidential", None, None, None, None),
]


@pytest.mark.parametrize(("address", "number", "street", "locality", "postcode"), CASES)
def test_an_address_is_parted(
    address: str, number: str | None, street: str | None, locality: str | None, postcode: str | None
) -> None:
    """Each part is found wherever it stands; words for roads and points of the compass are spelt out."""
    found = locate(address)
    assert (found.number, found.street, found.locality, found.postcode) == (number, street, locality, postcode)


@pytest.mark.parametrize(
    "rest", ["High St, Leeds LS1 4AB", "B HIGH ST", "Elm Court, Park Road", "ground floor flat high st", "Broadway"]
)
def test_each_house_of_a_street_is_read_as_its_first(rest: str) -> None:
    """What is worked out once for a street differs from house to house by the number alone."""
    first = locate(f"1 {rest}")
    for number in ("7", "0010", "12345"):
        house = locate(f"{number} {rest}")
        assert house.number == number.lstrip("0") + (first.number or "")[1:]
        assert (house.street, house.locality, house.postcode) == (first.street, first.locality, first.postcode)

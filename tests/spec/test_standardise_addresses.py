"""Addresses: house and flat numbers, postcodes and property numbers."""

from __future__ import annotations

import pytest

from hearthlink.standardise.addresses import read_address
from hearthlink.standardise.postcodes import postcode, property_number

NUMBERS = [
    ("10 HIGH STREET, TOWN", "10"),
    ("10, High Street", "10"),
    ("No. 10 High St", "10"),
    ("010 HIGH ST", "10"),
    ("FLAT 2, 10 HIGH ST", "10/2"),
    ("Flat 2 10 High St", "10/2"),
    ("FLAT 02 10 HIGH ST", "10/2"),
    ("10 FLAT 2 HIGH ST", "10/2"),
    ("10 HIGH ST, FLAT 2", "10/2"),
    ("FLAT TWO, 10 HIGH ST", "10/2"),
    ("FLAT2, 10 HIGH ST", "10/2"),
    ("APT 2, 10 HIGH ST", "10/2"),
    ("Unit No 2, 10 High St", "10/2"),
    ("No 2, 10 High St", "10/2"),
    ("2, 10 High St", "10/2"),
    ("10/2 HIGH ST", "10/2"),
    ("2/10 HIGH ST", "10/2"),
    ("FLAT 2, ELM COURT, 10 HIGH ST", "10/2"),
    ("2 ELM COURT, 10 HIGH ST", "10/2"),
    ("FLAT 2, 10-12 HIGH ST", "10/2"),
    ("FLAT 2A, 10 HIGH ST", "10/2A"),
    ("ROOM 3, FLAT 2, 10 HIGH ST", "10/2/3"),
    ("FLAT 2, ROOM 3, 10 HIGH ST", "10/2/3"),
    ("10B HIGH ST", "10/B"),
    ("10 b High St", "10/B"),
    ("FLAT B, 10 HIGH ST", "10/B"),
    ("FLAT 10B, HIGH ST", "10/B"),
    ("10-12 HIGH ST", "10"),
    ("10 - 12 HIGH ST", "10"),
    ("10/12 HIGH ST", "10"),
    ("10A-10C HIGH ST", "10/A"),
    ("GFF, 10 HIGH ST", "10/G"),
    ("GROUND FLOOR FLAT, 10 HIGH ST", "10/G"),
    ("Ground Floor Flat 10 High St", "10/G"),
    ("FIRST FLOOR FLAT, 10 HIGH ST", "10/1F"),
    ("1st Floor Flat 10 High St", "10/1F"),
    ("FIRST FLOOR FLAT 2, 10 HIGH ST", "10/2"),
    ("BASEMENT FLAT, 10 HIGH ST", "10/B"),
    ("FLAT ABOVE SHOP, 10 HIGH ST", "10"),
    ("THE FLAT, 10 HIGH ST", "10"),
    ("12 THE FLATS, HIGH ST", "12"),
    ("FLAT 2, ELM COURT, HIGH ST", "2"),
    ("2 ELM COURT, HIGH ST", "2"),
    ("CARAVAN 3, GREEN LANE", "3"),
    ("5 1ST AVENUE", "5"),
    ("1ST AVENUE, TOWN", None),
    ("ROSE COTTAGE, CHURCH LANE", "ROSE"),
    ("ROSE COTTAGE CHURCH LANE", "ROSE"),
    ("THE ROSE COTTAGE, CHURCH LANE", "ROSE"),
    ("FAIRVIEW, CHURCH LANE, TOWN", "FAIRVIEW"),
    ("ROSE COTTAGE, 10 CHURCH LANE", "10"),
    ("CHURCH LANE, TOWN", None),
    ("OLD MILL LANE, TOWN", None),
    ("TOWN", None),
    ("", None),
    ("ADDRESS RESTRICTED", None),
    ("NO FIXED ABODE", None),
    ("NFA", None),
    ("C/O 12 HIGH ST", None),
    ("PO BOX 12, TOWN", None),
    ("UNKNOWN", None),
    ("SSD_PH", None),
]


@pytest.mark.parametrize(("written", "number"), NUMBERS)
def test_numbers(written: str, number: str | None) -> None:
    """One dwelling written in several ways has one number; a line that says there is no address has none."""
    assert read_address(written).number == number


KINDS = [
    ("ADDRESS RESTRICTED", True, False),
    ("Confidential", True, False),
    ("THE REFUGE, 10 HIGH ST", True, False),
    ("ELM HOSTEL, 10 HIGH ST", False, True),
    ("Elm Hotel, 10 High St", False, True),
    ("10 HOSPITAL ROAD", False, False),
    ("10 HIGH ST", False, False),
]


@pytest.mark.parametrize(("written", "hidden", "communal"), KINDS)
def test_kinds_of_address(written: str, hidden: bool, communal: bool) -> None:
    """A secret address and a home of many families are told by their words, and a street named after one is not."""
    line = read_address(written)
    assert (line.hidden, line.communal) == (hidden, communal)


def test_a_secret_address_has_no_number() -> None:
    """A refuge's number is not read at all."""
    assert read_address("THE REFUGE, 10 HIGH ST").number is None


POSTCODES = [
    ("AA1 2BB", "AA12BB"),
    (" aa12bb ", "AA12BB"),
    ("A1 2BB", "A12BB"),
    ("A12 3BB", "A123BB"),
    ("AA12 3BB", "AA123BB"),
    ("A1A 2BB", "A1A2BB"),
    ("AA1A 2BB", "AA1A2BB"),
    ("AA1-2BB", "AA12BB"),
    ("A1 ZBB", None),
    ("AAI 2BB", "AA12BB"),
    ("AO1 2BB", "AO12BB"),
    ("A01 2BB", "AO12BB"),
    ("AAO 2BB", "AA02BB"),
    ("A6O 1BB", "A601BB"),
    ("AA1 OBB", "AA10BB"),
    ("A1A OAA", "A1A0AA"),
    ("AA1 2CB", None),
    ("AA1", None),
    ("AA1 2", None),
    ("AA123 4BB", None),
    ("ZZ99 3VZ", None),
    ("ZZ1 1ZZ", None),
    ("XX1 1XX", None),
    ("AA1 1AA", None),
    ("UNKNOWN", None),
    ("N/K", None),
    ("SSD_PH", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "compared"), POSTCODES)
def test_postcodes(written: str, compared: str | None) -> None:
    """A postcode without its space, mended where letters and figures were exchanged; fillers and what has no shape are missing."""
    assert postcode(written) == compared


PROPERTY_NUMBERS = [
    ("100023336956", "100023336956"),
    ("000100023336", "100023336"),
    ("100023336956.0", "100023336956"),
    (" 100023336956 ", "100023336956"),
    ("1.00023E+11", None),
    ("-1", None),
    ("1.0", None),
    ("0", None),
    ("999999999999", None),
    ("1234567890123", None),
    ("SSD_PH", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "compared"), PROPERTY_NUMBERS)
def test_property_numbers(written: str, compared: str | None) -> None:
    """Digits without leading zeros; a spreadsheet's float is mended, and what lost its digits or was a filler is missing."""
    assert property_number(written) == compared

"""Homes that meet by number and street, however the street is spelt: households of which no name is shared with the child."""

from __future__ import annotations

import pytest
from made_persons import Records, Row, child, claimant, compared, tables

STREETS = """
the same          | 7  | ACACIA AVENUE | True
a letter else     | 7  | ACADIA AVENUE | True
another number    | 9  | ACADIA AVENUE | False
another street    | 7  | ALMOND GROVE  | False
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in STREETS.strip().splitlines()]


@pytest.mark.parametrize(("number", "street", "meets"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_home_meets_one_of_its_number_on_a_street_alike(number: str, street: str, meets: str) -> None:
    """A street a letter off still meets, though it sounds otherwise; another number or another street does not."""
    places: list[Row] = [
        {"side": "child", "owner_id": "C1", "number": "7", "street": "ACACIA AVENUE"},
        {"side": "member", "owner_id": "H1", "number": number, "street": street},
    ]
    given = Records([child("C1", "F1", "AAA", "BBB"), claimant("H1", "ZZZ", "YYY")], places)
    assert (compared(tables(given))["candidate_pair"].num_rows > 0) == (meets == "True")

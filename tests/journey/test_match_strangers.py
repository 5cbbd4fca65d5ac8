"""Two files of strangers: where nobody on the left is on file on the right, nobody is linked and it is said."""

from __future__ import annotations

import random
from itertools import product

import pyarrow as pa
import pytest

from hearthlink import match

SYLLABLES = ["".join(pair) for pair in product("BDFGKLMNPRSTV", "AEIOU")]
CHILDREN, HOUSEHOLDS = 600, 1_000


def _name(draw: random.Random, size: int) -> str:
    """A name of two or three syllables, the first ones oftener, so that some names are common and some rare."""
    return "".join(SYLLABLES[int(len(SYLLABLES) * draw.random() ** 2)] for _ in range(size))


def _strangers(seed: int, homes: int, prefix: str, *, child_only: bool) -> pa.Table:
    draw = random.Random(seed)
    rows: list[dict[str, str]] = []
    for home in range(homes):
        surname, street = _name(draw, 3), f"{draw.randrange(1, 90)} {_name(draw, 3)} ROAD"
        roles = ["child"] if child_only else ["claimant", "dependant", "dependant"]
        for role in roles:
            year = draw.randrange(1970, 1995) if role == "claimant" else draw.randrange(2004, 2019)
            rows.append(
                {
                    "person_id": f"{prefix}{len(rows)}",
                    "family_id" if child_only else "household_id": f"{prefix}H{home}",
                    "role": role,
                    "forename": _name(draw, 2),
                    "surname": surname,
                    "birth_date": f"{year}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
                    "sex": draw.choice("FM"),
                    "address": street,
                    "postcode": f"AA{draw.randrange(1, 10)} {draw.randrange(1, 10)}AA",
                }
            )
    return pa.Table.from_pylist(rows)


@pytest.mark.parametrize("lacking", [[], ["birth_date"], ["address", "postcode"]])
def test_strangers_are_not_linked(lacking: list[str]) -> None:
    """Of children none of whom is on file, at most one in a hundred is linked, and the screen says that matches could not be told apart."""
    left = _strangers(1, CHILDREN, "L", child_only=True).drop_columns(lacking)
    right = _strangers(2, HOUSEHOLDS, "R", child_only=False).drop_columns(lacking)
    made = match(left, right)
    linked = CHILDREN - made.links.column("household_id").null_count
    assert linked <= CHILDREN / 100
    assert any("could not be told apart" in sentence for sentence in made.said)

"""Two person tables for tests of matching: families of made letters, some of them on file on the right, each record a little wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

Row = Mapping[str, str | None]
NAMES = [
    first + middle + last
    for first in "BDFGKLMNPRST"
    for middle in ("A", "E", "I", "O")
    for last in ("LZN", "RQM", "SVT", "NXK")
]


def made_files(families: int = 50, *, seed: int = 7) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows of the left, children with their mothers, and of the right, households; every other family is on file."""
    draw = random.Random(seed)
    left: list[dict[str, str]] = []
    right: list[dict[str, str]] = []
    for number in range(families):
        surname = draw.choice(NAMES) + draw.choice(NAMES)
        home = {
            "address": f"{number + 1} {draw.choice(NAMES)} Road, {NAMES[0]}TON",
            "postcode": f"LS{number % 9 + 1} {number % 7}AB",
        }
        mother = {
            "forename": draw.choice(NAMES),
            "surname": surname,
            "sex": "F",
            "birth_date": _born(draw, 1980, 10),
        } | home
        children = [
            {
                "forename": draw.choice(NAMES),
                "surname": surname,
                "sex": draw.choice("FM"),
                "birth_date": _born(draw, 2008, 10),
            }
            | home
            for _ in range(draw.choice((1, 2, 2, 3)))
        ]
        family = {"family_id": f"{number:03}"}
        left.append({"person_id": f"A{number:03}", "role": "claimant"} | family | mother)
        left += [
            {"person_id": f"C{number:03}{n}", "role": "child"} | family | child for n, child in enumerate(children)
        ]
        if number % 2:
            household = {"household_id": f"H{number:03}"}
            right.append({"person_id": f"M{number:03}", "role": "claimant"} | household | mother)
            right += [
                {"person_id": f"D{number:03}{n}", "role": "dependant"} | household | _spoilt(draw, child)
                for n, child in enumerate(children)
            ]
    return left, right


def _born(draw: random.Random, since: int, years: int) -> str:
    return f"{date(since, 1, 1) + timedelta(days=draw.randrange(years * 365)):%d/%m/%Y}"


def _spoilt(draw: random.Random, person: dict[str, str]) -> dict[str, str]:
    if draw.random() < 0.2:
        return person | {"forename": person["forename"][:-1] + "X"}
    return person


def table(rows: list[dict[str, str]]) -> pa.Table:
    """The rows as an Arrow table of texts."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    """The rows as a file with a header; no value holds the delimiter."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "").replace(",", " ") for name in names] for row in rows)]
    return "".join(delimiter.join(line) + "\n" for line in lines)

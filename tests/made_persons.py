"""Persons, places and carers made comparable, as tables of a few rows or of a whole small authority, for tests of linkage."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pyarrow as pa

from hearthlink.engine import open_engine
from hearthlink.linkage import agreement, estimate, link
from hearthlink.tables import Kind
from hearthlink.tables.identity import FAMILY_ADULT, PERSON, PLACE

REFERRED = date(2019, 9, 2)
BORN = date(2010, 6, 14)
SINCE = date(2018, 4, 2)
Row = dict[str, object]

NEUTRAL: dict[Kind, object] = {Kind.TEXT: "", Kind.WHOLE: 0, Kind.DATE: REFERRED, Kind.FLAG: False}


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of the three tables that linkage reads."""

    persons: Sequence[Row] = ()
    places: Sequence[Row] = ()
    adults: Sequence[Row] = field(default=())

    def __add__(self, other: Records) -> Records:
        """Both together."""
        return Records([*self.persons, *other.persons], [*self.places, *other.places], [*self.adults, *other.adults])


def child(child_id: str, family: str, forename: str | None, surname: str | None, /, **more: object) -> Row:
    row = {"side": "child", "role": "child", "record_id": child_id, "group_id": family, "referral_date": REFERRED}
    return row | {"forename": forename, "surname": surname, "birth_date": BORN, "sex": "F"} | more


def member(household: str, number: int, forename: str | None, surname: str | None, /, **more: object) -> Row:
    row = {"side": "member", "role": "dependant", "record_id": f"{household}|{number}", "group_id": household}
    return row | {"forename": forename, "surname": surname, "birth_date": BORN, "sex": "F", "start_date": SINCE} | more


def claimant(household: str, forename: str, surname: str, /, **more: object) -> Row:
    return member(household, 0, forename, surname, role="claimant", **({"birth_date": date(1985, 3, 4)} | more))


def lives(owner: str, number: str, postcode: str, **more: object) -> Row:
    side = "member" if owner.startswith("H") else "child"
    return {"side": side, "owner_id": owner, "number": number, "postcode": postcode} | more


def carer(family: str, forename: str, surname: str, /, **more: object) -> Row:
    return {"family_id": family, "forename": forename, "surname": surname, "birth_date": date(1985, 3, 4)} | more


def tables(records: Records) -> dict[str, pa.Table]:
    """The records as the tables that standardising leaves, persons numbered in content order, children first."""
    persons = sorted(records.persons, key=lambda row: (str(row["side"]), str(row["record_id"])))
    numbered = [
        {"forenames": row["forename"], "surname_last": row["surname"]} | row | {"person_no": number}
        for number, row in enumerate(persons)
    ]
    given = {
        "person": (PERSON, numbered),
        "place": (PLACE, records.places),
        "family_adult": (FAMILY_ADULT, records.adults),
    }
    made: dict[str, pa.Table] = {}
    for name, (spec, rows) in given.items():
        neutral = {column.name: NEUTRAL[column.kind] if column.required else None for column in spec.columns}
        made[name] = spec.conform(pa.Table.from_pylist([neutral | row for row in rows], schema=spec.schema))
    return made


def compared(given: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables with candidate pairs and agreement patterns besides."""
    with open_engine(threads=1) as engine:
        return {**given, **agreement(engine, given, progress=lambda words, share: None)}


def linked(given: Mapping[str, pa.Table], *, draws: int = 20, cut: float = 0.5) -> dict[str, pa.Table]:
    """The whole of linkage: compare, estimate, link. A `parameter` table that is given stands."""
    seen = compared(given)
    seen.setdefault("parameter", estimate(seen["agreement_pattern"]))
    return {**seen, **link(seen, draws=draws, cut=cut)}


SYLLABLES = "BA CE DI FO GU HA JE KI LO MU NA PE RI SO TU VA WE YI ZO".split()


@dataclass(frozen=True, slots=True)
class Town:
    """An authority of made-up syllables: its records, and the true household and member of each child, None where there is none."""

    records: Records
    household: Mapping[str, str | None]
    member: Mapping[str, str | None]


def town(
    seed: int, *, families: int, households: int, share: float = 0.5, error: float = 0.05,
    sizes: Sequence[int] = (1, 1, 2, 3), names: int = 18, known: float = 1.0,
) -> Town:  # fmt: skip
    """Families referred and households on file, of which `share` of the families live in one.

    Each child's name, birth date and address is recorded otherwise with chance `error` each. Households list one of `sizes` dependants.
    Names are made of the first `names` syllables, so that fewer of them concentrate names; address and carers are known of a share.
    """
    chance = random.Random(seed)
    homes = [_household(chance, number, sizes, names) for number in range(households)]
    persons = [row for people, _ in homes for row in people]
    places = [row for _, row in homes]
    adults: list[Row] = []
    household: dict[str, str | None] = {}
    listed: dict[str, str | None] = {}
    for number, (family, at_home) in enumerate(
        zip(chance.sample(range(households), families), _turns(chance, share, families), strict=True)
    ):
        people, address = homes[family] if at_home else _household(chance, 10_000 + number, sizes, names)
        day = REFERRED + timedelta(days=chance.randrange(5))
        children = [row for row in people if row["role"] == "dependant"]
        for row in chance.sample(children, min(len(children), chance.choice((1, 1, 2, 3)))):
            name = f"C{len(household):05d}"
            persons.append(_as_recorded(chance, row, error) | {
                "side": "child", "role": "child", "record_id": name, "group_id": f"F{number:05d}", "referral_date": day, "start_date": None,
            })  # fmt: skip
            moved = chance.random() < error
            places.append(
                lives(name, str(chance.randrange(900)) if moved else str(address["number"]), str(address["postcode"]))
            )
            household[name], listed[name] = (str(row["group_id"]), str(row["record_id"])) if at_home else (None, None)
        keeper = people[0]
        adults.append(
            carer(f"F{number:05d}", str(keeper["forename"]), str(keeper["surname"]), birth_date=keeper["birth_date"])
        )
    return Town(Records(persons, places, adults), household, listed)


def _turns(chance: random.Random, share: float, families: int) -> list[bool]:
    turns = [number < share * families for number in range(families)]
    chance.shuffle(turns)
    return turns


def _name(chance: random.Random, syllables: int, names: int = 18) -> str:
    return "".join(chance.choice(SYLLABLES[:names]) for _ in range(syllables))


def _household(chance: random.Random, number: int, sizes: Sequence[int], names: int) -> tuple[list[Row], Row]:
    household, surname = f"H{number:05d}", _name(chance, 3, names)
    people = [
        claimant(
            household,
            _name(chance, 2, names),
            surname,
            birth_date=date(1980, 1, 1) + timedelta(days=chance.randrange(5000)),
        )
    ]
    for place in range(1, 1 + chance.choice(sizes)):
        born = date(2004, 1, 1) + timedelta(days=chance.randrange(300 * names))
        people.append(
            member(household, place, _name(chance, 2, names), surname, birth_date=born, sex=chance.choice("FM"))
        )
    return people, lives(household, str(chance.randrange(1, 90)), f"AA{chance.randrange(1, 9)}{chance.randrange(9)}BB")


def _as_recorded(chance: random.Random, row: Row, error: float) -> Row:
    recorded = dict(row)
    if chance.random() < error:
        recorded["forename"] = str(row["forename"])[:-1] + chance.choice("XQ")
    if chance.random() < error:
        recorded["surname"] = _name(chance, 3)
    born = row["birth_date"]
    if chance.random() < error and isinstance(born, date):
        recorded["birth_date"] = born + timedelta(days=chance.choice((1, 3, 40)))
    return recorded


def without(records: Records, column: str, *, side: str | None = None) -> Records:
    """The records with a column of the persons emptied, of one side or of both."""
    emptied = [row | {column: None} if side in {None, row["side"]} else row for row in records.persons]
    return replace(records, persons=emptied)

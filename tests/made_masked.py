"""Made-up people masked as `mask` masks them, and what an attacker who holds their list, but no key, has before them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from masked_attacker import Record, View

from hearthlink.governance.tokens import MaskKey, tokens
from hearthlink.linkage.token_sets import HOUSEHOLD_SETS, combinations
from hearthlink.standardise.maskable import maskable
from hearthlink.study.matching.mask import HOUSEHOLD_TOKENS, TOKENS, Made, household_fields, masked
from hearthlink.synthetic import Settings
from hearthlink.synthetic.synthesise import synthesise

DAY = "2019-09-30"
FILLING = count()


def key() -> MaskKey:
    """A key like any other, the same every time."""
    return MaskKey("0" * 32, b"salt" * 8, b"made" * 8)


def two_files(folder: Path, *, children: int, households: int, seed: int = 5) -> tuple[pa.Table, pa.Table]:
    """The children referred and the people of the benefit households on one day, as two person tables."""
    synthesise(folder, Settings(children=children, households=households, seed=seed), tables_only=True)
    at = {
        name: pq.read_table(folder / "tables" / f"{name}.parquet").to_pylist()
        for name in ("children", "members", "addresses")
    }
    home = {(row["side"] == "child", row["owner_id"]): row for row in at["addresses"] if _holds(row)}
    where = lambda child, owner: {n: home.get((child, owner), {}).get(n) for n in ("address", "postcode", "uprn")}  # noqa: E731
    who = lambda row: {n: row[n] for n in ("forename", "surname", "birth_date", "sex")}  # noqa: E731
    left = [
        {
            "person_id": row["child_id"],
            "family_id": row["family_id"] or None,
            "role": "child",
            **who(row),
            **where(True, row["child_id"]),
        }
        for row in at["children"]
        if not row["unborn"]
    ]
    right = [
        {
            "person_id": row["member_id"],
            "household_id": row["household_id"],
            "role": row["role"],
            **who(row),
            **where(False, row["household_id"]),
        }
        for row in at["members"]
        if _holds(row)
    ]
    return pa.Table.from_pylist(left), pa.Table.from_pylist(right)


def _holds(row: dict[str, Any]) -> bool:
    return (row["start_date"] is None or str(row["start_date"]) <= DAY) and (
        row["end_date"] is None or str(row["end_date"]) > DAY
    )


def seen_by_attacker(made: Made) -> tuple[list[Record], list[str]]:
    """The records of a masked file as anybody sees them, and, for the judge alone, whose they are."""
    own: dict[str, str] = {}
    for masked_id, person in made.crosswalk:
        own.setdefault(masked_id, person)
    records: list[Record] = []
    for one in made.records:
        home = [("household", one.household_id)] if one.household_id else []
        of_home = [("home token", token) for token in one.household_tokens]
        records.append([*(("token", token) for token in one.tokens), *home, *of_home])
    return records, [own[one.record_id] for one in made.records]


def known_to_attacker(
    table: pa.Table, *, households: bool = False, named: bool = False
) -> tuple[list[Record], list[str]]:
    """What the program would make of the attacker's own list, but for the key: the values themselves, shared ones left out, filled up.

    named: as it would be if a token stood in a column of its set.
    """
    rows = maskable(table, adults=households).people.to_pylist()
    asked = [row for row in rows if row["asked"]]
    own = _alone([combinations(row) for row in asked], TOKENS, named=named)
    people: list[str] = [row["person_ids"][0] for row in asked]
    if not households:
        return own, people
    fields = household_fields(rows)
    homes = _alone([combinations(one, HOUSEHOLD_SETS) for one in fields.values()], HOUSEHOLD_TOKENS, named=named)
    of_home = {group: [("home token", value) for _, value in mine] for group, mine in zip(fields, homes, strict=True)}
    whole: list[Record] = [
        [*mine, ("household", row["group_id"]), *of_home[row["group_id"]]] for row, mine in zip(asked, own, strict=True)
    ]
    return whole, people


def _alone(made: Sequence[Sequence[tuple[str, tuple[str, ...]]]], size: int, *, named: bool) -> list[Record]:
    times = Counter(one for mine in made for one in mine)
    kept = [[one for one in mine if times[one] == 1][:size] for mine in made]
    return [
        [
            *((name if named else "token", "|".join((name, *values))) for name, values in mine),
            *(("token", f"filling {next(FILLING)}") for _ in range(0 if named else size - len(mine))),
        ]
        for mine in kept
    ]


def default_view(table: pa.Table, *, overlap: float, households: bool = False) -> View:
    """One masked file, and an attacker whose list has that share of its people, and as many others for the rest."""
    in_file, on_list = parted(table, overlap)
    encoded, whose = seen_by_attacker(masked(in_file, key(), households=households))
    clear, people = known_to_attacker(on_list, households=households)
    return View(encoded, clear, _truth(whose, people))


def two_file_view(
    left: pa.Table, right: pa.Table, *, overlap: float, households: bool = False, named: bool = False
) -> View:
    """Both masked files, as whoever links them has them, and an attacker with both lists in clear, every slip of them.

    named: as they would be if every token stood in a column of its set.
    """
    parts = [parted(table, overlap) for table in (left, right)]
    clear, people = zip(*(known_to_attacker(p, households=households, named=named) for _, p in parts), strict=True)
    if named:
        encoded, whose = zip(*(known_to_attacker(p, households=households, named=True) for p, _ in parts), strict=True)
    else:
        encoded, whose = zip(
            *(seen_by_attacker(masked(p, key(), households=households)) for p, _ in parts), strict=True
        )
    sides = tuple([number for number, records in enumerate(both) for _ in records] for both in (encoded, clear))
    names = [f"{side}{one}" for side, ids in enumerate(people) for one in ids]
    truth = _truth([f"{side}{one}" for side, ids in enumerate(whose) for one in ids], names)
    return View([*encoded[0], *encoded[1]], [*clear[0], *clear[1]], truth, (sides[0], sides[1]))


def naive_view(table: pa.Table, columns: Sequence[str], *, overlap: float) -> View:
    """What many would do: a keyed token for each field alone."""
    in_file, on_list = parted(table, overlap)
    rows = [[row for row in maskable(part).people.to_pylist() if row["asked"]] for part in (in_file, on_list)]
    plain = [[[(column, value) for column in columns for value in row[column][:1]] for row in part] for part in rows]
    encoded = [[(column, tokens(key(), [(column, [value])])[0]) for column, value in record] for record in plain[0]]
    return View(
        encoded, plain[1], _truth([row["person_ids"][0] for row in rows[0]], [row["person_ids"][0] for row in rows[1]])
    )


def parted(table: pa.Table, overlap: float) -> tuple[pa.Table, pa.Table]:
    """Two tables of equal size, drawn from one, that have this share of their people in common."""
    ids = sorted(set(table.column("person_id").to_pylist()))
    random.Random(3).shuffle(ids)
    size = round(len(ids) / (2 - overlap))
    first, second = set(ids[:size]), set(ids[len(ids) - size :])
    rows = table.to_pylist()
    return tuple(
        pa.Table.from_pylist([row for row in rows if row["person_id"] in part], table.schema)
        for part in (first, second)
    )  # pyright: ignore[reportReturnType]


def _truth(whose: Sequence[str], people: Sequence[str]) -> list[int]:
    place = {person: number for number, person in enumerate(people)}
    return [place.get(one, -1) for one in whose]

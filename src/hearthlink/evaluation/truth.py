"""The truth of the practice authority: opened here and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from hearthlink.errors import DataProblem

CHILDREN, MEMBERS = "children.csv", "members.csv"
SEVERAL = ";"


@dataclass(frozen=True, slots=True)
class TrueLink:
    """Where a child truly was on the day of referral: their households, and the records on file that are the child."""

    households: frozenset[str]
    members: frozenset[str]


def read_truth(folder: Path, household_member: pa.Table) -> dict[str, TrueLink]:
    """The true link of each child, by its id in the census.

    A true member is a person on file, in a true household, whose recorded first name, surname and birth date are those of a record
    that the truth says is the child; where the receipt has joined several records of one person, agreement on part of them is enough.
    Raises DataProblem where a file or a column of the truth is missing.
    """
    children = _read(
        folder,
        CHILDREN,
        ("child_id", "household_id", "second_household_id", "person_number"),
    )
    records = _read(
        folder,
        MEMBERS,
        ("household_id", "forename", "surname", "birth_date", "person_number"),
    )
    recorded: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for household, forename, surname, birth, number in zip(*records, strict=True):
        recorded[household, number].append((_first(forename), surname.strip().upper(), birth))
    on_file = _on_file(household_member)
    truths: dict[str, TrueLink] = {}
    for child, first, others, number in zip(*children, strict=True):
        homes = frozenset(home for home in (first, *others.split(SEVERAL)) if home)
        members = (
            _same_person(recorded[home, number], on_file[home])
            for home in homes
            if number and (home, number) in recorded and home in on_file
        )
        truths[child] = TrueLink(homes, frozenset(one for found in members for one in found))
    return truths


def _same_person(records: Iterable[tuple[str, str, str]], people: list[tuple[str, str, str, str]]) -> frozenset[str]:
    """The members on file that a person's records stand for: by everything, else forename and birth date, else either if it is one."""
    wanted = tuple(records)
    rules = (lambda r: r, lambda r: (r[0], r[2]), lambda r: (r[2],), lambda r: (r[0],))
    for place, rule in enumerate(rules):
        keys = {rule(record) for record in wanted}
        found = frozenset(member for member, *rest in people if all(rule(rest)) and tuple(rule(rest)) in keys)
        if found and (place < 2 or len(found) == 1):
            return found
    return frozenset()


def _first(forename: str) -> str:
    """The first of several forenames: one extract writes them in one field, another apart."""
    return next(iter(forename.upper().split()), "")


def _on_file(household_member: pa.Table) -> dict[str, list[tuple[str, str, str, str]]]:
    people: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    columns = (
        household_member.column(name).to_pylist() for name in ("household_id", "member_id", "forename", "surname")
    )
    births: list[date | None] = household_member.column("birth_date").to_pylist()
    for household, member, forename, surname, birth in zip(*columns, births, strict=True):
        born = "" if birth is None else birth.isoformat()
        people[household].append(
            (
                member,
                _first(forename or ""),
                (surname or "").strip().upper(),
                born,
            )
        )
    return people


def _read(folder: Path, name: str, columns: tuple[str, ...]) -> tuple[list[str], ...]:
    """The named columns of a truth file, as text."""
    try:
        table = csv.read_csv(
            folder / name,
            convert_options=csv.ConvertOptions(
                include_columns=list(columns),
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
            ),
        )
        return tuple(table.column(column).to_pylist() for column in columns)
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError):
        pass
    raise DataProblem(
        "The truth of the practice authority cannot be read.",
        file=f"{folder.name}/{name}",
        remedy="Make the practice authority anew with `hearthlink synthesise`.",
    )

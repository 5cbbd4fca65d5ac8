"""One party's file made ready to be masked: names, birth dates and homes in the spelling that the other party's will have too.

Each party does this alone, so nothing here looks at a second file. People whom the file plainly holds twice, by the same names and the
same birth date, become one record: two records that share every token would otherwise lose them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.births import births, last_year, other_dates
from hearthlink.standardise.given import given, without_fillers
from hearthlink.standardise.grouped import households
from hearthlink.standardise.homes import homes
from hearthlink.standardise.one_each import EVER
from hearthlink.standardise.person_names import all_names
from hearthlink.standardise.role_words import roles
from hearthlink.standardise.sex_codes import sexes
from hearthlink.standardise.whole_names import with_names_parted

MOST = 3
"""Names of one kind, or homes, of one person that are masked; the latest homes first."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Maskable:
    """people: one row for each record to mask. said: what the file lacks, in words, and how many stand in it twice.

    Columns of people: person_ids (those that are one record), group_id (its household), asked (whether it is a person to be matched, not
    only an adult of a household), and lists of texts: forename, surname, birth_date, sex, street, district, door. A list is empty where the
    file does not say.
    """

    people: pa.Table
    said: tuple[str, ...]


LISTS = ("forename", "surname", "birth_date", "sex", "street", "district", "door")
PEOPLE = pa.schema(
    [
        ("person_ids", pa.list_(pa.string())),
        ("group_id", pa.string()),
        ("asked", pa.bool_()),
        *((name, pa.list_(pa.string())) for name in LISTS),
    ]
)


def maskable(table: pa.Table, *, everybody: bool = False, adults: bool = False) -> Maskable:
    """The people of a table in comparable spelling. The order of its rows changes nothing.

    Those asked for are the rows whose role is child or dependant, or that have none; everybody where no row is, or where everybody is
    wanted. The others are left out, unless the adults of their households are needed too. Raises DataProblem where there is no
    person_id or no row.
    """
    rows, said = _rows(table, everybody=everybody)
    rows = rows if adults else rows.filter(rows.column("asked"))
    by_id: dict[str, dict[str, dict[str, None]]] = {}
    asked: dict[str, bool] = {}
    group: dict[str, str] = {}
    for row in rows.to_pylist():
        person = by_id.setdefault(row["person_id"], {name: {} for name in LISTS})
        asked[row["person_id"]] = asked.get(row["person_id"], False) or row["asked"]
        group.setdefault(row["person_id"], row["group_id"])
        for name in LISTS:
            person[name].update(dict.fromkeys((row[name] or "").split("\n")) if row[name] else {})
    records = _once(by_id)
    made = [
        {
            "person_ids": ids,
            "group_id": group[ids[0]],
            "asked": any(asked[one] for one in ids),
            **{name: list(dict.fromkeys(text for one in ids for text in by_id[one][name]))[:MOST] for name in LISTS},
        }
        for ids in records
    ]
    twice = len(by_id) - len(records)
    told = [f"{word[0].upper()}{word[1:].replace(' on the file', '')}." for word in said]
    told += (
        [f"{twice:,} stand in the file again under another id, with the same names and birth date: one record each."]
        if twice
        else []
    )
    return Maskable(pa.Table.from_pylist(made, PEOPLE), tuple(told))


def _rows(table: pa.Table, *, everybody: bool) -> tuple[pa.Table, list[str]]:
    """Every row of the file in comparable columns, the latest first; several names of a row are parted by a line's end."""
    (side,), said_whole = with_names_parted([given(table, "file")])
    (names,), said_names = all_names([side])
    (born,), said_births = births([side], latest=last_year([side]))
    (home,), said_homes = homes([side])
    sex, said_sex = without_fillers(sexes(side.text("sex")))
    group, said_groups = households(side, home)
    role = roles(side.text("role"))
    asked = pc.fill_null(pc.is_in(role, value_set=pa.array(["child", "dependant"])), False)
    asked = pc.or_(asked, pc.is_null(role))
    if everybody or not pc.any(asked).as_py():
        asked = pa.chunked_array([pa.repeat(pa.scalar(True), side.rows)])
    street = pc.coalesce(home.postcode, home.street)
    unknown = pc.or_(pc.fill_null(home.communal, False), pc.is_null(street))
    nowhere = pa.scalar(None, pa.string())
    made = {
        "person_id": side.text("person_id"),
        "group_id": group,
        "asked": asked,
        "forename": pc.replace_substring(_first_then(names.forename, names.forenames), " ", "\n"),
        "surname": pc.replace_substring(_first_then(names.surname, names.surnames), " ", "\n"),
        "birth_date": pc.coalesce(born.date.cast(pa.string()), born.text),
        "sex": sex,
        "street": pc.if_else(unknown, nowhere, street),
        "district": pc.if_else(
            unknown, nowhere, pc.coalesce(pc.utf8_slice_codeunits(home.postcode, 0, -3), home.street)
        ),
        "door": pc.if_else(unknown, nowhere, _doors(home.number, street, home.uprn)),
    }
    since = pc.fill_null(other_dates(side, "valid_from"), EVER)
    rows = pa.table(made).append_column("since", since)
    order = [
        ("person_id", "ascending"),
        ("since", "descending"),
        *((name, "ascending") for name in ("group_id", *LISTS)),
    ]
    said = [
        *said_groups,
        *said_whole,
        *said_names,
        *said_births,
        *([f"sex on the file: {said_sex}"] if said_sex else []),
        *said_homes,
    ]
    return rows.sort_by(order), said


def _first_then(first: pa.ChunkedArray, every: pa.ChunkedArray) -> pa.ChunkedArray:
    joined = pc.binary_join_element_wise(pc.fill_null(first, ""), every, " ", null_handling="skip")
    return pc.if_else(pc.is_valid(first), joined, pa.scalar(None, pa.string()))


def _doors(number: pa.ChunkedArray, street: pa.ChunkedArray, uprn: pa.ChunkedArray) -> pa.ChunkedArray:
    """The dwelling by its number and postcode or street; by its property number where there is no other.

    Both would be one more place to agree in for those alone whose property number is known, and would tell them apart.
    """
    return pc.coalesce(
        pc.binary_join_element_wise("N", number, street, "|"), pc.binary_join_element_wise("U", uprn, "|")
    )


def _once(by_id: Mapping[str, Mapping[str, Mapping[str, None]]]) -> list[list[str]]:
    """The ids of each record: those of one first forename, one surname and one birth date together, every other alone."""
    together: dict[tuple[str, ...], list[str]] = {}
    for one in sorted(by_id):
        said = by_id[one]
        key = tuple(next(iter(said[name]), "") for name in ("forename", "surname", "birth_date"))
        known = all(key) and len(said["birth_date"]) == 1
        together.setdefault(key if known else (one,), []).append(one)
    return list(together.values())

"""The people of households as the content room knows them: role, sex, month of birth, dates."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from hearthlink.sources.claims.household_people import household_people
from hearthlink.tables.identity import HOUSEHOLD_IDENTIFIER, HOUSEHOLD_MEMBER

IDENTIFIER = pa.Table.from_pylist(
    [
        {"household_id": "H1", "household_key": 71, "first_date": date(2018, 1, 1)},
        {"household_id": "H2", "household_key": 5, "first_date": date(2018, 1, 1)},
    ],
    schema=HOUSEHOLD_IDENTIFIER.schema,
)


def member(household: str, role: str, born: date | None, sex: str | None, **more: object) -> dict[str, object]:
    return {
        "household_id": household,
        "member_id": f"{household}|{role}{born}",
        "role": role,
        "forename": "AAA",
        "surname": "SMITH",
        "birth_date": born,
        "sex": sex,
        **more,
    }


MEMBERS = [
    member("H2", "dependant", date(2015, 3, 31), "M", start_date=date(2018, 2, 1)),
    member("H1", "claimant", date(1985, 6, 15), "F"),
    member("H2", "claimant", None, None, end_date=date(2019, 2, 3)),
    member("H2", "dependant", date(2001, 3, 1), "F"),
    member("H1", "non_dependant", date(1960, 12, 2), "F"),
    member("H9", "claimant", date(1960, 12, 2), "F"),
]


def made(rows: list[dict[str, object]]) -> pa.Table:
    table = pa.Table.from_pylist(rows, schema=HOUSEHOLD_MEMBER.schema)
    return household_people(IDENTIFIER, table)


def test_people_are_told_by_month_of_birth_under_the_key_of_their_household() -> None:
    """A person has role, sex, month of birth and dates under the random key; nobody of a household that is not on file is told."""
    told = [tuple(row.values()) for row in made(MEMBERS).to_pylist()]
    assert told == [
        (71, 1, "claimant", "F", date(1985, 6, 1), None, None),
        (71, 2, "non_dependant", "F", date(1960, 12, 1), None, None),
        (5, 1, "claimant", None, None, None, date(2019, 2, 3)),
        (5, 2, "dependant", "F", date(2001, 3, 1), None, None),
        (5, 3, "dependant", "M", date(2015, 3, 1), date(2018, 2, 1), None),
    ]


def test_people_do_not_depend_on_the_order_of_the_rows() -> None:
    """In whatever order the members come, the rows and their numbers are the same."""
    assert made(MEMBERS[::-1]).equals(made(MEMBERS))


def test_nobody_on_file_is_no_row() -> None:
    """Without members the table is there and empty."""
    assert made([]).num_rows == 0

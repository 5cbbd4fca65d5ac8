"""The people of each household by age, sex and role, without a name: what income by size and the bedroom standard ask for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading.columns import Values, found_at, whole
from hearthlink.tables.money import HOUSEHOLD_PERSON

ROLES = pa.array(["claimant", "partner", "dependant", "non_dependant"])
"""In the order in which the people of a household are numbered."""
USED = ["household_id", "role", "birth_date", "sex", "start_date", "end_date"]


def household_people(identifier: pa.Table, *members: pa.Table) -> pa.Table:
    """The content table `household_person`, from the identity table `household_identifier` and one or more like `household_member`.

    Birth is kept to its month. People are numbered within their household by role, birth, sex and dates, never by a name or a reference:
    so the number says nothing that the row does not.
    """
    member = pa.concat_tables([table.select(USED) for table in members])
    place = found_at(member.column("household_id"), identifier.column("household_id"))
    told = pa.table(
        {
            "place": place,
            "role_no": found_at(member.column("role"), ROLES),
            "born": _month_of(member.column("birth_date")),
            "sex": member.column("sex"),
            "start_date": member.column("start_date"),
            "end_date": member.column("end_date"),
        }
    )
    told = told.filter(pc.and_(pc.is_valid(told.column("place")), pc.is_valid(told.column("role_no"))))
    told = told.sort_by([(name, "ascending") for name in told.column_names])
    households = told.column("place").to_numpy()
    first = np.r_[True, households[1:] != households[:-1]] if len(households) else np.zeros(0, bool)
    row = np.arange(len(households))
    number = row - np.maximum.accumulate(np.where(first, row, 0)) + 1
    made = told.append_column("person_no", pa.array(number, pa.int64()))
    made = made.append_column("role", ROLES.take(whole(told.column("role_no"))))
    key = whole(identifier.column("household_key")).take(whole(told.column("place")))
    return HOUSEHOLD_PERSON.conform(made.append_column("household_key", key).select(HOUSEHOLD_PERSON.names))


def _month_of(day: Values) -> Values:
    """The first day of the month of each day; Arrow's own rounding to months keeps the date type."""
    return pc.floor_temporal(day, unit="month").cast(pa.date32())

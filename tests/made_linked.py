"""A tiny linked study as tables, for the tests of de-identification: one child, one household, and what a test changes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from hearthlink.deidentify import deidentify
from hearthlink.deidentify.deidentify import READS
from hearthlink.engine import Engine, open_engine
from hearthlink.tables.catalogue import ALL_TABLES

YEAR = {"year_start": date(2019, 4, 1), "year_end": date(2020, 3, 31)}
DAY = date(2019, 9, 10)
Row = dict[str, Any]
OPENED = ExitStack()


def names(prefix: str = "p") -> Callable[[str, Sequence[str]], list[str]]:
    """Distinct names that never repeat between calls."""
    made = [0]

    def new(_kind: str, ids: Sequence[str]) -> list[str]:
        made[0] += len(ids)
        return [f"{prefix}{number:06}" for number in range(made[0] - len(ids), made[0])]

    return new


def table(name: str, *rows: Row) -> pa.Table:
    """A table of the data dictionary; columns that a row leaves out are empty."""
    spec = ALL_TABLES[name]
    return pa.Table.from_pylist(
        [{column: row.get(column) for column in spec.names} for row in rows], schema=spec.schema
    )


def world(**changes: tuple[Row, ...]) -> dict[str, pa.Table]:
    """One child, AAA, linked with certainty to household H1, which has an award in payment; changes replace whole tables."""
    rows: dict[str, tuple[Row, ...]] = {
        "child_identifier": (
            {"child_id": "AAA", "child_key": 7, "birth_date": date(2010, 9, 11), "birth_date_estimated": False,
             "restricted": False, "unborn": False},
        ),
        "child_referral": ({"child_id": "AAA", "referral_date": DAY},),
        "child": ({"child_key": 7, "sex": "F", "ethnicity": "CHNE", "disabled": False, "unborn": False},),
        "referral": ({"child_key": 7, "referral_no": 1, "referral_date": DAY, "in_year": True, "primary_need": "N1"},),
        "person": (
            {"person_no": 1, "side": "child", "group_id": "F1", "record_id": "AAA", "role": "child", "forename": "AAA",
             "surname": "AAA", "birth_date_weak": False},
        ),
        "place": (
            {"side": "child", "owner_id": "AAA", "start_date": date(2018, 1, 1), "postcode": "ZZ11ZZ", "communal": False},
            {"side": "member", "owner_id": "H1", "postcode": "ZZ12ZZ", "communal": False},
        ),
        "postcode_area": ({"postcode": "ZZ11ZZ", "lsoa": "E1", "imd_decile": 3, "idaci_decile": 4},),
        "household_identifier": (
            {"household_id": "H1", "household_key": 1, "first_date": date(2018, 1, 1)},
            {"household_id": "H2", "household_key": 2, "first_date": date(2018, 1, 1)},
        ),
        "link": (
            {"child_id": "AAA", "family_id": "F1", "outcome": "listed", "household_id": "H1", "member_id": "H1-1",
             "p_household": 1.0, "p_person": 1.0, "p_none": 0.0},
        ),
        "candidate_posterior": (
            {"child_id": "AAA", "rank": 0, "probability": 0.0, "p_member": 0.0},
            {"child_id": "AAA", "rank": 1, "household_id": "H1", "member_id": "H1-1", "probability": 1.0, "p_member": 1.0},
        ),
        "link_draw": ({"child_id": "AAA", "ranks": [1, 1, 0]},),
        "link_quality": ({"child_id": "AAA", "sure": "certain", "expected_right": 1.0, "expected_on_file": 1.0},),
        "award": (award(),),
    }  # fmt: skip
    rows |= changes
    return {name: table(name, *rows.get(name, ())) for name in READS}


def award(**changes: object) -> Row:
    """An award in payment to household H1 from long before the referral."""
    return {
        "household_key": 1, "benefit": "hb", "start_date": date(2018, 4, 1), "status": "in_payment", "weekly_pence": 9_000,
    } | changes  # fmt: skip


@cache
def engine() -> Engine:
    """One engine for all tests, since a thousand would take minutes to open. De-identification leaves nothing in it."""
    return OPENED.enter_context(open_engine(threads=1))


def crossed(tables: Mapping[str, pa.Table], year: Mapping[str, date] = YEAR) -> dict[str, list[Row]]:
    """The rows of every research table, by its name without `research_`."""
    made = deidentify(
        engine(), tables, year_start=year["year_start"], year_end=year["year_end"], new_pseudonyms=names()
    )
    return {name.removeprefix("research_"): rows.to_pylist() for name, rows in made.items()}

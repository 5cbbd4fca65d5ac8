"""The worked example of a measure: a few rows of one household, and what they come to, month by month. Each is also its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.money import MONEY_TABLES

Row = Mapping[str, object]
YEAR_START = date(2019, 4, 1)
"""Month 1 of every example is April 2017, and month 25 April 2019."""
HOUSEHOLD = 1
"""The key of the household, where a row says no other."""
READ = (
    "award", "household_fact", "household_period", "household_followed", "household_home", "household_person", "universal_credit",
    "homelessness", "temporary_accommodation", "rent_account", "rent_balance", "housing_payment", "council_tax_arrear", "month_covered",
)  # fmt: skip
"""The content tables that measures are made from."""
SPECS = {spec.name: spec for spec in (*CONTENT_TABLES, *MONEY_TABLES) if spec.name in READ}


@dataclass(frozen=True, slots=True)
class Example:
    """What rows of a household come to. A column that a row leaves out is empty in it; a table that is left out has no rows.

    `by_month` holds the value of the state `column` in some months, by number: None is *not seen*. `events` are all the events of the
    measure's own kinds that the household has, each by kind, month and dose, in order of time.
    """

    measure: str
    says: str
    rows: Mapping[str, tuple[Row, ...]]
    column: str = ""
    by_month: Mapping[int, object] = field(default_factory=dict[int, object])
    events: tuple[tuple[str, int, int | None], ...] = ()


def example_tables(rows: Mapping[str, tuple[Row, ...]]) -> dict[str, pa.Table]:
    """Every content table that measures read, holding the rows of an example. Each household has its row of `household_fact`."""
    keyed = {
        name: [{"household_key": HOUSEHOLD, **row} if name != "month_covered" else dict(row) for row in told]
        for name, told in rows.items()
    }
    keys = sorted({key for told in keyed.values() for row in told if isinstance(key := row.get("household_key"), int)})
    plain = {"has_dependants": True, "has_partner": False, "credit_only": False}
    keyed.setdefault("household_fact", [{"household_key": key, **plain} for key in keys])
    return {name: pa.Table.from_pylist(keyed.get(name, []), schema=spec.schema) for name, spec in SPECS.items()}


def claim(start: date, end: date | None = None, *, benefit: str = "hb", status: str = "in_payment") -> Row:
    """A row of `award`: a claim in payment unless said otherwise."""
    return {"benefit": benefit, "start_date": start, "end_date": end, "status": status}

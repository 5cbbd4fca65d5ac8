"""A worked example worked out: the rows of it go through the very door that a study's go through."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hearthlink.engine import Engine
from hearthlink.measures.example import YEAR_START, Example, example_tables
from hearthlink.measures.measure import measure
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import EVENTS
from hearthlink.tables.record import COMPARATOR

POUNDS = {"before": 300, "after": 250}
"""The poverty lines of every example, pounds a week for a couple without children, in each year."""
YEARS = range(2017, 2021)


def lines() -> pa.Table:
    """The table `comparator` of the examples, whose figures are made up."""
    rows = [
        {
            "measure": "poverty_line",
            "area": "K02000001",
            "year": str(year),
            "definition": "relative",
            "housing_costs": costs,
            "value": float(pounds * 100),
            "unit": "pence a week",
            "source": "made up for the examples",
        }
        for year in YEARS
        for costs, pounds in POUNDS.items()
    ]
    return pa.Table.from_pylist(rows, schema=COMPARATOR.schema)


def worked(engine: Engine, example: Example) -> tuple[dict[int, object], tuple[tuple[str, int, int | None], ...]]:
    """The value of the example's state in each month that it names, and every event of the kinds of its measure.

    A month that was not observed has no value, as one in which the state is not seen.
    """
    made = measure(engine, example_tables(example.rows), year_start=YEAR_START, comparator=lines())
    by_month: dict[int, object] = {month: None for month in example.by_month}  # noqa: C420
    for row in made["household_state"].to_pylist():
        for month in range(row["first_month"], row["last_month"] + 1):
            if month in by_month:
                by_month[month] = row[example.column]
    kinds = kinds_of(example)
    events = [row for row in made["household_event"].to_pylist() if row["kind"] in kinds]
    return by_month, tuple((row["kind"], row["month"], row["dose"]) for row in events)


def kinds_of(example: Example) -> tuple[str, ...]:
    """The kinds of event that an example is about: those of its measure, or the one that it names."""
    told: Mapping[str, tuple[str, ...]] = {name: one.columns for name, one in MEASURES.items()}
    return tuple(kind for kind in told.get(example.measure, (example.measure,)) if kind in EVENTS)

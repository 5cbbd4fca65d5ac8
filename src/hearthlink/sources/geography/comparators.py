"""Published figures to compare with: those that come with Hearthlink, and the council's own, each with its source and its year.

Every figure keeps where it comes from; none is ever typed into the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.figures import FIGURE_TABLES, POPULATION
from hearthlink.sources.intake.taking import take
from hearthlink.sources.reading.columns import matches, only
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.tabular import find_tabular, open_tabular
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.tables.record import COMPARATOR

UNITS = {"population": "people", "low_income_children": "share", "poverty_line": "pence a week"}
OWN, SHIPPED = "comparators", "comparators that come with Hearthlink"
ESTIMATES = re.compile(r"population_(20\d\d)")
ESTIMATED_BY = "ONS, mid-year population estimates"
KEY = ("measure", "area", "year", "age_from", "age_to", "definition", "housing_costs")


def read_comparators(folder: Path | None) -> tuple[pa.Table, tuple[Tally, ...]]:
    """Table `comparator`, in order of its key, and the tallies of the council's own files. A figure of the council's own takes the place of one that comes with us.

    Raises DataProblem where a file of the folder lacks a column that its table needs.
    """
    own = list(_own(folder)) if folder is not None else []
    mine = pa.concat_tables([COMPARATOR.empty(), *(table for table, _ in own)])
    keys = pa.array([_key(row) for row in mine.to_pylist()], pa.string())
    whole = pa.concat_tables([mine, *(_but(table, keys) for table, _ in _shipped())])
    return whole.sort_by([(name, "ascending") for name in (*KEY, "source", "value")]), tuple(told for _, told in own)


def _but(table: pa.Table, keys: pa.Array) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(pa.array([_key(row) for row in table.to_pylist()], pa.string()), keys)))


def _key(row: dict[str, object]) -> str:
    return "\x1f".join(str(row[name]) for name in KEY)


def _own(folder: Path) -> Iterator[tuple[pa.Table, Tally]]:
    for table in FIGURE_TABLES:
        for stem in table.stems:
            path = find_tabular(folder, stem)
            if path is not None:
                yield _read(open_tabular(path, OWN), table)


def _shipped() -> Iterator[tuple[pa.Table, Tally]]:
    for table in FIGURE_TABLES:
        figures = files("hearthlink.sources.geography") / "figures" / f"{table.name}.csv"
        if figures.is_file():
            with as_file(figures) as path:
                yield _read(open_tabular(path, SHIPPED), table)


def _read(tabular: Tabular, table: IntakeTable) -> tuple[pa.Table, Tally]:
    if table is POPULATION and any(ESTIMATES.fullmatch(normal(header)) for header in tabular.headers):
        return _estimates(tabular)
    taken = take(tabular, table)
    held = taken.table
    return _conformed(table.name, {name: held.column(name) for name in held.column_names}), taken.tally


def _estimates(tabular: Tabular) -> tuple[pa.Table, Tally]:
    """The ONS's own layout: a row for each area, sex and age, a column for each year. Both sexes are added together."""
    held = [normal(header) for header in tabular.headers]
    area = next(
        (place for place, header in enumerate(held) if re.fullmatch(r"lad(code)?\d\d(cd)?|area_code", header)), None
    )
    years = {found[1]: place for place, header in enumerate(held) if (found := ESTIMATES.fullmatch(header))}
    if area is None or "age" not in held:
        raise DataProblem(
            "The columns of area and age are missing.",
            file=tabular.file,
            line=tabular.first_line - 1,
            remedy="Use the ONS mid-year estimates with a column for each year, or the layout of the page on comparators.",
        )
    sheet = tabular.read({"area": area, "age": held.index("age"), **years})
    age = sheet.table.column("age")
    aged = only(age, matches(age, r"^\d{1,3}$")).cast(pa.int64())
    parts: list[pa.Table] = []
    for year in sorted(years):
        people = sheet.table.column(year)
        number = only(people, matches(people, r"^\d{1,9}(\.\d+)?$")).cast(pa.float64())
        rows = pa.table({"area": sheet.table.column("area"), "age_from": aged, "value": number})
        there = rows.filter(pc.and_(pc.and_(pc.is_valid(rows.column("area")), pc.is_valid(aged)), pc.is_valid(number)))
        summed = there.group_by(["area", "age_from"], use_threads=False).aggregate([("value", "sum")])
        parts.append(
            _conformed(
                POPULATION.name,
                {
                    "area": summed.column("area"),
                    "year": pa.array([year] * summed.num_rows, pa.string()),
                    "age_from": summed.column("age_from"),
                    "value": summed.column("value_sum"),
                    "source": pa.array([ESTIMATED_BY] * summed.num_rows, pa.string()),
                },
            )
        )
    counted = Tally(tabular.source, tabular.file, tabular.sha256, sheet.rows_in, dict(sheet.refused))
    return pa.concat_tables(parts), counted


def _conformed(measure: str, held: dict[str, pa.ChunkedArray]) -> pa.Table:
    rows = len(held["area"])
    made = {
        "measure": pa.array([measure] * rows, pa.string()),
        "unit": pa.array([UNITS[measure]] * rows, pa.string()),
        **held,
    }
    if measure == POPULATION.name:
        made["age_to"] = pc.coalesce(held.get("age_to", pa.nulls(rows, pa.int64())), held["age_from"])
    columns = {c.name: made.get(c.name, pa.nulls(rows)) for c in COMPARATOR.columns}
    return COMPARATOR.conform(pa.table({name: _as(column, name) for name, column in columns.items()}))


def _as(column: pa.Array | pa.ChunkedArray, name: str) -> pa.Array | pa.ChunkedArray:
    return column.cast(COMPARATOR.schema.field(name).type)

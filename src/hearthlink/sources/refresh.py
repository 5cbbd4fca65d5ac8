"""A study's extracts received again: who was there before keeps their key, and what came, went or changed is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.sources.reading.columns import found_at, whole
from hearthlink.tables.record import REFRESH

KEYED = {"child_key": ("child_identifier", "child_id"), "household_key": ("household_identifier", "household_id")}
"""Each random key, and the table and id that it stands beside: the one place where the two meet."""

UNDER = {"child_key": ("child_key",), "household_key": ("household_key", "follows_key", "first_key")}
"""The columns in which each key stands: a household also names the one that it follows."""


def with_earlier_keys(made: Mapping[str, pa.Table], earlier: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables, those whom the earlier ones know under the keys they had then; the others keep their new ones."""
    tables = dict(made)
    for key, (name, known_by) in KEYED.items():
        before, now = earlier[name], tables[name]
        fresh = whole(now.column(key))
        row = found_at(now.column(known_by), before.column(known_by))
        kept = pc.coalesce(whole(before.column(key)).take(row), fresh)
        for other, table in tables.items():
            held = table
            for place, column in enumerate(table.column_names):
                if column in UNDER[key]:
                    # A household known from Universal Credit alone stands beside no id, and keeps the key it was given.
                    there = whole(table.column(column))
                    renamed = pc.coalesce(kept.take(found_at(there, fresh)), there)
                    held = held.set_column(place, table.schema.field(column), renamed)
            tables[other] = held
    return tables


def keys_of(earlier: Mapping[str, pa.Table]) -> frozenset[int]:
    """Every key that is taken."""
    return frozenset(value for key, (name, _) in KEYED.items() for value in earlier[name].column(key).to_pylist())


def changes(engine: Engine, made: Mapping[str, pa.Table], earlier: Mapping[str, pa.Table]) -> pa.Table:
    """Table `refresh`: for each table how many of whom it is about were added, changed or withdrawn since the last time.

    Whom a table is about is told by its first column, a child or a household. No rows where there was no last time.
    """
    if not any(table.num_rows for table in earlier.values()):
        return REFRESH.empty()
    # A table that an earlier version of Hearthlink wrote with other columns cannot be compared.
    alike = sorted(
        name for name, table in earlier.items() if name in made and table.schema.names == made[name].schema.names
    )
    rows = [_changed(engine, name, made[name], earlier[name]) for name in alike]
    return REFRESH.conform(pa.Table.from_pylist(rows, schema=REFRESH.schema))


def _changed(engine: Engine, name: str, now: pa.Table, before: pa.Table) -> dict[str, object]:
    about = now.column_names[0]
    if now.equals(before):
        none = dict.fromkeys(("added", "changed", "withdrawn"), 0)
        return {"table": name, "about": about, **none, "unchanged": _subjects(now, about)}
    engine.put("refresh_now", now)
    engine.put("refresh_before", before)
    (counted,) = engine.fetch(_question(about, now.column_names)).to_pylist()
    engine.drop("refresh_now", "refresh_before")
    return {"table": name, "about": about, **{column: int(value or 0) for column, value in counted.items()}}


def _subjects(table: pa.Table, about: str) -> int:
    return int(pc.count_distinct(table.column(about)).as_py())


def _question(about: str, columns: Sequence[str]) -> Query:
    """Counts whom the two tables are about, by whether both know them and say the same of them. The same row twice is not once."""
    said = ", ".join(columns)
    return Query(
        writes="refresh_counted",
        reads=("refresh_now", "refresh_before"),
        sql=f"""
            WITH now_rows AS (SELECT {said}, count(*) AS times FROM refresh_now GROUP BY {said}),
            before_rows AS (SELECT {said}, count(*) AS times FROM refresh_before GROUP BY {said}),
            unlike AS (
                SELECT {about} AS subject FROM (SELECT * FROM now_rows EXCEPT SELECT * FROM before_rows) AS come
                UNION
                SELECT {about} AS subject FROM (SELECT * FROM before_rows EXCEPT SELECT * FROM now_rows) AS gone
            ),
            known AS (
                SELECT coalesce(n.subject, b.subject) AS subject, n.subject IS NOT NULL AS is_now, b.subject IS NOT NULL AS was_before
                FROM (SELECT DISTINCT {about} AS subject FROM refresh_now) AS n
                FULL JOIN (SELECT DISTINCT {about} AS subject FROM refresh_before) AS b ON n.subject = b.subject
            )
            SELECT
                count_if(is_now AND NOT was_before) AS added,
                count_if(is_now AND was_before AND u.subject IS NOT NULL) AS changed,
                count_if(was_before AND NOT is_now) AS withdrawn,
                count_if(is_now AND was_before AND u.subject IS NULL) AS unchanged
            FROM known AS k LEFT JOIN unlike AS u ON u.subject = k.subject
        """,
    )  # fmt: skip

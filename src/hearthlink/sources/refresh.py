"""A study's extracts received again: who was there before keeps their key, and what came, went or changed is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.sources.reading.columns import found_at, whole
from hearthlink.tables.money import UNIVERSAL_CREDIT
from hearthlink.tables.record import REFRESH

KEYED = {"child_key": ("child_identifier", "child_id"), "household_key": ("household_identifier", "household_id")}
"""Each random key, and the table and id that it stands beside: the one place where the two meet."""

UNDER = {"child_key": ("child_key",), "household_key": ("household_key", "follows_key", "first_key")}
"""The columns in which each key stands: a household also names the one that it follows."""

ALONE = "household_key"
NOT_SAID = (ALONE, "award_no")
"""What of an award tells the household by its place among others, and not by itself."""


def with_earlier_keys(made: Mapping[str, pa.Table], earlier: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables, those whom the earlier ones know under the keys they had then; the others keep their new ones."""
    tables = dict(made)
    for key, (name, known_by) in KEYED.items():
        before, now = earlier[name], tables[name]
        fresh = whole(now.column(key))
        row = found_at(now.column(known_by), before.column(known_by))
        kept = pc.coalesce(whole(before.column(key)).take(row), fresh)
        if key == ALONE:
            alone, known = _alone(made, earlier)
            fresh, kept = pa.concat_arrays([fresh, alone]), pa.concat_arrays([kept, known])
        for other, table in tables.items():
            held = table
            for place, column in enumerate(table.column_names):
                if column in UNDER[key]:
                    there = whole(table.column(column))
                    renamed = pc.coalesce(kept.take(found_at(there, fresh)), there)
                    held = held.set_column(place, table.schema.field(column), renamed)
            tables[other] = held
    return tables


def keys_of(earlier: Mapping[str, pa.Table]) -> frozenset[int]:
    """Every key that is taken."""
    taken = {value for key, (name, _) in KEYED.items() for value in earlier[name].column(key).to_pylist()}
    return frozenset(taken | set(_credits_alone(earlier).column(ALONE).to_pylist()))


def _alone(made: Mapping[str, pa.Table], earlier: Mapping[str, pa.Table]) -> tuple[pa.Array, pa.Array]:
    """Keys of households known from Universal Credit alone, and those that they had earlier.

    They stand beside no id. What tells one is an award for a period that no other household has to the penny: the earlier key is kept where
    all such awards of both point to each other.
    """
    now, before = (_told_once(_credits_alone(tables)) for tables in (made, earlier))
    row = found_at(now.column("said"), before.column("said"))
    pairs = pa.table({"now": whole(now.column(ALONE)), "before": whole(before.column(ALONE)).take(row)})
    pairs = (
        pairs.filter(pc.is_valid(pairs.column("before"))).group_by(["now", "before"], use_threads=False).aggregate([])
    )
    for side, other in (("now", "before"), ("before", "now")):
        several = pairs.group_by(side, use_threads=False).aggregate([(other, "count")])
        several = several.filter(pc.equal(several.column(f"{other}_count"), 1))
        pairs = pairs.filter(pc.is_in(pairs.column(side), value_set=whole(several.column(side))))
    return whole(pairs.column("now")), whole(pairs.column("before"))


def _credits_alone(tables: Mapping[str, pa.Table]) -> pa.Table:
    """The awards of Universal Credit of households that no claim is on file for."""
    credit = tables.get(UNIVERSAL_CREDIT.name, UNIVERSAL_CREDIT.empty())
    on_file = whole(tables["household_identifier"].column(ALONE))
    return credit.filter(pc.invert(pc.is_in(credit.column(ALONE), value_set=on_file)))


def _told_once(credit: pa.Table) -> pa.Table:
    """The key beside all else that an award says, where no other award says it."""
    columns = [column for name, column in zip(credit.column_names, credit.columns, strict=True) if name not in NOT_SAID]
    said = [pc.fill_null(whole(column).cast(pa.string()), "") for column in columns]
    told = pa.table({ALONE: credit.column(ALONE), "said": pc.binary_join_element_wise(*said, "|")})
    counted = told.group_by("said", use_threads=False).aggregate([(ALONE, "count")])
    once = counted.filter(pc.equal(counted.column(f"{ALONE}_count"), 1)).column("said")
    return told.filter(pc.is_in(told.column("said"), value_set=whole(once)))


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

"""A query in DuckDB's dialect said again in Spark's, so that it means the same and its columns have the same types.

sqlglot carries the grammar and the order of missing values. What it leaves different is mended here, node by node.
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hearthlink.engine.database import Fault
from hearthlink.engine.spark_measures import MEASURES, OURS

WHOLE = (exp.Year, exp.Month, exp.Day, exp.Length, exp.ArraySize, exp.RowNumber, exp.Rank, exp.DenseRank)
"""Words whose values are whole numbers of 64 bits in DuckDB and of 32 in Spark."""

MEASURED: dict[type[exp.Expr], str] = {
    exp.JarowinklerSimilarity: "jaro_winkler_similarity",
    exp.Levenshtein: "levenshtein",
}
"""Words that are asked of an Arrow function and that sqlglot knows by a class of its own."""


@cache
def in_spark(sql: str) -> str:
    """The query in Spark's dialect. Raises Fault where it holds what cannot be carried over with the same meaning."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        for node in reversed(list(tree.walk())):
            mended = _mended(node)
            if mended is not None:
                node.replace(mended)
        return tree.sql(dialect="spark")
    except SqlglotError as fault:
        kind = type(fault).__name__
    raise Fault(kind)


def _mended(node: exp.Expr) -> exp.Expr | None:
    """What stands in Spark for one node whose parts are mended already, or None where it may stay."""
    if isinstance(node, exp.CTE):
        # Each engine decides for itself whether to keep a part that is read twice; Spark cannot be told.
        node.set("materialized", None)
        return None
    if isinstance(node, exp.DateDiff):
        return _cast(exp.Anonymous(this="DATEDIFF", expressions=[node.this, node.expression]), "BIGINT")
    if isinstance(node, exp.TimeToUnix):
        return _cast(node.copy(), "DOUBLE")
    if type(node) in MEASURED:
        return _measure(MEASURED[type(node)], [node.this, node.expression])
    if isinstance(node, exp.Anonymous):
        return _named(node)
    if isinstance(node, exp.ArrayAgg):
        return _gathered(node)
    return _of_64_bits(node)


def _of_64_bits(node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.Window) and isinstance(node.this, WHOLE):
        return _cast(node.copy(), "BIGINT")
    if isinstance(node, WHOLE) and not isinstance(node.parent, exp.Window):
        return _cast(node.copy(), "BIGINT")
    return None


def _named(node: exp.Anonymous) -> exp.Expr | None:
    """A word that sqlglot has no class for."""
    name = str(node.this).lower()
    if name in MEASURES:
        return _measure(name, node.expressions)
    if name == "list_intersect":
        left, right = (each.sql(dialect="spark") for each in node.expressions)
        shared = f"ARRAY_COMPACT(ARRAY_INTERSECT({left}, COALESCE({right}, ARRAY())))"
        return sqlglot.parse_one(shared, dialect="spark")
    return _cast(node.copy(), "TINYINT") if name == "bit_count" else None


def _measure(word: str, arguments: list[exp.Expr]) -> exp.Expr:
    return exp.Anonymous(this=OURS + word, expressions=[each.copy() for each in arguments])


def _gathered(node: exp.ArrayAgg) -> exp.Expr:
    """`list(value ORDER BY keys)`. Spark gathers without order and leaves missing values out; sorted structs do neither."""
    order = node.this
    ascending = isinstance(order, exp.Order) and not any(key.args.get("desc") for key in order.expressions)
    if not ascending or isinstance(order.this, exp.Distinct) or isinstance(node.parent, exp.Filter | exp.Window):
        raise Fault("a list without a stated ascending order, or with a filter, cannot be carried to Spark")
    keys = [key.this.sql(dialect="spark") for key in order.expressions]
    sorted_by = "".join(f"'absent{n}', ISNULL({key}), 'key{n}', {key}, " for n, key in enumerate(keys))
    row = f"NAMED_STRUCT({sorted_by}'value', {order.this.sql(dialect='spark')})"
    gathered = f"TRANSFORM(ARRAY_SORT(COLLECT_LIST({row})), each -> each.value)"
    return sqlglot.parse_one(f"IF(COUNT(*) = 0, NULL, {gathered})", dialect="spark")


def _cast(node: exp.Expr, kind: str) -> exp.Expr:
    return exp.cast(node, kind, dialect="spark", copy=False)

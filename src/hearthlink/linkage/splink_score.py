"""Pairs of two files weighed by a Splink model: the same candidate pairs, levels, weights and probabilities as Splink's own.

The engine finds pairs, tells levels and counts values; the weights are sums over a few numbers for each pair, made here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.errors import DataProblem, OurFault, WrongUse
from hearthlink.linkage.model import Floats, Wholes
from hearthlink.linkage.splink_conditions import aliased, quoted
from hearthlink.linkage.splink_settings import SplinkComparison, SplinkSettings, require_columns

ROW = "row_of_file"
LEFT, RIGHT = "left_record", "right_record"


def score(
    engine: Engine, settings: SplinkSettings, left: pa.Table, right: pa.Table, pairs: pa.Table | None = None
) -> pa.Table:
    """Every candidate pair with its weights, as Splink 5 names them, in order of the rows of the left and then of the right file.

    `pairs` gives the candidates by their ids in the columns `<unique_id>_l` and `<unique_id>_r`; without it the blocking rules find
    them, and where there are none every pair is one. Columns: the two ids, match_key (number of the first rule that formed the
    pair, from 0), match_weight (bits), match_probability, and for each comparison gamma_, mw_ and, where a level has an adjustment,
    mw_tf_adj_. Raises WrongUse for a column that is not there, DataProblem for ids that repeat or types that do not suit.
    """
    sides = {LEFT: _prepared(settings, "left", left), RIGHT: _prepared(settings, "right", right)}
    for name, table in sides.items():
        engine.put(name, table)
    given = None if pairs is None else _given(settings, pairs)
    try:
        told = _told(engine, settings, given)
    except OurFault as fault:
        raise _of_type(fault) from None
    finally:
        engine.drop(
            LEFT, RIGHT, "given_pair", "pair", *(f"frequency_{n}" for n in range(len(settings.frequency_columns)))
        )
    return _weighed(settings, told, sides)


def _told(engine: Engine, settings: SplinkSettings, given: pa.Table | None) -> pa.Table:
    """The candidate pairs, by their rows, with the level of each comparison and how common their values are."""
    if given is not None:
        engine.put("given_pair", given)
    engine.run(_pairs_by_rules(settings) if given is None else _pairs_given(settings))
    for number, column in enumerate(settings.frequency_columns):
        engine.run(_frequency(number, column))
    return engine.fetch(_levels(settings))


def _of_type(fault: OurFault) -> OurFault | DataProblem:
    """The stop that a failed query stands for: where the engine could not bind or turn a type, the files are at fault and not we."""
    if not any(kind in fault.what for kind in ("BinderException", "ConversionException", "InvalidInputException")):
        return fault
    return DataProblem(
        "A column has another type than the settings compare it as.",
        remedy="Names and codes should be text, dates should be dates, in both files alike.",
    )


def _prepared(settings: SplinkSettings, side: str, table: pa.Table) -> pa.Table:
    names = require_columns(settings, side, table.column_names)
    columns = {name: table.column(there) for name, there in sorted(names.items())}
    for name in sorted(date.lower() for date in settings.dates):
        if not (pa.types.is_temporal(columns[name].type) or pa.types.is_null(columns[name].type)):
            raise DataProblem(f"The column {name} of the {side} file is no date, and the settings compare it as one.")
    ids = columns[settings.unique_id.lower()]
    if ids.null_count or len(pc.unique(ids)) < len(ids):
        raise DataProblem(
            f"The ids of the {side} file are not all there, each once.",
            column=settings.unique_id,
            remedy="Give every row an id of its own.",
        )
    made = pa.table({name: c.cast(pa.string()) if pa.types.is_null(c.type) else c for name, c in columns.items()})
    return made.append_column(ROW, pa.array(np.arange(len(ids)), pa.int64()))


def _given(settings: SplinkSettings, pairs: pa.Table) -> pa.Table:
    names = [f"{settings.unique_id}_{side}" for side in "lr"]
    if not set(names) <= set(pairs.column_names):
        raise WrongUse(f"The pairs need the columns {' and '.join(names)}.")
    return pairs.select(names).rename_columns(["left_id", "right_id"])


def _pairs_given(settings: SplinkSettings) -> Query:
    of = quoted(settings.unique_id)
    return Query(
        "pair",
        ("given_pair", LEFT, RIGHT),
        f"""
        SELECT DISTINCT l.{ROW} AS left_row, r.{ROW} AS right_row, 0 AS match_key
        FROM given_pair AS g JOIN {LEFT} AS l ON l.{of} = g.left_id JOIN {RIGHT} AS r ON r.{of} = g.right_id
        """,
    )


def _pairs_by_rules(settings: SplinkSettings) -> Query:
    rules = [rule.when for rule in settings.blocking] or ["TRUE"]
    formed = " UNION ALL ".join(
        f"SELECT l.{ROW} AS left_row, r.{ROW} AS right_row, {number} AS match_key FROM {LEFT} AS l JOIN {RIGHT} AS r ON ({when})"
        for number, when in enumerate(rules)
    )
    return Query(
        "pair",
        (LEFT, RIGHT),
        f"SELECT left_row, right_row, min(match_key) AS match_key FROM ({formed}) AS formed GROUP BY left_row, right_row",
    )


def _frequency(number: int, column: str) -> Query:
    """The share of each value among all values of both files together."""
    of = quoted(column)
    return Query(
        f"frequency_{number}",
        (LEFT, RIGHT),
        f"""
        WITH both_files AS (SELECT {of} AS held FROM {LEFT} UNION ALL SELECT {of} AS held FROM {RIGHT})
        SELECT held, count(*) / cast(sum(count(*)) OVER () AS DOUBLE) AS share
        FROM both_files WHERE held IS NOT NULL GROUP BY held
        """,
    )


def _levels(settings: SplinkSettings) -> Query:
    told = [f"{comparison.case} AS level_{number}" for number, comparison in enumerate(settings.comparisons)]
    joins: list[str] = []
    for number, column in enumerate(settings.frequency_columns):
        for side in "lr":
            name = f"f{number}{side}"
            told.append(f"{name}.share AS share_{number}_{side}")
            joins.append(f"LEFT JOIN frequency_{number} AS {name} ON {name}.held = {aliased(column, side)}")
    return Query(
        "level",
        ("pair", LEFT, RIGHT),
        f"""
        SELECT left_row, right_row, match_key, {", ".join(told)}
        FROM pair JOIN {LEFT} AS l ON l.{ROW} = left_row JOIN {RIGHT} AS r ON r.{ROW} = right_row {" ".join(joins)}
        ORDER BY left_row, right_row
        """,
    )


def _weighed(settings: SplinkSettings, told: pa.Table, sides: dict[str, pa.Table]) -> pa.Table:
    total = np.full(told.num_rows, settings.prior_weight)
    parts: dict[str, pa.Array] = {}
    for number, comparison in enumerate(settings.comparisons):
        gamma = told.column(f"level_{number}").to_numpy().astype(np.int64)
        weight = _weights(comparison)[gamma + 1]
        total = total + weight
        parts |= {f"gamma_{comparison.column}": pa.array(gamma), f"mw_{comparison.column}": pa.array(weight)}
        if any(level.frequency is not None for level in comparison.levels):
            adjustment = _adjustment(settings, comparison, gamma, told)
            total = total + adjustment
            parts[f"mw_tf_adj_{comparison.column}"] = pa.array(adjustment)
    of = settings.unique_id
    return pa.table(
        {
            f"{of}_l": sides[LEFT].column(of.lower()).take(told.column("left_row")),
            f"{of}_r": sides[RIGHT].column(of.lower()).take(told.column("right_row")),
            "match_key": told.column("match_key").cast(pa.int64()),
            "match_weight": pa.array(total),
            "match_probability": pa.array(probability(total)),
            **parts,
        }
    )


def _weights(comparison: SplinkComparison) -> Floats:
    """Bits of each level, at its number plus 1."""
    weights = np.zeros(len(comparison.levels) + 1)
    for level, number in zip(comparison.levels, comparison.numbers, strict=True):
        weights[number + 1] = level.weight
    return weights


def _adjustment(settings: SplinkSettings, comparison: SplinkComparison, gamma: Wholes, told: pa.Table) -> Floats:
    """Bits added for how common the values are (pairs,). A value counted on one side alone stands for both; on neither, nothing is added."""
    bits = np.zeros(len(gamma))
    for level, number in zip(comparison.levels, comparison.numbers, strict=True):
        if level.frequency is None:
            continue
        column = settings.frequency_columns.index(level.frequency.column)
        left, right = (
            told.column(f"share_{column}_{side}").cast(pa.float64()).fill_null(np.nan).to_numpy() for side in "lr"
        )
        share = np.fmax(left, right)
        known = (gamma == number) & ~np.isnan(share)
        share = np.maximum(share[known], level.frequency.least)
        bits[known] = level.frequency.weight * (np.log2(level.frequency.base) - np.log2(share))
    return bits


def probability(bits: Floats) -> Floats:
    """The probability that goes with log2 odds, without overflow at either end: shape as given."""
    small = np.exp2(-np.abs(bits))
    return np.where(bits >= 0, 1.0 / (1.0 + small), small / (1.0 + small))

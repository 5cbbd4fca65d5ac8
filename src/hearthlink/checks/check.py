"""Count what every card looks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from hearthlink.checks import addresses, births, claims, joining, money, referrals
from hearthlink.checks.card import Card
from hearthlink.engine import Engine, Query
from hearthlink.errors import OurFault
from hearthlink.tables.record import FINDING

CARDS: tuple[Card, ...] = (
    *joining.CARDS, *referrals.CARDS, *births.CARDS, *claims.CARDS, *money.CARDS, *addresses.CARDS,
)  # fmt: skip
"""Every check, in the order of the finding table."""

_YEAR = "census_year"
_MONTH = "census_month"


def check(engine: Engine, tables: Mapping[str, pa.Table], *, year_start: date, year_end: date) -> pa.Table:
    """Table `finding`: for every card what it looked at and what it found. Counts only; no row names a record.

    Raises OurFault where a table that a card is about is not given.
    """
    return findings(engine, tables, CARDS, year_start=year_start, year_end=year_end)


def findings(
    engine: Engine, tables: Mapping[str, pa.Table], cards: tuple[Card, ...], *, year_start: date, year_end: date
) -> pa.Table:
    """Table `finding` for some of the cards."""
    needed = sorted({table for card in cards for table in card.tables})
    missing = [name for name in needed if name not in tables]
    if missing:
        raise OurFault(f"The checks were not given the tables {', '.join(missing)}.")
    for name in needed:
        engine.put(name, tables[name])
    engine.put(_YEAR, _spans([(year_start, year_end)]))
    engine.put(_MONTH, _spans(_months(year_start, year_end)))
    rows = [_finding(engine, card) for card in cards]
    engine.drop(*needed, _YEAR, _MONTH)
    return FINDING.conform(pa.Table.from_pylist(rows, schema=FINDING.schema))


def question(card: Card) -> Query:
    """The card as a query."""
    return Query(writes=f"finding_{card.code}", reads=(*card.tables, _YEAR, _MONTH), sql=card.sql)


def _finding(engine: Engine, card: Card) -> dict[str, object]:
    (counted,) = engine.fetch(question(card)).to_pylist()
    return {
        "code": card.code,
        "severity": card.severity.value,
        "says": card.says,
        "looked_at": int(counted["looked_at"]),
        # On no rows at all DuckDB's count_if is empty and Spark's is nought.
        "found": int(counted["found"] or 0),
        "remedy": card.remedy,
    }


def _spans(spans: list[tuple[date, date]]) -> pa.Table:
    return pa.table(
        {
            "start_date": pa.array([start for start, _ in spans], pa.date32()),
            "end_date": pa.array([end for _, end in spans], pa.date32()),
        }
    )


def _months(year_start: date, year_end: date) -> list[tuple[date, date]]:
    """The calendar months from the first day to the last."""
    months: list[tuple[date, date]] = []
    first = year_start
    while first <= year_end:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        months.append((first, following - timedelta(days=1)))
        first = following
    return months

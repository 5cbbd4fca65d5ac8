"""What is known of the households of a grid, worked out once for every measure that asks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from hearthlink.measures.circumstances import Circumstances, circumstances
from hearthlink.measures.income import Income, income
from hearthlink.measures.months import Grid
from hearthlink.measures.payments import Credit, Paid, credit, paid
from hearthlink.measures.people import People, people


@dataclass(frozen=True, slots=True)
class Known:
    """Households by months: their claims' circumstances, each benefit, their people and their income."""

    grid: Grid
    tables: Mapping[str, pa.Table]
    claims: Circumstances
    housing: Paid
    support: Paid
    credit: Credit
    people: People
    income: Income


def known_of(grid: Grid, tables: Mapping[str, pa.Table]) -> Known:
    """All of it, from the content tables."""
    claims = circumstances(grid, tables)
    housing, support = paid(grid, tables, "hb"), paid(grid, tables, "cts")
    awards = credit(grid, tables, claims)
    came = income(grid, tables, claims, housing, awards)
    return Known(grid, tables, claims, housing, support, awards, people(grid, tables), came)

"""Low income: equivalised income against the poverty line of the year, before and after housing costs.

The line comes from the table `comparator`, the council's own or the one that comes with Hearthlink: pence a week for a couple without
children. Where none is given for a year, nothing is said of its months. A year is one from April.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hearthlink.measures.known import Known
from hearthlink.measures.months import UNKNOWN, Grid, Whole
from hearthlink.measures.people import AFTER_COSTS, BEFORE_COSTS
from hearthlink.tables.measures import MONTHS

WHOLE_COUNTRY = "K02000001"
"""The United Kingdom, for which the official lines are drawn; an area's own line is taken where there is none for all."""
BANDS = (70, 100, 130)
"""Hundredths of the line at which the next band of income begins: well under it, under it, little above, above."""
UNDER = 2
"""The last band that is under the line."""


def lines(grid: Grid, comparator: pa.Table, housing_costs: str) -> Whole:
    """The poverty line of each month, pence a week for a couple; `UNKNOWN` where none is given. Relative lines alone."""
    found: dict[int, tuple[bool, str, int]] = {}
    for row in comparator.to_pylist():
        if row["measure"] != "poverty_line" or row["housing_costs"] != housing_costs:
            continue
        if row["definition"] not in (None, "relative"):
            continue
        year = int(str(row["year"])[:4])
        rank = (str(row["area"]) != WHOLE_COUNTRY, str(row["area"]), round(float(row["value"])))
        found[year] = min(found.get(year, rank), rank)
    first = grid.year_start.year - 2
    return np.array(
        [found[first + m // 12][2] if first + m // 12 in found else UNKNOWN for m in range(MONTHS)], np.int64
    )


def banded(weekly: Whole, size: Whole, line: Whole) -> npt.NDArray[np.int8]:
    """The band of income, 1 to 4, against the line of the month; -1 where income, size or line is not known."""
    known = (weekly != UNKNOWN) & (size != UNKNOWN) & (line != UNKNOWN)
    band = np.ones(weekly.shape, np.int64)
    for hundredths in BANDS:
        # Income over size in hundredths of a couple, against hundredths of the line, by whole numbers alone.
        band += weekly * 100 * 100 >= hundredths * line * size
    return np.where(known, band, -1).astype(np.int8)


def states(known: Known, comparator: pa.Table) -> dict[str, npt.NDArray[np.int8]]:
    """Bands of income and low income, before and after housing costs."""
    made: dict[str, npt.NDArray[np.int8]] = {}
    for costs, weekly, scale in (
        ("before", known.income.before, BEFORE_COSTS),
        ("after", known.income.after, AFTER_COSTS),
    ):
        band = banded(weekly, known.people.size(scale), lines(known.grid, comparator, costs))
        made[f"income_{costs}_costs"] = band
        made[f"low_income_{costs}_costs"] = np.where(band < 0, -1, band <= UNDER).astype(np.int8)
    return made

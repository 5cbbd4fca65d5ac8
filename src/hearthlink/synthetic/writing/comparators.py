"""Poverty lines to measure the invented incomes against, as a council would lay its own beside its extracts. They are as made up as the people."""

from __future__ import annotations

from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing.text import Part, pounds, rows

FILE = "in/comparators/poverty_line.csv"
COLUMNS = ("area", "year", "definition", "housing_costs", "value", "source")
COUNTRY = "K02000001"
SOURCE = "Made up for the practice authority; published by nobody"
FIRST = {"before": 31_000, "after": 26_500}
"""Pence a week for a couple without children two years before the census year; each year's is a fiftieth more than the last."""
YEARS = (-2, -1, 0, 1)


def begin(settings: Settings) -> dict[str, bytes]:
    """The whole file: a line before and after housing costs for each year that the study looks at."""
    first = settings.year_start.year
    told = [
        (
            COUNTRY,
            f"{first + year}-{(first + year + 1) % 100:02d}",
            "relative",
            costs,
            pounds(_line(pence, year)),
            SOURCE,
        )
        for year in YEARS
        for costs, pence in FIRST.items()
    ]
    return {FILE: rows([COLUMNS, *told])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """Nothing: no ward adds to it."""
    return {FILE: Part(b"")}


def _line(pence: int, year: int) -> int:
    for _ in range(YEARS[0], year):
        pence += pence // 50
    return pence

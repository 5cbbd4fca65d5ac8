"""Intake tables of published figures: population, children in low-income families, poverty lines. They hold no person."""

from __future__ import annotations

from hearthlink.sources.intake.declared import CODE, NUMBER, PENCE, TEXT, WHOLE, IntakeColumn, IntakeTable, plain

HOUSING_COSTS = {
    "before": "before", "bhc": "before", "before_housing_costs": "before",
    "after": "after", "ahc": "after", "after_housing_costs": "after",
}  # fmt: skip
DEFINITION = {"relative": "relative", "absolute": "absolute"}


def _of(*middle: IntakeColumn) -> tuple[IntakeColumn, ...]:
    return (
        plain("area", TEXT, "code of the area, such as E09000001", "area_code", "ladcode", "lad_code", "geography_code", required=True),
        plain("year", TEXT, "the year it is of, such as 2019-20 or 2020", "period", "date", required=True),
        *middle,
        plain("source", TEXT, "who published it, under what title and when", "publication", required=True),
    )  # fmt: skip


POPULATION = IntakeTable(
    "population",
    "People of an age or of a band of ages in an area.",
    "comparators",
    ("population",),
    _of(
        plain("age_from", WHOLE, "youngest age, in whole years", "age", required=True),
        plain("age_to", WHOLE, "oldest age; the same as the youngest where empty"),
        plain("value", NUMBER, "how many people", "population", "people", "count", required=True),
    ),
    may_be_bare=True,
)

LOW_INCOME_CHILDREN = IntakeTable(
    "low_income_children",
    "The share of an area's children who live in low-income families.",
    "comparators",
    ("low_income_children", "children_in_low_income_families", "cilif"),
    _of(
        plain("age_from", WHOLE, "youngest age, in whole years"),
        plain("age_to", WHOLE, "oldest age"),
        plain("definition", CODE, "relative or absolute", codes=DEFINITION, required=True),
        plain("housing_costs", CODE, "before or after", codes=HOUSING_COSTS, required=True),
        plain("value", NUMBER, "the share, between 0 and 1", "share", "proportion", required=True),
    ),
    may_be_bare=True,
)

POVERTY_LINE = IntakeTable(
    "poverty_line",
    "The income under which a household counts as poor, for a couple without children; other households by their equivalence scale.",
    "comparators",
    ("poverty_line", "poverty_lines"),
    _of(
        plain("definition", CODE, "relative or absolute", codes=DEFINITION, required=True),
        plain("housing_costs", CODE, "before or after", codes=HOUSING_COSTS, required=True),
        plain("value", PENCE, "pounds a week", "weekly", "pounds", required=True),
    ),
    may_be_bare=True,
)

FIGURE_TABLES = (POPULATION, LOW_INCOME_CHILDREN, POVERTY_LINE)

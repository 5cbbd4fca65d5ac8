"""What was released before: what a reader has who has more than this release."""

from __future__ import annotations

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

ATTR = Sensitivity.ATTRIBUTE
TEXT, WHOLE, NUMBER, FLAG = Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.FLAG


def _col(name: str, kind: Kind, says: str, *, required: bool = True) -> Column:
    return Column(name, kind, says, ATTR, required)


RELEASED_FIGURE = TableSpec(
    "released_figure",
    Room.RESEARCH,
    "The true numbers behind an earlier release, printed or held back: what a new release is checked against. Never leaves.",
    (
        _col("release", WHOLE, "its number"),
        _col("table", TEXT, "measured, unseen, who_was_counted, staged or monthly"),
        _col("measure", TEXT, "the measure; empty where the table has none"),
        _col("window", TEXT, "its window, or the unit of a curve"),
        _col("topic", TEXT, "what the groups are, or whose curve it is"),
        _col("group", TEXT, "the group, reason, stage or span"),
        _col("order", WHOLE, "its place in the table"),
        _col("children", NUMBER, "children in the group"),
        _col("observed", NUMBER, "of whom it can be seen", required=False),
        _col("fewest_observed", WHOLE, "smallest number of any draw", required=False),
        _col("most_observed", WHOLE, "largest number of any draw", required=False),
        _col("having", NUMBER, "of whom it is true", required=False),
        _col("fewest", WHOLE, "smallest number of any draw", required=False),
        _col("most", WHOLE, "largest number of any draw", required=False),
        _col("families", WHOLE, "families of the children observed", required=False),
        _col("largest_family", WHOLE, "children in the largest of them", required=False),
        _col("on_families", WHOLE, "families of those of whom it is true", required=False),
        _col("on_largest_family", WHOLE, "children in the largest of them", required=False),
        _col("off_families", WHOLE, "families of those of whom it is not", required=False),
        _col("off_largest_family", WHOLE, "children in the largest of them", required=False),
        _col("overlapping", FLAG, "a child may be in several groups of the topic"),
    ),
)

RELEASED_TABLES = (RELEASED_FIGURE,)

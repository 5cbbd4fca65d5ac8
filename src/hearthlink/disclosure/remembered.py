"""What is remembered of an earlier release: the true numbers behind it, and which of them it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearthlink.disclosure.asked import Asked, Key, Part
from hearthlink.disclosure.cleared import ClearedTable
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row, number
from hearthlink.disclosure.state import Shown

Other = tuple[str, str, str, str, str]
"""A number of another table: the table, measure, unit, whose or of what, and group, stage or span."""


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier release: the rules it went by, the true numbers behind it, and which of them it shows.

    `reasons`: why some could not be seen, with the number of children. `others`: numbers of tables beside the measures. `tables`: all
    that it printed.
    """

    number: int
    policy: Policy
    topics: Mapping[str, Asked]
    whole: Mapping[Key, Part]
    shown: Shown
    reasons: Mapping[tuple[Key, str], float]
    others: Mapping[Other, float]
    tables: tuple[ClearedTable, ...]


def other_of(row: Row) -> Other:
    """Which number of another table a row of `released_figure` is."""
    table, measure, window, topic, group = (str(row[one]) for one in ("table", "measure", "window", "topic", "group"))
    return table, measure, window, topic, group


HAVING = ": having"
"""What the name of a span ends with, where it stands for those with an event in it."""
COUNTED = ("who_was_counted", "staged", "monthly")
"""Tables beside the measures of whose numbers the true ones are kept."""
EVERYONE = "All children referred in the year"


def truths(figures: Sequence[Row]) -> dict[Other, float]:
    """The true numbers of tables beside the measures, from rows of `released_figure`."""
    found: dict[Other, float] = {}
    for row in figures:
        if row["table"] in COUNTED:
            found[other_of(row)] = number(row, "children") or 0.0
            if row["table"] == "monthly":
                found[(*other_of(row)[:4], f"{row['group']}{HAVING}")] = number(row, "having") or 0.0
    everyone = [value for key, value in found.items() if (key[0], key[3]) == ("who_was_counted", "referred")]
    return found | ({("who_was_counted", "", "", "", EVERYONE): sum(everyone)} if everyone else {})

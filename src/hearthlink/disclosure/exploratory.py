"""What was not in the sealed plan says so: in the first note of its table, and beside each row where the rows differ."""

from __future__ import annotations

from collections.abc import Sequence

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, seal
from hearthlink.disclosure.figures import words
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row

NOTE = "Exploratory: not in the sealed plan"
STATE = ClearedColumn("state", "Asked", "text")
STATES = {True: "planned", False: "exploratory"}


def planned(row: Row) -> bool:
    """Whether a row stood in the sealed plan; one that does not say is exploratory."""
    return row.get("planned") is True


def marked(
    name: str,
    title: str,
    columns: Sequence[ClearedColumn],
    lines: Sequence[Sequence[Cell]],
    rows: Sequence[Row],
    *,
    notes: Sequence[str],
    policy: Policy,
) -> ClearedTable:
    """A cleared table whose exploratory rows are marked. `rows` are what the lines were made from, in the same order."""
    states = [planned(row) for row in rows]
    differ = len(set(states)) > 1
    if differ:
        texts = sum(column.kind == "text" for column in columns)
        columns = (*columns[:texts], STATE, *columns[texts:])
        lines = [
            [*line[:texts], words(STATES[state]), *line[texts:]] for line, state in zip(lines, states, strict=True)
        ]
    first = [f"{NOTE}, where marked." if differ else f"{NOTE}."] if not all(states) else []
    return seal(
        name,
        title,
        columns,
        lines,
        notes=[*first, *notes],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )

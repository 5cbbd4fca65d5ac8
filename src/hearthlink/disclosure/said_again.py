"""Tables beside the measures in a later release: printed anew where what changed tells nothing of few, and else said again as they were.

They are not part of the joint attack, so each of their numbers is compared with itself: it may be printed anew where it is known to be the
same or to have changed by the threshold at least. A table of which one number may not is printed as it stood in the last release that had
it, which nobody learns anything from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hearthlink.disclosure.asked import NOBODY
from hearthlink.disclosure.changed import few
from hearthlink.disclosure.cleared import Cell, ClearedTable, Marker, seal
from hearthlink.disclosure.curves import SERIES
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.remembered import HAVING, Before, Other

ATTACKED = ("headline", "comparison", "on_benefit_by_", "measures_", "measured_", "unseen_")
"""Tables whose every figure is part of the joint attack, or made of such figures alone: by how their names begin."""
MADE_LATER = ("reporting", "held_back")
"""Tables that are made of the other tables."""
AS_ONE = ("curve_", "effects_")
"""Tables whose rows are cut anew each time: rows that are not the same as before could be subtracted from them."""
NOTE = "As it stood in release {number}: too little of it changed for new numbers to be shown."


@dataclass(frozen=True, slots=True)
class Truths:
    """The true numbers of a release that are kept of its tables beside the measures, and the earlier releases on the same data."""

    now: Mapping[Other, float]
    same: frozenset[int]


def beside_earlier(
    tables: Sequence[ClearedTable], true: Truths, before: Sequence[Before], policy: Policy
) -> list[ClearedTable]:
    """The tables as they may leave after earlier releases."""
    beside = (*ATTACKED, *MADE_LATER)
    return [table if table.name.startswith(beside) else _one(table, true, before, policy) for table in tables]


def _one(table: ClearedTable, true: Truths, before: Sequence[Before], policy: Policy) -> ClearedTable:
    stood = [(one, old) for one in before for old in one.tables if old.name == table.name]
    if all(_may_stand(table, old, one, true, policy) for one, old in stood):
        return table
    last, old = stood[-1]
    note = NOTE.format(number=last.number)
    return seal(
        old.name, old.title, old.columns, old.rows, notes=[note, *(one for one in old.notes if one != note)],
        threshold=old.threshold, base=old.base, profile=old.profile,
    )  # fmt: skip


def _may_stand(table: ClearedTable, old: ClearedTable, before: Before, true: Truths, policy: Policy) -> bool:
    """Whether each number of a table may stand beside what is printed of it already."""
    if before.number in true.same and (table.columns, table.rows) == (old.columns, old.rows):
        return True
    mine, theirs = _keyed(table), _keyed(old)
    if table.name.startswith(AS_ONE) and mine.keys() != theirs.keys():
        return False
    if table.name.startswith("curve_") and _few_others(
        table.name.removeprefix("curve_"), true.now, before.others, policy
    ):
        return False
    kinds = {one.name: one.kind for one in table.columns}
    for key, row in mine.items():
        for column, cell in row.items():
            then = theirs.get(key, {}).get(column)
            if then is None or kinds[column] == "months" or not (_is_figure(cell) and _is_figure(then)):
                continue
            known = [_truth(one, table.name, key, column) for one in (true.now, before.others)]
            if not _stands((cell, then), known, (kinds[column], old.base), policy):
                return False
    return True


def _few_others(measure: str, now: Mapping[Other, float], then: Mapping[Other, float], policy: Policy) -> bool:
    """Whether in a span of a curve those without an event changed by few: they are those observed less those with one."""
    for at, having in now.items():
        if (at[0], at[1]) == ("monthly", measure) and at[4].endswith(HAVING) and at in then:
            every = (*at[:4], at[4].removesuffix(HAVING))
            if few((now[every] - having) - (then[every] - then[at]), policy):
                return True
    return False


def _stands(cells: tuple[Cell, Cell], known: Sequence[float | None], how: tuple[str, int], policy: Policy) -> bool:
    """Whether a figure is the same, or has changed by the threshold at least, whatever its rounding hides."""
    new, old = (cell.value if isinstance(cell.value, int | float) else 0 for cell in cells)
    one, other = known
    if one is not None and other is not None:
        return not few(one - other, policy)
    kind, base = how
    return kind in ("count", "change") and abs(new - old) >= policy.threshold + (policy.base + base) / 2


def _keyed(table: ClearedTable) -> dict[tuple[object, ...], dict[str, Cell]]:
    """The rows of a table by their words, and where the same words stand twice by their place among them."""
    found: dict[tuple[object, ...], dict[str, Cell]] = {}
    for line in table.rows:
        cells = list(zip(table.columns, line, strict=True))
        key: tuple[object, ...] = tuple(
            cell.value for column, cell in cells if column.kind in ("text", "months") and column.name != "state"
        )
        twice = sum(one[:-1] == key for one in found)
        found[(*key, twice)] = {column.name: cell for column, cell in cells if column.kind != "text"}
    return found


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell.value, int | float) and cell.marker in (Marker.NONE, Marker.AT_LEAST)


def _truth(true: Mapping[Other, float], table: str, key: tuple[object, ...], column: str) -> float | None:
    """The true number behind a cell of the tables that one is kept of."""
    if table == "staged":
        return true.get(("staged", "", "", "", str(key[0])))
    if table == "who_was_counted":
        same = [value for (name, _, _, _, group), value in true.items() if (name, group) == (table, str(key[0]))]
        return same[0] if len(same) == 1 else None
    if table.startswith("curve_"):
        series = next((name for name, says in SERIES.items() if says == key[0]), "")
        group = f"{key[1]} to {key[2]}"
        # A rate and its ends are made of both numbers, and change with those on whom the event fell.
        ends = group if column == "children" else f"{group}{HAVING}"
        units = {
            unit for name, measure, unit, whose, _ in true if (name, measure, whose) == ("monthly", table[6:], series)
        }
        found = [
            true[at] for unit in sorted(units) for at in [("monthly", table[6:], unit, series, ends)] if at in true
        ]
        return found[0] if found and all(abs(a - b) < NOBODY for a, b in pairwise(found)) else None
    return None

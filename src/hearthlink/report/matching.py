"""The section on the matches: how many are left at each stage, how good they are, for whom, and the account that guidelines ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hearthlink.disclosure import ClearedTable
from hearthlink.report.curve import Curve, curve
from hearthlink.report.flow import Stop
from hearthlink.report.grid import Grid, fresh, grid, parted
from hearthlink.report.reading import Tables, by_name, released, shown

BY_GROUP = "link_quality_by_"
NAMED = frozenset(
    {"linkage_stages", "lost_before_weighing", "link_quality", "calibration", "matched_or_not", "reporting"}
)
"""Tables that this section asks for by name."""

ONE_ANSWER = "one answer"
"""Words that the chances of each child's answer are told by; those of every household and person are finer, and folded away."""

FILLED = "filled in"
"""The state of an item to which nobody need add."""

SAYS = {
    "Children looked for by name": "children were looked for by name in the benefit records.",
    "Compared with at least one household": "of them were compared with at least one household.",
    "Matched to a household": "were matched to a household.",
    "Matched to a person listed in it": "were matched to a person whom the claim lists.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An item that a guideline asks for: its name, what it asks, the answer, and whether a person has yet to write."""

    item: str
    asks: str
    answer: str
    state: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Matching:
    """All that the section prints."""

    flow: tuple[Stop, ...]
    stages: Grid | None
    lost: Grid | None
    overall: tuple[Grid, ...]
    chances: tuple[Grid, ...]
    finer_chances: tuple[Grid, ...]
    curve: Curve | None
    groups: tuple[Grid, ...]
    account: tuple[Asked, ...]


def matching(tables: Sequence[ClearedTable]) -> Matching:
    """The section from the cleared tables, with what of it was released."""
    found = by_name(tables)
    stages, lost, chances, beside, account = (
        found.get(name)
        for name in ("linkage_stages", "lost_before_weighing", "calibration", "matched_or_not", "reporting")
    )
    overall = [
        one for table in tables if table.name == "link_quality" for one in parted(table, by="basis", first="measure")
    ]
    groups = [grid(table) for table in tables if table.name.startswith(BY_GROUP)] + ([grid(beside)] if beside else [])
    by_band = fresh(parted(chances, by="level", first="chance")) if chances else []
    return Matching(
        flow=_flow(found),
        stages=grid(stages) if stages else None,
        lost=grid(lost) if lost else None,
        overall=tuple(fresh(overall)),
        chances=tuple(one for one in by_band if ONE_ANSWER in one.caption),
        finer_chances=tuple(one for one in by_band if ONE_ANSWER not in one.caption),
        curve=curve(chances),
        groups=tuple(fresh(groups)),
        account=_account(account) if account else (),
    )


def _account(table: ClearedTable) -> tuple[Asked, ...]:
    columns = ("item", "asks", "answer", "written_by")
    rows = ([shown(table, row, column) for column in columns] for row in range(len(table.rows)))
    return tuple(Asked(item, asks, answer, state, state == FILLED) for item, asks, answer, state in rows)


def is_placed(name: str) -> bool:
    """Whether this section prints the table."""
    return name in NAMED or name.startswith(BY_GROUP)


def _flow(tables: Tables) -> tuple[Stop, ...]:
    table = tables.get("linkage_stages")
    if table is None:
        return ()
    return tuple(
        Stop(
            shown(table, row, "children") if released(table, row, "children") else "held back",
            SAYS.get(shown(table, row, "stage"), shown(table, row, "stage")),
        )
        for row in range(len(table.rows))
    )

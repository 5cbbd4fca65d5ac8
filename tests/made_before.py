"""A made-up research room said in a few words: households with their months and events, children with the households they may be in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from made_research import calendar, filled

from hearthlink.analysis.cohort import Cohort, cohort
from hearthlink.tables.research import (
    RESEARCH_CALENDAR,
    RESEARCH_CANDIDATE,
    RESEARCH_CHILD,
    RESEARCH_CHILD_EVENT,
    RESEARCH_DRAW,
    RESEARCH_EVENT,
    RESEARCH_HOUSEHOLD,
    RESEARCH_STRETCH,
)


@dataclass(frozen=True)
class Home:
    """A household observed from one month to another, with (kind, month) or (kind, month, dose) events and states that do not change."""

    months: tuple[int, int] = (1, 48)
    events: tuple[tuple[object, ...], ...] = ()
    states: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Kid:
    """A child referred in a month, with the places of the households it may be in, and the rank (the last for none) of each draw."""

    month: int
    homes: tuple[int, ...]
    ranks: tuple[int, ...] = (0, 0)
    family: int | None = None
    lived: int | None = 24
    weeks: tuple[tuple[str, int], ...] = ()


def room(homes: Sequence[Home], kids: Sequence[Kid], **flags: Sequence[int]) -> Cohort:
    """The room as arrays. `flags` gives months in which a flag of the calendar is turned: uprated=(25,), covered=(7,)."""
    names = [f"h{place:05d}" for place in range(len(homes))]
    child, candidate, drawn, happened = [], [], [], []
    for place, kid in enumerate(kids):
        name = f"c{place:05d}"
        family = place if kid.family is None else kid.family
        best = kid.ranks[0]
        child.append({"child_pseudonym": name, "family_pseudonym": f"f{family:05d}", "counted": True, "index_month": kid.month,
                      "months_lived": kid.lived})  # fmt: skip
        for rank, home in enumerate((*kid.homes, None)):
            candidate.append({"child_pseudonym": name, "rank": rank, "best": rank == best,
                              "household_pseudonym": None if home is None else names[home]})  # fmt: skip
        happened += [{"child_pseudonym": name, "rank": 0, "kind": kind, "weeks": week} for kind, week in kid.weeks]
        drawn.append({"child_pseudonym": name, "ranks": list(kid.ranks)})
    stretch = [
        {"household_pseudonym": name, "first_month": home.months[0], "last_month": home.months[1], "status": "in_payment",
         "children": 1, "youngest": 1, **home.states}
        for name, home in zip(names, homes, strict=True)
    ]  # fmt: skip
    event = [
        {"household_pseudonym": name, "kind": one[0], "month": one[1], "dose": one[2] if len(one) > 2 else None, "basis": "decided"}
        for name, home in zip(names, homes, strict=True)
        for one in home.events
    ]  # fmt: skip
    return cohort({
        "research_child": filled(RESEARCH_CHILD, child), "research_candidate": filled(RESEARCH_CANDIDATE, candidate),
        "research_draw": filled(RESEARCH_DRAW, drawn), "research_child_event": filled(RESEARCH_CHILD_EVENT, happened),
        "research_household": filled(RESEARCH_HOUSEHOLD, [{"household_pseudonym": name} for name in names]),
        "research_stretch": filled(RESEARCH_STRETCH, stretch), "research_event": filled(RESEARCH_EVENT, event),
        "research_calendar": _calendar(flags),
    })  # fmt: skip


def _calendar(flags: dict[str, Sequence[int]]) -> pa.Table:
    rows = calendar().to_pylist()
    for row in rows:
        row["uprated"] = False
        for name, months in flags.items():
            row[name] = row[name] != (row["month"] in months)
    return filled(RESEARCH_CALENDAR, rows)

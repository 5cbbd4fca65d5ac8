"""A made-up research room: every table valid, drawn from a seed, with pseudonyms that another number changes and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from hearthlink.tables.measures import EVENTS, MONTH_CALENDAR, STATE_COLUMNS
from hearthlink.tables.research import (
    RESEARCH_CALENDAR,
    RESEARCH_CANDIDATE,
    RESEARCH_CANDIDATE_BEFORE,
    RESEARCH_CHILD,
    RESEARCH_CHILD_EVENT,
    RESEARCH_CHILD_EVENT_BEFORE,
    RESEARCH_DRAW,
    RESEARCH_DRAW_BEFORE,
    RESEARCH_EVENT,
    RESEARCH_HOUSEHOLD,
    RESEARCH_STRETCH,
)
from hearthlink.tables.spec import Kind, TableSpec

DEFAULTS: dict[Kind, object] = {
    Kind.TEXT: "", Kind.WHOLE: 0, Kind.NUMBER: 0.0, Kind.FLAG: False, Kind.TEXTS: [], Kind.WHOLES: [],
}  # fmt: skip


def filled(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as a table of the specification; what a row does not say is empty, or the kind's nought where it may not be."""
    columns = {
        one.name: [row.get(one.name, DEFAULTS[one.kind] if one.required else None) for row in rows]
        for one in spec.columns
    }
    return spec.conform(pa.table({n: pa.array(v, spec.schema.field(n).type) for n, v in columns.items()}))


def calendar() -> pa.Table:
    """A calendar of 48 months, all covered, nothing happening to everybody but in April."""
    flags = [one.name for one in MONTH_CALENDAR.columns if one.kind is Kind.FLAG]
    rows = [
        {"month": m, "season": (m - 1) // 3 % 4 + 1, "year_no": (m - 1) // 12 + 1, **{flag: flag.endswith("covered") for flag in flags},
         "uprated": m % 12 == 1}
        for m in range(1, 49)
    ]  # fmt: skip
    return filled(RESEARCH_CALENDAR, rows)


def research(
    seed: int = 1, *, children: int = 120, households: int = 150, draws: int = 20, names: int = 0
) -> dict[str, pa.Table]:
    """Every research table. `names` changes the pseudonyms and the order of rows alone."""
    random, order = np.random.default_rng(seed), np.random.default_rng([seed, names])
    child_names, household_names, family_names = (
        [f"{kind}{value:06d}" for value in order.permutation(10**6)[:size]]
        for kind, size in (("c", children), ("h", households), ("f", children))
    )
    child: list[dict[str, object]] = []
    candidate: list[dict[str, object]] = []
    drawn: list[dict[str, object]] = []
    child_event: list[dict[str, object]] = []
    for number in range(children):
        linked = [int(one) for one in random.choice(households, int(random.integers(0, 3)), replace=False)]
        options: list[int | None] = [*linked, None]
        ranks = random.integers(0, len(options), draws)
        best = int(np.bincount(ranks, minlength=len(options)).argmax())
        chosen = options[best]
        on = random.random(len(options)) < 0.7
        is_on = [bool(o) and option is not None for o, option in zip(on, options, strict=True)]
        child.append({
            "child_pseudonym": child_names[number], "family_pseudonym": family_names[number // 2], "counted": number % 40 != 0,
            "household_pseudonym": None if chosen is None else household_names[chosen],
            "age_band": str(random.choice(["under 1", "1 to 4", "5 to 9", "10 to 15"])), "sex": str(random.choice(["female", "male"])),
            "stage": str(random.choice(["referral", "assessment", "section 47", "protection plan"])), "observability": "observable",
            "best_link": "none" if chosen is None else "listed", "on_benefit": is_on[best], "on_main_home": is_on[best],
            "household_status": "in_payment" if is_on[best] else "none", "sure": "sure", "imd_decile": int(random.integers(1, 11)),
            "on_draws": [int(is_on[rank]) for rank in ranks], "index_month": int(random.integers(25, 37)), "months_lived": 24,
        })  # fmt: skip
        for rank, option in enumerate(options):
            candidate.append({
                "child_pseudonym": child_names[number], "rank": rank, "best": rank == best, "on_benefit": is_on[rank],
                "household_pseudonym": None if option is None else household_names[option], "on_window": is_on[rank],
                "ever_before_12": is_on[rank], "ever_before_24": is_on[rank], "ever_after_12": is_on[rank],
            })  # fmt: skip
            child_event.extend(
                {
                    "child_pseudonym": child_names[number],
                    "rank": rank,
                    "weeks": int(week),
                    "kind": str(random.choice(list(EVENTS))),
                }
                for week in random.integers(-105, 54, 0 if option is None else int(random.integers(0, 3)))
            )
        drawn.append({"child_pseudonym": child_names[number], "ranks": [int(rank) for rank in ranks]})
    stretches, events, held = _households(random, household_names)
    made = {
        "research_child": filled(RESEARCH_CHILD, child), "research_candidate": filled(RESEARCH_CANDIDATE, candidate),
        "research_draw": filled(RESEARCH_DRAW, drawn), "research_household": filled(RESEARCH_HOUSEHOLD, held),
        "research_stretch": filled(RESEARCH_STRETCH, stretches), "research_event": filled(RESEARCH_EVENT, events),
        "research_child_event": filled(RESEARCH_CHILD_EVENT, child_event), "research_calendar": calendar(),
        "research_candidate_before": filled(RESEARCH_CANDIDATE_BEFORE, _before(candidate)),
        "research_draw_before": filled(RESEARCH_DRAW_BEFORE, _before(drawn)),
        "research_child_event_before": filled(RESEARCH_CHILD_EVENT_BEFORE, _before(child_event)),
    }  # fmt: skip
    return {name: table.take(pa.array(order.permutation(len(table)))) for name, table in made.items()}


def _before(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """The rows as at 12 and at 24 months before: as though nobody had moved, and all were born."""
    return [{**row, "months": months} for months in (12, 24) for row in rows]


def _households(
    random: np.random.Generator, names: Sequence[str]
) -> tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]]:
    stretches: list[dict[str, object]] = []
    events: list[dict[str, object]] = []
    held: list[dict[str, object]] = []
    for name in names:
        months = np.sort(random.choice(np.arange(1, 49), 4, replace=False))
        spans = ((int(months[0]), int(months[1]) - 1), (int(months[1]), int(months[3])))
        for first, last in spans:
            row: dict[str, object] = {
                "household_pseudonym": name,
                "first_month": first,
                "last_month": last,
                "status": "in_payment",
            }
            for one in STATE_COLUMNS:
                if one.kind is Kind.FLAG and random.random() < 0.8:
                    row[one.name] = bool(random.random() < 0.3)
            stretches.append(
                {**row, "children": int(random.integers(1, 4)), "youngest": int(random.integers(0, 5)), "adults": 1}
            )
        events.extend(
            {"household_pseudonym": name, "kind": str(random.choice(list(EVENTS))), "basis": "decided", "month": int(month),
             "dose": int(random.integers(1, 4))}
            for month in random.integers(months[0], months[3] + 1, int(random.integers(0, 4)))
        )  # fmt: skip
        held.append(
            {
                "household_pseudonym": name,
                "first_month": int(months[0]),
                "last_month": int(months[3]),
                "credit_only": False,
            }
        )
    return stretches, events, held

"""Across the wall: children and households under random names, with nothing among them that names a person or a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.deidentify import candidates, queries, stages
from hearthlink.deidentify.codes import ETHNIC_GROUPS, FACTOR_GROUPS, STAGES, STATUSES, code_table
from hearthlink.deidentify.drawn import drawn_on_benefit, places, with_records_in_doubt
from hearthlink.deidentify.households import (
    Chains,
    chains_of,
    research_child_event,
    research_event,
    research_household,
    research_stretch,
)
from hearthlink.deidentify.otherwise import Where, otherwise
from hearthlink.deidentify.pseudonyms import Named, NewPseudonyms, fresh, named
from hearthlink.engine import Engine, Query
from hearthlink.errors import OurFault
from hearthlink.tables.measures import MONTHS, YEAR_FIRST
from hearthlink.tables.research import (
    RESEARCH_CALENDAR,
    RESEARCH_CANDIDATE,
    RESEARCH_CANDIDATE_BEFORE,
    RESEARCH_CHILD,
    RESEARCH_CHILD_EVENT_BEFORE,
    RESEARCH_DRAW,
    RESEARCH_DRAW_BEFORE,
)
from hearthlink.tables.spec import TableSpec

PUT = (
    "child_identifier", "child_referral", "household_identifier", "person", "place", "link", "link_quality",
    "candidate_posterior", "child", "referral", "assessment", "section47", "protection_plan", "cin_plan", "looked_after",
    "award", "household_fact", "household_followed", "universal_credit", "postcode_area",
)  # fmt: skip
"""The tables that queries read, by name."""

LOOKS = (6, 12, 18, 24)
"""Months before the referral as at which children are linked again."""

BASELINES = (12, 24)
"""Those of them at which a cohort may be fixed: their candidates, draws and events cross."""

NO_SECOND_HOME = pa.table({"child_id": pa.array([], pa.string()), "household_id": pa.array([], pa.string())})
LINKED_BEFORE = ("candidate_posterior_before", "link_before", "link_draw_before")

READS = (*PUT, *LINKED_BEFORE, "link_draw", "household_state", "household_event", "month_calendar", "followed_up")
"""Every table that is read, by name."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What queries make of the tables: `research_rows`, `candidate_rows`, `chain_fact`, `chain_fifth`, and `candidate_rows` by months before."""

    rows: pa.Table
    candidates: pa.Table
    facts: pa.Table
    fifths: pa.Table
    before: Mapping[int, pa.Table]


def deidentify(
    engine: Engine,
    tables: Mapping[str, pa.Table],
    *,
    year_start: date,
    year_end: date,
    new_pseudonyms: NewPseudonyms,
) -> dict[str, pa.Table]:
    """The tables of the research room, each in the order of its pseudonyms.

    Pseudonyms are what `new_pseudonyms` gives, and are kept nowhere else. Raises OurFault where a table is missing,
    the draws do not fit the candidates, or pseudonyms are not distinct.
    """
    missing = [name for name in READS if name not in tables]
    if missing:
        raise OurFault(f"De-identification lacks tables: {', '.join(missing)}.")
    if year_end < year_start:
        raise OurFault("The census year ends before it starts.")
    proxy = stages.by_proxy(tables["cin_plan"], year_start)
    joined = _joined(engine, tables, year_start, year_end, proxy=proxy)
    rows, found, facts = joined.rows, joined.candidates, joined.facts
    drawn = drawn_on_benefit(rows.column("child_id"), found, tables["link_draw"])
    drawn = with_records_in_doubt(drawn, np.asarray(rows.column("counted")))
    seen, events = tables["household_state"], tables["household_event"]
    children = named("child", rows.column("child_id").to_pylist(), new_pseudonyms)
    every = pa.chunked_array([one.column("chain_key").combine_chunks() for one in (found, *joined.before.values())])
    chains = chains_of(facts, every, seen, new_pseudonyms)
    first = 12 * year_start.year + year_start.month
    rows = rows.append_column("index_month", pc.add(rows.column("calendar_month"), YEAR_FIRST - first))
    rows = rows.append_column("cin_plan_proxy", pa.array(np.full(len(rows), proxy)))
    child = places(found.column("child_id"), rows.column("child_id"))
    before = {
        months: (one, places(one.column("child_id"), rows.column("child_id"))) for months, one in joined.before.items()
    }
    ever = otherwise(
        len(rows),
        Where.of(found, child, chains),
        {months: (Where.of(one, of, chains), one) for months, (one, of) in before.items()},
    )
    for name, chance in ever.items():
        rows = rows.append_column(name, chance)
    before = {months: before[months] for months in BASELINES}
    drawn_before = tables["link_draw_before"]
    return {
        "research_child": _research_child(rows, drawn, children, chains, new_pseudonyms),
        "research_candidate": _research_candidate(found, child, children, chains),
        "research_draw": _research_draw(tables["link_draw"], rows.column("child_id"), children),
        "research_candidate_before": _each(
            {m: _research_candidate(one, of, children, chains) for m, (one, of) in before.items()},
            RESEARCH_CANDIDATE_BEFORE,
        ),
        "research_draw_before": _each(
            {m: _research_draw(_as_at(drawn_before, m), rows.column("child_id"), children) for m in before},
            RESEARCH_DRAW_BEFORE,
        ),
        "research_child_event_before": _each(
            {m: research_child_event(chains, one, of, children, events) for m, (one, of) in before.items()},
            RESEARCH_CHILD_EVENT_BEFORE,
        ),
        "research_household": research_household(chains, seen, joined.fifths),
        "research_stretch": research_stretch(chains, seen),
        "research_event": research_event(chains, events),
        "research_child_event": research_child_event(chains, found, child, children, events),
        "research_calendar": RESEARCH_CALENDAR.conform(tables["month_calendar"].sort_by("month")),
    }


def _joined(engine: Engine, tables: Mapping[str, pa.Table], year_start: date, year_end: date, *, proxy: bool) -> Joined:
    """What queries make of the tables."""
    put = {name: tables[name] for name in PUT}
    put |= {
        "ethnic_group": code_table(ETHNIC_GROUPS),
        "factor_group": code_table(FACTOR_GROUPS),
        "settled_by": stages.settled_by(tables["assessment"]),
        "census_span": stages.spans(_told_by_censuses(tables["followed_up"], year_start, year_end)),
    }
    steps = (
        queries.first_referral(), stages.need_plan(proxy=proxy), stages.step_begun(), stages.stage_reached(year_end),
        stages.referral_around(), queries.assessed_factors(), queries.postcode_at_referral(), queries.second_home(),
        queries.household_on_day(), queries.in_care(), queries.candidate_on_day(), queries.best_on_day(),
        candidates.household_chain(), candidates.chain_award(), candidates.home_until(), candidates.candidate_home(),
        candidates.candidate_ever(),
    )  # fmt: skip
    rows_of_candidates = candidates.candidate_rows(_reached(tables["month_calendar"], year_start))
    asked = (queries.research_rows(), rows_of_candidates, candidates.chain_fact(), candidates.chain_fifth())
    try:
        for name, table in put.items():
            engine.put(name, table)
        for query in steps:
            engine.run(query)
        rows, found, facts, fifths = (engine.fetch(query) for query in asked)
        before = {months: _candidates_before(engine, tables, months, rows_of_candidates) for months in LOOKS}
    finally:
        engine.drop(*put, *(query.writes for query in steps))
    return Joined(rows, found, facts, fifths, before)


def _candidates_before(engine: Engine, tables: Mapping[str, pa.Table], months: int, asked: Query) -> pa.Table:
    """`candidate_rows` of the links as at so many months before, in place of those of the day."""
    for name in ("candidate_posterior", "link"):
        engine.put(name, _as_at(tables[f"{name}_before"], months))
    engine.put("second_home", NO_SECOND_HOME)
    for query in (candidates.candidate_paid(), candidates.candidate_home(), candidates.candidate_ever()):
        engine.run(query)
    return engine.fetch(asked)


def _as_at(table: pa.Table, months: int) -> pa.Table:
    return table.filter(pc.equal(table.column("months"), months)).drop_columns(["months"])


def _each(made: Mapping[int, pa.Table], spec: TableSpec) -> pa.Table:
    """Tables of several days as one, with the months before in front."""
    several = [table.add_column(0, "months", pa.array(np.full(len(table), months))) for months, table in made.items()]
    return spec.conform(pa.concat_tables(several))


def _told_by_censuses(followed_up: pa.Table, year_start: date, year_end: date) -> list[tuple[date, date]]:
    """The first and last days of the censuses at hand: the year's own, where nothing else is told."""
    told = [(row["start_date"], row["end_date"]) for row in followed_up.to_pylist()]
    return told or [(year_start, year_end)]


def _reached(calendar: pa.Table, year_start: date) -> date | None:
    """The last day of the last month that a file of claims speaks of; none where no file does."""
    months = calendar.column("month").filter(calendar.column("covered")).to_pylist()
    if not months:
        return None
    after = 12 * (year_start.year - 2) + year_start.month - 1 + min(max(months), MONTHS)
    return date(after // 12, after % 12 + 1, 1) - timedelta(1)


def _research_child(
    rows: pa.Table, drawn: npt.NDArray[np.int32], children: Named, chains: Chains, new_pseudonyms: NewPseudonyms
) -> pa.Table:
    """The rows with ids replaced by pseudonyms, in the order of the child's: the order of the census ids is lost with them."""
    order = np.argsort(children.order)
    placed = drawn[order]
    offsets = np.arange(len(rows) + 1, dtype=np.int32) * np.int32(placed.shape[1])
    threes = pc.multiply(pc.divide(rows.column("months_lived"), 3), 3)
    kept = {name: rows.column(name) for name in RESEARCH_CHILD.names if name in rows.column_names}
    fixed = {
        "child_pseudonym": children.names,
        "family_pseudonym": fresh("family", rows.column("family_id"), new_pseudonyms),
        "household_pseudonym": chains.named.of(chains.place(rows.column("chain_key"))),
        "stage": pa.array(STAGES).take(rows.column("stage_no").combine_chunks()),
        "stage_six_months": pa.array(STAGES).take(rows.column("stage_near_no").combine_chunks()),
        "household_status": pa.array(STATUSES).take(rows.column("status_no").combine_chunks()),
        "factors": pc.fill_null(rows.column("factors"), pa.scalar([], pa.list_(pa.string()))),
        "months_lived": threes,
    }
    table = pa.table({**kept, **fixed}).take(pa.array(order))
    on_draws = pa.ListArray.from_arrays(pa.array(offsets), pa.array(placed.ravel()))
    return RESEARCH_CHILD.conform(table.append_column("on_draws", on_draws).select(list(RESEARCH_CHILD.names)))


def _research_candidate(found: pa.Table, child: npt.NDArray[np.int64], children: Named, chains: Chains) -> pa.Table:
    """Every candidate under pseudonyms, by child and rank."""
    order = np.lexsort((found.column("rank").to_numpy(), children.order[child]))
    home = chains.place(found.column("chain_key"))
    table = found.take(pa.array(order))
    table = table.append_column("child_pseudonym", children.of(child[order]))
    table = table.append_column("household_pseudonym", chains.named.of(home[order]))
    return RESEARCH_CANDIDATE.conform(table.select(list(RESEARCH_CANDIDATE.names)))


def _research_draw(link_draw: pa.Table, child_id: pa.ChunkedArray, children: Named) -> pa.Table:
    """The draws of the children in the table, under pseudonyms."""
    child = places(link_draw.column("child_id"), child_id)
    kept = np.flatnonzero(child >= 0)
    order = kept[np.argsort(children.order[child[kept]])]
    ranks = link_draw.column("ranks").take(pa.array(order))
    return RESEARCH_DRAW.conform(pa.table({"child_pseudonym": children.of(child[order]), "ranks": ranks}))

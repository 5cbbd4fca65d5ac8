"""All questions of a study, its research room repeated, in a process of its own: `job_questions.py STUDY TIMES` prints seconds and MiB as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from own_peak import own_peak

from hearthlink.engine import open_engine
from hearthlink.governance import grant
from hearthlink.study import open_study
from hearthlink.study.permitted import permission_of
from hearthlink.study.run import open_store
from hearthlink.study.steps import STEPS, Desk, Step
from hearthlink.study.study import Study

COUNTS = ("receipt", "finding", "link_summary", "calibration", "blocking_summary", "comparator", "research_calendar")
"""Tables that say nothing of a person or a household, and so stay as they are however often the others are repeated."""


def main(folder: Path, times: int) -> None:
    """Work the answers out and clear them, once."""
    study = open_study(folder)
    steps = {step.name: step for step in STEPS}
    held = {name: repeated(name, table, times) for name, table in _loaded(study, steps["answer"]).items()}
    before = own_peak()
    begun = time.perf_counter()
    with open_engine() as engine:
        answered = steps["answer"].act(Desk(study, held, {}, engine, lambda _words, _share: None, "")).tables
        then = time.perf_counter()
        beside = {**_loaded(study, steps["clear"]), **answered}
        steps["clear"].act(Desk(study, beside, {}, engine, lambda _words, _share: None, ""))
    ended = time.perf_counter()
    print(json.dumps({
        "children": held["research_child"].num_rows, "households": held["research_household"].num_rows,
        "answer": then - begun, "clear": ended - then, "seconds": ended - begun, "peak": own_peak(), "tables": before,
    }))  # fmt: skip


def _loaded(study: Study, step: Step) -> Mapping[str, pa.Table]:
    now = datetime.now(UTC)
    permit = grant(
        permission_of(study, now),
        step=step.name,
        role=step.role,
        reads=step.reads,
        writes=(),
        today=now.date(),
    )
    store = open_store(study)
    return {spec.name: store.load(spec, permit) for spec in step.reads}


def repeated(name: str, table: pa.Table, times: int) -> pa.Table:
    """The table so many times over, with pseudonyms of their own each time."""
    if name in COUNTS or times == 1:
        return table
    parts: list[pa.Table] = []
    for turn in range(times):
        part = table
        for place, column in enumerate(table.schema):
            if column.name.endswith("_pseudonym"):
                named = pc.call_function(
                    "binary_join_element_wise", [table.column(place), pa.scalar(str(turn)), pa.scalar("-")]
                )
                part = part.set_column(place, column, named)
        parts.append(part)
    return pa.concat_tables(parts).combine_chunks()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

"""One invented authority in memory: its extracts written, read, linked and answered by the very steps of a run, without the rooms.

Left out is what is not judged: sealing, the ledger, the checks' findings, the search past the rules, links and measures of the months
before, and the report. That the tables are those of a run, row for row, is judged with the rest (`links.agrees`).
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pyarrow as pa

from hearthlink.analysis import overall
from hearthlink.engine import open_engine
from hearthlink.study import Settings
from hearthlink.study.steps import STEPS, Desk, Step
from hearthlink.study.study import Practice, Study, StudyLines
from hearthlink.synthetic.ward import make_ward, plan_wards
from hearthlink.synthetic.writing.formats import chosen

LAST = "deidentify"
"""The last step taken whole; of the answer only the row of all children is worked out."""

SKIPPED = ("check", "search")
"""Steps whose tables neither the links nor the answer read."""

LEFT_EMPTY = ("link_before", "measure")
"""Steps that fill other research tables than the one that the share of the day is worked out from: theirs are handed on empty."""

Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Answered:
    """An authority carried to its answer: every table by name, the row of all children, and the processor seconds it took."""

    tables: Tables
    overall: dict[str, object]
    seconds: float


def written(folder: Path, settings: Settings) -> Study:
    """Write the extracts and the truth of an authority, the same bytes as `synthesise` does, and open a study over them."""
    counts: dict[str, Counter[int]] = {}
    bodies = {name: [text] for form in chosen(settings) for name, text in form.begin(settings).items()}
    with _uncollected():
        for plan in plan_wards(settings):
            ward = make_ward(settings, plan)
            for name, part in ((n, p) for form in chosen(settings) for n, p in form.part(ward, settings).items()):
                bodies[name].append(part.body)
                counts.setdefault(name, Counter()).update(dict(enumerate(part.counts)))
    summed = {name: tuple(found[place] for place in sorted(found)) for name, found in counts.items()}
    for name, text in ((n, t) for form in chosen(settings) for n, t in form.end(settings, summed).items()):
        bodies[name].append(text)
    for name, body in bodies.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(body))
    practice = Practice.model_validate({name: getattr(settings, name) for name in Practice.model_fields})
    return Study(folder, StudyLines(name="Practice study", authority="made up", year=settings.year, practice=practice))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles among the many objects that a ward is made of: it takes a fifth of the time and finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def answered(study: Study) -> Answered:
    """Carry a written study through receiving, comparing, linking and de-identifying to the answer for all its children."""
    begun = process_time()
    tables: Tables = {}
    for step in STEPS[: [step.name for step in STEPS].index(LAST) + 1]:
        if step.name in LEFT_EMPTY:
            tables |= {spec.name: spec.empty() for spec in step.writes}
        elif step.name not in SKIPPED:
            tables |= _carried_out(step, study, tables)
    row = overall(tables["research_child"])
    return Answered(tables, row, process_time() - begun)


def _carried_out(step: Step, study: Study, tables: Tables) -> Tables:
    before = {spec.name: tables[spec.name] for spec in step.reads}
    before |= {spec.name: spec.empty() for spec in step.may_read}
    with open_engine(threads=1) as engine:
        made = step.act(Desk(study, before, {}, engine, _silent, "prove"))
    return {spec.name: spec.conform(made.tables[spec.name]).combine_chunks() for spec in step.writes}


def _silent(words: str, share: float) -> None:
    """Nobody watches one of a thousand."""

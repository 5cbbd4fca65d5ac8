"""Carry the steps out: for each one permit, load, act, check, save, record. One short loop, and nothing else sequences anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hearthlink import __version__
from hearthlink.engine import open_engine
from hearthlink.errors import DataProblem, HearthlinkError, OurFault, Refused
from hearthlink.governance import Event, Ledger, grant, practice_keys, require
from hearthlink.study.lock import only_one
from hearthlink.study.practice import require_reproduced
from hearthlink.study.steps import STEPS, Desk, Made, Progress, Step
from hearthlink.study.store import Store
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec


@dataclass(frozen=True, slots=True)
class News:
    """What happened to one step: done, or unchanged since the last run."""

    step: Step
    done: bool


def run(
    study: Study,
    *,
    clock: Callable[[], datetime],
    upto: str | None = None,
    again: bool = False,
    progress: Progress = lambda words, share: None,
    tell: Callable[[News], None] = lambda news: None,
) -> None:
    """Run a study's steps in order, up to and with the one named; `again` redoes even what is unchanged.

    Raises Refused before any extract is opened where permission does not hold, and whatever a step raises. What was done before
    a stop stays done.
    """
    names = [step.name for step in STEPS]
    wanted = STEPS[: names.index(upto) + 1] if upto else STEPS
    with only_one(study.folder), _accounted(study, clock) as ledger:
        require(study.permission, clock().date())
        hashes = {name: _hashes(study, name) for name in ("in", "truth")}
        require_reproduced(study, hashes["in"])
        store = open_store(study)
        run_id = _digest([__version__, hashes["in"], study.lines.model_dump(mode="json")])[:12]
        for step in wanted:
            done = _carry_out(study, step, store, ledger, hashes, clock, progress, run_id, again=again)
            tell(News(step, done))
        ledger.write(Event.FINISHED, counts={"steps": len(wanted)})


def open_store(study: Study) -> Store:
    """The rooms of a study, with its practice keys."""
    return Store(study.folder / "rooms", practice_keys(study.folder / "keys"), study.out)


def _carry_out(
    study: Study,
    step: Step,
    store: Store,
    ledger: Ledger,
    hashes: Mapping[str, Mapping[str, str]],
    clock: Callable[[], datetime],
    progress: Progress,
    run_id: str,
    *,
    again: bool,
) -> bool:
    permit = grant(
        study.permission, step=step.name, role=step.role, reads=step.reads, writes=step.writes, today=clock().date()
    )
    fingerprint = _fingerprint(study, step, store, hashes)
    kept = store.record(step.name)
    if kept is not None and kept.fingerprint == fingerprint and not again:
        ledger.write(Event.UNCHANGED, step=step.name, role=step.role.value)
        return False
    progress(step.says, 0.0)
    tables = {spec.name: store.load(spec, permit) for spec in step.reads}
    if step.opens:
        ledger.write(Event.READ, step=step.name, counts={name: len(hashes[name]) for name in step.opens})
    with open_engine() as engine:
        made = step.act(
            Desk(study, tables, {name: store.file(name) for name in step.reads_files}, engine, progress, run_id)
        )
    store.save(step.name, fingerprint, _specified(step, made), made.files, permit)
    counts = {name: table.num_rows for name, table in made.tables.items()} | {name: 1 for name in made.files}
    ledger.write(Event.STEP, step=step.name, role=step.role.value, counts=counts)
    progress(step.says, 1.0)
    return True


def _specified(step: Step, made: Made) -> dict[TableSpec, object]:
    written = {spec.name: spec for spec in step.writes}
    if set(written) != set(made.tables):
        raise OurFault(f"The step {step.name} did not write the tables it says it writes.")
    return {written[name]: table for name, table in made.tables.items()}


def _fingerprint(study: Study, step: Step, store: Store, hashes: Mapping[str, Mapping[str, str]]) -> str:
    lines = study.lines.model_dump(mode="json")
    return _digest(
        [
            __version__,
            step.name,
            step.version,
            {name: lines[name] for name in step.settings},
            {spec.name: store.digest(spec) for spec in step.reads},
            {name: store.file_digest(name) for name in step.reads_files},
            {name: dict(hashes[name]) for name in step.opens},
        ]
    )


def _digest(thing: object) -> str:
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()


def _hashes(study: Study, name: str) -> dict[str, str]:
    """The hash of every file of the extracts, or of the truth, by its path within the folder."""
    folder = study.extracts if name == "in" else study.truth
    if name == "truth" and study.lines.practice is None:
        return {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor() as pool:
        return {p.relative_to(folder).as_posix(): d for p, d in zip(paths, pool.map(_file_hash, paths), strict=True)}


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise DataProblem(
            "This file cannot be read.", file=path.name, remedy="Close it elsewhere, or mend its rights."
        ) from None


@contextmanager
def _accounted(study: Study, clock: Callable[[], datetime]) -> Iterator[Ledger]:
    """A ledger in which a refusal or a stop leaves its line too."""
    ledger = Ledger(study.folder / "ledger.jsonl", clock)
    try:
        ledger.write(Event.BEGUN)
        yield ledger
    except Refused:
        ledger.write(Event.REFUSED)
        raise
    except HearthlinkError as stop:
        ledger.write(Event.STOPPED, counts={"exit_code": int(stop.code)})
        raise

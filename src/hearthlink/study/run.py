"""Carry the steps out: for each one permit, load, act, check, save, record. One short loop, and nothing else sequences anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import hearthlink
from hearthlink import __version__
from hearthlink.engine import open_engine, require_engine
from hearthlink.errors import DataProblem, ExitCode, HearthlinkError, OurFault, Refused, WrongUse, refused_by_system
from hearthlink.governance import Event, Ledger, grant, require
from hearthlink.governance.network import closed_network
from hearthlink.study.asking import plan_of
from hearthlink.study.lock import only_one
from hearthlink.study.minimised import listed_in
from hearthlink.study.permitted import permission_of, require_dataset
from hearthlink.study.practice import require_reproduced
from hearthlink.study.step import Desk, Made, Progress, Step
from hearthlink.study.steps import STEPS
from hearthlink.study.store import Store, open_store
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec

Opener = Callable[[str], Mapping[str, str]]

PROGRAM = Path(hearthlink.__file__).parent
INTERRUPTED = 130
"""Exit code of a run that its user stopped, as shells have it."""


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
    with only_one(study.folder), accounted(study.folder / "ledger.jsonl", clock) as ledger, closed_network():
        now = clock()
        require(permission_of(study, now), now.date())
        if not study.lines.authority.strip():
            raise WrongUse(
                "The council is not named.",
                file="study.toml",
                column="authority",
                remedy="Name it as the report should.",
            )
        require_engine(study.lines.engine)
        opened = _opener(study, ledger)
        run_id = _digest([__version__, opened("in"), study.lines.model_dump(mode="json")])[:12]
        under_way = _Run(study, open_store(study), ledger, opened, clock, progress, run_id, again)
        for step in wanted:
            tell(News(step, _carry_out(under_way, step)))
        ledger.write(Event.FINISHED, counts={"steps": len(wanted)})


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same from step to step of a run."""

    study: Study
    store: Store
    ledger: Ledger
    opened: Opener
    clock: Callable[[], datetime]
    progress: Progress
    run_id: str
    again: bool


def _carry_out(run: _Run, step: Step) -> bool:
    """Do one step, or find that it is unchanged; True where it was done."""
    study, store = run.study, run.store
    reads = (*step.reads, *step.may_read, *step.remembers)
    now = run.clock()
    permit = grant(
        permission_of(study, now), step=step.name, role=step.role, reads=reads, writes=step.writes, today=now.date(),
        reaches=step.reaches(study),
    )  # fmt: skip
    beside = [run.opened(name) for name in step.opens], run.run_id if step.reads_files else ""
    worked_from = fingerprint(study, step, store), _digest(beside)
    kept = store.record(step.name)
    same = kept is not None and (kept.fingerprint, kept.opened) == worked_from
    if same and not run.again and not step.asks(study):
        run.ledger.write(Event.UNCHANGED, step=step.name, role=step.role.value)
        return False
    run.progress(step.says, 0.0)
    tables = {spec.name: store.load(spec, permit) for spec in step.reads}
    tables |= {spec.name: store.load_if_there(spec, permit) for spec in step.may_read}
    if kept is not None and not run.again:
        tables |= {spec.name: store.load_if_there(spec, permit) for spec in step.remembers}
    files = {name: store.file(name) for name in step.reads_files}
    with open_engine(kind=study.lines.engine if step.grows else "duckdb") as engine:
        made = step.act(Desk(study, tables, files, engine, run.progress, run.run_id, permit))
    store.save(step.name, worked_from, _specified(step, made), made.files, permit)
    rows = {name: table.num_rows for name, table in made.tables.items()}
    counts = {**rows, **dict.fromkeys(made.files, 1), **made.counts}
    run.ledger.write(Event.STEP, step=step.name, role=step.role.value, counts=counts)
    run.progress(step.says, 1.0)
    return True


def _specified(step: Step, made: Made) -> dict[TableSpec, object]:
    written = {spec.name: spec for spec in step.writes}
    if set(written) != set(made.tables):
        raise OurFault(f"The step {step.name} did not write the tables it says it writes.")
    return {written[name]: table for name, table in made.tables.items()}


def fingerprint(study: Study, step: Step, store: Store) -> str:
    """What a step's result depends on, but for files outside the rooms: its version, settings and inputs, as they stand."""
    lines = study.lines.model_dump(mode="json")
    return _digest(
        [
            __version__,
            _code(),
            step.name,
            step.version,
            {name: lines[name] for name in step.settings},
            {spec.name: store.digest(spec) for spec in (*step.reads, *step.may_read)},
            {name: store.file_digest(name) for name in step.reads_files},
            # A version under way may have given a step another table, or a table another column.
            {spec.name: spec.names for spec in step.writes},
            asdict(plan_of(study.folder)) if step.by_plan else None,
            {name: sorted(columns) for name, columns in listed_in(study.protocol).items()}
            if study.protocol is not None and "in" in step.opens
            else None,
        ]
    )


@cache
def _code() -> str:
    """The hash of the program itself, so that results of other code are worked out again though its version is the same."""
    whole = hashlib.sha256()
    for path in sorted(PROGRAM.rglob("*.py")):
        whole.update(path.relative_to(PROGRAM).as_posix().encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _digest(thing: object) -> str:
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()


def _opener(study: Study, ledger: Ledger) -> Opener:
    """Gives the hash of every file of the extracts (`in`), the truth, the list of names or the mappings, by its path. Opens none before it is asked, and then once."""

    @cache
    def opened(name: str) -> Mapping[str, str]:
        folder = {"in": study.extracts, "truth": study.truth, "names": study.names, "maps": study.maps}[name]
        asked = {"truth": study.lines.practice is not None, "names": study.lines.permission.name_origin}
        if not asked.get(name, True):
            return {}
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        step = next(step for step in STEPS if name in step.opens)
        if paths:
            ledger.write(Event.READ, step=step.name, role=step.role.value, counts={name: len(paths)})
        with ThreadPoolExecutor() as pool:
            hashed = pool.map(_file_hash, paths)
            found = {p.relative_to(folder).as_posix(): digest for p, digest in zip(paths, hashed, strict=True)}
        if name not in {"names", "maps"}:  # neither is a record of anybody, and no practice authority brings one
            require_reproduced(study, name, found)
        if name == "in":
            require_dataset(study, found)
        return found

    return opened


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise DataProblem(
            "This file cannot be read.", file=path.name, remedy="Close it elsewhere, or mend its rights."
        ) from None


@contextmanager
def accounted(path: Path, clock: Callable[[], datetime]) -> Iterator[Ledger]:
    """A ledger in which a refusal or a stop leaves its line too."""
    ledger = Ledger(path, clock)
    try:
        ledger.write(Event.BEGUN)
        yield ledger
    except Refused:
        _note(ledger, Event.REFUSED)
        raise
    except HearthlinkError as stop:
        _note(ledger, Event.STOPPED, stop.code)
        raise
    except OSError as fault:
        stop = refused_by_system(fault)
        _note(ledger, Event.STOPPED, stop.code)
        raise stop from None
    except KeyboardInterrupt:
        _note(ledger, Event.STOPPED, INTERRUPTED)
        raise
    except BaseException:
        _note(ledger, Event.STOPPED, ExitCode.OURS)
        raise


def _note(ledger: Ledger, event: Event, code: int | None = None) -> None:
    # The disk that stopped the run may refuse this line too; what stopped the run is then still what is told.
    with suppress(OSError):
        ledger.write(event, counts={} if code is None else {"exit_code": int(code)})

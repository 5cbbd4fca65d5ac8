"""One step, carried out: permit, load, act, check, save, record. And what its result depends on, so that it is not done twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

import hearthlink
from hearthlink import __version__
from hearthlink.engine import open_engine
from hearthlink.errors import OurFault
from hearthlink.governance import Event, Permit, grant
from hearthlink.study.asking import plan_of
from hearthlink.study.minimised import listed_in
from hearthlink.study.permitted import permission_of
from hearthlink.study.step import Desk, Made, Progress, Step
from hearthlink.study.steps import STEPS
from hearthlink.study.store import Store
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec

Opener = Callable[[str], Mapping[str, str]]

PROGRAM = Path(hearthlink.__file__).parent


class Entries(Protocol):
    """Where lines of the ledger are entered: the ledger itself, or whoever writes it for this process."""

    def write(self, event: Event, *, step: str = "", role: str = "", counts: Mapping[str, int] | None = None) -> None:
        """Enter a line."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What stays the same from step to step of a run. `opened` gives the hashes of the files of a folder outside the rooms."""

    study: Study
    store: Store
    entries: Entries
    opened: Opener
    clock: Callable[[], datetime]
    progress: Progress
    again: bool


def carry_out(work: Work, step: Step) -> bool:
    """Do one step, or find that it is unchanged; True where it was done. Raises Refused without leave, and whatever the step raises."""
    study, store = work.study, work.store
    permit = leave_for(work, step)
    if unchanged(work, step):
        return False
    kept, worked_from = store.record(step.name), _worked_from(work, step)
    work.progress(step.says, 0.0)
    tables = {spec.name: store.load(spec, permit) for spec in step.reads}
    tables |= {spec.name: store.load_if_there(spec, permit) for spec in step.may_read}
    if kept is not None and not work.again:
        tables |= {spec.name: store.load_if_there(spec, permit) for spec in step.remembers}
    files = {name: store.file(name) for name in step.reads_files}
    with open_engine(kind=study.lines.engine if step.grows else "duckdb") as engine:
        made = step.act(Desk(study, tables, files, engine, work.progress, run_id_of(study, store), permit))
    because = because_of(study, step, store)
    store.save(step.name, worked_from, _specified(step, made), made.files, permit, because=because)
    rows = {name: table.num_rows for name, table in made.tables.items()}
    counts = {**rows, **dict.fromkeys(made.files, 1), **made.counts}
    work.entries.write(Event.STEP, step=step.name, role=step.role.value, counts=counts)
    for event, told in made.entered.items():
        work.entries.write(event, step=step.name, role=step.role.value, counts=told)
    work.progress(step.says, 1.0)
    return True


def leave_for(work: Work, step: Step) -> Permit:
    """The permit for a step as things stand now. Raises Refused where the study's permission does not stretch to it."""
    now = work.clock()
    return grant(
        permission_of(work.study, now), step=step.name, role=step.role,
        reads=(*step.reads, *step.may_read, *step.remembers), writes=step.writes, today=now.date(),
        reaches=step.reaches(work.study),
    )  # fmt: skip


def unchanged(work: Work, step: Step) -> bool:
    """Whether a step stands as it was last done, so that nothing is to be done; where it does, that is entered. Opens no table."""
    if work.again or step.asks(work.study):
        return False
    kept = work.store.record(step.name)
    same = kept is not None and (kept.fingerprint, kept.opened) == _worked_from(work, step)
    if same:
        work.entries.write(Event.UNCHANGED, step=step.name, role=step.role.value)
    return same


def fingerprint(study: Study, step: Step, store: Store) -> str:
    """What a step's result depends on, but for files outside the rooms: its version, settings and inputs, as they stand."""
    # Whoever asks where a study stands, or releases from it, sees by the list that somebody has objected since. It has no hash of its own
    # in what is kept: of a list of one child that would tell which.
    objections = _hash_of(study.objections) if "in" in step.opens else None
    return digest_of([step.name, sorted(_parts(study, step, store).items()), objections])


def _parts(study: Study, step: Step, store: Store) -> dict[str, object]:
    """What a step's result depends on, part by part, each by a name that `changed_since` puts into words."""
    lines = study.lines.model_dump(mode="json")
    listed = (
        [
            {name: sorted(columns) for name, columns in listed_in(study.protocol).items()},
            study.protocol.cohort.model_dump(mode="json"),
        ]
        if study.protocol is not None and "in" in step.opens
        else None
    )
    return {
        "program": [__version__, _code()],
        "step": step.version,
        **{f"setting {name}": lines[name] for name in step.settings},
        **{f"table {spec.name}": store.digest(spec) for spec in (*step.reads, *step.may_read)},
        **{f"file {name}": store.file_digest(name) for name in step.reads_files},
        # A version under way may have given a step another table, or a table another column.
        "writes": {spec.name: spec.names for spec in step.writes},
        "plan": asdict(plan_of(study.folder)) if step.by_plan else None,
        "columns": listed,
    }


def because_of(study: Study, step: Step, store: Store) -> dict[str, str]:
    """A short hash of each part that a step's result depends on, to be kept beside it."""
    return {name: digest_of(part)[:16] for name, part in _parts(study, step, store).items()}


def stands(study: Study, step: Step, store: Store) -> bool:
    """Whether a step is done with the settings and the inputs it would have now, as far as the index tells. Opens nothing."""
    kept = store.record(step.name)
    return kept is not None and kept.fingerprint == fingerprint(study, step, store)


def changed_since(study: Study, step: Step, store: Store) -> list[str]:
    """The names of the parts that are otherwise than when a step was last done; `missing` where it is not done or what it wrote has gone."""
    kept = store.record(step.name)
    if kept is None:
        return ["missing"] if store.indexed(step.name) is not None else ["never"]
    now = because_of(study, step, store)
    changed = [name for name in now if now[name] != kept.because.get(name)]
    return changed or (["objections"] if kept.fingerprint != fingerprint(study, step, store) else [])


def digest_of(thing: object) -> str:
    """The SHA-256 of anything that JSON can spell."""
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _worked_from(work: Work, step: Step) -> tuple[str, str]:
    opened: list[object] = [work.opened(name) for name in step.opens]
    run_id = run_id_of(work.study, work.store) if step.reads_files else ""
    return fingerprint(work.study, step, work.store), digest_of([opened, run_id])


def run_id_of(study: Study, store: Store) -> str:
    """What a run is called in its report: it stands for the program, the settings and the extracts, as they were received.

    The index has kept what was received, so that whoever has no extracts calls the run the same.
    """
    received = store.indexed(STEPS[0].name)
    opened = "" if received is None else received.opened
    return digest_of([__version__, opened, study.lines.model_dump(mode="json")])[:12]


def _specified(step: Step, made: Made) -> dict[TableSpec, object]:
    written = {spec.name: spec for spec in step.writes}
    if set(written) != set(made.tables):
        raise OurFault(f"The step {step.name} did not write the tables it says it writes.")
    return {written[name]: table for name, table in made.tables.items()}


@cache
def _code() -> str:
    """The hash of the program itself, so that results of other code are worked out again though its version is the same."""
    whole = hashlib.sha256()
    for path in sorted(PROGRAM.rglob("*.py")):
        whole.update(path.relative_to(PROGRAM).as_posix().encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()

"""Carry the steps out, in order: all in this process where the keys rest together, and else those that somebody's parts permit.

Where keys are apart, steps of one role that follow one another are done by one process, which holds that role's keys and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

from hearthlink.engine import require_engine
from hearthlink.errors import DataProblem, ExitCode, HearthlinkError, Refused, WrongUse, refused_by_system
from hearthlink.governance import Event, Keys, Ledger, Role, practice_keys, require
from hearthlink.governance.custody import rooms_of
from hearthlink.governance.ledger import STUDY_LEDGER
from hearthlink.governance.network import closed_network
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import rooms_reached
from hearthlink.governance.signing import SigningKey
from hearthlink.study.custody import holder_of, keys_for, names_of, ready
from hearthlink.study.ledger import signs_lines
from hearthlink.study.lock import only_one
from hearthlink.study.permitted import permission_of, require_dataset
from hearthlink.study.practice import require_reproduced
from hearthlink.study.processes.handed import Child, carry_out_in, end, start
from hearthlink.study.processes.work import Opener, Work, carry_out, leave_for, stands, unchanged
from hearthlink.study.seen import remember_end
from hearthlink.study.step import Progress, Step
from hearthlink.study.steps import STEPS
from hearthlink.study.store import Store, look, open_store
from hearthlink.study.study import Study
from hearthlink.tables import Room

__all__ = ["News", "Next", "accounted", "open_store", "run"]

INTERRUPTED = 130
"""Exit code of a run that its user stopped, as shells have it."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened to one step: done, or unchanged since the last run."""

    step: Step
    done: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Where a run stopped because the next step is somebody else's: the step, and who has its part by the protocol."""

    step: Step
    part: Part
    names: tuple[str, ...]


def run(
    study: Study,
    *,
    clock: Callable[[], datetime],
    upto: str | None = None,
    again: bool = False,
    apart: bool = False,
    progress: Progress = lambda words, share: None,
    tell: Callable[[News], None] = lambda news: None,
    say: Callable[[str], None] = lambda words: None,
) -> Next | None:
    """Run a study's steps in order, up to and with the one named; `again` redoes even what is unchanged.

    Where the keys of rooms are apart, whoever is at the keyboard does the steps of their parts; gives who is next, or None where all is
    done. `say` is told what was done with the keys. `apart` has each step done in a process of its role where the keys rest together too.
    Raises Refused before any extract is opened where permission does not hold or the step named is not theirs, and whatever a step raises.
    What was done before a stop stays done.
    """
    names = [step.name for step in STEPS]
    wanted = STEPS[: names.index(upto) + 1] if upto else STEPS
    key = signs_lines(study, None if study.holder is None else study.holder.key)
    with (
        only_one(study.folder) as lock,
        accounted(study.folder / "ledger.jsonl", clock, key) as ledger,
        closed_network(),
    ):
        now = clock()
        require(permission_of(study, now), now.date())
        _require_runnable(study)
        look(study, _judged(study)).clear_up()
        work = Work(study, look(study), ledger, _opener(study, ledger), clock, progress, again)
        if study.keys_apart:
            if upto:
                holder_of(study).require(wanted[-1].role, f"The step {upto}")
            for words in ready(study, ledger):
                say(words)
        if not study.keys_apart:
            work = replace(work, store=open_store(study))
        _tell_lost(look(study, _judged(study)), ledger, wanted, say)
        waits = _in_turn(work, wanted, lock, tell) if study.keys_apart or apart else _here(work, wanted, tell)
        done = len(wanted) if waits is None else wanted.index(waits.step)
        ledger.write(Event.FINISHED, counts={"steps": done})
    return waits


def _tell_lost(store: Store, ledger: Ledger, steps: Sequence[Step], say: Callable[[str], None]) -> None:
    """Enter and say of which steps what they wrote is missing or was changed: it is made again, and not as if nothing had been."""
    begun = [step for step in steps if store.indexed(step.name) is not None]
    lost = [step for step in begun if store.record(step.name) is None]
    if not begun and _was_done(ledger):
        ledger.write(Event.LOST, step=steps[0].name, role=steps[0].role.value)
        say("What this study held in its rooms is missing: every step is done again, and the ledger says so")
    for step in lost:
        ledger.write(Event.LOST, step=step.name, role=step.role.value)
        say(f"What {step.name} had written is missing, or was changed since: it is done again, and the ledger says so")


def _was_done(ledger: Ledger) -> bool:
    """Whether the ledger tells of a step that was done, since the keys of the rooms were made last: to make them empties the rooms."""
    told = [line.said["event"] for line in ledger.judged().lines]
    since = max((n for n, event in enumerate(told) if event == Event.KEYS_MADE.value), default=-1)
    return Event.STEP.value in told[since + 1 :]


def _require_runnable(study: Study) -> None:
    if not study.lines.authority.strip():
        raise WrongUse(
            "The council is not named.",
            file="study.toml",
            column="authority",
            remedy="Name it as the report should.",
        )
    require_engine(study.lines.engine)


def _here(work: Work, steps: Sequence[Step], tell: Callable[[News], None]) -> None:
    """Every step in this process, with all keys."""
    for step in steps:
        tell(News(step, carry_out(work, step)))


def _in_turn(work: Work, steps: Sequence[Step], lock: int, tell: Callable[[News], None]) -> Next | None:
    """Steps of one role after another, each role's in a process of its own; up to the first that is not done and is somebody else's."""
    study = work.study
    turns = [(role, list(each)) for role, each in groupby(steps, key=lambda step: step.role)]
    mine = [_may(study, role) for role, _ in turns]
    child: Child | None = None
    try:
        for turn, (role, each) in enumerate(turns):
            seen = replace(work, store=look(study, _judged(study)))
            if not mine[turn]:
                waits = next((step for step in each if not stands(study, step, seen.store)), None)
                if waits is not None:
                    part = Part(role.value)
                    return Next(waits, part, tuple(names_of(study, part)))
                continue
            rest = _to_do(seen, each, tell)
            if rest:
                keys = _keys(study, role, rest[0])
                here, child = child or start(lock), start(lock) if any(mine[turn + 1 :]) else None
                carry_out_in(here, seen, rest, keys, lambda step, done: tell(News(step, done)))
    finally:
        end(child)
    return None


def _to_do(work: Work, steps: Sequence[Step], tell: Callable[[News], None]) -> list[Step]:
    """The steps from the first that is not unchanged; those before it are said to be."""
    for number, step in enumerate(steps):
        leave_for(work, step)
        if not unchanged(work, step):
            return list(steps[number:])
        tell(News(step, done=False))
    return []


def _may(study: Study, role: Role) -> bool:
    return study.holder.plays(role) if study.keys_apart and study.holder else not study.keys_apart


def _judged(study: Study) -> frozenset[Room]:
    """The rooms of which whoever is at the keyboard can tell what is there."""
    return rooms_reached(study.holder.parts) if study.keys_apart and study.holder else frozenset(Room)


def _keys(study: Study, role: Role, step: Step) -> Keys:
    """The keys that are handed on for a role: those of the rooms that it reaches."""
    if study.keys_apart:
        return keys_for(study, role, f"The step {step.name}")
    return practice_keys(study.keys, study.bound_to).of(rooms_of(role))


def _opener(study: Study, ledger: Ledger) -> Opener:
    """Gives the hash of every file of the extracts (`in`), the truth, the list of names, the mappings or the outside tables, by its path. Opens none before it is asked, and then once."""

    @cache
    def opened(name: str) -> Mapping[str, str]:
        folder = {
            "in": study.extracts,
            "truth": study.truth,
            "names": study.names,
            "maps": study.maps,
            "outside": study.folder / "outside",
        }[name]
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
        if name not in {
            "names",
            "maps",
            "outside",
        }:  # neither is a record of anybody, and no practice authority brings one
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
def accounted(path: Path, clock: Callable[[], datetime], key: SigningKey | None = None) -> Iterator[Ledger]:
    """A ledger in which a refusal or a stop leaves its line too. `key` is of whoever is at the keyboard, where that is known."""
    ledger = Ledger(path, clock, key)
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
    finally:
        if path.name == STUDY_LEDGER:
            remember_end(path.parent)


def _note(ledger: Ledger, event: Event, code: int | None = None) -> None:
    # The disk that stopped the run may refuse this line too; what stopped the run is then still what is told.
    with suppress(OSError):
        ledger.write(event, counts={} if code is None else {"exit_code": int(code)})

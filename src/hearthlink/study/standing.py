"""Where each step of a study stands, and in plain words why one is to be done again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hearthlink.errors import HearthlinkError
from hearthlink.governance.release import SEEN
from hearthlink.study.ended import require_open
from hearthlink.study.processes.work import changed_since, stands
from hearthlink.study.released import numbers_in, read_release
from hearthlink.study.step import Step
from hearthlink.study.steps import STEPS
from hearthlink.study.store import Store, look
from hearthlink.study.study import Study
from hearthlink.tables import Room
from hearthlink.tables.identity import CORRECTION, DECISION
from hearthlink.tables.released import RELEASED_FIGURE

AFTER_RELEASE = f"table {RELEASED_FIGURE.name}"
WORDS = {
    "never": "it was not done yet",
    "missing": "what it wrote is missing, or was changed since",
    "program": "the program is another than it was done with",
    "step": "it works otherwise in this version",
    "writes": "it writes other tables in this version",
    "plan": "analysis.toml asks otherwise",
    "columns": "the protocol lists other columns, or other children",
    "objections": "objections.csv has changed",
    AFTER_RELEASE: "a release has left since, and the next is cleared after it",
    f"table {DECISION.name}": "a reviewer has answered since",
    f"table {CORRECTION.name}": "a link was put right by hand since",
}
"""What is said of a part that has changed, by its name."""
MOST = 4
"""So many reasons are named, and how many more there are."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one step of a study stands: whether it is done, with the settings and the inputs it would have now; whose it is; if not done, why."""

    step: str
    says: str
    done: bool
    role: str
    why: str = ""


def standing(study: Study, *, for_release: bool = False) -> list[Standing]:
    """Where each step stands, as far as settings and tables tell. Opens no table and no extract.

    A step is done only where every step before it is. What was released as it stands is done too, although the figures that have left
    make another clearing of it: only a release to come (`for_release`) waits for that. Raises Refused for a study that is destroyed,
    frozen or past its day of destruction.
    """
    require_open(study, datetime.now(UTC))
    store = look(study, () if study.keys_apart else Room)
    standings: list[Standing] = []
    waits_for, said = "", {"never", "missing"}
    for step in STEPS:
        done = not waits_for and (stands(study, step, store) or (not for_release and _has_left(study, step, store)))
        changed = [] if done else changed_since(study, step, store)
        # Of the steps that follow only that is told which was not told before: one setting makes many steps to be done again.
        told = [name for name in changed if name not in said] if waits_for else changed
        why = "" if done else _in_words(told) if told else f"it follows {waits_for}"
        said |= set(changed)
        waits_for = waits_for or ("" if done else step.name)
        standings.append(Standing(step.name, step.says, done, step.role.value, why))
    return standings


def _has_left(study: Study, step: Step, store: Store) -> bool:
    """Whether a clearing is not up to date for no other reason than that its own figures have left."""
    kept = store.record(step.name)
    numbers = numbers_in(study)
    if kept is None or not numbers or changed_since(study, step, store) != [AFTER_RELEASE]:
        return False
    try:
        last = read_release(study, numbers[-1])
    except HearthlinkError:
        return False  # that its history does not hold is said by whoever reads it
    return last.standing.state in SEEN and last.cleared_from == kept.fingerprint


def _in_words(changed: Sequence[str]) -> str:
    said = list(dict.fromkeys(map(_words, changed)))
    more = f"; and {len(said) - MOST} more" if len(said) > MOST else ""
    return "; ".join(said[:MOST]) + more


def _words(name: str) -> str:
    if name in WORDS:
        return WORDS[name]
    kind, _, which = name.partition(" ")
    return {
        "setting": f"[{which}] of study.toml has changed" if which not in TOP else f"{which} in study.toml has changed",
        "table": f"its input {which} has changed",
        "file": "the cleared tables have changed",
    }.get(kind, "something it goes by has changed")


TOP: Sequence[str] = ("name", "authority", "year")
"""Settings that stand at the top of study.toml, in no section."""

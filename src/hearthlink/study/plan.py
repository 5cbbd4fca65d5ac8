"""What a person does with the plan of analysis: write it, see what can be told, seal it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from hearthlink.errors import WrongUse
from hearthlink.governance import Event, Role
from hearthlink.study.asking import (
    PLAN_FILE,
    Foreseen,
    default_plan,
    digest_of,
    foreseen,
    plan_text,
    read_plan,
    read_seals,
)
from hearthlink.study.asking import seal as put_seal
from hearthlink.study.ended import require_open
from hearthlink.study.lock import only_one
from hearthlink.study.run import accounted
from hearthlink.study.store import look, write_whole
from hearthlink.study.study import Study


@dataclass(frozen=True, slots=True)
class Shown:
    """The plan as a person sees it: what is expected of each question, whether it is sealed as it stands, and every seal's day."""

    questions: tuple[Foreseen, ...]
    sealed: bool
    seals: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The same for a script."""
        return {"sealed": self.sealed, "seals": list(self.seals), "questions": [asdict(one) for one in self.questions]}

    def lines(self) -> Iterator[str]:
        """The same in words."""
        for one in self.questions:
            mark = "planned" if one.planned else "exploratory" if self.seals else "not sealed"
            yield f"{one.measure}, {one.window}  [{mark}]"
            yield f"    expected: {one.having:,} of {one.seen:,} children seen, of {one.counted:,} counted; {one.says}"
        yield ""
        yield "The plan is sealed as it stands." if self.sealed else "The plan is not sealed as it stands."


def write_plan(study: Study) -> None:
    """Write analysis.toml with every question of the study. Raises WrongUse where there is one."""
    require_open(study, datetime.now(UTC))
    path = study.folder / PLAN_FILE
    if path.exists():
        raise WrongUse("There is a plan here already; it was left as it is.", file=PLAN_FILE)
    write_whole(path, plan_text(default_plan(), name=study.lines.name).encode())


def show_plan(study: Study) -> Shown:
    """The plan of a study: what is expected of each question and how it is sealed. Opens no table and no extract.

    Raises Refused for a study that is destroyed, frozen or past its day of destruction.
    """
    require_open(study, datetime.now(UTC))
    lines, seals = read_plan(study.folder), read_seals(study.folder)
    planned = frozenset[tuple[str, str, str, str]]().union(*(one.asked for one in seals if one.before_answers))
    digest = digest_of(lines)
    return Shown(
        tuple(foreseen(lines, planned)),
        any(one.digest == digest for one in seals),
        tuple(f"{one.sealed_at}, {'before' if one.before_answers else 'after'} anything was answered" for one in seals),
    )


def seal_plan(study: Study, clock: Callable[[], datetime]) -> None:
    """Seal the plan as it stands, and enter it in the ledger. What the study has answered already makes it exploratory.

    No record is opened, so that a plan can be sealed before there is a permission: whoever approves the study approves it with its plan.
    Raises WrongUse where the plan is sealed as it stands.
    """
    with only_one(study.folder), accounted(study.folder / "ledger.jsonl", clock) as ledger:
        require_open(study, clock())
        lines = read_plan(study.folder)
        if any(one.digest == digest_of(lines) for one in read_seals(study.folder)):
            raise WrongUse("The plan is sealed as it stands.", file=PLAN_FILE)
        if not (study.folder / PLAN_FILE).is_file():
            write_whole(study.folder / PLAN_FILE, plan_text(lines, name=study.lines.name).encode())
        answered = look(study).record("answer") is not None
        put_seal(study.folder, lines, now=clock(), answered=answered)
        ledger.write(Event.SEALED, step="plan", role=Role.ANALYST.value, counts={"questions": len(lines.question)})

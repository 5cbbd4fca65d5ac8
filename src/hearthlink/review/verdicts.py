"""What reviewers said, brought from rows to children: the chain of rows, who said what last, and each child's verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import pyarrow as pa

from hearthlink.errors import DataProblem
from hearthlink.review.design import LINKED
from hearthlink.tables.identity import DECISION

START = "0" * 64
Pair = tuple[str, str | None]


class Answer(Enum):
    """What a reviewer says of a child and a household."""

    MATCH = "match"
    NO_MATCH = "no_match"
    NOT_SURE = "not_sure"


class Verdict(Enum):
    """What a reading says of a child and the answer the linkage gave for it."""

    RIGHT = "in the household it was linked to"
    ELSEWHERE = "in another household"
    NOWHERE = "in none of those looked at"
    RIGHT_OR_NOT = "perhaps in the household it was linked to"
    THERE_OR_NOT = "perhaps in another household"


@dataclass(frozen=True, slots=True)
class Judged:
    """A child drawn, its design, and the verdicts of its readers, first reader first."""

    child_id: str
    band: str
    age_group: str
    in_stratum: int
    expected_right: float
    verdicts: tuple[Verdict, ...]

    @property
    def linked(self) -> bool:
        """Whether the linkage had given it a household."""
        return self.band in LINKED


def added(
    decision: pa.Table, *, child_id: str, household_id: str | None, answer: Answer, reviewer: str, day: date
) -> pa.Table:
    """The decisions with one more row at the end, bound to the row before."""
    before = decision.column("chain")[-1].as_py() if decision.num_rows else START
    row: dict[str, Any] = {
        "entry": decision.num_rows + 1,
        "child_id": child_id,
        "household_id": household_id,
        "member_id": None,
        "answer": answer.value,
        "reviewer": reviewer,
        "day": day,
    }
    one = pa.Table.from_pylist([row | {"chain": chained(row, before)}], schema=DECISION.schema)
    return DECISION.conform(pa.concat_tables([decision, one]))


def require_whole(decision: pa.Table) -> None:
    """Raise DataProblem where a row of the decisions was changed, taken out or moved."""
    require_chain(decision, "decisions", DECISION.name)


def require_chain(table: pa.Table, what: str, name: str) -> None:
    """Raise DataProblem where a row was changed, taken out or moved in a table whose rows are each bound to the one before."""
    before = START
    for number, row in enumerate(table.to_pylist(), start=1):
        said = row.pop("chain")
        if row["entry"] != number or said != chained(row, before):
            raise DataProblem(
                f"This row of the {what} does not follow from the one before it.",
                file=name,
                line=number,
                remedy="It, or a row before it, was changed. Keep the study's folder as it is, and tell who holds the study.",
            )
        before = said


def chained(row: Mapping[str, Any], before: str) -> str:
    """The hash of a row, but for its own, and the hash of the row before."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    return hashlib.sha256(json.dumps([plain, before], sort_keys=True).encode()).hexdigest()


def latest(decision: pa.Table) -> dict[str, dict[Pair, Answer]]:
    """For each reviewer, in order of their first answer, the answer that stands for each pair."""
    found: dict[str, dict[Pair, Answer]] = {}
    columns = (decision.column(name).to_pylist() for name in ("reviewer", "child_id", "household_id", "answer"))
    for reviewer, child, household, answer in zip(*columns, strict=True):
        found.setdefault(reviewer, {})[child, household] = Answer(answer)
    return found


def judged(review_sample: pa.Table, review_pair: pa.Table, decision: pa.Table) -> list[Judged]:
    """The children drawn whom at least one reviewer has looked at beside every household, in order of their ids."""
    shown: dict[str, list[str]] = {}
    for row in review_pair.select(["child_id", "household_id"]).to_pylist():
        shown.setdefault(row["child_id"], []).append(row["household_id"])
    said = list(latest(decision).values())
    found: list[Judged] = []
    for row in sorted(review_sample.to_pylist(), key=lambda one: one["child_id"]):
        child, linked = row["child_id"], row["household_id"]
        readings = [
            {household: answers[child, household] for household in shown.get(child, ())}
            for answers in said
            if all((child, household) in answers for household in shown.get(child, ())) and child in shown
        ]
        if readings:
            verdicts = tuple(verdict(linked, reading) for reading in readings)
            found.append(
                Judged(child, row["band"], row["age_group"], row["in_stratum"], row["expected_right"], verdicts)
            )
    return found


def verdict(linked: str | None, reading: Mapping[str, Answer]) -> Verdict:
    """What a reading of every household shown says of a child. One with two homes is right in either."""
    others = [answer for household, answer in reading.items() if household != linked]
    if linked is not None and reading.get(linked) is Answer.MATCH:
        return Verdict.RIGHT
    if linked is not None and reading.get(linked) is Answer.NOT_SURE and Answer.MATCH not in others:
        return Verdict.RIGHT_OR_NOT
    if Answer.MATCH in others:
        return Verdict.ELSEWHERE
    return Verdict.THERE_OR_NOT if Answer.NOT_SURE in others else Verdict.NOWHERE


def pairs_read_twice(review_pair: pa.Table, decision: pa.Table) -> Sequence[tuple[Answer, Answer]]:
    """The answers of the first two readers of each pair that has two, in the order of showing."""
    said = list(latest(decision).values())
    found: list[tuple[Answer, Answer]] = []
    for row in review_pair.sort_by("place").to_pylist():
        both = [answers[pair] for answers in said if (pair := (row["child_id"], row["household_id"])) in answers]
        if len(both) > 1:
            found.append((both[0], both[1]))
    return found

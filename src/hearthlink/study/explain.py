"""How a weight comes about, step by step: for a pattern, which is nobody's; or for a real pair, which is the reviewer's to see."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance import Role
from hearthlink.linkage.model import from_table
from hearthlink.linkage.waterfall import Step, of_pair, pattern_of, waterfall
from hearthlink.linkage.waterfall_drawing import drawn
from hearthlink.study.acts_inside import EXPLAIN, EXPLAIN_PAIR
from hearthlink.study.beside import Clock, Opened, entered
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables import identity as i

__all__ = ["Explained", "Step", "explain", "explain_pair", "write_explained"]

FILES = ("waterfall.csv", "waterfall.svg")


@dataclass(frozen=True, slots=True)
class Explained:
    """The steps, and the same drawn as SVG."""

    steps: tuple[Step, ...]
    svg: str

    @property
    def csv(self) -> str:
        """The steps as CSV: one row each, weights in bits."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["of", "level", "same_person", "by_chance", "bits", "weight_after", "probability_after"])
        for step in self.steps:
            shares = ("" if share is None else repr(share) for share in (step.same, step.by_chance))
            writer.writerow([step.of, step.level, *shares, repr(step.bits), repr(step.total), repr(step.probability)])
        return text.getvalue()


def explain(study: Study, pattern: str, *, clock: Clock) -> Explained:
    """The steps for an agreement pattern such as `forename=same, surname=close`, by the study's own model.

    Raises WrongUse for a field or level that is not known, DataProblem where the model is not estimated yet.
    """
    levels = pattern_of(pattern)
    with entered(study, EXPLAIN, clock) as opened:
        steps = waterfall(from_table(opened.load(i.PARAMETER)), levels)
    return Explained(steps, drawn(steps, title="How a pair with this pattern comes to its weight"))


def explain_pair(study: Study, *, child: str, household: str, role: str, clock: Clock) -> Explained:
    """The steps for a real child and household, by how their records agree; no name is in them.

    For the reviewer alone: Refused in any other role, and for a pair drawn for review that is not answered yet, since whoever is to
    judge it may not see its score. DataProblem where the two were never compared.
    """
    if role not in {known.value for known in Role}:
        raise WrongUse(
            "There is no such role.",
            column="--role",
            remedy=f"The roles are: {', '.join(known.value for known in Role)}.",
        )
    elsewhere = Refused(
        "How a real pair comes to its weight is for the reviewer alone.",
        column="--role",
        remedy="Nothing was opened. Explain a pattern with --pattern, or, where reviewing is your part, say --role reviewer.",
    )
    with entered(study, EXPLAIN_PAIR, clock, refuse=None if role == EXPLAIN_PAIR.role.value else elsewhere) as opened:
        _require_answered(opened, child, household)
        steps = of_pair(
            from_table(opened.load(i.PARAMETER)),
            opened.load(i.PERSON),
            opened.load(i.CANDIDATE_PAIR),
            child=child,
            household=household,
        )
    return Explained(steps, drawn(steps, title="How this pair comes to its weight"))


def _require_answered(opened: Opened, child: str, household: str) -> None:
    wanted, answered = (
        _of_pair(opened.load_if_there(table), child, household) for table in (i.REVIEW_PAIR, i.DECISION)
    )
    readers = len(pc.unique(answered.column("reviewer")))
    if wanted.num_rows and readers < wanted.column("readings")[0].as_py():
        raise Refused(
            "This pair is to be reviewed by somebody who has not seen its score.",
            remedy="Answer it first: hearthlink review STUDY --reviewer ...",
        )


def _of_pair(table: pa.Table, child: str, household: str) -> pa.Table:
    mine = pc.and_(pc.equal(table.column("child_id"), child), pc.equal(table.column("household_id"), household))
    return table.filter(mine)


def write_explained(explained: Explained, folder: Path) -> tuple[Path, ...]:
    """Write waterfall.csv and waterfall.svg into a folder, and say where they lie."""
    if folder.exists() and not folder.is_dir():
        raise WrongUse("This is a file, not a folder.", file=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / name for name in FILES)
    for path, text in zip(paths, (explained.csv, explained.svg), strict=True):
        write_whole(path, text.encode())
    return paths

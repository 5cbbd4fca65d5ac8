"""One link put right after the fact: what is released that it would change is said before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.review import Says, corrected
from hearthlink.study.acts_inside import CORRECT
from hearthlink.study.beside import Clock, Opened, entered
from hearthlink.study.foresee import figures_changed, foreseen
from hearthlink.study.review import reviewer_named
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec
from hearthlink.tables import identity as i

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be put right: of which child, to what, why, and who says so. `household_id` is empty but where `says` is a household."""

    child_id: str
    household_id: str | None
    says: Says
    reason: str
    by: str


def would_change(study: Study, correction: Correction, clock: Clock) -> list[str] | None:
    """The released figures that a correction would change, in words and without a value; None where nothing was cleared yet.

    Nothing is recorded, and no result of the study changes. Raises DataProblem where the child or the household is not on file, and Refused
    where the keys of rooms are apart: no one person's open all that leans on a link.
    """
    with entered(study, CORRECT, clock) as opened:
        table = _with(opened, correction, clock)
    before, after = foreseen(study, {i.CORRECTION: table}, clock)
    return None if before is None else figures_changed(before, after)


def correct(study: Study, correction: Correction, clock: Clock) -> None:
    """Record a correction. The next run heeds it, and does again only what leans on links.

    Raises DataProblem where the child or the household is not on file, WrongUse where reason or name is missing.
    """
    with entered(study, CORRECT, clock) as opened:
        table = _with(opened, correction, clock)
        opened.store.save(CORRECT.name, ("", ""), {i.CORRECTION: table}, {}, opened.permit)


def _with(opened: Opened, correction: Correction, clock: Clock) -> pa.Table:
    reason = " ".join(correction.reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise WrongUse(f"A reason of 1 to {LONGEST_REASON} letters is needed; it must name nobody.", column="--reason")
    _require_known(opened, i.CHILD_IDENTIFIER, "child_id", correction.child_id, "child")
    if correction.says == "household":
        _require_known(opened, i.HOUSEHOLD_IDENTIFIER, "household_id", correction.household_id or "", "household")
    return corrected(
        opened.load_if_there(i.CORRECTION),
        child_id=correction.child_id,
        household_id=correction.household_id if correction.says == "household" else None,
        says=correction.says,
        reason=reason,
        by=reviewer_named(correction.by, "--by"),
        day=clock().date(),
    )


def _require_known(opened: Opened, table: TableSpec, column: str, value: str, what: str) -> None:
    if not pc.any(pc.equal(opened.load(table).column(column), value)).as_py():
        raise DataProblem(
            f"No {what} of this id is on file.",
            column=column,
            remedy="Give the id as the extracts have it: the census's for a child, the claim's reference for a household.",
        )

"""The list of those who object, or who must be left out: read line by line, and no line passed over.

It lies in the study's folder and not among the extracts; `docs/how-to/honour-objections.md` says what it holds. Whatever in it is not
understood stops the run, for a line that nobody heeds is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import CODE, DATE, IntakeTable, identifying, plain
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.reading.tabular import open_tabular

CHILD, HOUSEHOLD = "child", "household"
SOURCE = "objections"
REASONS = {
    **dict.fromkeys(("objection", "objects", "article_21"), "objection"),
    **dict.fromkeys(("opt_out", "optout", "opted_out"), "opt-out"),
    **dict.fromkeys(("court_order", "court"), "court order"),
    "other": "other",
}
TABLE = IntakeTable(
    "objections",
    "A child or a household that is to be left out of the study.",
    SOURCE,
    ("objections",),
    (
        plain("about", CODE, "child or household", codes={CHILD: CHILD, HOUSEHOLD: HOUSEHOLD}, needed=True),
        identifying("person_id", "the child, by the council's own id or the case system's", "child_id", "la_child_id"),
        identifying("upn", "the child's unique pupil number", "unique_pupil_number"),
        identifying("claim_ref", "the household's claim reference", "claim_reference", "claim_number"),
        identifying("forename", "forename", "first_name"),
        identifying("surname", "surname", "last_name"),
        identifying("birth_date", "birth date", "dob", "date_of_birth", kind=DATE),
        identifying("postcode", "postcode", "post_code"),
        plain("reason", CODE, "objection, opt-out, court order or other", codes=REASONS),
    ),
    may_be_bare=True,
)


@dataclass(frozen=True, slots=True, repr=False)
class Objection:
    """One line of the list. `about` is child or household; of the rest whatever identifies them, empty where not said."""

    line: int
    about: str
    person_id: str | None = None
    upn: str | None = None
    claim_ref: str | None = None
    forename: str | None = None
    surname: str | None = None
    birth_date: date | None = None
    postcode: str | None = None

    def __repr__(self) -> str:
        return f"Objection(line={self.line})"

    @property
    def is_named(self) -> bool:
        """Whether the line says enough to be looked for by name: a surname, and a forename or a birth date."""
        return bool(self.surname and (self.forename or self.birth_date))

    @property
    def has_id(self) -> bool:
        """Whether the line holds an id of whom it is about."""
        return bool(self.claim_ref if self.about == HOUSEHOLD else self.person_id or self.upn)


def read_objections(path: Path) -> tuple[Objection, ...]:
    """Every line of a list of objections, in order; none where there is no list.

    Raises DataProblem where a line is misshapen, does not say whom it is about, holds a birth date that is not understood, or says too
    little to look for anybody: its number is given, and nothing that stands in it.
    """
    if not path.exists() and not path.is_symlink():
        return ()
    taken = take(open_tabular(path, SOURCE), TABLE)
    _require_whole(taken, path.name)
    return tuple(_understood(taken, path.name))


def _require_whole(taken: Taken, file: str) -> None:
    """Raise DataProblem where a line is misshapen, or holds something in a column with a form of its own that is not understood."""
    formed = ("about", "birth_date", "reason")
    unread = (f"{name}: a value not understood" for name in formed)
    notes = [words for words, rows in taken.tally.notes.items() if rows and words.startswith(tuple(unread))]
    wrong = [*(words for words, rows in taken.tally.refused.items() if rows), *notes]
    if wrong:
        raise DataProblem(
            f"The list of objections is not understood throughout: {wrong[0]}.",
            file=file,
            remedy="Mend it: every line of it is heeded, or nothing is read.",
        )


def _understood(taken: Taken, file: str) -> Iterator[Objection]:
    lines = [0] * taken.table.num_rows if taken.lines is None else taken.lines.to_pylist()
    for line, row in zip(lines, taken.table.drop_columns(["reason"]).to_pylist(), strict=True):
        if row["about"] is None:
            raise _unheeded("does not say whom it is about", file, line, "about", "Write child or household there.")
        one = Objection(line, **row)
        if not (one.has_id or one.is_named):
            raise _unheeded(
                "says too little to look for anybody", file, line, None,
                "Give an id; or a surname with a forename or a birth date, and a postcode if it is known.",
            )  # fmt: skip
        yield one


def _unheeded(what: str, file: str, line: int, column: str | None, remedy: str) -> DataProblem:
    return DataProblem(f"A line of the list of objections {what}.", file=file, line=line, column=column, remedy=remedy)

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
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.tabular import Tabular, open_tabular

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
MEANT = {
    "about": "it is child or household, and says something else",
    "birth_date": "it is no date, as 2012-05-03 or 03/05/2012",
    "reason": "it is objection, opt-out, court order or other, and says something else",
}
"""Of the columns with a form of their own, what is said of a value that is not understood."""


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
    tabular = open_tabular(path, SOURCE)
    _require_headings(tabular)
    taken = take(tabular, TABLE)
    _require_whole(taken, tabular)
    return tuple(_understood(taken, path.name))


def _require_headings(tabular: Tabular) -> None:
    """Raise DataProblem for a heading that is none of ours: what stands under it would be passed over. It is told by its place, not quoted."""
    known = {normal(name) for column in TABLE.columns for name in (column.name, *column.also)}
    strange = [
        place for place, header in enumerate(tabular.headers, start=1) if header.strip() and normal(header) not in known
    ]
    # Where hardly any is known it is another file, or one without headings, and `take` says so.
    if strange and len(strange) < len(tabular.headers):
        raise DataProblem(
            f"The heading of column {strange[0]} is none that this list has, so that what stands under it would be passed over.",
            file=tabular.file, line=tabular.first_line - 1,
            remedy=f"Spell it as one of {', '.join(TABLE.names)}; or take the column out.",
        )  # fmt: skip


def _require_whole(taken: Taken, tabular: Tabular) -> None:
    """Raise DataProblem where a line is misshapen, or holds something in a column with a form of its own that is not understood."""
    wrong = [words for words, rows in taken.tally.refused.items() if rows]
    line = column = None
    if not wrong:
        line, column = _first_unread(taken, tabular)
        wrong = [f"{column}: {MEANT[column]}"] if column else []
    if wrong:
        raise DataProblem(
            f"The list of objections is not understood throughout: {wrong[0]}.",
            file=tabular.file,
            line=line,
            column=column,
            remedy="Mend it: every line of it is heeded, or nothing is read.",
        )


def _first_unread(taken: Taken, tabular: Tabular) -> tuple[int | None, str | None]:
    """The line and the column of the first value that is there and was not understood."""
    at = {normal(header): place for place, header in enumerate(tabular.headers)}
    spelt = {
        one.name: [at[normal(name)] for name in (one.name, *one.also) if normal(name) in at] for one in TABLE.columns
    }
    there = tabular.read({name: spelt[name][0] for name in MEANT if spelt[name]}).table
    found = [
        (row, name)
        for name in MEANT
        if name in there.column_names
        for row, (text, read) in enumerate(
            zip(there.column(name).to_pylist(), taken.table.column(name).to_pylist(), strict=True)
        )
        if text is not None and read is None
    ]
    if not found:
        return None, None
    row, name = min(found)
    return (None if taken.lines is None else taken.lines[row].as_py()), name


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

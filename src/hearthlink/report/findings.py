"""The page and the table of what the checks found: for the custodian, by row and column, with no value out of a record.

It is no part of what may leave, and is made from findings and places alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from hearthlink.report.page import css, environment
from hearthlink.report.tidy import written

MOST_LINES = 200
"""Lines of one column that the page names; the table names all."""

GROUPS = (
    ("stops", "What stops the run", "The answer would be wrong, so nothing is answered until this is mended."),
    ("look", "To look at before the answer is used", "Our own checks of identifiers, claims and money."),
    ("error", "Errors by the census's rules", "The Department for Education would not accept the return. Here they are counted, and no record is left out for them."),
    ("query", "Queries by the census's rules", "The Department for Education would ask for a reason."),
    ("note", "Worth knowing", "Expected in some measure."),
)  # fmt: skip
"""Severities, gravest first: heading and what it means."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: its code, how grave it is, its words, how many of how many, and what to do or what is done.

    ``about`` is the table and column it is about. ``open`` is False where somebody accepted it; ``note`` says who, when and why.
    """

    code: str
    severity: str
    says: str
    found: int
    looked_at: int | None
    remedy: str
    about: str
    open: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileRead:
    """What was read from one file: its records, how many were set aside, and in words what was set aside or noted, with how many."""

    source: str
    file: str
    records: int
    set_aside: int
    told: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """What the page says besides its places: the files that were read, the findings, and in ``unasked`` what was not asked, and why."""

    title: str
    authority: str
    period: str
    practice: bool
    made_on: date
    version: str
    findings: tuple[Finding, ...]
    unasked: str = ""
    read: tuple[FileRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """The places of one finding in one column: the file, the column, how many, and their lines as far as they are named."""

    file: str
    column: str
    count: int
    lines: str
    more: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its places."""

    finding: Finding
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity."""

    name: str
    heading: str
    says: str
    shown: tuple[Shown, ...]

    @property
    def still_open(self) -> int:
        """How many of them nobody has accepted."""
        return sum(one.finding.open for one in self.shown)


def findings_page(page: FindingsPage, places: pa.Table) -> str:
    """The findings as one HTML file, with no script and no call outside. The same findings give the same text."""
    spots = _spots(places)
    groups = tuple(
        Group(name, heading, says, tuple(Shown(one, tuple(spots.get(one.code, ()))) for one in of_it))
        for name, heading, says in GROUPS
        if (of_it := [one for one in page.findings if one.severity == name])
    )
    return environment().get_template("findings.html.j2").render(page=page, groups=groups, css=css())


def findings_csv(page: FindingsPage, places: pa.Table) -> bytes:
    """The findings as CSV: a row for each place, and for a check of our own one row with its count."""
    head = ["code", "severity", "found", "file", "table", "child_no", "line", "column", "accepted"]
    accepted = {one.code: "no" if one.open else "yes" for one in page.findings}
    ours = (
        [
            one.code,
            one.severity,
            str(one.found),
            "",
            *one.about.split(".")[:1],
            "",
            "",
            one.about.split(".")[-1],
            accepted[one.code],
        ]
        for one in page.findings
        if one.looked_at is not None
    )
    names = ("code", "severity", "file", "table", "child_no", "line", "column")
    columns = [places.column(name).to_pylist() for name in names]
    found = (
        [c, s, "1", f, t, _said(child), _said(line), column, accepted.get(c, "no")]
        for c, s, f, t, child, line, column in zip(*columns, strict=True)
    )
    return written(_all(head, ours, found))


def _all(head: list[str], *parts: Iterable[list[str]]) -> Iterable[list[str]]:
    yield head
    for part in parts:
        yield from part


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def _spots(places: pa.Table) -> dict[str, list[Spot]]:
    """The places by code: for each file and column how many there are, and the first of their lines."""
    lines: dict[tuple[str, str, str], list[int | None]] = {}
    names = ("code", "file", "table", "column", "line")
    for code, file, table, column, line in zip(*(places.column(n).to_pylist() for n in names), strict=True):
        lines.setdefault((code, file, f"{table}, {column}"), []).append(line)
    spots: dict[str, list[Spot]] = {}
    for (code, file, column), found in lines.items():
        told = sorted({line for line in found if line is not None})
        said = ", ".join(map(str, told[:MOST_LINES]))
        spots.setdefault(code, []).append(Spot(file, column, len(found), said, max(0, len(told) - MOST_LINES)))
    return spots

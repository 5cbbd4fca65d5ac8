"""A release on one page: what somebody who checks it reads first, and the questions that no program can answer for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill
from typing import Any

from hearthlink.disclosure import ClearedTable, unpack
from hearthlink.study.package import ABOUT, CLEARED, RECORD
from hearthlink.study.release.desk import asked_for
from hearthlink.study.released import PACKAGE, package_files, place_of
from hearthlink.study.study import Study

QUESTIONS = (
    "Is it what the protocol planned, and does each table say whom it counts, of how many, and when?",
    "Is nobody to be recognised, by somebody who knows a family, from what is said beside the figures?",
    "Does what is held back make sense to you?",
    "Is it free of figures that left before in another form: another plan's groups, year or study?",
)
"""What is asked of each checker: yes to all of it is an approval, and anything else needs a reason."""
WIDE = 100
MOST = 4
"""So many subjects and groups are named of tables that are alike, and how many more there are."""


def page_of(study: Study, number: int | None, *, tables: bool = True) -> list[str]:
    """A release on one page: what it is, the rule, the checks, what was planned, and its `tables` by their subjects. Opens the package alone."""
    kept = asked_for(study, number)
    place = place_of(study, kept.standing.release) / PACKAGE
    files = package_files(place)
    about, record, cleared = json.loads(files[ABOUT]), json.loads(files[RECORD]), unpack(files[CLEARED])
    earlier = ", ".join(f"release {one['release']}" for one in record["earlier_releases"])
    return [
        f"RELEASE {about['release']:03} of {about['study']}, {about['authority']} {about['year']}{', made up' if about['made_up'] else ''}",
        f"digest {kept.standing.digest}",
        f"made by {about['made_by']['name']}, {about['made_at'][:10]}",
        "",
        f"For: {about['purpose']}",
        f"Planned: {'; '.join(study.protocol.outputs.planned) if study.protocol else 'no protocol says'}",
        f"Rule: {record['rule']['says']}",
        f"Checks: {', '.join(one['name'] for one in record['audits'] if one['result'] == 'passed')} passed",
        f"Released before: {earlier or 'nothing'}",
        *_figures(record["counts"], cleared),
        *(["", *_subjects(cleared), ""] if tables else []),
        f"Read {place / 'brief.html'}; every figure is in report.html and tables/ beside it.",
    ]


def _figures(counts: Mapping[str, Any], tables: Sequence[ClearedTable]) -> Iterator[str]:
    printed = [
        cell.value
        for table in tables
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if column.kind == "count" and isinstance(cell.value, int | float) and cell.value
    ]
    least = f"; the smallest count printed is {min(printed):,.0f}" if printed else ""
    yield f"Figures: {counts['figures']:,} in {counts['tables']:,} tables, {counts['figures_held_back']:,} of them held back{least}"


def _subjects(tables: Sequence[ClearedTable]) -> Iterator[str]:
    """The tables by what their titles have in common: those of the same groups in one line."""
    said: dict[str, list[str]] = {}
    for table in tables:
        subject, _, of = table.title.partition(": ")
        said.setdefault(subject, []).append(of)
    alike: dict[tuple[str, ...], list[str]] = {}
    for subject, parts in said.items():
        alike.setdefault(tuple(dict.fromkeys(one for one in parts if one)), []).append(subject)
    for parts, subjects in alike.items():
        count = sum(len(said[subject]) for subject in subjects)
        by = f" (each: {', '.join(_some(parts))})" if parts else ""
        words = f"{count} {'table' if count == 1 else 'tables'}: {'; '.join(_some(subjects))}{by}"
        yield fill(words, WIDE, initial_indent="  ", subsequent_indent="    ")


def _some(names: Sequence[str]) -> list[str]:
    return [*names[:MOST], *([f"and {len(names) - MOST} more"] if len(names) > MOST else [])]

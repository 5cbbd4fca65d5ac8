"""The headline in words, from the cleared tables alone."""

from __future__ import annotations

from textwrap import fill

from hearthlink.disclosure import ClearedTable, unpack
from hearthlink.study.steps import CLEARED
from hearthlink.study.store import look
from hearthlink.study.study import Study


def headline(study: Study) -> str:
    """One or two sentences a director can repeat, and what earlier releases make of them. Raises DataProblem where nothing has been cleared yet."""
    tables = {table.name: table for table in unpack(look(study).file(CLEARED))}
    said = _cells(tables["headline"])
    if not said["share"].endswith("%"):
        return "The headline is held back: too few children were referred for it to leave."
    return (
        f"{said['share']} of {said['children']} children referred in {study.lines.year} lived in a household with Housing Benefit\n"
        f"or council tax support in payment on the day of referral.\n"
        f"  These children, allowing for linkage: {said['these_low']} to {said['these_high']}\n"
        f"  The process, allowing for chance too: {said['process_low']} to {said['process_high']}"
        + "".join(f"\n{fill(note, 100)}" for note in tables["held_back"].notes[1:])
    )


def _cells(table: ClearedTable) -> dict[str, str]:
    return {column.name: table.text(0, number) for number, column in enumerate(table.columns)}

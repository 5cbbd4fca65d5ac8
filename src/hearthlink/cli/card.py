"""A review card as lines of plain text: three columns, no colour, and nothing that an old console cannot print."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hearthlink.study.review import Card, Line

NARROWEST, WIDEST = 76, 132
LABEL, GAP = 17, 2
MONTHS = "January February March April May June July August September October November December".split()


def card_lines(card: Card, width: int) -> list[str]:
    """The card laid out for a screen so wide."""
    width = min(max(width - 1, NARROWEST), WIDEST)
    room = width - LABEL - 2 * GAP
    columns = (LABEL, room * 3 // 8, room * 3 // 8, room - 2 * (room * 3 // 8))
    lines = [_question(card.day), ""]
    lines += _row(("", "SOCIAL CARE", "BENEFITS HOUSEHOLD", "COMPARED"), columns)
    lines.append("-" * width)
    for number, line in enumerate(card.lines):
        if number and line.label:
            lines.append("")
        lines += _row(_cells(line), columns)
    return lines


def _question(day: date | None) -> str:
    asked = "Did this child belong to this household"
    return f"{asked}?" if day is None else f"{asked} on {day.day} {MONTHS[day.month - 1]} {day.year}?"


def _cells(line: Line) -> tuple[str, str, str, str]:
    return line.label, _plain(line.child), _plain(line.household), line.word


def _row(cells: Sequence[str], columns: Sequence[int]) -> list[str]:
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, columns, strict=True)]
    lines: list[str] = []
    for number in range(max(len(cell) for cell in wrapped)):
        parts = [cell[number] if number < len(cell) else "" for cell in wrapped]
        padded = [part.ljust(width) for part, width in zip(parts, columns, strict=True)]
        lines.append(" ".join((padded[0], (" " * (GAP - 1)).join(("", *padded[1:])))).rstrip())
    return lines


def _plain(text: str) -> str:
    """Text out of a record with nothing in it that moves the cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in text)

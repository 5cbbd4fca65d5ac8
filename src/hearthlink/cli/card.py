"""A review card as plain text, side by side or one below the other: no colour, and nothing that an old console cannot print."""

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
    """The card laid out for a screen so wide: side by side, or one below the other where there is no room."""
    if width <= NARROWEST:
        return _stacked(card)
    width = min(width - 1, WIDEST)
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


def screens(
    head: str, left: str, lines: Sequence[str], keys: Sequence[str], columns: int, rows: int | None
) -> list[str]:
    """Whole screens: how far the sitting is, as many of the lines as there is room for, and the keys. One where rows are None."""
    width = max(columns - 1, 20)
    top = [head + left.rjust(width - len(head))] if len(head) + len(left) < width else [*_folded(head, width), left]
    body = [part for line in lines for part in _folded(line, width)]
    foot = _foot(keys, width)
    room = len(body) if rows is None else rows - len(top) - len(foot) - 3
    if len(body) > room:
        room = max((rows or 0) - len(top) - len(_foot([*keys, _more(9, 9)], width)) - 3, 3)
    pages = [body[start : start + room] for start in range(0, len(body), room)]
    feet = [_foot([*keys, _more(page, len(pages))], width) if len(pages) > 1 else foot for page in range(len(pages))]
    return ["\n".join([*top, "", *page, "", *below]) for page, below in zip(pages, feet, strict=True)]


def _more(page: int, pages: int) -> str:
    return f"space more ({page + 1} of {pages})"


def _foot(keys: Sequence[str], width: int) -> list[str]:
    """The keys in a line, or in several, none of them torn apart."""
    whole = "   ".join(key.replace(" ", "\xa0") for key in keys)
    return [line.replace("\xa0", " ") for line in textwrap.wrap(whole, width)]


def _folded(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent="    ") if len(line) > width else [line]


def _stacked(card: Card) -> list[str]:
    """Each fact in lines of its own, to be folded."""
    lines = [_question(card.day)]
    for line in card.lines:
        lines += ["", line.label] if line.label else []
        facts = zip(("social care", "household", "compared"), _cells(line)[1:], strict=True)
        lines += [f"  {name}: {fact}" for name, fact in facts if fact]
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

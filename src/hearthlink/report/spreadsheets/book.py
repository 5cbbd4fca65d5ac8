"""A workbook before it is a file: a cover, a list of contents, notes, and one table to a sheet.

Made by the rules for accessible spreadsheets of the Government Analysis Function: everything begins in column A, a table has one
row of headings and no empty cell, nothing is merged, filled, filtered or frozen, and a symbol stands in square brackets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearthlink.disclosure import MARKER_WORDS, Cell, ClearedTable, Kind, Marker, cell_text
from hearthlink.report.about import About
from hearthlink.report.gather import Gathered, gathered
from hearthlink.tables.measures import WINDOW_WORDS, Measure

COVER, CONTENTS, NOTES, MEASURES = "Cover", "Contents", "Notes", "Definitions"
BLANK = "none"
"""What stands where there are no words: no cell of a table is empty."""

NARROW, WIDE, WIDEST = 14, 28, 60
"""Widths of columns, in letters: of figures, of words, of sentences."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: words, or a number with the decimals it is shown to. A share is kept as a share of 1 and shown in per cent.

    `link` is the name of a sheet to go to.
    """

    value: str | int | float
    places: int = 0
    percent: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its tab, the heading in A1, sentences below it, and one marked-up table or none.

    `table` names it for whoever moves by name, in letters, digits and underscores.
    """

    tab: str
    title: str
    lines: tuple[Entry, ...]
    table: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Entry, ...], ...] = ()
    widths: tuple[int, ...] = (WIDEST,)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its title and author for the properties of the file, and its sheets."""

    title: str
    author: str
    sheets: tuple[Sheet, ...]


def book(tables: Sequence[ClearedTable], about: About, *, title: str, definitions: Mapping[str, Measure]) -> Book:
    """The workbook of the cleared tables."""
    parts = [one for one in gathered(tables) if one.rows]
    notes = list(dict.fromkeys(note for part in parts for note in part.notes))
    numbered = {note: f"note {number}" for number, note in enumerate(notes, start=1)}
    of_tables = [_sheet(str(number), part, numbered) for number, part in enumerate(parts, start=1)]
    defined = [_definitions(definitions)] if definitions else []
    rest = [*([_notes(numbered)] if notes else []), *of_tables, *defined]
    return Book(title, about.authority, (_cover(about, title), _contents(rest), *rest))


def _cover(about: About, title: str) -> Sheet:
    made = [f"Made on {about.run_date.isoformat()}."] if about.run_date else []
    lines = [
        f"{about.authority}, census year {about.year}",
        *(["Made-up data: every child, household and figure is invented, to practise with."] if about.practice else []),
        f"Study: {about.study}",
        *([f"Contact: {about.contact}"] if about.contact else []),
        *made,
        f"Hearthlink {about.version}, run {about.run_id}.",
        f"Every figure passed the output checks. Counts {about.small} are held back; others are {about.rounded}.",
        *(["Shares and ranges are made from rounded counts. Rows may therefore not add up to their total."] if about.rounding > 1 else []),
        "Some cells refer to notes, which stand on the sheet Notes. Where there is no figure, a symbol stands in square brackets:",
        *(f"[{marker}] {words}" for marker, words in MARKER_WORDS.items() if marker is not Marker.AT_LEAST),
    ]  # fmt: skip
    links = (Entry(f"Go to {CONTENTS}", link=CONTENTS),)
    return Sheet(COVER, title, (*(Entry(line) for line in lines), *links), widths=(90,))


def _contents(sheets: Sequence[Sheet]) -> Sheet:
    rows = tuple((Entry(sheet.tab, link=sheet.tab), Entry(_bare(sheet.title))) for sheet in sheets)
    says = (Entry("This sheet has one table. It lists the sheets of this workbook, with links to them."),)
    return Sheet(CONTENTS, "Contents", says, "contents", ("Sheet", "What it holds"), rows, (NARROW, 90))


def _notes(numbered: Mapping[str, str]) -> Sheet:
    rows = tuple((Entry(f"[{name}]"), Entry(note)) for note, name in numbered.items())
    says = (Entry("This sheet has one table. It holds the notes that other sheets refer to."),)
    return Sheet(NOTES, "Notes", says, "notes", ("Note", "What it says"), rows, (NARROW, 90))


def _definitions(definitions: Mapping[str, Measure]) -> Sheet:
    heads = ("Measure", "Theme", "When", "What is counted", "Of whom", "What cannot be seen", "What spoils it",
             "What is done against it")  # fmt: skip
    rows = tuple(
        tuple(Entry(words) for words in (
            one.title, one.theme, "; ".join(WINDOW_WORDS[window] for window in one.windows), one.numerator, one.denominator,
            one.unobservable, one.spoils, one.guard,
        ))
        for one in definitions.values()
    )  # fmt: skip
    says = (Entry("This sheet has one table. It holds what each measure means."),)
    return Sheet(MEASURES, "Definitions of the measures", says, "definitions", heads, rows, (WIDE, WIDE, *[WIDEST] * 6))


def _sheet(tab: str, part: Gathered, numbered: Mapping[str, str]) -> Sheet:
    said = " ".join(f"[{numbered[note]}]" for note in part.notes)
    lines = ["This sheet has one table. What a symbol in square brackets means stands on the sheet Cover."]
    return Sheet(
        tab=tab,
        title=f"{tab}: {part.title} {said}".strip(),
        lines=(*(Entry(line) for line in lines), Entry(f"Go to {CONTENTS}", link=CONTENTS)),
        table=part.name,
        heads=_heads(part),
        rows=tuple(
            tuple(entry(cell, column.kind) for cell, column in zip(row, part.columns, strict=True)) for row in part.rows
        ),
        widths=tuple(_width(part, at) for at in range(len(part.columns))),
    )


def _heads(part: Gathered) -> tuple[str, ...]:
    """The headings; two that are alike are told apart by their place, as a marked-up table needs."""
    made: list[str] = []
    for column in part.columns:
        words, again = column.words, 2
        while words.casefold() in {one.casefold() for one in made}:
            words, again = f"{column.words} ({again})", again + 1
        made.append(words)
    return tuple(made)


def _width(part: Gathered, at: int) -> int:
    if part.columns[at].kind != "text":
        return NARROW
    longest = max((len(cell_text(row[at], "text")) for row in part.rows), default=0)
    return min(max(longest + 2, NARROW), WIDEST)


def entry(cell: Cell, kind: Kind) -> Entry:
    """A released cell as it stands in a workbook: a number, words, or a symbol in square brackets."""
    if cell.value is None:
        return Entry(f"[{cell.marker}]")
    if isinstance(cell.value, str):
        return Entry(cell.value or BLANK)
    if cell.marker is Marker.AT_LEAST:
        return Entry(cell_text(cell, kind))
    if kind == "share":
        return Entry(round(cell.value, cell.decimals + 2), cell.decimals, percent=True)
    return Entry(cell.value if isinstance(cell.value, int) else round(cell.value, cell.decimals), cell.decimals)


def _bare(title: str) -> str:
    """A heading without the number of its sheet and the notes it refers to."""
    return title.split(" [note", maxsplit=1)[0].partition(": ")[2] if title[:1].isdigit() else title

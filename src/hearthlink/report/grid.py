"""A cleared table as it stands on the page: plain headings, printed figures, and symbols that a screen reader says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import MARKER_WORDS, ClearedTable
from hearthlink.report.gather import EXPLORATORY

LONG, TALL = 28, 30
"""Letters past which words are given a wider column; rows past which a table scrolls in a box of its own."""

LOW, HIGH = "low", "high"
"""How the names of the columns end that hold the ends of a range."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading, and how its cells are set: as figures, as long words, or plainly."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell shows, and, where that is a symbol, what the symbol means."""

    text: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be set: its caption, headings, rows and notes. The first cell of each row heads the row."""

    name: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Printed, ...], ...]
    notes: tuple[str, ...]

    @property
    def tall(self) -> bool:
        """Whether it is too long to stand open on a screen."""
        return len(self.rows) > TALL


def grid(
    table: ClearedTable,
    *,
    first: str = "",
    without: str | Collection[str] = (),
    say: Mapping[str, Mapping[str, str]] | None = None,
) -> Grid:
    """The table as it is set. The ends of a range share a column.

    `first` names the column that heads the rows, where it is not the first; `without` those that the words around it say already;
    `say` gives plainer words for codes, by column.
    """
    places = sorted(range(len(table.columns)), key=lambda place: table.columns[place].name != first)
    left_out = {without} if isinstance(without, str) else set(without)
    kept = [
        place
        for place in places
        if table.columns[place].name not in left_out and _other_end(table, place, LOW, HIGH) is None
    ]
    return Grid(
        name=table.name,
        caption=table.title,
        heads=tuple(_head(table, place) for place in kept),
        rows=tuple(tuple(_set(table, row, place, say or {}) for place in kept) for row in range(len(table.rows))),
        notes=table.notes,
    )


def parted(table: ClearedTable, *, by: str, first: str) -> list[Grid]:
    """The table as one grid for each word in the column `by`, said in the caption instead. As it is where it lacks the column."""
    place = next((place for place, column in enumerate(table.columns) if column.name == by), None)
    if place is None:
        return [grid(table, first=first)]
    whole = grid(table, first=first)
    at = [head.text for head in whole.heads].index(table.columns[place].words)
    words = list(dict.fromkeys(row[at].text for row in whole.rows))
    return [
        Grid(
            name=f"{table.name}-{number}",
            caption=f"{table.title}: {word[:1].lower()}{word[1:]}",
            heads=whole.heads[:at] + whole.heads[at + 1 :],
            rows=tuple(row[:at] + row[at + 1 :] for row in whole.rows if row[at].text == word),
            notes=whole.notes,
        )
        for number, word in enumerate(words, start=1)
    ]


def of_rows(one: Grid, rows: Collection[int], *, name: str, caption: str) -> Grid:
    """Some rows of a grid, with a name and a caption of their own."""
    return replace(one, name=name, caption=caption, rows=tuple(row for at, row in enumerate(one.rows) if at in rows))


def fresh(grids: Sequence[Grid]) -> list[Grid]:
    """The grids without the notes that stand below an earlier one, but for what marks a table as not in the sealed plan."""
    said: set[str] = set()
    made: list[Grid] = []
    for one in grids:
        made.append(
            replace(one, notes=tuple(note for note in one.notes if note not in said or note.startswith(EXPLORATORY)))
        )
        said.update(one.notes)
    return made


def _other_end(table: ClearedTable, place: int, wanted: str, given: str) -> int | None:
    """Where the column stands that holds the other end of a range; None where this column is no such end."""
    name = table.columns[place].name
    if name != given and not name.endswith(f"_{given}"):
        return None
    other = name.removesuffix(given) + wanted
    return next((number for number, column in enumerate(table.columns) if column.name == other), None)


def _head(table: ClearedTable, place: int) -> Head:
    column = table.columns[place]
    if _other_end(table, place, HIGH, LOW) is not None:
        of = column.words.removesuffix(", from")
        return Head("Range" if of == column.words else f"{of}, range", "number")
    if column.kind != "text":
        return Head(column.words, "number")
    longest = max((len(table.text(row, place)) for row in range(len(table.rows))), default=0)
    return Head(column.words, "wordy" if longest > LONG else "")


def _set(table: ClearedTable, row: int, place: int, say: Mapping[str, Mapping[str, str]]) -> Printed:
    """A cell, or both ends of a range."""
    high = _other_end(table, place, HIGH, LOW)
    low, words = table.rows[row][place], say.get(table.columns[place].name, {})
    if high is not None and table.text(row, high) != str(low.marker):
        return Printed(f"{table.text(row, place)} to {table.text(row, high)}")
    if low.value is None:
        return Printed(str(low.marker), MARKER_WORDS[low.marker])
    text = table.text(row, place)
    return Printed(words.get(text, text))

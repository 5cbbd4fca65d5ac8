"""How a delimited text is laid out, told from the text itself: the mark between columns, where the header stands, where the rows end."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.text import Extract

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
SAMPLED = 60
"""Rows looked at to verify the mark that the header suggests. All rows are held against it when they are read."""

TITLES = 10
"""Rows above the header that may hold a title, or nothing."""

TOTALS = re.compile(
    r"(grand |sub[- ]?)?totals?( .{0,30})?:?|end of (file|report|extract|data)|(record|row) count:?", re.IGNORECASE
)
FIGURE = re.compile(r"[-£(]?[\d,. ]*[%)]?")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """The mark between columns, the headers, the bytes from `start` to `stop` that hold rows, the line of the first, rows of totals."""

    delimiter: str
    headers: tuple[str, ...]
    start: int
    stop: int
    first_line: int
    totals: int


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    size: int
    lines: int

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


@dataclass(frozen=True, slots=True)
class _Guess:
    delimiter: str
    above: int
    width: int
    fits: bool
    rows: Sequence[_Row]


def layout_of(extract: Extract) -> Layout:
    """The layout of a delimited text. A first line `sep=;`, blank rows and a title above the header are passed over.

    Raises DataProblem where there is no header, and where two marks would do as well.
    """
    head, whole = _head(extract)
    skipped, lines, said = _declared(head)
    guesses = [_guess(head[skipped:], mark, whole=whole) for mark in ([said] if said else DELIMITERS)]
    guess = _best([g for g in guesses if g is not None], extract)
    header = guess.rows[guess.above].cells
    before = guess.rows[: guess.above + 1]
    start = len(head[:skipped].encode()) + sum(row.size for row in before)
    stop, totals = _end(extract, start, guess.delimiter)
    headers = (*header, *("" for _ in range(guess.width - len(header))))[: guess.width]
    return Layout(guess.delimiter, headers, start, stop, 1 + lines + sum(row.lines for row in before), totals)


def _head(extract: Extract) -> tuple[str, bool]:
    """The beginning of the text: enough for a header of a hundred thousand columns. Whether it is the whole."""
    size = extract.text.size
    for most in (1 << 18, 1 << 24):
        head = bytes(extract.text.slice(0, min(size, most)))
        if size <= most or len(head.splitlines()) > SAMPLED:
            break
    return head.decode("utf-8", "ignore"), size <= len(head)


def _declared(head: str) -> tuple[int, int, str | None]:
    """The characters and lines taken by a first line that only says which mark is used, and the mark."""
    first = next(io.StringIO(head, newline=""), "")
    found = _SEP.fullmatch(first)
    return (len(first), 1, found[1]) if found else (0, 0, None)


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """The first rows, each with its size in bytes."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    try:
        for cells in csv.reader(lines(), delimiter=delimiter):
            yield _Row(cells, len("".join(taken).encode()), len(taken))
            taken.clear()
    except csv.Error:
        return


def _guess(text: str, delimiter: str, *, whole: bool) -> _Guess | None:
    """Where the header would stand and how wide the rows would be, were this the mark; None where it never stands in the first rows."""
    rows: list[_Row] = []
    for row in _rows(text, delimiter):
        rows.append(row)
        if len(rows) > SAMPLED:
            break
    else:
        if not whole and len(rows) > 1:
            rows.pop()
    fullest = max((row.filled for row in rows), default=0)
    heads = [n for n, row in enumerate(rows[:TITLES]) if row.filled > 1 and 2 * row.filled > fullest]
    guesses = [_headed(rows, above, delimiter) for above in heads]
    return next((guess for guess in guesses if guess.fits), guesses[0] if guesses else None)


def _headed(rows: Sequence[_Row], above: int, delimiter: str) -> _Guess:
    """The guess that a row is the header: the rows under it fit where most have as many fields."""
    body = [row.cells for row in rows[above + 1 :] if row.filled]
    width = _width(rows[above].cells, body)
    fitting = sum(1 for cells in body if len(cells) == width)
    return _Guess(delimiter, above, width, 2 * fitting >= len(body), rows)


def _width(header: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """How many fields the rows have: a mark too many, or too few, at the end of every row adds or takes an empty field."""
    width = len(header)
    longer = sum(1 for cells in body if len(cells) == width + 1 and not cells[-1].strip())
    shorter = sum(1 for cells in body if len(cells) == width - 1)
    if body and longer > len(body) / 2:
        return width + 1
    if body and shorter > len(body) / 2 and not header[-1].strip():
        return width - 1
    return width


def _best(guesses: Sequence[_Guess], extract: Extract) -> _Guess:
    """The mark whose rows fit the header, the header being as high and as wide as can be."""
    if not guesses:
        return _single(extract)
    ranked = sorted(guesses, key=lambda g: (not g.fits, g.above, -g.width))
    best = ranked[0]
    if len(ranked) > 1 and (ranked[1].fits, ranked[1].above, ranked[1].width) == (best.fits, best.above, best.width):
        names = " or ".join(DELIMITERS[g.delimiter] for g in ranked[:2])
        raise DataProblem(
            f"It cannot be told which mark parts the columns: {names}.",
            file=extract.file,
            line=1,
            remedy="Write a first line that says it, such as  sep=;  or ask the supplier for an export with commas.",
        )
    return best


def _single(extract: Extract) -> _Guess:
    """A text of one column: its header is the first row that is not blank."""
    head, _ = _head(extract)
    skipped, _, said = _declared(head)
    rows: list[_Row] = []
    for row in _rows(head[skipped:], said or ","):
        rows.append(row)
        if row.filled:
            return _Guess(said or ",", len(rows) - 1, 1, fits=True, rows=rows)
    raise DataProblem(
        "The first row is not a header.",
        file=extract.file,
        line=1,
        remedy="Ask for the file with a first row that names its columns.",
    )


def _end(extract: Extract, start: int, delimiter: str) -> tuple[int, int]:
    """Where the rows end: rows of marks alone, and a row of totals, at the end of the file are no records."""
    size = extract.text.size
    base = max(start, size - (1 << 20))
    tail = bytes(extract.text.slice(base, size - base))
    totals = 0
    while tail:
        line_end = len(tail.rstrip(b"\r\n"))
        begin = max(tail.rfind(b"\n", 0, line_end), tail.rfind(b"\r", 0, line_end)) + 1
        line = tail[begin:line_end]
        if _is_totals(line, delimiter):
            totals += 1
        elif line.strip(f"{delimiter} \t".encode()):
            break
        if not begin and base > start:
            break
        tail = tail[:begin]
    return base + len(tail), totals


def _is_totals(line: bytes, delimiter: str) -> bool:
    """Whether a line holds totals: it says so first, and everything else in it is a figure or empty."""
    if line.count(b'"') % 2 or len(line) > 4096:
        return False
    try:
        cells = next(csv.reader([line.decode("utf-8").strip()], delimiter=delimiter))
    except (csv.Error, StopIteration, UnicodeDecodeError):
        return False
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and bool(TOTALS.fullmatch(filled[0])) and all(FIGURE.fullmatch(cell) for cell in filled[1:])

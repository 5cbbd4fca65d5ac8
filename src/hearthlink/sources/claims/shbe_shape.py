"""Which layout a monthly file has: told from its first lines, never from its name alone.

Three are known (domain.md 2.2): fields between pipes with a header record and a trailer, as sent to the department; the same without
either; and a copy whose first row lists the numbers, or the names, of the fields that are present.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hearthlink.errors import DataProblem
from hearthlink.sources.claims.shbe_layout import CLAIM_FIELDS, HB_REF, LEAST_WIDTH, PERSON_FIELDS, WIDTH, Field
from hearthlink.sources.claims.shbe_months import last_day, month_of
from hearthlink.sources.reading.dates import day_of, read_day

RECORD_TYPES = frozenset("ACDEGPRST")
DELIMITERS = "|,;\t"
SAMPLE = 400
REMEDY = "Ask for the extract as it was sent to the Department for Work and Pensions: 341 fields between pipes."
NO_HEADER = "no header record: the last day of the month in the file's name is taken for its date"
NUMBERED = "fields found by the numbers in the first row"
NAMES = {f.name.upper(): f.number for group in (CLAIM_FIELDS, PERSON_FIELDS) for f in group.values()}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is laid out.

    ``places`` gives for each field number its column, counted from 0; a field without a place is not in the file. ``first`` is the
    number of lines before the records, ``day`` the reference date, ``trailer`` whether the last line must be one.
    """

    delimiter: str
    width: int
    places: Mapping[int, int]
    first: int
    day: int
    trailer: bool
    quoted: bool = False
    notes: tuple[str, ...] = field(default=())

    def has(self, one: Field) -> bool:
        """Whether the file holds the field."""
        return one.number in self.places


def shape_of(head: str, file: str) -> Shape:
    """The layout of a file whose beginning is ``head``. Raises DataProblem where it is none of the known ones."""
    lines = [line.rstrip("\r") for line in head.split("\n", SAMPLE + 2)[: SAMPLE + 2]]
    numbered = _numbered(lines[0])
    if numbered is not None:
        return _listed(numbered, file)
    delimiter = _delimiter(lines)
    first = lines[0].strip().split(delimiter)
    bare = first[0] in RECORD_TYPES and len(first) >= LEAST_WIDTH
    day = None if bare or len(first) <= 2 or first[0] in ("D", "S") else read_day(first[2])
    width = _width(lines[0 if bare else 1 :], delimiter)
    notes = _notes(width)
    if bare and (month := month_of(file)) is not None:
        return Shape(delimiter, width, _all(width), 0, last_day(month), trailer=False, notes=(NO_HEADER, *notes))
    if day is None:
        raise DataProblem(
            "The first line is not the header of a Single Housing Benefit Extract, with its date in the third field.",
            file=file,
            line=1,
            remedy=f"{REMEDY} A file without that header must have its month in its name, such as SHBE_201904.txt."
            if bare
            else REMEDY,
        )
    refuse_other_month(day, file)
    return Shape(delimiter, width, _all(width), 1, day, trailer=True, notes=notes)


def refuse_other_month(day: int, file: str) -> None:
    """Raise DataProblem where the month in the file's name is not that of the date inside it."""
    said = day_of(day)
    if month_of(file) not in (None, (said.year, said.month)):
        raise DataProblem(
            "The month in the file's name is not that of the date in its header.",
            file=file,
            line=1,
            remedy="Find out which is right, and rename the file or put the right one there.",
        )


def _all(width: int) -> dict[int, int]:
    return {number: number - 1 for number in range(1, min(width, WIDTH) + 1)}


def _notes(width: int) -> tuple[str, ...]:
    if width < WIDTH:
        return (f"an older layout of {width} fields: those after it are not known",)
    return (f"{width - WIDTH} fields beyond the {WIDTH} known, not read",) if width > WIDTH else ()


def _delimiter(lines: Sequence[str]) -> str:
    records = [line for line in lines[:SAMPLE] if line[:1] in RECORD_TYPES and line[1:2] in DELIMITERS and line[1:2]]
    marks = Counter(line[1] for line in records)
    return marks.most_common(1)[0][0] if marks else "|"


def _width(lines: Sequence[str], delimiter: str) -> int:
    """The number of fields of the records, where claims and persons have the same; else the usual one."""
    whole = lines[:-1][:SAMPLE]
    usual = [_usual([line for line in whole if line.startswith(kind + delimiter)], delimiter) for kind in "DS"]
    known = {width for width in usual if width}
    (width,) = known if len(known) == 1 else (WIDTH,)
    return width if width >= LEAST_WIDTH else WIDTH


def _usual(lines: Sequence[str], delimiter: str) -> int:
    counts = Counter(line.count(delimiter) + 1 for line in lines)
    if len(counts) == 0:
        return 0
    (width, often), *_ = counts.most_common(1)
    return width if 2 * often > len(lines) else 0


def _numbered(line: str) -> tuple[str, list[int | None]] | None:
    """The delimiter and the field numbers where a first row lists them; None where it does not."""
    for delimiter in ",|;\t":
        cells = [cell.strip(' "\ufeff\r\t').upper() for cell in line.split(delimiter)]
        numbers = [
            int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 4 else NAMES.get(cell) for cell in cells
        ]
        told = [number for number in numbers if number]
        if len(told) >= 5 and 2 * len(told) >= len(cells) and 1 in told and len(set(told)) == len(told):
            return delimiter, numbers
    return None


def _listed(numbered: tuple[str, list[int | None]], file: str) -> Shape:
    delimiter, numbers = numbered
    places = {number: place for place, number in enumerate(numbers) if number and number <= WIDTH}
    month = month_of(file)
    if HB_REF.number not in places:
        raise DataProblem(
            "The first row lists the fields, and the claim reference (field 2) is not among them.",
            file=file,
            line=1,
            remedy="Ask for the file with fields 1, 2 and 3 in it.",
        )
    if month is None:
        raise DataProblem(
            "The file has no header record with its date, and its name does not say its month.",
            file=file,
            remedy="Put the month in the name, such as SHBE_201904.csv.",
        )
    unknown = sum(number is None or number > WIDTH for number in numbers)
    notes = [NUMBERED, NO_HEADER]
    if unknown:
        notes.append(f"{unknown} fields beyond the {WIDTH} known, not read")
    return Shape(delimiter, len(numbers), places, 1, last_day(month), trailer=False, quoted=True, notes=tuple(notes))

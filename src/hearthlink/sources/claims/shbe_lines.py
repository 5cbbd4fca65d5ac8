"""A monthly file piece by piece: hashed, its lines cut into fields, claims and persons apart, lines of another shape put right or set aside."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from hearthlink.errors import DataProblem
from hearthlink.sources.claims.shbe_layout import READ, Field
from hearthlink.sources.claims.shbe_months import month_of as named_month
from hearthlink.sources.claims.shbe_shape import REMEDY, SAMPLE, Shape, shape_of
from hearthlink.sources.claims.shbe_slip import SHIFTED_AT, fits, mended, oddities
from hearthlink.sources.reading.columns import whole
from hearthlink.sources.reading.delimited import SYSTEMATIC
from hearthlink.sources.reading.text import Extract, open_extract

Whole: TypeAlias = npt.NDArray[np.int64]
Given = TypeVar("Given")
Made = TypeVar("Made")

AGAIN = "Ask the supplier to export the month again."
PIECE = 1 << 24
HEAD = 1 << 20
TAIL = 1 << 16
FIRST_LOOK = 40
MENDED_AT_MOST = 10_000
"""So many misshapen records of a file are tried; in a file with more the rest are set aside untried."""
SLIPPED = (
    "every record has a field too many or too few at one and the same place, which was told by what the fields hold"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A monthly file: its path, its name without folder, its layout, and its text where that had to be translated first."""

    path: Path
    file: str
    shape: Shape
    text: Extract | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of whole lines, and the number of the first."""

    text: pa.Buffer
    line: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Records with the line of each, and the lines of records that have another number of fields."""

    table: pa.Table
    line: Whole
    ragged: tuple[int, ...] = ()
    mended: int = 0

    def of_type(self, record_type: str, fields: Iterable[Field]) -> Lines:
        """The records of one type, with the fields that such records hold; a field that the file has not is empty."""
        mask = whole(pc.fill_null(pc.equal(self.table.column("f1"), record_type), fill_value=False))
        held, there = [field.column for field in fields], set(self.table.column_names)
        chosen = self.table.select([name for name in held if name in there]).filter(mask)
        for name in (name for name in held if name not in there):
            chosen = chosen.append_column(name, pa.nulls(chosen.num_rows, pa.string()))
        return Lines(chosen, self.line[mask.to_numpy(zero_copy_only=False)])


def open_month(path: Path) -> Source:
    """A monthly file with its layout told; nothing of it is read but its ends.

    Raises DataProblem where the file is missing, empty, not text, of no known layout, or breaks off.
    """
    extract, head, tail = _ends(path)
    shape = _unslipped(shape_of(head, path.name), head)
    _refuse_cut_off(tail, shape, path.name)
    return Source(path, path.name, shape, extract)


def reference_day(path: Path) -> int:
    """The date of a monthly file, as days since 1970-01-01. Raises DataProblem where its beginning is of no known layout."""
    _, head, _ = _ends(path)
    return shape_of(head, path.name).day


def _ends(path: Path) -> tuple[Extract | None, str, bytes]:
    """The file's text where it had to be translated, its beginning and its last bytes."""
    extract = None if _is_plain(path) else open_extract(path, "shbe")
    if extract is None:
        with path.open("rb") as held:
            head = held.read(HEAD).removeprefix(b"\xef\xbb\xbf")
            held.seek(max(0, path.stat().st_size - TAIL))
            tail = held.read()
    else:
        head = bytes(extract.text.slice(0, min(extract.text.size, HEAD)))
        tail = bytes(extract.text.slice(max(0, extract.text.size - TAIL)))
    return extract, head.decode("utf-8", "replace"), tail


def _is_plain(path: Path) -> bool:
    """Whether the file begins like UTF-8 text; whatever else it is, `open_extract` knows the words for it."""
    try:
        with path.open("rb") as held:
            head = held.read(4096)
    except OSError:
        return False
    return (
        bool(head.strip())
        and b"\0" not in head
        and not head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff"))
    )


class NotPlain(Exception):
    """A piece of the file is not UTF-8: the whole of it is translated first."""


def pieces(source: Source, hashing: hashlib._Hash) -> Iterator[Piece]:  # pyright: ignore[reportPrivateUsage]
    """The file in runs of whole lines, without the lines before its records. Raises NotPlain where it is not UTF-8 after all."""
    skip, line = source.shape.first, 1
    for raw in _blocks(source, hashing):
        lines = int(np.count_nonzero(np.frombuffer(raw, np.uint8) == ord("\n")))
        text = raw
        for _ in range(skip):
            end = bytes(text[: 1 << 20]).find(b"\n") + 1
            text = text[end:] if end else text[:0]
        yield Piece(pa.py_buffer(text), line + skip)
        line, skip = line + lines, 0


def _blocks(source: Source, hashing: hashlib._Hash) -> Iterator[memoryview]:  # pyright: ignore[reportPrivateUsage]
    if source.text is not None:
        held = memoryview(source.text.text)
        at = 0
        while at < len(held):
            stop = _line_end(held, min(at + PIECE, len(held)))
            yield held[at:stop]
            at = stop
        return
    rest = b""
    with source.path.open("rb") as file:
        first = True
        while block := file.read(PIECE):
            hashing.update(block)
            block = block.removeprefix(b"\xef\xbb\xbf") if first else block
            first, block = False, rest + block
            stop = block.rfind(b"\n") + 1
            rest = block[stop:]
            if stop:
                _refuse_strange(block)
                yield memoryview(block)[:stop]
    if rest:
        # A line end makes it a whole line, so that none of it is passed over as cut in two.
        _refuse_strange(rest + b"\n")
        yield memoryview(rest)


def _line_end(held: memoryview, stop: int) -> int:
    while stop < len(held):
        found = bytes(held[stop : stop + TAIL]).find(b"\n")
        if found >= 0:
            return stop + found + 1
        stop += TAIL
    return len(held)


def _refuse_strange(block: bytes) -> None:
    array = pa.Array.from_buffers(
        pa.large_string(), 1, [None, pa.py_buffer(np.array([0, len(block)], np.int64)), pa.py_buffer(block)]
    )
    try:
        if b"\0" in block:
            raise NotPlain
        if not block.isascii():
            array.validate(full=True)
    except pa.ArrowInvalid:
        # The last character of a block may be cut in two: what decides is the whole lines of it.
        try:
            block[: block.rfind(b"\n") + 1].decode("utf-8")
        except UnicodeDecodeError:
            raise NotPlain from None


def read_lines(piece: Piece, shape: Shape, file: str) -> Lines:
    """The records of a piece: only the fields of the layout are converted, and a record that can be put right is."""
    misshapen: list[tuple[int, str]] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        misshapen.append((piece.line + (row.number or 1) - 1, row.text))
        return "skip"

    if not piece.text.size:
        empty = pa.table({f"f{number}": pa.array([], pa.string()) for number in READ})
        return Lines(empty, np.zeros(0, np.int64))
    table = _parsed(piece, shape, file, set_aside)
    skipped = np.array(sorted(line for line, _ in misshapen), np.int64)
    line = _line_numbers(piece.line, table.num_rows, skipped)
    kinds = ("D" + shape.delimiter, "S" + shape.delimiter)
    # A record that was cut off after its type is one as well.
    ragged = [(at, text) for at, text in misshapen if text.lstrip('"')[:2] in (*kinds, "D", "S", 'D"', 'S"')]
    return _with_mended(Lines(table, line), ragged, shape)


def _parsed(piece: Piece, shape: Shape, file: str, set_aside: object) -> pa.Table:
    wanted = {f"f{number}": f"c{shape.places[number]}" for number in READ if number in shape.places}
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(piece.text),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=[f"c{place}" for place in range(shape.width)], block_size=1 << 22
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=shape.delimiter,
                quote_char='"' if shape.quoted else False,
                escape_char=False,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(wanted.values()),
                column_types=dict.fromkeys(wanted.values(), pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        raise DataProblem("The file cannot be read as fields between pipes.", file=file, remedy=REMEDY) from None
    return table.rename_columns(list(wanted)).combine_chunks()


def _with_mended(lines: Lines, misshapen: Sequence[tuple[int, str]], shape: Shape) -> Lines:
    right: list[tuple[int, list[str]]] = []
    wrong: list[int] = []
    for at, text in misshapen:
        cells = text.rstrip("\r\n").split(shape.delimiter)
        record = (
            mended(cells, shape.width, shape.places)
            if not shape.quoted and len(right) + len(wrong) < MENDED_AT_MOST
            else None
        )
        if record is None:
            wrong.append(at)
        else:
            right.append((at, record))
    return replace(with_records(lines, right, shape.places), ragged=tuple(sorted(wrong)))


def put_right(piece: Piece, shape: Shape, lines: Sequence[int]) -> Lines | None:
    """Those of the records on these lines, of as many fields as there should be, in which a slip can be told and put right."""
    if not lines or shape.quoted or len(lines) > MENDED_AT_MOST:
        return None
    held = np.frombuffer(piece.text, np.uint8)
    ends = np.append(np.flatnonzero(held == ord("\n")), len(held))
    right: list[tuple[int, list[str]]] = []
    for line in sorted(lines):
        at = line - piece.line
        text = bytes(held[ends[at - 1] + 1 if at else 0 : ends[at]]).decode("utf-8", "replace")
        record = mended(text.rstrip("\r").split(shape.delimiter), shape.width, shape.places)
        if record is not None:
            right.append((line, record))
    bare = pa.table({f"f{number}": pa.array([], pa.string()) for number in READ if number in shape.places})
    return with_records(Lines(bare, np.zeros(0, np.int64)), right, shape.places) if right else None


def with_records(lines: Lines, records: Sequence[tuple[int, list[str]]], places: Mapping[int, int]) -> Lines:
    """The records with others added, in the order of their lines."""
    if not records:
        return lines
    names = lines.table.column_names
    cells = {name: [record[places[int(name[1:])]].strip() or None for _, record in records] for name in names}
    added = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    line = np.concatenate([lines.line, np.array([at for at, _ in records], np.int64)])
    order = np.argsort(line, kind="stable")
    return Lines(
        pa.concat_tables([lines.table, added]).take(pa.array(order)).combine_chunks(),
        line[order],
        lines.ragged,
        lines.mended + len(records),
    )


def refuse_systematic(file: str, records: int, ragged: Sequence[int], shifted: Sequence[int]) -> None:
    """Refuse a file in which so many records are out of shape that the file itself went wrong."""
    wrong = len(ragged) + len(shifted)
    if wrong and (wrong >= records or (wrong >= 3 and wrong > SYSTEMATIC * records)):
        raise DataProblem(
            f"{wrong:,} of {records:,} records have missing or shifted fields.",
            file=file,
            line=min([*ragged, *shifted]),
            remedy=f"{REMEDY} A month that came out wrong must be exported again.",
        )


def _line_numbers(first: int, rows: int, skipped: Whole) -> Whole:
    """The line of each row that was kept: the lines from the first on, without those skipped."""
    every = np.arange(first, first + rows + len(skipped), dtype=np.int64)
    return np.delete(every, skipped - first) if len(skipped) else every


def _refuse_cut_off(tail: bytes, shape: Shape, file: str) -> None:
    ended = tail.rstrip(b" \r")[-1:] == b"\n"
    last = tail.rstrip(b"\r\n ").rsplit(b"\n", 1)[-1]
    mark = shape.delimiter.encode()
    is_record = last[:2] in (b"D" + mark, b"S" + mark)
    without = mark not in last and len(last) > 1
    short = is_record and not ended and last.count(mark) + 1 < shape.width
    if (shape.trailer and (is_record or without)) or (not shape.trailer and (short or (without and not ended))):
        words = "its last line is not a trailer" if shape.trailer else "its last record is cut short"
        raise DataProblem(f"The file breaks off: {words}.", file=file, remedy=AGAIN)


def _unslipped(shape: Shape, head: str) -> Shape:
    """The layout with every field in its place, where in a sample of records all have slipped at one place that can be told."""
    lines = head.split("\n", shape.first + SAMPLE)[shape.first : -1]
    records = [
        cells
        for line in lines
        if len(cells := line.rstrip("\r").split(shape.delimiter)) == shape.width and cells[0] in ("D", "S")
    ]
    first = records[:FIRST_LOOK]
    odd = sum(oddities(cells, shape.places) >= SHIFTED_AT for cells in first)
    if shape.quoted or len(first) < 20 or 2 * odd < len(first):
        return shape
    found: dict[tuple[tuple[str, ...], ...], tuple[int, int, dict[int, int]]] = {}
    for places in _slipped(shape):
        if all(oddities(cells, places, words=False) == 0 for cells in first):
            told = tuple(tuple(cells[places[n]] if n in places else "" for n in READ) for cells in records)
            filled = sum(bool(cell) for cells in told for cell in cells)
            found.setdefault(told, (sum(fits(cells, places) for cells in records), filled, places))
    best = max((one[:2] for one in found.values()), default=(0, 0))
    chosen = [one[2] for one in found.values() if one[:2] == best]
    if len(chosen) != 1 or 2 * best[0] < len(records):
        return shape
    return replace(shape, places=chosen[0], notes=(*shape.notes, SLIPPED))


def _slipped(shape: Shape) -> Iterator[dict[int, int]]:
    """Where every field stands if a column too many, or one too few, begins at a place."""
    for at in range(1, shape.width):
        yield {n: place + (place >= at) for n, place in shape.places.items() if place + (place >= at) < shape.width}
        yield {n: place - (place > at) for n, place in shape.places.items() if place != at}


def worked(given: Iterable[Given], work: Callable[[Given], Made], threads: int) -> Iterator[Made]:
    """What is made of each thing given, in order, a few at a time: no more are held than there are threads."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        waiting: deque[Future[Made]] = deque()
        for one in given:
            waiting.append(pool.submit(work, one))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def month_of(path: Path) -> tuple[int, int] | None:
    """Year and month by the file's name, or None where the name does not say."""
    return named_month(path.name)

"""The census in XML to its flat tables, some children at a time, in memory that does not grow with the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.census.cin_blocks import CHILD, HEADER, LEAF, MESSAGE, NUMBERED, PASSED, Block
from hearthlink.sources.census.cin_bytes import AGAIN, XmlFile, pieces
from hearthlink.sources.census.cin_scan import scan
from hearthlink.sources.reading.columns import count, only, trimmed
from hearthlink.tables.census import FLAT, flat_schema

BATCH = 1 << 20
"""Bytes of the file whose children are gathered into one batch."""

LARGEST_CHILD = 1 << 24
LONGEST_TAG = 1 << 20
DEEPEST = 64
LONGEST_VALUE = 1000
LONGEST_HELD = 1 << 17
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
MOST_NAMES = 50
"""Unknown elements are told apart up to so many names, and beyond that only counted."""

TOO_LONG = f"a value of over {LONGEST_VALUE:,} letters, taken as missing"
UNKNOWN = "not an element of the census, left unread"
TWICE = "written twice in one block, the first taken"

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Batch:
    """The flat tables of some whole children, and how many children they are."""

    tables: dict[str, pa.Table]
    children: int


def batches(xml: XmlFile, counts: Counter[str], *, without: frozenset[str] = frozenset()) -> Iterator[Batch]:
    """The file's children in its order, some at a time; what is noted on the way is added to the counts.

    Elements named in `without` are taken as if they were empty.

    Raises DataProblem where the file is cut off, is not well formed, or holds what no census could hold.
    """
    reading = Reading(xml, counts, without)
    for text, whole in parted(pieces(xml)):
        if whole and reading.is_between_children:
            scanned = scan(text, first_child=reading.children + 1, first_line=reading.line, without=without)
            if scanned is not None:
                yield Batch(scanned, reading.passed_over(scanned, text))
                continue
        yield from reading.take(text)
        if whole and not reading.is_within_child:
            yield reading.batch()
    yield from reading.take(b"", last=True)
    yield reading.batch()


def parted(texts: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The text in parts, and of each whether it is whole children and nothing else, as far as its ends tell.

    Where the text has a comment, an instruction or CDATA, a tag in it may be no tag: from there on no part is said to be whole.
    """
    held, inside = b"", False
    for text in texts:
        held += text
        if not inside:
            at = held.find(b"<Child>")
            if at < 0 and len(held) < BATCH:
                continue
            if at < 0 or not _is_opening(held[:at]):
                break
            yield held[:at], False
            held, inside = held[at:], True
        if len(held) < BATCH:
            continue
        at = held.rfind(b"</Child>") + len(b"</Child>")
        part, held = held[:at], held[at:]
        if at < len(b"</Child>") or _has_other_marks(part):
            held = part + held
            break
        yield part, True
    else:
        at = held.rfind(b"</Child>") + len(b"</Child>") if inside else 0
        if at >= len(b"</Child>") and not _has_other_marks(held[:at]):
            yield held[:at], True
            held = held[at:]
    yield held, False
    yield from ((text, False) for text in texts)


def _has_other_marks(text: bytes) -> bool:
    """Whether a comment, an instruction or CDATA stands in the text."""
    return (b"!" in text and b"<!" in text) or (b"?" in text and b"<?" in text)


def _is_opening(text: bytes) -> bool:
    """Whether no comment, instruction or CDATA stands in the text but the XML declaration."""
    return (
        b"<!" not in text
        and text.count(b"<?") == text[:512].count(b"<?xml ")
        and text.count(b"?>") == text.count(b"<?")
    )


class Reading:
    """The state of a parse: where it stands in the tree, and the rows of the children so far.

    Its two handlers run for every element of the file, so the commonest case, a cell of the row at hand, is decided first.
    """

    def __init__(self, xml: XmlFile, counts: Counter[str], without: frozenset[str]) -> None:
        self._xml, self._counts, self._without = xml, counts, without
        self._rows: dict[str, list[Row]] = {table: [] for table in FLAT}
        self._ids: list[str | None] = []
        self._children = self._child_began = 0
        self._taken = self._batched = 0
        self._numbers: dict[str, int] = {}
        self._keys: Row = {"child_no": 0}
        self._child_row: Row = {}
        self._stack: list[tuple[Block, Row]] = []
        self._here = MESSAGE
        self._holds = MESSAGE.holds
        self._row: Row = {}
        self._leaf = self._text = self._held = ""
        self._is_item = False
        self._skipped = 0
        self._names: set[str] = set()
        self._ready: list[Batch] = []
        self._lines = 0
        self._parser = self._new_parser()

    @property
    def children(self) -> int:
        """How many children there have been."""
        return self._children

    @property
    def line(self) -> int:
        """The line of the file that is being read."""
        return self._parser.CurrentLineNumber + self._lines

    @property
    def is_between_children(self) -> bool:
        """Whether the next thing may be a child, and nothing that was read waits for more."""
        return bool(self._stack) and self._here.passing and self._parser.CurrentByteIndex == self._taken

    @property
    def is_within_child(self) -> bool:
        """Whether a child has begun that has not ended: the rows gathered are then not yet those of whole children."""
        return self._child_began > 0

    def passed_over(self, tables: Mapping[str, pa.Table], text: bytes) -> int:
        """How many children were read elsewhere, which are counted here, and so are their lines."""
        children = tables["ChildIdentifiers"].num_rows
        self._children += children
        self._lines += text.count(b"\n")
        return children

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._letters
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        # Newer parsers put off a token that is not whole; here each is bounded, and what was read must be known to be read.
        put_off = getattr(parser, "SetReparseDeferralEnabled", None)
        if put_off is not None:
            put_off(False)
        return parser

    # --- what the file's pieces bring ---------------------------------------------------------------

    def take(self, piece: bytes, *, last: bool = False) -> list[Batch]:
        """Parse the next piece, and hand back the batches that came full. Raises DataProblem where no census could go on so."""
        self._taken += len(piece)
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as fault:
            words = "The file is cut off before its end." if last else "The XML is not well formed."
            raise DataProblem(words, file=self._xml.file, line=fault.lineno + self._lines, remedy=AGAIN) from None
        at = max(self._parser.CurrentByteIndex, 0)
        if self._taken - at > LONGEST_TAG + len(piece):
            raise self._beyond("A tag or a comment is longer than any in a census.")
        if self._child_began and at - self._child_began > LARGEST_CHILD:
            raise self._beyond("The block of one child is larger than any in a census.")
        ready, self._ready = self._ready, []
        return ready

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._leaf and self._holds.get(name) is LEAF:
            self._leaf = name
            self._text = ""
        else:
            self._open(name)

    def _end(self, _name: str) -> None:
        leaf = self._leaf
        if leaf:
            self._leaf = ""
            if leaf in self._row:
                self._counts[f"{leaf}: {TWICE}"] += 1
            else:
                self._row[leaf] = self._text
            if not self._is_item:
                return
        self._close()

    def _letters(self, text: str) -> None:
        if self._leaf and len(self._text) < LONGEST_HELD:
            self._text += text

    # --- blocks -------------------------------------------------------------------------------------

    def _open(self, name: str) -> None:
        if len(self._stack) + self._skipped >= DEEPEST:
            raise self._beyond("Elements are nested more deeply than in any census.")
        if self._skipped:
            self._skipped += 1
            return
        local = name.rpartition(":")[2]
        block = None if self._leaf else self._holds.get(local)
        if block is LEAF:
            self._leaf, self._text = local, ""
        elif block is not None:
            self._enter(block)
        elif self._here.passing:
            if local not in PASSED:
                self._note_unknown(local)
            self._enter(self._here)
        else:
            self._note_unknown(local)
            self._skipped, self._holds = 1, {}
            self._held, self._leaf = self._leaf, ""

    def _enter(self, block: Block) -> None:
        self._stack.append((self._here, self._row))
        self._here, self._holds = block, block.holds
        if block is CHILD:
            self._begin_child()
        if block.table:
            if block.table in NUMBERED:
                self._number(block.table)
            self._row = {**self._keys, "line": self.line}
            if block is HEADER:
                self._row["child_no"] = 0
            if block.item:
                self._is_item, self._leaf, self._text = True, block.item, ""

    def _close(self) -> None:
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._holds, self._leaf, self._held = self._here.holds, self._held, ""
            return
        closed, row = self._here, self._row
        self._is_item = False
        self._here, self._row = self._stack.pop()
        self._holds = self._here.holds
        if closed.table:
            self._rows[closed.table].append(row)
        elif closed is CHILD:
            self._end_child()

    def _number(self, table: str) -> None:
        number = self._numbers.get(table, 0) + 1
        if table == "CINdetails":
            self._numbers = {}
        self._numbers[table] = number
        self._keys[NUMBERED[table]] = str(number)

    def _begin_child(self) -> None:
        self._children += 1
        self._child_began = max(self._parser.CurrentByteIndex, 1)
        self._numbers = {}
        self._keys = {"child_no": self._children}
        self._child_row = {"child_no": self._children, "line": self.line}

    def _end_child(self) -> None:
        self._child_began = 0
        found: str | None = None
        for table in ("ChildIdentifiers", "ChildCharacteristics"):
            rows = self._rows[table]
            if not rows or rows[-1]["child_no"] != self._children:
                rows.append(self._child_row)
        for row in reversed(self._rows["ChildIdentifiers"]):
            if row["child_no"] != self._children:
                break
            said = str(row.get("LAchildID", "")).strip()
            found = said or found
        self._ids.append(found)
        if self._taken - self._batched >= BATCH:
            self._ready.append(self.batch())

    def _note_unknown(self, name: str) -> None:
        """Count an element that the census does not have, by its name where that is short and plain, for a name may be anything."""
        plain = PLAIN_NAME.fullmatch(name) and (name in self._names or len(self._names) < MOST_NAMES)
        if plain:
            self._names.add(name)
        self._counts[f"{name if plain else 'another name'}: {UNKNOWN}"] += 1

    def _beyond(self, words: str) -> DataProblem:
        return DataProblem(words, file=self._xml.file, line=self.line, remedy=AGAIN)

    def _refuse_document_type(self, *_: object) -> None:
        raise self._beyond("The XML carries a document type, which the census never has, so it was not read.")

    # --- batches ------------------------------------------------------------------------------------

    def batch(self) -> Batch:
        """The rows gathered since the last batch, as tables."""
        first = self._children - len(self._ids) + 1
        ids = pa.array(self._ids, pa.string())
        tables = {table: self._table(table, rows, ids, first) for table, rows in self._rows.items()}
        made = Batch(tables, len(self._ids))
        self._batched = self._taken
        self._ids = []
        self._rows = {table: [] for table in FLAT}
        return made

    def _table(self, table: str, rows: list[Row], ids: pa.Array, first: int) -> pa.Table:
        schema = flat_schema(table)
        columns: list[pa.Array | pa.ChunkedArray] = []
        for cell in schema:
            if cell.name == "LAchildID" and table != "ChildIdentifiers":
                columns.append(ids.take(pc.subtract(columns[0], first)))
                continue
            if cell.name in self._without:
                columns.append(pa.nulls(len(rows), cell.type))
                continue
            values = pa.array([row.get(cell.name) for row in rows], cell.type)
            columns.append(self._trimmed(values) if cell.type == pa.string() else values)
        return pa.table(columns, schema=schema)

    def _trimmed(self, values: pa.Array) -> pa.Array | pa.ChunkedArray:
        bare = trimmed(values)
        long = pc.greater(pc.utf8_length(bare), LONGEST_VALUE)
        if not count(long):
            return bare
        self._counts[TOO_LONG] += count(long)
        return only(bare, pc.invert(pc.fill_null(long, False)))

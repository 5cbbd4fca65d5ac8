"""The automatic checks of what is to leave: each by its name, and each blocks."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from hearthlink.disclosure import ClearedTable, pack, unpack
from hearthlink.errors import HearthlinkError
from hearthlink.study.release.numbers import strange_numbers

Files = Mapping[str, bytes]

STARTS: Mapping[str, bytes] = {
    ".html": b"<!doctype html", ".pdf": b"%PDF-", ".ods": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".csv": b"",
}  # fmt: skip
"""The kinds of file that may leave, by the ending of the name, and how each begins."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
LARGEST_FILE, LARGEST_RELEASE, MOST_ROWS = 30_000_000, 100_000_000, 5_000
"""Bytes of a file and of all, and the rows of a data file."""
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")  # noqa: RUF001 - the wide sign is one that a spreadsheet takes for a formula
CALLS_OUT = re.compile(rb"<script|javascript:|https?://|@import|url\(|\ssrc=|<link|<iframe|<object|<!--", re.IGNORECASE)
IN_PAPER = re.compile(rb"/(JavaScript|JS|EmbeddedFile|Launch|OpenAction|AA|URI|RichMedia|AcroForm|ObjStm)\b")
STREAMS = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
"""What of a paper is compressed: its pages and letters. An object stream, which could hide anything there, is none of ours."""
IN_BOOKS = re.compile(
    rb"<f>|<f |table:formula|state=\"(?:veryH|h)idden\"|<definedName|<comment|office:annotation|table:display=\"false\"|<script"
)
PARTS_OF_BOOKS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/workbook\.xml\.rels|workbook\.xml|styles\.xml|sharedStrings\.xml|theme/theme\d+\.xml|"
    r"worksheets/sheet\d+\.xml|worksheets/_rels/sheet\d+\.xml\.rels|tables/table\d+\.xml)|docProps/(app|core)\.xml|"
    r"mimetype|META-INF/manifest\.xml|(content|styles|meta|settings)\.xml"
)
CREATORS = re.compile(
    rb"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator)>([^<]*)<|/(?:Author)\s*\(([^)]*)\)", re.IGNORECASE
)
TIMED = 1980
"""The year that every part of a workbook is dated: no clock of anybody's is in it."""


@dataclass(frozen=True, slots=True)
class Check:
    """An automatic check: its name in the record, what it says, and what it found wrong; it passed where that is nothing."""

    name: str
    says: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks hold files against: the rule in force, the name of the council, and the words of the study that hold numbers."""

    profile: str
    threshold: int
    rounding: int
    authority: str
    words: tuple[str, ...]


def checks(files: Files, cleared: bytes, facts: Facts) -> list[Check]:
    """Every automatic check of the files that are to leave, with the bytes of their cleared tables."""
    tables, unread = _tables(cleared)
    asked: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
        ("cleared_tables", "The cleared tables pass their inspection again, and hold no digit that is not printed.",
         lambda: _inspected(cleared, tables, unread)),
        ("rule", "Every table is cleared under the rule in force.", lambda: _rule(tables, facts)),
        ("numbers", "Every number printed in pages, workbooks and data files is a cleared figure.", lambda: _numbers(files, tables, facts)),
        ("kinds", "Only kinds of file that may leave, each what its name says, under a plain name.", lambda: _kinds(files)),
        ("formulas", "Nothing that a spreadsheet would run.", lambda: _formulas(files)),
        ("sizes", "No file, and no table of data, is larger than somebody can look through.", lambda: _sizes(files)),
        ("metadata", "No name but the council's, no clock, no hidden part, no script, and no address outside.", lambda: _metadata(files, facts)),
    )  # fmt: skip
    return [Check(name, says, tuple(find())) for name, says, find in asked]


def _tables(cleared: bytes) -> tuple[tuple[ClearedTable, ...], str]:
    try:
        return unpack(cleared), ""
    except HearthlinkError as stop:
        return (), stop.what


def _inspected(cleared: bytes, tables: Sequence[ClearedTable], unread: str) -> Iterator[str]:
    if unread or not tables:
        yield unread or "there is no cleared table"
        return
    if pack(tables) != cleared:
        yield "cleared.json holds more than the tables in it"
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if isinstance(cell.value, float):
                    printed = cell.decimals + (2 if column.kind == "share" else 0)
                    if abs(round(cell.value, printed) - cell.value) > 1e-9:
                        yield f"{table.name}, column {column.name}: a figure has more digits than it is printed with"


def _rule(tables: Sequence[ClearedTable], facts: Facts) -> Iterator[str]:
    for table in tables:
        if (table.threshold, table.base) != (facts.threshold, facts.rounding):
            yield f"{table.name} was cleared under another threshold or rounding"
        if table.profile != facts.profile:
            yield f"{table.name} was cleared under another profile"


def _numbers(files: Files, tables: Sequence[ClearedTable], facts: Facts) -> Iterator[str]:
    try:
        strange = strange_numbers(files, tables, facts.words)
    except (ValueError, KeyError, UnicodeDecodeError, zipfile.BadZipFile, SyntaxError):
        yield "a file cannot be read"
        return
    # How many, and not which: a number that was never cleared must not be told by the check that found it.
    yield from (f"{name} prints {len(found)} that no cleared table holds" for name, found in strange.items())


def _kinds(files: Files) -> Iterator[str]:
    for name, content in files.items():
        start = STARTS.get(PurePosixPath(name).suffix)
        if not PLAIN_NAME.fullmatch(name):
            yield f"a name is not plain: {PurePosixPath(name).suffix or 'no ending'}"
        elif start is None:
            yield f"{name} is of no kind that may leave"
        elif not content[:64].lower().startswith(start.lower()):
            yield f"{name} is not what its name says"
        elif start == b"" and b"\0" in content:
            yield f"{name} is not text"


def _formulas(files: Files) -> Iterator[str]:
    for name, content in files.items():
        if name.endswith(".csv"):
            try:
                rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
            except (UnicodeDecodeError, csv.Error):
                yield f"{name} is no data file in UTF-8"
                continue
            if any(_runs(word) for row in rows for word in row):
                yield f"{name} has a field that a spreadsheet would run"


def _runs(word: str) -> bool:
    bare = word.lstrip(" \u00a0;")
    if not bare.startswith(RUNS) and "\n" not in word and "\r" not in word:
        return False
    try:
        float(bare)
    except ValueError:
        return True
    return False


def _sizes(files: Files) -> Iterator[str]:
    yield from (f"{name} is too large" for name, content in files.items() if len(content) > LARGEST_FILE)
    if sum(map(len, files.values())) > LARGEST_RELEASE:
        yield "the release is too large"
    for name, content in files.items():
        if name.endswith(".csv") and content.count(b"\n") > MOST_ROWS:
            yield f"{name} has more than {MOST_ROWS:,} rows"


def _metadata(files: Files, facts: Facts) -> Iterator[str]:
    for name, content in files.items():
        match PurePosixPath(name).suffix:
            case ".html":
                if CALLS_OUT.search(content):
                    yield f"{name} holds a script, a remark or an address outside"
            case ".pdf":
                bare = STREAMS.sub(b"", content)
                if IN_PAPER.search(bare):
                    yield f"{name} holds something beside its pages"
                yield from _creators(name, bare, facts)
            case ".ods" | ".xlsx":
                yield from _book(name, content, facts)
            case _:
                pass


def _book(name: str, content: bytes, facts: Facts) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for part in book.infolist():
                if not PARTS_OF_BOOKS.fullmatch(part.filename):
                    yield f"{name} holds a part that no workbook of ours has"
                    continue
                if part.date_time[0] != TIMED or part.comment or part.extra:
                    yield f"{name} is dated, or holds a remark"
                if part.file_size > LARGEST_FILE:
                    yield f"{name} is too large"
                    continue
                inside = book.read(part)
                if IN_BOOKS.search(inside):
                    yield f"{name} holds a formula, a remark or something hidden"
                yield from _creators(name, inside, facts)
            if book.comment:
                yield f"{name} holds a remark"
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        yield f"{name} cannot be read"


def _creators(name: str, content: bytes, facts: Facts) -> Iterator[str]:
    for found in CREATORS.finditer(content):
        said = found[1] or found[2] or b""
        wide = said.startswith(b"\xfe\xff")
        words = said[2:].decode("utf-16-be", "replace") if wide else said.decode("utf-8", "replace").replace("\\", "")
        if html.unescape(words).strip() not in facts.authority:
            yield f"{name} names somebody as its maker"

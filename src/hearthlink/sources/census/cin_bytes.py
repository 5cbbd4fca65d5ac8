"""The bytes of a census in XML, a piece at a time: hashed, its encoding told for certain, and handed on as UTF-8.

The file is read twice: once to hash it, tell its encoding and refuse what no census holds, and once to be parsed. It is never held
whole, so that its size does not matter.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.tabular import require_plain
from hearthlink.sources.reading.text import ARCHIVES, BOMS_UTF16, UTF16_NOTE, WELL_FORMED, WINDOWS_NOTE

PIECE = 1 << 18
ROOT = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", re.DOTALL)
FOREIGN = (b"<!DOCTYPE", b"<!ENTITY")
REMEDY = "Ask for the children in need census as it was sent to the Department for Education (XML)."
AGAIN = "Ask the supplier to export it again."


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A census file: where it lies, the hash of its bytes, and its encoding (utf-8, cp1252 or utf-16), with a note if translated.

    ``stamp`` is its size and time of change when it was first looked at.
    """

    path: Path
    source: str
    sha256: str
    encoding: str
    note: str | None
    stamp: tuple[int, int]

    @property
    def file(self) -> str:
        """The file's name without its folder."""
        return self.path.name


def open_xml(path: Path, source: str) -> XmlFile:
    """The file, once it is plain that it can be parsed.

    Raises DataProblem where it is missing or empty, is no XML or no census, carries a document type, or is in an encoding that
    cannot be told for certain.
    """
    require_plain(path)
    stamp = _stamp(path)
    looked = Looked()
    for piece in _raw(path):
        looked.at(piece)
    _refuse(path, looked)
    if looked.encoding == "cp1252":
        _require_windows(path, looked.bad)
    note = {"cp1252": WINDOWS_NOTE, "utf-16": UTF16_NOTE}.get(looked.encoding)
    xml = XmlFile(path, source, looked.sha256, looked.encoding, note, stamp)
    if looked.encoding == "utf-16":
        _require_utf16(xml)
    _refuse_another_root(xml)
    return xml


def pieces(xml: XmlFile) -> Iterator[bytes]:
    """The text as UTF-8 without its opening mark, in pieces. Raises DataProblem where the file was written to since it was looked at."""
    if xml.encoding == "utf-8":
        for number, piece in enumerate(_raw(xml.path)):
            yield piece if number else piece.removeprefix(codecs.BOM_UTF8)
    else:
        decoder = codecs.getincrementaldecoder(xml.encoding)()
        for piece in _raw(xml.path):
            yield decoder.decode(piece).encode()
        decoder.decode(b"", final=True)
    if _stamp(xml.path) != xml.stamp:
        raise DataProblem(
            "The file was being written while it was read.",
            file=xml.file,
            remedy="Wait until it is whole, and run again.",
        )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        held = path.stat()
    except OSError:
        raise DataProblem("The file cannot be opened.", file=path.name, remedy="Check that you may read it.") from None
    return held.st_size, held.st_mtime_ns


def _raw(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as opened:
            while piece := opened.read(PIECE):
                yield piece
    except OSError:
        raise DataProblem("The file cannot be opened.", file=path.name, remedy="Check that you may read it.") from None


class Looked:
    """What a first look through the bytes shows: their hash, and where the first NUL, document type and letter that is no UTF-8 stand."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._kept = b""
        self.size = 0
        self.head = b""
        self.nul = self.foreign = self.bad = -1

    def at(self, piece: bytes) -> None:
        """Look at the next piece."""
        self._hash.update(piece)
        self.head = self.head or piece[:4]
        if self.nul < 0 and (found := piece.find(b"\0")) >= 0:
            self.nul = self.size + found
        self._look_for_marks(piece)
        if self.bad < 0:
            try:
                self._decoder.decode(piece)
            except UnicodeDecodeError as fault:
                self.bad = self.size + max(0, fault.start - (len(fault.object) - len(piece)))
        self.size += len(piece)

    def _look_for_marks(self, piece: bytes) -> None:
        if self.foreign < 0 and (b"!" in piece or b"!" in self._kept):
            text = self._kept + piece
            found = [at for mark in FOREIGN if (at := text.find(mark)) >= 0]
            self.foreign = self.size - len(self._kept) + min(found) if found else -1
        self._kept = piece[-max(map(len, FOREIGN)) :]

    @property
    def sha256(self) -> str:
        """The hash of all that was looked at."""
        return self._hash.hexdigest()

    @property
    def encoding(self) -> str:
        """utf-8, cp1252 or utf-16, as far as the bytes tell."""
        if self.head.startswith(BOMS_UTF16):
            return "utf-16"
        unfinished = bool(self._decoder.getstate()[0])
        return "cp1252" if self.bad >= 0 or unfinished else "utf-8"


def _refuse(path: Path, looked: Looked) -> None:
    if looked.head.startswith(ARCHIVES):
        raise DataProblem("This is a workbook or a zip archive, not XML.", file=path.name, remedy=REMEDY)
    if not looked.size:
        raise DataProblem("The file is empty.", file=path.name, remedy=AGAIN)
    if looked.nul >= 0 and looked.encoding != "utf-16":
        raise DataProblem(
            "The file holds NUL bytes: it is not text, or is UTF-16 without its opening mark.",
            file=path.name,
            line=_line_of(_raw(path), looked.nul),
            remedy="Save it again as UTF-8.",
        )
    if looked.foreign >= 0:
        raise _document_type(path.name, _line_of(_raw(path), looked.foreign))


def _line_of(texts: Iterator[bytes], at: int) -> int:
    """The line on which a byte stands."""
    line = 1
    for text in texts:
        line += text.count(b"\n", 0, max(0, at))
        at -= len(text)
        if at <= 0:
            break
    return line


def _document_type(file: str, line: int) -> DataProblem:
    return DataProblem(
        "The XML carries a document type, which the census never has, so it was not read.",
        file=file,
        line=line,
        remedy=REMEDY,
    )


def _require_utf16(xml: XmlFile) -> None:
    """Refuse what opens like UTF-16 and is none, and what carries a document type in it."""
    looked = Looked()
    try:
        for piece in pieces(xml):
            looked.at(piece)
    except UnicodeError:
        looked.nul = 0
    if looked.nul >= 0:
        raise DataProblem(
            "The file opens like UTF-16 text but is not.", file=xml.file, remedy="Save it again as UTF-8."
        )
    if looked.foreign >= 0:
        raise _document_type(xml.file, _line_of(pieces(xml), looked.foreign))


def _require_windows(path: Path, bad: int) -> None:
    """Refuse text that is part UTF-8 and part not, for it would come out garbled, and what is not text at all."""
    kept = b""
    for piece in _raw(path):
        if WELL_FORMED.search(kept + piece):
            raise DataProblem(
                "The file mixes UTF-8 with another encoding, so its text cannot be trusted.",
                file=path.name,
                line=_line_of(_raw(path), bad),
                remedy="Ask the supplier to export it again as UTF-8.",
            )
        try:
            piece.decode("cp1252")
        except UnicodeDecodeError:
            raise DataProblem(
                "The file is neither UTF-8 nor Windows-1252 text.",
                file=path.name,
                line=_line_of(_raw(path), bad),
                remedy="Ask the supplier to export it again as UTF-8.",
            ) from None
        kept = piece[-3:]


def _refuse_another_root(xml: XmlFile) -> None:
    opening = next(pieces(xml), b"")
    if not opening.strip():
        raise DataProblem("The file is empty.", file=xml.file, remedy=AGAIN)
    root = ROOT.match(opening)
    if root is None:
        raise DataProblem("The file is not XML.", file=xml.file, line=1, remedy=REMEDY)
    if root[1] != b"Message":
        raise DataProblem(
            "The XML is not a census return: its outermost element is not Message.", file=xml.file, remedy=REMEDY
        )

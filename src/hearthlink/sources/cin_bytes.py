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
from hearthlink.sources.text import ARCHIVES, BOMS_UTF16, UTF16_NOTE, WELL_FORMED, WINDOWS_NOTE

PIECE = 1 << 18
ROOT = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", re.DOTALL)
FOREIGN = (b"<!DOCTYPE", b"<!ENTITY")
REMEDY = "Ask for the children in need census as it was sent to the Department for Education (XML)."
AGAIN = "Ask the supplier to export it again."


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A census file: where it lies, the hash of its bytes, and its encoding (utf-8, cp1252 or utf-16), with a note if translated."""

    path: Path
    source: str
    sha256: str
    encoding: str
    note: str | None

    @property
    def file(self) -> str:
        """The file's name without its folder."""
        return self.path.name


def open_xml(path: Path, source: str) -> XmlFile:
    """The file, once it is plain that it can be parsed.

    Raises DataProblem where it is missing or empty, is no XML or no census, carries a document type, or is in an encoding that
    cannot be told for certain.
    """
    if not path.is_file():
        raise DataProblem("The file was not found.", file=path.name, remedy="Put the extract there and run again.")
    sha256, encoding = _first_reading(path)
    note = {"cp1252": WINDOWS_NOTE, "utf-16": UTF16_NOTE}.get(encoding)
    xml = XmlFile(path, source, sha256, encoding, note)
    _refuse_foreign(xml)
    return xml


def pieces(xml: XmlFile) -> Iterator[bytes]:
    """The text as UTF-8 without its opening mark, in pieces."""
    if xml.encoding == "utf-8":
        for number, piece in enumerate(_raw(xml.path)):
            yield piece if number else piece.removeprefix(codecs.BOM_UTF8)
        return
    decoder = codecs.getincrementaldecoder(xml.encoding)()
    for piece in _raw(xml.path):
        yield decoder.decode(piece).encode()


def _raw(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as opened:
            while piece := opened.read(PIECE):
                yield piece
    except OSError:
        raise DataProblem("The file cannot be opened.", file=path.name, remedy="Check that you may read it.") from None


def _first_reading(path: Path) -> tuple[str, str]:
    """The hash of the bytes, and the encoding."""
    hashed, head = hashlib.sha256(), b""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    line, bad_line = 1, 0
    for piece in _raw(path):
        hashed.update(piece)
        head = head or piece
        if head.startswith(ARCHIVES):
            raise DataProblem("This is a workbook or a zip archive, not XML.", file=path.name, remedy=REMEDY)
        if head.startswith(BOMS_UTF16):
            continue
        if (nul := piece.find(b"\0")) >= 0:
            raise DataProblem(
                "The file holds NUL bytes: it is not text, or is UTF-16 without its opening mark.",
                file=path.name,
                line=line + piece.count(b"\n", 0, nul),
                remedy="Save it again as UTF-8.",
            )
        if not bad_line:
            bad_line = _bad_line(utf8, piece, line)
        line += piece.count(b"\n")
    if not head.strip():
        raise DataProblem("The file is empty.", file=path.name, remedy=AGAIN)
    if head.startswith(BOMS_UTF16):
        _require_utf16(path)
        return hashed.hexdigest(), "utf-16"
    if bad_line or _bad_line(utf8, b"", line, final=True):
        _require_windows(path, bad_line or line)
        return hashed.hexdigest(), "cp1252"
    return hashed.hexdigest(), "utf-8"


def _bad_line(decoder: codecs.IncrementalDecoder, piece: bytes, line: int, *, final: bool = False) -> int:
    """The line on which the piece stops being UTF-8; 0 where it is."""
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError as fault:
        return line + fault.object[: fault.start].count(b"\n")
    return 0


def _require_utf16(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        held = any("\0" in decoder.decode(piece) for piece in _raw(path))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        held = True
    if held:
        raise DataProblem(
            "The file opens like UTF-16 text but is not.", file=path.name, remedy="Save it again as UTF-8."
        )


def _require_windows(path: Path, line: int) -> None:
    """Refuse text that is part UTF-8 and part not, for names in it would come out garbled, and what is not text at all."""
    kept = b""
    for piece in _raw(path):
        if WELL_FORMED.search(kept + piece):
            raise DataProblem(
                "The file mixes UTF-8 with another encoding, so its text cannot be trusted.",
                file=path.name,
                line=line,
                remedy="Ask the supplier to export it again as UTF-8.",
            )
        try:
            piece.decode("cp1252")
        except UnicodeDecodeError:
            raise DataProblem(
                "The file is neither UTF-8 nor Windows-1252 text.",
                file=path.name,
                line=line,
                remedy="Ask the supplier to export it again as UTF-8.",
            ) from None
        kept = piece[-3:]


def _refuse_foreign(xml: XmlFile) -> None:
    line, kept = 1, b""
    for number, piece in enumerate(pieces(xml)):
        text = kept + piece
        for mark in FOREIGN:
            if (at := text.find(mark)) >= 0:
                raise DataProblem(
                    "The XML carries a document type, which the census never has, so it was not read.",
                    file=xml.file,
                    line=line + text.count(b"\n", 0, at),
                    remedy=REMEDY,
                )
        if not number:
            _refuse_another_root(xml, piece)
        kept = text[-max(map(len, FOREIGN)) :]
        line += text.count(b"\n", 0, len(text) - len(kept))


def _refuse_another_root(xml: XmlFile, opening: bytes) -> None:
    root = ROOT.match(opening)
    if root is None:
        raise DataProblem("The file is not XML.", file=xml.file, line=1, remedy=REMEDY)
    if root[1] != b"Message":
        raise DataProblem(
            "The XML is not a census return: its outermost element is not Message.", file=xml.file, remedy=REMEDY
        )

"""What lies in a zip archive, looked at before anything opens it: how large it becomes, what it names, and no XML that declares types."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from hearthlink.errors import DataProblem

MOST_PARTS = 10_000
MOST_BYTES = 2 << 30
MOST_RATIO = 250
RATIO_FROM = 16 << 20
"""A part may unpack to more than `MOST_RATIO` times its size only where that is still small."""

CHUNK = 1 << 20
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    NotImplementedError,
    OverflowError,
    EOFError,
    IndexError,
    KeyError,
)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"[. ](?:[/\\]|$)|^[/\\]|^[a-z]:|[\0-\x1f]|(?:^|[/\\])(?:con|prn|aux|nul|(?:com|lpt)[0-9])(?:\.[^/\\]*)?(?:[/\\]|$)",
    re.IGNORECASE,
)
"""A way out of the archive, a device, or a name that Windows would take for another."""
_A_LINK = 0xA
SAVE_AGAIN = "Open it in the program that made it, save it again as xlsx or CSV, and look where it came from."


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip archive whose declared sizes and names are in order: the file's name, its bytes and its parts."""

    file: str
    data: bytes
    parts: tuple[zipfile.ZipInfo, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of its parts."""
        return frozenset(part.filename for part in self.parts)


def open_archive(data: bytes, file: str) -> Archive:
    """The archive in these bytes.

    Raises DataProblem where it is damaged or locked, where a part points outside the archive or stands there twice, and where by its
    own word it would become too large.
    """
    try:
        parts = tuple(zipfile.ZipFile(io.BytesIO(data)).infolist())
    except _UNREADABLE:
        raise DataProblem("The archive is damaged.", file=file, remedy=SAVE_AGAIN) from None
    if len(parts) > MOST_PARTS:
        raise DataProblem(
            f"The archive has {len(parts):,} parts, more than any workbook.", file=file, remedy=SAVE_AGAIN
        )
    names = [unicodedata.normalize("NFKC", part.filename).lower() for part in parts]
    if any(map(_ELSEWHERE.search, names)) or any(part.external_attr >> 28 == _A_LINK for part in parts):
        raise DataProblem("A part of the archive points outside it.", file=file, remedy=SAVE_AGAIN)
    if len(set(names)) != len(names):
        raise DataProblem("Two parts of the archive have one name.", file=file, remedy=SAVE_AGAIN)
    if any(part.flag_bits & 1 for part in parts):
        raise locked(file)
    if sum(part.file_size for part in parts) > MOST_BYTES or any(_swells(part) for part in parts):
        raise DataProblem(
            "The archive would unpack to far more than it holds.",
            file=file,
            remedy="If it is what it should be, export it as CSV. If nobody knows why, do not open it.",
        )
    return Archive(file, data, parts)


def locked(file: str) -> DataProblem:
    """The stop for a file that opens only with a password."""
    return DataProblem(
        "The file is locked by a password.", file=file, remedy="Save it without one, in a place only you can read."
    )


def unpack(archive: Archive, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces, none kept. Raises DataProblem where it is longer or shorter than it says, or is packed in a strange way."""
    try:
        yield from _inflated(archive, part)
    except _UNREADABLE:
        raise DataProblem("The archive is damaged.", file=archive.file, remedy=SAVE_AGAIN) from None


def refuse_declarations(archive: Archive, piece: bytes) -> None:
    """Raise DataProblem where XML declares a document type or an entity: a spreadsheet never does."""
    if b"<\0" in piece or b"\0<" in piece:
        piece = piece.replace(b"\0", b"")
    if b"<!" in piece and _DECLARES.search(piece):
        raise DataProblem(
            "A part of the file declares a document type, which no spreadsheet does.",
            file=archive.file,
            remedy="Do not open it. Ask who made it.",
        )


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _inflated(archive: Archive, part: zipfile.ZipInfo) -> Iterator[bytes]:
    data, at = archive.data, part.header_offset
    name_size, extra_size = struct.unpack("<HH", data[at + 26 : at + 30])
    begin = at + 30 + name_size + extra_size
    packed = memoryview(data)[begin : begin + part.compress_size]
    if data[at : at + 4] != b"PK\x03\x04" or len(packed) != part.compress_size:
        raise zipfile.BadZipFile
    seen = 0
    for piece in _pieces(packed, part.compress_type):
        seen += len(piece)
        if seen > part.file_size:
            raise zipfile.BadZipFile
        yield piece
    if seen != part.file_size:
        raise zipfile.BadZipFile


def _pieces(packed: memoryview, way: int) -> Iterator[bytes]:
    if way == zipfile.ZIP_STORED:
        for at in range(0, len(packed), CHUNK):
            yield bytes(packed[at : at + CHUNK])
        return
    if way != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    inflate = zlib.decompressobj(-15)
    left: bytes | memoryview = packed
    while not inflate.eof:
        piece = inflate.decompress(left, CHUNK)
        left = inflate.unconsumed_tail
        if not piece and not left:
            break
        yield piece

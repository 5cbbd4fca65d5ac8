"""The bytes of an extract: hashed as they are, and turned to UTF-8 text or refused, never silently garbled."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.encodings import UTF16_NOTE, WELL_FORMED, WINDOWS_NOTE, single_byte, without_mark

__all__ = ["UTF16_NOTE", "WINDOWS_NOTE", "Extract", "bytes_of", "line_of", "open_extract"]

ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
BOMS_UTF16 = (b"\xff\xfe", b"\xfe\xff")
COPIED = 1 << 30
"""A file up to this size is copied when it is opened, so that nothing done to it meanwhile can matter; a larger one is mapped."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One file as read: its source, its name without folder, the hash of its bytes, and its text as UTF-8 without a mark.

    `note` says which encoding was translated; it is None where the file was UTF-8 already.
    """

    source: str
    file: str
    sha256: str
    text: pa.Buffer
    note: str | None = None


def open_extract(path: Path, source: str) -> Extract:
    """The text of a file. A UTF-8 file past `COPIED` is mapped, not copied, so its size does not matter.

    Raises DataProblem where the file is missing, empty, not text, in an encoding that cannot be told for certain, or was being written
    while it was read.
    """
    if not path.is_file():
        raise DataProblem("The file was not found.", file=path.name, remedy="Put the extract there and run again.")
    raw, sha256 = bytes_of(path)
    if not raw.size:
        raise DataProblem("The file is empty.", file=path.name, remedy="Ask the supplier to export it again.")
    text, note = _as_utf8(raw, path.name)
    if not bytes(text.slice(0, min(text.size, 65536))).strip():
        raise DataProblem("The file is empty.", file=path.name, remedy="Ask the supplier to export it again.")
    return Extract(source, path.name, sha256, text, note)


def bytes_of(path: Path) -> tuple[pa.Buffer, str]:
    """The bytes of a file and their hash. Raises DataProblem where it cannot be read, or is not the same at the end as at the beginning."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > COPIED:
                with pa.memory_map(str(path)) as mapped:
                    raw = mapped.read_buffer()
            else:
                raw = pa.py_buffer(file.read(before.st_size + 1))
            sha256 = hashlib.sha256(raw).hexdigest()
            after = os.fstat(file.fileno())
    except OSError:
        raise DataProblem(
            "The file cannot be opened.",
            file=path.name,
            remedy="Close it elsewhere (Excel keeps a workbook to itself), or check that you may read it.",
        ) from None
    if raw.size != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise DataProblem(
            "The file was being written while it was read.",
            file=path.name,
            remedy="Wait until it is whole, and run again.",
        )
    return raw, sha256


def line_of(text: pa.Buffer, offset: int) -> int:
    """The line, counted from 1, on which a byte stands."""
    return 1 + int(np.count_nonzero(np.frombuffer(text, np.uint8)[:offset] == ord("\n")))


def _as_utf8(raw: pa.Buffer, file: str) -> tuple[pa.Buffer, str | None]:
    head = bytes(raw.slice(0, min(raw.size, 4)))
    if head.startswith(ARCHIVES):
        raise DataProblem(
            "This is a workbook or a zip archive, not text.", file=file, remedy="Save it as plain text or CSV."
        )
    if head.startswith(BOMS_UTF16):
        return _from_utf16(raw, file), UTF16_NOTE
    text = raw.slice(3) if head.startswith(b"\xef\xbb\xbf") else raw
    if b"\0" in head and (unmarked := without_mark(bytes(raw))) is not None:
        return pa.py_buffer(unmarked.encode()), UTF16_NOTE
    _refuse_nul(text, file)
    if _is_utf8(text):
        return text, None
    return _from_single_byte(text, file)


def _refuse_nul(text: pa.Buffer, file: str) -> None:
    letters = np.frombuffer(text, np.uint8)
    if letters.size and letters.min() == 0:
        raise DataProblem(
            "The file holds NUL bytes: it is not text, or is UTF-16 without its opening mark.",
            file=file,
            line=line_of(text, int(letters.argmin())),
            remedy="Save it again as UTF-8.",
        )


def _is_utf8(text: pa.Buffer) -> bool:
    offsets = pa.py_buffer(np.array([0, text.size], np.int64))
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, text])
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _from_utf16(raw: pa.Buffer, file: str) -> pa.Buffer:
    try:
        text = bytes(raw).decode("utf-16")
    except UnicodeDecodeError:
        text = "\0"
    encoded = pa.py_buffer(text.encode("utf-8", "surrogatepass"))
    if "\0" in text or not _is_utf8(encoded):
        raise DataProblem("The file opens like UTF-16 text but is not.", file=file, remedy="Save it again as UTF-8.")
    return encoded


def _from_single_byte(text: pa.Buffer, file: str) -> tuple[pa.Buffer, str]:
    """A text of one byte a letter, as UTF-8, and its note. One that is in part UTF-8 would come out garbled, so it is refused."""
    data = bytes(text)
    if WELL_FORMED.search(data):
        raise DataProblem(
            "The file mixes UTF-8 with another encoding, so names in it cannot be trusted.",
            file=file,
            line=line_of(text, _first_bad(data)),
            remedy="Ask the supplier to export it again as UTF-8.",
        )
    told = single_byte(data)
    if told is not None:
        encoding, note = told
        return pa.py_buffer(data.decode(encoding).encode()), note
    raise DataProblem(
        "The file is neither UTF-8 nor Windows-1252 text.",
        file=file,
        line=line_of(text, _first_bad(data, "cp1252")),
        remedy="Ask the supplier to export it again as UTF-8.",
    )


def _first_bad(data: bytes, encoding: str = "utf-8") -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as fault:
        return fault.start
    return 0

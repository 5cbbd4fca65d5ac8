"""What a file says to whoever opens it, so that secrets can be looked for in every form of the report."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
NUMBER = re.compile(r"[-+]?\d*\.\d+|\b\d{10} \d{5} [nf]\b")
"""Measures of a drawing, and the places of a file's own parts: digits of a PDF that say nothing to anybody."""


def text_of(name: str, content: bytes) -> str:
    """The text of a file: the parts of a workbook unpacked, the streams of a PDF inflated and its measures left out, others as they stand."""
    if name.endswith((".xlsx", ".ods")):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(f"{part}\n{book.read(part).decode('utf-8', 'replace')}" for part in book.namelist())
    if name.endswith(".pdf"):
        plain = STREAM.sub(b"", content)
        inflated = [one for one in map(_inflated, STREAM.findall(content)) if one is not None]
        return NUMBER.sub(" ", b"\n".join([plain, *inflated]).decode("latin-1"))
    return content.decode("utf-8", "replace")


def _inflated(stream: bytes) -> bytes | None:
    """A stream's content; none of one that is no text, such as a font's."""
    try:
        inflated = zlib.decompress(stream)
    except zlib.error:
        return None
    return inflated if inflated[:4] not in {b"\x00\x01\x00\x00", b"OTTO", b"true"} and inflated[:1] != b"\x01" else None

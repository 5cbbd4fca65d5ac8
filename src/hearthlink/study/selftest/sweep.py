"""The search for what was planted, in any spelling: whatever case, accents or form of a date, in UTF-8, UTF-16, base64 and hexadecimal, and in files packed into files."""

from __future__ import annotations

import base64
import gzip
import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from hearthlink.study.selftest.planting import Planted, dates_in

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
MONTHS = "january february march april may june july august september october november december".split()
WORDED = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(m[:3] for m in MONTHS)})[a-z]* (\d{{4}})(?!\d)")
TURNED = re.compile(rf"\b({'|'.join(m[:3] for m in MONTHS)})[a-z]* (\d{{1,2}}),? (\d{{4}})(?!\d)")
LOOSE = re.compile(r"(?<![\d.])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?![\d.])")
RUN = re.compile(r"(?<![0-9a-z.])(\d{8})(?![0-9a-z.])")
DEEPEST = 4
MARKS = re.compile("[\u0300-\u036f]")
"""Accents, as they stand beside their letters once the two are parted."""


def found_in(planted: Planted, name: str, content: bytes) -> Counter[str]:
    """How often which kind of planted value stands in a file, or in a name of one; nothing where it stands in none."""
    found: Counter[str] = Counter()
    for part, inner in unpacked(name, content, 0):
        for kind, count in _in_bytes(planted, part, inner).items():
            found[kind] += count
    return found


def unpacked(name: str, content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """A file and all that is packed in it: parts of archives and workbooks, streams of a PDF, what gzip or Parquet holds."""
    yield name, content
    if depth >= DEEPEST:
        return
    if content[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for part in book.namelist():
                    yield "names of parts", part.encode()
                    yield from unpacked(part, book.read(part), depth + 1)
        except (zipfile.BadZipFile, RuntimeError, zlib.error):
            return
    elif content[:2] == b"\x1f\x8b":
        try:
            yield from unpacked(f"{name} inflated", gzip.decompress(content), depth + 1)
        except (OSError, EOFError, zlib.error):
            return
    elif content[:5] == b"%PDF-":
        for stream in STREAM.findall(content):
            try:
                yield f"{name} stream", zlib.decompress(stream)
            except zlib.error:
                continue
    elif content[:4] == b"PAR1":
        from pyarrow import ArrowException, parquet

        try:
            table = parquet.read_table(io.BytesIO(content))
        except (ArrowException, OSError):
            return
        yield f"{name} values", "\n".join(str(row) for row in table.to_pylist()).encode()


def fold(text: str) -> str:
    """A text in small letters without accents."""
    if text.isascii():
        return text.casefold()
    return MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def _in_bytes(planted: Planted, name: str, content: bytes) -> Counter[str]:
    found: Counter[str] = Counter()
    sealed = name.endswith(".sealed")
    texts = [fold(content.decode("utf-8", "replace"))]
    if b"\x00" in content and not sealed:
        texts.append(fold(content.replace(b"\x00", b"").decode("latin-1")))  # UTF-16 and UTF-32, wherever they begin
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        texts.append(fold(content.decode("utf-16", "replace")))
    for kind, needles in _needles(planted).items():
        found[kind] += sum(text.count(needle) for text in texts for needle in needles if needle in text)
    for kind, forms in _encoded(planted).items():
        found[f"{kind}, encoded"] += sum(content.count(form) for form in forms if form in content)
    if not sealed and not _is_binary(name, content):
        words = _bounded(planted)
        for text in texts:
            found["birth date"] += sum(day in planted.births for day in every_date(text))
            found["postcode"] += len(words.findall(text)) if words is not None else 0
    return +found


def _is_binary(name: str, content: bytes) -> bool:
    """Whether a file is none to look for figures in: numbers of a drawing's or a font's own stand for nobody."""
    return name.endswith((".pdf", " stream", ".pyc", ".ttf", ".woff2", ".png")) or content[:4] in {
        b"PAR1",
        b"PK\x03\x04",
    }


@lru_cache(maxsize=2)
def _needles_of(words: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(fold(one) for one in each) for kind, each in words}


def _needles(planted: Planted) -> dict[str, tuple[str, ...]]:
    return _needles_of(tuple((kind, tuple(each)) for kind, each in planted.words.items()))


def _encoded(planted: Planted) -> dict[str, tuple[bytes, ...]]:
    return _encoded_of(tuple((kind, tuple(each[:8])) for kind, each in planted.words.items()))


@lru_cache(maxsize=2)
def _encoded_of(words: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[bytes, ...]]:
    return {
        kind: tuple(
            {
                form
                for one in each
                for said in {one, one.upper(), one.lower()}
                for raw in (said.encode(), said.encode("utf-16-le"))
                for form in (*_base64_of(raw), raw.hex().encode(), raw.hex().upper().encode())
            }
        )
        for kind, each in words
    }


def _base64_of(raw: bytes) -> Iterator[bytes]:
    """What base64 makes of some bytes wherever they begin, without the letters that hang on their neighbours."""
    for before in range(3):
        coded = base64.b64encode(b"\x00" * before + raw)
        first = -(-before * 8 // 6)
        last = (before + len(raw)) * 8 // 6
        yield coded[first:last]


def _bounded(planted: Planted) -> re.Pattern[str] | None:
    forms = {
        form for one in planted.postcodes for form in (one.casefold(), one.casefold().replace(" ", "")) if len(form) > 5
    }
    return re.compile(rf"(?<![0-9a-z])(?:{'|'.join(map(re.escape, sorted(forms)))})(?![0-9a-z])") if forms else None


def every_date(text: str) -> Iterator[date]:
    """Every date in a folded text: in figures, parted or not, in words, whichever way round."""
    yield from dates_in(text)
    read = [(y, m, d) for d, m, y in LOOSE.findall(text) if len(d) + len(m) < 4]
    read += [(y, str(_month(m)), d) for d, m, y in WORDED.findall(text)]
    read += [(y, str(_month(m)), d) for m, d, y in TURNED.findall(text)]
    for run in RUN.findall(text):
        read += [(run[:4], run[4:6], run[6:]), (run[4:], run[2:4], run[:2])]
    for y, m, d in read:
        try:
            yield date(int(y), int(m), int(d))
        except ValueError:
            continue


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name))

"""The bytes of an extract."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.text import UTF16_NOTE, WINDOWS_NOTE, open_extract

SIGN = "JOS\u00c9\n"
READ = (
    ("utf-8", SIGN.encode(), None),
    ("utf-8 with its mark", b"\xef\xbb\xbf" + SIGN.encode(), None),
    ("Windows-1252", SIGN.encode("cp1252"), WINDOWS_NOTE),
    ("UTF-16", SIGN.encode("utf-16"), UTF16_NOTE),
    ("UTF-16, big end first", b"\xfe\xff" + SIGN.encode("utf-16-be"), UTF16_NOTE),
)
REFUSED = (
    ("empty", b"", "is empty", None),
    ("blank", b" \n\n", "is empty", None),
    ("a mark and nothing else", b"\xef\xbb\xbf", "is empty", None),
    ("a NUL byte", b"A\nB\0\n", "NUL", 2),
    ("UTF-16 without its mark", SIGN.encode("utf-16-le"), "NUL", 1),
    ("half a UTF-16 letter", b"\xff\xfeA", "UTF-16", None),
    ("UTF-32", SIGN.encode("utf-32"), "UTF-16", None),
    ("two encodings", SIGN.encode() + SIGN.encode("cp1252"), "mixes", 2),
    ("no encoding", b"A\n\x81\n", "neither", 2),
    ("a workbook", b"PK\x03\x04 and so on", "workbook", None),
)


@pytest.mark.parametrize(("data", "note"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_text_comes_out_letter_for_letter(tmp_path: Path, data: bytes, note: str | None) -> None:
    """An encoding that can be told is translated, with a note where it was not UTF-8, and the hash is of the bytes on file."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    extract = open_extract(path, "ssd")
    assert bytes(extract.text).decode() == SIGN
    assert extract.note == note
    assert extract.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(("data", "words", "line"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_text_that_would_be_garbled_is_refused(tmp_path: Path, data: bytes, words: str, line: int | None) -> None:
    """Bytes that are no text, or text of no certain encoding, are refused with the line where one is at fault."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(DataProblem, match=words) as problem:
        open_extract(path, "ssd")
    assert problem.value.file == "x.csv"
    assert problem.value.line == line
    assert "JOS" not in str(problem.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is named, without the folder it should be in."""
    with pytest.raises(DataProblem, match="not found") as problem:
        open_extract(tmp_path / "absent.csv", "ssd")
    assert str(tmp_path) not in str(problem.value)

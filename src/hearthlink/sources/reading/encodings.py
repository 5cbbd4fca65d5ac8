"""Which encoding a text is in, where that can be told for certain, and the text in UTF-8 where it can."""

from __future__ import annotations

import re

WINDOWS_NOTE = "read as Windows-1252 text"
UTF16_NOTE = "read as UTF-16 text"
LATIN9_NOTE = "read as Latin-9 (ISO 8859-15) text"
MAC_NOTE = "read as Mac Roman text"

WELL_FORMED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WORD = re.compile(rb"[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*")
_LATIN9_ALONE = frozenset(b"\xa6\xa8\xb8\xbc\xbd\xbe")
"""Bytes that are letters in Latin-9 and signs in Windows-1252. An acute accent (B4) is left out: it is written for an apostrophe."""
_STRANGE = re.compile(
    rb"[A-Za-z][\x80-\x84\x86-\x89\x8b\x8d\x8f\x90\x95\x98\x99\x9b\x9d]"
    rb"|[\x80-\x84\x86-\x89\x8b\x8d\x8f\x90\x95\x98\x99\x9b\x9d][A-Za-z]|[a-z][\x8a\x8c\x8e]"
)
"""What no word of Windows-1252 holds: a sign beside a letter, a byte without meaning, a capital after a small letter."""

_NO_LETTERS = frozenset("\u0192\u00aa\u00ba\u00b5")
"""Letters that no name holds: florin, ordinals, micro."""


def without_mark(data: bytes) -> str | None:
    """UTF-16 text that lacks its opening mark, where it surely is; None otherwise.

    It surely is where the first line, line end included, is plain letters with a NUL on the same side of each, and the whole decodes to
    text with no NUL and no unpaired half.
    """
    if len(data) % 2 or not data:
        return None
    for encoding, low in (("utf-16-le", 0), ("utf-16-be", 1)):
        plain = data[low : 1 << 17 : 2]
        ends = [plain.find(end) for end in b"\r\n" if end in plain]
        first = plain[: min(ends)] if ends else b""
        if not first or any(data[1 - low : 2 * len(first) : 2]) or not first.isascii():
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def single_byte(data: bytes) -> tuple[str, str] | None:
    """The encoding of a text of one byte a letter and the note that says so; None where it cannot be told.

    Windows-1252 unless words say otherwise: Mac Roman where words are words in that alone and every other word is one too; Latin-9 where
    nothing is of Windows and a letter of Latin-9 alone stands inside a word.
    """
    words = set(_WORD.findall(data))
    if _is_mac(words):
        return "mac_roman", MAC_NOTE
    if not any(0x80 <= byte <= 0x9F for word in words for byte in word) and any(map(_is_latin9, words)):
        return "iso8859_15", LATIN9_NOTE
    return ("cp1252", WINDOWS_NOTE) if _decodes(data, "cp1252") else None


def _is_mac(words: set[bytes]) -> bool:
    strange = [word for word in words if _STRANGE.search(word)]
    needed = 1 if any(not _decodes(word, "cp1252") for word in strange) else 3
    return len(strange) >= needed and all(map(_reads_in_mac, words))


def _reads_in_mac(word: bytes) -> bool:
    """Whether a run of letters is a word in Mac Roman: letters throughout, and none small before a capital."""
    letters = word.decode("mac_roman").replace("\u2019", "").replace("'", "")
    small = [letter.islower() for letter in letters]
    return letters.isalpha() and not _NO_LETTERS & set(letters) and (all(small[1:]) or not any(small))


def _is_latin9(word: bytes) -> bool:
    inside = word[1:-1] if len(word) > 2 else b""
    return any(byte in _LATIN9_ALONE for byte in inside) and word.decode("iso8859_15").replace("'", "").isalpha()


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True

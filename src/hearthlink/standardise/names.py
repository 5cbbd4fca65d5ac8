"""Forenames and surnames made comparable: the name itself, without the title, the note, the marks and the placeholder.

Customs and habits are those of ``domain.md`` 3.2. Spellings are left as they are: how far two of them agree is for the linkage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hearthlink.standardise.letters import plain
from hearthlink.standardise.placeholders import NOTES, STANDINGS, SUFFIXES, TITLES, is_no_forename, is_nothing

GLUED = frozenset({"O", "D", "N", "M", "L", "MC", "MAC", "ST", "FITZ"})
"""Beginnings that are one name with what follows, and no name alone: O'BRIEN, MC DONALD, D'SOUZA, ST JOHN."""

PARTICLES = frozenset(
    "DE DA DO DOS DAS DI DEL DELLA DU LA LE LOS VAN VON DER DEN TER TEN EL AL UL ABU ABD ABDUL ABDEL BIN BINT IBN BEN AP".split()
)
"""Words before a surname that records keep, join or lose."""

_JOINED_FORENAMES = frozenset("ABDUL ABDEL ABDAL ABD ABDU AL EL UL ABU UMM MC MAC O D".split())
_NOT_YET_NAMED = TITLES | STANDINGS

_BRACKETS = re.compile(r'[(\[{"]([^)\]}"]*)(?:[)\]}"]|$)')
_ALSO = re.compile(r"\bA[./ ]?K[./ ]?A\b\.?:?|\b(?:ALSO )?KNOWN AS\b:?|\bALIAS\b:?|\bPREFERS\b|\bGOES BY\b")
_BEFORE = re.compile(r"\bNEE\b:?|\bFORMERLY\b:?|\bPREVIOUSLY\b:?|\bF/?K/?A\b:?|\bMAIDEN NAME\b:?")
_MARKS = re.compile(r"[^A-Z0-9 -]+")
_AROUND_HYPHEN = re.compile(r"\s*-[\s-]*")
_DIGITS = re.compile(r"\d+")


def whole_name(forename: str | None, surname: str | None) -> tuple[str | None, str | None]:
    """Forename and surname as written, parted where one field holds ``SURNAME, TITLE FORENAMES``.

    A comma in a forename parts it only where there is no surname, or where the part before the comma is that surname.
    """
    if surname is not None and "," in surname:
        before, _, after = surname.partition(",")
        return (forename if _has_letters(forename) else after), before
    if forename is not None and "," in forename:
        before, _, after = forename.partition(",")
        if not _has_letters(surname) or _surname_words(before) == _surname_words(surname or ""):
            return after, before
    return forename, surname


def forenames(text: str) -> tuple[str | None, str | None]:
    """The first forename, and all of them with those known by, joined by a space; both None for a placeholder.

    ``ABDUL RAHMAN`` and ``AL-AMIN`` are one name each. MOHAMMED before another name stays the first: the rest is in the second.
    """
    if text.isascii() and text.isalpha():
        name = text.upper()
        none = name in TITLES or name in NOTES or is_no_forename(name)
        return (None, None) if none else (name, name)
    main, also = _notes_apart(plain(text))
    names = _forename_words(main) or _forename_words(also)
    if not names:
        return None, None
    others = [name for name in _forename_words(also) if name not in names]
    return names[0], " ".join([*names, *others])


def surname(text: str) -> tuple[str | None, str | None]:
    """The surname in joined form, and its last part where it has several; both None for a placeholder.

    ``SMITH-JONES``, ``SMITH JONES`` and ``SMITHJONES`` all join to the last. ``O'BRIEN`` and ``MC DONALD`` are single names.
    """
    words = _surname_words(text)
    if not words:
        return None, None
    return "".join(words), words[-1] if len(words) > 1 else None


def surname_tokens(text: str) -> frozenset[str]:
    """The joined form and every part that could be a surname alone: what two spellings of one family's name share."""
    words = _surname_words(text)
    if not words:
        return frozenset()
    return frozenset({"".join(words), *(word for word in words if len(word) > 1 and word not in PARTICLES)})


def _surname_words(text: str) -> list[str]:
    if text.isascii() and text.isalpha():
        name = text.upper()
        return [] if name in NOTES or name in _NOT_YET_NAMED or is_nothing(name) else [name]
    capitals = plain(text)
    main, _ = _notes_apart(capitals)
    words = _words(main.replace("-", " ")) or _words(_BRACKETS.sub(r" \1 ", capitals).replace("-", " "))
    if is_nothing(" ".join(words)):
        return []
    while len(words) > 1 and words[0] in _NOT_YET_NAMED:
        words = words[1:]
    words = _joined(_without_digits(word for word in words if word not in NOTES), GLUED)
    # A lone initial before a surname is a forename's: 'J SMITH'.
    words = words[1:] if len(words) > 1 and len(words[0]) == 1 else words
    none = len(words) == 1 and words[0] in _NOT_YET_NAMED
    return [] if none or is_nothing(" ".join(words)) else words


def _forename_words(text: str) -> list[str]:
    words = _words(_AROUND_HYPHEN.sub("-", text).strip("- "))
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    if not words or words[0] in TITLES or is_no_forename(" ".join(words).replace("-", " ")):
        return []
    words = _without_digits(word.replace("-", "") for word in words if word not in NOTES)
    if not words or is_no_forename(" ".join(words)):
        return []
    return _joined(words, _JOINED_FORENAMES)


def _notes_apart(text: str) -> tuple[str, str]:
    """A name in capitals as the name itself and the names it is also known by. Former names and remarks are left out."""
    also = [_second_name(found) for found in _BRACKETS.findall(text)]
    bare = _BRACKETS.sub(" ", text)
    known = _ALSO.split(bare, maxsplit=1)
    also += known[1:]
    main = _cut_before(known[0])
    return main, " ".join(_cut_before(name) for name in also if name.strip())


def _cut_before(text: str) -> str:
    """The text up to a word such as NEE, unless it begins with it: NEE is also a surname."""
    found = _BEFORE.search(text)
    return text[: found.start()] if found and text[: found.start()].strip() else text


def _second_name(remark: str) -> str:
    """The name in a bracket, or nothing where the bracket holds a remark or a former name."""
    if _BEFORE.match(remark.strip()):
        return ""
    name = _ALSO.sub(" ", remark)
    return "" if len(name.split()) > 2 or not NOTES.isdisjoint(_MARKS.sub(" ", name).split()) else name


def _words(text: str) -> list[str]:
    """The words of a name in capitals: apostrophes and underscores close up, other marks part, suffixes fall away."""
    words = _MARKS.sub(" ", text.replace("'", "").replace("_", "")).split()
    words = [word for word in words if word.strip("-")]
    while len(words) > 1 and words[-1] in SUFFIXES:
        words = words[:-1]
    return words


def _without_digits(words: Iterable[str]) -> list[str]:
    return [kept for word in words if (kept := _DIGITS.sub("", word))]


def _joined(words: list[str], beginnings: frozenset[str]) -> list[str]:
    """The words with each beginning joined to what follows it."""
    made: list[str] = []
    held = ""
    for place, word in enumerate(words):
        if word in beginnings and place + 1 < len(words):
            held += word
        else:
            made.append(held + word)
            held = ""
    return made


def _has_letters(text: str | None) -> bool:
    return text is not None and any(letter.isalpha() for letter in text)

"""A file of JSON objects, one after another: read as a stream, whatever its size, and refused with a line where it is no such thing.

The objects may stand in one list, in several, on lines of their own, or in a list under a key of one outer object. No more of the file
is held than one object and the piece it lies in.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.text import Extract

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"
"""Numbers stay as they were written, so that no id or postcode is rounded."""

PIECE = 1 << 20
LONGEST = 1 << 24
"""Letters of one object: more than the longest record of a child by far."""

TWICE = "a key stands twice in the record"
NOT_AN_OBJECT = "not a record"
NO_NUMBER = "a number that is none (NaN or infinity), taken as missing"
REMEDY = "Ask for the file as it was sent to the Department for Education (JSON), or to export it again."

_BETWEEN = re.compile(r"[\s,\ufeff]*")
_SCALAR = r'(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)'
_WRAPPED = re.compile(rf'\{{\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*{_SCALAR}\s*,\s*)*"(?:[^"\\]|\\.)*"\s*:\s*\[(?=\s*[{{\]])')
_A_CHILD = re.compile(r'"(?:la_child_id|child_details|mis_child_id)"')


@dataclass(slots=True)
class _Text:
    """The text of a file as far as it is held: `at` is where reading stands, `line` the line of that place."""

    extract: Extract
    decode: codecs.IncrementalDecoder
    counts: Counter[str]
    held: str = ""
    at: int = 0
    line: int = 1
    taken: int = 0
    twice: bool = field(default=False)

    def more(self) -> bool:
        """Hold another piece of the file; False where there is none. What has been read is let go of."""
        if self.taken >= self.extract.text.size:
            return False
        size = min(PIECE, self.extract.text.size - self.taken)
        piece = bytes(self.extract.text.slice(self.taken, size))
        self.taken += size
        self.held = self.held[self.at :] + self.decode.decode(piece, final=self.taken >= self.extract.text.size)
        self.at = 0
        return True

    def pass_to(self, place: int) -> None:
        """Go on from a place further on."""
        self.line += self.held.count("\n", self.at, place)
        self.at = place

    def peek(self) -> str:
        """The next letter that is no blank and no comma; empty at the end of the file."""
        while True:
            found = _BETWEEN.match(self.held, self.at)
            self.pass_to(found.end() if found else self.at)
            if self.at < len(self.held):
                return self.held[self.at]
            if not self.more():
                return ""

    def problem(self, words: str) -> DataProblem:
        """A stop at this place."""
        return DataProblem(words, file=self.extract.file, line=self.line, remedy=REMEDY)


def objects(extract: Extract, counts: Counter[str]) -> Iterator[tuple[int, dict[str, Json]]]:
    """Every object of the file, with the line on which it begins. What is not an object, or says a key twice, is counted and passed over.

    Raises DataProblem where the file is not JSON, is cut off, nests without end, or holds an object longer than any child's record.
    """
    text = _Text(extract, codecs.getincrementaldecoder("utf-8")("replace"), counts)
    text.more()
    _unwrap(text)
    decoder = json.JSONDecoder(
        object_pairs_hook=lambda pairs: _once(text, pairs),
        parse_int=str,
        parse_float=str,
        parse_constant=lambda _: _no_number(counts),
        strict=False,
    )
    depth = 0
    while mark := text.peek():
        if mark == "[":
            depth += 1
            if depth > 2:
                raise text.problem("Lists stand within lists where a record should be.")
            text.pass_to(text.at + 1)
        elif mark in "]}":
            # A closing brace can only be that of the outer object, whose further keys hold nothing of interest.
            if mark == "}" or not depth:
                return
            depth -= 1
            text.pass_to(text.at + 1)
        elif mark == '"' and not depth:
            return
        else:
            line, value = text.line, _value(text, decoder)
            if not isinstance(value, dict):
                counts[NOT_AN_OBJECT] += 1
            elif text.twice:
                counts[TWICE] += 1
            else:
                yield line, value
    if depth:
        raise text.problem("The file is cut off before its end.")


def _unwrap(text: _Text) -> None:
    """Step into the list of an outer object, where the file is one object around a list of children."""
    if text.peek() != "{":
        return
    found = _WRAPPED.match(text.held, text.at)
    if found and not _A_CHILD.search(text.held, text.at, found.end()):
        text.pass_to(found.end() - 1)


def _value(text: _Text, decoder: json.JSONDecoder) -> Json:
    """The value that begins here; more of the file is held until it is whole."""
    while True:
        text.twice = False
        try:
            value, end = decoder.raw_decode(text.held, text.at)
        except RecursionError:
            raise text.problem("The record nests deeper than any child's.") from None
        except ValueError:
            if len(text.held) - text.at > LONGEST:
                raise text.problem("The record is longer than any child's, or is not JSON.") from None
            if text.more():
                continue
            begun = text.held[text.at] in '{"-0123456789tfn'
            raise text.problem("The file is cut off before its end." if begun else "The file is not JSON.") from None
        if end == len(text.held) and text.more():
            continue
        text.pass_to(end)
        return value


def _once(text: _Text, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    held = dict(pairs)
    text.twice = text.twice or len(held) != len(pairs)
    return held


def _no_number(counts: Counter[str]) -> None:
    counts[NO_NUMBER] += 1


def text_of(value: Json) -> str | None:
    """A value as text without blanks around it; None where it is missing, or a list or an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return None
    plain = value if value.isascii() else value.encode("utf-8", "replace").decode()
    return plain.replace("\0", "").strip() or None


def listed(value: Json) -> list[dict[str, Json]]:
    """The objects of a list; one object alone counts as a list of it."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts_of(value: Json) -> list[str]:
    """The texts of a list."""
    held = value if isinstance(value, list) else [value]
    return [text for one in held if (text := text_of(one))]

"""A line of the ledger: how it is spelt, signed and bound to the line before it; and how a whole ledger is judged.

A line is one JSON object. Its hash is of the very bytes before it, its signature too, and it names the hash of the line before. So a byte
that is another shows in the line's own hash, and a line that is taken out, moved or written twice shows in the one that follows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hearthlink.governance.signing import SigningKey, is_public, raw_of

START = "0" * 64
SIGNED_AS = b"hearthlink ledger line 1\n"
"""What a signature of a line begins with: one made for another purpose never counts here."""

NAMES = ("no", "time", "event", "step", "role", "by", "about", "counts", "before", "key")
STUDY_KEY = "study_key"
"""Where the first signed line says the public key of the study itself."""

CHANGED = "This line was changed, or is none of the ledger's."
TAKEN_OUT = "A line that stood before this one was taken out or changed."
MOVED = "This line was moved: the one that it follows comes after it."
TWICE = "This line is there twice."
UNSIGNED = "This line is not signed, and lines before it are."
NOBODY = "This line is signed by nobody known."
FALSE = "The signature of this line does not hold."

_WHOLE = re.compile(rb'(\{.*), "signature": "([A-Za-z0-9+/]{86}==)", "hash": "([0-9a-f]{64})"\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read: what it says, the hash of the line before and its own, and who signed which bytes; no key where nobody did."""

    said: Mapping[str, object]
    before: str
    hash: str
    key: str = ""
    signed: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """A ledger looked through: its sound lines from the first on, the study's own public key, and the first fault there is, by its line."""

    lines: tuple[Line, ...]
    study_key: str
    fault: tuple[int, str] | None

    @property
    def head(self) -> str:
        """The hash of the last sound line, or noughts."""
        return self.lines[-1].hash if self.lines else START

    @property
    def unsigned(self) -> int:
        """How many lines were entered before lines were signed."""
        return sum(not line.key for line in self.lines)


def spelt(said: Mapping[str, object], key: SigningKey | None) -> bytes:
    """A line without its end, signed by a key; without one it is only bound to the line before."""
    if key is None:
        said = {**said, "hash": _digest(said)}
        return json.dumps(said, ensure_ascii=False).encode()
    body = json.dumps(said, ensure_ascii=False)[:-1].encode()
    signature = base64.b64encode(key.private.sign(SIGNED_AS + body))
    whole = body + b', "signature": "' + signature + b'"'
    return whole + f', "hash": "{hashlib.sha256(whole).hexdigest()}"}}'.encode()


def read_line(raw: bytes) -> Line | None:
    """The line that these bytes are, or None where they are not spelt as a line is or do not give their own hash."""
    found = _WHOLE.fullmatch(raw)
    try:
        return _signed_line(raw, found) if found else _unsigned_line(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        return None


def _signed_line(raw: bytes, found: re.Match[bytes]) -> Line | None:
    signed, signature, told = found.groups()
    if hashlib.sha256(raw[: found.end(2) + 1]).hexdigest() != told.decode():
        return None
    said = json.loads(signed + b"}")
    first = {STUDY_KEY} & set(said)
    if tuple(said) != (*NAMES, *first) or any(not _is_key(said[name]) for name in ("key", *first)):
        return None
    return Line(said, str(said["before"]), told.decode(), said["key"], signed, base64.b64decode(signature))


def _unsigned_line(raw: bytes) -> Line | None:
    said = json.loads(raw)
    if json.dumps(said, ensure_ascii=False).encode() != raw:
        return None
    told = said.pop("hash")
    return Line(said, said["before"], told) if told == _digest(said) and "key" not in said else None


def _digest(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@lru_cache(maxsize=256)
def _is_key(public: str) -> bool:
    return isinstance(public, str) and is_public(public)


def judge(
    rows: Sequence[bytes],
    *,
    known: Callable[[str], bool] | None = None,
    every: bool = False,
    after: Judged | None = None,
) -> Judged:
    """Look through the lines of a ledger, and say which is the first that is wrong.

    `known` says whether a person's public key is that of somebody who may sign here; without it whoever signed is believed to be who they are.
    Of each key the last signature is checked: it vouches for all lines before it, their signatures too, since the chain holds them. `every`
    checks each. Where anything is wrong each is checked, so that the first fault is the one that is named. `after` is what was found of lines
    that stood before these and were sound.
    """
    lines, study_key, fault = _chained(rows, known, after or Judged((), "", None))
    signed = [(number, line) for number, line in enumerate(lines, start=1) if line.key]
    last = {line.key: (number, line) for number, line in signed}
    if every or fault is not None or not all(holds(line) for _, line in last.values()):
        false = next((number for number, line in signed if not holds(line)), None)
        fault = fault if false is None else (false, FALSE)
    sound = lines if fault is None else lines[: fault[0] - 1]
    return Judged(tuple(sound), study_key, fault)


def _chained(
    rows: Sequence[bytes], known: Callable[[str], bool] | None, after: Judged
) -> tuple[list[Line], str, tuple[int, str] | None]:
    """The lines as far as the chain holds, the study's key, and where and why it does not go on."""
    lines = list(after.lines)
    study_key, before = after.study_key, after.head
    believed = {line.key for line in lines}
    for number, raw in enumerate(rows, start=len(lines) + 1):
        line = read_line(raw)
        if line is None:
            return lines, study_key, (number, CHANGED)
        if line.before != before:
            return lines, study_key, (number, _out_of_place(line, lines, rows[number - len(after.lines) :]))
        if not line.key and study_key:
            return lines, study_key, (number, UNSIGNED)
        if line.key:
            if (STUDY_KEY in line.said) == bool(study_key) or line.said["no"] != number:
                return lines, study_key, (number, CHANGED)
            if not study_key:
                study_key = cast("str", line.said[STUDY_KEY])
                believed.add(study_key)
            if line.key not in believed and known is not None and not known(line.key):
                return lines, study_key, (number, NOBODY)
            believed.add(line.key)
        lines.append(line)
        before = line.hash
    return lines, study_key, None


def _out_of_place(line: Line, earlier: Sequence[Line], later: Sequence[bytes]) -> str:
    if any(one.hash == line.hash for one in earlier):
        return TWICE
    return MOVED if any(one.hash == line.before for one in _read(later)) else TAKEN_OUT


def _read(rows: Sequence[bytes]) -> Iterator[Line]:
    for raw in rows:
        line = read_line(raw)
        if line is not None:
            yield line


def holds(line: Line) -> bool:
    """Whether the signature of a line was made by the key that it names."""
    try:
        _opened(line.key).verify(line.signature, SIGNED_AS + line.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def _opened(public: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw_of(public))

"""A masked file: one line that says what it is, then a row for each record: random ids and tokens, and nothing else of anybody.

It is text, so that whoever sends it can see what they send.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearthlink.errors import DataProblem, Refused
from hearthlink.governance.tokens import TOKEN_DIGITS, VERSION

SAYS = "hearthlink masked file"
BEGINS = json.dumps({"says": SAYS})[:-1].encode()
"""The first bytes of every masked file, by which `match` knows one."""

LONGEST_LINE = 65536
_ID = re.compile(r"[0-9a-f]{32}")
_TOKENS = re.compile(rf"[0-9a-f]{{{TOKEN_DIGITS}}}(?: [0-9a-f]{{{TOKEN_DIGITS}}})*")
_KEY = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")

Tokens = NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Masked:
    """What a masked file holds. All ids are random and mean nothing without the crosswalk of whoever made it.

    key: the fingerprint of the key. ids (records,). tokens (records, tokens of each), within the file each once. household: number of each
    record's household (records,), household_ids (households,) and household_tokens (households, tokens of each); None without households.
    """

    name: str
    key: str
    ids: tuple[str, ...]
    tokens: Tokens
    household: NDArray[np.int64] | None = None
    household_ids: tuple[str, ...] = ()
    household_tokens: Tokens | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A row to be written: a random id, tokens, and, where households are asked for, the household's id and its tokens."""

    record_id: str
    tokens: Sequence[str]
    household_id: str = ""
    household_tokens: Sequence[str] = ()


def is_masked(path: Path) -> bool:
    """Whether a file says of itself that it is masked. False where it cannot be read: whoever reads it will say so."""
    try:
        with path.open("rb") as file:
            return file.read(len(BEGINS)) == BEGINS
    except OSError:
        return False


def as_bytes(records: Sequence[Record], *, key: str, households: bool) -> bytes:
    """A masked file of these rows, in their order. Tokens of a row stand in the order of their digits, which says nothing."""
    header = {"says": SAYS, "version": VERSION, "key": key, "records": len(records), "households": households}
    columns = ["record_id", "tokens", *(["household_id", "household_tokens"] if households else [])]
    lines = [json.dumps(header), ",".join(columns)]
    for one in records:
        row = [one.record_id, " ".join(sorted(one.tokens))]
        lines.append(",".join([*row, one.household_id, " ".join(sorted(one.household_tokens))] if households else row))
    return ("\n".join(lines) + "\n").encode("ascii")


def read_masked(path: Path) -> Masked:
    """A masked file, every row of it looked at, in the order of the ids, whatever order they stand in. Raises DataProblem that names the first line that is wrong; no value is told."""
    header, lines = _opened(path)
    households = bool(header["households"])
    rows: list[list[str]] = []
    for number, line in enumerate(lines, start=3):
        parts = line.split(",")
        if not _is_row(parts, households=households):
            raise DataProblem("This line is no record of a masked file.", file=path.name, line=number, remedy=AGAIN)
        rows.append(parts)
    if not rows or len(rows) != header["records"]:
        raise DataProblem(
            f"The file says that it holds {header['records']:,} records, and holds {len(rows):,}.",
            file=path.name,
            remedy=AGAIN,
        )
    rows.sort()
    ids = tuple(row[0] for row in rows)
    tokens = _table(path, "tokens", [row[1] for row in rows])
    _require_once(path, "record_id", np.array(ids, f"S{TOKEN_DIGITS}"))
    if not households:
        return Masked(path.name, header["key"], ids, tokens)
    by_id = {row[2]: row[3] for row in rows}
    if any(by_id[row[2]] != row[3] for row in rows):
        raise DataProblem("A household stands there with two lists of tokens.", file=path.name, remedy=AGAIN)
    known = sorted(by_id)
    place = {one: number for number, one in enumerate(known)}
    return Masked(
        path.name,
        header["key"],
        ids,
        tokens,
        np.array([place[row[2]] for row in rows], np.int64),
        tuple(known),
        _table(path, "household_tokens", [by_id[one] for one in known]),
    )


AGAIN = "It was changed or cut short. Ask whoever masked it to send it again."


def _opened(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The first line of a masked file, understood, and its rows."""
    try:
        text = path.read_bytes().decode("ascii")
        first, _, rest = text.partition("\n")
        header = json.loads(first[:LONGEST_LINE])
        kinds = {"version": int, "key": str, "records": int, "households": bool}
        sound = all(type(header[name]) is kind for name, kind in kinds.items()) and _KEY.fullmatch(header["key"])
    except OSError:
        raise DataProblem("This file cannot be read.", file=path.name) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        sound, header, rest = None, {}, ""
    if not sound:
        raise DataProblem("The first line of this masked file is not whole.", file=path.name, line=1, remedy=AGAIN)
    if header["version"] != VERSION:
        raise Refused(
            "This file was masked by another version of Hearthlink, whose tokens never agree with this one's.",
            file=path.name,
            remedy="Both parties mask with the same version.",
        )
    columns, _, rows = rest.partition("\n")
    wanted = "record_id,tokens,household_id,household_tokens" if header["households"] else "record_id,tokens"
    if columns.strip() != wanted:
        raise DataProblem(
            "The second line does not name the columns of a masked file.", file=path.name, line=2, remedy=AGAIN
        )
    return header, rows.splitlines()


def _is_row(parts: Sequence[str], *, households: bool) -> bool:
    ids, lists = parts[0::2], parts[1::2]
    return (
        len(parts) == (4 if households else 2)
        and all(_ID.fullmatch(one) for one in ids)
        and all(_TOKENS.fullmatch(one) for one in lists)
    )


def _table(path: Path, column: str, lists: Sequence[str]) -> Tokens:
    """The tokens of each row, shape (rows, tokens). Raises DataProblem where rows have another number, or a token stands twice."""
    split = [one.split(" ") for one in lists]
    if len({len(one) for one in split}) > 1:
        raise DataProblem(
            "Not every record has as many tokens as the others.", file=path.name, column=column, remedy=AGAIN
        )
    made = np.array(split, f"S{TOKEN_DIGITS}")
    _require_once(path, column, made)
    return made


def _require_once(path: Path, column: str, values: Tokens) -> None:
    if np.unique(values).size < values.size:
        raise DataProblem(
            "One value stands there twice, as in no file that mask makes: tokens that are shared give people away.",
            file=path.name,
            column=column,
            remedy=AGAIN,
        )

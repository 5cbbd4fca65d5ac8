"""Whole names in one column, the other not given: parted into forenames and surname, in the order that the other file's names tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.distinct import each_distinct
from hearthlink.standardise.given import Given
from hearthlink.standardise.letters import plain

TEXT = pa.string()

WHOLE_NAMES = 0.8
"""Share of names of several words from which a column holds whole names."""

FAR_MORE = 1.5
"""How many times oftener words must be the other file's names of one kind than of the other kind to be taken for that kind."""

AMONG = 0.2
"""Share of a file's words that must be among the other file's names for these to tell the order."""


def with_names_parted(sides: Sequence[Given]) -> tuple[list[Given], list[str]]:
    """The files with forename and surname where one of the two columns held both and the other nothing, and what to say of it.

    In a column of forenames the last word is the surname unless the other file's names say that it is the first. A column of surnames
    is parted only where the other file says so: a family name may have several words.
    """
    made: list[Given] = []
    said: list[str] = []
    for place, side in enumerate(sides):
        others = [other for n, other in enumerate(sides) if n != place]
        whole = next((name for name in ("forename", "surname") if _holds_both(side, name)), None)
        end = None if whole is None else _surname_at(side, whole, others[0] if others else None)
        if whole is None or end is None:
            made.append(side)
            continue
        front, back = each_distinct(
            side.text(whole), lambda text, whole=whole, end=end: _apart(text, whole, end), (TEXT, TEXT)
        )
        made.append(replace(side, columns={**side.columns, "forename": front, "surname": back}))
        said.append(
            f"surnames on the {side.which}: none, so the {end} word of each forename is taken for one"
            if whole == "forename"
            else f"forenames on the {side.which}: none, so all but the {end} word of each surname are taken for them"
        )
    return made, said


def _holds_both(side: Given, name: str) -> bool:
    """Whether a column may hold whole names, which no comma parts, and the other column nothing."""
    other = "surname" if name == "forename" else "forename"
    if not side.has(name) or side.has(other):
        return False
    several = pc.and_(pc.match_substring(side.text(name), " "), pc.invert(pc.match_substring(side.text(name), ",")))
    return (pc.mean(several.cast(pa.float64())).as_py() or 0.0) >= WHOLE_NAMES


def _surname_at(side: Given, whole: str, other: Given | None) -> str | None:
    """Whether the first or the last word of each whole name is the surname; None where the column is better left as it is."""
    usual = "last" if whole == "forename" else None
    if other is None or not (other.has("forename") and other.has("surname")):
        return usual
    names = {kind: set(_words(other.text(kind))) for kind in ("forename", "surname")}
    texts = [plain(text).split() for text in side.text(whole).drop_null().to_pylist()]
    ends = {"first": [words[0] for words in texts if words], "last": [words[-1] for words in texts if words]}
    among = {(end, kind): sum(word in names[kind] for word in ends[end]) for end in ends for kind in names}
    for end, far in (("first", "last"), ("last", "first")):
        surname_here = among[end, "surname"] + among[far, "forename"]
        surname_there = among[far, "surname"] + among[end, "forename"]
        if among[far, "forename"] >= AMONG * len(texts) and surname_here > FAR_MORE * surname_there:
            return end
    return usual


def _words(column: pa.ChunkedArray) -> list[str]:
    return [word for text in pc.unique(column.drop_null()).to_pylist() for word in plain(text).split()]


def _apart(text: str, whole: str, end: str) -> tuple[str | None, str | None]:
    """Forenames and surname of a whole name; one with a comma is parted by it later, and a single word stays in its column, `whole`."""
    words = text.split()
    if "," in text or len(words) < 2:
        return (text, None) if whole == "forename" else (None, text)
    return (" ".join(words[1:]), words[0]) if end == "first" else (" ".join(words[:-1]), words[-1])
